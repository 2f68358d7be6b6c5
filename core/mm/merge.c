/* SPDX-License-Identifier: MIT */
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

struct vm_area_struct *vma_merge(struct task_struct *task,
				 const struct merge_request *request)
{
	struct vm_area_struct *prev = request->prev;
	struct vm_area_struct *area = prev ? prev->vm_next : task->mm->mmap;
	struct vm_area_struct *next = area;
	uint64_t pages = (request->end - request->start) >> PAGE_SHIFT;
	bool before;

	if (request->vm_flags & VM_SPECIAL)
		return NULL;

	/* An area that ends with the part is in it: it changes, next is behind. */
	if (next && next->vm_end == request->end)
		next = next->vm_next;
	before = next && can_vma_merge_before(next, request);

	if (prev && can_vma_merge_after(prev, request)) {
		before = before && is_mergeable_anon_vma(prev->anon_vma,
							 next->anon_vma, NULL);
		vma_adjust(task, prev, prev->vm_start,
			   before ? next->vm_end : request->end, prev->vm_pgoff,
			   NULL);
		return prev;
	}
	if (!before)
		return NULL;

	if (prev && request->start < prev->vm_end) {
		/* The part is the end of prev: the border moves down. */
		vma_adjust(task, prev, prev->vm_start, request->start,
			   prev->vm_pgoff, NULL);
		return next;
	}
	vma_adjust(task, area, request->start, next->vm_end,
		   next->vm_pgoff - pages, NULL);
	return area;
}
