/* SPDX-License-Identifier: MIT */
#include "core/hot.h"
#include "core/mm/mmap.h"

#include "core/mm/assert.h"
#include "core/mm/memory.h"
#include "core/mm/mm.h"
#include "core/mm/munmap.h"
#include "core/mm/profile.h"
#include "core/mm/step.h"

/* RLIMIT_AS, judged by what is added net of what gets replaced. */
static bool fits_address_space(struct task_struct *task,
			       const struct mapping *map)
{
	struct mm_struct *mm = task->mm;
	uint64_t pages = map->len >> PAGE_SHIFT, covered;

	if (may_expand_vm(mm, map->vm_flags, pages))
		return true;
	covered = count_vma_pages_range(task, map->addr, map->addr + map->len);
	pages -= covered;
	step(mm, MMAP_NET_PAGES, covered, pages);
	return may_expand_vm(mm, map->vm_flags, pages);
}

/* Commit what the mapping or its object charges as a whole. */
HOT static bool charge_mapping(struct mm_struct *mm, struct mapping *map)
{
	uint64_t pages = map->len >> PAGE_SHIFT;

	if (map->shmem)
		return map->shmem->noreserve || vm_enough_memory(mm, pages);
	if (!accountable_mapping(map->vm_flags))
		return true;
	if (!vm_enough_memory(mm, pages))
		return false;
	map->vm_flags |= VM_ACCOUNT;
	return true;
}

static bool joins_neighbours(const struct mapping *map,
			     const struct vm_area_struct *vma)
{
	struct merge_request request = mapping_request(map, vma->vm_prev);

	if (accountable_mapping(map->vm_flags))
		request.vm_flags |= VM_ACCOUNT;
	return vma_may_merge(&request, vma->vm_next);
}

/*
 * Would the new area stand exactly where the old one does? The tree takes a red
 * leaf out and puts it back without any other node's noticing, and with the same
 * borders the gaps are the same, unless somebody grows.
 */
static bool may_be_reborn(const struct mm_struct *mm, const struct mapping *map,
			  const struct vm_area_struct *vma)
{
	const struct vm_area_struct *prev = vma->vm_prev, *next = vma->vm_next;

	if (vma->vm_start != map->addr ||
	    vma->vm_end - vma->vm_start != map->len ||
	    rb_is_black(&vma->vm_rb) || vma->vm_rb.left || vma->vm_rb.right ||
	    vma->vm_special != VM_SPECIAL_NONE ||
	    (vma->vm_flags | map->vm_flags) & VM_GROWSDOWN || steps_wanted(mm))
		return false;
	if ((!prev || prev->vm_end != vma->vm_start) &&
	    (!next || next->vm_start != vma->vm_end))
		return true;
	return map->shmem || !joins_neighbours(map, vma);
}

/* Take the areas from @vma on away, if any; answers what is behind them. */
HOT static struct vm_area_struct *
clear(struct task_struct *task, struct mapping *map, struct vm_area_struct *vma)
{
	if (!may_be_reborn(task->mm, map, vma))
		return unmap_cut_out(task, vma, map->addr + map->len);
	unmap_in_place(task, vma);
	map->reborn = vma;
	return vma->vm_next;
}

/* Clear the place, and answer how the mapping then is linked. */
static int64_t clear_place(struct task_struct *task, struct mapping *map,
			   struct vma_links *links)
{
	struct mm_struct *mm = task->mm;
	uint64_t end = map->addr + map->len;
	struct vm_area_struct *next = map->place.next;

	/* Who listens hears of the walks that the kernel makes. */
	if (steps_wanted(mm)) {
		while (!find_vma_links(mm, map->addr, end, links)) {
			step(mm, MMAP_COVERED, map->addr, end);
			if (do_munmap(task, map->addr, map->len))
				return -MM_ENOMEM;
		}
		return 0;
	}
	if (!map->place.known)
		next = vma_at_or_after(mm, map->addr);
	if (next && next->vm_start < end) {
		find_vma_onwards(task, map->addr, next);
		if (cut_out(task, map->addr, end, &next))
			return -MM_ENOMEM;
		next = clear(task, map, next);
	}
	if (!map->reborn)
		*links = vma_links_before(mm, next);
	return 0;
}

/* The new area will not come: its place is free. */
static void abandon_reborn(struct mm_struct *mm, const struct mapping *map)
{
	if (!map->reborn)
		return;
	vma_unlink_range(mm, map->reborn, map->reborn);
	vma_free(mm, map->reborn);
}

/* What is covered goes first, and stays gone if the rest fails (L9). */
static int64_t clear_then_judge(struct task_struct *task, struct mapping *map,
				struct vma_links *links)
{
	if (!fits_address_space(task, map) || clear_place(task, map, links))
		return -MM_ENOMEM;
	if (charge_mapping(task->mm, map))
		return 0;
	abandon_reborn(task->mm, map);
	return -MM_ENOMEM;
}

/* Pages of the areas from @vma on that end at @end or below. */
static uint64_t covered_pages(const struct vm_area_struct *vma, uint64_t end,
			      uint64_t vm_flags)
{
	uint64_t pages = 0;

	for (; vma && vma->vm_start < end; vma = vma->vm_next)
		if (!vm_flags || vma->vm_flags & vm_flags)
			pages += vma_pages(vma);
	return pages;
}

/*
 * What is covered is cut out, but goes only when nothing can fail any more. Its
 * commitment is taken over by what comes.
 */
static int64_t judge_then_clear(struct task_struct *task, struct mapping *map,
				struct vma_links *links)
{
	struct mm_struct *mm = task->mm;
	uint64_t pages = map->len >> PAGE_SHIFT;
	uint64_t end = map->addr + map->len, accounted;
	bool account = accountable_mapping(map->vm_flags);
	struct vm_area_struct *next = map->place.next, *first;
	int64_t error;

	if (!map->place.known)
		next = vma_at_or_after(mm, map->addr);
	first = next;
	error = cut_out(task, map->addr, end, &first);
	if (error)
		return error;
	if (!may_expand_vm(mm, map->vm_flags,
			   pages - covered_pages(first, end, 0)))
		return -MM_ENOMEM;
	accounted = covered_pages(first, end, VM_ACCOUNT);
	if (account && pages > accounted &&
	    !vm_enough_memory(mm, pages - accounted))
		return -MM_ENOMEM;
	if (account) {
		vm_acct_memory(mm->machine, accounted);
		map->vm_flags |= VM_ACCOUNT;
	}
	if (first)
		next = clear(task, map, first);
	if (!steps_wanted(mm))
		*links = vma_links_before(mm, next);
	else if (!find_vma_links(mm, map->addr, end, links))
		mm_assert(false);
	/* The object of a shared area comes last. */
	if (!map->shmem || charge_mapping(mm, map))
		return 0;
	abandon_reborn(mm, map);
	return -MM_ENOMEM;
}

int64_t make_room(struct task_struct *task, struct mapping *map,
		  struct vma_links *links)
{
	return task->mm->machine->profile->mmap_failure_restores
		       ? judge_then_clear(task, map, links)
		       : clear_then_judge(task, map, links);
}
