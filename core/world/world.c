/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "core/world/creation.h"
#include "core/world/past.h"
#include "core/world/world_types.h"

static int keep_origin(struct world *world, const struct process_setup *setup)
{
	if (!setup->origin_len)
		return 0;
	world->origin = memory_alloc(world->memory, setup->origin_len);
	if (!world->origin)
		return -1;
	memcpy(world->origin, setup->origin, setup->origin_len);
	world->origin_len = setup->origin_len;
	return 0;
}

static struct world *world_alloc(struct memory *memory,
				 const struct process_setup *setup,
				 const struct sysctl *sysctl)
{
	struct world *world = memory_alloc(memory, sizeof(*world));

	if (!world)
		return NULL;
	world->memory = memory;
	memory->account->worlds++;
	world->seed = setup->seed;
	machine_init(&world->machine, setup->profile, memory, sysctl,
		     setup->mem_total_kb, setup->seed);
	journal_init(&world->journal, setup->history);
	past_schedule(world);
	return world;
}

enum world_status world_shell(struct memory *memory,
			      const struct process_setup *setup,
			      struct world **shellp,
			      struct creation_error *error)
{
	enum world_status status;
	struct sysctl sysctl;
	struct world *world;

	status = creation_judge(setup, &sysctl, error);
	if (status != WORLD_OK)
		return status;
	world = world_alloc(memory, setup, &sysctl);
	if (!world)
		return WORLD_REFUSED;
	if (keep_origin(world, setup)) {
		world_free(world);
		return WORLD_REFUSED;
	}
	*shellp = world;
	return WORLD_OK;
}

enum world_status world_new(struct memory *memory,
			    const struct process_setup *setup,
			    struct world **worldp, struct creation_error *error)
{
	enum world_status status;
	struct world *world;
	uint64_t taken;

	status = world_shell(memory, setup, &world, error);
	if (status != WORLD_OK)
		return status;
	taken = world_bound(world);
	status = creation_fill(world, setup, error);
	world_unbound(world, taken);
	memory_trim(memory);
	if (status != WORLD_OK) {
		world_free(world);
		return status;
	}
	*worldp = world;
	return WORLD_OK;
}

struct world *world_share(struct world *world)
{
	world->nr_owners++;
	return world;
}

void world_touch(struct world *world, uint32_t mark)
{
	world->touched = mark;
}

uint32_t world_touched(const struct world *world)
{
	return world->touched;
}

void world_set_note(struct world *world, void *note)
{
	world->note = note;
}

void *world_note(const struct world *world)
{
	return world->note;
}

struct memory *world_memory(const struct world *world)
{
	return world->memory;
}

uint64_t world_held(const struct world *world)
{
	return world->held;
}

uint64_t world_seq(const struct world *world)
{
	return world->seq;
}

void world_history(const struct world *world, uint64_t *firstp, uint64_t *lastp)
{
	const struct journal *journal = &world->journal;
	uint64_t kept = journal->count;

	/* More may be there, for the sake of the next checkpoint. */
	if (kept > journal->limit)
		kept = journal->limit;
	*firstp = world->seq - kept + 1;
	*lastp = world->seq;
}

uint64_t world_seed(const struct world *world)
{
	return world->seed;
}

uint64_t world_history_limit(const struct world *world)
{
	return world->journal.limit;
}

const char *world_origin(const struct world *world, size_t *lenp)
{
	*lenp = world->origin_len;
	return world->origin;
}

bool world_is_over(const struct world *world)
{
	return !world->machine.mms;
}

struct process *world_process(const struct world *world, uint32_t number)
{
	return number < world->nr_processes ? world->processes[number] : NULL;
}

struct step_sink *world_watch(struct world *world, struct step_sink *sink)
{
	struct step_sink *before = world->machine.steps;

	world->machine.steps = sink;
	return before;
}

const struct machine *world_machine(const struct world *world)
{
	return &world->machine;
}
