/* SPDX-License-Identifier: MIT */
/*
 * Address spaces: numbers, areas, page tables, threads
 */
#include "core/mm/page_table.h"
#include "core/world/state_reader.h"

static void take_chunks(struct state_reader *r, struct page_node *table)
{
	struct page_chunk **link = &table->chunks, *chunk;
	uint64_t chunks = state_take(r, 8);

	while (chunks-- && state_spend(r, &r->left.page_chunks)) {
		chunk = memory_take_page_chunk(r->draft.memory);
		*link = chunk;
		link = &chunk->next;
		chunk->index = (uint32_t)state_take(r, 7);
		chunk->present = state_take(r, UINT64_MAX);
		chunk->write = state_take(r, UINT64_MAX);
		chunk->dirty = state_take(r, UINT64_MAX);
		chunk->anon = state_take(r, UINT64_MAX);
		chunk->special = state_take(r, UINT64_MAX);
	}
}

static void take_tables(struct state_reader *r, struct mm_struct *mm)
{
	uint64_t tables = state_take_count(r), key, next = 0;
	struct page_node *table;
	bool made;

	while (tables-- && state_spend(r, &r->left.page_nodes)) {
		key = state_take(r, UINT64_MAX >> 8);
		key = (key & 3) << 56 | key >> 2;
		if (!state_is_wrong(r) && key < next)
			state_fail(r, "page tables are out of order");
		if (state_is_wrong(r))
			return;
		next = key + 1;
		table = page_node_make(&mm->page_tables, key, r->draft.memory,
				       &made);
		if (page_node_has_chunks(table))
			take_chunks(r, table);
	}
}

/* Slots that are valid are found later, when all areas are known. */
static void take_task(struct state_reader *r, struct mm_struct *mm,
		      struct task_struct ***linkp)
{
	struct task_struct *task;
	int i;

	if (!state_spend(r, &r->threads_left))
		return;
	task = state_obtain(r, sizeof(*task));
	if (!task)
		return;
	**linkp = task;
	*linkp = &task->next;
	task->mm = mm;
	mm->mm_users++;
	task->tgid = (uint32_t)state_take(r, UINT32_MAX);
	task->tid = (uint32_t)state_take(r, UINT32_MAX);
	task->vmacache.seqnum = state_take(r, UINT64_MAX);
	for (i = 0; i < VMACACHE_SIZE; i++)
		task->vmacache.ids[i] = (uint32_t)state_take(r, UINT32_MAX);
	task->vmacache.find_calls = state_take(r, UINT64_MAX);
	task->vmacache.find_hits = state_take(r, UINT64_MAX);
	task->vmacache.full_flushes = state_take(r, UINT64_MAX);
}

void state_take_mm(struct state_reader *r, struct mm_struct **mmp)
{
	struct machine *machine = &r->draft.world->machine;
	struct mm_struct *mm = state_obtain(r, sizeof(*mm));
	struct task_struct **link;
	uint64_t tasks, value;
	size_t i;

	if (!mm)
		return;
	mm_init(mm, machine);
	machine->mms = mm->next_mm;
	mm->next_mm = NULL;
	*mmp = mm;
	for (i = 0; i < NR_STATE_FIELDS; i++) {
		value = state_take(r, state_fields[i].max);
		if (state_fields[i].is_page && value & ~PAGE_MASK)
			state_fail(r, "an address is within a page");
		state_field_set(mm, &state_fields[i], value);
	}
	for (i = 0; i < VM_NR_SPECIAL; i++)
		mm->special_pages[i] = (uint16_t)state_take(r, UINT16_MAX);
	state_take_areas(r, mm);
	take_tables(r, mm);
	tasks = state_take_count(r);
	link = &mm->tasks;
	while (tasks-- && state_goes_on(r))
		take_task(r, mm, &link);
}
