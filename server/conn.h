/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * One connection, from accept to close
 *
 *	OPEN ---- refusal, Connection: close, end of input ----> LINGERING
 *	  |                                                         |
 *	  +---- error, timeout, client gone ----> CLOSING <---------+
 *
 * OPEN: requests are decoded and answered strictly in order. All that one read
 * brings is answered in one write. While an answer is worked on elsewhere, or
 * the client has yet to take what was written, nothing further is decoded, and
 * after one more read nothing further is read.
 * LINGERING: everything is written and our side shut; what the client still
 * sends is dropped while it takes the answer at no less than the least rate,
 * and for a bounded time after that, since closing at once could destroy the
 * answer on its way. Where the client has shut its side as well, that it has
 * taken everything is the end.
 * CLOSING: the handle is on its way down. The memory goes when the handle is
 * closed and no task is out.
 *
 * A WebSocket is a connection whose requests are messages: see conn_ws.c.
 *
 * A connection that waits for its client holds nothing but this struct; there
 * are many of them, so what only a request in work needs is elsewhere.
 */
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <uv.h>
#include "proto/http/http_codec.h"
#include "proto/rpc/rpc.h"
#include "server/access.h"
#include "server/loop.h"
#include "server/route.h"

enum conn_state {
	CONN_OPEN,
	CONN_LINGERING,
	CONN_CLOSING,
};

/* Why the connection's task is out; its fields belong to whoever runs it. */
enum conn_errand {
	ERRAND_NONE,
	ERRAND_TURN, /* to go on behind others, in this loop */
	ERRAND_JOB,  /* to other loops: job, answer and metrics are away */
	ERRAND_GZIP, /* its answer is being compressed, in this loop */
};

struct conn_write;
struct conn_ws;

struct conn {
	union {
		uv_handle_t handle;
		uv_stream_t stream;
		uv_tcp_t tcp;
		uv_pipe_t pipe; /* is_unix */
	};
	struct loop *loop;
	struct conn *prev, *next;
	struct timeout timeout;
	struct spare spare; /* its place among those that may make room */
	uint8_t state;
	uint8_t errand;
	uint8_t route; /* of the request in work */
	bool takes_gzip;
	bool is_unix; /* it came through a unix socket */
	bool reading;
	bool stays;       /* it counts: it is not on its way out */
	bool ends;        /* after what is being answered */
	bool socket_ends; /* a WebSocket: before the next message */
	bool input_ended; /* the client has shut its side */
	bool handle_closed;
	atomic_bool is_gone; /* closing: for the job, wherever it is */
	bool wants_open_metrics;
	bool placed;              /* the request in work has a route */
	const char *allow;        /* methods, of ROUTE_OPTIONS */
	const char *origin;       /* of the request in work: route_origin() */
	struct rpc_caller caller; /* of the request in work, once it is known */

	/* Of a body that comes, or of the last answer that is taken: from when
	 * on it is judged how fast that is, in ms, and the bytes that there
	 * were, or were left, then; 0: it is not, yet. */
	uint64_t paced_since;
	size_t paced_from;

	struct http_codec codec;
	struct http_slice input; /* read, not yet decoded */
	char *held; /* the chunk that input is in, unless it is scratch */
	struct conn_write *write;
	struct share *share;  /* of the client whose request came last */
	size_t input_counted; /* as pending: what input and codec hold */

	struct task task;
	struct rpc_job *job; /* in work: the loop's scratch, or taken along */
	struct buffer answer;
	size_t answer_counted;   /* as pending: what the job has written */
	struct metrics *metrics; /* away with the task, or NULL */
	struct gzip *gzip;       /* with ERRAND_GZIP */
	struct access *access;   /* of the request in work, or NULL */
	struct conn_ws *ws;      /* of a WebSocket, or NULL */
};

/** conn_accept() - serve the accepted socket @fd, a unix one if @is_unix, which is
 * taken over; false: there is no memory, and it is the caller's still */
bool conn_accept(struct loop *loop, int fd, bool is_unix);

/** conn_expire() - @timeout, a connection's, has come */
void conn_expire(struct loop *loop, struct timeout *timeout);

/** conn_drain_all() - close what is idle, let the others end; to be called again,
 * as some take the last of their answer without a sound */
void conn_drain_all(struct loop *loop);

/** conn_end_sockets() - close WebSockets, as who they are is to be asked anew */
void conn_end_sockets(struct loop *loop);

/** conn_look_at_busy() - close what clients have hung up while a call was under way
 * for them, and nothing was read; to be called now and then */
void conn_look_at_busy(struct loop *loop);

/** conn_close_all() - close every connection of @loop now */
void conn_close_all(struct loop *loop);
