/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A run written down as a trace, one JSON object a line
 *
 * What the kernel answered, in the form that `vmarium replay` reads.
 */
#include <stdio.h>

#include "tests/conformance/walk/run.h"

struct record {
	FILE *out;
	struct view *last[WALK_MAX_PROCESSES]; /* maps as written last */
};

/**
 * record_begin() - write the first line
 * @record: to fill
 * @out:    kept
 * @run:    begun
 * @walk:   how
 * @seed:   of the run
 */
void record_begin(struct record *record, FILE *out, const struct run *run,
		  const struct walk *walk, uint64_t seed);

/**
 * record_step() - write the last step
 * @record: begun
 * @run:    after run_step()
 * @call:   that was made
 */
void record_step(struct record *record, const struct run *run,
		 const struct call *call);

void record_end(struct record *record);
