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

/* Later releases only know the heap itself as what may grow. */
static bool joins_heap(const struct mm_struct *mm,
		       const struct vm_area_struct *prev)
{
	if (!mm->machine->profile->brk_joins_heap_only ||
	    (prev && prev->vm_end > mm->start_brk))
		return true;
	step(mm, BRK_NOT_HEAP, step_area(prev), mm->start_brk);
	return false;
}

/* Is anything mapped of what brk gives up? Some releases ask. */
static bool heap_is_mapped(const struct mm_struct *mm, uint64_t newbrk,
			   uint64_t oldbrk)
{
	if (!mm->machine->profile->brk_shrink_needs_area ||
	    range_areas(mm, newbrk, oldbrk))
		return true;
	step(mm, BRK_NOT_MAPPED, newbrk, oldbrk, mm->brk);
	return false;
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

/* Extend the heap over [addr, addr + len), which nothing covers. */
static bool do_brk(struct task_struct *task, uint64_t addr, uint64_t len)
{
	struct mm_struct *mm = task->mm;
	struct merge_request request = {
		.start = addr,
		.end = addr + len,
		.vm_flags = VM_DATA_DEFAULT_FLAGS | VM_ACCOUNT | mm->def_flags,
		.pgoff = addr >> PAGE_SHIFT,
	};
	uint64_t pages = len >> PAGE_SHIFT;
	struct vm_area_struct *vma;
	struct unmapped_place place;
	struct vma_links links;

	step(mm, BRK_EXTENDS, addr, addr + len);
	if (get_unmapped_area(task, addr, len, MAP_FIXED, &place) !=
	    (int64_t)addr)
		return false;
	if (!mlock_future_check(mm, mm->def_flags, len))
		return false;
	/* sys_brk() looked already: nothing is there to be unmapped. */
	if (!find_vma_links(mm, addr, addr + len, &links))
		mm_assert(false);
	if (!may_expand_vm(mm, request.vm_flags, pages) || !one_more_area(mm) ||
	    !vm_enough_memory(mm, pages))
		return false;

	request.prev = links.prev;
	vma = joins_heap(mm, links.prev) ? vma_merge(task, &request) : NULL;
	if (!vma) {
		vma = memory_take_area(mm->machine->memory);
		vma->id = ++mm->next_vma_id;
		vma->vm_start = addr;
		vma->vm_end = addr + len;
		vma->vm_pgoff = request.pgoff;
		vma->vm_flags = request.vm_flags;
		step(mm, AREA_NEW, vma->id, addr, vma->vm_end, vma->vm_flags);
		vma_link(mm, vma, &links);
	}
	vma->vm_flags |= VM_SOFTDIRTY;
	vm_stat_count(mm, request.vm_flags, NULL, (int64_t)pages);
	step(mm, BRK_COUNTED, pages, mm->total_vm);
	if (request.vm_flags & VM_LOCKED) {
		mm->locked_vm += pages;
		step(mm, BRK_LOCKED, pages, mm->locked_vm);
	}
	return true;
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
	struct memory_need need = { .net_areas = newbrk > oldbrk };

	areas_need(mm, 2, 2, &need);
	if (newbrk > oldbrk && mm->def_flags & VM_LOCKED &&
	    may_grow(mm, oldbrk, newbrk))
		return reserve_population(mm, oldbrk, newbrk - oldbrk,
					  (newbrk - oldbrk) >> PAGE_SHIFT,
					  &need);
	return memory_reserve(mm->machine->memory, &need);
}

/* A spare page must stay free behind the heap (B12, B13). */
static bool collides(struct task_struct *task, uint64_t oldbrk, uint64_t newbrk)
{
	const struct mm_struct *mm = task->mm;
	const struct vm_area_struct *next = find_vma(task, oldbrk);
	uint64_t end = newbrk + PAGE_SIZE;

	if (next && vm_start_gap(mm, next) < end) {
		step(mm, BRK_COLLIDES, oldbrk, end, next->id, next->vm_start,
		     mm->brk);
		return true;
	}
	step(mm, BRK_FREE, oldbrk, end);
	return false;
}

static void set_brk(struct mm_struct *mm, uint64_t brk)
{
	step(mm, BRK_SET, mm->brk, brk);
	mm->brk = brk;
}

static int64_t refuse_brk(const struct mm_struct *mm, uint64_t brk)
{
	step(mm, BRK_REFUSED, brk, mm->brk);
	return (int64_t)mm->brk;
}

int64_t sys_brk(struct task_struct *task, uint64_t brk)
{
	struct mm_struct *mm = task->mm;
	uint64_t newbrk = PAGE_ALIGN(brk), oldbrk = PAGE_ALIGN(mm->brk);

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

	if (brk <= mm->brk) {
		step(mm, BRK_SHRINKS, newbrk, oldbrk);
		if (!heap_is_mapped(mm, newbrk, oldbrk) ||
		    do_munmap(task, newbrk, oldbrk - newbrk))
			return refuse_brk(mm, brk);
		set_brk(mm, brk);
	} else {
		step(mm, BRK_GROWS, oldbrk, newbrk);
		if (collides(task, oldbrk, newbrk))
			return (int64_t)mm->brk;
		if (!do_brk(task, oldbrk, newbrk - oldbrk))
			return refuse_brk(mm, brk);
		set_brk(mm, brk);
		if (mm->def_flags & VM_LOCKED)
			mm_populate(task, oldbrk, newbrk - oldbrk);
	}
	mm_debug_validate(mm);
	return (int64_t)brk;
}
