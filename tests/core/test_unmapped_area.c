/* SPDX-License-Identifier: MIT */
/* Where a mapping lands: behaviours L10 to L17 and L37 to L40, M14 to M16. */
#include "tests/support/emulation.h"
#include "tests/support/suite.h"

#define LEGACY_BASE  PAGE_ALIGN(TASK_SIZE / 3)
#define TOPDOWN_BASE (TASK_SIZE - (128ULL << 20))

/* Cover [start, end) with memory that costs nothing and never merges. */
static void occupy(struct emulation *emu, uint64_t start, uint64_t end)
{
	struct area_setup area = {
		.start = start,
		.end = end,
		.vm_flags = VM_MAYREAD | VM_PFNMAP | VM_DONTEXPAND,
		.special = VM_SPECIAL_VVAR,
	};

	CU_ASSERT_EQUAL(mm_install_area(&emu->mm, &area), 0);
}

static void l38_layout_follows_the_stack_limit(void)
{
	static const struct {
		uint64_t stack;
		int64_t base;
	} rows[] = {
		{ 0, TOPDOWN_BASE },
		{ 8 << 20, TOPDOWN_BASE },
		{ 128 << 20, TOPDOWN_BASE },
		{ (128 << 20) + 1, TOPDOWN_BASE },
		{ (128 << 20) + 4096, TOPDOWN_BASE - PAGE_SIZE },
		{ 1ULL << 40, TASK_SIZE - (1ULL << 40) },
		{ TASK_SIZE, PAGE_ALIGN(TASK_SIZE - TASK_SIZE / 6 * 5) },
		{ RLIM_INFINITY - 1,
		  PAGE_ALIGN(TASK_SIZE - TASK_SIZE / 6 * 5) },
	};
	struct emulation_setup setup = emulation_defaults();
	struct emulation emu;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		setup.rlimits.stack = rows[i].stack;
		emulation_begin(&emu, &setup);
		CU_ASSERT_EQUAL((int64_t)emu.mm.mmap_base, rows[i].base);
		CU_ASSERT_TRUE(emu.mm.topdown);
		CU_ASSERT_EQUAL(emulation_mmap(&emu, 0, 1, RW, 0),
				rows[i].base - PAGES(1));
		CU_ASSERT_PTR_NULL(emulation_end(&emu));
	}
}

static void l39_l40_legacy_layout(void)
{
	struct emulation_setup setup = emulation_defaults();
	struct emulation emu;
	int by_sysctl;

	for (by_sysctl = 0; by_sysctl < 2; by_sysctl++) {
		setup = emulation_defaults();
		if (by_sysctl)
			setup.sysctl.legacy_va_layout = 1;
		else
			setup.rlimits.stack = RLIM_INFINITY;
		emulation_begin(&emu, &setup);
		CU_ASSERT_FALSE(emu.mm.topdown);
		CU_ASSERT_EQUAL(emu.mm.mmap_base, LEGACY_BASE);
		CU_ASSERT_EQUAL(emu.mm.mmap_legacy_base, LEGACY_BASE);
		CU_ASSERT_EQUAL(emulation_mmap(&emu, 0, 2, RW, 0), LEGACY_BASE);
		CU_ASSERT_EQUAL(emulation_mmap(&emu, 0, 2, PROT_READ, 0),
				LEGACY_BASE + PAGES(2));
		CU_ASSERT_EQUAL(emulation_munmap(&emu, LEGACY_BASE, 1), 0);
		CU_ASSERT_EQUAL(emulation_mmap(&emu, 0, 2, RW, 0),
				LEGACY_BASE + PAGES(4));
		CU_ASSERT_EQUAL(emulation_mmap(&emu, 0, 1, RW, 0), LEGACY_BASE);
		CU_ASSERT_PTR_NULL(emulation_end(&emu));
	}
}

/* The legacy layout has nothing to fall back to: what is below is not used. */
static void the_legacy_layout_ends_at_task_size(void)
{
	struct emulation_setup setup = emulation_defaults();
	struct emulation emu;

	setup.sysctl.legacy_va_layout = 1;
	emulation_begin(&emu, &setup);
	occupy(&emu, LEGACY_BASE, TASK_SIZE - PAGES(2));
	CU_ASSERT_EQUAL(emulation_mmap(&emu, 0, 3, RW, 0), -MM_ENOMEM);
	CU_ASSERT_EQUAL(emulation_mmap(&emu, 0, 2, RW, 0),
			TASK_SIZE - PAGES(2));
	CU_ASSERT_EQUAL(emulation_mmap(&emu, 0, 1, RW, 0), -MM_ENOMEM);
	/* But a hint reaches it. */
	CU_ASSERT_EQUAL(emulation_mmap(&emu, AT, 1, RW, 0), AT);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void l10_mappings_pile_up_downwards(void)
{
	struct emulation emu;
	int64_t base;

	emulation_begin(&emu, NULL);
	base = (int64_t)emu.mm.mmap_base;
	CU_ASSERT_EQUAL(emulation_mmap(&emu, 0, 2, RW, 0), base - PAGES(2));
	CU_ASSERT_EQUAL(emulation_mmap(&emu, 0, 3, RW, 0), base - PAGES(5));
	CU_ASSERT_EQUAL(emu.mm.map_count, 1);
	CU_ASSERT_EQUAL(emulation_mmap(&emu, 0, 1, PROT_READ, 0),
			base - PAGES(6));
	CU_ASSERT_EQUAL(emu.mm.map_count, 2);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void the_highest_gap_that_is_long_enough_is_taken(void)
{
	struct emulation emu;
	int64_t base;

	emulation_begin(&emu, NULL);
	base = (int64_t)emu.mm.mmap_base;
	emulation_mmap(&emu, 0, 100, RW, 0);
	emulation_munmap(&emu, base - PAGES(10), 2);
	emulation_munmap(&emu, base - PAGES(30), 5);
	emulation_munmap(&emu, base - PAGES(50), 3);
	CU_ASSERT_EQUAL(emulation_mmap(&emu, 0, 4, PROT_READ, 0),
			base - PAGES(29));
	CU_ASSERT_EQUAL(emulation_mmap(&emu, 0, 3, PROT_READ, 0),
			base - PAGES(50));
	CU_ASSERT_EQUAL(emulation_mmap(&emu, 0, 3, PROT_READ, 0),
			base - PAGES(103));
	CU_ASSERT_EQUAL(emulation_mmap(&emu, 0, 2, PROT_READ, 0),
			base - PAGES(10));
	CU_ASSERT_EQUAL(emulation_mmap(&emu, 0, 1, PROT_READ, 0),
			base - PAGES(30));
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

/* A gap that reaches across mmap_base counts only below it. */
static void a_gap_counts_only_below_the_base(void)
{
	struct emulation emu;
	int64_t base;

	emulation_begin(&emu, NULL);
	base = (int64_t)emu.mm.mmap_base;
	occupy(&emu, base - PAGES(100), base - PAGES(2));
	occupy(&emu, base + PAGES(2), base + PAGES(4));
	CU_ASSERT_EQUAL(emulation_mmap(&emu, 0, 3, RW, 0), base - PAGES(103));
	CU_ASSERT_EQUAL(emulation_mmap(&emu, 0, 2, RW, 0), base - PAGES(2));
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void l11_a_full_space_falls_back_to_bottom_up(void)
{
	struct emulation emu;
	int64_t base;

	emulation_begin(&emu, NULL);
	base = (int64_t)emu.mm.mmap_base;
	occupy(&emu, PAGE_SIZE, base - PAGES(2));
	CU_ASSERT_EQUAL(emulation_mmap(&emu, 0, 3, RW, 0), base - PAGES(2));
	CU_ASSERT_EQUAL(emulation_mmap(&emu, 0, 3, RW, 0), base + PAGES(1));
	/* To the end of the address space, and not a page further. */
	occupy(&emu, base + PAGES(4), TASK_SIZE - PAGES(2));
	CU_ASSERT_EQUAL(emulation_mmap(&emu, 0, 3, RW, 0), -MM_ENOMEM);
	CU_ASSERT_EQUAL(emulation_mmap(&emu, 0, 2, RW, 0),
			TASK_SIZE - PAGES(2));
	CU_ASSERT_EQUAL(emulation_mmap(&emu, 0, 1, RW, 0), -MM_ENOMEM);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

/* The search itself knows only page 0 as forbidden. */
static void the_last_room_may_lie_below_mmap_min_addr(void)
{
	struct emulation emu;

	emulation_begin(&emu, NULL);
	occupy(&emu, PAGES(3), TASK_SIZE);
	CU_ASSERT_EQUAL(emulation_mmap(&emu, 0, 1, RW, 0), -MM_EPERM);
	CU_ASSERT_EQUAL(emulation_mmap(&emu, 0, 3, RW, 0), -MM_ENOMEM);
	emu.mm.uid = 0;
	CU_ASSERT_EQUAL(emulation_mmap(&emu, 0, 2, RW, 0), PAGES(1));
	CU_ASSERT_EQUAL(emulation_mmap(&emu, 0, 1, RW, 0), -MM_ENOMEM);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void hints_are_taken_if_free(void)
{
	struct emulation emu;
	int64_t base;

	emulation_begin(&emu, NULL);
	base = (int64_t)emu.mm.mmap_base;
	CU_ASSERT_EQUAL(emulation_mmap(&emu, AT, 4, RW, 0), AT);
	CU_ASSERT_EQUAL(emulation_mmap(&emu, AT, 1, RW, 0), base - PAGES(1));
	CU_ASSERT_EQUAL(emulation_mmap(&emu, AT - PAGES(1), 2, RW, 0),
			base - PAGES(3));
	CU_ASSERT_EQUAL(emulation_mmap(&emu, AT - PAGES(2), 2, PROT_READ, 0),
			AT - PAGES(2));
	CU_ASSERT_EQUAL(emulation_mmap(&emu, AT + PAGES(3), 1, RW, 0),
			base - PAGES(4));
	CU_ASSERT_EQUAL(emulation_mmap(&emu, AT + PAGES(4), 1, PROT_READ, 0),
			AT + PAGES(4));
	/* Above mmap_base, too, up to the last page. */
	CU_ASSERT_EQUAL(emulation_mmap(&emu, base + PAGES(8), 1, RW, 0),
			base + PAGES(8));
	CU_ASSERT_EQUAL(emulation_mmap(&emu, TASK_SIZE - PAGES(1), 1, RW, 0),
			TASK_SIZE - PAGES(1));
	/* M16 */
	CU_ASSERT_EQUAL(emulation_mmap(&emu, TASK_SIZE - PAGES(1), 2, RW, 0),
			base - PAGES(6));
	CU_ASSERT_EQUAL(emulation_mmap(&emu, TASK_SIZE, 1, RW, 0),
			base - PAGES(7));
	CU_ASSERT_EQUAL(emulation_mmap(&emu, 1ULL << 52, 1, RW, 0),
			base - PAGES(8));
	/* M9: hints are rounded down, and below a page they are none. */
	CU_ASSERT_EQUAL(emulation_mmap(&emu, 0x500fff, 1, RW, 0), 0x500000);
	CU_ASSERT_EQUAL(emulation_mmap(&emu, 0xfff, 1, RW, 0), base - PAGES(9));
	/* M14 */
	CU_ASSERT_EQUAL(emulation_mmap(&emu, 0x1000, 1, RW, 0), 0x10000);
	CU_ASSERT_EQUAL(emulation_mmap(&emu, 0xffff, 1, RW, 0),
			base - PAGES(10));
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void m14_the_minimum_is_rounded_up(void)
{
	struct emulation_setup setup = emulation_defaults();
	struct emulation emu;

	setup.sysctl.mmap_min_addr = 0x12345;
	emulation_begin(&emu, &setup);
	CU_ASSERT_EQUAL(emulation_mmap(&emu, 0x1000, 1, RW, 0), 0x13000);
	CU_ASSERT_EQUAL(emulation_mmap(&emu, 0x12000, 1, RW, MAP_FIXED),
			-MM_EPERM);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

/* 4.0 looks at areas alone, not at the gap below one that grows down. */
static void l13_l14_hints_may_touch_a_stack(void)
{
	struct emulation emu;

	emulation_begin(&emu, NULL);
	emulation_mmap(&emu, AT, 2, RW, MAP_FIXED | MAP_GROWSDOWN);
	CU_ASSERT_EQUAL(emulation_mmap(&emu, AT - PAGES(1), 1, RW, 0),
			AT - PAGES(1));
	CU_ASSERT_EQUAL(
		emulation_mmap(&emu, AT - PAGES(2), 1, PROT_READ, MAP_FIXED),
		AT - PAGES(2));
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void l15_l16_l17_map_32bit(void)
{
	const uint64_t gib = 1 << 30;
	struct emulation emu;

	emulation_begin(&emu, NULL);
	CU_ASSERT_EQUAL(emulation_mmap(&emu, 0, 2, RW, MAP_32BIT), gib);
	CU_ASSERT_EQUAL(emulation_mmap(&emu, 0, 1, RW, MAP_32BIT),
			gib + PAGES(2));
	/* L16 */
	CU_ASSERT_EQUAL(emulation_mmap(&emu, AT, 1, RW, MAP_32BIT | MAP_FIXED),
			AT);
	/* A hint may lie below the window, but not beyond it. */
	CU_ASSERT_EQUAL(emulation_mmap(&emu, 0x500000, 1, RW, MAP_32BIT),
			0x500000);
	CU_ASSERT_EQUAL(
		emulation_mmap(&emu, 2 * gib - PAGES(1), 1, RW, MAP_32BIT),
		2 * gib - PAGES(1));
	CU_ASSERT_EQUAL(emulation_mmap(&emu, 2 * gib, 1, RW, MAP_32BIT),
			gib + PAGES(3));
	/* L17: the last room, then none, though there is plenty elsewhere. */
	occupy(&emu, gib + PAGES(4), 2 * gib - PAGES(3));
	CU_ASSERT_EQUAL(emulation_mmap(&emu, 0, 3, RW, MAP_32BIT), -MM_ENOMEM);
	CU_ASSERT_EQUAL(emulation_mmap(&emu, 0, 2, RW, MAP_32BIT),
			2 * gib - PAGES(3));
	CU_ASSERT_EQUAL(emulation_mmap(&emu, 0, 1, RW, MAP_32BIT), -MM_ENOMEM);
	/* Longer than 2 GiB altogether. */
	CU_ASSERT_EQUAL(emulation_mmap(&emu, 0, (2 * gib >> PAGE_SHIFT) + 1,
				       PROT_NONE, MAP_32BIT),
			-MM_ENOMEM);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void l18_large_mappings_are_not_aligned(void)
{
	struct emulation emu;

	emulation_begin(&emu, NULL);
	emulation_mmap(&emu, 0, 1, PROT_READ, 0);
	CU_ASSERT_EQUAL(emulation_mmap(&emu, 0, 1024, RW, 0),
			(int64_t)(emu.mm.mmap_base - PAGES(1025)));
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void the_whole_space_fits_once(void)
{
	struct emulation emu;

	emulation_begin(&emu, NULL);
	emu.mm.uid = 0;
	CU_ASSERT_EQUAL(emulation_mmap(&emu, 0, TASK_SIZE >> PAGE_SHIFT,
				       PROT_NONE, MAP_FIXED),
			0);
	CU_ASSERT_EQUAL(emulation_mmap(&emu, 0, 1, PROT_NONE, 0), -MM_ENOMEM);
	CU_ASSERT_EQUAL(emulation_mmap(&emu, 0, 1, PROT_NONE, MAP_32BIT),
			-MM_ENOMEM);
	CU_ASSERT_EQUAL(emu.mm.total_vm, TASK_SIZE >> PAGE_SHIFT);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

CU_TestInfo test_unmapped_area[] = {
	{ "L38 layout follows the stack limit",
	  l38_layout_follows_the_stack_limit },
	{ "L39 L40 legacy layout", l39_l40_legacy_layout },
	{ "the legacy layout ends at TASK_SIZE",
	  the_legacy_layout_ends_at_task_size },
	{ "L10 mappings pile up downwards", l10_mappings_pile_up_downwards },
	{ "the highest gap that is long enough is taken",
	  the_highest_gap_that_is_long_enough_is_taken },
	{ "a gap counts only below the base",
	  a_gap_counts_only_below_the_base },
	{ "L11 a full space falls back to bottom-up",
	  l11_a_full_space_falls_back_to_bottom_up },
	{ "the last room may lie below mmap_min_addr",
	  the_last_room_may_lie_below_mmap_min_addr },
	{ "M9 M14 M15 M16 hints are taken if free", hints_are_taken_if_free },
	{ "M14 the minimum is rounded up", m14_the_minimum_is_rounded_up },
	{ "L13 L14 hints may touch a stack", l13_l14_hints_may_touch_a_stack },
	{ "L15 L16 L17 MAP_32BIT", l15_l16_l17_map_32bit },
	{ "L18 large mappings are not aligned",
	  l18_large_mappings_are_not_aligned },
	{ "the whole space fits once", the_whole_space_fits_once },
	CU_TEST_INFO_NULL,
};
