/* SPDX-License-Identifier: MIT */
/*
 * Earlier states of a world: to look at, to go back to, to go on from
 */
#include <inttypes.h>
#include <string.h>

#include "proto/rpc/diff.h"
#include "proto/rpc/service.h"

/* A world of the past, and the call that looked at the present before. */
struct visit {
	struct side_memory side;
	struct world *state;
};

static bool judge_seq(struct call *call, const char *param, uint64_t seq)
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
static bool judge_state(struct call *call, const char *param,
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

/* Whatever there was then. False: nothing to end. */
static bool open_visit(struct call *call, const char *param, uint64_t seq,
		       struct visit *visit)
{
	struct world *origin = NULL;

	visit->state = NULL;
	if (!judge_seq(call, param, seq))
		return false;
	side_memory_init(&visit->side, &call->tenant->memory);
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

static void end_visit(struct visit *visit)
{
	world_free(visit->state);
	side_memory_deinit(&visit->side);
}

/* Likewise, with the process and the thread. */
static bool begin_visit(struct call *call, const char *param, uint64_t seq,
			struct visit *visit)
{
	if (!open_visit(call, param, seq, visit))
		return false;
	if (judge_state(call, param, visit->state))
		return true;
	end_visit(visit);
	return false;
}

static void write_seq(struct call *call, uint64_t seq)
{
	json_writer_key(&call->w, "seq");
	json_writer_u64(&call->w, seq);
}

/* ------------------------------------------------------------ looking */

static void write_state(struct call *call, struct world *state)
{
	struct world *present = call->world;
	struct process *process = call->process;

	call->world = state;
	call->process = world_process(state, call->number);
	write_snapshot(call, NULL);
	call->world = present;
	call->process = process;
}

/* A process that the operation forked is compared with its parent. */
static void take_earlier(struct call *call, uint64_t seq,
			 const struct world *state)
{
	struct journal_cursor cursor;
	struct operation op;

	if (world_process(state, call->number)) {
		before_take(call, state, call->number, call->thread);
		return;
	}
	world_journal_seek(call->world, &cursor, seq);
	if (world_journal_next(call->world, &cursor, &op))
		before_take(call, state, op.process, op.thread);
}

/* If a diff is wanted, what the operation changed: the state before it, which
 * @earlier keeps. */
static bool visit_earlier(struct call *call, uint64_t seq,
			  struct visit *earlier)
{
	earlier->state = NULL;
	if (!(call->want & 1u << PART_DIFF))
		return true;
	if (!seq) {
		before_take(call, NULL, 0, 0);
		return true;
	}
	if (!open_visit(call, "want", seq - 1, earlier))
		return false;
	take_earlier(call, seq, earlier->state);
	return true;
}

static bool write_at(struct call *call, uint64_t seq, struct world *state)
{
	struct visit earlier;

	if (!visit_earlier(call, seq, &earlier))
		return false;
	json_writer_object(&call->w);
	write_seq(call, seq);
	write_state(call, state);
	if (earlier.state)
		end_visit(&earlier);
	write_history(call, true);
	json_writer_object_end(&call->w);
	return true;
}

bool run_history_at(struct call *call)
{
	const uint64_t seq = call->values[PAST_SEQ].number;
	struct visit visit;
	bool ok;

	if (seq == world_seq(call->world))
		return judge_state(call, "seq", call->world) &&
		       write_at(call, seq, call->world);
	if (!begin_visit(call, "seq", seq, &visit))
		return false;
	ok = write_at(call, seq, visit.state);
	end_visit(&visit);
	return ok;
}

/* ---------------------------------------------------------- comparing */

/* One of the two states: of the past, or the present, which needs no visit. */
struct side {
	struct visit visit;
	struct world *world;
	uint32_t number;
	bool is_past;
};

static bool begin_side(struct call *call, const char *param, uint64_t seq,
		       struct side *side)
{
	side->world = call->world;
	side->number = call->number;
	side->is_past = seq != world_seq(call->world);
	if (!side->is_past)
		return judge_state(call, param, call->world);
	if (!begin_visit(call, param, seq, &side->visit))
		return false;
	side->world = side->visit.state;
	return true;
}

static void end_side(struct side *side)
{
	if (side->is_past)
		end_visit(&side->visit);
}

/* From now on the call is about the other process. */
static bool turn_to_other(struct call *call)
{
	const struct param_value *value = &call->values[DIFF_OTHER];
	struct rpc_service *service = call->service;
	const struct process_slot *slot;
	char scratch[PROCESS_NAME_LEN];
	enum process_lookup found;
	const char *name = NULL;
	unsigned owner;
	size_t len = 0;

	if (!value->given)
		return true;
	if (!param_kind_is("other", &value->raw, JSON_KIND_STRING,
			   &call->error))
		return false;
	name = json_string_text(&value->raw, scratch, sizeof(scratch), &len);
	found = process_table_find(&service->processes, service->owners,
				   name ? name : "", name ? len : 0,
				   &call->slot, &owner);
	if (found == PROCESS_ELSEWHERE)
		return error_set(
			&call->error, ERROR_PARAMS_VALUE, "other",
			"the process is on another loop of the server, "
			"as its route says; compare processes of one "
			"world, or of a world and its branches");
	if (found != PROCESS_FOUND)
		return error_set(&call->error,
				 found == PROCESS_GONE ? ERROR_PROCESS_GONE
						       : ERROR_PROCESS_UNKNOWN,
				 "other", "there is no such process%s",
				 found == PROCESS_GONE ? " any more" : "");
	slot = process_table_slot(&service->processes, call->slot);
	call->world = slot->world;
	call->number = slot->number;
	return true;
}

static struct snapshot snapshot_of(const struct call *call,
				   const struct side *side)
{
	struct process *process = world_process(side->world, side->number);

	return (struct snapshot){
		.world = side->world,
		.process = process,
		.task = process_task(process, call->thread),
		.scratch = &call->service->scratch,
	};
}

static void write_diff(struct call *call, const struct side *from,
		       const struct side *to)
{
	const struct snapshot before = snapshot_of(call, from);
	const struct snapshot after = snapshot_of(call, to);

	json_writer_object(&call->w);
	json_writer_key(&call->w, "from");
	json_writer_u64(&call->w, world_seq(from->world));
	json_writer_key(&call->w, "to");
	json_writer_u64(&call->w, world_seq(to->world));
	json_writer_key(&call->w, "diff");
	diff_write(&call->w, &before, &after);
	write_history(call, true);
	json_writer_object_end(&call->w);
}

bool run_history_diff(struct call *call)
{
	const struct param_value *values = call->values;
	struct side from, to;
	bool ok;

	if (!begin_side(call, "from", values[DIFF_FROM].number, &from))
		return false;
	ok = turn_to_other(call) &&
	     begin_side(call, "to",
			values[DIFF_TO].given ? values[DIFF_TO].number
					      : world_seq(call->world),
			&to);
	if (ok) {
		write_diff(call, &from, &to);
		end_side(&to);
	}
	end_side(&from);
	return ok;
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

static bool rewind_to(struct call *call, struct visit *visit)
{
	if (!note_names(call, nr_processes(visit->state, 0)) ||
	    !before_keep(call))
		return false;
	if (world_rewind(call->world, visit->state) == WORLD_OK)
		return true;
	before_end(call->service);
	return refusal_error(call, &call->error);
}

bool run_history_rewind(struct call *call)
{
	const uint64_t seq = call->values[PAST_SEQ].number;
	struct visit visit;

	if (!begin_visit(call, "seq", seq, &visit))
		return false;
	if (!rewind_to(call, &visit)) {
		end_visit(&visit);
		return false;
	}
	side_memory_deinit(&visit.side);
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

/* Whoever branches pays for it, whosever the world is. */
static bool make_branch(struct call *call, uint64_t seq, struct world **branchp)
{
	struct visit visit;

	if (!call_pays(call) || !begin_visit(call, "seq", seq, &visit))
		return false;
	if (world_branch(&call->tenant->memory, call->world, visit.state,
			 branchp) != WORLD_OK) {
		end_visit(&visit);
		return refusal_error(call, &call->error);
	}
	side_memory_deinit(&visit.side);
	return true;
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
	world_free(world);
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

bool run_world_branch(struct call *call)
{
	const struct param_value *value = &call->values[PAST_SEQ];
	const uint64_t seq =
		value->given ? value->number : world_seq(call->world);
	const struct world *trunk = call->world;
	struct world *branch;

	if (!call_takes_processes(call) || !make_branch(call, seq, &branch) ||
	    !call_show_world(call, branch, call->number))
		return false;
	before_take(call, trunk, call->number, call->thread);
	call_end_world(call);
	return true;
}
