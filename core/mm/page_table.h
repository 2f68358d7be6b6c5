/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Sparse page tables
 *
 * One node for every table that the kernel would have allocated: a PTE table
 * maps 2 MiB, a PMD table 1 GiB, a PUD table 512 GiB. The entries of a PTE table
 * are kept in chunks of 64 pages, one bit a page and property; a chunk exists
 * while at least one of its pages is present.
 */
#include "core/mm/mm_types.h"
#include "core/mm/setup.h"

#define PMD_SHIFT   21
#define PUD_SHIFT   30
#define PGDIR_SHIFT 39

enum table_level {
	LEVEL_PTE,
	LEVEL_PMD,
	LEVEL_PUD
};

/* 64 page table entries, bit 0 being the lowest page. */
#define CHUNK_SHIFT 18

struct page_chunk {
	struct page_chunk *next; /* of the same table, ascending */
	uint32_t index;          /* within the table, 0 to 7 */
	uint8_t slot;            /* core/mm/memory.c's: not to be copied */
	uint64_t present;
	uint64_t write; /* writing does not fault */
	uint64_t dirty; /* was written through this entry */
	/*
	 * What is mapped: anon 0 special 0: a file's page; 1 0: an anonymous
	 * one; 1 1: the zero page; 0 1: a raw mapping. Only the first two are
	 * counted in RSS.
	 */
	uint64_t anon;
	uint64_t special;
};

/* A node in a tree: a page table, or what a struct cache_node begins with. */
struct page_node {
	union {
		struct rb_node rb;
		struct page_node *spare; /* while on a free list */
	};
	uint64_t key;
	union {
		struct page_chunk *chunks; /* of a PTE table */
		uint64_t cached;           /* of a page cache: bit a page */
	};
};

/* 64 pages of a file's page cache. */
struct cache_node {
	union {
		struct page_node page;
		struct cache_node *spare; /* while on a free list */
	};
	uint64_t dirty; /* bits of cached pages known to be dirty */
};

/* That whose beginning is @page, of a file's cache, or NULL. */
static inline struct cache_node *cache_node_of(struct page_node *page)
{
	return (struct cache_node *)page;
}

/* Of the tables of an mm: is it the lowest one, which has chunks? */
static inline bool page_node_has_chunks(const struct page_node *table)
{
	return table->key >> 56 == LEVEL_PTE;
}

/* A table of that key is in the tree from now on: see mm->table_filter. */
static inline void table_filter_add(struct mm_struct *mm, uint64_t key)
{
	mm->table_filter[key >> 56] |= 1ULL << (key & 63);
}

/* ------------------------------------------- trees of nodes, page_node.c */

/* The node of that key, or NULL. */
struct page_node *page_node_find(const struct rb_root *root, uint64_t key);
/* The first node at or above that key, or NULL. */
struct page_node *page_node_from(const struct rb_root *root, uint64_t key);
/* The table of that key, made from a reserved one if there is none. */
struct page_node *page_node_make(struct rb_root *root, uint64_t key,
				 struct memory *memory, bool *madep);

/*
 * A place in a tree, for who goes through it from lower keys to higher ones: the
 * last node at or below a key, and the one behind. All zero at first, and again
 * when the tree has got or lost nodes otherwise than by page_cursor_add().
 */
struct page_cursor {
	struct page_node *at, *next; /* NULL: there is none */
};

/* Is the key's place the one where the cursor is? */
static inline bool page_cursor_is_at(const struct page_cursor *cursor,
				     uint64_t key)
{
	return cursor->at && cursor->at->key <= key &&
	       (!cursor->next || key < cursor->next->key);
}
/* Go to a key where it is not. */
void page_cursor_move(struct page_cursor *cursor, const struct rb_root *root,
		      uint64_t key);
/* Go to a key: amortised O(1) if it is not below the one before, nor far. */
static inline void page_cursor_seek(struct page_cursor *cursor,
				    const struct rb_root *root, uint64_t key)
{
	if (!page_cursor_is_at(cursor, key))
		page_cursor_move(cursor, root, key);
}
/* The node of the key that was sought, or NULL. */
static inline struct page_node *
page_cursor_node(const struct page_cursor *cursor, uint64_t key)
{
	return cursor->at && cursor->at->key == key ? cursor->at : NULL;
}
/* Let @node be that of the key that was sought in vain. No walk from the root:
 * amortised O(1) if each comes behind the one before. */
void page_cursor_add(struct page_cursor *cursor, struct rb_root *root,
		     uint64_t key, struct page_node *node);

/* ----------------------------------------- tables themselves, page_table.c */

/* What one operation on a range may at most need: see memory_reserve(). */
struct memory_need;
void page_tables_need(uint64_t start, uint64_t end, struct memory_need *need);

/* The same without the tables and chunks that are there: O(log n + those). */
void page_tables_missing(const struct mm_struct *mm, uint64_t start,
			 uint64_t end, struct memory_need *need);

/**
 * page_tables_populate() - allocate the tables that lead to a page
 * @addr: any address in the page
 *
 * Return: its PTE table.
 */
struct page_node *page_tables_populate(struct mm_struct *mm, uint64_t addr);

/* The same for who goes on from table to table. */
struct page_node *page_tables_populate_at(struct mm_struct *mm,
					  struct page_cursor *cursor,
					  uint64_t addr);

/* Allocate only the tables above the page table. */
void upper_tables_populate(struct mm_struct *mm, uint64_t addr);

/**
 * free_pgd_range() - free the tables that only an unmapped range has pages in
 * @start:   page aligned; [start, end) is where areas were
 * @floor:   end of the area before them, 0: none
 * @ceiling: start of the area behind them, 0: none
 *
 * A table stays when floor or ceiling lie in what it maps. Pages that are still
 * mapped by a table go with it.
 *
 * Cost: O(log n + tables freed), each of which is touched once.
 */
void free_pgd_range(struct mm_struct *mm, uint64_t start, uint64_t end,
		    uint64_t floor, uint64_t ceiling);

/* Unmap all pages and free all tables, of whichever area, without a word. */
void drop_page_tables(struct mm_struct *mm);

/* ------------------------------------------------- entries, page_entry.c */

/* One page's entry, or a run of up to 64 pages of one chunk. */
struct page_run {
	struct page_node *table;
	uint32_t chunk; /* index of the chunk */
	uint64_t mask;  /* bits of the pages meant */
};

/* The pages of [start, end) that lie in the chunk of start. */
struct page_run page_run_of(struct mm_struct *mm, uint64_t start, uint64_t end);

/* The chunk of a run, or NULL: none of its pages is present. */
const struct page_chunk *page_run_chunk(const struct page_run *run);

/* Is the page present, and may it be written without a fault? */
bool page_is_present(const struct mm_struct *mm, uint64_t addr);
bool page_is_writable(const struct mm_struct *mm, uint64_t addr);

/**
 * page_run_map() - let pages of a run be mapped, whatever was there
 * @kind:  what is mapped; counters follow, replaced pages are given up
 * @write: whether writing does not fault
 */
void page_run_map(struct mm_struct *mm, const struct page_run *run,
		  enum page_kind kind, bool write);

/* The processor wrote to a page that is mapped writable. */
void page_set_dirty(struct mm_struct *mm, uint64_t addr);
void page_run_set_dirty(const struct page_run *run);

/* Let writing to these present pages not fault any more. */
void page_run_make_writable(const struct page_run *run);

/* Let writing to the present pages of [start, end) fault, or not. */
void change_protection(struct mm_struct *mm, uint64_t start, uint64_t end,
		       bool write);

/* Unmap all pages of [start, end); the tables stay. */
void zap_page_range(struct mm_struct *mm, uint64_t start, uint64_t end);

/* The same, but let private copies stay unless @cows. */
void zap_file_pages(struct mm_struct *mm, uint64_t start, uint64_t end,
		    bool cows);

/* ---------------------------------------- moving and copying, page_copy.c */

/**
 * move_page_tables() - move the pages of [old_addr, old_addr + len)
 *
 * Tables appear at the new place for every table at the old one, which stays.
 */
void move_page_tables(struct mm_struct *mm, uint64_t old_addr,
		      uint64_t new_addr, uint64_t len);

/*
 * Where a fork's copying stands: the last page table that was copied, or NULL.
 * The next one is mostly the one behind, and its copy comes behind the copy.
 */
struct fork_tables {
	struct page_node *from;
	struct page_cursor to;
};

/**
 * copy_page_range() - give a forked child the pages of an area
 * @dst:    the child's mm
 * @src:    the parent's; its private pages are write protected
 * @vma:    the parent's area, above those whose pages were copied before
 * @tables: all zero for the first area; else as the one before left it
 *
 * Only areas with anonymous pages, or raw mappings, are copied.
 */
void copy_page_range(struct mm_struct *dst, struct mm_struct *src,
		     const struct vm_area_struct *vma,
		     struct fork_tables *tables);

/* ------------------------------------------------ counting, page_count.c */

/* Chunks that its page tables have. */
uint64_t mm_nr_page_chunks(const struct mm_struct *mm);

/* The first address from @addr on that a page table maps; UINT64_MAX: none. */
uint64_t mm_next_table(const struct mm_struct *mm, uint64_t addr);

/* Pages of [start, end) that are anonymous, without the zero page. */
uint64_t mm_anon_pages(const struct mm_struct *mm, uint64_t start,
		       uint64_t end);

/* Pages of [start, end) that are not present. */
uint64_t mm_missing_pages(const struct mm_struct *mm, uint64_t start,
			  uint64_t end);
