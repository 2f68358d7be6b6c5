/* SPDX-License-Identifier: MIT */
/*
 * What operations rely on, and validate_mm() does not look at: that references
 * are counted, that what they name lives long enough, that nothing is there which
 * would be left over at the end
 */
#include <string.h>

#include "core/mm/mm.h"
#include "core/mm/page_chunk.h"
#include "core/mm/page_table.h"
#include "core/mm/page_cache.h"
#include "core/mm/vma.h"
#include "core/world/pointer_map.h"
#include "core/world/state_parts.h"

#define VM_KNOWN                                                               \
	(VM_READ | VM_WRITE | VM_EXEC | VM_SHARED | VM_MAYREAD | VM_MAYWRITE | \
	 VM_MAYEXEC | VM_MAYSHARE | VM_GROWSDOWN | VM_PFNMAP | VM_DENYWRITE |  \
	 VM_LOCKED | VM_IO | VM_SEQ_READ | VM_RAND_READ | VM_DONTCOPY |        \
	 VM_DONTEXPAND | VM_ACCOUNT | VM_NORESERVE | VM_LOCKONFAULT |          \
	 VM_WIPEONFORK | VM_DROPPABLE | VM_SEALED | VM_DONTDUMP |              \
	 VM_SOFTDIRTY | VM_MIXEDMAP | VM_HUGEPAGE | VM_NOHUGEPAGE |            \
	 VM_MERGEABLE)

/* ---------------------------------------------------------------- files */

static void count_file_references(struct state_draft *draft)
{
	const struct world *world = draft->world;
	struct vm_area_struct *vma;
	uint32_t i, j;

	for (i = 0; i < draft->nr_mms; i++)
		for (vma = draft->mms[i]->mmap; vma; vma = vma->vm_next)
			if (vma->vm_file)
				vma->vm_file->refs++;
	for (i = 0; i < world->nr_processes; i++)
		for (j = 0; j < world->processes[i]->descriptors.nr; j++)
			world->processes[i]
				->descriptors.entries[j]
				.file->refs++;
}

static const char *judge_cache(struct vm_file *file)
{
	const uint64_t pages = vm_file_pages(file);
	const struct cache_node *node;
	struct rb_node *rb;
	uint64_t last;

	for (rb = rb_first(&file->cache); rb; rb = rb_next(rb)) {
		node = rb_entry(rb, struct cache_node, page.rb);
		if (!node->page.cached || node->dirty & ~node->page.cached)
			return "a file's cache has nothing, or dirt where "
			       "nothing is";
		last = node->page.key * 64 + 63 -
		       (uint64_t)__builtin_clzll(node->page.cached);
		if (last >= pages)
			return "a file's cache goes beyond its end";
		file->nr_cached += count_bits(node->page.cached);
	}
	return NULL;
}

static const char *judge_files(struct state_draft *draft)
{
	struct machine *machine = &draft->world->machine;
	const char *wrong = NULL;
	struct vm_file *file;
	uint32_t i;

	count_file_references(draft);
	for (i = 0; i < draft->nr_files && !wrong; i++) {
		file = draft->files[i];
		if (!file->refs)
			return "a file is neither mapped nor open";
		if (!file->path_len || memchr(file->path, 0, file->path_len))
			return "a file has no path, or one with a zero in it";
		wrong = judge_cache(file);
		machine->nr_cache_pages += file->nr_cached;
	}
	return wrong;
}

/* ------------------------------------------------------------- anon_vmas */

/*
 * While chains are judged, refs holds where in the chain of the area at hand an
 * anon_vma stands, and num_active_vmas which area that is.
 */
static const char *judge_chain(const struct mm_struct *mm,
			       const struct vm_area_struct *vma, uint32_t stamp)
{
	struct anon_vma *anon_vma, *parent;
	uint32_t at = 0;

	for (anon_vma = vma->anon_vma_chain; anon_vma;
	     anon_vma = anon_vma->inherited) {
		if (anon_vma->num_active_vmas == stamp)
			return "an area belongs to an anon_vma twice";
		anon_vma->num_active_vmas = stamp;
		anon_vma->refs = at++;
	}
	if (at > mm->generation + 1)
		return "an area belongs to more anon_vmas than its process "
		       "has ancestors";
	if (vma->anon_vma && vma->anon_vma->num_active_vmas != stamp)
		return "an area does not belong to its own anon_vma";
	if (at && !vma->anon_vma)
		return "an area belongs to anon_vmas and has none of its own";
	/* A child must be gone before its parent is. */
	for (anon_vma = vma->anon_vma_chain; anon_vma;
	     anon_vma = anon_vma->inherited) {
		parent = anon_vma->parent;
		if (parent == anon_vma)
			continue;
		if (parent->num_active_vmas != stamp ||
		    parent->refs < anon_vma->refs)
			return "an area belongs to a child, but not to its "
			       "parent after it";
	}
	return NULL;
}

static const char *judge_chains(const struct state_draft *draft)
{
	const struct vm_area_struct *vma;
	const char *wrong = NULL;
	uint32_t i, stamp = 0;

	for (i = 0; i < draft->nr_mms; i++)
		for (vma = draft->mms[i]->mmap; vma && !wrong;
		     vma = vma->vm_next)
			wrong = judge_chain(draft->mms[i], vma, ++stamp);
	return wrong;
}

static void count_links(const struct mm_struct *mm)
{
	const struct vm_area_struct *vma;
	struct anon_vma *anon_vma;

	for (vma = mm->mmap; vma; vma = vma->vm_next) {
		for (anon_vma = vma->anon_vma_chain; anon_vma;
		     anon_vma = anon_vma->inherited)
			anon_vma->refs++;
		if (vma->anon_vma)
			vma->anon_vma->num_active_vmas++;
	}
}

static const char *judge_anon_vmas(const struct state_draft *draft)
{
	const uint32_t last = draft->world->machine.next_anon_vma_id;
	struct anon_vma *anon_vma;
	const char *wrong;
	uint32_t i;

	for (i = 0; i < draft->nr_anon_vmas; i++) {
		anon_vma = draft->anon_vmas[i];
		if (!anon_vma->parent)
			return "an anon_vma has no parent; the first ones are "
			       "their own";
		if (!anon_vma->id || anon_vma->id > last)
			return "an anon_vma's number was not given yet";
	}
	wrong = judge_chains(draft);
	if (wrong)
		return wrong;
	for (i = 0; i < draft->nr_anon_vmas; i++) {
		draft->anon_vmas[i]->refs = 0;
		draft->anon_vmas[i]->num_active_vmas = 0;
	}
	for (i = 0; i < draft->nr_anon_vmas; i++)
		draft->anon_vmas[i]->parent->num_children++;
	for (i = 0; i < draft->nr_mms; i++)
		count_links(draft->mms[i]);
	for (i = 0; i < draft->nr_anon_vmas; i++)
		if (!draft->anon_vmas[i]->refs)
			return "no area belongs to an anon_vma";
	return NULL;
}

/* ----------------------------------------------------------------- areas */

static const char *judge_area(const struct mm_struct *mm,
			      const struct vm_area_struct *vma)
{
	if (!vma->id || vma->id > mm->next_vma_id)
		return "an area's number was not given yet";
	if (vma->vm_flags & ~VM_KNOWN)
		return "an area has flags that there are not";
	if (vma->vm_flags & VM_LOCKONFAULT && !(vma->vm_flags & VM_LOCKED))
		return "an area is locked on fault, but not locked";
	if (vma->vm_flags & VM_LOCKED && vma->vm_flags & VM_SPECIAL)
		return "an area is locked that cannot be";
	if (vma->vm_flags & VM_SHARED && !vma->vm_file)
		return "an area is shared, but has no file";
	if (vma->vm_special != VM_SPECIAL_NONE && vma->vm_file)
		return "an area is the kernel's own, but has a file";
	return NULL;
}

/* Counters follow from the areas; all of them by number in @areas. */
static const char *judge_areas(struct mm_struct *mm, struct pointer_map *areas)
{
	struct pointer_pair *pair;
	struct vm_area_struct *vma;
	const char *wrong = NULL;

	for (vma = mm->mmap; vma && !wrong; vma = vma->vm_next) {
		wrong = judge_area(mm, vma);
		vm_stat_count(mm, vma->vm_flags, vma->vm_file,
			      (int64_t)vma_pages(vma));
		if (vma->vm_flags & VM_LOCKED)
			mm->locked_vm += vma_pages(vma);
		pair = pointer_map_add(areas, (const void *)(uintptr_t)vma->id);
		if (!wrong && pair->to)
			wrong = "two areas have one number";
		pair->to = vma;
	}
	mm->locked_vm += mm->stale_locked_vm;
	return wrong;
}

/* ----------------------------------------------------------------- pages */

/* A table that no area reaches into would be left over at the end. */
static const char *judge_place(const struct mm_struct *mm,
			       const struct page_node *table)
{
	const enum table_level level = table->key >> 56;
	const uint64_t index = table->key & TABLE_INDEX_MASK;
	const struct vm_area_struct *vma;
	uint64_t start, end, above;

	if (level > LEVEL_PUD || index > TASK_SIZE >> level_shift(level))
		return "a page table is of no level, or of no address";
	start = index << level_shift(level);
	end = start + (1ULL << level_shift(level));
	vma = vma_at_or_after(mm, start);
	if (!vma || vma->vm_start >= end)
		return "a page table is there where no area is";
	if (level == LEVEL_PUD)
		return NULL;
	above = table_key(level + 1, start);
	return page_node_find(&mm->page_tables, above)
		       ? NULL
		       : "a page table has none above it";
}

static const char *count_chunks(struct mm_struct *mm,
				const struct page_node *table)
{
	const struct page_chunk *chunk;

	for (chunk = table->chunks; chunk; chunk = chunk->next) {
		if (chunk->dirty & ~chunk->present)
			return "a page is dirty and not there";
		mm->rss_anon += nr_anon(chunk, chunk->present);
		mm->rss_file += nr_file(chunk, chunk->present);
	}
	return NULL;
}

static const char *judge_tables(struct mm_struct *mm)
{
	uint32_t *const counts[] = { &mm->nr_ptes, &mm->nr_pmds, &mm->nr_puds };
	const struct page_node *table;
	const char *wrong = NULL;
	struct rb_node *rb;

	for (rb = rb_first(&mm->page_tables); rb && !wrong; rb = rb_next(rb)) {
		table = rb_entry(rb, struct page_node, rb);
		wrong = judge_place(mm, table);
		if (wrong)
			break;
		++*counts[table->key >> 56];
		table_filter_add(mm, table->key);
		if (page_node_has_chunks(table))
			wrong = count_chunks(mm, table);
	}
	return wrong;
}

/* --------------------------------------------------------------- threads */

static const char *judge_cache_slots(const struct mm_struct *mm,
				     struct task_struct *task,
				     struct pointer_map *areas)
{
	struct vmacache *cache = &task->vmacache;
	const bool valid = cache->seqnum == mm->vmacache_seqnum;
	int i;

	for (i = 0; i < VMACACHE_SIZE; i++) {
		if (!cache->ids[i])
			continue;
		/* A child's first thread is ahead, and knows nothing. */
		if (cache->seqnum > mm->vmacache_seqnum)
			return "a look-up cache is ahead of its address space";
		cache->slots[i] =
			valid ? pointer_map_add(
					areas,
					(const void *)(uintptr_t)cache->ids[i])
					->to
			      : &world_gone_area;
		if (!cache->slots[i])
			return "a look-up cache knows an area that is not "
			       "there";
	}
	return NULL;
}

static const char *judge_tasks(const struct state_draft *draft,
			       struct mm_struct *mm, struct pointer_map *areas,
			       struct pointer_map *tids)
{
	const struct world *world = draft->world;
	struct task_struct *task;
	struct pointer_pair *pair;
	struct process *process;
	const char *wrong = NULL;

	for (task = mm->tasks; task && !wrong; task = task->next) {
		if (task->tgid >= world->nr_processes ||
		    world->processes[task->tgid]->mm != mm)
			return "a thread is of another process";
		process = world->processes[task->tgid];
		if (!task->tid || task->tid > process->last_tid)
			return "a thread's number was not given yet";
		pair = pointer_map_add(
			tids,
			(const void *)(uintptr_t)((uint64_t)task->tgid << 32 |
						  task->tid));
		if (pair->to)
			return "two threads have one number";
		pair->to = task;
		process->nr_threads++;
		wrong = judge_cache_slots(mm, task, areas);
	}
	return wrong;
}

/* --------------------------------------------------------- address spaces */

/* Where a heap of nothing is at 0, brk takes the last page for the same, as what
 * is in it is rounded up to 0. */
static const char *judge_break(const struct mm_struct *mm)
{
	if (mm->start_brk > mm->brk)
		return "a heap ends before it begins";
	if (mm->brk > BRK_MAX && (mm->start_brk || PAGE_ALIGN(mm->brk)))
		return "a heap ends where none can";
	return NULL;
}

static const char *judge_numbers(const struct state_draft *draft,
				 const struct mm_struct *mm)
{
	if (mm->generation >= draft->world->nr_processes)
		return "there were fewer forks than an address space tells";
	if (mm->image > draft->world->machine.nr_images)
		return "there were fewer execs than an address space tells";
	if (mm->def_flags & ~VM_LOCKED_MASK || mm->def_flags == VM_LOCKONFAULT)
		return "new areas get flags that they cannot get";
	return judge_break(mm);
}

static const char *judge_with_maps(const struct state_draft *draft,
				   struct mm_struct *mm,
				   struct pointer_map *areas,
				   struct pointer_map *tids)
{
	struct machine *machine = &draft->world->machine;
	const char *wrong = judge_numbers(draft, mm);

	if (!wrong)
		wrong = judge_areas(mm, areas);
	if (!wrong)
		wrong = judge_tables(mm);
	if (!wrong)
		wrong = judge_tasks(draft, mm, areas, tids);
	if (!wrong)
		wrong = validate_mm(mm);
	machine->nr_anon_pages += mm->rss_anon;
	machine->nr_table_pages += mm->nr_ptes + mm->nr_pmds + mm->nr_puds;
	return wrong;
}

static const char *judge_mm(struct state_draft *draft, struct mm_struct *mm)
{
	struct pointer_map areas = { .nr = 0 }, tids = { .nr = 0 };
	const char *wrong = NULL;

	/* A cache may ask for areas that there are not. */
	if (pointer_map_init(&areas, draft->memory,
			     mm->map_count +
				     (uint64_t)mm->mm_users * VMACACHE_SIZE) ||
	    pointer_map_init(&tids, draft->memory, mm->mm_users))
		draft->refused = true;
	else
		wrong = judge_with_maps(draft, mm, &areas, &tids);
	pointer_map_deinit(&areas);
	pointer_map_deinit(&tids);
	return wrong;
}

/* ------------------------------------------------------------- processes */

static const char *judge_processes(const struct state_draft *draft)
{
	const struct world *world = draft->world;
	const struct process *process;
	uint32_t i;

	for (i = 0; i < world->nr_processes; i++) {
		process = world->processes[i];
		if (process->mm ? !process->nr_threads
				: process->descriptors.nr)
			return "a process has no thread, or files and has "
			       "exited";
	}
	for (i = 0; i < draft->nr_mms; i++)
		if (!draft->mms[i]->mm_users)
			return "an address space is no process's";
	return NULL;
}

/* What ends will give back what it has committed. */
static const char *judge_committed(const struct state_draft *draft)
{
	const struct vm_area_struct *vma;
	const struct vm_file *file;
	uint64_t pages = 0;
	uint32_t i;

	for (i = 0; i < draft->nr_mms; i++)
		for (vma = draft->mms[i]->mmap; vma; vma = vma->vm_next)
			if (vma->vm_flags & VM_ACCOUNT)
				pages += vma_pages(vma);
	for (i = 0; i < draft->nr_files; i++) {
		file = draft->files[i];
		pages += file->committed;
		pages += file->noreserve ? file->nr_cached : 0;
	}
	return pages > draft->world->machine.committed_as
		       ? "less is committed than areas and files have"
		       : NULL;
}

const char *state_judge(struct state_draft *draft)
{
	const char *wrong = judge_files(draft);
	uint32_t i;

	if (!wrong)
		wrong = judge_anon_vmas(draft);
	for (i = 0; i < draft->nr_mms && !wrong && !draft->refused; i++)
		wrong = judge_mm(draft, draft->mms[i]);
	if (!wrong && !draft->refused)
		wrong = judge_processes(draft);
	if (!wrong && !draft->refused)
		wrong = judge_committed(draft);
	return wrong;
}
