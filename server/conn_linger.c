/* SPDX-License-Identifier: MIT */
/*
 * After the last answer, until the client has it
 *
 * Our side is shut as soon as everything is written, so that a client that reads
 * to the end sees it. Who has taken all of it hangs up, which ends our input.
 *
 * Who has shut its side before has ended our input already, and nothing else tells
 * when it is done: to epoll a socket that is shut on both sides is ready for ever.
 * So we look: at once, as who reads on the same machine may have everything; when
 * another connection comes, so that few are left that are done; and at each linger
 * timeout.
 */
#include <sys/socket.h>
#include "server/conn_private.h"
#include "server/options.h"

/* Nobody reads from a socket whose input has ended, and would see it. */
static bool has_failed(struct conn *conn)
{
	uv_os_fd_t fd;
	int err = 0;
	socklen_t len = sizeof(err);

	return uv_fileno(&conn->handle, &fd) ||
	       getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len) || err;
}

/* Is there nothing to wait for, once everything is written? */
static bool is_done(struct conn *conn)
{
	return conn->input_ended &&
	       (!conn_held_by_system(conn) || has_failed(conn));
}

bool conn_is_done(struct conn *conn)
{
	return conn->state == CONN_LINGERING && is_done(conn);
}

static bool shut_output(struct conn *conn)
{
	uv_os_fd_t fd;

	return !uv_fileno(&conn->handle, &fd) && !shutdown(fd, SHUT_WR);
}

void conn_end(struct conn *conn)
{
	if (is_done(conn) || !shut_output(conn)) {
		conn_close(conn);
		return;
	}
	conn->state = CONN_LINGERING;
	conn_leave(conn);
	conn_ignore_input(conn);
	conn_linger(conn);
}

void conn_linger(struct conn *conn)
{
	if (is_done(conn)) {
		conn_close(conn);
		return;
	}
	conn->paced_since = loop_now(conn->loop);
	conn->paced_from = conn_held_by_system(conn);
	conn_wait(conn, TIMEOUT_LINGER);
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

	if (is_done(conn))
		conn_close(conn);
	else if (left && before && loop_now(conn->loop) < judged)
		conn_wait(conn, TIMEOUT_LINGER);
	else if (!before || (left && conn_is_too_slow(conn, before, left)))
		conn_abandon(conn);
	else
		conn_linger(conn);
}
