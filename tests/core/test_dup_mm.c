/* SPDX-License-Identifier: MIT */
/* What a forked address space has of its parent's, and what not. */
#include "core/mm/page_table.h"
#include "tests/core/family.h"
#include "tests/support/suite.h"

static const struct call fork_on = { FORK, 0, 0, 0, 0, 0 };

static enum access_fault write_as(struct task_struct *task, uint64_t addr)
{
	struct access_outcome outcome;

	CU_ASSERT_EQUAL(
		mm_access(task, addr, 1, ACCESS_WRITE, UINT64_MAX, &outcome),
		0);
	return outcome.fault;
}

static uint64_t area_flags(const struct mm_struct *mm, uint64_t addr)
{
	const struct vm_area_struct *vma = mm->mmap;

	while (vma && vma->vm_end <= addr)
		vma = vma->vm_next;
	return vma && vma->vm_start <= addr ? vma->vm_flags : 0;
}

static void both_sides_fault_at_the_next_write(void)
{
	static struct family family;
	struct task_struct *parent, *child;

	family_begin(&family, kernel_profile_at(0));
	parent = family.emu.task;
	emulation_mmap(&family.emu, AT, 4, RW, MAP_FIXED);
	write_as(parent, AT);
	write_as(parent, AT + PAGES(1));
	CU_ASSERT_EQUAL(family_call(&family, &fork_on), 0);
	child = family.emu.task;
	CU_ASSERT_EQUAL(child->mm->rss_anon, 2);
	CU_ASSERT_EQUAL(child->mm->total_vm, 4);
	CU_ASSERT_EQUAL(write_as(child, AT), ACCESS_FAULT_MINOR);
	CU_ASSERT_EQUAL(write_as(child, AT), ACCESS_FAULT_NONE);
	CU_ASSERT_EQUAL(write_as(parent, AT), ACCESS_FAULT_MINOR);
	CU_ASSERT_EQUAL(write_as(parent, AT), ACCESS_FAULT_NONE);
	CU_ASSERT_EQUAL(parent->mm->rss_anon, 2);
	CU_ASSERT_EQUAL(child->mm->rss_anon, 2);
	family_end(&family);
}

static void shared_memory_is_not_copied(void)
{
	static struct family family;
	struct task_struct *parent;

	family_begin(&family, kernel_profile_at(0));
	parent = family.emu.task;
	sys_mmap(parent, AT, PAGES(2), RW,
		 MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, NULL, 0);
	write_as(parent, AT);
	CU_ASSERT_EQUAL(family_call(&family, &fork_on), 0);
	/* The page is there, but the child's table learns of it when asked. */
	CU_ASSERT_EQUAL(get_mm_rss(family_mm(&family)), 0);
	CU_ASSERT_EQUAL(write_as(family.emu.task, AT), ACCESS_FAULT_MINOR);
	CU_ASSERT_EQUAL(family.emu.machine.nr_cache_pages, 1);
	CU_ASSERT_EQUAL(write_as(parent, AT), ACCESS_FAULT_NONE);
	family_end(&family);
}

static void v17_v18_advice_about_children(void)
{
	static struct family family;
	struct task_struct *task;
	const struct mm_struct *child;

	family_begin(&family, kernel_profile_find("5.10", 4));
	task = family.emu.task;
	emulation_mmap(&family.emu, AT, 6, RW, MAP_FIXED);
	CU_ASSERT_EQUAL(mm_access(task, AT, PAGES(6), ACCESS_WRITE, UINT64_MAX,
				  &(struct access_outcome){ 0 }),
			0);
	CU_ASSERT_EQUAL(sys_madvise(task, AT, PAGES(2), MADV_WIPEONFORK), 0);
	CU_ASSERT_EQUAL(
		sys_madvise(task, AT + PAGES(2), PAGES(2), MADV_DONTFORK), 0);
	CU_ASSERT_EQUAL(family_call(&family, &fork_on), 0);
	child = family_mm(&family);
	CU_ASSERT_EQUAL(child->map_count, 2);
	CU_ASSERT_TRUE(area_flags(child, AT) & VM_WIPEONFORK);
	CU_ASSERT_EQUAL(area_flags(child, AT + PAGES(2)), 0);
	CU_ASSERT_EQUAL(child->rss_anon, 2);
	CU_ASSERT_EQUAL(child->total_vm, 4);
	/* The grandchild finds its memory wiped as well. */
	write_as(family.emu.task, AT);
	CU_ASSERT_EQUAL(family_call(&family, &fork_on), 0);
	CU_ASSERT_EQUAL(family_mm(&family)->rss_anon, 2);
	family_end(&family);
}

static void k21_locks_are_not_inherited(void)
{
	static struct family family;
	struct task_struct *task;
	const struct mm_struct *child;

	family_begin(&family, kernel_profile_at(0));
	task = family.emu.task;
	emulation_mmap(&family.emu, AT, 4, RW, MAP_FIXED | MAP_LOCKED);
	CU_ASSERT_EQUAL(sys_mlockall(task, MCL_FUTURE), 0);
	CU_ASSERT_EQUAL(family_call(&family, &fork_on), 0);
	child = family_mm(&family);
	CU_ASSERT_EQUAL(child->locked_vm, 0);
	CU_ASSERT_FALSE(area_flags(child, AT) & VM_LOCKED);
	CU_ASSERT_EQUAL(child->def_flags, 0);
	CU_ASSERT_EQUAL(task->mm->locked_vm, 4);
	family_end(&family);
}

/* A copy is committed anew: the last page that fits, and one more. */
static void the_commit_limit_is_exact(void)
{
	static struct family family;
	struct machine *machine = &family.emu.machine;
	uint64_t limit;

	for (limit = 20; limit <= 21; limit++) {
		family_begin(&family, kernel_profile_at(0));
		family.emu.mm.uid = 0;
		emulation_mmap(&family.emu, AT, 4, RW, MAP_FIXED);
		emulation_mmap(&family.emu, AT + PAGES(8), 6, RW, MAP_FIXED);
		machine->sysctl.overcommit_memory = 2;
		machine->sysctl.overcommit_kbytes = limit * 4;
		machine->sysctl.user_reserve_kbytes = 0;
		CU_ASSERT_EQUAL(family_call(&family, &fork_on),
				limit == 21 ? 0 : -MM_ENOMEM);
		CU_ASSERT_EQUAL(machine->committed_as, limit == 21 ? 20 : 10);
		CU_ASSERT_EQUAL(family.nr_children, limit == 21 ? 1 : 0);
		family_end(&family);
	}
}

/*
 *	parent  aaaa....   next to it, the child maps more:   aaaawwww
 *
 * In the parent the two become one area. The child's belongs to two anon_vmas,
 * and what belongs to none yet does not join it.
 */
static void inherited_memory_joins_nothing_untouched(void)
{
	static struct family family;

	family_begin(&family, kernel_profile_at(0));
	emulation_mmap(&family.emu, AT, 4, RW, MAP_FIXED);
	write_as(family.emu.task, AT);
	CU_ASSERT_EQUAL(family_call(&family, &fork_on), 0);
	emulation_mmap(&family.emu, AT + PAGES(4), 4, RW, MAP_FIXED);
	CU_ASSERT_EQUAL(family_mm(&family)->map_count, 2);
	family.emu.task = &family.emu.threads[0];
	emulation_mmap(&family.emu, AT + PAGES(4), 4, RW, MAP_FIXED);
	CU_ASSERT_EQUAL(family_mm(&family)->map_count, 1);
	family_end(&family);
}

#define GIB (1ULL << 30)

enum fate {
	COPIED,
	STAYS /* with the parent, and so does its page table */
};

/* From the lowest on, so that each one's tables are met where they lie. */
static const struct {
	enum fate fate;
	uint64_t addr, len, touched[4]; /* in the area; 0: none */
} tables[] = {
	{ COPIED, AT, PAGES(2), { AT, AT + PAGES(1) } },
	{ COPIED,
	  AT + PAGES(8),
	  PAGES(1),
	  { AT + PAGES(8) } }, /* the same table */
	{ COPIED,
	  AT + PAGES(500),
	  PAGES(20),
	  { AT + PAGES(510), AT + PAGES(515) } },
	{ COPIED, AT + PAGES(600), PAGES(1), { 0 } }, /* none of its own */
	{ STAYS, AT + PAGES(2048), PAGES(1), { AT + PAGES(2048) } },
	{ STAYS, AT + PAGES(2560), PAGES(1), { AT + PAGES(2560) } },
	{ COPIED,
	  AT + PAGES(5120),
	  PAGES(1),
	  { AT + PAGES(5120) } }, /* passes both */
	{ STAYS, AT + PAGES(6144), PAGES(1), { AT + PAGES(6144) } },
	{ COPIED, AT + GIB, PAGES(1), { AT + GIB } },
	{ COPIED,
	  AT + GIB + PAGES(512),
	  4 * GIB,
	  { AT + GIB + PAGES(512), AT + GIB + PAGES(2048), AT + 3 * GIB,
	    AT + 5 * GIB } },
	{ COPIED, AT + 6 * GIB, PAGES(1), { AT + 6 * GIB } },
	{ COPIED,
	  AT + 600 * GIB,
	  600 * GIB,
	  { AT + 600 * GIB, AT + 1100 * GIB } },
	{ COPIED, AT + 1300 * GIB, PAGES(1), { AT + 1300 * GIB } },
};

/* One row of the table in the parent; answers how many pages it has. */
static uint64_t make_tables(struct family *family, size_t row)
{
	const uint64_t addr = tables[row].addr, len = tables[row].len;
	uint64_t pages = 0;

	emulation_mmap(&family->emu, addr, len >> PAGE_SHIFT, RW,
		       MAP_FIXED | MAP_NORESERVE);
	if (tables[row].fate == STAYS)
		CU_ASSERT_EQUAL(
			sys_madvise(family->emu.task, addr, len, MADV_DONTFORK),
			0);
	for (; pages < 4 && tables[row].touched[pages]; pages++)
		write_as(family->emu.task, tables[row].touched[pages]);
	return pages;
}

static void every_page_has_its_tables(void)
{
	static struct family family;
	const struct mm_struct *mm, *child;
	uint64_t touched, pages, copied = 0, stay = 0;
	size_t i, j;

	family_begin(&family, kernel_profile_at(0));
	mm = family.emu.task->mm;
	for (i = 0; i < NR(tables); i++) {
		pages = make_tables(&family, i);
		*(tables[i].fate == STAYS ? &stay : &copied) += pages;
	}
	CU_ASSERT_EQUAL(family_call(&family, &fork_on), 0);
	child = family_mm(&family);
	CU_ASSERT_EQUAL(mm->rss_anon, copied + stay);
	CU_ASSERT_EQUAL(child->rss_anon, copied);
	CU_ASSERT_EQUAL(child->nr_ptes, mm->nr_ptes - stay);
	CU_ASSERT_EQUAL(child->nr_pmds, mm->nr_pmds);
	CU_ASSERT_EQUAL(child->nr_puds, mm->nr_puds);
	for (i = 0; i < NR(tables); i++)
		for (j = 0; j < 4 && (touched = tables[i].touched[j]); j++) {
			CU_ASSERT_EQUAL(page_is_present(child, touched),
					tables[i].fate == COPIED);
			CU_ASSERT_FALSE(page_is_writable(child, touched));
			CU_ASSERT_EQUAL(page_is_writable(mm, touched),
					tables[i].fate == STAYS);
		}
	family_end(&family);
}

CU_TestInfo test_dup_mm[] = {
	{ "both sides fault at the next write",
	  both_sides_fault_at_the_next_write },
	{ "every page has its tables", every_page_has_its_tables },
	{ "shared memory is not copied", shared_memory_is_not_copied },
	{ "V17 V18 advice about children", v17_v18_advice_about_children },
	{ "K21 locks are not inherited", k21_locks_are_not_inherited },
	{ "the commit limit is exact", the_commit_limit_is_exact },
	{ "inherited memory joins nothing untouched",
	  inherited_memory_joins_nothing_untouched },
	CU_TEST_INFO_NULL,
};
