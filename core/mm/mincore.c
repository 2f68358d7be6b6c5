/* SPDX-License-Identifier: MIT */
#include "core/mm/mm.h"
#include "core/mm/page_cache.h"
#include "core/mm/page_table.h"
#include "core/mm/profile.h"
#include "core/mm/step.h"
#include "core/mm/vma.h"

/* The kernel answers from a page of its own, so many pages at a time. */
#define MINCORE_BATCH PAGE_SIZE

static bool page_is_in_core(const struct mm_struct *mm,
			    const struct vm_area_struct *vma, uint64_t addr)
{
	uint64_t pgoff = vma->vm_pgoff + ((addr - vma->vm_start) >> PAGE_SHIFT);

	if (mm->machine->profile->mincore_asks_permission) {
		/* About what one may not write nothing is told: all is there. */
		if (vma->vm_special != VM_SPECIAL_NONE)
			return true;
		if (vma->vm_file && !capable(mm) && !vma->vm_file->writable)
			return true;
	}
	/* What the kernel maps itself, page walks pass over. */
	if (vma->vm_flags & VM_PFNMAP)
		return false;
	if (page_is_present(mm, addr))
		return true;
	return vma->vm_file && page_cache_has(vma->vm_file, pgoff);
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
		pages -= (stop - start) >> PAGE_SHIFT;
		for (; vec && start < stop; start += PAGE_SIZE)
			*vec++ = page_is_in_core(task->mm, vma, start);
		start = stop;
	}
	return 0;
}
