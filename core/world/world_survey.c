/* SPDX-License-Identifier: MIT */
#include "core/world/world_survey.h"

#include <string.h>

#include "core/mm/page_table.h"

static bool spend(uint64_t *left)
{
	if (!*left)
		return false;
	--*left;
	return true;
}

/* -------------------------------------------------------------- areas */

static void enter_mm(struct world_survey *survey, const struct mm_struct *mm)
{
	survey->mm = mm;
	survey->vma = mm ? mm->mmap : NULL;
	survey->node = mm ? rb_first(&mm->page_tables) : NULL;
}

static void count_area(struct world_survey *survey,
		       const struct vm_area_struct *vma)
{
	const struct anon_vma *anon_vma;

	survey->nr_files += vma->vm_file != NULL;
	for (anon_vma = vma->anon_vma_chain; anon_vma;
	     anon_vma = anon_vma->inherited)
		survey->nr_anon_vmas++;
}

static void survey_area(struct world_survey *survey,
			const struct vm_area_struct *vma)
{
	const struct anon_vma *anon_vma;

	if (vma->vm_file)
		pointer_map_add(&survey->files, vma->vm_file);
	for (anon_vma = vma->anon_vma_chain; anon_vma;
	     anon_vma = anon_vma->inherited) {
		pointer_map_add(&survey->anon_vmas, anon_vma);
		survey->links++;
	}
}

/* False: there are more. */
static bool each_area(struct world_survey *survey, uint64_t *left,
		      void (*look)(struct world_survey *survey,
				   const struct vm_area_struct *vma))
{
	for (; survey->mm; enter_mm(survey, survey->mm->next_mm)) {
		for (; survey->vma; survey->vma = survey->vma->vm_next) {
			if (!spend(left))
				return false;
			look(survey, survey->vma);
		}
	}
	return true;
}

/* --------------------------------------------- tables, processes, caches */

static bool survey_tables(struct world_survey *survey, uint64_t *left)
{
	const struct page_chunk *chunk;
	const struct page_node *table;

	for (; survey->mm; enter_mm(survey, survey->mm->next_mm)) {
		for (; survey->node; survey->node = rb_next(survey->node)) {
			if (!spend(left))
				return false;
			survey->need.page_nodes++;
			table = rb_entry(survey->node, struct page_node, rb);
			if (!page_node_has_chunks(table))
				continue;
			for (chunk = table->chunks; chunk; chunk = chunk->next)
				survey->need.page_chunks++;
		}
	}
	return true;
}

static void survey_process(struct world_survey *survey,
			   const struct process *process)
{
	const struct descriptors *table = &process->descriptors;
	uint32_t i;

	survey->living += process->mm != NULL;
	for (i = 0; i < table->nr; i++)
		pointer_map_add(&survey->files, table->entries[i].file);
}

static bool survey_processes(struct world_survey *survey, uint64_t *left)
{
	for (; survey->at < survey->world->nr_processes; survey->at++) {
		if (!spend(left))
			return false;
		survey_process(survey, survey->world->processes[survey->at]);
	}
	return true;
}

static void enter_cache(struct world_survey *survey, uint32_t at)
{
	const struct vm_file *file;

	survey->at = at;
	if (at == survey->files.nr)
		return;
	file = survey->files.pairs[at].from;
	survey->node = rb_first(&file->cache);
}

static bool survey_caches(struct world_survey *survey, uint64_t *left)
{
	for (; survey->at < survey->files.nr;
	     enter_cache(survey, survey->at + 1)) {
		for (; survey->node; survey->node = rb_next(survey->node)) {
			if (!spend(left))
				return false;
			survey->need.cache_nodes++;
		}
		/* A file without a cache costs something, too. */
		*left -= *left != 0;
	}
	return true;
}

/* -------------------------------------------------------------- stages */

static int begin_areas(struct world_survey *survey)
{
	struct memory *memory = survey->memory;
	const struct mm_struct *mm = survey->world->machine.mms;

	if (pointer_map_init(&survey->mms, memory, survey->nr_mms) ||
	    pointer_map_init(&survey->files, memory, survey->nr_files) ||
	    pointer_map_init(&survey->anon_vmas, memory, survey->nr_anon_vmas))
		return -1;
	enter_mm(survey, mm);
	for (; mm; mm = mm->next_mm) {
		pointer_map_add(&survey->mms, mm);
		survey->need.areas += mm->map_count;
	}
	return 0;
}

static int begin_stage(struct world_survey *survey)
{
	switch (survey->stage) {
	case SURVEY_AREAS:
		return begin_areas(survey);
	case SURVEY_TABLES:
		enter_mm(survey, survey->world->machine.mms);
		return 0;
	case SURVEY_CACHES:
		enter_cache(survey, 0);
		return 0;
	case SURVEY_DONE:
		survey->need.anon_vmas = survey->anon_vmas.nr;
		survey->need.net_areas = survey->need.areas;
		return 0;
	default:
		return 0;
	}
}

/* False: there is more of the stage. */
static bool go_through(struct world_survey *survey, uint64_t *left)
{
	switch (survey->stage) {
	case SURVEY_COUNT:
		return each_area(survey, left, count_area);
	case SURVEY_AREAS:
		return each_area(survey, left, survey_area);
	case SURVEY_TABLES:
		return survey_tables(survey, left);
	case SURVEY_PROCESSES:
		return survey_processes(survey, left);
	default:
		return survey_caches(survey, left);
	}
}

void world_survey_start(struct world_survey *survey, struct memory *memory,
			const struct world *world)
{
	const struct mm_struct *mm;
	uint32_t i;

	memset(survey, 0, sizeof(*survey));
	survey->memory = memory;
	survey->world = world;
	for (mm = world->machine.mms; mm; mm = mm->next_mm)
		survey->nr_mms++;
	for (i = 0; i < world->nr_processes; i++)
		survey->nr_files += world->processes[i]->descriptors.nr;
	enter_mm(survey, world->machine.mms);
}

int world_survey_go_on(struct world_survey *survey, uint64_t *left, bool *morep)
{
	*morep = true;
	while (survey->stage != SURVEY_DONE) {
		if (!go_through(survey, left))
			return 0;
		survey->stage++;
		if (begin_stage(survey))
			return -1;
	}
	*morep = false;
	return 0;
}

int world_survey_begin(struct memory *memory, const struct world *world,
		       struct world_survey *survey)
{
	uint64_t all = UINT64_MAX;
	bool more;

	world_survey_start(survey, memory, world);
	if (!world_survey_go_on(survey, &all, &more))
		return 0;
	world_survey_end(survey);
	return -1;
}

void world_survey_end(struct world_survey *survey)
{
	pointer_map_deinit(&survey->mms);
	pointer_map_deinit(&survey->files);
	pointer_map_deinit(&survey->anon_vmas);
}
