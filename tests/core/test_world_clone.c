/* SPDX-License-Identifier: MIT */
/*
 * A copy answers as the original would have, and its hash says that it is one
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/world/world_clone.h"
#include "tests/core/world_fixture.h"
#include "tests/support/digest.h"
#include "tests/support/mm_dump.h"
#include "tests/support/random_operation.h"
#include "tests/support/suite.h"

#define SEEDS 12
#define STEPS 120

/* A world that has walked for a while, on some release. */
static void begin_walked(struct world_fixture *f, struct random_walk *walk,
			 uint64_t seed)
{
	const struct kernel_profile *profile = kernel_profile_at(seed % 4);

	CU_ASSERT_PTR_NOT_NULL_FATAL(profile);
	fixture_begin(f);
	f->setup.profile = profile;
	f->setup.seed = seed % 3;
	CU_ASSERT_EQUAL_FATAL(fixture_make(f), WORLD_OK);
	random_walk_init(walk, seed);
	CU_ASSERT_EQUAL_FATAL(random_walk_run(walk, f->world, STEPS), 0);
}

static struct world *clone_of(struct world_fixture *f)
{
	struct world *clone = NULL;

	CU_ASSERT_EQUAL_FATAL(world_clone(&f->memory, f->world, &clone),
			      WORLD_OK);
	return clone;
}

/* A copy in parts of @units; of not more than @max_parts: NULL, and dropped. */
static struct world *clone_in_parts(struct world_fixture *f, uint64_t units,
				    unsigned max_parts, unsigned *nr_parts)
{
	struct world_cloning *cloning =
		world_cloning_begin(&f->memory, f->world);
	enum world_status status = WORLD_OK;
	bool more = true;

	*nr_parts = 0;
	if (!cloning)
		return NULL;
	while (status == WORLD_OK && more && *nr_parts < max_parts) {
		status = world_cloning_go_on(cloning, units, &more);
		++*nr_parts;
	}
	if (status == WORLD_OK && !more)
		return world_cloning_end(cloning);
	world_cloning_drop(cloning);
	return NULL;
}

static void check_valid(const struct world *world)
{
	const struct mm_struct *mm;

	for (mm = world_machine(world)->mms; mm; mm = mm->next_mm)
		CU_ASSERT_PTR_NULL(validate_mm(mm));
}

static void a_clone_is_equal_and_valid(void)
{
	struct random_walk walk;
	struct world_fixture f;
	struct world *clone;
	uint64_t seed;

	for (seed = 1; seed <= SEEDS; seed++) {
		begin_walked(&f, &walk, seed);
		clone = clone_of(&f);
		check_valid(clone);
		CU_ASSERT_TRUE(digest_is(digest_of(&f.memory, f.world),
					 digest_of(&f.memory, clone)));
		CU_ASSERT_EQUAL(world_seq(clone), world_seq(f.world));
		world_free(clone);
		CU_ASSERT_PTR_NULL(fixture_end(&f));
	}
}

static void a_clone_in_parts_is_equal_and_valid(void)
{
	struct random_walk walk;
	struct world_fixture f;
	struct world *clone;
	uint64_t seed, units;
	unsigned parts;

	for (seed = 1; seed <= SEEDS; seed++) {
		units = seed % 3 ? seed % 3 : 100;
		begin_walked(&f, &walk, seed);
		clone = clone_in_parts(&f, units, UINT_MAX, &parts);
		CU_ASSERT_PTR_NOT_NULL_FATAL(clone);
		CU_ASSERT_TRUE(parts > 1);
		check_valid(clone);
		CU_ASSERT_TRUE(digest_is(digest_of(&f.memory, f.world),
					 digest_of(&f.memory, clone)));
		CU_ASSERT_EQUAL(f.account.worlds, 2);
		world_free(clone);
		CU_ASSERT_PTR_NULL(fixture_end(&f));
	}
}

/* What is there of the account but for a stock of small objects. */
static void check_account(struct world_fixture *f, const struct account *before)
{
	memory_deinit(&f->memory);
	CU_ASSERT_EQUAL(f->account.bytes, before->bytes);
	CU_ASSERT_EQUAL(f->account.areas, before->areas);
	CU_ASSERT_EQUAL(f->account.worlds, before->worlds);
	CU_ASSERT_EQUAL(f->account.processes, before->processes);
	CU_ASSERT_EQUAL(f->account.threads, before->threads);
}

static void a_clone_dropped_after_any_part_leaves_nothing(void)
{
	struct random_walk walk;
	struct world_fixture f;
	struct account before;
	struct world *clone;
	unsigned n, parts;

	begin_walked(&f, &walk, 8);
	memory_deinit(&f.memory);
	before = f.account;
	for (n = 0;; n++) {
		clone = clone_in_parts(&f, 1, n, &parts);
		if (clone)
			break;
		CU_ASSERT_EQUAL(parts, n);
		check_account(&f, &before);
	}
	CU_ASSERT_TRUE(n > 100);
	world_free(clone);
	check_account(&f, &before);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static void a_part_that_is_refused_leaves_nothing(void)
{
	struct random_walk walk;
	struct world_fixture f;
	struct account before;
	struct world *clone;
	unsigned parts;
	uint64_t n;

	begin_walked(&f, &walk, 8);
	memory_deinit(&f.memory);
	before = f.account;
	for (n = 0;; n++) {
		fail_alloc_after(&f.host, n);
		clone = clone_in_parts(&f, 3, UINT_MAX, &parts);
		fail_alloc_never(&f.host);
		if (clone)
			break;
		CU_ASSERT_EQUAL(f.memory.refusal, REFUSAL_HOST_MEMORY);
		check_account(&f, &before);
	}
	CU_ASSERT_TRUE(n > 20);
	world_free(clone);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

/* The same text for the copy's first address space as for the original's. */
static void a_clone_dumps_alike(void)
{
	struct random_walk walk;
	struct world_fixture f;
	struct world *clone;
	char *before, *after;

	begin_walked(&f, &walk, 4);
	before = mm_dump(world_machine(f.world)->mms);
	clone = clone_of(&f);
	world_free(f.world);
	f.world = clone;
	after = mm_dump(world_machine(f.world)->mms);
	CU_ASSERT_STRING_EQUAL(before, after);
	free(before);
	free(after);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static void a_clone_goes_on_like_the_original(void)
{
	struct random_walk walk, walk2;
	struct world_fixture f;
	struct world *clone;
	uint64_t seed;
	int i;

	for (seed = 1; seed <= SEEDS; seed++) {
		begin_walked(&f, &walk, seed);
		clone = clone_of(&f);
		walk2 = walk;
		for (i = 0; i < STEPS; i++) {
			CU_ASSERT_EQUAL(random_walk_run(&walk, f.world, 1), 0);
			CU_ASSERT_EQUAL(random_walk_run(&walk2, clone, 1), 0);
			if (digest_is(digest_of(&f.memory, f.world),
				      digest_of(&f.memory, clone)))
				continue;
			printf("seed %llu: different after %d steps\n",
			       (unsigned long long)seed, i + 1);
			CU_FAIL("the clone went another way");
			break;
		}
		check_valid(clone);
		world_free(clone);
		CU_ASSERT_PTR_NULL(fixture_end(&f));
	}
}

static void the_original_does_not_notice_what_the_clone_does(void)
{
	struct world_digest before;
	struct random_walk walk;
	struct world_fixture f;
	struct world *clone;

	begin_walked(&f, &walk, 7);
	before = digest_of(&f.memory, f.world);
	clone = clone_of(&f);
	CU_ASSERT_EQUAL(random_walk_run(&walk, clone, STEPS), 0);
	CU_ASSERT_FALSE(digest_is(before, digest_of(&f.memory, clone)));
	world_free(clone);
	CU_ASSERT_TRUE(digest_is(before, digest_of(&f.memory, f.world)));
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static void a_clone_counts_as_a_world_of_its_own(void)
{
	struct random_walk walk;
	struct world_fixture f;
	struct world *clone;

	begin_walked(&f, &walk, 2);
	CU_ASSERT_EQUAL(f.account.worlds, 1);
	clone = clone_of(&f);
	CU_ASSERT_EQUAL(f.account.worlds, 2);
	world_free(clone);
	CU_ASSERT_EQUAL(f.account.worlds, 1);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static void every_refused_request_leaves_nothing_behind(void)
{
	struct random_walk walk;
	struct world_fixture f;
	struct world *clone;
	struct account before;
	enum world_status status;
	uint64_t n, failures = 0;

	begin_walked(&f, &walk, 8);
	memory_deinit(&f.memory);
	before = f.account;
	for (n = 0;; n++) {
		clone = NULL;
		fail_alloc_after(&f.host, n);
		status = world_clone(&f.memory, f.world, &clone);
		fail_alloc_never(&f.host);
		if (status == WORLD_OK)
			break;
		failures++;
		CU_ASSERT_EQUAL(status, WORLD_REFUSED);
		CU_ASSERT_PTR_NULL(clone);
		memory_deinit(&f.memory);
		CU_ASSERT_EQUAL(f.account.bytes, before.bytes);
		CU_ASSERT_EQUAL(f.account.areas, before.areas);
		CU_ASSERT_EQUAL(f.account.worlds, before.worlds);
		CU_ASSERT_EQUAL(f.account.processes, before.processes);
	}
	CU_ASSERT_TRUE(failures > 20);
	check_valid(clone);
	world_free(clone);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static void a_full_account_refuses_by_name(void)
{
	struct random_walk walk;
	struct world_fixture f;
	struct world *clone = NULL;

	begin_walked(&f, &walk, 3);
	f.account.max_processes = f.account.processes;
	CU_ASSERT_EQUAL(world_clone(&f.memory, f.world, &clone), WORLD_REFUSED);
	CU_ASSERT_EQUAL(f.memory.refusal, REFUSAL_PROCESSES);
	f.account.max_processes = UINT64_MAX;
	f.account.max_areas = f.account.areas + 1;
	CU_ASSERT_EQUAL(world_clone(&f.memory, f.world, &clone), WORLD_REFUSED);
	CU_ASSERT_EQUAL(f.memory.refusal, REFUSAL_AREAS);
	CU_ASSERT_PTR_NULL(clone);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static struct world_digest digest_after(const char *maps, uint64_t addr)
{
	const uint64_t args[OP_MAX_ARGS] = { addr };
	struct world_digest digest;
	struct world_fixture f;
	struct outcome out;

	fixture_begin(&f);
	CU_ASSERT_EQUAL_FATAL(fixture_make_of(&f, maps), WORLD_OK);
	fixture_apply(&f, OP_FIND_VMA, args, &out);
	digest = digest_of(&f.memory, f.world);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
	return digest;
}

static void the_hash_tells_apart_what_differs(void)
{
	static const char maps[] = "400000-401000 r-xp 0 /bin/a\n"
				   "600000-601000 rw-p 0 /bin/a\n";
	static const char other[] = "400000-401000 r-xp 0 /bin/b\n"
				    "600000-601000 rw-p 0 /bin/b\n";
	struct world_digest first = digest_after(maps, 0x400000);

	CU_ASSERT_TRUE(digest_is(first, digest_after(maps, 0x400000)));
	CU_ASSERT_FALSE(digest_is(first, digest_after(other, 0x400000)));
	/* Only what the cache remembers differs. */
	CU_ASSERT_FALSE(digest_is(first, digest_after(maps, 0x600000)));
}

CU_TestInfo test_world_clone[] = {
	{ "a clone is equal and valid", a_clone_is_equal_and_valid },
	{ "a clone in parts is equal and valid",
	  a_clone_in_parts_is_equal_and_valid },
	{ "a clone dropped after any part leaves nothing",
	  a_clone_dropped_after_any_part_leaves_nothing },
	{ "a part that is refused leaves nothing",
	  a_part_that_is_refused_leaves_nothing },
	{ "a clone dumps alike", a_clone_dumps_alike },
	{ "a clone goes on like the original",
	  a_clone_goes_on_like_the_original },
	{ "the original does not notice what the clone does",
	  the_original_does_not_notice_what_the_clone_does },
	{ "a clone counts as a world of its own",
	  a_clone_counts_as_a_world_of_its_own },
	{ "every refused request leaves nothing behind",
	  every_refused_request_leaves_nothing_behind },
	{ "a full account refuses by name", a_full_account_refuses_by_name },
	{ "the hash tells apart what differs",
	  the_hash_tells_apart_what_differs },
	CU_TEST_INFO_NULL,
};
