/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Areas on the move
 *
 * Internal to the files of mremap.
 */
#include "core/mm/unmapped_area.h"

/* A request in pages' worth of bytes, and what came of it. */
struct remap {
	uint64_t addr, old_len, new_len;
	uint64_t flags, new_addr;
	uint64_t charged; /* pages committed in advance, for growth */
	bool locked;      /* what grew must be populated */
	struct unmapped_place place; /* of new_addr */
};

/**
 * move_vma() - let the pages of [addr, addr + old_len) appear at new_addr
 * @vma:   holds that range
 * @remap: judged and reserved; nothing is mapped in the new_len bytes at
 *         new_addr
 *
 * The source is unmapped, unless MREMAP_DONTUNMAP says to keep it.
 *
 * Return: new_addr; -ENOMEM: too many areas, or no commitment; -EINVAL: an area
 *         that must stay whole.
 */
int64_t move_vma(struct task_struct *task, struct vm_area_struct *vma,
		 struct remap *remap);
