/* SPDX-License-Identifier: MIT */
/*
 * Lines of /proc/PID/maps: columns, names, hidden guard pages
 */
#include <string.h>

#include "core/world/proc.h"
#include "tests/core/world_fixture.h"
#include "tests/support/suite.h"

#define NO_FD ((uint64_t)-1)

static uint64_t map(struct world_fixture *f, uint64_t addr, uint64_t pages,
		    uint64_t flags)
{
	const uint64_t args[OP_MAX_ARGS] = {
		addr,
		pages << PAGE_SHIFT,
		PROT_READ | PROT_WRITE,
		flags | MAP_FIXED,
		NO_FD,
		0,
	};
	struct outcome out;

	CU_ASSERT_EQUAL_FATAL(fixture_apply(f, OP_MMAP, args, &out), WORLD_OK);
	return (uint64_t)out.ret;
}

static void names_begin_at_column_74_or_after_one_blank(void)
{
	const struct vm_area_struct *vma;
	size_t prefix_len, name_len;
	char prefix[MAPS_LINE_MAX];
	struct world_fixture f;
	const char *name;

	fixture_begin(&f);
	CU_ASSERT_EQUAL_FATAL(
		fixture_make_of(
			&f, "1000-2000 r--p 0 00:01 1 /short\n"
			    "7f0000000000-7f0000001000 r--p 7ffffffffff00000 "
			    "ff:fff 18446744073709551615 /long\n"),
		WORLD_OK);
	vma = fixture_mm(&f)->mmap;
	process_maps_line(fixture_process(&f), vma, prefix, &prefix_len, &name,
			  &name_len);
	CU_ASSERT_EQUAL(prefix_len, 73);
	CU_ASSERT_EQUAL(name_len, 6);
	CU_ASSERT_STRING_EQUAL(
		fixture_maps(&f),
		"00001000-00002000 r--p 00000000 00:01 1                       "
		"           /short\n"
		"7f0000000000-7f0000001000 r--p 7ffffffffff00000 ff:fff "
		"18446744073709551615  /long\n");
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static void anonymous_lines_end_with_one_blank(void)
{
	struct world_fixture f;

	fixture_begin(&f);
	CU_ASSERT_EQUAL_FATAL(fixture_make_of(&f, "1000-2000 rw-p 0\n"),
			      WORLD_OK);
	CU_ASSERT_STRING_EQUAL(fixture_maps(&f),
			       "00001000-00002000 rw-p 00000000 00:00 0 \n");
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static void lowest_page_of_a_growing_area_is_hidden(void)
{
	struct world_fixture f;

	/* One page of its own: the line is an empty range. */
	fixture_begin(&f);
	CU_ASSERT_EQUAL_FATAL(fixture_make_of(&f, ""), WORLD_OK);
	map(&f, 0x200000, 1, MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN);
	map(&f, 0x300000, 4, MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN);
	CU_ASSERT_STRING_EQUAL(fixture_maps(&f),
			       "00201000-00201000 rw-p 00000000 00:00 0 \n"
			       "00301000-00304000 rw-p 00000000 00:00 0 \n");
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static void page_below_a_growing_neighbour_is_shown(void)
{
	static const uint64_t read_only[OP_MAX_ARGS] = {
		0x302000,
		2 << PAGE_SHIFT,
		PROT_READ,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN | MAP_FIXED,
		NO_FD,
		0,
	};
	struct world_fixture f;
	struct outcome out;

	fixture_begin(&f);
	CU_ASSERT_EQUAL_FATAL(fixture_make_of(&f, ""), WORLD_OK);
	map(&f, 0x300000, 4, MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN);
	CU_ASSERT_EQUAL(fixture_apply(&f, OP_MMAP, read_only, &out), WORLD_OK);
	CU_ASSERT_STRING_EQUAL(fixture_maps(&f),
			       "00301000-00302000 rw-p 00000000 00:00 0 \n"
			       "00302000-00304000 r--p 00000000 00:00 0 \n");
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static void areas_that_touch_the_break_are_called_heap(void)
{
	static const uint64_t grow[OP_MAX_ARGS] = { 0x603000 };
	struct world_fixture f;
	struct outcome out;

	fixture_begin(&f);
	CU_ASSERT_EQUAL_FATAL(fixture_make(&f), WORLD_OK);
	map(&f, 0x605000, 1, MAP_PRIVATE | MAP_ANONYMOUS);
	CU_ASSERT_EQUAL(fixture_apply(&f, OP_BRK, grow, &out), WORLD_OK);
	CU_ASSERT_EQUAL(out.ret, 0x603000);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(fixture_maps(&f),
		       "00601000-00603000 rw-p 00000000 00:00 0                "
		       "                  [heap]\n"
		       "00605000-00606000 rw-p 00000000 00:00 0 \n"));
	map(&f, 0x603000, 1, MAP_SHARED | MAP_ANONYMOUS);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(fixture_maps(&f),
		       "00603000-00604000 rw-s 00000000 00:04 2                "
		       "                  /dev/zero (deleted)\n"));
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static void an_area_up_to_the_break_is_called_heap_too(void)
{
	struct world_fixture f;

	fixture_begin(&f);
	f.setup.mm[MM_START_BRK] = 0x3000;
	f.setup.mm_given = 1U << MM_START_BRK;
	CU_ASSERT_EQUAL_FATAL(fixture_make_of(&f, "1000-2000 rw-p 0\n"
						  "2000-3000 rw-p 0\n"
						  "3000-4000 rw-p 0\n"
						  "4000-5000 rw-p 0\n"),
			      WORLD_OK);
	CU_ASSERT_STRING_EQUAL(fixture_maps(&f),
			       "00001000-00002000 rw-p 00000000 00:00 0 \n"
			       "00002000-00003000 rw-p 00000000 00:00 0        "
			       "                          [heap]\n"
			       "00003000-00004000 rw-p 00000000 00:00 0        "
			       "                          [heap]\n"
			       "00004000-00005000 rw-p 00000000 00:00 0 \n");
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static void an_empty_heap_names_no_neighbour_in_later_releases(void)
{
	struct world_fixture f;

	fixture_begin(&f);
	f.setup.profile = kernel_profile_find("6.12", 4);
	CU_ASSERT_PTR_NOT_NULL_FATAL(f.setup.profile);
	f.setup.mm[MM_START_BRK] = 0x3000;
	f.setup.mm_given = 1U << MM_START_BRK;
	CU_ASSERT_EQUAL_FATAL(fixture_make_of(&f, "2000-3000 rw-p 0\n"
						  "3000-4000 rw-p 0\n"),
			      WORLD_OK);
	CU_ASSERT_STRING_EQUAL(fixture_maps(&f),
			       "00002000-00003000 rw-p 00000000 00:00 0 \n"
			       "00003000-00004000 rw-p 00000000 00:00 0 \n");
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static void the_area_at_start_stack_is_called_stack(void)
{
	struct world_fixture f;

	fixture_begin(&f);
	f.setup.mm[MM_START_STACK] = 0x5000;
	f.setup.mm_given = 1U << MM_START_STACK;
	CU_ASSERT_EQUAL_FATAL(fixture_make_of(&f, "2000-3000 rw-p 0\n"
						  "3000-5000 rw-p 0\n"
						  "6000-7000 rw-p 0 [stack]\n"),
			      WORLD_OK);
	CU_ASSERT_STRING_EQUAL(fixture_maps(&f),
			       "00002000-00003000 rw-p 00000000 00:00 0 \n"
			       "00003000-00005000 rw-p 00000000 00:00 0        "
			       "                          [stack]\n"
			       "00006000-00007000 rw-p 00000000 00:00 0        "
			       "                          [stack]\n");
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

static void vsyscall_is_shown_only_if_given(void)
{
	static const char line[] =
		"ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0       "
		"           [vsyscall]\n";
	struct world_fixture f;

	fixture_begin(&f);
	CU_ASSERT_EQUAL_FATAL(fixture_make_of(&f, line), WORLD_OK);
	CU_ASSERT_STRING_EQUAL(fixture_maps(&f), line);
	CU_ASSERT_EQUAL(fixture_mm(&f)->map_count, 0);
	CU_ASSERT_PTR_NULL(fixture_end(&f));

	fixture_begin(&f);
	CU_ASSERT_EQUAL_FATAL(fixture_make(&f), WORLD_OK);
	CU_ASSERT_PTR_NULL(process_gate_vma(fixture_process(&f)));
	CU_ASSERT_PTR_NULL(fixture_end(&f));
}

CU_TestInfo test_proc_maps[] = {
	{ "names begin at column 74 or after one blank",
	  names_begin_at_column_74_or_after_one_blank },
	{ "anonymous lines end with one blank",
	  anonymous_lines_end_with_one_blank },
	{ "lowest page of a growing area is hidden",
	  lowest_page_of_a_growing_area_is_hidden },
	{ "page below a growing neighbour is shown",
	  page_below_a_growing_neighbour_is_shown },
	{ "areas that touch the break are called heap",
	  areas_that_touch_the_break_are_called_heap },
	{ "an area up to the break is called heap, too",
	  an_area_up_to_the_break_is_called_heap_too },
	{ "an empty heap names no neighbour in later releases",
	  an_empty_heap_names_no_neighbour_in_later_releases },
	{ "the area at start_stack is called stack",
	  the_area_at_start_stack_is_called_stack },
	{ "vsyscall is shown only if given", vsyscall_is_shown_only_if_given },
	CU_TEST_INFO_NULL,
};
