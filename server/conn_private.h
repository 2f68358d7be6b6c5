/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What the files of a connection share
 *
 * conn.c reads, decodes and decides when; conn_body.c judges whether what comes
 * slowly may go on coming. conn_serve.c judges requests, and has conn_job.c work on
 * those that hold calls; conn_metrics.c gathers metrics.
 * conn_answer.c knows what answers look like, conn_write.c brings them to the
 * client, and conn_linger.c waits until it has the last one. conn_ws.c does all
 * this for WebSockets. conn_room.c decides who has to go.
 */
#include "server/conn.h"
#include "server/options.h"
#include "server/server.h"

/* Keeps what few requests need out of what all run through, so that the latter
 * stays in the processor's instruction cache. */
#define CONN_APART __attribute__((noinline))

/* Longer answers are not copied, but written from where they are. */
enum {
	CONN_ANSWER_COPY = 16384
};

static inline struct conn *conn_of_task(struct task *task)
{
	return (struct conn *)((char *)task - offsetof(struct conn, task));
}

static inline uv_stream_t *conn_stream(struct conn *conn)
{
	return &conn->stream;
}

/** conn_has_clients() - are clients told apart, and have shares of the loop? */
static inline bool conn_has_clients(const struct conn *conn)
{
	return conn->loop->server->options->tokens;
}

/* What a connection is when it is to make room: one that waits for a client who
 * has yet to show a token has nothing to lose. */
static inline enum spare_kind conn_spare_kind(const struct conn *conn)
{
	if (conn->timeout.kind == TIMEOUT_NONE)
		return SPARE_BUSY;
	if (conn->timeout.kind == TIMEOUT_IDLE ||
	    (!conn->share->client && conn_has_clients(conn)))
		return SPARE_IDLE;
	return SPARE_WAITING;
}

/** conn_line_up() - something has come of the connection: others make room before
 * it */
static inline void conn_line_up(struct conn *conn)
{
	struct shares *shares = &conn->loop->shares;

	spare_take(&conn->spare);
	if (conn->stays)
		spare_push(shares, &conn->share->spares[conn_spare_kind(conn)],
			   &conn->spare);
	else if (conn->timeout.kind != TIMEOUT_NONE)
		spare_push(shares, &shares->leaving, &conn->spare);
}

/* Sets what the connection waits for next. */
static inline void conn_wait(struct conn *conn, enum timeout_kind kind)
{
	loop_wait(conn->loop, &conn->timeout, kind);
	conn_line_up(conn);
}

/** conn_enter() - the connection, which is new, counts from now on; others may
 * have to go for that. False: there is no room */
bool conn_enter(struct conn *conn);

/** conn_leave() - it counts no longer, as it is on its way out */
void conn_leave(struct conn *conn);

/** conn_change_share() - it counts for the client whose share this is; false: who
 * has as many connections as it may, or there is no memory */
bool conn_change_share(struct conn *conn, struct share *share);

/* Counts @bytes more as pending; fewer, if they are negative. */
static inline void conn_pend(struct conn *conn, size_t bytes)
{
	atomic_fetch_add_explicit(&conn->loop->pending, bytes,
				  memory_order_relaxed);
	atomic_fetch_add_explicit(&conn->share->pending, bytes,
				  memory_order_relaxed);
}

/* Counts @bytes as pending instead of what *@counted says. */
static inline void conn_count(struct conn *conn, size_t *counted, size_t bytes)
{
	if (*counted == bytes)
		return;
	conn_pend(conn, bytes - *counted);
	*counted = bytes;
}

/** conn_is_overload() - does the connection's loop hold more than it may, or so
 * much that its client has to make way for others? */
bool conn_is_overload(const struct conn *conn);

/* Moves a buffer out of its place, which keeps an empty one. */
static inline struct buffer conn_take_buffer(struct buffer *from)
{
	struct buffer taken = *from;

	buffer_init(from, from->max);
	return taken;
}

/**
 * conn_work() - decode and answer what there is, within a turn's share
 *
 * To be called after whatever kept the connection from going on. Writes what
 * has been answered, and settles what is waited for next.
 */
void conn_work(struct conn *conn);

/** conn_close() - bring the connection down; its memory goes later */
__attribute__((cold)) void conn_close(struct conn *conn);

/**
 * conn_resume() - the connection's task has come home
 *
 * Return: false if there is no going on; the memory may be gone then.
 */
bool conn_resume(struct conn *conn);

/** conn_refuse() - answer the request in work with a refusal, the last answer */
__attribute__((cold)) void
conn_refuse(struct conn *conn, enum http_refusal refusal, const char *allow);

/** conn_answer_page() - answer a request for one of the server's own pages, which
 * conn->route says, or begin to gather it */
CONN_APART void conn_answer_page(struct conn *conn);

/** conn_next_request() - the request in work is answered: decode the next one */
static inline void conn_next_request(struct conn *conn)
{
	http_codec_next(&conn->codec);
	conn->origin = NULL;
	conn->caller = (struct rpc_caller){ 0 };
	conn->paced_since = 0;
}

/**
 * conn_answer_job() - send conn->answer, the answer to the request in work
 * @coding: what it is compressed with, or NULL
 */
CONN_APART void conn_answer_job(struct conn *conn, const char *coding);

enum conn_gzip {
	CONN_GZIP_NO,   /* the answer is to go out as it is */
	CONN_GZIP_DONE, /* it is compressed */
	CONN_GZIP_AWAY, /* in work; conn_answer_job() will be called */
};

/** conn_gzip() - compress conn->answer, if that is wanted and possible */
enum conn_gzip conn_gzip(struct conn *conn);

/** conn_is_large() - does whether gzip is accepted decide on @len bytes? */
bool conn_is_large(const struct conn *conn, size_t len);

/** conn_serve_head() - refuse a request by its head, or let its body come */
void conn_serve_head(struct conn *conn);

/** conn_serve_request() - answer a complete request, or send it on its way */
void conn_serve_request(struct conn *conn);

/** conn_begin_job() - answer @body, or send it on its way; it stays where it is
 * until then, or http_codec_keep_body() can make it */
void conn_begin_job(struct conn *conn, struct http_slice body);

/** conn_send_answer() - send conn->answer behind its head, which is in loop->out
 * already */
void conn_send_answer(struct conn *conn);

/**
 * conn_judge_body() - may the body, or the message, that has not all come go on?
 *
 * To be asked each time that something of it has come, and nothing else is in work.
 *
 * Return: false: it was too slow, or the loop holds too much; that has been answered,
 *         or a WebSocket closed, and remains to be written.
 */
bool conn_judge_body(struct conn *conn);

/** conn_refuse_unfinished() - refuse what has not all come, or cannot be worked on, be
 * it a head, a body or a message; the last answer */
void conn_refuse_unfinished(struct conn *conn, enum http_refusal refusal);

/** conn_ws_open() - agree to the handshake whose head has been read; from now on
 * the connection is a WebSocket, and ends @until its token expires, in seconds
 * since 1970; INT64_MAX: never */
void conn_ws_open(struct conn *conn, int64_t until);

/** conn_ws_free() - free what a WebSocket has beside other connections */
void conn_ws_free(struct conn *conn);

/** conn_ws_subscriber() - who may subscribe by this connection's jobs, or NULL */
struct rpc_subscriber *conn_ws_subscriber(struct conn *conn);

/** conn_wake() - there may be something to do; nothing if it is blocked */
void conn_wake(struct conn *conn);

/** conn_ws_decode() - decode and answer up to the next message; false if that
 * takes more input */
CONN_APART bool conn_ws_decode(struct conn *conn);

/** conn_ws_answer() - send conn->answer as a message, if it says anything */
void conn_ws_answer(struct conn *conn);

/** conn_ws_held() - bytes that messages take on their way in */
size_t conn_ws_held(const struct conn *conn);

/** conn_ws_arrived() - bytes there are of a message that is not complete */
size_t conn_ws_arrived(const struct conn *conn);

/** conn_ws_refuse() - close, as the message on its way in is refused */
void conn_ws_refuse(struct conn *conn, enum http_refusal refusal);

/** conn_ws_awaited() - what a WebSocket that is not blocked waits for */
enum timeout_kind conn_ws_awaited(const struct conn *conn);

/** conn_ws_ping() - ask whether the client is still there */
void conn_ws_ping(struct conn *conn);

/** conn_serve_metrics() - gather all loops' metrics, and answer then */
void conn_serve_metrics(struct conn *conn);

/** conn_answer_metrics() - answer the request for metrics with @text */
void conn_answer_metrics(struct conn *conn, const struct buffer *text,
			 bool open_metrics);

/**
 * conn_flush() - write this turn's answers
 *
 * They lie in the loop's scratch buffer and, behind it, in conn->answer if that
 * is here. What the client does not take at once is kept in conn->write.
 */
void conn_flush(struct conn *conn);

/** conn_return_answer() - conn->answer is no longer needed; its memory is scratch
 * again, if that is missing and this was scratch before */
static inline void conn_return_answer(struct conn *conn)
{
	struct loop *loop = conn->loop;

	/* What a notification or compression has filled has another maximum. */
	if (loop->answer.capacity || conn->answer.max != loop->answer.max) {
		buffer_deinit(&conn->answer);
		return;
	}
	buffer_reset(&conn->answer, LOOP_KEEP);
	loop->answer = conn_take_buffer(&conn->answer);
}

/** conn_return_job() - conn->job has been answered and logged, or there is none */
static inline void conn_return_job(struct conn *conn)
{
	if (conn->job)
		loop_return_job(conn->loop, conn->job);
	conn->job = NULL;
}

/** conn_abandon() - close at once; what the client has not taken, the system
 * throws away, rather than keep it until a client that does not read has it */
void conn_abandon(struct conn *conn);

/** conn_expire_write() - close, unless the client took enough meanwhile */
void conn_expire_write(struct conn *conn);

/** conn_held_by_system() - bytes that are written, but not acknowledged by the
 * client's machine, or not read from a unix socket; a TCP socket's end is one, too */
size_t conn_held_by_system(struct conn *conn);

/** conn_is_too_slow() - of @before bytes @left are left after a write timeout: has
 * the client taken less than the least rate? */
bool conn_is_too_slow(const struct conn *conn, size_t before, size_t left);

/** conn_ignore_input() - drop what is left of requests, and what still comes */
void conn_ignore_input(struct conn *conn);

/** conn_end() - everything is answered: shut our side, and wait until the client
 * has taken what is written, and has hung up */
CONN_APART void conn_end(struct conn *conn);

/** conn_linger() - that wait begins, or the client has shut its side meanwhile;
 * closes if there is nothing to wait for */
void conn_linger(struct conn *conn);

/** conn_is_done() - has the client, which has shut its side, taken the last answer,
 * or gone without it? Costs a system call or two */
bool conn_is_done(struct conn *conn);

/** conn_expire_linger() - close, unless the client is still taking its answer */
void conn_expire_linger(struct conn *conn);
