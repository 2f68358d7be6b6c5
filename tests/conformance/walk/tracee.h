/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The smallest possible real process, led by ptrace
 *
 * It has one page of code at 0x400000, a stack, and two data files, and makes
 * one system call, or touches one byte, at a time. The program and the files
 * live in memory only. It dies with whoever leads it.
 */
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "tests/conformance/walk/call.h"
#include "tests/conformance/walk/view.h"

/* The page of the program; a walk leaves it alone. */
#define CODE_START 0x400000ULL
#define CODE_END   0x401000ULL

#define DATA_RW_SIZE 20580
#define DATA_RO_SIZE 24576

#define TRACEE_MAX_RESIDENT 64

#define TRACEE_FORBIDDEN 1

/* In bytes; UINT64_MAX: none. */
struct tracee_limits {
	uint64_t as, data, stack, memlock;
};

/* How the process is to be: 0 in @uid means every capability. */
struct tracee_setup {
	uint32_t uid;
	struct tracee_limits limits;
};

struct tracee_process {
	pid_t threads[WALK_MAX_THREADS]; /* the first is the process */
	unsigned int nr_threads;
	int maps, status, rollup; /* open files of /proc; -1: not yet */
};

struct tracee {
	struct tracee_process processes[WALK_MAX_PROCESSES];
	unsigned int nr_processes;
	uint64_t start_stack; /* stack pointer between touches */
};

enum page_sort {
	PAGES_ANON,
	PAGES_FILE,
	PAGES_PFN, /* of [vvar]: not counted */
};

/* Pages that are present before the first call. */
struct first_pages {
	uint64_t start, end;
	enum page_sort sort;
};

/* Fields of the mm before the first call. */
struct first_mm {
	uint64_t start_code, end_code, start_data, end_data, start_brk, brk;
	uint64_t start_stack, arg_start, arg_end, env_start, env_end;
};

/* What a twin needs to know before the first call. */
struct first_state {
	char maps[4096]; /* "start-end perms offset name", a line each */
	size_t maps_len;
	struct first_mm mm;
	struct first_pages resident[TRACEE_MAX_RESIDENT];
	size_t nr_resident;
	struct view view;
};

/**
 * tracee_start() - make the process and stop it before its first call
 * @tracee: to fill
 * @setup:  user and limits
 * @state:  out: how it stands
 *
 * A page has been mapped and unmapped by then, so that the code page is present
 * and VmPeak is one page above VmSize, as in recorded runs.
 *
 * Return: 0; TRACEE_FORBIDDEN: ptrace is refused here; -1: something else.
 *         Standard error then has a sentence.
 */
int tracee_start(struct tracee *tracee, const struct tracee_setup *setup,
		 struct first_state *state);

/**
 * tracee_apply() - make a call
 * @call:   of a process and a thread that exist
 * @answer: out
 *
 * Return: 0, or -1 if the process died.
 */
int tracee_apply(struct tracee *tracee, const struct call *call,
		 struct answer *answer);

/**
 * tracee_view() - what the kernel shows of a process
 * @number: of the process
 * @view:   out
 *
 * Return: 0, or -1 if the process died.
 */
int tracee_view(struct tracee *tracee, unsigned int number, struct view *view);

/* Kill the processes and wait for their end. */
void tracee_stop(struct tracee *tracee);
