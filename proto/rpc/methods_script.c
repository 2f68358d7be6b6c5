/* SPDX-License-Identifier: MIT */
/*
 * script.run: a script's calls, all of them or none
 *
 * They are carried out in a draft of the world, as each would be by itself, and
 * the world takes the draft over when the script has come to its end. A long one
 * takes turns with other calls. If these have changed the world in the meantime
 * the draft is of no use, and the script runs once more; this time it keeps the
 * world still.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "proto/rpc/before.h"
#include "proto/rpc/script_catalog.h"
#include "proto/rpc/script_job.h"
#include "proto/rpc/work.h"

/* --------------------------------------------------------------- text */

/* What is wrong, and where in the script. */
static bool refuse_there(struct script_job *job, const struct rpc_error *wrong)
{
	struct rpc_error *error = &job->call->error;

	*error = *wrong;
	error->line = job->fault.line;
	error->column = job->fault.column;
	snprintf(error->hint, sizeof(error->hint),
		 job->fault.lang == LANG_ZH ? "第 %u 行第 %u 列：%.*s"
					    : "line %u, column %u: %.*s",
		 error->line, error->column, ERROR_HINT_MAX - 60, wrong->hint);
	return false;
}

static bool refuse_fault(struct script_job *job, enum error_key key)
{
	struct rpc_error wrong = { .key = key };

	error_set(&wrong, key, "script", "%s", job->fault.text);
	return refuse_there(job, &wrong);
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
		return refuse_there(job, &job->error);
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

/* Copies have no names: they get those of the originals, to be found by. */
static void name_draft(const struct script_job *job)
{
	const struct process *process;
	uint32_t i;

	for (i = 0; (process = world_process(job->world, i)); i++)
		process_set_name(world_process(job->draft, i),
				 process_name(process));
}

static bool begin_draft(struct script_job *job)
{
	struct call *call = job->call;

	if (!before_copies(call, NULL, "send the calls themselves, in a batch"))
		return false;
	if (world_draft(&job->side, job->world, &job->draft) != WORLD_OK)
		return refuse_memory(job);
	name_draft(job);
	return true;
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

/* --------------------------------------------------------------- turns */

static bool give_up(struct script_job *job)
{
	job->call->error = job->error;
	return false;
}

static void begin_run(struct script_job *job)
{
	struct call *call = job->call;
	const struct param_value *steps = &call->values[SCRIPT_STEPS];
	uint64_t max = call->service->limits.script_steps;

	if (steps->given && steps->number < max)
		max = steps->number;
	json_writer_object(&call->w);
	json_writer_key(&call->w, "lines");
	json_writer_array(&call->w);
	script_begin(job->script, &job->host, max);
	job->passed = job->failed = 0;
	job->calls = 0;
}

/* A part of the script; *morep: there is more. */
static bool run_some(struct script_job *job, bool *morep)
{
	*morep = script_go_on(job->script, &job->fault);
	if (job->fault.kind)
		return refuse(job);
	/* The next step will say where, as it would within a turn. */
	if (*morep || !job->call->w.out->failed)
		return true;
	script_answer_failed(job, job->call->w.out);
	return give_up(job);
}

/* Others will have their turn: what the world was is known by its hash. */
static bool note_world(struct script_job *job)
{
	if (job->turns++ || job->is_new)
		return true;
	return !world_hash(job->work.payer, job->world, &job->before) ||
	       refuse_memory(job);
}

/* Is its process there, and its world as it was before the first turn? */
static bool find_world(struct script_job *job, bool *samep)
{
	struct call *call = job->call;
	struct world_digest now;
	unsigned owner;

	*samep = true;
	if (job->is_new || !job->turns || job->work.still)
		return true;
	if (call_find_process(call, &owner) != PROCESS_FOUND)
		return false;
	if (world_hash(job->work.payer, call->world, &now))
		return refuse_memory(job);
	*samep = !memcmp(&now, &job->before, sizeof(now));
	return true;
}

/* The world has changed: once more, and from now on it keeps still. */
static bool begin_anew(struct script_job *job)
{
	struct call *call = job->call;

	drop_names(job);
	world_free(job->draft);
	job->draft = NULL;
	job->has_run = false;
	job->work.is_ending = false;
	job->spent = 0;
	job->since = script_clock(call->service);
	json_writer_rewind(&call->w, job->begin);
	if (!work_keep_world(call, &job->work, WORK_WORLD_CHANGES))
		return refuse_memory(job);
	if (!begin_draft(job))
		return false;
	begin_run(job);
	return true;
}

/* Since its first turn others may keep the world still. */
static bool may_adopt(const struct script_job *job)
{
	const struct call *call = job->call;

	return job->is_new || !job->turns || job->work.still ||
	       still_enter(call->service, job->world, call->place,
			   STILL_CHANGE);
}

/* *morep: the draft is not yet, or not, what the world shall be. */
static bool judge_draft(struct script_job *job, bool *morep)
{
	bool same;

	*morep = (job->turns && work_waits(job->call, &job->work)) ||
		 !may_adopt(job);
	if (*morep)
		return true;
	if (!find_world(job, &same))
		return false;
	*morep = !same;
	return same || begin_anew(job);
}

static bool finish(struct script_job *job)
{
	struct call *call = job->call;

	if (!call_counts_as(call, job->calls, "the script makes", "calls"))
		return false;
	json_writer_array_end(&call->w);
	job->steps = script_steps(job->script);
	if (job->is_new)
		keep_world(job);
	else if (!adopt_draft(job))
		return false;
	write_end(job);
	return true;
}

static void drop(struct call *call)
{
	struct script_job *job = (struct script_job *)call->work;

	call->work = NULL;
	job->call = call;
	drop_names(job);
	world_free(job->draft);
	service_end_world(call->service, job->world);
	side_memory_deinit(&job->side);
	script_free(job->script);
	buffer_deinit(&job->result);
	buffer_deinit(&job->params);
	buffer_deinit(&job->names);
	work_free(call, &job->work);
}

static void begin_turn(struct script_job *job, struct call *call)
{
	job->call = call;
	job->since = script_clock(call->service);
	slice_begin(&job->slice, call);
}

static bool take_turn(struct script_job *job)
{
	struct call *call = job->call;
	bool more = false, ok = true;

	if (!job->has_run)
		ok = run_some(job, &more);
	job->has_run = ok && !more;
	if (job->has_run)
		ok = judge_draft(job, &more);
	if (ok && more)
		ok = note_world(job);
	if (ok && more) {
		job->spent += script_clock(call->service) - job->since;
		return true;
	}
	ok = ok && finish(job);
	drop(call);
	return ok;
}

static bool go_on(struct call *call)
{
	struct script_job *job = (struct script_job *)call->work;

	begin_turn(job, call);
	return take_turn(job);
}

static struct script_job *job_new(struct call *call)
{
	const size_t most = call->service->limits.answer_bytes;
	struct script_job *job =
		work_new(call, sizeof(*job), go_on, drop, WORK_WORLD_GOES_ON);

	if (!job) {
		refusal_error(call, &call->error);
		return NULL;
	}
	begin_turn(job, call);
	job->is_new = !call->world;
	job->each = (unsigned)call->values[SCRIPT_EACH].number;
	job->begin = json_writer_mark(&call->w);
	job->host = script_host;
	job->host.ctx = job;
	job->fault.lang = call->lang;
	buffer_init(&job->names, most);
	buffer_init(&job->params, most);
	buffer_init(&job->result, most);
	side_memory_init(&job->side, job->work.payer);
	if (!job->is_new)
		job->world = world_share(call->world);
	return job;
}

bool run_script_run(struct call *call)
{
	struct script_job *job;

	call->want = (unsigned)call->values[SCRIPT_WANT].number;
	if (!call->world) {
		if (!call_takes_processes(call) || !call_pays(call))
			return false;
		call->number = 0;
		call->thread = 1;
	}
	job = job_new(call);
	if (!job)
		return false;
	call->work = &job->work;
	if (!parse(job) || !judge_origin(job) || !begin(job)) {
		drop(call);
		return false;
	}
	begin_run(job);
	return take_turn(job);
}
