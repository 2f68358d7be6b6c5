/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Checkpoints: states of a world's past, so that none is many operations away
 *
 *	creation        checkpoint          checkpoint            present
 *	   |----------------|--------------------|-------------------|
 *	   operations       ^ after              ^ after
 *
 * A state is made by copying the newest checkpoint before it and repeating the
 * operations since. Before the first checkpoint there is the creation, which the
 * world's creator can repeat and which costs nothing to keep.
 *
 * Two checkpoints are as many operations apart as the limit says, but at least
 * PAST_NEAREST and at most PAST_FARTHEST, and more where the older one takes
 * more than PAST_BYTES an operation. So all checkpoints together take no more
 * than PAST_BYTES for every operation that is kept and the newest one.
 *
 * What is folded away goes by whole stretches between checkpoints: as soon as a
 * checkpoint is as old as the limit, it becomes the oldest state. So the journal
 * holds up to one such stretch more than the limit; nobody sees it.
 */
#include "core/world/rewind.h"
#include "core/world/world_types.h"

#define PAST_NEAREST  64
#define PAST_FARTHEST 2048
#define PAST_BYTES    32

struct checkpoint {
	struct world *state;
	struct journal_cursor after; /* its chunk is NULL: before the journal */
	uint64_t bytes;
};

struct past {
	struct side_memory side;
	struct checkpoint *checkpoints; /* by rising seq */
	uint32_t nr, room;
};

/* Say when past_update() has work; after anything that changes the past. */
void past_schedule(struct world *world);

/**
 * past_update() - make a checkpoint and fold away what is too old, if it is time
 *
 * If the host refuses a checkpoint, the journal grows until the next try.
 */
void past_update(struct world *world);

/* Give all checkpoints back, in parts, as world_reap(). */
bool past_reap(struct world *world, uint64_t *left);

/**
 * past_add() - add a copy of a state as the newest checkpoint
 * @world: gets it
 * @state: not older than its checkpoints
 * @after: the place in the world's journal
 *
 * Return: 0, or -1 with the refusal set in the world's memory.
 */
int past_add(struct world *world, const struct world *state,
	     const struct journal_cursor *after);

/* Forget the checkpoints behind @seq. */
void past_cut(struct world *world, uint64_t seq);

/* The newest checkpoint not behind @seq, or NULL. */
const struct checkpoint *past_find(const struct world *world, uint64_t seq);
