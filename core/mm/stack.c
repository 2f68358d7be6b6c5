/* SPDX-License-Identifier: MIT */
#include "core/mm/fault.h"
#include "core/mm/profile.h"
#include "core/mm/step.h"
#include "core/mm/vma.h"

bool stack_guard_page_start(const struct mm_struct *mm,
			    const struct vm_area_struct *vma, uint64_t addr)
{
	const struct vm_area_struct *prev = vma->vm_prev;

	if (!mm->machine->profile->stack_guard_page ||
	    !(vma->vm_flags & VM_GROWSDOWN) || vma->vm_start != addr)
		return false;
	return !(prev && prev->vm_end == addr && prev->vm_flags & VM_GROWSDOWN);
}

/* The limits in the kernel's order; commits and counts if all are kept. */
static bool acct_stack_growth(struct mm_struct *mm, struct vm_area_struct *vma,
			      uint64_t size, uint64_t grow)
{
	bool guard = mm->machine->profile->stack_guard_page;

	if (!may_expand_vm(mm, vma->vm_flags, grow))
		return false;
	/* The hidden guard page is not counted as stack here. */
	if (size - (guard ? PAGE_SIZE : 0) > mm->rlimits.stack) {
		step(mm, STACK_EXCEEDED, vma->id, size, mm->rlimits.stack);
		return false;
	}
	if (!mlock_future_check(mm, vma->vm_flags, grow << PAGE_SHIFT))
		return false;
	if (!vm_enough_memory(mm, grow))
		return false;
	if (vma->vm_flags & VM_LOCKED)
		mm->locked_vm += grow;
	vm_stat_account(mm, vma->vm_flags, vma->vm_file, (int64_t)grow);
	return true;
}

bool expand_downwards(struct mm_struct *mm, struct vm_area_struct *vma,
		      uint64_t addr)
{
	uint64_t grow;

	anon_vma_prepare(mm, vma);
	addr &= PAGE_MASK;
	if (!mm->machine->profile->stack_guard_gap &&
	    !security_mmap_addr(mm, addr))
		return false;
	if (addr >= vma->vm_start)
		return true;
	grow = (vma->vm_start - addr) >> PAGE_SHIFT;
	if (grow > vma->vm_pgoff ||
	    !acct_stack_growth(mm, vma, vma->vm_end - addr, grow))
		return false;
	vma->vm_start = addr;
	vma->vm_pgoff -= grow;
	step(mm, STACK_GROWN, vma->id, addr, grow);
	vma_gap_update(mm, vma);
	return true;
}

/*
 * The area below must leave room: a release with a hidden guard page only
 * minds one that ends right there.
 */
static bool room_below(const struct mm_struct *mm,
		       const struct vm_area_struct *vma, uint64_t addr)
{
	const uint64_t accessible = VM_READ | VM_WRITE | VM_EXEC;
	const struct vm_area_struct *prev = vma->vm_prev;

	if (!prev || prev->vm_flags & VM_GROWSDOWN)
		return true;
	if (!mm->machine->profile->stack_guard_gap) {
		if (prev->vm_end != addr)
			return true;
	} else if (!(prev->vm_flags & accessible) ||
		   addr - prev->vm_end >= mm->stack_guard_gap) {
		return true;
	}
	step(mm, STACK_NO_ROOM, vma->id, addr, prev->id);
	return false;
}

bool expand_stack(struct mm_struct *mm, struct vm_area_struct *vma,
		  uint64_t addr)
{
	addr &= PAGE_MASK;
	if (mm->machine->profile->stack_guard_gap) {
		/* The address, then the room, then the anon_vma. */
		if (addr < mm->machine->sysctl.mmap_min_addr ||
		    !room_below(mm, vma, addr))
			return false;
		return expand_downwards(mm, vma, addr);
	}
	return room_below(mm, vma, addr) && expand_downwards(mm, vma, addr);
}
