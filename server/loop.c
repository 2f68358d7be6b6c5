/* SPDX-License-Identifier: MIT */
#include "server/loop.h"

#include <stdlib.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>
#include "server/conn.h"
#include "server/feed.h"
#include "server/log.h"
#include "server/options.h"
#include "server/server.h"
#include "server/version.h"

enum {
	BACKLOG = 1024,
	TURN_NS = 5000000,
	SWEEP_MS = 1000,
	TIMER_GRAIN = 16, /* ms: deadlines this close share a wake-up */
};

static void queue_push(struct task_queue *queue, struct task *task)
{
	task->next = NULL;
	if (queue->first)
		queue->last->next = task;
	else
		queue->first = task;
	queue->last = task;
}

static struct task *queue_pop(struct task_queue *queue)
{
	struct task *task = queue->first;

	queue->first = task->next;
	return task;
}

static void queue_move(struct task_queue *to, struct task_queue *from)
{
	if (!from->first)
		return;
	if (to->first)
		to->last->next = from->first;
	else
		to->first = from->first;
	to->last = from->last;
	from->first = NULL;
}

/*
 * Runs what was ready when the turn began; what comes up meanwhile waits. So
 * does the rest when the turn has been long: sockets have theirs first.
 */
static void on_idle(uv_idle_t *idle)
{
	struct loop *loop = idle->data;
	const struct task *last = loop->ready.last;
	const uint64_t end = uv_hrtime() + TURN_NS;
	struct task *task = NULL;

	loop_begin_turn(loop);
	while (loop->ready.first && task != last && uv_hrtime() < end) {
		task = queue_pop(&loop->ready);
		task->run(loop, task);
	}
	if (!loop->ready.first)
		uv_idle_stop(&loop->idle);
}

/* The loop is about to wait, if there is nothing to do. */
static void on_prepare(uv_prepare_t *prepare)
{
	struct loop *loop = prepare->data;

	if (!loop->turn_began)
		return;
	histogram_add(&loop->stats.turns, uv_hrtime() - loop->turn_began);
	loop->turn_began = 0;
}

void loop_defer(struct loop *loop, struct task *task)
{
	queue_push(&loop->ready, task);
	uv_idle_start(&loop->idle, on_idle);
}

void loop_post(struct loop *loop, struct task *task)
{
	pthread_mutex_lock(&loop->lock);
	queue_push(&loop->inbox, task);
	uv_async_send(&loop->wake);
	pthread_mutex_unlock(&loop->lock);
}

void loop_signal(struct loop *loop, enum loop_signal signal)
{
	pthread_mutex_lock(&loop->lock);
	/* The handle is closed under the same lock: never send after that. */
	if (!loop->stopped) {
		loop->signals |= signal;
		uv_async_send(&loop->wake);
	}
	pthread_mutex_unlock(&loop->lock);
}

static void on_listener_closed(uv_handle_t *handle)
{
	struct loop *loop = handle->data;

	server_release(loop->server);
}

static void drain(struct loop *loop)
{
	if (loop->draining)
		return;
	loop->draining = true;
	rpc_service_drain(loop->service);
	uv_close((uv_handle_t *)&loop->listener, on_listener_closed);
	conn_drain_all(loop);
	if (loop->number == 0)
		server_start_drain_timer(loop->server);
}

static void close_handles(struct loop *loop)
{
	pthread_mutex_lock(&loop->lock);
	loop->stopped = true;
	uv_close((uv_handle_t *)&loop->wake, NULL);
	pthread_mutex_unlock(&loop->lock);
	uv_close((uv_handle_t *)&loop->timer, NULL);
	uv_close((uv_handle_t *)&loop->sweep, NULL);
	uv_close((uv_handle_t *)&loop->idle, NULL);
	uv_close((uv_handle_t *)&loop->prepare, NULL);
}

static void on_wake(uv_async_t *wake)
{
	struct loop *loop = wake->data;
	unsigned signals;

	loop_begin_turn(loop);
	pthread_mutex_lock(&loop->lock);
	queue_move(&loop->ready, &loop->inbox);
	signals = loop->signals;
	loop->signals = 0;
	pthread_mutex_unlock(&loop->lock);

	if (loop->ready.first) {
		uv_idle_start(&loop->idle, on_idle);
		on_idle(&loop->idle);
	}
	if (signals & LOOP_DRAIN)
		drain(loop);
	if (signals & LOOP_ABORT)
		conn_close_all(loop);
	if (signals & LOOP_STOP) {
		close_handles(loop);
		if (loop->number == 0)
			server_close_handles(loop->server);
	}
}

static void on_timer(uv_timer_t *timer);

static void start_timer(struct loop *loop)
{
	uint64_t due = timeouts_next(&loop->timeouts);
	uint64_t now = uv_now(&loop->uv);

	if (due >= loop->timer_due)
		return;
	loop->timer_due = due;
	uv_timer_start(&loop->timer, on_timer,
		       (due > now ? due - now : 0) + TIMER_GRAIN, 0);
}

static void on_timer(uv_timer_t *timer)
{
	struct loop *loop = timer->data;
	struct timeout *timeout;

	loop_begin_turn(loop);
	while ((timeout = timeouts_expired(&loop->timeouts, uv_now(&loop->uv))))
		conn_expire(loop, timeout);
	loop->timer_due = UINT64_MAX;
	start_timer(loop);
}

void loop_wait(struct loop *loop, struct timeout *timeout,
	       enum timeout_kind kind)
{
	timeout_set(&loop->timeouts, timeout, kind, uv_now(&loop->uv));
	if (kind != TIMEOUT_NONE && timeout->due < loop->timer_due)
		start_timer(loop);
}

const char *loop_date(struct loop *loop)
{
	time_t now = time(NULL);
	struct tm utc;

	if (loop->date_second != now) {
		loop->date_second = now;
		gmtime_r(&now, &utc);
		strftime(loop->date, sizeof(loop->date),
			 "%a, %d %b %Y %H:%M:%S GMT", &utc);
	}
	return loop->date;
}

char *loop_chunk(struct loop *loop)
{
	if (!loop->chunk)
		loop->chunk = malloc(LOOP_CHUNK);
	return loop->chunk;
}

void loop_return_chunk(struct loop *loop, char *chunk)
{
	if (loop->chunk)
		free(chunk);
	else
		loop->chunk = chunk;
}

/* What guards the names of processes must not be guessable, or there is no
 * point in going on. */
static void fill_random(void *ctx, void *out, size_t len)
{
	char *at = out;

	(void)ctx;
	while (len) {
		ssize_t n = getrandom(at, len, 0);

		if (n < 0) {
			log_line(LOG_ERROR, "the kernel gives no random bytes");
			abort();
		}
		at += n;
		len -= (size_t)n;
	}
}

static uint64_t milliseconds(void *ctx)
{
	(void)ctx;
	return uv_hrtime() / 1000000;
}

static uint64_t nanoseconds(void *ctx)
{
	(void)ctx;
	return uv_hrtime();
}

static void on_sweep(uv_timer_t *sweep)
{
	struct loop *loop = sweep->data;
	unsigned ended = rpc_service_sweep(loop->service);

	if (ended)
		log_line(LOG_DEBUG, "%u processes were idle for too long",
			 ended);
}

static int open_service(struct loop *loop)
{
	const struct options *options = loop->server->options;
	const struct rpc_host host = {
		.random = fill_random,
		.ctx = loop,
		.has_room = feed_has_room,
		.notify = feed_notify,
		.version = VMARIUM_VERSION,
		.now = milliseconds,
		.clock = nanoseconds,
	};

	loop->service = rpc_service_new(loop->number, loop->server->loops_len,
					&options->rpc, &host);
	return loop->service ? 0 : UV_ENOMEM;
}

int loop_init(struct loop *loop, struct server *server, unsigned number)
{
	int err;

	*loop = (struct loop){
		.server = server,
		.number = number,
		.timer_due = UINT64_MAX,
	};
	buffer_init(&loop->out, LOOP_OUT_MAX);
	buffer_init(&loop->answer, server->options->rpc.answer_bytes);
	loop->gzips.max = server->options->gzips;
	timeouts_init(&loop->timeouts, server->options->timeout_ms);
	err = open_service(loop);
	if (err)
		return err;
	err = uv_loop_init(&loop->uv);
	if (err)
		goto out_service;
	err = uv_async_init(&loop->uv, &loop->wake, on_wake);
	if (err)
		goto out_loop;
	pthread_mutex_init(&loop->lock, NULL);
	uv_timer_init(&loop->uv, &loop->timer);
	uv_timer_init(&loop->uv, &loop->sweep);
	uv_idle_init(&loop->uv, &loop->idle);
	uv_prepare_init(&loop->uv, &loop->prepare);
	loop->wake.data = loop;
	loop->timer.data = loop;
	loop->sweep.data = loop;
	loop->idle.data = loop;
	loop->prepare.data = loop;
	uv_prepare_start(&loop->prepare, on_prepare);
	uv_timer_start(&loop->sweep, on_sweep, SWEEP_MS, SWEEP_MS);
	return 0;

out_loop:
	uv_loop_close(&loop->uv);
out_service:
	rpc_service_free(loop->service);
	return err;
}

void loop_deinit(struct loop *loop)
{
	uv_loop_close(&loop->uv);
	rpc_service_free(loop->service);
	pthread_mutex_destroy(&loop->lock);
	buffer_deinit(&loop->out);
	buffer_deinit(&loop->answer);
	gzip_pool_deinit(&loop->gzips);
	free(loop->chunk);
}

void loop_discard(struct loop *loop)
{
	close_handles(loop);
	if (loop->listener.data &&
	    !uv_is_closing((uv_handle_t *)&loop->listener))
		uv_close((uv_handle_t *)&loop->listener, NULL);
	uv_run(&loop->uv, UV_RUN_DEFAULT);
}

static void on_connection(uv_stream_t *listener, int status)
{
	struct loop *loop = listener->data;

	loop_begin_turn(loop);
	if (status < 0)
		log_line(LOG_WARN, "cannot accept a connection: %s",
			 uv_strerror(status));
	else
		conn_accept(loop, listener);
}

int loop_listen(struct loop *loop, int fd)
{
	int err;

	err = uv_tcp_init(&loop->uv, &loop->listener);
	if (err)
		goto out_fd;
	loop->listener.data = loop;
	err = uv_tcp_open(&loop->listener, fd);
	if (err)
		goto out_fd;
	return uv_listen((uv_stream_t *)&loop->listener, BACKLOG,
			 on_connection);

out_fd:
	close(fd);
	return err;
}

void loop_run(struct loop *loop)
{
	uv_run(&loop->uv, UV_RUN_DEFAULT);
}
