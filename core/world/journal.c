/* SPDX-License-Identifier: MIT */
#include "core/world/journal.h"

#include <string.h>

#include "core/hot.h"
#include "core/world/operation_codec.h"

void journal_init(struct journal *journal, uint64_t limit)
{
	memset(journal, 0, sizeof(*journal));
	journal->limit = limit;
}

static size_t chunk_size(const struct journal_chunk *chunk)
{
	return sizeof(*chunk) + chunk->room;
}

static void free_chunk(struct journal *journal, struct memory *memory,
		       struct journal_chunk *chunk)
{
	journal->bytes -= chunk_size(chunk);
	memory->account->journal_bytes -= chunk_size(chunk);
	memory_free(memory, chunk, chunk_size(chunk));
}

static void drop_head(struct journal *journal, struct memory *memory)
{
	struct journal_chunk *chunk = journal->head;

	journal->head = chunk->next;
	if (!journal->head)
		journal->tail = NULL;
	journal->head_offset = 0;
	free_chunk(journal, memory, chunk);
}

void journal_deinit(struct journal *journal, struct memory *memory)
{
	while (journal->head)
		drop_head(journal, memory);
}

bool journal_reap(struct journal *journal, struct memory *memory,
		  uint64_t *left)
{
	for (; journal->head; --*left) {
		if (!*left)
			return false;
		drop_head(journal, memory);
	}
	return true;
}

static size_t next_chunk_size(const struct journal *journal, size_t need)
{
	size_t size = JOURNAL_FIRST_CHUNK;

	if (journal->tail)
		size = 2 * chunk_size(journal->tail);
	if (size > JOURNAL_CHUNK)
		size = JOURNAL_CHUNK;
	need += sizeof(struct journal_chunk);
	return need > size ? need : size;
}

static int add_chunk(struct journal *journal, struct memory *memory,
		     size_t need)
{
	size_t size = next_chunk_size(journal, need);
	struct journal_chunk *chunk = memory_alloc(memory, size);

	if (!chunk)
		return -1;
	chunk->room = (uint32_t)(size - sizeof(*chunk));
	if (journal->tail)
		journal->tail->next = chunk;
	else
		journal->head = chunk;
	journal->tail = chunk;
	journal->bytes += size;
	memory->account->journal_bytes += size;
	return 0;
}

HOT enum world_status journal_prepare(struct journal *journal,
				      struct memory *memory,
				      const struct operation *op)
{
	struct journal_chunk *tail = journal->tail;
	const size_t room = tail ? tail->room - tail->used : 0;
	uint8_t *begin;
	size_t size;

	journal->pending = 0;
	if (!journal->limit)
		return WORLD_OK;
	if (journal->limit == HISTORY_ALL && journal->count >= HISTORY_MAX)
		return WORLD_HISTORY_FULL;

	/* Mostly there is room for any, and the size need not be known. */
	if (room < OPERATION_ENCODED_MAX + (size_t)op->text_len) {
		size = operation_encoded_size(op);
		if (size > room && add_chunk(journal, memory, size))
			return WORLD_REFUSED;
		tail = journal->tail;
	}
	begin = tail->data + tail->used;
	journal->pending = (uint32_t)(operation_encode(op, begin) - begin);
	return WORLD_OK;
}

void journal_commit(struct journal *journal)
{
	if (!journal->limit)
		return;
	journal->tail->used += journal->pending;
	journal->pending = 0;
	journal->count++;
}

void journal_drop_before(struct journal *journal, struct memory *memory,
			 const struct journal_cursor *place, uint64_t nr)
{
	if (!place->chunk)
		return;
	while (journal->head != place->chunk)
		drop_head(journal, memory);
	journal->head_offset = place->offset;
	journal->count -= nr;
}

void journal_drop_behind(struct journal *journal, struct memory *memory,
			 const struct journal_cursor *place, uint64_t nr)
{
	struct journal_chunk *chunk = journal->head, *next;

	journal->pending = 0;
	journal->count -= nr;
	if (!place->chunk) {
		journal_deinit(journal, memory);
		return;
	}
	while (chunk != place->chunk)
		chunk = chunk->next;
	chunk->used = place->offset;
	journal->tail = chunk;
	for (next = chunk->next, chunk->next = NULL; next; next = chunk) {
		chunk = next->next;
		free_chunk(journal, memory, next);
	}
}

void journal_join(struct journal *journal, struct journal *later)
{
	if (!later->head)
		return;
	if (journal->tail)
		journal->tail->next = later->head;
	else
		journal->head = later->head;
	journal->tail = later->tail;
	journal->pending = 0;
	journal->count += later->count;
	journal->bytes += later->bytes;
	journal_init(later, later->limit);
}

bool journal_next(const struct journal *journal, struct journal_cursor *cursor,
		  struct operation *op)
{
	const struct journal_chunk *chunk = cursor->chunk;
	const uint8_t *end;

	if (!chunk) {
		chunk = journal->head;
		cursor->offset = journal->head_offset;
	}
	while (chunk && cursor->offset == chunk->used) {
		chunk = chunk->next;
		cursor->offset = 0;
	}
	if (!chunk)
		return false;
	end = operation_decode(chunk->data + cursor->offset, op);
	cursor->chunk = chunk;
	cursor->offset = (uint32_t)(end - chunk->data);
	return true;
}
