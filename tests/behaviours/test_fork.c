/* SPDX-License-Identifier: MIT */
/* Fork, seals, and what else there is. */
#include "tests/behaviours/scene.h"

BEHAVIOUR(x1)
{
	map_as(s, 0, 2, RW, SHMEM);
	map(s, 4, 2, RW);
	fork_child(s);
	holds(s, child_can(s, 1, ACCESS_WRITE));
	holds(s, child_can(s, 4, ACCESS_WRITE));
	/* The object has the page now, for both; private memory has not. */
	holds(s, child_area(s, 0)->vm_file == area(s, 0)->vm_file);
	answers(s, area(s, 0)->vm_file->nr_cached, 1);
	answers(s, s->child_mm.rss_anon, 1);
	answers(s, s->mm->rss_anon, 0);
}

BEHAVIOUR(x2)
{
	map(s, 0, 1, RW);
	fork_child(s);
	answers(s,
		sys_mmap(&s->child, at(4), bytes(2), RW, ANON | MAP_FIXED, NULL,
			 0),
		at(4));
	sys_munmap(&s->child, at(0), bytes(1));
	draws(s, "w");
	answers(s, s->mm->total_vm, 1);
	answers(s, s->child_mm.total_vm, 2);
}

BEHAVIOUR(x3)
{
	map(s, 0, 2, RW);
	fill(s, 0, 2);
	fork_child(s);
	/* Locking makes the kernel itself write to both pages. */
	answers(s, lock(s, 0, 2), 0);
	answers(s, s->mm->rss_anon, 2);
	answers(s, touch(s, 0, ACCESS_WRITE).fault, ACCESS_FAULT_NONE);
	answers(s, touch(s, 1, ACCESS_READ).fault, ACCESS_FAULT_NONE);
	answers(s, s->child_mm.rss_anon, 2);
}

static int64_t remap_pages(struct scene *s, int64_t page, uint64_t pages,
			   uint64_t prot, uint64_t first)
{
	return sys_remap_file_pages(s->task, at(page), bytes(pages), prot,
				    first, 0);
}

BEHAVIOUR(x4)
{
	map_file(s, 0, 2, RW, MAP_PRIVATE, 0);
	map_file(s, 4, 2, RW, MAP_SHARED, 0);
	answers(s, remap_pages(s, 0, 1, 0, 1), -MM_EINVAL);
	answers(s, remap_pages(s, 8, 1, 0, 1), -MM_EINVAL);
	answers(s, remap_pages(s, 4, 0, 0, 1), -MM_EINVAL);
	answers(s, remap_pages(s, 4, 1, PROT_READ, 1), -MM_EINVAL);
	draws(s, "ww..WW");
}

/* Seen on a real 4.0: for one page, the whole area is unlocked, but counted. */
static void remap_locked(struct scene *s)
{
	bool all = is_release(s, "4.0");

	map_file(s, 8, 3, RW, MAP_SHARED, 0);
	answers(s, lock(s, 8, 3), 0);
	answers(s, remap_pages(s, 9, 1, 0, 5), 0);
	answers(s, s->mm->locked_vm, all ? 4 : 3);
	answers(s, !!(area(s, 8)->vm_flags & VM_LOCKED), !all);
	answers(s, !!(area(s, 9)->vm_flags & VM_LOCKED), 1);
	answers(s, unmap(s, 8, 3), 0);
	answers(s, s->mm->locked_vm, all ? 3 : 0);
}

BEHAVIOUR(x5)
{
	map_file(s, 0, 3, RW, MAP_SHARED, 0);
	answers(s, remap_pages(s, 0, 1, 0, 2), 0);
	answers(s, remap_pages(s, 2, 1, 0, 0), 0);
	draws(s, "W|W|W");
	answers(s, area(s, 0)->vm_pgoff, 2);
	answers(s, area(s, 1)->vm_pgoff, 1);
	answers(s, area(s, 2)->vm_pgoff, 0);
	remap_locked(s);
}

static int64_t seal(struct scene *s, int64_t page, uint64_t pages)
{
	return sys_mseal(s->task, at(page), bytes(pages), 0);
}

/* What mseal answers: only one release has it. */
static int64_t sealing(const struct scene *s, int64_t wanted)
{
	return is_release(s, "6.12") ? wanted : -MM_ENOSYS;
}

BEHAVIOUR(x6)
{
	map(s, 0, 2, RW);
	map(s, 3, 1, RW);
	answers(s, sys_mseal(s->task, at(0), PAGE_SIZE, 1),
		sealing(s, -MM_EINVAL));
	answers(s, sys_mseal(s->task, at(0) + 1, PAGE_SIZE, 0),
		sealing(s, -MM_EINVAL));
	answers(s, sys_mseal(s->task, at(0), UINT64_MAX, 0),
		sealing(s, -MM_EINVAL));
	answers(s, seal(s, 2, 2), sealing(s, -MM_ENOMEM));
	answers(s, seal(s, 0, 3), sealing(s, -MM_ENOMEM));
	answers(s, seal(s, 0, 4), sealing(s, -MM_ENOMEM));
	answers(s, seal(s, 0, 0), sealing(s, 0));
	draws(s, "ww.w");
}

BEHAVIOUR(x7)
{
	if (!since(s, "6.12"))
		return;
	map(s, 0, 2, PROT_READ);
	answers(s, seal(s, 0, 2), 0);
	answers(s, protect(s, 0, 1, RW), -MM_EPERM);
	answers(s, unmap(s, 1, 1), -MM_EPERM);
	answers(s, remap(s, 0, 2, 1, 0, 0), -MM_EPERM);
	answers(s, remap(s, 0, 2, 4, MREMAP_MAYMOVE, 0), -MM_EPERM);
	answers(s, map(s, 0, 1, RW), -MM_EPERM);
	answers(s, advise(s, 0, 2, MADV_DONTNEED), -MM_EPERM);
	answers(s, advise(s, 0, 2, MADV_WILLNEED), 0);
	draws(s, "rr");
	map(s, 4, 1, RW);
	seal(s, 4, 1);
	answers(s, advise(s, 4, 1, MADV_DONTNEED), 0);
}

BEHAVIOUR(x8)
{
	if (!since(s, "6.12"))
		return;
	map(s, 0, 3, RW);
	answers(s, sys_mseal(s->task, at(0), PAGE_SIZE + 1, 0), 0);
	draws(s, "ww|w");
	answers(s, seal(s, 0, 2), 0);
	answers(s, unmap(s, 1, 1), -MM_EPERM);
	answers(s, unmap(s, 2, 1), 0);
}

BEHAVIOUR(x11)
{
	const uint64_t boundary = 1ULL << 47;

	/* The last page before the boundary is nobody's. */
	answers(s,
		sys_mmap(s->task, boundary - 3 * PAGE_SIZE, 2 * PAGE_SIZE, RW,
			 ANON, NULL, 0),
		boundary - 3 * PAGE_SIZE);
	answers(s,
		sys_mmap(s->task, boundary - PAGE_SIZE, PAGE_SIZE, RW, ANON,
			 NULL, 0),
		s->mm->mmap_base - PAGE_SIZE);
	/* Four levels: no hint opens anything beyond. */
	answers(s, sys_mmap(s->task, boundary, PAGE_SIZE, RW, ANON, NULL, 0),
		s->mm->mmap_base - 2 * PAGE_SIZE);
	answers(s,
		sys_mmap(s->task, boundary, PAGE_SIZE, RW, ANON | MAP_FIXED,
			 NULL, 0),
		-MM_ENOMEM);
}

/* Pages that may vanish: not committed, not locked, not passed on. */
BEHAVIOUR(x10)
{
	uint64_t committed = s->emu.machine.committed_as;
	bool there = is_release(s, "6.12");

	answers(s, map_as(s, 0, 2, RW, MAP_ANONYMOUS | MAP_DROPPABLE),
		there ? (int64_t)at(0) : -MM_EINVAL);
	answers(s,
		map_as(s, 4, 2, RW, MAP_ANONYMOUS | MAP_DROPPABLE | MAP_LOCKED),
		-MM_EINVAL);
	if (!there)
		return;
	answers(s, (int64_t)(s->emu.machine.committed_as - committed), 0);
	answers(s, sys_mlock(s->task, at(0), PAGE_SIZE), 0);
	answers(s, (int64_t)s->mm->locked_vm, 0);
	answers(s, sys_madvise(s->task, at(0), PAGE_SIZE, MADV_KEEPONFORK),
		-MM_EINVAL);
	answers(s, sys_madvise(s->task, at(0), PAGE_SIZE, MADV_DODUMP),
		-MM_EINVAL);
}

BEHAVIOUR(x12)
{
	uint64_t first, different = 0;
	int seed;

	s->mm->randomize = true;
	mm_pick_layout(s->mm);
	first = s->mm->mmap_base;
	for (seed = 1; seed < 200; seed++) {
		s->emu.machine.random = (uint64_t)seed;
		mm_pick_layout(s->mm);
		different |= s->mm->mmap_base ^ first;
	}
	/* 28 bits of pages. */
	answers(s, different & ((1ULL << 40) - 1),
		((1ULL << 40) - 1) & PAGE_MASK);
}

CU_TestInfo test_fork[] = {
	{ "X1 what a child writes", x1 },
	{ "X2 what a child maps", x2 },
	{ "X3 the kernel itself writes to shared copies", x3 },
	{ "X4 what remap_file_pages refuses", x4 },
	{ "X5 D8 remap_file_pages", x5 },
	{ "X6 D42 what mseal refuses", x6 },
	{ "X7 what is sealed", x7 },
	{ "X8 sealing parts, and twice", x8 },
	{ "X10 D43 droppable mappings", x10 },
	{ "X11 the end of 47 bits", x11 },
	{ "X12 random bits of mmap_base", x12 },
	CU_TEST_INFO_NULL,
};
