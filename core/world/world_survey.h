/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What a world consists of: for whoever copies or hashes all of it
 *
 * Address spaces, files and anon_vmas are shared between areas and processes.
 * A survey finds each of them once, in an order that the state alone decides.
 */
#include "core/world/pointer_map.h"
#include "core/world/world_types.h"

enum survey_stage {
	SURVEY_COUNT,
	SURVEY_AREAS,
	SURVEY_TABLES,
	SURVEY_PROCESSES,
	SURVEY_CACHES,
	SURVEY_DONE
};

struct world_survey {
	struct pointer_map mms;       /* in the order of the machine's list */
	struct pointer_map files;     /* mapped first, then by descriptor */
	struct pointer_map anon_vmas; /* as the areas' chains name them */
	struct memory_need need;      /* of a copy of everything */
	uint64_t living;              /* processes */
	uint64_t links;               /* of all areas' chains, one by one */

	/* how far it has come */
	struct memory *memory;
	const struct world *world;
	enum survey_stage stage;
	const struct mm_struct *mm;
	const struct vm_area_struct *vma; /* of mm */
	struct rb_node *node;             /* of mm's page tables or a cache */
	uint32_t at;                      /* process or file */
	/* references: bounds of what they refer to */
	uint64_t nr_mms, nr_files, nr_anon_vmas;
};

/**
 * world_survey_start() - nothing has been looked at yet
 * @survey: to initialise
 * @memory: pays for the survey
 * @world:  not to be changed until the end
 */
void world_survey_start(struct world_survey *survey, struct memory *memory,
			const struct world *world);

/**
 * world_survey_go_on() - look at some of it
 * @left:  objects to look at, counted down
 * @morep: out: there is more, and *@left is 0
 *
 * Return: 0, or -1 with memory->refusal set: end it.
 * Cost:   O(*@left + address spaces).
 */
int world_survey_go_on(struct world_survey *survey, uint64_t *left,
		       bool *morep);

/**
 * world_survey_begin() - look at everything
 * @memory: pays for the survey
 * @world:  not to be changed until the end
 * @survey: to fill
 *
 * Return: 0, or -1 with memory->refusal set; there is nothing to end then.
 * Cost:   O(areas + page tables).
 */
int world_survey_begin(struct memory *memory, const struct world *world,
		       struct world_survey *survey);

/* Give everything back, however far it has come. */
void world_survey_end(struct world_survey *survey);
