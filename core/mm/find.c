/* SPDX-License-Identifier: MIT */
#include "core/hot.h"
#include "core/mm/mm.h"
#include "core/mm/profile.h"
#include "core/mm/step.h"
#include "core/mm/vma.h"
#include "core/mm/vmacache.h"

/* ------------------------------------------------------ for who listens */

static void tell_node(const struct mm_struct *mm, uint64_t addr,
		      const struct vm_area_struct *area)
{
	if (area->vm_end <= addr)
		step(mm, TREE_RIGHT, addr, area->id, area->vm_start,
		     area->vm_end);
	else if (area->vm_start <= addr)
		step(mm, TREE_HOLDS, addr, area->id, area->vm_start,
		     area->vm_end);
	else
		step(mm, TREE_LEFT, addr, area->id, area->vm_start,
		     area->vm_end);
}

static void tell_found(const struct mm_struct *mm, uint64_t addr,
		       const struct vm_area_struct *vma, uint64_t nodes,
		       enum step_by by)
{
	if (!vma) {
		step(mm, FIND_NONE, addr, nodes);
		step(mm, MAPLE_NONE, addr, by);
	} else if (vma->vm_start <= addr) {
		step(mm, FIND_FOUND, addr, vma->id, nodes);
		step(mm, MAPLE_FOUND, addr, vma->id, vma->vm_start, vma->vm_end,
		     by);
	} else {
		step(mm, FIND_ABOVE, addr, vma->id, vma->vm_start, nodes);
		step(mm, MAPLE_ABOVE, addr, vma->id, vma->vm_start, by);
	}
}

static void tell_links_node(const struct mm_struct *mm, uint64_t addr,
			    uint64_t end, const struct vm_area_struct *area,
			    uint64_t nodes)
{
	if (area->vm_end <= addr)
		step(mm, LINKS_RIGHT, addr, area->id, area->vm_end);
	else if (area->vm_start < end)
		step(mm, LINKS_OVERLAP, addr, end, area->id, area->vm_start,
		     nodes);
	else
		step(mm, LINKS_LEFT, end, area->id, area->vm_start);
}

static void tell_links(const struct mm_struct *mm, uint64_t addr,
		       const struct vma_links *links, uint64_t nodes)
{
	const struct vm_area_struct *prev = links->prev;
	const struct vm_area_struct *next = prev ? prev->vm_next : mm->mmap;
	uint64_t parent = links->parent ? vma_of(links->parent)->id : 0;

	if (parent)
		step(mm, LINKS_PLACE, addr, step_area(prev), parent,
		     links->link == &links->parent->right, nodes);
	else
		step(mm, LINKS_ROOT, addr);
	step(mm, MAPLE_NEIGHBOURS, addr, step_area(prev), step_area(next));
}

/*
 * A walk down the tree, node by node if it is told, @by whom; @told is a
 * constant.
 */
static inline __attribute__((always_inline)) struct vm_area_struct *
walk_tree(const struct mm_struct *mm, uint64_t addr, bool told, enum step_by by)
{
	struct vm_area_struct *vma = NULL, *area;
	struct rb_node *node = mm->mm_rb.node;
	uint64_t nodes = 0;

	while (node) {
		area = vma_of(node);
		if (told) {
			nodes++;
			tell_node(mm, addr, area);
		}
		if (area->vm_end <= addr) {
			node = node->right;
			continue;
		}
		vma = area;
		if (area->vm_start <= addr)
			break;
		node = node->left;
	}
	if (told)
		tell_found(mm, addr, vma, nodes, by);
	return vma;
}

struct vm_area_struct *vma_at_or_after(const struct mm_struct *mm,
				       uint64_t addr)
{
	return walk_tree(mm, addr, false, 0);
}

uint64_t range_areas(const struct mm_struct *mm, uint64_t start, uint64_t end)
{
	const struct vm_area_struct *vma = vma_at_or_after(mm, start);
	uint64_t areas = 0;

	for (; vma && vma->vm_start < end; vma = vma->vm_next)
		areas++;
	return areas;
}

/*
 * What the tree walk finds is remembered under the address that was asked for,
 * also when it is only the successor above a hole: the same question then
 * misses again (behaviour C3).
 */
struct vm_area_struct *find_vma_by(struct task_struct *task, uint64_t addr,
				   enum step_by by)
{
	struct vm_area_struct *vma = vmacache_find(task, addr);

	if (vma)
		return vma;
	if (steps_wanted(task->mm)) {
		vma = walk_tree(task->mm, addr, true, by);
		if (vma)
			vmacache_update(task, addr, vma);
		return vma;
	}
	/* Nothing is to be found above the last area, nor to be remembered. */
	if (addr >= task->mm->highest_vm_end)
		return NULL;

	vma = walk_tree(task->mm, addr, false, by);
	vmacache_update(task, addr, vma);
	return vma;
}

struct vm_area_struct *find_vma(struct task_struct *task, uint64_t addr)
{
	return find_vma_by(task, addr, STEP_BY_FIND);
}

struct vm_area_struct *find_vma_prev(struct task_struct *task, uint64_t addr,
				     struct vm_area_struct **prevp)
{
	struct vm_area_struct *vma = find_vma_by(task, addr, STEP_BY_WALK);
	struct rb_node *last;

	if (vma) {
		*prevp = vma->vm_prev;
	} else {
		last = rb_last(&task->mm->mm_rb);
		*prevp = last ? vma_of(last) : NULL;
	}
	return vma;
}

struct vm_area_struct *find_vma_intersection(struct task_struct *task,
					     uint64_t start, uint64_t end)
{
	struct vm_area_struct *vma = find_vma(task, start);

	return vma && vma->vm_start < end ? vma : NULL;
}

static inline __attribute__((always_inline)) bool
walk_to_links(struct mm_struct *mm, uint64_t addr, uint64_t end,
	      struct vma_links *links, bool told)
{
	struct rb_node **link = &mm->mm_rb.node, *parent = NULL;
	struct vm_area_struct *area, *prev = NULL;
	uint64_t nodes = 0;

	while (*link) {
		parent = *link;
		area = vma_of(parent);
		if (told)
			tell_links_node(mm, addr, end, area, ++nodes);
		if (area->vm_end <= addr) {
			prev = area;
			link = &parent->right;
		} else if (area->vm_start < end) {
			return false;
		} else {
			link = &parent->left;
		}
	}
	*links = (struct vma_links){ prev, parent, link };
	if (told)
		tell_links(mm, addr, links, nodes);
	return true;
}

bool find_vma_links(struct mm_struct *mm, uint64_t addr, uint64_t end,
		    struct vma_links *links)
{
	return steps_wanted(mm) ? walk_to_links(mm, addr, end, links, true)
				: walk_to_links(mm, addr, end, links, false);
}

/* Between two neighbours one of the two child pointers is free. */
struct vma_links vma_links_before(struct mm_struct *mm,
				  struct vm_area_struct *next)
{
	struct vm_area_struct *prev = next ? next->vm_prev : mm->mmap_tail;

	if (next && !next->vm_rb.left)
		return (struct vma_links){ prev, &next->vm_rb,
					   &next->vm_rb.left };
	if (prev)
		return (struct vma_links){ prev, &prev->vm_rb,
					   &prev->vm_rb.right };
	return (struct vma_links){ NULL, NULL, &mm->mm_rb.node };
}

HOT struct vm_area_struct *find_vma_onwards(struct task_struct *task,
					    uint64_t addr,
					    struct vm_area_struct *from)
{
	const struct mm_struct *mm = task->mm;
	struct vm_area_struct *vma;
	int steps = VMA_LIST_STEPS;

	/* Who listens hears of the walk that the kernel makes, if it does. */
	if (steps_wanted(mm) && mm->machine->profile->has_rbtree)
		return find_vma(task, addr);
	vma = vmacache_find(task, addr);
	if (vma)
		return vma;
	while (from && from->vm_end <= addr && steps--)
		from = from->vm_next;
	if (from && from->vm_end <= addr)
		from = vma_at_or_after(mm, addr);
	if (from)
		vmacache_update(task, addr, from);
	return from;
}

uint64_t count_vma_pages_range(struct task_struct *task, uint64_t addr,
			       uint64_t end)
{
	struct vm_area_struct *vma = find_vma_by(task, addr, STEP_BY_ITERATE);
	uint64_t from, to, pages = 0;

	for (; vma && vma->vm_start < end; vma = vma->vm_next) {
		from = vma->vm_start > addr ? vma->vm_start : addr;
		to = vma->vm_end < end ? vma->vm_end : end;
		pages += (to - from) >> PAGE_SHIFT;
	}
	return pages;
}
