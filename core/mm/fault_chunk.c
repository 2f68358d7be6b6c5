/* SPDX-License-Identifier: MIT */
/*
 * Faults of neighbouring pages at once: what handle_mm_fault() does for each
 */
#include "core/mm/fault.h"
#include "core/mm/page_cache.h"
#include "core/mm/page_chunk.h"
#include "core/mm/profile.h"
#include "core/mm/vma.h"

/* Cached pages around a file page that is read are mapped along with it. */
#define FAULT_AROUND (FAULT_AROUND_PAGES << PAGE_SHIFT)

static uint64_t next_chunk(uint64_t addr)
{
	return (addr | ((1ULL << CHUNK_SHIFT) - 1)) + 1;
}

/* The place of a page in its chunk. */
static unsigned int place(uint64_t addr)
{
	return addr >> PAGE_SHIFT & 63;
}

/* ----------------------------------------------------------- fault-around */

struct fault_window fault_around(const struct vm_area_struct *vma,
				 uint64_t addr)
{
	struct fault_window window = { addr & ~(FAULT_AROUND - 1), 0 };
	uint64_t table_end = (addr | ((1ULL << PMD_SHIFT) - 1)) + 1;

	if (window.start < vma->vm_start)
		window.start = vma->vm_start;
	window.end = window.start + FAULT_AROUND;
	if (window.end > vma->vm_end)
		window.end = vma->vm_end;
	if (window.end > table_end)
		window.end = table_end;
	return window;
}

static uint64_t cached_pages(const struct vm_area_struct *vma,
			     struct page_cursor *cursor, uint64_t addr)
{
	return page_cache_bits(vma->vm_file, cursor, file_page(vma, addr))
	       << place(addr);
}

void map_cached_pages(struct mm_struct *mm, const struct vm_area_struct *vma,
		      uint64_t start, uint64_t end)
{
	struct page_cursor cursor = { NULL, NULL };
	const struct page_chunk *chunk;
	struct page_run run;

	for (; start < end; start = next_chunk(start)) {
		run = page_run_of(mm, start, end);
		chunk = page_run_chunk(&run);
		run.mask &= cached_pages(vma, &cursor, start);
		if (chunk)
			run.mask &= ~chunk->present;
		if (!run.mask)
			continue;
		run.table = page_tables_populate(mm, start);
		page_run_map(mm, &run, PAGE_KIND_FILE, shared_writable(vma));
	}
}

/* -------------------------------------------------------- pages of a chunk */

/* What the faults of [start, end) meet. */
struct faults {
	struct mm_struct *mm;
	struct fault_walk *walk;
	struct vm_area_struct *vma;
	uint64_t start, end;
	uint64_t present, anon; /* of the chunk; without the zero page */
	struct page_run run;    /* its mask: pages that fault */
	bool counts;            /* somebody asks for taken */
	struct faults_taken taken;
};

/* The page of a bit that is set. */
static uint64_t page_at(const struct faults *faults, unsigned int bit)
{
	return (faults->start & ~((1ULL << CHUNK_SHIFT) - 1)) +
	       ((uint64_t)bit << PAGE_SHIFT);
}

static uint64_t first_page(const struct faults *faults)
{
	return page_at(faults, (unsigned int)__builtin_ctzll(faults->run.mask));
}

static void look_at_chunk(struct faults *faults, bool write)
{
	const uint64_t start = faults->start, key = table_key(LEVEL_PTE, start);
	struct page_cursor *cursor = &faults->walk->tables;
	const struct page_chunk *chunk;

	page_cursor_seek(cursor, &faults->mm->page_tables, key);
	faults->run.table = page_cursor_node(cursor, key);
	faults->run.chunk = chunk_index(start);
	faults->run.mask = chunk_mask(start, faults->end);
	chunk = page_run_chunk(&faults->run);
	if (!chunk)
		return;
	faults->present = chunk->present;
	faults->anon = chunk->anon & ~chunk->special;
	faults->run.mask &=
		~(write ? chunk->present & chunk->write : chunk->present);
}

/* The page table, which is there from now on. */
static struct page_node *make_table(const struct faults *faults)
{
	return page_tables_populate_at(faults->mm, &faults->walk->tables,
				       faults->start);
}

static void map_pages(const struct faults *faults, uint64_t mask,
		      enum page_kind kind, bool write)
{
	struct page_run run = faults->run;

	run.mask = mask;
	if (!mask)
		return;
	run.table = make_table(faults);
	page_run_map(faults->mm, &run, kind, write);
}

static void make_writable(const struct faults *faults, uint64_t mask)
{
	struct page_run run = faults->run;

	run.mask = mask;
	if (mask)
		page_run_make_writable(&run);
}

/* As do_wp_page() and, for what is absent, do_anonymous_page(), do_cow_fault(). */
static void write_privately(struct faults *faults)
{
	const uint64_t reused =
		faults->run.mask & faults->present & faults->anon;
	const uint64_t others = faults->run.mask & ~reused;

	make_writable(faults, reused);
	if (others)
		anon_vma_prepare(faults->mm, faults->vma);
	map_pages(faults, others, PAGE_KIND_ANON,
		  faults->vma->vm_flags & VM_WRITE);
	faults->taken.nr = count_bits(faults->run.mask);
}

/* As do_shared_fault() and do_wp_page(): a page that gets dirty may fault twice. */
static void write_shared(struct faults *faults)
{
	const uint64_t mask = faults->run.mask;
	struct page_run run = faults->run;
	uint64_t dirtied;

	make_writable(faults, mask & faults->present);
	map_pages(faults, mask & ~faults->present, PAGE_KIND_FILE, true);
	run.table = make_table(faults);
	page_run_set_dirty(&run);
	dirtied = page_cache_dirty_bits(faults->vma->vm_file,
					&faults->walk->cache,
					file_page(faults->vma, faults->start),
					mask >> place(faults->start));
	faults->taken.nr = count_bits(mask);
	if (faults->mm->machine->profile->shared_write_retries)
		faults->taken.nr += count_bits(dirtied);
}

/*
 * Count the faults of pages that are read in turn, each of which maps cached
 * pages around it. Answers a page of the last one's window.
 */
static uint64_t count_read_faults(struct faults *faults, uint64_t cached)
{
	uint64_t left = faults->run.mask, addr = faults->start, end, window;

	while (left) {
		addr = page_at(faults, (unsigned int)__builtin_ctzll(left));
		/* The first faults even if it is cached. */
		window = left &
			 chunk_mask(addr, (addr | (FAULT_AROUND - 1)) + 1);
		faults->taken.nr += count_bits(window & ~cached) +
				    (cached >> place(addr) & 1);
		end = fault_around(faults->vma, addr).end;
		left &= ~(window | (cached & chunk_mask(addr, end)));
	}
	return addr;
}

/* Do the windows of all faults lie within their pages? */
static bool windows_are_whole(const struct faults *faults)
{
	return !((faults->start | faults->end) & (FAULT_AROUND - 1));
}

/* As do_read_fault() of each page; @cached were cached before them. */
static void read_file(struct faults *faults, uint64_t cached)
{
	const struct vm_area_struct *vma = faults->vma;
	const uint64_t first = faults->taken.first;
	uint64_t last;

	map_pages(faults, faults->run.mask, PAGE_KIND_FILE,
		  shared_writable(vma));
	if (!faults->counts && windows_are_whole(faults))
		return;
	last = count_read_faults(faults, cached);
	map_cached_pages(faults->mm, vma, fault_around(vma, first).start,
			 faults->start);
	map_cached_pages(faults->mm, vma, faults->end,
			 fault_around(vma, last).end);
}

/*
 * Have the absent ones of the file's pages in its cache, and leave off from the
 * first one that may not be had.
 */
static void get_file_pages(struct faults *faults)
{
	const uint64_t absent = faults->run.mask & ~faults->present;
	const uint64_t nr = page_cache_get_run(
		faults->mm, faults->vma->vm_file, &faults->walk->cache,
		file_page(faults->vma, faults->start),
		absent >> place(faults->start));

	if (nr >= (faults->end - faults->start) >> PAGE_SHIFT)
		return;
	faults->end = faults->start + (nr << PAGE_SHIFT);
	faults->run.mask &= nr ? chunk_mask(faults->start, faults->end) : 0;
}

static void fault_file(struct faults *faults, bool write)
{
	const uint64_t cached =
		write ? 0
		      : cached_pages(faults->vma, &faults->walk->cache,
				     faults->start);

	get_file_pages(faults);
	if (!faults->run.mask)
		return;
	faults->taken.first = first_page(faults);
	if (!write)
		read_file(faults, cached);
	else if (faults->vma->vm_flags & VM_SHARED)
		write_shared(faults);
	else
		write_privately(faults);
}

static void fault_anonymous(struct faults *faults, bool write)
{
	faults->taken.first = first_page(faults);
	if (write) {
		write_privately(faults);
		return;
	}
	map_pages(faults, faults->run.mask, PAGE_KIND_ZERO, false);
	faults->taken.nr = count_bits(faults->run.mask);
}

uint64_t handle_mm_faults(struct mm_struct *mm, struct fault_walk *walk,
			  struct vm_area_struct *vma, uint64_t start,
			  uint64_t end, bool write, struct faults_taken *taken)
{
	const uint64_t stop = next_chunk(start);
	struct faults faults = { .mm = mm,
				 .walk = walk,
				 .vma = vma,
				 .start = start,
				 .end = end < stop ? end : stop,
				 .counts = taken };

	look_at_chunk(&faults, write);
	if (faults.run.mask) {
		if (vma->vm_file)
			fault_file(&faults, write);
		else
			fault_anonymous(&faults, write);
	}
	if (taken)
		*taken = faults.taken;
	return faults.end;
}
