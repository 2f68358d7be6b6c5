/* SPDX-License-Identifier: MIT */
/*
 * Whether a body, or a WebSocket's message, may go on coming
 */
#include "server/conn_private.h"
#include "server/options.h"
#include "server/server.h"

/* Bytes that have come of a body, or of a message, that is not complete. */
static size_t body_arrived(const struct conn *conn)
{
	return conn->ws ? conn_ws_arrived(conn) : conn->codec.body_bytes.len;
}

void conn_refuse_unfinished(struct conn *conn, enum http_refusal refusal)
{
	if (conn->ws)
		conn_ws_refuse(conn, refusal);
	else
		conn_refuse(conn, refusal, NULL);
}

/* Has a body to make way for what the loop holds already? */
static bool refuse_overload(struct conn *conn)
{
	if (!body_arrived(conn) || !conn_is_overload(conn))
		return false;
	conn_refuse_unfinished(conn, HTTP_OVERLOAD);
	return true;
}

/*
 * A body that arrives too slowly is refused: a byte now and then must not hold
 * memory for ever, nor for long because much came before. The first body timeout
 * is free, so that a pause at the start harms nobody; then each stretch of that
 * length has to bring its share. It begins anew when an answer or notification
 * was being taken, as nothing is read then; turns for others do not count.
 *
 *	0        timeout     2 * timeout    3 * timeout
 *	|  free  |  stretch  |  stretch  |  stretch
 *	         ^ paced_since
 */
bool conn_judge_body(struct conn *conn)
{
	const struct options *options = conn->loop->server->options;
	const uint64_t stretch = options->timeout_ms[TIMEOUT_BODY];
	const uint64_t now = loop_now(conn->loop);
	const size_t arrived = body_arrived(conn);

	if (refuse_overload(conn))
		return false;
	if (!conn->paced_since)
		conn->paced_since = now + stretch;
	if (now <= conn->paced_since)
		conn->paced_from = arrived;
	if (now <= conn->paced_since + stretch)
		return true;
	if (arrived - conn->paced_from <
	    (now - conn->paced_since) * options->min_rate / 1000) {
		conn_refuse_unfinished(conn, HTTP_TIMEOUT);
		return false;
	}
	conn->paced_since = now;
	conn->paced_from = arrived;
	return true;
}
