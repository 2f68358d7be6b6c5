/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A walk of random operations through a world: calls, forks, threads, files
 *
 * What a seed draws depends on the seed and the world's state alone, so that
 * two equal worlds walk alike.
 */
#include <stdint.h>

#include "core/world/operation.h"

struct random_walk {
	uint64_t state;     /* the seed */
	char name[16];      /* of the file that is opened next */
	uint32_t max_alive; /* processes */
};

/* Walks begin at 8 living processes at most. */
void random_walk_init(struct random_walk *walk, uint64_t seed);

/**
 * random_operation() - draw the next operation
 * @walk:  moves on; op->text points into it until the next draw
 * @world: with at least one living process
 * @op:    out: one that world_apply() takes, but perhaps for descriptors
 */
void random_operation(struct random_walk *walk, const struct world *world,
		      struct operation *op);

/**
 * random_walk_run() - apply random operations
 * @steps: how many to draw; those that the service refuses count, too
 *
 * Return: 0, or -1 if the host refused one.
 */
int random_walk_run(struct random_walk *walk, struct world *world,
		    unsigned int steps);
