/* SPDX-License-Identifier: MIT */
#include "core/world/descriptors.h"

#include <stddef.h>
#include <string.h>

#include "core/hot.h"
#include "core/mm/setup.h"

#define FIRST_ROOM 2

int descriptors_reserve(struct descriptors *table, struct memory *memory)
{
	struct descriptor *entries;
	uint32_t room;

	if (table->nr < table->room)
		return 0;
	room = table->room ? 2 * table->room : FIRST_ROOM;
	entries = memory_alloc(memory, room * sizeof(*entries));
	if (!entries)
		return -1;
	if (table->nr)
		memcpy(entries, table->entries, table->nr * sizeof(*entries));
	memory_free(memory, table->entries, table->room * sizeof(*entries));
	table->entries = entries;
	table->room = room;
	return 0;
}

/* Index of the lowest entry that is not below @fd. */
static uint32_t lower_bound(const struct descriptors *table, int32_t fd)
{
	uint32_t low = 0, high = table->nr, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (table->entries[middle].fd < fd)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void descriptors_add(struct descriptors *table, int32_t fd,
		     struct vm_file *file)
{
	uint32_t at = lower_bound(table, fd);
	struct descriptor *entry = &table->entries[at];

	memmove(entry + 1, entry, (table->nr - at) * sizeof(*entry));
	entry->fd = fd;
	entry->file = file;
	table->nr++;
}

const struct descriptor *descriptors_next(const struct descriptors *table,
					  int32_t fd)
{
	uint32_t at = lower_bound(table, fd);

	return at < table->nr ? &table->entries[at] : NULL;
}

HOT struct vm_file *descriptors_find(const struct descriptors *table,
				     int32_t fd)
{
	const struct descriptor *entry = descriptors_next(table, fd);

	return entry && entry->fd == fd ? entry->file : NULL;
}

void descriptors_remove(struct descriptors *table, int32_t fd)
{
	uint32_t at = lower_bound(table, fd);
	struct descriptor *entry = &table->entries[at];

	vm_file_put(entry->file);
	table->nr--;
	memmove(entry, entry + 1, (table->nr - at) * sizeof(*entry));
}

int descriptors_copy(struct descriptors *table,
		     const struct descriptors *parent, struct memory *memory)
{
	const size_t size = parent->room * sizeof(*table->entries);
	uint32_t i;

	if (!parent->nr)
		return 0;
	table->entries = memory_alloc(memory, size);
	if (!table->entries)
		return -1;
	table->nr = parent->nr;
	table->room = parent->room;
	memcpy(table->entries, parent->entries,
	       parent->nr * sizeof(*table->entries));
	for (i = 0; i < table->nr; i++)
		vm_file_get(table->entries[i].file);
	return 0;
}

void descriptors_deinit(struct descriptors *table, struct memory *memory)
{
	uint32_t i;

	for (i = 0; i < table->nr; i++)
		vm_file_put(table->entries[i].file);
	memory_free(memory, table->entries,
		    table->room * sizeof(*table->entries));
	memset(table, 0, sizeof(*table));
}
