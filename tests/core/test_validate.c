/* SPDX-License-Identifier: MIT */
/* validate_mm() sees what is wrong: each invariant is broken, then mended. */
#include "tests/support/emulation.h"
#include "tests/support/suite.h"

/* Breaks it by adding to a member, and looks at what validate_mm() says. */
#define SEES(mm, member, by)                                                   \
	do {                                                                   \
		CU_ASSERT_PTR_NULL(validate_mm(mm));                           \
		(member) += (by);                                              \
		CU_ASSERT_PTR_NOT_NULL(validate_mm(mm));                       \
		(member) -= (by);                                              \
		CU_ASSERT_PTR_NULL(validate_mm(mm));                           \
	} while (0)

static void begin(struct emulation *emu, struct vm_file **file)
{
	uint64_t i;

	emulation_begin(emu, NULL);
	*file = emulation_file(emu, 8);
	for (i = 0; i < 8; i++)
		emulation_mmap(emu, AT + PAGES(8 * i), 4, RW, MAP_FIXED);
	sys_mmap(emu->task, AT + PAGES(100), PAGES(8), PROT_READ | PROT_EXEC,
		 MAP_PRIVATE | MAP_FIXED, *file, 0);
	emulation_mmap(emu, AT + PAGES(200), 4, RW,
		       MAP_FIXED | MAP_GROWSDOWN | MAP_LOCKED);
	emulation_write(emu, AT);
	emulation_read(emu, AT + PAGES(100));
}

static void end(struct emulation *emu, struct vm_file *file)
{
	vm_file_put(file);
	CU_ASSERT_PTR_NULL(emulation_end(emu));
}

static void wrong_counters_are_seen(void)
{
	struct emulation emu;
	struct vm_file *file;

	begin(&emu, &file);
	SEES(&emu.mm, emu.mm.map_count, 1);
	SEES(&emu.mm, emu.mm.highest_vm_end, PAGE_SIZE);
	SEES(&emu.mm, emu.mm.total_vm, 1);
	SEES(&emu.mm, emu.mm.shared_vm, 1);
	SEES(&emu.mm, emu.mm.exec_vm, 1);
	SEES(&emu.mm, emu.mm.stack_vm, 1);
	SEES(&emu.mm, emu.mm.locked_vm, 1);
	SEES(&emu.mm, emu.mm.rss_anon, 1);
	SEES(&emu.mm, emu.mm.rss_file, 1);
	SEES(&emu.mm, emu.mm.nr_ptes, 1);
	SEES(&emu.mm, emu.mm.nr_pmds, 1);
	SEES(&emu.mm, emu.mm.nr_puds, 1);
	end(&emu, file);
}

static void wrong_areas_are_seen(void)
{
	struct vm_area_struct *second;
	struct emulation emu;
	struct vm_file *file;

	begin(&emu, &file);
	second = emu.mm.mmap->vm_next;
	SEES(&emu.mm, second->rb_subtree_gap, PAGE_SIZE);
	/* Empty, misaligned, overlapping, longer than counted. */
	SEES(&emu.mm, second->vm_end, -PAGES(4));
	SEES(&emu.mm, second->vm_start, 1);
	SEES(&emu.mm, second->vm_end, PAGES(5));
	SEES(&emu.mm, second->vm_end, PAGES(1));
	end(&emu, file);
}

static void wrong_links_are_seen(void)
{
	struct vm_area_struct *first, *second, *third;
	struct emulation emu;
	struct vm_file *file;

	begin(&emu, &file);
	first = emu.mm.mmap;
	second = first->vm_next;
	third = second->vm_next;
	/* One area out of the list alone. */
	first->vm_next = third;
	CU_ASSERT_PTR_NOT_NULL(validate_mm(&emu.mm));
	first->vm_next = second;
	CU_ASSERT_PTR_NULL(validate_mm(&emu.mm));
	/* A way back that leads elsewhere. */
	third->vm_prev = first;
	CU_ASSERT_PTR_NOT_NULL(validate_mm(&emu.mm));
	third->vm_prev = second;
	CU_ASSERT_PTR_NULL(validate_mm(&emu.mm));
	end(&emu, file);
}

static void a_wrong_colour_is_seen(void)
{
	struct rb_node *root;
	struct emulation emu;
	struct vm_file *file;

	begin(&emu, &file);
	root = emu.mm.mm_rb.node;
	CU_ASSERT_TRUE(rb_is_black(root));
	root->left->parent_color ^= 1;
	CU_ASSERT_PTR_NOT_NULL(validate_mm(&emu.mm));
	root->left->parent_color ^= 1;
	CU_ASSERT_PTR_NULL(validate_mm(&emu.mm));
	end(&emu, file);
}

CU_TestInfo test_validate[] = {
	{ "wrong counters are seen", wrong_counters_are_seen },
	{ "wrong areas are seen", wrong_areas_are_seen },
	{ "wrong links are seen", wrong_links_are_seen },
	{ "a wrong colour is seen", a_wrong_colour_is_seen },
	CU_TEST_INFO_NULL,
};
