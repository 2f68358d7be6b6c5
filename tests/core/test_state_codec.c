/* SPDX-License-Identifier: MIT */
/*
 * States as bytes are exact
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/world/past.h"
#include "tests/core/exec_programs.h"
#include "tests/core/state_story.h"
#include "tests/support/digest.h"
#include "tests/support/suite.h"

static bool same_text(const struct state_text *a, const struct state_text *b)
{
	return a->len == b->len && !memcmp(a->bytes, b->bytes, a->len);
}

/* Two equal worlds walk alike. */
static void any_state_comes_back_and_goes_on(void)
{
	struct state_story *story = malloc(sizeof(*story));
	struct random_walk walk;
	struct state_text again;
	struct world *world;
	uint64_t seed, first, last;

	for (seed = 0; seed < 60; seed++) {
		state_story_begin(story, seed, 20 + (unsigned)seed * 13);
		world = state_story_read_own(story);
		if (!digest_is(digest_of(&story->f.memory, world),
			       digest_of(&story->f.memory, story->f.world))) {
			printf("seed %d\n", (int)seed);
			CU_FAIL("another state");
		}
		CU_ASSERT(world_is_valid(world));
		CU_ASSERT_EQUAL_FATAL(
			world_state_write(&story->f.memory, world, &again), 0);
		CU_ASSERT(same_text(&again, &story->text));
		state_text_free(&again);
		world_history(world, &first, &last);
		CU_ASSERT_EQUAL(first, world_seq(world) + 1);
		walk = story->walk;
		CU_ASSERT_EQUAL(random_walk_run(&walk, world, 200), 0);
		walk = story->walk;
		CU_ASSERT_EQUAL(random_walk_run(&walk, story->f.world, 200), 0);
		CU_ASSERT(
			digest_is(digest_of(&story->f.memory, world),
				  digest_of(&story->f.memory, story->f.world)));
		world_free(world);
		CU_ASSERT_PTR_NULL(state_story_end(story));
	}
	free(story);
}

static void comes_back(struct state_story *story)
{
	struct world_fixture *f = &story->f;
	struct world *world;

	CU_ASSERT_EQUAL_FATAL(
		world_state_write(&f->memory, f->world, &story->text), 0);
	world = state_story_read_own(story);
	CU_ASSERT(digest_is(digest_of(&f->memory, world),
			    digest_of(&f->memory, f->world)));
	world_free(world);
	CU_ASSERT_PTR_NULL(state_story_end(story));
}

/* Page tables and nodes of caches are counted together, and obtained apart. */
static void a_cache_is_obtained_once(void)
{
	const uint64_t args[] = { 0,
				  1 << 30,
				  PROT_READ | PROT_WRITE,
				  MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE,
				  (uint64_t)-1,
				  0 };
	struct state_story story = { .seed = 0 };
	struct world_fixture *f = &story.f;
	struct outcome out = { 0 };
	struct world *world;

	fixture_begin(f);
	f->setup.history = 0;
	CU_ASSERT_EQUAL_FATAL(fixture_make(f), WORLD_OK);
	CU_ASSERT_EQUAL_FATAL(fixture_apply(f, OP_MMAP, args, &out), WORLD_OK);
	CU_ASSERT_FATAL(out.ret > 0);
	CU_ASSERT_EQUAL_FATAL(
		world_state_write(&f->memory, f->world, &story.text), 0);
	/* Without a stock of spare objects, so that all must be asked for. */
	memory_deinit(&f->memory);
	f->account.call_bytes = 0;
	world = state_story_read_own(&story);
	CU_ASSERT(f->account.call_bytes < world_held(world) * 9 / 8);
	world_free(world);
	CU_ASSERT_PTR_NULL(state_story_end(&story));
}

/* Its text begins and ends nowhere. */
static void a_program_without_text_comes_back(void)
{
	static const char *const programs[] = {
		"args 1 1 env 0 0\n"
		"program exec 400000 /p\n"
		"r-- 0 400000 1000 1000 1000\n",
		"args 1 1 env 0 0\n"
		"program dyn 700000000000 /p\n"
		"r-- 0 700000000000 1000 1000 1000\n",
	};
	struct state_story *story = malloc(sizeof(*story));
	size_t i;

	for (i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
		exec_begin(&story->f, "6.12");
		story->seed = i;
		CU_ASSERT_EQUAL(exec_text(&story->f, programs[i]).ret, 0);
		comes_back(story);
	}
	free(story);
}

/* It begins at random behind the program, which ends where user space does. */
static void a_heap_beyond_user_space_comes_back(void)
{
	static const char program[] = "args 1 1 env 0 0\n"
				      "program exec 7fffffffd000 /p\n"
				      "r-x 0 7fffffffd000 1000 2000 1000\n";
	struct state_story *story = malloc(sizeof(*story));
	struct world_fixture *f = &story->f;
	const struct kernel_profile *profile;
	size_t i;

	for (i = 0; (profile = kernel_profile_at(i)); i++) {
		fixture_begin(f);
		f->setup.profile = profile;
		f->setup.seed = 1;
		CU_ASSERT_EQUAL_FATAL(fixture_make(f), WORLD_OK);
		CU_ASSERT_EQUAL(exec_text(f, program).ret, 0);
		CU_ASSERT(fixture_mm(f)->start_brk > TASK_SIZE);
		story->seed = i;
		comes_back(story);
	}
	free(story);
}

/* What remap_file_pages() unlocks without counting adds up beyond what can be
 * mapped. */
static void any_count_of_locked_pages_comes_back(void)
{
	const uint64_t len = 1ULL << 45, addr = 1ULL << 40;
	const uint64_t map[OP_MAX_ARGS] = {
		addr,
		len,
		PROT_NONE,
		MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED,
		(uint64_t)-1,
		0
	};
	const uint64_t lock[OP_MAX_ARGS] = { addr, len };
	struct state_story *story = malloc(sizeof(*story));
	struct world_fixture *f = &story->f;
	struct outcome out;
	uint64_t i;

	fixture_begin(f);
	f->setup.profile = kernel_profile_find("4.0", 3);
	f->setup.uid = 0;
	CU_ASSERT_EQUAL_FATAL(fixture_make(f), WORLD_OK);
	fixture_apply(f, OP_MMAP, map, &out);
	CU_ASSERT_EQUAL(out.ret, (int64_t)addr);
	for (i = 0; i < 6; i++) {
		const uint64_t remap[OP_MAX_ARGS] = { addr + i * PAGE_SIZE,
						      PAGE_SIZE, 0, 7, 0 };

		fixture_apply(f, OP_MLOCK, lock, &out);
		fixture_apply(f, OP_REMAP_FILE_PAGES, remap, &out);
		CU_ASSERT_EQUAL(out.ret, 0);
	}
	story->seed = 0;
	comes_back(story);
	free(story);
}

/* mmap and remap_file_pages() take any offset whose end does not wrap. */
static void any_offset_comes_back(void)
{
	const uint64_t addr = 1ULL << 40;
	const uint64_t map[OP_MAX_ARGS] = { addr,      4 * PAGE_SIZE,
					    PROT_READ, MAP_SHARED | MAP_FIXED,
					    3,         -4 * PAGE_SIZE };
	const uint64_t remap[OP_MAX_ARGS] = { addr, PAGE_SIZE, 0,
					      UINT64_MAX - 1, 0 };
	const struct operation open = {
		.code = OP_FILE_OPEN,
		.args = { 3, PAGE_SIZE, FILE_RW },
		.text = "f",
		.text_len = 1,
	};
	struct state_story *story = malloc(sizeof(*story));
	struct world_fixture *f = &story->f;
	struct outcome out;

	fixture_begin(f);
	f->setup.profile = kernel_profile_find("4.0", 3);
	CU_ASSERT_EQUAL_FATAL(fixture_make(f), WORLD_OK);
	CU_ASSERT_EQUAL(world_apply(f->world, &open, &out), WORLD_OK);
	fixture_apply(f, OP_MMAP, map, &out);
	fixture_apply(f, OP_REMAP_FILE_PAGES, remap, &out);
	CU_ASSERT_EQUAL(fixture_area(f, addr)->vm_pgoff, UINT64_MAX - 1);
	CU_ASSERT_EQUAL(fixture_area(f, addr + PAGE_SIZE)->vm_pgoff,
			(UINT64_MAX >> PAGE_SHIFT) - 2);
	story->seed = 0;
	comes_back(story);
	free(story);
}

/* Its oldest state is the one that it began with. */
static void a_world_of_a_state_has_a_past(void)
{
	struct state_story *story = malloc(sizeof(*story));
	struct world *world, *state;
	struct side_memory side;
	struct random_walk walk;
	uint64_t seq;

	state_story_begin(story, 2, 300);
	seq = world_seq(story->f.world);
	world = state_story_read_own(story);
	walk = story->walk;
	CU_ASSERT_EQUAL(random_walk_run(&walk, world, 100), 0);
	CU_ASSERT_FALSE(world_needs_origin(world, seq));
	side_memory_init(&side, &story->f.memory);
	CU_ASSERT_EQUAL_FATAL(world_at(&side, world, seq, NULL, &state),
			      WORLD_OK);
	CU_ASSERT(digest_is(digest_of(&story->f.memory, state),
			    digest_of(&story->f.memory, story->f.world)));
	world_free(state);
	side_memory_deinit(&side);
	world_free(world);
	CU_ASSERT_PTR_NULL(state_story_end(story));
	free(story);
}

/* Each request to the host is refused once. */
static void a_host_without_memory_leaves_nothing(void)
{
	struct state_story *story = malloc(sizeof(*story));
	enum world_status status = WORLD_REFUSED;
	struct account before;
	struct world *world;
	const char *wrong;
	unsigned n;

	state_story_begin(story, 5, 120);
	memory_deinit(&story->f.memory);
	before = story->f.account;
	for (n = 1; status == WORLD_REFUSED; n++) {
		fail_alloc_after(&story->f.host, n);
		status = state_story_read(story, story->text.bytes,
					  story->text.len, &world, &wrong);
		fail_alloc_never(&story->f.host);
		if (status == WORLD_OK)
			world_free(world);
		memory_deinit(&story->f.memory);
		CU_ASSERT(state_story_owns(story, &before));
	}
	CU_ASSERT_EQUAL(status, WORLD_OK);
	CU_ASSERT(n > 20);
	CU_ASSERT_PTR_NULL(state_story_end(story));
	free(story);
}

static void an_account_pays_for_all_of_it(void)
{
	struct state_story *story = malloc(sizeof(*story));
	struct account *account = &story->f.account;
	struct world *world;
	const char *wrong;

	state_story_begin(story, 6, 200);
	account->max_areas = account->areas + 1;
	CU_ASSERT_EQUAL(state_story_read(story, story->text.bytes,
					 story->text.len, &world, &wrong),
			WORLD_REFUSED);
	CU_ASSERT_EQUAL(story->f.memory.refusal, REFUSAL_AREAS);
	account->max_areas = UINT64_MAX;
	account->max_processes = account->processes;
	CU_ASSERT_EQUAL(state_story_read(story, story->text.bytes,
					 story->text.len, &world, &wrong),
			WORLD_REFUSED);
	CU_ASSERT_EQUAL(story->f.memory.refusal, REFUSAL_PROCESSES);
	account->max_processes = UINT64_MAX;
	CU_ASSERT_PTR_NULL(state_story_end(story));
	free(story);
}

CU_TestInfo test_state_codec[] = {
	{ "any state comes back and goes on",
	  any_state_comes_back_and_goes_on },
	{ "a cache is obtained once", a_cache_is_obtained_once },
	{ "a program without text comes back",
	  a_program_without_text_comes_back },
	{ "a heap beyond user space comes back",
	  a_heap_beyond_user_space_comes_back },
	{ "any count of locked pages comes back",
	  any_count_of_locked_pages_comes_back },
	{ "any offset comes back", any_offset_comes_back },
	{ "a world of a state has a past", a_world_of_a_state_has_a_past },
	{ "a host without memory leaves nothing",
	  a_host_without_memory_leaves_nothing },
	{ "an account pays for all of it", an_account_pays_for_all_of_it },
	CU_TEST_INFO_NULL,
};
