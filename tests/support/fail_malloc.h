/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * malloc(), calloc() and realloc() that run out when a test wants it
 *
 * For what takes no allocator. Only executables that are linked with --wrap
 * (tests/unit.cmake) have it; shared libraries keep the host's functions.
 *
 *	fail_malloc_at(n, FAIL_ONCE | FAIL_HERE);
 *	status = rpc_run(service, &job, &owner);
 *	refused = fail_malloc_never();
 */
#include <stdbool.h>
#include <stdint.h>

enum fail_malloc_mode {
	FAIL_ONCE = 0,     /* that one request, and none that follow */
	FAIL_ALL = 1,      /* and all that follow */
	FAIL_HERE = 0,     /* of this thread's */
	FAIL_ELSEWHERE = 2 /* of all other threads' together */
};

/**
 * fail_malloc_at() - refuse the request number @n from now on, counted from 0
 * @mode: one of the first two, with one of the last two
 */
void fail_malloc_at(uint64_t n, unsigned mode);

/** fail_malloc_never() - refuse no more; was any refused since the last call? */
bool fail_malloc_never(void);
