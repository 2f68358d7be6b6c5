/* SPDX-License-Identifier: MIT */
/* When neighbours become one area. */
#include <string.h>

#include "tests/behaviours/scene.h"

#define FIXED (MREMAP_MAYMOVE | MREMAP_FIXED)

BEHAVIOUR(merge_1)
{
	map(s, 0, 2, RW);
	map(s, 4, 2, RW);
	map(s, 2, 2, RW);
	draws(s, "wwwwww");
	answers(s, s->mm->map_count, 1);
}

BEHAVIOUR(merge_2)
{
	map(s, 0, 2, RW);
	map(s, 2, 1, RW);
	draws(s, "www");
	map(s, 10, 1, RW);
	map(s, 9, 1, RW);
	draws(s, "www......ww");
	answers(s, area(s, 10)->vm_pgoff, at(9) >> PAGE_SHIFT);
}

BEHAVIOUR(merge_3)
{
	map(s, 0, 1, RW);
	map(s, 2, 1, RW);
	draws(s, "w.w");
	answers(s, s->mm->map_count, 2);
}

BEHAVIOUR(merge_4)
{
	const uint64_t special[] = { VM_IO, VM_DONTEXPAND, VM_PFNMAP,
				     VM_MIXEDMAP };
	struct area_setup setup = { 0 };
	int i;

	for (i = 0; i < 4; i++) {
		setup.start = at(10 * i);
		setup.end = at(10 * i + 3);
		setup.vm_flags = VM_DATA_DEFAULT_FLAGS | special[i];
		answers(s, mm_install_area(s->mm, &setup), 0);
		answers(s, protect(s, 10 * i + 1, 1, PROT_READ), 0);
		answers(s, protect(s, 10 * i + 1, 1, RW), 0);
	}
	draws(s, "w|w|w.......w|w|w.......w|w|w.......w|w|w");
}

BEHAVIOUR(merge_6)
{
	map(s, 0, 3, PROT_READ);
	map(s, 3, 3, RX);
	protect(s, 2, 1, RX);
	draws(s, "rr|xxxx");
	protect(s, 2, 1, PROT_READ);
	draws(s, "rrr|xxx");
	protect(s, 4, 1, PROT_READ);
	draws(s, "rrr|x|r|x");
	protect(s, 4, 1, RX);
	protect(s, 3, 3, PROT_READ);
	draws(s, "rrrrrr");
	protect(s, 2, 2, RX);
	protect(s, 2, 2, PROT_READ);
	draws(s, "rrrrrr");
}

BEHAVIOUR(merge_7)
{
	map(s, 0, 1, RW);
	map(s, 2, 1, RW);
	fill(s, 0, 1);
	fill(s, 2, 1);
	map(s, 1, 1, PROT_READ);
	protect(s, 1, 1, RW);
	draws(s, "ww|w");
	/* One release asks the next one first where something is mapped. */
	map(s, 10, 1, RW);
	map(s, 12, 1, RW);
	fill(s, 10, 1);
	fill(s, 12, 1);
	map(s, 11, 1, RW);
	draws(s, is_release(s, "6.1") ? "ww|w.......w|ww" : "ww|w.......ww|w");
}

BEHAVIOUR(merge_8)
{
	map(s, 0, 1, RW);
	map(s, 1, 1, PROT_READ);
	map(s, 2, 1, RW);
	fill(s, 2, 1);
	protect(s, 1, 1, RW);
	draws(s, "www");
	/* The pages are known to belong to it. */
	holds(s, area(s, 0)->anon_vma);
	answers(s, remap(s, 2, 1, 1, FIXED, 8), at(8));
	holds(s, area(s, 8)->anon_vma == area(s, 0)->anon_vma);
	/* One release asks about the anon_vma of the next area only. */
	map(s, 20, 1, RW);
	map(s, 22, 1, RW);
	fill(s, 22, 1);
	map(s, 21, 1, RW);
	answers(s, area(s, 20) == area(s, 22), !is_release(s, "6.1"));
}

BEHAVIOUR(merge_9)
{
	const uint64_t starts[] = { 0x300000, 0x250000, 0x303000, 0x24d000 };
	const struct vm_area_struct *vma;
	int i;

	for (i = 0; i < 4; i++)
		sys_mmap(s->task, starts[i], 0x3000, RW, ANON | MAP_FIXED, NULL,
			 0);
	answers(s, s->mm->map_count, 2);
	vma = s->mm->mmap;
	answers(s, vma->vm_start, 0x24d000);
	answers(s, vma->vm_end, 0x253000);
	answers(s, vma->vm_pgoff, 0x24d);
	vma = vma->vm_next;
	answers(s, vma->vm_start, 0x300000);
	answers(s, vma->vm_end, 0x306000);
	answers(s, vma->vm_pgoff, 0x300);
}

BEHAVIOUR(merge_10)
{
	const struct area_setup clean = {
		.start = at(40),
		.end = at(41),
		.vm_flags = VM_DATA_DEFAULT_FLAGS | VM_ACCOUNT,
	};
	struct vm_file *other = emulation_file(&s->emu, 3);

	map(s, 0, 1, RW);
	map(s, 1, 1, PROT_READ);
	map_as(s, 2, 1, PROT_READ, ANON | MAP_LOCKED);
	map_as(s, 3, 1, PROT_READ, ANON | MAP_NORESERVE);
	draws(s, "w|r|r|r");
	unmap(s, 0, 4);
	map_file(s, 0, 1, PROT_READ, MAP_SHARED, 0);
	map_file(s, 1, 1, PROT_READ, MAP_SHARED, 2);
	sys_mmap(s->task, at(2), PAGE_SIZE, PROT_READ, MAP_SHARED | MAP_FIXED,
		 other, bytes(3));
	draws(s, "R|R|R");
	map_file(s, 2, 1, PROT_READ, MAP_SHARED, 3);
	draws(s, "R|RR");
	unmap(s, 0, 4);
	/* Soft-dirty or not, that is no difference; the whole becomes it. */
	answers(s, mm_install_area(s->mm, &clean), 0);
	map(s, 41, 1, RW);
	answers(s, s->mm->map_count, 1);
	holds(s, flags_of(s, 40) & VM_SOFTDIRTY);
	vm_file_put(other);
}

BEHAVIOUR(merge_11)
{
	map(s, 0, 3, RW);
	fill(s, 0, 3);
	fork_child(s);
	/* The child's area belongs to its parent's anon_vma as well. */
	sys_mmap(&s->child, at(3), bytes(3), RW, ANON | MAP_FIXED, NULL, 0);
	answers(s, s->child_mm.map_count, 2);
	map(s, 3, 3, RW);
	answers(s, s->mm->map_count, 1);
}

BEHAVIOUR(merge_12)
{
	map(s, 0, 10, RW);
	protect(s, 0, 5, PROT_READ);
	fill(s, 5, 1);
	protect(s, 5, 5, PROT_READ);
	draws(s, "rrrrr|rrrrr");
}

BEHAVIOUR(merge_13)
{
	map(s, 0, 10, RW);
	protect(s, 5, 5, PROT_READ);
	fill(s, 0, 1);
	protect(s, 0, 5, PROT_READ);
	draws(s, "rrrrr|rrrrr");
	unmap(s, 0, 10);
	/* Between two that were not touched. */
	map(s, 0, 9, PROT_READ);
	protect(s, 3, 3, RW);
	fill(s, 3, 1);
	protect(s, 3, 3, PROT_READ);
	draws(s, "rrr|rrr|rrr");
	unmap(s, 0, 10);
	/* What was not touched itself joins what was. */
	map(s, 0, 5, RW);
	map(s, 5, 5, PROT_READ);
	fill(s, 0, 1);
	protect(s, 5, 5, RW);
	draws(s, "wwwwwwwwww");
}

BEHAVIOUR(merge_14)
{
	map(s, 2, 1, RW);
	fill(s, 2, 1);
	map(s, 10, 1, RW);
	map(s, 20, 1, RW);
	answers(s, remap(s, 10, 1, 1, FIXED, 3), at(3));
	draws(s, "..ww................w");
	answers(s, remap(s, 20, 1, 1, FIXED, 1), at(1));
	draws(s, ".www");
}

/* Moves two of three pieces out and back, @first being back first. */
static void out_and_back(struct scene *s, int64_t first, int64_t second)
{
	map(s, 0, 15, RW);
	fill(s, 0, 15);
	answers(s, remap(s, 5, 5, 5, FIXED, 25), at(25));
	answers(s, remap(s, 10, 5, 5, FIXED, 50), at(50));
	answers(s, remap(s, first, 5, 5, FIXED, first == 25 ? 5 : 10),
		at(first == 25 ? 5 : 10));
	answers(s, remap(s, second, 5, 5, FIXED, second == 25 ? 5 : 10),
		at(second == 25 ? 5 : 10));
	draws(s, "wwwwwwwwwwwwwww");
	answers(s, s->mm->rss_anon, 15);
	unmap(s, 0, 15);
}

BEHAVIOUR(merge_15)
{
	out_and_back(s, 25, 50);
	out_and_back(s, 50, 25);
}

BEHAVIOUR(merge_16)
{
	map(s, 0, 1, RW);
	fill(s, 0, 1);
	map(s, 10, 1, RW);
	fill(s, 10, 1);
	answers(s, remap(s, 10, 1, 1, FIXED, 1), at(1));
	draws(s, "w|w");
	answers(s, area(s, 1)->vm_pgoff, at(10) >> PAGE_SHIFT);
}

WORLD_BEHAVIOUR(merge_18)
{
	const uint64_t mmap[OP_MAX_ARGS] = { 0, PAGE_SIZE, RW,
					     ANON | MAP_FIXED };
	uint64_t args[OP_MAX_ARGS] = { 0 };
	struct outcome out;
	uint64_t start;

	world_answers(f, fixture_make(f), WORLD_OK);
	start = PAGE_ALIGN(fixture_mm(f)->start_brk);
	args[0] = start + 2 * PAGE_SIZE;
	fixture_apply(f, OP_BRK, args, &out);
	world_answers(f, out.ret, args[0]);
	memcpy(args, mmap, sizeof(args));
	args[0] = start + 2 * PAGE_SIZE;
	fixture_apply(f, OP_MMAP, args, &out);
	/* One area, and one name. */
	world_holds(f, fixture_area(f, start) ==
			       fixture_area(f, start + 2 * PAGE_SIZE));
	world_holds(f, strstr(strstr(fixture_maps(f), "[heap]") + 1,
			      "[heap]") == NULL);
}

CU_TestInfo test_merging[] = {
	{ "J1 between two that agree", merge_1 },
	{ "J2 beside one that agrees", merge_2 },
	{ "J3 beside none", merge_3 },
	{ "J4 special areas", merge_4 },
	{ "J6 parts that change", merge_6 },
	{ "J7 between two anon_vmas", merge_7 },
	{ "J8 over an anon_vma", merge_8 },
	{ "J9 offsets of areas that grew", merge_9 },
	{ "J10 D48 what differs", merge_10 },
	{ "J11 what a fork has passed on", merge_11 },
	{ "J12 D49 touched beside untouched", merge_12 },
	{ "J13 the other ways round", merge_13 },
	{ "J14 untouched pages moved beside touched ones", merge_14 },
	{ "J15 pieces that come back", merge_15 },
	{ "J16 pieces that come from elsewhere", merge_16 },
	{ "J18 beside the heap", merge_18 },
	CU_TEST_INFO_NULL,
};
