/* SPDX-License-Identifier: MIT */
#include "clients/cli/changes.h"
#include "tests/cli/picture.h"
#include "tests/support/suite.h"

#define AREA(id, start, end, perms)                                            \
	"{'id': " #id ", 'start': '" start "', 'end': '" end                   \
	"', 'perms': '" perms "', 'flags': [], 'name': null, 'rss': 0}"

static bool shows(const char *before, const char *after, const char *expected)
{
	json_t *was = json_from(before), *is = json_from(after);
	struct picture picture;

	picture_begin(&picture);
	changes_draw(&picture.canvas, was, is);
	json_decref(was);
	json_decref(is);
	return picture_is(&picture, expected);
}

static void same_state_shows_nothing(void)
{
	const char *state = "{'mm': {'total_vm': 1, 'seq': 4}, 'vmas': [" AREA(
		1, "0x1000", "0x2000", "rw-p") "]}";

	CU_ASSERT_TRUE(shows(state, state, ""));
	CU_ASSERT_TRUE(shows("{'mm': {'seq': 4}}", "{'mm': {'seq': 5}}", ""));
}

static void split_keeps_one_area_and_adds_another(void)
{
	CU_ASSERT_TRUE(shows(
		"{'mm': {'map_count': 1, 'brk': '0x9000'}, 'vmas': [" AREA(
			1, "0x1000", "0x9000", "rw-p") "]}",
		"{'mm': {'map_count': 2, 'brk': '0xa000'}, 'vmas': [" AREA(
			1, "0x1000", "0x3000",
			"rw-p") "," AREA(7, "0x5000", "0x9000", "rw-p") "]}",
		"~         1000-3000              8 KiB  rw-p                  "
		"   0 B  anonymous\n"
		"  was         1000-9000         rw-p\n"
		"+         5000-9000             16 KiB  rw-p                  "
		"   0 B  anonymous\n"
		"  map_count 1 -> 2, brk 0x9000 -> 0xa000\n"));
}

static void replaced_area_goes_before_the_new_one(void)
{
	CU_ASSERT_TRUE(
		shows("{'vmas': [" AREA(8, "0x1000", "0x2000", "rw-p") "]}",
		      "{'vmas': [" AREA(9, "0x1000", "0x2000", "r--p") "]}",
		      "-         1000-2000              4 KiB  rw-p            "
		      "         0 B  anonymous\n"
		      "+         1000-2000              4 KiB  r--p            "
		      "         0 B  anonymous\n"));
}

static void resident_pages_are_no_change_of_an_area(void)
{
	CU_ASSERT_TRUE(shows("{'mm': {'rss': 1}, 'vmas': [{'id': 1, 'start': "
			     "'0x1000', 'rss': 1}]}",
			     "{'mm': {'rss': 2}, 'vmas': [{'id': 1, 'start': "
			     "'0x1000', 'rss': 2}]}",
			     "  rss 1 -> 2\n"));
}

static void cache_use_is_told(void)
{
	CU_ASSERT_TRUE(shows("{}", "{'vmacache': {'calls': 1, 'hits': 0}}",
			     "  vmacache: 1 look-up, 0 hits\n"));
	CU_ASSERT_TRUE(shows("{}", "{'vmacache': {'calls': 2, 'hits': 1}}",
			     "  vmacache: 2 look-ups, 1 hit\n"));
	CU_ASSERT_TRUE(
		shows("{}", "{'vmacache': {'calls': 0, 'hits': 0}}", ""));
}

CU_TestInfo test_changes[] = {
	{ "same state shows nothing", same_state_shows_nothing },
	{ "split keeps one area and adds another",
	  split_keeps_one_area_and_adds_another },
	{ "replaced area goes before the new one",
	  replaced_area_goes_before_the_new_one },
	{ "resident pages are no change of an area",
	  resident_pages_are_no_change_of_an_area },
	{ "cache use is told", cache_use_is_told },
	CU_TEST_INFO_NULL,
};
