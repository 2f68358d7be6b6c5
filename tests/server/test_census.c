/* SPDX-License-Identifier: MIT */
#include "server/census.h"

#include <limits.h>
#include "tests/support/suite.h"

enum {
	LOOPS = 3,
	ANY = 0,
	CLIENT_LAST = 65535
};

/* Of equals it is the one of the higher number. */
static bool is_higher(const void *ctx, uint32_t a, uint32_t b)
{
	(void)ctx;
	return a > b;
}

static struct census_most most_of(struct census *census, unsigned anonymous)
{
	return census_most(census, anonymous, is_higher, NULL);
}

static void enter(struct census *census, unsigned loop, uint32_t client,
		  unsigned times)
{
	while (times--)
		CU_ASSERT(census_enter(census, loop, client, ANY));
}

static void all_loops_count_together(void)
{
	struct census census;
	struct census_most most;

	CU_ASSERT(census_init(&census, LOOPS));
	CU_ASSERT_EQUAL(most_of(&census, UINT_MAX).conns, 0);
	enter(&census, 0, 1, 3); /* the most of any loop */
	enter(&census, 0, 2, 1);
	enter(&census, 1, 2, 1);
	enter(&census, 2, 2, 2);
	most = most_of(&census, UINT_MAX);
	CU_ASSERT_EQUAL(most.client, 2);
	CU_ASSERT_EQUAL(most.conns, 4);
	CU_ASSERT_EQUAL(most.loop, 2);
	census_leave(&census, 2, 2);
	census_leave(&census, 2, 2);
	most = most_of(&census, UINT_MAX);
	CU_ASSERT_EQUAL(most.client, 1);
	CU_ASSERT_EQUAL(most.loop, 0);
	census_deinit(&census);
}

static void of_equals_it_is_the_one_that_is_before(void)
{
	struct census census;

	CU_ASSERT(census_init(&census, LOOPS));
	enter(&census, 1, 7, 2);
	enter(&census, 0, 40, 2);
	enter(&census, 2, CLIENT_LAST, 1);
	CU_ASSERT_EQUAL(most_of(&census, UINT_MAX).client, 40);
	enter(&census, 2, CLIENT_LAST, 1);
	CU_ASSERT_EQUAL(most_of(&census, UINT_MAX).client, CLIENT_LAST);
	census_deinit(&census);
}

static void the_anonymous_come_first_beyond_their_part(void)
{
	struct census census;

	CU_ASSERT(census_init(&census, LOOPS));
	enter(&census, 0, 5, 9);
	enter(&census, 1, 0, 2);
	CU_ASSERT_EQUAL(most_of(&census, 2).client, 5);
	CU_ASSERT_EQUAL(most_of(&census, 1).client, 0);
	CU_ASSERT_EQUAL(most_of(&census, 1).conns, 2);
	CU_ASSERT_EQUAL(most_of(&census, 1).loop, 1);
	enter(&census, 1, 0, 8);
	CU_ASSERT_EQUAL(most_of(&census, UINT_MAX).client, 0);
	census_deinit(&census);
}

static void nobody_has_more_than_it_may(void)
{
	struct census census;

	CU_ASSERT(census_init(&census, LOOPS));
	CU_ASSERT(census_enter(&census, 0, 3, 2));
	CU_ASSERT(census_enter(&census, 1, 3, 2));
	CU_ASSERT(!census_enter(&census, 2, 3, 2));
	CU_ASSERT(census_enter(&census, 2, 4, 2));
	census_leave(&census, 0, 3);
	CU_ASSERT(census_enter(&census, 2, 3, 2));
	CU_ASSERT_EQUAL(most_of(&census, UINT_MAX).conns, 2);
	census_deinit(&census);
}

CU_TestInfo test_census[] = {
	{ "all loops count together", all_loops_count_together },
	{ "of equals it is the one that is before",
	  of_equals_it_is_the_one_that_is_before },
	{ "the anonymous come first beyond their part",
	  the_anonymous_come_first_beyond_their_part },
	{ "nobody has more than it may", nobody_has_more_than_it_may },
	CU_TEST_INFO_NULL,
};
