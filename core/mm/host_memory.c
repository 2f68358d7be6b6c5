/* SPDX-License-Identifier: MIT */
/*
 * Bytes from the host, and the account that pays for them
 */
#include <string.h>

#include "core/mm/host_memory.h"

static bool has_room(uint64_t used, uint64_t max, uint64_t more)
{
	return used <= max && more <= max - used;
}

static bool account_has_room(const struct account *account, enum refusal which,
			     uint64_t more)
{
	switch (which) {
	case REFUSAL_PROCESSES:
		return has_room(account->processes, account->max_processes,
				more);
	case REFUSAL_THREADS:
		return has_room(account->threads, account->max_threads, more);
	case REFUSAL_AREAS:
		return has_room(account->areas, account->max_areas, more);
	default:
		return has_room(account->bytes, account->max_bytes, more);
	}
}

bool account_admits(struct account *account, enum refusal which, uint64_t more)
{
	if (account_has_room(account, which, more))
		return true;
	if (!account->lease)
		return false;
	account->lease(account, which, more);
	return account_has_room(account, which, more);
}

bool memory_charge(struct memory *memory, size_t size)
{
	if (!account_admits(memory->account, REFUSAL_BYTES, size)) {
		memory->refusal = REFUSAL_BYTES;
		return false;
	}
	memory->account->bytes += size;
	return true;
}

void memory_credit(struct memory *memory, size_t size)
{
	memory->account->bytes -= size;
}

bool call_has_room(const struct account *account, uint64_t more)
{
	return !account->max_call_bytes ||
	       has_room(account->call_bytes, account->max_call_bytes, more);
}

bool may_obtain(struct memory *memory, size_t size)
{
	struct account *account = memory->account;

	if (!call_has_room(account, size)) {
		memory->refusal = REFUSAL_CALL;
		return false;
	}
	if (!account_admits(account, REFUSAL_BYTES, size)) {
		memory->refusal = REFUSAL_BYTES;
		return false;
	}
	return true;
}

void count_obtained(struct memory *memory, size_t size)
{
	memory->account->bytes += size;
	memory->account->call_bytes += size;
}

void *host_alloc(struct memory *memory, size_t size)
{
	void *ptr;

	if (!may_obtain(memory, size))
		return NULL;
	ptr = memory->allocator->alloc(memory->allocator->ctx, size);
	if (!ptr) {
		memory->refusal = REFUSAL_HOST_MEMORY;
		return NULL;
	}
	count_obtained(memory, size);
	return ptr;
}

void host_free(struct memory *memory, void *ptr, size_t size)
{
	memory->allocator->free(memory->allocator->ctx, ptr, size);
	memory->account->bytes -= size;
}

void *memory_alloc(struct memory *memory, size_t size)
{
	void *ptr;

	if (!memory_may_take(memory, size)) {
		memory->refusal = REFUSAL_WORLD;
		return NULL;
	}
	ptr = host_alloc(memory, size);
	if (!ptr)
		return NULL;
	memory->taken += size;
	memset(ptr, 0, size);
	return ptr;
}

void memory_free(struct memory *memory, void *ptr, size_t size)
{
	if (!ptr)
		return;
	memory->taken -= size;
	host_free(memory, ptr, size);
}
