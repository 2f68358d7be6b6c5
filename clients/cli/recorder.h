/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Writing a trace of processes that someone else stops and resumes
 *
 * Every function is called while the process concerned stands still, and at
 * most one call of all processes is between recorder_before() and its end. The
 * recorder looks at /proc, compares with what the trace has told so far, and
 * writes the lines that a replay needs to come to the same state.
 */
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

#include "clients/cli/calls.h"

struct recorder;
struct recorded_process;

/** struct recorder_counts - what the trace holds */
struct recorder_counts {
	size_t lines;
	size_t calls;
	unsigned processes;
	unsigned threads;
};

/**
 * recorder_new() - begin a trace
 * @out:     where to; stays the caller's
 * @profile: the release that a replay should emulate, or NULL
 * @argv:    the program and its arguments, for the first line
 */
struct recorder *recorder_new(FILE *out, const char *profile,
			      char *const *argv);

/** recorder_free() - end it; NULL is fine */
void recorder_free(struct recorder *recorder);

/** recorder_counts() - what has been written */
const struct recorder_counts *recorder_counts(const struct recorder *recorder);

/**
 * recorder_trouble() - what went wrong last, as a sentence for people
 *
 * Return: NULL while nothing has.
 */
const char *recorder_trouble(const struct recorder *recorder);

/**
 * recorder_start() - write the first line
 * @pid: stands behind its execve
 *
 * Return: the process, or NULL with a trouble: it does not let itself be read.
 */
struct recorded_process *recorder_start(struct recorder *recorder, pid_t pid);

/** recorder_exec() - the process has executed another program */
void recorder_exec(struct recorder *recorder, struct recorded_process *process);

/**
 * recorder_before() - a call is about to be made
 *
 * Writes what happened since the last one: the stack grew, memory was written
 * for the first time, something else changed the maps.
 */
void recorder_before(struct recorder *recorder,
		     struct recorded_process *process);

/**
 * recorder_call() - the call has been made
 * @form:   which
 * @args:   its arguments
 * @ret:    what the kernel answered
 * @thread: which thread made it, counted from 0 in the trace
 */
void recorder_call(struct recorder *recorder, struct recorded_process *process,
		   unsigned thread, const struct call_form *form,
		   const uint64_t *args, int64_t ret);

/**
 * recorder_fork() - the process has made another one
 * @pid:      the child, which has not run yet
 * @share_mm: both use one address space
 *
 * Return: the child.
 */
struct recorded_process *recorder_fork(struct recorder *recorder,
				       struct recorded_process *process,
				       unsigned thread, pid_t pid,
				       bool share_mm);

/** recorder_clone() - the process has made a thread; returns its number */
unsigned recorder_clone(struct recorder *recorder,
			struct recorded_process *process, unsigned thread);

/** recorder_thread_exit() - a thread but the first has ended */
void recorder_thread_exit(struct recorder *recorder,
			  struct recorded_process *process, unsigned thread);

/** recorder_exit() - the process has ended; @process is freed */
void recorder_exit(struct recorder *recorder, struct recorded_process *process);
