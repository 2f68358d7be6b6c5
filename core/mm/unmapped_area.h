/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Where does a mapping go?
 */
#include "core/mm/mm_types.h"

/* Beside MAP_*: what is placed has a file, or is shared. */
#define UNMAPPED_AREA_OF_FILE (1ULL << 63)

/* What is known of a place, so that nobody looks for it again. */
struct unmapped_place {
	bool known;
	struct vm_area_struct *next; /* the area behind, NULL: none */
};

/**
 * get_unmapped_area() - choose, or judge, the address of a mapping
 * @task:  calling thread; a hint is looked up through its vmacache
 * @addr:  hint, or the address with MAP_FIXED
 * @len:   bytes, page aligned, not 0
 * @flags: MAP_FIXED and MAP_32BIT count, and UNMAPPED_AREA_OF_FILE
 * @place: in: as the caller knows the given address, or not known; out: where
 *         the chosen one is
 *
 * Without a usable hint: the highest gap below mmap_base that is long enough
 * (unmapped_area_topdown), and if there is none, or with MAP_32BIT or the
 * legacy layout, the lowest gap above the legacy base or in [1 GiB, 2 GiB).
 *
 * Return: the address; -ENOMEM: longer than the address space, no room, or
 *         beyond TASK_SIZE; -EINVAL: not page aligned; -EPERM: below
 *         mmap_min_addr.
 * Cost:   O(log n).
 */
int64_t get_unmapped_area(struct task_struct *task, uint64_t addr, uint64_t len,
			  uint64_t flags, struct unmapped_place *place);
