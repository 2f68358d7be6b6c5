/* SPDX-License-Identifier: MIT */
#include "core/mm/memory.h"
#include "core/mm/mm.h"
#include "core/mm/profile.h"
#include "core/mm/step.h"
#include "core/mm/vma.h"

static bool is_mergeable_vma(const struct vm_area_struct *vma,
			     const struct merge_request *request)
{
	return !((vma->vm_flags ^ request->vm_flags) & ~VM_SOFTDIRTY) &&
	       vma->vm_file == request->file &&
	       vma->vm_special == VM_SPECIAL_NONE;
}

/*
 * Two parts can share one area if they share an anon_vma, or if one has none
 * yet and @vma, whose area would grow, inherited nothing by fork.
 */
static bool is_mergeable_anon_vma(const struct anon_vma *one,
				  const struct anon_vma *other,
				  const struct vm_area_struct *vma)
{
	if ((!one || !other) && (!vma || anon_vma_chain_is_singular(vma)))
		return true;
	return one == other;
}

/* Could @vma take over a part that begins where it ends? */
static bool can_vma_merge_after(const struct vm_area_struct *vma,
				const struct merge_request *request)
{
	return vma->vm_end == request->start &&
	       is_mergeable_vma(vma, request) &&
	       is_mergeable_anon_vma(request->anon_vma, vma->anon_vma, vma) &&
	       vma->vm_pgoff + vma_pages(vma) == request->pgoff;
}

/* Could @vma take over a part that ends where it begins? */
static bool can_vma_merge_before(const struct vm_area_struct *vma,
				 const struct merge_request *request)
{
	uint64_t pages = (request->end - request->start) >> PAGE_SHIFT;

	return vma->vm_start == request->end &&
	       is_mergeable_vma(vma, request) &&
	       is_mergeable_anon_vma(request->anon_vma, vma->anon_vma, vma) &&
	       vma->vm_pgoff == request->pgoff + pages;
}

/* ------------------------------------------------------ for who listens */

static void tell_asked(const struct mm_struct *mm,
		       const struct merge_request *request,
		       const struct vm_area_struct *area,
		       const struct vm_area_struct *next)
{
	const struct vm_area_struct *prev = request->prev;
	bool hole = (!prev || prev->vm_end <= request->start) &&
		    (!area || area->vm_start >= request->end);

	step(mm, MERGE_ASKED, request->start, request->end, request->vm_flags,
	     step_area(prev), step_area(next));
	if (hole)
		step(mm, MERGE_NEW, request->start, request->end,
		     request->vm_flags, step_area(prev), step_area(next));
	else
		step(mm, MERGE_EXISTING, request->start, request->end,
		     request->vm_flags, step_area(prev), step_area(next));
}

/* Why @prev can take the part over, or cannot, in the order of the checks. */
static void tell_prev(const struct mm_struct *mm,
		      const struct merge_request *request)
{
	const struct vm_area_struct *prev = request->prev;

	if (!prev)
		step(mm, MERGE_PREV_NONE, request->start);
	else if (prev->vm_end != request->start)
		step(mm, MERGE_PREV_APART, prev->id, prev->vm_end,
		     request->start);
	else if ((prev->vm_flags ^ request->vm_flags) & ~VM_SOFTDIRTY)
		step(mm, MERGE_PREV_FLAGS, prev->id, prev->vm_flags,
		     request->vm_flags);
	else if (prev->vm_file != request->file)
		step(mm, MERGE_PREV_FILE, prev->id, step_inode(prev->vm_file),
		     step_inode(request->file));
	else if (!is_mergeable_anon_vma(request->anon_vma, prev->anon_vma,
					prev))
		step(mm, MERGE_PREV_ANON_VMA, prev->id,
		     step_anon_vma(prev->anon_vma),
		     step_anon_vma(request->anon_vma));
	else if (prev->vm_pgoff + vma_pages(prev) != request->pgoff)
		step(mm, MERGE_PREV_OFFSET, prev->id,
		     prev->vm_pgoff + vma_pages(prev), request->pgoff);
	else
		step(mm, MERGE_PREV_FITS, prev->id, prev->vm_end);
}

static void tell_next(const struct mm_struct *mm,
		      const struct merge_request *request,
		      const struct vm_area_struct *next)
{
	uint64_t pages = (request->end - request->start) >> PAGE_SHIFT;

	if (!next)
		step(mm, MERGE_NEXT_NONE, request->end);
	else if (next->vm_start != request->end)
		step(mm, MERGE_NEXT_APART, next->id, next->vm_start,
		     request->end);
	else if ((next->vm_flags ^ request->vm_flags) & ~VM_SOFTDIRTY)
		step(mm, MERGE_NEXT_FLAGS, next->id, next->vm_flags,
		     request->vm_flags);
	else if (next->vm_file != request->file)
		step(mm, MERGE_NEXT_FILE, next->id, step_inode(next->vm_file),
		     step_inode(request->file));
	else if (!is_mergeable_anon_vma(request->anon_vma, next->anon_vma,
					next))
		step(mm, MERGE_NEXT_ANON_VMA, next->id,
		     step_anon_vma(next->anon_vma),
		     step_anon_vma(request->anon_vma));
	else if (next->vm_pgoff != request->pgoff + pages)
		step(mm, MERGE_NEXT_OFFSET, next->id, next->vm_pgoff,
		     request->pgoff + pages);
	else
		step(mm, MERGE_NEXT_FITS, next->id, next->vm_start);
}

static void tell_not_each_other(const struct mm_struct *mm,
				const struct vm_area_struct *prev,
				const struct vm_area_struct *next)
{
	step(mm, MERGE_NOT_EACH_OTHER, prev->id, next->id,
	     step_anon_vma(prev->anon_vma), step_anon_vma(next->anon_vma));
}

/* The part joins @prev, and @next, too, unless that is NULL. */
static void tell_joins_prev(const struct mm_struct *mm,
			    const struct merge_request *request,
			    const struct vm_area_struct *area,
			    const struct vm_area_struct *next)
{
	const struct vm_area_struct *prev = request->prev;
	uint64_t start = request->start, end = request->end;
	bool hole = !area || area->vm_start >= end;

	if (hole && next)
		step(mm, MERGE_CASE1, prev->id, next->id, start, end);
	else if (hole)
		step(mm, MERGE_CASE2, prev->id, start, end);
	else if (next)
		step(mm, MERGE_CASE6, prev->id, area->id, next->id, start, end);
	else if (area->vm_end == end)
		step(mm, MERGE_CASE7, prev->id, area->id, start, end);
	else
		step(mm, MERGE_CASE5, prev->id, area->id, start, end);
	if (hole)
		step(mm, MERGE_EXPANDS, prev->id, prev->vm_start,
		     next ? next->vm_end : end);
	else if (next)
		step(mm, MERGE_BOTH, prev->id, area->id, next->id, start, end);
	else
		step(mm, MERGE_LEFT, prev->id, area->id, start, end);
}

static void tell_joins_next(const struct mm_struct *mm,
			    const struct merge_request *request,
			    const struct vm_area_struct *area,
			    const struct vm_area_struct *next)
{
	const struct vm_area_struct *prev = request->prev;
	uint64_t start = request->start, end = request->end;
	bool in_prev = prev && start < prev->vm_end;

	if (in_prev)
		step(mm, MERGE_CASE4, prev->id, next->id, start, end);
	else if (area == next)
		step(mm, MERGE_CASE3, next->id, start, end);
	else
		step(mm, MERGE_CASE8, area->id, next->id, start, end);
	if (in_prev || area != next)
		step(mm, MERGE_RIGHT, in_prev ? prev->id : area->id, next->id,
		     start, end);
	else
		step(mm, MERGE_EXPANDS, next->id, start, next->vm_end);
}

/* --------------------------------------------------------------- merging */

struct vm_area_struct *vma_merge(struct task_struct *task,
				 const struct merge_request *request)
{
	const struct mm_struct *mm = task->mm;
	struct vm_area_struct *prev = request->prev;
	struct vm_area_struct *area = prev ? prev->vm_next : task->mm->mmap;
	struct vm_area_struct *next = area;
	uint64_t pages = (request->end - request->start) >> PAGE_SHIFT;
	bool before;

	if (request->vm_flags & VM_SPECIAL) {
		step(mm, MERGE_SPECIAL, request->vm_flags);
		return NULL;
	}

	/* An area that ends with the part is in it: it changes, next is behind. */
	if (next && next->vm_end == request->end)
		next = next->vm_next;
	before = next && can_vma_merge_before(next, request);
	if (steps_wanted(mm)) {
		tell_asked(mm, request, area, next);
		tell_prev(mm, request);
		tell_next(mm, request, next);
	}

	if (prev && can_vma_merge_after(prev, request)) {
		if (before && !is_mergeable_anon_vma(prev->anon_vma,
						     next->anon_vma, NULL)) {
			tell_not_each_other(mm, prev, next);
			before = false;
		}
		if (steps_wanted(mm))
			tell_joins_prev(mm, request, area,
					before ? next : NULL);
		vma_adjust(task, prev, prev->vm_start,
			   before ? next->vm_end : request->end, prev->vm_pgoff,
			   NULL);
		return prev;
	}
	if (!before) {
		step(mm, MERGE_NOTHING, request->start, request->end);
		return NULL;
	}
	if (steps_wanted(mm))
		tell_joins_next(mm, request, area, next);

	if (prev && request->start < prev->vm_end) {
		/* The part is the end of prev: the border moves down. */
		vma_adjust(task, prev, prev->vm_start, request->start,
			   prev->vm_pgoff, NULL);
		return next;
	}
	if (area != next && mm->machine->profile->merge_keeps_next) {
		vma_swallow_prev(task, next);
		return next;
	}
	vma_adjust(task, area, request->start, next->vm_end,
		   next->vm_pgoff - pages, NULL);
	return area;
}

bool vma_may_merge(const struct merge_request *request,
		   const struct vm_area_struct *next)
{
	const struct vm_area_struct *prev = request->prev;

	return (prev && can_vma_merge_after(prev, request)) ||
	       (next && can_vma_merge_before(next, request));
}

struct vm_area_struct *vma_merge_next_first(struct task_struct *task,
					    const struct merge_request *request)
{
	struct vm_area_struct *prev = request->prev;
	struct vm_area_struct *next = prev ? prev->vm_next : task->mm->mmap;
	uint64_t pages = (request->end - request->start) >> PAGE_SHIFT;
	struct merge_request with_next = *request;
	const struct mm_struct *mm = task->mm;

	if (request->vm_flags & VM_SPECIAL) {
		step(mm, MERGE_SPECIAL, request->vm_flags);
		return NULL;
	}
	if (!next || !can_vma_merge_before(next, request))
		return vma_merge(task, request);
	if (steps_wanted(mm)) {
		tell_asked(mm, request, next, next);
		tell_next(mm, request, next);
	}
	with_next.anon_vma = next->anon_vma;
	if (steps_wanted(mm))
		tell_prev(mm, &with_next);
	if (prev && can_vma_merge_after(prev, &with_next)) {
		if (steps_wanted(mm))
			tell_joins_prev(mm, request, next, next);
		vma_adjust(task, prev, prev->vm_start, next->vm_end,
			   prev->vm_pgoff, NULL);
		return prev;
	}
	if (steps_wanted(mm))
		tell_joins_next(mm, request, next, next);
	vma_adjust(task, next, request->start, next->vm_end,
		   next->vm_pgoff - pages, NULL);
	return next;
}

struct vm_area_struct *vma_extend_heap(struct task_struct *task,
				       const struct merge_request *request)
{
	struct vm_area_struct *prev = request->prev;
	struct mm_struct *mm = task->mm;

	step(mm, MERGE_NEW, request->start, request->end, request->vm_flags,
	     prev->id, step_area(prev->vm_next));
	if (steps_wanted(mm))
		tell_prev(mm, request);
	if (!can_vma_merge_after(prev, request))
		return NULL;
	vma_extend(mm, prev, request->end);
	return prev;
}

/* The kernel's split_vma(), with the limit that it judges. */
static int64_t split_within_limit(struct task_struct *task,
				  struct vm_area_struct *vma, uint64_t addr,
				  enum split_side side)
{
	struct mm_struct *mm = task->mm;

	if (mm->map_count >= mm->machine->sysctl.max_map_count) {
		step(mm, SPLIT_AREAS_EXCEEDED, vma->id, mm->map_count,
		     mm->machine->sysctl.max_map_count, STEP_ERRNO(MM_ENOMEM));
		return -MM_ENOMEM;
	}
	if (vma->vm_special != VM_SPECIAL_NONE &&
	    !mm->machine->profile->special_areas_split) {
		step(mm, SPLIT_WHOLE_ONLY, vma->id, addr,
		     STEP_ERRNO(MM_EINVAL));
		return -MM_EINVAL;
	}
	split_vma(task, vma, addr, side);
	return 0;
}

int64_t vma_modify_flags(struct task_struct *task, struct vm_area_struct **vmap,
			 struct vm_area_struct *prev, uint64_t start,
			 uint64_t end, uint64_t vm_flags)
{
	struct vm_area_struct *vma = *vmap, *merged;
	struct merge_request request = {
		.prev = prev,
		.start = start,
		.end = end,
		.vm_flags = vm_flags,
		.anon_vma = vma->anon_vma,
		.file = vma->vm_file,
		.pgoff =
			vma->vm_pgoff + ((start - vma->vm_start) >> PAGE_SHIFT),
	};
	int64_t error = 0;

	merged = vma_merge(task, &request);
	if (merged) {
		*vmap = merged;
		return 0;
	}
	if (start != vma->vm_start)
		error = split_within_limit(task, vma, start, SPLIT_NEW_BELOW);
	if (!error && end != vma->vm_end)
		error = split_within_limit(task, vma, end, SPLIT_NEW_ABOVE);
	return error;
}

static bool lies_within_area(const struct mm_struct *mm, uint64_t addr)
{
	const struct vm_area_struct *vma = vma_at_or_after(mm, addr);

	return vma && vma->vm_start < addr;
}

void range_need(const struct mm_struct *mm, uint64_t start, uint64_t end,
		struct memory_need *need)
{
	need->areas += 2;
	if (!memory_lacks_areas(mm->machine->memory, 2))
		return;
	need->net_areas += (uint64_t)lies_within_area(mm, start) +
			   (uint64_t)lies_within_area(mm, end);
}
