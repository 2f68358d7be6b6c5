/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A random walk in an arena of pages whose every answer is known beforehand
 *
 * mmap with MAP_FIXED, munmap and writes, all within a few pages that nothing
 * else uses, and, if wanted, brk. The walker remembers which pages are mapped
 * and which were touched: enough to know what a kernel answers.
 */
#include "clients/bench/scenario.h"

enum {
	WALKER_PAGES = 16,
};

/**
 * struct walker - one arena
 * @start:   address of its first page
 * @mapped:  bit n: page n is mapped
 * @touched: bit n: page n is present
 * @heap:    where the heap begins, 0: no brk is called
 */
struct walker {
	uint64_t start;
	uint64_t heap;
	uint32_t mapped;
	uint32_t touched;
};

/** walker_step() - write a random call of @player and what its answer will be */
void walker_step(struct walker *walker, struct player *player,
		 struct bytes *text, struct expectation *expect);
