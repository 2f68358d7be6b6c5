/* SPDX-License-Identifier: MIT */
#include "core/mm/memory.h"

#include <string.h>

#include "core/mm/assert.h"
#include "core/mm/mm_types.h"
#include "core/mm/page_table.h"

/*
 * How many objects of a kind a free list keeps for later calls; what comes back
 * beyond that goes to the allocator.
 */
#define STOCK 64

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

/* Does the call go on within its bound? */
static bool call_has_room(const struct account *account, uint64_t more)
{
	return !account->max_call_bytes ||
	       has_room(account->call_bytes, account->max_call_bytes, more);
}

static void *host_alloc(struct memory *memory, size_t size)
{
	struct account *account = memory->account;
	void *ptr;

	if (!call_has_room(account, size)) {
		memory->refusal = REFUSAL_CALL;
		return NULL;
	}
	if (!account_admits(account, REFUSAL_BYTES, size)) {
		memory->refusal = REFUSAL_BYTES;
		return NULL;
	}
	ptr = memory->allocator->alloc(memory->allocator->ctx, size);
	if (!ptr) {
		memory->refusal = REFUSAL_HOST_MEMORY;
		return NULL;
	}
	account->bytes += size;
	account->call_bytes += size;
	return ptr;
}

static void host_free(struct memory *memory, void *ptr, size_t size)
{
	memory->allocator->free(memory->allocator->ctx, ptr, size);
	memory->account->bytes -= size;
}

void memory_init(struct memory *memory, const struct allocator *allocator,
		 struct account *account)
{
	memset(memory, 0, sizeof(*memory));
	memory->allocator = allocator;
	memory->account = account;
}

/*
 * The free lists differ in the type of their objects and in the member
 * that links the spare ones.
 */
#define DEFINE_FREE_LIST(name, type, list, nr, link)                           \
	static int reserve_##list(struct memory *memory, uint64_t need)        \
	{                                                                      \
		struct type *object;                                           \
                                                                               \
		while (memory->nr < need) {                                    \
			object = host_alloc(memory, sizeof(*object));          \
			if (!object)                                           \
				return -1;                                     \
			object->link = memory->list;                           \
			memory->list = object;                                 \
			memory->nr++;                                          \
		}                                                              \
		return 0;                                                      \
	}                                                                      \
                                                                               \
	static void shrink_##list(struct memory *memory, uint64_t keep)        \
	{                                                                      \
		struct type *object;                                           \
                                                                               \
		while (memory->nr > keep) {                                    \
			object = memory->list;                                 \
			memory->list = object->link;                           \
			memory->nr--;                                          \
			host_free(memory, object, sizeof(*object));            \
		}                                                              \
	}                                                                      \
                                                                               \
	static struct type *take_##name(struct memory *memory)                 \
	{                                                                      \
		struct type *object = memory->list;                            \
                                                                               \
		mm_assert(object);                                             \
		memory->list = object->link;                                   \
		memory->nr--;                                                  \
		memset(object, 0, sizeof(*object));                            \
		return object;                                                 \
	}                                                                      \
                                                                               \
	static void give_##name(struct memory *memory, struct type *object)    \
	{                                                                      \
		if (memory->nr >= STOCK) {                                     \
			host_free(memory, object, sizeof(*object));            \
			return;                                                \
		}                                                              \
		object->link = memory->list;                                   \
		memory->list = object;                                         \
		memory->nr++;                                                  \
	}

DEFINE_FREE_LIST(area, vm_area_struct, areas, nr_areas, vm_next)
DEFINE_FREE_LIST(anon_vma, anon_vma, anon_vmas, nr_anon_vmas, spare)
DEFINE_FREE_LIST(anon_vma_chain, anon_vma_chain, anon_vma_chains,
		 nr_anon_vma_chains, next)
DEFINE_FREE_LIST(page_node, page_node, page_nodes, nr_page_nodes, spare)
DEFINE_FREE_LIST(page_chunk, page_chunk, page_chunks, nr_page_chunks, next)

static void shrink_all(struct memory *memory, uint64_t keep)
{
	shrink_areas(memory, keep);
	shrink_anon_vmas(memory, keep);
	shrink_anon_vma_chains(memory, keep);
	shrink_page_nodes(memory, keep);
	shrink_page_chunks(memory, keep);
}

void memory_deinit(struct memory *memory)
{
	shrink_all(memory, 0);
}

void memory_trim(struct memory *memory)
{
	shrink_all(memory, STOCK);
}

/* Do the free lists hold all of it already? */
static bool suffices(const struct memory *memory,
		     const struct memory_need *need)
{
	return memory->nr_areas >= need->areas &&
	       memory->nr_anon_vmas >= need->anon_vmas &&
	       memory->nr_anon_vma_chains >= need->anon_vma_chains &&
	       memory->nr_page_nodes >= need->page_nodes &&
	       memory->nr_page_chunks >= need->page_chunks;
}

/* Bytes that the allocator would have to give, at most. */
static uint64_t missing_bytes(const struct memory *memory,
			      const struct memory_need *need)
{
	uint64_t bytes = 0;

	if (need->areas > memory->nr_areas)
		bytes += (need->areas - memory->nr_areas) *
			 sizeof(struct vm_area_struct);

	if (need->page_nodes > memory->nr_page_nodes)
		bytes += (need->page_nodes - memory->nr_page_nodes) *
			 sizeof(struct page_node);
	if (need->page_chunks > memory->nr_page_chunks)
		bytes += (need->page_chunks - memory->nr_page_chunks) *
			 sizeof(struct page_chunk);
	return bytes;
}

int memory_reserve(struct memory *memory, const struct memory_need *need)
{
	struct account *account = memory->account;

	if (need->net_areas &&
	    !account_admits(account, REFUSAL_AREAS, need->net_areas)) {
		memory->refusal = REFUSAL_AREAS;
		return -1;
	}
	if (suffices(memory, need))
		return 0;

	/* A hopeless need is refused before it costs time. */
	if (!call_has_room(account, missing_bytes(memory, need))) {
		memory->refusal = REFUSAL_CALL;
		return -1;
	}
	if (!account_admits(account, REFUSAL_BYTES,
			    missing_bytes(memory, need))) {
		memory->refusal = REFUSAL_BYTES;
		return -1;
	}
	if (reserve_areas(memory, need->areas) ||
	    reserve_anon_vmas(memory, need->anon_vmas) ||
	    reserve_anon_vma_chains(memory, need->anon_vma_chains) ||
	    reserve_page_nodes(memory, need->page_nodes) ||
	    reserve_page_chunks(memory, need->page_chunks)) {
		memory_trim(memory);
		return -1;
	}
	return 0;
}

struct vm_area_struct *memory_take_area(struct memory *memory)
{
	memory->account->areas++;
	return take_area(memory);
}

void memory_give_area(struct memory *memory, struct vm_area_struct *vma)
{
	memory->account->areas--;
	give_area(memory, vma);
}

struct anon_vma *memory_take_anon_vma(struct memory *memory)
{
	return take_anon_vma(memory);
}

void memory_give_anon_vma(struct memory *memory, struct anon_vma *anon_vma)
{
	give_anon_vma(memory, anon_vma);
}

struct anon_vma_chain *memory_take_anon_vma_chain(struct memory *memory)
{
	return take_anon_vma_chain(memory);
}

void memory_give_anon_vma_chain(struct memory *memory,
				struct anon_vma_chain *chain)
{
	give_anon_vma_chain(memory, chain);
}

struct page_node *memory_take_page_node(struct memory *memory)
{
	return take_page_node(memory);
}

void memory_give_page_node(struct memory *memory, struct page_node *node)
{
	give_page_node(memory, node);
}

struct page_chunk *memory_take_page_chunk(struct memory *memory)
{
	return take_page_chunk(memory);
}

void memory_give_page_chunk(struct memory *memory, struct page_chunk *chunk)
{
	give_page_chunk(memory, chunk);
}

void *memory_alloc(struct memory *memory, size_t size)
{
	void *ptr = host_alloc(memory, size);

	if (ptr)
		memset(ptr, 0, size);
	return ptr;
}

void memory_free(struct memory *memory, void *ptr, size_t size)
{
	if (ptr)
		host_free(memory, ptr, size);
}
