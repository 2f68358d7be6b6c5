/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * world_clone() in parts
 *
 *	begin -> go on, until there is no more -> end
 *	     `-> go on ... -> drop
 *
 * In between nobody may change the world that is copied, nor reserve or trim in
 * the memory that pays: give the copying a memory of its own (side_memory_init()).
 */
#include "core/world/world.h"

struct world_cloning;

/** world_areas() - of all processes: a copy's cost goes by them. O(address spaces) */
uint64_t world_areas(const struct world *world);

/**
 * world_cloning_begin() - nothing is copied yet
 * @memory: pays for copy and copying, whose areas and processes count as its own
 * @world:  not to be changed until world_cloning_end() or _drop()
 *
 * Return: to be given to world_cloning_end() or world_cloning_drop(); or NULL
 *         with memory->refusal set.
 * Cost:   O(processes + their address spaces).
 */
struct world_cloning *world_cloning_begin(struct memory *memory,
					  const struct world *world);

/**
 * world_cloning_go_on() - copy some of it
 * @units: about that many objects are looked at, allocated or filled; an area
 *         with a page table is about ten of them in all. UINT64_MAX: the rest
 * @morep: out, with WORLD_OK: the copy is not complete yet
 *
 * Return: WORLD_OK, or WORLD_REFUSED with memory->refusal set: drop it.
 * Cost:   O(@units); once, O(threads + processes + descriptors).
 */
enum world_status world_cloning_go_on(struct world_cloning *cloning,
				      uint64_t units, bool *morep);

/** world_cloning_end() - the complete copy, owned by the caller; @cloning is gone */
struct world *world_cloning_end(struct world_cloning *cloning);

/**
 * world_cloning_drop() - give everything back, @cloning included
 *
 * memory->refusal stays. A copy that is being filled is filled to its end first,
 * as no part of it hangs together before. Cost: O(areas + page tables).
 */
void world_cloning_drop(struct world_cloning *cloning);
