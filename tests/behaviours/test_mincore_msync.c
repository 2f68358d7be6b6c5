/* SPDX-License-Identifier: MIT */
/* Asking which pages are there, and writing them back. */
#include "core/mm/setup.h"
#include "tests/behaviours/scene.h"

static int64_t in_core(struct scene *s, int64_t page, uint64_t pages,
		       uint8_t *vec)
{
	return sys_mincore(s->task, at(page), bytes(pages), vec);
}

/* Pages of a range that mincore calls resident. */
static int count_in_core(struct scene *s, int64_t page, uint64_t pages)
{
	uint8_t vec[SCENE_PAGES] = { 0 };
	int nr = 0;

	answers(s, in_core(s, page, pages, vec), 0);
	while (pages--)
		nr += vec[pages];
	return nr;
}

static int64_t sync_pages(struct scene *s, int64_t page, uint64_t pages,
			  int32_t flags)
{
	return sys_msync(s->task, at(page), bytes(pages), flags);
}

BEHAVIOUR(n1)
{
	map(s, 0, 2, RW);
	answers(s, sys_mincore(s->task, at(0) + 1, PAGE_SIZE, NULL),
		-MM_EINVAL);
}

BEHAVIOUR(n3)
{
	uint8_t vec[4] = { 9, 9, 9, 9 };

	map(s, 0, 1, RW);
	map(s, 2, 1, RW);
	answers(s, in_core(s, 0, 3, vec), -MM_ENOMEM);
	answers(s, in_core(s, 1, 1, vec), -MM_ENOMEM);
}

BEHAVIOUR(n4)
{
	uint8_t vec[4] = { 9, 9, 9, 9 };

	map(s, 0, 3, RW);
	fill(s, 1, 1);
	answers(s, sys_mincore(s->task, at(0), PAGE_SIZE + 1, vec), 0);
	answers(s, vec[0], 0);
	answers(s, vec[1], 1);
	answers(s, vec[2], 9);
}

BEHAVIOUR(n5)
{
	answers(s, in_core(s, 0, 0, NULL), 0);
}

BEHAVIOUR(n6)
{
	map(s, 0, 1, RW);
	answers(s, sys_mincore(s->task, at(0), UINT64_MAX, NULL), -MM_ENOMEM);
}

/* Both pages are mapped there, and no page walk sees them. */
static void look_at_vvar(struct scene *s)
{
	const struct area_setup vvar = {
		.start = at(10),
		.end = at(12),
		.vm_flags = VM_READ | VM_MAYREAD | VM_IO | VM_PFNMAP |
			    VM_DONTEXPAND | VM_DONTDUMP,
		.special = VM_SPECIAL_VVAR,
	};

	answers(s, mm_install_area(s->mm, &vvar), 0);
	answers(s, mm_install_pages(s->mm, at(10), at(12), PAGE_KIND_PFN), 0);
	answers(s, count_in_core(s, 10, 2), is_release(s, "4.0") ? 0 : 2);
}

BEHAVIOUR(n7)
{
	map(s, 0, 4, RW);
	answers(s, count_in_core(s, 0, 4), 0);
	lock(s, 0, 4);
	answers(s, count_in_core(s, 0, 4), 4);
	look_at_vvar(s);
}

BEHAVIOUR(n8)
{
	map(s, 0, 4, RW);
	fill(s, 1, 2);
	answers(s, count_in_core(s, 0, 4), 2);
}

BEHAVIOUR(n9)
{
	bool asks = since(s, "5.10");

	map_file(s, 0, 4, PROT_READ, MAP_SHARED, 0);
	answers(s, count_in_core(s, 0, 4), 0);
	fork_child(s);
	holds(s, child_can(s, 1, ACCESS_READ));
	answers(s, present(s, 0, 4), 0);
	answers(s, count_in_core(s, 0, 4), 1);
	/* Who may not write the file is told that all is there. */
	s->file->writable = false;
	answers(s, count_in_core(s, 0, 4), asks ? 4 : 1);
	s->mm->uid = 0;
	answers(s, count_in_core(s, 0, 4), 1);
}

BEHAVIOUR(msync_1)
{
	map(s, 0, 1, RW);
	answers(s, sync_pages(s, 0, 1, 8), -MM_EINVAL);
	answers(s, sync_pages(s, 0, 1, MS_SYNC | MS_ASYNC), -MM_EINVAL);
}

BEHAVIOUR(msync_2)
{
	map(s, 0, 2, RW);
	answers(s, sys_msync(s->task, at(0) + 1, PAGE_SIZE, MS_SYNC),
		-MM_EINVAL);
	answers(s, sys_msync(s->task, at(0), PAGE_SIZE + 1, MS_SYNC), 0);
}

BEHAVIOUR(msync_3)
{
	answers(s, sync_pages(s, 0, 0, MS_SYNC), 0);
}

BEHAVIOUR(msync_4)
{
	answers(s, sync_pages(s, 0, 1, MS_SYNC), -MM_ENOMEM);
	map(s, 0, 1, RW);
	map_file(s, 2, 1, RW, MAP_SHARED, 0);
	answers(s, sync_pages(s, 0, 3, MS_SYNC), -MM_ENOMEM);
	/* What lies behind the hole is looked at before that is said. */
	lock(s, 2, 1);
	answers(s, sync_pages(s, 0, 3, MS_SYNC | MS_INVALIDATE), -MM_EBUSY);
}

BEHAVIOUR(msync_5)
{
	map_file(s, 0, 1, RW, MAP_SHARED, 0);
	lock(s, 0, 1);
	answers(s, sync_pages(s, 0, 1, MS_INVALIDATE), -MM_EBUSY);
	answers(s, sync_pages(s, 0, 1, MS_INVALIDATE | MS_SYNC), -MM_EBUSY);
	answers(s, sync_pages(s, 0, 1, MS_INVALIDATE | MS_ASYNC), -MM_EBUSY);
}

BEHAVIOUR(msync_6)
{
	map_file(s, 0, 1, RW, MAP_SHARED, 0);
	answers(s, sync_pages(s, 0, 1, MS_INVALIDATE), 0);
	answers(s, sync_pages(s, 0, 1, 0), 0);
	answers(s, sync_pages(s, 0, 1, MS_ASYNC), 0);
}

CU_TestInfo test_mincore_msync[] = {
	{ "N1 the start is not rounded", n1 },
	{ "N3 parts that are not mapped", n3 },
	{ "N4 the length is rounded up", n4 },
	{ "N5 no length", n5 },
	{ "N6 a length beyond user space", n6 },
	{ "N7 untouched, and locked", n7 },
	{ "N8 written to", n8 },
	{ "N9 D33 pages of a file", n9 },
	{ "Y1 flags", msync_1 },
	{ "Y2 the address is not rounded, the length is", msync_2 },
	{ "Y3 no length", msync_3 },
	{ "Y4 nothing mapped, and holes", msync_4 },
	{ "Y5 MS_INVALIDATE on locked memory", msync_5 },
	{ "Y6 MS_INVALIDATE, and no flags", msync_6 },
	CU_TEST_INFO_NULL,
};
