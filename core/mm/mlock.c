/* SPDX-License-Identifier: MIT */
#include "core/mm/assert.h"
#include "core/mm/fault.h"
#include "core/mm/memory.h"
#include "core/mm/vma.h"

/*
 * Lock or unlock one area's part [start, end). *prevp is the area before it,
 * and afterwards the area that has the part. Special areas stay as they are.
 */
static int64_t mlock_fixup(struct task_struct *task, struct vm_area_struct *vma,
			   struct vm_area_struct **prevp, uint64_t start,
			   uint64_t end, uint64_t newflags)
{
	struct mm_struct *mm = task->mm;
	uint64_t pages = (end - start) >> PAGE_SHIFT;
	struct vm_area_struct *prev = *prevp;
	int64_t error;

	*prevp = vma;
	if (newflags == vma->vm_flags || vma->vm_flags & VM_SPECIAL)
		return 0;
	error = vma_modify_flags(task, &vma, prev, start, end, newflags);
	*prevp = vma;
	if (error)
		return error;
	vma->vm_flags = newflags;
	if (newflags & VM_LOCKED)
		mm->locked_vm += pages;
	else
		mm->locked_vm -= pages;
	return 0;
}

/* All areas of [start, end), up to the first hole. */
static int64_t do_mlock(struct task_struct *task, uint64_t start, uint64_t len,
			uint64_t lock)
{
	struct vm_area_struct *vma, *prev;
	uint64_t end = start + len, stop;
	int64_t error;

	if (end < start)
		return -MM_EINVAL;
	if (end == start)
		return 0;
	vma = find_vma(task, start);
	if (!vma || vma->vm_start > start)
		return -MM_ENOMEM;
	prev = start > vma->vm_start ? vma : vma->vm_prev;
	for (;;) {
		stop = vma->vm_end < end ? vma->vm_end : end;
		error = mlock_fixup(task, vma, &prev, start, stop,
				    (vma->vm_flags & ~VM_LOCKED) | lock);
		if (error)
			return error;
		start = stop > prev->vm_end ? stop : prev->vm_end;
		if (start >= end)
			return 0;
		vma = prev->vm_next;
		if (!vma || vma->vm_start != start)
			return -MM_ENOMEM;
	}
}

/* Reserve for changing the areas of [start, end), and perhaps their pages. */
static int reserve_mlock(struct mm_struct *mm, uint64_t start, uint64_t end,
			 bool populate)
{
	struct memory_need need = { 0 };

	areas_need(mm, 2, 2 * range_areas(mm, start, end) + 2, &need);
	if (populate)
		return reserve_populate_range(mm, start, end, &need);
	return memory_reserve(mm->machine->memory, &need);
}

/* Page aligned range that covers [start, start + len). */
static void cover_pages(uint64_t *startp, uint64_t *lenp)
{
	*lenp = PAGE_ALIGN(*lenp + (*startp & ~PAGE_MASK));
	*startp &= PAGE_MASK;
}

int64_t sys_mlock(struct task_struct *task, uint64_t start, uint64_t len)
{
	struct mm_struct *mm = task->mm;
	uint64_t limit = mm->rlimits.memlock >> PAGE_SHIFT;
	int64_t error;

	if (!can_do_mlock(mm))
		return -MM_EPERM;
	cover_pages(&start, &len);
	if ((len >> PAGE_SHIFT) + mm->locked_vm > limit && !capable(mm))
		return -MM_ENOMEM;
	if (reserve_mlock(mm, start, start + len, true))
		return MM_HOST_REFUSED;
	error = do_mlock(task, start, len, VM_LOCKED);
	if (!error)
		error = mm_populate_checked(task, start, len);
	mm_debug_validate(mm);
	return error;
}

int64_t sys_munlock(struct task_struct *task, uint64_t start, uint64_t len)
{
	int64_t error;

	cover_pages(&start, &len);
	if (reserve_mlock(task->mm, start, start + len, false))
		return MM_HOST_REFUSED;
	error = do_mlock(task, start, len, 0);
	mm_debug_validate(task->mm);
	return error;
}

/* Every area; those that cannot be changed are passed over. */
static void lock_all(struct task_struct *task, uint64_t lock)
{
	struct vm_area_struct *vma = task->mm->mmap, *prev = NULL;

	for (; vma; vma = prev->vm_next)
		mlock_fixup(task, vma, &prev, vma->vm_start, vma->vm_end,
			    (vma->vm_flags & ~VM_LOCKED) | lock);
}

int64_t sys_mlockall(struct task_struct *task, uint64_t flags)
{
	struct mm_struct *mm = task->mm;
	bool current = flags & MCL_CURRENT;

	if (!flags || flags & ~(uint64_t)(MCL_CURRENT | MCL_FUTURE))
		return -MM_EINVAL;
	if (!can_do_mlock(mm))
		return -MM_EPERM;
	if (current && !capable(mm) &&
	    mm->total_vm > mm->rlimits.memlock >> PAGE_SHIFT)
		return -MM_ENOMEM;
	if (reserve_mlock(mm, 0, TASK_SIZE, current))
		return MM_HOST_REFUSED;

	mm->def_flags &= ~VM_LOCKED;
	if (flags & MCL_FUTURE)
		mm->def_flags |= VM_LOCKED;
	if (current) {
		lock_all(task, VM_LOCKED);
		mm_populate(task, 0, TASK_SIZE);
	}
	mm_debug_validate(mm);
	return 0;
}

int64_t sys_munlockall(struct task_struct *task)
{
	struct mm_struct *mm = task->mm;

	if (reserve_mlock(mm, 0, TASK_SIZE, false))
		return MM_HOST_REFUSED;
	mm->def_flags &= ~VM_LOCKED;
	lock_all(task, 0);
	mm_debug_validate(mm);
	return 0;
}
