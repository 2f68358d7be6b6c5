/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Inside snapshots: parts that have files of their own
 */
#include "core/mm/mm_types.h"
#include "core/world/world.h"
#include "proto/rpc/snapshot.h"

static inline const struct kernel_profile *
snapshot_profile(const struct snapshot *snapshot)
{
	return world_machine(snapshot->world)->profile;
}

#define put_count(w, name, value)                                              \
	do {                                                                   \
		json_writer_key(w, name);                                      \
		json_writer_u64(w, value);                                     \
	} while (0)

/* As snapshot_go_on() does, @units is how many, and then how many are left. */

/** snapshot_write_vmas() - some of the areas */
bool snapshot_write_vmas(struct json_writer *w,
			 struct snapshot_writing *writing, uint64_t *units);

/** snapshot_write_rbtree() - some of the nodes of the areas' tree */
bool snapshot_write_rbtree(struct json_writer *w,
			   struct snapshot_writing *writing, uint64_t *units);

/** snapshot_write_pagetable() - some of the ranges that are present */
bool snapshot_write_pagetable(struct json_writer *w,
			      struct snapshot_writing *writing,
			      uint64_t *units);
