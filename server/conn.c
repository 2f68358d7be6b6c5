/* SPDX-License-Identifier: MIT */
#include "server/conn.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include "server/log.h"
#include "server/options.h"
#include "server/page.h"
#include "server/server.h"

enum {
	TURN_REQUESTS = 64,
	TURN_BYTES = 64 * 1024,
	ANSWER_COPY = 16384, /* larger ones are written from where they are */
};

/* Bytes that the client did not take at once; in this order. */
struct conn_write {
	uv_write_t req;
	struct conn *conn;
	struct buffer parts[2];
	size_t left; /* when the timeout was set last */
};

static void conn_work(struct conn *conn);

static struct conn *conn_of_timeout(struct timeout *timeout)
{
	return (struct conn *)((char *)timeout -
			       offsetof(struct conn, timeout));
}

static struct conn *conn_of_task(struct task *task)
{
	return (struct conn *)((char *)task - offsetof(struct conn, task));
}

static uv_stream_t *stream_of(struct conn *conn)
{
	return (uv_stream_t *)&conn->tcp;
}

/* Memory. */

static void drop_input(struct conn *conn)
{
	if (conn->held)
		loop_return_chunk(conn->loop, conn->held);
	conn->held = NULL;
	conn->input = (struct http_slice){ NULL, 0 };
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
	atomic_fetch_sub(&loop->server->connections, 1);
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

static void conn_close(struct conn *conn)
{
	if (conn->state == CONN_CLOSING)
		return;
	conn->state = CONN_CLOSING;
	loop_wait(conn->loop, &conn->timeout, TIMEOUT_NONE);
	uv_close((uv_handle_t *)&conn->tcp, on_closed);
}

/* Reading. */

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
	struct conn *conn = handle->data;

	(void)suggested;
	buf->base = loop_chunk(conn->loop);
	buf->len = buf->base ? LOOP_CHUNK : 0;
}

static bool is_blocked(const struct conn *conn)
{
	return conn->write || conn->errand != ERRAND_NONE;
}

static void stop_reading(struct conn *conn)
{
	if (conn->reading)
		uv_read_stop(stream_of(conn));
	conn->reading = false;
}

static void on_read(uv_stream_t *stream, ssize_t nread, const uv_buf_t *buf);

static void start_reading(struct conn *conn)
{
	if (!conn->reading && !conn->input_ended)
		conn->reading =
			!uv_read_start(stream_of(conn), on_alloc, on_read);
}

/* Keep the scratch chunk: it holds undecoded input or a body in work. */
static void hold_chunk(struct conn *conn)
{
	if (conn->held)
		return;
	conn->held = conn->loop->chunk;
	conn->loop->chunk = NULL;
}

static void on_end_of_input(struct conn *conn)
{
	stop_reading(conn);
	conn->input_ended = true;
	/* What was accepted is answered; half a request is dropped. */
	if (conn->state == CONN_LINGERING || !is_blocked(conn))
		conn_close(conn);
}

static void on_read(uv_stream_t *stream, ssize_t nread, const uv_buf_t *buf)
{
	struct conn *conn = stream->data;

	if (nread == UV_EOF)
		on_end_of_input(conn);
	else if (nread < 0)
		conn_close(conn);
	if (nread <= 0 || conn->state != CONN_OPEN)
		return;
	conn->input = (struct http_slice){ buf->base, (size_t)nread };
	if (is_blocked(conn)) {
		hold_chunk(conn);
		stop_reading(conn);
		return;
	}
	conn_work(conn);
}

/* Writing. */

static void end_output(struct conn *conn)
{
	uv_os_fd_t fd;

	if (conn->input_ended || uv_fileno((uv_handle_t *)&conn->tcp, &fd) ||
	    shutdown(fd, SHUT_WR)) {
		conn_close(conn);
		return;
	}
	conn->state = CONN_LINGERING;
	drop_input(conn);
	start_reading(conn);
	loop_wait(conn->loop, &conn->timeout, TIMEOUT_LINGER);
}

static void write_free(struct conn_write *write)
{
	buffer_deinit(&write->parts[0]);
	buffer_deinit(&write->parts[1]);
	free(write);
}

static void on_written(uv_write_t *req, int status)
{
	struct conn_write *write = req->data;
	struct conn *conn = write->conn;

	conn->loop->pending -= write->parts[0].len + write->parts[1].len;
	conn->write = NULL;
	write_free(write);
	if (status < 0)
		conn_close(conn);
	else if (conn->state == CONN_OPEN)
		conn_work(conn);
}

/* Moves a buffer out of the loop, which gets an empty one. */
static struct buffer take_buffer(struct buffer *from)
{
	struct buffer taken = *from;

	buffer_init(from, from->max);
	return taken;
}

/* The client takes the rest of @parts, from byte @done on, in its own time. */
static int write_later(struct conn *conn, struct buffer *parts[2], size_t done)
{
	struct conn_write *write = calloc(1, sizeof(*write));
	uv_buf_t bufs[2];
	unsigned i, n = 0;
	int err;

	if (!write)
		return UV_ENOMEM;
	write->conn = conn;
	write->req.data = write;
	for (i = 0; i < 2; i++) {
		struct buffer *part = &write->parts[i];
		size_t skip = done < parts[i]->len ? done : parts[i]->len;

		*part = take_buffer(parts[i]);
		if (skip < part->len)
			bufs[n++] = uv_buf_init(part->data + skip,
						(unsigned)(part->len - skip));
		done -= skip;
	}
	err = uv_write(&write->req, stream_of(conn), bufs, n, on_written);
	if (err) {
		write_free(write);
		return err;
	}
	conn->write = write;
	write->left = uv_stream_get_write_queue_size(stream_of(conn));
	conn->loop->pending += write->parts[0].len + write->parts[1].len;
	return 0;
}

static int write_parts(struct conn *conn, struct buffer *parts[2])
{
	uv_buf_t bufs[2];
	size_t total = 0, done;
	unsigned i, n = 0;
	int written;

	for (i = 0; i < 2; i++) {
		if (parts[i]->failed)
			return UV_ENOMEM;
		if (!parts[i]->len)
			continue;
		bufs[n++] =
			uv_buf_init(parts[i]->data, (unsigned)parts[i]->len);
		total += parts[i]->len;
	}
	if (!total)
		return 0;
	conn->loop->written += total;
	written = uv_try_write(stream_of(conn), bufs, n);
	if (written < 0 && written != UV_EAGAIN)
		return written;
	done = written > 0 ? (size_t)written : 0;
	return done < total ? write_later(conn, parts, done) : 0;
}

/* Write this turn's answers; conn->answer, if it is here, comes last. */
static void flush(struct conn *conn)
{
	struct buffer *out = &conn->loop->out;
	struct buffer nothing = { 0 };
	const bool job_is_away = conn->errand == ERRAND_JOB;
	struct buffer *parts[2] = { out,
				    job_is_away ? &nothing : &conn->answer };

	if (write_parts(conn, parts) < 0)
		conn_close(conn);
	buffer_reset(out, LOOP_KEEP);
	buffer_deinit(parts[1]);
}

/* Answering. */

/* How the answer to the request in work leaves the connection. */
static enum http_after after_answer(struct conn *conn)
{
	if (conn->loop->draining || !conn->codec.keep_alive) {
		conn->ends = true;
		return HTTP_AFTER_CLOSE;
	}
	return conn->codec.minor ? HTTP_AFTER_KEEP : HTTP_AFTER_KEEP_1_0;
}

static void refuse(struct conn *conn, enum http_refusal refusal,
		   const char *allow)
{
	const struct http_refusal_answer answer = {
		.refusal = refusal,
		.limit = http_codec_limit(conn->codec.limits, refusal),
		.allow = allow,
		.date = loop_date(conn->loop),
		.without_body = conn->codec.verb == HTTP_VERB_HEAD,
	};

	http_answer_refusal(&conn->loop->out, &answer);
	conn->ends = true;
	log_line(LOG_DEBUG, "refused: %s", http_refusal_text(refusal)->key);
}

static void answer_content(struct conn *conn, const char *type,
			   const char *content, size_t len, const char *fields)
{
	const struct http_answer answer = {
		.status = 200,
		.after = after_answer(conn),
		.type = type,
		.length = len,
		.fields = fields,
		.date = loop_date(conn->loop),
	};

	http_answer_head(&conn->loop->out, &answer);
	if (conn->codec.verb != HTTP_VERB_HEAD)
		buffer_append(&conn->loop->out, content, len);
}

static void answer_nothing(struct conn *conn, const char *fields)
{
	const struct http_answer answer = {
		.status = 204,
		.after = after_answer(conn),
		.fields = fields,
		.date = loop_date(conn->loop),
	};

	http_answer_head(&conn->loop->out, &answer);
}

static void answer_options(struct conn *conn)
{
	char fields[64];

	snprintf(fields, sizeof(fields), "Allow: %s\r\n", conn->allow);
	answer_nothing(conn, fields);
}

static void answer_text(struct conn *conn, const char *text)
{
	answer_content(conn, "text/plain; charset=utf-8", text, strlen(text),
		       "Cache-Control: no-store\r\n");
}

/* The job is done and its answer here. A large one is not copied: it goes out
 * behind what this turn has written before. */
static void answer_job(struct conn *conn)
{
	struct buffer *answer = &conn->answer;
	const struct http_answer head = {
		.status = 200,
		.after = after_answer(conn),
		.type = "application/json",
		.length = answer->len,
		.date = loop_date(conn->loop),
	};

	if (answer->failed)
		refuse(conn, HTTP_OVERLOAD, NULL);
	else if (!answer->len)
		answer_nothing(conn, NULL);
	else
		http_answer_head(&conn->loop->out, &head);
	http_codec_next(&conn->codec);
	if (!answer->failed && answer->len > ANSWER_COPY) {
		flush(conn);
		return;
	}
	if (!answer->failed)
		buffer_append(&conn->loop->out, answer->data, answer->len);
	buffer_reset(answer, LOOP_KEEP);
	buffer_deinit(&conn->loop->answer);
	conn->loop->answer = take_buffer(answer);
}

/* JSON-RPC. */

static void on_job_returned(struct loop *loop, struct task *task)
{
	struct conn *conn = conn_of_task(task);

	(void)loop;
	conn->errand = ERRAND_NONE;
	if (conn->handle_closed) {
		conn_free(conn);
		return;
	}
	if (conn->state != CONN_OPEN)
		return;
	answer_job(conn);
	conn_work(conn);
}

/* Work on the job in @loop, which may be another than the connection's. */
static void on_job(struct loop *loop, struct task *task)
{
	struct conn *conn = conn_of_task(task);
	unsigned owner = loop->number;

	switch (rpc_run(loop->service, &conn->job, &owner)) {
	case RPC_YIELD:
		loop_defer(loop, task);
		break;
	case RPC_ELSEWHERE:
		loop_post(&loop->server->loops[owner], task);
		break;
	case RPC_DONE:
		task->run = on_job_returned;
		if (conn->loop == loop)
			on_job_returned(loop, task);
		else
			loop_post(conn->loop, task);
		break;
	}
}

/*
 * Most jobs are done at once, with the body where it was read and the answer
 * in scratch memory. The others take both along.
 */
static void begin_job(struct conn *conn)
{
	struct loop *loop = conn->loop;
	unsigned owner = loop->number;
	enum rpc_status status;

	conn->answer = take_buffer(&loop->answer);
	rpc_job_init(&conn->job, conn->codec.body.at, conn->codec.body.len,
		     &conn->answer);
	status = rpc_run(loop->service, &conn->job, &owner);
	if (status == RPC_DONE) {
		answer_job(conn);
		return;
	}
	if (!http_codec_keep_body(&conn->codec)) {
		conn_close(conn);
		return;
	}
	conn->job.body = conn->codec.body.at;
	conn->task.run = on_job;
	conn->errand = ERRAND_JOB;
	if (status == RPC_YIELD)
		loop_defer(loop, &conn->task);
	else
		loop_post(&loop->server->loops[owner], &conn->task);
}

/* Requests. */

static void on_head(struct conn *conn)
{
	const struct options *options = conn->loop->server->options;
	struct route_verdict verdict = route_judge(&conn->codec, options);

	if (!verdict.refusal && verdict.route == ROUTE_RPC &&
	    conn->loop->pending > options->pending_bytes)
		verdict.refusal = HTTP_OVERLOAD;
	if (!verdict.refusal && verdict.route == ROUTE_READY &&
	    conn->loop->draining)
		verdict.refusal = HTTP_SHUTDOWN;
	if (verdict.refusal) {
		refuse(conn, verdict.refusal, verdict.allow);
		return;
	}
	conn->route = (uint8_t)verdict.route;
	conn->allow = verdict.allow;
	if (conn->codec.expects_continue && conn->codec.has_body &&
	    !conn->input.len)
		http_answer_continue(&conn->loop->out);
}

static void on_request(struct conn *conn)
{
	const struct buffer *openrpc = &conn->loop->server->openrpc;

	switch ((enum route)conn->route) {
	case ROUTE_RPC:
		begin_job(conn);
		return;
	case ROUTE_OPENRPC:
		answer_content(conn, "application/json", openrpc->data,
			       openrpc->len, NULL);
		break;
	case ROUTE_HEALTH:
		answer_text(conn, "alive\n");
		break;
	case ROUTE_READY:
		answer_text(conn, "ready\n");
		break;
	case ROUTE_PAGE:
		answer_content(conn, "text/html; charset=utf-8", page_html,
			       strlen(page_html), page_fields);
		break;
	case ROUTE_OPTIONS:
		answer_options(conn);
		break;
	}
	http_codec_next(&conn->codec);
}

/* Decode up to the next event; false if that takes more input. */
static bool decode(struct conn *conn)
{
	enum http_codec_status status;
	size_t used;

	status = http_codec_feed(&conn->codec, conn->input.at, conn->input.len,
				 &used);
	conn->input.at += used;
	conn->input.len -= used;
	switch (status) {
	case HTTP_CODEC_HEAD:
		on_head(conn);
		break;
	case HTTP_CODEC_REQUEST:
		on_request(conn);
		break;
	case HTTP_CODEC_REFUSED:
		refuse(conn, conn->codec.refusal, NULL);
		break;
	case HTTP_CODEC_MORE:
		return false;
	}
	return true;
}

static enum timeout_kind awaited(const struct conn *conn)
{
	if (conn->write)
		return TIMEOUT_WRITE;
	if (conn->errand != ERRAND_NONE)
		return TIMEOUT_NONE;
	if (http_codec_is_idle(&conn->codec))
		return TIMEOUT_IDLE;
	return http_codec_awaits_body(&conn->codec) ? TIMEOUT_BODY
						    : TIMEOUT_HEADER;
}

/* Decide what the connection waits for now. */
static void settle(struct conn *conn)
{
	enum timeout_kind kind = awaited(conn);

	if (conn->state != CONN_OPEN)
		return;
	/* The header's time is not prolonged by further bytes of it. */
	if (kind != TIMEOUT_HEADER || conn->timeout.kind != kind)
		loop_wait(conn->loop, &conn->timeout, kind);
	if (is_blocked(conn)) {
		if (conn->input.len) {
			hold_chunk(conn);
			stop_reading(conn);
		}
		return;
	}
	if (conn->ends || conn->input_ended) {
		end_output(conn);
		return;
	}
	drop_input(conn);
	start_reading(conn);
}

static void on_turn(struct loop *loop, struct task *task)
{
	struct conn *conn = conn_of_task(task);

	(void)loop;
	conn->errand = ERRAND_NONE;
	if (conn->handle_closed)
		conn_free(conn);
	else if (conn->state == CONN_OPEN)
		conn_work(conn);
}

static void yield_turn(struct conn *conn)
{
	conn->errand = ERRAND_TURN;
	conn->task.run = on_turn;
	loop_defer(conn->loop, &conn->task);
}

static bool may_decode(const struct conn *conn)
{
	return conn->state == CONN_OPEN && !conn->ends && !is_blocked(conn);
}

/* Has this turn's share been used up, in bytes? */
static bool has_had_share(struct conn *conn)
{
	return conn->loop->written + conn->loop->out.len >= TURN_BYTES;
}

/* Decode and answer what there is, within one turn's share of the loop. */
static void conn_work(struct conn *conn)
{
	unsigned events = 2 * TURN_REQUESTS; /* a head and a body each */

	conn->loop->written = 0;
	while (may_decode(conn) && decode(conn))
		if ((!--events || has_had_share(conn)) && may_decode(conn))
			yield_turn(conn);
	flush(conn);
	settle(conn);
}

/* Life. */

static bool is_one_too_many(struct loop *loop)
{
	return atomic_load(&loop->server->connections) >
	       loop->server->connections_max;
}

static struct conn *conn_new(struct loop *loop)
{
	struct conn *conn = calloc(1, sizeof(*conn));

	if (!conn || uv_tcp_init(&loop->uv, &conn->tcp)) {
		free(conn);
		return NULL;
	}
	conn->tcp.data = conn;
	conn->loop = loop;
	conn->next = loop->conns;
	if (conn->next)
		conn->next->prev = conn;
	loop->conns = conn;
	http_codec_init(&conn->codec, &loop->server->options->http);
	atomic_fetch_add(&loop->server->connections, 1);
	server_hold(loop->server);
	return conn;
}

void conn_accept(struct loop *loop, uv_stream_t *listener)
{
	struct conn *conn = conn_new(loop);

	if (!conn) {
		log_line(LOG_ERROR, "no memory for a connection");
		return;
	}
	if (uv_accept(listener, stream_of(conn))) {
		conn_close(conn);
		return;
	}
	uv_tcp_nodelay(&conn->tcp, 1);
	if (is_one_too_many(loop))
		refuse(conn, HTTP_OVERLOAD, NULL);
	conn_work(conn);
}

static void expire_write(struct conn *conn)
{
	size_t left = uv_stream_get_write_queue_size(stream_of(conn));

	if (left == conn->write->left) {
		conn_close(conn);
		return;
	}
	conn->write->left = left;
	loop_wait(conn->loop, &conn->timeout, TIMEOUT_WRITE);
}

void conn_expire(struct loop *loop, struct timeout *timeout)
{
	struct conn *conn = conn_of_timeout(timeout);

	(void)loop;
	switch (timeout->kind) {
	case TIMEOUT_HEADER:
	case TIMEOUT_BODY:
		refuse(conn, HTTP_TIMEOUT, NULL);
		conn_work(conn);
		break;
	case TIMEOUT_WRITE:
		expire_write(conn);
		break;
	default:
		conn_close(conn);
		break;
	}
}

void conn_drain_all(struct loop *loop)
{
	struct conn *conn;

	for (conn = loop->conns; conn; conn = conn->next)
		if (conn->state == CONN_OPEN && !is_blocked(conn) &&
		    http_codec_is_idle(&conn->codec))
			end_output(conn);
}

void conn_close_all(struct loop *loop)
{
	struct conn *conn;

	for (conn = loop->conns; conn; conn = conn->next)
		conn_close(conn);
}
