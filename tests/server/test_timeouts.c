/* SPDX-License-Identifier: MIT */
#include "server/timeouts.h"

#include <stddef.h>
#include "tests/support/suite.h"

static const unsigned ms[TIMEOUT_KINDS] = {
	[TIMEOUT_IDLE] = 100, [TIMEOUT_HEADER] = 10, [TIMEOUT_BODY] = 20,
	[TIMEOUT_WRITE] = 30, [TIMEOUT_LINGER] = 5,
};

static void nothing_waits_at_first(void)
{
	struct timeouts timeouts;

	timeouts_init(&timeouts, ms);
	CU_ASSERT_EQUAL(timeouts_next(&timeouts), UINT64_MAX);
	CU_ASSERT_PTR_NULL(timeouts_expired(&timeouts, UINT64_MAX));
}

static void earliest_of_all_kinds_expires_first(void)
{
	struct timeouts timeouts;
	struct timeout idle = { 0 }, header = { 0 }, body = { 0 };

	timeouts_init(&timeouts, ms);
	timeout_set(&timeouts, &idle, TIMEOUT_IDLE, 1000);
	timeout_set(&timeouts, &body, TIMEOUT_BODY, 1000);
	timeout_set(&timeouts, &header, TIMEOUT_HEADER, 1015);
	CU_ASSERT_EQUAL(timeouts_next(&timeouts), 1020);
	CU_ASSERT_PTR_NULL(timeouts_expired(&timeouts, 1019));
	CU_ASSERT_PTR_EQUAL(timeouts_expired(&timeouts, 1020), &body);
	timeout_set(&timeouts, &body, TIMEOUT_NONE, 1020);
	CU_ASSERT_EQUAL(timeouts_next(&timeouts), 1025);
	CU_ASSERT_PTR_EQUAL(timeouts_expired(&timeouts, 1100), &header);
	timeout_set(&timeouts, &header, TIMEOUT_NONE, 1100);
	CU_ASSERT_PTR_EQUAL(timeouts_expired(&timeouts, 1100), &idle);
}

static void same_kind_expires_in_order_of_setting(void)
{
	struct timeouts timeouts;
	struct timeout a = { 0 }, b = { 0 }, c = { 0 };

	timeouts_init(&timeouts, ms);
	timeout_set(&timeouts, &a, TIMEOUT_BODY, 1);
	timeout_set(&timeouts, &b, TIMEOUT_BODY, 2);
	timeout_set(&timeouts, &c, TIMEOUT_BODY, 3);
	timeout_set(&timeouts, &a, TIMEOUT_BODY, 4);
	CU_ASSERT_EQUAL(a.due, 24);
	CU_ASSERT_PTR_EQUAL(timeouts_expired(&timeouts, 50), &b);
	timeout_set(&timeouts, &b, TIMEOUT_NONE, 50);
	CU_ASSERT_PTR_EQUAL(timeouts_expired(&timeouts, 50), &c);
	timeout_set(&timeouts, &c, TIMEOUT_NONE, 50);
	CU_ASSERT_PTR_EQUAL(timeouts_expired(&timeouts, 50), &a);
	timeout_set(&timeouts, &a, TIMEOUT_NONE, 50);
	CU_ASSERT_PTR_NULL(timeouts_expired(&timeouts, 50));
}

static void clearing_twice_is_harmless(void)
{
	struct timeouts timeouts;
	struct timeout a = { 0 };

	timeouts_init(&timeouts, ms);
	timeout_set(&timeouts, &a, TIMEOUT_NONE, 1);
	timeout_set(&timeouts, &a, TIMEOUT_WRITE, 1);
	timeout_set(&timeouts, &a, TIMEOUT_NONE, 1);
	timeout_set(&timeouts, &a, TIMEOUT_NONE, 1);
	CU_ASSERT_EQUAL(timeouts_next(&timeouts), UINT64_MAX);
}

CU_TestInfo test_timeouts[] = {
	{ "nothing waits at first", nothing_waits_at_first },
	{ "earliest of all kinds expires first",
	  earliest_of_all_kinds_expires_first },
	{ "same kind expires in order of setting",
	  same_kind_expires_in_order_of_setting },
	{ "clearing twice is harmless", clearing_twice_is_harmless },
	CU_TEST_INFO_NULL,
};
