/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * How many connections each client has, on all loops together
 *
 * A connection is counted for the client whose token it showed last, and for
 * client 0, the anonymous one, until then; and no longer once it is on its way
 * out. From any thread: the numbers change when connections come, go or show a
 * token, which is seldom enough for a lock.
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct census {
	/* private */
	pthread_mutex_t lock;
	unsigned loops;
	uint32_t room;      /* clients that there are counts of */
	unsigned *all;      /* by client */
	unsigned *by_loops; /* by client, and by loop */
};

/* Who has most. */
struct census_most {
	uint32_t client;
	unsigned conns; /* on all loops; 0: nobody has any */
	unsigned loop;  /* where it has most of them */
};

/** census_init() - nobody has any on @loops loops; false: no memory */
bool census_init(struct census *census, unsigned loops);

/** census_deinit() - free it; a census of zeros is fine */
void census_deinit(struct census *census);

/**
 * census_enter() - one more connection of @client's on @loop
 * @most: that the client may have; 0: any number
 *
 * Return: false: it has them already, or there is no memory, which never
 *         happens to client 0.
 */
bool census_enter(struct census *census, unsigned loop, uint32_t client,
		  uint64_t most);

/** census_leave() - one less, that census_enter() has counted */
void census_leave(struct census *census, unsigned loop, uint32_t client);

/**
 * census_most() - who has most connections
 * @anonymous: client 0 counts as the largest when it has more than this
 * @is_before: is it rather @a than @b, who have equally many? The lock is held
 *
 * O(clients).
 */
struct census_most census_most(struct census *census, unsigned anonymous,
			       bool (*is_before)(const void *ctx, uint32_t a,
						 uint32_t b),
			       const void *ctx);
