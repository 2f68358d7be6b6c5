/* SPDX-License-Identifier: MIT */
#include "core/mm/assert.h"
#include "core/mm/fault.h"
#include "core/mm/memory.h"
#include "core/mm/mm.h"
#include "core/mm/page_cache.h"
#include "core/mm/page_table.h"
#include "core/mm/profile.h"
#include "core/mm/step.h"
#include "core/mm/vma.h"

/* Areas that take no part in transparent huge pages, or in KSM. */
#define VM_NO_THP (VM_SPECIAL | VM_SHARED | VM_MAYSHARE)

static int64_t hugepage_flags(const struct mm_struct *mm, uint64_t *vm_flagsp,
			      uint64_t set, uint64_t clear)
{
	if (!mm->machine->profile->hugepage_advice_anywhere &&
	    *vm_flagsp & (set | VM_NO_THP))
		return -MM_EINVAL;
	*vm_flagsp = (*vm_flagsp & ~clear) | set;
	return 0;
}

/* What the advice makes of an area's flags. */
static int64_t advised_flags(const struct mm_struct *mm,
			     const struct vm_area_struct *vma, int32_t advice,
			     uint64_t *newflagsp)
{
	uint64_t flags = vma->vm_flags;
	int64_t error = 0;

	switch (advice) {
	case MADV_NORMAL:
		flags &= ~(VM_RAND_READ | VM_SEQ_READ);
		break;
	case MADV_SEQUENTIAL:
		flags = (flags & ~VM_RAND_READ) | VM_SEQ_READ;
		break;
	case MADV_RANDOM:
		flags = (flags & ~VM_SEQ_READ) | VM_RAND_READ;
		break;
	case MADV_DONTFORK:
		flags |= VM_DONTCOPY;
		break;
	case MADV_DOFORK:
		if (flags & VM_IO)
			return -MM_EINVAL;
		flags &= ~VM_DONTCOPY;
		break;
	case MADV_DONTDUMP:
		flags |= VM_DONTDUMP;
		break;
	case MADV_DODUMP:
		if (flags & (VM_SPECIAL | VM_DROPPABLE))
			return -MM_EINVAL;
		flags &= ~VM_DONTDUMP;
		break;
	case MADV_WIPEONFORK:
		if (vma->vm_file || flags & VM_SHARED)
			return -MM_EINVAL;
		flags |= VM_WIPEONFORK;
		break;
	case MADV_KEEPONFORK:
		if (flags & VM_DROPPABLE)
			return -MM_EINVAL;
		flags &= ~VM_WIPEONFORK;
		break;
	case MADV_MERGEABLE:
		if (!(flags & VM_NO_THP))
			flags |= VM_MERGEABLE;
		break;
	case MADV_UNMERGEABLE:
		flags &= ~VM_MERGEABLE;
		break;
	case MADV_HUGEPAGE:
		error = hugepage_flags(mm, &flags, VM_HUGEPAGE, VM_NOHUGEPAGE);
		break;
	case MADV_NOHUGEPAGE:
		error = hugepage_flags(mm, &flags, VM_NOHUGEPAGE, VM_HUGEPAGE);
		break;
	default:
		break;
	}
	*newflagsp = flags;
	return error;
}

/* An area's part, and the area before it; see do_madvise(). */
struct advised {
	struct vm_area_struct *vma, *prev;
	uint64_t start, end;
};

static int64_t madvise_behavior(struct task_struct *task, struct advised *part,
				int32_t advice)
{
	struct vm_area_struct *vma = part->vma;
	uint64_t newflags;
	int64_t error;

	error = advised_flags(task->mm, vma, advice, &newflags);
	if (error)
		return error;
	step(task->mm, MADVISE_FLAGS, vma->id, vma->vm_flags, newflags);
	if (newflags != vma->vm_flags) {
		error = vma_modify_flags(task, &vma, part->prev, part->start,
					 part->end, newflags);
		if (!error)
			vma->vm_flags = newflags;
	}
	part->prev = vma;
	/* Too many areas look like a passing lack of memory (V23a). */
	if (error == -MM_ENOMEM &&
	    !task->mm->machine->profile->madvise_split_is_enomem)
		return -MM_EAGAIN;
	return error;
}

static int64_t madvise_dontneed(struct task_struct *task, struct advised *part,
				uint64_t forbidden)
{
	part->prev = part->vma;
	if (part->vma->vm_flags & forbidden)
		return -MM_EINVAL;
	step(task->mm, MADVISE_ZAPPED, part->vma->id, part->start, part->end);
	update_hiwater_rss(task->mm);
	page_cache_collect_dirty(task->mm, part->vma, part->start, part->end);
	zap_page_range(task->mm, part->start, part->end);
	return 0;
}

/* The pages may go, but as long as there is room they stay (V15). */
static int64_t madvise_free(struct task_struct *task, struct advised *part)
{
	const struct vm_area_struct *vma = part->vma;

	part->prev = part->vma;
	if (vma->vm_flags & (VM_LOCKED | VM_PFNMAP) || vma->vm_file ||
	    vma->vm_special != VM_SPECIAL_NONE)
		return -MM_EINVAL;
	update_hiwater_rss(task->mm);
	find_vma(task, part->start);
	return 0;
}

/* Cold pages are as present as others, and nothing can be paged out. */
static int64_t madvise_cold(struct task_struct *task, struct advised *part)
{
	part->prev = part->vma;
	if (part->vma->vm_flags & (VM_LOCKED | VM_PFNMAP))
		return -MM_EINVAL;
	find_vma(task, part->start);
	return 0;
}

/*
 * Nothing was swapped out, and all files are in memory. Only the search for
 * swapped pages leaves a trace: the page walk looks its area up.
 */
static int64_t madvise_willneed(struct task_struct *task, struct advised *part)
{
	if (!part->vma->vm_file)
		find_vma(task, part->start);
	part->prev = part->vma;
	return 0;
}

/* Punch a hole into the object behind a shared area. */
static int64_t madvise_remove(const struct mm_struct *mm, struct advised *part)
{
	bool may = mm->machine->profile->madv_remove_may_write;
	const uint64_t needed = VM_SHARED | (may ? VM_MAYWRITE : VM_WRITE);
	const struct vm_area_struct *vma = part->vma;
	uint64_t first, pages;

	/* The lock is dropped meanwhile: the next area is looked up anew. */
	part->prev = NULL;
	if (vma->vm_flags & VM_LOCKED || !vma->vm_file)
		return -MM_EINVAL;
	if ((vma->vm_flags & needed) != needed)
		return -MM_EACCES;
	first = vma->vm_pgoff + ((part->start - vma->vm_start) >> PAGE_SHIFT);
	pages = (part->end - part->start) >> PAGE_SHIFT;
	if (first >= 1ULL << (63 - PAGE_SHIFT))
		return -MM_EINVAL;
	if (first + pages > 1ULL << (63 - PAGE_SHIFT))
		return -MM_EFBIG;
	step(mm, MADVISE_PUNCHED, vma->vm_file->inode, first, pages);
	page_cache_punch(vma->vm_file, first, first + pages);
	return 0;
}

/* Make pages present as if they were touched, but tell what is in the way. */
static int64_t madvise_populate(struct task_struct *task,
				struct vm_area_struct *vma, uint64_t start,
				uint64_t end, bool write)
{
	uint64_t done;

	if (vma->vm_flags & (VM_IO | VM_PFNMAP) ||
	    !(vma->vm_flags & (write ? VM_WRITE : VM_READ)))
		return -MM_EINVAL;
	while (start < end) {
		done = faultin_vma_page_range(task, vma, start, end, write);
		if (done == start)
			return -MM_EFAULT;
		start = done;
	}
	return 0;
}

/* Advice that destroys what a sealed area holds and nobody may write. */
static bool breaks_seal(const struct vm_area_struct *vma, int32_t advice)
{
	switch (advice) {
	case MADV_FREE:
	case MADV_DONTNEED:
	case MADV_DONTNEED_LOCKED:
	case MADV_REMOVE:
	case MADV_DONTFORK:
	case MADV_WIPEONFORK:
		break;
	default:
		return false;
	}
	return vma->vm_flags & VM_SEALED && !vma->vm_file &&
	       !(vma->vm_flags & (VM_SHARED | VM_WRITE));
}

static int64_t madvise_vma(struct task_struct *task, struct advised *part,
			   int32_t advice)
{
	if (breaks_seal(part->vma, advice))
		return -MM_EPERM;
	switch (advice) {
	case MADV_REMOVE:
		return madvise_remove(task->mm, part);
	case MADV_WILLNEED:
		return madvise_willneed(task, part);
	case MADV_DONTNEED:
		return madvise_dontneed(task, part, VM_LOCKED | VM_PFNMAP);
	case MADV_DONTNEED_LOCKED:
		return madvise_dontneed(task, part, VM_PFNMAP);
	case MADV_FREE:
		return madvise_free(task, part);
	case MADV_COLD:
	case MADV_PAGEOUT:
		return madvise_cold(task, part);
	case MADV_POPULATE_READ:
	case MADV_POPULATE_WRITE:
		part->prev = part->vma;
		return madvise_populate(task, part->vma, part->start, part->end,
					advice == MADV_POPULATE_WRITE);
	default:
		return madvise_behavior(task, part, advice);
	}
}

static bool madvise_behavior_valid(const struct kernel_profile *profile,
				   int32_t advice)
{
	switch (advice) {
	case MADV_FREE:
		return profile->has_madv_free;
	case MADV_WIPEONFORK:
	case MADV_KEEPONFORK:
		return profile->has_madv_wipeonfork;
	case MADV_COLD:
	case MADV_PAGEOUT:
		return profile->has_madv_cold;
	case MADV_POPULATE_READ:
	case MADV_POPULATE_WRITE:
		return profile->has_madv_populate;
	case MADV_DONTNEED_LOCKED:
		return profile->has_madv_dontneed_locked;
	case MADV_NORMAL:
	case MADV_RANDOM:
	case MADV_SEQUENTIAL:
	case MADV_WILLNEED:
	case MADV_DONTNEED:
	case MADV_REMOVE:
	case MADV_DONTFORK:
	case MADV_DOFORK:
	case MADV_MERGEABLE:
	case MADV_UNMERGEABLE:
	case MADV_HUGEPAGE:
	case MADV_NOHUGEPAGE:
	case MADV_DONTDUMP:
	case MADV_DODUMP:
		return true;
	default:
		return false;
	}
}

static bool populates(int32_t advice)
{
	return advice == MADV_POPULATE_READ || advice == MADV_POPULATE_WRITE;
}

/* Advice that areas keep in their flags may split them. */
static bool changes_flags(int32_t advice)
{
	switch (advice) {
	case MADV_WILLNEED:
	case MADV_DONTNEED:
	case MADV_DONTNEED_LOCKED:
	case MADV_REMOVE:
	case MADV_FREE:
	case MADV_COLD:
	case MADV_PAGEOUT:
		return false;
	default:
		return !populates(advice);
	}
}

static bool stops_at_hole(const struct mm_struct *mm, int32_t advice)
{
	return populates(advice) &&
	       mm->machine->profile->madv_populate_stops_at_hole;
}

/*
 * Area by area; holes are remembered as -ENOMEM while what is mapped still gets
 * its advice (behaviour V5).
 */
static int64_t do_madvise(struct task_struct *task, uint64_t start,
			  uint64_t end, int32_t advice)
{
	int64_t error, unmapped = 0;
	struct advised part;
	uint64_t flags;
	uint32_t area;

	part.vma = find_vma_prev(task, start, &part.prev);
	if (part.vma && start > part.vma->vm_start)
		part.prev = part.vma;
	for (;;) {
		if (!part.vma) {
			step(task->mm, MADVISE_END, start,
			     STEP_ERRNO(MM_ENOMEM));
			return -MM_ENOMEM;
		}
		if (start < part.vma->vm_start) {
			step(task->mm, MADVISE_HOLE, start, part.vma->id);
			if (stops_at_hole(task->mm, advice))
				return -MM_ENOMEM;
			unmapped = -MM_ENOMEM;
			start = part.vma->vm_start;
			if (start >= end)
				return unmapped;
		}
		part.start = start;
		part.end = part.vma->vm_end < end ? part.vma->vm_end : end;
		area = part.vma->id;
		flags = part.vma->vm_flags;
		step(task->mm, MADVISE_AREA, area, start, part.end,
		     (uint32_t)advice);
		error = madvise_vma(task, &part, advice);
		if (error) {
			step(task->mm, MADVISE_REFUSED, area, flags,
			     (uint32_t)advice, (uint64_t)error);
			return error;
		}
		start = part.end;
		if (part.prev && start < part.prev->vm_end)
			start = part.prev->vm_end;
		if (start >= end)
			return unmapped;
		part.vma =
			part.prev ? part.prev->vm_next : find_vma(task, start);
	}
}

int64_t sys_madvise(struct task_struct *task, uint64_t start, uint64_t len,
		    int32_t advice)
{
	struct mm_struct *mm = task->mm;
	struct memory_need need = { 0 };
	uint64_t end = start + PAGE_ALIGN(len);
	int64_t error;

	step(mm, MADVISE_ASKED, start, len, (uint32_t)advice);
	if (!madvise_behavior_valid(mm->machine->profile, advice) ||
	    start & ~PAGE_MASK || (len && !PAGE_ALIGN(len)) || end < start) {
		step(mm, MADVISE_BAD, start, len, (uint32_t)advice,
		     STEP_ERRNO(MM_EINVAL));
		return -MM_EINVAL;
	}
	if (end == start) {
		step(mm, MADVISE_EMPTY, 0);
		return 0;
	}
	if (changes_flags(advice))
		range_need(mm, start, end, &need);
	if (populates(advice) ? reserve_populate_range(mm, start, end, &need)
			      : memory_reserve(mm->machine->memory, &need))
		return MM_HOST_REFUSED;
	error = do_madvise(task, start, end, advice);
	mm_debug_validate(mm);
	return error;
}
