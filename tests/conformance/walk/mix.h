/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Kinds of random walks, and the next call of one
 */
#include "tests/conformance/walk/call.h"
#include "tests/conformance/walk/tracee.h"
#include "tests/conformance/walk/view.h"

/* What a kind of walk is made of. */
struct mix {
	const char *name;
	uint8_t weights[CALL_NR_KINDS];
	bool flags;  /* mmap with MAP_GROWSDOWN, LOCKED, POPULATE, ... */
	bool big;    /* sizes up to gigabytes; then nothing is made present */
	bool nobody; /* always without capabilities */
	/* Settings of the machine, if it is the walk's own; -1: as they are. */
	int overcommit_memory, max_map_count;
	struct tracee_limits limits;
};

/* The mix of that name, or NULL. */
const struct mix *mix_find(const char *name);

/* The mix at @index, 0, 1, ..., or NULL past the last one. */
const struct mix *mix_at(size_t index);

/* A sequence of random numbers. */
struct dice {
	uint64_t state;
};

/* A number below @sides, which is not 0. */
uint64_t dice_roll(struct dice *dice, uint64_t sides);

/**
 * mix_next() - think of the next call
 * @mix:    kind of walk
 * @dice:   moved on
 * @tracee: its processes and threads
 * @views:  of every process, its maps after its last call
 * @call:   out: never one that would change the code page
 */
void mix_next(const struct mix *mix, struct dice *dice,
	      const struct tracee *tracee, const struct view *const *views,
	      struct call *call);
