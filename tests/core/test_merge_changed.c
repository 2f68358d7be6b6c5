/* SPDX-License-Identifier: MIT */
/*
 * When an area that changes becomes part of its neighbours: the kernel's cases
 * 4 to 8, and 1 to 3 with an area in the place of the gap. Behaviours J6 to J8.
 */
#include "core/mm/mm.h"
#include "tests/support/emulation.h"
#include "tests/support/mm_picture.h"
#include "tests/support/suite.h"

static void areas_that_change_join_their_neighbours(void)
{
	static const struct picture rows[] = {
		{ "J6 no neighbour agrees: split in three",
		  "rrrrrr",
		  { mprotect_at(2, 2, 'w') },
		  "rrwwrr",
		  0,
		  0 },
		{ "J6 case 4: the left part goes to the one before",
		  "wwrrrr",
		  { mprotect_at(2, 2, 'w') },
		  "wwwwrr",
		  0,
		  0 },
		{ "J6 case 5: the right part goes to the one after",
		  "rrrrww",
		  { mprotect_at(2, 2, 'w') },
		  "rrwwww",
		  0,
		  0 },
		{ "J6 case 6: the whole, between two: one area",
		  "wwrrww",
		  { mprotect_at(2, 2, 'w') },
		  "wwwwww",
		  0,
		  0 },
		{ "J6 case 7: the whole, with the one before",
		  "wwrrxx",
		  { mprotect_at(2, 2, 'w') },
		  "wwwwxx",
		  0,
		  0 },
		{ "J6 case 8: the whole, with the one after",
		  "xxrrww",
		  { mprotect_at(2, 2, 'w') },
		  "xxwwww",
		  0,
		  0 },
		{ "the whole, and nobody agrees",
		  "xxrrnn",
		  { mprotect_at(2, 2, 'w') },
		  "xxwwnn",
		  0,
		  0 },
		{ "several areas at once",
		  "rrxxnn",
		  { mprotect_at(0, 6, 'w') },
		  "wwwwww",
		  0,
		  0 },
		{ "parts of the first and the last",
		  "rrrxxnnn",
		  { mprotect_at(1, 6, 'w') },
		  "rwwwwwwn",
		  0,
		  0 },
		{ "P12 there and back again",
		  "rrrrrr",
		  { mprotect_at(2, 2, 'x'), mprotect_at(2, 2, 'r') },
		  "rrrrrr",
		  0,
		  0 },
		{ "P9 until the hole",
		  "rr.rr",
		  { mprotect_at(0, 5, 'w') },
		  "ww.rr",
		  -MM_ENOMEM,
		  0 },
		{ "P17 a split at max_map_count",
		  "rrrr",
		  { mprotect_at(1, 1, 'w') },
		  "rrrr",
		  -MM_ENOMEM,
		  1 },
		{ "a part of a file next to other memory",
		  "ffffxx",
		  { mprotect_at(2, 2, 'x') },
		  "ff??xx",
		  0,
		  0 },
		{ "J8 case 4: the one before has an anon_vma",
		  "aarrrr",
		  { mprotect_at(2, 2, 'w') },
		  "aaaarr",
		  0,
		  0 },
		{ "J8 case 5: the one after has an anon_vma",
		  "rrrraa",
		  { mprotect_at(2, 2, 'w') },
		  "rraaaa",
		  0,
		  0 },
		{ "J8 case 6: only the one after has one",
		  "wwrraa",
		  { mprotect_at(2, 2, 'w') },
		  "aaaaaa",
		  0,
		  0 },
		{ "J7 two anon_vmas: with the one before only",
		  "aarrbb",
		  { mprotect_at(2, 2, 'w') },
		  "aaaabb",
		  0,
		  0 },
	};

	CU_ASSERT_EQUAL(picture_check_all(rows, NR(rows)), 0);
}

/* Whose id the one area has that two become, "rrww" or "rraa". */
static void judge_survivor(const struct kernel_profile *profile, bool touched)
{
	const uint64_t start = PICTURE_BASE, middle = start + 2 * PAGE_SIZE;
	struct emulation_setup setup = emulation_defaults();
	const struct vm_area_struct *area;
	struct emulation emu;
	uint64_t before, next;

	setup.profile = profile;
	emulation_begin(&emu, &setup);
	emulation_mmap(&emu, start, 2, PROT_READ, MAP_FIXED);
	emulation_mmap(&emu, middle, 2, PROT_READ | PROT_WRITE, MAP_FIXED);
	if (touched)
		emulation_write(&emu, middle);
	before = emulation_area(&emu, start)->id;
	next = emulation_area(&emu, middle)->id;
	CU_ASSERT_NOT_EQUAL(before, next);
	CU_ASSERT_EQUAL(sys_mprotect(emu.task, start, 2 * PAGE_SIZE,
				     PROT_READ | PROT_WRITE),
			0);
	area = emulation_area(&emu, start);
	CU_ASSERT_PTR_EQUAL(area, emulation_area(&emu, middle));
	CU_ASSERT_EQUAL(area->vm_pgoff, start >> PAGE_SHIFT);
	CU_ASSERT_EQUAL(area->id,
			profile->kernel_release == KERNEL_4_0 ? before : next);
	CU_ASSERT_EQUAL(area->anon_vma != NULL, touched);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void case_8_keeps_the_next_area_since_4_10(void)
{
	const struct kernel_profile *profile;
	size_t i;

	for (i = 0; (profile = kernel_profile_at(i)); i++) {
		judge_survivor(profile, false);
		judge_survivor(profile, true);
	}
}

CU_TestInfo test_merge_changed[] = {
	{ "case 8 keeps the next area since 4.10",
	  case_8_keeps_the_next_area_since_4_10 },
	{ "J6-J8 areas that change join their neighbours",
	  areas_that_change_join_their_neighbours },
	CU_TEST_INFO_NULL,
};
