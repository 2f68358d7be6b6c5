/* SPDX-License-Identifier: MIT */
#include "proto/rpc/visit.h"

#include <inttypes.h>

#include "core/world/history.h"
#include "core/world/world_clone.h"

/* That a page table takes at least, with a page. */
#define TABLE_BYTES (PAGE_NODE_BYTES + PAGE_CHUNK_BYTES)

bool visit_judge_seq(struct call *call, const char *param, uint64_t seq)
{
	uint64_t first, last;

	world_history(call->world, &first, &last);
	if (seq + 1 < first)
		return error_set(&call->error, ERROR_HISTORY_FOLDED, param,
				 "the oldest state that is kept is the one "
				 "after operation %" PRIu64
				 "; what came before has been folded away",
				 first - 1);
	if (seq > last)
		return error_set(&call->error, ERROR_HISTORY_FUTURE, param,
				 "the last operation so far is %" PRIu64, last);
	return true;
}

bool visit_judge(struct call *call, const char *param,
		 const struct world *state)
{
	const struct process *process = world_process(state, call->number);

	if (!process)
		return error_set(&call->error, ERROR_PARAMS_VALUE, param,
				 "the process was forked by a later operation; "
				 "history.list shows which, and the state can "
				 "be seen from its parent");
	if (!process_is_alive(process))
		return error_set(&call->error, ERROR_PROCESS_GONE, "process",
				 "the process had exited by then; take an "
				 "earlier operation");
	if (process_task(process, call->thread))
		return true;
	return error_set(&call->error, ERROR_THREAD_UNKNOWN, "thread",
			 "the process had no thread %" PRIu32 " then",
			 call->thread);
}

static void visit_init(const struct call *call, struct visit *visit)
{
	visit->cloning = NULL;
	visit->state = NULL;
	side_memory_init(&visit->side, &call->tenant->memory);
}

void visit_end(struct visit *visit)
{
	if (visit->cloning)
		world_cloning_drop(visit->cloning);
	visit->cloning = NULL;
	world_free(visit->state);
	visit->state = NULL;
	side_memory_deinit(&visit->side);
}

static bool copy_at_once(struct call *call, const struct world *world,
			 struct visit *visit)
{
	visit_init(call, visit);
	return call_status(
		call, world_clone(&visit->side.memory, world, &visit->state));
}

bool visit_copy(struct call *call, const struct world *world,
		struct visit *visit)
{
	if (copy_at_once(call, world, visit))
		return true;
	side_memory_deinit(&visit->side);
	return false;
}

/* --------------------------------------------------------------- turns */

/* An area is looked at some ten times until its copy is there, a page table
 * twice. */
bool visit_copy_is_long(const struct call *call, const struct world *world)
{
	const unsigned reads = call->service->limits.reads_per_slice;

	return world && (world_areas(world) > reads / 4 ||
			 world_held(world) / TABLE_BYTES > reads);
}

bool visit_copy_begin(struct call *call, const struct world *world,
		      struct visit *visit)
{
	visit_init(call, visit);
	visit->cloning = world_cloning_begin(&visit->side.memory, world);
	return visit->cloning || refusal_error(call, &call->error);
}

bool visit_set_out(struct call *call, uint64_t seq, bool is_long,
		   struct visit *visit)
{
	const struct world *base = world_base(call->world, seq);

	if (base)
		return is_long ? visit_copy_begin(call, base, visit)
			       : copy_at_once(call, base, visit);
	visit_init(call, visit);
	return call_origin(call, &visit->side.memory, &visit->state);
}

bool visit_copy_some(struct call *call, struct visit *visit, bool *morep)
{
	const uint64_t units = 2ull * call->service->limits.reads_per_slice;

	*morep = false;
	if (!visit->cloning)
		return true;
	if (world_cloning_go_on(visit->cloning, units, morep) != WORLD_OK)
		return refusal_error(call, &call->error);
	if (*morep)
		return true;
	visit->state = world_cloning_end(visit->cloning);
	visit->cloning = NULL;
	return true;
}
