/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The command line of vmarium-bench
 */
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "clients/bench/scenario.h"

enum {
	EXIT_RIGHT = 0,
	EXIT_WRONG = 1,
	EXIT_UNUSABLE = 2,
};

enum output {
	OUTPUT_TEXT,
	OUTPUT_JSON,
	OUTPUT_CSV,
};

/**
 * struct options - what a run is to be
 * @rate:     requests per second of an open loop; 0: a closed one
 * @requests: 0: until the duration is over
 * @duration: ns
 * @timeout:  ns that an answer may take
 * @pid:      of the server, 0: its CPU time is not looked at
 * @stage:    the options that scenarios look at
 */
struct options {
	const char *server;
	const char *token;
	const struct scenario *scenario;
	struct stage stage;
	uint64_t connections;
	uint64_t depth;
	uint64_t batch;
	uint64_t rate;
	uint64_t requests;
	uint64_t duration;
	uint64_t timeout;
	pid_t pid;
	enum output output;
	bool allow_remote;
	bool quiet;
};

/**
 * options_read() - read the command line and the environment
 *
 * Prints the help text or the version and exits 0 if asked to; says what is
 * wrong and exits 2 if it cannot be understood. Strings stay argv's.
 */
void options_read(struct options *options, int argc, char **argv);
