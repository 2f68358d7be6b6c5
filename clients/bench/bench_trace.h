/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A trace made ready to be said many times
 *
 * Every step is a call whose text is written but for the process and the
 * thread that make it, and what its answer must be.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clients/bench/bytes.h"
#include "clients/bench/expectation.h"

struct rpc_client;

/* What a call makes that later ones name. */
enum bench_makes {
	MAKES_NOTHING,
	MAKES_THREAD,
	MAKES_PROCESS,
	ENDS_THREAD,
	ENDS_PROCESS,
};

/**
 * struct bench_step - one call
 * @text:    its method and parameters, open; the parameters are never empty
 * @process: which makes it, counted from 0
 * @thread:  which makes it, counted from 0, the first of the process being 0
 * @made:    the number of what it makes
 * @no_thread: the call is the whole process's, and names no thread
 */
struct bench_step {
	struct bytes text;
	struct expectation expect;
	unsigned process;
	unsigned thread;
	unsigned made;
	enum bench_makes makes;
	bool no_thread;
};

/**
 * struct bench_trace - all of them
 * @create: process.create for the first line, whole
 */
struct bench_trace {
	struct bytes create;
	struct bench_step *steps;
	size_t count;
	unsigned processes;
	unsigned threads;
};

/**
 * bench_trace_load() - read a trace and write its calls
 * @client: of the server that is to hear them, whose nearest release is that of
 *          a recording of another one
 *
 * Return: the trace, or NULL with a sentence in @error when the file cannot be
 *         read, is no trace, or holds what cannot be replayed under load (a
 *         program that begins another one), or when the server names no profile.
 */
struct bench_trace *bench_trace_load(const char *path,
				     struct rpc_client *client, char *error,
				     size_t error_size);

/** bench_trace_free() - release a trace; NULL is fine */
void bench_trace_free(struct bench_trace *trace);
