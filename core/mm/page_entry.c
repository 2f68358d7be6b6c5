/* SPDX-License-Identifier: MIT */
/*
 * Entries of page tables: what is mapped, and how
 */
#include "core/hot.h"
#include "core/mm/memory.h"
#include "core/mm/page_chunk.h"

struct page_chunk *chunk_make(struct page_node *table, uint32_t index,
			      struct memory *memory)
{
	struct page_chunk **link = &table->chunks, *chunk;

	while (*link && (*link)->index < index)
		link = &(*link)->next;
	if (*link && (*link)->index == index)
		return *link;
	chunk = memory_take_page_chunk(memory);
	chunk->index = index;
	chunk->next = *link;
	*link = chunk;
	return chunk;
}

struct page_run page_run_of(struct mm_struct *mm, uint64_t start, uint64_t end)
{
	return (struct page_run){
		.table = pte_table_find(mm, start),
		.chunk = chunk_index(start),
		.mask = chunk_mask(start, end),
	};
}

const struct page_chunk *page_run_chunk(const struct page_run *run)
{
	return chunk_find(run->table, run->chunk);
}

bool page_is_present(const struct mm_struct *mm, uint64_t addr)
{
	const struct page_chunk *chunk = chunk_at(mm, addr);

	return chunk && chunk->present >> (addr >> PAGE_SHIFT & 63) & 1;
}

bool page_is_writable(const struct mm_struct *mm, uint64_t addr)
{
	const struct page_chunk *chunk = chunk_at(mm, addr);

	return chunk && chunk->write >> (addr >> PAGE_SHIFT & 63) & 1;
}

void page_set_dirty(struct mm_struct *mm, uint64_t addr)
{
	chunk_at(mm, addr)->dirty |= 1ULL << (addr >> PAGE_SHIFT & 63);
}

/* Forget pages that are present; what they were leaves the counters. */
static void unmap_pages(struct mm_struct *mm, struct page_chunk *chunk,
			uint64_t mask)
{
	uint64_t anon;

	mask &= chunk->present;
	anon = nr_anon(chunk, mask);
	mm->rss_anon -= anon;
	mm->machine->nr_anon_pages -= anon;
	mm->rss_file -= nr_file(chunk, mask);
	chunk->present &= ~mask;
	chunk->write &= ~mask;
	chunk->dirty &= ~mask;
	chunk->anon &= ~mask;
	chunk->special &= ~mask;
}

static void count_mapped(struct mm_struct *mm, enum page_kind kind,
			 uint64_t pages)
{
	if (kind == PAGE_KIND_FILE)
		mm->rss_file += pages;
	if (kind != PAGE_KIND_ANON)
		return;
	mm->rss_anon += pages;
	mm->machine->nr_anon_pages += pages;
}

void page_run_map(struct mm_struct *mm, const struct page_run *run,
		  enum page_kind kind, bool write)
{
	struct page_chunk *chunk =
		chunk_make(run->table, run->chunk, mm->machine->memory);

	if (chunk->present & run->mask)
		unmap_pages(mm, chunk, run->mask);
	chunk->present |= run->mask;
	if (write)
		chunk->write |= run->mask;
	if (kind == PAGE_KIND_ANON || kind == PAGE_KIND_ZERO)
		chunk->anon |= run->mask;
	if (kind == PAGE_KIND_PFN || kind == PAGE_KIND_ZERO)
		chunk->special |= run->mask;
	count_mapped(mm, kind, count_bits(run->mask));
}

void page_run_set_dirty(const struct page_run *run)
{
	chunk_find(run->table, run->chunk)->dirty |= run->mask;
}

void page_run_make_writable(const struct page_run *run)
{
	chunk_find(run->table, run->chunk)->write |= run->mask;
}

void table_zap(struct mm_struct *mm, struct page_node *table, uint64_t start,
	       uint64_t end, bool cows)
{
	uint64_t base = table->key << PMD_SHIFT, mask;
	struct page_chunk **link = &table->chunks, *chunk;

	while ((chunk = *link)) {
		mask = chunk_overlap(base, chunk, start, end);
		if (!cows)
			mask &= ~chunk->anon;
		if (mask)
			unmap_pages(mm, chunk, mask);
		if (chunk->present) {
			link = &chunk->next;
			continue;
		}
		*link = chunk->next;
		memory_give_page_chunk(mm->machine->memory, chunk);
	}
}

/* What happens to the entries of [start, end). */
struct change {
	struct mm_struct *mm;
	uint64_t start, end;
	bool cows, write; /* of zapping, and of protecting */
	void (*table)(const struct change *change, struct page_node *table);
};

/*
 * The tables with keys from @first to @last of a subtree, in order. Each is touched
 * once, and what comes next is on its way into the cache by then.
 */
static void change_subtree(const struct change *change, struct rb_node *rb,
			   uint64_t first, uint64_t last)
{
	struct page_node *table;

	for (; rb; rb = rb->right) {
		table = page_node_of(rb);
		if (table->key < first)
			continue;
		if (table->key <= last) {
			__builtin_prefetch(rb->right);
			__builtin_prefetch(table->chunks);
		}
		if (table->key > first)
			change_subtree(change, rb->left, first, last);
		if (table->key > last)
			return;
		change->table(change, table);
	}
}

static inline __attribute__((always_inline)) void
change_entries(const struct change *change)
{
	const uint64_t first = table_key(LEVEL_PTE, change->start);
	const uint64_t last = table_key(LEVEL_PTE, change->end - 1);
	const struct mm_struct *mm = change->mm;
	struct page_node *table;

	if (!mm->nr_ptes ||
	    tables_are_absent(mm, LEVEL_PTE, change->start, change->end))
		return;
	if (first < last) {
		change_subtree(change, mm->page_tables.node, first, last);
		return;
	}
	table = page_node_find(&mm->page_tables, first);
	if (table)
		change->table(change, table);
}

static void zap_table(const struct change *change, struct page_node *table)
{
	table_zap(change->mm, table, change->start, change->end, change->cows);
}

HOT void zap_file_pages(struct mm_struct *mm, uint64_t start, uint64_t end,
			bool cows)
{
	change_entries(&(struct change){ .mm = mm,
					 .start = start,
					 .end = end,
					 .cows = cows,
					 .table = zap_table });
}

void zap_page_range(struct mm_struct *mm, uint64_t start, uint64_t end)
{
	zap_file_pages(mm, start, end, true);
}

static void protect_table(const struct change *change, struct page_node *table)
{
	const uint64_t base = table->key << PMD_SHIFT;
	struct page_chunk *chunk;
	uint64_t mask;

	for (chunk = table->chunks; chunk; chunk = chunk->next) {
		mask = chunk_overlap(base, chunk, change->start, change->end);
		if (change->write)
			chunk->write |= mask & chunk->present & ~chunk->special;
		else
			chunk->write &= ~mask;
	}
}

void change_protection(struct mm_struct *mm, uint64_t start, uint64_t end,
		       bool write)
{
	change_entries(&(struct change){ .mm = mm,
					 .start = start,
					 .end = end,
					 .write = write,
					 .table = protect_table });
}
