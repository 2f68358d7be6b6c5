/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "core/world/operation_codec.h"
#include "core/world/world_types.h"

/* The bytes between two places, copied unless @bytes is NULL; how many. */
static size_t gather(const struct journal *journal,
		     const struct journal_cursor *from,
		     const struct journal_cursor *to, uint8_t *bytes)
{
	const struct journal_chunk *chunk = from->chunk;
	uint32_t offset = from->offset;
	size_t len = 0, part;

	if (!to->chunk)
		return 0;
	if (!chunk) {
		chunk = journal->head;
		offset = journal->head_offset;
	}
	for (;; chunk = chunk->next, offset = 0) {
		part = (chunk == to->chunk ? to->offset : chunk->used) - offset;
		if (bytes)
			memcpy(bytes + len, chunk->data + offset, part);
		len += part;
		if (chunk == to->chunk)
			return len;
	}
}

int world_journal_copy(struct memory *memory, const struct world *world,
		       uint64_t from, uint64_t to, struct journal_copy *copy)
{
	const struct journal *journal = &world->journal;
	struct journal_cursor begin, end;
	size_t size;

	*copy = (struct journal_copy){ .memory = memory };
	world_journal_seek(world, &begin, from);
	world_journal_seek(world, &end, to + 1);
	size = gather(journal, &begin, &end, NULL);
	if (!size)
		return 0;
	copy->bytes = memory_alloc(memory, size);
	if (!copy->bytes)
		return -1;
	copy->len = gather(journal, &begin, &end, copy->bytes);
	return 0;
}

bool journal_copy_next(struct journal_copy *copy, struct operation *op)
{
	if (copy->at == copy->len)
		return false;
	copy->at = (size_t)(operation_decode(copy->bytes + copy->at, op) -
			    copy->bytes);
	return true;
}

void journal_copy_free(struct journal_copy *copy)
{
	memory_free(copy->memory, copy->bytes, copy->len);
	copy->bytes = NULL;
	copy->len = copy->at = 0;
}
