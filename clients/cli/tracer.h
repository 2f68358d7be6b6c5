/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Running a program under ptrace, one memory call at a time
 *
 * Every thread and child is traced. A thread that is about to make a memory
 * call, or to fork or clone, waits until no other is in one: so the calls have
 * an order, and what /proc shows after each is its own doing.
 */
#include "clients/cli/recorder.h"

/**
 * struct tracer_result - how the program went
 * @status:  of waitpid(), of the program's first process
 * @trouble: why there is no recording, or part of it is missing; NULL: all is well
 */
struct tracer_result {
	int status;
	char *trouble;
};

/**
 * tracer_run() - run a program to its end
 * @argv:      program, found as execvp() does, and arguments
 * @randomise: leave addresses random, as the system has it
 * @result:    filled; trouble is the caller's to free
 *
 * Return: whether the program was recorded, perhaps with a trouble; false:
 *         it did not run.
 */
bool tracer_run(struct recorder *recorder, char *const *argv, bool randomise,
		struct tracer_result *result);

/**
 * tracer_refusal() - why ptrace was refused, and what can be done, in words
 * @err:   errno
 * @scope: of /proc/sys/kernel/yama/ptrace_scope, -1: there is none
 *
 * Return: static storage.
 */
const char *tracer_refusal(int err, int scope);
