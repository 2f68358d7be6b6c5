/* SPDX-License-Identifier: MIT */
/*
 * The listeners of a loop: where its connections come from
 */
#include "server/loop_listen.h"

#include <stdlib.h>
#include <unistd.h>
#include "server/conn.h"
#include "server/log.h"
#include "server/server.h"

struct loop_listener {
	union {
		uv_handle_t handle;
		uv_stream_t stream;
		uv_tcp_t tcp;
		uv_pipe_t pipe;
	};
	struct loop *loop;
	struct loop_listener *next;
	uv_tcp_t dropped; /* a connection that there is no memory for */
	bool dropping;    /* it is being closed */
	bool drops_next;  /* and the next one has come */
	bool closed;
	bool is_unix;
};

static void on_listener_discarded(uv_handle_t *handle)
{
	free(handle->data);
}

/* Freed with the last of its two handles. */
static void listener_put(struct loop_listener *listener)
{
	struct server *server = listener->loop->server;

	if (listener->dropping || !listener->closed)
		return;
	free(listener);
	server_release(server);
}

static void on_listener_closed(uv_handle_t *handle)
{
	struct loop_listener *listener = handle->data;

	listener->closed = true;
	listener_put(listener);
}

static void close_all(struct loop *loop, uv_close_cb on_closed)
{
	struct loop_listener *listener = loop->listeners, *next;

	loop->listeners = NULL;
	for (; listener; listener = next) {
		next = listener->next;
		uv_close(&listener->handle, on_closed);
	}
}

void loop_close_listeners(struct loop *loop)
{
	close_all(loop, on_listener_closed);
}

void loop_discard_listeners(struct loop *loop)
{
	close_all(loop, on_listener_discarded);
}

static void take_connection(struct loop_listener *listener);

static void on_dropped(uv_handle_t *handle)
{
	struct loop_listener *listener = handle->data;
	const bool takes_next = listener->drops_next;

	listener->dropping = false;
	listener->drops_next = false;
	if (takes_next && !uv_is_closing(&listener->handle))
		take_connection(listener);
	listener_put(listener);
}

/*
 * Accept, since libuv hears nothing more of a listener until that is done, and
 * hang up: with a handle of the listener's own, for which the next one waits.
 */
static void drop_connection(struct loop_listener *listener)
{
	if (listener->dropping) {
		listener->drops_next = true;
		return;
	}
	log_line(LOG_ERROR, "no memory for a connection: dropped");
	listener->dropping = true;
	uv_tcp_init(&listener->loop->uv, &listener->dropped);
	listener->dropped.data = listener;
	uv_accept(&listener->stream, (uv_stream_t *)&listener->dropped);
	uv_close((uv_handle_t *)&listener->dropped, on_dropped);
}

static void take_connection(struct loop_listener *listener)
{
	if (!conn_accept(listener->loop, &listener->stream, listener->is_unix))
		drop_connection(listener);
}

static void on_connection(uv_stream_t *stream, int status)
{
	struct loop_listener *listener = stream->data;

	loop_begin_turn(listener->loop);
	if (status < 0)
		log_line(LOG_WARN, "cannot accept a connection: %s",
			 uv_strerror(status));
	else
		take_connection(listener);
}

static int open_listener(struct loop_listener *listener, int fd)
{
	uv_loop_t *uv = &listener->loop->uv;

	/* What is initialized here cannot fail. */
	if (listener->is_unix) {
		uv_pipe_init(uv, &listener->pipe, 0);
		return uv_pipe_open(&listener->pipe, fd);
	}
	uv_tcp_init(uv, &listener->tcp);
	return uv_tcp_open(&listener->tcp, fd);
}

int loop_listen(struct loop *loop, int fd, bool is_unix)
{
	struct loop_listener *listener = calloc(1, sizeof(*listener));
	int err;

	if (!listener) {
		close(fd);
		return UV_ENOMEM;
	}
	listener->loop = loop;
	listener->is_unix = is_unix;
	err = open_listener(listener, fd);
	if (err)
		close(fd);
	else
		err = uv_listen(&listener->stream, LOOP_BACKLOG, on_connection);
	listener->handle.data = listener;
	if (err) {
		uv_close(&listener->handle, on_listener_discarded);
		return err;
	}
	listener->next = loop->listeners;
	loop->listeners = listener;
	server_hold(loop->server);
	return 0;
}
