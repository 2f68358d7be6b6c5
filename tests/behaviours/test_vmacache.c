/* SPDX-License-Identifier: MIT */
/* The areas that each thread remembers, in the releases that do. */
#include <string.h>

#include "tests/behaviours/scene.h"

static uint64_t calls(const struct scene *s)
{
	return s->task->vmacache.find_calls;
}

static uint64_t hits(const struct scene *s)
{
	return s->task->vmacache.find_hits;
}

/* The slot of an address. */
static unsigned int slot_of(const struct scene *s, uint64_t addr)
{
	return (is_release(s, "4.0") ? addr >> 12 : addr >> 21) & 3;
}

/* Slots that remember something. */
static int used_slots(const struct task_struct *task)
{
	int i, nr = 0;

	for (i = 0; i < VMACACHE_SIZE; i++)
		nr += task->vmacache.slots[i] != NULL;
	return nr;
}

/* Nothing is stale from here on. */
static void settle(struct scene *s)
{
	find_vma(s->task, TASK_SIZE);
}

BEHAVIOUR(c1)
{
	const uint64_t addr = at(0) + (3 << 21) + (1 << 12);
	const struct vm_area_struct *vma;
	unsigned int slot;

	if (since(s, "6.1"))
		return;
	map(s, 0, 2048, PROT_NONE);
	settle(s);
	vma = find_vma(s->task, addr);
	slot = slot_of(s, addr);
	answers(s, slot, is_release(s, "4.0") ? 1 : 3);
	holds(s, s->task->vmacache.slots[slot] == vma);
	answers(s, used_slots(s->task), 1);
}

BEHAVIOUR(c2)
{
	uint64_t before;

	if (since(s, "6.1"))
		return;
	map(s, 0, 2048, PROT_NONE);
	settle(s);
	find_vma(s->task, at(0));
	before = hits(s);
	/* Other slots than that of the address are looked at as well. */
	find_vma(s->task, at(513));
	find_vma(s->task, at(1026));
	find_vma(s->task, at(1539));
	answers(s, hits(s), before + 3);
	answers(s, used_slots(s->task), 1);
}

BEHAVIOUR(c3)
{
	uint64_t before;

	if (since(s, "6.1"))
		return;
	map(s, 1024, 1, RW);
	settle(s);
	before = hits(s);
	/* In the hole: the area above, remembered where nobody finds it. */
	holds(s, find_vma(s->task, at(0)) == area(s, 1024));
	holds(s, s->task->vmacache.slots[slot_of(s, at(0))]);
	find_vma(s->task, at(0));
	answers(s, hits(s), before);
	find_vma(s->task, at(1024));
	answers(s, hits(s), before + 1);
}

BEHAVIOUR(c4)
{
	map(s, 0, 1, RW);
	settle(s);
	holds(s, !find_vma(s->task, at(1)));
	answers(s, used_slots(s->task), 0);
}

BEHAVIOUR(c5)
{
	uint64_t before;

	if (since(s, "6.1"))
		return;
	map(s, 0, 1, RW);
	map(s, 2, 1, RW);
	settle(s);
	find_vma(s->task, at(0));
	unmap(s, 2, 1);
	holds(s, s->task->vmacache.seqnum != s->mm->vmacache_seqnum);
	before = hits(s);
	find_vma(s->task, TASK_SIZE);
	answers(s, hits(s), before);
	answers(s, used_slots(s->task), 0);
	answers(s, s->task->vmacache.seqnum, s->mm->vmacache_seqnum);
}

BEHAVIOUR(c6)
{
	uint64_t one = !since(s, "6.1"), seqnum;

	map(s, 0, 3, RW);
	map(s, 4, 1, RW);
	seqnum = s->mm->vmacache_seqnum;
	map(s, 8, 1, RW);
	protect(s, 1, 1, PROT_READ);
	remap(s, 8, 1, 2, 0, 0);
	sys_brk(s->task, EMULATION_BRK + PAGE_SIZE);
	sys_brk(s->task, EMULATION_BRK + 3 * PAGE_SIZE);
	answers(s, s->mm->vmacache_seqnum, seqnum);
	/* A merge that deletes an area. */
	map(s, 3, 1, RW);
	answers(s, s->mm->vmacache_seqnum, seqnum + one);
	unmap(s, 8, 2);
	answers(s, s->mm->vmacache_seqnum, seqnum + 2 * one);
}

WORLD_BEHAVIOUR(c7)
{
	static const char program[] = "args 1 11 env 1 4\n"
				      "program exec 401000 /bin/static\n"
				      "r-x 0 400000 1000 1000 1000\n"
				      "rw- 1000 600000 1000 1000 1000\n";
	const uint64_t mmap[OP_MAX_ARGS] = { 0x100000, PAGE_SIZE, RW,
					     ANON | MAP_FIXED };
	const struct operation exec = { .code = OP_EXEC,
					.thread = 1,
					.text = program,
					.text_len = sizeof(program) - 1 };
	const struct task_struct *child;
	struct outcome out;
	int i;

	world_answers(f, fixture_make(f), WORLD_OK);
	for (i = 0; i < 50; i++) {
		fixture_apply(f, OP_MMAP, mmap, &out);
		fixture_apply(f, OP_MUNMAP, mmap, &out);
	}
	if (!world_since(f, "6.1"))
		world_holds(f, fixture_mm(f)->vmacache_seqnum >= 50);
	world_answers(f, fixture_apply(f, OP_FORK, NULL, &out), WORLD_OK);
	child = process_task(world_process(f->world, out.process), 1);
	world_answers(f, child->mm->vmacache_seqnum, 0);
	world_answers(f, used_slots(child), 0);
	world_answers(f, world_apply(f->world, &exec, &out), WORLD_OK);
	world_answers(f, out.ret, 0);
	world_holds(f, fixture_mm(f)->vmacache_seqnum < 10);
}

BEHAVIOUR(c7a)
{
	struct task_struct *thread;

	if (since(s, "6.1"))
		return;
	map(s, 0, 1, RW);
	find_vma(s->task, at(0));
	unmap(s, 0, 1);
	thread = emulation_clone(&s->emu, s->task);
	answers(s, thread->vmacache.seqnum, s->task->vmacache.seqnum);
	holds(s, thread->vmacache.seqnum != s->mm->vmacache_seqnum);
	answers(s, used_slots(thread), 0);
}

BEHAVIOUR(c7b)
{
	uint64_t before;

	if (since(s, "6.1"))
		return;
	s->mm->uid = 0;
	s->mm->mmap_base = at(0);
	sys_mmap(s->task, PAGE_SIZE, at(0) - PAGE_SIZE, PROT_NONE,
		 ANON | MAP_FIXED, NULL, 0);
	settle(s);
	before = calls(s);
	answers(s, sys_mmap(s->task, at(-1), PAGE_SIZE, RW, ANON, NULL, 0),
		s->mm->mmap_legacy_base);
	answers(s, calls(s), before + 2);
}

BEHAVIOUR(c9)
{
	struct task_struct *thread = emulation_clone(&s->emu, s->task);
	bool wraps = is_release(s, "4.0");

	if (since(s, "6.1"))
		return;
	s->mm->vmacache_seqnum = UINT32_MAX;
	map(s, 0, 1, RW);
	map(s, 2, 1, RW);
	find_vma(thread, at(0));
	find_vma(thread, at(0));
	answers(s, used_slots(thread), 1);
	unmap(s, 2, 1);
	answers(s, s->mm->vmacache_seqnum, wraps ? 0 : 1ULL << 32);
	answers(s, s->task->vmacache.full_flushes, wraps);
	answers(s, used_slots(thread), !wraps);
}

BEHAVIOUR(c10)
{
	uint64_t before;

	if (since(s, "6.1"))
		return;
	map(s, 0, 1, RW);
	map(s, 2, 1, RW);
	settle(s);
	before = calls(s);
	find_vma(s->task, at(0));
	find_vma(s->task, at(0));
	answers(s, calls(s), before + 2);
	unmap(s, 2, 1);
	/* What is stale counts only where the call is counted first. */
	before = calls(s);
	find_vma(s->task, at(0));
	answers(s, calls(s), before + !is_release(s, "4.0"));
}

BEHAVIOUR(d28)
{
	bool there = is_release(s, "4.0") || is_release(s, "5.10");

	map(s, 0, 3, RW);
	fill(s, 0, 3);
	find_vma(s->task, at(0));
	answers(s, calls(s) > 0, there);
	answers(s, used_slots(s->task) > 0, there);
	unmap(s, 1, 1);
	answers(s, s->mm->vmacache_seqnum > 0, there);
}

BEHAVIOUR(d29)
{
	/* The highest gap that is long enough, and its upper end. */
	s->mm->mmap_base = at(40);
	map(s, 39, 1, PROT_READ);
	map(s, 37, 1, PROT_READ);
	map(s, 30, 1, PROT_READ);
	map(s, 20, 1, PROT_READ);
	answers(s, map_anywhere(s, 2, RX, ANON), at(35));
	answers(s, map_anywhere(s, 1, RX, ANON), at(38));
	answers(s, map_anywhere(s, 5, RW, ANON), at(25));
	answers(s, map_anywhere(s, 4, RW, ANON), at(31));
}

CU_TestInfo test_vmacache[] = {
	{ "C1 D26 the slot of an address", c1 },
	{ "C2 all slots are looked at", c2 },
	{ "C3 the area above a hole", c3 },
	{ "C4 above all areas", c4 },
	{ "C5 a stale cache", c5 },
	{ "C6 what makes it stale", c6 },
	{ "C7 fork and exec", c7 },
	{ "C7a a thread's number", c7a },
	{ "C7b a hint is looked up twice", c7b },
	{ "C9 D27 the number wraps", c9 },
	{ "C10 what is counted", c10 },
	{ "D28 no cache at all", d28 },
	{ "D29 the highest gap that fits", d29 },
	CU_TEST_INFO_NULL,
};
