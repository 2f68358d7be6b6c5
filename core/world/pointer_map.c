/* SPDX-License-Identifier: MIT */
#include "core/world/pointer_map.h"

#include <stddef.h>
#include <string.h>

#include "core/mm/assert.h"

/* At least twice as many places as pairs, a power of two. */
static uint32_t places_for(uint32_t max)
{
	uint32_t places = 8;

	while (places < 2 * max)
		places *= 2;
	return places;
}

int pointer_map_init(struct pointer_map *map, struct memory *memory,
		     uint64_t max)
{
	memset(map, 0, sizeof(*map));
	map->memory = memory;
	if (!max)
		return 0;
	mm_assert(max < 1U << 30);
	map->max = (uint32_t)max;
	map->pairs = memory_alloc(memory, map->max * sizeof(*map->pairs));
	if (!map->pairs)
		return -1;
	map->index = memory_alloc(memory,
				  places_for(map->max) * sizeof(*map->index));
	return map->index ? 0 : -1;
}

void pointer_map_deinit(struct pointer_map *map)
{
	if (!map->memory)
		return;
	memory_free(map->memory, map->index,
		    places_for(map->max) * sizeof(*map->index));
	memory_free(map->memory, map->pairs, map->max * sizeof(*map->pairs));
	memset(map, 0, sizeof(*map));
}

/* Where the pair of @from is, or would be. */
static uint32_t *place_of(const struct pointer_map *map, const void *from)
{
	const uint32_t mask = places_for(map->max) - 1;
	uint64_t hash = (uint64_t)(uintptr_t)from * 0x9e3779b97f4a7c15ULL;
	uint32_t at = (uint32_t)(hash >> 32) & mask;

	while (map->index[at] && map->pairs[map->index[at] - 1].from != from)
		at = (at + 1) & mask;
	return &map->index[at];
}

struct pointer_pair *pointer_map_add(struct pointer_map *map, const void *from)
{
	uint32_t *place = place_of(map, from);

	if (!*place) {
		mm_assert(map->nr < map->max);
		map->pairs[map->nr].from = from;
		*place = ++map->nr;
	}
	return &map->pairs[*place - 1];
}

uint32_t pointer_map_number(const struct pointer_map *map, const void *from)
{
	uint32_t place = *place_of(map, from);

	mm_assert(place);
	return place - 1;
}

void *pointer_map_to(const struct pointer_map *map, const void *from)
{
	return from ? map->pairs[pointer_map_number(map, from)].to : NULL;
}
