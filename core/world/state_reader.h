/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Inside the codec of states: a state under way from bytes to a draft
 *
 * Each kind of object is read where its subject is: files and anon_vmas in
 * state_read_file.c, areas in state_read_area.c, the rest of an address space in
 * state_read_mm.c, machine and processes in state_read.c.
 *
 * Whoever reads need not look after each number: once something is wrong,
 * numbers are 0, objects are NULL, and nothing can be spent.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/world/state_parts.h"

struct state_reader {
	const uint8_t *at, *end;
	struct state_draft draft;
	struct memory_need left; /* of what was obtained */
	uint64_t threads_left, links_left;
	/* Shared objects have the numbers in which they are met first. */
	uint64_t files_met, anon_vmas_met;
	uint64_t counts[STATE_NR_COUNTS];
};

/**
 * state_fail() - say what is wrong, and read no further
 * @wrong: static: a sentence for people; the first one said stays
 *
 * Return: false.
 */
bool state_fail(struct state_reader *r, const char *wrong);

static inline bool state_is_wrong(const struct state_reader *r)
{
	return r->draft.wrong != NULL;
}

/* Whether neither anything is wrong nor the host has refused. */
static inline bool state_goes_on(const struct state_reader *r)
{
	return !state_is_wrong(r) && !r->draft.refused;
}

/* The next number, which must not be above @max; 0 once something is wrong. */
uint64_t state_take(struct state_reader *r, uint64_t max);

/* How many come: each takes a byte at least, so that there is no asking for
 * more than what is there. */
uint64_t state_take_count(struct state_reader *r);

/* The object that the next number means, of a table of @nr; NULL for 0. */
void *state_take_object(struct state_reader *r, void *table, uint32_t nr);

/* Likewise, and it is one of the @metp that were met before or the next one. */
void *state_meet_object(struct state_reader *r, void *table, uint32_t nr,
			uint64_t *metp);

/* state_meet_object() for the files of the draft. */
struct vm_file *state_meet_file(struct state_reader *r);

/* Zeroed memory for an object of the draft; NULL: wrong or refused. */
void *state_obtain(struct state_reader *r, size_t size);

/* One more of what was obtained, unless there are more than was said: false. */
bool state_spend(struct state_reader *r, uint64_t *left);

/* Read a file into the draft; *filep stays NULL if there is no memory for it. */
void state_take_file(struct state_reader *r, struct vm_file **filep);

/* Read all anon_vmas of the draft. */
void state_take_anon_vmas(struct state_reader *r);

/* Read an address space into the draft; *mmp as for state_take_file(). */
void state_take_mm(struct state_reader *r, struct mm_struct **mmp);

/* Read the areas of an address space, whose numbers are there already. */
void state_take_areas(struct state_reader *r, struct mm_struct *mm);

/**
 * state_abandon() - give back what a draft consists of
 * @draft: as far as it was read; its world has nothing in it afterwards, and its
 *         tables are still there
 */
void state_abandon(struct state_draft *draft);
