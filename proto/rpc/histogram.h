/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Durations by how long they were, in the bounds that all metrics share
 */
#include <stdint.h>

enum {
	HISTOGRAM_BOUNDS = 15
};

/* Upper bounds, inclusive, from half a microsecond to a second. */
struct histogram_bound {
	uint64_t ns;
	const char *seconds; /* as a number of seconds is written */
};

extern const struct histogram_bound histogram_bounds[HISTOGRAM_BOUNDS];

struct histogram {
	uint64_t counts[HISTOGRAM_BOUNDS + 1]; /* each alone; last: above all */
	uint64_t sum;                          /* nanoseconds */
};

/** histogram_add() - one more duration, in nanoseconds */
void histogram_add(struct histogram *histogram, uint64_t ns);

/** histogram_merge() - add what @from counts */
void histogram_merge(struct histogram *into, const struct histogram *from);

/** histogram_count() - how many durations there were */
uint64_t histogram_count(const struct histogram *histogram);
