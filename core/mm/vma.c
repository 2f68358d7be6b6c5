/* SPDX-License-Identifier: MIT */
#include "core/mm/vma.h"

#include "core/mm/assert.h"
#include "core/mm/memory.h"
#include "core/mm/setup.h"
#include "core/mm/vmacache.h"

static uint64_t gap_before(const struct vm_area_struct *vma)
{
	return vma->vm_start - (vma->vm_prev ? vma->vm_prev->vm_end : 0);
}

uint64_t vma_compute_subtree_gap(const struct vm_area_struct *vma)
{
	const struct rb_node *left = vma->vm_rb.left, *right = vma->vm_rb.right;
	uint64_t gap = gap_before(vma);

	if (left && vma_of(left)->rb_subtree_gap > gap)
		gap = vma_of(left)->rb_subtree_gap;
	if (right && vma_of(right)->rb_subtree_gap > gap)
		gap = vma_of(right)->rb_subtree_gap;
	return gap;
}

static bool update_subtree_gap(struct rb_node *node)
{
	struct vm_area_struct *vma = vma_of(node);
	uint64_t gap = vma_compute_subtree_gap(vma);

	if (vma->rb_subtree_gap == gap)
		return false;
	vma->rb_subtree_gap = gap;
	return true;
}

void vma_gap_update(struct vm_area_struct *vma)
{
	rb_propagate(&vma->vm_rb, update_subtree_gap);
}

void vma_rb_erase(struct mm_struct *mm, struct vm_area_struct *vma)
{
	rb_erase(&mm->mm_rb, &vma->vm_rb, update_subtree_gap);
}

/* The end of an area changed, and with it the gap behind it. */
static void end_changed(struct mm_struct *mm, struct vm_area_struct *vma)
{
	if (vma->vm_next)
		vma_gap_update(vma->vm_next);
	else
		mm->highest_vm_end = vma->vm_end;
}

void vma_link(struct mm_struct *mm, struct vm_area_struct *vma,
	      const struct vma_links *links)
{
	struct vm_area_struct *prev = links->prev;
	struct vm_area_struct *next = prev ? prev->vm_next : mm->mmap;

	vma->vm_prev = prev;
	vma->vm_next = next;
	if (prev)
		prev->vm_next = vma;
	else
		mm->mmap = vma;
	if (next)
		next->vm_prev = vma;

	/* The next area's gap first: the tree must be right for the insertion. */
	end_changed(mm, vma);
	rb_link_node(&vma->vm_rb, links->parent, links->link);
	rb_insert(&mm->mm_rb, &vma->vm_rb, update_subtree_gap);
	mm->map_count++;
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
	struct mm_struct *mm = task->mm;
	struct vm_area_struct *next = vma->vm_next;

	vma_rb_erase(mm, next);
	vma->vm_next = next->vm_next;
	if (next->vm_next)
		next->vm_next->vm_prev = vma;
	mm->map_count--;
	vmacache_invalidate(task);
	vma_free(mm, next);
	end_changed(mm, vma);
}

static void insert_vma(struct mm_struct *mm, struct vm_area_struct *vma)
{
	struct vma_links links;
	bool room = find_vma_links(mm, vma->vm_start, vma->vm_end, &links);

	mm_assert(room);
	vma_link(mm, vma, &links);
}

/* The border between @vma and @next moves to @end: no gap changes. */
static void move_border(struct vm_area_struct *vma, struct vm_area_struct *next,
			uint64_t end)
{
	next->vm_pgoff += (end - next->vm_start) >> PAGE_SHIFT;
	next->vm_start = end;
	vma->vm_end = end;
}

/* An area that takes over pages must know whose anonymous pages they are. */
static void import_anon_vma(struct vm_area_struct *importer,
			    const struct vm_area_struct *exporter)
{
	if (exporter->anon_vma && !importer->anon_vma)
		anon_vma_clone(importer, exporter);
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
		/* Linking it brings the gaps on both of its sides up to date. */
		vma->vm_start = start;
		vma->vm_end = end;
		insert_vma(mm, insert);
		return;
	}

	if (next && end > next->vm_start)
		import_anon_vma(vma, next);
	else if (next && end < vma->vm_end)
		import_anon_vma(next, vma);
	if (next && end < next->vm_end &&
	    (end > next->vm_start || end < vma->vm_end)) {
		mm_debug_assert(!start_moves);
		move_border(vma, next, end);
		return;
	}

	/* Swallow what ends up inside, one area or two. */
	while (next && next->vm_end <= end) {
		vma->vm_end = next->vm_end;
		swallow_next(task, vma);
		next = vma->vm_next;
		if (next && vma->vm_end < end)
			import_anon_vma(vma, next);
	}
	vma->vm_start = start;
	vma->vm_end = end;
	if (start_moves)
		vma_gap_update(vma);
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
	if (vma->anon_vma)
		anon_vma_clone(new, vma);

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
