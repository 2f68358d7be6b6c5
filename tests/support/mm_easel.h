/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Address spaces made of drawings, and drawn; tests/support/mm_picture.h says how
 * a drawing is to be read
 */
#include "tests/support/emulation.h"
#include "tests/support/mm_picture.h"

enum easel_file {
	NO_FILE,
	DATA_FILE,
	OTHER_FILE,
	READ_ONLY_FILE,
	NR_FILES
};

/* What a letter stands for. */
struct easel_kind {
	char letter;
	enum easel_file file;
	uint64_t shift; /* of the file offset, in pages */
	uint64_t vm_flags;
	enum vm_special special; /* of what no call can make */
	uint64_t prot, flags;    /* for mmap */
};

/* A drawing on the table: its address space, and its files. */
struct easel {
	struct emulation emu;
	struct vm_file *files[NR_FILES];
};

/* The address of a page of the drawing. */
static inline uint64_t page_address(int page)
{
	return PICTURE_BASE + ((uint64_t)page << PAGE_SHIFT);
}

/* What a letter stands for; it must be one. */
const struct easel_kind *easel_kind(char letter);

/* An address space as it is drawn, whose heap begins at the first page. */
void easel_begin(struct easel *easel, const char *drawing,
		 const struct kernel_profile *profile);

/* NULL, or what was wrong, as of emulation_end(). */
const char *easel_end(struct easel *easel);

/* Draw as many pages as @like has into @out, and any beyond that is in use. */
void easel_draw(const struct easel *easel, const char *like, char *out);
