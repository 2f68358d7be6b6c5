/* SPDX-License-Identifier: MIT */
#include "core/mm/assert.h"
#include "core/mm/fault.h"
#include "core/mm/memory.h"
#include "core/mm/profile.h"
#include "core/mm/step.h"
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
	bool once = mm->machine->profile->mlock_counts_overlap_once;
	uint64_t pages = (end - start) >> PAGE_SHIFT;
	uint64_t oldflags = vma->vm_flags;
	struct vm_area_struct *prev = *prevp;
	int64_t error;

	*prevp = vma;
	if (newflags == oldflags || oldflags & (VM_SPECIAL | VM_DROPPABLE)) {
		step(mm, MLOCK_SKIPPED, vma->id, oldflags);
		return 0;
	}
	step(mm, MLOCK_AREA, vma->id, start, end, oldflags, newflags);
	error = vma_modify_flags(task, &vma, prev, start, end, newflags);
	*prevp = vma;
	if (error)
		return error;
	vma->vm_flags = newflags;
	if (!(newflags & VM_LOCKED))
		mm->locked_vm -= pages;
	else if (!(once && oldflags & VM_LOCKED))
		mm->locked_vm += pages;
	step(mm, MLOCK_COUNTED, vma->id, mm->locked_vm);
	return 0;
}

static int64_t hole(const struct mm_struct *mm, uint64_t addr)
{
	step(mm, MLOCK_HOLE, addr, STEP_ERRNO(MM_ENOMEM));
	return -MM_ENOMEM;
}

/* All areas of [start, end), up to the first hole. */
static int64_t do_mlock(struct task_struct *task, uint64_t start, uint64_t len,
			uint64_t lock)
{
	struct vm_area_struct *vma, *prev;
	uint64_t end = start + len, stop;
	int64_t error;

	if (end < start) {
		step(task->mm, MLOCK_WRAPS, start, len, STEP_ERRNO(MM_EINVAL));
		return -MM_EINVAL;
	}
	if (end == start)
		return 0;
	vma = find_vma_by(task, start, STEP_BY_WALK);
	if (!vma || vma->vm_start > start)
		return hole(task->mm, start);
	prev = start > vma->vm_start ? vma : vma->vm_prev;
	for (;;) {
		stop = vma->vm_end < end ? vma->vm_end : end;
		error = mlock_fixup(task, vma, &prev, start, stop,
				    (vma->vm_flags & ~VM_LOCKED_MASK) | lock);
		if (error)
			return error;
		start = stop > prev->vm_end ? stop : prev->vm_end;
		if (start >= end)
			return 0;
		vma = prev->vm_next;
		if (!vma || vma->vm_start != start)
			return hole(task->mm, start);
	}
}

/* Reserve for changing the areas of [start, end), and perhaps their pages. */
static int reserve_mlock(struct mm_struct *mm, uint64_t start, uint64_t end,
			 bool populate)
{
	struct memory_need need = { 0 };

	range_need(mm, start, end, &need);
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

/* Pages of [start, start + len) that are locked already. */
static uint64_t count_mm_mlocked(struct task_struct *task, uint64_t start,
				 uint64_t len)
{
	const struct vm_area_struct *vma =
		find_vma_by(task, start, STEP_BY_ITERATE);
	uint64_t end = start + len, from, to, bytes = 0;

	for (; vma && vma->vm_start < end; vma = vma->vm_next) {
		if (!(vma->vm_flags & VM_LOCKED))
			continue;
		from = vma->vm_start > start ? vma->vm_start : start;
		to = vma->vm_end < end ? vma->vm_end : end;
		bytes += to - from;
	}
	step(task->mm, MLOCK_OVERLAP, bytes >> PAGE_SHIFT);
	return bytes >> PAGE_SHIFT;
}

/* RLIMIT_MEMLOCK, with what would be locked after [start, start + len). */
static bool lock_limit_kept(struct task_struct *task, uint64_t start,
			    uint64_t len)
{
	struct mm_struct *mm = task->mm;
	uint64_t limit = mm->rlimits.memlock >> PAGE_SHIFT;
	uint64_t locked = (len >> PAGE_SHIFT) + mm->locked_vm;

	if (locked > limit && !capable(mm) &&
	    mm->machine->profile->mlock_counts_overlap_once)
		locked -= count_mm_mlocked(task, start, len);
	if (locked <= limit || capable(mm)) {
		step(mm, MLOCK_LIMIT_KEPT, locked, mm->rlimits.memlock);
		return true;
	}
	step(mm, MLOCK_LIMIT_EXCEEDED, locked, mm->rlimits.memlock,
	     STEP_ERRNO(MM_ENOMEM));
	return false;
}

static int64_t lock_range(struct task_struct *task, uint64_t start,
			  uint64_t len, uint64_t lock)
{
	const struct vmacache vmacache = task->vmacache;
	struct mm_struct *mm = task->mm;
	int64_t error;

	step(mm, MLOCK_ASKED, start, len, lock);
	if (!can_do_mlock(mm))
		return -MM_EPERM;
	cover_pages(&start, &len);
	if (!lock_limit_kept(task, start, len))
		return -MM_ENOMEM;
	if (reserve_mlock(mm, start, start + len, true)) {
		task->vmacache = vmacache;
		return MM_HOST_REFUSED;
	}
	error = do_mlock(task, start, len, lock);
	if (!error)
		error = mm_populate_checked(task, start, len);
	mm_debug_validate(mm);
	return error;
}

int64_t sys_mlock(struct task_struct *task, uint64_t start, uint64_t len)
{
	return lock_range(task, start, len, VM_LOCKED);
}

int64_t sys_mlock2(struct task_struct *task, uint64_t start, uint64_t len,
		   int32_t flags)
{
	if (!task->mm->machine->profile->has_mlock2) {
		step(task->mm, MLOCK_NO_CALL, (uint32_t)flags,
		     STEP_ERRNO(MM_ENOSYS));
		return -MM_ENOSYS;
	}
	if (flags & ~MLOCK_ONFAULT) {
		step(task->mm, MLOCK_NO_CALL, (uint32_t)flags,
		     STEP_ERRNO(MM_EINVAL));
		return -MM_EINVAL;
	}
	return lock_range(task, start, len, flags ? VM_LOCKED_MASK : VM_LOCKED);
}

int64_t sys_munlock(struct task_struct *task, uint64_t start, uint64_t len)
{
	int64_t error;

	step(task->mm, MUNLOCK_ASKED, start, len);
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
			    (vma->vm_flags & ~VM_LOCKED_MASK) | lock);
}

int64_t sys_mlockall(struct task_struct *task, uint64_t flags)
{
	struct mm_struct *mm = task->mm;
	const uint64_t known =
		MCL_CURRENT | MCL_FUTURE |
		(mm->machine->profile->has_mlock2 ? MCL_ONFAULT : 0);
	uint64_t lock = flags & MCL_ONFAULT ? VM_LOCKED_MASK : VM_LOCKED;
	bool current = flags & MCL_CURRENT;

	step(mm, MLOCKALL_ASKED, flags);
	if (!flags || flags & ~known || flags == MCL_ONFAULT) {
		step(mm, MLOCKALL_REFUSED, flags, STEP_ERRNO(MM_EINVAL));
		return -MM_EINVAL;
	}
	if (!can_do_mlock(mm))
		return -MM_EPERM;
	if (current && !capable(mm) &&
	    mm->total_vm > mm->rlimits.memlock >> PAGE_SHIFT) {
		step(mm, MLOCK_LIMIT_EXCEEDED, mm->total_vm,
		     mm->rlimits.memlock, STEP_ERRNO(MM_ENOMEM));
		return -MM_ENOMEM;
	}
	if (reserve_mlock(mm, 0, TASK_SIZE, current))
		return MM_HOST_REFUSED;

	mm->def_flags &= ~VM_LOCKED_MASK;
	if (flags & MCL_FUTURE)
		mm->def_flags |= lock;
	step(mm, MLOCKALL_FUTURE, mm->def_flags);
	if (current) {
		lock_all(task, lock);
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
	step(mm, MUNLOCKALL_ASKED, mm->map_count);
	mm->def_flags &= ~VM_LOCKED_MASK;
	lock_all(task, 0);
	mm_debug_validate(mm);
	return 0;
}
