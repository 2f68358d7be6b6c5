/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * One emulated machine with one address space, ready for a test
 *
 *	struct emulation emu;
 *
 *	emulation_begin(&emu, NULL);
 *	CU_ASSERT_EQUAL(emulation_mmap(&emu, addr, 3, PROT_READ, 0), addr);
 *	CU_ASSERT_PTR_NULL(emulation_end(&emu));
 *
 * It starts with no area at all, topdown layout and a heap that begins at
 * EMULATION_BRK.
 */
#include <stdint.h>

#include "core/mm/mm.h"
#include "core/mm/profile.h"
#include "core/mm/setup.h"
#include "tests/support/fail_alloc.h"

#define EMULATION_BRK     0x601000ULL
#define EMULATION_THREADS 4
/* A place far from everything, at the start of a page table. */
#define EMULATION_FREE 0x200000000ULL

/* What tests write often. */
#define AT       EMULATION_FREE
#define RW       (PROT_READ | PROT_WRITE)
#define PAGES(n) ((n)*PAGE_SIZE)

struct emulation_setup {
	const struct kernel_profile *profile; /* the release */
	struct sysctl sysctl;
	struct rlimits rlimits;
	uint64_t mem_total_kb;
	uint32_t uid;
};

struct emulation {
	struct fail_alloc host;
	struct account account;
	struct memory memory;
	struct machine machine;
	struct mm_struct mm;
	struct task_struct *task; /* the first thread */
	struct task_struct threads[EMULATION_THREADS];
	unsigned int nr_threads;
};

/**
 * emulation_defaults() - what a machine looks like that nobody tuned
 *
 * Return: release 4.0, 16 GiB, the default sysctls, no limit but 8 MiB of stack
 *         and 64 KiB of locked memory, user 1000.
 */
struct emulation_setup emulation_defaults(void);

/**
 * emulation_begin() - set up machine, address space and first thread
 * @emu:   must not move afterwards
 * @setup: NULL for emulation_defaults()
 */
void emulation_begin(struct emulation *emu,
		     const struct emulation_setup *setup);

/**
 * emulation_end() - validate, end the process, and look for leaks
 * @emu: afterwards dead
 *
 * Return: NULL, or what was wrong.
 */
const char *emulation_end(struct emulation *emu);

/**
 * emulation_clone() - one more thread
 * @emu:    with fewer than EMULATION_THREADS threads
 * @parent: the thread that clones
 */
struct task_struct *emulation_clone(struct emulation *emu,
				    const struct task_struct *parent);

/**
 * emulation_file() - a file of @pages pages, all holes, readable and writable
 * @emu: its machine
 *
 * Return: the file with one reference, for vm_file_put() before the end.
 */
struct vm_file *emulation_file(struct emulation *emu, uint64_t pages);

/* mmap of private anonymous memory by the first thread, length in pages;
 * @flags come on top. */
int64_t emulation_mmap(struct emulation *emu, uint64_t addr, uint64_t pages,
		       uint64_t prot, uint64_t flags);

/* munmap by the first thread, length in pages. */
int64_t emulation_munmap(struct emulation *emu, uint64_t addr, uint64_t pages);

/* Touch one byte as the first thread, without a stack pointer check. */
struct access_outcome emulation_touch(struct emulation *emu, uint64_t addr,
				      enum access_type type);

/* Touch one byte; answer what came of it, all in one: see the enums. */
enum access_fault emulation_write(struct emulation *emu, uint64_t addr);
enum access_fault emulation_read(struct emulation *emu, uint64_t addr);

/* The area that holds @addr, or NULL, without using any cache. */
const struct vm_area_struct *emulation_area(const struct emulation *emu,
					    uint64_t addr);
