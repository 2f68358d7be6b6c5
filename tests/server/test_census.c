/* SPDX-License-Identifier: MIT */
#include "server/census.h"

#include <limits.h>
#include "tests/support/suite.h"

enum {
	LOOPS = 3,
	ANY = 0,
	CLIENT_LAST = 65535
};

/* The higher the number, the longer; odd ones are not idle if there is a @ctx,
 * which counts the questions. */
static uint64_t idle_since(const void *ctx, uint32_t client)
{
	unsigned *const *asked = ctx;

	if (asked)
		++**asked;
	return asked && client % 2 ? UINT64_MAX : UINT32_MAX - client;
}

static struct census_most most_of(struct census *census, unsigned anonymous)
{
	return census_most(census, anonymous, idle_since, NULL);
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

static void of_equals_it_is_the_one_idle_for_longest(void)
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

/* Each in its turn comes into question, and there are few questions each time. */
static void of_many_equals_some_are_looked_at(void)
{
	enum {
		MANY = 10000
	};
	static bool chosen[MANY + 1];
	unsigned asked, *ctx = &asked, highest = 0, i;
	struct census census;
	struct census_most most;

	CU_ASSERT(census_init(&census, LOOPS));
	for (i = 1; i <= MANY; i++)
		enter(&census, i % LOOPS, i, 1);
	for (i = 0; i < MANY / (2 * CENSUS_ENOUGH) + 1; i++) {
		asked = 0;
		most = census_most(&census, UINT_MAX, idle_since, &ctx);
		CU_ASSERT_EQUAL(asked, 2 * CENSUS_ENOUGH);
		CU_ASSERT_EQUAL(most.conns, 1);
		CU_ASSERT(!chosen[most.client]);
		chosen[most.client] = true;
		if (most.client > highest)
			highest = most.client;
	}
	CU_ASSERT_EQUAL(highest, MANY);
	/* Who has more is found at once. */
	enter(&census, 0, 7, 1);
	asked = 0;
	CU_ASSERT_EQUAL(census_most(&census, UINT_MAX, idle_since, &ctx).client,
			7);
	CU_ASSERT_EQUAL(asked, 1);
	census_deinit(&census);
}

static void none_that_is_idle_is_looked_for_in_vain_for_ever(void)
{
	unsigned asked = 0, *ctx = &asked, i;
	struct census census;

	CU_ASSERT(census_init(&census, LOOPS));
	for (i = 0; i < 5000; i++)
		enter(&census, 0, 2 * i + 1, 1);
	CU_ASSERT_EQUAL(census_most(&census, UINT_MAX, idle_since, &ctx).conns,
			1);
	CU_ASSERT_EQUAL(asked, CENSUS_LOOKS);
	census_deinit(&census);
}

/* Whatever comes and goes, the largest is known. */
static void the_largest_is_known_at_any_time(void)
{
	enum {
		CLIENTS = 40,
		STEPS = 20000
	};
	unsigned conns[CLIENTS][LOOPS] = { { 0 } }, all[CLIENTS] = { 0 };
	uint64_t dice = 11;
	struct census census;
	unsigned step, i, wrong = 0, largest;

	CU_ASSERT(census_init(&census, LOOPS));
	for (step = 0; step < STEPS; step++) {
		const unsigned roll =
			(unsigned)((dice = dice * 25214903917 + 11) >> 20);
		const unsigned client = roll % CLIENTS,
			       loop = roll / CLIENTS % LOOPS;
		/* They grow, and shrink. */
		const bool comes = step / 1000 % 2
					   ? roll & 1 << 20 && roll & 1 << 21
					   : roll & 1 << 20 || roll & 1 << 21;

		if (comes) {
			census_enter(&census, loop, client, ANY);
		} else if (conns[client][loop]) {
			census_leave(&census, loop, client);
		} else {
			continue;
		}
		conns[client][loop] += comes ? 1 : -1u;
		all[client] += comes ? 1 : -1u;
		for (i = largest = 0; i < CLIENTS; i++)
			if (all[i] > largest)
				largest = all[i];
		wrong += census_largest(&census) != largest ||
			 most_of(&census, UINT_MAX).conns != largest ||
			 all[most_of(&census, UINT_MAX).client] != largest;
	}
	CU_ASSERT_EQUAL(wrong, 0);
	census_deinit(&census);
}

CU_TestInfo test_census[] = {
	{ "all loops count together", all_loops_count_together },
	{ "of equals it is the one idle for longest",
	  of_equals_it_is_the_one_idle_for_longest },
	{ "the anonymous come first beyond their part",
	  the_anonymous_come_first_beyond_their_part },
	{ "nobody has more than it may", nobody_has_more_than_it_may },
	{ "of many equals some are looked at",
	  of_many_equals_some_are_looked_at },
	{ "none that is idle is looked for in vain for ever",
	  none_that_is_idle_is_looked_for_in_vain_for_ever },
	{ "the largest is known at any time",
	  the_largest_is_known_at_any_time },
	CU_TEST_INFO_NULL,
};
