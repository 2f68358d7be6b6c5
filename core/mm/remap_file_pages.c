/* SPDX-License-Identifier: MIT */
#include "core/mm/assert.h"
#include "core/mm/fault.h"
#include "core/mm/mm.h"
#include "core/mm/mmap.h"
#include "core/mm/profile.h"
#include "core/mm/setup.h"
#include "core/mm/step.h"

/* Does the area reach to @end, perhaps with others of the same kind? */
static bool holds_range(const struct mm_struct *mm,
			const struct vm_area_struct *vma, uint64_t end)
{
	const struct vm_area_struct *next = vma;

	if (!mm->machine->profile->remap_file_pages_spans)
		return end <= vma->vm_end;
	while (next && next->vm_end < end) {
		next = next->vm_next;
		if (!next || next->vm_start != next->vm_prev->vm_end ||
		    next->vm_file != vma->vm_file ||
		    next->vm_flags != vma->vm_flags)
			return false;
	}
	return true;
}

static int64_t refuse_remap(const struct mm_struct *mm, uint64_t start)
{
	step(mm, RFP_BAD, start, STEP_ERRNO(MM_EINVAL));
	return -MM_EINVAL;
}

/*
 * Some releases unlock the whole area for the part that is replaced: nothing of
 * it is locked any more, and all of it stays in locked_vm for ever.
 */
static void unlock_area(struct mm_struct *mm, struct vm_area_struct *vma)
{
	vma->vm_flags &= ~VM_LOCKED;
	mm->stale_locked_vm += vma_pages(vma);
	step(mm, RFP_UNLOCKS, vma->id, vma_pages(vma), mm->locked_vm);
}

int64_t sys_remap_file_pages(struct task_struct *task, uint64_t start,
			     uint64_t size, uint64_t prot, uint64_t pgoff,
			     uint64_t flags)
{
	const uint64_t access = VM_READ | VM_WRITE | VM_EXEC;
	struct mm_struct *mm = task->mm;
	const struct vmacache vmacache = task->vmacache;
	struct vm_area_struct *vma;
	struct mapping map;
	bool locked;
	int64_t ret;

	step(mm, RFP_ASKED, start, size, pgoff);
	if (prot)
		return refuse_remap(mm, start);
	start &= PAGE_MASK;
	size &= PAGE_MASK;
	if (start + size <= start || pgoff + (size >> PAGE_SHIFT) < pgoff)
		return refuse_remap(mm, start);
	vma = find_vma_by(task, start, STEP_BY_LOOK_UP);
	if (!vma || !(vma->vm_flags & VM_SHARED) || start < vma->vm_start ||
	    !holds_range(mm, vma, start + size))
		return refuse_remap(mm, start);
	if (!mm->machine->profile->remap_file_pages_spans &&
	    pgoff == vma->vm_pgoff + ((start - vma->vm_start) >> PAGE_SHIFT)) {
		step(mm, RFP_IN_PLACE, vma->id, pgoff);
		return 0;
	}

	flags = (flags & MAP_NONBLOCK) | MAP_SHARED | MAP_FIXED | MAP_POPULATE;
	locked = vma->vm_flags & VM_LOCKED;
	if (locked)
		flags |= MAP_LOCKED;
	map = (struct mapping){
		.addr = start,
		.len = size,
		.file = vma->vm_file,
		.pgoff = pgoff,
	};
	ret = judge_mapping(task, &map, vma->vm_flags & access, flags);
	if (ret >= 0 && reserve_mapping(mm, &map)) {
		task->vmacache = vmacache;
		return MM_HOST_REFUSED;
	}
	if (locked && !mm->machine->profile->remap_file_pages_spans)
		unlock_area(mm, vma);
	if (ret < 0)
		return ret;
	/* The area may go, its file must not. */
	vm_file_get(map.file);
	ret = mmap_region(task, &map);
	vm_file_put(map.file);
	if (ret >= 0 && map.populate)
		mm_populate(task, start, size);
	mm_debug_validate(mm);
	return ret < 0 ? ret : 0;
}
