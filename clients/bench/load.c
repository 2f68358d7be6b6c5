/* SPDX-License-Identifier: MIT */
#include "clients/bench/load.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "clients/bench/progress.h"

enum {
	EVENTS_MAX = 256,
	TICK_NS = 200 * 1000000,
	FILES_RESERVED = 16,
};

/* Ten digits from first to last, so that requests of one kind are equally long. */
static const uint64_t first_id = 1000000000;

volatile sig_atomic_t load_interrupted;

uint64_t load_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void write_head(struct load *load)
{
	const char *token = load->options->token;

	bytes_put_text(&load->head, "POST /rpc HTTP/1.1\r\nHost: ");
	bytes_put_text(&load->head, load->target.host);
	if (token && *token) {
		bytes_put_text(&load->head, "\r\nAuthorization: Bearer ");
		bytes_put_text(&load->head, token);
	}
	bytes_put_text(&load->head, "\r\nContent-Type: application/json\r\n"
				    "Content-Length: ");
}

static int files_allow(uint64_t connections, char *error, size_t error_size)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return 0;
	if (limit.rlim_cur >= connections + FILES_RESERVED)
		return 0;
	if (limit.rlim_max < connections + FILES_RESERVED) {
		snprintf(error, error_size,
			 "this shell allows %llu open files, too few for %llu "
			 "connections; raise it with ulimit -Hn",
			 (unsigned long long)limit.rlim_max,
			 (unsigned long long)connections);
		return -1;
	}
	limit.rlim_cur = connections + FILES_RESERVED;
	return setrlimit(RLIMIT_NOFILE, &limit);
}

static int connections_open(struct load *load, char *error, size_t error_size)
{
	const struct options *options = load->options;
	uint64_t count = options->connections;

	load->connections = calloc(count, sizeof(*load->connections));
	load->free = calloc(count, sizeof(struct connection *));
	if (!load->connections || !load->free)
		out_of_memory();
	for (uint64_t i = 0; i < count; i++)
		load->connections[i].fd = -1;
	for (uint64_t i = 0; i < count; i++) {
		if (!connection_open(&load->connections[i], load, i))
			continue;
		if (i)
			snprintf(error, error_size,
				 "connection %llu of %llu to %s failed: %s",
				 (unsigned long long)i + 1,
				 (unsigned long long)count, options->server,
				 strerror(errno));
		else
			snprintf(error, error_size,
				 "no server answers at %s: %s; start one with "
				 "'vmariumd', or name another with --server",
				 options->server, strerror(errno));
		return -1;
	}
	return 0;
}

int load_open(struct load *load, const struct options *options, char *error,
	      size_t error_size)
{
	*load = (struct load){
		.options = options,
		.scenario = options->scenario,
		.stage = options->stage,
		.next_id = first_id,
		.epoll = -1,
	};
	if (target_resolve(&load->target, options->server,
			   options->allow_remote, error, error_size))
		return -1;
	if (options->pid && process_cpu_time(options->pid, &load->cpu)) {
		snprintf(error, error_size, "there is no process %d",
			 (int)options->pid);
		return -1;
	}
	if (load->scenario->open &&
	    load->scenario->open(&load->stage, error, error_size))
		return -1;
	if (files_allow(options->connections, error, error_size))
		return -1;
	write_head(load);
	load->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (load->epoll < 0) {
		snprintf(error, error_size, "epoll: %s", strerror(errno));
		return -1;
	}
	return connections_open(load, error, error_size);
}

void load_close(struct load *load)
{
	for (uint64_t i = 0; load->connections && i < load->stage.players;
	     i++) {
		connection_close(&load->connections[i]);
		player_free(load->connections[i].player);
	}
	if (load->scenario->close)
		load->scenario->close(&load->stage);
	if (load->epoll >= 0)
		close(load->epoll);
	free(load->connections);
	free(load->free);
	bytes_deinit(&load->head);
	bytes_deinit(&load->body);
	bytes_deinit(&load->received);
}

static bool may_ask_more(const struct load *load)
{
	const struct options *options = load->options;

	if (load->phase != PHASE_RUN)
		return true;
	return load->now < load->ends && !load_interrupted &&
	       (!options->requests || load->asked < options->requests);
}

/* Closed loop, and the phases that are not measured: as many as there is room. */
static void ask_all_it_can(struct load *load, struct connection *connection)
{
	bool asked = false;

	while (connection_can_ask(connection, load) && may_ask_more(load) &&
	       connection_ask(connection, load, load->now))
		asked = true;
	if (asked)
		connection_send(connection, load);
}

static bool is_paced(const struct load *load)
{
	return load->options->rate && load->phase == PHASE_RUN;
}

static void free_push(struct load *load, struct connection *connection)
{
	uint64_t room = load->stage.players;

	if (connection->is_free || !connection_can_ask(connection, load))
		return;
	connection->is_free = true;
	load->free[(load->free_head + load->free_count++) % room] = connection;
}

static struct connection *free_pop(struct load *load)
{
	struct connection *connection = load->free[load->free_head];

	load->free_head = (load->free_head + 1) % load->stage.players;
	load->free_count--;
	connection->is_free = false;
	return connection;
}

/* Open loop: those whose time has come, on connections that take turns. */
static void ask_what_is_due(struct load *load)
{
	while (load->free_count && may_ask_more(load)) {
		uint64_t due = pace_next(&load->pace);
		struct connection *connection;

		if (due > load->now || due >= load->ends)
			break;
		connection = free_pop(load);
		if (!connection_can_ask(connection, load) ||
		    !connection_ask(connection, load, due))
			continue;
		load->pace.taken++;
		connection_send(connection, load);
		free_push(load, connection);
	}
}

static void go_on(struct load *load, struct connection *connection)
{
	if (is_paced(load))
		free_push(load, connection);
	else
		ask_all_it_can(load, connection);
}

static void end_overdue(struct load *load)
{
	for (uint64_t i = 0; i < load->stage.players; i++) {
		struct connection *connection = &load->connections[i];
		const struct request *oldest;

		if (connection->fd < 0 || !connection->requests_count)
			continue;
		oldest = &connection->requests[connection->requests_head];
		if (load->now - oldest->sent > load->options->timeout)
			connection_fail(connection, load, "timed out", "");
	}
}

static void tick(struct load *load)
{
	if (load->now < load->next_tick)
		return;
	load->next_tick = load->now + TICK_NS;
	end_overdue(load);
	progress_show(load);
}

/* Nanoseconds until there is something to do even if nothing is heard. */
static uint64_t patience(const struct load *load)
{
	uint64_t until = load->next_tick;

	if (load->phase == PHASE_RUN && load->ends > load->now &&
	    load->ends < until)
		until = load->ends;
	if (is_paced(load) && load->free_count && may_ask_more(load) &&
	    pace_next(&load->pace) < until)
		until = pace_next(&load->pace);
	return until > load->now ? until - load->now : 0;
}

/* epoll_wait() counts in milliseconds, too coarse for a pace. */
static int wait_for_events(struct load *load, struct epoll_event *events)
{
	struct pollfd epoll = { .fd = load->epoll, .events = POLLIN };
	uint64_t ns = patience(load);
	const struct timespec timeout = {
		.tv_sec = (time_t)(ns / 1000000000),
		.tv_nsec = (long)(ns % 1000000000),
	};

	if (!is_paced(load))
		return epoll_wait(load->epoll, events, EVENTS_MAX,
				  (int)(ns / 1000000) + 1);
	if (ppoll(&epoll, 1, &timeout, NULL) <= 0)
		return 0;
	return epoll_wait(load->epoll, events, EVENTS_MAX, 0);
}

static void handle(struct load *load, const struct epoll_event *event)
{
	struct connection *connection = event->data.ptr;

	/* An earlier event of this round may have ended it. */
	if (connection->fd >= 0 && event->events & EPOLLOUT)
		connection_send(connection, load);
	if (connection->fd >= 0 && event->events & ~(uint32_t)EPOLLOUT)
		connection_hear(connection, load);
	if (connection->fd >= 0)
		go_on(load, connection);
}

static bool run_is_over(const struct load *load)
{
	if (load->outstanding)
		return false;
	/* Nothing outstanding, nothing to say: so it will stay. */
	return !is_paced(load) || !load->free_count || !may_ask_more(load);
}

static void run_phase(struct load *load, enum phase phase)
{
	struct epoll_event events[EVENTS_MAX];

	load->phase = phase;
	load->now = load_clock();
	for (uint64_t i = 0; i < load->stage.players; i++)
		go_on(load, &load->connections[i]);
	for (;;) {
		int count;

		if (is_paced(load))
			ask_what_is_due(load);
		/* In settling one player may wait for what another makes. */
		for (uint64_t i = 0;
		     phase == PHASE_SETTLE && i < load->stage.players; i++)
			go_on(load, &load->connections[i]);
		if (run_is_over(load))
			break;
		count = wait_for_events(load, events);
		load->now = load_clock();
		for (int i = 0; i < count; i++)
			handle(load, &events[i]);
		tick(load);
	}
}

static void measure(struct load *load)
{
	const struct options *options = load->options;
	uint64_t cpu = 0;

	load->started = load_clock();
	load->ends = load->started + options->duration;
	load->pace = (struct pace){
		.start = load->started,
		.rate = options->rate,
	};
	if (options->pid)
		load->has_cpu = !process_cpu_time(options->pid, &load->cpu);
	run_phase(load, PHASE_RUN);
	if (load->has_cpu)
		load->has_cpu = !process_cpu_time(options->pid, &cpu);
	load->cpu = cpu - load->cpu;
	if (options->rate && !load_interrupted && !options->requests)
		load->unsent = pace_due(&load->pace, load->ends - 1);
}

void load_run(struct load *load)
{
	run_phase(load, PHASE_SETTLE);
	measure(load);
	run_phase(load, PHASE_LEAVE);
	progress_clear(load);
}
