/* SPDX-License-Identifier: MIT */
#include "tests/support/fail_alloc.h"

#include <stdio.h>
#include <stdlib.h>

/* In front of each block; as large as any alignment needs. */
struct header {
	_Alignas(max_align_t) size_t size;
};

static void *fail_alloc_alloc(void *ctx, size_t size)
{
	struct fail_alloc *host = ctx;
	struct header *header;

	if (host->requests++ >= host->allowed)
		return NULL;
	header = malloc(sizeof(*header) + size);
	if (!header)
		return NULL;
	header->size = size;
	host->live_blocks++;
	host->live_bytes += size;
	return header + 1;
}

static void fail_alloc_free(void *ctx, void *ptr, size_t size)
{
	struct fail_alloc *host = ctx;
	struct header *header = (struct header *)ptr - 1;

	if (header->size != size) {
		fprintf(stderr, "%zu bytes were taken, %zu are given back\n",
			header->size, size);
		abort();
	}
	host->live_blocks--;
	host->live_bytes -= size;
	free(header);
}

void fail_alloc_init(struct fail_alloc *host)
{
	*host = (struct fail_alloc){
		.allocator = { fail_alloc_alloc, fail_alloc_free, host },
		.allowed = UINT64_MAX,
	};
}

void fail_alloc_after(struct fail_alloc *host, uint64_t allowed)
{
	host->requests = 0;
	host->allowed = allowed;
}

void fail_alloc_never(struct fail_alloc *host)
{
	fail_alloc_after(host, UINT64_MAX);
}

bool fail_alloc_has_failed(const struct fail_alloc *host)
{
	return host->requests > host->allowed;
}
