/* SPDX-License-Identifier: MIT */
/*
 * States as bytes are never believed
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/world/past.h"
#include "tests/core/state_story.h"
#include "tests/support/suite.h"

static void a_state_that_is_cut_is_refused(void)
{
	struct state_story *story = malloc(sizeof(*story));
	struct account before;
	struct world *world;
	const char *wrong;
	size_t len;

	state_story_begin(story, 3, 150);
	memory_deinit(&story->f.memory);
	before = story->f.account;
	for (len = 0; len < story->text.len; len++) {
		CU_ASSERT_EQUAL(state_story_read(story, story->text.bytes, len,
						 &world, &wrong),
				WORLD_BAD_PARAM);
		CU_ASSERT(*wrong);
	}
	memory_deinit(&story->f.memory);
	CU_ASSERT(state_story_owns(story, &before));
	CU_ASSERT_PTR_NULL(state_story_end(story));
	free(story);
}

static uint64_t next_random(uint64_t *state)
{
	*state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
	return *state >> 33;
}

/* What counts up must not come to its end while somebody lives there. */
static void numbers_that_are_nearly_used_up_are_refused(void)
{
	struct state_story *story = malloc(sizeof(*story));
	struct world *world, *read;
	const char *wrong;
	size_t i;

	for (i = 0; i < 4; i++) {
		state_story_begin(story, 3, 0);
		world = story->f.world;
		uint32_t *const numbers[] = {
			&world->processes[0]->last_tid,
			&world->machine.mms->next_vma_id,
			&world->machine.next_anon_vma_id,
			&world->machine.nr_images,
		};
		state_text_free(&story->text);
		*numbers[i] = UINT32_MAX >> 1;
		CU_ASSERT_EQUAL(world_state_write(&story->f.memory, world,
						  &story->text),
				0);
		world_free(state_story_read_own(story));
		state_text_free(&story->text);
		++*numbers[i];
		CU_ASSERT_EQUAL(world_state_write(&story->f.memory, world,
						  &story->text),
				0);
		CU_ASSERT_EQUAL(state_story_read(story, story->text.bytes,
						 story->text.len, &read,
						 &wrong),
				WORLD_BAD_PARAM);
		CU_ASSERT_PTR_NULL(state_story_end(story));
	}
	free(story);
}

/* A heap that begins at 0 may end in the last page, which brk takes for 0. */
static void a_break_is_where_brk_can_bring_it(void)
{
	static const struct {
		uint64_t start_brk, brk;
		enum world_status status;
	} cases[] = {
		{ 0, UINT64_MAX, WORLD_OK },
		{ 0, UINT64_MAX - PAGE_SIZE + 2, WORLD_OK },
		{ 0, UINT64_MAX - PAGE_SIZE + 1, WORLD_BAD_PARAM },
		{ 0, 1ULL << 63, WORLD_BAD_PARAM },
		{ 1, UINT64_MAX, WORLD_BAD_PARAM },
	};
	struct state_story *story = malloc(sizeof(*story));
	struct mm_struct *mm;
	struct world *read;
	const char *wrong;
	size_t i;

	state_story_begin(story, 3, 0);
	mm = story->f.world->machine.mms;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		mm->start_brk = cases[i].start_brk;
		mm->brk = cases[i].brk;
		state_text_free(&story->text);
		CU_ASSERT_EQUAL(world_state_write(&story->f.memory,
						  story->f.world, &story->text),
				0);
		CU_ASSERT_EQUAL(state_story_read(story, story->text.bytes,
						 story->text.len, &read,
						 &wrong),
				cases[i].status);
		if (read)
			world_free(read);
	}
	CU_ASSERT_PTR_NULL(state_story_end(story));
	free(story);
}

/* A few bytes are others, come twice, or are gone. */
static size_t garble(uint8_t *bytes, size_t len, uint64_t *random)
{
	unsigned n = 1 + next_random(random) % 3;
	size_t at, other, some;

	while (n--) {
		at = next_random(random) % len;
		other = next_random(random) % len;
		some = 1 + next_random(random) % 8;
		switch (next_random(random) % 5) {
		case 0:
			bytes[at] ^= (uint8_t)(1 << next_random(random) % 8);
			break;
		case 1:
			bytes[at] = (uint8_t)next_random(random);
			break;
		case 2:
			bytes[at] = (uint8_t)(next_random(random) % 4);
			break;
		case 3:
			if (at + some < len && other + some < len)
				memmove(bytes + at, bytes + other, some);
			break;
		default:
			if (at + some < len) {
				memmove(bytes + at, bytes + at + some,
					len - at - some);
				len -= some;
			}
			break;
		}
	}
	return len;
}

/* Whatever is taken for a state is one: it can be lived in, and ended. */
static void what_is_taken_can_be_lived_in(void)
{
	struct state_story *story = malloc(sizeof(*story));
	uint64_t random = 1, seed;
	unsigned taken = 0, refused = 0, n;
	struct random_walk walk;
	struct account before;
	struct world *world;
	const char *wrong;
	uint8_t *bytes;
	size_t len;

	for (seed = 0; seed < 24; seed++) {
		state_story_begin(story, seed, 10 + (unsigned)seed * 9);
		bytes = malloc(story->text.len);
		memory_deinit(&story->f.memory);
		before = story->f.account;
		for (n = 0; n < 300; n++) {
			memcpy(bytes, story->text.bytes, story->text.len);
			len = garble(bytes, story->text.len, &random);
			if (state_story_read(story, bytes, len, &world,
					     &wrong) != WORLD_OK) {
				refused++;
				continue;
			}
			taken++;
			CU_ASSERT(world_is_valid(world));
			random_walk_init(&walk, random);
			random_walk_run(&walk, world, 30);
			CU_ASSERT(world_is_valid(world));
			world_free(world);
		}
		memory_deinit(&story->f.memory);
		CU_ASSERT(state_story_owns(story, &before));
		free(bytes);
		CU_ASSERT_PTR_NULL(state_story_end(story));
	}
	CU_ASSERT(taken > 100);
	CU_ASSERT(refused > 100);
	free(story);
}

CU_TestInfo test_state_judge[] = {
	{ "a state that is cut is refused", a_state_that_is_cut_is_refused },
	{ "numbers that are nearly used up are refused",
	  numbers_that_are_nearly_used_up_are_refused },
	{ "a break is where brk can bring it",
	  a_break_is_where_brk_can_bring_it },
	{ "what is taken can be lived in", what_is_taken_can_be_lived_in },
	CU_TEST_INFO_NULL,
};
