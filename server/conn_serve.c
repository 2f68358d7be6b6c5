/* SPDX-License-Identifier: MIT */
/*
 * Which requests are served, and by whom
 */
#include "proto/http/http_accept.h"
#include "server/auth.h"
#include "server/conn_private.h"
#include "server/options.h"
#include "server/verdicts.h"

static bool wants_open_metrics(const struct http_codec *codec)
{
	return http_accept_prefers(http_codec_field(codec, HTTP_FIELD_ACCEPT),
				   "application/openmetrics-text",
				   "text/plain");
}

/* From now on the connection works, and is counted, for who called last; unless
 * that is one too many. */
HOT static enum http_refusal take_share(struct conn *conn)
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
		conn_ws_open(conn, until);
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
	if (conn->codec.expects_continue &&
	    http_codec_has_content(&conn->codec) && !conn->input.len)
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

void conn_serve_request(struct conn *conn)
{
	if (conn->route == ROUTE_RPC)
		conn_begin_job(conn, conn->codec.body);
	else
		conn_answer_page(conn);
}
