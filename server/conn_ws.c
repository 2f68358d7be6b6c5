/* SPDX-License-Identifier: MIT */
/*
 * Connections that have become WebSockets
 *
 * Each text message is a job, as a body is over HTTP, and its answer goes out
 * as one. No further message is decoded while a job is out or the client has
 * yet to take what was written, so answers are in the order of the messages.
 */
#include "proto/ws/ws_codec.h"
#include "proto/ws/ws_handshake.h"
#include "server/conn_private.h"
#include "server/options.h"
#include "server/server.h"

void conn_ws_open(struct conn *conn)
{
	struct loop *loop = conn->loop;

	conn->ws = ws_codec_new(loop->server->options->http.body_bytes);
	if (!conn->ws) {
		conn_refuse(conn, HTTP_OVERLOAD, NULL);
		return;
	}
	ws_handshake_answer(&loop->out, &conn->codec, loop_date(loop));
	loop_stats_answer(&loop->stats, 101);
	access_end(conn, 101, "ok", 0);
	http_codec_next(&conn->codec);
	conn->origin = NULL;
}

static void end(struct conn *conn, enum ws_close code)
{
	ws_codec_close(conn->ws, code, &conn->loop->out);
	conn->ends = true;
}

static void take_message(struct conn *conn)
{
	const struct loop *loop = conn->loop;

	if (loop->pending > loop->server->options->pending_bytes)
		end(conn, WS_CLOSE_INTERNAL);
	else
		conn_begin_job(conn, ws_codec_message(conn->ws));
}

bool conn_ws_decode(struct conn *conn)
{
	enum ws_status status;
	size_t used;

	status = ws_codec_feed(conn->ws, conn->input.at, conn->input.len, &used,
			       &conn->loop->out);
	conn->input.at += used;
	conn->input.len -= used;
	switch (status) {
	case WS_MESSAGE:
		take_message(conn);
		return true;
	case WS_CLOSED:
		conn->ends = true;
		break;
	case WS_FAILED:
		conn_close(conn);
		break;
	case WS_MORE:
		if (conn->loop->draining)
			end(conn, WS_CLOSE_GOING_AWAY);
		break;
	}
	return false;
}

void conn_ws_answer(struct conn *conn)
{
	struct buffer *answer = &conn->answer;

	if (answer->failed)
		end(conn, WS_CLOSE_INTERNAL);
	else if (answer->len)
		ws_message_head(&conn->loop->out, answer->len);
	conn_send_answer(conn);
}

enum timeout_kind conn_ws_awaited(const struct conn *conn)
{
	return ws_codec_awaits_pong(conn->ws) ? TIMEOUT_PONG : TIMEOUT_PING;
}

void conn_ws_ping(struct conn *conn)
{
	ws_codec_ping(conn->ws, &conn->loop->out);
}
