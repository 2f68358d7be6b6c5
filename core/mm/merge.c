/* SPDX-License-Identifier: MIT */
#include "core/mm/memory.h"
#include "core/mm/mm.h"
#include "core/mm/profile.h"
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

struct vm_area_struct *vma_merge_next_first(struct task_struct *task,
					    const struct merge_request *request)
{
	struct vm_area_struct *prev = request->prev;
	struct vm_area_struct *next = prev ? prev->vm_next : task->mm->mmap;
	uint64_t pages = (request->end - request->start) >> PAGE_SHIFT;
	struct merge_request with_next = *request;

	if (request->vm_flags & VM_SPECIAL)
		return NULL;
	if (!next || !can_vma_merge_before(next, request))
		return vma_merge(task, request);
	with_next.anon_vma = next->anon_vma;
	if (prev && can_vma_merge_after(prev, &with_next)) {
		vma_adjust(task, prev, prev->vm_start, next->vm_end,
			   prev->vm_pgoff, NULL);
		return prev;
	}
	vma_adjust(task, next, request->start, next->vm_end,
		   next->vm_pgoff - pages, NULL);
	return next;
}

/* The kernel's split_vma(), with the limit that it judges. */
static int64_t split_within_limit(struct task_struct *task,
				  struct vm_area_struct *vma, uint64_t addr,
				  enum split_side side)
{
	struct mm_struct *mm = task->mm;

	if (mm->map_count >= mm->machine->sysctl.max_map_count)
		return -MM_ENOMEM;
	if (vma->vm_special != VM_SPECIAL_NONE &&
	    !mm->machine->profile->special_areas_split)
		return -MM_EINVAL;
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

void areas_need(const struct mm_struct *mm, uint64_t splits, uint64_t merges,
		struct memory_need *need)
{
	need->areas += splits;
	/* No area belongs to more anon_vmas than its process has ancestors. */
	need->anon_vma_chains += (splits + merges) * (mm->generation + 1);
}

static bool lies_within_area(const struct mm_struct *mm, uint64_t addr)
{
	const struct vm_area_struct *vma = vma_at_or_after(mm, addr);

	return vma && vma->vm_start < addr;
}

void range_need(const struct mm_struct *mm, uint64_t start, uint64_t end,
		struct memory_need *need)
{
	const struct account *account = mm->machine->memory->account;

	areas_need(mm, 2, 2 * range_areas(mm, start, end) + 2, need);
	if (account->areas + 2 <= account->max_areas)
		return;
	need->net_areas += (uint64_t)lies_within_area(mm, start) +
			   (uint64_t)lies_within_area(mm, end);
}
