/* SPDX-License-Identifier: MIT */
/* What each thread's cache of look-ups holds and counts: behaviours C1 to C10. */
#include "tests/support/emulation.h"
#include "tests/support/suite.h"

/* Look-ups and hits that a call added to the first thread's counters. */
#define ADDED(emu, nr_calls, nr_hits, call)                                    \
	do {                                                                   \
		struct vmacache before = (emu)->task->vmacache;                \
		call;                                                          \
		CU_ASSERT_EQUAL((emu)->task->vmacache.find_calls,              \
				before.find_calls + (nr_calls));               \
		CU_ASSERT_EQUAL((emu)->task->vmacache.find_hits,               \
				before.find_hits + (nr_hits));                 \
	} while (0)

static uint32_t slot(const struct task_struct *task, int i)
{
	return task->vmacache.slots[i] ? task->vmacache.slots[i]->id : 0;
}

static void c1_the_page_number_chooses_the_slot(void)
{
	struct emulation emu;
	uint32_t id;
	int i, j;

	for (i = 0; i < 8; i++) {
		emulation_begin(&emu, NULL);
		emulation_mmap(&emu, AT, 8, RW, MAP_FIXED);
		id = emu.mm.mmap->id;
		find_vma(emu.task, AT + PAGES(i) + 17);
		for (j = 0; j < 4; j++)
			CU_ASSERT_EQUAL(slot(emu.task, j), j == i % 4 ? id : 0);
		CU_ASSERT_PTR_NULL(emulation_end(&emu));
	}
}

static void c2_a_hit_looks_into_all_slots(void)
{
	struct emulation emu;

	emulation_begin(&emu, NULL);
	emulation_mmap(&emu, AT, 8, RW, MAP_FIXED);
	ADDED(&emu, 1, 0, find_vma(emu.task, AT + PAGES(3)));
	ADDED(&emu, 1, 1, find_vma(emu.task, AT + PAGES(3)));
	/* Another slot's address, the same area; a hit moves nothing. */
	ADDED(&emu, 1, 1, find_vma(emu.task, AT));
	CU_ASSERT_EQUAL(slot(emu.task, 0), 0);
	CU_ASSERT_EQUAL(slot(emu.task, 3), emu.mm.mmap->id);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void c3_an_address_in_a_hole_misses_again(void)
{
	struct emulation emu;

	emulation_begin(&emu, NULL);
	emulation_mmap(&emu, AT, 2, RW, MAP_FIXED);
	ADDED(&emu, 1, 0,
	      CU_ASSERT_PTR_EQUAL(find_vma(emu.task, AT - PAGES(3)),
				  emu.mm.mmap));
	CU_ASSERT_EQUAL(slot(emu.task, 1), emu.mm.mmap->id);
	ADDED(&emu, 1, 0, find_vma(emu.task, AT - PAGES(3)));
	ADDED(&emu, 1, 1, find_vma(emu.task, AT));
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void c4_nothing_found_is_not_remembered(void)
{
	struct emulation emu;
	int i;

	emulation_begin(&emu, NULL);
	emulation_mmap(&emu, AT, 2, RW, MAP_FIXED);
	ADDED(&emu, 1, 0,
	      CU_ASSERT_PTR_NULL(find_vma(emu.task, AT + PAGES(2))));
	ADDED(&emu, 1, 0, CU_ASSERT_PTR_NULL(find_vma(emu.task, UINT64_MAX)));
	for (i = 0; i < 4; i++)
		CU_ASSERT_EQUAL(slot(emu.task, i), 0);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void c5_c10_a_stale_look_up_is_not_counted(void)
{
	struct emulation emu;

	emulation_begin(&emu, NULL);
	emulation_mmap(&emu, AT, 2, RW, MAP_FIXED);
	emulation_mmap(&emu, AT + PAGES(8), 2, RW, MAP_FIXED);
	find_vma(emu.task, AT);
	find_vma(emu.task, AT + PAGES(9));
	emulation_munmap(&emu, AT + PAGES(8), 2);
	CU_ASSERT_EQUAL(emu.task->vmacache.seqnum, 0);
	CU_ASSERT_EQUAL(emu.mm.vmacache_seqnum, 1);
	ADDED(&emu, 0, 0, find_vma(emu.task, AT + PAGES(1)));
	CU_ASSERT_EQUAL(emu.task->vmacache.seqnum, 1);
	/* What was cached before is forgotten. */
	CU_ASSERT_EQUAL(slot(emu.task, 0), 0);
	CU_ASSERT_EQUAL(slot(emu.task, 1), emu.mm.mmap->id);
	ADDED(&emu, 1, 1, find_vma(emu.task, AT));
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void c6_what_makes_caches_stale(void)
{
	struct emulation emu;

	emulation_begin(&emu, NULL);
	/* Mappings, growth of an area, and a heap do not. */
	emulation_mmap(&emu, AT, 2, RW, MAP_FIXED);
	emulation_mmap(&emu, AT + PAGES(2), 2, RW, MAP_FIXED);
	emulation_mmap(&emu, AT - PAGES(2), 2, RW, MAP_FIXED);
	sys_brk(emu.task, EMULATION_BRK + PAGES(2));
	sys_brk(emu.task, EMULATION_BRK + PAGES(4));
	CU_ASSERT_EQUAL(emu.mm.vmacache_seqnum, 0);
	/* A merge that swallows an area does. */
	emulation_mmap(&emu, AT + PAGES(6), 2, RW, MAP_FIXED);
	emulation_mmap(&emu, AT + PAGES(4), 2, RW, MAP_FIXED);
	CU_ASSERT_EQUAL(emu.mm.vmacache_seqnum, 1);
	/* Shrinking the heap does. */
	sys_brk(emu.task, EMULATION_BRK + PAGES(1));
	CU_ASSERT_EQUAL(emu.mm.vmacache_seqnum, 2);
	/* Replacing does, and a merge on top of it once more. */
	emulation_mmap(&emu, AT, 2, RW, MAP_FIXED);
	CU_ASSERT_EQUAL(emu.mm.vmacache_seqnum, 4);
	emulation_mmap(&emu, AT, 2, PROT_READ, MAP_FIXED);
	CU_ASSERT_EQUAL(emu.mm.vmacache_seqnum, 5);
	/* A refused split does not. */
	emu.machine.sysctl.max_map_count = 0;
	CU_ASSERT_EQUAL(emulation_munmap(&emu, AT + PAGES(4), 1), -MM_ENOMEM);
	CU_ASSERT_EQUAL(emu.mm.vmacache_seqnum, 5);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

/* How often each call looks, if the cache is not stale. */
static void calls_look_up_as_the_kernel_does(void)
{
	struct emulation emu;

	emulation_begin(&emu, NULL);
	ADDED(&emu, 0, 0, emulation_mmap(&emu, AT, 8, RW, MAP_FIXED));
	ADDED(&emu, 0, 0, emulation_mmap(&emu, 0, 1, RW, 0));
	/* One look at a hint. */
	ADDED(&emu, 1, 0, emulation_mmap(&emu, AT + PAGES(16), 1, RW, 0));
	/* MAP_32BIT looks at its hint once. */
	ADDED(&emu, 1, 0, emulation_mmap(&emu, AT, 1, RW, MAP_32BIT));
	/* munmap: its start, and its end. */
	ADDED(&emu, 2, 1, emulation_munmap(&emu, AT + PAGES(2), 1));
	find_vma(emu.task, AT);
	ADDED(&emu, 1, 0, emulation_munmap(&emu, AT + PAGES(2), 1));
	/* brk: what is in the way. */
	ADDED(&emu, 1, 0, sys_brk(emu.task, EMULATION_BRK + PAGES(2)));
	ADDED(&emu, 0, 0, sys_brk(emu.task, EMULATION_BRK + PAGES(2) - 1));
	ADDED(&emu, 0, 0, sys_brk(emu.task, 0));
	ADDED(&emu, 2, 0, sys_brk(emu.task, EMULATION_BRK));
	/* Arguments that are wrong are not looked up. */
	find_vma(emu.task, AT);
	ADDED(&emu, 0, 0, emulation_munmap(&emu, AT + 1, 1));
	ADDED(&emu, 0, 0, sys_munmap(emu.task, AT, 0));
	/* Population: the area, and each first page. */
	ADDED(&emu, 2, 1,
	      emulation_mmap(&emu, AT + PAGES(33), 4, PROT_READ,
			     MAP_FIXED | MAP_POPULATE));
	/* A fault: one; no fault: none. */
	ADDED(&emu, 1, 1, emulation_write(&emu, AT + PAGES(1)));
	ADDED(&emu, 0, 0, emulation_write(&emu, AT + PAGES(1)));
	ADDED(&emu, 1, 0, emulation_write(&emu, AT - PAGES(1)));
	ADDED(&emu, 0, 0, emulation_write(&emu, TASK_SIZE));
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

/* Only what exceeds RLIMIT_AS makes the kernel look what would go. */
static void rlimit_as_costs_a_look_up(void)
{
	struct emulation_setup setup = emulation_defaults();
	struct emulation emu;

	setup.rlimits.as = PAGES(8);
	emulation_begin(&emu, &setup);
	ADDED(&emu, 0, 0, emulation_mmap(&emu, AT, 8, PROT_READ, MAP_FIXED));
	ADDED(&emu, 1, 0,
	      emulation_mmap(&emu, AT + PAGES(8), 1, RW, MAP_FIXED));
	ADDED(&emu, 3, 2, emulation_mmap(&emu, AT, 1, RW, MAP_FIXED));
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void c7b_a_failed_hint_is_looked_up_twice(void)
{
	struct emulation emu;
	struct area_setup area = {
		.start = PAGE_SIZE,
		.vm_flags = VM_MAYREAD | VM_PFNMAP | VM_DONTEXPAND,
		.special = VM_SPECIAL_VVAR,
	};

	emulation_begin(&emu, NULL);
	area.end = emu.mm.mmap_base;
	CU_ASSERT_EQUAL(mm_install_area(&emu.mm, &area), 0);
	ADDED(&emu, 2, 1, emulation_mmap(&emu, AT, 1, RW, 0));
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void c7a_a_clone_takes_the_sequence_number(void)
{
	struct emulation emu;
	struct task_struct *child;
	int i;

	emulation_begin(&emu, NULL);
	emulation_mmap(&emu, AT, 2, RW, MAP_FIXED);
	emulation_mmap(&emu, AT + PAGES(8), 2, RW, MAP_FIXED);
	find_vma(emu.task, AT);
	emulation_munmap(&emu, AT + PAGES(8), 2);
	child = emulation_clone(&emu, emu.task);
	CU_ASSERT_EQUAL(emu.mm.mm_users, 2);
	CU_ASSERT_EQUAL(child->vmacache.seqnum, 0);
	for (i = 0; i < 4; i++)
		CU_ASSERT_EQUAL(slot(child, i), 0);
	/* Stale as its parent was: not counted. */
	find_vma(child, AT);
	CU_ASSERT_EQUAL(child->vmacache.find_calls, 0);
	find_vma(child, AT);
	CU_ASSERT_EQUAL(child->vmacache.find_calls, 1);
	CU_ASSERT_EQUAL(child->vmacache.find_hits, 1);
	/* The parent knows nothing of it. */
	CU_ASSERT_EQUAL(emu.task->vmacache.seqnum, 0);
	child = emulation_clone(&emu, child);
	CU_ASSERT_EQUAL(child->vmacache.seqnum, 1);
	CU_ASSERT_EQUAL(slot(child, 0), 0);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void one_threads_removal_is_every_threads(void)
{
	struct emulation emu;
	struct task_struct *other;

	emulation_begin(&emu, NULL);
	other = emulation_clone(&emu, emu.task);
	emulation_mmap(&emu, AT, 2, RW, MAP_FIXED);
	find_vma(other, AT);
	emulation_munmap(&emu, AT + PAGES(1), 1);
	find_vma(other, AT);
	CU_ASSERT_EQUAL(other->vmacache.find_calls, 1);
	CU_ASSERT_EQUAL(other->vmacache.find_hits, 0);
	find_vma(other, AT);
	CU_ASSERT_EQUAL(other->vmacache.find_hits, 1);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void wrap(struct emulation *emu)
{
	emulation_begin(emu, NULL);
	emu->mm.vmacache_seqnum = UINT32_MAX;
	emu->task->vmacache.seqnum = UINT32_MAX;
	emulation_mmap(emu, AT, 2, RW, MAP_FIXED);
	emulation_mmap(emu, AT + PAGES(9), 2, RW, MAP_FIXED);
	find_vma(emu->task, AT);
}

static void c9_the_number_wraps_with_a_full_flush(void)
{
	struct emulation emu;
	struct task_struct *other;
	int i;

	wrap(&emu);
	emulation_munmap(&emu, AT + PAGES(9), 2);
	CU_ASSERT_EQUAL(emu.mm.vmacache_seqnum, 0);
	CU_ASSERT_EQUAL(emu.task->vmacache.full_flushes, 1);
	/* Alone, it need not be flushed: its number is stale anyway. */
	CU_ASSERT_EQUAL(slot(emu.task, 0), emu.mm.mmap->id);
	ADDED(&emu, 0, 0, find_vma(emu.task, AT + PAGES(1)));
	CU_ASSERT_EQUAL(slot(emu.task, 0), 0);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));

	wrap(&emu);
	other = emulation_clone(&emu, emu.task);
	find_vma(other, AT);
	emulation_munmap(&emu, AT + PAGES(9), 2);
	CU_ASSERT_EQUAL(emu.task->vmacache.full_flushes, 1);
	CU_ASSERT_EQUAL(other->vmacache.full_flushes, 0);
	CU_ASSERT_EQUAL(other->vmacache.seqnum, UINT32_MAX);
	for (i = 0; i < 4; i++) {
		CU_ASSERT_EQUAL(slot(emu.task, i), 0);
		CU_ASSERT_EQUAL(slot(other, i), 0);
	}
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

static void threads_come_and_go(void)
{
	struct emulation emu;
	struct task_struct *second, *third;

	emulation_begin(&emu, NULL);
	second = emulation_clone(&emu, emu.task);
	third = emulation_clone(&emu, second);
	CU_ASSERT_EQUAL(emu.mm.mm_users, 3);
	mm_remove_task(second);
	CU_ASSERT_EQUAL(emu.mm.mm_users, 2);
	mm_remove_task(emu.task);
	CU_ASSERT_EQUAL(emu.mm.mm_users, 1);
	CU_ASSERT_PTR_EQUAL(emu.mm.tasks, third);
	CU_ASSERT_PTR_NULL(third->next);
	CU_ASSERT_PTR_NULL(emulation_end(&emu));
}

CU_TestInfo test_vmacache[] = {
	{ "C1 the page number chooses the slot",
	  c1_the_page_number_chooses_the_slot },
	{ "C2 a hit looks into all slots", c2_a_hit_looks_into_all_slots },
	{ "C3 an address in a hole misses again",
	  c3_an_address_in_a_hole_misses_again },
	{ "C4 nothing found is not remembered",
	  c4_nothing_found_is_not_remembered },
	{ "C5 C10 a stale look-up is not counted",
	  c5_c10_a_stale_look_up_is_not_counted },
	{ "C6 what makes caches stale", c6_what_makes_caches_stale },
	{ "calls look up as the kernel does",
	  calls_look_up_as_the_kernel_does },
	{ "RLIMIT_AS costs a look-up", rlimit_as_costs_a_look_up },
	{ "C7b a failed hint is looked up twice",
	  c7b_a_failed_hint_is_looked_up_twice },
	{ "C7a a clone takes the sequence number",
	  c7a_a_clone_takes_the_sequence_number },
	{ "one thread's removal is every thread's",
	  one_threads_removal_is_every_threads },
	{ "C9 the number wraps with a full flush",
	  c9_the_number_wraps_with_a_full_flush },
	{ "threads come and go", threads_come_and_go },
	CU_TEST_INFO_NULL,
};
