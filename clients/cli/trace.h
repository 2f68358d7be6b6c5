/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Traces: what a real kernel answered to a run of memory calls
 *
 * A trace is a text of JSON objects, one a line. The first says how the
 * process stood before the first call, every other is one step: the call, its
 * answer, and the state it left where that changed. All of it is judged while
 * it is read, so that a replay meets no surprise halfway.
 */
#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#include "clients/cli/calls.h"

/* How many counters of /proc/PID/status a trace carries, in this order. */
enum {
	TRACE_STATUS_COLUMNS = 14
};

extern const char *const trace_status_names[TRACE_STATUS_COLUMNS];

enum trace_op {
	TRACE_CALL, /* a system call: form and args */
	TRACE_READ, /* one byte touched at args[0] */
	TRACE_WRITE,
	TRACE_CLONE, /* made is the new thread */
	TRACE_FORK,  /* made is the new process, whose maps and status follow */
};

/**
 * struct trace_step - one line of a trace
 * @form:    of TRACE_CALL
 * @args:    as many as the form has; of a touch its address
 * @process: which process makes the call, counted from 0 in order of making
 * @thread:  which of its threads, counted likewise
 * @ret:     integer or string; NULL for TRACE_CLONE and TRACE_FORK
 * @maps:    lines after the step, or NULL where they did not change
 * @status:  TRACE_STATUS_COLUMNS integers, or NULL where none were recorded
 * @vmacache: calls and hits that the step added, or NULL
 */
struct trace_step {
	unsigned line;
	enum trace_op op;
	const struct call_form *form;
	uint64_t args[CALL_ARGS_MAX];
	unsigned process;
	unsigned thread;
	unsigned made;
	const json_t *ret;
	const json_t *maps;
	const json_t *status;
	const json_t *vmacache;
};

/**
 * struct trace - a trace in memory
 * @header: the first line
 * @lines:  what the steps' pointers point into
 * @major:  of the kernel that answered
 */
struct trace {
	json_t *header;
	json_t *lines;
	struct trace_step *steps;
	size_t count;
	unsigned major;
	unsigned minor;
	unsigned processes;
	unsigned threads;
};

/**
 * trace_load() - read and judge a trace
 * @trace:  filled; to be released with trace_unload() whatever the outcome
 * @error:  on failure one sentence that names the line and what is wrong
 *
 * Return: 0, or -1 if the file cannot be read or is not a trace.
 */
int trace_load(struct trace *trace, const char *path, char *error,
	       size_t error_size);

/** trace_unload() - release what trace_load() allocated */
void trace_unload(struct trace *trace);

/**
 * trace_process_params() - the parameters of process.create that the header states
 * @profile: release to emulate, or NULL for the kernel's own
 *
 * Return: a new object.
 */
json_t *trace_process_params(const struct trace *trace, const char *profile);

/** trace_step_spell() - write the step's call as strace would */
void trace_step_spell(FILE *out, const struct trace_step *step);
