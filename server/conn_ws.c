/* SPDX-License-Identifier: MIT */
/*
 * Connections that have become WebSockets
 *
 * Each text message is a job, as a body is over HTTP, and its answer goes out
 * as one. No further message is decoded while a job is out or the client has
 * yet to take what was written, so answers are in the order of the messages.
 * Nor are notifications sent then: those that wait are in a struct feed.
 */
#include <stdlib.h>
#include <time.h>
#include "proto/ws/ws_codec.h"
#include "proto/ws/ws_handshake.h"
#include "server/conn_private.h"
#include "server/feed.h"
#include "server/options.h"
#include "server/server.h"

struct conn_ws {
	struct ws_codec *codec;
	struct feed *feed;
	int64_t until; /* seconds since 1970: its token expires */
};

enum {
	NOTE_COPY = 16384, /* larger ones are written from where they are */
};

static bool begin(struct conn *conn, int64_t until)
{
	const struct options *options = conn->loop->server->options;
	struct conn_ws *ws = calloc(1, sizeof(*ws));

	conn->ws = ws;
	if (!ws)
		return false;
	ws->until = until;
	ws->codec = ws_codec_new(options->http.body_bytes);
	ws->feed = ws->codec ? feed_new(conn) : NULL;
	return ws->feed;
}

void conn_ws_free(struct conn *conn)
{
	struct conn_ws *ws = conn->ws;

	if (!ws)
		return;
	if (ws->feed) {
		feed_close(ws->feed);
		conn->loop->stats.sockets_closed++;
	}
	ws_codec_free(ws->codec);
	free(ws);
}

struct rpc_subscriber *conn_ws_subscriber(struct conn *conn)
{
	return conn->ws ? &conn->ws->feed->subscriber : NULL;
}

void conn_ws_open(struct conn *conn, int64_t until)
{
	struct loop *loop = conn->loop;

	if (!begin(conn, until)) {
		conn_ws_free(conn);
		conn->ws = NULL;
		conn_refuse(conn, HTTP_OVERLOAD, NULL);
		return;
	}
	loop->stats.sockets++;
	ws_handshake_answer(&loop->out, &conn->codec, loop_date(loop),
			    access_fields(conn));
	loop_stats_answer(&loop->stats, 101);
	access_end(conn, 101, "ok", 0);
	http_codec_next(&conn->codec);
	conn->origin = NULL;
}

static void end(struct conn *conn, enum ws_close code, const char *reason)
{
	ws_codec_close(conn->ws->codec, code, reason, &conn->loop->out);
	conn->ends = true;
}

static void take_message(struct conn *conn)
{
	conn->paced_since = 0;
	conn_line_up(conn);
	if (conn_is_overload(conn))
		end(conn, WS_CLOSE_INTERNAL, "");
	else
		conn_begin_job(conn, ws_codec_message(conn->ws->codec));
}

/* A notification goes out; a large one behind what this turn has written. */
static void send_note(struct conn *conn, struct feed_item *item)
{
	const struct rpc_note *note = item->note;
	struct buffer *out = &conn->loop->out;

	ws_message_head(out, item->head_len + note->len);
	buffer_append(out, item->head, item->head_len);
	if (note->len <= NOTE_COPY) {
		buffer_append(out, note->text, note->len);
	} else {
		buffer_init(&conn->answer, note->len);
		buffer_append(&conn->answer, note->text, note->len);
		conn_flush(conn);
	}
	feed_item_free(item);
	conn_line_up(conn);
	conn->loop->stats.notifications++;
}

/* A request is judged by its token each time; a WebSocket shows it once. */
static bool has_expired(const struct conn_ws *ws)
{
	return ws->until != INT64_MAX && ws->until <= time(NULL);
}

static bool may_go_on(struct conn *conn)
{
	if (!conn->stays)
		end(conn, WS_CLOSE_TRY_AGAIN,
		    "too many connections: try again later");
	else if (has_expired(conn->ws))
		end(conn, WS_CLOSE_POLICY, "the token has expired");
	return !conn->ends;
}

bool conn_ws_decode(struct conn *conn)
{
	struct feed_item *item;
	enum ws_status status;
	size_t used;

	if (!may_go_on(conn))
		return false;
	item = feed_take(conn->ws->feed);
	if (item) {
		send_note(conn, item);
		return true;
	}

	status = ws_codec_feed(conn->ws->codec, conn->input.at, conn->input.len,
			       &used, &conn->loop->out);
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
		if (conn->loop->draining || conn->socket_ends)
			end(conn, WS_CLOSE_GOING_AWAY, "");
		break;
	}
	return false;
}

void conn_ws_answer(struct conn *conn)
{
	struct buffer *answer = &conn->answer;

	if (answer->failed)
		end(conn, WS_CLOSE_INTERNAL, "");
	else if (answer->len)
		ws_message_head(&conn->loop->out, answer->len);
	conn_return_job(conn);
	conn_send_answer(conn);
}

size_t conn_ws_held(const struct conn *conn)
{
	return ws_codec_held(conn->ws->codec);
}

size_t conn_ws_arrived(const struct conn *conn)
{
	return ws_codec_arrived(conn->ws->codec);
}

void conn_ws_refuse(struct conn *conn, enum http_refusal refusal)
{
	end(conn, refusal == HTTP_TIMEOUT ? WS_CLOSE_POLICY : WS_CLOSE_INTERNAL,
	    "");
}

enum timeout_kind conn_ws_awaited(const struct conn *conn)
{
	if (conn_ws_arrived(conn))
		return TIMEOUT_BODY;
	return ws_codec_awaits_pong(conn->ws->codec) ? TIMEOUT_PONG
						     : TIMEOUT_PING;
}

void conn_ws_ping(struct conn *conn)
{
	ws_codec_ping(conn->ws->codec, &conn->loop->out);
}
