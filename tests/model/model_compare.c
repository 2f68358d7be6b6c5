/* SPDX-License-Identifier: MIT */
#include "tests/model/model_compare.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DIFFERS(c, ...) (snprintf((c)->why, COMPARE_WHY, __VA_ARGS__), false)

static uint32_t *at(struct number_map *map, uint32_t number)
{
	size_t nr = map->nr;

	if (number >= nr) {
		map->nr = number * 2 + 64;
		map->other = realloc(map->other, map->nr * sizeof(*map->other));
		if (!map->other)
			abort();
		memset(map->other + nr, 0,
		       (map->nr - nr) * sizeof(*map->other));
	}
	return &map->other[number];
}

/* The first time that both are new, they become a pair. */
static bool is_pair(struct number_pairs *pairs, uint32_t model, uint32_t engine)
{
	uint32_t *engines = at(&pairs->of_model, model);
	uint32_t *models = at(&pairs->of_engine, engine);

	if (model && engine && !*engines && !*models) {
		*engines = engine;
		*models = model;
	}
	return *engines == engine && *models == model;
}

bool compare_area(struct comparison *c, const struct vm_area_struct *vma,
		  uint32_t area)
{
	if (is_pair(&c->areas, area, vma ? vma->id : 0))
		return true;
	return DIFFERS(c, "the model's area %" PRIu32 " is not #%" PRIu32, area,
		       vma ? vma->id : 0);
}

static bool same_object(const struct comparison *c, const struct vm_file *file,
			uint32_t number)
{
	const struct model_object *object = &c->model->objects[number];

	if (!file || !number)
		return !file && !number;
	if (number <= MODEL_FILES)
		return file == c->files[number];
	return file->shmem && file->committed == object->committed &&
	       file->size == object->pages << PAGE_SHIFT;
}

static bool same_attributes(struct comparison *c,
			    const struct vm_area_struct *vma,
			    const struct model_area *area)
{
	const struct model_cell *cell = &c->model->cells[area->from];
	uint32_t anon_vma = vma->anon_vma ? vma->anon_vma->id : 0;

	if (vma->vm_start != area->start << PAGE_SHIFT ||
	    vma->vm_end != area->end << PAGE_SHIFT)
		return DIFFERS(c,
			       "area %" PRIx64 "-%" PRIx64
			       ", the model has %" PRIx64 "-%" PRIx64,
			       vma->vm_start, vma->vm_end,
			       area->start << PAGE_SHIFT,
			       area->end << PAGE_SHIFT);
	if ((vma->vm_flags & ~VM_SOFTDIRTY) != cell->vm_flags)
		return DIFFERS(c,
			       "%" PRIx64 ": flags %" PRIx64
			       ", the model has %" PRIx64,
			       vma->vm_start, vma->vm_flags, cell->vm_flags);
	if (vma->vm_pgoff != cell->pgoff)
		return DIFFERS(c,
			       "%" PRIx64 ": offset %" PRIx64
			       ", the model has %" PRIx64,
			       vma->vm_start, vma->vm_pgoff, cell->pgoff);
	if (!same_object(c, vma->vm_file, cell->object))
		return DIFFERS(c, "%" PRIx64 ": not the file of the model",
			       vma->vm_start);
	if (!is_pair(&c->anon_vmas, cell->anon_vma, anon_vma))
		return DIFFERS(c,
			       "%" PRIx64 ": anon_vma %" PRIu32
			       ", the model has %" PRIu32,
			       vma->vm_start, anon_vma, cell->anon_vma);
	return compare_area(c, vma, cell->area);
}

/* Pages of one area that count as resident. */
static bool same_rss(struct comparison *c, const struct vm_area_struct *vma,
		     const struct model_area *area)
{
	uint64_t pages = 0, found = mm_resident_pages(&c->emu->mm, vma);
	size_t i;

	for (i = area->from; i < area->to; i++)
		pages += c->model->cells[i].pte != PTE_NONE &&
			 c->model->cells[i].pte != PTE_ZERO &&
			 c->model->cells[i].pte != PTE_PFN;
	if (pages == found)
		return true;
	return DIFFERS(c,
		       "%" PRIx64 ": %" PRIu64
		       " resident pages, the model has %" PRIu64,
		       vma->vm_start, found, pages);
}

static bool same_areas(struct comparison *c)
{
	const struct vm_area_struct *vma = c->emu->mm.mmap;
	const struct page_model *model = c->model;
	struct model_area area;
	size_t cell = 0;

	while (cell < model->nr_cells) {
		if (!model->cells[cell].area) {
			cell++;
			continue;
		}
		area = model_area_of(model, cell);
		if (!vma)
			return DIFFERS(c, "no area at %" PRIx64,
				       area.start << PAGE_SHIFT);
		if (!same_attributes(c, vma, &area) || !same_rss(c, vma, &area))
			return false;
		vma = vma->vm_next;
		cell = area.to;
	}
	if (vma)
		return DIFFERS(c, "the model has no area at %" PRIx64,
			       vma->vm_start);
	return true;
}

static bool same_resident(struct comparison *c)
{
	const struct page_model *model = c->model;
	uint64_t start = 0, end = 0, addr;
	bool more = mm_next_resident(&c->emu->mm, &start, &end), present;
	size_t i;

	for (i = 0; i < model->nr_cells; i++) {
		addr = model->cells[i].first << PAGE_SHIFT;
		while (more && addr >= end) {
			start = end;
			more = mm_next_resident(&c->emu->mm, &start, &end);
		}
		present = more && addr >= start;
		if (present != (model->cells[i].pte != PTE_NONE))
			return DIFFERS(c, "page %" PRIx64 " is %spresent", addr,
				       present ? "" : "not ");
	}
	return true;
}

static uint64_t max(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static bool same_counters(struct comparison *c)
{
	const struct page_model *model = c->model;
	const struct mm_struct *mm = &c->emu->mm;
	const struct machine *machine = mm->machine;
	struct model_counts counts;
	size_t i;

	page_model_count(model, &counts);
	const struct {
		const char *name;
		uint64_t engine, model;
	} rows[] = {
		{ "map_count", mm->map_count, counts.areas },
		{ "total_vm", mm->total_vm, counts.total },
		{ "locked_vm", mm->locked_vm, counts.locked },
		{ "shared_vm", mm->shared_vm, counts.shared },
		{ "exec_vm", mm->exec_vm, counts.exec },
		{ "stack_vm", mm->stack_vm, counts.stack },
		{ "rss_anon", mm->rss_anon, counts.anon },
		{ "rss_file", mm->rss_file, counts.file },
		{ "peak of total_vm", max(mm->hiwater_vm, mm->total_vm),
		  model->hiwater_vm },
		{ "peak of rss", max(mm->hiwater_rss, get_mm_rss(mm)),
		  model->hiwater_rss },
		{ "nr_ptes", mm->nr_ptes, model->ptes.nr },
		{ "nr_pmds", mm->nr_pmds, model->pmds.nr },
		{ "nr_puds", mm->nr_puds, model->puds.nr },
		{ "brk", mm->brk, model->brk },
		{ "vmacache_seqnum", mm->vmacache_seqnum, model->seqnum },
		{ "committed_as", machine->committed_as, model->committed },
		{ "nr_anon_pages", machine->nr_anon_pages, counts.anon },
		{ "nr_cache_pages", machine->nr_cache_pages, counts.cached },
	};

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].engine != rows[i].model)
			return DIFFERS(
				c, "%s is %" PRIu64 ", the model has %" PRIu64,
				rows[i].name, rows[i].engine, rows[i].model);
	return true;
}

static bool same_slots(struct comparison *c, const struct vmacache *cache,
		       const struct model_thread *model)
{
	unsigned int i;

	for (i = 0; i < VMACACHE_SIZE; i++)
		if (!compare_area(c, cache->slots[i], model->slots[i]))
			return false;
	return true;
}

static bool same_cache(struct comparison *c, unsigned int thread)
{
	const struct vmacache *cache = &c->emu->threads[thread].vmacache;
	const struct model_thread *model = &c->model->threads[thread];

	if (cache->seqnum != model->seqnum)
		return DIFFERS(c,
			       "thread %u: sequence number %" PRIu64
			       ", the model has %" PRIu32,
			       thread, cache->seqnum, model->seqnum);
	if (cache->find_calls != model->calls ||
	    cache->find_hits != model->hits ||
	    cache->full_flushes != model->flushes)
		return DIFFERS(c,
			       "thread %u: %" PRIu64 " calls, %" PRIu64
			       " hits, %" PRIu64 " flushes, the model has "
			       "%" PRIu64 ", %" PRIu64 ", %" PRIu64,
			       thread, cache->find_calls, cache->find_hits,
			       cache->full_flushes, model->calls, model->hits,
			       model->flushes);
	/* Slots of a stale cache are never read. */
	return model->seqnum != c->model->seqnum || same_slots(c, cache, model);
}

bool compare_state(struct comparison *c)
{
	unsigned int i;

	if (!same_areas(c) || !same_resident(c) || !same_counters(c))
		return false;
	for (i = 0; i < MODEL_THREADS; i++)
		if (c->model->threads[i].in_use && !same_cache(c, i))
			return false;
	return true;
}

void comparison_deinit(struct comparison *c)
{
	free(c->areas.of_model.other);
	free(c->areas.of_engine.other);
	free(c->anon_vmas.of_model.other);
	free(c->anon_vmas.of_engine.other);
}
