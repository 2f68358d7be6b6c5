/* SPDX-License-Identifier: MIT */
#include "server/loop.h"

#include <stdlib.h>
#include <sys/random.h>
#include <time.h>
#include "server/conn.h"
#include "server/feed.h"
#include "server/log.h"
#include "server/loop_listen.h"
#include "server/options.h"
#include "server/pages.h"
#include "server/server.h"
#include "server/tokens.h"
#include "server/verdicts.h"
#include "server/version.h"

enum {
	TURN_NS = 5000000,
	SWEEP_MS = 1000,
	ABSENCE_MS = 2 * SWEEP_MS,
	TIMER_GRAIN = 16, /* ms: deadlines this close share a wake-up */
};

/*
 * Runs as much as was ready when the turn began; what comes up waits. So
 * does the rest when the turn has been long: sockets have theirs first.
 */
HOT static void on_idle(uv_idle_t *idle)
{
	struct loop *loop = idle->data;
	const uint64_t end = uv_hrtime() + TURN_NS;
	size_t left = loop->shares.ready;
	struct task *task;

	loop_begin_turn(loop);
	while (left-- && uv_hrtime() < end) {
		task = shares_pop(&loop->shares);
		task->run(loop, task);
	}
	if (!rpc_service_reap(loop->service) && !loop->shares.ready)
		uv_idle_stop(&loop->idle);
}

/* The loop is about to wait, if there is nothing to do. */
HOT static void on_prepare(uv_prepare_t *prepare)
{
	struct loop *loop = prepare->data;

	shares_next_turn(&loop->shares);
	if (!loop->turn_began)
		return;
	histogram_add(&loop->stats.turns, uv_hrtime() - loop->turn_began);
	loop->turn_began = 0;
}

void loop_defer(struct loop *loop, struct task *task)
{
	shares_push(&loop->shares, task);
	uv_idle_start(&loop->idle, on_idle);
}

void loop_post(struct loop *loop, struct task *task)
{
	pthread_mutex_lock(&loop->lock);
	task_queue_push(&loop->inbox, task);
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

static void drain(struct loop *loop)
{
	if (loop->draining)
		return;
	loop->draining = true;
	rpc_service_drain(loop->service);
	loop_close_listeners(loop);
	conn_drain_all(loop);
	if (loop->number == 0)
		server_start_drain(loop->server);
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

/* WebSockets that were let in by a token come back, and are asked anew. */
static void reload(struct loop *loop)
{
	struct tokens *tokens = server_tokens(loop->server);

	tokens_put(loop->tokens);
	loop->tokens = tokens;
	verdicts_forget(loop->verdicts);
	conn_end_sockets(loop);
}

static void on_wake(uv_async_t *wake)
{
	struct loop *loop = wake->data;
	struct task_queue arrived;
	struct task *task;
	unsigned signals;

	loop_begin_turn(loop);
	pthread_mutex_lock(&loop->lock);
	arrived = loop->inbox;
	loop->inbox.first = NULL;
	signals = loop->signals;
	loop->signals = 0;
	pthread_mutex_unlock(&loop->lock);

	while ((task = task_queue_pop(&arrived)))
		shares_push(&loop->shares, task);
	if (loop->shares.ready) {
		uv_idle_start(&loop->idle, on_idle);
		on_idle(&loop->idle);
	}
	if (signals & LOOP_RELOAD)
		reload(loop);
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

/* The sweep looks at it each second, so whoever finds it to have been longer has
 * been away. */
uint64_t loop_now(struct loop *loop)
{
	const uint64_t now = uv_now(&loop->uv);
	const uint64_t gap = now - loop->looked;

	if (gap > ABSENCE_MS)
		loop->absent += gap - SWEEP_MS;
	loop->looked = now;
	return now - loop->absent;
}

static void on_timer(uv_timer_t *timer);

static void start_timer(struct loop *loop)
{
	uint64_t due = timeouts_next(&loop->timeouts);
	uint64_t now = loop_now(loop);

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
	while ((timeout = timeouts_expired(&loop->timeouts, loop_now(loop))))
		conn_expire(loop, timeout);
	loop->timer_due = UINT64_MAX;
	start_timer(loop);
}

void loop_wait(struct loop *loop, struct timeout *timeout,
	       enum timeout_kind kind)
{
	timeout_set(&loop->timeouts, timeout, kind, loop_now(loop));
	if (kind != TIMEOUT_NONE && timeout->due < loop->timer_due)
		start_timer(loop);
}

__attribute__((noinline)) static void make_date(struct loop *loop, time_t now)
{
	struct tm utc;

	loop->date_second = now;
	gmtime_r(&now, &utc);
	strftime(loop->date, sizeof(loop->date), "%a, %d %b %Y %H:%M:%S GMT",
		 &utc);
	http_answer_prepare(&loop->start, loop->date);
}

const char *loop_date(struct loop *loop)
{
	const time_t now = time(NULL);

	if (loop->date_second != now)
		make_date(loop, now);
	return loop->date;
}

const struct http_answer_start *loop_answer_start(struct loop *loop)
{
	loop_date(loop);
	return &loop->start;
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

struct rpc_job *loop_job(struct loop *loop)
{
	if (!loop->job)
		loop->job = malloc(sizeof(*loop->job));
	return loop->job;
}

void loop_return_job(struct loop *loop, struct rpc_job *job)
{
	if (loop->job)
		free(job);
	else
		loop->job = job;
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

HOT static uint64_t nanoseconds(void *ctx)
{
	struct loop *loop = ctx;
	const uint64_t moment = loop->moment;

	loop->moment = 0;
	return moment ? moment : uv_hrtime();
}

static void on_sweep(uv_timer_t *sweep)
{
	struct loop *loop = sweep->data;
	unsigned ended = rpc_service_sweep(loop->service);

	loop_now(loop);
	if (ended)
		log_line(LOG_DEBUG, "%u processes were idle for too long",
			 ended);
	conn_look_at_busy(loop);
	if (loop->draining)
		conn_drain_all(loop);
}

static void on_worlds_ended(void *ctx)
{
	struct loop *loop = ctx;

	uv_idle_start(&loop->idle, on_idle);
}

static int open_service(struct loop *loop)
{
	const struct options *options = loop->server->options;
	static const struct slab_host slabs = { pages_map, pages_unmap };
	const struct rpc_host host = {
		.random = fill_random,
		.ctx = loop,
		.has_room = feed_has_room,
		.wants_reaping = on_worlds_ended,
		.notify = feed_notify,
		.version = VMARIUM_VERSION,
		.now = milliseconds,
		.clock = nanoseconds,
		.clients = loop->server->clients,
		.slabs = &slabs,
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
	loop->tokens = server_tokens(server);
	/* It saves time, and nothing else depends on it. */
	loop->verdicts = verdicts_new();
	err = uv_loop_init(&loop->uv);
	if (err)
		goto out_service;
	err = uv_async_init(&loop->uv, &loop->wake, on_wake);
	if (err)
		goto out_loop;
	pthread_mutex_init(&loop->lock, NULL);
	loop->looked = uv_now(&loop->uv);
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
	tokens_put(loop->tokens);
	verdicts_free(loop->verdicts);
	return err;
}

void loop_deinit(struct loop *loop)
{
	uv_loop_close(&loop->uv);
	rpc_service_free(loop->service);
	tokens_put(loop->tokens);
	verdicts_free(loop->verdicts);
	pthread_mutex_destroy(&loop->lock);
	buffer_deinit(&loop->out);
	buffer_deinit(&loop->answer);
	gzip_pool_deinit(&loop->gzips);
	shares_deinit(&loop->shares);
	free(loop->chunk);
	free(loop->job);
}

void loop_discard(struct loop *loop)
{
	close_handles(loop);
	loop_discard_listeners(loop);
	uv_run(&loop->uv, UV_RUN_DEFAULT);
}

void loop_run(struct loop *loop)
{
	uv_run(&loop->uv, UV_RUN_DEFAULT);
}
