/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Do the engine and the page model agree?
 *
 * Areas and anon_vmas have numbers of their own on both sides. They must stand
 * for each other one to one, for as long as they live.
 */
#include "tests/model/page_model.h"
#include "tests/support/emulation.h"

#define COMPARE_WHY 512

/* What each number stands for on the other side; 0: not seen yet. */
struct number_map {
	uint32_t *other;
	size_t nr;
};

struct number_pairs {
	struct number_map of_model, of_engine;
};

struct comparison {
	const struct emulation *emu;
	const struct page_model *model;
	struct vm_file *files[MODEL_FILES + 1]; /* by object */
	struct number_pairs areas, anon_vmas;
	char why[COMPARE_WHY];
};

/**
 * compare_state() - compare everything that both sides know
 * @c: what to compare; c->why says what differs
 *
 * Areas with all their attributes and identities, resident pages, counters,
 * page tables, the machine's pages, and every thread's cache.
 *
 * Return: whether they agree.
 */
bool compare_state(struct comparison *c);

/* Give back what the comparison has allocated. */
void comparison_deinit(struct comparison *c);

/* Whether two areas, of the engine (NULL: none) and the model (0), are one. */
bool compare_area(struct comparison *c, const struct vm_area_struct *vma,
		  uint32_t area);
