/* SPDX-License-Identifier: MIT */
/* Steps come in the kernel's order. */
#include "core/mm/page_chunk.h"
#include "core/mm/step.h"
#include "core/mm/told.h"
#include "tests/support/emulation.h"
#include "tests/support/suite.h"

#define PLACE 0x40000000ULL

/* When each kind was heard first and last, counted from 1; 0: never. */
struct order {
	uint64_t steps;
	uint64_t first[STEP_NR_KINDS], last[STEP_NR_KINDS];
};

static void hear(void *ctx, const struct step *step)
{
	struct order *order = ctx;

	order->last[step->kind] = ++order->steps;
	if (!order->first[step->kind])
		order->first[step->kind] = order->steps;
}

static void begin(struct emulation *emu, const struct kernel_profile *profile)
{
	struct emulation_setup setup = emulation_defaults();

	setup.profile = profile;
	emulation_begin(emu, &setup);
}

/* What is heard while an address space is forked that has @pages from @start on,
 * all of them written. */
static struct order order_of_fork(const struct kernel_profile *profile,
				  uint64_t start, uint64_t pages)
{
	struct order order = { 0 };
	struct step_sink sink = { .tell = hear, .ctx = &order };
	struct emulation emu;
	struct mm_struct child;
	uint64_t i;

	begin(&emu, profile);
	emulation_mmap(&emu, start, pages, PROT_READ | PROT_WRITE, 0);
	for (i = 0; i < pages; i++)
		CU_ASSERT_EQUAL(emulation_write(&emu, start + i * PAGE_SIZE),
				ACCESS_FAULT_MINOR);
	mm_init(&child, &emu.machine);
	emu.machine.steps = &sink;
	CU_ASSERT_EQUAL(mm_call(emu.task, dup_mm)(emu.task, &child), 0);
	emu.machine.steps = NULL;
	exit_mmap(&child);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
	return order;
}

static void judge_each(void (*judge)(const struct kernel_profile *profile))
{
	const struct kernel_profile *profile;
	size_t i;

	for (i = 0; (profile = kernel_profile_at(i)); i++)
		judge(profile);
}

static void judge_fork(const struct kernel_profile *profile)
{
	const struct order order = order_of_fork(profile, PLACE, 1);

	CU_ASSERT_TRUE(order.first[STEP_TABLES_PUD_MADE] > 0);
	CU_ASSERT_TRUE(order.first[STEP_TABLES_PUD_MADE] <
		       order.first[STEP_TABLES_PMD_MADE]);
	CU_ASSERT_TRUE(order.first[STEP_TABLES_PMD_MADE] <
		       order.first[STEP_TABLES_PTE_MADE]);
}

static void fork_makes_tables_from_the_top_down(void)
{
	judge_each(judge_fork);
}

/* An area over two tables of the middle level, with pages in each. */
static void judge_depth(const struct kernel_profile *profile)
{
	const uint64_t border = 2ULL << PUD_SHIFT;
	const struct order order =
		order_of_fork(profile, border - PAGE_SIZE, 2);

	CU_ASSERT_TRUE(order.first[STEP_TABLES_PTE_MADE] > 0);
	CU_ASSERT_TRUE(order.first[STEP_TABLES_PTE_MADE] <
		       order.last[STEP_TABLES_PMD_MADE]);
	CU_ASSERT_TRUE(order.last[STEP_TABLES_PMD_MADE] <
		       order.last[STEP_TABLES_PTE_MADE]);
}

static void fork_ends_one_table_before_the_next(void)
{
	judge_each(judge_depth);
}

static void judge_munlock(const struct kernel_profile *profile)
{
	struct order order = { 0 };
	struct step_sink sink = { .tell = hear, .ctx = &order };
	struct emulation emu;

	begin(&emu, profile);
	emulation_mmap(&emu, PLACE, 2, PROT_READ, 0);
	CU_ASSERT_EQUAL(
		mm_call(emu.task, sys_mlock)(emu.task, PLACE, 2 * PAGE_SIZE),
		0);
	emu.machine.steps = &sink;
	CU_ASSERT_EQUAL(
		mm_call(emu.task, sys_munmap)(emu.task, PLACE, 2 * PAGE_SIZE),
		0);
	emu.machine.steps = NULL;
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
	CU_ASSERT_TRUE(order.first[STEP_MUNMAP_UNLOCKS] > 0);
	if (profile->has_rbtree) {
		CU_ASSERT_TRUE(order.first[STEP_MUNMAP_UNLOCKS] <
			       order.first[STEP_TREE_ERASED]);
	} else {
		CU_ASSERT_TRUE(order.first[STEP_MUNMAP_UNLOCKS] >
			       order.first[STEP_MAPLE_CLEARED]);
	}
}

/* With a maple tree the areas are out of it before the counter falls. */
static void munmap_unlocks_before_or_after_the_areas_go(void)
{
	judge_each(judge_munlock);
}

CU_TestInfo test_step_order[] = {
	{ "fork makes tables from the top down",
	  fork_makes_tables_from_the_top_down },
	{ "fork ends one table before the next",
	  fork_ends_one_table_before_the_next },
	{ "munmap unlocks before or after the areas go",
	  munmap_unlocks_before_or_after_the_areas_go },
	CU_TEST_INFO_NULL,
};
