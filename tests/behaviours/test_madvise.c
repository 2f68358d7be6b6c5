/* SPDX-License-Identifier: MIT */
/* Advice that changes something, or is refused. */
#include "core/world/proc.h"
#include "tests/behaviours/scene.h"

#define GUARD_INSTALL 102
#define GUARD_REMOVE  103

/* What a release that lacks the advice answers, else @wanted. */
static int64_t if_known(bool known, int64_t wanted)
{
	return known ? wanted : -MM_EINVAL;
}

BEHAVIOUR(v1)
{
	map(s, 0, 2, RW);
	answers(s, sys_madvise(s->task, at(0) + 1, PAGE_SIZE, MADV_DONTNEED),
		-MM_EINVAL);
}

BEHAVIOUR(v2)
{
	map(s, 0, 1, RW);
	answers(s, advise(s, 0, 1, 1234), -MM_EINVAL);
	answers(s, advise(s, 0, 0, 1234), -MM_EINVAL);
	answers(s, advise(s, 0, 1, -1), -MM_EINVAL);
}

BEHAVIOUR(v3)
{
	answers(s, advise(s, 0, 0, MADV_DONTNEED), 0);
}

BEHAVIOUR(v4)
{
	map(s, 0, 1, RW);
	answers(s, sys_madvise(s->task, at(0), -1, MADV_DONTNEED), -MM_EINVAL);
}

BEHAVIOUR(v5)
{
	map(s, 0, 1, RW);
	map(s, 2, 1, RW);
	fill(s, 0, 1);
	fill(s, 2, 1);
	answers(s, advise(s, 0, 3, MADV_DONTNEED), -MM_ENOMEM);
	answers(s, present(s, 0, 3), 0);
}

BEHAVIOUR(v6)
{
	map(s, 0, 2, RW);
	fill(s, 0, 2);
	answers(s, advise(s, 0, 2, MADV_DONTNEED), 0);
	answers(s, s->mm->rss_anon, 0);
	/* A page that is read then is the one of zeroes. */
	holds(s, can_read(s, 0));
	answers(s, s->mm->rss_anon, 0);
}

BEHAVIOUR(v7)
{
	map(s, 0, 2, RW);
	fill(s, 0, 2);
	fork_child(s);
	answers(s, sys_madvise(&s->child, at(0), bytes(2), MADV_DONTNEED), 0);
	answers(s, s->child_mm.rss_anon, 0);
	answers(s, s->mm->rss_anon, 2);
}

BEHAVIOUR(v8)
{
	map_as(s, 0, 2, RW, SHMEM);
	map_file(s, 4, 2, RW, MAP_SHARED, 0);
	fill(s, 0, 2);
	fill(s, 4, 2);
	answers(s, advise(s, 0, 2, MADV_DONTNEED), 0);
	answers(s, advise(s, 4, 2, MADV_DONTNEED), 0);
	answers(s, get_mm_rss(s->mm), 0);
	answers(s, area(s, 0)->vm_file->nr_cached, 2);
	answers(s, s->file->nr_cached, 2);
}

BEHAVIOUR(v9)
{
	map_file(s, 0, 1, RW, MAP_PRIVATE, 0);
	fill(s, 0, 1);
	answers(s, s->mm->rss_anon, 1);
	answers(s, advise(s, 0, 1, MADV_DONTNEED), 0);
	holds(s, can_read(s, 0));
	answers(s, s->mm->rss_anon, 0);
	answers(s, s->mm->rss_file, 1);
}

BEHAVIOUR(v10)
{
	map(s, 0, 1, RW);
	fill(s, 0, 1);
	protect(s, 0, 1, PROT_NONE);
	answers(s, advise(s, 0, 1, MADV_DONTNEED), 0);
	answers(s, present(s, 0, 1), 0);
}

BEHAVIOUR(v11)
{
	const struct area_setup raw = {
		.start = at(4),
		.end = at(5),
		.vm_flags = VM_READ | VM_MAYREAD | VM_IO | VM_PFNMAP,
	};
	bool known = since(s, "6.1");

	map(s, 0, 1, RW);
	lock(s, 0, 1);
	answers(s, mm_install_area(s->mm, &raw), 0);
	answers(s, advise(s, 0, 1, MADV_DONTNEED), -MM_EINVAL);
	answers(s, advise(s, 4, 1, MADV_DONTNEED), -MM_EINVAL);
	answers(s, advise(s, 0, 1, MADV_DONTNEED_LOCKED), if_known(known, 0));
	answers(s, present(s, 0, 1), !known);
}

BEHAVIOUR(v12)
{
	map_file(s, 0, 2, RW, MAP_SHARED, 0);
	lock(s, 0, 2);
	answers(s, advise(s, 0, 2, MADV_REMOVE), -MM_EINVAL);
	unlock(s, 0, 2);
	answers(s, advise(s, 0, 2, MADV_REMOVE), 0);
	answers(s, s->file->nr_cached, 0);
}

BEHAVIOUR(v13)
{
	map(s, 0, 1, RW);
	answers(s, advise(s, 0, 1, MADV_WILLNEED), 0);
	answers(s, present(s, 0, 1), 0);
}

BEHAVIOUR(v14)
{
	map_as(s, 0, 1, PROT_NONE, SHMEM);
	answers(s, advise(s, 0, 1, MADV_WILLNEED), 0);
	answers(s, present(s, 0, 1), 0);
}

BEHAVIOUR(v15)
{
	bool known = !is_release(s, "4.0");

	map_file(s, 0, 1, RW, MAP_SHARED, 0);
	map(s, 4, 2, RW);
	fill(s, 4, 2);
	answers(s, advise(s, 0, 1, MADV_FREE), -MM_EINVAL);
	answers(s, advise(s, 4, 2, MADV_FREE), if_known(known, 0));
	answers(s, present(s, 4, 2), 2);
	fill(s, 4, 2);
	answers(s, present(s, 4, 2), 2);
}

BEHAVIOUR(v16)
{
	bool known = !is_release(s, "4.0");

	map_file(s, 0, 1, RW, MAP_SHARED, 0);
	map_as(s, 1, 1, RW, SHMEM);
	map_file(s, 2, 1, RW, MAP_PRIVATE, 0);
	map(s, 3, 1, RW);
	answers(s, advise(s, 0, 1, MADV_WIPEONFORK), -MM_EINVAL);
	answers(s, advise(s, 1, 1, MADV_WIPEONFORK), -MM_EINVAL);
	answers(s, advise(s, 2, 1, MADV_WIPEONFORK), -MM_EINVAL);
	answers(s, advise(s, 3, 1, MADV_WIPEONFORK), if_known(known, 0));
}

BEHAVIOUR(v17)
{
	struct mm_struct grandchild;

	if (!since(s, "5.10"))
		return;
	map(s, 0, 3, RW);
	fill(s, 0, 3);
	answers(s, advise(s, 0, 0, MADV_WIPEONFORK), 0);
	draws(s, "www");
	advise(s, 0, 2, MADV_WIPEONFORK);
	advise(s, 0, 1, MADV_KEEPONFORK);
	draws(s, "w|w|w");
	fork_child(s);
	/* One of three pages is wiped, and will be in the grandchild. */
	answers(s, s->child_mm.rss_anon, 2);
	holds(s, child_can(s, 1, ACCESS_WRITE));
	answers(s, s->child_mm.rss_anon, 3);
	mm_init(&grandchild, &s->emu.machine);
	answers(s, dup_mm(&s->child, &grandchild), 0);
	answers(s, grandchild.rss_anon, 2);
	exit_mmap(&grandchild);
	answers(s, s->mm->rss_anon, 3);
}

BEHAVIOUR(v18)
{
	map(s, 0, 3, RW);
	answers(s, advise(s, 1, 1, MADV_DONTFORK), 0);
	draws(s, "w|w|w");
	fork_child(s);
	holds(s, child_area(s, 0) && !child_area(s, 1) && child_area(s, 2));
	answers(s, advise(s, 1, 1, MADV_DOFORK), 0);
	draws(s, "www");
}

BEHAVIOUR(v19)
{
	map_file(s, 0, 2, RW, MAP_SHARED, 0);
	answers(s, advise(s, 1, 1, MADV_DONTFORK), 0);
	fork_child(s);
	holds(s, child_can(s, 0, ACCESS_WRITE));
	holds(s, !child_can(s, 1, ACCESS_READ));
	/* What the child wrote is in the page that both have. */
	answers(s, s->file->nr_cached, 1);
}

BEHAVIOUR(v20)
{
	const char *codes[VMA_FLAG_CODES_MAX];
	size_t nr, i, dd = 0;

	map(s, 0, 2, RW);
	answers(s, advise(s, 0, 2, MADV_DONTDUMP), 0);
	nr = vma_flag_codes(s->profile, flags_of(s, 0), codes);
	for (i = 0; i < nr; i++)
		dd += codes[i][0] == 'd' && codes[i][1] == 'd';
	answers(s, dd, 1);
	answers(s, advise(s, 0, 2, MADV_DODUMP), 0);
	answers(s, flags_of(s, 0) & VM_DONTDUMP, 0);
}

BEHAVIOUR(v21)
{
	const uint64_t both = VM_SEQ_READ | VM_RAND_READ;

	map(s, 0, 3, RW);
	advise(s, 1, 1, MADV_SEQUENTIAL);
	draws(s, "w|w|w");
	answers(s, flags_of(s, 1) & both, VM_SEQ_READ);
	advise(s, 1, 1, MADV_RANDOM);
	answers(s, flags_of(s, 1) & both, VM_RAND_READ);
	advise(s, 1, 1, MADV_NORMAL);
	draws(s, "www");
}

BEHAVIOUR(v22)
{
	map(s, 0, 3, RW);
	advise(s, 0, 3, MADV_SEQUENTIAL);
	s->emu.machine.sysctl.max_map_count = 1;
	answers(s, advise(s, 1, 1, MADV_SEQUENTIAL), 0);
	draws(s, "www");
}

BEHAVIOUR(v23)
{
	map(s, 0, 3, RW);
	s->emu.machine.sysctl.max_map_count = 1;
	answers(s, advise(s, 1, 1, MADV_SEQUENTIAL),
		is_release(s, "5.10") ? -MM_ENOMEM : -MM_EAGAIN);
	draws(s, "www");
}

BEHAVIOUR(v24)
{
	bool known = !is_release(s, "4.0");

	map(s, 0, 1, RW);
	fill(s, 0, 1);
	answers(s, advise(s, 0, 1, MADV_COLD), if_known(known, 0));
	answers(s, advise(s, 0, 1, MADV_PAGEOUT), if_known(known, 0));
}

BEHAVIOUR(v25)
{
	bool known = is_release(s, "6.1") || is_release(s, "6.12");

	map(s, 0, 2, PROT_READ);
	map(s, 4, 2, PROT_WRITE);
	map(s, 8, 2, RW);
	answers(s, advise(s, 0, 2, MADV_POPULATE_READ), if_known(known, 0));
	answers(s, present(s, 0, 2), known ? 2 : 0);
	answers(s, advise(s, 0, 2, MADV_POPULATE_WRITE), -MM_EINVAL);
	answers(s, advise(s, 4, 2, MADV_POPULATE_READ), -MM_EINVAL);
	answers(s, advise(s, 4, 2, MADV_POPULATE_WRITE), if_known(known, 0));
	answers(s, s->mm->rss_anon, known ? 2 : 0);
	answers(s, advise(s, 8, 4, MADV_POPULATE_READ),
		if_known(known, -MM_ENOMEM));
}

BEHAVIOUR(v27)
{
	/* None of these releases has it. */
	map(s, 0, 1, RW);
	answers(s, advise(s, 0, 1, GUARD_INSTALL), -MM_EINVAL);
	answers(s, advise(s, 0, 1, GUARD_REMOVE), -MM_EINVAL);
	holds(s, can_write(s, 0));
}

CU_TestInfo test_madvise[] = {
	{ "V1 the start is not rounded", v1 },
	{ "V2 unknown advice", v2 },
	{ "V3 no length", v3 },
	{ "V4 a length that rounds to nothing", v4 },
	{ "V5 around holes", v5 },
	{ "V6 MADV_DONTNEED, private memory", v6 },
	{ "V7 MADV_DONTNEED in a child", v7 },
	{ "V8 MADV_DONTNEED, shared memory", v8 },
	{ "V9 MADV_DONTNEED, private pages of a file", v9 },
	{ "V10 MADV_DONTNEED, PROT_NONE", v10 },
	{ "V11 MADV_DONTNEED, locked and raw memory", v11 },
	{ "V12 MADV_REMOVE, locked memory", v12 },
	{ "V13 MADV_WILLNEED", v13 },
	{ "V14 MADV_WILLNEED, PROT_NONE", v14 },
	{ "V15 MADV_FREE", v15 },
	{ "V16 MADV_WIPEONFORK of what is not anonymous", v16 },
	{ "V17 MADV_WIPEONFORK", v17 },
	{ "V18 MADV_DONTFORK, private memory", v18 },
	{ "V19 MADV_DONTFORK, shared memory", v19 },
	{ "V20 MADV_DONTDUMP", v20 },
	{ "V21 read ahead", v21 },
	{ "V22 nothing to change", v22 },
	{ "V23 V23a max_map_count, and its errno", v23 },
	{ "V24 MADV_COLD and MADV_PAGEOUT", v24 },
	{ "V25 D34 MADV_POPULATE_READ and _WRITE", v25 },
	{ "V27 MADV_GUARD_INSTALL", v27 },
	CU_TEST_INFO_NULL,
};
