/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "clients/cli/ranges.h"
#include "tests/support/suite.h"

enum {
	PLACES = 16
};

/* "..xx" has two addresses of four. */
static bool ranges_are(const struct ranges *ranges, const char *picture)
{
	char drawn[PLACES + 1] = "................";

	for (size_t i = 0; i < ranges->count; i++) {
		const struct range *range = &ranges->list[i];

		if (i && range->start <= ranges->list[i - 1].end)
			return false;
		memset(drawn + range->start, 'x', range->end - range->start);
	}
	return !strncmp(drawn, picture, strlen(picture));
}

static void parts_are_added_and_removed(void)
{
	static const struct {
		bool add;
		uint64_t start, end;
		const char *after;
	} rows[] = {
		{ true, 2, 4, "..xx............" },
		{ true, 8, 10, "..xx....xx......" },
		{ true, 4, 5, "..xxx...xx......" },
		{ true, 12, 13, "..xxx...xx..x..." },
		{ true, 9, 12, "..xxx...xxxxx..." },
		{ false, 3, 4, "..x.x...xxxxx..." },
		{ false, 0, 3, "....x...xxxxx..." },
		{ true, 3, 9, "...xxxxxxxxxx..." },
		{ false, 5, 16, "...xx..........." },
		{ false, 8, 9, "...xx..........." },
		{ true, 0, 1, "x..xx..........." },
		{ true, 0, 16, "xxxxxxxxxxxxxxxx" },
		{ false, 0, 16, "................" },
	};
	struct ranges ranges = { 0 };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].add)
			ranges_add(&ranges, rows[i].start, rows[i].end);
		else
			ranges_remove(&ranges, rows[i].start, rows[i].end);
		if (!ranges_are(&ranges, rows[i].after))
			CU_FAIL(rows[i].after);
	}
	ranges_reset(&ranges);
}

static void gaps_are_found_in_order(void)
{
	struct ranges ranges = { 0 }, copy;
	struct range gap;

	CU_ASSERT(ranges_next_gap(&ranges, 1, 9, &gap));
	CU_ASSERT_EQUAL(gap.start, 1);
	CU_ASSERT_EQUAL(gap.end, 9);
	ranges_add(&ranges, 1, 3);
	ranges_add(&ranges, 5, 6);
	copy = ranges_copy(&ranges);
	CU_ASSERT(ranges_next_gap(&copy, 1, 9, &gap));
	CU_ASSERT_EQUAL(gap.start, 3);
	CU_ASSERT_EQUAL(gap.end, 5);
	ranges_add(&copy, gap.start, gap.end);
	CU_ASSERT(ranges_next_gap(&copy, 1, 9, &gap));
	CU_ASSERT_EQUAL(gap.start, 6);
	CU_ASSERT_EQUAL(gap.end, 9);
	CU_ASSERT_FALSE(ranges_next_gap(&copy, 2, 6, &gap));
	CU_ASSERT(ranges_are(&ranges, ".xx..x.........."));
	ranges_reset(&ranges);
	ranges_reset(&copy);
}

CU_TestInfo test_ranges[] = {
	{ "parts are added and removed", parts_are_added_and_removed },
	{ "gaps are found in order", gaps_are_found_in_order },
	CU_TEST_INFO_NULL,
};
