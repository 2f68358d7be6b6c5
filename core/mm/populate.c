/* SPDX-License-Identifier: MIT */
#include "core/mm/fault.h"
#include "core/mm/memory.h"
#include "core/mm/page_cache.h"
#include "core/mm/page_table.h"
#include "core/mm/profile.h"
#include "core/mm/step.h"
#include "core/mm/vma.h"

/* Pages that will be written are populated as if they had been. */
static bool populates_for_write(const struct vm_area_struct *vma)
{
	return (vma->vm_flags & (VM_WRITE | VM_SHARED)) == VM_WRITE;
}

/* Population may override a missing VM_READ, but not PROT_NONE. */
static bool may_populate(const struct vm_area_struct *vma)
{
	return vma->vm_flags & (VM_READ | VM_WRITE | VM_EXEC);
}

static void populate_anonymous(struct mm_struct *mm, struct vm_area_struct *vma,
			       uint64_t start, uint64_t end, bool write)
{
	struct fault_walk walk = { 0 };

	/* A hidden guard page is left alone. */
	if (stack_guard_page_start(mm, vma, start))
		start += PAGE_SIZE;
	while (start < end)
		start = handle_mm_faults(mm, &walk, vma, start, end, write,
					 NULL);
}

/* False: past the file's end, or nothing may be committed any more. */
static bool populate_page(struct task_struct *task, struct vm_area_struct *vma,
			  uint64_t addr, bool write)
{
	struct mm_struct *mm = task->mm;
	enum fault_result result;

	if (page_is_present(mm, addr) && (!write || page_is_writable(mm, addr)))
		return true;
	result = handle_mm_fault(task, vma, addr, write);
	if (result == FAULT_DONE || result == FAULT_RETRY)
		return true;
	step(mm, POPULATE_STOPPED, vma->id, addr);
	return false;
}

/* Answers where it ended: at @end, or at the first page that cannot be had. */
static uint64_t populate_one_by_one(struct task_struct *task,
				    struct vm_area_struct *vma, uint64_t start,
				    uint64_t end, bool write)
{
	while (start < end && populate_page(task, vma, start, write))
		start += PAGE_SIZE;
	return start;
}

/* Likewise, as far as chunks go at once. */
static uint64_t populate_chunks(struct task_struct *task,
				struct vm_area_struct *vma, uint64_t start,
				uint64_t end, bool write)
{
	struct fault_walk walk = { 0 };
	uint64_t done;

	for (; start < end; start = done) {
		done = handle_mm_faults(task->mm, &walk, vma, start, end, write,
					NULL);
		if (done > start)
			continue;
		if (!populate_page(task, vma, start, write))
			break;
		walk = (struct fault_walk){ 0 };
		done = start + PAGE_SIZE;
	}
	return start;
}

static void tell_pages(struct mm_struct *mm, const struct vm_area_struct *vma,
		       uint64_t start, uint64_t end)
{
	step(mm, POPULATE_PAGES, vma->id, start, end,
	     (end - start) >> PAGE_SHIFT);
}

/* Who listens hears of the first pages one by one, and of the rest as a whole: there
 * may be any number of them. */
#define TOLD_BYTES (64 * PAGE_SIZE)

/* Likewise. */
static uint64_t populate_pages(struct task_struct *task,
			       struct vm_area_struct *vma, uint64_t start,
			       uint64_t end, bool write)
{
	const uint64_t told =
		end - start > TOLD_BYTES ? start + TOLD_BYTES : end;
	uint64_t done;

	if (vma->vm_special != VM_SPECIAL_NONE)
		return populate_one_by_one(task, vma, start, end, write);
	if (!steps_wanted(task->mm))
		return populate_chunks(task, vma, start, end, write);
	done = populate_one_by_one(task, vma, start, told, write);
	if (done < told || told == end)
		return done;
	tell_pages(task->mm, vma, told, end);
	return populate_chunks(task, vma, told, end, write);
}

uint64_t faultin_vma_page_range(struct task_struct *task,
				struct vm_area_struct *vma, uint64_t start,
				uint64_t end, bool write)
{
	if (vma->vm_file || vma->vm_special != VM_SPECIAL_NONE)
		return populate_pages(task, vma, start, end, write);
	tell_pages(task->mm, vma, start, end);
	populate_anonymous(task->mm, vma, start, end, write);
	return end;
}

uint64_t populate_vma_page_range(struct task_struct *task,
				 struct vm_area_struct *vma, uint64_t start,
				 uint64_t end)
{
	bool on_fault = vma->vm_flags & VM_LOCKONFAULT;

	step(task->mm, POPULATE_AREA, vma->id, start, end);
	if (on_fault)
		step(task->mm, POPULATE_LATER, vma->id);
	if (on_fault &&
	    task->mm->machine->profile->lockonfault_looks_at_nothing)
		return end;
	find_vma(task, start);
	if (!may_populate(vma)) {
		step(task->mm, POPULATE_FORBIDDEN, vma->id, vma->vm_flags);
		return start;
	}
	/* Locked when touched: what is there is there. */
	if (on_fault)
		return end;
	return faultin_vma_page_range(task, vma, start, end,
				      populates_for_write(vma));
}

/* Answers whether all pages could be had; goes on anyhow if @ignore. */
static bool populate(struct task_struct *task, uint64_t start, uint64_t len,
		     bool ignore)
{
	uint64_t end = start + len, stop, done;
	struct vm_area_struct *vma;
	bool all = true;

	step(task->mm, POPULATE_ASKED, start, end);
	vma = len ? find_vma(task, start) : NULL;
	for (; vma && vma->vm_start < end; vma = vma->vm_next) {
		stop = vma->vm_end < end ? vma->vm_end : end;
		if (start < vma->vm_start)
			start = vma->vm_start;
		if (vma->vm_flags & (VM_IO | VM_PFNMAP))
			start = stop;
		while (start < stop) {
			done = populate_vma_page_range(task, vma, start, stop);
			if (done == start) {
				all = false;
				if (!ignore)
					return false;
				done = stop;
			}
			start = done;
		}
	}
	return all;
}

void mm_populate(struct task_struct *task, uint64_t start, uint64_t len)
{
	populate(task, start, len, true);
}

int64_t mm_populate_checked(struct task_struct *task, uint64_t start,
			    uint64_t len)
{
	return populate(task, start, len, false) ? 0 : -MM_ENOMEM;
}

uint64_t populate_need(const struct mm_struct *mm,
		       const struct vm_area_struct *vma, uint64_t start,
		       uint64_t end, bool write, struct memory_need *need)
{
	const uint64_t tables = missing_need(mm, vma, start, end, need);
	const uint64_t spanned = (end - start) >> PMD_SHIFT;

	return fault_pages(mm, vma, start, end, write) +
	       (tables < spanned ? tables : spanned);
}

int reserve_populate(struct mm_struct *mm, uint64_t pages,
		     const struct memory_need *need)
{
	struct memory *memory = mm->machine->memory;

	if (pages > machine_free_pages(mm->machine)) {
		memory->refusal = REFUSAL_MACHINE;
		return -1;
	}
	return memory_reserve(memory, need);
}

int reserve_populate_range(struct mm_struct *mm, uint64_t start, uint64_t end,
			   struct memory_need *need)
{
	const struct vm_area_struct *vma = vma_at_or_after(mm, start);
	uint64_t from, to, pages = 0;

	for (; vma && vma->vm_start < end; vma = vma->vm_next) {
		if (vma->vm_flags & (VM_IO | VM_PFNMAP) || !may_populate(vma))
			continue;
		from = vma->vm_start > start ? vma->vm_start : start;
		to = vma->vm_end < end ? vma->vm_end : end;
		pages += populate_need(mm, vma, from, to,
				       populates_for_write(vma), need);
	}
	return reserve_populate(mm, pages, need);
}
