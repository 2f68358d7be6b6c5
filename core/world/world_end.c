/* SPDX-License-Identifier: MIT */
#include "core/world/world_end.h"

#include "core/mm/assert.h"
#include "core/mm/reap.h"
#include "core/world/past.h"
#include "core/world/world_types.h"

/* Whoever lives and whatever it owns: the account has room for others at once. */
static void uncount(struct world *world)
{
	struct account *account = world->memory->account;
	struct process *process;
	uint32_t i;

	for (i = 0; i < world->nr_processes; i++) {
		process = world->processes[i];
		account->processes -= process->mm != NULL;
		account->threads -= process->nr_threads;
		process->nr_threads = 0;
	}
}

static bool reap_mms(struct mm_struct **list, uint64_t *left)
{
	struct memory *memory;
	struct mm_struct *mm;

	while ((mm = *list)) {
		memory = mm->machine->memory;
		if (!mm_reap(mm, left))
			return false;
		*list = mm->next_mm;
		memory_free(memory, mm, sizeof(*mm));
	}
	return true;
}

static bool reap_descriptors(struct process *process, uint64_t *left)
{
	struct descriptors *table = &process->descriptors;

	for (; table->nr; table->nr--)
		if (!vm_file_reap(table->entries[table->nr - 1].file, left))
			return false;
	memory_free(process->world->memory, table->entries,
		    table->room * sizeof(*table->entries));
	table->entries = NULL;
	return true;
}

static bool reap_processes(struct world *world, uint64_t *left)
{
	struct process *process;

	while (world->nr_processes) {
		process = world->processes[world->nr_processes - 1];
		if (!*left || !reap_descriptors(process, left))
			return false;
		memory_free(world->memory, process, sizeof(*process));
		world->nr_processes--;
		*left -= *left != 0;
	}
	memory_free(world->memory, world->processes,
		    world->processes_room * sizeof(*world->processes));
	world->processes = NULL;
	world->processes_room = 0;
	return true;
}

/* All but journal and past. */
static bool reap_state(struct world *world, uint64_t *left)
{
	const uint64_t taken = world->memory->taken;
	const bool done = reap_mms(&world->machine.mms, left) &&
			  reap_mms(&world->remains, left) &&
			  reap_processes(world, left);

	world->held -= taken - world->memory->taken;
	mm_debug_assert(!done || !world->held);
	return done;
}

bool world_reap(struct world *world, uint64_t *left)
{
	struct memory *memory = world->memory;

	if (!reap_state(world, left) || !past_reap(world, left) ||
	    !journal_reap(&world->journal, memory, left))
		return false;
	memory_free(memory, world->origin, world->origin_len);
	memory_free(memory, world, sizeof(*world));
	return true;
}

void world_release(struct world *world)
{
	uint64_t all = UINT64_MAX;

	uncount(world);
	reap_state(world, &all);
}

void world_free(struct world *world)
{
	uint64_t all = UINT64_MAX;

	if (!world || world->nr_owners--)
		return;
	uncount(world);
	world->memory->account->worlds--;
	world_reap(world, &all);
}

bool world_is_shared(const struct world *world)
{
	return world->nr_owners;
}

void world_ends_unseen(struct world *world)
{
	world->ends_unseen = true;
}

void world_queue_add(struct world_queue *queue, struct world *world)
{
	mm_assert(!world->nr_owners);
	uncount(world);
	world->memory->account->worlds--;
	world->next_ended = NULL;
	if (queue->first)
		queue->last->next_ended = world;
	else
		queue->first = world;
	queue->last = world;
}

bool world_queue_reap(struct world_queue *queue, uint64_t *left)
{
	struct world *world, *next;

	while ((world = queue->first) && *left) {
		next = world->next_ended;
		if (world_reap(world, left))
			queue->first = next;
	}
	return queue->first;
}
