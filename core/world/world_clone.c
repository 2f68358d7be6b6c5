/* SPDX-License-Identifier: MIT */
/*
 * An exact copy of a world
 *
 * First everything that can be refused: the objects that are allocated one by
 * one, as empty shells, and a reservation of the small ones. Then the shells
 * are filled, and nothing can go wrong any more.
 */
#include <stddef.h>
#include <string.h>

#include "core/mm/page_table.h"
#include "core/mm/assert.h"
#include "core/mm/vma.h"
#include "core/world/world_survey.h"

/* A copy under way. */
struct cloning {
	struct memory *memory;
	const struct world *world;
	struct world *clone;
	struct world_survey survey; /* with the copies in its pairs */
};

/* -------------------------------------------------------------- shells */

static size_t file_size(const struct vm_file *file)
{
	return sizeof(*file) + file->path_len;
}

/* Free what shells there are, as if nothing had been. */
static void abandon(struct cloning *cloning)
{
	struct pointer_map *files = &cloning->survey.files;
	struct pointer_map *mms = &cloning->survey.mms;
	struct memory *memory = cloning->memory;
	struct world *clone = cloning->clone;
	struct task_struct *task;
	struct process *process;
	struct mm_struct *mm;
	uint32_t i;

	for (i = 0; i < mms->nr && (mm = mms->pairs[i].to); i++) {
		while ((task = mm->tasks)) {
			mm->tasks = task->next;
			memory_free(memory, task, sizeof(*task));
		}
		memory_free(memory, mm, sizeof(*mm));
	}
	for (i = 0; i < files->nr; i++)
		memory_free(memory, files->pairs[i].to,
			    file_size(files->pairs[i].from));
	for (i = 0; i < clone->nr_processes; i++) {
		process = clone->processes[i];
		memory_free(memory, process->descriptors.entries,
			    process->descriptors.room *
				    sizeof(struct descriptor));
		memory_free(memory, process, sizeof(*process));
	}
	memory_free(memory, clone->processes,
		    clone->processes_room * sizeof(*clone->processes));
	memory_free(memory, clone, sizeof(*clone));
	memory_trim(memory);
}

static int make_world(struct cloning *cloning)
{
	const struct world *world = cloning->world;
	struct world *clone = memory_alloc(cloning->memory, sizeof(*clone));

	if (!clone)
		return -1;
	clone->memory = cloning->memory;
	clone->machine = world->machine;
	clone->machine.memory = cloning->memory;
	clone->machine.mms = NULL;
	clone->machine.steps = NULL;
	clone->seq = world->seq;
	clone->seed = world->seed;
	clone->max_held = world_bytes_max(cloning->memory);
	journal_init(&clone->journal, 0);
	clone->due = UINT64_MAX;
	cloning->clone = clone;
	return 0;
}

static int make_files(struct cloning *cloning)
{
	struct pointer_map *files = &cloning->survey.files;
	const struct vm_file *old;
	struct vm_file *file;
	uint32_t i;

	for (i = 0; i < files->nr; i++) {
		old = files->pairs[i].from;
		file = memory_alloc(cloning->memory, file_size(old));
		if (!file)
			return -1;
		memcpy(file, old, file_size(old));
		file->machine = &cloning->clone->machine;
		file->cache.node = NULL;
		files->pairs[i].to = file;
	}
	return 0;
}

static int make_tasks(struct cloning *cloning, struct mm_struct *mm,
		      const struct mm_struct *old)
{
	struct task_struct **link = &mm->tasks, *task;
	const struct task_struct *from;

	for (from = old->tasks; from; from = from->next) {
		task = memory_alloc(cloning->memory, sizeof(*task));
		if (!task)
			return -1;
		*task = *from;
		task->mm = mm;
		task->next = NULL;
		*link = task;
		link = &task->next;
	}
	return 0;
}

static int make_mms(struct cloning *cloning)
{
	struct pointer_map *mms = &cloning->survey.mms;
	struct mm_struct **link = &cloning->clone->machine.mms, *mm;
	const struct mm_struct *old;
	uint32_t i;

	for (i = 0; i < mms->nr; i++) {
		old = mms->pairs[i].from;
		mm = memory_alloc(cloning->memory, sizeof(*mm));
		if (!mm)
			return -1;
		*mm = *old;
		mm->machine = &cloning->clone->machine;
		mm->next_mm = NULL;
		mm->mmap = NULL;
		mm->mmap_tail = NULL;
		mm->mm_rb.node = NULL;
		mm->page_tables.node = NULL;
		mm->tasks = NULL;
		mms->pairs[i].to = mm;
		*link = mm;
		link = &mm->next_mm;
		if (make_tasks(cloning, mm, old))
			return -1;
	}
	return 0;
}

static int make_descriptors(struct cloning *cloning, struct process *process,
			    const struct descriptors *old)
{
	struct descriptors *table = &process->descriptors;
	uint32_t i;

	memset(table, 0, sizeof(*table));
	if (!old->room)
		return 0;
	table->entries = memory_alloc(cloning->memory,
				      old->room * sizeof(*table->entries));
	if (!table->entries)
		return -1;
	table->room = old->room;
	table->nr = old->nr;
	for (i = 0; i < old->nr; i++) {
		table->entries[i].fd = old->entries[i].fd;
		table->entries[i].file = pointer_map_to(&cloning->survey.files,
							old->entries[i].file);
	}
	return 0;
}

static int make_processes(struct cloning *cloning)
{
	const struct world *world = cloning->world;
	struct world *clone = cloning->clone;
	const struct process *old;
	struct process *process;
	uint32_t i;

	clone->processes =
		memory_alloc(cloning->memory,
			     world->nr_processes * sizeof(*clone->processes));
	if (!clone->processes)
		return -1;
	clone->processes_room = world->nr_processes;
	for (i = 0; i < world->nr_processes; i++) {
		old = world->processes[i];
		process = memory_alloc(cloning->memory, sizeof(*process));
		if (!process)
			return -1;
		*process = *old;
		process->world = clone;
		process->name = 0;
		process->mm = pointer_map_to(&cloning->survey.mms, old->mm);
		clone->processes[clone->nr_processes++] = process;
		if (make_descriptors(cloning, process, &old->descriptors))
			return -1;
	}
	return 0;
}

/* ------------------------------------------------------------- filling */

struct vm_area_struct world_gone_area;

static void fill_anon_vmas(struct cloning *cloning)
{
	struct pointer_map *map = &cloning->survey.anon_vmas;
	struct anon_vma *anon_vma;
	uint8_t slot;
	uint32_t i;

	for (i = 0; i < map->nr; i++) {
		anon_vma = memory_take_anon_vma(cloning->memory);
		slot = anon_vma->slot;
		*anon_vma = *(const struct anon_vma *)map->pairs[i].from;
		anon_vma->slot = slot;
		map->pairs[i].to = anon_vma;
	}
	/* An area belongs to the parents of what it belongs to. */
	for (i = 0; i < map->nr; i++) {
		anon_vma = map->pairs[i].to;
		anon_vma->parent = pointer_map_to(map, anon_vma->parent);
		anon_vma->inherited = pointer_map_to(map, anon_vma->inherited);
	}
}

/* An area's copy, at the end of the list. */
static struct vm_area_struct *fill_area(struct cloning *cloning,
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

/* What copies the nodes of one tree. */
struct tree_cloning {
	struct cloning *cloning;
	struct mm_struct *mm; /* of areas */
};

static struct rb_node *clone_area_node(void *ctx, const struct rb_node *old)
{
	struct tree_cloning *tree = ctx;

	return &fill_area(tree->cloning, tree->mm, vma_of(old))->vm_rb;
}

static void fill_chunks(struct cloning *cloning, struct page_node *table,
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

static struct rb_node *clone_table_node(void *ctx, const struct rb_node *rb)
{
	const struct page_node *old = rb_entry(rb, struct page_node, rb);
	struct cloning *cloning = ((struct tree_cloning *)ctx)->cloning;
	struct page_node *node = memory_take_page_node(cloning->memory);

	*node = *old;
	if (page_node_has_chunks(old))
		fill_chunks(cloning, node, old->chunks);
	return &node->rb;
}

static struct rb_node *clone_cache_node(void *ctx, const struct rb_node *rb)
{
	struct cloning *cloning = ((struct tree_cloning *)ctx)->cloning;
	struct page_node *node = memory_take_page_node(cloning->memory);

	*node = *rb_entry(rb, struct page_node, rb);
	return &node->rb;
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

static void fill_mm(struct cloning *cloning, struct mm_struct *mm,
		    const struct mm_struct *old)
{
	struct tree_cloning tree = { cloning, mm };
	struct task_struct *task;

	rb_copy(&mm->mm_rb, &old->mm_rb, clone_area_node, &tree);
	rb_copy(&mm->page_tables, &old->page_tables, clone_table_node, &tree);
	for (task = mm->tasks; task; task = task->next)
		fill_slots(mm, task);
	mm_debug_validate(mm);
}

/* Of all processes that live. */
static uint64_t count_threads(const struct world_survey *survey)
{
	const struct task_struct *task;
	uint64_t threads = 0;
	uint32_t i;

	for (i = 0; i < survey->mms.nr; i++) {
		const struct mm_struct *mm = survey->mms.pairs[i].from;

		for (task = mm->tasks; task; task = task->next)
			threads++;
	}
	return threads;
}

static void fill(struct cloning *cloning)
{
	struct world_survey *survey = &cloning->survey;
	struct tree_cloning tree = { cloning, NULL };
	const struct vm_file *old;
	uint32_t i;

	fill_anon_vmas(cloning);
	for (i = 0; i < survey->files.nr; i++) {
		old = survey->files.pairs[i].from;
		rb_copy(&((struct vm_file *)survey->files.pairs[i].to)->cache,
			&old->cache, clone_cache_node, &tree);
	}
	for (i = 0; i < survey->mms.nr; i++)
		fill_mm(cloning, survey->mms.pairs[i].to,
			survey->mms.pairs[i].from);
	cloning->memory->account->processes += survey->living;
	cloning->memory->account->threads += count_threads(survey);
	cloning->memory->account->worlds++;
}

static int reserve(struct cloning *cloning)
{
	struct account *account = cloning->memory->account;

	if (!account_admits(account, REFUSAL_PROCESSES,
			    cloning->survey.living)) {
		cloning->memory->refusal = REFUSAL_PROCESSES;
		return -1;
	}
	if (!account_admits(account, REFUSAL_THREADS,
			    count_threads(&cloning->survey))) {
		cloning->memory->refusal = REFUSAL_THREADS;
		return -1;
	}
	return memory_reserve(cloning->memory, &cloning->survey.need);
}

enum world_status world_clone(struct memory *memory, const struct world *world,
			      struct world **clonep)
{
	struct cloning cloning = { .memory = memory, .world = world };
	uint64_t taken;

	if (world_survey_begin(memory, world, &cloning.survey))
		return WORLD_REFUSED;
	if (reserve(&cloning) || make_world(&cloning)) {
		memory_trim(memory);
		world_survey_end(&cloning.survey);
		return WORLD_REFUSED;
	}
	taken = memory->taken;
	if (make_files(&cloning) || make_mms(&cloning) ||
	    make_processes(&cloning)) {
		abandon(&cloning);
		world_survey_end(&cloning.survey);
		return WORLD_REFUSED;
	}
	fill(&cloning);
	cloning.clone->held = memory->taken - taken;
	memory_trim(memory);
	world_survey_end(&cloning.survey);
	*clonep = cloning.clone;
	return WORLD_OK;
}
