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

static void who_has_most_makes_room(void)
{
	struct shares shares = { 0 };
	struct share *nobody = &shares.anonymous;
	struct share *ada = shares_get(&shares, 1);
	struct share *bob = shares_get(&shares, 9);
	struct idler a[3] = { 0 }, b[2] = { 0 }, n = { 0 };

	CU_ASSERT_PTR_NULL(shares_spare(&shares));
	nobody->conns = 1;
	ada->conns = 3;
	bob->conns = 3;
	share_idle(&shares, nobody, &n);
	CU_ASSERT_PTR_EQUAL(shares_spare(&shares), &n);
	share_idle(&shares, bob, &b[0]);
	share_idle(&shares, ada, &a[0]);
	share_idle(&shares, ada, &a[1]);
	share_idle(&shares, ada, &a[2]);
	share_idle(&shares, bob, &b[1]);

	/* Of equals, who has been idle longest. */
	CU_ASSERT_PTR_EQUAL(shares_spare(&shares), &b[0]);
	share_end_idle(bob, &b[0]);
	CU_ASSERT_PTR_EQUAL(shares_spare(&shares), &a[0]);
	/* Ended in the middle, at an end, twice; and begun again. */
	share_end_idle(ada, &a[1]);
	share_end_idle(ada, &a[0]);
	share_end_idle(ada, &a[0]);
	CU_ASSERT_PTR_EQUAL(shares_spare(&shares), &a[2]);
	share_idle(&shares, ada, &a[0]);
	share_end_idle(ada, &a[2]);
	CU_ASSERT_PTR_EQUAL(shares_spare(&shares), &b[1]);
	ada->conns++;
	CU_ASSERT_PTR_EQUAL(shares_spare(&shares), &a[0]);
	/* Who has none that is idle is passed over. */
	share_end_idle(ada, &a[0]);
	CU_ASSERT_PTR_EQUAL(shares_spare(&shares), &b[1]);
	nobody->conns = 9;
	CU_ASSERT_PTR_EQUAL(shares_spare(&shares), &n);
	share_end_idle(nobody, &n);
	share_end_idle(bob, &b[1]);
	CU_ASSERT_PTR_NULL(shares_spare(&shares));
	shares_deinit(&shares);
}

CU_TestInfo test_shares[] = {
	{ "clients take turns", clients_take_turns },
	{ "one clients tasks stay in order", one_clients_tasks_stay_in_order },
	{ "a share is used by calls or time or who waits",
	  a_share_is_used_by_calls_or_time_or_who_waits },
	{ "the large make way for the small",
	  the_large_make_way_for_the_small },
	{ "who has most makes room", who_has_most_makes_room },
	CU_TEST_INFO_NULL,
};
