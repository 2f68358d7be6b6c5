/* SPDX-License-Identifier: MIT */
/* brk, mmap and munmap on an array of pages. */
#include "tests/model/page_model.h"

#include <stdlib.h>
#include <string.h>

/* What a new mapping is to be like. */
struct mapping {
	uint64_t start, pages;
	uint64_t vm_flags;
	uint32_t object; /* of a file */
	uint64_t pgoff;
};

/* Shared memory goes with its last page, after the call that removes it. */
static void forget_object(struct page_model *model, uint32_t number)
{
	struct model_object *object = &model->objects[number];
	size_t i;

	if (number <= MODEL_FILES)
		return;
	for (i = 0; i < model->nr_cells; i++)
		if (model->cells[i].object == number)
			return;
	model->held += object->committed;
	for (i = 0; object->noreserve && i < MODEL_OBJECT_PAGES; i++)
		model->held += object->cached[i];
	memset(object, 0, sizeof(*object));
}

static void end_call(struct page_model *model)
{
	model->committed -= model->held;
	model->held = 0;
	page_model_note_peaks(model);
}

/* A new area from what was a part of another one. */
static void split(struct page_model *model, size_t from, size_t to)
{
	model->last_area++;
	for (; from < to; from++)
		model->cells[from].area = model->last_area;
}

static void remove_cell(struct page_model *model, size_t i)
{
	struct model_cell *cell = &model->cells[i];
	uint32_t object = cell->object;

	if (cell->vm_flags & VM_ACCOUNT)
		model->committed -= cell->pages;
	*cell = (struct model_cell){ .first = cell->first,
				     .pages = cell->pages };
	if (object)
		forget_object(model, object);
}

static int64_t unmap(struct page_model *model, unsigned int thread,
		     uint64_t addr, uint64_t len)
{
	uint64_t start = addr >> PAGE_SHIFT, end, first, last = 0;
	struct model_counts counts;
	struct model_area area;
	size_t cell, i;

	if ((addr & ~PAGE_MASK) || addr > TASK_SIZE || len > TASK_SIZE - addr)
		return -MM_EINVAL;
	if (!len)
		return -MM_EINVAL;
	end = start + (PAGE_ALIGN(len) >> PAGE_SHIFT);
	cell = model_lookup(model, thread, addr);
	if (cell == model->nr_cells || model->cells[cell].first >= end)
		return 0;

	area = model_area_of(model, cell);
	first = area.start;
	if (start > area.start) {
		page_model_count(model, &counts);
		if (end < area.end &&
		    counts.areas >= model->sysctl.max_map_count)
			return -MM_ENOMEM;
		split(model, cell, area.to);
		first = start;
	}
	cell = model_lookup(model, thread, end << PAGE_SHIFT);
	if (cell < model->nr_cells) {
		area = model_area_of(model, cell);
		if (end > area.start)
			split(model, area.from, cell);
	}

	page_model_note_peaks(model);
	model_invalidate(model, thread);
	for (i = model_cell_at(model, first); i < model->nr_cells; i++) {
		if (model->cells[i].first >= end)
			break;
		if (!model->cells[i].area)
			continue;
		last = model->cells[i].first + model->cells[i].pages;
		remove_cell(model, i);
	}
	model_drop_tables(model, first, last);
	return 0;
}

int64_t page_model_munmap(struct page_model *model, unsigned int thread,
			  uint64_t addr, uint64_t len)
{
	int64_t ret = unmap(model, thread, addr, len);

	end_call(model);
	return ret;
}

static bool joins(const struct model_cell *neighbour,
		  const struct mapping *mapping, uint64_t pgoff)
{
	return neighbour->area && neighbour->vm_flags == mapping->vm_flags &&
	       neighbour->object == mapping->object &&
	       neighbour->pgoff == pgoff;
}

static void relabel(struct page_model *model, size_t from, size_t to,
		    uint32_t area, uint32_t anon_vma)
{
	for (; from < to; from++) {
		model->cells[from].area = area;
		model->cells[from].anon_vma = anon_vma;
	}
}

/* After the cells are written: which area is it, an old one or its own? */
static void join_neighbours(struct page_model *model, unsigned int thread,
			    const struct mapping *mapping)
{
	size_t from = model_cell_at(model, mapping->start);
	size_t to = from + mapping->pages;
	struct model_cell *cells = model->cells;
	struct model_cell *prev = from ? &cells[from - 1] : NULL;
	struct model_cell *next = to < model->nr_cells ? &cells[to] : NULL;
	uint32_t prev_anon, next_anon;
	struct model_area area;

	if (prev && !joins(prev, mapping, mapping->pgoff - 1))
		prev = NULL;
	if (next && !joins(next, mapping, mapping->pgoff + mapping->pages))
		next = NULL;
	prev_anon = prev ? prev->anon_vma : 0;
	next_anon = next ? next->anon_vma : 0;
	if (prev && next &&
	    (!prev_anon || !next_anon || prev_anon == next_anon)) {
		area = model_area_of(model, to);
		to = area.to;
		area = model_area_of(model, from - 1);
		relabel(model, area.from, to, prev->area,
			prev_anon ? prev_anon : next_anon);
		model_invalidate(model, thread);
	} else if (prev) {
		relabel(model, from, to, prev->area, prev_anon);
	} else if (next) {
		relabel(model, from, to, next->area, next_anon);
	} else {
		relabel(model, from, to, ++model->last_area, 0);
	}
}

static void write_cells(struct page_model *model, unsigned int thread,
			const struct mapping *mapping)
{
	size_t from = model_cell_at(model, mapping->start);
	uint64_t i;

	for (i = 0; i < mapping->pages; i++) {
		struct model_cell *cell = &model->cells[from + i];

		if (cell->pages != 1 || cell->area)
			abort();
		cell->vm_flags = mapping->vm_flags;
		cell->object = mapping->object;
		cell->pgoff = mapping->pgoff + i;
		cell->pte = PTE_NONE;
	}
	join_neighbours(model, thread, mapping);
}

/* Shared memory is an object that belongs to this mapping alone. */
static bool new_object(struct page_model *model, struct mapping *mapping)
{
	bool noreserve = mapping->vm_flags & VM_NORESERVE;
	uint32_t i;

	if (!noreserve && !model_may_commit(model, mapping->pages))
		return false;
	for (i = MODEL_FILES + 1; i < MODEL_OBJECTS; i++)
		if (!model->objects[i].in_use)
			break;
	if (i == MODEL_OBJECTS || mapping->pages > MODEL_OBJECT_PAGES)
		abort();
	model->objects[i] = (struct model_object){
		.in_use = true,
		.noreserve = noreserve,
		.readable = true,
		.writable = true,
		.pages = mapping->pages,
		.committed = noreserve ? 0 : mapping->pages,
	};
	mapping->object = i;
	return true;
}

static uint64_t mapped_pages(struct page_model *model, unsigned int thread,
			     uint64_t start, uint64_t end)
{
	uint64_t pages = 0;
	size_t i;

	model_lookup(model, thread, start << PAGE_SHIFT);
	for (i = model_cell_at(model, start); i < model->nr_cells; i++) {
		if (model->cells[i].first >= end)
			break;
		if (model->cells[i].area)
			pages += model->cells[i].pages;
	}
	return pages;
}

/* mmap_region() */
static int64_t map(struct page_model *model, unsigned int thread,
		   struct mapping *mapping)
{
	const uint64_t writable = VM_NORESERVE | VM_SHARED | VM_WRITE;
	uint64_t end = mapping->start + mapping->pages;
	bool is_shared = mapping->vm_flags & VM_SHARED;

	if (!model_may_expand(model, mapping->pages) &&
	    !model_may_expand(model, mapping->pages -
					     mapped_pages(model, thread,
							  mapping->start, end)))
		return -MM_ENOMEM;
	if (model_is_mapped(model, mapping->start, end) &&
	    unmap(model, thread, mapping->start << PAGE_SHIFT,
		  mapping->pages << PAGE_SHIFT))
		return -MM_ENOMEM;
	if ((mapping->vm_flags & writable) == VM_WRITE) {
		if (!model_may_commit(model, mapping->pages))
			return -MM_ENOMEM;
		mapping->vm_flags |= VM_ACCOUNT;
	}
	if (is_shared && !mapping->object && !new_object(model, mapping))
		return -MM_ENOMEM;
	write_cells(model, thread, mapping);
	return (int64_t)(mapping->start << PAGE_SHIFT);
}

static uint64_t flags_of(const struct page_model *model, uint64_t prot,
			 uint64_t flags)
{
	uint64_t vm_flags =
		VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC | model->def_flags;

	vm_flags |= prot & (PROT_READ | PROT_WRITE | PROT_EXEC);
	if (flags & MAP_GROWSDOWN)
		vm_flags |= VM_GROWSDOWN;
	if (flags & MAP_LOCKED)
		vm_flags |= VM_LOCKED;
	if ((flags & MAP_NORESERVE) && model->sysctl.overcommit_memory != 2)
		vm_flags |= VM_NORESERVE;
	if ((flags & MAP_TYPE) == MAP_SHARED)
		vm_flags |= VM_SHARED | VM_MAYSHARE;
	return vm_flags;
}

/* The checks of files and types, which come after the address. */
static int64_t judge_type(const struct page_model *model, uint64_t flags,
			  struct mapping *mapping)
{
	const struct model_object *file = &model->objects[mapping->object];
	uint64_t type = flags & MAP_TYPE;

	if (type != MAP_SHARED && type != MAP_PRIVATE)
		return -MM_EINVAL;
	if (mapping->object) {
		if (type == MAP_SHARED && (mapping->vm_flags & VM_WRITE) &&
		    !file->writable)
			return -MM_EACCES;
		if (!file->readable)
			return -MM_EACCES;
		if (!file->writable && type == MAP_SHARED)
			mapping->vm_flags &= ~(VM_MAYWRITE | VM_SHARED);
	}
	if ((mapping->vm_flags & VM_GROWSDOWN) &&
	    (mapping->object || type == MAP_SHARED))
		return -MM_EINVAL;
	return 0;
}

/* do_mmap_pgoff() */
static int64_t do_mmap(struct page_model *model, unsigned int thread,
		       uint64_t addr, uint64_t len, uint64_t flags,
		       struct mapping *mapping)
{
	struct model_counts counts;
	int64_t ret;

	if (!len)
		return -MM_EINVAL;
	if (!(flags & MAP_FIXED)) {
		addr &= PAGE_MASK;
		if (addr && addr < model->sysctl.mmap_min_addr)
			addr = PAGE_ALIGN(model->sysctl.mmap_min_addr);
	}
	len = PAGE_ALIGN(len);
	if (!len)
		return -MM_ENOMEM;
	page_model_count(model, &counts);
	if (counts.areas > model->sysctl.max_map_count)
		return -MM_ENOMEM;
	ret = model_unmapped_area(model, thread, addr, len, flags);
	if (ret < 0)
		return ret;
	mapping->start = (uint64_t)ret >> PAGE_SHIFT;
	mapping->pages = len >> PAGE_SHIFT;
	if ((flags & MAP_LOCKED) && model->uid && !model->rlimits.memlock)
		return -MM_EPERM;
	if (!model_may_lock(model, mapping->vm_flags, mapping->pages))
		return -MM_EAGAIN;
	ret = judge_type(model, flags, mapping);
	if (ret)
		return ret;
	if (!mapping->object)
		mapping->pgoff =
			(flags & MAP_TYPE) == MAP_SHARED ? 0 : mapping->start;
	return map(model, thread, mapping);
}

int64_t page_model_mmap(struct page_model *model, unsigned int thread,
			uint64_t addr, uint64_t len, uint64_t prot,
			uint64_t flags, uint32_t object, uint64_t offset)
{
	bool is_anonymous = flags & MAP_ANONYMOUS;
	struct mapping mapping = {
		.vm_flags = flags_of(model, prot, flags),
		.object = is_anonymous ? 0 : object,
		.pgoff = offset >> PAGE_SHIFT,
	};
	int64_t ret;

	if (offset & ~PAGE_MASK)
		return -MM_EINVAL;
	if (!is_anonymous && !object)
		return -MM_EBADF;
	if (flags & MAP_HUGETLB)
		return -MM_EINVAL;
	ret = do_mmap(model, thread, addr, len, flags, &mapping);
	if (ret >= 0 &&
	    ((mapping.vm_flags & VM_LOCKED) ||
	     (flags & (MAP_POPULATE | MAP_NONBLOCK)) == MAP_POPULATE))
		model_populate(model, thread, mapping.start, mapping.pages);
	end_call(model);
	return ret;
}

/* do_brk(), after the kernel's look for what is in the way */
static bool grow_heap(struct page_model *model, unsigned int thread,
		      struct mapping *mapping)
{
	uint64_t last = TASK_SIZE >> PAGE_SHIFT;
	struct model_counts counts;

	page_model_count(model, &counts);
	if (mapping->pages > last || mapping->start > last - mapping->pages ||
	    !model_may_map_at(model, mapping->start) ||
	    !model_may_lock(model, model->def_flags, mapping->pages) ||
	    !model_may_expand(model, mapping->pages) ||
	    counts.areas > model->sysctl.max_map_count ||
	    !model_may_commit(model, mapping->pages))
		return false;
	write_cells(model, thread, mapping);
	return true;
}

static bool move_break(struct page_model *model, unsigned int thread,
		       uint64_t brk)
{
	uint64_t new = PAGE_ALIGN(brk), old = PAGE_ALIGN(model->brk);
	struct mapping mapping = {
		.start = old >> PAGE_SHIFT,
		.pages = (new - old) >> PAGE_SHIFT,
		.vm_flags = VM_READ | VM_WRITE | VM_MAYREAD | VM_MAYWRITE |
			    VM_MAYEXEC | VM_ACCOUNT | model->def_flags,
		.pgoff = old >> PAGE_SHIFT,
	};
	size_t cell;

	if (brk < model->start_brk)
		return false;
	if (model->rlimits.data != RLIM_INFINITY &&
	    brk - model->start_brk > model->rlimits.data)
		return false;
	if (new == old)
		return true;
	if (brk <= model->brk)
		return !unmap(model, thread, new, old - new);
	cell = model_lookup(model, thread, old);
	if (cell < model->nr_cells &&
	    model->cells[cell].first << PAGE_SHIFT < new + PAGE_SIZE)
		return false;
	if (!grow_heap(model, thread, &mapping))
		return false;
	if (model->def_flags & VM_LOCKED)
		model_populate(model, thread, mapping.start, mapping.pages);
	return true;
}

int64_t page_model_brk(struct page_model *model, unsigned int thread,
		       uint64_t brk)
{
	if (move_break(model, thread, brk))
		model->brk = brk;
	end_call(model);
	return (int64_t)model->brk;
}
