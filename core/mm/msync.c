/* SPDX-License-Identifier: MIT */
#include "core/mm/mm.h"
#include "core/mm/step.h"

/*
 * The lock is dropped while a shared file is written, and the next area looked
 * up anew, unless that was the end.
 */
static int64_t do_msync(struct task_struct *task, uint64_t start, uint64_t end,
			int32_t flags)
{
	struct vm_area_struct *vma = find_vma(task, start);
	int64_t unmapped = 0;
	bool written;

	for (;;) {
		if (!vma || start < vma->vm_start) {
			step(task->mm, MSYNC_HOLE, start,
			     STEP_ERRNO(MM_ENOMEM));
			if (!vma || vma->vm_start >= end)
				return -MM_ENOMEM;
			unmapped = -MM_ENOMEM;
		}
		if (flags & MS_INVALIDATE && vma->vm_flags & VM_LOCKED) {
			step(task->mm, MSYNC_BUSY, vma->id,
			     STEP_ERRNO(MM_EBUSY));
			return -MM_EBUSY;
		}
		step(task->mm, MSYNC_AREA, vma->id);
		start = vma->vm_end;
		if (start >= end)
			return unmapped;
		written = flags & MS_SYNC && vma->vm_file &&
			  vma->vm_flags & VM_SHARED;
		vma = written ? find_vma(task, start) : vma->vm_next;
	}
}

int64_t sys_msync(struct task_struct *task, uint64_t start, uint64_t len,
		  int32_t flags)
{
	uint64_t end = start + PAGE_ALIGN(len);

	step(task->mm, MSYNC_ASKED, start, end, (uint32_t)flags);
	if (flags & ~(MS_ASYNC | MS_INVALIDATE | MS_SYNC) ||
	    start & ~PAGE_MASK || (flags & MS_ASYNC && flags & MS_SYNC)) {
		step(task->mm, MSYNC_BAD, start, (uint32_t)flags,
		     STEP_ERRNO(MM_EINVAL));
		return -MM_EINVAL;
	}
	if (end < start) {
		step(task->mm, MSYNC_BAD, start, (uint32_t)flags,
		     STEP_ERRNO(MM_ENOMEM));
		return -MM_ENOMEM;
	}
	if (end == start)
		return 0;
	return do_msync(task, start, end, flags);
}
