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

struct world_survey {
	struct pointer_map mms;       /* in the order of the machine's list */
	struct pointer_map files;     /* mapped first, then by descriptor */
	struct pointer_map anon_vmas; /* as the areas' chains name them */
	struct memory_need need;      /* of a copy of everything */
	uint64_t living;              /* processes */
	uint64_t links;               /* of all areas' chains, one by one */
};

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

/* Give everything back. */
void world_survey_end(struct world_survey *survey);
