/* SPDX-License-Identifier: MIT */
/* Touching pages: faults, stack growth, tables, population. */
#include "tests/model/page_model.h"

#include <stdlib.h>

#define IS_WRITE(type) ((type) == ACCESS_WRITE)

static void add_table(struct model_tables *tables, uint64_t page)
{
	size_t i;

	for (i = 0; i < tables->nr; i++)
		if (tables->regions[i] == page >> tables->shift)
			return;
	if (tables->nr == MODEL_TABLES)
		abort();
	tables->regions[tables->nr++] = page >> tables->shift;
}

static void drop_tables(const struct page_model *model,
			struct model_tables *tables, uint64_t start,
			uint64_t end)
{
	uint64_t first, last;
	size_t i = 0;

	while (i < tables->nr) {
		first = tables->regions[i] << tables->shift;
		last = first + (1ULL << tables->shift);
		if (first < end && start < last &&
		    !model_is_mapped(model, first, last))
			tables->regions[i] = tables->regions[--tables->nr];
		else
			i++;
	}
}

void model_drop_tables(struct page_model *model, uint64_t start, uint64_t end)
{
	drop_tables(model, &model->ptes, start, end);
	drop_tables(model, &model->pmds, start, end);
	drop_tables(model, &model->puds, start, end);
}

/* Might two areas that touch be parts of one, but for their protection? */
static bool are_alike(const struct model_cell *low,
		      const struct model_cell *high)
{
	const uint64_t protection = VM_READ | VM_WRITE | VM_EXEC;

	return low->area && high->area && low->object == high->object &&
	       low->first + 1 == high->first && low->pgoff + 1 == high->pgoff &&
	       !((low->vm_flags ^ high->vm_flags) & ~protection);
}

static void prepare_anon_vma(struct page_model *model, size_t cell)
{
	struct model_area area = model_area_of(model, cell);
	struct model_cell *cells = model->cells;
	uint32_t anon_vma = cells[cell].anon_vma;
	size_t i;

	if (anon_vma)
		return;
	if (area.to < model->nr_cells &&
	    are_alike(&cells[area.to - 1], &cells[area.to]))
		anon_vma = cells[area.to].anon_vma;
	if (!anon_vma && area.from &&
	    are_alike(&cells[area.from - 1], &cells[area.from]))
		anon_vma = cells[area.from - 1].anon_vma;
	if (!anon_vma)
		anon_vma = ++model->last_anon_vma;
	for (i = area.from; i < area.to; i++)
		cells[i].anon_vma = anon_vma;
}

static bool grow_is_allowed(struct page_model *model,
			    const struct model_area *area, uint64_t page)
{
	const struct model_cell *cell = &model->cells[area->from];
	uint64_t grow = area->start - page, size = area->end - page;

	return model_may_map_at(model, page) && grow <= cell->pgoff &&
	       model_may_expand(model, grow) &&
	       (size - 1) << PAGE_SHIFT <= model->rlimits.stack &&
	       model_may_lock(model, cell->vm_flags, grow) &&
	       model_may_commit(model, grow);
}

/* expand_downwards() */
static bool grow_down(struct page_model *model, size_t cell, uint64_t page)
{
	struct model_area area = model_area_of(model, cell);
	struct model_cell *to;

	prepare_anon_vma(model, cell);
	if (page >= area.start)
		return true;
	if (!grow_is_allowed(model, &area, page))
		return false;
	while (area.start > page) {
		to = &model->cells[--area.from];
		if (to->pages != 1 || to->area)
			abort();
		*to = to[1];
		to->first = --area.start;
		to->pgoff--;
		to->pte = PTE_NONE;
	}
	return true;
}

/* What ends right below a page: its flags, 0: nothing. */
static uint64_t flags_below(const struct page_model *model, uint64_t page)
{
	const struct model_cell *cell;

	if (!page)
		return 0;
	cell = &model->cells[model_cell_at(model, page - 1)];
	return cell->area ? cell->vm_flags | VM_SOFTDIRTY : 0;
}

static bool expand_stack(struct page_model *model, size_t cell, uint64_t page)
{
	uint64_t below = flags_below(model, page);

	if (below && !(below & VM_GROWSDOWN))
		return false;
	return grow_down(model, cell, page);
}

/* The lowest page of a stack is its guard: using it makes another one. */
static bool pass_guard_page(struct page_model *model, size_t cell)
{
	struct model_area area = model_area_of(model, cell);
	uint64_t page = model->cells[cell].first, below;

	if (!(model->cells[cell].vm_flags & VM_GROWSDOWN) || page != area.start)
		return true;
	below = flags_below(model, page);
	if (below)
		return below & VM_GROWSDOWN;
	return grow_down(model, cell, page - 1);
}

static bool get_object_page(struct page_model *model, uint32_t number,
			    uint64_t pgoff)
{
	struct model_object *object = &model->objects[number];

	if (pgoff >= object->pages)
		return false;
	if (object->cached[pgoff])
		return true;
	if (object->noreserve && !model_may_commit(model, 1))
		return false;
	object->cached[pgoff] = true;
	return true;
}

static enum model_pte object_pte(const struct model_cell *cell)
{
	return (cell->vm_flags & VM_SHARED) && (cell->vm_flags & VM_WRITE)
		       ? PTE_FILE_WRITE
		       : PTE_FILE;
}

/* 16 pages, from the aligned one or the area's first, of one page table. */
static void map_around(struct page_model *model, size_t cell)
{
	struct model_area area = model_area_of(model, cell);
	struct model_cell *cells = model->cells;
	const struct model_object *object = &model->objects[cells[cell].object];
	uint64_t page = cells[cell].first & ~15ULL, end;
	struct model_cell *at;

	if (page < area.start)
		page = area.start;
	end = page + 16;
	if (end > (page | 511) + 1)
		end = (page | 511) + 1;
	if (end > area.end)
		end = area.end;
	for (; page < end; page++) {
		at = &cells[model_cell_at(model, page)];
		if (!at->pte && at->pgoff < object->pages &&
		    object->cached[at->pgoff])
			at->pte = object_pte(at);
	}
}

static enum access_fault fault_anonymous(struct page_model *model, size_t cell,
					 bool is_write)
{
	if (!pass_guard_page(model, cell))
		return ACCESS_FAULT_SIGSEGV;
	if (is_write)
		prepare_anon_vma(model, cell);
	model->cells[cell].pte = is_write ? PTE_ANON : PTE_ZERO;
	return ACCESS_FAULT_MINOR;
}

static enum access_fault fault_object(struct page_model *model, size_t cell,
				      bool is_write)
{
	struct model_cell *at = &model->cells[cell];
	bool is_copy = is_write && !(at->vm_flags & VM_SHARED);

	if (is_copy)
		prepare_anon_vma(model, cell);
	if (!is_write)
		map_around(model, cell);
	if (at->pte)
		return ACCESS_FAULT_MINOR;
	if (!get_object_page(model, at->object, at->pgoff))
		return ACCESS_FAULT_SIGBUS;
	at->pte = is_copy ? PTE_ANON : object_pte(at);
	return ACCESS_FAULT_MINOR;
}

static enum access_fault handle_fault(struct page_model *model, size_t cell,
				      bool is_write)
{
	struct model_cell *at = &model->cells[cell];

	add_table(&model->puds, at->first);
	add_table(&model->pmds, at->first);
	add_table(&model->ptes, at->first);
	if (!at->pte)
		return at->object ? fault_object(model, cell, is_write)
				  : fault_anonymous(model, cell, is_write);
	if (is_write && (at->pte == PTE_ZERO || at->pte == PTE_FILE)) {
		prepare_anon_vma(model, cell);
		at->pte = PTE_ANON;
	}
	return ACCESS_FAULT_MINOR;
}

static bool needs_no_fault(const struct model_cell *cell, enum access_type type)
{
	if (type == ACCESS_WRITE)
		return cell->pte == PTE_ANON || cell->pte == PTE_FILE_WRITE;
	return cell->pte && (type == ACCESS_READ || cell->vm_flags & VM_EXEC);
}

static bool is_forbidden(const struct model_cell *cell, enum access_type type)
{
	if (type == ACCESS_WRITE)
		return !(cell->vm_flags & VM_WRITE);
	return cell->pte || !(cell->vm_flags & (VM_READ | VM_WRITE | VM_EXEC));
}

static struct access_outcome signal_at(enum access_fault fault,
				       enum access_code code, uint64_t addr)
{
	return (struct access_outcome){ fault, code, addr };
}

/* One page, to the end: no fault, or all faults that it takes. */
static struct access_outcome touch(struct page_model *model,
				   unsigned int thread, uint64_t addr,
				   enum access_type type, uint64_t sp)
{
	enum access_fault fault = ACCESS_FAULT_NONE;
	uint64_t page = addr >> PAGE_SHIFT;
	size_t cell, found;

	if (addr >= TASK_SIZE)
		return signal_at(ACCESS_FAULT_SIGSEGV, SEGV_MAPERR, addr);
	cell = model_cell_at(model, page);
	while (!needs_no_fault(&model->cells[cell], type)) {
		found = model_lookup(model, thread, addr);
		if (found == model->nr_cells)
			return signal_at(ACCESS_FAULT_SIGSEGV, SEGV_MAPERR,
					 addr);
		if (model->cells[found].first > page &&
		    (!(model->cells[found].vm_flags & VM_GROWSDOWN) ||
		     (sp != UINT64_MAX && addr + 65536 + 256 < sp) ||
		     !expand_stack(model, found, page)))
			return signal_at(ACCESS_FAULT_SIGSEGV, SEGV_MAPERR,
					 addr);
		if (is_forbidden(&model->cells[cell], type))
			return signal_at(ACCESS_FAULT_SIGSEGV, SEGV_ACCERR,
					 addr);
		fault = handle_fault(model, cell, IS_WRITE(type));
		if (fault == ACCESS_FAULT_SIGBUS)
			return signal_at(fault, BUS_ADRERR, addr);
		if (fault == ACCESS_FAULT_SIGSEGV)
			return signal_at(fault, SEGV_MAPERR, addr);
	}
	return signal_at(fault, ACCESS_CODE_NONE, 0);
}

void page_model_access(struct page_model *model, unsigned int thread,
		       uint64_t addr, uint64_t len, enum access_type type,
		       uint64_t sp, struct access_outcome *out)
{
	uint64_t end = addr + len;
	bool any = false;

	do {
		*out = touch(model, thread, addr, type, sp);
		any |= out->fault == ACCESS_FAULT_MINOR;
		addr = (addr & PAGE_MASK) + PAGE_SIZE;
	} while (addr < end && out->fault < ACCESS_FAULT_SIGSEGV);
	if (out->fault == ACCESS_FAULT_NONE && any)
		out->fault = ACCESS_FAULT_MINOR;
	page_model_note_peaks(model);
}

/* The kernel's own look at an area; what it may not see it leaves alone. */
static uint64_t get_user_pages(struct page_model *model, unsigned int thread,
			       uint64_t start, uint64_t pages)
{
	size_t cell = model_lookup(model, thread, start << PAGE_SHIFT);
	uint64_t flags = model->cells[cell].vm_flags, page;
	bool is_write = (flags & (VM_WRITE | VM_SHARED)) == VM_WRITE;
	struct model_area area = model_area_of(model, cell);

	if (!(flags & (VM_READ | VM_WRITE | VM_EXEC)))
		return 0;
	for (page = start; page < start + pages; page++) {
		cell = model_cell_at(model, page);
		if ((flags & VM_GROWSDOWN) && page == area.start &&
		    !(flags_below(model, page) & VM_GROWSDOWN))
			continue;
		if (needs_no_fault(&model->cells[cell],
				   is_write ? ACCESS_WRITE : ACCESS_READ))
			continue;
		if (handle_fault(model, cell, is_write) != ACCESS_FAULT_MINOR)
			break;
	}
	return page - start;
}

void model_populate(struct page_model *model, unsigned int thread,
		    uint64_t start, uint64_t pages)
{
	uint64_t done;

	model_lookup(model, thread, start << PAGE_SHIFT);
	while (pages) {
		done = get_user_pages(model, thread, start, pages);
		if (!done)
			return;
		start += done;
		pages -= done;
	}
}
