/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What the files of the tracer share
 */
#include <sys/ptrace.h>
#include <sys/types.h>

#include "clients/cli/tracer.h"

enum {
	/* What is born before the program is executed is none of its. */
	TRACER_OPTIONS_BEFORE_EXEC =
		PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL,
	TRACER_OPTIONS = TRACER_OPTIONS_BEFORE_EXEC | PTRACE_O_TRACECLONE |
			 PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK
};

/* Between the stop at a call's entry and the one at its end. */
enum tracee_phase {
	PHASE_RUNNING,
	PHASE_WAITING, /* stopped before a call, another one is being made */
	PHASE_CALLING,
	PHASE_STARTING, /* stopped at birth, before its parent told of it */
};

/* A process of the trace and its threads. */
struct group {
	pid_t pid;
	struct recorded_process *process;
	unsigned threads;
	bool unreadable; /* another architecture: not recorded from here on */
};

struct tracee {
	pid_t tid;
	struct group *group; /* NULL: its parent has not told of it yet */
	unsigned thread;     /* in the trace */
	enum tracee_phase phase;
	uint64_t number;
	uint64_t args[6];
	struct tracee *next;
};

struct tracer {
	struct recorder *recorder;
	struct tracee *tracees;
	struct tracee *caller; /* the one that is making a call */
	pid_t first;
	struct tracer_result *result;
};

/** tracer_complain() - why part of the recording, or all of it, is missing */
void tracer_complain(struct tracer *tracer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** tracee_new() - add a tracee, whose group is not known yet */
struct tracee *tracee_new(struct tracer *tracer, pid_t tid);

/** group_new() - a process without threads */
struct group *group_new(pid_t pid, struct recorded_process *process);

/** tracee_go_on() - let a stopped thread run to its next stop, with a signal or 0 */
void tracee_go_on(pid_t tid, int signal);

/** tracee_at_call() - a thread has stopped at the beginning or end of a call */
void tracee_at_call(struct tracer *tracer, struct tracee *tracee);

/** tracee_call_done() - a thread makes no call any more: the next one may */
void tracee_call_done(struct tracer *tracer, struct tracee *tracee);

/** tracee_at_end() - a thread has ended, with this status of waitpid() */
void tracee_at_end(struct tracer *tracer, struct tracee *tracee, int status);

/** tracer_follow() - see all tracees to their end; false: nothing more can be
 * recorded */
bool tracer_follow(struct tracer *tracer);
