/* SPDX-License-Identifier: MIT */
/*
 * Going back to earlier states, and going on from them
 */
#include <stdlib.h>

#include "tests/core/past_story.h"
#include "tests/support/suite.h"

/* Back to anywhere, on from there, and all is as if nobody had gone back. */
static void going_back_and_on_leads_to_the_same_state(void)
{
	struct past_story *story = malloc(sizeof(*story));
	uint64_t seq, dice = 7;
	struct side_memory side;
	struct world *state;
	size_t i;
	int round;

	for (i = 0; i < NR_STORY_LIMITS; i++) {
		story_begin(story, 40 + i, story_limits[i]);
		story_walk_to(story, STORY_STEPS);
		for (round = 0; round < 25; round++) {
			seq = story_some_seq(story, &dice);
			side_memory_init(&side, &story->f.memory);
			state = story_state_at(story, &side, seq);
			CU_ASSERT_PTR_NOT_NULL_FATAL(state);
			CU_ASSERT_EQUAL_FATAL(
				world_rewind(story->f.world, state), WORLD_OK);
			side_memory_deinit(&side);
			story_check_valid(story->f.world);
			story_check(story, story->f.world, seq);
			CU_ASSERT_EQUAL(world_seq(story->f.world), seq);
			/* What comes now is compared with what came then. */
			story->walk = story->walks[seq];
			for (; seq < STORY_STEPS; seq++) {
				CU_ASSERT_EQUAL(random_walk_run(&story->walk,
								story->f.world,
								1),
						0);
				seq = world_seq(story->f.world) - 1;
				if (seq % 5 == 0)
					story_check(story, story->f.world,
						    seq + 1);
			}
			story_check(story, story->f.world, STORY_STEPS);
		}
		CU_ASSERT_PTR_NULL(fixture_end(&story->f));
	}
	free(story);
}

/* Both worlds have the past in common, and go their own ways. */
static void branches_go_their_own_ways(void)
{
	struct past_story *story = malloc(sizeof(*story));
	struct random_walk walk;
	struct account payer_account = { .max_processes = UINT64_MAX,
					 .max_threads = UINT64_MAX,
					 .max_areas = UINT64_MAX,
					 .max_bytes = UINT64_MAX };
	struct memory payer;
	struct side_memory side;
	struct world *state, *branch, *trunk;
	uint64_t seq, past, first, last, branch_first, dice = 9, bytes;
	size_t i;
	int round;

	for (i = 0; i < NR_STORY_LIMITS; i++) {
		story_begin(story, 60 + i, story_limits[i]);
		story_walk_to(story, STORY_STEPS);
		world_history(story->f.world, &first, &last);
		for (round = 0; round < 5; round++) {
			/* Whoever branches pays, and not the trunk's owner. */
			memory_init(&payer, story->f.memory.allocator,
				    &payer_account);
			bytes = story->f.account.bytes;
			seq = story_some_seq(story, &dice);
			side_memory_init(&side, &payer);
			state = story_state_at(story, &side, seq);
			CU_ASSERT_PTR_NOT_NULL_FATAL(state);
			CU_ASSERT_EQUAL_FATAL(world_branch(&payer,
							   story->f.world,
							   state, &branch),
					      WORLD_OK);
			side_memory_deinit(&side);
			story_check(story, branch, seq);
			story_check_valid(branch);
			CU_ASSERT_EQUAL(story->f.account.worlds, 1);
			CU_ASSERT_EQUAL(story->f.account.bytes, bytes);
			CU_ASSERT_EQUAL(payer_account.worlds, 1);
			CU_ASSERT(payer_account.processes > 0);
			CU_ASSERT_EQUAL(world_history_limit(branch),
					story_limits[i]);

			/* The branch remembers what the trunk did then. */
			world_history(branch, &branch_first, &last);
			CU_ASSERT_EQUAL(last, seq);
			CU_ASSERT(branch_first <= first);
			trunk = story->f.world;
			story->f.world = branch;
			for (past = branch_first - 1; past <= seq;
			     past += 1 + past % 23) {
				side_memory_init(&side, &story->f.memory);
				state = story_state_at(story, &side, past);
				CU_ASSERT_PTR_NOT_NULL_FATAL(state);
				story_check(story, state, past);
				world_free(state);
				side_memory_deinit(&side);
			}
			/* Another way, and the same one. */
			if (round % 2)
				random_walk_init(&walk, 1000 + seq);
			else
				walk = story->walks[seq];
			CU_ASSERT_EQUAL(random_walk_run(&walk, branch, 100), 0);
			if (round % 2 == 0 && world_seq(branch) <= STORY_STEPS)
				story_check(story, branch, world_seq(branch));
			story->f.world = trunk;
			story_check_valid(branch);
			world_free(branch);
			memory_deinit(&payer);
			CU_ASSERT_EQUAL(payer_account.bytes, 0);
			CU_ASSERT_EQUAL(payer_account.areas, 0);
			story_check(story, trunk, STORY_STEPS);
		}
		CU_ASSERT_PTR_NULL(fixture_end(&story->f));
	}
	free(story);
}

/* 0: it went well; 1: the host refused. */
static int try_rewind(struct past_story *story, uint64_t seq)
{
	struct side_memory side;
	struct world *state;
	int refused = 0;

	side_memory_init(&side, &story->f.memory);
	state = story_state_at(story, &side, seq);
	if (!state || world_rewind(story->f.world, state) != WORLD_OK) {
		world_free(state);
		refused = 1;
	}
	side_memory_deinit(&side);
	return refused;
}

static int try_branch(struct past_story *story, uint64_t seq)
{
	struct side_memory side;
	struct world *state, *branch = NULL;
	int refused = 0;

	side_memory_init(&side, &story->f.memory);
	state = story_state_at(story, &side, seq);
	if (!state || world_branch(&story->f.memory, story->f.world, state,
				   &branch) != WORLD_OK) {
		world_free(state);
		refused = 1;
	}
	side_memory_deinit(&side);
	world_free(branch);
	return refused;
}

static void check_refusals(struct past_story *story,
			   int (*attempt)(struct past_story *, uint64_t))
{
	struct account before;
	uint64_t n;

	memory_deinit(&story->f.memory);
	before = story->f.account;
	for (n = 0;; n++) {
		fail_alloc_after(&story->f.host, n);
		if (!attempt(story, 150)) {
			fail_alloc_never(&story->f.host);
			break;
		}
		fail_alloc_never(&story->f.host);
		CU_ASSERT_EQUAL(story->f.memory.refusal, REFUSAL_HOST_MEMORY);
		memory_deinit(&story->f.memory);
		CU_ASSERT_EQUAL(story->f.account.bytes, before.bytes);
		CU_ASSERT_EQUAL(story->f.account.areas, before.areas);
		CU_ASSERT_EQUAL(story->f.account.processes, before.processes);
		CU_ASSERT_EQUAL(story->f.account.worlds, before.worlds);
		story_check(story, story->f.world, 200);
	}
	CU_ASSERT(n > 20);
}

static void every_refused_request_leaves_nothing_behind(void)
{
	struct past_story *story = malloc(sizeof(*story));

	story_begin(story, 5, 120);
	story_walk_to(story, 200);
	check_refusals(story, try_branch);
	check_refusals(story, try_rewind);
	story_check(story, story->f.world, 150);
	story_check_valid(story->f.world);
	CU_ASSERT_PTR_NULL(fixture_end(&story->f));
	free(story);
}

static void a_state_may_be_too_much_for_the_account(void)
{
	const uint64_t unmap[OP_MAX_ARGS] = { 0x600000, PAGE_SIZE };
	struct past_story *story = malloc(sizeof(*story));
	struct account *account = &story->f.account;
	struct side_memory side;
	struct outcome out;
	struct world *state;

	story_begin(story, 4, HISTORY_DEFAULT);
	fixture_apply(&story->f, OP_MUNMAP, unmap, &out);
	account->max_areas = account->areas;
	side_memory_init(&side, &story->f.memory);
	state = story_state_at(story, &side, 0);
	CU_ASSERT_EQUAL(world_rewind(story->f.world, state), WORLD_REFUSED);
	CU_ASSERT_EQUAL(story->f.memory.refusal, REFUSAL_AREAS);
	account->max_processes = 0;
	CU_ASSERT_EQUAL(world_rewind(story->f.world, state), WORLD_REFUSED);
	CU_ASSERT_EQUAL(story->f.memory.refusal, REFUSAL_PROCESSES);
	CU_ASSERT_EQUAL(world_seq(story->f.world), 1);
	world_free(state);
	side_memory_deinit(&side);
	CU_ASSERT_PTR_NULL(fixture_end(&story->f));
	free(story);
}

CU_TestInfo test_rewind[] = {
	{ "going back and on leads to the same state",
	  going_back_and_on_leads_to_the_same_state },
	{ "branches go their own ways", branches_go_their_own_ways },
	{ "every refused request leaves nothing behind",
	  every_refused_request_leaves_nothing_behind },
	{ "a state may be too much for the account",
	  a_state_may_be_too_much_for_the_account },
	CU_TEST_INFO_NULL,
};
