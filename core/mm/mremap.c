/* SPDX-License-Identifier: MIT */
#include "core/mm/mremap.h"

#include "core/mm/assert.h"
#include "core/mm/fault.h"
#include "core/mm/memory.h"
#include "core/mm/munmap.h"
#include "core/mm/page_cache.h"
#include "core/mm/profile.h"
#include "core/mm/setup.h"
#include "core/mm/step.h"
#include "core/mm/unmapped_area.h"
#include "core/mm/vma.h"

/* What the kernel's own refusal of a commitment looks like here. */
static int64_t not_committed(const struct mm_struct *mm)
{
	return mm->machine->profile->mremap_commit_is_enomem ? -MM_ENOMEM
							     : -MM_EFAULT;
}

/* RLIMIT_MEMLOCK; older releases let a huge growth wrap around. */
static bool locks_within_limit(const struct mm_struct *mm,
			       const struct vm_area_struct *vma, uint64_t grow)
{
	if (mm->machine->profile->mremap_counts_locked_pages)
		return mlock_future_check(mm, vma->vm_flags, grow);
	return !(vma->vm_flags & VM_LOCKED) || capable(mm) ||
	       (mm->locked_vm << PAGE_SHIFT) + grow <= mm->rlimits.memlock;
}

static int64_t unfit(const struct mm_struct *mm,
		     const struct vm_area_struct *vma, int64_t error)
{
	step(mm, MREMAP_UNFIT, vma->id, vma->vm_flags, (uint64_t)error);
	return error;
}

/* May the area become as long? Unless it moves or grows later, commit now. */
static int64_t judge_growth(struct mm_struct *mm,
			    const struct vm_area_struct *vma,
			    struct remap *remap)
{
	uint64_t grow = remap->new_len - remap->old_len, pgoff;
	uint64_t pages = grow >> PAGE_SHIFT;

	if (remap->new_len > remap->old_len) {
		pgoff = vma->vm_pgoff +
			((remap->addr - vma->vm_start) >> PAGE_SHIFT);
		if (vma->vm_flags & (VM_DONTEXPAND | VM_PFNMAP))
			return unfit(mm, vma, -MM_EFAULT);
		if (pgoff + (remap->new_len >> PAGE_SHIFT) < pgoff)
			return unfit(mm, vma, -MM_EINVAL);
	}
	if (!locks_within_limit(mm, vma, grow))
		return -MM_EAGAIN;
	if (!may_expand_vm(mm, vma->vm_flags, pages))
		return -MM_ENOMEM;
	if (!(vma->vm_flags & VM_ACCOUNT) ||
	    mm->machine->profile->mremap_commits_move)
		return 0;
	if (!vm_enough_memory(mm, pages))
		return not_committed(mm);
	remap->charged = pages;
	return 0;
}

static int64_t no_area(const struct mm_struct *mm, uint64_t addr)
{
	step(mm, MREMAP_NO_AREA, addr, STEP_ERRNO(MM_EFAULT));
	return -MM_EFAULT;
}

/* The area that shall be resized, judged. */
static int64_t vma_to_resize(struct task_struct *task, struct remap *remap,
			     struct vm_area_struct **vmap)
{
	struct vm_area_struct *vma =
		find_vma_by(task, remap->addr, STEP_BY_LOOK_UP);
	const struct kernel_profile *profile = task->mm->machine->profile;
	const uint64_t shared = VM_SHARED | VM_MAYSHARE;
	bool keep = remap->flags & MREMAP_DONTUNMAP;

	if (!vma || vma->vm_start > remap->addr)
		return no_area(task->mm, remap->addr);
	*vmap = vma;
	step(task->mm, MREMAP_RESIZES, vma->id, remap->old_len, remap->new_len);
	if (!profile->mremap_duplicates_private && !remap->old_len &&
	    !(vma->vm_flags & shared))
		return unfit(task->mm, vma, -MM_EINVAL);
	if (keep && !profile->mremap_dontunmap_any &&
	    (vma->vm_file || vma->vm_special != VM_SPECIAL_NONE ||
	     vma->vm_flags & VM_SHARED))
		return unfit(task->mm, vma, -MM_EINVAL);
	if (keep && vma->vm_flags & (VM_DONTEXPAND | VM_PFNMAP))
		return unfit(task->mm, vma, -MM_EINVAL);
	if (remap->old_len > vma->vm_end - remap->addr) {
		step(task->mm, MREMAP_CROSSES, vma->id, vma->vm_end,
		     remap->old_len, STEP_ERRNO(MM_EFAULT));
		return -MM_EFAULT;
	}
	if (remap->new_len == remap->old_len &&
	    !profile->mremap_judges_same_size)
		return 0;
	return judge_growth(task->mm, vma, remap);
}

/* Unmap what the source has beyond its new length; no tail is no error. */
static int64_t cut_tail(struct task_struct *task, const struct remap *remap)
{
	int64_t ret;

	if (remap->old_len < remap->new_len)
		return 0;
	ret = do_munmap(task, remap->addr + remap->new_len,
			remap->old_len - remap->new_len);
	return remap->old_len == remap->new_len ? 0 : ret;
}

static uint64_t placement_flags(const struct vm_area_struct *vma)
{
	return vma->vm_file || vma->vm_flags & VM_MAYSHARE
		       ? UNMAPPED_AREA_OF_FILE
		       : 0;
}

static bool overlaps(const struct mm_struct *mm, const struct remap *remap)
{
	uint64_t old_end = remap->addr + remap->old_len;
	uint64_t new_end = remap->new_addr + remap->new_len;

	if (mm->machine->profile->mremap_overlap_needs_length)
		return old_end > remap->new_addr && new_end > remap->addr;
	return (remap->new_addr <= remap->addr && new_end > remap->addr) ||
	       (remap->addr <= remap->new_addr && old_end > remap->new_addr);
}

/* MREMAP_FIXED: what is at the target goes first, and stays gone. */
static int64_t mremap_to(struct task_struct *task, struct remap *remap)
{
	uint64_t new_addr = remap->new_addr;
	struct mm_struct *mm = task->mm;
	struct vm_area_struct *vma;
	int64_t ret;

	if (new_addr & ~PAGE_MASK || remap->new_len > TASK_SIZE ||
	    new_addr > TASK_SIZE - remap->new_len || overlaps(mm, remap)) {
		step(mm, MREMAP_BAD_TARGET, new_addr, remap->new_len,
		     STEP_ERRNO(MM_EINVAL));
		return -MM_EINVAL;
	}

	if (mm->machine->profile->mremap_leaves_room &&
	    mm->map_count + 5ULL >= mm->machine->sysctl.max_map_count) {
		step(mm, MREMAP_AREAS_EXCEEDED, mm->map_count,
		     mm->machine->sysctl.max_map_count, STEP_ERRNO(MM_ENOMEM));
		return -MM_ENOMEM;
	}
	if (remap->flags & MREMAP_FIXED) {
		step(mm, MREMAP_CLEARS, new_addr, remap->new_len);
		ret = do_munmap_place(task, new_addr, remap->new_len,
				      &remap->place);
		if (ret)
			return ret;
	}
	ret = cut_tail(task, remap);
	if (ret)
		return ret;
	/* What lies behind the target may have been that tail. */
	if (remap->old_len > remap->new_len)
		remap->place.known = false;
	remap->old_len = remap->old_len < remap->new_len ? remap->old_len
							 : remap->new_len;
	ret = vma_to_resize(task, remap, &vma);
	if (ret)
		return ret;
	if (remap->flags & MREMAP_DONTUNMAP &&
	    !may_expand_vm(mm, vma->vm_flags, remap->old_len >> PAGE_SHIFT))
		return -MM_ENOMEM;
	ret = get_unmapped_area(
		task, new_addr, remap->new_len,
		remap->flags & MREMAP_FIXED ? MAP_FIXED : placement_flags(vma),
		&remap->place);
	if (ret < 0)
		return ret;
	remap->new_addr = (uint64_t)ret;
	return move_vma(task, vma, remap);
}

static bool vma_expandable(struct task_struct *task,
			   const struct vm_area_struct *vma, uint64_t delta)
{
	uint64_t end = vma->vm_end + delta;
	struct unmapped_place place = { .known = false };

	if (end < vma->vm_end)
		return false;
	if (vma->vm_next && vma->vm_next->vm_start < end) {
		step(task->mm, MREMAP_NO_ROOM, vma->id, end, vma->vm_next->id,
		     vma->vm_next->vm_start);
		return false;
	}
	step(task->mm, MREMAP_IN_PLACE, vma->id, end);
	return get_unmapped_area(task, vma->vm_start, end - vma->vm_start,
				 MAP_FIXED, &place) >= 0;
}

/* Let the area reach further up; later releases join what comes behind. */
static struct vm_area_struct *extend(struct task_struct *task,
				     struct vm_area_struct *vma, uint64_t end)
{
	struct merge_request request = {
		.prev = vma,
		.start = vma->vm_end,
		.end = end,
		.vm_flags = vma->vm_flags,
		.anon_vma = vma->anon_vma,
		.file = vma->vm_file,
		.pgoff = vma->vm_pgoff + vma_pages(vma),
	};

	if (task->mm->machine->profile->mremap_growth_merges)
		return vma_merge(task, &request);
	vma_adjust(task, vma, vma->vm_start, end, vma->vm_pgoff, NULL);
	return vma;
}

static int64_t expand_in_place(struct task_struct *task,
			       struct vm_area_struct *vma, struct remap *remap)
{
	uint64_t pages = (remap->new_len - remap->old_len) >> PAGE_SHIFT;
	struct mm_struct *mm = task->mm;
	uint64_t committed = 0;

	if (vma->vm_flags & VM_ACCOUNT &&
	    mm->machine->profile->mremap_commits_move) {
		if (!vm_enough_memory(mm, pages))
			return -MM_ENOMEM;
		committed = pages;
	}
	vma = extend(task, vma, remap->addr + remap->new_len);
	if (!vma) {
		vm_unacct_memory(mm->machine, committed);
		return -MM_ENOMEM;
	}
	vm_stat_account(mm, vma->vm_flags, vma->vm_file, (int64_t)pages);
	if (vma->vm_flags & VM_LOCKED) {
		mm->locked_vm += pages;
		remap->locked = true;
		remap->new_addr = remap->addr;
	}
	return (int64_t)remap->addr;
}

static int64_t do_mremap(struct task_struct *task, struct remap *remap)
{
	const struct vm_area_struct *there;
	struct vm_area_struct *vma;
	int64_t ret;

	if (task->mm->machine->profile->mremap_needs_mapping) {
		there = vma_at_or_after(task->mm, remap->addr);
		if (!there || there->vm_start > remap->addr)
			return no_area(task->mm, remap->addr);
		if (there->vm_flags & VM_SEALED) {
			step(task->mm, MREMAP_SEALED, there->id,
			     STEP_ERRNO(MM_EPERM));
			return -MM_EPERM;
		}
	}
	if (remap->flags & (MREMAP_FIXED | MREMAP_DONTUNMAP))
		return mremap_to(task, remap);
	if (remap->old_len >= remap->new_len) {
		step(task->mm, MREMAP_SHRINKS, remap->addr + remap->new_len,
		     remap->old_len - remap->new_len);
		ret = cut_tail(task, remap);
		return ret ? ret : (int64_t)remap->addr;
	}
	ret = vma_to_resize(task, remap, &vma);
	if (ret)
		return ret;
	if (remap->old_len == vma->vm_end - remap->addr &&
	    vma_expandable(task, vma, remap->new_len - remap->old_len))
		return expand_in_place(task, vma, remap);
	if (!(remap->flags & MREMAP_MAYMOVE)) {
		step(task->mm, MREMAP_MAY_NOT_MOVE, vma->id,
		     STEP_ERRNO(MM_ENOMEM));
		return -MM_ENOMEM;
	}
	ret = get_unmapped_area(task, 0, remap->new_len, placement_flags(vma),
				&remap->place);
	if (ret < 0)
		return ret;
	remap->new_addr = (uint64_t)ret;
	return move_vma(task, vma, remap);
}

static bool shrinks_in_place(const struct remap *remap)
{
	return !(remap->flags & (MREMAP_FIXED | MREMAP_DONTUNMAP)) &&
	       remap->new_len <= remap->old_len;
}

/* Areas more than before: a new one, and one for every hole that is left. */
static uint64_t net_areas(const struct mm_struct *mm, const struct remap *remap)
{
	uint64_t start = remap->addr, len = remap->old_len, net = 1;

	if (remap->flags & MREMAP_FIXED)
		net += munmap_leaves_one_more(mm, remap->new_addr,
					      remap->new_len);
	if (shrinks_in_place(remap)) {
		start += remap->new_len;
		len -= remap->new_len;
		net = 0;
	}
	if (len && !(remap->flags & MREMAP_DONTUNMAP))
		net += munmap_leaves_one_more(mm, start, len);
	return net;
}

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/*
 * What moving @len bytes may at most take: they fill one table, and one run of
 * pages, more where they do not begin at a border, but no more than twice what
 * is there; and they may have to move back.
 */
static void move_need(const struct mm_struct *mm, uint64_t len,
		      struct memory_need *need)
{
	uint64_t tables;

	if (!len--)
		return;
	tables = least((len >> PMD_SHIFT) + 2, 2 * mm->nr_ptes);
	need->page_nodes += 3 * tables;
	need->page_nodes += least((len >> PUD_SHIFT) + 2, 2 * mm->nr_pmds);
	need->page_chunks += 2 * least((len >> CHUNK_SHIFT) + 2, 16 * tables);
}

/* Will growth of the area be populated? What the limits refuse needs no pages. */
static bool grows_locked(const struct mm_struct *mm, const struct remap *remap,
			 const struct vm_area_struct *vma)
{
	struct step_sink *steps;
	uint64_t pages;
	bool fits;

	if (remap->new_len <= remap->old_len)
		return false;
	if (!vma || !(vma->vm_flags & VM_LOCKED))
		return false;
	pages = (remap->new_len - remap->old_len) >> PAGE_SHIFT;
	steps = steps_hush(mm);
	fits = may_expand_vm(mm, vma->vm_flags, pages);
	steps_resume(mm, steps);
	return fits;
}

/* Splits on both sides of source and target, the new area, tables for both. */
static int reserve_mremap(struct mm_struct *mm, const struct remap *remap)
{
	uint64_t len = remap->new_len, old = remap->old_len;
	struct memory *memory = mm->machine->memory;
	struct memory_need need = { .areas = 6 };
	const struct vm_area_struct *vma;

	if (memory_lacks_areas(memory, 3))
		need.net_areas = net_areas(mm, remap);
	if (old > TASK_SIZE || len > TASK_SIZE)
		return memory_reserve(memory, &need);
	if (!shrinks_in_place(remap))
		move_need(mm, old, &need);
	vma = vma_at_or_after(mm, remap->addr);
	if (!grows_locked(mm, remap, vma))
		return memory_reserve(memory, &need);
	if (vma->vm_file)
		need.cache_nodes +=
			page_cache_need((len - old) >> PAGE_SHIFT, 1);
	return reserve_population(mm, POPULATED_ANYWHERE, len - old,
				  2 * ((len - old) >> PAGE_SHIFT), &need);
}

static bool request_is_sound(const struct remap *remap, uint64_t known,
			     uint64_t old_len, uint64_t new_len)
{
	uint64_t flags = remap->flags;

	if (flags & ~known)
		return false;
	if (flags & MREMAP_FIXED && !(flags & MREMAP_MAYMOVE))
		return false;
	if (flags & MREMAP_DONTUNMAP &&
	    (!(flags & MREMAP_MAYMOVE) || old_len != new_len))
		return false;
	return !(remap->addr & ~PAGE_MASK) && remap->new_len;
}

int64_t sys_mremap(struct task_struct *task, uint64_t addr, uint64_t old_len,
		   uint64_t new_len, uint64_t flags, uint64_t new_addr)
{
	struct remap remap = {
		.addr = addr,
		.old_len = PAGE_ALIGN(old_len),
		.new_len = PAGE_ALIGN(new_len),
		.flags = flags,
		.new_addr = new_addr,
	};
	uint64_t known = MREMAP_FIXED | MREMAP_MAYMOVE, grown;
	int64_t ret;

	if (task->mm->machine->profile->has_mremap_dontunmap)
		known |= MREMAP_DONTUNMAP;
	step(task->mm, MREMAP_ASKED, addr, old_len, new_len, flags, new_addr);
	if (!request_is_sound(&remap, known, old_len, new_len)) {
		step(task->mm, MREMAP_BAD, addr, flags, STEP_ERRNO(MM_EINVAL));
		return -MM_EINVAL;
	}
	if (reserve_mremap(task->mm, &remap))
		return MM_HOST_REFUSED;

	hold_committed_pages(task->mm->machine);
	ret = do_mremap(task, &remap);
	release_committed_pages(task->mm->machine);
	if (mm_is_error(ret)) {
		step(task->mm, MREMAP_REFUSED, (uint64_t)ret);
		vm_unacct_memory(task->mm->machine, remap.charged);
	} else {
		step(task->mm, MREMAP_DONE, (uint64_t)ret);
	}
	grown = remap.new_len - remap.old_len;
	if (remap.locked && remap.new_len > remap.old_len)
		mm_populate(task, remap.new_addr + remap.old_len, grown);
	mm_debug_validate(task->mm);
	return ret;
}
