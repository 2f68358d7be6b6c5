/* SPDX-License-Identifier: MIT */
/*
 * Which pages are there, and how many
 */
#include "core/mm/mm.h"
#include "core/mm/page_chunk.h"

uint64_t mm_nr_page_chunks(const struct mm_struct *mm)
{
	const struct page_node *table = page_node_from(&mm->page_tables, 0);
	const struct page_chunk *chunk;
	uint64_t nr = 0;

	for (; table && page_node_has_chunks(table); table = next_table(table))
		for (chunk = table->chunks; chunk; chunk = chunk->next)
			nr++;
	return nr;
}

struct counted_pages {
	uint64_t anon, file;
};

static struct counted_pages count_pages(const struct mm_struct *mm,
					uint64_t start, uint64_t end)
{
	uint64_t last = table_key(LEVEL_PTE, end - 1), base, mask;
	struct counted_pages pages = { 0, 0 };
	const struct page_chunk *chunk;
	const struct page_node *table;

	if (!mm->nr_ptes || tables_are_absent(mm, LEVEL_PTE, start, end))
		return pages;
	table = page_node_from(&mm->page_tables, table_key(LEVEL_PTE, start));
	for (; table && table->key <= last; table = next_table(table)) {
		base = table->key << PMD_SHIFT;
		for (chunk = table->chunks; chunk; chunk = chunk->next) {
			mask = chunk_overlap(base, chunk, start, end) &
			       chunk->present;
			pages.anon += nr_anon(chunk, mask);
			pages.file += nr_file(chunk, mask);
		}
	}
	return pages;
}

uint64_t mm_resident_pages(const struct mm_struct *mm,
			   const struct vm_area_struct *vma)
{
	struct counted_pages pages =
		count_pages(mm, vma->vm_start, vma->vm_end);

	return pages.anon + pages.file;
}

uint64_t mm_file_pages(const struct mm_struct *mm,
		       const struct vm_area_struct *vma)
{
	return count_pages(mm, vma->vm_start, vma->vm_end).file;
}

uint64_t mm_anon_pages(const struct mm_struct *mm, uint64_t start, uint64_t end)
{
	return count_pages(mm, start, end).anon;
}

/* The first present page at or above @addr, or UINT64_MAX. */
static uint64_t next_present(const struct mm_struct *mm, uint64_t addr)
{
	const struct page_node *table =
		page_node_from(&mm->page_tables, table_key(LEVEL_PTE, addr));
	const struct page_chunk *chunk;
	uint64_t base, bits;

	for (; table && table->key < table_key(LEVEL_PMD, 0);
	     table = next_table(table)) {
		for (chunk = table->chunks; chunk; chunk = chunk->next) {
			base = (table->key << PMD_SHIFT) +
			       ((uint64_t)chunk->index << CHUNK_SHIFT);
			bits = chunk->present;
			if (base + (1ULL << CHUNK_SHIFT) <= addr)
				continue;
			if (base < addr)
				bits &= UINT64_MAX << (addr >> PAGE_SHIFT & 63);
			if (bits)
				return base + ((uint64_t)__builtin_ctzll(bits)
					       << PAGE_SHIFT);
		}
	}
	return UINT64_MAX;
}

bool mm_next_resident(const struct mm_struct *mm, uint64_t *addrp,
		      uint64_t *endp)
{
	const struct page_chunk *chunk;
	uint64_t start = next_present(mm, *addrp), end = start, bits;

	if (start == UINT64_MAX)
		return false;
	while ((chunk = chunk_at(mm, end))) {
		/* Ones from here on, to the end of the chunk at most. */
		bits = ~(chunk->present >> (end >> PAGE_SHIFT & 63));
		if (!bits) {
			end += 64 * PAGE_SIZE;
			continue;
		}
		if (bits & 1)
			break;
		end += (uint64_t)__builtin_ctzll(bits) << PAGE_SHIFT;
		if (end & ((1ULL << CHUNK_SHIFT) - 1))
			break;
	}
	*addrp = start;
	*endp = end;
	return true;
}

uint64_t mm_missing_pages(const struct mm_struct *mm, uint64_t start,
			  uint64_t end)
{
	uint64_t missing = (end - start) >> PAGE_SHIFT, from = start, to;

	while (mm_next_resident(mm, &from, &to) && from < end) {
		missing -= ((to < end ? to : end) - from) >> PAGE_SHIFT;
		from = to;
	}
	return missing;
}

bool mm_next_dirty(const struct mm_struct *mm, uint64_t *addrp, uint64_t *endp)
{
	const struct page_chunk *chunk;
	uint64_t bit;

	while (mm_next_resident(mm, addrp, endp)) {
		chunk = chunk_at(mm, *addrp);
		bit = *addrp >> PAGE_SHIFT & 63;
		if (chunk->dirty >> bit & 1) {
			*endp = *addrp + PAGE_SIZE;
			return true;
		}
		*addrp += PAGE_SIZE;
	}
	return false;
}
