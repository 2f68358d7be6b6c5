/* SPDX-License-Identifier: MIT */
/*
 * Worlds that end in parts: all is given back, whatever the parts are
 */
#include "core/world/world_end.h"
#include "core/world/history.h"
#include "tests/core/world_fixture.h"
#include "tests/support/random_operation.h"
#include "tests/support/suite.h"

static void begin(struct world_fixture *f, uint64_t seed, uint64_t history)
{
	struct random_walk walk;

	fixture_begin(f);
	f->setup.profile = kernel_profile_at(seed % 4);
	f->setup.history = history;
	CU_ASSERT_EQUAL_FATAL(fixture_make(f), WORLD_OK);
	random_walk_init(&walk, seed);
	CU_ASSERT_EQUAL(random_walk_run(&walk, f->world, 1000), 0);
}

/* Each call gives back as many objects as it may, up to those of one table. */
static void parts_may_be_of_any_size(void)
{
	static const uint64_t sizes[] = { 1, 2, 7, 100, UINT64_MAX };
	struct world_queue queue = { NULL, NULL };
	uint64_t left, bytes;
	struct world_fixture f;
	unsigned calls;
	size_t i;

	for (i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		begin(&f, i, 200);
		CU_ASSERT(world_journal_bytes(f.world) > 4096);
		world_queue_add(&queue, f.world);
		f.world = NULL;
		CU_ASSERT_EQUAL(f.account.worlds, 0);
		CU_ASSERT_EQUAL(f.account.processes, 0);
		CU_ASSERT_EQUAL(f.account.threads, 0);
		CU_ASSERT(f.account.areas > 0);
		for (calls = 1;; calls++) {
			bytes = f.account.bytes;
			left = sizes[i];
			if (!world_queue_reap(&queue, &left))
				break;
			CU_ASSERT_EQUAL_FATAL(left, 0);
			CU_ASSERT(bytes - f.account.bytes <=
				  8192 + 4200 * sizes[i]);
		}
		CU_ASSERT((calls == 1) == (sizes[i] == UINT64_MAX));
		CU_ASSERT_EQUAL(f.account.areas, 0);
		CU_ASSERT_EQUAL(f.account.journal_bytes, 0);
		CU_ASSERT_PTR_NULL(fixture_end(&f));
	}
}

static void they_end_in_order(void)
{
	struct world_queue queue = { NULL, NULL };
	struct world *second = NULL, *third = NULL;
	struct world_fixture f;
	uint64_t left = 1;

	begin(&f, 1, 100);
	CU_ASSERT_EQUAL(world_new(&f.memory, &f.setup, &second, &f.error),
			WORLD_OK);
	CU_ASSERT_EQUAL(world_new(&f.memory, &f.setup, &third, &f.error),
			WORLD_OK);
	world_queue_add(&queue, f.world);
	world_queue_add(&queue, second);
	CU_ASSERT_TRUE(world_queue_reap(&queue, &left));
	CU_ASSERT_PTR_EQUAL(queue.first, f.world);
	world_queue_add(&queue, third);
	while (queue.first == f.world) {
		left = 1;
		CU_ASSERT_TRUE(world_queue_reap(&queue, &left));
	}
	f.world = NULL;
	CU_ASSERT_PTR_EQUAL(queue.first, second);
	left = UINT64_MAX;
	CU_ASSERT_FALSE(world_queue_reap(&queue, &left));
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

/* All processes but one, and then that one. */
static void end_processes(struct world_fixture *f)
{
	struct operation op = { .code = OP_PROCESS_EXIT };
	const struct process *process;
	struct outcome out;

	for (; (process = world_process(f->world, op.process)); op.process++)
		if (process_is_alive(process))
			CU_ASSERT_EQUAL(world_apply(f->world, &op, &out),
					WORLD_OK);
	CU_ASSERT_TRUE(world_is_over(f->world));
}

static void the_last_process_leaves_its_memory(void)
{
	struct world_queue queue = { NULL, NULL };
	struct operation op = { .code = OP_BRK, .thread = 1 };
	uint64_t left = 1, seed, first, last;
	struct world_fixture f;
	struct outcome out;

	for (seed = 0; seed < 8; seed++) {
		begin(&f, seed, seed % 2 ? HISTORY_ALL : 3);
		world_ends_unseen(f.world);
		end_processes(&f);
		CU_ASSERT_EQUAL(f.account.processes, 0);
		CU_ASSERT_EQUAL(f.account.threads, 0);
		CU_ASSERT(f.account.areas > 0);
		CU_ASSERT_EQUAL(world_apply(f.world, &op, &out),
				WORLD_PROCESS_GONE);
		world_history(f.world, &first, &last);
		CU_ASSERT_EQUAL(last, world_seq(f.world));
		if (seed < 4) {
			world_queue_add(&queue, f.world);
			while (world_queue_reap(&queue, &left))
				left = 3;
		} else {
			world_free(f.world);
		}
		f.world = NULL;
		CU_ASSERT_EQUAL(f.account.areas, 0);
		CU_ASSERT_PTR_NULL(fixture_end(&f));
	}
}

/* Else somebody may yet look, as in a draft, and finds nothing left. */
static void the_last_process_of_others_does_not(void)
{
	struct world_fixture f;

	begin(&f, 1, 100);
	end_processes(&f);
	CU_ASSERT_EQUAL(f.account.areas, 0);
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

CU_TestInfo test_world_end[] = {
	{ "parts_may_be_of_any_size", parts_may_be_of_any_size },
	{ "they_end_in_order", they_end_in_order },
	{ "the_last_process_leaves_its_memory",
	  the_last_process_leaves_its_memory },
	{ "the_last_process_of_others_does_not",
	  the_last_process_of_others_does_not },
	CU_TEST_INFO_NULL,
};
