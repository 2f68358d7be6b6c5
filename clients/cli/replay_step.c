/* SPDX-License-Identifier: MIT */
/*
 * One step of a trace: the call, and what its answer is compared with
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/cli.h"
#include "clients/cli/replay_types.h"

/* Part of the traces' form: where the stack pointer is during a touch, and
 * which instruction a child has executed before it was looked at. */
#define TOUCH_STACK_POINTER "0x10000"
#define CHILD_INSTRUCTION   "0x400003"

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

enum rpc_outcome replay_process_end(struct replay *replay,
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
	replay_process_end(replay, process);
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
		return replay->options->show
			       ? RPC_RESULT
			       : replay_process_end(replay, process);
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

enum rpc_outcome replay_step(struct replay *replay,
			     const struct trace_step *step,
			     struct comparison *comparison, json_t **answerp)
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

enum rpc_outcome replay_first_line(struct replay *replay,
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
