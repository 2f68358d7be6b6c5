/* SPDX-License-Identifier: MIT */
/*
 * What requests are answered with
 */
#include <stdio.h>
#include <string.h>
#include "proto/http/http_accept.h"
#include "server/auth.h"
#include "server/conn_private.h"
#include "server/metrics_text.h"
#include "server/options.h"
#include "server/page.h"
#include "server/server.h"
#include "server/verdicts.h"

enum {
	ANSWER_COPY = 16384, /* larger ones are written from where they are */
};

/* How the answer to the request in work leaves the connection. */
static enum http_after after_answer(struct conn *conn)
{
	if (conn->loop->draining || !conn->stays || !conn->codec.keep_alive) {
		conn->ends = true;
		return HTTP_AFTER_CLOSE;
	}
	return conn->codec.minor ? HTTP_AFTER_KEEP : HTTP_AFTER_KEEP_1_0;
}

static uint64_t limit_of(const struct conn *conn, enum http_refusal refusal)
{
	if (refusal == HTTP_CONNECTIONS)
		return conn->loop->server->options->client_connections;
	return http_codec_limit(conn->codec.limits, refusal);
}

void conn_refuse(struct conn *conn, enum http_refusal refusal,
		 const char *allow)
{
	const struct http_refusal_answer answer = {
		.refusal = refusal,
		.limit = limit_of(conn, refusal),
		.allow = allow,
		.origin = conn->origin,
		.date = loop_date(conn->loop),
		.fields = access_fields(conn),
		.without_body = conn->codec.verb == HTTP_VERB_HEAD,
	};
	const size_t before = conn->loop->out.len;

	http_answer_refusal(&conn->loop->out, &answer);
	conn->ends = true;
	loop_stats_answer(&conn->loop->stats,
			  http_refusal_text(refusal)->status);
	conn->loop->stats.refusals[refusal]++;
	access_end(conn, http_refusal_text(refusal)->status,
		   http_refusal_text(refusal)->key,
		   conn->loop->out.len - before);
}

static void answer_head(struct conn *conn, const struct http_answer *answer)
{
	struct http_answer with = *answer;

	with.more_fields = access_fields(conn);
	http_answer_head(&conn->loop->out, &with);
	loop_stats_answer(&conn->loop->stats, answer->status);
	access_end(conn, answer->status, "ok", answer->length);
}

static void next_request(struct conn *conn)
{
	http_codec_next(&conn->codec);
	conn->origin = NULL;
	conn->body_since = 0;
}

static void answer_content(struct conn *conn, const char *type,
			   const char *content, size_t len, const char *fields)
{
	const struct http_answer answer = {
		.status = 200,
		.after = after_answer(conn),
		.type = type,
		.length = len,
		.origin = conn->origin,
		.fields = fields,
		.date = loop_date(conn->loop),
	};

	answer_head(conn, &answer);
	if (conn->codec.verb != HTTP_VERB_HEAD)
		buffer_append(&conn->loop->out, content, len);
}

static void answer_nothing(struct conn *conn, const char *fields)
{
	const struct http_answer answer = {
		.status = 204,
		.after = after_answer(conn),
		.origin = conn->origin,
		.fields = fields,
		.date = loop_date(conn->loop),
	};

	answer_head(conn, &answer);
}

/* The OpenRPC document, which is compressed once and for all. */
static void answer_openrpc(struct conn *conn)
{
	const struct server *server = conn->loop->server;
	const bool packed = conn->takes_gzip && server->openrpc_gzip.len;
	const struct buffer *content =
		packed ? &server->openrpc_gzip : &server->openrpc;
	const struct http_answer answer = {
		.status = 200,
		.after = after_answer(conn),
		.type = "application/json",
		.length = content->len,
		.coding = packed ? "gzip" : NULL,
		.varies = server->openrpc_gzip.len > 0,
		.origin = conn->origin,
		.date = loop_date(conn->loop),
	};

	answer_head(conn, &answer);
	if (conn->codec.verb != HTTP_VERB_HEAD)
		buffer_append(&conn->loop->out, content->data, content->len);
}

/* To pages of an allowed origin this is the answer to their preflight, which
 * browsers may keep for two hours. */
static void answer_options(struct conn *conn)
{
	char fields[384];

	if (conn->origin)
		snprintf(fields, sizeof(fields),
			 "Allow: %s\r\n"
			 "Access-Control-Allow-Methods: %s\r\n"
			 "Access-Control-Allow-Headers: Authorization, "
			 "Content-Type, Idempotency-Key, Traceparent, "
			 "Vmarium-Route\r\n"
			 "Access-Control-Allow-Private-Network: true\r\n"
			 "Access-Control-Max-Age: 7200\r\n",
			 conn->allow, conn->allow);
	else
		snprintf(fields, sizeof(fields), "Allow: %s\r\n", conn->allow);
	answer_nothing(conn, fields);
}

static void answer_text(struct conn *conn, const char *text)
{
	answer_content(conn, "text/plain; charset=utf-8", text, strlen(text),
		       "Cache-Control: no-store\r\n");
}

void conn_answer_metrics(struct conn *conn, const struct buffer *text,
			 bool open_metrics)
{
	answer_content(conn, metrics_text_type(open_metrics), text->data,
		       text->len, "Cache-Control: no-store\r\n");
	next_request(conn);
}

/* Is its head one that http_answer_usual() makes, and the answer so short that
 * it is copied? */
static bool is_usual(struct conn *conn, const struct buffer *answer)
{
	return !conn->ws && !conn->origin && !answer->failed && answer->len &&
	       answer->len <= ANSWER_COPY && conn->codec.keep_alive &&
	       conn->codec.minor && !conn->loop->draining && conn->stays &&
	       !conn_is_large(conn, answer->len) && !access_fields(conn);
}

/* Most jobs are done at once, and their answer is in scratch memory still. */
static void answer_usual(struct conn *conn, struct buffer *answer)
{
	struct loop *loop = conn->loop;

	http_answer_usual(&loop->out, loop_answer_start(loop), answer->data,
			  answer->len);
	loop_stats_answer(&loop->stats, 200);
	access_end(conn, 200, "ok", answer->len);
	next_request(conn);
	buffer_reset(answer, LOOP_KEEP);
}

void conn_answer_job(struct conn *conn, const char *coding)
{
	struct buffer *answer = &conn->answer;
	const struct http_answer head = {
		.status = 200,
		.after = after_answer(conn),
		.type = "application/json",
		.length = answer->len,
		.coding = coding,
		.varies = coding || conn_is_large(conn, answer->len),
		.origin = conn->origin,
		.date = loop_date(conn->loop),
	};

	if (answer->failed)
		conn_refuse(conn, HTTP_OVERLOAD, NULL);
	else if (!answer->len)
		answer_nothing(conn, NULL);
	else
		answer_head(conn, &head);
	next_request(conn);
	conn_send_answer(conn);
}

/* A large one is not copied: it goes out behind what this turn has written
 * before. */
void conn_send_answer(struct conn *conn)
{
	struct buffer *answer = &conn->answer;

	if (!answer->failed && answer->len > ANSWER_COPY) {
		conn_flush(conn);
		return;
	}
	if (!answer->failed)
		buffer_append(&conn->loop->out, answer->data, answer->len);
	conn_return_answer(conn);
}

CONN_APART static void answer_job(struct conn *conn)
{
	enum conn_gzip gzip;

	if (conn->ws) {
		conn_ws_answer(conn);
		return;
	}
	gzip = conn_gzip(conn);
	if (gzip != CONN_GZIP_AWAY)
		conn_answer_job(conn, gzip == CONN_GZIP_DONE ? "gzip" : NULL);
}

/* JSON-RPC. */

static void on_job_returned(struct loop *loop, struct task *task)
{
	struct conn *conn = conn_of_task(task);

	(void)loop;
	if (!conn_resume(conn))
		return;
	conn_count(conn, &conn->answer_counted, 0);
	answer_job(conn);
	conn_work(conn);
}

/* The job goes on later, and what it has answered waits with it. A batch that
 * finds its loop's memory used up runs no further calls. */
static void count_answer(struct conn *conn)
{
	conn_count(conn, &conn->answer_counted, conn->answer.capacity);
	if (conn_is_overload(conn))
		rpc_job_curtail(&conn->job);
}

/* Work on the job in @loop, which may be another than the connection's. */
static void on_job(struct loop *loop, struct task *task)
{
	struct conn *conn = conn_of_task(task);
	unsigned owner = loop->number;

	const enum rpc_status status =
		rpc_run(loop->service, &conn->job, &owner);

	access_slow(conn, loop);
	switch (status) {
	case RPC_YIELD:
		count_answer(conn);
		loop_defer(loop, task);
		break;
	case RPC_ELSEWHERE:
		count_answer(conn);
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

/* Or not, if its client has had its share; then it goes behind. */
static enum rpc_status run_at_once(struct conn *conn, unsigned *ownerp)
{
	struct loop *loop = conn->loop;
	struct rpc_job *job = &conn->job;
	const bool is_shared = conn_has_clients(conn);
	enum rpc_status status;

	if (is_shared &&
	    share_is_used(&loop->shares, conn->share,
			  loop->server->options->rpc.calls_per_slice))
		return RPC_YIELD;
	status = rpc_run(loop->service, job, ownerp);
	access_slow(conn, loop);
	loop->called += job->answered;
	loop->worked_ns += job->turn;
	if (is_shared)
		share_use(&loop->shares, conn->share, job->answered, job->turn);
	return status;
}

/* The job takes its answer along, and its body if it is not done. */
CONN_APART static void go_on_with_job(struct conn *conn, enum rpc_status status,
				      unsigned owner)
{
	struct loop *loop = conn->loop;

	conn->answer = conn_take_buffer(&loop->answer);
	conn->job.answer = &conn->answer;
	if (status == RPC_DONE) {
		answer_job(conn);
		return;
	}
	if (!conn->ws) {
		if (!http_codec_keep_body(&conn->codec)) {
			conn_close(conn);
			return;
		}
		conn->job.body = conn->codec.body.at;
	}
	count_answer(conn);
	conn->task.run = on_job;
	conn->errand = ERRAND_JOB;
	if (status == RPC_YIELD)
		loop_defer(loop, &conn->task);
	else
		loop_post(&loop->server->loops[owner], &conn->task);
}

/*
 * Most jobs are done at once, with the body where it was read and the answer
 * in scratch memory. The others take both along.
 */
void conn_begin_job(struct conn *conn, struct http_slice body)
{
	struct loop *loop = conn->loop;
	unsigned owner = loop->number;
	enum rpc_status status;

	rpc_job_init(&conn->job, body.at, body.len, &loop->answer);
	conn->job.caller = conn->caller;
	conn->job.subscriber = conn_ws_subscriber(conn);
	status = run_at_once(conn, &owner);
	if (status == RPC_DONE)
		loop->moment = conn->job.ended;
	if (status == RPC_DONE && is_usual(conn, &loop->answer)) {
		answer_usual(conn, &loop->answer);
		return;
	}
	go_on_with_job(conn, status, owner);
}

/* Requests. */

static bool wants_open_metrics(const struct http_codec *codec)
{
	return http_accept_prefers(http_codec_field(codec, HTTP_FIELD_ACCEPT),
				   "application/openmetrics-text",
				   "text/plain");
}

/* From now on the connection works, and is counted, for who called last; unless
 * that is one too many. */
static enum http_refusal take_share(struct conn *conn)
{
	const size_t counted = conn->input_counted + conn->answer_counted;
	bool changes;

	conn->task.client = conn->caller.client;
	if (conn->share->client == conn->caller.client)
		return HTTP_REFUSAL_NONE;
	conn_pend(conn, -counted);
	changes = conn_change_share(
		conn, shares_get(&conn->loop->shares, conn->caller.client));
	conn_pend(conn, counted);
	return changes ? HTTP_REFUSAL_NONE : HTTP_CONNECTIONS;
}

/* A call whose head is all right may still come at the wrong time. */
static bool may_run(struct conn *conn)
{
	if (!conn_is_overload(conn))
		return true;
	conn_refuse(conn, HTTP_OVERLOAD, NULL);
	return false;
}

/* Take what was judged of the same head before. */
static void take_verdict(struct conn *conn, const struct verdict *verdict)
{
	enum http_refusal refusal;

	access_begin(conn);
	conn->caller = verdict->caller;
	conn->origin = verdict->origin;
	refusal = take_share(conn);
	if (refusal) {
		conn_refuse(conn, refusal, NULL);
		return;
	}
	if (!may_run(conn))
		return;
	conn->route = ROUTE_RPC;
	conn->placed = true;
	conn->allow = NULL;
	conn->takes_gzip = verdict->takes_gzip;
}

static void keep_verdict(struct conn *conn, int64_t until)
{
	const struct verdict verdict = {
		.head = conn->codec.head_number,
		.origin = conn->origin,
		.until = until,
		.caller = conn->caller,
		.is_unix = conn->is_unix,
		.takes_gzip = conn->takes_gzip,
	};

	verdicts_keep(conn->loop->verdicts, &verdict);
}

CONN_APART static void judge_head(struct conn *conn)
{
	const struct options *options = conn->loop->server->options;
	enum http_refusal refusal;
	int64_t until;
	struct route_verdict verdict =
		route_judge(&conn->codec, options, conn->is_unix);

	access_begin(conn);
	if (!verdict.refusal)
		verdict.refusal =
			auth_judge(conn->loop->tokens, &conn->codec,
				   verdict.route, &conn->caller, &until);
	if (!verdict.refusal && conn->loop->draining &&
	    (verdict.route == ROUTE_READY || verdict.route == ROUTE_SOCKET))
		verdict.refusal = HTTP_SHUTDOWN;
	conn->origin = verdict.origin;
	refusal = take_share(conn);
	if (!verdict.refusal)
		verdict.refusal = refusal;
	if (verdict.refusal) {
		conn_refuse(conn, verdict.refusal, verdict.allow);
		return;
	}
	if (verdict.route == ROUTE_RPC && !may_run(conn))
		return;
	if (verdict.route == ROUTE_SOCKET) {
		conn_ws_open(conn);
		return;
	}
	if (verdict.route == ROUTE_METRICS)
		conn->wants_open_metrics = wants_open_metrics(&conn->codec);
	conn->route = (uint8_t)verdict.route;
	conn->placed = true;
	conn->allow = verdict.allow;
	conn->takes_gzip = http_accepts_gzip(
		http_codec_field(&conn->codec, HTTP_FIELD_ACCEPT_ENCODING));
	if (verdict.route == ROUTE_RPC)
		keep_verdict(conn, until);
	if (conn->codec.expects_continue && conn->codec.has_body &&
	    !conn->input.len)
		http_answer_continue(&conn->loop->out);
}

void conn_serve_head(struct conn *conn)
{
	const struct verdict *verdict = verdicts_find(
		conn->loop->verdicts, conn->codec.head_number, conn->is_unix);

	if (verdict)
		take_verdict(conn, verdict);
	else
		judge_head(conn);
}

CONN_APART static void serve_page(struct conn *conn)
{
	switch ((enum route)conn->route) {
	case ROUTE_RPC:
	case ROUTE_SOCKET: /* has no requests any more */
		return;
	case ROUTE_METRICS:
		conn_serve_metrics(conn);
		return;
	case ROUTE_OPENRPC:
		answer_openrpc(conn);
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
	next_request(conn);
}

void conn_serve_request(struct conn *conn)
{
	if (conn->route == ROUTE_RPC)
		conn_begin_job(conn, conn->codec.body);
	else
		serve_page(conn);
}
