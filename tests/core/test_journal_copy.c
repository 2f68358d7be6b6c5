/* SPDX-License-Identifier: MIT */
/*
 * Stretches of the journal, copied for whoever repeats them later
 */
#include <stdlib.h>
#include <string.h>

#include "core/world/history.h"
#include "tests/core/past_story.h"
#include "tests/support/suite.h"

/* Of the journal, and of a copy of it; how many. */
static unsigned compare_copy(const struct world *world, uint64_t from,
			     uint64_t to, struct journal_copy *copy)
{
	struct journal_cursor cursor;
	struct operation kept, op;
	unsigned nr = 0;

	world_journal_seek(world, &cursor, from);
	while (from + nr <= to && world_journal_next(world, &cursor, &op)) {
		CU_ASSERT_EQUAL(cursor.seq, from + nr);
		CU_ASSERT_FATAL(journal_copy_next(copy, &kept));
		CU_ASSERT_EQUAL(kept.code, op.code);
		CU_ASSERT_EQUAL(kept.process, op.process);
		CU_ASSERT_EQUAL(kept.thread, op.thread);
		CU_ASSERT_EQUAL(memcmp(kept.args, op.args, sizeof(op.args)), 0);
		nr++;
	}
	CU_ASSERT_FALSE(journal_copy_next(copy, &kept));
	return nr;
}

static void check_copy(struct past_story *story, uint64_t from, uint64_t to)
{
	struct journal_copy copy;

	CU_ASSERT_EQUAL_FATAL(world_journal_copy(&story->f.memory,
						 story->f.world, from, to,
						 &copy),
			      0);
	CU_ASSERT_EQUAL(compare_copy(story->f.world, from, to, &copy),
			to + 1 - from);
	journal_copy_free(&copy);
}

static void any_stretch_of_the_journal_can_be_copied(void)
{
	struct past_story *story = malloc(sizeof(*story));
	struct account before;
	uint64_t first, last, from, to, dice = 3;
	size_t i;
	int round;

	for (i = 0; i < NR_STORY_LIMITS; i++) {
		story_begin(story, 80 + i, story_limits[i]);
		story_walk_to(story, STORY_STEPS);
		world_history(story->f.world, &first, &last);
		memory_deinit(&story->f.memory);
		before = story->f.account;
		for (round = 0; round < 60; round++) {
			from = story_some_seq(story, &dice) + 1;
			to = story_some_seq(story, &dice);
			if (to < from - 1)
				to = round % 2 ? last : from - 1;
			check_copy(story, from, to);
		}
		CU_ASSERT_EQUAL(story->f.account.bytes, before.bytes);
		CU_ASSERT_PTR_NULL(fixture_end(&story->f));
	}
	free(story);
}

/* Also where that begins with the creation, before what history tells. */
static void what_leads_to_any_state_can_be_read(void)
{
	struct past_story *story = malloc(sizeof(*story));
	uint64_t first, last, from, to;
	size_t i;

	for (i = 0; i < NR_STORY_LIMITS; i++) {
		story_begin(story, 85 + i, story_limits[i]);
		story_walk_to(story, story_limits[i] < STORY_STEPS / 2
					     ? story_limits[i] * 3 / 2
					     : STORY_STEPS);
		world_history(story->f.world, &first, &last);
		for (to = first - 1; to <= last; to += 13) {
			from = world_nearest(story->f.world, to) + 1;
			check_copy(story, from, to);
		}
		CU_ASSERT_PTR_NULL(fixture_end(&story->f));
	}
	free(story);
}

CU_TestInfo test_journal_copy[] = {
	{ "any stretch of the journal can be copied",
	  any_stretch_of_the_journal_can_be_copied },
	{ "what leads to any state can be read",
	  what_leads_to_any_state_can_be_read },
	CU_TEST_INFO_NULL,
};
