/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>

#include "clients/bench/tally.h"
#include "tests/support/suite.h"

static void kinds_are_counted_apart(void)
{
	struct tally *tally = calloc(1, sizeof(*tally));

	CU_ASSERT_FATAL(tally != NULL);
	tally_error(tally, "wrong answer", "the first", 1);
	tally_error(tally, "timed out", "", 2);
	tally_error(tally, "wrong answer", "the second", 3);
	CU_ASSERT_EQUAL(tally->kinds, 2);
	CU_ASSERT_EQUAL(tally->error_count, 6);
	CU_ASSERT_EQUAL(tally->errors[0].count, 4);
	CU_ASSERT_STRING_EQUAL(tally->errors[0].example, "the first");
	CU_ASSERT_EQUAL(tally->errors[1].count, 2);
	free(tally);
}

static void no_error_is_lost_when_kinds_run_out(void)
{
	struct tally *tally = calloc(1, sizeof(*tally));
	uint64_t sum = 0;
	char kind[32];

	CU_ASSERT_FATAL(tally != NULL);
	for (int i = 0; i < 100; i++) {
		snprintf(kind, sizeof(kind), "kind %d", i);
		tally_error(tally, kind, "", 1);
	}
	CU_ASSERT_EQUAL(tally->kinds, TALLY_KINDS_MAX);
	CU_ASSERT_EQUAL(tally->error_count, 100);
	for (unsigned i = 0; i < tally->kinds; i++)
		sum += tally->errors[i].count;
	CU_ASSERT_EQUAL(sum, 100);
	CU_ASSERT_STRING_EQUAL(tally->errors[TALLY_KINDS_MAX - 1].kind,
			       "other");
	free(tally);
}

CU_TestInfo test_tally[] = {
	{ "kinds are counted apart", kinds_are_counted_apart },
	{ "no error is lost when kinds run out",
	  no_error_is_lost_when_kinds_run_out },
	CU_TEST_INFO_NULL,
};
