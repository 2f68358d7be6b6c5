/* SPDX-License-Identifier: MIT */
#include "core/world/world_survey.h"

#include <string.h>

#include "core/mm/page_table.h"

/* How many references there are: bounds of what they refer to. */
struct references {
	uint64_t mms, files, anon_vmas;
};

static void count_areas(const struct mm_struct *mm, struct references *refs)
{
	const struct anon_vma *anon_vma;
	const struct vm_area_struct *vma;

	for (vma = mm->mmap; vma; vma = vma->vm_next) {
		refs->files += vma->vm_file != NULL;
		for (anon_vma = vma->anon_vma_chain; anon_vma;
		     anon_vma = anon_vma->inherited)
			refs->anon_vmas++;
	}
}

static void count(const struct world *world, struct references *refs)
{
	const struct mm_struct *mm;
	uint32_t i;

	for (mm = world->machine.mms; mm; mm = mm->next_mm) {
		refs->mms++;
		count_areas(mm, refs);
	}
	for (i = 0; i < world->nr_processes; i++)
		refs->files += world->processes[i]->descriptors.nr;
}

static void survey_tables(struct world_survey *survey,
			  const struct mm_struct *mm)
{
	const struct page_chunk *chunk;
	const struct page_node *table;
	struct rb_node *node;

	for (node = rb_first(&mm->page_tables); node; node = rb_next(node)) {
		survey->need.page_nodes++;
		table = rb_entry(node, struct page_node, rb);
		if (!page_node_has_chunks(table))
			continue;
		for (chunk = table->chunks; chunk; chunk = chunk->next)
			survey->need.page_chunks++;
	}
}

static void survey_mm(struct world_survey *survey, const struct mm_struct *mm)
{
	const struct anon_vma *anon_vma;
	const struct vm_area_struct *vma;

	pointer_map_add(&survey->mms, mm);
	for (vma = mm->mmap; vma; vma = vma->vm_next) {
		if (vma->vm_file)
			pointer_map_add(&survey->files, vma->vm_file);
		for (anon_vma = vma->anon_vma_chain; anon_vma;
		     anon_vma = anon_vma->inherited) {
			pointer_map_add(&survey->anon_vmas, anon_vma);
			survey->links++;
		}
	}
	survey->need.areas += mm->map_count;
	survey_tables(survey, mm);
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

static void survey_cache(struct world_survey *survey,
			 const struct vm_file *file)
{
	struct rb_node *node;

	for (node = rb_first(&file->cache); node; node = rb_next(node))
		survey->need.page_nodes++;
}

int world_survey_begin(struct memory *memory, const struct world *world,
		       struct world_survey *survey)
{
	struct references refs = { 0 };
	const struct mm_struct *mm;
	uint32_t i;

	memset(survey, 0, sizeof(*survey));
	count(world, &refs);
	if (pointer_map_init(&survey->mms, memory, refs.mms) ||
	    pointer_map_init(&survey->files, memory, refs.files) ||
	    pointer_map_init(&survey->anon_vmas, memory, refs.anon_vmas)) {
		world_survey_end(survey);
		return -1;
	}
	for (mm = world->machine.mms; mm; mm = mm->next_mm)
		survey_mm(survey, mm);
	for (i = 0; i < world->nr_processes; i++)
		survey_process(survey, world->processes[i]);
	for (i = 0; i < survey->files.nr; i++)
		survey_cache(survey, survey->files.pairs[i].from);
	survey->need.anon_vmas = survey->anon_vmas.nr;
	survey->need.net_areas = survey->need.areas;
	return 0;
}

void world_survey_end(struct world_survey *survey)
{
	pointer_map_deinit(&survey->mms);
	pointer_map_deinit(&survey->files);
	pointer_map_deinit(&survey->anon_vmas);
}
