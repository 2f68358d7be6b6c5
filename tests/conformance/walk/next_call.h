/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Thinking of the next call of a random walk
 */
#include "tests/conformance/walk/mix.h"
#include "tests/conformance/walk/view.h"

/* A sequence of random numbers. */
struct dice {
	uint64_t state;
};

/**
 * next_call() - think of the next call
 * @mix:    kind of walk
 * @dice:   moved on
 * @tracee: its processes and threads
 * @views:  of every process, its maps after its last call
 * @call:   out: never one that would change the code page
 */
void next_call(const struct mix *mix, struct dice *dice,
	       const struct tracee *tracee, const struct view *const *views,
	       struct call *call);
