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
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clients/cli/calls.h"

/* How many counters of /proc/PID/status a trace carries, in this order. */
enum {
	TRACE_STATUS_COLUMNS = 14
};

extern const char *const trace_status_names[TRACE_STATUS_COLUMNS];

enum trace_check {
	CHECK_RET = 1,
	CHECK_MAPS = 2,
	CHECK_STATUS = 4,
	CHECK_VMACACHE = 8,
	CHECK_ALL = 15,
};

enum trace_op {
	TRACE_CALL, /* a system call: form and args */
	TRACE_READ, /* one byte touched at args[0] */
	TRACE_WRITE,
	TRACE_CLONE, /* made is the new thread */
	TRACE_FORK,  /* made is the new process, whose maps and status follow */
	TRACE_OPEN,  /* descriptor args[0] is the file that source describes */
	TRACE_CLOSE, /* descriptor args[0] */
	TRACE_IMAGE, /* the process is now as source describes it: exec, image */
	TRACE_EXIT,  /* of the thread, or, if that is 0, of the process */
};

/**
 * struct trace_step - one line of a trace
 * @form:    of TRACE_CALL
 * @args:    as many as the form has; of a touch its address
 * @process: which process makes the call, counted from 0 in order of making
 * @thread:  which of its threads, counted likewise
 * @shares:  of TRACE_FORK: both use one address space
 * @ret:     integer or string; of a call or a touch, else NULL
 * @at:      where the file system wanted the mapping, or NULL: it had no wish
 * @maps:    lines after the step, or NULL where they did not change
 * @status:  TRACE_STATUS_COLUMNS integers, or NULL where none were recorded
 * @vmacache: calls and hits that the step added, or NULL
 * @source:   the line itself
 */
struct trace_step {
	unsigned line;
	enum trace_op op;
	const struct call_form *form;
	uint64_t args[CALL_ARGS_MAX];
	unsigned process;
	unsigned thread;
	unsigned made;
	bool shares;
	const json_t *ret;
	const json_t *at;
	const json_t *maps;
	const json_t *status;
	const json_t *vmacache;
	const json_t *source;
};

/**
 * struct trace - a trace in memory
 * @header: the first line
 * @lines:  what the steps' pointers point into
 * @major:    0: nobody knows which kernel answered
 * @recorded: of a real program: page faults are not in it
 * @checks:   what the trace can be compared in, enum trace_check
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
	bool recorded;
	unsigned checks;
};

/**
 * trace_load() - read and judge a trace
 * @trace:  filled; to be released with trace_unload() whatever the outcome
 * @error:  on failure one sentence that names the line and what is wrong
 *
 * Return: 0, or -1 if the file cannot be read or is not a trace. If it has a
 *         first line, the steps before the wrong line have been kept: trace_usable().
 */
int trace_load(struct trace *trace, const char *path, char *error,
	       size_t error_size);

/** trace_read() - the same from an open file, which stays open */
int trace_read(struct trace *trace, FILE *file, char *error, size_t error_size);

/** trace_usable() - whether there is something to replay, be it not all */
bool trace_usable(const struct trace *trace);

/** trace_unload() - release what trace_load() allocated */
void trace_unload(struct trace *trace);

/**
 * trace_process_params() - the parameters of process.create that a line states
 * @image:   a TRACE_IMAGE, which goes on on the header's machine, or NULL: the
 *           header
 * @profile: release to emulate, or NULL for the kernel's own
 *
 * Return: a new object.
 */
json_t *trace_process_params(const struct trace *trace,
			     const struct trace_step *image,
			     const char *profile);

/** trace_step_spell() - write the step's call as strace would */
void trace_step_spell(FILE *out, const struct trace_step *step);
