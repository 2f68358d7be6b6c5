/* SPDX-License-Identifier: MIT */
#include "core/mm/memory.h"
#include "core/mm/mm.h"
#include "core/mm/mremap.h"
#include "core/mm/munmap.h"
#include "core/mm/page_table.h"
#include "core/mm/profile.h"
#include "core/mm/setup.h"
#include "core/mm/step.h"
#include "core/mm/vma.h"

/* How an area at the new place is linked; false: something is mapped there. */
static bool find_target_links(struct mm_struct *mm, const struct remap *remap,
			      struct vma_links *links)
{
	/* Who listens hears of the walk that the kernel makes. */
	if (!remap->place.known || steps_wanted(mm))
		return find_vma_links(mm, remap->new_addr,
				      remap->new_addr + remap->new_len, links);
	*links = vma_links_before(mm, remap->place.next);
	return true;
}

/*
 * The area at the new place: a neighbour that takes it over, or a copy. If a
 * merge swallows the old area, *vmap follows.
 */
static struct vm_area_struct *copy_vma(struct task_struct *task,
				       struct vm_area_struct **vmap,
				       const struct remap *remap,
				       uint64_t pgoff)
{
	uint64_t addr = remap->new_addr, len = remap->new_len;
	struct vm_area_struct *vma = *vmap, *new;
	struct mm_struct *mm = task->mm;
	uint64_t vma_start = vma->vm_start;
	struct merge_request request;
	struct vma_links links;

	/* Nothing was ever touched: the copy's pages are numbered afresh. */
	if (!vma->vm_file && !vma->anon_vma &&
	    (vma->vm_special == VM_SPECIAL_NONE ||
	     mm->machine->profile->vvar_mapped_at_exec))
		pgoff = addr >> PAGE_SHIFT;
	if (!find_target_links(mm, remap, &links))
		return NULL;
	request = (struct merge_request){
		.prev = links.prev,
		.start = addr,
		.end = addr + len,
		.vm_flags = vma->vm_flags,
		.anon_vma = vma->anon_vma,
		.file = vma->vm_file,
		.pgoff = pgoff,
	};
	new = vma_merge(task, &request);
	if (new) {
		step(mm, MREMAP_COPIED, vma->id, new->id, addr);
		if (vma_start >= new->vm_start && vma_start < new->vm_end)
			*vmap = new;
		return new;
	}
	new = memory_take_area(mm->machine->memory);
	new->id = ++mm->next_vma_id;
	new->vm_start = addr;
	new->vm_end = addr + len;
	new->vm_flags = vma->vm_flags;
	new->vm_pgoff = pgoff;
	new->vm_special = vma->vm_special;
	new->vm_file = vma->vm_file ? vm_file_get(vma->vm_file) : NULL;
	new->anon_vma = vma->anon_vma;
	anon_vma_clone(mm, new, vma);
	step(mm, AREA_NEW, new->id, addr, new->vm_end, new->vm_flags);
	step(mm, MREMAP_COPIED, vma->id, new->id, addr);
	vma_link(mm, new, &links);
	return new;
}

/*
 * Unmap the source of a move. Its commitment went along with the pages: only
 * what stays of the area keeps being accounted.
 */
static void unmap_moved(struct task_struct *task, struct vm_area_struct *vma,
			uint64_t addr, uint64_t len, bool account)
{
	struct mm_struct *mm = task->mm;
	bool below = account && addr > vma->vm_start;
	bool above = account && addr + len < vma->vm_end;
	uint64_t excess = vma->vm_end - vma->vm_start - len;

	if (account)
		vma->vm_flags &= ~VM_ACCOUNT;
	if (do_munmap_moved(task, vma, addr, addr + len) < 0) {
		if (below || above)
			vm_unacct_memory(mm->machine, excess >> PAGE_SHIFT);
		return;
	}
	/* Releases differ in which part is @vma, if any is. */
	if (below)
		vma_at_or_after(mm, addr - 1)->vm_flags |= VM_ACCOUNT;
	if (above)
		vma_at_or_after(mm, addr + len)->vm_flags |= VM_ACCOUNT;
}

/* Does the move cut an area that must stay whole? */
static bool cuts_special(const struct mm_struct *mm,
			 const struct vm_area_struct *vma,
			 const struct remap *remap)
{
	return vma->vm_special != VM_SPECIAL_NONE &&
	       !mm->machine->profile->special_areas_split &&
	       (vma->vm_start != remap->addr ||
		vma->vm_end != remap->addr + remap->old_len);
}

/* Releases that commit where the move happens do it here. */
static bool commit_move(struct mm_struct *mm, const struct vm_area_struct *vma,
			const struct remap *remap, uint64_t *pagesp)
{
	bool keep = remap->flags & MREMAP_DONTUNMAP;
	uint64_t len = keep ? remap->new_len : remap->new_len - remap->old_len;

	*pagesp = 0;
	if (!(vma->vm_flags & VM_ACCOUNT) ||
	    !(keep || mm->machine->profile->mremap_commits_move))
		return true;
	*pagesp = len >> PAGE_SHIFT;
	return vm_enough_memory(mm, *pagesp);
}

/*
 * The source stays mapped, empty and unlocked (R38). locked_vm stays as well:
 * the moved pages are locked at their new place, but what else the area had is
 * not locked any more and, as in the kernel, counts for ever.
 */
static void keep_source(struct mm_struct *mm, struct vm_area_struct *vma,
			const struct vm_area_struct *new,
			const struct remap *remap)
{
	if (vma->vm_flags & VM_LOCKED)
		mm->stale_locked_vm +=
			vma_pages(vma) - (remap->old_len >> PAGE_SHIFT);
	vma->vm_flags &= ~VM_LOCKED_MASK;
	if (new != vma && vma->vm_start == remap->addr &&
	    vma->vm_end == remap->addr + remap->old_len)
		anon_vma_unlink(mm, vma);
}

/* Is the new area one that its owner refuses, after the fact? */
static bool comes_back(const struct mm_struct *mm,
		       const struct vm_area_struct *new)
{
	if (new->vm_special == VM_SPECIAL_NONE ||
	    !mm->machine->profile->mremap_moves_special_whole)
		return false;
	return vma_pages(new) != mm->special_pages[new->vm_special];
}

int64_t move_vma(struct task_struct *task, struct vm_area_struct *vma,
		 struct remap *remap)
{
	struct mm_struct *mm = task->mm;
	uint64_t vm_flags = vma->vm_flags, hiwater_vm, committed;
	uint64_t pages = remap->new_len >> PAGE_SHIFT, pgoff;
	struct vm_area_struct *new;

	/* A move may need three more areas for a moment. */
	step(mm, MREMAP_MOVES, vma->id, remap->addr, remap->new_addr,
	     remap->new_len);
	if (mm->map_count + 3ULL >= mm->machine->sysctl.max_map_count) {
		step(mm, MREMAP_AREAS_EXCEEDED, mm->map_count,
		     mm->machine->sysctl.max_map_count, STEP_ERRNO(MM_ENOMEM));
		return -MM_ENOMEM;
	}
	if (cuts_special(mm, vma, remap)) {
		step(mm, SPLIT_WHOLE_ONLY, vma->id, remap->addr,
		     STEP_ERRNO(MM_EINVAL));
		return -MM_EINVAL;
	}
	if (!commit_move(mm, vma, remap, &committed))
		return -MM_ENOMEM;
	pgoff = vma->vm_pgoff + ((remap->addr - vma->vm_start) >> PAGE_SHIFT);
	new = copy_vma(task, &vma, remap, pgoff);
	if (!new) {
		vm_unacct_memory(mm->machine, committed);
		return -MM_ENOMEM;
	}
	move_page_tables(mm, remap->addr, remap->new_addr, remap->old_len);
	if (comes_back(mm, new)) {
		step(mm, MREMAP_BACK, new->id, STEP_ERRNO(MM_EINVAL));
		move_page_tables(mm, remap->new_addr, remap->addr,
				 remap->old_len);
		hiwater_vm = mm->hiwater_vm;
		vm_stat_account(mm, vm_flags, vma->vm_file, (int64_t)pages);
		do_munmap(task, remap->new_addr, remap->new_len);
		mm->hiwater_vm = hiwater_vm;
		return -MM_EINVAL;
	}

	/* Old and new exist together for a moment that VmPeak must not see. */
	hiwater_vm = mm->hiwater_vm;
	vm_stat_account(mm, vm_flags, vma->vm_file, (int64_t)pages);
	if (remap->flags & MREMAP_DONTUNMAP) {
		step(mm, MREMAP_KEPT, vma->id, new->id);
		keep_source(mm, vma, new, remap);
		return (int64_t)remap->new_addr;
	}
	unmap_moved(task, vma, remap->addr, remap->old_len,
		    vm_flags & VM_ACCOUNT);
	mm->hiwater_vm = hiwater_vm;
	if (vm_flags & VM_LOCKED) {
		mm->locked_vm += pages;
		remap->locked = true;
	}
	return (int64_t)remap->new_addr;
}
