/* SPDX-License-Identifier: MIT */
/*
 * What was read of a state that is none, taken apart object by object
 */
#include "core/mm/page_table.h"
#include "core/world/state_reader.h"

static void give_tables(struct memory *memory, struct mm_struct *mm)
{
	struct page_chunk *chunk;
	struct page_node *table;
	struct rb_node *rb;

	while ((rb = mm->page_tables.node)) {
		table = rb_entry(rb, struct page_node, rb);
		while (page_node_has_chunks(table) && (chunk = table->chunks)) {
			table->chunks = chunk->next;
			memory_give_page_chunk(memory, chunk);
		}
		rb_erase(&mm->page_tables, rb, NULL);
		memory_give_page_node(memory, table);
	}
}

static void give_cache(struct memory *memory, struct vm_file *file)
{
	struct rb_node *rb;

	while ((rb = file->cache.node)) {
		rb_erase(&file->cache, rb, NULL);
		memory_give_cache_node(
			memory, rb_entry(rb, struct cache_node, page.rb));
	}
}

static void give_areas(struct memory *memory, struct mm_struct *mm)
{
	struct vm_area_struct *vma;

	while ((vma = mm->mmap)) {
		mm->mmap = vma->vm_next;
		memory_give_area(memory, vma);
	}
}

static void give_mm(struct memory *memory, struct mm_struct *mm)
{
	struct task_struct *task;

	give_areas(memory, mm);
	give_tables(memory, mm);
	while ((task = mm->tasks)) {
		mm->tasks = task->next;
		memory_free(memory, task, sizeof(*task));
	}
	memory_free(memory, mm, sizeof(*mm));
}

static void give_processes(struct memory *memory, struct world *world)
{
	struct process *process;

	while (world->nr_processes) {
		process = world->processes[--world->nr_processes];
		memory_free(memory, process->descriptors.entries,
			    process->descriptors.room *
				    sizeof(struct descriptor));
		memory_free(memory, process, sizeof(*process));
	}
	memory_free(memory, world->processes,
		    world->processes_room * sizeof(*world->processes));
	world->processes = NULL;
	world->processes_room = 0;
}

/* What was read, object by object. */
void state_abandon(struct state_draft *draft)
{
	struct memory *memory = draft->memory;
	struct vm_file *file;
	uint32_t i;

	give_processes(memory, draft->world);
	for (i = 0; draft->mms && i < draft->nr_mms && draft->mms[i]; i++)
		give_mm(memory, draft->mms[i]);
	for (i = 0; draft->files && i < draft->nr_files; i++) {
		file = draft->files[i];
		if (!file)
			break;
		give_cache(memory, file);
		memory_free(memory, file, sizeof(*file) + file->path_len);
	}
	for (i = 0; draft->anon_vmas && i < draft->nr_anon_vmas; i++)
		if (draft->anon_vmas[i])
			memory_give_anon_vma(memory, draft->anon_vmas[i]);
	draft->world->machine.mms = NULL;
}
