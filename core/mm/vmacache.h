/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The per-thread cache of areas found last
 *
 * Four slots, chosen by the address that was looked up, valid only while the
 * thread's sequence number is that of its mm (behaviours C1 to C10). Slots of
 * a stale cache may point to areas that are gone: they are never followed.
 */
#include "core/mm/mm_types.h"

/**
 * vmacache_find() - ask the cache for the area that holds @addr
 * @task: whose cache; a stale one is emptied and takes the mm's number
 * @addr: any address
 *
 * Return: the area, or NULL: not cached.
 */
struct vm_area_struct *vmacache_find(struct task_struct *task, uint64_t addr);

/* Count @nr more look-ups that find what the last one found, or remembered. */
void vmacache_find_again(struct task_struct *task, uint64_t nr);

/**
 * vmacache_update() - remember what a tree walk found
 * @task: whose cache
 * @addr: address that was looked up; it chooses the slot
 * @vma:  found: the area that holds @addr, or the next one above it
 */
void vmacache_update(struct task_struct *task, uint64_t addr,
		     struct vm_area_struct *vma);

/**
 * vmacache_invalidate() - an area went away: make all threads' caches stale
 * @task: acting thread; a full flush, when the number wraps, counts as its own
 */
void vmacache_invalidate(struct task_struct *task);

/* Empty all slots of a thread. */
void vmacache_flush(struct task_struct *task);
