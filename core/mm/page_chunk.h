/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Inside the page tables: keys of tables, and bits of chunks
 *
 * For the files that walk, change and copy entries; others use page_table.h.
 */
#include "core/mm/page_table.h"

static inline struct page_node *page_node_of(const struct rb_node *rb)
{
	return rb_entry(rb, struct page_node, rb);
}

static inline unsigned int level_shift(enum table_level level)
{
	return PMD_SHIFT + (PUD_SHIFT - PMD_SHIFT) * level;
}

/* Tables of all levels share a tree; the level is the key's high part. */
static inline uint64_t table_key(enum table_level level, uint64_t addr)
{
	return (uint64_t)level << 56 | addr >> level_shift(level);
}

/* The first address that a table of that level maps. */
static inline uint64_t table_base(enum table_level level,
				  const struct page_node *table)
{
	return (table->key - table_key(level, 0)) << level_shift(level);
}

static inline struct page_node *page_node_next(const struct page_node *table)
{
	struct rb_node *next = rb_next(&table->rb);

	return next ? page_node_of(next) : NULL;
}

static inline uint32_t chunk_index(uint64_t addr)
{
	return addr >> CHUNK_SHIFT & 7;
}

/* Bits of the pages of [start, end) in the chunk of start. */
static inline uint64_t chunk_mask(uint64_t start, uint64_t end)
{
	uint64_t low = start >> PAGE_SHIFT & 63;
	uint64_t pages = (end - start + PAGE_SIZE - 1) >> PAGE_SHIFT;
	uint64_t mask = pages >= 64 ? UINT64_MAX : (1ULL << pages) - 1;

	return mask << low;
}

/* Bits of the pages that a chunk of the table at @base has of [start, end). */
static inline uint64_t chunk_overlap(uint64_t base,
				     const struct page_chunk *chunk,
				     uint64_t start, uint64_t end)
{
	uint64_t from = base + ((uint64_t)chunk->index << CHUNK_SHIFT);
	uint64_t to = from + (1ULL << CHUNK_SHIFT);

	if (from < start)
		from = start;
	if (to > end)
		to = end;
	return from < to ? chunk_mask(from, to) : 0;
}

static inline struct page_chunk *chunk_find(const struct page_node *table,
					    uint32_t index)
{
	struct page_chunk *chunk = table ? table->chunks : NULL;

	while (chunk && chunk->index < index)
		chunk = chunk->next;
	return chunk && chunk->index == index ? chunk : NULL;
}

static inline uint64_t table_filter_bit(enum table_level level, uint64_t addr)
{
	return 1ULL << (addr >> level_shift(level) & 63);
}

/* For certain no table of that level maps any of [start, end). */
static inline bool tables_are_absent(const struct mm_struct *mm,
				     enum table_level level, uint64_t start,
				     uint64_t end)
{
	return (start ^ (end - 1)) >> level_shift(level) == 0 &&
	       !(mm->table_filter[level] & table_filter_bit(level, start));
}

static inline struct page_node *pte_table_find(const struct mm_struct *mm,
					       uint64_t addr)
{
	return page_node_find(&mm->page_tables, table_key(LEVEL_PTE, addr));
}

/* The chunk with the entry of @addr, or NULL. */
static inline struct page_chunk *chunk_at(const struct mm_struct *mm,
					  uint64_t addr)
{
	return chunk_find(pte_table_find(mm, addr), chunk_index(addr));
}

/* The chunk of that index, made from a reserved one if there is none. */
struct page_chunk *chunk_make(struct page_node *table, uint32_t index,
			      struct memory *memory);

/* Mostly it is one page, or none, or all. */
static inline uint64_t count_bits(uint64_t bits)
{
	if (!(bits & (bits - 1)))
		return bits != 0;
	return ~bits ? (uint64_t)__builtin_popcountll(bits) : 64;
}

static inline uint64_t nr_resident(const struct page_chunk *chunk,
				   uint64_t mask)
{
	return count_bits(mask & ~chunk->special);
}

static inline uint64_t nr_anon(const struct page_chunk *chunk, uint64_t mask)
{
	return count_bits(mask & chunk->anon & ~chunk->special);
}

static inline uint64_t nr_file(const struct page_chunk *chunk, uint64_t mask)
{
	return count_bits(mask & ~chunk->anon & ~chunk->special);
}

/* The node of a table, made from a reserved one if there is none. */
struct page_node *table_make(struct mm_struct *mm, enum table_level level,
			     uint64_t addr);

/* A page table of those above it, which are there; made if it is not. */
struct page_node *pte_table_make(struct mm_struct *mm,
				 struct page_cursor *cursor, uint64_t addr);

/*
 * Unmap what [start, end) has in one table, and drop emptied chunks. Unless
 * @cows, anonymous pages stay.
 */
void table_zap(struct mm_struct *mm, struct page_node *table, uint64_t start,
	       uint64_t end, bool cows);
