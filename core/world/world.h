/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Worlds: emulated machines with their processes, files and history
 *
 * A world is deterministic: its state is a function of how it was created and
 * of the operations since. Operations are applied and kept in one place,
 * world_apply(), which is also the only way to change a world.
 *
 * A world is used by one thread at a time. All memory comes from, and is
 * charged to, the struct memory given at creation.
 *
 *	process_setup.h   how one is created
 *	operation.h       what changes it
 *	history.h         the operations that it keeps
 *	rewind.h          what it was earlier, and going on from there
 *	process.h proc.h  its processes, and what /proc tells of them
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/mm/memory.h"

struct machine;
struct process;
struct world;

/* Why an operation or a creation did not happen. Nothing has changed then. */
enum world_status {
	WORLD_OK,
	WORLD_REFUSED,        /* by the host: memory->refusal says why */
	WORLD_BAD_PARAM,      /* creation: struct creation_error says which;
				 operation: outside what enum op_code says */
	WORLD_THREAD_UNKNOWN, /* no such thread in the process */
	WORLD_PROCESS_GONE,   /* the process has exited, or never was */
	WORLD_FD_TAKEN,       /* file.open: the descriptor is open already */
	WORLD_FD_UNKNOWN,     /* file.close: no such descriptor */
	WORLD_FD_LIMIT,       /* file.open: DESCRIPTORS_MAX are open */
	WORLD_HISTORY_FULL,   /* "all" was asked for and HISTORY_MAX are kept */
};

/**
 * world_share() - let the world have one more owner
 *
 * Each owner calls world_free(); the last one's call ends the world.
 *
 * Return: @world.
 */
struct world *world_share(struct world *world);

/**
 * world_free() - end a world and give everything back, or its last owner does;
 * world_end.h has the same in parts
 * @world: may be NULL
 *
 * Cost: O(areas + page tables + kept operations / 100), and as much for each of
 *       its checkpoints.
 */
void world_free(struct world *world);

/**
 * world_clone() - copy all of a world but its history
 * @memory: pays for the copy, whose areas and processes count as its own
 * @world:  not changed, nor is its memory
 * @clonep: out: the copy, owned by the caller; untouched on error
 *
 * The copy answers every operation as the original would: areas have the same
 * ids, trees the same shape, and seq goes on from the same number. It keeps no
 * history: world_history() says so; nobody watches it, and its processes have
 * no process_name().
 *
 * Return: WORLD_OK, or WORLD_REFUSED with memory->refusal set and everything
 *         given back.
 * Cost:   O(areas + page tables): about what the original takes in memory;
 *         world_clone.h has the same in parts.
 */
enum world_status world_clone(struct memory *memory, const struct world *world,
			      struct world **clonep);

/*
 * Raised by every change that lets an operation answer, or a state be, other
 * than before: whoever kept a hash or recorded answers of a lower number may
 * find them different now. A new operation alone is no such change.
 */
#define ENGINE_BEHAVIOUR 6

/* Of all that a world's answers depend on. */
struct world_digest {
	uint64_t words[2];
};

/**
 * world_hash() - one number for the whole emulated state
 * @memory: pays for the work
 * @world:  not changed
 * @digest: out
 *
 * Two worlds of the same creation and operations have the same digest, on
 * whatever machine; what the journal keeps is no part of it. It protects
 * against accidents, not against malice.
 *
 * Return: 0, or -1 with memory->refusal set.
 * Cost:   O(areas + page tables).
 */
int world_hash(struct memory *memory, const struct world *world,
	       struct world_digest *digest);

/**
 * world_touch() - note when the world was used last
 * @mark: by the owner's clock, since the engine has none; it means nothing here
 *
 * world_touched() answers the last mark, 0 for a new world or a clone.
 */
void world_touch(struct world *world, uint32_t mark);
uint32_t world_touched(const struct world *world);

/**
 * world_set_note() - keep a pointer for the owner, which means nothing here
 *
 * world_note() answers the last one, NULL for a new world or a clone.
 */
void world_set_note(struct world *world, void *note);
void *world_note(const struct world *world);

/* Operations applied so far. */
uint64_t world_seq(const struct world *world);

/*
 * Bytes that the present state holds: processes and threads, areas, page tables,
 * files and what is cached of them; each object counts for itself, whatever
 * free list or block it comes from. Neither the history nor the text of its
 * creation is part of it. It never passes the max_world_bytes of the account that
 * pays; states of a side_memory have no such bound, but for drafts.
 */
uint64_t world_held(const struct world *world);

/* Who pays for it, as given to world_new(). */
struct memory *world_memory(const struct world *world);

/* The seed that it was created with. */
uint64_t world_seed(const struct world *world);

/* The text that the world was created with; NULL and 0: none. */
const char *world_origin(const struct world *world, size_t *lenp);

/* Whether all processes have exited. */
bool world_is_over(const struct world *world);

/* The process of that number, also after its exit; NULL: never existed. */
struct process *world_process(const struct world *world, uint32_t number);

/* The emulated machine. */
const struct machine *world_machine(const struct world *world);
