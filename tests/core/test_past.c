/* SPDX-License-Identifier: MIT */
/*
 * Earlier states: what they were, going back to them, going on from them
 */
#include "core/world/past.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/core/world_fixture.h"
#include "tests/support/digest.h"
#include "tests/support/random_operation.h"
#include "tests/support/suite.h"

/* Enough for several checkpoints, where a limit brings them near. */
#define STEPS 700

/* A world, the hash of each of its states, and who walks through it. */
struct story {
	struct world_fixture f;
	struct world_digest digests[STEPS + 1]; /* by seq */
	struct random_walk walks[STEPS + 1];    /* as they went on from there */
	struct random_walk walk;
	uint64_t seed;
};

static void begin(struct story *story, uint64_t seed, uint64_t limit)
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

/* Go on to @seq, and write down each state on the way. */
static void walk_to(struct story *story, uint64_t seq)
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

/* The state after @seq, of @side; NULL: the host refused. */
static struct world *state_at(struct story *story, struct side_memory *side,
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

static void check_digest(struct story *story, const struct world *world,
			 uint64_t seq)
{
	if (digest_is(digest_of(&story->f.memory, world), story->digests[seq]))
		return;
	printf("seed %llu: another state after operation %llu\n",
	       (unsigned long long)story->seed, (unsigned long long)seq);
	CU_FAIL("another state");
}

static void check_valid(const struct world *world)
{
	const struct mm_struct *mm;

	for (mm = world_machine(world)->mms; mm; mm = mm->next_mm)
		CU_ASSERT_PTR_NULL(validate_mm(mm));
}

static const uint64_t limits[] = {
	HISTORY_ALL, HISTORY_DEFAULT, 300, 64, 40, 2, 0
};

#define NR_LIMITS (sizeof(limits) / sizeof(limits[0]))

static void each_state_is_what_it_was(void)
{
	struct account before;
	struct side_memory side;
	struct world *state;
	uint64_t first, last, seq;
	struct story *story = malloc(sizeof(*story));
	size_t i;

	for (i = 0; i < NR_LIMITS; i++) {
		begin(story, i + 1, limits[i]);
		walk_to(story, STEPS);
		world_history(story->f.world, &first, &last);
		CU_ASSERT_EQUAL(last, STEPS);
		CU_ASSERT_EQUAL(first,
				limits[i] < STEPS ? STEPS - limits[i] + 1 : 1);
		memory_deinit(&story->f.memory);
		before = story->f.account;
		for (seq = first - 1; seq <= last; seq += 1 + seq % 7) {
			side_memory_init(&side, &story->f.memory);
			state = state_at(story, &side, seq);
			CU_ASSERT_PTR_NOT_NULL_FATAL(state);
			CU_ASSERT_EQUAL(world_seq(state), seq);
			check_digest(story, state, seq);
			check_valid(state);
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
		check_digest(story, story->f.world, STEPS);
		CU_ASSERT_PTR_NULL(fixture_end(&story->f));
	}
	free(story);
}

/* What the header says about memory, at every step. */
static void checkpoints_take_what_was_promised(void)
{
	struct story *story = malloc(sizeof(*story));
	uint64_t first, last, all, most = 0;
	const struct past *past;
	uint32_t n;
	size_t i;

	for (i = 0; i < NR_LIMITS; i++) {
		begin(story, 20 + i, limits[i]);
		while (world_seq(story->f.world) < STEPS) {
			walk_to(story, world_seq(story->f.world) + 1);
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

static uint64_t some_seq(struct story *story, uint64_t *state)
{
	uint64_t first, last;

	world_history(story->f.world, &first, &last);
	*state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
	return first - 1 + (*state >> 33) % (last - first + 2);
}

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

static void check_copy(struct story *story, uint64_t from, uint64_t to)
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
	struct story *story = malloc(sizeof(*story));
	struct account before;
	uint64_t first, last, from, to, dice = 3;
	size_t i;
	int round;

	for (i = 0; i < NR_LIMITS; i++) {
		begin(story, 80 + i, limits[i]);
		walk_to(story, STEPS);
		world_history(story->f.world, &first, &last);
		memory_deinit(&story->f.memory);
		before = story->f.account;
		for (round = 0; round < 60; round++) {
			from = some_seq(story, &dice) + 1;
			to = some_seq(story, &dice);
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
	struct story *story = malloc(sizeof(*story));
	uint64_t first, last, from, to;
	size_t i;

	for (i = 0; i < NR_LIMITS; i++) {
		begin(story, 85 + i, limits[i]);
		walk_to(story,
			limits[i] < STEPS / 2 ? limits[i] * 3 / 2 : STEPS);
		world_history(story->f.world, &first, &last);
		for (to = first - 1; to <= last; to += 13) {
			from = world_nearest(story->f.world, to) + 1;
			check_copy(story, from, to);
		}
		CU_ASSERT_PTR_NULL(fixture_end(&story->f));
	}
	free(story);
}

/* The nearest state is there already, and no nearer one is. */
static void the_nearest_state_needs_no_repeating(void)
{
	struct story *story = malloc(sizeof(*story));
	const struct checkpoint *base;
	uint64_t first, last, seq, nearest;
	size_t i;

	for (i = 0; i < NR_LIMITS; i++) {
		begin(story, 90 + i, limits[i]);
		walk_to(story, STEPS);
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

/* Back to anywhere, on from there, and all is as if nobody had gone back. */
static void going_back_and_on_leads_to_the_same_state(void)
{
	struct story *story = malloc(sizeof(*story));
	uint64_t seq, dice = 7;
	struct side_memory side;
	struct world *state;
	size_t i;
	int round;

	for (i = 0; i < NR_LIMITS; i++) {
		begin(story, 40 + i, limits[i]);
		walk_to(story, STEPS);
		for (round = 0; round < 25; round++) {
			seq = some_seq(story, &dice);
			side_memory_init(&side, &story->f.memory);
			state = state_at(story, &side, seq);
			CU_ASSERT_PTR_NOT_NULL_FATAL(state);
			CU_ASSERT_EQUAL_FATAL(
				world_rewind(story->f.world, state), WORLD_OK);
			side_memory_deinit(&side);
			check_valid(story->f.world);
			check_digest(story, story->f.world, seq);
			CU_ASSERT_EQUAL(world_seq(story->f.world), seq);
			/* What comes now is compared with what came then. */
			story->walk = story->walks[seq];
			for (; seq < STEPS; seq++) {
				CU_ASSERT_EQUAL(random_walk_run(&story->walk,
								story->f.world,
								1),
						0);
				seq = world_seq(story->f.world) - 1;
				if (seq % 5 == 0)
					check_digest(story, story->f.world,
						     seq + 1);
			}
			check_digest(story, story->f.world, STEPS);
		}
		CU_ASSERT_PTR_NULL(fixture_end(&story->f));
	}
	free(story);
}

/* Both worlds have the past in common, and go their own ways. */
static void branches_go_their_own_ways(void)
{
	struct story *story = malloc(sizeof(*story));
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

	for (i = 0; i < NR_LIMITS; i++) {
		begin(story, 60 + i, limits[i]);
		walk_to(story, STEPS);
		world_history(story->f.world, &first, &last);
		for (round = 0; round < 5; round++) {
			/* Whoever branches pays, and not the trunk's owner. */
			memory_init(&payer, story->f.memory.allocator,
				    &payer_account);
			bytes = story->f.account.bytes;
			seq = some_seq(story, &dice);
			side_memory_init(&side, &payer);
			state = state_at(story, &side, seq);
			CU_ASSERT_PTR_NOT_NULL_FATAL(state);
			CU_ASSERT_EQUAL_FATAL(world_branch(&payer,
							   story->f.world,
							   state, &branch),
					      WORLD_OK);
			side_memory_deinit(&side);
			check_digest(story, branch, seq);
			check_valid(branch);
			CU_ASSERT_EQUAL(story->f.account.worlds, 1);
			CU_ASSERT_EQUAL(story->f.account.bytes, bytes);
			CU_ASSERT_EQUAL(payer_account.worlds, 1);
			CU_ASSERT(payer_account.processes > 0);
			CU_ASSERT_EQUAL(world_history_limit(branch), limits[i]);

			/* The branch remembers what the trunk did then. */
			world_history(branch, &branch_first, &last);
			CU_ASSERT_EQUAL(last, seq);
			CU_ASSERT(branch_first <= first);
			trunk = story->f.world;
			story->f.world = branch;
			for (past = branch_first - 1; past <= seq;
			     past += 1 + past % 23) {
				side_memory_init(&side, &story->f.memory);
				state = state_at(story, &side, past);
				CU_ASSERT_PTR_NOT_NULL_FATAL(state);
				check_digest(story, state, past);
				world_free(state);
				side_memory_deinit(&side);
			}
			/* Another way, and the same one. */
			if (round % 2)
				random_walk_init(&walk, 1000 + seq);
			else
				walk = story->walks[seq];
			CU_ASSERT_EQUAL(random_walk_run(&walk, branch, 100), 0);
			if (round % 2 == 0 && world_seq(branch) <= STEPS)
				check_digest(story, branch, world_seq(branch));
			story->f.world = trunk;
			check_valid(branch);
			world_free(branch);
			memory_deinit(&payer);
			CU_ASSERT_EQUAL(payer_account.bytes, 0);
			CU_ASSERT_EQUAL(payer_account.areas, 0);
			check_digest(story, trunk, STEPS);
		}
		CU_ASSERT_PTR_NULL(fixture_end(&story->f));
	}
	free(story);
}

/* 0: it went well; 1: the host refused. */
static int try_rewind(struct story *story, uint64_t seq)
{
	struct side_memory side;
	struct world *state;
	int refused = 0;

	side_memory_init(&side, &story->f.memory);
	state = state_at(story, &side, seq);
	if (!state || world_rewind(story->f.world, state) != WORLD_OK) {
		world_free(state);
		refused = 1;
	}
	side_memory_deinit(&side);
	return refused;
}

static int try_branch(struct story *story, uint64_t seq)
{
	struct side_memory side;
	struct world *state, *branch = NULL;
	int refused = 0;

	side_memory_init(&side, &story->f.memory);
	state = state_at(story, &side, seq);
	if (!state || world_branch(&story->f.memory, story->f.world, state,
				   &branch) != WORLD_OK) {
		world_free(state);
		refused = 1;
	}
	side_memory_deinit(&side);
	world_free(branch);
	return refused;
}

static void check_refusals(struct story *story,
			   int (*attempt)(struct story *, uint64_t))
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
		check_digest(story, story->f.world, 200);
	}
	CU_ASSERT(n > 20);
}

static void every_refused_request_leaves_nothing_behind(void)
{
	struct story *story = malloc(sizeof(*story));

	begin(story, 5, 120);
	walk_to(story, 200);
	check_refusals(story, try_branch);
	check_refusals(story, try_rewind);
	check_digest(story, story->f.world, 150);
	check_valid(story->f.world);
	CU_ASSERT_PTR_NULL(fixture_end(&story->f));
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

static void a_state_may_be_too_much_for_the_account(void)
{
	const uint64_t unmap[OP_MAX_ARGS] = { 0x600000, PAGE_SIZE };
	struct story *story = malloc(sizeof(*story));
	struct account *account = &story->f.account;
	struct side_memory side;
	struct outcome out;
	struct world *state;

	begin(story, 4, HISTORY_DEFAULT);
	fixture_apply(&story->f, OP_MUNMAP, unmap, &out);
	account->max_areas = account->areas;
	side_memory_init(&side, &story->f.memory);
	state = state_at(story, &side, 0);
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

CU_TestInfo test_past[] = {
	{ "each state is what it was", each_state_is_what_it_was },
	{ "checkpoints take what was promised",
	  checkpoints_take_what_was_promised },
	{ "no state is many operations away",
	  no_state_is_many_operations_away },
	{ "a world of few operations keeps no state",
	  a_world_of_few_operations_keeps_no_state },
	{ "any stretch of the journal can be copied",
	  any_stretch_of_the_journal_can_be_copied },
	{ "what leads to any state can be read",
	  what_leads_to_any_state_can_be_read },
	{ "the nearest state needs no repeating",
	  the_nearest_state_needs_no_repeating },
	{ "going back and on leads to the same state",
	  going_back_and_on_leads_to_the_same_state },
	{ "branches go their own ways", branches_go_their_own_ways },
	{ "every refused request leaves nothing behind",
	  every_refused_request_leaves_nothing_behind },
	{ "operations do not fail for a checkpoint",
	  operations_do_not_fail_for_a_checkpoint },
	{ "a state may be too much for the account",
	  a_state_may_be_too_much_for_the_account },
	CU_TEST_INFO_NULL,
};
