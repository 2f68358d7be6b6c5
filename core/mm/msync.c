/* SPDX-License-Identifier: MIT */
#include "core/mm/mm.h"

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
		if (!vma)
			return -MM_ENOMEM;
		if (start < vma->vm_start) {
			if (vma->vm_start >= end)
				return -MM_ENOMEM;
			unmapped = -MM_ENOMEM;
		}
		if (flags & MS_INVALIDATE && vma->vm_flags & VM_LOCKED)
			return -MM_EBUSY;
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

	if (flags & ~(MS_ASYNC | MS_INVALIDATE | MS_SYNC))
		return -MM_EINVAL;
	if (start & ~PAGE_MASK)
		return -MM_EINVAL;
	if (flags & MS_ASYNC && flags & MS_SYNC)
		return -MM_EINVAL;
	if (end < start)
		return -MM_ENOMEM;
	if (end == start)
		return 0;
	return do_msync(task, start, end, flags);
}
