/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Engine and page model side by side, and the calls that a seed chooses
 *
 * Between the files of random_run(); nobody else needs it.
 */
#include "tests/model/model_compare.h"

#define TASK_PAGES   (TASK_SIZE >> PAGE_SHIFT)
#define HEAP_PAGE    (EMULATION_BRK >> PAGE_SHIFT)
#define LEGACY_PAGE  (PAGE_ALIGN(TASK_SIZE / 3) >> PAGE_SHIFT)
#define TOPDOWN_PAGE ((TASK_SIZE - (128ULL << 20)) >> PAGE_SHIFT)
#define GIB_PAGE     ((1ULL << 30) >> PAGE_SHIFT)

#define STAGE_WINDOWS 6

enum verb {
	BRK,
	MMAP,
	MUNMAP,
	ACCESS,
	FIND_VMA,
	CLONE,
	NR_VERBS
};

struct call {
	enum verb verb;
	unsigned int thread;
	uint64_t addr, len, prot, flags, offset, sp;
	uint32_t object;
	enum access_type type;
};

struct stage {
	struct emulation emu;
	struct page_model model;
	struct comparison comparison;
	uint64_t random;
	unsigned int crowd; /* how full the area gets before munmap helps */
};

/* Where things happen, and what the model keeps page by page. */
extern const struct model_window stage_windows[STAGE_WINDOWS];

/**
 * stage_begin() - settings, files and fences that a seed chooses
 * @stage: zeroed
 */
void stage_begin(struct stage *stage, uint64_t seed);

/* End both sides; NULL, or what was wrong in the engine. */
const char *stage_end(struct stage *stage);

/* A number below @bound, from the seed. */
uint64_t stage_below(struct stage *stage, uint64_t bound);
uint64_t stage_random(struct stage *stage);
bool stage_one_in(struct stage *stage, uint64_t n);

/* The next call, one that the model can follow. */
struct call stage_choose(struct stage *stage);
