/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The operations that a world keeps, and reading them
 *
 * They stand in its journal. What a world was like between them is told by
 * core/world/rewind.h.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/world/operation.h"

/*
 * Operations that a journal keeps: at most HISTORY_MAX. HISTORY_ALL keeps every
 * one, and the operation after the HISTORY_MAX-th is refused.
 */
#define HISTORY_ALL     UINT64_MAX
#define HISTORY_DEFAULT 10000
#define HISTORY_MAX     1000000

/* The first and last seq that the journal holds; first > last: none. */
void world_history(const struct world *world, uint64_t *firstp,
		   uint64_t *lastp);

/* Operations to keep, as the world was created. */
uint64_t world_history_limit(const struct world *world);

/* Bytes that history takes: the journal and the checkpoints. */
uint64_t world_journal_bytes(const struct world *world);

/* Where a reader of the journal stands: see world_journal_seek(). */
struct journal_cursor {
	const struct journal_chunk *chunk;
	uint32_t offset;
	uint64_t seq; /* of the operation read last */
};

/**
 * world_journal_seek() - go to an operation of the journal
 * @world:  whose
 * @cursor: out: the next that is read is @seq
 * @seq:    from the first that world_history() tells, or one behind
 *          world_nearest() of a state that is kept, to one behind the last
 *
 * Cost: O(operations between two checkpoints).
 */
void world_journal_seek(const struct world *world,
			struct journal_cursor *cursor, uint64_t seq);

/**
 * world_journal_next() - read the journal
 * @world:  whose
 * @cursor: from world_journal_seek(), moved on; any world_apply() makes it invalid
 * @op:     out: the operation, args that it does not use are 0; op->text points
 *          into the journal
 *
 * Return: false at the end.
 * Cost:   O(1).
 */
bool world_journal_next(const struct world *world,
			struct journal_cursor *cursor, struct operation *op);

/* Operations of a journal, as they were when they were copied. */
struct journal_copy {
	struct memory *memory;
	uint8_t *bytes;
	size_t len, at;
};

/**
 * world_journal_copy() - keep operations, whatever becomes of the world
 * @memory: pays, kept
 * @world:  whose
 * @from:   the seq of the first one that is kept: from the first that
 *          world_history() tells, or one behind world_nearest() of a state
 *          that is kept, to one behind @to
 * @to:     and of the last one
 * @copy:   out: to be read from @from on
 *
 * Return: 0, or -1 with memory->refusal set and nothing to free.
 * Cost:   O(bytes of the operations): some ten each, and as
 *         world_journal_seek().
 */
int world_journal_copy(struct memory *memory, const struct world *world,
		       uint64_t from, uint64_t to, struct journal_copy *copy);

/* The next operation, as world_journal_next(); its text points into @copy. */
bool journal_copy_next(struct journal_copy *copy, struct operation *op);

/* Give the copy back; one that is all zeroes has nothing. */
void journal_copy_free(struct journal_copy *copy);
