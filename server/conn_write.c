/* SPDX-License-Identifier: MIT */
/*
 * Bringing answers to clients that take them in their own time
 */
#include <linux/sockios.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include "server/conn_private.h"
#include "server/options.h"
#include "server/server.h"

/*
 * So much goes to the system at once. It copies the bytes while everybody else
 * waits: between two slices of a large answer others have their turn.
 */
#define WRITE_SLICE (256u << 10)

/*
 * Bytes that the client did not take at once; in this order. The answer of a
 * job that was away meanwhile waits behind them.
 */
struct conn_write {
	uv_write_t req;
	struct conn *conn;
	struct conn_write *next;
	struct buffer parts[2];
	size_t total;  /* bytes of both */
	size_t handed; /* of them, to libuv, slice by slice */
	size_t left;   /* when the timeout was set last: left_to_take() */
};

static void write_free(struct conn_write *write)
{
	buffer_deinit(&write->parts[0]);
	buffer_deinit(&write->parts[1]);
	free(write);
}

size_t conn_held_by_system(struct conn *conn)
{
	uv_os_fd_t fd;
	int held = 0;

	if (uv_fileno(&conn->handle, &fd) || ioctl(fd, SIOCOUTQ, &held))
		return 0;
	return (size_t)held;
}

/*
 * What the client's machine has yet to acknowledge. The kernel's share counts:
 * it asks for more only when a third of its buffer is free, so a slow client's
 * progress would otherwise show in leaps of a megabyte.
 */
static size_t left_to_take(const struct conn_write *write)
{
	struct conn *conn = write->conn;

	return write->total - write->handed +
	       uv_stream_get_write_queue_size(conn_stream(conn)) +
	       conn_held_by_system(conn);
}

/* The next slice of @parts, from byte @done on. Return: how many @bufs it is. */
HOT static unsigned take_slice(struct buffer *const parts[2], size_t done,
			       uv_buf_t bufs[2], size_t *lenp)
{
	size_t room = WRITE_SLICE;
	unsigned i, n = 0;

	for (i = 0; i < 2; i++) {
		size_t skip = done < parts[i]->len ? done : parts[i]->len;
		size_t len = parts[i]->len - skip;

		done -= skip;
		if (len > room)
			len = room;
		if (!len)
			continue;
		bufs[n++] = uv_buf_init(parts[i]->data + skip, (unsigned)len);
		room -= len;
	}
	*lenp = WRITE_SLICE - room;
	return n;
}

static void on_written(uv_write_t *req, int status);

static int write_slice(struct conn_write *write)
{
	struct buffer *const parts[2] = { &write->parts[0], &write->parts[1] };
	uv_buf_t bufs[2];
	size_t len;
	unsigned n = take_slice(parts, write->handed, bufs, &len);
	int err = uv_write(&write->req, conn_stream(write->conn), bufs, n,
			   on_written);

	if (!err)
		write->handed += len;
	return err;
}

/* Libuv has it no longer; what waits behind it is next. */
static void write_end(struct conn *conn)
{
	struct conn_write *write = conn->write;

	conn_pend(conn, -write->total);
	conn->write = write->next;
	write_free(write);
}

static void write_fail(struct conn *conn)
{
	while (conn->write)
		write_end(conn);
	conn_close(conn);
}

static int write_begin(struct conn_write *write)
{
	int err = write_slice(write);

	write->left = left_to_take(write);
	return err;
}

/* Others have had their turn. */
static void on_write_turn(struct loop *loop, struct task *task)
{
	struct conn *conn = conn_of_task(task);

	(void)loop;
	if (conn->state == CONN_CLOSING || write_slice(conn->write))
		write_fail(conn);
	conn_resume(conn);
}

/* A connection whose task is out on another errand goes on at once. */
static int write_next(struct conn *conn)
{
	if (conn->errand != ERRAND_NONE)
		return write_slice(conn->write);
	conn->errand = ERRAND_TURN;
	conn->task.run = on_write_turn;
	loop_defer(conn->loop, &conn->task);
	return 0;
}

/* The first one is written, and perhaps another waits behind it. */
static int go_on_behind(struct conn *conn)
{
	write_end(conn);
	if (!conn->write)
		return 0;
	conn_wait(conn, TIMEOUT_WRITE);
	return write_begin(conn->write);
}

static void on_written(uv_write_t *req, int status)
{
	struct conn_write *write = req->data;
	struct conn *conn = write->conn;

	loop_begin_turn(conn->loop);
	if (conn->state == CONN_CLOSING)
		status = UV_ECANCELED;
	if (!status)
		status = write->handed < write->total ? write_next(conn)
						      : go_on_behind(conn);
	if (status)
		write_fail(conn);
	else if (!conn->write)
		conn_work(conn);
}

/* The client takes the rest of @parts, from byte @done on, in its own time. */
CONN_APART static int write_later(struct conn *conn,
				  struct buffer *const parts[2], size_t done)
{
	struct conn_write *write = calloc(1, sizeof(*write));
	struct conn_write **placep = &conn->write;
	int err;

	if (!write)
		return UV_ENOMEM;
	write->conn = conn;
	write->req.data = write;
	write->parts[0] = conn_take_buffer(parts[0]);
	write->parts[1] = conn_take_buffer(parts[1]);
	write->total = write->parts[0].len + write->parts[1].len;
	write->handed = done;
	conn_pend(conn, write->total);
	while (*placep)
		placep = &(*placep)->next;
	*placep = write;
	if (write != conn->write)
		return 0;
	err = write_begin(write);
	if (err)
		write_end(conn);
	return err;
}

static int write_parts(struct conn *conn, struct buffer *const parts[2])
{
	const size_t total = parts[0]->len + parts[1]->len;
	uv_buf_t bufs[2];
	size_t len, done;
	unsigned n;
	int written = UV_EAGAIN;

	if (parts[0]->failed || parts[1]->failed)
		return UV_ENOMEM;
	if (!total)
		return 0;
	conn->loop->written += total;
	conn->loop->stats.bytes_out += total;
	n = take_slice(parts, 0, bufs, &len);
	if (!conn->write)
		written = uv_try_write(conn_stream(conn), bufs, n);
	if (written < 0 && written != UV_EAGAIN)
		return written;
	done = written > 0 ? (size_t)written : 0;
	return done < total ? write_later(conn, parts, done) : 0;
}

/* Write this turn's answers; conn->answer, if it is here, comes last. */
HOT void conn_flush(struct conn *conn)
{
	struct buffer *out = &conn->loop->out;
	struct buffer nothing = { 0 };
	const bool answer_is_away =
		conn->errand == ERRAND_JOB || conn->errand == ERRAND_GZIP;
	struct buffer *const parts[2] = { out, answer_is_away ? &nothing
							      : &conn->answer };

	if (write_parts(conn, parts) < 0)
		conn_close(conn);
	conn->loop->moment = 0;
	buffer_reset(out, LOOP_KEEP);
	if (!answer_is_away && conn->answer.capacity)
		conn_return_answer(conn);
}

void conn_abandon(struct conn *conn)
{
	const struct linger not_at_all = { .l_onoff = 1 };
	uv_os_fd_t fd;

	if (conn_held_by_system(conn) && !uv_fileno(&conn->handle, &fd))
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &not_at_all,
			   sizeof(not_at_all));
	conn_close(conn);
}

bool conn_is_too_slow(const struct conn *conn, size_t before, size_t left)
{
	const struct options *options = conn->loop->server->options;
	const uint64_t least = (uint64_t)options->min_rate *
			       options->timeout_ms[TIMEOUT_WRITE] / 1000;

	return left >= before || before - left < least;
}

void conn_expire_write(struct conn *conn)
{
	const size_t left = left_to_take(conn->write);

	if (conn_is_too_slow(conn, conn->write->left, left)) {
		conn_abandon(conn);
		return;
	}
	conn->write->left = left;
	conn_wait(conn, TIMEOUT_WRITE);
}
