/* SPDX-License-Identifier: MIT */
/* Where a mapping goes: every free run of cells is looked at, one by one. */
#include "tests/model/page_model.h"

/* The free run that begins at or after cell *from; false: there is none. */
static bool next_run(const struct page_model *model, size_t *from,
		     uint64_t *start, uint64_t *end)
{
	const struct model_cell *cells = model->cells;
	size_t i = *from;

	while (i < model->nr_cells && cells[i].area)
		i++;
	if (i == model->nr_cells)
		return false;
	*start = cells[i].first;
	while (i < model->nr_cells && !cells[i].area)
		i++;
	*end = cells[i - 1].first + cells[i - 1].pages;
	*from = i;
	return true;
}

/* The lowest, or highest, place for @pages within [low, high); 0: none. */
static uint64_t place(const struct page_model *model, uint64_t pages,
		      uint64_t low, uint64_t high, bool from_top)
{
	uint64_t start, end, found = 0;
	size_t cell = 0;

	while (next_run(model, &cell, &start, &end)) {
		if (start < low)
			start = low;
		if (end > high)
			end = high;
		if (end < start || end - start < pages)
			continue;
		if (!from_top)
			return start;
		found = end - pages;
	}
	return found;
}

static uint64_t place_bottom_up(const struct page_model *model, uint64_t pages,
				uint64_t flags)
{
	const uint64_t gib = 1 << (30 - PAGE_SHIFT);

	if (flags & MAP_32BIT)
		return place(model, pages, gib, 2 * gib, false);
	return place(model, pages, model->legacy_base, TASK_SIZE >> PAGE_SHIFT,
		     false);
}

static bool is_free(const struct page_model *model, uint64_t start,
		    uint64_t pages)
{
	size_t i;

	for (i = model_cell_at(model, start); i < model->nr_cells; i++) {
		if (model->cells[i].first >= start + pages)
			break;
		if (model->cells[i].area)
			return false;
	}
	return true;
}

/* One look at the hint, which goes through the cache. */
static bool hint_is_taken(struct page_model *model, unsigned int thread,
			  uint64_t hint, uint64_t pages, uint64_t end)
{
	if (!hint)
		return false;
	model_lookup(model, thread, hint << PAGE_SHIFT);
	return hint <= end && pages <= end - hint &&
	       is_free(model, hint, pages);
}

static uint64_t bottom_up(struct page_model *model, unsigned int thread,
			  uint64_t hint, uint64_t pages, uint64_t flags)
{
	uint64_t end = TASK_SIZE >> PAGE_SHIFT;

	if (flags & MAP_32BIT)
		end = 1 << (31 - PAGE_SHIFT);
	if (pages > end)
		return 0;
	if (hint_is_taken(model, thread, hint, pages, end))
		return hint;
	return place_bottom_up(model, pages, flags);
}

static uint64_t top_down(struct page_model *model, unsigned int thread,
			 uint64_t hint, uint64_t pages, uint64_t flags)
{
	uint64_t found;

	if (flags & MAP_32BIT)
		return bottom_up(model, thread, hint, pages, flags);
	if (hint_is_taken(model, thread, hint, pages, TASK_SIZE >> PAGE_SHIFT))
		return hint;
	found = place(model, pages, 1, model->mmap_base, true);
	return found ? found : bottom_up(model, thread, hint, pages, flags);
}

int64_t model_unmapped_area(struct page_model *model, unsigned int thread,
			    uint64_t addr, uint64_t len, uint64_t flags)
{
	uint64_t pages = len >> PAGE_SHIFT, hint = addr >> PAGE_SHIFT, found;

	if (len > TASK_SIZE)
		return -MM_ENOMEM;
	if (!(flags & MAP_FIXED)) {
		found = model->topdown
				? top_down(model, thread, hint, pages, flags)
				: bottom_up(model, thread, hint, pages, flags);
		if (!found)
			return -MM_ENOMEM;
		addr = found << PAGE_SHIFT;
	}
	/* Taken for an error value. */
	if (addr >= (uint64_t)-4095)
		return (int64_t)addr;
	if (addr > TASK_SIZE - len)
		return -MM_ENOMEM;
	if (addr & ~PAGE_MASK)
		return -MM_EINVAL;
	if (!model_may_map_at(model, addr >> PAGE_SHIFT))
		return -MM_EPERM;
	return (int64_t)addr;
}

bool page_model_reaches(const struct page_model *model, uint64_t len,
			uint64_t flags)
{
	uint64_t pages = PAGE_ALIGN(len) >> PAGE_SHIFT, at = 0;
	size_t cell;

	if (model->topdown && !(flags & MAP_32BIT))
		at = place(model, pages, 1, model->mmap_base, true);
	if (!at)
		at = place_bottom_up(model, pages, flags);
	if (!at)
		return true;
	for (cell = model_cell_at(model, at); cell < model->nr_cells; cell++) {
		if (model->cells[cell].first >= at + pages)
			break;
		if (model->cells[cell].pages != 1)
			return false;
	}
	return true;
}
