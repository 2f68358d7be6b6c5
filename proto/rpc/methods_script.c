/* SPDX-License-Identifier: MIT */
/*
 * script.run: a script's calls, all of them or none
 *
 * They are carried out in a draft of the world, as each would be by itself, and
 * the world takes the draft over when the script has come to its end. Nothing
 * comes in between, so that a run is bounded by steps and by time.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "proto/rpc/before.h"
#include "proto/rpc/script_catalog.h"
#include "proto/rpc/script_job.h"
#include "proto/rpc/service.h"

/* --------------------------------------------------------------- text */

static bool refuse_fault(struct script_job *job, enum error_key key)
{
	struct rpc_error *error = &job->call->error;

	error_set(error, key, "script", "line %u, column %u: %s",
		  job->fault.line, job->fault.column, job->fault.text);
	error->line = job->fault.line;
	error->column = job->fault.column;
	return false;
}

/* The call's own refusal, and where it was. */
static bool refuse_call(struct script_job *job)
{
	struct rpc_error *error = &job->call->error;
	char hint[ERROR_HINT_MAX];

	snprintf(hint, sizeof(hint), "%s", job->error.hint);
	*error = job->error;
	snprintf(error->hint, sizeof(error->hint), "line %u, column %u: %.*s",
		 job->fault.line, job->fault.column, ERROR_HINT_MAX - 60, hint);
	error->line = job->fault.line;
	error->column = job->fault.column;
	return false;
}

static bool refuse_memory(struct script_job *job)
{
	return refusal_error(job->call, &job->call->error);
}

static bool refuse(struct script_job *job)
{
	switch (job->fault.kind) {
	case SCRIPT_SYNTAX:
		return refuse_fault(job, ERROR_SCRIPT_SYNTAX);
	case SCRIPT_LIMIT:
		return refuse_fault(job, ERROR_SCRIPT_LIMIT);
	case SCRIPT_HOST:
		return refuse_call(job);
	case SCRIPT_NO_MEMORY:
		return refuse_memory(job);
	default:
		return refuse_fault(job, ERROR_SCRIPT_FAILED);
	}
}

static bool parse(struct script_job *job)
{
	struct call *call = job->call;
	const struct json_value *raw = &call->values[SCRIPT_SCRIPT].raw;
	struct buffer *arena = &call->service->arena;
	const char *text;
	char *room;
	size_t len = 0;

	if (!param_kind_is("script", raw, JSON_KIND_STRING, &call->error))
		return false;
	buffer_rewind(arena, 0);
	room = buffer_reserve(arena, raw->len);
	if (!room) {
		call->tenant->memory.refusal = REFUSAL_HOST_MEMORY;
		return refuse_memory(job);
	}
	text = json_string_text(raw, room, raw->len, &len);
	job->script = script_parse(&call->tenant->memory, &script_catalog, text,
				   len, &job->fault);
	return job->script || refuse(job);
}

/* -------------------------------------------------------------- names */

static void drop_names(struct script_job *job)
{
	const struct newborn *born;
	size_t nr, i;

	born = script_newborns(job, &nr);
	for (i = 0; i < nr; i++)
		name_drop(job->call->service, born[i].index);
	buffer_rewind(&job->names, 0);
}

/* From now on the names stand for the world's processes. */
static void give_names(struct script_job *job, struct world *world)
{
	struct rpc_service *service = job->call->service;
	const struct newborn *born;
	size_t nr, i;

	born = script_newborns(job, &nr);
	for (i = 0; i < nr; i++) {
		/* The first name of a new world takes its owner's part. */
		if (i || !job->is_new)
			world_share(world);
		name_give(service, born[i].index, world, born[i].number);
	}
	buffer_rewind(&job->names, 0);
}

/* ------------------------------------------------------- the beginning */

static bool refuse_two(struct call *call, const char *param, const char *first,
		       const char *second)
{
	return error_set(&call->error, ERROR_PARAMS_VALUE, param,
			 "%s and %s both say which process the script is for; "
			 "leave one of them out",
			 first, second);
}

static bool judge_origin(struct script_job *job)
{
	struct call *call = job->call;
	const struct param_value *create = &call->values[SCRIPT_CREATE];
	bool has_create;

	if (create->given && !param_kind_is("create", &create->raw,
					    JSON_KIND_OBJECT, &call->error))
		return false;
	/* By position {} stands for what is left out. */
	has_create = create->given && create->raw.len > 2;
	if (!job->is_new && has_create)
		return refuse_two(call, "create", "process", "create");
	if (!job->is_new && script_creates(job->script))
		return refuse_two(call, "process", "process",
				  "the script's first line");
	if (has_create && script_creates(job->script))
		return refuse_two(call, "create", "create",
				  "the script's first line");
	return true;
}

static bool begin_draft(struct script_job *job)
{
	struct call *call = job->call;

	if (!before_copies(call, NULL, "send the calls themselves, in a batch"))
		return false;
	return world_draft(&job->side, call->world, &job->draft) == WORLD_OK ||
	       refuse_memory(job);
}

static bool begin(struct script_job *job)
{
	const struct param_value *create = &job->call->values[SCRIPT_CREATE];
	const struct json_value none = { .text = "{}",
					 .len = 2,
					 .kind = JSON_KIND_OBJECT };

	if (!job->is_new)
		return begin_draft(job);
	/* Until its first line has run there is nothing. */
	if (script_creates(job->script) ||
	    script_make_world(job, create->given ? &create->raw : &none))
		return true;
	job->call->error = job->error;
	return false;
}

/* ------------------------------------------------------------- the end */

/* Calls count as such, but a long script as a full batch at most. */
static bool judge_rate(struct script_job *job)
{
	struct call *call = job->call;
	const struct rpc_service *service = call->service;
	const struct rpc_host *host = &service->host;
	struct client *client =
		clients_at(service->tenants.clients, call->caller.client);
	const uint64_t most = service->limits.batch_calls;
	uint64_t wait;

	if (!client_is_timed(client) || !host->now || !job->calls)
		return true;
	/* The request itself has been one. */
	wait = client_spend(client, (job->calls < most ? job->calls : most) - 1,
			    most, host->now(host->ctx));
	if (!wait)
		return true;
	wait = (wait + 999) / 1000;
	error_set(&call->error, ERROR_QUOTA_RATE, NULL,
		  "the script makes %" PRIu64 " calls, which is more than this "
		  "client may now; nothing has changed, so send it again in "
		  "%" PRIu64 " s",
		  job->calls, wait);
	call->error.retry_after = (unsigned)wait;
	return false;
}

static bool adopt_draft(struct script_job *job)
{
	struct call *call = job->call;
	const uint64_t before = world_seq(call->world);
	enum world_status status;

	/* The diff is to what has not changed yet. */
	if (!before_keep(call))
		return false;
	status = world_adopt(call->world, job->draft);
	if (status != WORLD_OK) {
		before_end(call->service);
		return call_status(call, status);
	}
	job->draft = NULL;
	give_names(job, call->world);
	call->process = world_process(call->world, call->number);
	call->seq = world_seq(call->world);
	call->is_carried_out = true;
	if (call->service->subscriptions.nr && call->seq != before)
		subscriptions_tell_script(call, call->seq - before);
	return true;
}

static void keep_world(struct script_job *job)
{
	struct call *call = job->call;
	struct world *world = job->draft;
	size_t nr;
	const uint32_t index = script_newborns(job, &nr)[0].index;

	job->draft = NULL;
	give_names(job, world);
	call_turn_to(call, index);
	before_take(call, NULL, 0, call->thread);
	call->is_world_created = true;
	call->is_carried_out = true;
}

/* The answer is written; what has ended may go. */
static void end_if_over(struct call *call)
{
	if (!world_is_over(call->world))
		return;
	call_process_ended(call);
	call->is_world_created = call->is_process_created = false;
}

static void write_end(struct script_job *job)
{
	struct call *call = job->call;
	struct json_writer *w = &call->w;

	json_writer_key(w, "passed");
	json_writer_u64(w, job->passed);
	json_writer_key(w, "failed");
	json_writer_u64(w, job->failed);
	json_writer_key(w, "steps");
	json_writer_u64(w, job->steps);
	json_writer_key(w, "process");
	name_write(call, w, call->slot);
	json_writer_key(w, "thread");
	json_writer_u64(w, call->thread);
	json_writer_key(w, "route");
	json_writer_text(w, call->service->route);
	expiry_write(call->service, w);
	json_writer_key(w, "seq");
	json_writer_u64(w, world_seq(call->world));
	if (process_is_alive(call->process)) {
		if (!process_task(call->process, call->thread))
			call->want &= ~(1u << PART_VMACACHE);
		write_snapshot(call, NULL);
	}
	before_end(call->service);
	write_history(call, true);
	json_writer_object_end(w);
	end_if_over(call);
}

static bool run(struct script_job *job)
{
	struct call *call = job->call;
	const struct rpc_limits *limits = &call->service->limits;
	const struct rpc_host *rpc_host = &call->service->host;
	const struct param_value *steps = &call->values[SCRIPT_STEPS];
	struct script_host host = script_host;
	uint64_t max = limits->script_steps;

	if (steps->given && steps->number < max)
		max = steps->number;
	host.ctx = job;
	if (rpc_host->now)
		job->deadline =
			rpc_host->now(rpc_host->ctx) + limits->script_ms;
	json_writer_object(&call->w);
	json_writer_key(&call->w, "lines");
	json_writer_array(&call->w);
	job->steps = script_run(job->script, &host, max, &job->fault);
	json_writer_array_end(&call->w);
	if (job->fault.kind)
		return refuse(job);
	if (!call->w.out->failed)
		return true;
	script_answer_failed(job, call->w.out);
	call->error = job->error;
	return false;
}

static bool run_job(struct script_job *job)
{
	if (!parse(job) || !judge_origin(job) || !begin(job) || !run(job) ||
	    !judge_rate(job))
		return false;
	if (job->is_new)
		keep_world(job);
	else if (!adopt_draft(job))
		return false;
	write_end(job);
	return true;
}

bool run_script_run(struct call *call)
{
	const size_t most = call->service->limits.answer_bytes;
	struct script_job job = {
		.call = call,
		.is_new = !call->world,
		.each = (unsigned)call->values[SCRIPT_EACH].number,
	};
	bool ok;

	call->want = (unsigned)call->values[SCRIPT_WANT].number;
	if (job.is_new) {
		if (!call_takes_processes(call) || !call_pays(call))
			return false;
		call->number = 0;
		call->thread = 1;
	}
	buffer_init(&job.names, most);
	buffer_init(&job.params, most);
	buffer_init(&job.result, most);
	side_memory_init(&job.side, &call->tenant->memory);
	ok = run_job(&job);
	drop_names(&job);
	world_free(job.draft);
	side_memory_deinit(&job.side);
	script_free(job.script);
	buffer_deinit(&job.result);
	buffer_deinit(&job.params);
	buffer_deinit(&job.names);
	return ok;
}
