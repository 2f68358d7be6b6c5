/* SPDX-License-Identifier: MIT */
#include "core/mm/munmap.h"

#include "core/hot.h"
#include "core/mm/assert.h"
#include "core/mm/memory.h"
#include "core/mm/mm.h"
#include "core/mm/page_cache.h"
#include "core/mm/page_table.h"
#include "core/mm/profile.h"
#include "core/mm/step.h"
#include "core/mm/vma.h"
#include "core/mm/vmacache.h"

/* Locked areas from @vma on leave the count of locked pages. */
static void unlock_areas(struct mm_struct *mm, struct vm_area_struct *vma,
			 uint64_t end)
{
	if (!mm->locked_vm)
		return;
	for (; vma && vma->vm_start < end; vma = vma->vm_next) {
		if (!(vma->vm_flags & VM_LOCKED))
			continue;
		mm->locked_vm -= vma_pages(vma);
		step(mm, MUNMAP_UNLOCKS, vma->id, vma_pages(vma),
		     mm->locked_vm);
	}
}

/* The last area that begins below @end, where an area ends or none is; @vma
 * does. */
static struct vm_area_struct *
last_below(const struct mm_struct *mm, struct vm_area_struct *vma, uint64_t end)
{
	struct vm_area_struct *next = vma->vm_next;
	int steps = VMA_LIST_STEPS;

	while (next && next->vm_start < end && steps--) {
		vma = next;
		next = next->vm_next;
	}
	if (!next || next->vm_start >= end)
		return vma;
	next = vma_at_or_after(mm, end);
	return next ? next->vm_prev : mm->mmap_tail;
}

/*
 * Take @vma and the areas behind it that begin below @end out of the mm. Answers
 * the last of them.
 */
static const struct vm_area_struct *
detach_areas(struct task_struct *task, struct vm_area_struct *vma, uint64_t end)
{
	struct vm_area_struct *prev = vma->vm_prev;
	struct vm_area_struct *last = last_below(task->mm, vma, end);
	uint64_t start = vma->vm_start, last_end;

	last_end = last->vm_end;
	step(task->mm, MAPLE_CLEARED, start, last_end);
	vma_unlink_range(task->mm, vma, last);
	step(task->mm, LIST_UNLINKED, vma->id, last->id, step_area(prev),
	     step_area(prev ? prev->vm_next : task->mm->mmap));
	vmacache_invalidate(task);
	return last;
}

/* Pages that zapping @vma takes out of the page tables. */
static void tell_pages(const struct mm_struct *mm,
		       const struct vm_area_struct *vma)
{
	step(mm, UNMAP_PAGES, vma->id, vma->vm_start, vma->vm_end,
	     mm_resident_pages(mm, vma));
}

/* Are there pages in what is unmapped, or did they all move away? */
enum pages_left {
	PAGES_PERHAPS,
	PAGES_NONE
};

/* Detached areas know which one comes soon: see vma_unlink_range(). */
static inline void fetch_ahead(const struct vm_area_struct *ahead)
{
	if (!ahead)
		return;
	__builtin_prefetch(&ahead->vm_start);
	__builtin_prefetch(&ahead->vm_file);
}

/*
 * Free the tables that only detached areas have pages in, and these with them; what
 * is dirty of a file is known before. Areas closer than 2 MiB go together.
 */
static void free_pgtables(struct mm_struct *mm,
			  const struct vm_area_struct *vma, uint64_t floor,
			  uint64_t ceiling, enum pages_left pages)
{
	const struct vm_area_struct *next;
	uint64_t start = vma->vm_start;

	if (!mm->page_tables.node && !steps_wanted(mm))
		return;
	for (; vma; vma = next) {
		next = vma->vm_next;
		fetch_ahead(vma->vm_prev);
		if (pages != PAGES_NONE)
			page_cache_collect_dirty(mm, vma, vma->vm_start,
						 vma->vm_end);
		if (next && next->vm_start <= vma->vm_end + (1ULL << PMD_SHIFT))
			continue;
		free_pgd_range(mm, start, vma->vm_end, floor,
			       next ? next->vm_start : ceiling);
		start = next ? next->vm_start : 0;
	}
}

/*
 * Give up the pages and tables of detached areas up to @last, between their
 * neighbours. Most pages go with their tables, so that these are touched once;
 * the others are in tables at the ends, which stay.
 */
static void unmap_region(struct mm_struct *mm, struct vm_area_struct *vmas,
			 const struct vm_area_struct *last,
			 const struct vm_area_struct *prev,
			 enum pages_left pages)
{
	const struct vm_area_struct *next = prev ? prev->vm_next : mm->mmap;
	uint64_t floor = prev ? prev->vm_end : 0;
	uint64_t ceiling = next ? next->vm_start : 0;
	const struct vm_area_struct *vma;

	step(mm, UNMAP_REGION, vmas->vm_start, last->vm_end, floor, ceiling);
	step(mm, TLB_GATHERED, vmas->vm_start, last->vm_end);
	update_hiwater_rss(mm);
	if (steps_wanted(mm) && pages != PAGES_NONE)
		for (vma = vmas; vma; vma = vma->vm_next)
			tell_pages(mm, vma);
	free_pgtables(mm, vmas, floor, ceiling, pages);
	if (pages != PAGES_NONE)
		zap_page_range(mm, vmas->vm_start, last->vm_end);
	step(mm, TLB_FLUSHED, vmas->vm_start, last->vm_end);
}

/* Some releases add up what all areas together take from the counters. */
static void tell_counted(const struct mm_struct *mm,
			 const struct vm_area_struct *vma)
{
	uint64_t pages = 0;

	for (; vma; vma = vma->vm_next)
		pages += vma_pages(vma);
	step(mm, MUNMAP_COUNTED, pages, mm->total_vm - pages);
}

static void uncount(struct mm_struct *mm, const struct vm_area_struct *vma)
{
	vm_stat_count(mm, vma->vm_flags, vma->vm_file,
		      -(int64_t)vma_pages(vma));
	if (!mm->machine->profile->munmap_counts_at_once)
		step(mm, ACCOUNT_TOTAL, -vma_pages(vma), mm->total_vm);
}

static void remove_areas(struct mm_struct *mm, struct vm_area_struct *vma)
{
	struct vm_area_struct *next;
	uint64_t accounted = 0;

	update_hiwater_vm(mm);
	if (steps_wanted(mm))
		tell_counted(mm, vma);
	for (; vma; vma = next) {
		next = vma->vm_next;
		fetch_ahead(vma->vm_prev);
		if (vma->vm_flags & VM_ACCOUNT)
			accounted += vma_pages(vma);
		uncount(mm, vma);
		step(mm, AREA_FREED, vma->id, vma_pages(vma));
		vma_free(mm, vma);
	}
	vm_unacct_memory(mm->machine, accounted);
}

/* Does cutting at @addr cut an area that must stay whole? */
static bool cuts_special(const struct mm_struct *mm,
			 const struct vm_area_struct *vma, uint64_t addr)
{
	if (vma->vm_special == VM_SPECIAL_NONE ||
	    mm->machine->profile->special_areas_split ||
	    vma->vm_start >= addr || addr >= vma->vm_end)
		return false;
	step(mm, SPLIT_WHOLE_ONLY, vma->id, addr, STEP_ERRNO(MM_EINVAL));
	return true;
}

/* Only a hole in the middle leaves one area more. */
static bool may_punch_hole(const struct mm_struct *mm,
			   const struct vm_area_struct *vma)
{
	uint64_t max = mm->machine->sysctl.max_map_count;

	if (mm->map_count >= max) {
		step(mm, MUNMAP_AREAS_EXCEEDED, vma->id, mm->map_count, max,
		     STEP_ERRNO(MM_ENOMEM));
		return false;
	}
	step(mm, MUNMAP_AREAS_KEPT, mm->map_count, max);
	return true;
}

static bool is_sealed(const struct mm_struct *mm,
		      const struct vm_area_struct *vma)
{
	if (!(vma->vm_flags & VM_SEALED))
		return false;
	step(mm, MUNMAP_SEALED, vma->id, STEP_ERRNO(MM_EPERM));
	return true;
}

/*
 * Most releases make the part above a cut the new area at the start, and the
 * one below at the end: what goes is new. Later ones do it the other way round.
 */
static enum split_side new_side(const struct mm_struct *mm,
				enum split_side usual)
{
	if (!mm->machine->profile->munmap_cuts_off_ends)
		return usual;
	return usual == SPLIT_NEW_ABOVE ? SPLIT_NEW_BELOW : SPLIT_NEW_ABOVE;
}

/* Releases with a maple tree collect what goes, area by area. */
static void tell_gathered(const struct mm_struct *mm,
			  const struct vm_area_struct *vma, uint64_t end)
{
	if (vma->vm_end <= end)
		step(mm, MUNMAP_GATHERED, vma->id, vma->vm_start, vma->vm_end);
}

/*
 * Cut the areas at both ends of [start, end), from @vma on, which is the first
 * one there. A first cut stays if something forbids to go on: a seal, an area
 * that must stay whole, or one area too many.
 */
HOT static int64_t cut_ends(struct task_struct *task,
			    struct vm_area_struct *vma, uint64_t start,
			    uint64_t end, struct vm_area_struct **firstp)
{
	struct mm_struct *mm = task->mm;
	struct vm_area_struct *last;

	if (start > vma->vm_start) {
		step(mm, MUNMAP_FIRST, vma->id, vma->vm_start, start);
		if (end < vma->vm_end && !may_punch_hole(mm, vma))
			return -MM_ENOMEM;
		if (is_sealed(mm, vma))
			return -MM_EPERM;
		if (cuts_special(mm, vma, start))
			return -MM_EINVAL;
		split_vma(task, vma, start, new_side(mm, SPLIT_NEW_ABOVE));
		if (vma->vm_start < start)
			vma = vma->vm_next;
	}
	if (steps_wanted(mm) || mm->machine->profile->has_mseal)
		for (last = vma; last && last->vm_start < end;
		     last = last->vm_next) {
			if (is_sealed(mm, last))
				return -MM_EPERM;
			tell_gathered(mm, last, end);
		}
	last = find_vma_onwards(task, end, vma);
	if (last && last->vm_start < end) {
		step(mm, MUNMAP_LAST, last->id, end, last->vm_end);
		if (cuts_special(mm, last, end))
			return -MM_EINVAL;
		/* If the new area is the part below, the first one changes. */
		split_vma(task, last, end, new_side(mm, SPLIT_NEW_BELOW));
		if (vma->vm_start >= end)
			vma = vma->vm_prev;
		last = last->vm_start < end ? last : last->vm_prev;
		tell_gathered(mm, last, end);
	}
	*firstp = vma;
	return 0;
}

int64_t cut_out(struct task_struct *task, uint64_t start, uint64_t end,
		struct vm_area_struct **vmap)
{
	struct vm_area_struct *vma = *vmap;

	*vmap = NULL;
	if (!vma || vma->vm_start >= end)
		return 0;
	return cut_ends(task, vma, start, end, vmap);
}

/* Answers the area behind. */
static inline struct vm_area_struct *take_out(struct task_struct *task,
					      struct vm_area_struct *vma,
					      uint64_t end,
					      enum pages_left pages)
{
	const struct vm_area_struct *prev = vma->vm_prev, *last;
	struct mm_struct *mm = task->mm;
	/* A maple tree must have lost the areas for good: that may fail there. */
	bool detaches_first = !mm->machine->profile->has_rbtree;

	if (!detaches_first)
		unlock_areas(mm, vma, end);
	last = detach_areas(task, vma, end);
	if (detaches_first)
		unlock_areas(mm, vma, end);
	unmap_region(mm, vma, last, prev, pages);
	remove_areas(mm, vma);
	return prev ? prev->vm_next : mm->mmap;
}

struct vm_area_struct *unmap_cut_out(struct task_struct *task,
				     struct vm_area_struct *vma, uint64_t end)
{
	return take_out(task, vma, end, PAGES_PERHAPS);
}

void unmap_in_place(struct task_struct *task, struct vm_area_struct *vma)
{
	const struct vm_area_struct *prev = vma->vm_prev, *next = vma->vm_next;
	struct mm_struct *mm = task->mm;

	if (vma->vm_flags & VM_LOCKED)
		mm->locked_vm -= vma_pages(vma);
	vmacache_invalidate(task);
	update_hiwater_rss(mm);
	page_cache_collect_dirty(mm, vma, vma->vm_start, vma->vm_end);
	zap_page_range(mm, vma->vm_start, vma->vm_end);
	free_pgd_range(mm, vma->vm_start, vma->vm_end, prev ? prev->vm_end : 0,
		       next ? next->vm_start : 0);
	update_hiwater_vm(mm);
	uncount(mm, vma);
	if (vma->vm_flags & VM_ACCOUNT)
		vm_unacct_memory(mm->machine, vma_pages(vma));
	vma_empty(mm, vma);
}

int64_t do_munmap_found(struct task_struct *task, struct vm_area_struct *vma,
			uint64_t start, uint64_t end)
{
	int64_t error = cut_ends(task, vma, start, end, &vma);

	if (!error)
		take_out(task, vma, end, PAGES_PERHAPS);
	return error;
}

int64_t do_munmap_moved(struct task_struct *task, struct vm_area_struct *vma,
			uint64_t start, uint64_t end)
{
	int64_t error;

	/* Nothing is refused; who listens hears of the kernel's look-up. */
	if (start == end || steps_wanted(task->mm))
		return do_munmap(task, start, end - start);
	vma = find_vma_onwards(task, start, vma);
	error = cut_ends(task, vma, start, end, &vma);
	if (!error)
		take_out(task, vma, end, PAGES_NONE);
	return error;
}

int64_t do_munmap_place(struct task_struct *task, uint64_t start, uint64_t len,
			struct unmapped_place *place)
{
	struct mm_struct *mm = task->mm;
	struct vm_area_struct *vma;
	int64_t error = 0;
	uint64_t end;

	step(mm, MUNMAP_ASKED, start, len);
	if (start & ~PAGE_MASK || start > TASK_SIZE ||
	    len > TASK_SIZE - start) {
		step(mm, MUNMAP_BAD_RANGE, start, len, STEP_ERRNO(MM_EINVAL));
		return -MM_EINVAL;
	}
	len = PAGE_ALIGN(len);
	if (!len) {
		step(mm, MUNMAP_EMPTY, STEP_ERRNO(MM_EINVAL));
		return -MM_EINVAL;
	}
	end = start + len;

	vma = find_vma_by(task, start, STEP_BY_ITERATE);
	if (!vma || vma->vm_start >= end) {
		step(mm, MUNMAP_NOTHING, start, end, 0);
	} else {
		error = cut_ends(task, vma, start, end, &vma);
		if (error)
			return error;
		vma = unmap_cut_out(task, vma, end);
	}
	*place = (struct unmapped_place){ true, vma };
	return 0;
}

int64_t do_munmap(struct task_struct *task, uint64_t start, uint64_t len)
{
	struct unmapped_place ignored;

	return do_munmap_place(task, start, len, &ignored);
}

bool munmap_leaves_one_more(const struct mm_struct *mm, uint64_t start,
			    uint64_t len)
{
	const struct rb_node *node = mm->mm_rb.node;
	const struct vm_area_struct *area;

	while (node) {
		area = vma_of(node);
		if (area->vm_end <= start)
			node = node->right;
		else if (area->vm_start > start)
			node = node->left;
		else
			return area->vm_start < start &&
			       len < area->vm_end - start;
	}
	return false;
}

int64_t sys_munmap(struct task_struct *task, uint64_t addr, uint64_t len)
{
	struct mm_struct *mm = task->mm;
	struct memory *memory = mm->machine->memory;
	struct memory_need need = { .areas = 2 };
	int64_t ret;

	if (memory_lacks_areas(memory, 1))
		need.net_areas =
			munmap_leaves_one_more(mm, addr, PAGE_ALIGN(len));
	if (memory_reserve(memory, &need))
		return MM_HOST_REFUSED;
	ret = do_munmap(task, addr, len);
	mm_debug_validate(task->mm);
	return ret;
}

/* What goes with the address space, before any of it does. */
static void tell_exit(const struct mm_struct *mm)
{
	const struct vm_area_struct *vma;

	step(mm, EXIT_MM, mm->map_count, mm->total_vm);
	for (vma = mm->mmap; vma; vma = vma->vm_next)
		if (vma->vm_flags & VM_LOCKED)
			step(mm, EXIT_UNLOCKS, vma->id, vma_pages(vma));
	if (mm->mmap)
		step(mm, EXIT_GATHERS, get_mm_rss(mm));
	for (vma = mm->mmap; vma; vma = vma->vm_next)
		tell_pages(mm, vma);
}

void exit_mmap(struct mm_struct *mm)
{
	struct vm_area_struct *vma = mm->mmap, *next;
	struct mm_struct **link = &mm->machine->mms;
	uint64_t start = vma ? vma->vm_start : 0, accounted = 0;

	while (*link && *link != mm)
		link = &(*link)->next_mm;
	if (*link)
		*link = mm->next_mm;

	if (steps_wanted(mm))
		tell_exit(mm);
	for (next = vma; next; next = next->vm_next)
		page_cache_collect_dirty(mm, next, next->vm_start,
					 next->vm_end);
	if (vma && steps_wanted(mm)) {
		zap_page_range(mm, 0, TASK_SIZE);
		free_pgtables(mm, vma, 0, 0, PAGES_NONE);
		step(mm, TLB_FLUSHED, start, mm->highest_vm_end);
	}
	drop_page_tables(mm);
	for (; vma; vma = next) {
		next = vma->vm_next;
		if (vma->vm_flags & VM_ACCOUNT)
			accounted += vma_pages(vma);
		step(mm, AREA_FREED, vma->id, vma_pages(vma));
		vma_free(mm, vma);
	}
	vm_unacct_memory(mm->machine, accounted);
	mm->mmap = mm->mmap_tail = NULL;
	mm->mm_rb.node = NULL;
	mm->map_count = 0;
	mm->highest_vm_end = 0;
	mm->total_vm = mm->locked_vm = mm->stale_locked_vm = 0;
	mm->shared_vm = mm->exec_vm = mm->stack_vm = mm->data_vm = 0;
}
