/* SPDX-License-Identifier: MIT */
#include "core/mm/assert.h"
#include "core/mm/fault.h"
#include "core/mm/memory.h"
#include "core/mm/munmap.h"
#include "core/mm/profile.h"
#include "core/mm/setup.h"
#include "core/mm/step.h"
#include "core/mm/unmapped_area.h"
#include "core/mm/vma.h"

/* The limit is compared in bytes, before any rounding (behaviour B11). */
static bool check_data_rlimit(const struct mm_struct *mm, uint64_t brk)
{
	uint64_t data = mm->end_data - mm->start_data;
	uint64_t needed = brk - mm->start_brk + data;

	if (mm->rlimits.data != RLIM_INFINITY && needed > mm->rlimits.data) {
		step(mm, BRK_DATA_EXCEEDED, needed, mm->rlimits.data, mm->brk);
		return false;
	}
	step(mm, BRK_DATA_KEPT, needed, mm->rlimits.data);
	return true;
}

static bool one_more_area(const struct mm_struct *mm)
{
	uint64_t max = mm->machine->sysctl.max_map_count;

	if (mm->map_count > max) {
		step(mm, BRK_AREAS_EXCEEDED, mm->map_count, max,
		     STEP_ERRNO(MM_ENOMEM));
		return false;
	}
	step(mm, BRK_AREAS_KEPT, mm->map_count, max);
	return true;
}

/* May [addr, addr + len) be mapped and, if it is to be, locked? */
static int64_t judge_place(struct task_struct *task, uint64_t addr,
			   uint64_t len)
{
	struct unmapped_place place = { .known = false };
	int64_t ret = get_unmapped_area(task, addr, len, MAP_FIXED, &place);

	if (ret < 0)
		return ret;
	return mlock_future_check(task->mm, task->mm->def_flags, len)
		       ? 0
		       : -MM_EAGAIN;
}

/* The heap itself, if it is what lies before the old break. */
static struct vm_area_struct *heap_before(const struct mm_struct *mm,
					  struct vm_area_struct *prev)
{
	if (prev && prev->vm_end > mm->start_brk) {
		step(mm, BRK_HEAP, prev->id, prev->vm_end);
		return prev;
	}
	step(mm, BRK_NOT_HEAP, step_area(prev), mm->start_brk);
	return NULL;
}

/*
 * Where the heap's part before @next goes; answers what it may join. Releases
 * that know the heap look for nothing else.
 */
static struct vm_area_struct *find_place(struct mm_struct *mm, uint64_t addr,
					 uint64_t end,
					 struct vm_area_struct *next,
					 struct vma_links *links)
{
	bool heap_only = mm->machine->profile->brk_joins_heap_only;

	*links = vma_links_before(mm, next);
	if (heap_only)
		return heap_before(mm, links->prev);
	/* Who listens hears of the walk that the kernel makes. */
	if (steps_wanted(mm) && !find_vma_links(mm, addr, end, links))
		mm_assert(false);
	return links->prev;
}

/* Let the heap, or any neighbour where a release asks all, take the part. */
static struct vm_area_struct *join(struct task_struct *task,
				   const struct merge_request *request)
{
	if (!task->mm->machine->profile->brk_joins_heap_only)
		return vma_merge(task, request);
	if (!request->prev || request->prev->vm_end != request->start)
		return NULL;
	return vma_extend_heap(task, request);
}

static struct vm_area_struct *new_area(struct mm_struct *mm,
				       const struct merge_request *request,
				       const struct vma_links *links)
{
	struct vm_area_struct *vma = memory_take_area(mm->machine->memory);

	vma->id = ++mm->next_vma_id;
	vma->vm_start = request->start;
	vma->vm_end = request->end;
	vma->vm_pgoff = request->pgoff;
	vma->vm_flags = request->vm_flags;
	step(mm, AREA_NEW, vma->id, vma->vm_start, vma->vm_end, vma->vm_flags);
	vma_link(mm, vma, links);
	return vma;
}

static void count_area(struct mm_struct *mm, uint64_t vm_flags, uint64_t pages)
{
	vm_stat_count(mm, vm_flags, NULL, (int64_t)pages);
	step(mm, BRK_COUNTED, pages, mm->total_vm);
	if (vm_flags & VM_LOCKED) {
		mm->locked_vm += pages;
		step(mm, BRK_LOCKED, pages, mm->locked_vm);
	}
}

static struct merge_request brk_request(const struct mm_struct *mm,
					uint64_t addr, uint64_t len,
					uint64_t flags)
{
	return (struct merge_request){
		.start = addr,
		.end = addr + len,
		.vm_flags = flags | VM_DATA_DEFAULT_FLAGS | VM_ACCOUNT |
			    mm->def_flags,
		.pgoff = addr >> PAGE_SHIFT,
	};
}

/* The limits, and then the area, where its place has been judged. */
static int64_t do_brk(struct task_struct *task,
		      const struct merge_request *request,
		      const struct vma_links *links)
{
	struct mm_struct *mm = task->mm;
	uint64_t pages = (request->end - request->start) >> PAGE_SHIFT;
	struct vm_area_struct *vma;

	if (!may_expand_vm(mm, request->vm_flags, pages) ||
	    !one_more_area(mm) || !vm_enough_memory(mm, pages))
		return -MM_ENOMEM;

	vma = join(task, request);
	if (!vma)
		vma = new_area(mm, request, links);
	vma->vm_flags |= VM_SOFTDIRTY;
	count_area(mm, request->vm_flags, pages);
	return 0;
}

/* Extend the heap over [addr, addr + len), behind which comes @next. */
static int64_t extend_heap(struct task_struct *task, uint64_t addr,
			   uint64_t len, struct vm_area_struct *next)
{
	struct mm_struct *mm = task->mm;
	struct merge_request request = brk_request(mm, addr, len, 0);
	bool judged = mm->machine->profile->brk_judges_place_first;
	struct vma_links links;
	int64_t error;

	if (judged)
		request.prev = find_place(mm, addr, request.end, next, &links);
	step(mm, BRK_EXTENDS, addr, request.end);
	if (!judged) {
		error = judge_place(task, addr, len);
		if (error)
			return error;
		request.prev = find_place(mm, addr, request.end, next, &links);
	}
	return do_brk(task, &request, &links);
}

/* Will the limits, and the neighbours, let the heap grow? */
static bool may_grow(const struct mm_struct *mm, uint64_t oldbrk,
		     uint64_t newbrk)
{
	uint64_t pages = (newbrk - oldbrk) >> PAGE_SHIFT;
	struct step_sink *steps = steps_hush(mm);
	bool may = newbrk <= TASK_SIZE && !range_areas(mm, oldbrk, newbrk) &&
		   may_expand_vm(mm, VM_DATA_DEFAULT_FLAGS, pages) &&
		   vm_enough_memory(mm, pages);

	if (may)
		vm_unacct_memory(mm->machine, pages);
	steps_resume(mm, steps);
	return may;
}

static int reserve_brk(struct mm_struct *mm, uint64_t oldbrk, uint64_t newbrk)
{
	struct memory_need need = { .areas = 2, .net_areas = newbrk > oldbrk };

	if (newbrk > oldbrk && mm->def_flags & VM_LOCKED &&
	    may_grow(mm, oldbrk, newbrk))
		return reserve_population(mm, oldbrk, newbrk - oldbrk,
					  (newbrk - oldbrk) >> PAGE_SHIFT,
					  &need);
	return memory_reserve(mm->machine->memory, &need);
}

/*
 * A spare page must stay free behind the heap (B12, B13). If it does, nothing is
 * mapped before *nextp.
 */
static bool collides(struct task_struct *task, uint64_t oldbrk, uint64_t newbrk,
		     struct vm_area_struct **nextp)
{
	const struct mm_struct *mm = task->mm;
	struct vm_area_struct *next =
		find_vma_by(task, oldbrk, STEP_BY_ITERATE);
	uint64_t end = newbrk + PAGE_SIZE;

	*nextp = next;
	if (next && vm_start_gap(mm, next) < end) {
		step(mm, BRK_COLLIDES, oldbrk, end, next->id, next->vm_start,
		     mm->brk);
		return true;
	}
	step(mm, BRK_FREE, oldbrk, end);
	return false;
}

static int64_t refuse_brk(const struct mm_struct *mm, uint64_t brk)
{
	step(mm, BRK_REFUSED, brk, mm->brk);
	return (int64_t)mm->brk;
}

/* Give [newbrk, oldbrk) back; some releases ask first whether it is there. */
static int64_t shrink(struct task_struct *task, uint64_t brk, uint64_t newbrk,
		      uint64_t oldbrk)
{
	struct mm_struct *mm = task->mm;
	const struct kernel_profile *profile = mm->machine->profile;
	struct vm_area_struct *vma = NULL;
	int64_t error;

	step(mm, BRK_SHRINKS, newbrk, oldbrk);
	if (profile->brk_shrink_needs_area) {
		vma = find_vma_by(task, newbrk, STEP_BY_ITERATE);
		if (!vma || vma->vm_start >= oldbrk) {
			step(mm, BRK_NOT_MAPPED, newbrk, oldbrk, mm->brk);
			return (int64_t)mm->brk;
		}
	}
	if (profile->brk_is_set_before_munmap)
		step(mm, BRK_SET, mm->brk, brk);
	error = vma ? do_munmap_found(task, vma, newbrk, oldbrk)
		    : do_munmap(task, newbrk, oldbrk - newbrk);
	if (error)
		return refuse_brk(mm, brk);
	if (!profile->brk_is_set_before_munmap)
		step(mm, BRK_SET, mm->brk, brk);
	mm->brk = brk;
	return (int64_t)brk;
}

static int64_t grow(struct task_struct *task, uint64_t brk, uint64_t newbrk,
		    uint64_t oldbrk)
{
	struct mm_struct *mm = task->mm;
	struct vm_area_struct *next;

	step(mm, BRK_GROWS, oldbrk, newbrk);
	if (mm->machine->profile->brk_judges_place_first &&
	    judge_place(task, oldbrk, newbrk - oldbrk))
		return refuse_brk(mm, brk);
	if (collides(task, oldbrk, newbrk, &next))
		return (int64_t)mm->brk;
	if (extend_heap(task, oldbrk, newbrk - oldbrk, next))
		return refuse_brk(mm, brk);
	step(mm, BRK_SET, mm->brk, brk);
	mm->brk = brk;
	if (mm->def_flags & VM_LOCKED)
		mm_populate(task, oldbrk, newbrk - oldbrk);
	return (int64_t)brk;
}

int64_t sys_brk(struct task_struct *task, uint64_t brk)
{
	struct mm_struct *mm = task->mm;
	uint64_t newbrk = PAGE_ALIGN(brk), oldbrk = PAGE_ALIGN(mm->brk);
	int64_t ret;

	step(mm, BRK_ASKED, brk, mm->brk);
	if (brk < mm->start_brk) {
		step(mm, BRK_BELOW_START, brk, mm->start_brk, mm->brk);
		return (int64_t)mm->brk;
	}
	if (!check_data_rlimit(mm, brk))
		return (int64_t)mm->brk;
	if (newbrk == oldbrk) {
		step(mm, BRK_SAME_PAGE, newbrk, brk);
		mm->brk = brk;
		return (int64_t)brk;
	}
	if (reserve_brk(mm, oldbrk, newbrk))
		return MM_HOST_REFUSED;

	ret = brk <= mm->brk ? shrink(task, brk, newbrk, oldbrk)
			     : grow(task, brk, newbrk, oldbrk);
	mm_debug_validate(mm);
	return ret;
}

/*
 * Clear [start, end) of what is mapped there. Releases with a maple tree ask
 * for it at once, older ones when they find something in the way.
 */
static int64_t clear_place(struct task_struct *task, uint64_t start,
			   uint64_t end, struct vma_links *links)
{
	struct mm_struct *mm = task->mm;
	struct unmapped_place place;
	int64_t error;

	if (mm->machine->profile->has_rbtree) {
		while (!find_vma_links(mm, start, end, links)) {
			step(mm, BRK_COVERED, start, end);
			if (do_munmap(task, start, end - start))
				return -MM_ENOMEM;
		}
		return 0;
	}
	error = do_munmap_place(task, start, end - start, &place);
	if (!error)
		*links = vma_links_before(mm, place.next);
	return error;
}

int64_t vm_brk(struct task_struct *task, uint64_t addr, uint64_t len,
	       uint64_t flags)
{
	struct mm_struct *mm = task->mm;
	const struct memory_need need = {
		.areas = 3,
		.net_areas = 1 + munmap_leaves_one_more(mm, addr, len),
	};
	struct merge_request request = brk_request(mm, addr, len, flags);
	bool judged = mm->machine->profile->brk_judges_place_first;
	struct vma_links links;
	int64_t error;

	if (memory_reserve(mm->machine->memory, &need))
		return MM_HOST_REFUSED;
	step(mm, BRK_VM, addr, request.end, request.vm_flags);
	if (!judged)
		step(mm, BRK_EXTENDS, addr, request.end);
	error = judge_place(task, addr, len);
	if (!error)
		error = clear_place(task, addr, request.end, &links);
	if (error)
		return error;
	if (judged)
		step(mm, BRK_EXTENDS, addr, request.end);
	request.prev = links.prev;
	error = do_brk(task, &request, &links);
	mm_debug_validate(mm);
	return error;
}
