/* SPDX-License-Identifier: MIT */
#include "core/mm/vma.h"

#include "core/mm/assert.h"
#include "core/mm/memory.h"
#include "core/mm/profile.h"
#include "core/mm/setup.h"
#include "core/mm/step.h"
#include "core/mm/vmacache.h"

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
 * shrank must be looked for anew. Answers how many nodes it looked at.
 */
static uint64_t propagate_change(struct rb_node *node, uint64_t old,
				 uint64_t gap)
{
	struct vm_area_struct *vma;
	uint64_t nodes = 1;

	while (gap != old && (node = rb_parent(node))) {
		vma = vma_of(node);
		nodes++;
		if (gap <= vma->rb_subtree_gap && old < vma->rb_subtree_gap)
			break;
		if (gap < vma->rb_subtree_gap)
			gap = vma_compute_subtree_gap(vma);
		old = vma->rb_subtree_gap;
		vma->rb_subtree_gap = gap;
	}
	return nodes;
}

static uint64_t update_gaps_upwards(struct rb_node *node)
{
	uint64_t old = vma_of(node)->rb_subtree_gap;

	update_subtree_gap(node);
	return propagate_change(node, old, vma_of(node)->rb_subtree_gap);
}

static void propagate_subtree_gap(struct rb_node *node)
{
	if (node)
		update_gaps_upwards(node);
}

static const struct rb_augment gap_augment = {
	.update = update_subtree_gap,
	.propagate = propagate_subtree_gap,
};

/* The same tree, whose rotations somebody hears of. */
struct told_augment {
	struct rb_augment augment;
	const struct mm_struct *mm;
};

static void tell_balance(const struct rb_augment *augment, enum rb_event event,
			 const struct rb_node *node,
			 const struct rb_node *other, enum rb_side side)
{
	const struct mm_struct *mm =
		rb_entry(augment, struct told_augment, augment)->mm;

	switch (event) {
	case RB_RECOLOURED:
		step(mm, TREE_RECOLOURED, vma_of(node)->id, vma_of(other)->id,
		     vma_of(rb_parent(node))->id);
		break;
	case RB_ROTATED:
		step(mm, TREE_ROTATED, vma_of(node)->id, side,
		     vma_of(other)->id);
		break;
	case RB_REPLACED:
		step(mm, TREE_REPLACED, vma_of(node)->id, vma_of(other)->id);
		break;
	}
}

static const struct rb_augment *augment_of(const struct mm_struct *mm,
					   struct told_augment *told)
{
	if (!steps_wanted(mm))
		return &gap_augment;
	*told = (struct told_augment){ gap_augment, mm };
	told->augment.watch = tell_balance;
	return &told->augment;
}

static void tell_gap(const struct mm_struct *mm,
		     const struct vm_area_struct *vma, uint64_t nodes)
{
	step(mm, GAP_UPDATED, vma->id, vma->vm_gap, vma->rb_subtree_gap, nodes);
}

void vma_gap_update(struct mm_struct *mm, struct vm_area_struct *vma)
{
	uint64_t nodes;

	vma->vm_gap = vma_compute_gap(mm, vma);
	nodes = update_gaps_upwards(&vma->vm_rb);
	tell_gap(mm, vma, nodes);
}

static void set_last(struct mm_struct *mm, struct vm_area_struct *vma)
{
	mm->highest_vm_end = vma ? vma->vm_end : 0;
	mm->mmap_tail = vma;
}

/* The end of an area changed, and with it the gap behind it. */
static void end_changed(struct mm_struct *mm, struct vm_area_struct *vma)
{
	if (vma->vm_next) {
		vma_gap_update(mm, vma->vm_next);
	} else {
		set_last(mm, vma);
		step(mm, GAP_HIGHEST, vma->vm_end, STEP_BY_ADJUST);
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
 * stands somewhere above it in the tree. Up to there only its own is new; what
 * comes of both together goes on upwards.
 */
static uint64_t cut_gap(struct mm_struct *mm, struct vm_area_struct *vma,
			struct vm_area_struct *next)
{
	struct rb_node *node = rb_parent(&vma->vm_rb);
	uint64_t old = next->rb_subtree_gap, gap = vma->vm_gap;

	vma->rb_subtree_gap = gap;
	for (; node != &next->vm_rb; node = rb_parent(node)) {
		if (gap <= vma_of(node)->rb_subtree_gap)
			break;
		vma_of(node)->rb_subtree_gap = gap;
	}
	next->vm_gap = vma_compute_gap(mm, next);
	update_subtree_gap(&next->vm_rb);
	return propagate_change(&next->vm_rb, old, next->rb_subtree_gap);
}

/* What __vma_link() did, in its order, up to the rebalancing. */
static void tell_linked(const struct mm_struct *mm,
			const struct vm_area_struct *vma, uint64_t nodes)
{
	const struct rb_node *parent = rb_parent(&vma->vm_rb);

	step(mm, LIST_LINKED, vma->id, step_area(vma->vm_prev),
	     step_area(vma->vm_next));
	if (vma->vm_next)
		tell_gap(mm, vma->vm_next, nodes);
	else
		step(mm, GAP_HIGHEST, vma->vm_end, STEP_BY_LINK);
	if (parent)
		step(mm, TREE_LINKED, vma->id, vma_of(parent)->id,
		     parent->right == &vma->vm_rb);
	else
		step(mm, TREE_ROOT, vma->id);
	tell_gap(mm, vma, 1);
	step(mm, MAPLE_STORED, vma->id, vma->vm_start, vma->vm_end);
}

void vma_link(struct mm_struct *mm, struct vm_area_struct *vma,
	      const struct vma_links *links)
{
	struct told_augment told;
	uint64_t nodes = 0;

	link_list(mm, vma, links->prev);
	rb_link_node(&vma->vm_rb, links->parent, links->link);
	vma->vm_gap = vma_compute_gap(mm, vma);
	if (vma->vm_next) {
		nodes = cut_gap(mm, vma, vma->vm_next);
	} else {
		vma->rb_subtree_gap = 0;
		propagate_subtree_gap(&vma->vm_rb);
		set_last(mm, vma);
	}
	if (steps_wanted(mm))
		tell_linked(mm, vma, nodes);
	rb_insert(&mm->mm_rb, &vma->vm_rb, augment_of(mm, &told));
	mm->map_count++;
}

void vma_append(struct mm_struct *mm, struct vm_area_struct *vma)
{
	struct vm_area_struct *prev = mm->mmap_tail;
	struct vma_links links;

	/* Who listens hears how each one is linked and balanced. */
	if (steps_wanted(mm)) {
		links = vma_links_before(mm, NULL);
		vma_link(mm, vma, &links);
		return;
	}
	link_list(mm, vma, prev);
	mm->mmap_tail = vma;
	mm->highest_vm_end = vma->vm_end;
	mm->map_count++;
	vma->vm_gap = vma_compute_gap(mm, vma);
	rb_append(&mm->mm_rb, prev ? &prev->vm_rb : NULL, &vma->vm_rb,
		  update_subtree_gap);
}

void vma_append_end(struct mm_struct *mm)
{
	struct rb_node *node = mm->mmap_tail ? &mm->mmap_tail->vm_rb : NULL;

	for (; node; node = rb_parent(node))
		update_subtree_gap(node);
}

/*
 * Take [first, last] out; answers over how many nodes the change of the next
 * area's gap went up, 0 without a next area.
 */
static uint64_t unlink_range(struct mm_struct *mm, struct vm_area_struct *first,
			     struct vm_area_struct *last)
{
	struct vm_area_struct *prev = first->vm_prev, *next = last->vm_next;
	struct vm_area_struct *vma, *behind = first;
	struct told_augment told;
	uint64_t nodes = 0, ahead = 0;

	/*
	 * The next area's gap grows first: what the removals let shrink on the
	 * way up then soon meets a larger gap that stays.
	 */
	if (next) {
		next->vm_prev = prev;
		next->vm_gap = vma_compute_gap(mm, next);
		nodes = update_gaps_upwards(&next->vm_rb);
	} else {
		set_last(mm, prev);
	}
	last->vm_next = NULL;
	for (vma = first; vma; vma = vma->vm_next) {
		step(mm, TREE_ERASED, vma->id);
		rb_erase(&mm->mm_rb, &vma->vm_rb, augment_of(mm, &told));
		mm->map_count--;
		if (ahead++ >= VMA_AHEAD) {
			behind->vm_prev = vma;
			behind = behind->vm_next;
		}
	}
	if (prev)
		prev->vm_next = next;
	else
		mm->mmap = next;
	return nodes;
}

void vma_unlink_range(struct mm_struct *mm, struct vm_area_struct *first,
		      struct vm_area_struct *last)
{
	const struct vm_area_struct *next = last->vm_next;
	uint64_t nodes = unlink_range(mm, first, last);

	/* As the kernel does it: the gap comes last. */
	if (next)
		tell_gap(mm, next, nodes);
	else
		step(mm, GAP_HIGHEST, mm->highest_vm_end, STEP_BY_DETACH);
}

void vma_empty(struct mm_struct *mm, struct vm_area_struct *vma)
{
	if (vma->anon_vma_chain)
		anon_vma_unlink(mm, vma);
	if (vma->vm_file)
		vm_file_put(vma->vm_file);
	vma->vm_file = NULL;
}

void vma_free(struct mm_struct *mm, struct vm_area_struct *vma)
{
	vma_empty(mm, vma);
	memory_give_area(mm->machine->memory, vma);
}

/* @vma takes over the place of the area behind it, which goes away. */
static void swallow_next(struct task_struct *task, struct vm_area_struct *vma)
{
	struct vm_area_struct *next = vma->vm_next;

	step(task->mm, ADJUST_SWALLOWS, vma->id, next->id, next->vm_end);
	vma->vm_end = next->vm_end;
	unlink_range(task->mm, next, next);
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
	step(mm, ADJUST_ANON_VMA, importer->id, exporter->id,
	     importer->anon_vma->id);
}

/* Linking it brings the gaps on both of its sides up to date. */
static void insert_part(struct mm_struct *mm, struct vm_area_struct *insert,
			struct vm_area_struct *next)
{
	struct vma_links links = vma_links_before(mm, next);

	/* Who listens hears of the walk that the kernel makes. */
	if (steps_wanted(mm) && mm->machine->profile->has_rbtree)
		find_vma_links(mm, insert->vm_start, insert->vm_end, &links);
	vma_link(mm, insert, &links);
}

/* Does @vma grow over nothing, and not over a part that was there? */
static enum step_by adjusting(const struct vm_area_struct *vma, uint64_t start,
			      uint64_t end)
{
	const struct vm_area_struct *next = vma->vm_next;

	if (start < vma->vm_start ||
	    (end > vma->vm_end && (!next || next->vm_start > vma->vm_end)))
		return STEP_BY_EXPAND;
	return STEP_BY_MERGE;
}

void vma_adjust(struct task_struct *task, struct vm_area_struct *vma,
		uint64_t start, uint64_t end, uint64_t pgoff,
		struct vm_area_struct *insert)
{
	struct mm_struct *mm = task->mm;
	struct vm_area_struct *next = vma->vm_next;
	bool start_moves = start != vma->vm_start;
	bool end_moves = end != vma->vm_end;

	vma->vm_pgoff = pgoff;
	if (insert) {
		vma->vm_start = start;
		vma->vm_end = end;
		step(mm, ADJUST_AREA, vma->id, start, end, STEP_BY_SPLIT);
		insert_part(mm, insert, start_moves ? vma : next);
		return;
	}

	if (next && end > next->vm_start)
		import_anon_vma(mm, vma, next);
	else if (next && end < vma->vm_end)
		import_anon_vma(mm, next, vma);
	if (next && end < next->vm_end &&
	    (end > next->vm_start || end < vma->vm_end)) {
		mm_debug_assert(!start_moves);
		step(mm, ADJUST_BORDER, vma->id, next->id, end);
		move_border(vma, next, end);
		step(mm, MAPLE_STORED, vma->id, vma->vm_start, end);
		return;
	}

	step(mm, ADJUST_AREA, vma->id, start, end, adjusting(vma, start, end));
	step(mm, MAPLE_STORED, vma->id, start, end);
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

void vma_swallow_prev(struct task_struct *task, struct vm_area_struct *vma)
{
	struct vm_area_struct *prev = vma->vm_prev;
	const uint64_t start = prev->vm_start;
	struct mm_struct *mm = task->mm;

	mm_debug_assert(prev->vm_end == vma->vm_start);
	import_anon_vma(mm, vma, prev);
	step(mm, ADJUST_AREA, vma->id, start, vma->vm_end, STEP_BY_MERGE);
	step(mm, MAPLE_STORED, vma->id, start, vma->vm_end);
	step(mm, ADJUST_SWALLOWS, vma->id, prev->id, start);
	vma->vm_start = start;
	vma->vm_pgoff -= vma_pages(prev);
	unlink_range(mm, prev, prev);
	vmacache_invalidate(task);
	vma_free(mm, prev);
	vma_gap_update(mm, vma);
}

void vma_extend(struct mm_struct *mm, struct vm_area_struct *vma, uint64_t end)
{
	vma->vm_end = end;
	step(mm, ADJUST_AREA, vma->id, vma->vm_start, end, STEP_BY_BRK);
	step(mm, MAPLE_STORED, vma->id, vma->vm_start, end);
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
		step(mm, SPLIT_BELOW, vma->id, addr, new->id, new->vm_start,
		     addr);
		vma_adjust(task, vma, addr, vma->vm_end,
			   vma->vm_pgoff + pages_below, new);
	} else {
		new->vm_start = addr;
		new->vm_pgoff += pages_below;
		step(mm, SPLIT_ABOVE, vma->id, addr, new->id, addr,
		     new->vm_end);
		vma_adjust(task, vma, vma->vm_start, addr, vma->vm_pgoff, new);
	}
}
