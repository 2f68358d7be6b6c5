/* SPDX-License-Identifier: MIT */
#include "clients/bench/pace.h"
#include "tests/support/suite.h"

static void times_are_evenly_spread(void)
{
	struct pace pace = { .start = 5000, .rate = 4 };

	CU_ASSERT_EQUAL(pace_next(&pace), 5000);
	pace.taken = 1;
	CU_ASSERT_EQUAL(pace_next(&pace), 250005000);
	pace.taken = 4;
	CU_ASSERT_EQUAL(pace_next(&pace), 1000005000);
}

static void rounding_does_not_add_up(void)
{
	struct pace pace = { .rate = 3, .taken = UINT64_C(3) * 86400 };

	CU_ASSERT_EQUAL(pace_next(&pace), UINT64_C(86400) * 1000000000);
	pace.taken++;
	CU_ASSERT_EQUAL(pace_next(&pace),
			UINT64_C(86400) * 1000000000 + 333333334);
}

static void the_highest_rate_does_not_wrap(void)
{
	struct pace pace = { .rate = PACE_RATE_MAX,
			     .taken = UINT64_C(86399999999999) };

	CU_ASSERT_EQUAL(pace_next(&pace), UINT64_C(86399999999999));
	CU_ASSERT_EQUAL(pace_due(&pace, UINT64_C(86399999999999)), 1);
}

static void nothing_is_due_before_the_start(void)
{
	const struct pace pace = { .start = 1000, .rate = 10 };

	CU_ASSERT_EQUAL(pace_due(&pace, 999), 0);
	CU_ASSERT_EQUAL(pace_due(&pace, 1000), 1);
}

/* What is due grows by one exactly when the next time comes. */
static void due_and_next_agree(void)
{
	static const uint64_t rates[] = { 1, 3, 7, 1000, 99991, 1000003 };

	for (unsigned i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
		struct pace pace = { .start = 77, .rate = rates[i] };

		for (; pace.taken < 2000; pace.taken++) {
			uint64_t next = pace_next(&pace);

			CU_ASSERT_EQUAL(pace_due(&pace, next - 1), 0);
			CU_ASSERT_EQUAL(pace_due(&pace, next), 1);
		}
	}
}

static void a_slow_server_moves_no_time(void)
{
	const struct pace pace = { .rate = 100, .taken = 10 };

	/* Ten were sent in time, then nothing for a second. */
	CU_ASSERT_EQUAL(pace_due(&pace, 1100000000), 101);
	CU_ASSERT_EQUAL(pace_next(&pace), 100000000);
}

CU_TestInfo test_pace[] = {
	{ "times are evenly spread", times_are_evenly_spread },
	{ "rounding does not add up", rounding_does_not_add_up },
	{ "the highest rate does not wrap", the_highest_rate_does_not_wrap },
	{ "nothing is due before the start", nothing_is_due_before_the_start },
	{ "due and next agree", due_and_next_agree },
	{ "a slow server moves no time", a_slow_server_moves_no_time },
	CU_TEST_INFO_NULL,
};
