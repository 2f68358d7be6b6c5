/* SPDX-License-Identifier: MIT */
/* Changing what may be done with an area. */
#include "tests/behaviours/scene.h"

BEHAVIOUR(p1)
{
	map(s, 0, 2, RW);
	answers(s, sys_mprotect(s->task, at(0) + 1, PAGE_SIZE, PROT_READ),
		-MM_EINVAL);
}

BEHAVIOUR(p2)
{
	answers(s, protect(s, 0, 0, PROT_READ), 0);
	map(s, 0, 1, RW);
	answers(s, protect(s, 0, 0, PROT_READ), 0);
	draws(s, "w");
}

BEHAVIOUR(p3)
{
	map(s, 1, 1, RW);
	answers(s, protect(s, 0, 2, PROT_READ), -MM_ENOMEM);
	draws(s, ".w");
}

BEHAVIOUR(p4)
{
	map(s, 0, 1, RW);
	answers(s, sys_mprotect(s->task, at(0), UINT64_MAX, PROT_READ),
		-MM_ENOMEM);
	draws(s, "w");
}

BEHAVIOUR(p5)
{
	s->file->writable = false;
	map_file(s, 0, 2, PROT_READ, MAP_SHARED, 0);
	answers(s, protect(s, 0, 2, RW), -MM_EACCES);
	draws(s, "RR");
}

BEHAVIOUR(p6)
{
	map(s, 0, 1, RW);
	answers(s, protect(s, 0, 1, PROT_READ | 0x10), -MM_EINVAL);
	draws(s, "w");
}

BEHAVIOUR(p7)
{
	map(s, 0, 1, RW);
	answers(s, protect(s, 0, 1, PROT_GROWSDOWN | PROT_GROWSUP), -MM_EINVAL);
	answers(s, protect(s, 0, 1, PROT_READ | PROT_GROWSDOWN), -MM_EINVAL);
	draws(s, "w");
}

BEHAVIOUR(p8)
{
	map_as(s, 0, 4, RW, ANON | MAP_GROWSDOWN);
	answers(s, protect(s, 2, 1, PROT_READ | PROT_GROWSDOWN), 0);
	draws(s, "rrr|w");
}

BEHAVIOUR(p9)
{
	map(s, 0, 2, RW);
	map(s, 3, 1, RW);
	answers(s, protect(s, 1, 3, PROT_READ), -MM_ENOMEM);
	draws(s, "w|r.w");
}

BEHAVIOUR(p10)
{
	map(s, 0, 2, RW);
	fill(s, 0, 2);
	answers(s, protect(s, 0, 2, PROT_NONE), 0);
	answers(s, protect(s, 0, 2, RW), 0);
	answers(s, present(s, 0, 2), 2);
	answers(s, s->mm->rss_anon, 2);
}

BEHAVIOUR(p11)
{
	map(s, 0, 1, PROT_NONE);
	holds(s, !can_write(s, 0));
	answers(s, protect(s, 0, 1, RW), 0);
	holds(s, can_write(s, 0));
	answers(s, protect(s, 0, 1, PROT_READ), 0);
	answers(s, touch(s, 0, ACCESS_WRITE).code, SEGV_ACCERR);
	holds(s, can_read(s, 0));
}

BEHAVIOUR(p12)
{
	map(s, 0, 3, RW);
	answers(s, protect(s, 1, 1, PROT_READ), 0);
	draws(s, "w|r|w");
	answers(s, protect(s, 1, 1, RW), 0);
	draws(s, "www");
}

BEHAVIOUR(p13)
{
	map_file(s, 0, 6, RW | PROT_EXEC, MAP_SHARED, 0);
	answers(s, protect(s, 0, 6, PROT_READ), 0);
	answers(s, protect(s, 1, 1, RX), 0);
	answers(s, protect(s, 3, 1, RW), 0);
	draws(s, "R|X|R|W|RR");
	answers(s, protect(s, 1, 4, PROT_READ), 0);
	draws(s, "RRRRRR");
}

BEHAVIOUR(p14)
{
	uint64_t *committed = &s->emu.machine.committed_as;

	map(s, 0, 4, RW);
	answers(s, *committed, 4);
	protect(s, 0, 4, PROT_READ);
	answers(s, *committed, is_release(s, "6.12") ? 0 : 4);
	protect(s, 0, 4, RW);
	answers(s, *committed, 4);
	holds(s, flags_of(s, 0) & VM_ACCOUNT);
	/* What was touched stays committed. */
	fill(s, 0, 1);
	protect(s, 0, 4, PROT_READ);
	answers(s, *committed, 4);
}

BEHAVIOUR(p15)
{
	map(s, 0, 4, PROT_READ);
	s->emu.machine.sysctl.overcommit_memory = 2;
	s->emu.machine.sysctl.overcommit_kbytes = 4;
	answers(s, protect(s, 0, 4, RW), -MM_ENOMEM);
	draws(s, "rrrr");
}

BEHAVIOUR(p16)
{
	map(s, 0, 4, PROT_READ);
	s->mm->rlimits.data = bytes(3);
	answers(s, protect(s, 0, 4, RW), since(s, "5.10") ? -MM_ENOMEM : 0);
	answers(s, protect(s, 0, 3, RW), 0);
}

BEHAVIOUR(p17)
{
	map(s, 0, 3, RW);
	s->emu.machine.sysctl.max_map_count = 1;
	answers(s, protect(s, 1, 1, PROT_READ), -MM_ENOMEM);
	draws(s, "www");
	answers(s, protect(s, 0, 3, PROT_READ), 0);
}

CU_TestInfo test_mprotect[] = {
	{ "P1 the start is not rounded", p1 },
	{ "P2 no length", p2 },
	{ "P3 nothing mapped at the start", p3 },
	{ "P4 a length that wraps", p4 },
	{ "P5 a file that may not be written", p5 },
	{ "P6 unknown bits", p6 },
	{ "P7 directions", p7 },
	{ "P8 down to the start of a stack", p8 },
	{ "P9 up to a hole", p9 },
	{ "P10 PROT_NONE keeps pages", p10 },
	{ "P11 what may be touched then", p11 },
	{ "P12 split in three, and merged", p12 },
	{ "P13 pieces of a shared file", p13 },
	{ "P14 committed once", p14 },
	{ "P15 nothing left to commit", p15 },
	{ "P16 RLIMIT_DATA", p16 },
	{ "P17 max_map_count", p17 },
	CU_TEST_INFO_NULL,
};
