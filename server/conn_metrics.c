/* SPDX-License-Identifier: MIT */
/*
 * GET /metrics: visit every loop, come home, answer
 */
#include <stdlib.h>
#include "server/conn_private.h"
#include "server/metrics.h"
#include "server/server.h"

enum {
	SCRAPES_MAX = 8,       /* under way at a time, of each loop's clients */
	METRICS_MAX = 4 << 20, /* bytes of the answer; 60 KB are usual */
};

static void answer_metrics(struct conn *conn, const struct metrics *metrics)
{
	struct buffer text;

	buffer_init(&text, METRICS_MAX);
	metrics_write(metrics, conn->loop->server, &text);
	if (text.failed)
		conn_refuse(conn, HTTP_OVERLOAD, NULL);
	else
		conn_answer_metrics(conn, &text, metrics->open_metrics);
	buffer_deinit(&text);
}

static void on_metrics_gathered(struct loop *loop, struct task *task)
{
	struct conn *conn = conn_of_task(task);
	struct metrics *metrics = conn->metrics;

	conn->metrics = NULL;
	loop->scrapes--;
	if (conn_resume(conn)) {
		answer_metrics(conn, metrics);
		conn_work(conn);
	}
	free(metrics);
}

static void on_visit(struct loop *loop, struct task *task)
{
	struct conn *conn = conn_of_task(task);
	struct metrics *metrics = conn->metrics;
	const struct server *server = loop->server;

	metrics_visit(metrics, loop);
	if (metrics->visited < server->loops_len) {
		loop_post(&server->loops[metrics->visited], task);
		return;
	}
	task->run = on_metrics_gathered;
	loop_post(conn->loop, task);
}

void conn_serve_metrics(struct conn *conn)
{
	struct loop *loop = conn->loop;
	const struct server *server = loop->server;

	if (loop->scrapes < SCRAPES_MAX)
		conn->metrics = metrics_new(server->loops_len,
					    conn->wants_open_metrics);
	if (!conn->metrics) {
		conn_refuse(conn, HTTP_OVERLOAD, NULL);
		return;
	}
	loop->scrapes++;
	conn->errand = ERRAND_JOB;
	conn->task.run = on_visit;
	loop_post(&server->loops[0], &conn->task);
}
