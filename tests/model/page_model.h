/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Linux 4.0's address space once more, as naive as can be
 *
 * No list, no tree, no page tables: an array of pages, each with everything
 * that is known of it, searched from one end to the other. It was written from
 * the kernel's rules without the engine, and predicts what each call answers
 * and leaves behind.
 *
 * Only some windows of the address space are kept page by page. Each long
 * stretch between two windows is one cell of the array: it is free or in use as
 * a whole, and calls never cut it (page_model_reaches() tells).
 *
 * Addresses and lengths are page numbers unless they are called addr or len.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/mm/mm.h"

#define MODEL_THREADS      4
#define MODEL_FILES        3 /* objects 1 to 3 are files, the rest shared memory */
#define MODEL_OBJECTS      64
#define MODEL_OBJECT_PAGES 64
#define MODEL_TABLES       64

enum model_pte {
	PTE_NONE,
	PTE_ZERO,       /* the zero page */
	PTE_ANON,       /* a page of its own, writable */
	PTE_FILE,       /* the object's page, not writable */
	PTE_FILE_WRITE, /* the object's page, writable */
	PTE_PFN,        /* a raw page */
};

struct model_cell {
	uint64_t first, pages; /* 1, but for the stretches between windows */
	uint32_t area;         /* which one it belongs to; 0: free */
	uint32_t object;       /* 0: anonymous */
	uint32_t anon_vma;     /* 0: none */
	enum model_pte pte;
	uint64_t vm_flags; /* without VM_SOFTDIRTY */
	uint64_t pgoff;
};

/* What is mapped by shared mappings: a file, or shared memory. */
struct model_object {
	bool in_use;
	bool noreserve; /* pages are committed as they come */
	bool readable, writable;
	uint64_t pages;
	uint64_t committed;
	bool cached[MODEL_OBJECT_PAGES];
};

struct model_thread {
	bool in_use;
	uint32_t seqnum;
	uint32_t slots[4]; /* areas */
	uint64_t calls, hits, flushes;
};

/* The regions that have a table of one level. */
struct model_tables {
	uint64_t regions[MODEL_TABLES];
	size_t nr;
	unsigned int shift; /* pages of a region, as a power of two */
};

struct page_model {
	struct sysctl sysctl;
	struct rlimits rlimits;
	uint32_t uid;
	uint64_t total_ram; /* pages */
	uint64_t def_flags;
	bool topdown;
	uint64_t mmap_base, legacy_base; /* pages */
	uint64_t start_brk, brk;         /* bytes */
	uint64_t committed;
	uint64_t held; /* of committed: of objects that go when the call ends */
	uint32_t seqnum;
	uint32_t last_area, last_anon_vma;
	uint64_t hiwater_vm, hiwater_rss;

	struct model_cell *cells;
	size_t nr_cells;
	struct model_object objects[MODEL_OBJECTS];
	struct model_thread threads[MODEL_THREADS];
	struct model_tables ptes, pmds, puds;
};

/* A stretch of cells that is kept page by page: [first, end). */
struct model_window {
	uint64_t first, end;
};

/* One area as the cells show it. */
struct model_area {
	size_t from, to; /* cells [from, to) */
	uint64_t start, end;
};

/**
 * page_model_init() - an empty address space
 * @model:   what the caller has set stays: settings, layout, heap, ids
 * @windows: in order, not touching
 */
void page_model_init(struct page_model *model,
		     const struct model_window *windows, size_t nr_windows);
void page_model_deinit(struct page_model *model);

/* Put an area of the kernel's own there, which never merges. */
void page_model_install(struct page_model *model, uint64_t start, uint64_t end,
			uint64_t vm_flags);

/* The emulated calls; arguments as those of the engine, @object for the file. */
int64_t page_model_brk(struct page_model *model, unsigned int thread,
		       uint64_t brk);
int64_t page_model_mmap(struct page_model *model, unsigned int thread,
			uint64_t addr, uint64_t len, uint64_t prot,
			uint64_t flags, uint32_t object, uint64_t offset);
int64_t page_model_munmap(struct page_model *model, unsigned int thread,
			  uint64_t addr, uint64_t len);
void page_model_access(struct page_model *model, unsigned int thread,
		       uint64_t addr, uint64_t len, enum access_type type,
		       uint64_t sp, struct access_outcome *out);
/* The area found, or 0. */
uint32_t page_model_find_vma(struct page_model *model, unsigned int thread,
			     uint64_t addr);
void page_model_clone(struct page_model *model, unsigned int parent,
		      unsigned int child);

/* Would a mapping without a usable hint land in a window, or nowhere? */
bool page_model_reaches(const struct page_model *model, uint64_t len,
			uint64_t flags);

/* What the kernel counts, here counted anew each time. */
struct model_counts {
	uint64_t areas, total, locked, shared, exec, stack;
	uint64_t anon, file; /* resident */
	uint64_t cached;     /* pages in the page cache */
};

void page_model_count(const struct page_model *model,
		      struct model_counts *counts);

/* Raise the peaks to what holds now. */
void page_model_note_peaks(struct page_model *model);

/* ------------------------------------------- between the model's own files */

/* The cell that holds a page. */
size_t model_cell_at(const struct page_model *model, uint64_t page);
/* Whether any page of [start, end) is. */
bool model_is_mapped(const struct page_model *model, uint64_t start,
		     uint64_t end);
/* The area that a cell belongs to, which must be in use. */
struct model_area model_area_of(const struct page_model *model, size_t cell);
/* find_vma() through the thread's cache: a cell of the area, or nr_cells. */
size_t model_lookup(struct page_model *model, unsigned int thread,
		    uint64_t addr);
void model_invalidate(struct page_model *model, unsigned int thread);
bool model_may_expand(const struct page_model *model, uint64_t pages);
bool model_may_commit(struct page_model *model, uint64_t pages);
bool model_may_lock(const struct page_model *model, uint64_t vm_flags,
		    uint64_t pages);
bool model_may_map_at(const struct page_model *model, uint64_t page);
/* Fault pages in, as the kernel does it for itself. */
void model_populate(struct page_model *model, unsigned int thread,
		    uint64_t start, uint64_t pages);
/* Tables of a region are gone when nothing is mapped there any more. */
void model_drop_tables(struct page_model *model, uint64_t start, uint64_t end);
/* -errno, or where a mapping goes, in bytes. */
int64_t model_unmapped_area(struct page_model *model, unsigned int thread,
			    uint64_t addr, uint64_t len, uint64_t flags);
