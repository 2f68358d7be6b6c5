/* SPDX-License-Identifier: MIT */
#include "core/mm/assert.h"
#include "core/mm/fault.h"
#include "core/mm/memory.h"
#include "core/mm/munmap.h"
#include "core/mm/profile.h"
#include "core/mm/setup.h"
#include "core/mm/unmapped_area.h"
#include "core/mm/vma.h"

/* The limit is compared in bytes, before any rounding (behaviour B11). */
static bool check_data_rlimit(const struct mm_struct *mm, uint64_t brk)
{
	uint64_t data = mm->end_data - mm->start_data;

	return mm->rlimits.data == RLIM_INFINITY ||
	       brk - mm->start_brk + data <= mm->rlimits.data;
}

/* Later releases only know the heap itself as what may grow. */
static bool joins_heap(const struct mm_struct *mm,
		       const struct vm_area_struct *prev)
{
	return !mm->machine->profile->brk_joins_heap_only ||
	       (prev && prev->vm_end > mm->start_brk);
}

/* Is anything mapped of what brk gives up? Some releases ask. */
static bool heap_is_mapped(const struct mm_struct *mm, uint64_t newbrk,
			   uint64_t oldbrk)
{
	return !mm->machine->profile->brk_shrink_needs_area ||
	       range_areas(mm, newbrk, oldbrk);
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

	if (get_unmapped_area(task, addr, len, MAP_FIXED, &place) !=
	    (int64_t)addr)
		return false;
	if (!mlock_future_check(mm, mm->def_flags, len))
		return false;
	/* sys_brk() looked already: nothing is there to be unmapped. */
	if (!find_vma_links(mm, addr, addr + len, &links))
		mm_assert(false);
	if (!may_expand_vm(mm, request.vm_flags, pages) ||
	    mm->map_count > mm->machine->sysctl.max_map_count ||
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
		vma_link(mm, vma, &links);
	}
	vma->vm_flags |= VM_SOFTDIRTY;
	vm_stat_account(mm, request.vm_flags, NULL, (int64_t)pages);
	if (request.vm_flags & VM_LOCKED)
		mm->locked_vm += pages;
	return true;
}

/* Will the limits, and the neighbours, let the heap grow? */
static bool may_grow(const struct mm_struct *mm, uint64_t oldbrk,
		     uint64_t newbrk)
{
	uint64_t pages = (newbrk - oldbrk) >> PAGE_SHIFT;

	if (newbrk > TASK_SIZE || range_areas(mm, oldbrk, newbrk) ||
	    !may_expand_vm(mm, VM_DATA_DEFAULT_FLAGS, pages) ||
	    !vm_enough_memory(mm, pages))
		return false;
	vm_unacct_memory(mm->machine, pages);
	return true;
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

int64_t sys_brk(struct task_struct *task, uint64_t brk)
{
	struct mm_struct *mm = task->mm;
	uint64_t newbrk = PAGE_ALIGN(brk), oldbrk = PAGE_ALIGN(mm->brk);
	const struct vm_area_struct *next;

	if (brk < mm->start_brk || !check_data_rlimit(mm, brk))
		return (int64_t)mm->brk;
	if (newbrk == oldbrk) {
		mm->brk = brk;
		return (int64_t)brk;
	}
	if (reserve_brk(mm, oldbrk, newbrk))
		return MM_HOST_REFUSED;

	if (brk <= mm->brk) {
		if (!heap_is_mapped(mm, newbrk, oldbrk) ||
		    do_munmap(task, newbrk, oldbrk - newbrk))
			return (int64_t)mm->brk;
		mm->brk = brk;
	} else {
		/* A spare page must stay free behind the heap (B12, B13). */
		next = find_vma(task, oldbrk);
		if ((next && vm_start_gap(mm, next) < newbrk + PAGE_SIZE) ||
		    !do_brk(task, oldbrk, newbrk - oldbrk))
			return (int64_t)mm->brk;
		mm->brk = brk;
		if (mm->def_flags & VM_LOCKED)
			mm_populate(task, oldbrk, newbrk - oldbrk);
	}
	mm_debug_validate(mm);
	return (int64_t)brk;
}
