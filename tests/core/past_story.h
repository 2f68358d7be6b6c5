/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A world that walks at random, and all that it ever was: what its states of the
 * past are compared with
 */
#include "core/world/past.h"
#include "tests/core/world_fixture.h"
#include "tests/support/random_operation.h"

/* Enough for several checkpoints, where a limit brings them near. */
#define STORY_STEPS 700

/* A world, the hash of each of its states, and who walks through it. */
struct past_story {
	struct world_fixture f;
	struct world_digest digests[STORY_STEPS + 1]; /* by seq */
	struct random_walk
		walks[STORY_STEPS + 1]; /* as they went on from there */
	struct random_walk walk;
	uint64_t seed;
};

/* How much of its history a world may keep. */
enum {
	NR_STORY_LIMITS = 7
};
extern const uint64_t story_limits[NR_STORY_LIMITS];

void story_begin(struct past_story *story, uint64_t seed, uint64_t limit);

/* Go on to @seq, and write down each state on the way. */
void story_walk_to(struct past_story *story, uint64_t seq);

/* The state after @seq, of @side; NULL: the host refused. */
struct world *story_state_at(struct past_story *story, struct side_memory *side,
			     uint64_t seq);

/* Asserts that @world is in the state that the story's was in after @seq. */
void story_check(struct past_story *story, const struct world *world,
		 uint64_t seq);

void story_check_valid(const struct world *world);

/* A seq of the history that is kept, by the dice. */
uint64_t story_some_seq(struct past_story *story, uint64_t *dice);
