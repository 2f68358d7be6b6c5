/* SPDX-License-Identifier: MIT */
/*
 * A body becomes a job, which may travel to other loops before it is answered
 */
#include "server/conn_private.h"
#include "server/server.h"

/* Is its head one that http_answer_usual() makes, and the answer so short that
 * it is copied? */
static bool is_usual(struct conn *conn, const struct buffer *answer)
{
	return !conn->ws && !conn->origin && !answer->failed && answer->len &&
	       answer->len <= CONN_ANSWER_COPY && conn->codec.keep_alive &&
	       conn->codec.minor && !conn->loop->draining && conn->stays &&
	       !conn_is_large(conn, answer->len) && !access_fields(conn);
}

/* Most jobs are done at once, and they and their answers are scratch still. */
static void answer_usual(struct conn *conn, struct buffer *answer)
{
	struct loop *loop = conn->loop;

	http_answer_usual(&loop->out, loop_answer_start(loop), answer->data,
			  answer->len);
	loop_stats_answer(&loop->stats, 200);
	access_end(conn, 200, "ok", answer->len);
	conn_next_request(conn);
	buffer_reset(answer, LOOP_KEEP);
	conn->job = NULL;
}

CONN_APART static void answer_job(struct conn *conn)
{
	enum conn_gzip gzip;

	if (conn->ws) {
		conn_ws_answer(conn);
		return;
	}
	gzip = conn_gzip(conn);
	if (gzip != CONN_GZIP_AWAY)
		conn_answer_job(conn, gzip == CONN_GZIP_DONE ? "gzip" : NULL);
}

static void on_job_returned(struct loop *loop, struct task *task)
{
	struct conn *conn = conn_of_task(task);

	(void)loop;
	if (!conn_resume(conn))
		return;
	conn_count(conn, &conn->answer_counted, 0);
	answer_job(conn);
	conn_work(conn);
}

/* The job goes on later, and what it has answered waits with it. */
static void count_answer(struct conn *conn)
{
	conn_count(conn, &conn->answer_counted, conn->answer.capacity);
}

/* The connection is closed or about to be: there is nothing left to do of its job. */
static bool is_given_up(struct loop *loop, struct conn *conn)
{
	const bool ends = atomic_load(&loop->server->aborts);

	return rpc_job_abandon(loop->service, conn->job,
			       ends ? RPC_HOST_ENDS : RPC_CLIENT_GONE);
}

static enum rpc_status go_on(struct loop *loop, struct conn *conn,
			     unsigned *ownerp)
{
	enum rpc_status status;

	if (atomic_load_explicit(&conn->is_gone, memory_order_relaxed)) {
		if (is_given_up(loop, conn))
			return RPC_DONE;
	} else if (conn_is_overload(conn)) {
		/* There was room when its head was read, and others have taken
		 * it. */
		rpc_job_curtail(conn->job);
	}
	status = rpc_run(loop->service, conn->job, ownerp);
	access_slow(conn, loop);
	return status;
}

/* Work on the job in @loop, which may be another than the connection's. */
static void on_job(struct loop *loop, struct task *task)
{
	struct conn *conn = conn_of_task(task);
	unsigned owner = loop->number;
	enum rpc_status status = go_on(loop, conn, &owner);

	switch (status) {
	case RPC_YIELD:
		count_answer(conn);
		loop_defer(loop, task);
		break;
	case RPC_ELSEWHERE:
		count_answer(conn);
		loop_post(&loop->server->loops[owner], task);
		break;
	case RPC_DONE:
		task->run = on_job_returned;
		if (conn->loop == loop)
			on_job_returned(loop, task);
		else
			loop_post(conn->loop, task);
		break;
	}
}

/* Or not, if its client has had its share; then it goes behind. */
static enum rpc_status run_at_once(struct conn *conn, unsigned *ownerp)
{
	struct loop *loop = conn->loop;
	struct rpc_job *job = conn->job;
	const bool is_shared = conn_has_clients(conn);
	enum rpc_status status;

	if (is_shared &&
	    share_is_used(&loop->shares, conn->share,
			  loop->server->options->rpc.calls_per_slice))
		return RPC_YIELD;
	status = rpc_run(loop->service, job, ownerp);
	access_slow(conn, loop);
	loop->called += job->answered;
	loop->worked_ns += job->turn;
	if (is_shared)
		share_use(&loop->shares, conn->share, job->answered, job->turn);
	return status;
}

/* The job stays with its connection, and takes its answer along, and its body if
 * it is not done. */
CONN_APART static void go_on_with_job(struct conn *conn, enum rpc_status status,
				      unsigned owner)
{
	struct loop *loop = conn->loop;

	loop->job = NULL;
	conn->answer = conn_take_buffer(&loop->answer);
	conn->job->answer = &conn->answer;
	if (status == RPC_DONE) {
		answer_job(conn);
		return;
	}
	if (!conn->ws) {
		if (!http_codec_keep_body(&conn->codec)) {
			conn_close(conn);
			return;
		}
		conn->job->body = conn->codec.body.at;
	}
	count_answer(conn);
	conn->job->follows = false;
	conn->task.run = on_job;
	conn->errand = ERRAND_JOB;
	if (status == RPC_YIELD)
		loop_defer(loop, &conn->task);
	else
		loop_post(&loop->server->loops[owner], &conn->task);
}

/*
 * Most jobs are done at once, with the body where it was read, and job and answer
 * in scratch memory. The others take all of it along.
 */
HOT void conn_begin_job(struct conn *conn, struct http_slice body)
{
	struct loop *loop = conn->loop;
	struct rpc_job *job = loop_job(loop);
	unsigned owner = loop->number;
	enum rpc_status status;

	if (!job) {
		conn_refuse_unfinished(conn, HTTP_OVERLOAD);
		return;
	}
	conn->job = job;
	rpc_job_init(job, body.at, body.len, &loop->answer);
	job->caller = conn->caller;
	job->subscriber = conn_ws_subscriber(conn);
	job->follows = loop->called; /* in this turn, which is conn's */
	status = run_at_once(conn, &owner);
	if (status == RPC_DONE)
		loop->moment = job->ended;
	if (status == RPC_DONE && is_usual(conn, &loop->answer)) {
		answer_usual(conn, &loop->answer);
		return;
	}
	go_on_with_job(conn, status, owner);
}
