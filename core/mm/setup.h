/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Building an address space without system calls
 *
 * What a program loader does, or what a description of a running process asks
 * for. No limit of the emulated kernel is checked: the caller judges its input
 * first. All functions that obtain memory return 0, or -1 with
 * machine->memory->refusal set and nothing changed.
 */
#include <stdint.h>

#include "core/mm/mm_types.h"

/* One area to install; it never merges with its neighbours. */
struct area_setup {
	uint64_t start, end; /* page aligned, start < end, not overlapping */
	uint64_t vm_flags;
	uint64_t pgoff;       /* of files; else worked out from start */
	struct vm_file *file; /* referenced by the area from then on */
	enum vm_special special;
};

enum page_kind {
	PAGE_KIND_ANON, /* private anonymous, counted in rss_anon */
	PAGE_KIND_FILE, /* of the area's file, counted in rss_file */
	PAGE_KIND_ZERO, /* the shared zero page, not counted */
	PAGE_KIND_PFN,  /* a raw mapping, not counted */
};

/**
 * machine_init() - an emulated machine with nothing running
 * @machine:  to initialise
 * @profile:  release, kept
 * @memory:   the host's, kept
 * @sysctl:   copied
 * @mem_total_kb: memory of the machine, kB
 * @seed:     of its random numbers
 */
void machine_init(struct machine *machine, const struct kernel_profile *profile,
		  struct memory *memory, const struct sysctl *sysctl,
		  uint64_t mem_total_kb, uint64_t seed);

/**
 * machine_random() - the next number of the machine's seeded generator
 * @machine: its state moves on
 */
uint64_t machine_random(struct machine *machine);

/**
 * vm_file_new() - a file, all holes, nothing cached
 * @machine: that it belongs to
 * @path:    as maps prints it, copied
 * @path_len: bytes
 *
 * The caller sets size, readable, writable, device and inode, and owns the one
 * reference.
 *
 * Return: the file, or NULL with machine->memory->refusal set.
 */
struct vm_file *vm_file_new(struct machine *machine, const char *path,
			    uint32_t path_len);

/* Take a reference, or give one back: the last one frees file and cache. */
struct vm_file *vm_file_get(struct vm_file *file);
void vm_file_put(struct vm_file *file);

/**
 * vm_file_truncate() - change a file's size, as ftruncate does
 * @file: on a tmpfs
 * @size: bytes
 *
 * Pages beyond the new end leave the cache and all page tables of the machine,
 * private copies of them, too (behaviour F4).
 */
void vm_file_truncate(struct vm_file *file, uint64_t size);

/**
 * mm_install_area() - add one area, with all accounting
 * @mm:    address space
 * @setup: copied; its file's reference count is raised
 *
 * Commits memory for VM_ACCOUNT without judging the limit. Shared areas without
 * a file get an object of their own. hiwater marks follow.
 *
 * Return: 0, or -1 (see above).
 */
int mm_install_area(struct mm_struct *mm, const struct area_setup *setup);

/**
 * mm_install_pages() - make pages present, as if they had been touched
 * @mm:    address space
 * @start: page aligned
 * @end:   page aligned; [start, end) must lie in areas without a hole
 * @kind:  of all pages; PAGE_KIND_ANON gives their areas an anon_vma,
 *         PAGE_KIND_FILE fills the page cache of files
 *
 * Return: 0, or -1 (see above).
 */
int mm_install_pages(struct mm_struct *mm, uint64_t start, uint64_t end,
		     enum page_kind kind);

/**
 * mm_pick_layout() - where mmap starts to search, as exec decides it
 * @mm:  rlimits.stack and randomize must be set; sets mmap_base,
 *       mmap_legacy_base and topdown. Draws from machine_random() only if
 *       mm->randomize.
 */
void mm_pick_layout(struct mm_struct *mm);
