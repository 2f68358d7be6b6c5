/* SPDX-License-Identifier: MIT */
/*
 * Threads and descriptors of a process, and its end, which is that of its last
 * thread
 */
#include <string.h>

#include "proto/rpc/service.h"

/* {"threads": those that live}; with the last process its world ends. */
static void write_threads(struct call *call, const struct outcome *outcome)
{
	struct json_writer *w = &call->w;

	json_writer_object(w);
	json_writer_key(w, "threads");
	json_writer_u64(w, process_nr_threads(call->process));
	write_last_snapshot(call, outcome);
	write_history(call, false);
	json_writer_object_end(w);
	call_process_ended(call);
}

/* One number under @key. */
static void write_number(struct call *call, const char *key, uint64_t number,
			 const struct outcome *outcome)
{
	struct json_writer *w = &call->w;

	json_writer_object(w);
	json_writer_key_text(w, key, strlen(key));
	json_writer_u64(w, number);
	write_snapshot(call, outcome);
	write_history(call, false);
	json_writer_object_end(w);
}

bool run_process_exit(struct call *call)
{
	struct operation op = { .code = OP_PROCESS_EXIT };
	struct outcome outcome;

	if (!call_apply(call, &op, &outcome))
		return false;
	write_threads(call, &outcome);
	return true;
}

bool run_thread_create(struct call *call)
{
	struct operation op = { .code = OP_THREAD_NEW };
	struct outcome outcome;

	if (!call_apply(call, &op, &outcome))
		return false;
	write_number(call, "thread", outcome.thread, &outcome);
	return true;
}

bool run_thread_exit(struct call *call)
{
	struct operation op = { .code = OP_THREAD_EXIT };
	struct outcome outcome;

	if (!call_apply(call, &op, &outcome))
		return false;
	write_threads(call, &outcome);
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
	write_number(call, "fd", values[OPEN_FD].number, &outcome);
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
	write_snapshot(call, &outcome);
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
	write_number(call, "fd", call->values[CLOSE_FD].number, &outcome);
	return true;
}
