/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Kinds of random walks
 */
#include "tests/conformance/walk/call.h"
#include "tests/conformance/walk/tracee.h"

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
