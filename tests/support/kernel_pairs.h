/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What the kernel that runs us takes for pairs of calls
 *
 * A child process lays out areas as the benchmark of the engine does, waits,
 * and measures one round whenever it is asked to, so that rounds of both can
 * take turns. This header knows nothing of the engine: its constants are the
 * same words as the C library's.
 */
#include <stdint.h>

enum pair {
	PAIR_MMAP,  /* mmap where the kernel likes, munmap */
	PAIR_BRK,   /* a page up, a page down */
	PAIR_FIXED, /* mmap with MAP_FIXED into a hole among the areas, munmap */
	NR_PAIRS,
};

/* Pages of the hole in the middle of the areas. */
#define PAIR_HOLE 64

struct kernel_pairs {
	int pid;
	int orders, answers; /* pipes */
};

/**
 * kernel_pairs_start() - fork the child and lay out its areas
 * @kernel: to initialise
 * @areas:  one-page areas of alternating protection
 *
 * Ends the program if the kernel refuses.
 */
void kernel_pairs_start(struct kernel_pairs *kernel, unsigned int areas);

/**
 * kernel_pairs_round() - one round of one pair of calls
 * @pair: which
 * @n:    how many pairs
 *
 * Return: nanoseconds a pair.
 */
double kernel_pairs_round(const struct kernel_pairs *kernel, enum pair pair,
			  unsigned int n);

/* End the child. */
void kernel_pairs_stop(const struct kernel_pairs *kernel);

/* Monotonic time in nanoseconds. */
double nanoseconds(void);
