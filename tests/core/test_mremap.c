/* SPDX-License-Identifier: MIT */
/* What mremap moves, grows and leaves behind: behaviours R7 to R40. */
#include "tests/support/emulation.h"
#include "tests/support/mm_picture.h"
#include "tests/support/suite.h"

static void pictures(void)
{
	static const struct picture rows[] = {
		{ "R7 a tail goes",
		  "www.",
		  { resize_at(0, 3, 1) },
		  "w...",
		  0,
		  0 },
		{ "R8 a tail inside goes",
		  "wwww",
		  { resize_at(0, 3, 1) },
		  "w..w",
		  0,
		  0 },
		{ "R9 a tail of two areas goes",
		  "wwrr",
		  { resize_at(0, 4, 1) },
		  "w...",
		  0,
		  0 },
		{ "R11 into free space",
		  "ww...",
		  { resize_at(0, 2, 4) },
		  "wwww.",
		  0,
		  0 },
		{ "R12 something is in the way",
		  "ww.r",
		  { resize_at(0, 2, 4) },
		  "ww.r",
		  -MM_ENOMEM,
		  0 },
		{ "R11 only at the end of an area",
		  "www..",
		  { resize_at(0, 2, 3) },
		  "www..",
		  -MM_ENOMEM,
		  0 },
		{ "R14 across areas",
		  "wwrr..",
		  { resize_at(0, 4, 5) },
		  "wwrr..",
		  -MM_EFAULT,
		  0 },
		{ "R18 to a hole",
		  "ww....",
		  { move_to(0, 2, 3, 2) },
		  "...ww.",
		  0,
		  0 },
		{ "R18 with its pages",
		  "aa....",
		  { move_to(0, 2, 3, 2) },
		  "...AA.",
		  0,
		  0 },
		{ "R18 there and back",
		  "aa....",
		  { move_to(0, 2, 3, 2), move_to(3, 2, 0, 2) },
		  "aa....",
		  0,
		  0 },
		{ "R19 over others",
		  "ww.rrrr",
		  { move_to(0, 2, 4, 2) },
		  "...rwwr",
		  0,
		  0 },
		{ "R19 over parts of two",
		  "ww.rrxx",
		  { move_to(0, 2, 4, 2) },
		  "...rwwx",
		  0,
		  0 },
		{ "R20 shrinking",
		  "www.....",
		  { move_to(0, 3, 4, 1) },
		  "....w...",
		  0,
		  0 },
		{ "R20 shrinking downwards, into the hole before its tail",
		  "....wwww",
		  { move_to(4, 4, 0, 2) },
		  "ww......",
		  0,
		  0 },
		{ "R20 the same with pages",
		  "..aaaa",
		  { move_to(2, 4, 0, 2) },
		  "AA....",
		  0,
		  0 },
		{ "R21 shrinking inside",
		  "wwww.....",
		  { move_to(1, 2, 5, 1) },
		  "w..w.w...",
		  0,
		  0 },
		{ "R23 growing",
		  "ww.......",
		  { move_to(0, 2, 4, 4) },
		  "....wwww.",
		  0,
		  0 },
		{ "R22 what is left crosses areas",
		  "wwrrrr..nn",
		  { move_to(0, 5, 8, 3) },
		  "wwr..r....",
		  -MM_EFAULT,
		  0 },
		{ "R15 overlapping upwards",
		  "ww...",
		  { move_to(0, 2, 1, 2) },
		  "ww...",
		  -MM_EINVAL,
		  0 },
		{ "R15 overlapping downwards",
		  ".ww..",
		  { move_to(1, 2, 0, 2) },
		  ".ww..",
		  -MM_EINVAL,
		  0 },
		{ "R25 no old length: a second mapping",
		  "WW....",
		  { move_to(0, 0, 3, 2) },
		  "WW.WW.",
		  0,
		  0 },
		{ "the middle moves",
		  "www...",
		  { move_to(1, 1, 4, 1) },
		  "w.w.w.",
		  0,
		  0 },
		{ "the middle moves back, all is one",
		  "www...",
		  { move_to(1, 1, 4, 1), move_to(4, 1, 1, 1) },
		  "www...",
		  0,
		  0 },
		{ "touched, too",
		  "aaa...",
		  { move_to(1, 1, 4, 1), move_to(4, 1, 1, 1) },
		  "aaa...",
		  0,
		  0 },
		{ "moved next to its own kind",
		  "ww..w.",
		  { move_to(4, 1, 2, 1) },
		  "www...",
		  0,
		  0 },
		{ "what the kernel installed does not grow",
		  "vv...",
		  { resize_at(0, 2, 3) },
		  "vv...",
		  -MM_EFAULT,
		  0 },
		{ "three more areas must be possible",
		  "ww....",
		  { move_to(0, 2, 3, 2) },
		  "ww....",
		  -MM_ENOMEM,
		  4 },
	};

	CU_ASSERT_EQUAL(picture_check_releases(rows, NR(rows)), 0);
}

static void no_old_length_of_private_memory(void)
{
	static const struct picture until_4_12[] = {
		{ "R26 a fresh private mapping, paid for by the old one",
		  "ww....",
		  { move_to(0, 0, 3, 2) },
		  "uu.ww.",
		  0,
		  0 },
	};
	static const struct picture later[] = {
		{ "R26 refused",
		  "ww....",
		  { move_to(0, 0, 3, 2) },
		  "ww....",
		  -MM_EINVAL,
		  0 },
	};

	CU_ASSERT_EQUAL(
		picture_check_release(until_4_12, NR(until_4_12), "4.0"), 0);
	CU_ASSERT_EQUAL(picture_check_release(later, NR(later), "5.10"), 0);
	CU_ASSERT_EQUAL(picture_check_release(later, NR(later), "6.1"), 0);
	CU_ASSERT_EQUAL(picture_check_release(later, NR(later), "6.12"), 0);
}

static void growth_joins_what_comes_behind(void)
{
	static const struct picture until_5_10[] = {
		{ "R34 fills the gap",
		  "w.w",
		  { resize_at(0, 1, 2) },
		  "ww|w",
		  0,
		  0 },
	};
	static const struct picture later[] = {
		{ "R34 fills the gap",
		  "w.w",
		  { resize_at(0, 1, 2) },
		  "www",
		  0,
		  0 },
	};

	CU_ASSERT_EQUAL(
		picture_check_release(until_5_10, NR(until_5_10), "4.0"), 0);
	CU_ASSERT_EQUAL(
		picture_check_release(until_5_10, NR(until_5_10), "5.10"), 0);
	CU_ASSERT_EQUAL(picture_check_release(later, NR(later), "6.1"), 0);
	CU_ASSERT_EQUAL(picture_check_release(later, NR(later), "6.12"), 0);
}

static void the_source_can_stay(void)
{
	static const struct picture until_5_6[] = {
		{ "R1 unknown flag",
		  "ww....",
		  { move_and_keep(0, 2, 3) },
		  "ww....",
		  -MM_EINVAL,
		  0 },
	};
	static const struct picture later[] = {
		{ "R38 untouched",
		  "ww....",
		  { move_and_keep(0, 2, 3) },
		  "ww.ww.",
		  0,
		  0 },
		{ "R38 the pages go, the area stays",
		  "aa....",
		  { move_and_keep(0, 2, 3) },
		  "ww.AA.",
		  0,
		  0 },
		{ "R39 over others",
		  "aarrrr",
		  { move_and_keep(0, 2, 3) },
		  "wwrAAr",
		  0,
		  0 },
		{ "R40 a half",
		  "aaaa....",
		  { move_and_keep(2, 2, 5) },
		  "aaaa.AA.",
		  0,
		  0 },
		{ "what the kernel installed stays where it is",
		  "vv....",
		  { move_and_keep(0, 2, 3) },
		  "vv....",
		  -MM_EINVAL,
		  0 },
	};

	CU_ASSERT_EQUAL(picture_check_release(until_5_6, NR(until_5_6), "4.0"),
			0);
	CU_ASSERT_EQUAL(picture_check_release(later, NR(later), "5.10"), 0);
	CU_ASSERT_EQUAL(picture_check_release(later, NR(later), "6.1"), 0);
	CU_ASSERT_EQUAL(picture_check_release(later, NR(later), "6.12"), 0);
}

static void r38_locks_go_with_the_pages(void)
{
	struct emulation_setup setup = emulation_defaults();
	const uint64_t flags = MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP;
	struct emulation emu;

	setup.profile = kernel_profile_find("6.1", 3);
	emulation_begin(&emu, &setup);
	emulation_mmap(&emu, AT, 4, RW, MAP_FIXED | MAP_LOCKED);
	CU_ASSERT_EQUAL(sys_mremap(emu.task, AT + PAGES(1), PAGES(2), PAGES(2),
				   flags, AT + PAGES(10)),
			(int64_t)(AT + PAGES(10)));
	CU_ASSERT_FALSE(emulation_area(&emu, AT)->vm_flags & VM_LOCKED);
	CU_ASSERT_TRUE(emulation_area(&emu, AT + PAGES(10))->vm_flags &
		       VM_LOCKED);
	/* The two pages that stayed are forgotten, and count for ever. */
	CU_ASSERT_EQUAL(emu.mm.locked_vm, 4);
	CU_ASSERT_EQUAL(emulation_munmap(&emu, AT, 20), 0);
	CU_ASSERT_EQUAL(emu.mm.locked_vm, 2);
	CU_ASSERT_EQUAL(emu.mm.map_count, 0);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void a_move_takes_its_pages_along(void)
{
	const uint64_t to = AT + (1ULL << 30) - PAGES(2);
	struct emulation emu;

	emulation_begin(&emu, NULL);
	emulation_mmap(&emu, AT, 6, RW, MAP_FIXED);
	emulation_write(&emu, AT + PAGES(1));
	emulation_write(&emu, AT + PAGES(4));
	/* Across the border of two page tables, and of two above them. */
	CU_ASSERT_EQUAL(sys_mremap(emu.task, AT, PAGES(6), PAGES(6),
				   MREMAP_MAYMOVE | MREMAP_FIXED, to),
			(int64_t)to);
	CU_ASSERT_EQUAL(emulation_read(&emu, to + PAGES(1)), ACCESS_FAULT_NONE);
	CU_ASSERT_EQUAL(emulation_write(&emu, to + PAGES(4)),
			ACCESS_FAULT_NONE);
	CU_ASSERT_EQUAL(emulation_write(&emu, to + PAGES(2)),
			ACCESS_FAULT_MINOR);
	CU_ASSERT_EQUAL(emu.mm.rss_anon, 3);
	CU_ASSERT_EQUAL(emu.mm.total_vm, 6);
	CU_ASSERT_TRUE(emu.mm.hiwater_vm <= 6);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

/* Runs of 64 pages are cut at both ends, and land across two of them. */
static void a_move_within_a_table_shifts_its_pages(void)
{
	const uint64_t to = AT + PAGES(103);
	struct emulation emu;

	emulation_begin(&emu, NULL);
	emulation_mmap(&emu, AT, 68, RW, MAP_FIXED);
	emulation_write(&emu, AT + PAGES(1));
	emulation_write(&emu, AT + PAGES(2));
	emulation_read(&emu, AT + PAGES(65));
	emulation_write(&emu, AT + PAGES(66));
	CU_ASSERT_EQUAL(sys_mremap(emu.task, AT + PAGES(2), PAGES(64),
				   PAGES(64), MREMAP_MAYMOVE | MREMAP_FIXED,
				   to),
			(int64_t)to);
	CU_ASSERT_EQUAL(emu.mm.rss_anon, 3);
	CU_ASSERT_EQUAL(emu.mm.nr_ptes, 1);
	CU_ASSERT_EQUAL(emulation_write(&emu, AT + PAGES(1)),
			ACCESS_FAULT_NONE);
	CU_ASSERT_EQUAL(emulation_write(&emu, AT + PAGES(66)),
			ACCESS_FAULT_NONE);
	CU_ASSERT_EQUAL(emulation_write(&emu, to), ACCESS_FAULT_NONE);
	CU_ASSERT_EQUAL(emulation_read(&emu, to + PAGES(63)),
			ACCESS_FAULT_NONE);
	CU_ASSERT_EQUAL(emulation_write(&emu, to + PAGES(63)),
			ACCESS_FAULT_MINOR);
	CU_ASSERT_EQUAL(emulation_read(&emu, to + PAGES(1)),
			ACCESS_FAULT_MINOR);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

/* What is reserved must not depend on where the pages are now. */
static void locked_pages_at_the_end_grow_elsewhere(void)
{
	const uint64_t old = TASK_SIZE - PAGES(8), len = 40 << 20;
	struct emulation_setup setup = emulation_defaults();
	struct emulation emu;
	int64_t to;

	setup.rlimits.memlock = 2 * len;
	emulation_begin(&emu, &setup);
	emulation_mmap(&emu, old, 8, RW, MAP_FIXED | MAP_LOCKED);
	to = sys_mremap(emu.task, old, PAGES(8), len, MREMAP_MAYMOVE, 0);
	CU_ASSERT_TRUE(to > 0);
	CU_ASSERT_EQUAL(emu.mm.rss_anon, (int64_t)(len >> PAGE_SHIFT));
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

CU_TestInfo test_mremap[] = {
	{ "pictures", pictures },
	{ "no old length of private memory", no_old_length_of_private_memory },
	{ "growth joins what comes behind", growth_joins_what_comes_behind },
	{ "the source can stay", the_source_can_stay },
	{ "R38 locks go with the pages", r38_locks_go_with_the_pages },
	{ "a move takes its pages along", a_move_takes_its_pages_along },
	{ "a move within a table shifts its pages",
	  a_move_within_a_table_shifts_its_pages },
	{ "locked pages at the end grow elsewhere",
	  locked_pages_at_the_end_grow_elsewhere },
	CU_TEST_INFO_NULL,
};
