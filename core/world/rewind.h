/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Worlds of another moment: what was, and what may yet be
 *
 * A state is a world of its own, made for a look, or for its world to go on from.
 */
#include <stdbool.h>
#include <stdint.h>

#include "core/mm/memory.h"
#include "core/world/world.h"

/*
 * Memory for worlds that only look back: their bytes are paid by another memory,
 * but their areas and processes count nowhere.
 */
struct side_memory {
	struct allocator allocator;
	struct account account;
	struct memory memory;
};

/* @payer pays, and outlives @side; @side must not move. */
void side_memory_init(struct side_memory *side, struct memory *payer);

/* Nothing of it may be in use, but for what world_rewind() has taken over. */
void side_memory_deinit(struct side_memory *side);

/**
 * world_base() - what world_at() copies: the present, or the newest checkpoint
 * before that state
 * @world: whose
 * @seq:   as world_at() takes it
 *
 * Return: as long as @world does not change; NULL: neither, world_at() begins with
 *         the creation.
 */
const struct world *world_base(const struct world *world, uint64_t seq);

/**
 * world_needs_origin() - is there neither the present nor a checkpoint to begin
 * with?
 * @seq: as world_at() takes it
 */
bool world_needs_origin(const struct world *world, uint64_t seq);

/**
 * world_nearest() - the seq of the newest state from which world_at() begins
 * @world: whose
 * @seq:   as world_at() takes it
 *
 * world_at() takes what this answers as well, and repeats nothing then.
 */
uint64_t world_nearest(const struct world *world, uint64_t seq);

/**
 * world_at() - the state after an earlier operation, as a world of its own
 * @side:   pays for it
 * @world:  not changed
 * @seq:    from one before the first that world_history() tells to the last
 * @origin: where world_needs_origin(), a world of @side just made as @world was,
 *          but for history 0; becomes the state, or is freed on error. Else NULL
 * @statep: out: the state, which keeps no history; for world_free(),
 *          world_rewind() or world_branch(). Untouched on error
 *
 * Return: WORLD_OK, or WORLD_REFUSED with the refusal set in the memory that pays
 *         for @side.
 * Cost:   O(areas + page tables) and the operations since the last checkpoint:
 *         at most 2048, or a 32nd of the checkpoint's bytes if that is more.
 */
enum world_status world_at(struct side_memory *side, const struct world *world,
			   uint64_t seq, struct world *origin,
			   struct world **statep);

/** world_bound_as() - let a copy hold as much as @world may: what it is to carry
 * out is refused as there. @copy: has its side_memory for itself */
void world_bound_as(struct world *copy, const struct world *world);

/**
 * world_rewind() - undo the operations behind a state
 * @world: its seq goes on from that of @state; later operations are forgotten
 * @state: of world_at() for @world, its memory paid by the world's; freed, but
 *         not on error
 *
 * Pointers to processes, areas and files of the world are dead afterwards.
 * Processes that the state does not have yet are gone, those that have exited
 * since are back. All others keep their process_name().
 *
 * Return: WORLD_OK, or WORLD_REFUSED with nothing changed.
 * Cost:   O(areas + page tables) of both.
 */
enum world_status world_rewind(struct world *world, struct world *state);

/**
 * world_branch() - a second world that went another way from a state on
 * @memory:  kept; pays for the branch, and for @state already
 * @world:   not changed, nor is its memory
 * @state:   of world_at() for @world; freed, but not on error
 * @branchp: out: has the history up to the state, and is its owner's like one of
 *           world_new(); untouched on error
 *
 * Return: WORLD_OK, or WORLD_REFUSED with memory->refusal set.
 * Cost:   O(kept operations), and the bytes of the checkpoints before the state.
 */
enum world_status world_branch(struct memory *memory, const struct world *world,
			       struct world *state, struct world **branchp);

/**
 * world_draft() - a copy of a world, for operations that may yet not happen
 * @side:   pays for it
 * @world:  not changed
 * @draftp: out: answers every operation as @world would, and keeps those that
 *          it carries out if @world keeps any; for world_free() or
 *          world_adopt(). Untouched on error
 *
 * Return: WORLD_OK, or WORLD_REFUSED with the refusal set in the memory that pays
 *         for @side.
 * Cost:   O(areas + page tables).
 */
enum world_status world_draft(struct side_memory *side,
			      const struct world *world, struct world **draftp);

/**
 * world_adopt() - let a world be what its draft has become, all at once
 * @world: has not changed since world_draft(); its history goes on with the
 *         draft's operations
 * @draft: its memory paid by the world's; freed, but not on error
 *
 * Pointers to processes, areas and files of the world are dead afterwards.
 * Processes keep their process_name(); those that the draft forked have none.
 * The draft's operations make no checkpoint among them: to look back between
 * them takes the time of as many.
 *
 * Return: WORLD_OK; WORLD_HISTORY_FULL, or WORLD_REFUSED, with nothing changed.
 * Cost:   O(areas + page tables) of both.
 */
enum world_status world_adopt(struct world *world, struct world *draft);
