/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Files and shared memory: which pages their page caches hold
 *
 * Both are tmpfs objects, which start as holes: a page enters the cache when it
 * is touched first, and stays.
 */
#include "core/mm/mm_types.h"

/* Is page @pgoff in the cache? */
bool page_cache_has(const struct vm_file *file, uint64_t pgoff);

/*
 * Which of the 64 pages from @pgoff on are, bit 0 being that one? Here and below
 * @cursor is where in the file's cache the caller is, see page_table.h.
 */
struct page_cursor;
uint64_t page_cache_bits(const struct vm_file *file, struct page_cursor *cursor,
			 uint64_t pgoff);

/* Likewise, which are known to be dirty? */
uint64_t page_cache_known_dirty(const struct vm_file *file, uint64_t pgoff);

/* Pages that the file's size allows, the last one perhaps in part. */
uint64_t vm_file_pages(const struct vm_file *file);

/* Page nodes that caching so many pages takes, at most: each area may begin amid
 * 64 pages of its file. */
static inline uint64_t page_cache_need(uint64_t pages, uint64_t areas)
{
	return (pages >> 6) + 2 * areas;
}

/* Page nodes that having the pages [first, end) in the cache takes. */
uint64_t page_cache_missing(const struct vm_file *file, uint64_t first,
			    uint64_t end);

/**
 * page_cache_get() - have a page in the cache, as a fault does (shmem_fault)
 * @mm:    faulting: whose user may or may not pass the commit limit
 * @pgoff: page in the file
 *
 * Takes at most one reserved cache node.
 *
 * Return: false: beyond the file's end, or not committable: SIGBUS.
 */
bool page_cache_get(const struct mm_struct *mm, struct vm_file *file,
		    uint64_t pgoff);

/**
 * page_cache_get_run() - page_cache_get() for up to 64 pages, each in its turn
 * @cursor: as above
 * @pgoff:  page of bit 0
 * @pages:  bits of those that fault, of which some may become private copies
 *
 * Takes at most two reserved cache nodes.
 *
 * Return: 64, or below that the first of @pages that this did not get, nor any
 *         behind it: beyond the file's end, or so near to the commit limit that
 *         it must be asked for alone.
 */
uint64_t page_cache_get_run(const struct mm_struct *mm, struct vm_file *file,
			    struct page_cursor *cursor, uint64_t pgoff,
			    uint64_t pages);

/* A cached page is written; answers whether that made it dirty. */
bool page_cache_dirty(struct vm_file *file, uint64_t pgoff);

/* The same for up to 64 pages, bit 0 being @pgoff: those that it made dirty. */
uint64_t page_cache_dirty_bits(struct vm_file *file, struct page_cursor *cursor,
			       uint64_t pgoff, uint64_t pages);

/* Pages that @vma, of a file, wrote to are dirty, before they are unmapped. */
void page_cache_collect_shared(const struct mm_struct *mm,
			       const struct vm_area_struct *vma, uint64_t start,
			       uint64_t end);

/* The same for any area: mostly there is nothing to do. */
static inline void page_cache_collect_dirty(const struct mm_struct *mm,
					    const struct vm_area_struct *vma,
					    uint64_t start, uint64_t end)
{
	if (vma->vm_file && vma->vm_flags & VM_MAYSHARE)
		page_cache_collect_shared(mm, vma, start, end);
}

/**
 * page_cache_punch() - make a hole of the pages [first, end)
 *
 * They leave the cache and all page tables; private copies stay.
 */
void page_cache_punch(struct vm_file *file, uint64_t first, uint64_t end);

/**
 * hold_committed_pages() - keep what files have committed until a call ends
 *
 * The kernel gives up a file when the call that let go of it returns. So what a
 * shared object had committed is not there yet for what replaces it. All holding
 * ends with release_committed_pages(), in the same call.
 */
void hold_committed_pages(struct machine *machine);

/* Take back what was held, if anything. */
void release_committed_pages(struct machine *machine);

/**
 * shmem_zero_setup() - the object behind a shared anonymous area
 * @pages:     its size
 * @noreserve: commit pages one by one, not all at once
 *
 * Commits nothing itself.
 *
 * Return: the object with one reference, or NULL: host refused.
 */
struct vm_file *shmem_zero_setup(struct machine *machine, uint64_t pages,
				 bool noreserve);
