/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * One event loop: a thread, listeners, a share of the worlds
 *
 * Loops share nothing but their inboxes. A task is the only thing that passes
 * between them; whatever it is embedded in belongs to the loop that runs it,
 * until that loop posts it on. Nothing ever waits for another loop.
 *
 * Work per turn is bounded: what is not finished puts itself behind the others
 * with loop_defer().
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>
#include "proto/http/http_answer.h"
#include "proto/json/buffer.h"
#include "proto/rpc/rpc.h"
#include "server/metrics.h"
#include "server/gzip.h"
#include "server/shares.h"
#include "server/timeouts.h"

struct conn;
struct tokens;
struct verdicts;
struct loop_listener;
struct server;

enum {
	LOOP_BACKLOG = 1024,    /* connections that wait to be accepted */
	LOOP_CHUNK = 32768,     /* bytes of one read */
	LOOP_OUT_MAX = 4 << 20, /* answers of one turn, large ones apart */
	LOOP_KEEP = 256 * 1024, /* what scratch buffers may keep */
};

/*
 * The scratch memory serves whichever connection has its turn, so that one
 * that waits for its client holds nothing. A connection that cannot finish
 * takes it along, and the loop makes itself anew what is missing.
 */
struct loop {
	uv_loop_t uv;
	struct server *server;
	unsigned number;
	struct rpc_service *service;
	bool draining;
	struct tokens *tokens;     /* held; NULL: everybody is anonymous */
	struct verdicts *verdicts; /* NULL: there was no memory */

	struct timeouts timeouts; /* in the time of loop_now() */
	struct conn *conns;       /* all of them, newest first */
	unsigned parting;         /* those on their way out, but not closing */
	/* Bytes of requests that are not complete and of answers that are not
	 * taken; jobs count theirs from wherever they are. */
	atomic_size_t pending;
	/* By one connection in this turn: bytes handed out, calls and the time
	 * that they took. */
	size_t written;
	uint64_t called, worked_ns;
	struct shares shares;
	/* uv_hrtime() of just now: what has been done since took no time worth
	 * a reading. The next job begins then. 0: the clock has to be read. */
	uint64_t moment;
	uint64_t requests_named;
	unsigned scrapes; /* connections that gather metrics */
	struct loop_stats stats;

	char *chunk;          /* scratch: LOOP_CHUNK bytes, or NULL */
	struct buffer out;    /* scratch: answers of this turn */
	struct buffer answer; /* scratch: the JSON-RPC answer in work */
	struct rpc_job *job;  /* scratch: the job in work, or NULL */
	struct gzip_pool gzips;

	/* private */
	pthread_t thread;
	struct loop_listener *listeners;
	uv_async_t wake;
	uv_timer_t timer;
	uint64_t timer_due; /* UINT64_MAX: not running */
	uint64_t looked;    /* uv_now() when loop_now() was called last */
	uint64_t absent;    /* ms that the loop did not run, until then */
	uv_timer_t sweep;   /* lets idle worlds end */
	uv_idle_t idle;     /* runs while tasks are ready, or worlds end */
	uv_prepare_t prepare;
	uint64_t turn_began; /* 0: nothing has come since the loop waited */
	char date[HTTP_DATE_LEN + 1];
	int64_t date_second;
	struct http_answer_start start; /* of answers with that date */
	pthread_mutex_t lock;           /* of what follows */
	struct task_queue inbox;
	unsigned signals;
	bool stopped;
};

enum loop_signal {
	LOOP_DRAIN = 1,  /* close the listeners, finish what was accepted */
	LOOP_ABORT = 2,  /* close every connection */
	LOOP_STOP = 4,   /* nothing is left in any loop: end */
	LOOP_RELOAD = 8, /* take the tokens that the server has now */
};

/**
 * loop_init() - prepare loop @number of @server; its options are read
 *
 * Return: 0, or a negative libuv error; the loop then needs no deinit.
 */
int loop_init(struct loop *loop, struct server *server, unsigned number);

/** loop_deinit() - free a loop that loop_run() has returned from, or that
 * loop_discard() has closed */
void loop_deinit(struct loop *loop);

/** loop_discard() - close what loop_init() opened, when the server cannot
 * start; loop_deinit() follows */
void loop_discard(struct loop *loop);

/**
 * loop_listen() - serve the bound socket @fd too, which is taken over
 * @is_unix: it is a unix socket
 *
 * Holds the server until the drain.
 *
 * Return: 0, or a negative libuv error.
 */
int loop_listen(struct loop *loop, int fd, bool is_unix);

/** loop_run() - serve in this thread, until LOOP_STOP */
void loop_run(struct loop *loop);

/** loop_signal() - tell @loop something, from any thread */
void loop_signal(struct loop *loop, enum loop_signal signal);

/** loop_post() - have @loop run @task, from any thread */
void loop_post(struct loop *loop, struct task *task);

/** loop_defer() - run @task behind what its client has ready already; own thread
 * only */
void loop_defer(struct loop *loop, struct task *task);

/**
 * loop_begin_turn() - something has come: to be called by whatever libuv calls
 * with work to do
 *
 * Return: uv_hrtime() if the turn begins with it, else 0.
 */
static inline uint64_t loop_begin_turn(struct loop *loop)
{
	if (loop->turn_began)
		return 0;
	return loop->turn_began = uv_hrtime();
}

/**
 * loop_now() - milliseconds that the loop has been there, for timeouts
 *
 * Stands while the process is stopped, or its machine, or a turn takes long: what
 * clients have sent meanwhile is in time.
 */
uint64_t loop_now(struct loop *loop);

/** loop_wait() - set a timeout; the timer of the loop follows */
void loop_wait(struct loop *loop, struct timeout *timeout,
	       enum timeout_kind kind);

/** loop_date() - now, as HTTP writes it; good until the next call */
const char *loop_date(struct loop *loop);

/** loop_answer_start() - how an answer begins now; good until the next call */
const struct http_answer_start *loop_answer_start(struct loop *loop);

/** loop_chunk() - the scratch chunk, made if it was taken; NULL: no memory */
char *loop_chunk(struct loop *loop);

/** loop_return_chunk() - give back a chunk that a connection had taken */
void loop_return_chunk(struct loop *loop, char *chunk);

/** loop_job() - the scratch job, made if it was taken; NULL: no memory */
struct rpc_job *loop_job(struct loop *loop);

/** loop_return_job() - give back a job that a connection had taken */
void loop_return_job(struct loop *loop, struct rpc_job *job);
