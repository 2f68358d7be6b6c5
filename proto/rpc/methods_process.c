/* SPDX-License-Identifier: MIT */
/*
 * Processes: their creation, their children, and what is told of one
 */
#include <string.h>

#include "core/world/history.h"
#include "core/world/state_codec.h"
#include "proto/rpc/service.h"

/* When to try again after a refusal for shutting down. */
#define RESTART_SECONDS 5

/* ------------------------------------------------------------ creation */

/* The parameters as they were given, whatever their order; without what is
 * about the answer alone. */
static void compose_creation_text(const struct call *call, struct buffer *text)
{
	const struct method *method = call->method;
	struct json_writer w;
	unsigned i;

	buffer_rewind(text, 0);
	json_writer_init(&w, text);
	json_writer_object(&w);
	for (i = 0; i < method->nr_params; i++) {
		const struct param_value *value = &call->values[i];
		const char *name = method->params[i].name;

		if (!value->given || i >= CREATE_WANT)
			continue;
		json_writer_key_text(&w, name, strlen(name));
		json_writer_raw(&w, value->raw.text, value->raw.len);
	}
	json_writer_object_end(&w);
}

/* A creation without parameters, which is the common case, leaves no text. */
static bool set_origin(struct call *call, struct process_setup *setup)
{
	struct buffer *text = &call->service->scratch;

	compose_creation_text(call, text);
	if (text->failed) {
		call->tenant->memory.refusal = REFUSAL_HOST_MEMORY;
		return refusal_error(call, &call->error);
	}
	if (text->len == 2)
		return true;
	setup->origin = text->data;
	setup->origin_len = (uint32_t)text->len;
	return true;
}

static bool make_world_of(struct call *call, struct process_setup *setup,
			  struct world **worldp)
{
	struct creation_error fault;
	enum world_status status;

	if (!set_origin(call, setup))
		return false;
	status = world_new(&call->tenant->memory, setup, worldp, &fault);
	if (status == WORLD_BAD_PARAM)
		return error_set(&call->error, ERROR_PARAMS_VALUE, fault.param,
				 "%s", fault.hint);
	return call_status(call, status);
}

static bool make_world(struct call *call, struct world **worldp)
{
	struct process_setup setup;

	return process_setup_read(call, &setup) &&
	       make_world_of(call, &setup, worldp);
}

/* As process.create reads them; text NULL: none. */
static bool read_creation(struct call *creation, const struct call *call,
			  const struct json_value *params,
			  struct process_setup *setup)
{
	const struct method_entry *entry =
		method_find(&call->service->methods, "process.create", 14);

	creation->service = call->service;
	creation->tenant = call->tenant;
	creation->entry = entry;
	creation->method = entry->method;
	creation->error.key = ERROR_NONE;
	return params_read_text(entry->method->name, &entry->params,
				&call->service->index, params, creation->values,
				&creation->error) &&
	       process_setup_read(creation, setup);
}

/* What was taken once is taken again, as long as the host has the memory. */
static bool read_creation_again(struct call *call,
				const struct json_value *created,
				struct process_setup *setup)
{
	struct call creation;

	if (!read_creation(&creation, call, created, setup)) {
		call->error = creation.error;
		return false;
	}
	setup->history = 0;
	return true;
}

bool call_origin(struct call *call, struct memory *memory,
		 struct world **worldp)
{
	struct process_setup setup;
	struct creation_error fault;
	struct json_value params = { .kind = JSON_KIND_OBJECT };
	size_t len;

	params.text = world_origin(call->world, &len);
	params.len = (uint32_t)len;
	return read_creation_again(call, &params, &setup) &&
	       call_status(call, world_new(memory, &setup, worldp, &fault));
}

bool call_restore(struct call *call, struct memory *memory,
		  const struct json_value *created, const uint8_t *bytes,
		  size_t len, struct world **worldp)
{
	struct process_setup setup;
	struct creation_error fault;

	return read_creation_again(call, created, &setup) &&
	       call_status(call, world_state_read(memory, &setup, bytes, len,
						  worldp, &fault));
}

bool call_create(struct call *call, const struct json_value *params,
		 struct world **worldp)
{
	struct process_setup setup;
	struct call creation;

	if (read_creation(&creation, call, params, &setup) &&
	    make_world_of(&creation, &setup, worldp))
		return true;
	call->error = creation.error;
	return false;
}

static bool resume(struct call *creation, struct process_setup *setup,
		   const uint8_t *bytes, size_t len, struct world **worldp)
{
	struct creation_error fault;
	enum world_status status;

	if (!set_origin(creation, setup))
		return false;
	status = world_state_read(&creation->tenant->memory, setup, bytes, len,
				  worldp, &fault);
	if (status != WORLD_BAD_PARAM)
		return call_status(creation, status);
	if (fault.param)
		return error_set(&creation->error, ERROR_PARAMS_VALUE,
				 fault.param, "%s", fault.hint);
	return error_set(&creation->error, ERROR_PARAMS_VALUE, "document",
			 "its state is not one of a world: %s; nothing has "
			 "changed",
			 fault.hint);
}

bool call_resume(struct call *call, const struct json_value *params,
		 const uint8_t *bytes, size_t len, struct world **worldp)
{
	struct process_setup setup;
	struct call creation;

	if (read_creation(&creation, call, params, &setup) &&
	    resume(&creation, &setup, bytes, len, worldp))
		return true;
	call->error = creation.error;
	return false;
}

bool call_takes_processes(struct call *call)
{
	if (!call->service->draining)
		return true;
	error_set(&call->error, ERROR_SHUTDOWN, NULL,
		  "the server is shutting down and makes no more processes; "
		  "create it elsewhere, or here after the restart");
	call->error.retry_after = RESTART_SECONDS;
	return false;
}

bool call_pays(struct call *call)
{
	call->tenant =
		tenants_get(&call->service->tenants, call->caller.client);
	if (call->tenant)
		return true;
	return error_no_memory(&call->error);
}

void call_turn_to(struct call *call, uint32_t index)
{
	const struct process_slot *slot =
		process_table_slot(&call->service->processes, index);

	call->slot = index;
	call->world = slot->world;
	call->number = slot->number;
	call->process = world_process(slot->world, slot->number);
	call->is_process_created = true;
}

bool run_process_create(struct call *call)
{
	struct rpc_service *service = call->service;
	struct world *world = NULL;
	uint32_t index;

	if (!call_takes_processes(call) || !call_pays(call) ||
	    !make_world(call, &world))
		return false;
	if (!name_reserve(call, &index)) {
		world_free(world);
		return refusal_error(call, &call->error);
	}
	name_give(service, index, world, 0);
	call_turn_to(call, index);
	call->thread = 1;
	call->is_world_created = true;
	call->is_carried_out = true;

	json_writer_object(&call->w);
	json_writer_key(&call->w, "process");
	name_write(call, &call->w, index);
	json_writer_key(&call->w, "thread");
	json_writer_u64(&call->w, call->thread);
	json_writer_key(&call->w, "route");
	json_writer_text(&call->w, service->route);
	expiry_write(service, &call->w);
	before_take(call, NULL, 0, 0);
	write_snapshot(call, NULL);
	json_writer_object_end(&call->w);
	return true;
}

/* ---------------------------------------------------------------- fork */

/* What is only supposed gets no name; in a draft it waits for its world. */
static void turn_to_child(struct call *call, uint32_t index,
			  const struct outcome *outcome)
{
	if (call->is_drafted)
		call->slot = index;
	if (call->is_supposed || call->is_drafted) {
		call->number = outcome->process;
		call->process = world_process(call->world, call->number);
	} else {
		name_give(call->service, index, world_share(call->world),
			  outcome->process);
		call_turn_to(call, index);
	}
	call->thread = outcome->thread;
}

static void write_child(struct call *call)
{
	write_ret(&call->w, 0);
	if (!call->is_supposed) {
		json_writer_key(&call->w, "process");
		name_write(call, &call->w, call->slot);
	}
	json_writer_key(&call->w, "thread");
	json_writer_u64(&call->w, call->thread);
	write_snapshot(call, NULL);
}

/* The child's name comes before there is a child: it is not to fail
 * afterwards. From then on the call is about the child. */
bool run_process_fork(struct call *call)
{
	struct operation op = {
		.code = OP_FORK,
		.args = { call->values[FORK_VM].number ? FORK_SHARE_MM : 0 },
	};
	bool is_named = !call->is_supposed, applied;
	struct outcome outcome;
	uint32_t index = 0;

	if (is_named && !name_reserve(call, &index))
		return refusal_error(call, &call->error);
	applied = call_apply(call, &op, &outcome);
	if (is_named && (!applied || outcome.ret < 0))
		name_drop(call->service, index);
	if (!applied)
		return false;
	json_writer_object(&call->w);
	if (outcome.ret < 0) {
		write_ret(&call->w, outcome.ret);
		/* There is no child whose state could be shown. */
		call->want &= PARTS_OF_CALL;
		write_snapshot(call, &outcome);
	} else {
		turn_to_child(call, index, &outcome);
		write_child(call);
	}
	write_history(call, false);
	json_writer_object_end(&call->w);
	return true;
}

/* ------------------------------------------------------------- reading */

/* What is forked was not created. */
static void write_created(struct call *call)
{
	struct json_writer *w = &call->w;
	size_t len;
	const char *text = world_origin(call->world, &len);

	json_writer_key(w, "created");
	if (text && !call->number)
		json_writer_raw(w, text, len);
	else
		json_writer_raw(w, "{}", 2);
}

static void write_counters(struct call *call)
{
	const struct mm_struct *mm = process_mm(call->process);
	struct json_writer *w = &call->w;

	json_writer_key(w, "counters");
	json_writer_object(w);
	json_writer_key(w, "operations");
	json_writer_u64(w, world_seq(call->world));
	json_writer_key(w, "threads");
	json_writer_u64(w, process_nr_threads(call->process));
	json_writer_key(w, "areas");
	json_writer_u64(w, mm->map_count);
	json_writer_key(w, "resident_pages");
	json_writer_u64(w, get_mm_rss(mm));
	json_writer_key(w, "journal_bytes");
	json_writer_u64(w, world_journal_bytes(call->world));
	json_writer_object_end(w);
}

/* How near its world is to being refused more: see quota.world. */
static void write_world(struct call *call)
{
	const struct memory *payer = world_memory(call->world);
	struct json_writer *w = &call->w;

	json_writer_key(w, "world");
	json_writer_object(w);
	json_writer_key(w, "held");
	json_writer_u64(w, world_held(call->world));
	json_writer_key(w, "limit");
	json_writer_u64(w, payer->account->max_world_bytes);
	json_writer_object_end(w);
}

static void write_shares(struct call *call, const struct process_slot *slot)
{
	const unsigned nr = shares_count(call->service, call->slot);
	struct json_writer *w = &call->w;

	if (nr) {
		json_writer_key(w, "shares");
		json_writer_u64(w, nr);
	}
	if (slot->is_share) {
		json_writer_key(w, "readonly");
		json_writer_bool(w, true);
	}
}

bool run_process_get(struct call *call)
{
	const struct rpc_service *service = call->service;
	const struct process_slot *slot =
		process_table_slot(&service->processes, call->slot);
	struct json_writer *w = &call->w;

	json_writer_object(w);
	json_writer_key(w, "profile");
	json_writer_text(w, world_machine(call->world)->profile->name);
	json_writer_key(w, "route");
	json_writer_text(w, service->route);
	json_writer_key(w, "age");
	if (service->host.now)
		json_writer_u64(w, service_age(service) - slot->born);
	else
		json_writer_null(w);
	expiry_write(service, w);
	write_shares(call, slot);
	write_created(call);
	write_counters(call);
	write_world(call);
	write_history(call, true);
	json_writer_object_end(w);
	return true;
}
