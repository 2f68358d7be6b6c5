/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Inside memory.c and its neighbour: bytes from the host, paid by the account
 */
#include "core/mm/memory.h"

/* Does the call go on within its bound, with @more bytes? */
bool call_has_room(const struct account *account, uint64_t more);

/* May the call have @size bytes, and the account? False: the refusal is set. */
bool may_obtain(struct memory *memory, size_t size);

/* They have been had, from the host or from what waited to be given back. */
void count_obtained(struct memory *memory, size_t size);

/* Bytes from the allocator, not zeroed; NULL: the refusal is set. */
void *host_alloc(struct memory *memory, size_t size);
void host_free(struct memory *memory, void *ptr, size_t size);
