/* SPDX-License-Identifier: MIT */
/* Areas that grow down, and what they keep away from. */
#include <stdio.h>
#include <string.h>

#include "tests/behaviours/scene.h"

/* Two pages that grow down, at the page. */
static void map_stack(struct scene *s, int64_t page)
{
	map_as(s, page, 2, RW, ANON | MAP_GROWSDOWN);
}

/* Writes to pages from @page downwards; answers the first that is refused. */
static int64_t grow_from(struct scene *s, int64_t page)
{
	while (page >= 0 && can_write(s, page))
		page--;
	return page;
}

BEHAVIOUR(g1)
{
	/* Where the lowest page is a guard, there is always one more. */
	int64_t guard = !since(s, "5.10");

	map_stack(s, 300);
	holds(s, can_write(s, 299) && can_write(s, 298) && can_write(s, 290));
	answers(s, area(s, 300)->vm_start, at(290 - guard));
	answers(s, s->mm->stack_vm, 12 + guard);
}

BEHAVIOUR(g2)
{
	map(s, 10, 1, RW);
	map_stack(s, 300);
	answers(s, grow_from(s, 299), since(s, "5.10") ? 266 : 11);
}

BEHAVIOUR(g3)
{
	map(s, 343, 1, RW);
	map_stack(s, 600);
	answers(s, grow_from(s, 599), since(s, "5.10") ? 599 : 344);
}

BEHAVIOUR(g4)
{
	map_as(s, 10, 1, PROT_READ, ANON | MAP_GROWSDOWN);
	map_stack(s, 30);
	answers(s, grow_from(s, 29), 10);
}

BEHAVIOUR(g5)
{
	map_stack(s, 300);
	s->mm->rlimits.stack = bytes(4);
	answers(s, grow_from(s, 301), 297);
	answers(s, touch(s, 297, ACCESS_WRITE).code, SEGV_MAPERR);
}

BEHAVIOUR(g6)
{
	struct sysctl *sysctl = &s->emu.machine.sysctl;

	map_stack(s, 300);
	s->mm->rlimits.as = bytes(2);
	holds(s, !can_write(s, 299));
	s->mm->rlimits.as = RLIM_INFINITY;
	answers(s, lock(s, 300, 2), 0);
	s->mm->rlimits.memlock = bytes(2);
	holds(s, !can_write(s, 299));
	unlock(s, 300, 2);
	sysctl->overcommit_memory = 2;
	sysctl->overcommit_kbytes = 8;
	holds(s, !can_write(s, 299));
	answers(s, s->emu.machine.committed_as, s->mm->stack_vm);
	sysctl->overcommit_memory = 0;
	/* A stack is no data. */
	s->mm->rlimits.data = 0;
	holds(s, can_write(s, 299));
}

BEHAVIOUR(g7)
{
	const uint64_t stack = 0x11000;

	sys_mmap(s->task, stack, 2 * PAGE_SIZE, RW,
		 ANON | MAP_GROWSDOWN | MAP_FIXED, NULL, 0);
	holds(s, emulation_write(&s->emu, stack) == ACCESS_FAULT_MINOR);
	answers(s, emulation_write(&s->emu, 0xf000), ACCESS_FAULT_SIGSEGV);
}

/* Touches a byte with the stack pointer at a page's start. */
static enum access_fault push(struct scene *s, int64_t sp_page, uint64_t below)
{
	struct access_outcome outcome;
	uint64_t sp = at(sp_page);

	mm_access(s->task, sp - below, 1, ACCESS_WRITE, sp, &outcome);
	return outcome.fault;
}

BEHAVIOUR(g8)
{
	const uint64_t slack = 65536 + 256;

	map_stack(s, 300);
	answers(s, push(s, 300, slack + 1),
		is_release(s, "4.0") ? ACCESS_FAULT_SIGSEGV
				     : ACCESS_FAULT_MINOR);
	map_stack(s, 900);
	answers(s, push(s, 900, slack), ACCESS_FAULT_MINOR);
}

static struct outcome apply(struct world_fixture *f, enum op_code code,
			    uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
	const uint64_t args[OP_MAX_ARGS] = { a, b, c, d };
	struct outcome out;

	world_answers(f, fixture_apply(f, code, args, &out), WORLD_OK);
	return out;
}

WORLD_BEHAVIOUR(g9)
{
	bool hidden = !world_since(f, "5.10");

	world_answers(f, fixture_make_of(f, ""), WORLD_OK);
	apply(f, OP_MMAP, 0x300000, 4 * PAGE_SIZE, RW,
	      ANON | MAP_GROWSDOWN | MAP_FIXED);
	world_holds(f, strstr(fixture_maps(f), hidden ? "00301000-00304000"
						      : "00300000-00304000"));
	{
		const uint64_t args[OP_MAX_ARGS] = { 0x2ff000, 1, ACCESS_WRITE,
						     UINT64_MAX };
		struct outcome out;

		fixture_apply(f, OP_ACCESS, args, &out);
	}
	/* What was touched is shown, and nothing below. */
	world_holds(f, strstr(fixture_maps(f), "002ff000-00304000"));
}

WORLD_BEHAVIOUR(g10)
{
	const uint64_t stack = 0x80000000;
	bool gap = world_since(f, "5.10");
	uint64_t hint = stack - bytes(18);

	world_answers(f, fixture_make(f), WORLD_OK);
	if (gap)
		world_answers(f, fixture_mm(f)->stack_guard_gap, bytes(256));
	world_free(f->world);
	f->setup.sysctl.stack_guard_gap = 16;
	f->setup.sysctl_given = 1U << SYSCTL_STACK_GUARD_GAP;
	world_answers(f, fixture_make(f), WORLD_OK);
	apply(f, OP_MMAP, stack, bytes(2), RW,
	      ANON | MAP_GROWSDOWN | MAP_FIXED);
	world_answers(f, apply(f, OP_MMAP, hint, bytes(2), RW, ANON).ret, hint);
	hint += bytes(2);
	world_answers(f,
		      apply(f, OP_MMAP, hint, bytes(1), RW, ANON).ret ==
			      (int64_t)hint,
		      !gap);
}

CU_TestInfo test_stack[] = {
	{ "G1 D1 a stack grows", g1 },
	{ "G2 down to what is mapped", g2 },
	{ "G3 a page just beyond the guard gap", g3 },
	{ "G4 two stacks", g4 },
	{ "G5 RLIMIT_STACK", g5 },
	{ "G6 other limits", g6 },
	{ "G7 mmap_min_addr", g7 },
	{ "G8 D17 far below the stack pointer", g8 },
	{ "G9 what maps shows", g9 },
	{ "G10 the guard gap can be set", g10 },
	CU_TEST_INFO_NULL,
};
