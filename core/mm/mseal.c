/* SPDX-License-Identifier: MIT */
#include "core/mm/assert.h"
#include "core/mm/memory.h"
#include "core/mm/mm.h"
#include "core/mm/profile.h"
#include "core/mm/step.h"
#include "core/mm/vma.h"

/* Is every page of [start, end) mapped? */
static bool is_mapped(const struct mm_struct *mm, uint64_t start, uint64_t end)
{
	const struct vm_area_struct *vma = vma_at_or_after(mm, start);

	for (; vma && vma->vm_start <= start; vma = vma->vm_next) {
		start = vma->vm_end;
		if (start >= end)
			return true;
	}
	return false;
}

/* Area by area; what is sealed already stays as it is. */
static int64_t do_mseal(struct task_struct *task, uint64_t start, uint64_t end)
{
	struct vm_area_struct *vma = vma_at_or_after(task->mm, start), *prev;
	uint64_t stop;
	int64_t error;

	prev = start > vma->vm_start ? vma : vma->vm_prev;
	while (vma && vma->vm_start < end) {
		stop = vma->vm_end < end ? vma->vm_end : end;
		if (!(vma->vm_flags & VM_SEALED)) {
			error = vma_modify_flags(task, &vma, prev, start, stop,
						 vma->vm_flags | VM_SEALED);
			if (error)
				return error;
			vma->vm_flags |= VM_SEALED;
			step(task->mm, MSEAL_AREA, vma->id, start, stop);
		}
		prev = vma;
		start = stop > vma->vm_end ? stop : vma->vm_end;
		vma = vma->vm_next;
	}
	return 0;
}

static int64_t refuse(const struct mm_struct *mm, uint64_t start, int64_t error)
{
	step(mm, MSEAL_REFUSED, start, (uint64_t)error);
	return error;
}

int64_t sys_mseal(struct task_struct *task, uint64_t start, uint64_t len,
		  uint64_t flags)
{
	struct mm_struct *mm = task->mm;
	struct memory_need need = { 0 };
	uint64_t end = start + PAGE_ALIGN(len);
	int64_t error;

	step(mm, MSEAL_ASKED, start, len);
	if (!mm->machine->profile->has_mseal)
		return refuse(mm, start, -MM_ENOSYS);
	if (flags || start & ~PAGE_MASK)
		return refuse(mm, start, -MM_EINVAL);
	if ((len && !PAGE_ALIGN(len)) || end < start)
		return refuse(mm, start, -MM_EINVAL);
	if (end == start)
		return 0;
	if (!is_mapped(mm, start, end))
		return refuse(mm, start, -MM_ENOMEM);
	range_need(mm, start, end, &need);
	if (memory_reserve(mm->machine->memory, &need))
		return MM_HOST_REFUSED;
	error = do_mseal(task, start, end);
	mm_debug_validate(mm);
	return error;
}
