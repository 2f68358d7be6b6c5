/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * An allocator that runs out when a test wants it to
 *
 * It counts what is requested and what is alive, and refuses everything after
 * a chosen number of requests. It ends the program when a block is given back
 * with another size than it was taken with.
 *
 *	fail_alloc_after(&host, n);
 *	ret = sys_munmap(task, addr, len);
 *	refused = fail_alloc_has_failed(&host);
 *	fail_alloc_never(&host);
 */
#include <stdbool.h>
#include <stdint.h>

#include "core/mm/memory.h"

struct fail_alloc {
	struct allocator allocator; /* for memory_init() */
	uint64_t requests;          /* since the last change of the limit */
	uint64_t allowed;           /* of them; what comes after is refused */
	uint64_t live_blocks;
	uint64_t live_bytes;
};

/**
 * fail_alloc_init() - an allocator that gives whatever is asked for
 * @host: to initialise; must not move afterwards
 */
void fail_alloc_init(struct fail_alloc *host);

/* Grant @allowed more requests and refuse all that follow. */
void fail_alloc_after(struct fail_alloc *host, uint64_t allowed);

/* Grant everything again. */
void fail_alloc_never(struct fail_alloc *host);

/* Whether a request was refused since the limit was set. */
bool fail_alloc_has_failed(const struct fail_alloc *host);
