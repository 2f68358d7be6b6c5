/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The hash of a world's state, as a value to compare
 */
#include <stdbool.h>

#include "core/world/world.h"

/** digest_of() - asserts that @memory suffices */
struct world_digest digest_of(struct memory *memory, const struct world *world);

/** digest_is() - are the two of equal states? */
bool digest_is(struct world_digest a, struct world_digest b);
