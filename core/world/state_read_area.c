/* SPDX-License-Identifier: MIT */
/*
 * The areas of an address space, and their tree
 */
#include "core/mm/vma.h"
#include "core/world/state_reader.h"

#define DEPTH_MAX 64 /* of a tree of 2^32 areas */

/* The tree as far as it has been read: a path from the root down. */
struct spine {
	struct vm_area_struct *areas[DEPTH_MAX];
	uint32_t depths[DEPTH_MAX];
	uint32_t nr;
};

static void set_child(struct vm_area_struct *parent, enum rb_side side,
		      struct vm_area_struct *child)
{
	const bool black = child && rb_is_black(&child->vm_rb);

	parent->vm_rb.child[side] = child ? &child->vm_rb : NULL;
	if (child)
		child->vm_rb.parent_color = (uintptr_t)&parent->vm_rb | black;
}

/* What lies below @depth is complete: the subtree that it is, or NULL. */
static struct vm_area_struct *fold_spine(struct state_reader *r,
					 struct spine *spine, uint32_t depth)
{
	struct vm_area_struct *below = NULL, *area;
	uint32_t below_depth = 0;

	while (spine->nr && spine->depths[spine->nr - 1] >= depth) {
		area = spine->areas[--spine->nr];
		if (below && below_depth != spine->depths[spine->nr] + 1)
			state_fail(r, "a tree has a hole");
		set_child(area, RB_RIGHT, below);
		area->rb_subtree_gap = vma_compute_subtree_gap(area);
		below = area;
		below_depth = spine->depths[spine->nr];
	}
	if (below && below_depth != depth)
		state_fail(r, "a tree has a hole");
	return below;
}

static void add_to_tree(struct state_reader *r, struct spine *spine,
			struct vm_area_struct *vma, uint32_t depth)
{
	struct vm_area_struct *left = fold_spine(r, spine, depth + 1);

	if (spine->nr && spine->depths[spine->nr - 1] >= depth)
		state_fail(r, "a tree has two nodes in one place");
	set_child(vma, RB_LEFT, left);
	/* A path has fewer nodes than its deepest one is deep. */
	if (state_is_wrong(r))
		return;
	spine->areas[spine->nr] = vma;
	spine->depths[spine->nr++] = depth;
}

/* Chains share their tails: behind an anon_vma all of them go on alike. */
static void take_chain(struct state_reader *r, struct vm_area_struct *vma)
{
	struct anon_vma **link = &vma->anon_vma_chain, *anon_vma;
	uint64_t links = state_take_count(r), met;
	bool known = false;

	while (links-- && state_spend(r, &r->links_left)) {
		met = r->anon_vmas_met;
		anon_vma = state_meet_object(r, r->draft.anon_vmas,
					     r->draft.nr_anon_vmas,
					     &r->anon_vmas_met);
		if (!anon_vma)
			state_fail(r, "an area is linked to nothing");
		else if (known && *link != anon_vma)
			state_fail(r, "two chains part behind an anon_vma");
		if (state_is_wrong(r))
			return;
		*link = anon_vma;
		link = &anon_vma->inherited;
		known = r->anon_vmas_met == met;
	}
	if (known && *link)
		state_fail(r, "two chains part behind an anon_vma");
}

static void append_area(struct mm_struct *mm, struct vm_area_struct *vma)
{
	vma->vm_prev = mm->mmap_tail;
	if (mm->mmap_tail)
		mm->mmap_tail->vm_next = vma;
	else
		mm->mmap = vma;
	mm->mmap_tail = vma;
	mm->map_count++;
	mm->highest_vm_end = vma->vm_end;
}

static void take_area(struct state_reader *r, struct mm_struct *mm,
		      struct spine *spine)
{
	const uint64_t base = mm->highest_vm_end;
	struct vm_area_struct *vma;
	uint64_t gap, pages, place;

	if (!state_spend(r, &r->left.areas))
		return;
	gap = state_take(r, (TASK_SIZE - base) >> PAGE_SHIFT);
	pages = state_take(r, ((TASK_SIZE - base) >> PAGE_SHIFT) - gap);
	place = state_take(r, 2 * DEPTH_MAX - 1);
	if (!state_is_wrong(r) && !pages)
		state_fail(r, "an area is empty");
	vma = memory_take_area(r->draft.memory);
	vma->vm_start = base + (gap << PAGE_SHIFT);
	vma->vm_end = vma->vm_start + (pages << PAGE_SHIFT);
	vma->vm_rb.parent_color = place & 1;
	vma->id = (uint32_t)state_take(r, UINT32_MAX);
	vma->vm_flags = state_take(r, UINT64_MAX);
	vma->vm_pgoff = state_take(r, UINT64_MAX - pages);
	vma->vm_special = (uint8_t)state_take(r, VM_NR_SPECIAL - 1);
	append_area(mm, vma);
	vma->vm_file = state_meet_file(r);
	vma->anon_vma =
		state_take_object(r, r->draft.anon_vmas, r->draft.nr_anon_vmas);
	take_chain(r, vma);
	vma->vm_gap = vma_compute_gap(mm, vma);
	if (!state_is_wrong(r))
		add_to_tree(r, spine, vma, (uint32_t)(place >> 1));
}

void state_take_areas(struct state_reader *r, struct mm_struct *mm)
{
	uint64_t areas = state_take_count(r);
	struct spine spine = { .nr = 0 };
	struct vm_area_struct *root;

	while (areas-- && !state_is_wrong(r))
		take_area(r, mm, &spine);
	if (state_is_wrong(r))
		return;
	root = fold_spine(r, &spine, 0);
	if (!root)
		return;
	root->vm_rb.parent_color &= 1;
	mm->mm_rb.node = &root->vm_rb;
}
