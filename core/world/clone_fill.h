/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A copying of a world under way, and how its shells are filled (world_clone.c)
 */
#include "core/mm/rbtree.h"
#include "core/world/world_survey.h"

/* What is done one after the other. */
enum stage {
	STAGE_SURVEY,
	STAGE_RESERVE,
	STAGE_FILES,
	STAGE_SHELLS,
	/* From here on nothing is refused. */
	STAGE_ANON_VMAS,
	STAGE_PARENTS,
	STAGE_CACHES,
	STAGE_AREAS,
	STAGE_TABLES,
	STAGE_DONE
};

struct world_cloning {
	struct memory *memory;
	const struct world *world;
	struct world *clone;
	uint64_t taken;             /* of memory, without the copy */
	struct world_survey survey; /* with the copies in its pairs */

	/* how far it has come */
	enum stage stage;
	uint32_t at; /* pair of one of the survey's maps */
	bool is_in_tree;
	struct rb_copying tree; /* of that pair */
	uint64_t reserved;      /* objects of each kind, at most */
};

/* One object less to do, if there is one. */
static inline bool clone_spend(uint64_t *left)
{
	if (!*left)
		return false;
	--*left;
	return true;
}

/*
 * One function a stage, which goes on where it was: cloning->at is 0 at first.
 * What they take is reserved. False: there is more, and *@left is 0.
 */
bool clone_fill_anon_vmas(struct world_cloning *cloning, uint64_t *left);
bool clone_fill_parents(struct world_cloning *cloning, uint64_t *left);
bool clone_fill_caches(struct world_cloning *cloning, uint64_t *left);
bool clone_fill_areas(struct world_cloning *cloning, uint64_t *left);
bool clone_fill_tables(struct world_cloning *cloning, uint64_t *left);
