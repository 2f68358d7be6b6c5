/* SPDX-License-Identifier: MIT */
#include "server/server.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <time.h>
#include "server/log.h"
#include "server/options.h"
#include "server/process_numbers.h"
#include "server/systemd.h"
#include "server/tokens.h"
#include "server/version.h"

enum {
	FILES_KEPT = 32, /* descriptors for signals, and files that are read */
	FILES_PER_LOOP = 24, /* mostly for connections that part: PARTING_MAX */
	STATUS_MAX = 1024,
};

/* Takes all the descriptors that we may have. */
static void raise_file_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return;
	limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}

/* As many connections as there are descriptors for, beside those that are open
 * already and those that are kept for anything else; half of the rest if that is
 * less. False, as has been logged: there are none. */
static bool set_hard_limit(struct server *server)
{
	const uint64_t keep =
		FILES_KEPT + (uint64_t)FILES_PER_LOOP * server->loops_len;
	struct process_numbers numbers;
	uint64_t left;

	process_numbers_read(&numbers);
	left = numbers.max_files > numbers.open_files
		       ? numbers.max_files - numbers.open_files
		       : 0;
	server->connections_max = server->options->connections;
	if (left >= server->connections_max + keep)
		return true;
	server->connections_max =
		(unsigned)(left > 2 * keep ? left - keep : left / 2);
	if (server->connections_max) {
		log_line(LOG_WARN,
			 "only %u connections at a time: the limit on open "
			 "files is %" PRIu64 " (raise it with ulimit -n)",
			 server->connections_max, numbers.max_files);
		return true;
	}
	log_line(LOG_ERROR,
		 "no descriptor is left for connections: the limit on open "
		 "files is %" PRIu64 "; raise it with ulimit -n, or have fewer "
		 "--loops",
		 numbers.max_files);
	return false;
}

/* Between the two limits there must be room for those that are on their way
 * out when their successors are here. */
static void set_soft_limit(struct server *server)
{
	const unsigned max = server->connections_max;
	const unsigned bound = max - max / 8;
	const unsigned wanted = server->options->soft_connections;

	server->connections_soft = wanted < bound ? wanted : bound;
}

/* Drain. */

void server_hold(struct server *server)
{
	atomic_fetch_add(&server->holds, 1);
}

bool server_hold_if_held(struct server *server)
{
	unsigned holds = atomic_load(&server->holds);

	while (holds)
		if (atomic_compare_exchange_weak(&server->holds, &holds,
						 holds + 1))
			return true;
	return false;
}

void server_release(struct server *server)
{
	unsigned i;

	if (atomic_fetch_sub(&server->holds, 1) != 1)
		return;
	for (i = server->loops_len; i-- > 0;)
		loop_signal(&server->loops[i], LOOP_STOP);
}

static void signal_all(struct server *server, enum loop_signal signal)
{
	unsigned i;

	for (i = 0; i < server->loops_len; i++)
		loop_signal(&server->loops[i], signal);
}

void server_drain(struct server *server)
{
	signal_all(server, LOOP_DRAIN);
}

/* Jobs see it before their connections are closed. */
static void abort_all(struct server *server)
{
	atomic_store(&server->aborts, true);
	signal_all(server, LOOP_ABORT);
}

static void on_drain_timer(uv_timer_t *timer)
{
	struct server *server = timer->data;

	log_line(LOG_WARN, "drain timeout: closing %d connections",
		 atomic_load(&server->connections));
	abort_all(server);
}

void server_start_drain(struct server *server)
{
	systemd_notify("STOPPING=1\nSTATUS=Finishing what was accepted.");
	uv_timer_start(&server->drain_timer, on_drain_timer,
		       server->options->drain_ms, 0);
}

/* Tokens. */

struct tokens *server_tokens(struct server *server)
{
	struct tokens *tokens = NULL;

	pthread_mutex_lock(&server->tokens_lock);
	if (server->tokens)
		tokens = tokens_get(server->tokens);
	pthread_mutex_unlock(&server->tokens_lock);
	return tokens;
}

/* False: the file is no good, as has been logged; what there was, stays. */
static bool read_tokens(struct server *server)
{
	struct rpc_quotas quotas = rpc_limits_quotas(&server->options->rpc);
	char error[TOKENS_ERROR_MAX];
	struct tokens *tokens, *before;

	if (!server->options->tokens)
		return true;
	quotas.connections = server->options->client_connections;
	tokens = tokens_read(server->options->tokens, server->clients, &quotas,
			     error);
	if (!tokens) {
		log_line(LOG_ERROR, "tokens: %s", error);
		return false;
	}
	pthread_mutex_lock(&server->tokens_lock);
	before = server->tokens;
	server->tokens = tokens;
	pthread_mutex_unlock(&server->tokens_lock);
	tokens_put(before);
	return true;
}

static void on_hangup(uv_signal_t *handle, int number)
{
	struct server *server = handle->data;

	(void)number;
	if (!server->options->tokens) {
		log_line(LOG_INFO,
			 "SIGHUP: there is no --tokens to read again");
	} else if (read_tokens(server)) {
		signal_all(server, LOOP_RELOAD);
		log_line(LOG_INFO, "SIGHUP: tokens have been read again");
	} else {
		log_line(LOG_WARN, "SIGHUP: the tokens stay as they were");
	}
}

static void on_signal(uv_signal_t *handle, int number)
{
	struct server *server = handle->data;

	if (server->drain_begun) {
		log_line(LOG_WARN, "second signal: stopping at once");
		abort_all(server);
		return;
	}
	server->drain_begun = true;
	log_line(LOG_INFO, "%s: finishing what was accepted",
		 number == SIGINT ? "SIGINT" : "SIGTERM");
	server_drain(server);
}

void server_close_handles(struct server *server)
{
	uv_close((uv_handle_t *)&server->drain_timer, NULL);
	watchdog_close(&server->watchdog);
	/* Signals are caught to the end: see close_signals(). */
	uv_unref((uv_handle_t *)&server->sigterm);
	uv_unref((uv_handle_t *)&server->sigint);
	uv_unref((uv_handle_t *)&server->sighup);
}

static void open_handles(struct server *server)
{
	uv_loop_t *uv = &server->loops[0].uv;

	uv_signal_init(uv, &server->sigterm);
	uv_signal_init(uv, &server->sigint);
	uv_signal_init(uv, &server->sighup);
	uv_timer_init(uv, &server->drain_timer);
	server->sigterm.data = server;
	server->sigint.data = server;
	server->sighup.data = server;
	server->drain_timer.data = server;
	/* A client that is gone shows as EPIPE. */
	signal(SIGPIPE, SIG_IGN);
	watchdog_open(&server->watchdog, server);
	uv_signal_start(&server->sigterm, on_signal, SIGTERM);
	uv_signal_start(&server->sigint, on_signal, SIGINT);
	uv_signal_start(&server->sighup, on_hangup, SIGHUP);
}

/* Not before the last loop has ended: from here on signals have their default
 * effect, and one more must not turn a clean end into a death. */
static void close_signals(struct server *server)
{
	uv_close((uv_handle_t *)&server->sigterm, NULL);
	uv_close((uv_handle_t *)&server->sigint, NULL);
	uv_close((uv_handle_t *)&server->sighup, NULL);
	uv_run(&server->loops[0].uv, UV_RUN_DEFAULT);
}

/* Life. */

static int make_tables(struct server *server, unsigned wanted)
{
	const struct rpc_quotas quotas =
		rpc_limits_quotas(&server->options->rpc);

	server->loops = calloc(wanted, sizeof(*server->loops));
	server->clients = rpc_clients_new(&quotas, wanted);
	if (!server->loops || !server->clients ||
	    !census_init(&server->census, wanted))
		return UV_ENOMEM;
	return 0;
}

static int init_loops(struct server *server, unsigned wanted)
{
	int err;

	server->loops_len = wanted;
	for (unsigned i = 0; i < wanted; i++) {
		err = loop_init(&server->loops[i], server, i);
		if (err) {
			server->loops_len = i;
			return err;
		}
	}
	return 0;
}

static void discard_loops(struct server *server)
{
	unsigned i;

	for (i = 0; i < server->loops_len; i++)
		loop_discard(&server->loops[i]);
}

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

struct server *server_new(const struct options *options)
{
	const unsigned loops =
		options->loops ? options->loops : uv_available_parallelism();
	struct server *server = calloc(1, sizeof(*server));
	int err;

	if (!server) {
		log_line(LOG_ERROR, "out of memory");
		return NULL;
	}
	server->options = options;
	pthread_mutex_init(&server->tokens_lock, NULL);
	server->started_ns = now_ns();
	server->slow_ns =
		options->slow_ms ? options->slow_ms * 1000000ULL : UINT64_MAX;
	/* A name, not a secret: what early boot cannot give is 0. */
	(void)!getrandom(&server->instance, sizeof(server->instance),
			 GRND_NONBLOCK);
	buffer_init(&server->openrpc, SIZE_MAX);
	rpc_discover(&server->openrpc, VMARIUM_VERSION);
	buffer_init(&server->openrpc_gzip, SIZE_MAX);
	if (options->gzip_min && server->openrpc.len >= options->gzip_min)
		gzip_whole(&server->openrpc_gzip, &server->openrpc);
	err = make_tables(server, loops);
	if (!err && !read_tokens(server))
		goto out_discard;
	if (!err)
		err = init_loops(server, loops);
	if (err) {
		log_line(LOG_ERROR, "cannot prepare the event loops: %s",
			 uv_strerror(err));
		goto out_discard;
	}
	raise_file_limit();
	if (!listen_open(server) || !set_hard_limit(server))
		goto out_discard;
	set_soft_limit(server);
	open_handles(server);
	return server;

out_discard:
	discard_loops(server);
	server_free(server);
	return NULL;
}

void server_free(struct server *server)
{
	unsigned i;

	if (server->sigterm.data)
		close_signals(server);
	for (i = 0; i < server->loops_len; i++)
		loop_deinit(&server->loops[i]);
	free(server->loops);
	listen_close(server);
	tokens_put(server->tokens);
	pthread_mutex_destroy(&server->tokens_lock);
	rpc_clients_free(server->clients);
	census_deinit(&server->census);
	buffer_deinit(&server->openrpc);
	buffer_deinit(&server->openrpc_gzip);
	free(server);
}

static void tell_ready(const struct server *server)
{
	char state[STATUS_MAX] = "READY=1\nSTATUS=Serving on";
	char text[ADDRESS_TEXT_MAX];
	size_t len;
	unsigned i;

	for (i = 0; i < server->listeners_len; i++) {
		len = strlen(state);
		address_print(&server->listeners[i].address, text);
		snprintf(state + len, sizeof(state) - len, " %s", text);
	}
	systemd_notify(state);
}

static void *run_thread(void *arg)
{
	loop_run(arg);
	return NULL;
}

/*
 * Threads begin with the mask of who starts them. With every signal blocked, what
 * is sent to the process strikes the thread of the first loop alone, whose
 * handles wait for it, and none that is about to begin or end.
 */
static void start_threads(struct server *server)
{
	sigset_t every, before;
	unsigned i;
	int err;

	sigfillset(&every);
	pthread_sigmask(SIG_SETMASK, &every, &before);
	for (i = 1; i < server->loops_len; i++) {
		err = pthread_create(&server->loops[i].thread, NULL, run_thread,
				     &server->loops[i]);
		if (err) {
			log_line(LOG_ERROR, "cannot start %u threads: %s",
				 server->loops_len, strerror(err));
			exit(EXIT_FAILURE);
		}
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void server_run(struct server *server)
{
	unsigned i;

	start_threads(server);
	tell_ready(server);
	loop_run(&server->loops[0]);
	for (i = 1; i < server->loops_len; i++)
		pthread_join(server->loops[i].thread, NULL);
	log_line(LOG_INFO, "stopped");
}
