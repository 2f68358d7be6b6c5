/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The end of a world, in parts
 *
 * A world with all of its history can take a while to give back. Its last owner
 * may put it into a queue instead of calling world_free(), and give back what
 * waits there object by object. Until then its memory pays for it.
 */
#include <stdbool.h>
#include <stdint.h>

struct world;

/* Worlds that have ended, the oldest first; all zeroes: none. */
struct world_queue {
	struct world *first, *last;
};

/** world_queue_add() - instead of world_free(), for the last owner alone */
void world_queue_add(struct world_queue *queue, struct world *world);

/**
 * world_queue_reap() - give back what waits
 * @left: objects to give back, counted down: areas, page tables, chunks of the
 *        journal ...; UINT64_MAX: all
 *
 * Return: whether worlds are left; then *@left is 0.
 * Cost:   O(*@left).
 */
bool world_queue_reap(struct world_queue *queue, uint64_t *left);

/** world_is_shared() - does the world have more owners than the one that asks? */
bool world_is_shared(const struct world *world);

/**
 * world_ends_unseen() - nobody will look at the world once it is over
 *
 * From now on the operation that ends its last process leaves the address space
 * to whoever ends the world, unless steps are to be told; the world is then good
 * for world_history(), its names and its end alone.
 */
void world_ends_unseen(struct world *world);
