/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Inside proto/rpc: how much of what is done one by one fits in a turn
 *
 *	slice_begin() -> slice_admits(), before each operation
 *
 * A slice ends after limits->calls_per_slice operations, when much has been
 * allocated, or when it has taken long, at least one operation after it began.
 * The clock costs as much as a short operation, so it is looked at now and then;
 * but an operation may take as long as all takes that its world holds, so about a
 * large world it is looked at each time.
 */
#include "proto/rpc/service.h"

enum {
	SLICE_NS = 1000000,
	SLICE_BYTES = 2 << 20,
	SLICE_LOOK = 8, /* operations between two looks at the clock */
	/* Of a world: so many operations on one that holds less are short. */
	SLICE_LARGE_WORLD = 64 << 10,
};

struct slice {
	const struct rpc_service *service;
	const struct account *account;
	uint64_t start; /* by the host's clock */
	unsigned done;
};

/** slice_begin() - for this turn of @call, whose tenant pays for what is done */
void slice_begin(struct slice *slice, const struct call *call);

/** slice_admits() - does one more operation on @world fit? Then it is counted. */
bool slice_admits(struct slice *slice, const struct world *world);

/** slice_is_due() - is it time for a look at the clock, after so many operations?
 * @is_large: the world of one of them is */
static inline bool slice_is_due(unsigned done, bool is_large)
{
	return is_large || done % SLICE_LOOK == 0;
}

/** slice_world_is_large() - may a single operation take long? */
static inline bool slice_world_is_large(const struct world *world)
{
	return world_held(world) > SLICE_LARGE_WORLD;
}
