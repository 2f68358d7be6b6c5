/* SPDX-License-Identifier: MIT */
#include "core/mm/memory.h"

#include <string.h>

#include "core/mm/assert.h"
#include "core/mm/host_memory.h"
#include "core/mm/mm_types.h"
#include "core/mm/page_table.h"

/*
 * How many objects of a kind a free list keeps for later calls; what comes back
 * beyond that goes to the allocator.
 */
#define STOCK 64

void memory_init(struct memory *memory, const struct allocator *allocator,
		 struct account *account)
{
	memset(memory, 0, sizeof(*memory));
	memory->allocator = allocator;
	memory->account = account;
	memory->max_taken = UINT64_MAX;
}

/*
 * Objects that were allocated together and lie behind this. They are taken in
 * order, each once; those with a slot are in a block, at slot - 1.
 */
struct object_block {
	struct object_block *next; /* of those with objects not yet taken */
	uint32_t taken;
	uint32_t gone; /* given back, or never to be taken */
};

static size_t block_size(size_t object_size)
{
	return sizeof(struct object_block) + OBJECTS_PER_BLOCK * object_size;
}

static int add_block(struct memory *memory, struct object_block **blocks,
		     uint64_t *nr, size_t object_size)
{
	struct object_block *block =
		host_alloc(memory, block_size(object_size));

	if (!block)
		return -1;
	block->taken = 0;
	block->gone = 0;
	block->next = *blocks;
	*blocks = block;
	*nr += OBJECTS_PER_BLOCK;
	return 0;
}

/* One object, or what nobody took, leaves its block. */
static void leave_block(struct memory *memory, struct object_block *block,
			uint32_t objects, size_t object_size)
{
	block->gone += objects;
	if (block->gone == OBJECTS_PER_BLOCK)
		host_free(memory, block, block_size(object_size));
}

/* Nothing more is taken of as many blocks as leave @keep objects at most. */
static void close_blocks(struct memory *memory, struct object_block **blocks,
			 uint64_t *nr, uint64_t keep, size_t object_size)
{
	struct object_block *block;
	uint32_t untaken;

	while (*nr > keep && (block = *blocks)) {
		*blocks = block->next;
		untaken = OBJECTS_PER_BLOCK - block->taken;
		*nr -= untaken;
		leave_block(memory, block, untaken, object_size);
	}
}

/* In halves: a whole area at once becomes a rep stos, which costs more. */
static inline void clear_object(void *object, size_t size)
{
	const size_t half = size / 2 & ~(size_t)15;

	memset(object, 0, half);
	memset((char *)object + half, 0, size - half);
}

/*
 * The free lists differ in the type of their objects and in the member that
 * links the spare ones. First those whose objects always come alone.
 */
#define DEFINE_FREE_LIST(name, type, list, nr, link)                           \
	/* To the allocator, or where it waits for that. */                    \
	static inline void retire_##name(struct memory *memory,                \
					 struct type *object)                  \
	{                                                                      \
		if (!memory->defers) {                                         \
			host_free(memory, object, sizeof(*object));            \
			return;                                                \
		}                                                              \
		object->link = memory->idle_##list;                            \
		memory->idle_##list = object;                                  \
		memory->nr_idle++;                                             \
		memory->account->bytes -= sizeof(*object);                     \
	}                                                                      \
                                                                               \
	/* From there if possible, as if it had been allocated. */             \
	static struct type *obtain_##name(struct memory *memory)               \
	{                                                                      \
		struct type *object;                                           \
                                                                               \
		if (!memory->idle_##list)                                      \
			return host_alloc(memory, sizeof(*object));            \
		if (!may_obtain(memory, sizeof(*object)))                      \
			return NULL;                                           \
		/* To find room, what waited may have been given back. */      \
		object = memory->idle_##list;                                  \
		if (!object)                                                   \
			return host_alloc(memory, sizeof(*object));            \
		memory->idle_##list = object->link;                            \
		memory->nr_idle--;                                             \
		count_obtained(memory, sizeof(*object));                       \
		return object;                                                 \
	}                                                                      \
                                                                               \
	static bool reap_##list(struct memory *memory, uint64_t *left)         \
	{                                                                      \
		struct type *object;                                           \
                                                                               \
		while ((object = memory->idle_##list) && *left) {              \
			memory->idle_##list = object->link;                    \
			memory->nr_idle--;                                     \
			memory->allocator->free(memory->allocator->ctx,        \
						object, sizeof(*object));      \
			--*left;                                               \
		}                                                              \
		return object;                                                 \
	}                                                                      \
                                                                               \
	static int reserve_##list##_alone(struct memory *memory,               \
					  uint64_t need)                       \
	{                                                                      \
		struct type *object;                                           \
                                                                               \
		while (memory->nr < need) {                                    \
			object = obtain_##name(memory);                        \
			if (!object)                                           \
				return -1;                                     \
			object->link = memory->list;                           \
			memory->list = object;                                 \
			memory->nr++;                                          \
		}                                                              \
		return 0;                                                      \
	}                                                                      \
                                                                               \
	static void shrink_##list##_alone(struct memory *memory,               \
					  uint64_t keep)                       \
	{                                                                      \
		struct type *object;                                           \
                                                                               \
		while (memory->nr > keep) {                                    \
			object = memory->list;                                 \
			memory->list = object->link;                           \
			memory->nr--;                                          \
			retire_##name(memory, object);                         \
		}                                                              \
	}                                                                      \
                                                                               \
	static inline struct type *take_##name##_alone(struct memory *memory)  \
	{                                                                      \
		struct type *object = memory->list;                            \
                                                                               \
		mm_assert(object);                                             \
		memory->list = object->link;                                   \
		memory->nr--;                                                  \
		clear_object(object, sizeof(*object));                         \
		return object;                                                 \
	}                                                                      \
                                                                               \
	static inline void give_##name##_alone(struct memory *memory,          \
					       struct type *object)            \
	{                                                                      \
		if (memory->nr >= STOCK) {                                     \
			retire_##name(memory, object);                         \
			return;                                                \
		}                                                              \
		object->link = memory->list;                                   \
		memory->list = object;                                         \
		memory->nr++;                                                  \
	}

/* Then those that know their slot in a block. */
#define DEFINE_BLOCK_LIST(name, type, list, nr, link)                          \
	DEFINE_FREE_LIST(name, type, list, nr, link)                           \
                                                                               \
	static int reserve_##list(struct memory *memory, uint64_t need)        \
	{                                                                      \
		while (memory->nr + OBJECTS_PER_BLOCK <= need)                 \
			if (add_block(memory, &memory->name##_blocks,          \
				      &memory->nr, sizeof(struct type)))       \
				return -1;                                     \
		return reserve_##list##_alone(memory, need);                   \
	}                                                                      \
                                                                               \
	static void shrink_##list(struct memory *memory, uint64_t keep)        \
	{                                                                      \
		close_blocks(memory, &memory->name##_blocks, &memory->nr,      \
			     keep, sizeof(struct type));                       \
		shrink_##list##_alone(memory, keep);                           \
	}                                                                      \
                                                                               \
	static inline struct type *take_##name(struct memory *memory)          \
	{                                                                      \
		struct object_block *block = memory->name##_blocks;            \
		struct type *object;                                           \
                                                                               \
		if (!block)                                                    \
			return take_##name##_alone(memory);                    \
		object = (struct type *)(block + 1) + block->taken;            \
		if (++block->taken == OBJECTS_PER_BLOCK)                       \
			memory->name##_blocks = block->next;                   \
		memory->nr--;                                                  \
		clear_object(object, sizeof(*object));                         \
		object->slot = (uint8_t)block->taken;                          \
		return object;                                                 \
	}                                                                      \
                                                                               \
	static inline void give_##name(struct memory *memory,                  \
				       struct type *object)                    \
	{                                                                      \
		struct object_block *block;                                    \
                                                                               \
		if (!object->slot) {                                           \
			give_##name##_alone(memory, object);                   \
			return;                                                \
		}                                                              \
		block = (struct object_block *)(object - (object->slot - 1)) - \
			1;                                                     \
		leave_block(memory, block, 1, sizeof(*object));                \
	}

DEFINE_BLOCK_LIST(area, vm_area_struct, areas, nr_areas, vm_next)
DEFINE_BLOCK_LIST(anon_vma, anon_vma, anon_vmas, nr_anon_vmas, spare)
DEFINE_BLOCK_LIST(page_chunk, page_chunk, page_chunks, nr_page_chunks, next)
DEFINE_FREE_LIST(page_node, page_node, page_nodes, nr_page_nodes, spare)
DEFINE_FREE_LIST(cache_node, cache_node, cache_nodes, nr_cache_nodes, spare)

_Static_assert(sizeof(struct vm_area_struct) == AREA_BYTES, "see memory.h");
_Static_assert(sizeof(struct anon_vma) == ANON_VMA_BYTES, "see memory.h");
_Static_assert(sizeof(struct page_node) == PAGE_NODE_BYTES, "see memory.h");
_Static_assert(sizeof(struct page_chunk) == PAGE_CHUNK_BYTES, "see memory.h");
_Static_assert(sizeof(struct cache_node) == CACHE_NODE_BYTES, "see memory.h");

static void shrink_all(struct memory *memory, uint64_t keep)
{
	shrink_areas(memory, keep);
	shrink_anon_vmas(memory, keep);
	shrink_page_chunks(memory, keep);
	shrink_page_nodes_alone(memory, keep);
	shrink_cache_nodes_alone(memory, keep);
}

void memory_deinit(struct memory *memory)
{
	uint64_t all = UINT64_MAX;

	shrink_all(memory, 0);
	memory_reap(memory, &all);
}

bool memory_reap(struct memory *memory, uint64_t *left)
{
	return reap_areas(memory, left) || reap_anon_vmas(memory, left) ||
	       reap_page_nodes(memory, left) ||
	       reap_page_chunks(memory, left) || reap_cache_nodes(memory, left);
}

void memory_trim(struct memory *memory)
{
	shrink_all(memory, STOCK);
}

/* Bytes that the allocator would have to give, at least. */
static uint64_t missing_bytes(const struct memory *memory,
			      const struct memory_need *need)
{
	uint64_t bytes = 0;

	if (need->areas > memory->nr_areas)
		bytes += (need->areas - memory->nr_areas) *
			 sizeof(struct vm_area_struct);
	if (need->anon_vmas > memory->nr_anon_vmas)
		bytes += (need->anon_vmas - memory->nr_anon_vmas) *
			 sizeof(struct anon_vma);
	if (need->page_nodes > memory->nr_page_nodes)
		bytes += (need->page_nodes - memory->nr_page_nodes) *
			 sizeof(struct page_node);
	if (need->page_chunks > memory->nr_page_chunks)
		bytes += (need->page_chunks - memory->nr_page_chunks) *
			 sizeof(struct page_chunk);
	if (need->cache_nodes > memory->nr_cache_nodes)
		bytes += (need->cache_nodes - memory->nr_cache_nodes) *
			 sizeof(struct cache_node);
	return bytes;
}

int memory_reserve_more(struct memory *memory, const struct memory_need *need)
{
	struct account *account = memory->account;

	if (need->net_areas &&
	    !account_admits(account, REFUSAL_AREAS, need->net_areas)) {
		memory->refusal = REFUSAL_AREAS;
		return -1;
	}

	/* A hopeless need is refused before it costs time. */
	if (!memory_may_take(memory, memory_growth(need))) {
		memory->refusal = REFUSAL_WORLD;
		return -1;
	}
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
	    reserve_page_nodes_alone(memory, need->page_nodes) ||
	    reserve_page_chunks(memory, need->page_chunks) ||
	    reserve_cache_nodes_alone(memory, need->cache_nodes)) {
		memory_trim(memory);
		return -1;
	}
	return 0;
}

struct vm_area_struct *memory_take_area(struct memory *memory)
{
	memory->account->areas++;
	memory->taken += AREA_BYTES;
	return take_area(memory);
}

void memory_give_area(struct memory *memory, struct vm_area_struct *vma)
{
	memory->account->areas--;
	memory->taken -= AREA_BYTES;
	give_area(memory, vma);
}

struct anon_vma *memory_take_anon_vma(struct memory *memory)
{
	memory->taken += ANON_VMA_BYTES;
	return take_anon_vma(memory);
}

void memory_give_anon_vma(struct memory *memory, struct anon_vma *anon_vma)
{
	memory->taken -= ANON_VMA_BYTES;
	give_anon_vma(memory, anon_vma);
}

struct page_node *memory_take_page_node(struct memory *memory)
{
	memory->taken += PAGE_NODE_BYTES;
	return take_page_node_alone(memory);
}

void memory_give_page_node(struct memory *memory, struct page_node *node)
{
	memory->taken -= PAGE_NODE_BYTES;
	give_page_node_alone(memory, node);
}

struct page_chunk *memory_take_page_chunk(struct memory *memory)
{
	memory->taken += PAGE_CHUNK_BYTES;
	return take_page_chunk(memory);
}

void memory_give_page_chunk(struct memory *memory, struct page_chunk *chunk)
{
	memory->taken -= PAGE_CHUNK_BYTES;
	give_page_chunk(memory, chunk);
}

struct cache_node *memory_take_cache_node(struct memory *memory)
{
	memory->taken += CACHE_NODE_BYTES;
	return take_cache_node_alone(memory);
}

void memory_give_cache_node(struct memory *memory, struct cache_node *node)
{
	memory->taken -= CACHE_NODE_BYTES;
	give_cache_node_alone(memory, node);
}
