/* SPDX-License-Identifier: MIT */
#include "clients/cli/replay.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/cli.h"

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

struct replay {
	struct rpc_client *client;
	const struct trace *trace;
	const struct replay_options *options;
	const struct replay_reporter *reporter;
	struct replay_result *result;
	struct replay_process *processes;
	json_int_t *threads;
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
	return step->thread ? replay->threads[step->thread]
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
	unsigned checks = replay->options->checks;

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
		compare_maps(comparison, process->maps,
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
		return rpc_client_call(replay->client, "process.fork", params,
				       answerp);
	case TRACE_CALL:
		break;
	}
	params = call_params(step->form, step->args);
	params_add_caller(params, process->id, thread);
	json_object_set_new(params, "want", want_param(checks));
	return rpc_client_call(replay->client, step->form->method, params,
			       answerp);
}

/* A fork's answer is the child; its state is read after its first instruction. */
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
	outcome = touch(replay, child, child->thread, "exec", CHILD_INSTRUCTION,
			checks, answerp);
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
			replay->threads[step->made] =
				json_integer_value(thread);
		else
			compare_missing(comparison, "a thread",
					json_object_get(*answerp, "ret"));
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
		trace_process_params(replay->trace, replay->options->profile);
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
	return replay->result->differing ? REPLAY_DIFFERS : REPLAY_AGREES;
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
		if (report && replay->reporter->ended) {
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
		rpc_client_call(replay->client, "process.exit",
				json_pack("{s:s}", "process", id), &answer);
		json_decref(answer);
	}
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
	outcome = replay_steps(&replay);
	if (outcome != REPLAY_LOST)
		processes_end(&replay, outcome == REPLAY_AGREES);
	for (unsigned i = 0; i < trace->processes; i++)
		free(replay.processes[i].id);
	free(replay.processes);
	free(replay.threads);
	return outcome;
}
