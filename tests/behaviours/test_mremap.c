/* SPDX-License-Identifier: MIT */
/* Growing, shrinking and moving mappings. */
#include "tests/behaviours/scene.h"

#define MOVE      MREMAP_MAYMOVE
#define FIXED     (MREMAP_MAYMOVE | MREMAP_FIXED)
#define DONTUNMAP (MREMAP_MAYMOVE | MREMAP_DONTUNMAP)

BEHAVIOUR(r1)
{
	map(s, 0, 1, RW);
	answers(s, remap(s, 0, 1, 1, 8, 0), -MM_EINVAL);
	answers(s, remap(s, 0, 1, 1, DONTUNMAP | MREMAP_FIXED, 4),
		since(s, "5.10") ? (int64_t)at(4) : -MM_EINVAL);
}

BEHAVIOUR(r2)
{
	map(s, 0, 1, RW);
	answers(s, remap(s, 0, 1, 1, MREMAP_FIXED, 4), -MM_EINVAL);
}

BEHAVIOUR(r3)
{
	map(s, 0, 2, RW);
	answers(s,
		sys_mremap(s->task, at(0) + 1, PAGE_SIZE, PAGE_SIZE, MOVE, 0),
		-MM_EINVAL);
}

BEHAVIOUR(r4)
{
	map(s, 0, 1, RW);
	answers(s, remap(s, 0, 1, 0, MOVE, 0), -MM_EINVAL);
	draws(s, "w");
}

BEHAVIOUR(r5)
{
	answers(s, remap(s, 0, 1, 2, MOVE, 0), -MM_EFAULT);
}

BEHAVIOUR(r6)
{
	map(s, 0, 2, RW);
	answers(s, remap(s, 0, 2, 2, 0, 0), at(0));
	answers(s, remap(s, 0, 4, 4, 0, 0), at(0)); /* over a hole */
	draws(s, "ww");
}

BEHAVIOUR(r7)
{
	map(s, 0, 2, RW);
	answers(s, remap(s, 0, 2, 1, 0, 0), at(0));
	draws(s, "w");
}

BEHAVIOUR(r8)
{
	map(s, 0, 3, RW);
	answers(s, remap(s, 0, 2, 1, 0, 0), at(0));
	draws(s, "w.w");
}

BEHAVIOUR(r9)
{
	map(s, 0, 1, RW);
	map(s, 1, 2, PROT_READ);
	answers(s, remap(s, 0, 3, 2, 0, 0), at(0));
	draws(s, "w|r");
}

BEHAVIOUR(r10)
{
	map(s, 0, 2, RW);
	map(s, 3, 2, RW);
	answers(s, remap(s, 0, 4, 1, 0, 0), at(0));
	draws(s, "w...w");
}

BEHAVIOUR(r11)
{
	map(s, 0, 2, RW);
	answers(s, remap(s, 0, 2, 4, 0, 0), at(0));
	draws(s, "wwww");
	/* Only what reaches the end of the area can grow. */
	answers(s, remap(s, 0, 2, 5, 0, 0), -MM_ENOMEM);
}

BEHAVIOUR(r12)
{
	map(s, 0, 2, RW);
	map(s, 2, 1, PROT_READ);
	answers(s, remap(s, 0, 2, 3, 0, 0), -MM_ENOMEM);
	draws(s, "ww|r");
}

BEHAVIOUR(r13)
{
	map(s, 0, 2, RW);
	map(s, 2, 1, PROT_READ);
	fill(s, 0, 2);
	answers(s, remap(s, 0, 2, 3, MOVE, 0), s->mm->mmap_base - bytes(3));
	draws(s, "..r");
	answers(s, s->mm->rss_anon, 2);
}

BEHAVIOUR(r14)
{
	map(s, 0, 2, RW);
	map(s, 2, 1, PROT_READ);
	answers(s, remap(s, 0, 3, 4, MOVE, 0), -MM_EFAULT);
	draws(s, "ww|r");
}

BEHAVIOUR(r15)
{
	map(s, 2, 2, RW);
	answers(s, remap(s, 2, 2, 2, FIXED, 3), -MM_EINVAL);
	answers(s, remap(s, 2, 2, 2, FIXED, 1), -MM_EINVAL);
	answers(s, remap(s, 2, 2, 2, FIXED, 2), -MM_EINVAL);
	draws(s, "..ww");
}

BEHAVIOUR(r16)
{
	map(s, 0, 1, RW);
	answers(s,
		sys_mremap(s->task, at(0), PAGE_SIZE, PAGE_SIZE, FIXED,
			   at(4) + 1),
		-MM_EINVAL);
	draws(s, "w");
}

BEHAVIOUR(r17)
{
	map(s, 0, 2, RW);
	answers(s,
		sys_mremap(s->task, at(0), bytes(2), bytes(2), FIXED,
			   TASK_SIZE - PAGE_SIZE),
		-MM_EINVAL);
	answers(s,
		sys_mremap(s->task, at(0), bytes(2), TASK_SIZE + PAGE_SIZE,
			   FIXED, at(8)),
		-MM_EINVAL);
	draws(s, "ww");
}

BEHAVIOUR(r18)
{
	map(s, 0, 2, RW);
	fill(s, 0, 2);
	answers(s, remap(s, 0, 2, 2, FIXED, 4), at(4));
	draws(s, "....ww");
	answers(s, present(s, 4, 2), 2);
}

BEHAVIOUR(r19)
{
	map(s, 0, 2, RW);
	map(s, 4, 4, PROT_READ);
	answers(s, remap(s, 0, 2, 2, FIXED, 5), at(5));
	draws(s, "....r|ww|r");
}

BEHAVIOUR(r20)
{
	map(s, 0, 3, RW);
	answers(s, remap(s, 0, 3, 1, FIXED, 5), at(5));
	draws(s, ".....w");
}

BEHAVIOUR(r21)
{
	map(s, 0, 4, RW);
	answers(s, remap(s, 0, 3, 1, FIXED, 6), at(6));
	draws(s, "...w..w");
}

BEHAVIOUR(r22)
{
	map(s, 0, 1, RW);
	map(s, 1, 3, PROT_READ);
	map(s, 6, 3, RW);
	answers(s, remap(s, 0, 4, 2, FIXED, 6), -MM_EFAULT);
	draws(s, "w|r......w");
}

BEHAVIOUR(r23)
{
	map(s, 0, 1, RW);
	answers(s, remap(s, 0, 1, 3, FIXED, 4), at(4));
	draws(s, "....www");
	holds(s, can_write(s, 6));
}

BEHAVIOUR(r24)
{
	map_as(s, 0, 2, RW, SHMEM);
	answers(s, remap(s, 0, 0, 2, 0, 0), -MM_ENOMEM);
	draws(s, "WW");
}

BEHAVIOUR(r25)
{
	map_as(s, 0, 2, RW, SHMEM);
	answers(s, remap(s, 0, 0, 2, FIXED, 4), at(4));
	draws(s, "WW..WW");
	holds(s, area(s, 0)->vm_file == area(s, 4)->vm_file);
	answers(s, remap(s, 0, 0, 2, MOVE, 0), s->mm->mmap_base - bytes(2));
}

BEHAVIOUR(r26)
{
	bool duplicates = is_release(s, "4.0");

	map(s, 0, 2, RW);
	fill(s, 0, 2);
	answers(s, remap(s, 0, 0, 2, FIXED, 4),
		duplicates ? (int64_t)at(4) : -MM_EINVAL);
	draws(s, duplicates ? "ww..ww" : "ww");
	answers(s, present(s, 4, 2), 0);
}

BEHAVIOUR(r28)
{
	const struct area_setup raw = {
		.start = at(0),
		.end = at(2),
		.vm_flags = VM_READ | VM_MAYREAD | VM_IO | VM_PFNMAP |
			    VM_DONTEXPAND | VM_DONTDUMP,
	};

	answers(s, mm_install_area(s->mm, &raw), 0);
	answers(s, remap(s, 0, 2, 3, MOVE, 0), -MM_EFAULT);
	answers(s, remap(s, 0, 2, 1, 0, 0), at(0));
}

BEHAVIOUR(r29)
{
	const uint64_t pgoff = UINT64_MAX - 1;
	int64_t ret;

	map_file(s, 0, 1, PROT_READ, MAP_SHARED, 0);
	ret = sys_remap_file_pages(s->task, at(0), PAGE_SIZE, 0, pgoff, 0);
	if (since(s, "5.10")) {
		/* Offsets cannot come near the end any more. */
		answers(s, ret, -MM_EOVERFLOW);
		return;
	}
	answers(s, ret, 0);
	answers(s, remap(s, 0, 1, 3, MOVE, 0), -MM_EINVAL);
}

BEHAVIOUR(r30)
{
	map(s, 0, 2, RW);
	lock(s, 0, 2);
	s->mm->rlimits.memlock = bytes(3);
	answers(s, remap(s, 0, 2, 4, MOVE, 0), -MM_EAGAIN);
	s->mm->rlimits.memlock = 0;
	answers(s, remap(s, 0, 2, 3, MOVE, 0), -MM_EAGAIN);
}

BEHAVIOUR(r31)
{
	map(s, 0, 2, RW);
	lock(s, 0, 2);
	answers(s, remap(s, 0, 2, 4, 0, 0), at(0));
	answers(s, s->mm->locked_vm, 4);
	answers(s, present(s, 0, 4), 4);
}

BEHAVIOUR(r32)
{
	struct sysctl *sysctl = &s->emu.machine.sysctl;

	map(s, 0, 2, RW);
	s->mm->rlimits.as = bytes(3);
	answers(s, remap(s, 0, 2, 4, 0, 0), -MM_ENOMEM);
	s->mm->rlimits.as = RLIM_INFINITY;
	sysctl->overcommit_memory = 2;
	sysctl->overcommit_kbytes = 8;
	answers(s, remap(s, 0, 2, 4, 0, 0),
		is_release(s, "4.0") ? -MM_EFAULT : -MM_ENOMEM);
	draws(s, "ww");
	answers(s, s->emu.machine.committed_as, 2);
}

BEHAVIOUR(r33)
{
	map_file(s, 0, 2, RW, MAP_PRIVATE, 0);
	can_read(s, 0);
	fill(s, 1, 1);
	answers(s, remap(s, 0, 2, 3, FIXED, 4), at(4));
	answers(s, present(s, 4, 2), 2);
	answers(s, s->mm->rss_anon, 1);
	answers(s, s->mm->rss_file, 1);
	holds(s, can_read(s, 6));
	answers(s, s->mm->rss_file, 2);
}

BEHAVIOUR(r34)
{
	bool merges = since(s, "6.1");

	map(s, 0, 3, RW);
	unmap(s, 1, 1);
	answers(s, remap(s, 0, 1, 2, 0, 0), at(0));
	draws(s, merges ? "www" : "ww|w");
}

BEHAVIOUR(r35)
{
	bool merges = since(s, "6.1");

	map(s, 0, 4, RW);
	unmap(s, 2, 1);
	answers(s, remap(s, 1, 1, 2, 0, 0), at(1));
	draws(s, merges ? "wwww" : "www|w");
}

BEHAVIOUR(r36)
{
	map_file(s, 0, 4, RW, MAP_SHARED, 2);
	fill(s, 0, 4);
	answers(s, remap(s, 1, 1, 1, FIXED, 8), at(8));
	answers(s, area(s, 8)->vm_pgoff, 3);
	answers(s, remap(s, 8, 1, 1, FIXED, 1), at(1));
	draws(s, "WWWW");
	answers(s, area(s, 0)->vm_pgoff, 2);
	/* Between others the piece comes back all the same. */
	remap(s, 1, 1, 1, FIXED, 8);
	protect(s, 2, 1, PROT_READ);
	answers(s, remap(s, 8, 1, 1, FIXED, 1), at(1));
	draws(s, "WW|R|W");
	answers(s, area(s, 1)->vm_pgoff, 2);
	answers(s, area(s, 3)->vm_pgoff, 5);
}

BEHAVIOUR(r37)
{
	uint64_t pages;
	int64_t to;

	for (pages = 256; pages <= 1 << 18; pages *= 4) {
		to = (int64_t)(4 * pages);
		map_as(s, 0, pages, RW, ANON | MAP_NORESERVE);
		fill(s, 0, 1);
		fill(s, (int64_t)pages - 1, 1);
		answers(s, remap(s, 0, pages, pages, FIXED, to), at(to));
		answers(s, present(s, to, 1), 1);
		answers(s, present(s, to + (int64_t)pages - 1, 1), 1);
		answers(s, s->mm->rss_anon, 2);
		unmap(s, to, pages);
	}
}

BEHAVIOUR(r38)
{
	const uint64_t flags = DONTUNMAP | MREMAP_FIXED;

	map(s, 0, 2, RW);
	fill(s, 0, 2);
	if (is_release(s, "4.0")) {
		answers(s, remap(s, 0, 2, 2, flags, 4), -MM_EINVAL);
		return;
	}
	answers(s, remap(s, 0, 2, 2, flags, 4), at(4));
	draws(s, "ww..ww");
	answers(s, present(s, 0, 2), 0);
	answers(s, present(s, 4, 2), 2);
	holds(s, can_write(s, 0));
	/* Without MREMAP_FIXED the address is a hint. */
	answers(s, remap(s, 4, 2, 2, DONTUNMAP, 8), at(8));
}

BEHAVIOUR(r39)
{
	map(s, 0, 2, RW);
	fill(s, 0, 2);
	map(s, 4, 4, PROT_READ);
	if (is_release(s, "4.0")) {
		answers(s, remap(s, 0, 2, 2, DONTUNMAP | FIXED, 5), -MM_EINVAL);
		return;
	}
	answers(s, remap(s, 0, 2, 2, DONTUNMAP | FIXED, 5), at(5));
	draws(s, "ww..r|ww|r");
}

BEHAVIOUR(r40)
{
	map(s, 0, 10, RW);
	fill(s, 0, 10);
	if (is_release(s, "4.0")) {
		answers(s, remap(s, 5, 5, 5, DONTUNMAP | FIXED, 20),
			-MM_EINVAL);
		return;
	}
	answers(s, remap(s, 5, 5, 5, DONTUNMAP | FIXED, 20), at(20));
	answers(s, present(s, 0, 10), 5);
	answers(s, present(s, 0, 5), 5);
	answers(s, present(s, 20, 5), 5);
	draws(s, "wwwwwwwwww..........wwwww");
}

BEHAVIOUR(r41)
{
	bool any = since(s, "6.1");

	map_file(s, 0, 2, RW, MAP_SHARED, 3);
	fill(s, 0, 2);
	answers(s, remap(s, 0, 2, 2, DONTUNMAP | FIXED, 4),
		any ? (int64_t)at(4) : -MM_EINVAL);
	draws(s, any ? "WW..WW" : "WW");
	holds(s, !any || (area(s, 4) && area(s, 4)->vm_pgoff == 3));
	holds(s, can_read(s, 0));
}

BEHAVIOUR(r42)
{
	map(s, 0, 2, RW);
	answers(s, remap(s, 0, 2, 2, MREMAP_DONTUNMAP, 4), -MM_EINVAL);
	answers(s, remap(s, 0, 2, 3, DONTUNMAP, 4), -MM_EINVAL);
	answers(s, remap(s, 0, 2, 1, DONTUNMAP, 4), -MM_EINVAL);
	draws(s, "ww");
}

BEHAVIOUR(r43)
{
	int64_t ret = since(s, "6.1") ? -MM_EFAULT : (int64_t)at(0);

	answers(s, remap(s, 0, 2, 2, 0, 0), ret);
	answers(s, remap(s, 0, 2, 1, 0, 0), ret);
	/* Whatever address that is: it is not looked at. */
	if (since(s, "6.1"))
		return;
	answers(s, sys_mremap(s->task, 1ULL << 63, PAGE_SIZE, PAGE_SIZE, 0, 0),
		INT64_MIN);
	answers(s, sys_mremap(s->task, -PAGE_SIZE, PAGE_SIZE, PAGE_SIZE, 0, 0),
		-(int64_t)PAGE_SIZE);
}

CU_TestInfo test_mremap[] = {
	{ "R1 unknown flags", r1 },
	{ "R2 MREMAP_FIXED without MREMAP_MAYMOVE", r2 },
	{ "R3 the address is not rounded", r3 },
	{ "R4 no new length", r4 },
	{ "R5 growing nothing", r5 },
	{ "R6 nothing to do", r6 },
	{ "R7 shrinking an area", r7 },
	{ "R8 shrinking a part of an area", r8 },
	{ "R9 shrinking across areas", r9 },
	{ "R10 shrinking across a hole", r10 },
	{ "R11 growing in place", r11 },
	{ "R12 no room to grow", r12 },
	{ "R13 no room to grow: moving", r13 },
	{ "R14 growing across areas", r14 },
	{ "R15 a target that overlaps", r15 },
	{ "R16 the target is not rounded", r16 },
	{ "R17 a target beyond user space", r17 },
	{ "R18 moving into a hole", r18 },
	{ "R19 moving over a mapping", r19 },
	{ "R20 moving and shrinking an area", r20 },
	{ "R21 moving and shrinking a part of an area", r21 },
	{ "R22 what a move across areas leaves behind", r22 },
	{ "R23 moving and growing", r23 },
	{ "R24 duplicating shared memory in place", r24 },
	{ "R25 duplicating shared memory", r25 },
	{ "R26 D19 duplicating private memory", r26 },
	{ "R28 what must not expand", r28 },
	{ "R29 growing an offset beyond its end", r29 },
	{ "R30 growing locked memory beyond the limit", r30 },
	{ "R31 growing locked memory", r31 },
	{ "R32 growing beyond other limits", r32 },
	{ "R33 private pages of a file move along", r33 },
	{ "R34 D22 growing up to the next area", r34 },
	{ "R35 the same from inside the area", r35 },
	{ "R36 a piece of a file out and back", r36 },
	{ "R37 moves of many sizes", r37 },
	{ "R38 D21 MREMAP_DONTUNMAP", r38 },
	{ "R39 MREMAP_DONTUNMAP over a mapping", r39 },
	{ "R40 MREMAP_DONTUNMAP of a half", r40 },
	{ "R41 MREMAP_DONTUNMAP of shared memory", r41 },
	{ "R42 what MREMAP_DONTUNMAP needs", r42 },
	{ "R43 D20 nothing mapped, nothing to grow", r43 },
	CU_TEST_INFO_NULL,
};
