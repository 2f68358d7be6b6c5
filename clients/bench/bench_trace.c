/* SPDX-License-Identifier: MIT */
#include "clients/bench/bench_trace.h"

#include <stdio.h>
#include <stdlib.h>

#include "clients/cli/json_number.h"
#include "clients/cli/profiles.h"
#include "clients/cli/rpc_client.h"
#include "clients/cli/trace.h"

/* Part of the traces' form: see 'vmarium replay'. */
#define TOUCH_STACK_POINTER "0x10000"
#define CHILD_INSTRUCTION   "0x400003"

static const struct {
	const char *recorded;
	const char *fault;
	const char *code;
} signals[] = {
	{ "SIGSEGV/1", "SIGSEGV", "SEGV_MAPERR" },
	{ "SIGSEGV/2", "SIGSEGV", "SEGV_ACCERR" },
	{ "SIGBUS/2", "SIGBUS", "BUS_ADRERR" },
};

/* Takes the reference to @params. */
static void write_call(struct bytes *text, const char *method, json_t *params)
{
	char *dump = json_dumps(params, JSON_COMPACT);

	if (!dump)
		out_of_memory();
	bytes_put_text(text, "\"method\":\"");
	bytes_put_text(text, method);
	bytes_put_text(text, "\",\"params\":");
	bytes_put_text(text, dump);
	free(dump);
	json_decref(params);
}

/* The same without the last brace: process and thread are still to come. */
static void write_open_call(struct bytes *text, const char *method,
			    json_t *params)
{
	if (!json_object_size(params))
		json_object_set_new(params, "want", json_array());
	write_call(text, method, params);
	text->len--;
}

static void expect_ret(struct expectation *expect, const json_t *ret)
{
	expect->kind = ret && json_u64(ret, &expect->value) ? EXPECT_RET
							    : EXPECT_RESULT;
}

static void expect_fault(struct expectation *expect, const json_t *ret)
{
	const char *recorded = json_string_value(ret);

	expect->kind = EXPECT_FAULT;
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		if (recorded && !strcmp(recorded, signals[i].recorded)) {
			expect->text = signals[i].fault;
			expect->code = signals[i].code;
		}
	}
}

static json_t *touch_params(const char *addr, const char *type)
{
	return json_pack("{s:s, s:s, s:s, s:[]}", "addr", addr, "type", type,
			 "sp", TOUCH_STACK_POINTER, "want");
}

static void write_touch(struct bench_step *out, const struct trace_step *step)
{
	char addr[32];

	snprintf(addr, sizeof(addr), "0x%llx",
		 (unsigned long long)step->args[0]);
	write_open_call(
		&out->text, "mm.access",
		touch_params(addr, step->op == TRACE_READ ? "read" : "write"));
	expect_fault(&out->expect, step->ret);
}

static void write_system_call(struct bench_step *out,
			      const struct trace_step *step)
{
	json_t *params = call_params(step->form, step->args);

	if (step->at)
		json_object_set(params, "addr", (json_t *)(uintptr_t)step->at);
	json_object_set_new(params, "want", json_array());
	write_open_call(&out->text, step->form->method, params);
	expect_ret(&out->expect, step->ret);
}

static void write_fork(struct bench_step *out, const struct trace_step *step)
{
	json_t *params = json_pack("{s:[]}", "want");

	if (step->shares)
		json_object_set_new(params, "vm", json_true());
	write_open_call(&out->text, "process.fork", params);
	out->expect.kind = EXPECT_PROCESS;
	out->makes = MAKES_PROCESS;
}

/* A child was looked at after its first instruction. */
static void write_child_start(struct bench_step *out,
			      const struct trace_step *step)
{
	write_open_call(&out->text, "mm.access",
			touch_params(CHILD_INSTRUCTION, "exec"));
	out->expect.kind = EXPECT_FAULT;
	out->process = step->made;
	out->thread = 0;
}

static void write_descriptor(struct bench_step *out,
			     const struct trace_step *step)
{
	static const char *const same[] = { "name", "size", "mode" };
	json_t *params = json_pack("{s:I}", "fd", (json_int_t)step->args[0]);

	for (size_t i = 0; i < 3 && step->op == TRACE_OPEN; i++)
		json_object_set(params, same[i],
				json_object_get(step->source, same[i]));
	write_open_call(&out->text,
			step->op == TRACE_OPEN ? "file.open" : "file.close",
			params);
	out->no_thread = true;
}

/* Returns false for a step that cannot be said again and again. */
static bool write_step(struct bench_step *out, const struct trace_step *step)
{
	switch (step->op) {
	case TRACE_CALL:
		write_system_call(out, step);
		return true;
	case TRACE_READ:
	case TRACE_WRITE:
		write_touch(out, step);
		return true;
	case TRACE_FORK:
		write_fork(out, step);
		return true;
	case TRACE_OPEN:
	case TRACE_CLOSE:
		write_descriptor(out, step);
		return true;
	case TRACE_CLONE:
		bytes_put_text(&out->text, "\"method\":\"thread.create\","
					   "\"params\":{");
		out->expect.kind = EXPECT_THREAD;
		out->makes = MAKES_THREAD;
		return true;
	case TRACE_EXIT:
		out->makes = step->thread ? ENDS_THREAD : ENDS_PROCESS;
		out->no_thread = !step->thread;
		bytes_put_text(&out->text,
			       step->thread ? "\"method\":\"thread.exit\","
					      "\"params\":{"
					    : "\"method\":\"process.exit\","
					      "\"params\":{");
		return true;
	case TRACE_IMAGE:
		break;
	}
	return false;
}

static int write_steps(struct bench_trace *trace, const struct trace *from,
		       char *error, size_t error_size)
{
	for (size_t i = 0; i < from->count; i++) {
		const struct trace_step *step = &from->steps[i];
		struct bench_step *out = &trace->steps[trace->count++];

		out->process = step->process;
		out->thread = step->thread;
		out->made = step->made;
		if (!write_step(out, step)) {
			snprintf(error, error_size,
				 "line %u: the process begins another program "
				 "there, which cannot be replayed under load; "
				 "cut the trace before it",
				 step->line);
			return -1;
		}
		if (step->op == TRACE_FORK && !from->recorded)
			write_child_start(&trace->steps[trace->count++], step);
	}
	return 0;
}

static struct bench_trace *bench_trace_make(const struct trace *from,
					    struct rpc_client *client,
					    char *error, size_t error_size)
{
	char *profile = profiles_choose(client, from);
	struct bench_trace *trace;
	json_t *params;

	if (!profile) {
		snprintf(error, error_size,
			 "the server names no profile that it can be replayed "
			 "on%s%s",
			 *rpc_client_trouble(client) ? ": " : "",
			 rpc_client_trouble(client));
		return NULL;
	}
	trace = calloc(1, sizeof(*trace));
	params = trace_process_params(from, NULL, profile);
	free(profile);
	if (!trace || !params)
		out_of_memory();
	/* A fork takes two steps. */
	trace->steps = calloc(2 * from->count + 1, sizeof(*trace->steps));
	if (!trace->steps)
		out_of_memory();
	trace->processes = from->processes;
	trace->threads = from->threads;
	json_object_set_new(params, "want", json_array());
	write_call(&trace->create, "process.create", params);
	if (write_steps(trace, from, error, error_size)) {
		bench_trace_free(trace);
		return NULL;
	}
	return trace;
}

struct bench_trace *bench_trace_load(const char *path,
				     struct rpc_client *client, char *error,
				     size_t error_size)
{
	struct bench_trace *trace = NULL;
	struct trace from;

	if (!trace_load(&from, path, error, error_size))
		trace = bench_trace_make(&from, client, error, error_size);
	trace_unload(&from);
	return trace;
}

void bench_trace_free(struct bench_trace *trace)
{
	if (!trace)
		return;
	for (size_t i = 0; i < trace->count; i++)
		bytes_deinit(&trace->steps[i].text);
	free(trace->steps);
	bytes_deinit(&trace->create);
	free(trace);
}
