/* SPDX-License-Identifier: MIT */
#include "tests/core/past_story.h"

#include <stdio.h>

#include "tests/support/digest.h"
#include "tests/support/suite.h"

const uint64_t story_limits[NR_STORY_LIMITS] = {
	HISTORY_ALL, HISTORY_DEFAULT, 300, 64, 40, 2, 0
};

void story_begin(struct past_story *story, uint64_t seed, uint64_t limit)
{
	struct world_fixture *f = &story->f;

	fixture_begin(f);
	f->setup.profile = kernel_profile_at(seed % 4);
	f->setup.seed = seed % 3;
	f->setup.history = limit;
	CU_ASSERT_EQUAL_FATAL(fixture_make(f), WORLD_OK);
	random_walk_init(&story->walk, seed);
	/* Small worlds have many checkpoints, large ones few. */
	if (seed % 2)
		story->walk.max_alive = 2;
	story->seed = seed;
	story->digests[0] = digest_of(&story->f.memory, f->world);
	story->walks[0] = story->walk;
}

void story_walk_to(struct past_story *story, uint64_t seq)
{
	struct world *world = story->f.world;
	uint64_t at;

	while (world_seq(world) < seq) {
		CU_ASSERT_EQUAL_FATAL(random_walk_run(&story->walk, world, 1),
				      0);
		at = world_seq(world);
		story->digests[at] = digest_of(&story->f.memory, world);
		story->walks[at] = story->walk;
	}
}

struct world *story_state_at(struct past_story *story, struct side_memory *side,
			     uint64_t seq)
{
	struct world *world = story->f.world;
	struct process_setup setup = story->f.setup;
	struct world *origin = NULL, *state = NULL;
	struct creation_error error;

	setup.history = 0;
	if (world_needs_origin(world, seq) &&
	    world_new(&side->memory, &setup, &origin, &error) != WORLD_OK)
		return NULL;
	if (world_at(side, world, seq, origin, &state) != WORLD_OK)
		return NULL;
	return state;
}

void story_check(struct past_story *story, const struct world *world,
		 uint64_t seq)
{
	if (digest_is(digest_of(&story->f.memory, world), story->digests[seq]))
		return;
	printf("seed %llu: another state after operation %llu\n",
	       (unsigned long long)story->seed, (unsigned long long)seq);
	CU_FAIL("another state");
}

void story_check_valid(const struct world *world)
{
	const struct mm_struct *mm;

	for (mm = world_machine(world)->mms; mm; mm = mm->next_mm)
		CU_ASSERT_PTR_NULL(validate_mm(mm));
}

uint64_t story_some_seq(struct past_story *story, uint64_t *dice)
{
	uint64_t first, last;

	world_history(story->f.world, &first, &last);
	*dice = *dice * 6364136223846793005ULL + 1442695040888963407ULL;
	return first - 1 + (*dice >> 33) % (last - first + 2);
}
