/* SPDX-License-Identifier: MIT */
#include "clients/cli/draw_diff.h"

#include <string.h>

#include "tests/cli/picture.h"
#include "tests/support/suite.h"

#define AREA(id, start, end)                                                   \
	"{'id': " #id ", 'start': '" start "', 'end': '" end                   \
	"', 'perms': 'rw-p', 'flags': [], 'name': null, 'rss': 0}"

static bool shows(const char *diff, const char *vmas, const char *expected)
{
	json_t *value = json_from(diff), *areas = json_from(vmas);
	struct picture picture;

	picture_begin(&picture);
	draw_diff(&picture.canvas, value, json_is_array(areas) ? areas : NULL);
	json_decref(value);
	json_decref(areas);
	return picture_is(&picture, expected);
}

static void nothing_is_said_to_be_nothing(void)
{
	CU_ASSERT(shows("{'areas': [], 'mm': {'seq': [3, 4]}, 'vmacache': {}, "
			"'rbtree': {'nodes': []}}",
			"[]", "  nothing differs\n"));
	CU_ASSERT(shows("{'areas': [], 'mm': null, 'vmacache': null, "
			"'rbtree': null}",
			"{}", "  nothing differs\n"));
}

#define SPLIT                                                                  \
	"{'areas': [{'id': 8, 'change': 'added', 'split_from': 7, "            \
	"'area': " AREA(                                                       \
		8, "0x5000",                                                   \
		"0x6000") "}, {'id': 7, 'change': 'changed', "                 \
			  "'fields': {'end': ['0x6000', '0x4000'], "           \
			  "'anon_vma': [null, 2]}}], "                         \
			  "'mm': {'map_count': [1, 2], 'seq': [0, 1]}, "       \
			  "'vmacache': {'slots': [[null, null, null, null], "  \
			  "[7, null, null, null]]}, 'rbtree': {'root': [7, "   \
			  "8], 'nodes': ["                                     \
			  "{'vma': 7, 'color': ['black', 'red'], 'left': "     \
			  "[null, 3]}]}}"

static void areas_come_by_address_with_where_they_are_from(void)
{
	CU_ASSERT(shows(
		SPLIT,
		"[" AREA(7, "0x3000", "0x4000") "," AREA(8, "0x5000",
							 "0x6000") "]",
		"~         3000-4000              4 KiB  rw-p                  "
		"   0 B  anonymous\n"
		"  end 0x6000 -> 0x4000, anon_vma none -> 2\n"
		"+         5000-6000              4 KiB  rw-p                  "
		"   0 B  anonymous\n"
		"  split from 3000-4000\n"
		"  map_count 1 -> 2\n"
		"  vmacache: slots - - - - -> 7 - - -\n"
		"  rbtree: root 7 -> 8\n"
		"  rbtree, area 7: color black -> red, left none -> 3\n"));
}

/* As where the difference is all that was asked for. */
static void unknown_areas_have_their_ids(void)
{
	CU_ASSERT(shows(
		SPLIT, "{}",
		"~ area 7\n"
		"  end 0x6000 -> 0x4000, anon_vma none -> 2\n"
		"+         5000-6000              4 KiB  rw-p                  "
		"   0 B  anonymous\n"
		"  split from area 7\n"
		"  map_count 1 -> 2\n"
		"  vmacache: slots - - - - -> 7 - - -\n"
		"  rbtree: root 7 -> 8\n"
		"  rbtree, area 7: color black -> red, left none -> 3\n"));
}

static void what_merged_or_moved_says_so(void)
{
	CU_ASSERT(shows(
		"{'areas': [{'id': 9, 'change': 'removed', 'merged_into': 7, "
		"'area': " AREA(9, "0x2000",
				"0x3000") "}, {'id': 7, 'change': 'moved', "
					  "'fields': {'start': ['0x1000', "
					  "'0x8000'], "
					  "'flags': [['rd', 'wr'], []]}}]}",
		"[" AREA(7, "0x8000", "0x9000") "]",
		"-         2000-3000              4 KiB  rw-p                  "
		"   0 B  anonymous\n"
		"  merged into 8000-9000\n"
		"~         8000-9000              4 KiB  rw-p                  "
		"   0 B  anonymous\n"
		"  moved: start 0x1000 -> 0x8000, flags rd wr -> \n"));
}

static void many_nodes_are_counted(void)
{
	json_t *nodes = json_array(), *diff;
	struct picture picture;
	int i;

	for (i = 0; i < 20; i++)
		json_array_append_new(nodes, json_pack("{s:i, s:[i, i]}", "vma",
						       i, "left", 1, 2));
	diff = json_pack("{s:[], s:{s:o}}", "areas", "rbtree", "nodes", nodes);
	picture_begin(&picture);
	draw_diff(&picture.canvas, diff, NULL);
	picture_finish(&picture);
	CU_ASSERT_PTR_NOT_NULL(strstr(picture.text,
				      "rbtree, area 11: left 1 -> 2\n"
				      "  rbtree: 8 more nodes\n"));
	picture_free(&picture);
	json_decref(diff);
}

CU_TestInfo test_draw_diff[] = {
	{ "nothing is said to be nothing", nothing_is_said_to_be_nothing },
	{ "areas come by address with where they are from",
	  areas_come_by_address_with_where_they_are_from },
	{ "unknown areas have their ids", unknown_areas_have_their_ids },
	{ "what merged or moved says so", what_merged_or_moved_says_so },
	{ "many nodes are counted", many_nodes_are_counted },
	CU_TEST_INFO_NULL,
};
