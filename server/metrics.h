/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What GET /metrics tells
 *
 * Each loop counts for itself, without locks. To be told, the numbers are
 * gathered by visiting the loops one after the other (conn_metrics.c), so the
 * sum is of slightly different moments; each number for itself is exact.
 */
#include <stdbool.h>
#include <stdint.h>
#include "proto/http/http_refusal.h"
#include "proto/rpc/stats.h"

struct buffer;
struct loop;
struct server;

enum {
	METRICS_STATUS_FIRST = 100,
	METRICS_STATUSES = 500
};

/* What a connection is in the middle of. */
enum conn_doing {
	DOING_NOTHING, /* it is between two requests */
	DOING_REQUEST, /* half of one has come */
	DOING_SOCKET,  /* a WebSocket between messages, or within one */
	DOING_ANSWER,  /* its client has yet to take one */
	DOING_CALL,
	CONN_DOINGS
};

/** conn_doing_name() - as metrics and the log call it */
const char *conn_doing_name(enum conn_doing doing);

/* A loop's own counters, touched by its thread alone. */
struct loop_stats {
	uint64_t accepted, closed;        /* connections */
	uint64_t sockets, sockets_closed; /* WebSockets among them */
	uint64_t notifications;           /* sent to these */
	uint64_t bytes_in, bytes_out;
	uint64_t answers[METRICS_STATUSES]; /* by HTTP status */
	uint64_t refusals[HTTP_REFUSALS];
	uint64_t cut[CONN_DOINGS]; /* connections that made room */
	struct histogram turns;    /* from waking up to waiting again */
};

/** loop_stats_answer() - one more answer of that HTTP status */
static inline void loop_stats_answer(struct loop_stats *stats, unsigned status)
{
	stats->answers[status - METRICS_STATUS_FIRST]++;
}

/* All loops' numbers on their way. */
struct metrics {
	unsigned visited; /* loops */
	bool open_metrics;
	bool draining;
	uint64_t pending; /* bytes of answers */
	struct loop_stats all;
	struct rpc_stats rpc;
	struct rpc_levels levels;
	struct histogram turns[]; /* of each loop */
};

/** metrics_new() - nothing gathered yet, for @loops loops; free() it.
 * NULL: no memory */
struct metrics *metrics_new(unsigned loops, bool open_metrics);

/** metrics_visit() - add @loop's numbers; in its thread */
void metrics_visit(struct metrics *metrics, const struct loop *loop);

/** metrics_write() - append everything to @out, which may fail */
void metrics_write(const struct metrics *metrics, struct server *server,
		   struct buffer *out);
