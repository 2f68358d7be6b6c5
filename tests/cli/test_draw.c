/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "clients/cli/draw.h"
#include "tests/cli/picture.h"
#include "tests/support/suite.h"

static const char snapshot_text[] =
	"{'mm': {'total_vm': 39, 'rss': 2, 'brk': '0x401000', 'mmap_base': "
	"'0x7ffff7fff000',"
	" 'task_size': '0x7ffffffff000'},"
	" 'vmas': ["
	"{'id': 4, 'start': '0x400000', 'end': '0x401000', 'perms': 'r-xp',"
	" 'flags': ['rd', 'ex', 'mr', 'mw', 'me'], 'name': '/bin/x', 'rss': 1},"
	"{'id': 9, 'start': '0x401000', 'end': '0x403000', 'perms': 'rw-p',"
	" 'flags': ['rd', 'wr', 'gd', 'ac'], 'name': null, 'rss': 0},"
	"{'id': 2, 'start': '0x7ffffffde000', 'end': '0x7ffffffff000', "
	"'perms': 'rw-p',"
	" 'flags': [], 'name': '[stack]', 'rss': 1}],"
	" 'vmacache': {'seqnum': 3, 'find_calls': 12, 'find_hits': 5, "
	"'full_flushes': 0,"
	" 'slots': [9, null, 77, 2]},"
	" 'rbtree': {'root': 9, 'nodes': ["
	"{'vma': 4, 'left': null, 'right': null, 'parent': 9, 'color': 'red', "
	"'subtree_gap': '0x400000'},"
	"{'vma': 9, 'left': 4, 'right': 2, 'parent': null, 'color': 'black',"
	" 'subtree_gap': '0x7fffffbdb000'},"
	"{'vma': 2, 'left': null, 'right': null, 'parent': 9, 'color': 'red',"
	" 'subtree_gap': '0x7fffffbdb000'}]},"
	" 'pagetable': {'pgd': 1, 'p4d': 0, 'pud': 2, 'pmd': 2, 'pte': 2,"
	" 'resident': [['0x400000', '0x401000'], ['0x7fffffffe000', "
	"'0x7ffffffff000']]}}";

static bool draws(void (*draw)(const struct canvas *, const json_t *),
		  const char *json, const char *expected)
{
	json_t *snapshot = json_from(json);
	struct picture picture;

	picture_begin(&picture);
	draw(&picture.canvas, snapshot);
	json_decref(snapshot);
	return picture_is(&picture, expected);
}

static void space_shows_areas_and_folds_gaps(void)
{
	CU_ASSERT_TRUE(draws(draw_space, snapshot_text,
			     "3 areas, 156 KiB mapped, 8 KiB resident; break "
			     "0x401000, mmap base 0x7ffff7fff000\n"
			     "         start-end                size  perm  "
			     "flags         resident  name\n"
			     "           ...                   4 MiB  free\n"
			     "        400000-401000            4 KiB  r-xp     "
			     "              4 KiB  /bin/x\n"
			     "        401000-403000            8 KiB  rw-p  gd "
			     "ac              0 B  anonymous\n"
			     "           ...               127.9 TiB  free\n"
			     "  7ffffffde000-7ffffffff000    132 KiB  rw-p     "
			     "              4 KiB  [stack]\n"));
}

static void tree_lies_on_its_side(void)
{
	CU_ASSERT_TRUE(draws(
		draw_tree, snapshot_text,
		"rbtree: 3 nodes, R red, B black; gap: the largest beneath\n"
		"  ,-- R 400000-401000 /bin/x  gap 4 MiB\n"
		"  B 401000-403000  gap 127.9 TiB\n"
		"  `-- R 7ffffffde000-7ffffffff000 [stack]  gap 127.9 TiB\n"));
}

static void tree_lines_lead_to_the_parent(void)
{
	CU_ASSERT_TRUE(draws(
		draw_tree,
		"{'vmas': [{'id': 1, 'start': '0x1000', 'end': '0x2000'},"
		" {'id': 2, 'start': '0x3000', 'end': '0x4000'},"
		" {'id': 3, 'start': '0x5000', 'end': '0x6000'},"
		" {'id': 4, 'start': '0x7000', 'end': '0x8000'}],"
		" 'rbtree': {'root': 1, 'nodes': ["
		"{'vma': 1, 'left': null, 'right': 4, 'color': 'black', "
		"'subtree_gap': '0x0'},"
		"{'vma': 4, 'left': 2, 'right': null, 'color': 'red', "
		"'subtree_gap': '0x0'},"
		"{'vma': 2, 'left': null, 'right': 3, 'color': 'black', "
		"'subtree_gap': '0x0'},"
		"{'vma': 3, 'left': null, 'right': null, 'color': 'red', "
		"'subtree_gap': '0x0'}]}}",
		"rbtree: 4 nodes, R red, B black; gap: the largest beneath\n"
		"  B 1000-2000  gap 0 B\n"
		"  |   ,-- B 3000-4000  gap 0 B\n"
		"  |   |   `-- R 5000-6000  gap 0 B\n"
		"  `-- R 7000-8000  gap 0 B\n"));
}

static void tree_that_is_none_ends(void)
{
	json_t *snapshot = json_from(
		"{'vmas': [{'id': 1, 'start': '0x1000', 'end': '0x2000'}],"
		" 'rbtree': {'root': 1, 'nodes': [{'vma': 1, 'left': null,"
		" 'right': 1, 'color': 'red', 'subtree_gap': '0x0'}]}}");
	struct picture picture;

	picture_begin(&picture);
	draw_tree(&picture.canvas, snapshot);
	picture_finish(&picture);
	CU_ASSERT_PTR_NOT_NULL(strstr(picture.text, "R 1000-2000"));
	picture_free(&picture);
	json_decref(snapshot);
}

static void cache_shows_slots_and_rate(void)
{
	CU_ASSERT_TRUE(draws(draw_cache, snapshot_text,
			     "vmacache: sequence number 3, 12 look-ups, 5 hits "
			     "(41 %), 0 full flushes\n"
			     "  slot 0  401000-403000\n"
			     "  slot 1  empty\n"
			     "  slot 2  an area that is gone\n"
			     "  slot 3  7ffffffde000-7ffffffff000 [stack]\n"));
}

static void pagetable_shows_levels_and_pages(void)
{
	CU_ASSERT_TRUE(
		draws(draw_pagetable, snapshot_text,
		      "page tables: 1 pgd 2 pud 2 pmd 2 pte\n"
		      "        400000-401000            4 KiB resident\n"
		      "  7fffffffe000-7ffffffff000      4 KiB resident\n"));
}

static void parts_a_release_lacks_are_told(void)
{
	CU_ASSERT_TRUE(draws(draw_tree, "{'rbtree': null}",
			     "rbtree: this release keeps none\n"));
	CU_ASSERT_TRUE(draws(draw_cache, "{'vmacache': null}",
			     "vmacache: this release keeps none\n"));
}

static void sizes_are_cut_not_rounded(void)
{
	static const struct {
		uint64_t bytes;
		const char *text;
	} rows[] = {
		{ 0, "0 B" },
		{ 1023, "1023 B" },
		{ 1024, "1 KiB" },
		{ 1536, "1.5 KiB" },
		{ 1126, "1 KiB" },
		{ 1127, "1.1 KiB" },
		{ (1 << 20) - 1, "1023.9 KiB" },
		{ 0x7fffffbdb000, "127.9 TiB" },
		{ UINT64_MAX, "15.9 EiB" },
	};
	char text[SIZE_TEXT];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		CU_ASSERT_STRING_EQUAL(size_text(text, rows[i].bytes),
				       rows[i].text);
}

CU_TestInfo test_draw[] = {
	{ "space shows areas and folds gaps",
	  space_shows_areas_and_folds_gaps },
	{ "tree lies on its side", tree_lies_on_its_side },
	{ "tree lines lead to the parent", tree_lines_lead_to_the_parent },
	{ "tree that is none ends", tree_that_is_none_ends },
	{ "cache shows slots and rate", cache_shows_slots_and_rate },
	{ "pagetable shows levels and pages",
	  pagetable_shows_levels_and_pages },
	{ "parts a release lacks are told", parts_a_release_lacks_are_told },
	{ "sizes are cut, not rounded", sizes_are_cut_not_rounded },
	CU_TEST_INFO_NULL,
};
