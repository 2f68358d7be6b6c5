/* SPDX-License-Identifier: MIT */
/* Reserving, taking and giving back what calls need, and who pays. */
#include "core/mm/memory.h"

#include "core/mm/mm_types.h"
#include "tests/support/fail_alloc.h"
#include "tests/support/suite.h"

struct purse {
	struct fail_alloc host;
	struct account account;
	struct memory memory;
};

static void purse_open(struct purse *purse)
{
	fail_alloc_init(&purse->host);
	purse->account = (struct account){
		.max_processes = UINT64_MAX,
		.max_areas = UINT64_MAX,
		.max_bytes = UINT64_MAX,
	};
	memory_init(&purse->memory, &purse->host.allocator, &purse->account);
}

static void purse_close(struct purse *purse)
{
	memory_deinit(&purse->memory);
	CU_ASSERT_EQUAL(purse->host.live_blocks, 0);
	CU_ASSERT_EQUAL(purse->account.bytes, 0);
	CU_ASSERT_EQUAL(purse->account.areas, 0);
}

static void what_is_reserved_can_be_taken(void)
{
	const struct memory_need need = { .areas = 3, .anon_vmas = 2 };
	struct vm_area_struct *areas[3];
	struct anon_vma *anon_vmas[2];
	struct purse purse;
	int i;

	purse_open(&purse);
	CU_ASSERT_EQUAL(memory_reserve(&purse.memory, &need), 0);
	fail_alloc_after(&purse.host, 0);
	for (i = 0; i < 3; i++) {
		areas[i] = memory_take_area(&purse.memory);
		CU_ASSERT_EQUAL(areas[i]->vm_start, 0);
		CU_ASSERT_EQUAL(areas[i]->vm_flags, 0);
		CU_ASSERT_PTR_NULL(areas[i]->vm_next);
		areas[i]->vm_flags = 7;
	}
	for (i = 0; i < 2; i++) {
		anon_vmas[i] = memory_take_anon_vma(&purse.memory);
		CU_ASSERT_EQUAL(anon_vmas[i]->refs, 0);
		anon_vmas[i]->refs = 9;
	}
	CU_ASSERT_EQUAL(fail_alloc_has_failed(&purse.host), false);
	CU_ASSERT_EQUAL(purse.account.areas, 3);
	CU_ASSERT_TRUE(purse.account.bytes >=
		       3 * sizeof(struct vm_area_struct));
	/* What comes back is zeroed before it is taken again. */
	memory_give_area(&purse.memory, areas[2]);
	CU_ASSERT_EQUAL(purse.account.areas, 2);
	areas[2] = memory_take_area(&purse.memory);
	CU_ASSERT_EQUAL(areas[2]->vm_flags, 0);
	for (i = 0; i < 3; i++)
		memory_give_area(&purse.memory, areas[i]);
	for (i = 0; i < 2; i++)
		memory_give_anon_vma(&purse.memory, anon_vmas[i]);
	purse_close(&purse);
}

static void a_second_reservation_costs_nothing(void)
{
	const struct memory_need need = { .areas = 3,
					  .anon_vmas = 2,
					  .page_nodes = 4,
					  .page_chunks = 5,
					  .cache_nodes = 6 };
	struct purse purse;

	purse_open(&purse);
	CU_ASSERT_EQUAL(memory_reserve(&purse.memory, &need), 0);
	fail_alloc_after(&purse.host, 0);
	CU_ASSERT_EQUAL(memory_reserve(&purse.memory, &need), 0);
	CU_ASSERT_EQUAL(purse.host.requests, 0);
	purse_close(&purse);
}

static void a_failed_reservation_can_be_repeated(void)
{
	const struct memory_need need = { .areas = 3,
					  .net_areas = 3,
					  .anon_vmas = 2,
					  .page_nodes = 40,
					  .page_chunks = 50,
					  .cache_nodes = 30 };
	struct purse purse;
	uint64_t n;

	purse_open(&purse);
	for (n = 0;; n++) {
		fail_alloc_after(&purse.host, 1);
		if (!memory_reserve(&purse.memory, &need))
			break;
		CU_ASSERT_EQUAL(purse.memory.refusal, REFUSAL_HOST_MEMORY);
		CU_ASSERT_EQUAL(purse.account.areas, 0);
		/* What it got before stays for the next time, and is paid. */
		CU_ASSERT_EQUAL(purse.account.bytes, purse.host.live_bytes);
	}
	CU_ASSERT_TRUE(n > 1);
	fail_alloc_never(&purse.host);
	purse_close(&purse);
}

static void trimming_gives_back_what_a_large_call_needed(void)
{
	const struct memory_need need = { .page_nodes = 3000,
					  .page_chunks = 3000,
					  .cache_nodes = 3000 };
	struct purse purse;
	uint64_t bytes;

	purse_open(&purse);
	CU_ASSERT_EQUAL(memory_reserve(&purse.memory, &need), 0);
	bytes = purse.host.live_bytes;
	memory_trim(&purse.memory);
	CU_ASSERT_TRUE(purse.host.live_bytes < bytes / 10);
	purse_close(&purse);
}

/* What many objects are taken from goes back with the last of them. */
static void objects_of_a_block_wait_for_each_other(void)
{
	const uint64_t nr = 5 * OBJECTS_PER_BLOCK;
	const struct memory_need need = { .areas = nr - 3 };
	struct vm_area_struct *areas[5 * OBJECTS_PER_BLOCK];
	struct purse purse;
	uint64_t full, block, i;

	purse_open(&purse);
	CU_ASSERT_EQUAL(memory_reserve(&purse.memory, &need), 0);
	/* Four blocks, and the others one by one. */
	CU_ASSERT_EQUAL(purse.host.live_blocks, 4 + OBJECTS_PER_BLOCK - 3);
	full = purse.host.live_bytes;
	CU_ASSERT_EQUAL(purse.account.bytes, full);
	fail_alloc_after(&purse.host, 0);
	for (i = 0; i < nr - 3; i++) {
		areas[i] = memory_take_area(&purse.memory);
		CU_ASSERT_EQUAL(areas[i]->vm_flags, 0);
		areas[i]->vm_flags = UINT64_MAX;
	}
	CU_ASSERT_FALSE(fail_alloc_has_failed(&purse.host));
	fail_alloc_never(&purse.host);

	for (i = 0; i < nr - 3; i++)
		if (i % OBJECTS_PER_BLOCK)
			memory_give_area(&purse.memory, areas[i]);
	CU_ASSERT_EQUAL(purse.account.bytes, purse.host.live_bytes);
	block = full;
	for (i = 0; i < 4; i++) {
		memory_give_area(&purse.memory, areas[i * OBJECTS_PER_BLOCK]);
		CU_ASSERT_EQUAL(purse.account.bytes, purse.host.live_bytes);
		CU_ASSERT_TRUE(purse.host.live_bytes <
			       block - (OBJECTS_PER_BLOCK - 1) *
					       sizeof(struct vm_area_struct));
		block = purse.host.live_bytes;
	}
	memory_give_area(&purse.memory, areas[4 * OBJECTS_PER_BLOCK]);
	purse_close(&purse);
}

/* Some are taken, the others never will be: they need nobody to wait for. */
static void a_block_that_was_begun_is_trimmed(void)
{
	const struct memory_need need = { .areas = 100 * OBJECTS_PER_BLOCK };
	struct vm_area_struct *area;
	struct purse purse;
	uint64_t full;

	purse_open(&purse);
	CU_ASSERT_EQUAL(memory_reserve(&purse.memory, &need), 0);
	full = purse.host.live_bytes;
	area = memory_take_area(&purse.memory);
	memory_trim(&purse.memory);
	CU_ASSERT_TRUE(purse.host.live_bytes < full / 10);
	CU_ASSERT_EQUAL(purse.account.bytes, purse.host.live_bytes);
	memory_deinit(&purse.memory);
	CU_ASSERT_EQUAL(purse.host.live_blocks, 1);
	memory_give_area(&purse.memory, area);
	CU_ASSERT_EQUAL(purse.host.live_blocks, 0);
	purse_close(&purse);
}

static void blocks_are_charged_and_zeroed(void)
{
	struct purse purse;
	unsigned char *block;
	int i, sum = 0;

	purse_open(&purse);
	block = memory_alloc(&purse.memory, 1000);
	for (i = 0; i < 1000; i++)
		sum |= block[i];
	CU_ASSERT_EQUAL(sum, 0);
	CU_ASSERT_TRUE(purse.account.bytes >= 1000);
	purse.account.max_bytes = purse.account.bytes + 999;
	CU_ASSERT_PTR_NULL(memory_alloc(&purse.memory, 1000));
	CU_ASSERT_EQUAL(purse.memory.refusal, REFUSAL_BYTES);
	memory_free(&purse.memory, block, 1000);
	CU_ASSERT_EQUAL(purse.account.bytes, 0);
	fail_alloc_after(&purse.host, 0);
	CU_ASSERT_PTR_NULL(memory_alloc(&purse.memory, 10));
	CU_ASSERT_EQUAL(purse.memory.refusal, REFUSAL_HOST_MEMORY);
	memory_free(&purse.memory, NULL, 10);
	fail_alloc_never(&purse.host);
	purse_close(&purse);
}

static void a_size_that_cannot_be_is_refused(void)
{
	struct purse purse;

	purse_open(&purse);
	purse.account.max_bytes = 1 << 20;
	CU_ASSERT_PTR_NULL(memory_alloc(&purse.memory, SIZE_MAX));
	CU_ASSERT_EQUAL(purse.memory.refusal, REFUSAL_BYTES);
	CU_ASSERT_EQUAL(purse.account.bytes, 0);
	purse_close(&purse);
}

/* A host that has five areas more to give, and tells what it was asked. */
static uint64_t leased, asked;

static void lease_areas(struct account *account, enum refusal which,
			uint64_t more)
{
	if (which != REFUSAL_AREAS)
		return;
	asked = account->areas + more - account->max_areas;
	if (leased + asked > 5)
		return;
	leased += asked;
	account->max_areas += asked;
}

static void an_account_leases_what_it_lacks(void)
{
	struct memory_need need = { .areas = 3, .net_areas = 3 };
	struct purse purse;

	leased = 0;
	purse_open(&purse);
	purse.account.max_areas = 1;
	purse.account.lease = lease_areas;
	CU_ASSERT_EQUAL(memory_reserve(&purse.memory, &need), 0);
	CU_ASSERT_EQUAL(asked, 2);
	CU_ASSERT_EQUAL(purse.account.max_areas, 3);
	need.net_areas = 7;
	CU_ASSERT_EQUAL(memory_reserve(&purse.memory, &need), -1);
	CU_ASSERT_EQUAL(purse.memory.refusal, REFUSAL_AREAS);
	CU_ASSERT_EQUAL(purse.account.max_areas, 3);
	need.net_areas = 6;
	CU_ASSERT_EQUAL(memory_reserve(&purse.memory, &need), 0);
	CU_ASSERT_EQUAL(leased, 5);
	purse_close(&purse);
}

/* Objects count for themselves, whatever they are of and whatever is in stock. */
static void what_is_taken_is_bounded(void)
{
	const struct memory_need block = { .areas = 16 };
	const struct memory_need two = { .areas = 2, .net_areas = 2 };
	const struct memory_need passing = { .areas = 9 };
	struct vm_area_struct *first, *second;
	struct purse purse;
	uint64_t taken;
	void *bytes;

	purse_open(&purse);
	CU_ASSERT_EQUAL(memory_reserve(&purse.memory, &block), 0);
	taken = purse.memory.taken;
	first = memory_take_area(&purse.memory);
	CU_ASSERT_EQUAL(purse.memory.taken, taken + sizeof(*first));
	memory_bound(&purse.memory, 2 * sizeof(*first) - 1);
	CU_ASSERT_FALSE(memory_lacks_areas(&purse.memory, 1));
	CU_ASSERT_TRUE(memory_lacks_areas(&purse.memory, 2));
	CU_ASSERT_EQUAL(memory_reserve(&purse.memory, &two), -1);
	CU_ASSERT_EQUAL(purse.memory.refusal, REFUSAL_WORLD);
	CU_ASSERT_EQUAL(memory_reserve(&purse.memory, &passing), 0);
	CU_ASSERT_PTR_NULL(memory_alloc(&purse.memory, 2 * sizeof(*first)));
	CU_ASSERT_EQUAL(purse.memory.refusal, REFUSAL_WORLD);
	bytes = memory_alloc(&purse.memory, sizeof(*first));
	CU_ASSERT_PTR_NOT_NULL(bytes);
	memory_free(&purse.memory, bytes, sizeof(*first));
	memory_bound(&purse.memory, 2 * sizeof(*first));
	CU_ASSERT_EQUAL(memory_reserve(&purse.memory, &two), 0);
	second = memory_take_area(&purse.memory);
	memory_give_area(&purse.memory, first);
	memory_give_area(&purse.memory, second);
	CU_ASSERT_EQUAL(purse.memory.taken, taken);
	purse_close(&purse);
}

/* Charged no more, taken again first, and given back in parts. */
static void what_is_given_back_can_wait(void)
{
	enum {
		NR = 200
	};
	const struct memory_need one = { .areas = 1, .net_areas = 1 };
	const struct memory_need many = { .areas = NR };
	struct vm_area_struct *areas[NR];
	struct purse purse;
	uint64_t left = 10, live, idle, bytes;
	int i;

	purse_open(&purse);
	purse.memory.defers = true;
	for (i = 0; i < NR; i++) {
		CU_ASSERT_EQUAL(memory_reserve(&purse.memory, &one), 0);
		areas[i] = memory_take_area(&purse.memory);
	}
	live = purse.host.live_blocks;
	CU_ASSERT_EQUAL(live, NR);
	for (i = 0; i < NR; i++)
		memory_give_area(&purse.memory, areas[i]);
	idle = purse.memory.nr_idle;
	CU_ASSERT_TRUE(idle > NR / 2);
	CU_ASSERT_EQUAL(purse.host.live_blocks, live);
	CU_ASSERT_EQUAL(purse.account.bytes, (NR - idle) * AREA_BYTES);

	/* By itself, one waits longer than the stock lasts. */
	purse.account.call_bytes = 0;
	bytes = purse.account.bytes;
	fail_alloc_after(&purse.host, 0);
	for (i = 0; i < NR; i++) {
		CU_ASSERT_EQUAL(memory_reserve(&purse.memory, &one), 0);
		areas[i] = memory_take_area(&purse.memory);
		CU_ASSERT_PTR_NULL(areas[i]->vm_next);
	}
	CU_ASSERT_FALSE(fail_alloc_has_failed(&purse.host));
	CU_ASSERT_EQUAL(purse.memory.nr_idle, 0);
	CU_ASSERT_EQUAL(purse.account.bytes, bytes + idle * AREA_BYTES);
	CU_ASSERT_EQUAL(purse.account.call_bytes, idle * AREA_BYTES);
	fail_alloc_never(&purse.host);

	for (i = 0; i < NR; i++)
		memory_give_area(&purse.memory, areas[i]);
	CU_ASSERT_TRUE(memory_reap(&purse.memory, &left));
	CU_ASSERT_EQUAL(left, 0);
	CU_ASSERT_EQUAL(purse.host.live_blocks, live - 10);
	CU_ASSERT_EQUAL(purse.memory.nr_idle, idle - 10);
	CU_ASSERT_EQUAL(purse.account.bytes, bytes);

	/* What would be too much is refused though it waits. */
	purse.account.max_bytes = bytes;
	CU_ASSERT_EQUAL(memory_reserve(&purse.memory, &many), -1);
	CU_ASSERT_EQUAL(purse.memory.refusal, REFUSAL_BYTES);
	left = UINT64_MAX;
	CU_ASSERT_FALSE(memory_reap(&purse.memory, &left));
	CU_ASSERT_EQUAL(purse.memory.nr_idle, 0);
	purse_close(&purse);
}

CU_TestInfo test_memory[] = {
	{ "an account leases what it lacks", an_account_leases_what_it_lacks },
	{ "what is reserved can be taken", what_is_reserved_can_be_taken },
	{ "a second reservation costs nothing",
	  a_second_reservation_costs_nothing },
	{ "a failed reservation can be repeated",
	  a_failed_reservation_can_be_repeated },
	{ "trimming gives back what a large call needed",
	  trimming_gives_back_what_a_large_call_needed },
	{ "objects of a block wait for each other",
	  objects_of_a_block_wait_for_each_other },
	{ "a block that was begun is trimmed",
	  a_block_that_was_begun_is_trimmed },
	{ "blocks are charged and zeroed", blocks_are_charged_and_zeroed },
	{ "a size that cannot be is refused",
	  a_size_that_cannot_be_is_refused },
	{ "what_is_taken_is_bounded", what_is_taken_is_bounded },
	{ "what is given back can wait", what_is_given_back_can_wait },
	CU_TEST_INFO_NULL,
};
