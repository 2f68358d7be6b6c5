/* SPDX-License-Identifier: MIT */
/*
 * Worlds that go on from another state: an earlier one in place or as a branch,
 * or the one that a draft of theirs has come to
 *
 * Such a state is a world of a side memory. What it consists of came from the
 * allocator of the memory that pays, so that it can change hands as it is: only
 * the pointers to the machine and the counts of the accounts follow.
 */
#include <string.h>

#include "core/world/past.h"

struct holding {
	uint64_t processes, threads, areas;
};

static struct holding holding_of(const struct world *world)
{
	struct holding holding = { 0 };
	const struct mm_struct *mm;
	uint32_t i;

	for (mm = world->machine.mms; mm; mm = mm->next_mm)
		holding.areas += (uint64_t)mm->map_count;
	for (i = 0; i < world->nr_processes; i++) {
		holding.processes += world->processes[i]->mm != NULL;
		holding.threads += world->processes[i]->nr_threads;
	}
	return holding;
}

static uint64_t growth(uint64_t more, uint64_t less)
{
	return more > less ? more - less : 0;
}

/* May the account hold @more once it holds @less no longer? */
static int judge_account(struct memory *memory, struct holding more,
			 struct holding less)
{
	struct account *account = memory->account;

	if (!account_admits(account, REFUSAL_PROCESSES,
			    growth(more.processes, less.processes)))
		memory->refusal = REFUSAL_PROCESSES;
	else if (!account_admits(account, REFUSAL_THREADS,
				 growth(more.threads, less.threads)))
		memory->refusal = REFUSAL_THREADS;
	else if (!account_admits(account, REFUSAL_AREAS,
				 growth(more.areas, less.areas)))
		memory->refusal = REFUSAL_AREAS;
	else
		return 0;
	return -1;
}

/* All that point to the machine: some files are told twice. */
static void follow_machine(struct world *world)
{
	struct vm_area_struct *vma;
	struct process *process;
	struct mm_struct *mm;
	uint32_t i, j;

	for (mm = world->machine.mms; mm; mm = mm->next_mm) {
		mm->machine = &world->machine;
		for (vma = mm->mmap; vma; vma = vma->vm_next)
			if (vma->vm_file)
				vma->vm_file->machine = &world->machine;
	}
	for (i = 0; i < world->nr_processes; i++) {
		process = world->processes[i];
		process->world = world;
		for (j = 0; j < process->descriptors.nr; j++)
			process->descriptors.entries[j].file->machine =
				&world->machine;
	}
}

/* Let @world, which has no processes, have all that @state consists of. */
static void take_over(struct world *world, struct world *state)
{
	const struct holding holding = holding_of(state);
	struct account *side = state->memory->account;

	world->machine = state->machine;
	world->machine.memory = world->memory;
	world->processes = state->processes;
	world->nr_processes = state->nr_processes;
	world->processes_room = state->processes_room;
	world->seq = state->seq;
	world->held = state->held;
	state->held = 0;
	follow_machine(world);

	world->memory->account->areas += holding.areas;
	world->memory->account->processes += holding.processes;
	world->memory->account->threads += holding.threads;
	side->areas -= holding.areas;
	side->processes -= holding.processes;
	side->threads -= holding.threads;
	state->machine.mms = NULL;
	state->processes = NULL;
	state->nr_processes = state->processes_room = 0;
	world_free(state);
}

/* Names belong to numbers. */
static void keep_names(const struct world *world, struct world *state)
{
	uint32_t i;

	for (i = 0; i < world->nr_processes && i < state->nr_processes; i++)
		state->processes[i]->name = world->processes[i]->name;
}

enum world_status world_rewind(struct world *world, struct world *state)
{
	const uint64_t later = world->seq - state->seq;
	struct journal_cursor end;

	if (judge_account(world->memory, holding_of(state), holding_of(world)))
		return WORLD_REFUSED;
	world_journal_seek(world, &end, state->seq + 1);
	past_cut(world, state->seq);
	journal_drop_behind(&world->journal, world->memory, &end, later);
	keep_names(world, state);
	world_release(world);
	take_over(world, state);
	memory_trim(world->memory);
	past_schedule(world);
	return WORLD_OK;
}

/* ------------------------------------------------------------- branch */

static struct world *branch_shell(struct memory *memory,
				  const struct world *world)
{
	struct world *branch = memory_alloc(memory, sizeof(*branch));

	if (!branch)
		return NULL;
	branch->memory = memory;
	branch->memory->account->worlds++;
	branch->seed = world->seed;
	journal_init(&branch->journal, world->journal.limit);
	if (!world->origin_len)
		return branch;
	branch->origin = memory_alloc(branch->memory, world->origin_len);
	if (!branch->origin) {
		world_free(branch);
		return NULL;
	}
	memcpy(branch->origin, world->origin, world->origin_len);
	branch->origin_len = world->origin_len;
	return branch;
}

/* The checkpoint of exactly that seq, if there is one. */
static int copy_checkpoint(const struct world *world, struct world *branch)
{
	const struct checkpoint *checkpoint = past_find(world, branch->seq);
	const struct journal_chunk *tail = branch->journal.tail;
	const struct journal_cursor end = { tail, tail ? tail->used : 0, 0 };

	if (!checkpoint || checkpoint->after.seq != branch->seq)
		return 0;
	return past_add(branch, checkpoint->state, &end);
}

static int copy_history(const struct world *world, struct world *branch,
			uint64_t seq)
{
	struct journal_cursor cursor = { 0 };
	struct operation op;

	branch->seq = world->seq - world->journal.count;
	while (!copy_checkpoint(world, branch)) {
		if (branch->seq == seq ||
		    !journal_next(&world->journal, &cursor, &op))
			return 0;
		if (journal_prepare(&branch->journal, branch->memory, &op) !=
		    WORLD_OK)
			return -1;
		journal_commit(&branch->journal);
		branch->seq++;
	}
	return -1;
}

enum world_status world_branch(struct memory *memory, const struct world *world,
			       struct world *state, struct world **branchp)
{
	const struct holding nothing = { 0 };
	struct world *branch;

	if (judge_account(memory, holding_of(state), nothing))
		return WORLD_REFUSED;
	branch = branch_shell(memory, world);
	if (!branch)
		return WORLD_REFUSED;
	if (copy_history(world, branch, state->seq)) {
		world_free(branch);
		return WORLD_REFUSED;
	}
	take_over(branch, state);
	memory_trim(branch->memory);
	past_schedule(branch);
	*branchp = branch;
	return WORLD_OK;
}

/* -------------------------------------------------------------- draft */

void world_bound_as(struct world *copy, const struct world *world)
{
	copy->memory->account->max_world_bytes =
		world->memory->account->max_world_bytes;
}

enum world_status world_draft(struct side_memory *side,
			      const struct world *world, struct world **draftp)
{
	enum world_status status;

	status = world_clone(&side->memory, world, draftp);
	if (status != WORLD_OK)
		return status;
	world_bound_as(*draftp, world);
	if (world->journal.limit)
		journal_init(&(*draftp)->journal, HISTORY_MAX);
	return WORLD_OK;
}

enum world_status world_adopt(struct world *world, struct world *draft)
{
	struct journal *journal = &world->journal;

	if (journal->limit == HISTORY_ALL &&
	    journal->count + draft->journal.count > HISTORY_MAX)
		return WORLD_HISTORY_FULL;
	if (judge_account(world->memory, holding_of(draft), holding_of(world)))
		return WORLD_REFUSED;
	world->memory->account->journal_bytes += draft->journal.bytes;
	draft->memory->account->journal_bytes -= draft->journal.bytes;
	journal_join(journal, &draft->journal);
	keep_names(world, draft);
	world_release(world);
	take_over(world, draft);
	memory_trim(world->memory);
	if (world->seq >= world->due)
		past_update(world);
	return WORLD_OK;
}
