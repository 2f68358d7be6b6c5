/* SPDX-License-Identifier: MIT */
/*
 * Earlier states: what they were, how they are found, and what that takes
 */
#include <stdlib.h>

#include "tests/core/past_story.h"
#include "tests/support/suite.h"

static void each_state_is_what_it_was(void)
{
	struct account before;
	struct side_memory side;
	struct world *state;
	uint64_t first, last, seq;
	struct past_story *story = malloc(sizeof(*story));
	size_t i;

	for (i = 0; i < NR_STORY_LIMITS; i++) {
		story_begin(story, i + 1, story_limits[i]);
		story_walk_to(story, STORY_STEPS);
		world_history(story->f.world, &first, &last);
		CU_ASSERT_EQUAL(last, STORY_STEPS);
		CU_ASSERT_EQUAL(first,
				story_limits[i] < STORY_STEPS
					? STORY_STEPS - story_limits[i] + 1
					: 1);
		memory_deinit(&story->f.memory);
		before = story->f.account;
		for (seq = first - 1; seq <= last; seq += 1 + seq % 7) {
			side_memory_init(&side, &story->f.memory);
			state = story_state_at(story, &side, seq);
			CU_ASSERT_PTR_NOT_NULL_FATAL(state);
			CU_ASSERT_EQUAL(world_seq(state), seq);
			story_check(story, state, seq);
			story_check_valid(state);
			/* It costs bytes, and nothing else. */
			CU_ASSERT(story->f.account.bytes > before.bytes);
			CU_ASSERT_EQUAL(story->f.account.areas, before.areas);
			CU_ASSERT_EQUAL(story->f.account.processes,
					before.processes);
			CU_ASSERT_EQUAL(story->f.account.worlds, 1);
			world_free(state);
			side_memory_deinit(&side);
			memory_deinit(&story->f.memory);
			CU_ASSERT_EQUAL(story->f.account.bytes, before.bytes);
		}
		story_check(story, story->f.world, STORY_STEPS);
		CU_ASSERT_PTR_NULL(fixture_end(&story->f));
	}
	free(story);
}

/* What the header says about memory, at every step. */
static void checkpoints_take_what_was_promised(void)
{
	struct past_story *story = malloc(sizeof(*story));
	uint64_t first, last, all, most = 0;
	const struct past *past;
	uint32_t n;
	size_t i;

	for (i = 0; i < NR_STORY_LIMITS; i++) {
		story_begin(story, 20 + i, story_limits[i]);
		while (world_seq(story->f.world) < STORY_STEPS) {
			story_walk_to(story, world_seq(story->f.world) + 1);
			past = story->f.world->past;
			all = 0;
			for (n = 0; past && n + 1 < past->nr; n++)
				all += past->checkpoints[n].bytes;
			CU_ASSERT(all <=
				  PAST_BYTES * story->f.world->journal.count);
			most = past && past->nr > most ? past->nr : most;
			/* And there is always something to begin with. */
			world_history(story->f.world, &first, &last);
			CU_ASSERT(
				story->f.world->journal.count == last ||
				!world_needs_origin(story->f.world, first - 1));
		}
		CU_ASSERT_EQUAL(story->f.account.journal_bytes,
				world_journal_bytes(story->f.world));
		CU_ASSERT_PTR_NULL(fixture_end(&story->f));
	}
	CU_ASSERT(most > 1);
	free(story);
}

static void a_world_of_few_operations_keeps_no_state(void)
{
	static const uint64_t args[OP_MAX_ARGS];
	struct world_fixture f;
	struct outcome out;
	int n;

	fixture_begin(&f);
	CU_ASSERT_EQUAL_FATAL(fixture_make(&f), WORLD_OK);
	for (n = 1; n < PAST_FARTHEST; n++)
		fixture_apply(&f, OP_FIND_VMA, args, &out);
	CU_ASSERT_PTR_NULL(f.world->past);
	fixture_apply(&f, OP_FIND_VMA, args, &out);
	CU_ASSERT_PTR_NOT_NULL(f.world->past);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

/* What world_at() repeats for that state. */
static uint64_t distance(const struct world *world, uint64_t seq)
{
	const struct checkpoint *base = past_find(world, seq);

	return seq - (base ? base->after.seq : 0);
}

/* And what it may, as the header says. */
static uint64_t farthest(const struct world *world, uint64_t seq)
{
	const struct checkpoint *base = past_find(world, seq);
	const uint64_t dear =
		base ? (base->bytes + PAST_BYTES - 1) / PAST_BYTES : 0;

	return dear > PAST_FARTHEST ? dear : PAST_FARTHEST;
}

/* Of 10,000 operations and more, whatever is kept of them. */
static void no_state_is_many_operations_away(void)
{
	static const uint64_t kept[] = { HISTORY_DEFAULT, 500 };
	struct random_walk walk;
	struct world_fixture f;
	uint64_t first, last, seq, most;
	size_t i;

	for (i = 0; i < 2; i++) {
		fixture_begin(&f);
		f.setup.history = kept[i];
		CU_ASSERT_EQUAL_FATAL(fixture_make(&f), WORLD_OK);
		random_walk_init(&walk, i + 1);
		walk.max_alive = 2;
		most = 0;
		while (world_seq(f.world) < 7000) {
			CU_ASSERT_EQUAL_FATAL(
				random_walk_run(&walk, f.world, 300), 0);
			world_history(f.world, &first, &last);
			for (seq = first - 1; seq <= last; seq++) {
				if (distance(f.world, seq) >
				    farthest(f.world, seq))
					CU_FAIL("too far away");
				if (distance(f.world, seq) > most)
					most = distance(f.world, seq);
			}
		}
		/* Two checkpoints are as near as the limit asks for. */
		CU_ASSERT(most + 1 >=
			  (kept[i] < PAST_FARTHEST ? kept[i] : PAST_FARTHEST));
		CU_ASSERT_PTR_NULL(fixture_end(&f));
	}
}

/* The nearest state is there already, and no nearer one is. */
static void the_nearest_state_needs_no_repeating(void)
{
	struct past_story *story = malloc(sizeof(*story));
	const struct checkpoint *base;
	uint64_t first, last, seq, nearest;
	size_t i;

	for (i = 0; i < NR_STORY_LIMITS; i++) {
		story_begin(story, 90 + i, story_limits[i]);
		story_walk_to(story, STORY_STEPS);
		world_history(story->f.world, &first, &last);
		for (seq = first - 1; seq <= last; seq++) {
			nearest = world_nearest(story->f.world, seq);
			base = past_find(story->f.world, seq);
			if (seq == last)
				CU_ASSERT_EQUAL(nearest, last);
			if (seq < last)
				CU_ASSERT_EQUAL(nearest,
						base ? base->after.seq : 0);
		}
		CU_ASSERT_PTR_NULL(fixture_end(&story->f));
	}
	free(story);
}

/* A checkpoint that there is no memory for is made later. */
static void operations_do_not_fail_for_a_checkpoint(void)
{
	static const uint64_t args[OP_MAX_ARGS];
	struct world_fixture f;
	uint64_t first, last;
	struct outcome out;
	int n;

	fixture_begin(&f);
	f.setup.history = 64;
	CU_ASSERT_EQUAL_FATAL(fixture_make(&f), WORLD_OK);
	for (n = 1; n < 64; n++)
		fixture_apply(&f, OP_FIND_VMA, args, &out);
	fail_alloc_after(&f.host, 1);
	CU_ASSERT_EQUAL(fixture_apply(&f, OP_FIND_VMA, args, &out), WORLD_OK);
	fail_alloc_never(&f.host);
	CU_ASSERT(!past_find(f.world, 64));
	for (n = 65; n <= 300; n++)
		CU_ASSERT_EQUAL(fixture_apply(&f, OP_FIND_VMA, args, &out),
				WORLD_OK);
	world_history(f.world, &first, &last);
	CU_ASSERT_EQUAL(first, 300 - 64 + 1);
	CU_ASSERT(!world_needs_origin(f.world, first - 1));
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

CU_TestInfo test_past[] = {
	{ "each state is what it was", each_state_is_what_it_was },
	{ "checkpoints take what was promised",
	  checkpoints_take_what_was_promised },
	{ "no state is many operations away",
	  no_state_is_many_operations_away },
	{ "a world of few operations keeps no state",
	  a_world_of_few_operations_keeps_no_state },
	{ "the nearest state needs no repeating",
	  the_nearest_state_needs_no_repeating },
	{ "operations do not fail for a checkpoint",
	  operations_do_not_fail_for_a_checkpoint },
	CU_TEST_INFO_NULL,
};
