/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "core/mm/fault.h"
#include "core/mm/page_cache.h"
#include "core/mm/page_chunk.h"
#include "core/mm/profile.h"
#include "core/mm/step.h"
#include "core/mm/vma.h"

/* The kernel answers from a page of its own, so many pages at a time. */
#define MINCORE_BATCH PAGE_SIZE

/* Pages from @start on that are in memory, to the end of the chunk: bits. */
static uint64_t pages_in_core(const struct mm_struct *mm,
			      const struct vm_area_struct *vma,
			      struct page_cursor *cursor, uint64_t start)
{
	const uint64_t place = start >> PAGE_SHIFT & 63;
	const struct page_chunk *chunk = chunk_at(mm, start);
	uint64_t bits = chunk ? chunk->present >> place : 0;

	if (vma->vm_file)
		bits |= page_cache_bits(vma->vm_file, cursor,
					file_page(vma, start));
	return bits;
}

/* Is the answer the same for all pages of an area, and if so, which one? */
static bool is_known(const struct mm_struct *mm,
		     const struct vm_area_struct *vma, bool *in_corep)
{
	*in_corep = true;
	if (mm->machine->profile->mincore_asks_permission) {
		/* About what one may not write nothing is told: all is there. */
		if (vma->vm_special != VM_SPECIAL_NONE)
			return true;
		if (vma->vm_file && !capable(mm) && !vma->vm_file->writable)
			return true;
	}
	/* What the kernel maps itself, page walks pass over. */
	*in_corep = false;
	return vma->vm_flags & VM_PFNMAP;
}

static void fill_vec(const struct mm_struct *mm,
		     const struct vm_area_struct *vma, uint64_t start,
		     uint64_t end, uint8_t *vec)
{
	struct page_cursor cursor = { NULL, NULL };
	uint64_t bits, stop, i;
	bool in_core;

	if (is_known(mm, vma, &in_core)) {
		memset(vec, in_core, (end - start) >> PAGE_SHIFT);
		return;
	}
	for (; start < end; start = stop) {
		stop = (start | ((1ULL << CHUNK_SHIFT) - 1)) + 1;
		if (stop > end)
			stop = end;
		bits = pages_in_core(mm, vma, &cursor, start);
		for (i = 0; i < (stop - start) >> PAGE_SHIFT; i++)
			*vec++ = bits >> i & 1;
	}
}

int64_t sys_mincore(struct task_struct *task, uint64_t start, uint64_t len,
		    uint8_t *vec)
{
	uint64_t pages = (len >> PAGE_SHIFT) + !!(len & ~PAGE_MASK), stop;
	const struct mm_struct *mm = task->mm;
	struct vm_area_struct *vma;

	step(mm, MINCORE_ASKED, start, len);
	if (start & ~PAGE_MASK) {
		step(mm, MINCORE_BAD, start, len, STEP_ERRNO(MM_EINVAL));
		return -MM_EINVAL;
	}
	if (len > TASK_SIZE || start > TASK_SIZE - len) {
		step(mm, MINCORE_BAD, start, len, STEP_ERRNO(MM_ENOMEM));
		return -MM_ENOMEM;
	}
	while (pages) {
		vma = find_vma_by(task, start, STEP_BY_LOOK_UP);
		if (!vma || start < vma->vm_start) {
			step(mm, MINCORE_HOLE, start, STEP_ERRNO(MM_ENOMEM));
			return -MM_ENOMEM;
		}
		/* The page walk looks the area up once more. */
		find_vma(task, start);
		stop = pages < MINCORE_BATCH ? pages : MINCORE_BATCH;
		stop = start + (stop << PAGE_SHIFT);
		if (stop > vma->vm_end)
			stop = vma->vm_end;
		step(mm, MINCORE_AREA, vma->id, start, stop);
		if (vec) {
			fill_vec(mm, vma, start, stop, vec);
			vec += (stop - start) >> PAGE_SHIFT;
		}
		pages -= (stop - start) >> PAGE_SHIFT;
		start = stop;
	}
	return 0;
}
