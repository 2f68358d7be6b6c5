/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "core/world/operation_codec.h"
#include "core/world/world_types.h"

/* The bytes of a chunk that are kept: what comes first there may be dropped. */
static size_t kept(const struct journal *journal,
		   const struct journal_chunk *chunk, const uint8_t **bytesp)
{
	const uint32_t from = chunk == journal->head ? journal->head_offset : 0;

	*bytesp = chunk->data + from;
	return chunk->used - from;
}

int world_journal_copy(struct memory *memory, const struct world *world,
		       struct journal_copy *copy)
{
	const struct journal *journal = &world->journal;
	const struct journal_chunk *chunk;
	const uint8_t *bytes;
	size_t size = 0;

	*copy = (struct journal_copy){ .memory = memory };
	for (chunk = journal->head; chunk; chunk = chunk->next)
		size += kept(journal, chunk, &bytes);
	if (!size)
		return 0;
	copy->bytes = memory_alloc(memory, size);
	if (!copy->bytes)
		return -1;
	for (chunk = journal->head; chunk; chunk = chunk->next) {
		size = kept(journal, chunk, &bytes);
		memcpy(copy->bytes + copy->len, bytes, size);
		copy->len += size;
	}
	return 0;
}

uint64_t world_journal_before(const struct world *world)
{
	return world->seq - world->journal.count;
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
