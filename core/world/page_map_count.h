/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * How many page tables map a page of a file (page_mapcount)
 *
 * A sorted list of steps: from page pgoff of an object on, that many areas have
 * the page present, until the next step.
 */
#include "core/mm/mm_types.h"

struct page_map_count {
	const void *object; /* the file; of vdso pages the machine */
	uint64_t pgoff;
	int64_t mapped; /* areas that have the page */
};

/**
 * count_page_maps() - count the pages of all files that are mapped twice
 * @machine: whose address spaces are looked at
 * @countsp: out: the steps, NULL: there are none; from machine->memory
 * @nrp:     out: how many
 *
 * Return: 0, or -1 with the refusal set.
 */
int count_page_maps(const struct machine *machine,
		    struct page_map_count **countsp, uint64_t *nrp);

/* The object and page that @addr of an area has. */
const void *mapped_object(const struct mm_struct *mm,
			  const struct vm_area_struct *vma);
uint64_t mapped_page(const struct vm_area_struct *vma, uint64_t addr);

/**
 * page_map_count_find() - the step that holds for a page
 *
 * Return: the step, or NULL: none counts the page.
 * Cost:   O(log nr).
 */
const struct page_map_count *
page_map_count_find(const struct page_map_count *counts, uint64_t nr,
		    const void *object, uint64_t pgoff);
