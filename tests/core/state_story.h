/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A world that has seen something, and its state as bytes
 */
#include "core/world/state_codec.h"
#include "tests/core/world_fixture.h"
#include "tests/support/random_operation.h"

struct state_story {
	struct world_fixture f;
	struct random_walk walk;
	struct state_text text;
	uint64_t seed;
};

/* After so many steps at random. */
void state_story_begin(struct state_story *story, uint64_t seed,
		       unsigned steps);

/* NULL, or what was wrong, as of fixture_end(). */
const char *state_story_end(struct state_story *story);

/* Make a world of bytes; *wrong is what is said of those that are refused. */
enum world_status state_story_read(struct state_story *story,
				   const uint8_t *bytes, size_t len,
				   struct world **worldp, const char **wrong);

/* The world of its own bytes, which must be taken. */
struct world *state_story_read_own(struct state_story *story);

/* Whether its client owns what it did @before. */
bool state_story_owns(const struct state_story *story,
		      const struct account *before);

bool world_is_valid(const struct world *world);
