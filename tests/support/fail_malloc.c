/* SPDX-License-Identifier: MIT */
#include "tests/support/fail_malloc.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

/* The names are the linker's. */
void *__real_malloc(size_t size);
void *__real_calloc(size_t nr, size_t size);
void *__real_realloc(void *ptr, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t nr, size_t size);
void *__wrap_realloc(void *ptr, size_t size);

static struct {
	atomic_bool armed;
	unsigned mode;
	pthread_t here;
	uint64_t limit;
	_Atomic uint64_t requests;
	atomic_bool refused;
} state;

void fail_malloc_at(uint64_t n, unsigned mode)
{
	fail_malloc_never();
	state.mode = mode;
	state.here = pthread_self();
	state.limit = n;
	atomic_store(&state.requests, 0);
	atomic_store(&state.armed, true);
}

bool fail_malloc_never(void)
{
	atomic_store(&state.armed, false);
	return atomic_exchange(&state.refused, false);
}

static bool is_refused(void)
{
	uint64_t request;
	bool here;

	if (!atomic_load(&state.armed))
		return false;
	here = pthread_equal(state.here, pthread_self());
	if (here == !!(state.mode & FAIL_ELSEWHERE))
		return false;
	request = atomic_fetch_add(&state.requests, 1);
	if (request < state.limit ||
	    (request > state.limit && !(state.mode & FAIL_ALL)))
		return false;
	atomic_store(&state.refused, true);
	return true;
}

void *__wrap_malloc(size_t size)
{
	return is_refused() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t nr, size_t size)
{
	return is_refused() ? NULL : __real_calloc(nr, size);
}

void *__wrap_realloc(void *ptr, size_t size)
{
	return is_refused() ? NULL : __real_realloc(ptr, size);
}
