/* SPDX-License-Identifier: MIT */
#include "core/world/past.h"

#include <string.h>

#include "core/mm/assert.h"

/* -------------------------------------------------------- side memory */

static void *side_alloc(void *ctx, size_t size)
{
	return memory_alloc(ctx, size);
}

static void side_free(void *ctx, void *ptr, size_t size)
{
	memory_free(ctx, ptr, size);
}

void side_memory_init(struct side_memory *side, struct memory *payer)
{
	*side = (struct side_memory){
		.allocator = { side_alloc, side_free, payer },
		.account = { .max_processes = UINT64_MAX,
			     .max_threads = UINT64_MAX,
			     .max_areas = UINT64_MAX,
			     .max_bytes = UINT64_MAX },
	};
	memory_init(&side->memory, &side->allocator, &side->account);
}

void side_memory_deinit(struct side_memory *side)
{
	memory_deinit(&side->memory);
}

/* -------------------------------------------------------- checkpoints */

static void give_back(struct world *world, struct checkpoint *checkpoint)
{
	world->memory->account->journal_bytes -= checkpoint->bytes;
	world_free(checkpoint->state);
}

void past_cut(struct world *world, uint64_t seq)
{
	struct past *past = world->past;

	while (past && past->nr &&
	       past->checkpoints[past->nr - 1].after.seq > seq)
		give_back(world, &past->checkpoints[--past->nr]);
	if (past)
		memory_deinit(&past->side.memory);
}

bool past_reap(struct world *world, uint64_t *left)
{
	struct past *past = world->past;
	const struct checkpoint *checkpoint;

	if (!past)
		return true;
	while (past->nr) {
		checkpoint = &past->checkpoints[past->nr - 1];
		if (!world_reap(checkpoint->state, left))
			return false;
		world->memory->account->journal_bytes -= checkpoint->bytes;
		past->nr--;
	}
	side_memory_deinit(&past->side);
	memory_free(world->memory, past->checkpoints,
		    past->room * sizeof(*past->checkpoints));
	memory_free(world->memory, past, sizeof(*past));
	world->past = NULL;
	return true;
}

const struct checkpoint *past_find(const struct world *world, uint64_t seq)
{
	const struct past *past = world->past;
	uint32_t low = 0, high = past ? past->nr : 0, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (past->checkpoints[middle].after.seq <= seq)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? &past->checkpoints[low - 1] : NULL;
}

static struct past *past_of(struct world *world)
{
	if (!world->past) {
		world->past = memory_alloc(world->memory, sizeof(*world->past));
		if (world->past)
			side_memory_init(&world->past->side, world->memory);
	}
	return world->past;
}

static int reserve_checkpoint(struct past *past, struct memory *memory)
{
	uint32_t room = past->room ? 2 * past->room : 4;
	struct checkpoint *checkpoints;

	if (past->nr < past->room)
		return 0;
	checkpoints = memory_alloc(memory, room * sizeof(*checkpoints));
	if (!checkpoints)
		return -1;
	if (past->nr)
		memcpy(checkpoints, past->checkpoints,
		       past->nr * sizeof(*checkpoints));
	memory_free(memory, past->checkpoints,
		    past->room * sizeof(*checkpoints));
	past->checkpoints = checkpoints;
	past->room = room;
	return 0;
}

int past_add(struct world *world, const struct world *state,
	     const struct journal_cursor *after)
{
	struct past *past = past_of(world);
	struct checkpoint *checkpoint;
	enum world_status status;
	uint64_t before;

	if (!past || reserve_checkpoint(past, world->memory))
		return -1;
	before = past->side.account.bytes;
	checkpoint = &past->checkpoints[past->nr];
	status = world_clone(&past->side.memory, state, &checkpoint->state);
	/* What is left over waits for nobody. */
	memory_deinit(&past->side.memory);
	if (status != WORLD_OK)
		return -1;
	checkpoint->after = *after;
	checkpoint->after.seq = state->seq;
	checkpoint->bytes = past->side.account.bytes - before;
	world->memory->account->journal_bytes += checkpoint->bytes;
	past->nr++;
	return 0;
}

/* ---------------------------------------------------------- schedule */

/* The seq at which another checkpoint is due. */
static uint64_t next_checkpoint(const struct world *world)
{
	const struct past *past = world->past;
	const struct checkpoint *newest = NULL;
	uint64_t gap = world->journal.limit, dear;

	if (past && past->nr)
		newest = &past->checkpoints[past->nr - 1];
	if (gap > PAST_FARTHEST)
		gap = PAST_FARTHEST;
	if (gap < PAST_NEAREST)
		gap = PAST_NEAREST;
	dear = newest ? (newest->bytes + PAST_BYTES - 1) / PAST_BYTES : 0;
	if (gap < dear)
		gap = dear;
	return (newest ? newest->after.seq : 0) + gap;
}

/* How many operations lie before the first one of the journal. */
static uint64_t folded(const struct world *world)
{
	return world->seq - world->journal.count;
}

/* The oldest checkpoint that can still become the oldest state, or NULL. */
static const struct checkpoint *next_oldest(const struct world *world)
{
	const struct past *past = world->past;
	uint32_t i;

	for (i = 0; past && i < past->nr; i++)
		if (past->checkpoints[i].after.seq > folded(world))
			return &past->checkpoints[i];
	return NULL;
}

void past_schedule(struct world *world)
{
	const uint64_t limit = world->journal.limit;
	const struct checkpoint *oldest = next_oldest(world);

	world->due = limit ? next_checkpoint(world) : UINT64_MAX;
	if (limit != HISTORY_ALL && oldest &&
	    world->due > oldest->after.seq + limit)
		world->due = oldest->after.seq + limit;
}

static void fold(struct world *world)
{
	struct journal *journal = &world->journal;
	struct past *past = world->past;
	const struct checkpoint *base;
	uint32_t nr, i;

	if (journal->limit >= world->seq)
		return;
	base = past_find(world, world->seq - journal->limit);
	if (!base || base->after.seq == folded(world))
		return;
	journal_drop_before(journal, world->memory, &base->after,
			    base->after.seq - folded(world));
	nr = (uint32_t)(base - past->checkpoints);
	for (i = 0; i < nr; i++)
		give_back(world, &past->checkpoints[i]);
	memory_deinit(&past->side.memory);
	past->nr -= nr;
	memmove(past->checkpoints, base, past->nr * sizeof(*base));
}

void past_update(struct world *world)
{
	const struct journal_chunk *tail = world->journal.tail;
	const struct journal_cursor end = { tail, tail->used, world->seq };
	const bool refused = world->seq >= next_checkpoint(world) &&
			     past_add(world, world, &end);

	fold(world);
	past_schedule(world);
	if (refused)
		world->due = world->seq + PAST_NEAREST;
}

/* ------------------------------------------------------------ reading */

uint64_t world_journal_bytes(const struct world *world)
{
	uint64_t bytes = world->journal.bytes;
	uint32_t i;

	for (i = 0; world->past && i < world->past->nr; i++)
		bytes += world->past->checkpoints[i].bytes;
	return bytes;
}

void world_journal_seek(const struct world *world,
			struct journal_cursor *cursor, uint64_t seq)
{
	const struct checkpoint *base = past_find(world, seq - 1);
	struct operation op;

	*cursor = (struct journal_cursor){ .seq = folded(world) };
	if (base)
		*cursor = base->after;
	while (cursor->seq + 1 < seq &&
	       journal_next(&world->journal, cursor, &op))
		cursor->seq++;
}

bool world_journal_next(const struct world *world,
			struct journal_cursor *cursor, struct operation *op)
{
	if (!journal_next(&world->journal, cursor, op))
		return false;
	cursor->seq++;
	return true;
}

const struct world *world_base(const struct world *world, uint64_t seq)
{
	const struct checkpoint *base;

	if (seq == world->seq)
		return world;
	base = past_find(world, seq);
	return base ? base->state : NULL;
}

bool world_needs_origin(const struct world *world, uint64_t seq)
{
	return !world_base(world, seq);
}

uint64_t world_nearest(const struct world *world, uint64_t seq)
{
	const struct checkpoint *base;

	if (seq == world->seq)
		return seq;
	base = past_find(world, seq);
	return base ? base->after.seq : 0;
}

/* Repeat the operations behind @cursor up to @seq. */
static enum world_status repeat(const struct world *world,
				struct journal_cursor *cursor,
				struct world *state, uint64_t seq)
{
	enum world_status status = WORLD_OK;
	struct operation op;
	struct outcome out;

	while (state->seq < seq && status == WORLD_OK) {
		if (!journal_next(&world->journal, cursor, &op))
			break;
		out.vec = NULL;
		out.vec_size = 0;
		status = world_apply(state, &op, &out);
	}
	return status;
}

enum world_status world_at(struct side_memory *side, const struct world *world,
			   uint64_t seq, struct world *origin,
			   struct world **statep)
{
	const struct checkpoint *base = past_find(world, seq);
	struct journal_cursor cursor = { 0 };
	struct world *state = origin;
	enum world_status status = WORLD_OK;

	/* Also where no operation is kept to repeat. */
	if (seq == world->seq) {
		status = world_clone(&side->memory, world, &state);
	} else if (base) {
		cursor = base->after;
		status = world_clone(&side->memory, base->state, &state);
	}
	if (status == WORLD_OK)
		status = repeat(world, &cursor, state, seq);
	if (status != WORLD_OK) {
		world_free(state);
		return WORLD_REFUSED;
	}
	mm_assert(state->seq == seq);
	*statep = state;
	return WORLD_OK;
}
