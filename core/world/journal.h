/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The operations of a world, in order
 *
 * Encoded operations lie in a list of chunks:
 *
 *	head                                      tail
 *	+---------------+    +--------------+    +--------------+
 *	|xxxx|op|op|op| | -> |op|op|op|op|op| -> |op|op|~~|     |
 *	+---------------+    +--------------+    +--------------+
 *	     ^ head_offset                             ^  ^ used + pending
 *
 * xxxx were dropped, ~~ is prepared and not yet committed. An operation never
 * crosses a chunk. Nothing is allocated before the first operation; chunks then
 * grow from JOURNAL_FIRST_CHUNK to JOURNAL_CHUNK bytes.
 */
#include <stdint.h>

#include "core/world/history.h"

#define JOURNAL_FIRST_CHUNK 128
#define JOURNAL_CHUNK       4096

struct journal_chunk {
	struct journal_chunk *next;
	uint32_t room, used; /* bytes of data */
	uint8_t data[];
};

struct journal {
	struct journal_chunk *head, *tail; /* both NULL: nothing kept */
	uint64_t limit; /* operations to keep, or HISTORY_ALL; more may be */
	uint64_t count; /* operations there */
	uint64_t bytes; /* that the chunks take */
	uint32_t head_offset, pending;
};

/* An empty journal; of @limit 0 it stays empty. */
void journal_init(struct journal *journal, uint64_t limit);

/* Give all chunks back. */
void journal_deinit(struct journal *journal, struct memory *memory);

/* The same in parts, as world_reap(). */
bool journal_reap(struct journal *journal, struct memory *memory,
		  uint64_t *left);

/**
 * journal_prepare() - write an operation that may yet not happen
 * @journal: where; what was prepared before and not committed is forgotten
 * @memory:  pays for a new chunk
 * @op:      to write
 *
 * Return: WORLD_OK, WORLD_HISTORY_FULL or WORLD_REFUSED.
 */
enum world_status journal_prepare(struct journal *journal,
				  struct memory *memory,
				  const struct operation *op);

/** journal_commit() - keep what was prepared */
void journal_commit(struct journal *journal);

/**
 * journal_drop_before() - forget the operations before a place
 * @journal: where
 * @memory:  gets emptied chunks back
 * @place:   behind the last one to forget; its chunk is NULL: there is none
 * @nr:      how many are forgotten
 *
 * Cursors that stand at or behind the place stay valid.
 */
void journal_drop_before(struct journal *journal, struct memory *memory,
			 const struct journal_cursor *place, uint64_t nr);

/**
 * journal_drop_behind() - forget the operations behind a place
 * @journal: where
 * @memory:  gets emptied chunks back
 * @place:   behind the last one that stays; its chunk is NULL: none does
 * @nr:      how many are forgotten
 */
void journal_drop_behind(struct journal *journal, struct memory *memory,
			 const struct journal_cursor *place, uint64_t nr);

/**
 * journal_join() - let one journal go on with the operations of another
 * @later: what comes behind @journal, and was never cut; empty afterwards. Its
 *         chunks change hands: they count in the caller's accounts
 */
void journal_join(struct journal *journal, struct journal *later);

/**
 * journal_next() - read the next operation
 * @journal: which
 * @cursor:  chunk, NULL to start, and offset are moved on; seq is the caller's
 * @op:      out
 *
 * Return: false at the end.
 */
bool journal_next(const struct journal *journal, struct journal_cursor *cursor,
		  struct operation *op);
