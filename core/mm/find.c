/* SPDX-License-Identifier: MIT */
#include "core/mm/mm.h"
#include "core/mm/vma.h"
#include "core/mm/vmacache.h"

struct vm_area_struct *vma_at_or_after(const struct mm_struct *mm,
				       uint64_t addr)
{
	struct vm_area_struct *vma = NULL, *area;
	struct rb_node *node = mm->mm_rb.node;

	while (node) {
		area = vma_of(node);
		if (area->vm_end <= addr) {
			node = node->right;
			continue;
		}
		vma = area;
		if (area->vm_start <= addr)
			break;
		node = node->left;
	}
	return vma;
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
struct vm_area_struct *find_vma(struct task_struct *task, uint64_t addr)
{
	struct vm_area_struct *vma = vmacache_find(task, addr);

	if (vma)
		return vma;
	/* Nothing is to be found above the last area, nor to be remembered. */
	if (addr >= task->mm->highest_vm_end)
		return NULL;

	vma = vma_at_or_after(task->mm, addr);
	vmacache_update(task, addr, vma);
	return vma;
}

struct vm_area_struct *find_vma_prev(struct task_struct *task, uint64_t addr,
				     struct vm_area_struct **prevp)
{
	struct vm_area_struct *vma = find_vma(task, addr);
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

bool find_vma_links(struct mm_struct *mm, uint64_t addr, uint64_t end,
		    struct vma_links *links)
{
	struct rb_node **link = &mm->mm_rb.node, *parent = NULL;
	struct vm_area_struct *area, *prev = NULL;

	while (*link) {
		parent = *link;
		area = vma_of(parent);
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
	return true;
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

struct vm_area_struct *find_vma_onwards(struct task_struct *task, uint64_t addr,
					struct vm_area_struct *from)
{
	struct vm_area_struct *vma = vmacache_find(task, addr);

	if (vma)
		return vma;
	while (from && from->vm_end <= addr)
		from = from->vm_next;
	if (from)
		vmacache_update(task, addr, from);
	return from;
}

uint64_t count_vma_pages_range(struct task_struct *task, uint64_t addr,
			       uint64_t end)
{
	struct vm_area_struct *vma = find_vma_intersection(task, addr, end);
	uint64_t from, to, pages = 0;

	for (; vma && vma->vm_start < end; vma = vma->vm_next) {
		from = vma->vm_start > addr ? vma->vm_start : addr;
		to = vma->vm_end < end ? vma->vm_end : end;
		pages += (to - from) >> PAGE_SHIFT;
	}
	return pages;
}
