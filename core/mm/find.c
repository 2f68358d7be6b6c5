/* SPDX-License-Identifier: MIT */
#include "core/mm/mm.h"
#include "core/mm/vma.h"
#include "core/mm/vmacache.h"

/*
 * What the tree walk finds is remembered under the address that was asked for,
 * also when it is only the successor above a hole: the same question then
 * misses again (behaviour C3).
 */
struct vm_area_struct *find_vma(struct task_struct *task, uint64_t addr)
{
	struct vm_area_struct *vma = vmacache_find(task, addr), *area;
	struct rb_node *node;

	if (vma)
		return vma;

	for (node = task->mm->mm_rb.node; node;) {
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
	if (vma)
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
	struct vm_area_struct *area;

	links->prev = NULL;
	links->parent = NULL;
	links->link = &mm->mm_rb.node;
	while (*links->link) {
		links->parent = *links->link;
		area = vma_of(links->parent);
		if (area->vm_end <= addr) {
			links->prev = area;
			links->link = &links->parent->right;
		} else if (area->vm_start < end) {
			return false;
		} else {
			links->link = &links->parent->left;
		}
	}
	return true;
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
