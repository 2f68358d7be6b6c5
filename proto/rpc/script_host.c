/* SPDX-License-Identifier: MIT */
/*
 * A script's calls, carried out as if each had come by itself, but for the world
 * that they change
 */
#include <stdio.h>
#include <string.h>

#include "proto/rpc/before.h"
#include "proto/rpc/script_catalog.h"
#include "proto/rpc/script_job.h"
#include "proto/rpc/service.h"

#define NS_PER_MS 1000000ULL

/* -------------------------------------------------------------- names */

const struct newborn *script_newborns(const struct script_job *job, size_t *nrp)
{
	*nrp = job->names.len / sizeof(struct newborn);
	return (const struct newborn *)job->names.data;
}

/* False: nobody would know the name, and it has been given back. */
static bool note_name(struct script_job *job, uint32_t index, uint32_t number)
{
	const struct newborn born = { index, number };

	buffer_append(&job->names, (const char *)&born, sizeof(born));
	if (!job->names.failed)
		return true;
	name_drop(job->call->service, index);
	job->call->tenant->memory.refusal = REFUSAL_HOST_MEMORY;
	return refusal_error(job->call, &job->error);
}

/* The slot of a process of the draft. */
static uint32_t slot_of(const struct script_job *job, uint32_t number)
{
	const struct process *process;
	const struct newborn *born;
	size_t nr, i;

	born = script_newborns(job, &nr);
	for (i = 0; i < nr; i++)
		if (born[i].number == number)
			return born[i].index;
	process = world_process(job->draft, number);
	return process_name(process) - 1;
}

/* ------------------------------------------------------------- a call */

static uint32_t number_of(const struct script_job *job,
			  const struct script_request *request)
{
	return request->process == SCRIPT_OWN ? job->call->number
					      : request->process;
}

/* What the arguments leave open is as script.run says. */
static void take_common(const struct script_job *job, struct call *inner)
{
	const struct method *method = inner->method;
	unsigned i;

	inner->thread =
		inner->number == job->call->number ? job->call->thread : 1;
	inner->lang = job->call->lang;
	inner->want = 0;
	for (i = 0; i < method->nr_params; i++) {
		const struct param_value *value = &inner->values[i];
		const enum param_kind kind = method->params[i].kind;

		/* What only shows has something to show. */
		if (kind == PARAM_WANT)
			inner->want =
				value->given || method->run == run_mm_snapshot
					? (unsigned)value->number
					: job->each;
		else if (kind == PARAM_THREAD && value->given)
			inner->thread = (uint32_t)value->number;
		else if (kind == PARAM_LANG && value->given)
			inner->lang = (enum lang)value->number;
	}
}

/* Where in the script the parameter is that an error is about. */
static void find_blame(const struct script_job *job,
		       const struct script_request *request,
		       struct script_reply *reply)
{
	const char *param = job->error.param;
	unsigned i, arg;

	for (i = 0; i < request->nr_args; i++) {
		arg = script_param_index(job->method, request->args[i].param);
		if (!strcmp(job->method->params[arg].name, param))
			reply->blame = request->args[i].offset + 1;
	}
}

static bool read_params(struct script_job *job, struct call *inner)
{
	const struct method *method = inner->method;
	const unsigned from = script_params_from(method);
	const struct json_value params = { .text = job->params.data,
					   .len = (uint32_t)job->params.len,
					   .kind = JSON_KIND_OBJECT };
	struct params_plan plan;

	params_plan_init(&plan, method->params + from,
			 method->nr_params - from);
	return params_read_text(method->name, &plan, &inner->service->index,
				&params, inner->values + from, &inner->error);
}

static bool find_process(const struct script_job *job, struct call *inner,
			 const struct script_request *request)
{
	inner->number = number_of(job, request);
	inner->world = job->draft;
	inner->process = world_process(job->draft, inner->number);
	inner->slot = slot_of(job, inner->number);
	if (process_is_alive(inner->process))
		return true;
	return error_set(&inner->error, ERROR_PROCESS_GONE, NULL,
			 "the process has exited");
}

/* As if it had come by itself, but for the world that it changes. */
static bool carry_out(struct script_job *job, struct call *inner,
		      struct script_reply *reply)
{
	const uint32_t number = inner->number;
	const bool ok = inner->method->run(inner);

	if (ok && inner->number == number)
		return true;
	if (!ok)
		return false;
	/* The call is about the child from now on. */
	reply->has_process = true;
	reply->process = inner->number;
	if (note_name(job, inner->slot, inner->number))
		return true;
	inner->error = job->error;
	return false;
}

bool script_make_world(struct script_job *job, const struct json_value *params)
{
	struct call *call = job->call;
	struct rpc_error before = call->error;
	uint32_t index;
	bool ok;

	ok = call_create(call, params, &job->draft) &&
	     (name_reserve(call, &index) || refusal_error(call, &call->error));
	if (!ok) {
		job->error = call->error;
		call->error = before;
		return false;
	}
	call->thread = 1;
	return note_name(job, index, 0);
}

/* The script makes its own process. */
static bool create(struct script_job *job, struct call *inner,
		   struct script_reply *reply)
{
	struct json_value params = { .text = job->params.data,
				     .len = (uint32_t)job->params.len,
				     .kind = JSON_KIND_OBJECT };
	size_t nr;

	if (!script_make_world(job, &params)) {
		inner->error = job->error;
		return false;
	}
	json_writer_object(&inner->w);
	json_writer_key(&inner->w, "process");
	name_write(job->call, &inner->w, script_newborns(job, &nr)[0].index);
	json_writer_key(&inner->w, "thread");
	json_writer_u64(&inner->w, 1);
	json_writer_object_end(&inner->w);
	reply->has_process = true;
	reply->process = 0;
	return true;
}

bool script_answer_failed(struct script_job *job, const struct buffer *answer)
{
	struct call *call = job->call;

	if (answer->failed == BUFFER_NO_MEMORY) {
		call->tenant->memory.refusal = REFUSAL_HOST_MEMORY;
		return refusal_error(call, &job->error);
	}
	return error_set(&job->error, ERROR_RESPONSE_TOO_LARGE, NULL,
			 "the answers are more than a response may hold, and "
			 "nothing has changed; want fewer parts, or repeat "
			 "less");
}

static bool refuse_answer(struct script_job *job, struct call *inner,
			  const struct buffer *answer)
{
	script_answer_failed(job, answer);
	inner->error = job->error;
	return false;
}

static bool run_inner(struct script_job *job, struct call *inner,
		      const struct script_request *request,
		      struct script_reply *reply)
{
	if (!script_compose(&job->params, inner->method, request))
		return refuse_answer(job, inner, &job->params);
	buffer_rewind(&job->result, 0);
	json_writer_init(&inner->w, &job->result);
	if (script_catalog.is_creation(request->call)) {
		if (!create(job, inner, reply))
			return false;
	} else {
		if (!find_process(job, inner, request) ||
		    !read_params(job, inner))
			return false;
		take_common(job, inner);
		if (!carry_out(job, inner, reply))
			return false;
	}
	if (job->result.failed)
		return refuse_answer(job, inner, &job->result);
	return !inner->service->scratch.failed ||
	       refuse_answer(job, inner, &inner->service->scratch);
}

static bool host_call(void *ctx, const struct script_request *request,
		      struct script_reply *reply)
{
	struct script_job *job = ctx;
	struct call inner = *job->call;

	inner.entry = &inner.service->methods.entries[request->call];
	inner.method = job->method = inner.entry->method;
	inner.is_drafted = true;
	inner.is_long = false;
	inner.work = NULL;
	inner.error.key = ERROR_NONE;
	job->calls++;
	if (!run_inner(job, &inner, request, reply)) {
		before_end(inner.service);
		job->error = inner.error;
		find_blame(job, request, reply);
		return false;
	}
	reply->json = job->result.data;
	reply->len = job->result.len;
	return true;
}

uint64_t script_clock(const struct rpc_service *service)
{
	const struct rpc_host *host = &service->host;

	if (host->clock)
		return host->clock(host->ctx);
	return host->now ? host->now(host->ctx) * NS_PER_MS : 0;
}

static bool host_go_on(void *ctx)
{
	struct script_job *job = ctx;
	const struct rpc_service *service = job->call->service;
	const uint64_t spent = job->spent + script_clock(service) - job->since;

	if (job->call->w.out->failed)
		return script_answer_failed(job, job->call->w.out);
	if (spent <= service->limits.script_ms * NS_PER_MS)
		return true;
	return error_set(&job->error, ERROR_SCRIPT_LIMIT, "script",
			 job->call->lang == LANG_ZH
				 ? "脚本已经用了 %u 毫秒，到了上限；"
				   "什么都没有改变"
				 : "the script has taken %u ms, and no more "
				   "may be; nothing has changed",
			 service->limits.script_ms);
}

/* Before its first line has run a script may have no world. */
static bool host_admits(void *ctx)
{
	struct script_job *job = ctx;

	return !job->draft || slice_admits(&job->slice, job->draft);
}

/* ------------------------------------------------------------- telling */

static void write_call(struct script_job *job, const struct script_event *event)
{
	struct json_writer *w = &job->call->w;
	const uint32_t number = number_of(job, event->request);

	json_writer_key(w, "call");
	json_writer_text(w, job->method->name);
	if (number) {
		json_writer_key(w, "number");
		json_writer_u64(w, number);
	}
	json_writer_key(w, "params");
	json_writer_raw(w, job->params.data, job->params.len);
	json_writer_key(w, "result");
	json_writer_raw(w, event->reply->json, event->reply->len);
}

static void write_verdict(struct script_job *job,
			  const struct script_event *event)
{
	struct json_writer *w = &job->call->w;

	json_writer_key(w, "passed");
	json_writer_bool(w, event->passed);
	json_writer_key(w, "operator");
	json_writer_text(w, event->operator);
	json_writer_key(w, "wanted");
	script_value_write(w, &event->wanted);
	job->passed += event->passed;
	job->failed += !event->passed;
}

/* An answer that is no simple value stands there already. */
static bool is_short(const struct script_value *value)
{
	return value->kind != SCRIPT_OBJECT && value->len <= 64;
}

static void host_tell(void *ctx, const struct script_event *event)
{
	struct script_job *job = ctx;
	struct json_writer *w = &job->call->w;

	json_writer_object(w);
	json_writer_key(w, "line");
	json_writer_u64(w, event->line);
	json_writer_key(w, "text");
	json_writer_string(w, event->text, event->text_len);
	if (event->request)
		write_call(job, event);
	if (event->name) {
		json_writer_key(w, "name");
		json_writer_string(w, event->name, event->name_len);
	}
	if (!event->request || is_short(&event->value)) {
		json_writer_key(w, "value");
		script_value_write(w, &event->value);
	}
	if (event->kind == SCRIPT_PRINTED) {
		json_writer_key(w, "printed");
		json_writer_bool(w, true);
	} else if (event->kind == SCRIPT_EXPECTED) {
		write_verdict(job, event);
	}
	json_writer_object_end(w);
}

const struct script_host script_host = {
	.call = host_call,
	.go_on = host_go_on,
	.admits = host_admits,
	.tell = host_tell,
};
