/* SPDX-License-Identifier: MIT */
#include "server/conn.h"

#include <poll.h>
#include <stdlib.h>
#include <unistd.h>
#include "server/conn_private.h"
#include "server/options.h"
#include "server/server.h"
#include "server/verdicts.h"

enum {
	TURN_REQUESTS = 64,
	TURN_BYTES = 64 * 1024,
	TURN_NS = 1000000, /* of calls */
};

static struct conn *conn_of_timeout(struct timeout *timeout)
{
	return (struct conn *)((char *)timeout -
			       offsetof(struct conn, timeout));
}

/* Memory. */

static void drop_input(struct conn *conn)
{
	if (conn->held)
		loop_return_chunk(conn->loop, conn->held);
	conn->held = NULL;
	conn->input = (struct http_slice){ "", 0 };
}

/* Everything that a request holds before it is complete, and input behind it. */
HOT static void count_input(struct conn *conn)
{
	const struct http_codec *codec = &conn->codec;
	size_t held = conn->held ? LOOP_CHUNK : 0;

	if (conn->ws)
		held += conn_ws_held(conn);
	conn_count(conn, &conn->input_counted,
		   codec->head_bytes.capacity + codec->body_bytes.capacity +
			   held);
}

HOT bool conn_is_overload(const struct conn *conn)
{
	const uint64_t limit = conn->loop->server->options->pending_bytes;
	const size_t all = atomic_load_explicit(&conn->loop->pending,
						memory_order_relaxed);

	return all > limit ||
	       (conn_has_clients(conn) &&
		share_is_too_large(conn->share->pending, all, limit));
}

static void conn_free(struct conn *conn)
{
	struct loop *loop = conn->loop;

	if (conn->prev)
		conn->prev->next = conn->next;
	else
		loop->conns = conn->next;
	if (conn->next)
		conn->next->prev = conn->prev;
	drop_input(conn);
	http_codec_deinit(&conn->codec);
	buffer_deinit(&conn->answer);
	conn_return_job(conn);
	conn_count(conn, &conn->input_counted, 0);
	conn_count(conn, &conn->answer_counted, 0);
	free(conn->access);
	conn_ws_free(conn);
	loop->stats.closed++;
	free(conn);
	server_release(loop->server);
}

static void on_closed(uv_handle_t *handle)
{
	struct conn *conn = handle->data;

	conn->handle_closed = true;
	if (conn->errand == ERRAND_NONE)
		conn_free(conn);
}

void conn_close(struct conn *conn)
{
	if (conn->state == CONN_CLOSING)
		return;
	conn->state = CONN_CLOSING;
	atomic_store_explicit(&conn->is_gone, true, memory_order_relaxed);
	conn_leave(conn);
	conn->loop->parting--;
	conn_wait(conn, TIMEOUT_NONE);
	uv_close(&conn->handle, on_closed);
}

bool conn_resume(struct conn *conn)
{
	conn->errand = ERRAND_NONE;
	if (conn->handle_closed) {
		conn_free(conn);
		return false;
	}
	return conn->state == CONN_OPEN;
}

/* Turns. */

static bool is_blocked(const struct conn *conn)
{
	return conn->write || conn->errand != ERRAND_NONE;
}

static void on_turn(struct loop *loop, struct task *task)
{
	struct conn *conn = conn_of_task(task);

	(void)loop;
	if (conn_resume(conn))
		conn_work(conn);
}

CONN_APART static void yield_turn(struct conn *conn)
{
	conn->errand = ERRAND_TURN;
	conn->task.run = on_turn;
	loop_defer(conn->loop, &conn->task);
}

static bool may_decode(const struct conn *conn)
{
	return conn->state == CONN_OPEN && !conn->ends && !is_blocked(conn);
}

/* Reading. */

HOT static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
	struct conn *conn = handle->data;

	(void)suggested;
	buf->base = loop_chunk(conn->loop);
	buf->len = buf->base ? LOOP_CHUNK : 0;
}

static void stop_reading(struct conn *conn)
{
	if (conn->reading)
		uv_read_stop(conn_stream(conn));
	conn->reading = false;
}

static void on_read(uv_stream_t *stream, ssize_t nread, const uv_buf_t *buf);

static void start_reading(struct conn *conn)
{
	if (!conn->reading && !conn->input_ended)
		conn->reading =
			!uv_read_start(conn_stream(conn), on_alloc, on_read);
}

void conn_ignore_input(struct conn *conn)
{
	drop_input(conn);
	http_codec_deinit(&conn->codec);
	count_input(conn);
	start_reading(conn);
}

/* Keep the scratch chunk, in which input still lies. */
CONN_APART static void hold_chunk(struct conn *conn)
{
	if (conn->held)
		return;
	conn->held = conn->loop->chunk;
	conn->loop->chunk = NULL;
}

/* Has the client closed or reset its end, rather than shut the side it sends on? Of
 * TCP a reset alone tells. */
static bool has_hung_up(const struct conn *conn)
{
	struct pollfd ask = { .fd = -1 };

	return !uv_fileno(&conn->handle, &ask.fd) && poll(&ask, 1, 0) > 0;
}

/* What was accepted is answered; half a request is dropped. */
CONN_APART static void on_end_of_input(struct conn *conn)
{
	stop_reading(conn);
	conn->input_ended = true;
	if (conn->state == CONN_LINGERING)
		conn_linger(conn);
	else if (!is_blocked(conn))
		conn_end(conn);
	else if (has_hung_up(conn))
		conn_close(conn);
}

HOT static void on_read(uv_stream_t *stream, ssize_t nread, const uv_buf_t *buf)
{
	struct conn *conn = stream->data;
	const uint64_t moment = loop_begin_turn(conn->loop);

	if (nread > 0)
		conn->loop->stats.bytes_in += (size_t)nread;
	if (nread == UV_EOF)
		on_end_of_input(conn);
	else if (nread < 0)
		conn_close(conn);
	if (nread <= 0 || conn->state != CONN_OPEN)
		return;
	conn->input = (struct http_slice){ buf->base, (size_t)nread };
	if (is_blocked(conn)) {
		hold_chunk(conn);
		count_input(conn);
		stop_reading(conn);
		return;
	}
	conn->loop->moment = moment;
	conn_work(conn);
	/* There is more, and libuv would go on reading: others come first. */
	if ((size_t)nread == buf->len && may_decode(conn))
		yield_turn(conn);
}

/* Deciding. */

CONN_APART static void refuse_request(struct conn *conn)
{
	if (conn->codec.refused_head)
		conn->origin =
			route_origin(&conn->codec, conn->loop->server->options);
	conn_refuse(conn, conn->codec.refusal, NULL);
}

/* Decode up to the next event; false if that takes more input. */
static bool decode(struct conn *conn)
{
	enum http_codec_status status;
	size_t used;

	if (conn->ws)
		return conn_ws_decode(conn);
	status = http_codec_feed(&conn->codec, conn->input.at, conn->input.len,
				 &used);
	conn->input.at += used;
	conn->input.len -= used;
	switch (status) {
	case HTTP_CODEC_HEAD:
		/* The next head has a time of its own, wherever reads end. */
		if (conn->timeout.kind == TIMEOUT_HEADER)
			conn_wait(conn, TIMEOUT_NONE);
		conn_serve_head(conn);
		break;
	case HTTP_CODEC_REQUEST:
		conn_serve_request(conn);
		break;
	case HTTP_CODEC_REFUSED:
		refuse_request(conn);
		break;
	case HTTP_CODEC_MORE:
		return false;
	}
	return true;
}

HOT static enum timeout_kind awaited(const struct conn *conn)
{
	if (conn->write)
		return TIMEOUT_WRITE;
	if (conn->errand != ERRAND_NONE)
		return TIMEOUT_NONE;
	if (conn->ws)
		return conn_ws_awaited(conn);
	if (http_codec_is_idle(&conn->codec))
		return TIMEOUT_IDLE;
	return http_codec_awaits_body(&conn->codec) ? TIMEOUT_BODY
						    : TIMEOUT_HEADER;
}

/* Is nothing left that this connection still owes an answer to? */
static bool is_finished(const struct conn *conn)
{
	if (is_blocked(conn))
		return false;
	return conn->ends || conn->input_ended ||
	       (conn->loop->draining && !conn->ws &&
		http_codec_is_idle(&conn->codec));
}

/* Does the time of this kind run on whatever comes meanwhile? */
static bool is_fixed(enum timeout_kind kind)
{
	return kind == TIMEOUT_HEADER || kind == TIMEOUT_PING ||
	       kind == TIMEOUT_PONG;
}

/* Decide what the connection waits for next. */
static void settle(struct conn *conn)
{
	enum timeout_kind kind = awaited(conn);

	/* A chunk that has been decoded to its end holds nothing any more. */
	if (!conn->input.len)
		drop_input(conn);
	count_input(conn);
	if (kind == TIMEOUT_WRITE)
		conn->paced_since = 0;
	if (conn->state == CONN_OPEN && kind == TIMEOUT_BODY && !conn->ends &&
	    !conn_judge_body(conn)) {
		conn_flush(conn);
		kind = awaited(conn);
	}
	if (conn->state != CONN_OPEN)
		return;
	if (!is_fixed(kind) || conn->timeout.kind != kind)
		conn_wait(conn, kind);
	if (is_finished(conn)) {
		conn_end(conn);
	} else if (!is_blocked(conn)) {
		drop_input(conn);
		count_input(conn);
		start_reading(conn);
	} else if (conn->input.len) {
		hold_chunk(conn);
		count_input(conn);
		stop_reading(conn);
	}
}

/* Has this turn's share been used up, in bytes, in calls or in time? */
static bool has_had_share(const struct conn *conn)
{
	const struct loop *loop = conn->loop;

	return loop->written + loop->out.len >= TURN_BYTES ||
	       loop->called >= loop->server->options->rpc.calls_per_slice ||
	       loop->worked_ns >= TURN_NS;
}

/* Decode and answer what there is, within one turn's share of the loop. */
HOT void conn_work(struct conn *conn)
{
	unsigned events = 2 * TURN_REQUESTS; /* a head and a body each */

	conn->loop->written = 0;
	conn->loop->called = 0;
	conn->loop->worked_ns = 0;
	while (may_decode(conn) && decode(conn))
		if ((!--events || has_had_share(conn)) && may_decode(conn))
			yield_turn(conn);
	conn_flush(conn);
	settle(conn);
}

void conn_wake(struct conn *conn)
{
	if (may_decode(conn))
		conn_work(conn);
}

/* Life. */

static struct conn *conn_new(struct loop *loop, bool is_unix)
{
	struct conn *conn = calloc(1, sizeof(*conn));

	if (!conn)
		return NULL;
	/* Neither can fail. */
	if (is_unix)
		uv_pipe_init(&loop->uv, &conn->pipe, 0);
	else
		uv_tcp_init(&loop->uv, &conn->tcp);
	conn->handle.data = conn;
	conn->is_unix = is_unix;
	conn->loop = loop;
	conn->share = &loop->shares.anonymous;
	conn->next = loop->conns;
	if (conn->next)
		conn->next->prev = conn;
	loop->conns = conn;
	drop_input(conn);
	http_codec_init(&conn->codec, &loop->server->options->http,
			loop->verdicts ? loop->verdicts->heads : NULL);
	loop->parting++; /* unless it enters */
	loop->stats.accepted++;
	server_hold(loop->server);
	return conn;
}

bool conn_accept(struct loop *loop, int fd, bool is_unix)
{
	struct conn *conn = conn_new(loop, is_unix);

	if (!conn)
		return false;
	if (is_unix ? uv_pipe_open(&conn->pipe, fd)
		    : uv_tcp_open(&conn->tcp, fd)) {
		close(fd);
		conn_close(conn);
		return true;
	}
	if (!is_unix)
		uv_tcp_nodelay(&conn->tcp, 1);
	if (!conn_enter(conn))
		conn_refuse(conn, HTTP_OVERLOAD, NULL);
	conn_work(conn);
	return true;
}

void conn_expire(struct loop *loop, struct timeout *timeout)
{
	struct conn *conn = conn_of_timeout(timeout);

	(void)loop;
	switch (timeout->kind) {
	case TIMEOUT_HEADER:
	case TIMEOUT_BODY:
		conn_refuse_unfinished(conn, HTTP_TIMEOUT);
		conn_work(conn);
		break;
	case TIMEOUT_PING:
		conn_ws_ping(conn);
		conn_work(conn);
		break;
	case TIMEOUT_WRITE:
		conn_expire_write(conn);
		break;
	case TIMEOUT_LINGER:
		conn_expire_linger(conn);
		break;
	default:
		conn_abandon(conn);
		break;
	}
}

void conn_drain_all(struct loop *loop)
{
	struct conn *conn;

	for (conn = loop->conns; conn; conn = conn->next) {
		if (conn->ws && may_decode(conn))
			conn_work(conn);
		else if (conn->state == CONN_OPEN && is_finished(conn))
			conn_end(conn);
		else if (conn_is_done(conn))
			conn_close(conn);
	}
}

void conn_end_sockets(struct loop *loop)
{
	struct conn *conn;

	for (conn = loop->conns; conn; conn = conn->next) {
		if (!conn->ws)
			continue;
		conn->socket_ends = true;
		conn_wake(conn);
	}
}

void conn_look_at_busy(struct loop *loop)
{
	struct conn *conn;

	for (conn = loop->conns; conn; conn = conn->next)
		if (conn->errand == ERRAND_JOB && !conn->reading &&
		    conn->state == CONN_OPEN && has_hung_up(conn))
			conn_close(conn);
}

void conn_close_all(struct loop *loop)
{
	struct conn *conn;

	for (conn = loop->conns; conn; conn = conn->next)
		conn_close(conn);
}
