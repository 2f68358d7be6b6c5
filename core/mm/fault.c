/* SPDX-License-Identifier: MIT */
#include "core/mm/fault.h"

#include "core/mm/assert.h"
#include "core/mm/memory.h"
#include "core/mm/page_cache.h"
#include "core/mm/page_table.h"
#include "core/mm/profile.h"
#include "core/mm/step.h"
#include "core/mm/vma.h"

/* Reading maps cached pages along with a file's, up to so far away. */
#define AROUND (FAULT_AROUND_PAGES << PAGE_SHIFT)

void fault_need(uint64_t start, uint64_t end, uint64_t areas,
		struct memory_need *need)
{
	/* A stack may grow by its guard page into the table below. */
	start = start > AROUND ? start - AROUND : 0;
	end = end < TASK_SIZE - AROUND ? end + AROUND : TASK_SIZE;
	page_tables_need(start, end, need);
	need->anon_vmas += areas;
}

/* Tables and chunks of [start, end) and of what is mapped along with it, be it of
 * a neighbour that the area is merged with before. */
static void missing_tables(const struct mm_struct *mm,
			   const struct vm_area_struct *vma, uint64_t start,
			   uint64_t end, struct memory_need *need)
{
	const struct vm_area_struct *prev = vma->vm_prev, *next = vma->vm_next;
	uint64_t floor = vma->vm_start, ceiling = vma->vm_end;

	if (vma->vm_file) {
		if (prev && prev->vm_file == vma->vm_file)
			floor = prev->vm_start;
		if (next && next->vm_file == vma->vm_file)
			ceiling = next->vm_end;
		start = start - floor > AROUND ? start - AROUND : floor;
		end = ceiling - end > AROUND ? end + AROUND : ceiling;
	}
	page_tables_missing(mm, start, end, need);
}

uint64_t missing_need(const struct mm_struct *mm,
		      const struct vm_area_struct *vma, uint64_t start,
		      uint64_t end, struct memory_need *need)
{
	uint64_t tables = need->page_nodes;

	missing_tables(mm, vma, start, end, need);
	tables = need->page_nodes - tables;
	if (vma->vm_file)
		need->cache_nodes +=
			page_cache_missing(vma->vm_file, file_page(vma, start),
					   file_page(vma, end));
	need->anon_vmas += !vma->anon_vma;
	return tables;
}

uint64_t fault_pages(const struct mm_struct *mm,
		     const struct vm_area_struct *vma, uint64_t start,
		     uint64_t end, bool write)
{
	uint64_t copied = 0;

	if (write && !(vma->vm_flags & VM_SHARED))
		copied = ((end - start) >> PAGE_SHIFT) -
			 mm_anon_pages(mm, start, end);
	return copied + (vma->vm_file ? mm_missing_pages(mm, start, end) : 0);
}

static void map_page(struct mm_struct *mm, uint64_t addr, enum page_kind kind,
		     bool write)
{
	struct page_run run = page_run_of(mm, addr, addr + PAGE_SIZE);

	run.table = page_tables_populate(mm, addr);
	page_run_map(mm, &run, kind, write);
}

/*
 * The hidden guard page of a stack is touched: a new one must fit below, unless
 * another stack ends there.
 */
static bool check_stack_guard_page(struct mm_struct *mm,
				   struct vm_area_struct *vma, uint64_t addr)
{
	const struct vm_area_struct *prev = vma->vm_prev;

	if (!mm->machine->profile->stack_guard_page ||
	    !(vma->vm_flags & VM_GROWSDOWN) || addr != vma->vm_start)
		return true;
	if (prev && prev->vm_end == addr)
		return prev->vm_flags & VM_GROWSDOWN;
	step(mm, STACK_GUARD, vma->id, addr);
	return expand_downwards(mm, vma, addr - PAGE_SIZE);
}

static enum fault_result do_anonymous_page(struct mm_struct *mm,
					   struct vm_area_struct *vma,
					   uint64_t addr, bool write)
{
	page_tables_populate(mm, addr);
	if (!check_stack_guard_page(mm, vma, addr))
		return FAULT_SIGSEGV;
	if (!write) {
		step(mm, FAULT_ZERO_PAGE, addr, vma->id);
		map_page(mm, addr, PAGE_KIND_ZERO, false);
		return FAULT_DONE;
	}
	step(mm, FAULT_ANON, addr, vma->id);
	anon_vma_prepare(mm, vma);
	map_page(mm, addr, PAGE_KIND_ANON, vma->vm_flags & VM_WRITE);
	return FAULT_DONE;
}

static void do_fault_around(struct mm_struct *mm,
			    const struct vm_area_struct *vma, uint64_t addr)
{
	const struct fault_window window = fault_around(vma, addr);

	step(mm, FAULT_AROUND, addr, window.start, window.end);
	map_cached_pages(mm, vma, window.start, window.end);
}

/*
 * Where [vvar] is mapped as touched, its first page is there, and the others
 * are for clocks that this machine does not have.
 */
static enum fault_result
do_vvar_fault(struct mm_struct *mm, struct vm_area_struct *vma, uint64_t addr)
{
	if (file_page(vma, addr) != 0)
		return FAULT_SIGBUS;
	map_page(mm, addr, PAGE_KIND_PFN, false);
	return FAULT_DONE;
}

/* The kernel's other areas have all their pages, and no others. */
static bool fault_in_file(struct mm_struct *mm, struct vm_area_struct *vma,
			  uint64_t addr)
{
	if (!vma->vm_file ||
	    page_cache_get(mm, vma->vm_file, file_page(vma, addr)))
		return true;
	step(mm, FAULT_PAST_END, addr, file_page(vma, addr),
	     vm_file_pages(vma->vm_file));
	return false;
}

static enum fault_result
do_read_fault(struct mm_struct *mm, struct vm_area_struct *vma, uint64_t addr)
{
	step(mm, FAULT_FILE, addr, step_inode(vma->vm_file),
	     file_page(vma, addr));
	if (vma->vm_file) {
		do_fault_around(mm, vma, addr);
		if (page_is_present(mm, addr))
			return FAULT_DONE;
	}
	if (!fault_in_file(mm, vma, addr))
		return FAULT_SIGBUS;
	map_page(mm, addr, PAGE_KIND_FILE, shared_writable(vma));
	return FAULT_DONE;
}

static enum fault_result do_cow_fault(struct mm_struct *mm,
				      struct vm_area_struct *vma, uint64_t addr)
{
	step(mm, FAULT_COW, addr, step_inode(vma->vm_file),
	     file_page(vma, addr));
	anon_vma_prepare(mm, vma);
	if (!fault_in_file(mm, vma, addr))
		return FAULT_SIGBUS;
	map_page(mm, addr, PAGE_KIND_ANON, vma->vm_flags & VM_WRITE);
	return FAULT_DONE;
}

/* Releases that throttle writers drop the lock when a page gets dirty. */
static enum fault_result dirty_shared_page(struct mm_struct *mm,
					   struct vm_area_struct *vma,
					   uint64_t addr)
{
	bool dirtied;

	page_set_dirty(mm, addr);
	dirtied = page_cache_dirty(vma->vm_file, file_page(vma, addr));
	return dirtied && mm->machine->profile->shared_write_retries
		       ? FAULT_RETRY
		       : FAULT_DONE;
}

static enum fault_result
do_shared_fault(struct mm_struct *mm, struct vm_area_struct *vma, uint64_t addr)
{
	step(mm, FAULT_SHARED, addr, step_inode(vma->vm_file),
	     file_page(vma, addr));
	if (!fault_in_file(mm, vma, addr))
		return FAULT_SIGBUS;
	map_page(mm, addr, PAGE_KIND_FILE, vma->vm_flags & VM_WRITE);
	return dirty_shared_page(mm, vma, addr);
}

static enum fault_result do_fault(struct mm_struct *mm,
				  struct vm_area_struct *vma, uint64_t addr,
				  bool write)
{
	if (!write)
		return do_read_fault(mm, vma, addr);
	if (!(vma->vm_flags & VM_SHARED))
		return do_cow_fault(mm, vma, addr);
	return do_shared_fault(mm, vma, addr);
}

/* Writing to a page that is present, but not writable: copy it, or reuse it. */
static enum fault_result do_wp_page(struct mm_struct *mm,
				    struct vm_area_struct *vma, uint64_t addr)
{
	struct page_run run = page_run_of(mm, addr, addr + PAGE_SIZE);
	const struct page_chunk *chunk = page_run_chunk(&run);
	bool anonymous = chunk->anon & ~chunk->special & run.mask;

	if (anonymous || shared_writable(vma)) {
		step(mm, FAULT_REUSED, addr);
		page_run_make_writable(&run);
		return anonymous ? FAULT_DONE
				 : dirty_shared_page(mm, vma, addr);
	}
	step(mm, FAULT_COPIED, addr, vma->id);
	anon_vma_prepare(mm, vma);
	page_run_map(mm, &run, PAGE_KIND_ANON, vma->vm_flags & VM_WRITE);
	return FAULT_DONE;
}

enum fault_result handle_mm_fault(struct task_struct *task,
				  struct vm_area_struct *vma, uint64_t addr,
				  bool write)
{
	struct mm_struct *mm = task->mm;

	addr &= PAGE_MASK;
	/* These tables are there from now on, even if the fault fails. */
	if (mm->machine->profile->fault_makes_table_first)
		page_tables_populate(mm, addr);
	else
		upper_tables_populate(mm, addr);
	if (page_is_present(mm, addr)) {
		if (write && !page_is_writable(mm, addr))
			return do_wp_page(mm, vma, addr);
		step(mm, FAULT_THERE, addr);
		return FAULT_DONE;
	}
	if (vma->vm_special == VM_SPECIAL_VVAR &&
	    !mm->machine->profile->vvar_mapped_at_exec)
		return do_vvar_fault(mm, vma, addr);
	if (vma->vm_file || vma->vm_special != VM_SPECIAL_NONE)
		return do_fault(mm, vma, addr, write);
	return do_anonymous_page(mm, vma, addr, write);
}
