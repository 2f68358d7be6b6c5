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

/* A client, in the ring of those that have as many as it has. */
struct census_client {
	unsigned conns;
	uint32_t next, prev; /* numbers of clients */
};

struct census {
	/* private */
	pthread_mutex_t lock;
	unsigned loops;
	uint32_t room;                 /* clients that there are counts of */
	struct census_client *clients; /* by number; 0 is in no ring */
	unsigned *by_loops;            /* by client, and by loop */
	unsigned rings_room;
	uint32_t *rings; /* by how many: one that has so many; 0: nobody has */
	unsigned most;   /* the last ring that somebody is in; 0: none */
};

enum {
	CENSUS_ENOUGH = 64, /* of those who have most, to choose from */
	CENSUS_LOOKS = 1024 /* to find them */
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
 * Cost:   O(1), and now and then a larger table.
 */
bool census_enter(struct census *census, unsigned loop, uint32_t client,
		  uint64_t most);

/** census_leave() - one less, that census_enter() has counted. O(1) */
void census_leave(struct census *census, unsigned loop, uint32_t client);

/** census_largest() - how many connections who has most has. O(1) */
unsigned census_largest(struct census *census);

/**
 * census_most() - who has most connections
 * @anonymous: client 0 counts as the largest when it has more than this
 * @idle_since: of a client, UINT64_MAX: it is not idle at all. Of those who have
 *              equally many it is the one whose is least; the lock is held
 *
 * Where very many have equally many, it is the least of CENSUS_ENOUGH that are
 * idle, the next ones each time: seldom the very first of all, but one of the
 * first.
 *
 * Cost: O(loops), and CENSUS_LOOKS at most.
 */
struct census_most census_most(struct census *census, unsigned anonymous,
			       uint64_t (*idle_since)(const void *ctx,
						      uint32_t client),
			       const void *ctx);
