/* SPDX-License-Identifier: MIT */
/*
 * Drafts: operations that happen to a world all at once, or not at all
 */
#include <stdio.h>
#include <stdlib.h>

#include "core/world/past.h"
#include "tests/core/world_fixture.h"
#include "tests/support/digest.h"
#include "tests/support/random_operation.h"
#include "tests/support/suite.h"

#define STEPS 400

static void begin(struct world_fixture *f, uint64_t seed, uint64_t limit)
{
	fixture_begin(f);
	f->setup.profile = kernel_profile_at(seed % 4);
	f->setup.seed = seed % 3;
	f->setup.history = limit;
	CU_ASSERT_EQUAL_FATAL(fixture_make(f), WORLD_OK);
}

static struct world *draft_of(struct world_fixture *f, struct side_memory *side)
{
	struct world *draft = NULL;

	side_memory_init(side, &f->memory);
	CU_ASSERT_EQUAL_FATAL(world_draft(side, f->world, &draft), WORLD_OK);
	return draft;
}

static void check_valid(const struct world *world)
{
	const struct mm_struct *mm;

	for (mm = world_machine(world)->mms; mm; mm = mm->next_mm)
		CU_ASSERT_PTR_NULL(validate_mm(mm));
}

/* The state after @seq, found by looking back. */
static struct world_digest digest_at(struct world_fixture *f, uint64_t seq)
{
	struct process_setup setup = f->setup;
	struct world *origin = NULL, *state = NULL;
	struct world_digest digest;
	struct creation_error error;
	struct side_memory side;

	side_memory_init(&side, &f->memory);
	setup.history = 0;
	if (world_needs_origin(f->world, seq))
		CU_ASSERT_EQUAL_FATAL(
			world_new(&side.memory, &setup, &origin, &error),
			WORLD_OK);
	CU_ASSERT_EQUAL_FATAL(world_at(&side, f->world, seq, origin, &state),
			      WORLD_OK);
	digest = digest_of(&f->memory, state);
	world_free(state);
	side_memory_deinit(&side);
	return digest;
}

static const uint64_t limits[] = { HISTORY_ALL, HISTORY_DEFAULT, 70, 3, 0 };

#define NR_LIMITS (sizeof(limits) / sizeof(limits[0]))

/* One world goes step by step, the other in drafts of any length. */
static void drafts_lead_where_the_operations_do(void)
{
	struct world_digest *digests = calloc(STEPS + 1, sizeof(*digests));
	struct world_fixture plain, f;
	struct random_walk walk, other;
	struct side_memory side;
	struct world *draft;
	uint64_t first, last, plain_first, seq;
	unsigned n;
	size_t i;

	for (i = 0; i < NR_LIMITS; i++) {
		begin(&plain, i + 11, limits[i]);
		begin(&f, i + 11, limits[i]);
		random_walk_init(&walk, i + 11);
		other = walk;
		digests[0] = digest_of(&f.memory, f.world);
		for (n = 1; world_seq(f.world) < STEPS - 60; n += 7) {
			draft = draft_of(&f, &side);
			CU_ASSERT_EQUAL(random_walk_run(&other, draft, n % 50),
					0);
			/* Nothing shows before the end. */
			CU_ASSERT(digest_is(digest_of(&f.memory, f.world),
					    digests[world_seq(f.world)]));
			CU_ASSERT_EQUAL(world_adopt(f.world, draft), WORLD_OK);
			side_memory_deinit(&side);
			while (world_seq(plain.world) < world_seq(f.world)) {
				random_walk_run(&walk, plain.world, 1);
				digests[world_seq(plain.world)] =
					digest_of(&plain.memory, plain.world);
			}
			/* Those that were refused count for the walk. */
			walk = other;
			check_valid(f.world);
			CU_ASSERT(digest_is(digest_of(&f.memory, f.world),
					    digests[world_seq(f.world)]));
			CU_ASSERT_EQUAL(f.account.areas, plain.account.areas);
			CU_ASSERT_EQUAL(f.account.processes,
					plain.account.processes);
			CU_ASSERT_EQUAL(f.account.threads,
					plain.account.threads);
			CU_ASSERT_EQUAL(f.account.worlds, 1);
			CU_ASSERT_EQUAL(f.account.journal_bytes,
					world_journal_bytes(f.world));
		}
		world_history(f.world, &first, &last);
		world_history(plain.world, &plain_first, &seq);
		CU_ASSERT_EQUAL(first, plain_first);
		CU_ASSERT_EQUAL(last, seq);
		for (seq = first - 1; limits[i] && seq <= last;
		     seq += 1 + seq % 13)
			CU_ASSERT(digest_is(digest_at(&f, seq), digests[seq]));
		CU_ASSERT_PTR_NULL(fixture_end(&plain));
		CU_ASSERT_PTR_NULL(fixture_end(&f));
	}
	free(digests);
}

static void a_draft_that_is_dropped_has_never_been(void)
{
	struct world_fixture f;
	struct side_memory side;
	struct random_walk walk;
	struct account before;
	struct world_digest digest;
	struct world *draft;

	begin(&f, 3, HISTORY_DEFAULT);
	random_walk_init(&walk, 3);
	random_walk_run(&walk, f.world, 50);
	digest = digest_of(&f.memory, f.world);
	memory_deinit(&f.memory);
	before = f.account;
	draft = draft_of(&f, &side);
	random_walk_run(&walk, draft, 200);
	world_free(draft);
	side_memory_deinit(&side);
	memory_deinit(&f.memory);
	CU_ASSERT_EQUAL(f.account.bytes, before.bytes);
	CU_ASSERT_EQUAL(f.account.areas, before.areas);
	CU_ASSERT_EQUAL(f.account.journal_bytes, before.journal_bytes);
	CU_ASSERT(digest_is(digest_of(&f.memory, f.world), digest));
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static void names_stay_with_their_processes(void)
{
	static const uint64_t args[OP_MAX_ARGS];
	const struct operation fork = { .code = OP_FORK, .thread = 1 };
	struct world_fixture f;
	struct side_memory side;
	struct outcome out;
	struct world *draft;

	begin(&f, 0, HISTORY_DEFAULT);
	process_set_name(fixture_process(&f), 17);
	draft = draft_of(&f, &side);
	CU_ASSERT_EQUAL(world_apply(draft, &fork, &out), WORLD_OK);
	CU_ASSERT_EQUAL(world_adopt(f.world, draft), WORLD_OK);
	side_memory_deinit(&side);
	CU_ASSERT_EQUAL(process_name(world_process(f.world, 0)), 17);
	CU_ASSERT_EQUAL(process_name(world_process(f.world, 1)), 0);
	CU_ASSERT_EQUAL(fixture_apply(&f, OP_FIND_VMA, args, &out), WORLD_OK);
	CU_ASSERT_EQUAL(out.seq, 2);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static void what_the_account_does_not_admit_is_not_adopted(void)
{
	const struct operation fork = { .code = OP_FORK, .thread = 1 };
	struct world_fixture f;
	struct side_memory side;
	struct outcome out;
	struct world *draft;

	begin(&f, 1, HISTORY_ALL);
	f.account.max_areas = f.account.areas;
	draft = draft_of(&f, &side);
	CU_ASSERT_EQUAL(world_apply(draft, &fork, &out), WORLD_OK);
	CU_ASSERT_EQUAL(world_adopt(f.world, draft), WORLD_REFUSED);
	CU_ASSERT_EQUAL(f.memory.refusal, REFUSAL_AREAS);
	f.account.max_areas = UINT64_MAX;
	f.account.max_processes = 1;
	CU_ASSERT_EQUAL(world_adopt(f.world, draft), WORLD_REFUSED);
	CU_ASSERT_EQUAL(f.memory.refusal, REFUSAL_PROCESSES);
	f.account.max_processes = UINT64_MAX;

	/* As if it had kept so many. */
	f.world->journal.count += HISTORY_MAX;
	CU_ASSERT_EQUAL(world_adopt(f.world, draft), WORLD_HISTORY_FULL);
	f.world->journal.count -= HISTORY_MAX;
	CU_ASSERT_EQUAL(world_seq(f.world), 0);
	CU_ASSERT_EQUAL(world_adopt(f.world, draft), WORLD_OK);
	side_memory_deinit(&side);
	CU_ASSERT_EQUAL(world_seq(f.world), 1);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

/* 0: it went well; 1: the host refused. */
static int try_draft(struct world_fixture *f)
{
	struct random_walk walk;
	struct side_memory side;
	struct world *draft = NULL;
	int refused;

	random_walk_init(&walk, 9);
	side_memory_init(&side, &f->memory);
	refused = world_draft(&side, f->world, &draft) != WORLD_OK ||
		  random_walk_run(&walk, draft, 60) ||
		  world_adopt(f->world, draft) != WORLD_OK;
	if (refused)
		world_free(draft);
	side_memory_deinit(&side);
	return refused;
}

static void every_refusal_leaves_nothing_behind(void)
{
	struct world_fixture f;
	struct random_walk walk;
	struct account before;
	struct world_digest digest;
	uint64_t n;

	begin(&f, 2, 40);
	random_walk_init(&walk, 5);
	random_walk_run(&walk, f.world, 30);
	digest = digest_of(&f.memory, f.world);
	memory_deinit(&f.memory);
	before = f.account;
	for (n = 0;; n++) {
		fail_alloc_after(&f.host, n);
		if (!try_draft(&f))
			break;
		fail_alloc_never(&f.host);
		memory_deinit(&f.memory);
		CU_ASSERT_EQUAL(f.account.bytes, before.bytes);
		CU_ASSERT_EQUAL(f.account.areas, before.areas);
		CU_ASSERT_EQUAL(f.account.journal_bytes, before.journal_bytes);
		CU_ASSERT(digest_is(digest_of(&f.memory, f.world), digest));
	}
	fail_alloc_never(&f.host);
	CU_ASSERT(n > 20);
	CU_ASSERT(!digest_is(digest_of(&f.memory, f.world), digest));
	check_valid(f.world);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

CU_TestInfo test_draft[] = {
	{ "drafts lead where the operations do",
	  drafts_lead_where_the_operations_do },
	{ "a draft that is dropped has never been",
	  a_draft_that_is_dropped_has_never_been },
	{ "names stay with their processes", names_stay_with_their_processes },
	{ "what the account does not admit is not adopted",
	  what_the_account_does_not_admit_is_not_adopted },
	{ "every refusal leaves nothing behind",
	  every_refusal_leaves_nothing_behind },
	CU_TEST_INFO_NULL,
};
