/* SPDX-License-Identifier: MIT */
#include "proto/rpc/before.h"

#include <inttypes.h>

#include "core/world/world_clone.h"
#include "proto/rpc/service.h"

static bool is_wanted(const struct call *call)
{
	return call->want & 1u << PART_DIFF;
}

bool before_copies(struct call *call, const char *param, const char *instead)
{
	const uint64_t areas = world_areas(call->world);

	if (areas <= call->service->limits.copied_areas)
		return true;
	return error_set(&call->error, ERROR_QUOTA_AREAS, param,
			 "the world has %" PRIu64 " areas, and one of more "
			 "than %u is not copied; %s",
			 areas, call->service->limits.copied_areas, instead);
}

static void set(struct call *call, const struct world *world, uint32_t number,
		uint32_t thread)
{
	struct before *before = &call->service->before;
	const struct process *process =
		world ? world_process(world, number) : NULL;

	before->is_set = true;
	before->lender = NULL;
	before->snapshot = (struct snapshot){
		.world = world,
		.process = process,
		.scratch = &call->service->scratch,
	};
	if (process && process_is_alive(process))
		before->snapshot.task = process_task(process, thread);
}

void before_take(struct call *call, const struct world *world, uint32_t number,
		 uint32_t thread)
{
	if (is_wanted(call))
		set(call, world, number, thread);
}

void before_lend(struct call *call, const struct world *world,
		 struct call_work *lender)
{
	before_take(call, world, call->number, call->thread);
	call->service->before.lender = lender;
}

/* A copy of the call's world at the expense of @memory, or false. */
static bool copy(struct call *call, struct memory *memory)
{
	struct before *before = &call->service->before;

	side_memory_init(&before->side, memory);
	if (world_clone(&before->side.memory, call->world, &before->copy) ==
	    WORLD_OK) {
		set(call, before->copy, call->number, call->thread);
		return true;
	}
	side_memory_deinit(&before->side);
	return false;
}

bool before_refuse(struct call *call)
{
	if (call->tenant->memory.refusal != REFUSAL_BYTES)
		return refusal_error(call, &call->error);
	return error_set(&call->error, ERROR_QUOTA_BYTES, "want",
			 "a diff needs a copy of the state before, and its "
			 "memory is more than the owner of the process may "
			 "still have; leave diff out, unmap areas, or end a "
			 "process. Nothing has changed");
}

bool before_may_keep(struct call *call)
{
	return before_copies(call, "want",
			     "leave diff out, and ask history.diff for what "
			     "has changed");
}

bool before_keep(struct call *call)
{
	struct before *before = &call->service->before;

	if (!is_wanted(call) || before->is_set)
		return true;
	if (!before_may_keep(call))
		return false;
	return copy(call, &call->tenant->memory) || before_refuse(call);
}

/* Who calls cannot be made to wait for a copy that he did not ask for, so it is
 * one of few milliseconds. */
static bool is_small(const struct call *call)
{
	const struct rpc_limits *limits = &call->service->limits;
	const uint64_t areas = world_areas(call->world);

	return areas <= limits->told_areas && areas <= limits->copied_areas;
}

void before_keep_for(struct call *call, struct tenant *viewer)
{
	struct rpc_service *service = call->service;
	uint64_t bytes;

	if (!viewer || service->before.is_set || !is_small(call))
		return;
	bytes = viewer->account.call_bytes;
	if (copy(call, &viewer->memory))
		service->before.viewer = viewer;
	service->slice_bytes += viewer->account.call_bytes - bytes;
	viewer->account.call_bytes = bytes;
}

void before_end(struct rpc_service *service)
{
	struct before *before = &service->before;

	before->is_set = before->is_undoing = false;
	lineage_end(&before->lineage);
	if (!before->copy)
		return;
	world_free(before->copy);
	before->copy = NULL;
	side_memory_deinit(&before->side);
	if (before->viewer)
		tenants_settle(&service->tenants, before->viewer);
	before->viewer = NULL;
}
