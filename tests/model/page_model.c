/* SPDX-License-Identifier: MIT */
/* Cells, counting, limits and the cache of look-ups. */
#include "tests/model/page_model.h"

#include <stdlib.h>
#include <string.h>

static void add_cell(struct page_model *model, uint64_t first, uint64_t pages)
{
	size_t bytes = (model->nr_cells + 1) * sizeof(*model->cells);

	model->cells = realloc(model->cells, bytes);
	if (!model->cells)
		abort();
	model->cells[model->nr_cells++] =
		(struct model_cell){ .first = first, .pages = pages };
}

void page_model_init(struct page_model *model,
		     const struct model_window *windows, size_t nr_windows)
{
	uint64_t page = 0;
	size_t i;

	for (i = 0; i < nr_windows; i++) {
		if (page < windows[i].first)
			add_cell(model, page, windows[i].first - page);
		for (page = windows[i].first; page < windows[i].end; page++)
			add_cell(model, page, 1);
	}
	if (page < TASK_SIZE >> PAGE_SHIFT)
		add_cell(model, page, (TASK_SIZE >> PAGE_SHIFT) - page);
	model->ptes.shift = 9;
	model->pmds.shift = 18;
	model->puds.shift = 27;
	model->threads[0].in_use = true;
}

void page_model_deinit(struct page_model *model)
{
	free(model->cells);
}

size_t model_cell_at(const struct page_model *model, uint64_t page)
{
	size_t low = 0, high = model->nr_cells, middle;

	while (high - low > 1) {
		middle = (low + high) / 2;
		if (model->cells[middle].first <= page)
			low = middle;
		else
			high = middle;
	}
	return low;
}

bool model_is_mapped(const struct page_model *model, uint64_t start,
		     uint64_t end)
{
	size_t i;

	for (i = model_cell_at(model, start); i < model->nr_cells; i++) {
		if (model->cells[i].first >= end)
			return false;
		if (model->cells[i].area)
			return true;
	}
	return false;
}

struct model_area model_area_of(const struct page_model *model, size_t cell)
{
	const struct model_cell *cells = model->cells;
	struct model_area area = { cell, cell + 1, 0, 0 };

	while (area.from && cells[area.from - 1].area == cells[cell].area)
		area.from--;
	while (area.to < model->nr_cells &&
	       cells[area.to].area == cells[cell].area)
		area.to++;
	area.start = cells[area.from].first;
	area.end = cells[area.to - 1].first + cells[area.to - 1].pages;
	return area;
}

void page_model_install(struct page_model *model, uint64_t start, uint64_t end,
			uint64_t vm_flags)
{
	size_t i;

	model->last_area++;
	for (i = model_cell_at(model, start);
	     i < model->nr_cells && model->cells[i].first < end; i++) {
		model->cells[i].area = model->last_area;
		model->cells[i].vm_flags = vm_flags;
		model->cells[i].pgoff = model->cells[i].first;
	}
}

static void count_cell(const struct model_cell *cell,
		       struct model_counts *counts)
{
	counts->total += cell->pages;
	if (cell->vm_flags & VM_LOCKED)
		counts->locked += cell->pages;
	if (cell->object)
		counts->shared += cell->pages;
	if (cell->object && (cell->vm_flags & VM_EXEC) &&
	    !(cell->vm_flags & VM_WRITE))
		counts->exec += cell->pages;
	if (!cell->object && (cell->vm_flags & VM_GROWSDOWN))
		counts->stack += cell->pages;
	if (cell->pte == PTE_ANON)
		counts->anon++;
	if (cell->pte == PTE_FILE || cell->pte == PTE_FILE_WRITE)
		counts->file++;
}

void page_model_count(const struct page_model *model,
		      struct model_counts *counts)
{
	uint32_t before = 0;
	size_t i, j;

	memset(counts, 0, sizeof(*counts));
	for (i = 0; i < model->nr_cells; i++) {
		if (model->cells[i].area && model->cells[i].area != before)
			counts->areas++;
		if (model->cells[i].area)
			count_cell(&model->cells[i], counts);
		before = model->cells[i].area;
	}
	for (i = 0; i < MODEL_OBJECTS; i++)
		for (j = 0; j < MODEL_OBJECT_PAGES; j++)
			counts->cached += model->objects[i].in_use &&
					  model->objects[i].cached[j];
}

void page_model_note_peaks(struct page_model *model)
{
	struct model_counts counts;

	page_model_count(model, &counts);
	if (model->hiwater_vm < counts.total)
		model->hiwater_vm = counts.total;
	if (model->hiwater_rss < counts.anon + counts.file)
		model->hiwater_rss = counts.anon + counts.file;
}

bool model_may_expand(const struct page_model *model, uint64_t pages)
{
	struct model_counts counts;

	page_model_count(model, &counts);
	return counts.total + pages <= model->rlimits.as >> PAGE_SHIFT;
}

bool model_may_lock(const struct page_model *model, uint64_t vm_flags,
		    uint64_t pages)
{
	struct model_counts counts;

	if (!(vm_flags & VM_LOCKED) || !model->uid)
		return true;
	page_model_count(model, &counts);
	return counts.locked + pages <= model->rlimits.memlock >> PAGE_SHIFT;
}

bool model_may_map_at(const struct page_model *model, uint64_t page)
{
	return !model->uid || page << PAGE_SHIFT >= model->sysctl.mmap_min_addr;
}

/* All in kB, as the settings are. */
bool model_may_commit(struct page_model *model, uint64_t pages)
{
	int64_t reserve =
		model->uid ? model->sysctl.admin_reserve_kbytes / 4 : 0;
	struct model_counts counts;
	int64_t room, own;

	page_model_count(model, &counts);
	if (model->sysctl.overcommit_memory == 0) {
		room = model->total_ram - counts.anon - counts.cached - reserve;
		if (room <= (int64_t)pages)
			return false;
	} else if (model->sysctl.overcommit_memory == 2) {
		room = model->total_ram * model->sysctl.overcommit_ratio / 100;
		if (model->sysctl.overcommit_kbytes)
			room = model->sysctl.overcommit_kbytes / 4;
		own = model->sysctl.user_reserve_kbytes / 4;
		if (own > (int64_t)counts.total / 32)
			own = counts.total / 32;
		if ((int64_t)(model->committed + pages) >= room - reserve - own)
			return false;
	}
	model->committed += pages;
	return true;
}

static size_t first_area_above(const struct page_model *model, uint64_t addr)
{
	uint64_t page = addr >> PAGE_SHIFT;
	size_t i;

	if (addr >= TASK_SIZE)
		return model->nr_cells;
	for (i = model_cell_at(model, page); i < model->nr_cells; i++)
		if (model->cells[i].area)
			break;
	return i;
}

size_t model_lookup(struct page_model *model, unsigned int thread,
		    uint64_t addr)
{
	struct model_thread *cache = &model->threads[thread];
	size_t found = first_area_above(model, addr);
	const struct model_cell *cell = &model->cells[found];
	unsigned int i;

	if (cache->seqnum != model->seqnum) {
		cache->seqnum = model->seqnum;
		memset(cache->slots, 0, sizeof(cache->slots));
	} else {
		cache->calls++;
		for (i = 0; found < model->nr_cells && i < 4; i++) {
			if (cache->slots[i] != cell->area ||
			    cell->first > addr >> PAGE_SHIFT)
				continue;
			cache->hits++;
			return found;
		}
	}
	if (found < model->nr_cells)
		cache->slots[addr >> PAGE_SHIFT & 3] = cell->area;
	return found;
}

void model_invalidate(struct page_model *model, unsigned int thread)
{
	unsigned int i, users = 0;

	for (i = 0; i < MODEL_THREADS; i++)
		users += model->threads[i].in_use;
	if (++model->seqnum)
		return;
	model->threads[thread].flushes++;
	for (i = 0; users > 1 && i < MODEL_THREADS; i++)
		memset(model->threads[i].slots, 0,
		       sizeof(model->threads[i].slots));
}

uint32_t page_model_find_vma(struct page_model *model, unsigned int thread,
			     uint64_t addr)
{
	size_t cell = model_lookup(model, thread, addr);

	return cell < model->nr_cells ? model->cells[cell].area : 0;
}

void page_model_clone(struct page_model *model, unsigned int parent,
		      unsigned int child)
{
	model->threads[child] = (struct model_thread){
		.in_use = true,
		.seqnum = model->threads[parent].seqnum,
	};
}
