/* SPDX-License-Identifier: MIT */
#include "proto/rpc/diff_areas.h"

#include <stdlib.h>
#include <string.h>

#include "core/mm/memory.h"
#include "core/mm/mm_types.h"

/* One more than there are: nothing is not allocated. */
static size_t size_of(size_t nr)
{
	return (nr + 1) * sizeof(struct vm_area_struct *);
}

static const struct vm_area_struct **areas_alloc(struct memory *payer,
						 size_t nr)
{
	return payer ? memory_alloc(payer, size_of(nr)) : malloc(size_of(nr));
}

static void areas_free(const struct vm_area_struct **areas, size_t nr,
		       struct memory *payer)
{
	if (payer)
		memory_free(payer, areas, size_of(nr));
	else
		free(areas);
}

/* ------------------------------------------------------------- sorting */

/*
 * A program's segments are mapped upwards and what it maps later downwards, so
 * by their addresses ids rise and fall in a few runs. Falling ones are turned
 * around, and then neighbours are merged until there is one. Ids that come twice,
 * as they do after the last there is, stay in one run: else there were no end.
 */

/* The end of the run that begins at @at. */
static size_t run_end(const struct vm_area_struct *const *areas, size_t at,
		      size_t nr)
{
	while (++at < nr && areas[at - 1]->id <= areas[at]->id)
		;
	return at < nr ? at : nr;
}

static void turn_around(const struct vm_area_struct **areas, size_t at,
			size_t end)
{
	for (; at + 1 < end; at++) {
		const struct vm_area_struct *first = areas[at];

		areas[at] = areas[--end];
		areas[end] = first;
	}
}

static void turn_falling_runs(const struct vm_area_struct **areas, size_t nr)
{
	size_t at, end;

	for (at = 0; at < nr; at = end) {
		for (end = at + 1; end < nr; end++)
			if (areas[end - 1]->id <= areas[end]->id)
				break;
		turn_around(areas, at, end);
	}
}

/* [at, mid) and [mid, end) go to the same places of @to. */
static void merge(const struct vm_area_struct **to,
		  const struct vm_area_struct *const *from, size_t at,
		  size_t mid, size_t end)
{
	size_t upper = mid;

	for (; at < mid && upper < end; to++)
		*to = from[at]->id < from[upper]->id ? from[at++]
						     : from[upper++];
	memcpy(to, from + at, (mid - at) * sizeof(*to));
	memcpy(to + (mid - at), from + upper, (end - upper) * sizeof(*to));
}

static void merge_runs(const struct vm_area_struct **to,
		       const struct vm_area_struct *const *from, size_t nr)
{
	size_t at, mid, end;

	for (at = 0; at < nr; at = end) {
		mid = run_end(from, at, nr);
		end = mid < nr ? run_end(from, mid, nr) : nr;
		merge(to + at, from, at, mid, end);
	}
}

static bool is_sorted(const struct vm_area_struct *const *areas, size_t nr)
{
	return !nr || run_end(areas, 0, nr) == nr;
}

static bool sort(struct diff_areas *list, struct memory *payer)
{
	const struct vm_area_struct **areas = list->areas, **other, **swap;

	turn_falling_runs(areas, list->nr);
	if (is_sorted(areas, list->nr))
		return true;
	other = areas_alloc(payer, list->nr);
	if (!other)
		return false;
	while (!is_sorted(areas, list->nr)) {
		merge_runs(other, areas, list->nr);
		swap = areas;
		areas = other;
		other = swap;
	}
	list->areas = areas;
	areas_free(other, list->nr, payer);
	return true;
}

/* ---------------------------------------------------------------- lists */

bool diff_areas_list(struct diff_areas *list, struct memory *payer,
		     const struct mm_struct *mm)
{
	const struct vm_area_struct *vma;

	list->areas = areas_alloc(payer, mm ? mm->map_count : 0);
	if (!list->areas)
		return false;
	for (vma = mm ? mm->mmap : NULL; vma; vma = vma->vm_next)
		list->areas[list->nr++] = vma;
	if (sort(list, payer))
		return true;
	diff_areas_free(list, payer);
	return false;
}

void diff_areas_free(struct diff_areas *list, struct memory *payer)
{
	areas_free(list->areas, list->nr, payer);
	*list = (struct diff_areas){ .nr = 0 };
}

bool diff_areas_has(const struct diff_areas *list, uint32_t id)
{
	size_t low = 0, high = list->nr, middle;

	while (low < high) {
		middle = (low + high) / 2;
		if (list->areas[middle]->id == id)
			return true;
		if (list->areas[middle]->id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}
