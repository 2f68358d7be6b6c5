/* SPDX-License-Identifier: MIT */
/*
 * Which pages are there, and how many
 */
#include "core/hot.h"
#include "core/mm/mm.h"
#include "core/mm/page_chunk.h"

uint64_t mm_nr_page_chunks(const struct mm_struct *mm)
{
	const struct page_node *table = page_node_from(&mm->page_tables, 0);
	const struct page_chunk *chunk;
	uint64_t nr = 0;

	for (; table && page_node_has_chunks(table);
	     table = page_node_next(table))
		for (chunk = table->chunks; chunk; chunk = chunk->next)
			nr++;
	return nr;
}

uint64_t mm_next_table(const struct mm_struct *mm, uint64_t addr)
{
	const struct page_node *table =
		page_node_from(&mm->page_tables, table_key(LEVEL_PTE, addr));
	uint64_t base;

	if (!table || !page_node_has_chunks(table))
		return UINT64_MAX;
	base = table->key << PMD_SHIFT;
	return base > addr ? base : addr;
}

/* For certain no page of [start, end) is there. */
static inline bool pages_are_absent(const struct mm_struct *mm, uint64_t start,
				    uint64_t end)
{
	return !mm->nr_ptes || tables_are_absent(mm, LEVEL_PTE, start, end);
}

/* How many of a chunk's pages in @mask are of some kind. */
typedef uint64_t count_pages_fn(const struct page_chunk *chunk, uint64_t mask);

/* Inlined, as is @count, wherever there is one kind. */
static inline __attribute__((always_inline)) uint64_t
count_table(const struct page_node *table, uint64_t start, uint64_t end,
	    count_pages_fn *count)
{
	const uint64_t base = table->key << PMD_SHIFT;
	const struct page_chunk *chunk;
	uint64_t mask, pages = 0;

	for (chunk = table->chunks; chunk; chunk = chunk->next) {
		mask = chunk_overlap(base, chunk, start, end) & chunk->present;
		pages += count(chunk, mask);
	}
	return pages;
}

static inline __attribute__((always_inline)) uint64_t
count_pages(const struct mm_struct *mm, uint64_t start, uint64_t end,
	    count_pages_fn *count)
{
	const uint64_t last = table_key(LEVEL_PTE, end - 1);
	const struct page_node *table;
	uint64_t pages = 0;

	if (pages_are_absent(mm, start, end))
		return 0;
	table = page_node_from(&mm->page_tables, table_key(LEVEL_PTE, start));
	for (; table && table->key <= last; table = page_node_next(table))
		pages += count_table(table, start, end, count);
	return pages;
}

uint64_t mm_resident_pages(const struct mm_struct *mm,
			   const struct vm_area_struct *vma)
{
	return count_pages(mm, vma->vm_start, vma->vm_end, nr_resident);
}

const struct page_node *mm_first_table(const struct mm_struct *mm)
{
	return page_node_from(&mm->page_tables, 0);
}

HOT APART static uint64_t count_in_table(const struct page_node *table,
					 const struct vm_area_struct *vma)
{
	return count_table(table, vma->vm_start, vma->vm_end, nr_resident);
}

HOT bool mm_resident_pages_next(const struct vm_area_struct *vma,
				const struct page_node **tablep,
				uint64_t *pagesp, uint64_t *tablesp)
{
	const uint64_t first = table_key(LEVEL_PTE, vma->vm_start);
	const uint64_t last = table_key(LEVEL_PTE, vma->vm_end - 1);
	const struct page_node *table;

	/* The last table is kept: the next area may share it. */
	for (; (table = *tablep) && table->key <= last;
	     *tablep = page_node_next(table)) {
		if (!*tablesp)
			return false;
		--*tablesp;
		if (table->key >= first)
			*pagesp += count_in_table(table, vma);
		if (table->key == last)
			break;
	}
	return true;
}

uint64_t mm_file_pages(const struct mm_struct *mm,
		       const struct vm_area_struct *vma)
{
	return count_pages(mm, vma->vm_start, vma->vm_end, nr_file);
}

uint64_t mm_anon_pages(const struct mm_struct *mm, uint64_t start, uint64_t end)
{
	return count_pages(mm, start, end, nr_anon);
}

/* A range of present pages that grows, from lower addresses to higher ones. */
struct range {
	uint64_t start, end; /* empty: not yet begun */
};

/* False: the range has ended before the bits of a chunk at @base do. */
static bool extend(struct range *range, uint64_t base, uint64_t bits)
{
	unsigned int at, len;

	while (bits) {
		at = (unsigned int)__builtin_ctzll(bits);
		len = ~(bits >> at)
			      ? (unsigned int)__builtin_ctzll(~(bits >> at))
			      : 64;
		if (range->start == range->end)
			range->start = base + ((uint64_t)at << PAGE_SHIFT);
		else if (range->end != base + ((uint64_t)at << PAGE_SHIFT))
			return false;
		range->end = base + ((uint64_t)(at + len) << PAGE_SHIFT);
		if (at + len == 64)
			return true;
		bits &= UINT64_MAX << (at + len);
	}
	return true;
}

/* Likewise, of a table's pages at or above @addr. */
static bool extend_by_table(struct range *range, const struct page_node *table,
			    uint64_t addr)
{
	const struct page_chunk *chunk;
	uint64_t base, bits;

	for (chunk = table->chunks; chunk; chunk = chunk->next) {
		base = (table->key << PMD_SHIFT) +
		       ((uint64_t)chunk->index << CHUNK_SHIFT);
		bits = chunk->present;
		if (base + (1ULL << CHUNK_SHIFT) <= addr)
			continue;
		if (base < addr)
			bits &= UINT64_MAX << (addr >> PAGE_SHIFT & 63);
		if (!extend(range, base, bits))
			return false;
	}
	return true;
}

static uint64_t later(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

bool mm_next_resident_within(const struct mm_struct *mm, uint64_t *addrp,
			     uint64_t *endp, uint64_t *tablesp)
{
	const struct page_node *table =
		page_node_from(&mm->page_tables, table_key(LEVEL_PTE, *addrp));
	const uint64_t addr = *addrp;
	struct range range = { 0, 0 };

	*addrp = UINT64_MAX;
	for (; table && page_node_has_chunks(table);
	     table = page_node_next(table)) {
		if (!*tablesp) {
			*addrp = later(addr, table->key << PMD_SHIFT);
			break;
		}
		--*tablesp;
		if (!extend_by_table(&range, table, addr))
			break;
	}
	if (range.start == range.end)
		return false;
	*addrp = range.start;
	*endp = range.end;
	return true;
}

bool mm_next_resident(const struct mm_struct *mm, uint64_t *addrp,
		      uint64_t *endp)
{
	uint64_t tables = UINT64_MAX;

	return mm_next_resident_within(mm, addrp, endp, &tables);
}

static uint64_t nr_present(const struct page_chunk *chunk, uint64_t mask)
{
	return count_bits(mask & chunk->present);
}

uint64_t mm_missing_pages(const struct mm_struct *mm, uint64_t start,
			  uint64_t end)
{
	return ((end - start) >> PAGE_SHIFT) -
	       count_pages(mm, start, end, nr_present);
}
