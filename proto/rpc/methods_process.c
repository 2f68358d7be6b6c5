/* SPDX-License-Identifier: MIT */
/*
 * Processes, threads and descriptors
 */
#include <inttypes.h>
#include <string.h>

#include "proto/rpc/service.h"

/* When to try again after a refusal for shutting down. */
#define RESTART_SECONDS 5

/* ------------------------------------------------------------ creation */

void creation_text_free(struct memory *memory, struct creation_text *created)
{
	if (created)
		memory_free(memory, created, created->size);
}

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

/* *createdp stays NULL if nothing was given, which is the common case. */
static bool save_creation_text(struct call *call,
			       struct creation_text **createdp)
{
	struct memory *memory = &call->service->memory;
	struct buffer *text = &call->service->scratch;
	struct creation_text *created;
	size_t size;

	compose_creation_text(call, text);
	if (text->failed) {
		memory->refusal = REFUSAL_HOST_MEMORY;
		return refusal_error(call, &call->error);
	}
	if (text->len == 2)
		return true;
	size = sizeof(*created) + text->len;
	created = memory_alloc(memory, size);
	if (!created)
		return refusal_error(call, &call->error);
	created->size = size;
	created->len = text->len;
	memcpy(created->text, text->data, text->len);
	*createdp = created;
	return true;
}

static bool make_world(struct call *call, struct world **worldp)
{
	struct process_setup setup;
	struct creation_error fault;
	enum world_status status;

	if (!process_setup_read(call, &setup))
		return false;
	status = world_new(&call->service->memory, &setup, worldp, &fault);
	if (status == WORLD_BAD_PARAM)
		return error_set(&call->error, ERROR_PARAMS_VALUE, fault.param,
				 "%s", fault.hint);
	return call_status(call, status);
}

/* Gives the world's first process a name; false without memory for it. */
static bool name_process(struct call *call, struct world *world,
			 struct creation_text *created)
{
	struct rpc_service *service = call->service;
	uint32_t random[PROCESS_RANDOM_WORDS];
	struct process_slot *slot;

	service->host.random(service->host.ctx, random, sizeof(random));
	slot = process_table_add(&service->processes, random, &call->slot);
	if (!slot)
		return false;
	slot->world = world;
	slot->number = 0;
	slot->created = created;
	slot->born = service_age(service);
	expiry_touch(service, world);
	call->world = world;
	call->number = 0;
	call->process = world_process(world, 0);
	call->thread = 1;
	call->is_process_created = true;
	call->is_carried_out = true;
	return true;
}

bool run_process_create(struct call *call)
{
	struct rpc_service *service = call->service;
	struct creation_text *created = NULL;
	struct world *world = NULL;
	char name[PROCESS_NAME_LEN];

	if (service->draining) {
		error_set(&call->error, ERROR_SHUTDOWN, NULL,
			  "the server is shutting down and makes no more "
			  "processes; create it elsewhere, or here after the "
			  "restart");
		call->error.retry_after = RESTART_SECONDS;
		return false;
	}
	if (!make_world(call, &world))
		return false;
	if (!save_creation_text(call, &created))
		goto out_world;
	if (!name_process(call, world, created)) {
		service->memory.refusal = REFUSAL_HOST_MEMORY;
		refusal_error(call, &call->error);
		goto out_created;
	}

	process_table_name(&service->processes, call->slot, name);
	json_writer_object(&call->w);
	json_writer_key(&call->w, "process");
	json_writer_string(&call->w, name, sizeof(name));
	json_writer_key(&call->w, "thread");
	json_writer_u64(&call->w, call->thread);
	json_writer_key(&call->w, "route");
	json_writer_text(&call->w, service->route);
	expiry_write(service, &call->w);
	write_snapshot(call, NULL);
	json_writer_object_end(&call->w);
	return true;

out_created:
	creation_text_free(&service->memory, created);
out_world:
	world_free(world);
	return false;
}

/* ---------------------------------------------------------------- fork */

/* The child's name, before there is a child: it is not to fail afterwards. */
static struct process_slot *reserve_name(struct call *call, uint32_t *indexp)
{
	struct rpc_service *service = call->service;
	uint32_t random[PROCESS_RANDOM_WORDS];
	struct process_slot *slot;

	service->host.random(service->host.ctx, random, sizeof(random));
	slot = process_table_add(&service->processes, random, indexp);
	if (slot) {
		slot->world = world_share(call->world);
		slot->born = service_age(service);
	}
	return slot;
}

static void give_name_back(struct call *call, uint32_t index)
{
	world_free(call->world);
	process_table_remove(&call->service->processes, index);
}

/* From now on the call is about the child. */
static void turn_to_child(struct call *call, const struct outcome *outcome,
			  uint32_t slot)
{
	call->slot = slot;
	call->number = outcome->process;
	call->process = world_process(call->world, outcome->process);
	call->thread = outcome->thread;
	call->is_process_created = true;
}

static void write_child(struct call *call)
{
	char name[PROCESS_NAME_LEN];

	process_table_name(&call->service->processes, call->slot, name);
	write_ret(&call->w, 0);
	json_writer_key(&call->w, "process");
	json_writer_string(&call->w, name, sizeof(name));
	json_writer_key(&call->w, "thread");
	json_writer_u64(&call->w, call->thread);
	write_snapshot(call, NULL);
}

bool run_process_fork(struct call *call)
{
	struct operation op = {
		.code = OP_FORK,
		.args = { call->values[FORK_VM].number ? FORK_SHARE_MM : 0 },
	};
	struct process_slot *slot;
	struct outcome outcome;
	uint32_t index;

	slot = reserve_name(call, &index);
	if (!slot) {
		call->service->memory.refusal = REFUSAL_HOST_MEMORY;
		return refusal_error(call, &call->error);
	}
	if (!call_apply(call, &op, &outcome)) {
		give_name_back(call, index);
		return false;
	}
	json_writer_object(&call->w);
	if (outcome.ret < 0) {
		give_name_back(call, index);
		write_ret(&call->w, outcome.ret);
	} else {
		slot->number = outcome.process;
		turn_to_child(call, &outcome, index);
		write_child(call);
	}
	write_history(call, false);
	json_writer_object_end(&call->w);
	return true;
}

/* ------------------------------------------------------------- reading */

static void write_created(struct call *call, const struct process_slot *slot)
{
	struct json_writer *w = &call->w;

	json_writer_key(w, "created");
	if (slot->created)
		json_writer_raw(w, slot->created->text, slot->created->len);
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
	write_created(call, slot);
	write_counters(call);
	write_history(call, true);
	json_writer_object_end(w);
	return true;
}

/* ---------------------------------------------------------- operations */

/* {"threads": those that live}; a process without any is forgotten. */
static void write_threads(struct call *call)
{
	struct json_writer *w = &call->w;

	json_writer_object(w);
	json_writer_key(w, "threads");
	json_writer_u64(w, process_nr_threads(call->process));
	write_history(call, false);
	json_writer_object_end(w);
	if (!process_is_alive(call->process))
		call_forget_process(call);
}

/* One number under @key. */
static void write_number(struct call *call, const char *key, uint64_t number)
{
	struct json_writer *w = &call->w;

	json_writer_object(w);
	json_writer_key_text(w, key, strlen(key));
	json_writer_u64(w, number);
	write_history(call, false);
	json_writer_object_end(w);
}

bool run_process_exit(struct call *call)
{
	struct operation op = { .code = OP_PROCESS_EXIT };
	struct outcome outcome;

	if (!call_apply(call, &op, &outcome))
		return false;
	write_threads(call);
	return true;
}

bool run_thread_create(struct call *call)
{
	struct operation op = { .code = OP_THREAD_NEW };
	struct outcome outcome;

	if (!call_apply(call, &op, &outcome))
		return false;
	write_number(call, "thread", outcome.thread);
	return true;
}

bool run_thread_exit(struct call *call)
{
	struct operation op = { .code = OP_THREAD_EXIT };
	struct outcome outcome;

	if (!call_apply(call, &op, &outcome))
		return false;
	write_threads(call);
	return true;
}

/* Names are at most 255 bytes, six characters each if all are escaped. */
#define NAME_SCRATCH_MAX (6 * 255)

bool run_file_open(struct call *call)
{
	const struct param_value *values = call->values;
	struct operation op = {
		.code = OP_FILE_OPEN,
		.args = { values[OPEN_FD].number, values[OPEN_SIZE].number,
			  values[OPEN_MODE].number },
	};
	char scratch[NAME_SCRATCH_MAX];
	struct outcome outcome;
	size_t len = 0;

	op.text = json_string_text(&values[OPEN_NAME].raw, scratch,
				   sizeof(scratch), &len);
	op.text_len = (uint32_t)len;
	if (!call_apply(call, &op, &outcome))
		return false;
	write_number(call, "fd", values[OPEN_FD].number);
	return true;
}

bool run_file_truncate(struct call *call)
{
	struct operation op = {
		.code = OP_FILE_TRUNCATE,
		.args = { call->values[TRUNCATE_FD].number,
			  call->values[TRUNCATE_SIZE].number },
	};
	struct outcome outcome;

	if (!call_apply(call, &op, &outcome))
		return false;
	json_writer_object(&call->w);
	write_ret(&call->w, outcome.ret);
	write_history(call, false);
	json_writer_object_end(&call->w);
	return true;
}

bool run_file_close(struct call *call)
{
	struct operation op = {
		.code = OP_FILE_CLOSE,
		.args = { call->values[CLOSE_FD].number },
	};
	struct outcome outcome;

	if (!call_apply(call, &op, &outcome))
		return false;
	write_number(call, "fd", call->values[CLOSE_FD].number);
	return true;
}
