/* SPDX-License-Identifier: MIT */
#include "server/server.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include "server/log.h"
#include "server/options.h"
#include "server/version.h"

enum {
	FILES_RESERVE = 64, /* descriptors for anything but connections */
	FILES_PER_LOOP = 16,
};

/* Sockets. */

static socklen_t address_len(const struct sockaddr_storage *address)
{
	return address->ss_family == AF_INET6 ? sizeof(struct sockaddr_in6)
					      : sizeof(struct sockaddr_in);
}

static uint16_t *port_of(struct sockaddr_storage *address)
{
	return address->ss_family == AF_INET6
		       ? &((struct sockaddr_in6 *)address)->sin6_port
		       : &((struct sockaddr_in *)address)->sin_port;
}

/* A socket bound to @address; @option is what lets others have it too. */
static int bind_socket(const struct sockaddr_storage *address, int option)
{
	const int one = 1;
	int fd, err;

	fd = socket(address->ss_family,
		    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) ||
	    setsockopt(fd, SOL_SOCKET, option, &one, sizeof(one)) ||
	    bind(fd, (const struct sockaddr *)address, address_len(address))) {
		err = -errno;
		close(fd);
		return err;
	}
	return fd;
}

/*
 * Every loop binds the port for itself with SO_REUSEPORT, so that the kernel
 * spreads connections. It would let a second server in beside us without a
 * word, so the port is first bound without: that fails where anybody listens.
 */
static int check_port_is_free(const struct sockaddr_storage *address)
{
	int fd = bind_socket(address, SO_REUSEADDR);

	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}

static int listen_all(struct server *server)
{
	struct sockaddr_storage address = server->options->address;
	socklen_t len = sizeof(address);
	unsigned i;
	int fd, err;

	err = check_port_is_free(&address);
	for (i = 0; i < server->loops_len && !err; i++) {
		fd = bind_socket(&address, SO_REUSEPORT);
		if (fd < 0)
			return fd;
		/* Port 0: the first loop finds one, the others follow. */
		if (getsockname(fd, (struct sockaddr *)&address, &len)) {
			err = -errno;
			close(fd);
			return err;
		}
		err = loop_listen(&server->loops[i], fd);
	}
	server->port = ntohs(*port_of(&address));
	return err;
}

/* Takes all the descriptors we may have; serves fewer if that is too few. */
static void raise_file_limit(struct server *server)
{
	const rlim_t reserve =
		FILES_RESERVE + (rlim_t)FILES_PER_LOOP * server->loops_len;
	struct rlimit limit;

	server->connections_max = server->options->connections;
	if (getrlimit(RLIMIT_NOFILE, &limit))
		return;
	limit.rlim_cur = limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit) ||
	    limit.rlim_cur >= server->connections_max + reserve)
		return;
	server->connections_max = limit.rlim_cur > 2 * reserve
					  ? (unsigned)(limit.rlim_cur - reserve)
					  : (unsigned)reserve;
	log_line(LOG_WARN,
		 "only %u connections at a time: the limit on open files is "
		 "%lu (raise it with ulimit -n)",
		 server->connections_max, (unsigned long)limit.rlim_cur);
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

static void on_drain_timer(uv_timer_t *timer)
{
	struct server *server = timer->data;

	log_line(LOG_WARN, "drain timeout: closing %u connections",
		 atomic_load(&server->connections));
	signal_all(server, LOOP_ABORT);
}

void server_start_drain_timer(struct server *server)
{
	uv_timer_start(&server->drain_timer, on_drain_timer,
		       server->options->drain_ms, 0);
}

static void on_signal(uv_signal_t *handle, int number)
{
	struct server *server = handle->data;

	if (server->drain_begun) {
		log_line(LOG_WARN, "second signal: stopping at once");
		signal_all(server, LOOP_ABORT);
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
	/* Signals are caught to the end: see close_signals(). */
	uv_unref((uv_handle_t *)&server->sigterm);
	uv_unref((uv_handle_t *)&server->sigint);
}

static void open_handles(struct server *server)
{
	uv_loop_t *uv = &server->loops[0].uv;

	uv_signal_init(uv, &server->sigterm);
	uv_signal_init(uv, &server->sigint);
	uv_timer_init(uv, &server->drain_timer);
	server->sigterm.data = server;
	server->sigint.data = server;
	server->drain_timer.data = server;
	/* A client that is gone shows as EPIPE. */
	signal(SIGPIPE, SIG_IGN);
	uv_signal_start(&server->sigterm, on_signal, SIGTERM);
	uv_signal_start(&server->sigint, on_signal, SIGINT);
}

/* Not before the last loop has ended: from here on signals have their default
 * effect, and one more must not turn a clean end into a death. */
static void close_signals(struct server *server)
{
	uv_close((uv_handle_t *)&server->sigterm, NULL);
	uv_close((uv_handle_t *)&server->sigint, NULL);
	uv_run(&server->loops[0].uv, UV_RUN_DEFAULT);
}

/* Life. */

static int init_loops(struct server *server, unsigned wanted)
{
	int err;

	server->loops = calloc(wanted, sizeof(*server->loops));
	if (!server->loops)
		return UV_ENOMEM;
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
	struct server *server = calloc(1, sizeof(*server));
	int err;

	if (!server) {
		log_line(LOG_ERROR, "out of memory");
		return NULL;
	}
	server->options = options;
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
	err = init_loops(server, options->loops ? options->loops
						: uv_available_parallelism());
	if (err) {
		log_line(LOG_ERROR, "cannot prepare the event loops: %s",
			 uv_strerror(err));
		goto out_discard;
	}
	raise_file_limit(server);
	set_soft_limit(server);
	err = listen_all(server);
	if (err) {
		log_line(LOG_ERROR, "cannot listen on %s: %s%s",
			 options->listen, uv_strerror(err),
			 err == UV_EADDRINUSE
				 ? "; end what listens there, or choose "
				   "another port with --listen"
				 : "");
		goto out_discard;
	}
	/* Of the listeners; before a thread could release one. */
	atomic_store(&server->holds, server->loops_len);
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
	buffer_deinit(&server->openrpc);
	buffer_deinit(&server->openrpc_gzip);
	free(server);
}

uint16_t server_port(const struct server *server)
{
	return server->port;
}

static void *run_thread(void *arg)
{
	loop_run(arg);
	return NULL;
}

void server_run(struct server *server)
{
	unsigned i;
	int err;

	for (i = 1; i < server->loops_len; i++) {
		err = pthread_create(&server->loops[i].thread, NULL, run_thread,
				     &server->loops[i]);
		if (err) {
			log_line(LOG_ERROR, "cannot start %u threads: %s",
				 server->loops_len, strerror(err));
			exit(EXIT_FAILURE);
		}
	}
	loop_run(&server->loops[0]);
	for (i = 1; i < server->loops_len; i++)
		pthread_join(server->loops[i].thread, NULL);
	log_line(LOG_INFO, "stopped");
}
