/* SPDX-License-Identifier: MIT */
#include "core/mm/vma.h"

#include "core/mm/assert.h"
#include "core/mm/memory.h"
#include "core/mm/profile.h"
#include "core/mm/setup.h"
#include "core/mm/vmacache.h"

uint64_t vma_compute_gap(const struct mm_struct *mm,
			 const struct vm_area_struct *vma)
{
	bool real = mm->machine->profile->gap_search_retries;
	uint64_t start = real ? vma->vm_start : vm_start_gap(mm, vma);
	uint64_t end = vma->vm_prev ? vma->vm_prev->vm_end : 0;

	return start > end ? start - end : 0;
}

uint64_t vma_compute_subtree_gap(const struct vm_area_struct *vma)
{
	const struct rb_node *left = vma->vm_rb.left, *right = vma->vm_rb.right;
	uint64_t gap = vma->vm_gap;

	if (left && vma_of(left)->rb_subtree_gap > gap)
		gap = vma_of(left)->rb_subtree_gap;
	if (right && vma_of(right)->rb_subtree_gap > gap)
		gap = vma_of(right)->rb_subtree_gap;
	return gap;
}

static void update_subtree_gap(struct rb_node *node)
{
	vma_of(node)->rb_subtree_gap = vma_compute_subtree_gap(vma_of(node));
}

/*
 * The summary of the subtree of @node changed from @old to @gap: a larger gap
 * is the new maximum of all above that have smaller ones; only a maximum that
 * shrank must be looked for anew.
 */
static void propagate_change(struct rb_node *node, uint64_t old, uint64_t gap)
{
	struct vm_area_struct *vma;

	while (gap != old && (node = rb_parent(node))) {
		vma = vma_of(node);
		if (gap <= vma->rb_subtree_gap && old < vma->rb_subtree_gap)
			return;
		if (gap < vma->rb_subtree_gap)
			gap = vma_compute_subtree_gap(vma);
		old = vma->rb_subtree_gap;
		vma->rb_subtree_gap = gap;
	}
}

static void propagate_subtree_gap(struct rb_node *node)
{
	uint64_t old;

	if (!node)
		return;
	old = vma_of(node)->rb_subtree_gap;
	update_subtree_gap(node);
	propagate_change(node, old, vma_of(node)->rb_subtree_gap);
}

static const struct rb_augment gap_augment = {
	.update = update_subtree_gap,
	.propagate = propagate_subtree_gap,
};

void vma_gap_update(struct mm_struct *mm, struct vm_area_struct *vma)
{
	vma->vm_gap = vma_compute_gap(mm, vma);
	propagate_subtree_gap(&vma->vm_rb);
}

/* The end of an area changed, and with it the gap behind it. */
static void end_changed(struct mm_struct *mm, struct vm_area_struct *vma)
{
	if (vma->vm_next) {
		vma_gap_update(mm, vma->vm_next);
	} else {
		mm->highest_vm_end = vma->vm_end;
		mm->mmap_tail = vma;
	}
}

static void link_list(struct mm_struct *mm, struct vm_area_struct *vma,
		      struct vm_area_struct *prev)
{
	struct vm_area_struct *next = prev ? prev->vm_next : mm->mmap;

	vma->vm_prev = prev;
	vma->vm_next = next;
	if (prev)
		prev->vm_next = vma;
	else
		mm->mmap = vma;
	if (next)
		next->vm_prev = vma;
}

/*
 * The new area cuts one gap into two, its own and that of the next area, which
 * stands somewhere above it in the tree. Only what comes of both together goes
 * on upwards from there.
 */
static void cut_gap(struct mm_struct *mm, struct vm_area_struct *vma,
		    struct vm_area_struct *next)
{
	struct rb_node *node = &vma->vm_rb;
	uint64_t old = next->rb_subtree_gap;

	next->vm_gap = vma_compute_gap(mm, next);
	for (; node != &next->vm_rb; node = rb_parent(node))
		update_subtree_gap(node);
	update_subtree_gap(node);
	propagate_change(node, old, next->rb_subtree_gap);
}

void vma_link(struct mm_struct *mm, struct vm_area_struct *vma,
	      const struct vma_links *links)
{
	link_list(mm, vma, links->prev);
	rb_link_node(&vma->vm_rb, links->parent, links->link);
	vma->vm_gap = vma_compute_gap(mm, vma);
	vma->rb_subtree_gap = 0;
	if (vma->vm_next) {
		cut_gap(mm, vma, vma->vm_next);
	} else {
		propagate_subtree_gap(&vma->vm_rb);
		end_changed(mm, vma);
	}
	rb_insert(&mm->mm_rb, &vma->vm_rb, &gap_augment);
	mm->map_count++;
}

void vma_unlink_range(struct mm_struct *mm, struct vm_area_struct *first,
		      struct vm_area_struct *last)
{
	struct vm_area_struct *prev = first->vm_prev, *next = last->vm_next;
	struct vm_area_struct *vma;

	/*
	 * The next area's gap grows first: what the removals let shrink on the
	 * way up then soon meets a larger gap that stays.
	 */
	if (next) {
		next->vm_prev = prev;
		vma_gap_update(mm, next);
	} else {
		mm->highest_vm_end = prev ? prev->vm_end : 0;
		mm->mmap_tail = prev;
	}
	last->vm_next = NULL;
	for (vma = first; vma; vma = vma->vm_next) {
		rb_erase(&mm->mm_rb, &vma->vm_rb, &gap_augment);
		mm->map_count--;
	}
	if (prev)
		prev->vm_next = next;
	else
		mm->mmap = next;
}

void vma_free(struct mm_struct *mm, struct vm_area_struct *vma)
{
	anon_vma_unlink(mm, vma);
	if (vma->vm_file)
		vm_file_put(vma->vm_file);
	memory_give_area(mm->machine->memory, vma);
}

/* @vma takes over the place of the area behind it, which goes away. */
static void swallow_next(struct task_struct *task, struct vm_area_struct *vma)
{
	struct vm_area_struct *next = vma->vm_next;

	vma->vm_end = next->vm_end;
	vma_unlink_range(task->mm, next, next);
	vmacache_invalidate(task);
	vma_free(task->mm, next);
}

/* The border between @vma and @next moves to @end: no gap changes. */
static void move_border(struct vm_area_struct *vma, struct vm_area_struct *next,
			uint64_t end)
{
	/* It may move either way. */
	next->vm_pgoff += (end >> PAGE_SHIFT) - (next->vm_start >> PAGE_SHIFT);
	next->vm_start = end;
	vma->vm_end = end;
}

/* An area that takes over pages must know whose anonymous pages they are. */
static void import_anon_vma(struct mm_struct *mm,
			    struct vm_area_struct *importer,
			    const struct vm_area_struct *exporter)
{
	if (!exporter->anon_vma || importer->anon_vma)
		return;
	importer->anon_vma = exporter->anon_vma;
	anon_vma_clone(mm, importer, exporter);
}

void vma_adjust(struct task_struct *task, struct vm_area_struct *vma,
		uint64_t start, uint64_t end, uint64_t pgoff,
		struct vm_area_struct *insert)
{
	struct mm_struct *mm = task->mm;
	struct vm_area_struct *next = vma->vm_next;
	bool start_moves = start != vma->vm_start;
	bool end_moves = end != vma->vm_end;
	struct vma_links links;

	vma->vm_pgoff = pgoff;
	if (insert) {
		/* Linking it brings the gaps on both of its sides up to date. */
		links = vma_links_before(mm, start_moves ? vma : next);
		vma->vm_start = start;
		vma->vm_end = end;
		vma_link(mm, insert, &links);
		return;
	}

	if (next && end > next->vm_start)
		import_anon_vma(mm, vma, next);
	else if (next && end < vma->vm_end)
		import_anon_vma(mm, next, vma);
	if (next && end < next->vm_end &&
	    (end > next->vm_start || end < vma->vm_end)) {
		mm_debug_assert(!start_moves);
		move_border(vma, next, end);
		return;
	}

	/* Swallow what ends up inside, one area or two. */
	while (next && next->vm_end <= end) {
		swallow_next(task, vma);
		next = vma->vm_next;
		if (next && vma->vm_end < end)
			import_anon_vma(mm, vma, next);
	}
	vma->vm_start = start;
	vma->vm_end = end;
	if (start_moves)
		vma_gap_update(mm, vma);
	if (end_moves)
		end_changed(mm, vma);
}

void split_vma(struct task_struct *task, struct vm_area_struct *vma,
	       uint64_t addr, enum split_side side)
{
	struct mm_struct *mm = task->mm;
	struct vm_area_struct *new = memory_take_area(mm->machine->memory);
	uint64_t pages_below = (addr - vma->vm_start) >> PAGE_SHIFT;

	new->vm_start = vma->vm_start;
	new->vm_end = vma->vm_end;
	new->vm_flags = vma->vm_flags;
	new->vm_pgoff = vma->vm_pgoff;
	new->vm_special = vma->vm_special;
	new->vm_file = vma->vm_file ? vm_file_get(vma->vm_file) : NULL;
	new->id = ++mm->next_vma_id;
	new->anon_vma = vma->anon_vma;
	anon_vma_clone(mm, new, vma);

	if (side == SPLIT_NEW_BELOW) {
		new->vm_end = addr;
		vma_adjust(task, vma, addr, vma->vm_end,
			   vma->vm_pgoff + pages_below, new);
	} else {
		new->vm_start = addr;
		new->vm_pgoff += pages_below;
		vma_adjust(task, vma, vma->vm_start, addr, vma->vm_pgoff, new);
	}
}
