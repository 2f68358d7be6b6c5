/* SPDX-License-Identifier: MIT */
/*
 * An exact copy of a world
 *
 * First everything that can be refused: a reservation of the small objects, and
 * those that are allocated one by one, as empty shells. Then the shells are
 * filled, and nothing can go wrong any more.
 */
#include "core/world/world_clone.h"

#include <stddef.h>
#include <string.h>

#include "core/mm/assert.h"
#include "core/world/clone_fill.h"

/* What became of a stage. */
enum part {
	PART_DONE,
	PART_MORE,
	PART_REFUSED
};

uint64_t world_areas(const struct world *world)
{
	const struct mm_struct *mm;
	uint64_t areas = 0;

	for (mm = world->machine.mms; mm; mm = mm->next_mm)
		areas += (uint64_t)mm->map_count;
	return areas;
}

/* -------------------------------------------------------------- shells */

static size_t file_size(const struct vm_file *file)
{
	return sizeof(*file) + file->path_len;
}

/* Free what shells there are, as if nothing had been. */
static void abandon(struct world_cloning *cloning)
{
	struct pointer_map *files = &cloning->survey.files;
	struct pointer_map *mms = &cloning->survey.mms;
	struct memory *memory = cloning->memory;
	struct world *clone = cloning->clone;
	struct task_struct *task;
	struct process *process;
	struct mm_struct *mm;
	uint32_t i;

	if (!clone)
		return;
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
}

static int make_world(struct world_cloning *cloning)
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
	journal_init(&clone->journal, 0);
	clone->due = UINT64_MAX;
	cloning->clone = clone;
	cloning->taken = cloning->memory->taken;
	return 0;
}

static enum part make_files(struct world_cloning *cloning, uint64_t *left)
{
	struct pointer_map *files = &cloning->survey.files;
	const struct vm_file *old;
	struct vm_file *file;

	for (; cloning->at < files->nr; cloning->at++) {
		if (!clone_spend(left))
			return PART_MORE;
		old = files->pairs[cloning->at].from;
		file = memory_alloc(cloning->memory, file_size(old));
		if (!file)
			return PART_REFUSED;
		memcpy(file, old, file_size(old));
		file->machine = &cloning->clone->machine;
		file->cache.node = NULL;
		files->pairs[cloning->at].to = file;
	}
	return PART_DONE;
}

static int make_tasks(struct world_cloning *cloning, struct mm_struct *mm,
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

static int make_mms(struct world_cloning *cloning)
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

static int make_descriptors(struct world_cloning *cloning,
			    struct process *process,
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

static int make_processes(struct world_cloning *cloning)
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

/* -------------------------------------------------------------- stages */

static int admit(struct world_cloning *cloning)
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
	return 0;
}

static uint64_t at_most(uint64_t nr, uint64_t max)
{
	return nr < max ? nr : max;
}

/* What must be refused in the end is refused at once; the rest is obtained step
 * by step. */
static enum part reserve(struct world_cloning *cloning, uint64_t *left)
{
	const struct memory_need *all = &cloning->survey.need;
	const uint64_t most = all->areas + all->anon_vmas + all->page_nodes +
			      all->page_chunks + all->cache_nodes;
	struct memory_need need = *all;
	uint64_t now;

	if (!cloning->reserved && admit(cloning))
		return PART_REFUSED;
	now = at_most(*left, most - cloning->reserved);
	cloning->reserved += now;
	*left -= now;
	need.areas = at_most(all->areas, cloning->reserved);
	need.anon_vmas = at_most(all->anon_vmas, cloning->reserved);
	need.page_nodes = at_most(all->page_nodes, cloning->reserved);
	need.page_chunks = at_most(all->page_chunks, cloning->reserved);
	need.cache_nodes = at_most(all->cache_nodes, cloning->reserved);
	if (memory_reserve(cloning->memory, &need))
		return PART_REFUSED;
	return cloning->reserved < most ? PART_MORE : PART_DONE;
}

static enum part make_shells(struct world_cloning *cloning)
{
	struct account *account = cloning->memory->account;

	if (make_mms(cloning) || make_processes(cloning))
		return PART_REFUSED;
	account->processes += cloning->survey.living;
	account->threads += count_threads(&cloning->survey);
	account->worlds++;
	return PART_DONE;
}

static enum part survey(struct world_cloning *cloning, uint64_t *left)
{
	bool more;

	if (world_survey_go_on(&cloning->survey, left, &more))
		return PART_REFUSED;
	return more ? PART_MORE : PART_DONE;
}

static enum part filled(bool done)
{
	return done ? PART_DONE : PART_MORE;
}

static enum part go_through(struct world_cloning *cloning, uint64_t *left)
{
	switch (cloning->stage) {
	case STAGE_SURVEY:
		return survey(cloning, left);
	case STAGE_RESERVE:
		return reserve(cloning, left);
	case STAGE_FILES:
		if (!cloning->clone && make_world(cloning))
			return PART_REFUSED;
		return make_files(cloning, left);
	case STAGE_SHELLS:
		return make_shells(cloning);
	case STAGE_ANON_VMAS:
		return filled(clone_fill_anon_vmas(cloning, left));
	case STAGE_PARENTS:
		return filled(clone_fill_parents(cloning, left));
	case STAGE_CACHES:
		return filled(clone_fill_caches(cloning, left));
	case STAGE_AREAS:
		return filled(clone_fill_areas(cloning, left));
	default:
		return filled(clone_fill_tables(cloning, left));
	}
}

struct world_cloning *world_cloning_begin(struct memory *memory,
					  const struct world *world)
{
	struct world_cloning *cloning = memory_alloc(memory, sizeof(*cloning));

	if (!cloning)
		return NULL;
	cloning->memory = memory;
	cloning->world = world;
	world_survey_start(&cloning->survey, memory, world);
	return cloning;
}

enum world_status world_cloning_go_on(struct world_cloning *cloning,
				      uint64_t units, bool *morep)
{
	enum part part;

	*morep = true;
	while (cloning->stage != STAGE_DONE) {
		part = go_through(cloning, &units);
		if (part == PART_REFUSED)
			return WORLD_REFUSED;
		if (part == PART_MORE)
			return WORLD_OK;
		cloning->stage++;
		cloning->at = 0;
	}
	*morep = false;
	return WORLD_OK;
}

static void forget(struct world_cloning *cloning)
{
	struct memory *memory = cloning->memory;

	world_survey_end(&cloning->survey);
	memory_free(memory, cloning, sizeof(*cloning));
	memory_trim(memory);
}

struct world *world_cloning_end(struct world_cloning *cloning)
{
	struct world *clone = cloning->clone;

	mm_assert(cloning->stage == STAGE_DONE);
	clone->held = cloning->memory->taken - cloning->taken;
	forget(cloning);
	return clone;
}

void world_cloning_drop(struct world_cloning *cloning)
{
	bool more;

	if (cloning->stage > STAGE_SHELLS) {
		world_cloning_go_on(cloning, UINT64_MAX, &more);
		world_free(world_cloning_end(cloning));
		return;
	}
	abandon(cloning);
	forget(cloning);
}

enum world_status world_clone(struct memory *memory, const struct world *world,
			      struct world **clonep)
{
	struct world_cloning *cloning = world_cloning_begin(memory, world);
	bool more;

	if (!cloning)
		return WORLD_REFUSED;
	if (world_cloning_go_on(cloning, UINT64_MAX, &more) != WORLD_OK) {
		world_cloning_drop(cloning);
		return WORLD_REFUSED;
	}
	*clonep = world_cloning_end(cloning);
	return WORLD_OK;
}
