/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Where the engine's memory comes from, and who pays for it
 *
 * The engine owns no allocator. Whoever uses it provides one (struct
 * allocator), and one struct memory per client and thread of execution. A
 * struct memory keeps small free lists of the objects that calls need, so that
 * a call can obtain all it may need before it changes anything: first
 * memory_reserve(), then the memory_take_*() functions, which cannot fail.
 *
 * A call that needs many objects at once (fork, the copy of a world) gets them
 * in blocks of OBJECTS_PER_BLOCK, so that it pays for one allocation in so many.
 * An object of a block is used once: what is given back waits for the others of
 * its block, and the block goes back to the allocator with the last of them. So
 * an object holds the bytes of OBJECTS_PER_BLOCK - 1 others at worst, and its
 * owner goes on paying for the whole block.
 *
 * Everything taken is charged to the struct account and given back with it.
 * Refusals by the host are never an emulated ENOMEM: they surface as
 * MM_HOST_REFUSED (core/mm/mm.h) with the reason in memory->refusal.
 *
 * The account knows what all worlds of a client take, free lists and blocks
 * included. What one of them holds is counted apart, object by object as they
 * are taken and given back (memory->taken), so that it is the same whatever the
 * others do; memory_bound() says by how much that may grow.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct vm_area_struct;
struct anon_vma;
struct object_block;
struct page_node;
struct cache_node;
struct page_chunk;

#define OBJECTS_PER_BLOCK 16

/* Provided by the host; both must keep to C's malloc and free rules. */
struct allocator {
	void *(*alloc)(void *ctx, size_t size); /* NULL: none left */
	void (*free)(void *ctx, void *ptr, size_t size);
	void *ctx;
};

enum refusal {
	REFUSAL_NONE,
	REFUSAL_HOST_MEMORY, /* the allocator returned NULL */
	REFUSAL_PROCESSES,   /* account: one more process is too many */
	REFUSAL_THREADS,     /* account: one more thread is too many */
	REFUSAL_AREAS,       /* account: too many areas */
	REFUSAL_BYTES,       /* account: too many bytes */
	REFUSAL_MACHINE,     /* the emulated machine is out of pages */
	REFUSAL_CALL,        /* account: one call takes too many bytes */
	REFUSAL_WORLD, /* memory_bound(): one world holds too many bytes */
};

/* What a client owns and may own at most. */
struct account {
	uint64_t processes, threads, areas, bytes;
	uint64_t max_processes, max_threads, max_areas, max_bytes;
	/*
	 * Bytes that were allocated since whoever keeps the account set this to
	 * 0, before a call, even if they have been freed again: a measure of the
	 * call's work that is the same everywhere. max_call_bytes 0: no bound.
	 */
	uint64_t call_bytes, max_call_bytes;
	/* That the state of one world may hold. 0: no bound. */
	uint64_t max_world_bytes;
	/* To be shown, not limited: worlds, and journals' part of bytes. */
	uint64_t worlds, journal_bytes;
	/*
	 * Asked when @more of what @which is about would pass its maximum: may
	 * raise that, if the host has more to give. Accounts of one client can
	 * so share what it may own. NULL: the maxima stand.
	 */
	void (*lease)(struct account *account, enum refusal which,
		      uint64_t more);
};

/**
 * account_admits() - may @more be added to what @which is about?
 * @which: REFUSAL_PROCESSES, REFUSAL_THREADS, REFUSAL_AREAS or REFUSAL_BYTES
 *
 * Nothing is counted; but a maximum may have been raised.
 */
bool account_admits(struct account *account, enum refusal which, uint64_t more);

/* What a call may need at most, from its first change to its end. */
struct memory_need {
	uint64_t areas;     /* objects taken, before others are given */
	uint64_t net_areas; /* more areas afterwards than before */
	uint64_t anon_vmas;
	uint64_t page_nodes;  /* page tables */
	uint64_t page_chunks; /* runs of 64 page table entries */
	uint64_t cache_nodes; /* runs of 64 pages in a page cache */
};

/* What an object of each kind takes, as memory->taken counts it. */
enum {
	AREA_BYTES = 120,
	ANON_VMA_BYTES = 40,
	PAGE_NODE_BYTES = 40,
	PAGE_CHUNK_BYTES = 56,
	CACHE_NODE_BYTES = 48,
};

struct memory {
	const struct allocator *allocator;
	struct account *account;
	enum refusal refusal; /* why the last refusal happened */
	/*
	 * Bytes of the objects taken and not given back, and of memory_alloc().
	 * Worlds pass objects on to other memories, so it is differences that
	 * tell: what a world took between two readings.
	 */
	uint64_t taken;
	uint64_t max_taken; /* see memory_bound() */

	/* private: objects reserved and not yet taken, alone and in blocks */
	struct vm_area_struct *areas;
	struct anon_vma *anon_vmas;
	struct page_node *page_nodes;
	struct page_chunk *page_chunks;
	struct cache_node *cache_nodes;
	struct object_block *area_blocks, *anon_vma_blocks, *page_chunk_blocks;
	uint64_t nr_areas, nr_anon_vmas, nr_page_nodes, nr_page_chunks;
	uint64_t nr_cache_nodes;

	/*
	 * What is given back goes to the allocator in memory_reap() alone, so
	 * that a call which gives up much does not pay for that. It is charged
	 * no more, and taken again before the allocator is asked. Set by whoever
	 * calls memory_reap() while nr_idle says that objects wait.
	 */
	bool defers;
	uint64_t nr_idle;
	/* private: those */
	struct vm_area_struct *idle_areas;
	struct anon_vma *idle_anon_vmas;
	struct page_node *idle_page_nodes;
	struct page_chunk *idle_page_chunks;
	struct cache_node *idle_cache_nodes;
};

/**
 * memory_init() - start with empty free lists
 * @memory:    to initialise
 * @allocator: kept, must outlive @memory
 * @account:   kept, must outlive @memory
 */
void memory_init(struct memory *memory, const struct allocator *allocator,
		 struct account *account);

/**
 * memory_deinit() - give the free lists back to the allocator, and what waits
 * @memory: no object taken from it may still be in use
 */
void memory_deinit(struct memory *memory);

/**
 * memory_reserve() - make sure that the coming takes cannot fail
 * @memory: where to reserve
 * @need:   upper bounds; what is not taken stays reserved for later calls
 *
 * Return: 0, or -1 with memory->refusal set to REFUSAL_HOST_MEMORY,
 *         REFUSAL_AREAS, REFUSAL_BYTES, REFUSAL_CALL or REFUSAL_WORLD; nothing
 *         is taken then. What was obtained before stays reserved, and charged,
 *         up to a small stock.
 * Cost:   O(1) when the free lists suffice, else one allocation an object, or
 *         for OBJECTS_PER_BLOCK of them.
 */
static inline int memory_reserve(struct memory *memory,
				 const struct memory_need *need);

/* The same where free lists or account do not suffice as they are. */
int memory_reserve_more(struct memory *memory, const struct memory_need *need);

/**
 * memory_bound() - let what is taken grow by @more bytes at most
 *
 * Until the next memory_bound() reservations and memory_alloc() beyond that are
 * refused with REFUSAL_WORLD. Areas that are taken before others are given back
 * do not count, only net_areas. UINT64_MAX: no bound, as at first.
 */
static inline void memory_bound(struct memory *memory, uint64_t more)
{
	memory->max_taken = more > UINT64_MAX - memory->taken
				    ? UINT64_MAX
				    : memory->taken + more;
}

/* May @bytes more be taken, which is always so of 0? */
static inline bool memory_may_take(const struct memory *memory, uint64_t bytes)
{
	return !bytes || (memory->taken <= memory->max_taken &&
			  bytes <= memory->max_taken - memory->taken);
}

/* By how much a call of that need grows what is taken, at most. */
static inline uint64_t memory_growth(const struct memory_need *need)
{
	return need->net_areas * AREA_BYTES + need->anon_vmas * ANON_VMA_BYTES +
	       need->page_nodes * PAGE_NODE_BYTES +
	       need->page_chunks * PAGE_CHUNK_BYTES +
	       need->cache_nodes * CACHE_NODE_BYTES;
}

/**
 * memory_lacks_areas() - could @more areas be too many?
 *
 * If so, a call that usually splits few has to say exactly how many areas more
 * there are afterwards; else that may stay 0 in its struct memory_need.
 */
static inline bool memory_lacks_areas(const struct memory *memory,
				      uint64_t more)
{
	return memory->account->areas + more > memory->account->max_areas ||
	       !memory_may_take(memory, more * AREA_BYTES);
}

static inline int memory_reserve(struct memory *memory,
				 const struct memory_need *need)
{
	const struct account *account = memory->account;

	if (memory->nr_areas >= need->areas &&
	    memory->nr_anon_vmas >= need->anon_vmas &&
	    memory->nr_page_nodes >= need->page_nodes &&
	    memory->nr_page_chunks >= need->page_chunks &&
	    memory->nr_cache_nodes >= need->cache_nodes &&
	    memory_may_take(memory, memory_growth(need)) &&
	    (!need->net_areas ||
	     (account->areas <= account->max_areas &&
	      need->net_areas <= account->max_areas - account->areas)))
		return 0;
	return memory_reserve_more(memory, need);
}

/**
 * memory_reap() - give back some of what waits for that
 * @left: objects to give back, counted down
 *
 * Return: whether there are more; then *@left is 0.
 */
bool memory_reap(struct memory *memory, uint64_t *left);

/**
 * memory_trim() - give back what free lists hold beyond a small stock
 * @memory: where to trim
 *
 * Call it after an operation that reserved for many objects.
 */
void memory_trim(struct memory *memory);

/* Take one reserved object (zeroed), or give one back. Never fail. */
struct vm_area_struct *memory_take_area(struct memory *memory);
void memory_give_area(struct memory *memory, struct vm_area_struct *vma);
struct anon_vma *memory_take_anon_vma(struct memory *memory);
void memory_give_anon_vma(struct memory *memory, struct anon_vma *anon_vma);
struct page_node *memory_take_page_node(struct memory *memory);
void memory_give_page_node(struct memory *memory, struct page_node *node);
struct page_chunk *memory_take_page_chunk(struct memory *memory);
void memory_give_page_chunk(struct memory *memory, struct page_chunk *chunk);
struct cache_node *memory_take_cache_node(struct memory *memory);
void memory_give_cache_node(struct memory *memory, struct cache_node *node);

/**
 * memory_alloc() - allocate @size zeroed bytes, charged to the account
 * @memory: whose account pays
 * @size:   bytes, not 0
 *
 * For what is not on the path of an emulated call: processes, files, journals.
 *
 * Return: the bytes, or NULL with memory->refusal set, as of memory_reserve().
 */
void *memory_alloc(struct memory *memory, size_t size);

/**
 * memory_charge() - let the account pay for @size bytes that are held elsewhere
 *
 * Return: true until memory_credit() of as many; false with memory->refusal set
 *         to REFUSAL_BYTES.
 */
bool memory_charge(struct memory *memory, size_t size);
void memory_credit(struct memory *memory, size_t size);

/**
 * memory_free() - give back what memory_alloc() returned
 * @memory: as given to memory_alloc()
 * @ptr:    may be NULL
 * @size:   as given to memory_alloc()
 */
void memory_free(struct memory *memory, void *ptr, size_t size);
