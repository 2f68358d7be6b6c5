/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The catalogue of steps: {name} stands for the value of that name in
 * core/mm/step_kinds.h
 */
#include "proto/words/words.h"

/** step_text_at() - the sentences of an enum step_kind_id; NULL past the last;
 * its members are NULL if a kind has none */
const struct words *step_text_at(size_t kind);
