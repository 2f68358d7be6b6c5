/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * One process and its twin, walking side by side
 */
#include <stddef.h>

#include "tests/conformance/walk/mix.h"
#include "tests/conformance/walk/tracee.h"
#include "tests/conformance/walk/twin.h"
#include "tests/conformance/walk/view.h"

/* What stays the same from run to run. */
struct walk {
	const struct mix *mix;
	const struct kernel_profile *profile;
	bool is_commit_judged; /* each call is judged by what is committed */
	bool is_covered;       /* the profile is the running kernel's */
	struct tracee_setup setup;
};

/* The first thing in which the two disagreed. */
struct difference {
	char kind[96]; /* "mprotect: the kernel merges more"; empty: none */
	struct call call;
	struct answer kernel, engine;
	unsigned int process; /* whose view differs */
};

struct run {
	struct tracee tracee;
	struct twin twin;
	struct machine_state machine;
	struct first_state first;
	/* Counters that no profile covers and that did not begin alike. */
	bool is_passed_over[NR_COUNTERS];
	struct view *kernel[WALK_MAX_PROCESSES];
	struct view *engine;  /* of the process looked at last */
	struct answer answer; /* the kernel's to the last call */
	struct difference difference;
};

enum run_status {
	RUN_SAME,
	RUN_DIFFERENT, /* the run is over */
	RUN_REFUSED,   /* likewise; the engine declined to answer */
	RUN_FORBIDDEN, /* likewise: ptrace is refused here */
	RUN_BROKEN,    /* process or engine gave up; standard error says why */
};

/**
 * run_begin() - make a process and its twin, and compare them
 * @run:  to fill; ended by run_end() whatever the outcome
 * @walk: how
 */
enum run_status run_begin(struct run *run, const struct walk *walk);

/**
 * run_step() - let both make a call, and compare what it came to
 * @run:  going on
 * @walk: as at the beginning
 * @call: of a process and thread that exist
 */
enum run_status run_step(struct run *run, const struct walk *walk,
			 const struct call *call);

/* Whether the process and thread that make @call exist. */
bool run_can_make(const struct run *run, const struct call *call);

void run_end(struct run *run);

/* Write the difference: both answers, the areas and counters that differ. */
void run_print_difference(FILE *out, const struct run *run);
