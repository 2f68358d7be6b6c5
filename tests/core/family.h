/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Calls as tables write them, made by a process or by its youngest child
 */
#include "tests/support/emulation.h"

enum verb {
	BRK,
	MMAP,
	MMAP_FILE,
	MUNMAP,
	WRITE,
	READ,
	MPROTECT,
	MREMAP, /* prot: the new length */
	MLOCK,
	MLOCK2,
	MUNLOCK,
	MLOCKALL,
	MUNLOCKALL,
	MADVISE,          /* flags: the advice */
	REMAP_FILE_PAGES, /* flags: the page of the file */
	MSEAL,
	FORK,
	NR_VERBS
};

struct call {
	enum verb verb;
	uint64_t addr, len, prot, flags, to;
};

/* A process and the children in which it goes on, one after the other. */
#define GENERATIONS 8

struct family {
	struct emulation emu;
	struct vm_file *file;
	struct mm_struct children[GENERATIONS];
	struct task_struct tasks[GENERATIONS];
	unsigned int nr_children;
};

/**
 * family_begin() - one process, user 1000, that may lock what it likes
 * @family:  must not move afterwards
 * @profile: the release
 */
void family_begin(struct family *family, const struct kernel_profile *profile);

/* End all of them, the youngest first, and look for leaks. */
void family_end(struct family *family);

/* The address space of the youngest. */
struct mm_struct *family_mm(const struct family *family);

/**
 * family_call() - let the youngest make a call
 *
 * With FORK its child goes on, as long as there are fewer than GENERATIONS.
 *
 * Return: what the call answers.
 */
int64_t family_call(struct family *family, const struct call *call);
