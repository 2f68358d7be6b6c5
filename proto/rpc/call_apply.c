/* SPDX-License-Identifier: MIT */
/*
 * Carrying out a call's operation, and what its result says of that
 */
#include "core/hot.h"
#include "proto/rpc/late.h"
#include "proto/rpc/service.h"

static bool refuse_steps(struct call *call)
{
	before_end(call->service);
	return error_set(&call->error, ERROR_QUOTA_BYTES, "want",
			 "room for %u steps is more than the owner of the "
			 "process may still have; leave steps out, unmap some "
			 "areas, or end a process. Nothing has changed",
			 call->service->limits.steps);
}

/* Somebody wants to know what the operation does, not only what comes of it.
 * @viewer: a subscriber who wants to, and pays; NULL: none. */
APART static bool attend(struct call *call, struct tenant *viewer)
{
	struct before *before = &call->service->before;
	struct step_sink *sink = NULL;

	if (!before_keep(call))
		return false;
	before_keep_for(call, viewer);
	if (call->want & 1u << PART_STEPS) {
		sink = step_list_begin(&call->service->steps,
				       &call->tenant->memory);
		if (!sink)
			return refuse_steps(call);
	}
	if (before->is_set)
		sink = lineage_begin(&before->lineage, sink);
	world_watch(call->world, sink);
	return true;
}

/* False: with the error set, and nothing has changed. */
static inline bool carry_out(struct call *call, const struct operation *op,
			     struct outcome *outcome)
{
	const enum world_status status = world_apply(call->world, op, outcome);

	world_watch(call->world, NULL);
	/* A draft's memory is not the one that pays. */
	if (status == WORLD_REFUSED &&
	    world_memory(call->world)->refusal != REFUSAL_HOST_MEMORY)
		call->tenant->memory.refusal =
			world_memory(call->world)->refusal;
	if (call_status(call, status))
		return true;
	before_end(call->service);
	step_list_end(&call->service->steps);
	return false;
}

/* Once more, without what a viewer wants to see: that is no reason to refuse. */
COLD static bool carry_out_unseen(struct call *call, const struct operation *op,
				  struct outcome *outcome)
{
	call->error.key = ERROR_NONE;
	return attend(call, NULL) && carry_out(call, op, outcome);
}

APART static void tell(struct call *call, const struct operation *op,
		       const struct outcome *outcome)
{
	subscriptions_tell(call, op, outcome);
	if (call->service->before.viewer)
		before_end(call->service);
}

HOT bool call_apply(struct call *call, struct operation *op,
		    struct outcome *outcome)
{
	const struct rpc_service *service = call->service;
	const bool is_watched =
		__builtin_expect(service->subscriptions.nr != 0, 0);
	struct tenant *viewer = NULL;
	bool is_shown;

	op->process = call->number;
	op->thread = call->thread;
	if (is_watched)
		viewer = subscriptions_viewer(call, op);
	if ((viewer || call->want & PARTS_OF_CALL) && !attend(call, viewer))
		return false;
	is_shown = viewer && service->before.viewer;
	if (!carry_out(call, op, outcome) &&
	    !(is_shown && carry_out_unseen(call, op, outcome)))
		return false;
	call->is_carried_out = true;
	call->seq = outcome->seq;
	if (is_watched)
		tell(call, op, outcome);
	return true;
}

bool call_can_be_held(struct call *call)
{
	call->is_waiting = !call->has_fixed_body;
	return !call->is_waiting;
}

/* With one look for room, as most calls of a long history tell it. */
void write_history_kept(struct json_writer *w, uint64_t first, uint64_t last)
{
	char *p = json_writer_open(w, sizeof("\"history\":{\"first\":,"
					     "\"last\":}") +
					      (size_t)2 * BUFFER_U64_MAX);

	if (!p)
		return;
	p = json_put_literal(p, "\"history\":{\"first\":");
	p = buffer_put_u64(p, first);
	p = json_put_literal(p, ",\"last\":");
	p = buffer_put_u64(p, last);
	*p++ = '}';
	json_writer_close(w, p);
}

void write_history(struct call *call, bool always)
{
	uint64_t first, last;

	if (call->is_supposed || call->is_drafted)
		return;
	world_history(call->world, &first, &last);
	if (first > 1 || always)
		write_history_kept(&call->w, first, last);
}

/* As write_snapshot(), where anything is wanted. */
HOT APART static void write_parts(struct call *call,
				  const struct outcome *outcome)
{
	struct before *before = &call->service->before;
	const struct snapshot snapshot = {
		.world = call->world,
		.process = call->process,
		.task = process_task(call->process, call->thread),
		.outcome = outcome,
		.scratch = &call->service->scratch,
		.steps = &call->service->steps,
		.lang = call->lang,
		.before = before->is_set ? &before->snapshot : NULL,
		.lineage = &before->lineage,
		.is_undoing = before->is_undoing,
	};

	call->snapshot_start = call->w.out->len;
	json_writer_key(&call->w, "snapshot");
	if (late_is_due(call))
		late_leave_gap(call, &snapshot);
	else
		snapshot_write(&call->w, &snapshot, call->want);
	if (call->want & 1u << PART_STEPS)
		step_list_end(&call->service->steps);
	if (call->want & 1u << PART_DIFF)
		before_end(call->service);
	call->snapshot_end = call->w.out->len;
}

void write_snapshot(struct call *call, const struct outcome *outcome)
{
	if (call->want)
		write_parts(call, outcome);
}

void write_last_snapshot(struct call *call, const struct outcome *outcome)
{
	if (!process_is_alive(call->process))
		call->want &= PARTS_OF_CALL;
	write_snapshot(call, outcome);
}
