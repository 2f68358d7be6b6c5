/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The command line of vmarium-walk
 */
#include <stdbool.h>
#include <stdint.h>

#include "tests/conformance/walk/mix.h"

struct options {
	uint64_t seed;  /* of the first run; each later one adds 1 */
	uint64_t steps; /* in all */
	uint64_t steps_per_run;
	const struct mix *mix;                /* NULL: each in turn */
	const struct kernel_profile *profile; /* NULL: the kernel's own */
	const char *record; /* file for the first run's trace, or NULL */
	bool strict;
};

enum options_outcome {
	OPTIONS_RUN,
	OPTIONS_DONE,  /* help was asked for and printed */
	OPTIONS_WRONG, /* standard error says what */
};

enum options_outcome options_parse(struct options *options, int argc,
				   char **argv);
