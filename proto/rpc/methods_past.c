/* SPDX-License-Identifier: MIT */
/*
 * Earlier states of a world: to go back to, to go on from
 */
#include <inttypes.h>
#include <string.h>

#include "proto/rpc/reach.h"

static uint64_t seq_of(const struct call *call)
{
	const struct param_value *value = &call->values[PAST_SEQ];

	return value->given ? value->number : world_seq(call->world);
}

static bool reach(struct call *call, const struct reach_end *end)
{
	const uint64_t seq = seq_of(call);

	if (!visit_judge_seq(call, "seq", seq))
		return false;
	return call->is_long && reach_is_long(call, seq, end)
		       ? reach_in_turns(call, seq, end)
		       : reach_at_once(call, seq, end);
}

static void write_seq(struct call *call, uint64_t seq)
{
	json_writer_key(&call->w, "seq");
	json_writer_u64(&call->w, seq);
}

/* ------------------------------------------------------------ undoing */

static uint32_t nr_processes(const struct world *world, uint32_t from)
{
	while (world_process(world, from))
		from++;
	return from;
}

/* The names of the processes from that number on, in the scratch buffer. */
static bool note_names(struct call *call, uint32_t number)
{
	struct buffer *scratch = &call->service->scratch;
	const struct process *process;
	uint32_t name;

	buffer_rewind(scratch, 0);
	for (; (process = world_process(call->world, number)); number++) {
		name = process_name(process);
		if (name)
			buffer_append(scratch, (const char *)&name,
				      sizeof(name));
	}
	if (!scratch->failed)
		return true;
	call->tenant->memory.refusal = REFUSAL_HOST_MEMORY;
	return refusal_error(call, &call->error);
}

static void drop_noted_names(struct call *call)
{
	struct buffer *scratch = &call->service->scratch;
	size_t at;
	uint32_t name;

	for (at = 0; at < scratch->len; at += sizeof(name)) {
		memcpy(&name, scratch->data + at, sizeof(name));
		name_drop(call->service, name - 1);
	}
	buffer_rewind(scratch, 0);
}

/* What became of areas is told the other way round, if the way back to where the
 * world is now is not too far. */
static bool wants_trace(const struct call *call, uint64_t seq)
{
	const uint64_t now = world_seq(call->world);

	return call->want & 1u << PART_DIFF && seq < now &&
	       now - seq <= LINEAGE_MAX;
}

/* The diff is to what the world is now. */
static bool keep_present(struct call *call, const struct reached *reached)
{
	struct before *before = &call->service->before;

	if (reached->present) {
		before_lend(call, reached->present, reached->work);
		lineage_move(&before->lineage, reached->lineage);
	} else if (!before_keep(call)) {
		return false;
	}
	before->is_undoing = before->is_set;
	return true;
}

static bool rewind_to(struct call *call, const struct reached *reached)
{
	struct visit *visit = reached->visit;

	if (!visit_judge(call, "seq", visit->state) ||
	    !note_names(call, nr_processes(visit->state, 0)) ||
	    !keep_present(call, reached))
		return false;
	if (world_rewind(call->world, visit->state) == WORLD_OK) {
		visit->state = NULL;
		return true;
	}
	before_end(call->service);
	return refusal_error(call, &call->error);
}

static bool rewind_and_show(struct call *call, const struct reached *reached)
{
	const uint64_t seq = world_seq(reached->visit->state);

	if (!rewind_to(call, reached))
		return false;
	drop_noted_names(call);
	call->process = world_process(call->world, call->number);
	call->is_carried_out = true;
	if (call->service->subscriptions.nr)
		subscriptions_tell_rewind(call);

	json_writer_object(&call->w);
	write_seq(call, seq);
	write_snapshot(call, NULL);
	write_history(call, true);
	json_writer_object_end(&call->w);
	return true;
}

static bool refuse_rewind(struct call *call)
{
	return call->want & 1u << PART_DIFF ? before_refuse(call) : false;
}

static const struct reach_end rewinding = { rewind_and_show, refuse_rewind,
					    wants_trace };

bool rewind_is_long(const struct call *call)
{
	return reach_is_long(call, seq_of(call), &rewinding);
}

bool run_history_rewind(struct call *call)
{
	return (!(call->want & 1u << PART_DIFF) || before_may_keep(call)) &&
	       reach(call, &rewinding);
}

/* ---------------------------------------------------------- branching */

/* A name for each process, also for those that an undoing would bring back. */
static bool name_all(struct call *call, struct world *branch)
{
	struct rpc_service *service = call->service;
	uint32_t i, index;

	for (i = 0; world_process(branch, i); i++) {
		if (!name_reserve(call, &index))
			return refusal_error(call, &call->error);
		name_give(service, index, world_share(branch), i);
	}
	return true;
}

static void write_processes(struct call *call)
{
	struct json_writer *w = &call->w;
	const struct process *process;
	uint32_t i;

	json_writer_key(w, "processes");
	json_writer_array(w);
	for (i = 0; (process = world_process(call->world, i)); i++) {
		if (!process_is_alive(process))
			continue;
		json_writer_object(w);
		json_writer_key(w, "number");
		json_writer_u64(w, i);
		json_writer_key(w, "process");
		name_write(call, w, process_name(process) - 1);
		json_writer_object_end(w);
	}
	json_writer_array_end(w);
}

bool call_show_world(struct call *call, struct world *world, uint32_t number)
{
	const struct process *process;
	bool named = name_all(call, world);

	if (named) {
		process = world_process(world, number);
		call_turn_to(call, process_name(process) - 1);
	} else {
		names_drop_all(call->service, world);
	}
	/* The names own it now. */
	service_end_world(call->service, world);
	if (!named)
		return false;
	call->is_world_created = true;
	call->is_carried_out = true;

	json_writer_object(&call->w);
	json_writer_key(&call->w, "process");
	name_write(call, &call->w, call->slot);
	json_writer_key(&call->w, "thread");
	json_writer_u64(&call->w, call->thread);
	json_writer_key(&call->w, "route");
	json_writer_text(&call->w, call->service->route);
	expiry_write(call->service, &call->w);
	write_seq(call, world_seq(call->world));
	write_processes(call);
	return true;
}

void call_end_world(struct call *call)
{
	write_snapshot(call, NULL);
	write_history(call, true);
	json_writer_object_end(&call->w);
}

static bool branch_and_show(struct call *call, const struct reached *reached)
{
	const struct world *trunk = call->world;
	struct visit *visit = reached->visit;
	struct world *branch;

	if (!visit_judge(call, "seq", visit->state))
		return false;
	if (world_branch(&call->tenant->memory, trunk, visit->state, &branch) !=
	    WORLD_OK)
		return refusal_error(call, &call->error);
	visit->state = NULL;
	if (!call_show_world(call, branch, call->number))
		return false;
	before_take(call, trunk, call->number, call->thread);
	call_end_world(call);
	return true;
}

static const struct reach_end branching = { branch_and_show, NULL, NULL };

bool branch_is_long(const struct call *call)
{
	return reach_is_long(call, seq_of(call), &branching);
}

/* Whoever branches pays for it, whosever the world is. */
bool run_world_branch(struct call *call)
{
	return call_takes_processes(call) && call_pays(call) &&
	       reach(call, &branching);
}
