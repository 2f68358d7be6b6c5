/* SPDX-License-Identifier: MIT */
#pragma once
#include "core/mm/mm_types.h"
#include "core/mm/unmapped_area.h"

/**
 * do_munmap() - remove every page in [start, start + len)
 * @task:  calling thread
 * @start: page aligned, or the call fails
 * @len:   bytes
 *
 * Two areas must be reserved: one for each end that may be split off.
 *
 * Return: 0, or what sys_munmap() answers.
 */
int64_t do_munmap(struct task_struct *task, uint64_t start, uint64_t len);

/**
 * do_munmap_place() - the same, for who wants to map something there
 * @place: out: what then lies behind, if all went well
 */
int64_t do_munmap_place(struct task_struct *task, uint64_t start, uint64_t len,
			struct unmapped_place *place);

/**
 * do_munmap_found() - the same where the look-up is made
 * @vma:   the first area that ends above @start; it begins below @end
 * @start: page aligned
 * @end:   page aligned, above @start
 *
 * Two areas must be reserved.
 *
 * Return: 0, or what sys_munmap() answers.
 */
int64_t do_munmap_found(struct task_struct *task, struct vm_area_struct *vma,
			uint64_t start, uint64_t end);

/**
 * do_munmap_moved() - do_munmap() where a move has left no page
 * @vma:   holds @start
 * @start: page aligned
 * @end:   page aligned, not below @start; nothing in between is refused
 *
 * Two areas must be reserved. The vmacache is asked as by do_munmap().
 *
 * Return: 0, or what sys_munmap() answers.
 */
int64_t do_munmap_moved(struct task_struct *task, struct vm_area_struct *vma,
			uint64_t start, uint64_t end);

/**
 * cut_out() - make areas begin and end at the borders of [start, end)
 * @vmap: in: the first area that ends above @start, or NULL; out: the first one
 *        in the range, which begins there, or NULL
 *
 * Two areas must be reserved. No look-up of the vmacache's.
 *
 * Return: 0, or as sys_munmap(); a first cut stays even then.
 */
int64_t cut_out(struct task_struct *task, uint64_t start, uint64_t end,
		struct vm_area_struct **vmap);

/**
 * unmap_cut_out() - remove the areas from @vma on that end at @end or below
 *
 * After a cut_out(), with no look-up of the vmacache's; it cannot fail.
 *
 * Return: the area behind them, or NULL.
 */
struct vm_area_struct *unmap_cut_out(struct task_struct *task,
				     struct vm_area_struct *vma, uint64_t end);

/**
 * unmap_in_place() - take everything from an area but its place
 * @vma: whole; it stays in list and tree, an anonymous area without pages that
 *       no counter knows of
 *
 * After a cut_out(), while nobody listens; it cannot fail.
 */
void unmap_in_place(struct task_struct *task, struct vm_area_struct *vma);

/**
 * munmap_leaves_one_more() - would it punch a hole into an area?
 * @mm:    address space
 * @start: first byte of the range
 * @len:   bytes, page aligned
 *
 * For the account of areas; no vmacache is used.
 *
 * Return: whether both ends of one area would remain.
 * Cost:   O(log n).
 */
bool munmap_leaves_one_more(const struct mm_struct *mm, uint64_t start,
			    uint64_t len);
