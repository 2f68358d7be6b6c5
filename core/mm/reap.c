/* SPDX-License-Identifier: MIT */
#include "core/mm/reap.h"

#include "core/mm/memory.h"
#include "core/mm/page_cache.h"
#include "core/mm/page_chunk.h"
#include "core/mm/vma.h"

static void count_down(uint64_t *left, uint64_t objects)
{
	*left -= objects < *left ? objects : *left;
}

static uint64_t give_chunks(struct memory *memory, struct page_node *table)
{
	struct page_chunk *chunk, *next;
	uint64_t nr = 0;

	for (chunk = table->chunks; chunk; chunk = next) {
		next = chunk->next;
		memory_give_page_chunk(memory, chunk);
		nr++;
	}
	return nr;
}

/* Leaf by leaf, so that what is left always is a tree. */
static bool reap_nodes(struct memory *memory, struct rb_root *root,
		       bool are_tables, uint64_t *left)
{
	struct rb_node *rb = root->node, *parent, **link;
	struct page_node *node;
	uint64_t nr;

	while (rb) {
		if (rb->left || rb->right) {
			rb = rb->left ? rb->left : rb->right;
			continue;
		}
		if (!*left)
			return false;
		parent = rb_parent(rb);
		link = &root->node;
		if (parent)
			link = parent->left == rb ? &parent->left
						  : &parent->right;
		*link = NULL;
		node = page_node_of(rb);
		nr = 1;
		if (!are_tables) {
			memory_give_cache_node(memory, cache_node_of(node));
		} else {
			if (page_node_has_chunks(node))
				nr += give_chunks(memory, node);
			memory_give_page_node(memory, node);
		}
		count_down(left, nr);
		rb = parent;
	}
	return true;
}

bool vm_file_reap(struct vm_file *file, uint64_t *left)
{
	struct memory *memory = file->machine->memory;

	if (file->refs == 1 && !reap_nodes(memory, &file->cache, false, left))
		return false;
	vm_file_put(file);
	return true;
}

static bool reap_tasks(struct mm_struct *mm, uint64_t *left)
{
	struct memory *memory = mm->machine->memory;
	struct task_struct *task;

	while ((task = mm->tasks)) {
		if (!*left)
			return false;
		mm->tasks = task->next;
		memory_free(memory, task, sizeof(*task));
		count_down(left, 1);
	}
	return true;
}

static bool reap_areas(struct mm_struct *mm, uint64_t *left)
{
	struct vm_area_struct *vma;

	while ((vma = mm->mmap)) {
		if (!*left)
			return false;
		if (vma->vm_file && !vm_file_reap(vma->vm_file, left))
			return false;
		vma->vm_file = NULL;
		mm->mmap = vma->vm_next;
		vma_free(mm, vma);
		count_down(left, 1);
	}
	return true;
}

bool mm_reap(struct mm_struct *mm, uint64_t *left)
{
	return reap_tasks(mm, left) &&
	       reap_nodes(mm->machine->memory, &mm->page_tables, true, left) &&
	       reap_areas(mm, left);
}
