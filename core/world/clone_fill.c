/* SPDX-License-Identifier: MIT */
#include "core/world/clone_fill.h"

#include "core/mm/assert.h"
#include "core/mm/page_table.h"
#include "core/mm/vma.h"

struct vm_area_struct world_gone_area;

bool clone_fill_anon_vmas(struct world_cloning *cloning, uint64_t *left)
{
	struct pointer_map *map = &cloning->survey.anon_vmas;
	struct anon_vma *anon_vma;
	struct pointer_pair *pair;
	uint8_t slot;

	for (; cloning->at < map->nr; cloning->at++) {
		if (!clone_spend(left))
			return false;
		pair = &map->pairs[cloning->at];
		anon_vma = memory_take_anon_vma(cloning->memory);
		slot = anon_vma->slot;
		*anon_vma = *(const struct anon_vma *)pair->from;
		anon_vma->slot = slot;
		pair->to = anon_vma;
	}
	return true;
}

/* An area belongs to the parents of what it belongs to. */
bool clone_fill_parents(struct world_cloning *cloning, uint64_t *left)
{
	const struct pointer_map *map = &cloning->survey.anon_vmas;
	struct anon_vma *anon_vma;

	for (; cloning->at < map->nr; cloning->at++) {
		if (!clone_spend(left))
			return false;
		anon_vma = map->pairs[cloning->at].to;
		anon_vma->parent = pointer_map_to(map, anon_vma->parent);
		anon_vma->inherited = pointer_map_to(map, anon_vma->inherited);
	}
	return true;
}

/* An area's copy, at the end of the list. */
static struct vm_area_struct *fill_area(struct world_cloning *cloning,
					struct mm_struct *mm,
					const struct vm_area_struct *old)
{
	const struct pointer_map *anon_vmas = &cloning->survey.anon_vmas;
	struct vm_area_struct *vma = memory_take_area(cloning->memory);
	const uint8_t slot = vma->slot;

	*vma = *old;
	vma->slot = slot;
	vma->vm_prev = mm->mmap_tail;
	vma->vm_next = NULL;
	if (mm->mmap_tail)
		mm->mmap_tail->vm_next = vma;
	else
		mm->mmap = vma;
	mm->mmap_tail = vma;
	vma->vm_file = pointer_map_to(&cloning->survey.files, old->vm_file);
	vma->anon_vma = pointer_map_to(anon_vmas, old->anon_vma);
	vma->anon_vma_chain = pointer_map_to(anon_vmas, old->anon_vma_chain);
	return vma;
}

static void fill_chunks(struct world_cloning *cloning, struct page_node *table,
			const struct page_chunk *from)
{
	struct page_chunk **link = &table->chunks, *chunk;
	uint8_t slot;

	table->chunks = NULL;
	for (; from; from = from->next) {
		chunk = memory_take_page_chunk(cloning->memory);
		slot = chunk->slot;
		*chunk = *from;
		chunk->slot = slot;
		chunk->next = NULL;
		*link = chunk;
		link = &chunk->next;
	}
}

/* Where a stage finds its trees. Of one under way it goes on. */
static void enter_tree(struct world_cloning *cloning, struct rb_root *to,
		       const struct rb_root *from)
{
	if (!cloning->is_in_tree)
		rb_copying_begin(&cloning->tree, to, from);
	cloning->is_in_tree = true;
}

static void leave_tree(struct world_cloning *cloning, uint64_t *left)
{
	cloning->is_in_tree = false;
	cloning->at++;
	/* An empty one costs something, too. */
	*left -= *left != 0;
}

bool clone_fill_caches(struct world_cloning *cloning, uint64_t *left)
{
	const struct pointer_map *files = &cloning->survey.files;
	struct rb_copying *tree = &cloning->tree;
	const struct cache_node *old;
	const struct vm_file *from;
	struct cache_node *node;
	struct vm_file *to;

	while (cloning->at < files->nr) {
		from = files->pairs[cloning->at].from;
		to = files->pairs[cloning->at].to;
		enter_tree(cloning, &to->cache, &from->cache);
		while (tree->old) {
			if (!clone_spend(left))
				return false;
			old = rb_entry(tree->old, struct cache_node, page.rb);
			node = memory_take_cache_node(cloning->memory);
			*node = *old;
			rb_copying_add(tree, &node->page.rb);
		}
		leave_tree(cloning, left);
	}
	return true;
}

static void fill_slots(const struct mm_struct *mm, struct task_struct *task)
{
	const bool valid = task->vmacache.seqnum == mm->vmacache_seqnum;
	struct vm_area_struct **slot = task->vmacache.slots;
	int i;

	for (i = 0; i < VMACACHE_SIZE; i++) {
		if (!slot[i])
			continue;
		slot[i] = valid ? vma_at_or_after(mm, slot[i]->vm_start)
				: &world_gone_area;
	}
}

bool clone_fill_areas(struct world_cloning *cloning, uint64_t *left)
{
	const struct pointer_map *mms = &cloning->survey.mms;
	struct rb_copying *tree = &cloning->tree;
	const struct mm_struct *from;
	struct vm_area_struct *vma;
	struct task_struct *task;
	struct mm_struct *to;

	while (cloning->at < mms->nr) {
		from = mms->pairs[cloning->at].from;
		to = mms->pairs[cloning->at].to;
		enter_tree(cloning, &to->mm_rb, &from->mm_rb);
		while (tree->old) {
			if (!clone_spend(left))
				return false;
			vma = fill_area(cloning, to, vma_of(tree->old));
			rb_copying_add(tree, &vma->vm_rb);
		}
		for (task = to->tasks; task; task = task->next)
			fill_slots(to, task);
		leave_tree(cloning, left);
	}
	return true;
}

bool clone_fill_tables(struct world_cloning *cloning, uint64_t *left)
{
	const struct pointer_map *mms = &cloning->survey.mms;
	struct rb_copying *tree = &cloning->tree;
	const struct mm_struct *from;
	const struct page_node *old;
	struct page_node *node;
	struct mm_struct *to;

	while (cloning->at < mms->nr) {
		from = mms->pairs[cloning->at].from;
		to = mms->pairs[cloning->at].to;
		enter_tree(cloning, &to->page_tables, &from->page_tables);
		while (tree->old) {
			if (!clone_spend(left))
				return false;
			old = rb_entry(tree->old, struct page_node, rb);
			node = memory_take_page_node(cloning->memory);
			*node = *old;
			if (page_node_has_chunks(old))
				fill_chunks(cloning, node, old->chunks);
			rb_copying_add(tree, &node->rb);
		}
		mm_debug_validate(to);
		leave_tree(cloning, left);
	}
	return true;
}
