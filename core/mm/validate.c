/* SPDX-License-Identifier: MIT */
#include "core/mm/assert.h"
#include "core/mm/mm.h"
#include "core/mm/page_chunk.h"
#include "core/mm/page_table.h"
#include "core/mm/vma.h"

/* What the areas add up to, to be compared with the counters. */
struct totals {
	uint64_t areas, total_vm, locked_vm, shared_vm, exec_vm, stack_vm,
		data_vm;
};

static const char *check_area(const struct mm_struct *mm,
			      const struct vm_area_struct *vma)
{
	if (vma->vm_start >= vma->vm_end)
		return "an area is empty";
	if (vma->vm_start & ~PAGE_MASK || vma->vm_end & ~PAGE_MASK)
		return "an area is not page aligned";
	if (vma->vm_end > TASK_SIZE)
		return "an area ends beyond TASK_SIZE";
	if (vma->vm_next && vma->vm_next->vm_prev != vma)
		return "the list's links do not agree";
	if (vma->vm_next && vma->vm_next->vm_start < vma->vm_end)
		return "areas overlap, or are out of order";
	if (vma->vm_gap != vma_compute_gap(mm, vma))
		return "vm_gap is wrong";
	if (vma->rb_subtree_gap != vma_compute_subtree_gap(vma))
		return "rb_subtree_gap is wrong";
	if (vma->anon_vma && !vma->anon_vma->refs)
		return "an area uses an anon_vma that is free";
	if (!vma->anon_vma != !vma->anon_vma_chain)
		return "an area has an anon_vma or a chain, not both";
	if (vma->vm_file && !vma->vm_file->refs)
		return "an area uses a file that is free";
	return NULL;
}

static void add_area(struct totals *totals, const struct mm_struct *mm,
		     const struct vm_area_struct *vma)
{
	struct mm_struct counters = { .machine = mm->machine };
	uint64_t pages = vma_pages(vma);

	vm_stat_count(&counters, vma->vm_flags, vma->vm_file, (int64_t)pages);
	totals->areas++;
	totals->total_vm += counters.total_vm;
	totals->shared_vm += counters.shared_vm;
	totals->exec_vm += counters.exec_vm;
	totals->stack_vm += counters.stack_vm;
	totals->data_vm += counters.data_vm;
	if (vma->vm_flags & VM_LOCKED)
		totals->locked_vm += pages;
}

static const char *check_list(const struct mm_struct *mm, struct totals *totals)
{
	const struct vm_area_struct *vma, *tail = NULL;
	uint64_t highest = 0;
	const char *wrong;

	if (mm->mmap && mm->mmap->vm_prev)
		return "the first area has one before it";
	for (vma = mm->mmap; vma; vma = vma->vm_next) {
		if (totals->areas > mm->map_count)
			return "the list is longer than map_count";
		wrong = check_area(mm, vma);
		if (wrong)
			return wrong;
		add_area(totals, mm, vma);
		highest = vma->vm_end;
		tail = vma;
	}
	if (totals->areas != mm->map_count)
		return "the list is shorter than map_count";
	if (tail != mm->mmap_tail)
		return "mmap_tail is wrong";
	if (highest != mm->highest_vm_end)
		return "highest_vm_end is wrong";
	return NULL;
}

/* Same areas in the same order, and a red-black tree. */
static const char *check_tree(const struct mm_struct *mm)
{
	const struct vm_area_struct *vma = mm->mmap;
	const struct rb_node *node, *up;
	int depth, first_depth = -1;

	if (mm->mm_rb.node && !rb_is_black(mm->mm_rb.node))
		return "the tree's root is red";
	for (node = rb_first(&mm->mm_rb); node; node = rb_next(node)) {
		if (!vma || vma_of(node) != vma)
			return "tree and list differ";
		vma = vma->vm_next;
		up = rb_parent(node);
		if (up && !rb_is_black(up) && !rb_is_black(node))
			return "a red node has a red parent";
		if (node->left && node->right)
			continue;
		for (depth = 0, up = node; up; up = rb_parent(up))
			depth += rb_is_black(up);
		if (first_depth < 0)
			first_depth = depth;
		if (depth != first_depth)
			return "the tree's black depth varies";
	}
	return vma ? "the list holds more than the tree" : NULL;
}

static const char *check_counters(const struct mm_struct *mm,
				  const struct totals *totals)
{
	if (mm->total_vm != totals->total_vm)
		return "total_vm is wrong";
	if (mm->locked_vm != totals->locked_vm + mm->stale_locked_vm)
		return "locked_vm is wrong";
	if (mm->shared_vm != totals->shared_vm)
		return "shared_vm is wrong";
	if (mm->exec_vm != totals->exec_vm)
		return "exec_vm is wrong";
	if (mm->stack_vm != totals->stack_vm)
		return "stack_vm is wrong";
	if (mm->data_vm != totals->data_vm)
		return "data_vm is wrong";
	return NULL;
}

static const char *check_chunk(const struct page_chunk *chunk)
{
	if (!chunk->present)
		return "a chunk without pages was kept";
	if ((chunk->write | chunk->anon | chunk->special) & ~chunk->present)
		return "an absent page has properties";
	if (chunk->special & chunk->write)
		return "a special page is writable";
	if (chunk->next && chunk->next->index <= chunk->index)
		return "chunks are out of order";
	return NULL;
}

static const char *check_pages(const struct mm_struct *mm)
{
	uint64_t anon = 0, file = 0, tables[3] = { 0 };
	const struct page_chunk *chunk;
	const struct page_node *table;
	const struct rb_node *node;
	const char *wrong;

	for (node = rb_first(&mm->page_tables); node; node = rb_next(node)) {
		table = rb_entry(node, struct page_node, rb);
		if (table->key >> 56 > LEVEL_PUD)
			return "a page table of no level";
		tables[table->key >> 56]++;
		if (!(mm->table_filter[table->key >> 56] >> (table->key & 63) &
		      1))
			return "a page table is not in the filter";
		if (table->key >> 56 != LEVEL_PTE)
			continue;
		for (chunk = table->chunks; chunk; chunk = chunk->next) {
			wrong = check_chunk(chunk);
			if (wrong)
				return wrong;
			anon += nr_anon(chunk, ~0ULL);
			file += nr_file(chunk, chunk->present);
		}
	}
	if (anon != mm->rss_anon || file != mm->rss_file)
		return "rss is not what the page tables hold";
	if (tables[LEVEL_PTE] != mm->nr_ptes ||
	    tables[LEVEL_PMD] != mm->nr_pmds ||
	    tables[LEVEL_PUD] != mm->nr_puds)
		return "the number of page tables is wrong";
	return NULL;
}

/* Every present page lies in an area. */
static const char *check_residence(const struct mm_struct *mm)
{
	const struct vm_area_struct *vma = mm->mmap;
	uint64_t start = 0, end;

	while (mm_next_resident(mm, &start, &end)) {
		while (start < end) {
			while (vma && vma->vm_end <= start)
				vma = vma->vm_next;
			if (!vma || vma->vm_start > start)
				return "a page is present where no area is";
			start = vma->vm_end < end ? vma->vm_end : end;
		}
	}
	return NULL;
}

const char *validate_mm(const struct mm_struct *mm)
{
	struct totals totals = { 0 };
	const char *wrong = check_list(mm, &totals);

	if (!wrong)
		wrong = check_tree(mm);
	if (!wrong)
		wrong = check_counters(mm, &totals);
	if (!wrong)
		wrong = check_pages(mm);
	if (!wrong)
		wrong = check_residence(mm);
	return wrong;
}

/*
 * In release the walk is rare enough to cost each call next to nothing, however
 * many areas there are.
 */
void mm_debug_validate(struct mm_struct *mm)
{
	const uint64_t tables = mm->nr_ptes * 8;

	if (MM_DEBUG < 3 && ++mm->unchecked < 64 * (mm->map_count + tables))
		return;
	mm->unchecked = 0;
	mm_assert(!validate_mm(mm));
}
