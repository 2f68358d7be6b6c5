/* SPDX-License-Identifier: MIT */
#include "core/mm/assert.h"
#include "core/mm/fault.h"
#include "core/mm/memory.h"
#include "core/mm/mm.h"
#include "core/mm/page_table.h"
#include "core/mm/profile.h"
#include "core/mm/step.h"
#include "core/mm/vma.h"

/* Private memory that becomes writable is committed, once. */
static bool charge_writable(struct mm_struct *mm, uint64_t oldflags,
			    uint64_t pages, uint64_t *newflagsp)
{
	const uint64_t charged =
		VM_ACCOUNT | VM_WRITE | VM_SHARED | VM_NORESERVE;

	if (!(*newflagsp & VM_WRITE) || oldflags & charged)
		return true;
	if (!vm_enough_memory(mm, pages))
		return false;
	*newflagsp |= VM_ACCOUNT;
	return true;
}

/* Some releases take back what nothing was ever written to. */
static bool uncommits(const struct mm_struct *mm,
		      const struct vm_area_struct *vma, uint64_t newflags)
{
	return mm->machine->profile->mprotect_uncommits_untouched &&
	       !(newflags & VM_WRITE) && !vma->anon_vma && !vma->vm_file &&
	       vma->vm_special == VM_SPECIAL_NONE;
}

/* RLIMIT_DATA, judged where an area turns into data. */
static bool becomes_too_much_data(const struct mm_struct *mm, uint64_t oldflags,
				  uint64_t newflags, uint64_t pages)
{
	return mm->machine->profile->data_limit_covers_mmap &&
	       !may_expand_vm(mm, newflags, pages) &&
	       may_expand_vm(mm, oldflags, pages);
}

/* Locked pages are copied now, not when they are written first. */
static bool populates_locked(const struct mm_struct *mm, uint64_t oldflags,
			     uint64_t newflags)
{
	return mm->machine->profile->mprotect_populates_locked &&
	       (oldflags & (VM_WRITE | VM_SHARED | VM_LOCKED)) == VM_LOCKED &&
	       newflags & VM_WRITE;
}

/*
 * One area's part [start, end). *prevp is the area before it, and afterwards
 * the area that has the part.
 */
static int64_t mprotect_fixup(struct task_struct *task,
			      struct vm_area_struct *vma,
			      struct vm_area_struct **prevp, uint64_t start,
			      uint64_t end, uint64_t newflags)
{
	const uint64_t shared_write = VM_SHARED | VM_WRITE;
	uint64_t oldflags = vma->vm_flags;
	uint64_t pages = (end - start) >> PAGE_SHIFT;
	struct mm_struct *mm = task->mm;
	struct vm_area_struct *prev = *prevp;
	int64_t error;

	*prevp = vma;
	step(mm, MPROTECT_AREA, vma->id, start, end, oldflags, newflags);
	if (oldflags & VM_SEALED) {
		step(mm, MPROTECT_SEALED, vma->id, STEP_ERRNO(MM_EPERM));
		return -MM_EPERM;
	}
	if (newflags == oldflags) {
		step(mm, MPROTECT_SAME, vma->id, oldflags);
		return 0;
	}
	if (newflags & VM_WRITE &&
	    becomes_too_much_data(mm, oldflags, newflags, pages)) {
		*prevp = prev;
		step(mm, MPROTECT_REFUSED, vma->id, pages,
		     STEP_ERRNO(MM_ENOMEM));
		return -MM_ENOMEM;
	}
	if (!charge_writable(mm, oldflags, pages, &newflags)) {
		*prevp = prev;
		step(mm, MPROTECT_REFUSED, vma->id, pages,
		     STEP_ERRNO(MM_ENOMEM));
		return -MM_ENOMEM;
	}
	if (uncommits(mm, vma, newflags))
		newflags &= ~VM_ACCOUNT;
	error = vma_modify_flags(task, &vma, prev, start, end, newflags);
	*prevp = vma;
	if (error) {
		if (newflags & VM_ACCOUNT && !(oldflags & VM_ACCOUNT))
			vm_unacct_memory(mm->machine, pages);
		return error;
	}
	if (oldflags & VM_ACCOUNT && !(newflags & VM_ACCOUNT))
		vm_unacct_memory(mm->machine, pages);
	vma->vm_flags = newflags;
	step(mm, MPROTECT_FLAGS, vma->id, newflags);
	step(mm, MPROTECT_PAGES, start, end);
	/* Private pages must be looked at when they are written next. */
	change_protection(mm, start, end,
			  (newflags & shared_write) == shared_write);
	if (populates_locked(mm, oldflags, newflags))
		populate_vma_page_range(task, vma, start, end);
	vm_stat_account(mm, oldflags, vma->vm_file, -(int64_t)pages);
	vm_stat_account(mm, newflags, vma->vm_file, (int64_t)pages);
	return 0;
}

/* Bits of vm_flags that the area must allow for those in @vm_flags. */
static bool permitted(uint64_t vm_flags)
{
	const uint64_t access = VM_READ | VM_WRITE | VM_EXEC;

	return !(vm_flags & ~(vm_flags >> 4) & access);
}

static int64_t do_mprotect(struct task_struct *task, struct vm_area_struct *vma,
			   uint64_t start, uint64_t end, uint64_t prot)
{
	const uint64_t access = VM_READ | VM_WRITE | VM_EXEC;
	struct vm_area_struct *prev =
		start > vma->vm_start ? vma : vma->vm_prev;
	uint64_t newflags, stop;
	int64_t error;

	for (;;) {
		newflags = (prot & access) | (vma->vm_flags & ~access);
		if (!permitted(newflags)) {
			step(task->mm, MPROTECT_DENIED, vma->id, vma->vm_flags,
			     STEP_ERRNO(MM_EACCES));
			return -MM_EACCES;
		}
		stop = vma->vm_end < end ? vma->vm_end : end;
		error = mprotect_fixup(task, vma, &prev, start, stop, newflags);
		if (error)
			return error;
		start = stop > prev->vm_end ? stop : prev->vm_end;
		if (start >= end)
			return 0;
		vma = prev->vm_next;
		if (!vma || vma->vm_start != start) {
			step(task->mm, MPROTECT_HOLE, start,
			     STEP_ERRNO(MM_ENOMEM));
			return -MM_ENOMEM;
		}
	}
}

/* Where a change of a stack begins, with PROT_GROWSDOWN: at the area's start. */
static int64_t judge_range(const struct mm_struct *mm,
			   const struct vm_area_struct *vma, uint64_t *startp,
			   uint64_t end, uint64_t prot)
{
	bool down = prot & PROT_GROWSDOWN;

	if (!vma || vma->vm_start >= (down ? end : *startp + 1)) {
		step(mm, MPROTECT_NO_AREA, *startp, STEP_ERRNO(MM_ENOMEM));
		return -MM_ENOMEM;
	}
	/* No area grows upwards here. */
	if ((down && !(vma->vm_flags & VM_GROWSDOWN)) ||
	    (!down && prot & PROT_GROWSUP)) {
		step(mm, MPROTECT_NO_STACK, vma->id, STEP_ERRNO(MM_EINVAL));
		return -MM_EINVAL;
	}
	if (down)
		*startp = vma->vm_start;
	return 0;
}

static int64_t refuse(const struct mm_struct *mm, uint64_t start, uint64_t len,
		      uint64_t prot, int64_t error)
{
	step(mm, MPROTECT_BAD, start, len, prot, (uint64_t)error);
	return error;
}

/* Everything that the change may take, from the start of a stack on, too. */
static int reserve_mprotect(struct mm_struct *mm, uint64_t start, uint64_t end,
			    uint64_t prot)
{
	const struct vm_area_struct *vma = vma_at_or_after(mm, start);
	struct memory_need need = { 0 };
	uint64_t from, to, pages = 0;

	if (prot & PROT_GROWSDOWN && vma && vma->vm_start < start)
		start = vma->vm_start;
	range_need(mm, start, end, &need);
	if (!(prot & PROT_WRITE) || !mm->locked_vm)
		return memory_reserve(mm->machine->memory, &need);
	for (; vma && vma->vm_start < end; vma = vma->vm_next) {
		if (!populates_locked(mm, vma->vm_flags, prot & PROT_WRITE))
			continue;
		from = vma->vm_start > start ? vma->vm_start : start;
		to = vma->vm_end < end ? vma->vm_end : end;
		pages += populate_need(mm, vma, from, to, true, &need);
	}
	return reserve_populate(mm, pages, &need);
}

int64_t sys_mprotect(struct task_struct *task, uint64_t start, uint64_t len,
		     uint64_t prot)
{
	const uint64_t grows = PROT_GROWSDOWN | PROT_GROWSUP;
	const uint64_t known = PROT_READ | PROT_WRITE | PROT_EXEC | PROT_SEM;
	struct mm_struct *mm = task->mm;
	struct vm_area_struct *vma;
	int64_t error;
	uint64_t end;

	step(mm, MPROTECT_ASKED, start, len, prot);
	if ((prot & grows) == grows || start & ~PAGE_MASK)
		return refuse(mm, start, len, prot, -MM_EINVAL);
	if (!len) {
		step(mm, MPROTECT_EMPTY, 0);
		return 0;
	}
	end = start + PAGE_ALIGN(len);
	if (end <= start)
		return refuse(mm, start, len, prot, -MM_ENOMEM);
	if (prot & ~(known | grows))
		return refuse(mm, start, len, prot, -MM_EINVAL);

	if (reserve_mprotect(mm, start, end, prot))
		return MM_HOST_REFUSED;
	vma = find_vma_by(task, start, STEP_BY_ITERATE);
	error = judge_range(mm, vma, &start, end, prot);
	if (!error)
		error = do_mprotect(task, vma, start, end, prot);
	mm_debug_validate(mm);
	return error;
}
