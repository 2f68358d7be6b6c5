/* SPDX-License-Identifier: MIT */
/*
 * What handlers share: who is meant, why the host refused, what results carry
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/hot.h"
#include "core/world/history.h"
#include "proto/rpc/late.h"
#include "proto/rpc/service.h"

COLD static bool refuse_method(struct call *call, const struct json_value *name,
			       const char *text, size_t len)
{
	const char *nearest = text ? method_nearest(text, len) : NULL;
	struct param_quote quote;

	return error_set(&call->error, ERROR_METHOD, NULL,
			 "there is no method \"%s\" in this version%s%s; "
			 "rpc.discover describes all there are",
			 param_quote(&quote, name),
			 nearest ? ", perhaps you mean " : "",
			 nearest ? nearest : "");
}

static bool find_entry(struct call *call, const struct json_value *name)
{
	char scratch[64];
	const char *text = NULL;
	size_t len = 0;

	if (name->len <= sizeof(scratch))
		text = json_string_text(name, scratch, sizeof(scratch), &len);
	if (text)
		call->entry = method_find(&call->service->methods, text, len);
	return call->entry || refuse_method(call, name, text, len);
}

bool call_find_method(struct call *call, const struct json_item *name)
{
	const struct json_index *index = &call->service->index;
	struct call_memo *memo = &call->service->memo;
	struct json_value text;

	if (name->repeats && memo->row == index->before) {
		call->entry = memo->entry;
	} else {
		text = json_item_value(json_row_text(index, index->row), name);
		if (!find_entry(call, &text))
			return false;
		memo->entry = call->entry;
	}
	memo->row = index->number;
	call->method = call->entry->method;
	return true;
}

/* What most methods take is put where handlers need not search for it. */
static void take_common_params(struct call *call)
{
	const struct method_entry *entry = call->entry;
	const struct param_value *values = call->values;

	call->thread = 1;
	call->want = 0;
	call->lang = LANG_NONE;
	call->retry_key = NULL;
	if (entry->thread != METHOD_PARAM_NONE)
		call->thread = (uint32_t)values[entry->thread].number;
	if (entry->want != METHOD_PARAM_NONE)
		call->want = (unsigned)values[entry->want].number;
	if (entry->lang != METHOD_PARAM_NONE)
		call->lang = (enum lang)values[entry->lang].number;
	if (entry->retry_key != METHOD_PARAM_NONE &&
	    values[entry->retry_key].given)
		call->retry_key = &values[entry->retry_key].raw;
}

static bool refuse_role(struct call *call)
{
	const char *name = call->method->name;

	if (call->caller.role == RPC_ANONYMOUS)
		return error_set(&call->error, ERROR_AUTH_REQUIRED, NULL,
				 "%s shows what belongs to a token, and no "
				 "token came with this call; send one as "
				 "Authorization: Bearer TOKEN",
				 name);
	return error_set(&call->error, ERROR_AUTH_FORBIDDEN, NULL,
			 "%s takes a token of a higher role than that of this "
			 "call",
			 name);
}

bool call_read_params(struct call *call, const struct json_item *params)
{
	const struct method *method = call->method;
	const struct json_index *index = &call->service->index;

	if (method->role > call->caller.role)
		return refuse_role(call);
	if (!params_read(method->name, &call->entry->params, index,
			 json_row_text(index, index->row), params,
			 &call->service->memo.params, call->values,
			 &call->error))
		return false;
	take_common_params(call);
	return true;
}

/* The process in call->slot, unless its world has been idle for too long, or it
 * has exited and the method is not about the past. */
static enum process_lookup use_process(struct call *call)
{
	const struct process_slot *slot =
		process_table_slot(&call->service->processes, call->slot);
	struct process *process = world_process(slot->world, slot->number);

	if (expiry_is_due(call->service, slot->world))
		return PROCESS_GONE;
	if (!process_is_alive(process) && !call->method->is_about_past)
		return PROCESS_GONE;
	if (slot->is_share && !call->method->is_looking)
		return PROCESS_READ_ONLY;
	expiry_touch(call->service, slot->world);
	if (slot->is_share) {
		call_pays(call); /* so that no owner lacks what viewers take */
		call->is_guest = true;
	} else {
		call->tenant =
			tenants_find(&call->service->tenants, slot->client);
	}
	call->world = slot->world;
	call->number = slot->number;
	call->process = process;
	return PROCESS_FOUND;
}

const struct json_value *call_process_value(const struct call *call)
{
	const struct method *method = call->method;
	unsigned i;

	/* Where it may be left out, what may not comes first. */
	for (i = 0; i < method->nr_params && i < 2; i++)
		if (method->params[i].kind == PARAM_PROCESS)
			return call->values[i].given ? &call->values[i].raw
						     : NULL;
	return NULL;
}

HOT enum process_lookup call_find_process(struct call *call, unsigned *ownerp)
{
	struct rpc_service *service = call->service;
	const struct json_value *raw = call_process_value(call);
	char scratch[PROCESS_NAME_LEN];
	enum process_lookup found;
	const char *name;
	size_t len = 0;

	call->world = NULL;
	call->process = NULL;
	if (!raw)
		return call->method->place ? call->method->place(call, ownerp)
					   : PROCESS_FOUND;

	name = json_string_text(raw, scratch, sizeof(scratch), &len);
	found = process_table_find_next(&service->processes, service->owners,
					name ? name : "", name ? len : 0,
					&call->slot, ownerp);
	if (found == PROCESS_FOUND)
		found = use_process(call);
	switch (found) {
	case PROCESS_FOUND:
	case PROCESS_ELSEWHERE:
		break;
	case PROCESS_UNKNOWN:
		error_set(&call->error, ERROR_PROCESS_UNKNOWN, "process",
			  "no process has this name; process.create makes one "
			  "and answers its name");
		break;
	case PROCESS_READ_ONLY:
		error_set(&call->error, ERROR_SHARE_READONLY, "process",
			  "this is the share of a process, with which one may "
			  "look at it, but not call %s; world.branch makes a "
			  "copy of one's own",
			  call->method->name);
		break;
	case PROCESS_GONE:
		error_set(
			&call->error, ERROR_PROCESS_GONE, "process",
			"the process has exited%s; process.create makes a new "
			"one",
			service->limits.idle_ms
				? ", or nobody used it for longer than "
				  "process.create promised in expires_in"
				: "");
		break;
	}
	return found;
}

/* -------------------------------------------------------------- errors */

bool refusal_error(const struct call *call, struct rpc_error *error)
{
	const struct client *client = call->tenant->client;

	switch (call->tenant->memory.refusal) {
	case REFUSAL_PROCESSES:
		return error_set(error, ERROR_QUOTA_PROCESSES, NULL,
				 "%" PRIu64 " processes are alive, and no more "
				 "than %" PRIu64 " may be; end one with "
				 "process.exit",
				 client_leased(client, CLIENT_PROCESSES),
				 client_quota(client, CLIENT_PROCESSES));
	case REFUSAL_THREADS:
		return error_set(error, ERROR_QUOTA_THREADS, NULL,
				 "%" PRIu64 " threads are alive, and no more "
				 "than %" PRIu64 " may be; end one with "
				 "thread.exit or process.exit",
				 client_leased(client, CLIENT_THREADS),
				 client_quota(client, CLIENT_THREADS));
	case REFUSAL_AREAS:
		return error_set(error, ERROR_QUOTA_AREAS, NULL,
				 "%" PRIu64 " areas are mapped, and the call "
				 "needs more than the %" PRIu64 " that may be; "
				 "unmap some or end a process",
				 client_leased(client, CLIENT_AREAS),
				 client_quota(client, CLIENT_AREAS));
	case REFUSAL_BYTES:
		return error_set(error, ERROR_QUOTA_BYTES, NULL,
				 "%" PRIu64 " bytes of the server's memory are "
				 "in use, and the call needs more than the "
				 "%" PRIu64 " that may be; unmap some areas or "
				 "end a process",
				 client_leased(client, CLIENT_BYTES),
				 client_quota(client, CLIENT_BYTES));
	case REFUSAL_CALL:
		return error_set(error, ERROR_QUOTA_CALL, NULL,
				 "the call needs more than the %" PRIu64
				 " bytes of memory that one call may allocate, "
				 "during which nobody else has a turn; nothing "
				 "has changed, so do it in parts",
				 call->tenant->account.max_call_bytes);
	case REFUSAL_WORLD:
		return error_set(
			error, ERROR_QUOTA_WORLD, NULL,
			"the world would hold more than the %" PRIu64
			" bytes that one may of processes, areas, page "
			"tables and cached pages (process.get says how many "
			"it holds); nothing has changed. Unmap areas, end a "
			"process, or use another world",
			call->tenant->account.max_world_bytes);
	case REFUSAL_MACHINE:
		return error_set(error, ERROR_QUOTA_MACHINE, NULL,
				 "the emulated machine has no free page left; "
				 "unmap some, or create the process with a "
				 "larger mem_total_kb");
	default:
		return error_no_memory(error);
	}
}

HOT bool call_status(struct call *call, enum world_status status)
{
	struct rpc_error *error = &call->error;

	switch (status) {
	case WORLD_OK:
		return true;
	case WORLD_REFUSED:
		return refusal_error(call, error);
	case WORLD_THREAD_UNKNOWN:
		return error_set(error, ERROR_THREAD_UNKNOWN, "thread",
				 "the process has no thread %" PRIu32
				 "; thread.create makes one and answers its "
				 "number",
				 call->thread);
	case WORLD_PROCESS_GONE:
		return error_set(error, ERROR_PROCESS_GONE, "process",
				 "the process has exited");
	case WORLD_FD_TAKEN:
		return error_set(error, ERROR_PARAMS_VALUE, "fd",
				 "the descriptor is open already; close it "
				 "first or take another number");
	case WORLD_FD_UNKNOWN:
		return error_set(error, ERROR_PARAMS_VALUE, "fd",
				 "the descriptor is not open");
	case WORLD_FD_LIMIT:
		return error_set(error, ERROR_PARAMS_VALUE, "fd",
				 "%d descriptors are open, and no more may be; "
				 "close one",
				 DESCRIPTORS_MAX);
	case WORLD_HISTORY_FULL:
		return error_set(error, ERROR_HISTORY_FULL, NULL,
				 "the world keeps all of its history, and "
				 "%d operations is all that it can keep; "
				 "create one with a number as history",
				 HISTORY_MAX);
	case WORLD_BAD_PARAM:
		break;
	}
	return error_set(error, ERROR_INTERNAL, NULL,
			 "the engine does not take this call; nothing has "
			 "changed");
}

bool call_counts_as(struct call *call, uint64_t nr, const char *does,
		    const char *things)
{
	const struct rpc_service *service = call->service;
	const struct rpc_host *host = &service->host;
	struct client *client =
		clients_at(service->tenants.clients, call->caller.client);
	const uint64_t most = service->limits.batch_calls;
	uint64_t wait;

	if (!client_is_timed(client) || !host->now || !nr)
		return true;
	/* The request itself has been one. */
	wait = client_spend(client, (nr < most ? nr : most) - 1, most,
			    host->now(host->ctx));
	if (!wait)
		return true;
	wait = (wait + 999) / 1000;
	error_set(&call->error, ERROR_QUOTA_RATE, NULL,
		  "%s %" PRIu64 " %s, which is more than this client may now; "
		  "nothing has changed, so send it again in %" PRIu64 " s",
		  does, nr, things, wait);
	call->error.retry_after = (unsigned)wait;
	return false;
}

/* ------------------------------------------------------------- results */

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
