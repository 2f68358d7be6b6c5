/* SPDX-License-Identifier: MIT */
/* Where the heap may end: behaviours B1 to B17. */
#include "tests/support/emulation.h"
#include "tests/support/mm_picture.h"
#include "tests/support/suite.h"

#define HEAP EMULATION_BRK

/* brk answers the break that holds, whatever was asked for. */
static bool breaks_at(struct emulation *emu, uint64_t wanted, uint64_t held)
{
	return sys_brk(emu->task, wanted) == (int64_t)held &&
	       emu->mm.brk == held;
}

static void pictures(void)
{
	static const struct picture rows[] = {
		{ "the heap appears", "......", { brk_to(2) }, "ww....", 0, 0 },
		{ "B17 it grows in one piece",
		  "......",
		  { brk_to(2), brk_to(4) },
		  "wwww..",
		  0,
		  0 },
		{ "it shrinks",
		  "......",
		  { brk_to(4), brk_to(1) },
		  "w.....",
		  0,
		  0 },
		{ "it goes away",
		  "......",
		  { brk_to(4), brk_to(0) },
		  "......",
		  0,
		  0 },
		{ "B12 a mapping right at the break",
		  "..r...",
		  { brk_to(2) },
		  "..r...",
		  PICTURE_BASE,
		  0 },
		{ "B13 one spare page is needed",
		  "...r..",
		  { brk_to(2) },
		  "ww.r..",
		  0,
		  0 },
		{ "B13 no spare page",
		  "...r..",
		  { brk_to(3) },
		  "...r..",
		  PICTURE_BASE,
		  0 },
		{ "B12 growth into a mapping, the break stays",
		  "....r.",
		  { brk_to(2), brk_to(5) },
		  "ww..r.",
		  PICTURE_BASE + 2 * PAGE_SIZE,
		  0 },
		{ "B6 pieces of a heap go together",
		  "......",
		  { brk_to(5), mmap_at(2, 1, 'r'), brk_to(0) },
		  "......",
		  0,
		  0 },
		{ "B14 shrinking takes foreign areas away, too",
		  "......",
		  { brk_to(5), mmap_at(2, 2, 'x'), brk_to(1) },
		  "w.....",
		  0,
		  0 },
		{ "a hole in the heap stays a hole",
		  "......",
		  { brk_to(5), munmap_at(2, 1), brk_to(6) },
		  "ww.www",
		  0,
		  0 },
		{ "B16 at max_map_count",
		  "......",
		  { brk_to(1) },
		  "w.....",
		  0,
		  1 },
		{ "B16 above max_map_count",
		  "..r.r.",
		  { brk_to(1) },
		  "..r.r.",
		  PICTURE_BASE,
		  1 },
	};

	CU_ASSERT_EQUAL(picture_check_all(rows, NR(rows)), 0);
}

static void b1_b2_refusals_answer_the_old_break(void)
{
	struct emulation emu;
	uint64_t now = HEAP + 0x1234;

	emulation_begin(&emu, NULL);
	CU_ASSERT_TRUE(breaks_at(&emu, 0, HEAP));
	CU_ASSERT_TRUE(breaks_at(&emu, now, now));
	CU_ASSERT_TRUE(breaks_at(&emu, 0, now));
	CU_ASSERT_TRUE(breaks_at(&emu, HEAP - 1, now));
	CU_ASSERT_TRUE(breaks_at(&emu, UINT64_MAX, now));
	CU_ASSERT_TRUE(breaks_at(&emu, UINT64_MAX - PAGE_SIZE, now));
	CU_ASSERT_TRUE(breaks_at(&emu, TASK_SIZE + 1, now));
	CU_ASSERT_TRUE(breaks_at(&emu, 1ULL << 62, now));
	CU_ASSERT_TRUE(breaks_at(&emu, HEAP, HEAP));
	CU_ASSERT_EQUAL(emu.mm.map_count, 0);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void b3_b5_the_break_is_not_rounded(void)
{
	struct emulation emu;

	emulation_begin(&emu, NULL);
	CU_ASSERT_TRUE(breaks_at(&emu, HEAP + 1, HEAP + 1));
	CU_ASSERT_EQUAL(emu.mm.mmap->vm_end, HEAP + PAGE_SIZE);
	CU_ASSERT_TRUE(breaks_at(&emu, HEAP + 0xfff, HEAP + 0xfff));
	CU_ASSERT_TRUE(breaks_at(&emu, HEAP + 0x1000, HEAP + 0x1000));
	CU_ASSERT_EQUAL(emu.mm.mmap->vm_end, HEAP + PAGE_SIZE);
	CU_ASSERT_EQUAL(emu.mm.vmacache_seqnum, 0);
	CU_ASSERT_TRUE(breaks_at(&emu, HEAP + 0x1001, HEAP + 0x1001));
	CU_ASSERT_EQUAL(emu.mm.mmap->vm_end, HEAP + 2 * PAGE_SIZE);
	CU_ASSERT_TRUE(breaks_at(&emu, HEAP + 1, HEAP + 1));
	CU_ASSERT_EQUAL(emu.mm.mmap->vm_end, HEAP + PAGE_SIZE);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void b4_growing_and_shrinking_by_odd_sizes(void)
{
	const uint64_t odd = 2 * PAGE_SIZE - 1, middle = HEAP + 0x10000;
	struct emulation emu;
	int i;

	emulation_begin(&emu, NULL);
	CU_ASSERT_TRUE(breaks_at(&emu, middle, middle));
	for (i = 0; i < 33; i++) {
		CU_ASSERT_TRUE(breaks_at(&emu, middle + odd, middle + odd));
		CU_ASSERT_NOT_EQUAL(emulation_write(&emu, middle + odd - 1),
				    ACCESS_FAULT_SIGSEGV);
		CU_ASSERT_TRUE(breaks_at(&emu, middle, middle));
		CU_ASSERT_TRUE(breaks_at(&emu, middle - odd, middle - odd));
		CU_ASSERT_TRUE(breaks_at(&emu, middle, middle));
	}
	CU_ASSERT_EQUAL(emu.mm.map_count, 1);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void b9_b10_b11_rlimit_data(void)
{
	struct emulation emu;
	struct emulation_setup setup = emulation_defaults();

	setup.rlimits.data = 0x3000;
	emulation_begin(&emu, &setup);
	/* The data segment counts, unrounded. */
	emu.mm.start_data = 0x600000;
	emu.mm.end_data = 0x600800;
	CU_ASSERT_TRUE(breaks_at(&emu, HEAP + 0x2801, HEAP));
	CU_ASSERT_TRUE(breaks_at(&emu, HEAP + 0x2800, HEAP + 0x2800));
	/* Within the last page, too. */
	CU_ASSERT_TRUE(breaks_at(&emu, HEAP + 0x2801, HEAP + 0x2800));
	emu.mm.rlimits.data = 0;
	CU_ASSERT_TRUE(breaks_at(&emu, HEAP + 0x2801, HEAP + 0x2800));
	/* Even the present break is too much then; and less, too. */
	CU_ASSERT_TRUE(breaks_at(&emu, HEAP + 0x1000, HEAP + 0x2800));
	emu.mm.rlimits.data = RLIM_INFINITY;
	CU_ASSERT_TRUE(breaks_at(&emu, HEAP + 0x9001, HEAP + 0x9001));
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void rlimit_as_to_the_page(void)
{
	struct emulation emu;
	struct emulation_setup setup = emulation_defaults();

	setup.rlimits.as = 4 * PAGE_SIZE + 1; /* a part of a page is nothing */
	emulation_begin(&emu, &setup);
	CU_ASSERT_TRUE(breaks_at(&emu, HEAP + 4 * PAGE_SIZE + 1, HEAP));
	CU_ASSERT_TRUE(
		breaks_at(&emu, HEAP + 4 * PAGE_SIZE, HEAP + 4 * PAGE_SIZE));
	CU_ASSERT_TRUE(
		breaks_at(&emu, HEAP + 5 * PAGE_SIZE, HEAP + 4 * PAGE_SIZE));
	CU_ASSERT_TRUE(breaks_at(&emu, HEAP + PAGE_SIZE, HEAP + PAGE_SIZE));
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void b14_shrinking_is_always_allowed(void)
{
	struct emulation emu;

	emulation_begin(&emu, NULL);
	CU_ASSERT_TRUE(breaks_at(&emu, HEAP + 0x8000, HEAP + 0x8000));
	emu.mm.rlimits.as = 0;
	emu.machine.sysctl.max_map_count = 0;
	CU_ASSERT_TRUE(breaks_at(&emu, HEAP + 0x4000, HEAP + 0x4000));
	CU_ASSERT_TRUE(breaks_at(&emu, HEAP + 0x5000, HEAP + 0x4000));
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void b15_a_locked_heap_is_populated(void)
{
	struct emulation emu;

	emulation_begin(&emu, NULL);
	emu.mm.def_flags = VM_LOCKED;
	CU_ASSERT_TRUE(
		breaks_at(&emu, HEAP + 4 * PAGE_SIZE, HEAP + 4 * PAGE_SIZE));
	CU_ASSERT_TRUE(emu.mm.mmap->vm_flags & VM_LOCKED);
	CU_ASSERT_EQUAL(emu.mm.locked_vm, 4);
	CU_ASSERT_EQUAL(emu.mm.rss_anon, 4);
	/* RLIMIT_MEMLOCK: 16 pages. */
	CU_ASSERT_TRUE(
		breaks_at(&emu, HEAP + 17 * PAGE_SIZE, HEAP + 4 * PAGE_SIZE));
	CU_ASSERT_TRUE(
		breaks_at(&emu, HEAP + 16 * PAGE_SIZE, HEAP + 16 * PAGE_SIZE));
	CU_ASSERT_EQUAL(emu.mm.rss_anon, 16);
	emu.mm.uid = 0;
	CU_ASSERT_TRUE(
		breaks_at(&emu, HEAP + 17 * PAGE_SIZE, HEAP + 17 * PAGE_SIZE));
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void the_heap_is_private_writable_data(void)
{
	struct emulation emu;

	emulation_begin(&emu, NULL);
	CU_ASSERT_TRUE(breaks_at(&emu, HEAP + 1, HEAP + 1));
	CU_ASSERT_EQUAL(emu.mm.mmap->vm_flags,
			VM_DATA_DEFAULT_FLAGS | VM_ACCOUNT | VM_SOFTDIRTY);
	CU_ASSERT_EQUAL(emu.mm.mmap->vm_pgoff, HEAP >> PAGE_SHIFT);
	CU_ASSERT_EQUAL(emu.mm.total_vm, 1);
	CU_ASSERT_EQUAL(emu.machine.committed_as, 1);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

/* do_brk() judges its address as mmap does. */
static void a_heap_below_mmap_min_addr_is_refused(void)
{
	struct emulation emu;

	emulation_begin(&emu, NULL);
	emu.mm.start_brk = 0x8000;
	emu.mm.brk = 0x8000;
	CU_ASSERT_TRUE(breaks_at(&emu, 0x9000, 0x8000));
	emu.mm.uid = 0;
	CU_ASSERT_TRUE(breaks_at(&emu, 0x9000, 0x9000));
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void the_heap_ends_at_task_size(void)
{
	const uint64_t start = TASK_SIZE - 4 * PAGE_SIZE;
	struct emulation emu;

	emulation_begin(&emu, NULL);
	emu.mm.start_brk = start;
	emu.mm.brk = start;
	CU_ASSERT_TRUE(breaks_at(&emu, TASK_SIZE + PAGE_SIZE, start));
	CU_ASSERT_TRUE(breaks_at(&emu, TASK_SIZE + 1, start));
	CU_ASSERT_TRUE(breaks_at(&emu, TASK_SIZE, TASK_SIZE));
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

CU_TestInfo test_brk[] = {
	{ "B6 B12-B14 B16 B17 pictures", pictures },
	{ "B1 B2 refusals answer the old break",
	  b1_b2_refusals_answer_the_old_break },
	{ "B3 B5 the break is not rounded", b3_b5_the_break_is_not_rounded },
	{ "B4 growing and shrinking by odd sizes",
	  b4_growing_and_shrinking_by_odd_sizes },
	{ "B9 B10 B11 RLIMIT_DATA", b9_b10_b11_rlimit_data },
	{ "RLIMIT_AS to the page", rlimit_as_to_the_page },
	{ "B14 shrinking is always allowed", b14_shrinking_is_always_allowed },
	{ "B15 a locked heap is populated", b15_a_locked_heap_is_populated },
	{ "the heap is private writable data",
	  the_heap_is_private_writable_data },
	{ "a heap below mmap_min_addr is refused",
	  a_heap_below_mmap_min_addr_is_refused },
	{ "the heap ends at TASK_SIZE", the_heap_ends_at_task_size },
	CU_TEST_INFO_NULL,
};
