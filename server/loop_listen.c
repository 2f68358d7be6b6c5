/* SPDX-License-Identifier: MIT */
/*
 * The listeners of a loop: where its connections come from
 *
 * They are accepted here rather than by libuv, which goes on asking for the next
 * one, and does nothing else, while there is no descriptor for it.
 */
#include "server/loop_listen.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "server/conn.h"
#include "server/log.h"
#include "server/server.h"

enum {
	ACCEPTS_PER_TURN = 64,
	REST_MS = 100, /* until what could not be accepted is tried again */
};

struct loop_listener {
	uv_poll_t ready;
	uv_timer_t rest;
	/* Never opened. With a loop's first stream libuv takes a descriptor for
	 * itself, which is to be among those that connections find taken. */
	uv_tcp_t first;
	struct loop *loop;
	struct loop_listener *next;
	int fd;
	uint8_t handles; /* that are not closed */
	bool is_unix;
	bool has_told; /* why it rests, since it could accept */
};

/* Freed with the last of its handles: then true. */
static bool listener_put(struct loop_listener *listener)
{
	if (--listener->handles)
		return false;
	free(listener);
	return true;
}

static void on_discarded(uv_handle_t *handle)
{
	listener_put(handle->data);
}

static void on_closed(uv_handle_t *handle)
{
	struct loop_listener *listener = handle->data;
	struct server *server = listener->loop->server;

	if (listener_put(listener))
		server_release(server);
}

static void close_all(struct loop *loop, uv_close_cb on_end)
{
	struct loop_listener *listener = loop->listeners, *next;

	loop->listeners = NULL;
	for (; listener; listener = next) {
		next = listener->next;
		uv_close((uv_handle_t *)&listener->ready, on_end);
		uv_close((uv_handle_t *)&listener->rest, on_end);
		uv_close((uv_handle_t *)&listener->first, on_end);
		close(listener->fd);
	}
}

void loop_close_listeners(struct loop *loop)
{
	close_all(loop, on_closed);
}

void loop_discard_listeners(struct loop *loop)
{
	close_all(loop, on_discarded);
}

static void take_connection(struct loop_listener *listener, int fd)
{
	if (conn_accept(listener->loop, fd, listener->is_unix))
		return;
	close(fd);
	log_line(LOG_WARN, "no memory for a connection: dropped");
}

/* False: none waits, or *@errp says why it cannot be had. */
static bool accept_one(struct loop_listener *listener, int *errp)
{
	const int fd =
		accept4(listener->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	listener->has_told &= fd < 0;
	if (fd >= 0)
		take_connection(listener, fd);
	else if (errno == EAGAIN)
		return false;
	else if (errno != EINTR && errno != ECONNABORTED)
		*errp = errno;
	return !*errp;
}

static void on_rest_over(uv_timer_t *rest);

static void on_ready(uv_poll_t *ready, int status, int events)
{
	struct loop_listener *listener = ready->data;
	unsigned tries = ACCEPTS_PER_TURN;
	int err = -status;

	(void)events;
	loop_begin_turn(listener->loop);
	while (!err && tries-- && accept_one(listener, &err))
		;
	if (!err)
		return;
	if (!listener->has_told)
		log_line(LOG_WARN, "cannot accept connections now: %s",
			 strerror(err));
	listener->has_told = true;
	uv_poll_stop(ready);
	uv_timer_start(&listener->rest, on_rest_over, REST_MS, 0);
}

static void on_rest_over(uv_timer_t *rest)
{
	struct loop_listener *listener = rest->data;

	uv_poll_start(&listener->ready, UV_READABLE, on_ready);
}

int loop_listen(struct loop *loop, int fd, bool is_unix)
{
	struct loop_listener *listener = calloc(1, sizeof(*listener));
	int err = listener ? 0 : UV_ENOMEM;

	if (!err && listen(fd, LOOP_BACKLOG))
		err = -errno;
	if (!err)
		err = uv_poll_init(&loop->uv, &listener->ready, fd);
	if (err) {
		free(listener);
		close(fd);
		return err;
	}
	/* What follows cannot fail. */
	uv_timer_init(&loop->uv, &listener->rest);
	uv_tcp_init(&loop->uv, &listener->first);
	listener->ready.data = listener;
	listener->rest.data = listener;
	listener->first.data = listener;
	listener->handles = 3;
	listener->loop = loop;
	listener->fd = fd;
	listener->is_unix = is_unix;
	uv_poll_start(&listener->ready, UV_READABLE, on_ready);
	listener->next = loop->listeners;
	loop->listeners = listener;
	server_hold(loop->server);
	return 0;
}
