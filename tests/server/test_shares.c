/* SPDX-License-Identifier: MIT */
#include "server/shares.h"

#include <string.h>
#include "tests/support/suite.h"

static struct task task_of(uint32_t client)
{
	return (struct task){ .client = client };
}

/* Whose tasks come up, in order, as digits. */
static void drain(struct shares *shares, char *order)
{
	struct task *task;

	while ((task = shares_pop(shares)))
		*order++ = (char)('0' + task->client);
	*order = '\0';
}

static void clients_take_turns(void)
{
	static const uint32_t pushed[] = { 1, 1, 1, 1, 0, 3, 3, 0, 1, 2 };
	struct task tasks[sizeof(pushed) / sizeof(pushed[0])];
	struct shares shares = { 0 };
	char order[16];
	size_t i;

	CU_ASSERT_PTR_NULL(shares_pop(&shares));
	for (i = 0; i < sizeof(pushed) / sizeof(pushed[0]); i++) {
		tasks[i] = task_of(pushed[i]);
		shares_push(&shares, &tasks[i]);
	}
	CU_ASSERT_EQUAL(shares.ready, 10);
	drain(&shares, order);
	CU_ASSERT_STRING_EQUAL(order, "1032103111");
	CU_ASSERT_EQUAL(shares.ready, 0);
	shares_deinit(&shares);
}

static void one_clients_tasks_stay_in_order(void)
{
	struct task a = task_of(5), b = task_of(5), c = task_of(9);
	struct shares shares = { 0 };

	shares_push(&shares, &a);
	shares_push(&shares, &b);
	CU_ASSERT_PTR_EQUAL(shares_pop(&shares), &a);
	shares_push(&shares, &c);
	shares_push(&shares, &a);
	CU_ASSERT_PTR_EQUAL(shares_pop(&shares), &b);
	CU_ASSERT_PTR_EQUAL(shares_pop(&shares), &c);
	CU_ASSERT_PTR_EQUAL(shares_pop(&shares), &a);
	CU_ASSERT_PTR_NULL(shares_pop(&shares));
	shares_deinit(&shares);
}

static void a_share_is_used_by_calls_or_time_or_who_waits(void)
{
	struct shares shares = { 0 };
	struct share *ada = shares_get(&shares, 1);
	struct share *bob = shares_get(&shares, 70000 % 65536);
	struct task task = task_of(1);

	CU_ASSERT_PTR_EQUAL(shares_get(&shares, 1), ada);
	CU_ASSERT_PTR_EQUAL(shares_get(&shares, 0), &shares.anonymous);
	share_use(&shares, ada, 16 * 64 - 1, 0);
	CU_ASSERT(!share_is_used(&shares, ada, 64));
	share_use(&shares, ada, 1, 0);
	CU_ASSERT(share_is_used(&shares, ada, 64));
	CU_ASSERT(!share_is_used(&shares, bob, 64));
	share_use(&shares, bob, 1, SHARE_NS);
	CU_ASSERT(share_is_used(&shares, bob, 64));

	shares_next_turn(&shares);
	CU_ASSERT(!share_is_used(&shares, ada, 64));
	CU_ASSERT(!share_is_used(&shares, bob, 64));
	shares_push(&shares, &task);
	CU_ASSERT(share_is_used(&shares, ada, 64));
	CU_ASSERT_PTR_EQUAL(shares_pop(&shares), &task);
	CU_ASSERT(!share_is_used(&shares, ada, 64));
	shares_deinit(&shares);
}

static void the_large_make_way_for_the_small(void)
{
	CU_ASSERT(!share_is_too_large(800, 800, 1600));
	CU_ASSERT(share_is_too_large(801, 801, 1600));
	CU_ASSERT(share_is_too_large(101, 1500, 1600));
	CU_ASSERT(!share_is_too_large(100, 1500, 1600));
}

static void lines_keep_their_order(void)
{
	struct shares shares = { 0 };
	struct share *ada = shares_get(&shares, 1);
	struct spare_list *idle = &ada->spares[SPARE_IDLE];
	struct spare a[3] = { 0 };

	CU_ASSERT_PTR_EQUAL(shares_find(&shares, 1), ada);
	CU_ASSERT_PTR_EQUAL(shares_find(&shares, 0), &shares.anonymous);
	CU_ASSERT_PTR_NULL(shares_find(&shares, 2));
	CU_ASSERT_PTR_NULL(shares_find(&shares, 70000));
	spare_push(&shares, idle, &a[0]);
	spare_push(&shares, idle, &a[1]);
	spare_push(&shares, idle, &a[2]);
	CU_ASSERT_PTR_EQUAL(idle->first, &a[0]);
	/* Out of the middle, of an end, twice; and in again, elsewhere too. */
	spare_take(&a[1]);
	spare_take(&a[0]);
	spare_take(&a[0]);
	CU_ASSERT_PTR_EQUAL(idle->first, &a[2]);
	spare_push(&shares, idle, &a[0]);
	spare_push(&shares, &shares.leaving, &a[1]);
	spare_take(&a[2]);
	CU_ASSERT_PTR_EQUAL(idle->first, &a[0]);
	CU_ASSERT_PTR_EQUAL(idle->last, &a[0]);
	CU_ASSERT_PTR_EQUAL(shares.leaving.first, &a[1]);
	spare_take(&a[0]);
	CU_ASSERT_PTR_NULL(idle->first);
	CU_ASSERT_PTR_NULL(idle->last);
	shares_deinit(&shares);
}

static void who_is_idle_for_longer_comes_first(void)
{
	struct shares shares = { 0 };
	struct share *ada = shares_get(&shares, 1);
	struct share *bob = shares_get(&shares, 9);
	struct spare a[2] = { 0 }, b = { 0 }, n = { 0 };

	CU_ASSERT_EQUAL(shares_idle_since(&shares, 1), UINT64_MAX);
	CU_ASSERT_EQUAL(shares_idle_since(&shares, 5000), UINT64_MAX);
	spare_push(&shares, &ada->spares[SPARE_WAITING], &a[0]);
	spare_push(&shares, &bob->spares[SPARE_IDLE], &b);
	spare_push(&shares, &ada->spares[SPARE_IDLE], &a[1]);
	spare_push(&shares, &shares.anonymous.spares[SPARE_IDLE], &n);
	CU_ASSERT(shares_idle_since(&shares, 9) <
		  shares_idle_since(&shares, 1));
	CU_ASSERT(shares_idle_since(&shares, 1) <
		  shares_idle_since(&shares, 0));
	CU_ASSERT(shares_idle_since(&shares, 0) <
		  shares_idle_since(&shares, 5));
	shares_deinit(&shares);
}

CU_TestInfo test_shares[] = {
	{ "clients take turns", clients_take_turns },
	{ "one clients tasks stay in order", one_clients_tasks_stay_in_order },
	{ "a share is used by calls or time or who waits",
	  a_share_is_used_by_calls_or_time_or_who_waits },
	{ "the large make way for the small",
	  the_large_make_way_for_the_small },
	{ "lines keep their order", lines_keep_their_order },
	{ "who is idle for longer comes first",
	  who_is_idle_for_longer_comes_first },
	CU_TEST_INFO_NULL,
};
