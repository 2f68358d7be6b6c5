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

/*
 * Of the last three, what else is in them is measured, too, and taken off:
 * mmap and munmap of the fault, and of fork what vfork also does, which is to
 * make a process, let it exit and wait for it.
 */
enum pair {
	PAIR_MMAP,         /* mmap where the kernel likes, munmap */
	PAIR_BRK,          /* a page up, a page down */
	PAIR_FIXED,        /* mmap into a hole among the areas, munmap */
	PAIR_MPROTECT,     /* split an area in three, merge it again */
	PAIR_MREMAP,       /* move a page into a hole, and back */
	PAIR_FAULT,        /* touch a fresh page, between mmap and munmap */
	PAIR_FORK,         /* copy the address space, drop the copy */
	PAIR_FORK_TOUCHED, /* the same with a page in every writable area */
	NR_PAIRS,
};

/* Pages of the hole in the middle of the areas. */
#define PAIR_HOLE 64
/* Places within it. */
#define PAIR_PLACE       (PAIR_HOLE / 2)
#define PAIR_OTHER_PLACE (PAIR_HOLE / 4)

struct kernel_pairs {
	int pid;
	int orders, answers; /* pipes */
};

/**
 * kernel_pairs_start() - fork the child and lay out its areas
 * @kernel: to initialise
 * @areas:  one-page areas, every other one writable, the others PROT_NONE
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
