/* SPDX-License-Identifier: MIT */
/* What munmap takes away, and what stays. */
#include "tests/behaviours/scene.h"

static int64_t unmap_bytes(struct scene *s, uint64_t addr, uint64_t len)
{
	return sys_munmap(s->task, addr, len);
}

BEHAVIOUR(u1)
{
	map(s, 0, 2, RW);
	answers(s, unmap(s, 0, 2), 0);
	draws(s, "");
	answers(s, s->mm->total_vm, 0);
}

BEHAVIOUR(u2)
{
	map(s, 0, 1, RW);
	answers(s, unmap_bytes(s, at(0), 0), -MM_EINVAL);
}

BEHAVIOUR(u3)
{
	map(s, 0, 3, RW);
	answers(s, unmap_bytes(s, at(0) + 1, PAGE_SIZE), -MM_EINVAL);
	answers(s, unmap_bytes(s, at(0), PAGE_SIZE + 1), 0);
	draws(s, "..w");
}

BEHAVIOUR(u4)
{
	map(s, 0, 1, RW);
	answers(s, unmap_bytes(s, at(0), -PAGE_SIZE + 1), -MM_EINVAL);
	draws(s, "w");
}

BEHAVIOUR(u5)
{
	const uint64_t last = TASK_SIZE - PAGE_SIZE;

	answers(s, unmap_bytes(s, last, PAGE_SIZE), 0);
	answers(s, unmap_bytes(s, last, 2 * PAGE_SIZE), -MM_EINVAL);
	answers(s, unmap_bytes(s, TASK_SIZE + PAGE_SIZE, PAGE_SIZE),
		-MM_EINVAL);
}

BEHAVIOUR(u6)
{
	answers(s, unmap(s, 0, 5), 0);
}

BEHAVIOUR(u7)
{
	map(s, 0, 3, RW);
	answers(s, unmap(s, 1, 2), 0);
	holds(s, can_write(s, 0));
	holds(s, !can_read(s, 1));
}

BEHAVIOUR(u8)
{
	map_file(s, 0, 3, PROT_READ, MAP_PRIVATE, 4);
	answers(s, unmap(s, 1, 1), 0);
	draws(s, "r.r");
	answers(s, area(s, 2)->vm_pgoff, 6);
	answers(s, s->mm->map_count, 2);
}

BEHAVIOUR(u9)
{
	map(s, 0, 3, RW);
	map(s, 5, 3, PROT_READ);
	answers(s, unmap(s, 2, 4), 0);
	draws(s, "ww....rr");
}

BEHAVIOUR(u10)
{
	map(s, 0, 3, RW);
	s->emu.machine.sysctl.max_map_count = 1;
	answers(s, unmap(s, 1, 1), -MM_ENOMEM);
	draws(s, "www");
}

BEHAVIOUR(u11)
{
	map(s, 0, 3, RW);
	s->emu.machine.sysctl.max_map_count = 1;
	answers(s, unmap(s, 0, 1), 0);
	answers(s, unmap(s, 2, 1), 0);
	draws(s, ".w");
}

BEHAVIOUR(u12)
{
	map(s, 0, 4, RW);
	lock(s, 0, 4);
	answers(s, unmap(s, 1, 2), 0);
	answers(s, s->mm->locked_vm, 2);
}

BEHAVIOUR(u13)
{
	/* There are no huge pages, whatever is advised. */
	map(s, 0, 1024, RW);
	advise(s, 0, 1024, MADV_HUGEPAGE);
	fill(s, 500, 30);
	answers(s, unmap(s, 511, 3), 0);
	answers(s, present(s, 500, 30), 27);
	answers(s, unmap(s, 0, 1024), 0);
	answers(s, s->mm->rss_anon, 0);
}

BEHAVIOUR(u15)
{
	uint64_t seqnum;

	map(s, 0, 3, RW);
	map(s, 10, 1, RW);
	seqnum = s->mm->vmacache_seqnum;
	protect(s, 1, 1, PROT_READ);
	map(s, 20, 1, RW);
	answers(s, s->mm->vmacache_seqnum, seqnum);
	unmap(s, 20, 1);
	answers(s, s->mm->vmacache_seqnum, seqnum + !since(s, "6.1"));
	unmap(s, 30, 1);
	answers(s, s->mm->vmacache_seqnum, seqnum + !since(s, "6.1"));
}

CU_TestInfo test_munmap[] = {
	{ "U1 all of it", u1 },
	{ "U2 no length", u2 },
	{ "U3 the address is not rounded, the length is", u3 },
	{ "U4 a length that rounds to nothing", u4 },
	{ "U5 beyond user space", u5 },
	{ "U6 nothing mapped there", u6 },
	{ "U7 the tail", u7 },
	{ "U8 the middle", u8 },
	{ "U9 across areas and a hole", u9 },
	{ "U10 the middle, at max_map_count", u10 },
	{ "U11 an end, at max_map_count", u11 },
	{ "U12 locked pages", u12 },
	{ "U13 amid a huge page's range", u13 },
	{ "U15 what makes cached areas stale", u15 },
	CU_TEST_INFO_NULL,
};
