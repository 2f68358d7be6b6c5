/* SPDX-License-Identifier: MIT */
#include "clients/cli/replay.h"

#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/cli.h"
#include "clients/cli/profiles.h"

/* Part of the traces' form: where the stack pointer is during a touch, and
 * which instruction a child has executed before it was looked at. */
#define TOUCH_STACK_POINTER "0x10000"
#define CHILD_INSTRUCTION   "0x400003"

/* What a server calls a process of the trace, and what its maps should be now. */
struct replay_process {
	char *id;
	json_int_t thread;
	const json_t *maps;
};

/* What a server calls a thread that was cloned, and whose it is. */
struct replay_thread {
	json_int_t id;
	unsigned process;
	bool alive;
};

struct replay {
	struct rpc_client *client;
	const struct trace *trace;
	const struct replay_options *options;
	const struct replay_reporter *reporter;
	struct replay_result *result;
	struct replay_process *processes;
	struct replay_thread *threads;
	const char *profile;
	bool newer; /* the trace's kernel than the profile */
};

static json_t *want_param(unsigned checks)
{
	json_t *want = json_array();

	for (unsigned check = CHECK_MAPS; check <= CHECK_VMACACHE;
	     check <<= 1) {
		if (checks & check)
			json_array_append_new(
				want, json_string(compare_check_name(check)));
	}
	return want;
}

static json_int_t step_thread(const struct replay *replay,
			      const struct trace_step *step)
{
	return step->thread ? replay->threads[step->thread].id
			    : replay->processes[step->process].thread;
}

static void params_add_caller(json_t *params, const char *process,
			      json_int_t thread)
{
	json_object_set_new(params, "process", json_string(process));
	json_object_set_new(params, "thread", json_integer(thread));
}

/* Which of the checks can be made: the trace must hold something to compare with. */
static unsigned step_checks(const struct replay *replay,
			    const struct trace_step *step)
{
	unsigned checks = replay->options->checks & replay->trace->checks;

	if (!step->status)
		checks &= ~(unsigned)CHECK_STATUS;
	if (!step->vmacache)
		checks &= ~(unsigned)CHECK_VMACACHE;
	return checks;
}

static enum rpc_outcome touch(struct replay *replay,
			      const struct replay_process *process,
			      json_int_t thread, const char *type,
			      const char *addr, unsigned checks,
			      json_t **answerp)
{
	json_t *params = json_object();

	params_add_caller(params, process->id, thread);
	json_object_set_new(params, "addr", json_string(addr));
	json_object_set_new(params, "type", json_string(type));
	json_object_set_new(params, "sp", json_string(TOUCH_STACK_POINTER));
	json_object_set_new(params, "want", want_param(checks));
	return rpc_client_call(replay->client, "mm.access", params, answerp);
}

/* Keep what process.create or process.fork made. */
static bool process_keep(struct replay_process *process, const json_t *result)
{
	const char *id = json_string_value(json_object_get(result, "process"));

	if (!id)
		return false;
	process->id = strdup(id);
	if (!process->id)
		cli_out_of_memory();
	process->thread = json_integer_value(json_object_get(result, "thread"));
	return true;
}

/*
 * Releases newer than any profile merge areas that older ones keep apart: where
 * one of two neighbours was never written.
 */
static void compare_process_maps(const struct replay *replay,
				 struct comparison *comparison,
				 const struct replay_process *process,
				 const json_t *got)
{
	struct comparison maps = { 0 };

	compare_maps(&maps, process->maps, got);
	if (maps.differing && replay->newer && !replay->options->strict &&
	    compare_maps_extents(process->maps, got)) {
		replay->result->merged++;
		comparison->compared |= CHECK_MAPS;
	} else {
		compare_maps(comparison, process->maps, got);
	}
	comparison_reset(&maps);
}

static void compare_state(const struct replay *replay,
			  struct comparison *comparison,
			  const struct trace_step *step,
			  struct replay_process *process, const json_t *result,
			  unsigned checks)
{
	const json_t *snapshot = json_object_get(result, "snapshot");

	if (step->maps)
		process->maps = step->maps;
	if (checks & CHECK_MAPS)
		compare_process_maps(replay, comparison, process,
				     json_object_get(snapshot, "maps"));
	if (checks & CHECK_STATUS)
		compare_status(comparison, replay->trace, step->status,
			       json_object_get(snapshot, "status"));
	if (checks & CHECK_VMACACHE)
		compare_vmacache(comparison, step->vmacache,
				 json_object_get(snapshot, "vmacache"));
}

/* Count the step, report a difference; whether to go on with the next. */
static bool step_judge(struct replay *replay, const struct trace_step *step,
		       struct comparison *comparison)
{
	bool differs = comparison->differing;

	if (differs) {
		replay->result->differing++;
		replay->reporter->differs(replay->reporter->ctx, replay->trace,
					  step, comparison);
	} else if (step) {
		replay->result->agreed++;
	}
	comparison_reset(comparison);
	return !differs || replay->options->keep_going;
}

static enum rpc_outcome descriptor_change(struct replay *replay,
					  const struct trace_step *step,
					  const struct replay_process *process,
					  json_t **answerp)
{
	static const char *const same[] = { "name", "size", "mode" };
	json_t *params = json_pack("{s:s, s:I}", "process", process->id, "fd",
				   (json_int_t)step->args[0]);

	if (step->op == TRACE_CLOSE)
		return rpc_client_call(replay->client, "file.close", params,
				       answerp);
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
		json_object_set(params, same[i],
				json_object_get(step->source, same[i]));
	return rpc_client_call(replay->client, "file.open", params, answerp);
}

static enum rpc_outcome process_end(struct replay *replay,
				    struct replay_process *process)
{
	enum rpc_outcome outcome;
	json_t *answer;

	outcome = rpc_client_call(replay->client, "process.exit",
				  json_pack("{s:s}", "process", process->id),
				  &answer);
	json_decref(answer);
	free(process->id);
	process->id = NULL;
	return outcome;
}

/* The threads that an image goes on with: as many as before, in their order. */
static enum rpc_outcome threads_remake(struct replay *replay, unsigned number)
{
	const struct replay_process *process = &replay->processes[number];
	enum rpc_outcome outcome = RPC_RESULT;

	for (unsigned i = 1; i < replay->trace->threads; i++) {
		struct replay_thread *thread = &replay->threads[i];
		json_t *params = json_object(), *answer;

		if (!thread->alive || thread->process != number ||
		    outcome != RPC_RESULT) {
			json_decref(params);
			continue;
		}
		params_add_caller(params, process->id, process->thread);
		outcome = rpc_client_call(replay->client, "thread.create",
					  params, &answer);
		thread->id =
			json_integer_value(json_object_get(answer, "thread"));
		json_decref(answer);
	}
	return outcome;
}

static void threads_forget(struct replay *replay, unsigned process)
{
	for (unsigned i = 1; i < replay->trace->threads; i++) {
		if (replay->threads[i].process == process)
			replay->threads[i].alive = false;
	}
}

/* The process begins anew, as process.create makes it of the image. */
static enum rpc_outcome image_make(struct replay *replay,
				   const struct trace_step *step,
				   unsigned checks, json_t **answerp)
{
	struct replay_process *process = &replay->processes[step->process];
	json_t *params =
		trace_process_params(replay->trace, step, replay->profile);
	enum rpc_outcome outcome;

	json_object_set_new(params, "want", want_param(checks));
	process_end(replay, process);
	outcome = rpc_client_call(replay->client, "process.create", params,
				  answerp);
	if (outcome != RPC_RESULT || !process_keep(process, *answerp))
		return outcome;
	if (!strcmp(json_string_value(json_object_get(step->source, "op")),
		    "exec"))
		threads_forget(replay, step->process);
	return threads_remake(replay, step->process);
}

/* A process stays where it is to be drawn at the end. */
static enum rpc_outcome
task_end(struct replay *replay, const struct trace_step *step, json_t **answerp)
{
	struct replay_process *process = &replay->processes[step->process];
	json_t *params;

	*answerp = NULL;
	if (!step->thread)
		return replay->options->show ? RPC_RESULT
					     : process_end(replay, process);
	replay->threads[step->thread].alive = false;
	params = json_object();
	params_add_caller(params, process->id,
			  replay->threads[step->thread].id);
	return rpc_client_call(replay->client, "thread.exit", params, answerp);
}

static enum rpc_outcome step_call(struct replay *replay,
				  const struct trace_step *step,
				  unsigned checks, json_t **answerp)
{
	const struct replay_process *process =
		&replay->processes[step->process];
	json_int_t thread = step_thread(replay, step);
	json_t *params;
	char addr[32];

	switch (step->op) {
	case TRACE_READ:
	case TRACE_WRITE:
		snprintf(addr, sizeof(addr), "0x%" PRIx64, step->args[0]);
		return touch(replay, process, thread,
			     step->op == TRACE_READ ? "read" : "write", addr,
			     checks, answerp);
	case TRACE_CLONE:
		params = json_object();
		params_add_caller(params, process->id, thread);
		return rpc_client_call(replay->client, "thread.create", params,
				       answerp);
	case TRACE_FORK:
		params = json_pack("{s:[]}", "want");
		params_add_caller(params, process->id, thread);
		if (step->shares)
			json_object_set_new(params, "vm", json_true());
		return rpc_client_call(replay->client, "process.fork", params,
				       answerp);
	case TRACE_OPEN:
	case TRACE_CLOSE:
		return descriptor_change(replay, step, process, answerp);
	case TRACE_IMAGE:
		return image_make(replay, step, checks, answerp);
	case TRACE_EXIT:
		return task_end(replay, step, answerp);
	case TRACE_CALL:
		break;
	}
	params = call_params(step->form, step->args);
	/* An address asked for is where a free range is mapped. */
	if (step->at)
		json_object_set(params, "addr", (json_t *)(uintptr_t)step->at);
	params_add_caller(params, process->id, thread);
	json_object_set_new(params, "want", want_param(checks));
	return rpc_client_call(replay->client, step->form->method, params,
			       answerp);
}

/*
 * A fork's answer is the child. The walks' children have made one instruction
 * before they were looked at, those of a recording none.
 */
static enum rpc_outcome
child_look(struct replay *replay, const struct trace_step *step,
	   unsigned checks, struct comparison *comparison, json_t **answerp)
{
	struct replay_process *child = &replay->processes[step->made];
	enum rpc_outcome outcome;

	if (!process_keep(child, *answerp)) {
		compare_missing(comparison, "a process",
				json_object_get(*answerp, "ret"));
		return RPC_RESULT;
	}
	json_decref(*answerp);
	if (replay->trace->recorded)
		outcome = rpc_client_call(replay->client, "mm.snapshot",
					  json_pack("{s:s, s:o}", "process",
						    child->id, "want",
						    want_param(checks)),
					  answerp);
	else
		outcome = touch(replay, child, child->thread, "exec",
				CHILD_INSTRUCTION, checks, answerp);
	if (outcome == RPC_RESULT)
		compare_state(replay, comparison, step, child, *answerp,
			      checks);
	return outcome;
}

static enum rpc_outcome step_run(struct replay *replay,
				 const struct trace_step *step,
				 struct comparison *comparison,
				 json_t **answerp)
{
	unsigned checks = step_checks(replay, step);
	enum rpc_outcome outcome = step_call(replay, step, checks, answerp);
	const json_t *thread;

	if (outcome != RPC_RESULT)
		return outcome;
	switch (step->op) {
	case TRACE_FORK:
		return child_look(replay, step, checks, comparison, answerp);
	case TRACE_CLONE:
		thread = json_object_get(*answerp, "thread");
		if (json_is_integer(thread))
			replay->threads[step->made] = (struct replay_thread){
				.id = json_integer_value(thread),
				.process = step->process,
				.alive = true,
			};
		else
			compare_missing(comparison, "a thread",
					json_object_get(*answerp, "ret"));
		break;
	case TRACE_OPEN:
	case TRACE_CLOSE:
	case TRACE_EXIT:
		break;
	case TRACE_IMAGE:
		compare_state(replay, comparison, step,
			      &replay->processes[step->process], *answerp,
			      checks);
		break;
	default:
		if (checks & CHECK_RET)
			compare_ret(comparison, step, *answerp);
		compare_state(replay, comparison, step,
			      &replay->processes[step->process], *answerp,
			      checks);
	}
	return outcome;
}

static enum rpc_outcome first_line_run(struct replay *replay,
				       struct comparison *comparison,
				       json_t **answerp)
{
	json_t *params =
		trace_process_params(replay->trace, NULL, replay->profile);
	struct trace_step state = {
		.maps = json_object_get(replay->trace->header, "maps"),
		.status = json_object_get(replay->trace->header, "s"),
	};
	unsigned checks = step_checks(replay, &state);
	enum rpc_outcome outcome;

	json_object_set_new(params, "want", want_param(checks));
	outcome = rpc_client_call(replay->client, "process.create", params,
				  answerp);
	if (outcome != RPC_RESULT)
		return outcome;
	if (process_keep(&replay->processes[0], *answerp))
		compare_state(replay, comparison, &state, &replay->processes[0],
			      *answerp, checks);
	else
		compare_missing(comparison, "a process", NULL);
	return outcome;
}

static enum replay_outcome replay_stop(struct replay *replay,
				       enum rpc_outcome outcome,
				       const struct trace_step *step,
				       json_t *refusal)
{
	replay->result->at = step;
	replay->result->refused = refusal;
	return outcome == RPC_REFUSED ? REPLAY_REFUSED : REPLAY_LOST;
}

/* What a server says to a document that it should have taken. */
static json_t *other_world(void)
{
	return json_pack("{s:i, s:s, s:{s:s, s:s}}", "code", -32009, "message",
			 "Document refused", "data", "key", "document.hash",
			 "hint",
			 "the world that was imported is not the one that was "
			 "exported");
}

static void world_end(struct replay *replay, const json_t *imported)
{
	json_t *processes = json_object_get(imported, "processes");
	json_t *one, *answer;
	size_t i;

	json_array_foreach(processes, i, one) {
		rpc_client_call(replay->client, "process.exit",
				json_pack("{s:O}", "process",
					  json_object_get(one, "process")),
				&answer);
		json_decref(answer);
	}
}

/* @form: also what the answer's member is called. */
static enum rpc_outcome world_export(struct replay *replay, json_t *process,
				     const char *form, json_t **answerp)
{
	return rpc_client_call(
		replay->client, "world.export",
		json_pack("{s:O, s:s}", "process", process, "form", form),
		answerp);
}

/* The document makes an equal world, which makes an equal document. */
static enum rpc_outcome document_judge(struct replay *replay, const char *form,
				       const json_t *exported, json_t **answerp)
{
	json_t *document = json_object_get(exported, form), *imported;
	enum rpc_outcome outcome;

	outcome = rpc_client_call(
		replay->client, "world.import",
		json_pack("{s:O, s:[]}", "document", document, "want"),
		&imported);
	if (outcome != RPC_RESULT) {
		*answerp = imported;
		return outcome;
	}
	outcome = world_export(replay, json_object_get(imported, "process"),
			       form, answerp);
	if (outcome == RPC_RESULT && !json_equal(exported, *answerp)) {
		json_decref(*answerp);
		*answerp = other_world();
		outcome = RPC_REFUSED;
	}
	world_end(replay, imported);
	json_decref(imported);
	return outcome;
}

/* A link holds less than a document: of a long trace there is none. */
static bool is_no_link(const char *form, const json_t *refusal)
{
	const char *param = json_string_value(
		json_object_get(json_object_get(refusal, "data"), "param"));

	return !strcmp(form, "link") && param && !strcmp(param, "form");
}

static enum rpc_outcome reimport_as(struct replay *replay, json_t *process,
				    const char *form, json_t **answerp)
{
	enum rpc_outcome outcome;
	json_t *exported;

	outcome = world_export(replay, process, form, &exported);
	if (outcome != RPC_RESULT) {
		*answerp = exported;
		return is_no_link(form, exported) ? RPC_RESULT : outcome;
	}
	outcome = document_judge(replay, form, exported, answerp);
	json_decref(exported);
	return outcome;
}

/* The world of the first process that lives, out and in again. */
static enum rpc_outcome reimport(struct replay *replay, json_t **answerp)
{
	enum rpc_outcome outcome;
	json_t *process;
	unsigned i = 0;

	*answerp = NULL;
	while (i < replay->trace->processes && !replay->processes[i].id)
		i++;
	if (i == replay->trace->processes)
		return RPC_RESULT;
	process = json_string(replay->processes[i].id);
	outcome = reimport_as(replay, process, "document", answerp);
	if (outcome == RPC_RESULT) {
		json_decref(*answerp);
		outcome = reimport_as(replay, process, "link", answerp);
	}
	json_decref(process);
	return outcome;
}

static enum replay_outcome replay_steps(struct replay *replay)
{
	struct comparison comparison = { 0 };
	enum rpc_outcome outcome;
	json_t *answer;

	outcome = first_line_run(replay, &comparison, &answer);
	if (outcome != RPC_RESULT)
		return replay_stop(replay, outcome, NULL, answer);
	json_decref(answer);
	if (!step_judge(replay, NULL, &comparison) || !replay->processes[0].id)
		return REPLAY_DIFFERS;

	for (size_t i = 0; i < replay->trace->count; i++) {
		const struct trace_step *step = &replay->trace->steps[i];

		outcome = step_run(replay, step, &comparison, &answer);
		if (outcome != RPC_RESULT) {
			comparison_reset(&comparison);
			return replay_stop(replay, outcome, step, answer);
		}
		json_decref(answer);
		if (!step_judge(replay, step, &comparison))
			return REPLAY_DIFFERS;
	}
	if (replay->result->differing)
		return REPLAY_DIFFERS;
	if (!replay->options->reimport)
		return REPLAY_AGREES;
	outcome = reimport(replay, &answer);
	if (outcome != RPC_RESULT)
		return replay_stop(replay, outcome, NULL, answer);
	json_decref(answer);
	return REPLAY_AGREES;
}

/* Best effort: the server ends idle processes by itself. */
static void processes_end(struct replay *replay, bool report)
{
	enum rpc_outcome outcome;
	json_t *answer;

	for (unsigned i = 0; i < replay->trace->processes; i++) {
		const char *id = replay->processes[i].id;

		if (!id)
			continue;
		if (report && replay->options->show) {
			outcome = rpc_client_call(
				replay->client, "mm.snapshot",
				json_pack("{s:s, s:[s,s]}", "process", id,
					  "want", "mm", "vmas"),
				&answer);
			if (outcome == RPC_RESULT)
				replay->reporter->ended(
					replay->reporter->ctx,
					json_object_get(answer, "snapshot"));
			json_decref(answer);
		}
		process_end(replay, &replay->processes[i]);
	}
}

/* A recording is of whatever kernel this is: the server may not know it. */
static char *nearest_profile(struct replay *replay)
{
	const struct trace *trace = replay->trace;
	const char *name =
		json_string_value(json_object_get(trace->header, "profile"));
	char *copy;
	json_t *list;

	if (name) {
		copy = strdup(name);
		return copy;
	}
	list = profiles_fetch(replay->client);
	name = profiles_nearest(list, trace->major ? trace->major : UINT_MAX,
				trace->minor);
	copy = name ? strdup(name) : NULL;
	json_decref(list);
	return copy;
}

static bool profile_is_older(const struct replay *replay)
{
	unsigned major, minor;

	if (!replay->profile ||
	    sscanf(replay->profile, "%u.%u", &major, &minor) != 2)
		return false;
	return major < replay->trace->major ||
	       (major == replay->trace->major && minor < replay->trace->minor);
}

enum replay_outcome replay_run(struct rpc_client *client,
			       const struct trace *trace,
			       const struct replay_options *options,
			       const struct replay_reporter *reporter,
			       struct replay_result *resultp)
{
	struct replay replay = {
		.client = client,
		.trace = trace,
		.options = options,
		.reporter = reporter,
		.result = resultp,
		.processes =
			calloc(trace->processes, sizeof(*replay.processes)),
		.threads = calloc(trace->threads, sizeof(*replay.threads)),
	};
	enum replay_outcome outcome;

	*resultp = (struct replay_result){ 0 };
	if (!replay.processes || !replay.threads)
		cli_out_of_memory();
	if (trace->recorded && !options->profile)
		resultp->profile = nearest_profile(&replay);
	replay.profile = options->profile ? options->profile : resultp->profile;
	replay.newer = trace->recorded && profile_is_older(&replay);
	outcome = replay_steps(&replay);
	if (outcome != REPLAY_LOST)
		processes_end(&replay, outcome == REPLAY_AGREES);
	for (unsigned i = 0; i < trace->processes; i++)
		free(replay.processes[i].id);
	free(replay.processes);
	free(replay.threads);
	return outcome;
}
