/* SPDX-License-Identifier: MIT */
/*
 * Bringing answers to clients that take them in their own time
 */
#include <linux/sockios.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include "server/conn_private.h"
#include "server/options.h"
#include "server/server.h"

/* Bytes that the client did not take at once; in this order. */
struct conn_write {
	uv_write_t req;
	struct conn *conn;
	struct buffer parts[2];
	size_t left; /* when the timeout was set last: left_to_take() */
};

static void write_free(struct conn_write *write)
{
	buffer_deinit(&write->parts[0]);
	buffer_deinit(&write->parts[1]);
	free(write);
}

/*
 * What the client's machine has yet to acknowledge. The kernel's share counts:
 * it asks for more only when a third of its buffer is free, so a slow client's
 * progress would otherwise show in leaps of a megabyte.
 */
static size_t left_to_take(struct conn *conn)
{
	size_t left = uv_stream_get_write_queue_size(conn_stream(conn));
	uv_os_fd_t fd;
	int queued = 0;

	if (!uv_fileno((uv_handle_t *)&conn->tcp, &fd) &&
	    !ioctl(fd, SIOCOUTQ, &queued))
		left += (size_t)queued;
	return left;
}

static void on_written(uv_write_t *req, int status)
{
	struct conn_write *write = req->data;
	struct conn *conn = write->conn;

	loop_begin_turn(conn->loop);
	conn->loop->pending -= write->parts[0].len + write->parts[1].len;
	conn->write = NULL;
	write_free(write);
	if (status < 0)
		conn_close(conn);
	else if (conn->state == CONN_OPEN)
		conn_work(conn);
}

/* The client takes the rest of @parts, from byte @done on, in its own time. */
static int write_later(struct conn *conn, struct buffer *parts[2], size_t done)
{
	struct conn_write *write = calloc(1, sizeof(*write));
	uv_buf_t bufs[2];
	unsigned i, n = 0;
	int err;

	if (!write)
		return UV_ENOMEM;
	write->conn = conn;
	write->req.data = write;
	for (i = 0; i < 2; i++) {
		struct buffer *part = &write->parts[i];
		size_t skip = done < parts[i]->len ? done : parts[i]->len;

		*part = conn_take_buffer(parts[i]);
		if (skip < part->len)
			bufs[n++] = uv_buf_init(part->data + skip,
						(unsigned)(part->len - skip));
		done -= skip;
	}
	err = uv_write(&write->req, conn_stream(conn), bufs, n, on_written);
	if (err) {
		write_free(write);
		return err;
	}
	conn->write = write;
	write->left = left_to_take(conn);
	conn->loop->pending += write->parts[0].len + write->parts[1].len;
	return 0;
}

static int write_parts(struct conn *conn, struct buffer *parts[2])
{
	uv_buf_t bufs[2];
	size_t total = 0, done;
	unsigned i, n = 0;
	int written;

	for (i = 0; i < 2; i++) {
		if (parts[i]->failed)
			return UV_ENOMEM;
		if (!parts[i]->len)
			continue;
		bufs[n++] =
			uv_buf_init(parts[i]->data, (unsigned)parts[i]->len);
		total += parts[i]->len;
	}
	if (!total)
		return 0;
	conn->loop->written += total;
	conn->loop->stats.bytes_out += total;
	written = uv_try_write(conn_stream(conn), bufs, n);
	if (written < 0 && written != UV_EAGAIN)
		return written;
	done = written > 0 ? (size_t)written : 0;
	return done < total ? write_later(conn, parts, done) : 0;
}

/* Write this turn's answers; conn->answer, if it is here, comes last. */
void conn_flush(struct conn *conn)
{
	struct buffer *out = &conn->loop->out;
	struct buffer nothing = { 0 };
	const bool answer_is_away =
		conn->errand == ERRAND_JOB || conn->errand == ERRAND_GZIP;
	struct buffer *parts[2] = { out,
				    answer_is_away ? &nothing : &conn->answer };

	if (write_parts(conn, parts) < 0)
		conn_close(conn);
	buffer_reset(out, LOOP_KEEP);
	buffer_deinit(parts[1]);
}

void conn_expire_write(struct conn *conn)
{
	const struct options *options = conn->loop->server->options;
	const uint64_t least = (uint64_t)options->min_rate *
			       options->timeout_ms[TIMEOUT_WRITE] / 1000;
	size_t left = left_to_take(conn);

	if (left >= conn->write->left || conn->write->left - left < least) {
		conn_close(conn);
		return;
	}
	conn->write->left = left;
	loop_wait(conn->loop, &conn->timeout, TIMEOUT_WRITE);
}
