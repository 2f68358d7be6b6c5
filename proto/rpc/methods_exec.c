/* SPDX-License-Identifier: MIT */
/*
 * process.exec: another program takes the process over
 */
#include "proto/rpc/exec_params.h"
#include "proto/rpc/service.h"

/* A refusal that comes too late for the old program ends the process. */
static void write_exec(struct call *call, const struct outcome *outcome)
{
	struct json_writer *w = &call->w;

	json_writer_object(w);
	write_ret(w, outcome->ret);
	if (!outcome->ret) {
		call->thread = outcome->thread;
		json_writer_key(w, "thread");
		json_writer_u64(w, call->thread);
	}
	write_last_snapshot(call, outcome);
	write_history(call, false);
	json_writer_object_end(w);
	call_process_ended(call);
}

/* What is not given has no text. */
static struct exec_params params_of(const struct param_value *values)
{
	static const struct json_value none;
	const struct param_value *argv = &values[EXEC_ARGV];
	const struct param_value *envp = &values[EXEC_ENVP];
	const struct param_value *interpreter = &values[EXEC_INTERPRETER];

	return (struct exec_params){
		.program = values[EXEC_PROGRAM].raw,
		.interpreter = interpreter->given ? interpreter->raw : none,
		.argv = argv->given ? argv->raw : none,
		.envp = envp->given ? envp->raw : none,
	};
}

bool run_process_exec(struct call *call)
{
	const struct exec_params params = params_of(call->values);
	struct buffer *arena = &call->service->arena;
	struct setup_reading reading = {
		.arena = arena,
		.error = &call->error,
	};
	struct operation op = { .code = OP_EXEC };
	struct exec_setup setup;
	struct outcome outcome;

	buffer_rewind(arena, 0);
	if (!buffer_reserve(arena, exec_params_room(&params))) {
		call->tenant->memory.refusal = REFUSAL_HOST_MEMORY;
		return refusal_error(call, &call->error);
	}
	if (!exec_params_read(&reading, &params, &setup))
		return false;
	op.text = exec_params_text(&reading, &setup, &op.text_len);
	if (!call_apply(call, &op, &outcome))
		return false;
	write_exec(call, &outcome);
	return true;
}
