/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The server: loops, listeners, signals, drain
 *
 * The server ends when nothing is left: it counts the listeners and the
 * connections of all loops, and whoever lets go of the last one stops them
 * all. Only then are worlds freed, so a loop serves the others' calls to the
 * end.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>
#include "proto/json/buffer.h"
#include "server/census.h"
#include "server/listen.h"
#include "server/loop.h"
#include "server/watchdog.h"

struct options;
struct tokens;

struct server {
	const struct options *options;
	struct loop *loops;
	unsigned loops_len;
	struct rpc_clients *clients; /* who may own what on all loops */
	struct buffer openrpc;       /* what GET /openrpc.json answers */
	struct buffer openrpc_gzip;  /* compressed; empty if it never is */
	unsigned connections_max;    /* of all loops together */
	unsigned connections_soft;   /* beyond which idle ones make room */
	atomic_int connections;      /* that count: see conn_room.c */
	atomic_int asked; /* of them, that loops are asked to close */
	struct census census;
	struct listener *listeners; /* in the order of listen.h */
	unsigned listeners_len;
	uint64_t started_ns;  /* since 1970 */
	uint64_t slow_ns;     /* what calls may hold up a loop for, untold */
	uint32_t instance;    /* random: tells this run's request ids apart */
	atomic_size_t queued; /* bytes of notifications that wait */
	atomic_bool aborts;   /* nothing is finished any more */

	/* private */
	atomic_uint holds; /* listeners, connections, the watchdog's round */
	uv_signal_t sigterm, sigint, sighup;
	pthread_mutex_t tokens_lock; /* of what follows */
	struct tokens *tokens;       /* NULL: everybody is anonymous */
	uv_timer_t drain_timer;
	struct watchdog watchdog;
	bool drain_begun; /* loop 0 only */
};

/**
 * server_new() - open listeners and take signals; server_run() follows
 * @options: kept, not copied
 *
 * Return: the server, or NULL; why not has been logged.
 */
struct server *server_new(const struct options *options);

/** server_free() - free a server that server_run() has returned from */
void server_free(struct server *server);

/**
 * server_run() - serve, this thread being the first loop's
 *
 * Ends after SIGTERM, SIGINT or server_drain(), once all accepted requests are
 * answered or the drain timeout is over. A second signal ends it at once. The
 * other loops' threads block every signal. A machine that refuses the threads
 * ends the process.
 */
void server_run(struct server *server);

/** server_drain() - begin to end, from any thread */
void server_drain(struct server *server);

/* For loops and connections. */

/** server_tokens() - hold the tokens that there are now, or NULL; any thread */
struct tokens *server_tokens(struct server *server);

/** server_hold() - one more listener or connection keeps the server going */
void server_hold(struct server *server);

/** server_hold_if_held() - likewise, unless everything is gone already: then
 * false */
bool server_hold_if_held(struct server *server);

/** server_release() - it is gone; the last one stops the server */
void server_release(struct server *server);

/** server_start_drain() - tell the supervisor of the drain and bound it; first
 * loop's thread only */
void server_start_drain(struct server *server);

/** server_close_handles() - close what the first loop holds for the server */
void server_close_handles(struct server *server);
