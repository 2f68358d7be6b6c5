/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The areas of an address space by their ids, as those that are compared are told
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct memory;
struct mm_struct;
struct vm_area_struct;

/* By rising id. */
struct diff_areas {
	const struct vm_area_struct **areas;
	size_t nr;
};

/**
 * diff_areas_list() - list an address space's areas
 * @list:  zero; for diff_areas_free(), unless this fails
 * @payer: pays for the list; NULL: nobody does
 * @mm:    not to change as long as there is the list; NULL: there is none, and
 *         the list is empty
 *
 * Return: false: no memory, with the refusal in @payer; @list is zero.
 * Cost:   O(n) where ids rise or fall with the addresses, as they do for long
 *         stretches; O(n log n) at most.
 */
bool diff_areas_list(struct diff_areas *list, struct memory *payer,
		     const struct mm_struct *mm);

/** diff_areas_free() - free what diff_areas_list() took of @payer; @list is zero */
void diff_areas_free(struct diff_areas *list, struct memory *payer);

/** diff_areas_has() - is there an area of that id? Cost: O(log n) */
bool diff_areas_has(const struct diff_areas *list, uint32_t id);
