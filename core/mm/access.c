/* SPDX-License-Identifier: MIT */
#include "core/mm/assert.h"
#include "core/mm/fault.h"
#include "core/mm/memory.h"
#include "core/mm/page_cache.h"
#include "core/mm/page_table.h"
#include "core/mm/profile.h"
#include "core/mm/step.h"
#include "core/mm/vma.h"
#include "core/mm/vmacache.h"

/* How far below the stack pointer a push may reach: 64 KiB and 32 words. */
#define STACK_POINTER_SLACK (65536 + 32 * sizeof(uint64_t))

static const struct access_outcome no_fault = { ACCESS_FAULT_NONE,
						ACCESS_CODE_NONE, 0 };
static const struct access_outcome minor_fault = { ACCESS_FAULT_MINOR,
						   ACCESS_CODE_NONE, 0 };

static struct access_outcome segv(enum access_code code, uint64_t addr)
{
	return (struct access_outcome){ ACCESS_FAULT_SIGSEGV, code, addr };
}

/* Would the processor complete an access to this present page by itself? */
static bool hardware_allows(const struct mm_struct *mm,
			    const struct vm_area_struct *vma, uint64_t addr,
			    enum access_type type)
{
	switch (type) {
	case ACCESS_WRITE:
		return page_is_writable(mm, addr);
	case ACCESS_EXEC:
		return vma->vm_flags & VM_EXEC;
	default:
		return vma->vm_flags & (VM_READ | VM_WRITE | VM_EXEC);
	}
}

/*
 * Does the area forbid the access? @present: the processor found a page, so
 * that only its protection can be the reason.
 */
static bool access_error(const struct vm_area_struct *vma,
			 enum access_type type, bool present)
{
	if (type == ACCESS_WRITE)
		return !(vma->vm_flags & VM_WRITE);
	return present || !(vma->vm_flags & (VM_READ | VM_WRITE | VM_EXEC));
}

static bool below_stack_pointer(const struct mm_struct *mm, uint64_t addr,
				uint64_t sp)
{
	return mm->machine->profile->stack_pointer_check && sp != UINT64_MAX &&
	       addr + STACK_POINTER_SLACK < sp;
}

/* @vma begins above @addr: may it reach down to it? */
static bool grows_to(struct mm_struct *mm, struct vm_area_struct *vma,
		     uint64_t addr, uint64_t sp)
{
	if (!(vma->vm_flags & VM_GROWSDOWN)) {
		step(mm, FAULT_HOLE, addr, vma->id, vma->vm_start);
		return false;
	}
	if (below_stack_pointer(mm, addr, sp)) {
		step(mm, FAULT_FAR_BELOW_SP, addr, sp);
		return false;
	}
	return expand_stack(mm, vma, addr);
}

/* One page fault, from the processor's exception to its return. */
static struct access_outcome do_page_fault(struct task_struct *task,
					   uint64_t addr, enum access_type type,
					   uint64_t sp, bool *againp)
{
	struct mm_struct *mm = task->mm;
	bool present = page_is_present(mm, addr);
	struct vm_area_struct *vma;
	enum fault_result result;

	step(mm, FAULT_TAKEN, addr, type);
	vma = find_vma(task, addr);
	if (!vma) {
		step(mm, FAULT_NO_AREA, addr);
		return segv(SEGV_MAPERR, addr);
	}
	if (vma->vm_start > addr && !grows_to(mm, vma, addr, sp))
		return segv(SEGV_MAPERR, addr);
	if (access_error(vma, type, present)) {
		step(mm, FAULT_FORBIDDEN, addr, vma->id, vma->vm_flags, type);
		return segv(SEGV_ACCERR, addr);
	}
	result = handle_mm_fault(task, vma, addr, type == ACCESS_WRITE);
	*againp = result == FAULT_RETRY;
	switch (result) {
	case FAULT_SIGSEGV:
		return segv(SEGV_MAPERR, addr);
	case FAULT_SIGBUS:
		return (struct access_outcome){ ACCESS_FAULT_SIGBUS, BUS_ADRERR,
						addr };
	default:
		return minor_fault;
	}
}

/* Fault until the processor is content: executing may take two faults. */
static struct access_outcome touch(struct task_struct *task, uint64_t addr,
				   enum access_type type, uint64_t sp)
{
	struct access_outcome outcome = no_fault;
	struct mm_struct *mm = task->mm;
	bool again = false;

	if (addr >= TASK_SIZE) {
		step(mm, FAULT_BEYOND, addr);
		return segv(SEGV_MAPERR, addr);
	}
	for (;;) {
		if (!again && page_is_present(mm, addr) &&
		    hardware_allows(mm, vma_at_or_after(mm, addr), addr, type))
			break;
		outcome = do_page_fault(task, addr, type, sp, &again);
		if (outcome.fault != ACCESS_FAULT_MINOR)
			return outcome;
	}
	if (type == ACCESS_WRITE)
		page_set_dirty(mm, addr);
	return outcome;
}

/* Would no page of an area be refused for its protection? */
static bool area_allows(const struct vm_area_struct *vma, enum access_type type)
{
	if (type == ACCESS_EXEC)
		return vma->vm_flags & VM_EXEC;
	return !access_error(vma, type, false);
}

/* The pages of one chunk, as touch() would; answers where it stopped. */
static uint64_t touch_chunk(struct task_struct *task, struct fault_walk *walk,
			    struct vm_area_struct *vma, uint64_t start,
			    uint64_t end, bool write,
			    struct access_outcome *out)
{
	struct faults_taken taken;
	struct page_run run;

	end = handle_mm_faults(task->mm, walk, vma, start, end, write, &taken);
	if (taken.nr) {
		find_vma(task, taken.first);
		vmacache_find_again(task, taken.nr - 1);
		*out = minor_fault;
	}
	if (write && start < end) {
		run = page_run_of(task->mm, start, end);
		page_run_set_dirty(&run);
	}
	return end;
}

/*
 * The pages of an area behind its first one, chunk by chunk; who listens hears
 * of each page. Answers the first page that it did not touch.
 */
static uint64_t touch_chunks(struct task_struct *task, uint64_t start,
			     uint64_t end, enum access_type type,
			     struct access_outcome *out)
{
	struct vm_area_struct *vma = vma_at_or_after(task->mm, start);
	struct fault_walk walk = { 0 };
	uint64_t done;

	if (steps_wanted(task->mm) || !vma || vma->vm_start >= start ||
	    vma->vm_special != VM_SPECIAL_NONE || !area_allows(vma, type))
		return start;
	if (end > vma->vm_end)
		end = vma->vm_end;
	for (; start < end; start = done) {
		done = touch_chunk(task, &walk, vma, start, end,
				   type == ACCESS_WRITE, out);
		if (done == start)
			break;
	}
	return start;
}

/* Pages that touching [start, end) may take from the machine, at most. */
static uint64_t pages_to_touch(const struct mm_struct *mm, uint64_t start,
			       uint64_t end, bool write)
{
	const struct vm_area_struct *vma = vma_at_or_after(mm, start);
	struct memory_need tables = { 0 };
	uint64_t to, pages;

	page_tables_need(start, end, &tables);
	pages = tables.page_nodes;
	for (; vma && start < end; vma = vma->vm_next) {
		if (start < vma->vm_start && !(vma->vm_flags & VM_GROWSDOWN))
			break;
		to = vma->vm_end < end ? vma->vm_end : end;
		pages += fault_pages(mm, vma, start, to, write);
		start = to;
	}
	return pages;
}

/* For [start, end) without what is there; false: an area ends, or may grow. */
static bool touch_need(const struct mm_struct *mm, uint64_t start, uint64_t end,
		       struct memory_need *need)
{
	const struct vm_area_struct *vma = vma_at_or_after(mm, start);
	uint64_t to;

	for (; start < end; start = to, vma = vma->vm_next) {
		if (!vma || start < vma->vm_start)
			return false;
		to = vma->vm_end < end ? vma->vm_end : end;
		missing_need(mm, vma, start, to, need);
	}
	return true;
}

/*
 * The host's memory. What most accesses may take is in stock, and there is room
 * for it, so that nobody need look at what they do take.
 */
static int reserve_objects(struct mm_struct *mm, uint64_t start, uint64_t end,
			   const struct memory_need *most)
{
	struct memory *memory = mm->machine->memory;
	struct memory_need need = { 0 };

	if ((end - start < 1ULL << PMD_SHIFT &&
	     memory_may_take(memory, memory_growth(most))) ||
	    !touch_need(mm, start, end, &need))
		return memory_reserve(memory, most);
	return memory_reserve(memory, &need);
}

/* And the emulated machine's, for [start, end). */
static int reserve_access(struct mm_struct *mm, uint64_t start, uint64_t end,
			  bool write)
{
	struct machine *machine = mm->machine;
	uint64_t pages = (end - start) >> PAGE_SHIFT;
	uint64_t areas = pages < mm->map_count ? pages : mm->map_count;
	uint64_t free = machine_free_pages(machine);
	struct memory_need need = { 0 };

	fault_need(start, end, areas + 1, &need);
	need.cache_nodes += page_cache_need(pages, areas + 1);
	/* What is written may be a copy, and a copy of a page just cached. */
	if (2 * pages + need.page_nodes + need.cache_nodes > free &&
	    pages_to_touch(mm, start, end, write) > free) {
		machine->memory->refusal = REFUSAL_MACHINE;
		return -1;
	}
	return reserve_objects(mm, start, end, &need);
}

int64_t mm_access(struct task_struct *task, uint64_t addr, uint64_t length,
		  enum access_type type, uint64_t sp,
		  struct access_outcome *out)
{
	struct mm_struct *mm = task->mm;
	uint64_t end = length < TASK_SIZE - addr && addr < TASK_SIZE
			       ? addr + length
			       : TASK_SIZE;
	uint64_t last = addr + length - 1;
	struct access_outcome page;

	mm_assert(length && length <= ACCESS_MAX_LENGTH);
	if (addr < TASK_SIZE &&
	    reserve_access(mm, addr & PAGE_MASK, PAGE_ALIGN(end),
			   type == ACCESS_WRITE))
		return MM_HOST_REFUSED;

	*out = no_fault;
	for (;;) {
		page = touch(task, addr, type, sp);
		if (page.fault != ACCESS_FAULT_NONE)
			*out = page;
		if (page.fault == ACCESS_FAULT_SIGSEGV ||
		    page.fault == ACCESS_FAULT_SIGBUS)
			break;
		if (last - addr < PAGE_SIZE - (addr & ~PAGE_MASK))
			break;
		addr = touch_chunks(task, (addr & PAGE_MASK) + PAGE_SIZE,
				    (last & PAGE_MASK) + PAGE_SIZE, type, out);
		if (addr > last)
			break;
	}
	mm_debug_validate(mm);
	return 0;
}
