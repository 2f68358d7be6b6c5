/* SPDX-License-Identifier: MIT */
#include "proto/rpc/visit.h"

#include <inttypes.h>

#include "core/world/history.h"
#include "core/world/world_clone.h"

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

/* Was the process there then, and the thread? */
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
	visit->work = NULL;
	side_memory_init(&visit->side, &call->tenant->memory);
}

bool visit_reach(struct call *call, uint64_t seq, struct visit *visit)
{
	struct world *origin = NULL;

	visit_init(call, visit);
	if (world_needs_origin(call->world, seq) &&
	    !call_origin(call, &visit->side.memory, &origin)) {
		side_memory_deinit(&visit->side);
		return false;
	}
	if (world_at(&visit->side, call->world, seq, origin, &visit->state) !=
	    WORLD_OK) {
		side_memory_deinit(&visit->side);
		return refusal_error(call, &call->error);
	}
	return true;
}

bool visit_repeat(struct call *call, struct world *state,
		  struct journal_cursor *cursor, uint64_t seq, unsigned nr,
		  bool *morep)
{
	enum world_status status = WORLD_OK;
	struct operation op;
	struct outcome out;

	while (nr-- && status == WORLD_OK && world_seq(state) < seq &&
	       world_journal_next(call->world, cursor, &op)) {
		out.vec = NULL;
		out.vec_size = 0;
		status = world_apply(state, &op, &out);
	}
	*morep = world_seq(state) < seq;
	return call_status(call, status);
}

/* Whatever there was then. False: nothing to end. */
bool visit_open(struct call *call, const char *param, uint64_t seq,
		struct visit *visit)
{
	visit->state = NULL;
	return visit_judge_seq(call, param, seq) &&
	       visit_reach(call, seq, visit);
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

/* Likewise, with the process and the thread. */
bool visit_begin(struct call *call, const char *param, uint64_t seq,
		 struct visit *visit)
{
	if (!visit_open(call, param, seq, visit))
		return false;
	if (visit_judge(call, param, visit->state))
		return true;
	visit_end(visit);
	return false;
}

bool visit_copy(struct call *call, const struct world *world,
		struct visit *visit)
{
	enum world_status status;

	visit_init(call, visit);
	status = world_clone(&visit->side.memory, world, &visit->state);
	if (status == WORLD_OK)
		return true;
	side_memory_deinit(&visit->side);
	return call_status(call, status);
}

/* --------------------------------------------------------------- turns */

/* An area is looked at some ten times until its copy is there. */
bool visit_copy_is_long(const struct call *call, const struct world *world)
{
	return world &&
	       world_areas(world) > call->service->limits.reads_per_slice / 4;
}

bool visit_copy_begin(struct call *call, const struct world *world,
		      struct visit *visit)
{
	visit_init(call, visit);
	visit->cloning = world_cloning_begin(&visit->side.memory, world);
	return visit->cloning || refusal_error(call, &call->error);
}

bool visit_set_out(struct call *call, uint64_t seq, struct visit *visit)
{
	const struct world *base = world_base(call->world, seq);

	if (base)
		return visit_copy_begin(call, base, visit);
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

/* ------------------------------------------------------------- lineages */

/* The operations behind the one that @copy's state is after. */
static enum world_status repeat(const struct call *call, struct world *copy,
				uint64_t seq, struct lineage *lineage)
{
	enum world_status status = WORLD_OK;
	struct journal_cursor cursor;
	struct operation op;

	world_journal_seek(call->world, &cursor, world_seq(copy) + 1);
	while (status == WORLD_OK && world_seq(copy) < seq &&
	       world_journal_next(call->world, &cursor, &op))
		status = lineage_apply(lineage, copy, call->number, &op);
	return status;
}

bool visit_trace(struct call *call, const struct world *state, uint64_t seq,
		 struct lineage *lineage)
{
	struct side_memory side;
	enum world_status status;
	struct world *copy;

	lineage_end(lineage);
	if (seq - world_seq(state) > LINEAGE_AT_ONCE)
		return true;
	lineage_begin(lineage, NULL);
	if (seq == world_seq(state))
		return true;
	side_memory_init(&side, &call->tenant->memory);
	status = world_clone(&side.memory, state, &copy);
	if (status == WORLD_OK) {
		status = repeat(call, copy, seq, lineage);
		world_free(copy);
	}
	side_memory_deinit(&side);
	return call_status(call, status);
}
