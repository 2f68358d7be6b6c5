/* SPDX-License-Identifier: MIT */
/*
 * Compressing an answer between the turns of others
 *
 * The connection is blocked meanwhile, as by a job that is away, and what it
 * holds counts as pending.
 */
#include "server/conn_private.h"
#include "server/options.h"
#include "server/server.h"

bool conn_is_large(const struct conn *conn, size_t len)
{
	const size_t min = conn->loop->server->options->gzip_min;

	return min && len >= min;
}

/* Ends the compressor's work: conn->answer is then the compressed one, or as it
 * was. */
static bool end_gzip(struct conn *conn, bool is_wanted)
{
	struct loop *loop = conn->loop;
	struct buffer packed;

	if (!gzip_end(&loop->gzips, conn->gzip, is_wanted ? &packed : NULL))
		return false;
	buffer_deinit(&conn->answer);
	conn->answer = packed;
	return true;
}

static void on_gzip_turn(struct loop *loop, struct task *task)
{
	struct conn *conn = conn_of_task(task);
	const bool is_open = conn->state == CONN_OPEN;
	bool packed;

	if (is_open && !gzip_continue(conn->gzip)) {
		loop_defer(loop, task);
		return;
	}
	conn_pend(conn, -conn->answer.len);
	packed = end_gzip(conn, is_open);
	if (!conn_resume(conn))
		return;
	conn_answer_job(conn, packed ? "gzip" : NULL);
	conn_work(conn);
}

enum conn_gzip conn_gzip(struct conn *conn)
{
	struct loop *loop = conn->loop;

	if (!conn->takes_gzip || conn->answer.failed ||
	    !conn_is_large(conn, conn->answer.len))
		return CONN_GZIP_NO;
	conn->gzip = gzip_begin(&loop->gzips, &conn->answer);
	if (!conn->gzip)
		return CONN_GZIP_NO;
	loop->moment = 0;
	/* What is compressed uses up a turn's share, however little it gets. */
	loop->written += conn->answer.len;
	if (gzip_continue(conn->gzip))
		return end_gzip(conn, true) ? CONN_GZIP_DONE : CONN_GZIP_NO;
	conn_pend(conn, conn->answer.len);
	conn->errand = ERRAND_GZIP;
	conn->task.run = on_gzip_turn;
	loop_defer(loop, &conn->task);
	return CONN_GZIP_AWAY;
}
