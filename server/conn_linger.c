/* SPDX-License-Identifier: MIT */
/*
 * After the last answer, until the client has it
 *
 * Our side is shut as soon as everything is written, so that a client that reads
 * to the end sees it. Who has taken all of it hangs up, which ends our input.
 */
#include <sys/socket.h>
#include "server/conn_private.h"
#include "server/options.h"

static bool shut_output(struct conn *conn)
{
	uv_os_fd_t fd;

	return !uv_fileno(&conn->handle, &fd) && !shutdown(fd, SHUT_WR);
}

static void linger(struct conn *conn)
{
	conn->paced_since = uv_now(&conn->loop->uv);
	conn->paced_from = conn_held_by_system(conn);
	conn_wait(conn, TIMEOUT_LINGER);
}

void conn_end(struct conn *conn)
{
	if (conn->input_ended || !shut_output(conn)) {
		conn_close(conn);
		return;
	}
	conn->state = CONN_LINGERING;
	conn_leave(conn);
	conn_ignore_input(conn);
	linger(conn);
}

/* Looked at every linger timeout, for who has taken all is to hang up by the
 * next one, and judged every write timeout. */
void conn_expire_linger(struct conn *conn)
{
	const struct options *options = conn->loop->server->options;
	const uint64_t judged =
		conn->paced_since + options->timeout_ms[TIMEOUT_WRITE];
	const size_t before = conn->paced_from;
	const size_t left = conn_held_by_system(conn);

	if (left && before && uv_now(&conn->loop->uv) < judged)
		conn_wait(conn, TIMEOUT_LINGER);
	else if (!before || (left && conn_is_too_slow(conn, before, left)))
		conn_abandon(conn);
	else
		linger(conn);
}
