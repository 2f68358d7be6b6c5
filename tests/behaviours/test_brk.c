/* SPDX-License-Identifier: MIT */
/* Where the heap may end. */
#include "tests/behaviours/scene.h"

/* A heap at the first page of the scene. */
static void begin_heap(struct scene *s)
{
	s->mm->start_brk = at(0);
	s->mm->brk = at(0);
}

/* Ask for a break at that page. */
static int64_t brk_to(struct scene *s, int64_t page)
{
	return sys_brk(s->task, at(page));
}

BEHAVIOUR(b1)
{
	begin_heap(s);
	brk_to(s, 2);
	answers(s, sys_brk(s->task, 0), at(2));
	answers(s, sys_brk(s->task, at(0) - 1), at(2));
	draws(s, "ww");
}

BEHAVIOUR(b2)
{
	begin_heap(s);
	brk_to(s, 1);
	answers(s, sys_brk(s->task, UINT64_MAX), at(1));
	draws(s, "w");
}

BEHAVIOUR(b3)
{
	begin_heap(s);
	answers(s, sys_brk(s->task, at(0) + 1), at(0) + 1);
	answers(s, s->mm->brk, at(0) + 1);
	draws(s, "w");
}

BEHAVIOUR(b4)
{
	const uint64_t odd = 2 * PAGE_SIZE - 1;
	int i;

	begin_heap(s);
	brk_to(s, 8);
	for (i = 0; i < 33; i++) {
		answers(s, sys_brk(s->task, at(8) + odd), at(8) + odd);
		holds(s, can_write(s, 9));
		answers(s, brk_to(s, 8), at(8));
		answers(s, sys_brk(s->task, at(8) - odd), at(8) - odd);
		answers(s, brk_to(s, 8), at(8));
	}
	draws(s, "wwwwwwww");
}

BEHAVIOUR(b5)
{
	begin_heap(s);
	sys_brk(s->task, at(0) + 1);
	answers(s, sys_brk(s->task, at(0) + 0xfff), at(0) + 0xfff);
	answers(s, sys_brk(s->task, at(1)), at(1));
	draws(s, "w");
	answers(s, s->mm->total_vm, 1);
}

BEHAVIOUR(b6)
{
	begin_heap(s);
	brk_to(s, 1);
	brk_to(s, 2);
	answers(s, protect(s, 1, 1, PROT_READ), 0);
	answers(s, brk_to(s, 3), at(3));
	draws(s, "w|r|w");
	answers(s, brk_to(s, 0), at(0));
	draws(s, "");
	/* A piece that is gone already may stand in the way. */
	brk_to(s, 3);
	unmap(s, 1, 2);
	answers(s, brk_to(s, 1), at(since(s, "6.1") ? 3 : 1));
}

BEHAVIOUR(b7)
{
	begin_heap(s);
	answers(s, sys_brk(s->task, 0), at(0));
	answers(s, brk_to(s, 2), at(2));
	answers(s, brk_to(s, 0), at(0));
	draws(s, "");
}

BEHAVIOUR(b8)
{
	int page = 0;

	begin_heap(s);
	s->mm->rlimits.as = bytes(5);
	while (page < 20 && brk_to(s, page + 1) == (int64_t)at(page + 1))
		page++;
	answers(s, page, 5);
	answers(s, sys_brk(s->task, 0), at(5));
}

BEHAVIOUR(b9)
{
	begin_heap(s);
	s->mm->rlimits.data = 0;
	answers(s, brk_to(s, 2), at(0));
	s->mm->rlimits.data = bytes(2);
	answers(s, brk_to(s, 2), at(2));
	brk_to(s, 0);
	/* Whether other data counts. */
	map(s, 10, 2, RW);
	answers(s, brk_to(s, 2), at(since(s, "5.10") ? 0 : 2));
	answers(s, s->mm->data_vm, since(s, "5.10") ? 2 : 0);
}

BEHAVIOUR(b10)
{
	begin_heap(s);
	s->mm->rlimits.data = RLIM_INFINITY;
	answers(s, sys_brk(s->task, at(0) + 1), at(0) + 1);
}

BEHAVIOUR(b11)
{
	begin_heap(s);
	s->mm->start_data = 0x600000;
	s->mm->end_data = 0x600800;
	s->mm->rlimits.data = 0x3000;
	answers(s, sys_brk(s->task, at(2) + 0x801), at(0));
	answers(s, sys_brk(s->task, at(2) + 0x800), at(2) + 0x800);
	/* Within a page that the heap has already, too. */
	answers(s, sys_brk(s->task, at(2) + 0x801), at(2) + 0x800);
}

BEHAVIOUR(b12)
{
	begin_heap(s);
	brk_to(s, 2);
	map(s, 2, 1, PROT_READ);
	answers(s, brk_to(s, 3), at(2));
	answers(s, sys_brk(s->task, at(2) + 1), at(2));
	draws(s, "ww|r");
}

BEHAVIOUR(b13)
{
	begin_heap(s);
	brk_to(s, 1);
	map(s, 4, 1, PROT_READ);
	answers(s, brk_to(s, 4), at(1));
	answers(s, brk_to(s, 3), at(3));
	brk_to(s, 1);
	unmap(s, 4, 1);
	/* A stack wants more. */
	map_as(s, 300, 2, RW, ANON | MAP_GROWSDOWN);
	answers(s, brk_to(s, 44), at(since(s, "5.10") ? 1 : 44));
	answers(s, brk_to(s, 43), at(43));
}

BEHAVIOUR(b14)
{
	begin_heap(s);
	brk_to(s, 5);
	protect(s, 2, 1, PROT_READ);
	s->emu.machine.sysctl.max_map_count = 1;
	s->mm->rlimits.as = 0;
	answers(s, brk_to(s, 1), at(1));
	draws(s, "w");
}

BEHAVIOUR(b15)
{
	begin_heap(s);
	answers(s, sys_mlockall(s->task, MCL_FUTURE), 0);
	answers(s, brk_to(s, 4), at(4));
	holds(s, flags_of(s, 0) & VM_LOCKED);
	answers(s, s->mm->locked_vm, 4);
	answers(s, s->mm->rss_anon, 4);
}

BEHAVIOUR(b16)
{
	begin_heap(s);
	map(s, 10, 1, RW);
	map(s, 20, 1, RW);
	s->emu.machine.sysctl.max_map_count = 1;
	answers(s, brk_to(s, 1), at(0));
	s->emu.machine.sysctl.max_map_count = 2;
	answers(s, brk_to(s, 1), at(1));
}

BEHAVIOUR(b17)
{
	begin_heap(s);
	brk_to(s, 1);
	brk_to(s, 3);
	draws(s, "www");
	answers(s, s->mm->map_count, 1);
	/* Whether it joins what ends where it begins. */
	brk_to(s, 0);
	map(s, 10, 1, RW);
	s->mm->start_brk = at(11);
	s->mm->brk = at(11);
	brk_to(s, 12);
	draws(s, since(s, "6.1") ? "..........w|w" : "..........ww");
}

CU_TestInfo test_brk[] = {
	{ "B1 below start_brk the break is only told", b1 },
	{ "B2 all ones are refused without an error value", b2 },
	{ "B3 the break is not rounded, the area is", b3 },
	{ "B4 odd sizes up and down", b4 },
	{ "B5 within a page only the break moves", b5 },
	{ "B6 a heap in pieces goes away as one", b6 },
	{ "B7 up and down again", b7 },
	{ "B8 at the limit the last good break stays", b8 },
	{ "B9 D2 RLIMIT_DATA, and what counts as data", b9 },
	{ "B10 no RLIMIT_DATA", b10 },
	{ "B11 RLIMIT_DATA counts bytes, and the data segment", b11 },
	{ "B12 a mapping at the break", b12 },
	{ "B13 a page, or a stack's guard gap, stays free", b13 },
	{ "B14 shrinking is always allowed", b14 },
	{ "B15 a heap of the locked future", b15 },
	{ "B16 max_map_count", b16 },
	{ "B17 the heap is one area", b17 },
	CU_TEST_INFO_NULL,
};
