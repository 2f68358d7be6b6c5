/* SPDX-License-Identifier: MIT */
/*
 * What answers look like: refusals, pages, and what a job has answered
 */
#include <stdio.h>
#include <string.h>
#include "server/conn_private.h"
#include "server/metrics_text.h"
#include "server/options.h"
#include "server/page.h"
#include "server/server.h"

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
		return rpc_clients_connections(conn->loop->server->clients,
					       conn->caller.client);
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
			 "Content-Type, Traceparent, "
			 "Vmarium-Route, X-Request-Id\r\n"
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
	conn_next_request(conn);
}

void conn_answer_page(struct conn *conn)
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
	conn_next_request(conn);
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
	conn_next_request(conn);
	conn_return_job(conn);
	conn_send_answer(conn);
}

/* A large one is not copied: it goes out behind what this turn has written
 * before. */
void conn_send_answer(struct conn *conn)
{
	struct buffer *answer = &conn->answer;

	if (!answer->failed && answer->len > CONN_ANSWER_COPY) {
		conn_flush(conn);
		return;
	}
	if (!answer->failed)
		buffer_append(&conn->loop->out, answer->data, answer->len);
	conn_return_answer(conn);
}
