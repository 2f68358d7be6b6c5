/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Inside proto/rpc: where the memory of one loop's worlds comes from
 *
 * A world is made of small objects of few sizes, and a service has millions of
 * them. malloc() puts a header before each and rounds up; here objects of a size
 * lie side by side, without either:
 *
 *	slab, at a multiple of its size
 *	+------+--------+--------+--------+--------+ - - - - - - - -+
 *	| head | object | (free) | object | object | never used yet |
 *	+------+--------+--------+--------+--------+ - - - - - - - -+
 *
 * A slab goes back to the host with its last object. What is larger than
 * SLAB_OBJECT_MAX comes from malloc(), as does all of it where AddressSanitizer
 * is to see each object.
 *
 * One thread. What another one may free comes from plain_allocator().
 */
#include "core/mm/memory.h"

enum {
	SLAB_BYTES = 65536,
	SLAB_OBJECT_MAX = 512,
	SLAB_UNIT = 8, /* sizes are rounded up to its multiples */
	SLAB_SIZES = SLAB_OBJECT_MAX / SLAB_UNIT + 1,
	SLAB_SPARES =
		4, /* empty slabs that are kept for what comes next, beside
			    those that the host does not take */
};

struct slab;
struct slab_host;

struct slabs {
	const struct slab_host *host;
	size_t object_max; /* of larger ones each comes from malloc() */
	struct slab *with_room[SLAB_SIZES]; /* by size in units */
	struct slab *spares;
	unsigned nr_spares;
};

/** plain_allocator() - malloc() and free(), from any thread */
struct allocator plain_allocator(void);

/**
 * slabs_init() - no slab yet
 * @slabs: stays where it is
 * @host:  kept; NULL: aligned_alloc() and free()
 */
void slabs_init(struct slabs *slabs, const struct slab_host *host);

/** slabs_deinit() - give the spare slabs back; no object is in use any more */
void slabs_deinit(struct slabs *slabs);

/** slabs_allocator() - of objects that are freed in the same thread. Cost: O(1), and
 * now and then one call of the host's */
struct allocator slabs_allocator(struct slabs *slabs);
