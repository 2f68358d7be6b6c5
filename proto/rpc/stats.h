/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What a service has done, in numbers
 *
 * Each service counts for itself, in plain memory that only its own thread
 * touches; whoever wants the sum visits one service after the other.
 *
 * Clocks cost as much as a short call. So a request is timed as a whole, by
 * two readings, which for a single call are the call's as well; of a batch's
 * calls about one in 16 is timed, at uneven distances.
 */
#include <stdbool.h>
#include <stdint.h>

#include "proto/rpc/errors.h"
#include "proto/rpc/histogram.h"
#include "proto/rpc/rpc.h"

struct rpc_method_stats {
	uint64_t results, errors;
	struct histogram time; /* of those that were timed */
};

struct rpc_stats {
	/* by number; the last: names that are no method, or no name at all */
	struct rpc_method_stats methods[RPC_METHODS_MAX + 1];
	uint64_t errors[ERROR_NR_KEYS]; /* also of bodies refused as a whole */
	struct histogram requests;      /* from first look to last byte */
	uint64_t abandoned; /* calls: nobody waited for their answers */
};

/* What is there now. */
struct rpc_levels {
	uint64_t processes, worlds, areas, bytes, journal_bytes;
	uint64_t subscriptions;
	uint64_t missed; /* operations that subscribers were not told */
};

/** rpc_stats_merge() - add what @service has counted so far to @into. O(1) */
void rpc_stats_merge(struct rpc_stats *into, const struct rpc_service *service);

/** rpc_levels_add() - add what @service holds to @into. O(1) */
void rpc_levels_add(struct rpc_levels *into, const struct rpc_service *service);

struct method_entry;

/* For rpc_run(). */

/** stats_clock() - the host's clock, 0 without one */
uint64_t stats_clock(const struct rpc_service *service);

/** stats_call() - a call of @entry, NULL: of none, has been carried out, or
 * refused with @key */
void stats_call(struct rpc_service *service, struct rpc_job *job,
		const struct method_entry *entry, enum error_key key);

/** stats_body() - @job has been refused as a whole */
void stats_body(struct rpc_service *service, struct rpc_job *job,
		enum error_key key);

/** stats_wants_time() - is the next call of a batch to be timed? */
bool stats_wants_time(struct rpc_service *service);

/** stats_time() - a call of @entry, as above, took @ns */
void stats_time(struct rpc_service *service, const struct method_entry *entry,
		uint64_t ns);

/**
 * stats_turn() - rpc_run() returns @status, having been entered at @start
 *
 * Times the job, and with it a call that was alone in it.
 */
void stats_turn(struct rpc_service *service, struct rpc_job *job,
		enum rpc_status status, uint64_t start);
