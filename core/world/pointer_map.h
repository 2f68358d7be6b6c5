/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Which object stands for which other one, by address
 *
 * Entries keep the order in which they were added, so that whoever walks them
 * does not depend on the host's addresses.
 */
#include <stdint.h>

#include "core/mm/memory.h"

struct pointer_pair {
	const void *from;
	void *to; /* the user's; NULL at first */
};

struct pointer_map {
	struct memory *memory;
	struct pointer_pair *pairs;
	uint32_t *index; /* a pair's number plus 1, 0: empty */
	uint32_t nr, max;
};

/**
 * pointer_map_init() - an empty map
 * @map:    to initialise; on error it may still be given to pointer_map_deinit()
 * @memory: pays, kept
 * @max:    pairs that will be added at most, below 2^30
 *
 * Return: 0, or -1 with memory->refusal set.
 */
int pointer_map_init(struct pointer_map *map, struct memory *memory,
		     uint64_t max);

/* Give everything back; a zeroed map has nothing. */
void pointer_map_deinit(struct pointer_map *map);

/* The pair of @from, added if it is not there. O(1). */
struct pointer_pair *pointer_map_add(struct pointer_map *map, const void *from);

/* The number of the pair of @from, which is there, from 0. O(1). */
uint32_t pointer_map_number(const struct pointer_map *map, const void *from);

/* What the pair of @from holds; of NULL, NULL. O(1). */
void *pointer_map_to(const struct pointer_map *map, const void *from);
