/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * One run: all connections, the phases, and what was counted
 *
 * One thread and one epoll instance. The phases settle and leave are neither
 * timed nor counted, but their errors are.
 */
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "clients/bench/connection.h"
#include "clients/bench/options.h"
#include "clients/bench/pace.h"
#include "clients/bench/scenario.h"
#include "clients/bench/tally.h"
#include "clients/bench/target.h"

/**
 * struct load - a run
 * @stage:       what the players share
 * @head:        every request up to the number of its Content-Length
 * @body:        the body that is being written
 * @received:    what is being read, when no connection holds a part of it
 * @free:        of an open loop: ring of connections that may be asked
 * @outstanding: requests without an answer, on all connections
 * @asked:       requests of the measured phase
 * @unsent:      of an open loop: requests whose time came and that were never
 *               sent, since no connection was free
 * @elapsed:     ns from the first request to the last answer
 * @cpu:         ns of the server's CPU time meanwhile
 */
struct load {
	const struct options *options;
	const struct scenario *scenario;
	struct stage stage;
	struct target target;
	struct tally tally;
	struct bytes head;
	struct bytes body;
	struct bytes received;
	struct connection *connections;
	struct connection **free;
	uint64_t free_head;
	uint64_t free_count;
	struct pace pace;
	enum phase phase;
	int epoll;
	uint64_t now;
	uint64_t started;
	uint64_t ends;
	uint64_t next_tick;
	uint64_t next_id;
	uint64_t outstanding;
	uint64_t asked;
	uint64_t unsent;
	uint64_t elapsed;
	uint64_t cpu;
	bool has_cpu;
};

/* Set by a signal: end the measured phase, and report what there is. */
extern volatile sig_atomic_t load_interrupted;

/** load_clock() - monotonic time, ns */
uint64_t load_clock(void);

/**
 * load_open() - prepare a run and open its connections
 * @options: kept
 *
 * Return: 0, or -1 with a sentence in @error: no such server, a trace that
 *         cannot be read, too few file descriptors. load_close() in either case.
 */
int load_open(struct load *load, const struct options *options, char *error,
	      size_t error_size);

/** load_run() - settle, measure, leave; what came of it is in the tally */
void load_run(struct load *load);

/** load_close() - close all connections and free everything */
void load_close(struct load *load);
