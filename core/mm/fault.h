/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Page faults, stack growth and population
 *
 * Internal to core/mm. The objects that these functions take were reserved by
 * the calling system call with fault_need().
 */
#include "core/mm/mm.h"
#include "core/mm/page_table.h"

enum fault_result {
	FAULT_DONE,
	FAULT_RETRY, /* done, but the processor's fault is taken once more */
	FAULT_SIGSEGV,
	FAULT_SIGBUS,
};

/* The page of its file that an area has at @addr. */
static inline uint64_t file_page(const struct vm_area_struct *vma,
				 uint64_t addr)
{
	return vma->vm_pgoff + ((addr - vma->vm_start) >> PAGE_SHIFT);
}

/* A page of a shared area can be written as soon as it is mapped. */
static inline bool shared_writable(const struct vm_area_struct *vma)
{
	return (vma->vm_flags & (VM_WRITE | VM_SHARED)) ==
	       (VM_WRITE | VM_SHARED);
}

/**
 * fault_need() - add what touching [start, end) may at most take
 * @areas: how many areas it may touch
 *
 * Nodes of files' page caches come on top: page_cache_need().
 */
struct memory_need;
void fault_need(uint64_t start, uint64_t end, uint64_t areas,
		struct memory_need *need);

/**
 * missing_need() - both for a part of an area, without what is there already
 * @vma: holds [start, end)
 *
 * Return: page tables that it takes, at most, which @need has, too.
 * Cost:   O(log n), and all tables and cached pages that are there.
 */
uint64_t missing_need(const struct mm_struct *mm,
		      const struct vm_area_struct *vma, uint64_t start,
		      uint64_t end, struct memory_need *need);

/**
 * fault_pages() - pages of the machine that touching [start, end) may take
 * @vma:   area of the range, or the stack above it that would grow
 * @write: for writing
 *
 * Return: at most so many, page tables not counted: written pages become
 *         copies of their own, and files may have to be cached first.
 */
uint64_t fault_pages(const struct mm_struct *mm,
		     const struct vm_area_struct *vma, uint64_t start,
		     uint64_t end, bool write);

/* Nowhere do as many pages take more tables: all borders are a page away. */
#define POPULATED_ANYWHERE ((1ULL << PGDIR_SHIFT) - PAGE_SIZE)

/**
 * reserve_population() - reserve for populating one new area
 * @start: page aligned; POPULATED_ANYWHERE if it is not known yet
 * @len:   bytes
 * @pages: pages that it takes from the emulated machine, at most
 * @need:  what else the call needs, page cache nodes, too; added to
 *
 * Return: 0, or -1 with memory->refusal set: the host's memory, the account, or
 *         the emulated machine does not suffice.
 */
int reserve_population(struct mm_struct *mm, uint64_t start, uint64_t len,
		       uint64_t pages, struct memory_need *need);

/**
 * handle_mm_fault() - make one page of an area present, or writable
 * @vma:   holds @addr, and allows the access
 * @addr:  any address in the page
 * @write: for writing
 */
enum fault_result handle_mm_fault(struct task_struct *task,
				  struct vm_area_struct *vma, uint64_t addr,
				  bool write);

/*
 * What goes along from chunk to chunk of an area. All zero at first, and again
 * when others have made page tables or had pages cached meanwhile.
 */
struct fault_walk {
	struct page_cursor tables, cache;
};

/* Faults that a processor takes for several pages, and the first one's page. */
struct faults_taken {
	uint64_t nr, first;
};

/**
 * handle_mm_faults() - the same for neighbouring pages, a chunk of 64 at a time
 * @walk:  of the area's chunks before, mostly of the last one
 * @vma:   holds [start, end), allows the access and is none of the kernel's own;
 *         @start is not a stack's hidden guard page
 * @write: for writing
 * @taken: out: the faults that a processor takes if it touches them in turn; NULL:
 *         nobody asks
 *
 * Pages that are present and good enough stay as they are. Of a file's pages
 * nothing is told: who is to hear of each page calls handle_mm_fault().
 *
 * Return: where it stopped: @end or the end of the chunk, or before it a page
 *         that perhaps cannot be had, and is for handle_mm_fault() to try.
 * Cost:   O(log n), or amortised O(1) behind the chunk before; however many
 *         pages it is.
 */
uint64_t handle_mm_faults(struct mm_struct *mm, struct fault_walk *walk,
			  struct vm_area_struct *vma, uint64_t start,
			  uint64_t end, bool write, struct faults_taken *taken);

/* Cached pages that a read fault of a file maps along with its own, at most. */
#define FAULT_AROUND_PAGES 16ULL

struct fault_window {
	uint64_t start, end;
};

/**
 * fault_around() - which pages those of a fault at @addr are
 *
 * Return: the aligned 64 KiB around it, cut by the area and the page table; if
 *         the area begins inside, it starts there and is as long.
 */
struct fault_window fault_around(const struct vm_area_struct *vma,
				 uint64_t addr);

/* Map the pages of [start, end) that are cached and not mapped yet. */
void map_cached_pages(struct mm_struct *mm, const struct vm_area_struct *vma,
		      uint64_t start, uint64_t end);

/**
 * expand_stack() - let a VM_GROWSDOWN area reach down to @addr
 *
 * The area gets an anon_vma even if it may not grow.
 *
 * Return: false: another area ends right there, or a limit forbids it
 *         (mmap_min_addr, RLIMIT_AS, RLIMIT_STACK, RLIMIT_MEMLOCK, commit).
 */
bool expand_stack(struct mm_struct *mm, struct vm_area_struct *vma,
		  uint64_t addr);

/* The same below the area's own first page: the hidden guard page moves. */
bool expand_downwards(struct mm_struct *mm, struct vm_area_struct *vma,
		      uint64_t addr);

/* Is @addr the hidden lowest page of a stack (until 4.11)? */
bool stack_guard_page_start(const struct mm_struct *mm,
			    const struct vm_area_struct *vma, uint64_t addr);

/**
 * populate_vma_page_range() - fault in a part of one area
 * @vma: looked up once more through the vmacache: by the kernel at the start of
 *       each run of pages, also where a page failed and is tried again
 *
 * Return: where it stopped; @start if the first page already failed.
 */
uint64_t populate_vma_page_range(struct task_struct *task,
				 struct vm_area_struct *vma, uint64_t start,
				 uint64_t end);

/**
 * faultin_vma_page_range() - fault in a part of one area, whatever it allows
 * @write: as if written
 *
 * Return: where it stopped.
 */
uint64_t faultin_vma_page_range(struct task_struct *task,
				struct vm_area_struct *vma, uint64_t start,
				uint64_t end, bool write);

/**
 * mm_populate() - fault in [start, start + len), ignoring what fails
 *
 * Looks areas up as the kernel does: once for the range, and once for each
 * area's pages.
 */
void mm_populate(struct task_struct *task, uint64_t start, uint64_t len);

/**
 * mm_populate_checked() - the same, up to the first page that cannot be had
 *
 * Return: 0, or -ENOMEM: PROT_NONE, or beyond a file's end.
 */
int64_t mm_populate_checked(struct task_struct *task, uint64_t start,
			    uint64_t len);

/**
 * populate_need() - missing_need() of what will be populated
 * @write: as if written
 *
 * Return: pages that it takes from the emulated machine, at most.
 */
uint64_t populate_need(const struct mm_struct *mm,
		       const struct vm_area_struct *vma, uint64_t start,
		       uint64_t end, bool write, struct memory_need *need);

/* Reserve what populating takes. Returns 0, or -1 with memory->refusal set. */
int reserve_populate(struct mm_struct *mm, uint64_t pages,
		     const struct memory_need *need);

/**
 * reserve_populate_range() - reserve for populating what is mapped now
 * @start: page aligned
 * @end:   page aligned
 * @need:  what else the call needs; added to
 *
 * Areas that may not be populated as they are need nothing.
 *
 * Return: 0, or -1 with memory->refusal set.
 */
int reserve_populate_range(struct mm_struct *mm, uint64_t start, uint64_t end,
			   struct memory_need *need);
