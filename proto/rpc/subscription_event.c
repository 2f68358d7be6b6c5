/* SPDX-License-Identifier: MIT */
#include "proto/rpc/subscription_event.h"

#include <string.h>

#include "proto/rpc/service.h"

enum {
	PARAM_BYTES = 1024, /* of one that is told */
};

static bool is_told(const struct param_def *def,
		    const struct param_value *value)
{
	switch (def->kind) {
	case PARAM_PROCESS:
	case PARAM_THREAD:
	case PARAM_WANT:
	case PARAM_LANG:
	case PARAM_RETRY_KEY:
		return false;
	default:
		return value->given && value->raw.len <= PARAM_BYTES;
	}
}

static void write_params(struct json_writer *w, const struct call *call)
{
	const struct method *method = call->method;
	unsigned i;

	json_writer_key(w, "params");
	json_writer_object(w);
	for (i = 0; i < method->nr_params; i++) {
		const struct param_def *def = &method->params[i];
		const struct param_value *value = &call->values[i];

		if (!is_told(def, value))
			continue;
		json_writer_key_text(w, def->name, strlen(def->name));
		json_writer_raw(w, value->raw.text, value->raw.len);
	}
	json_writer_object_end(w);
}

static void write_number(struct json_writer *w, const char *key,
			 uint64_t number)
{
	json_writer_key_text(w, key, strlen(key));
	json_writer_u64(w, number);
}

static void write_result(struct json_writer *w, const struct call *call,
			 const struct operation *op,
			 const struct outcome *outcome)
{
	const struct snapshot snapshot = {
		.world = call->world,
		.process = call->process,
	};

	json_writer_key(w, "result");
	json_writer_object(w);
	switch (op->code) {
	case OP_ACCESS:
		write_fault(w, &outcome->access);
		break;
	case OP_FIND_VMA:
		json_writer_key(w, "vma");
		snapshot_write_vma(w, &snapshot, outcome->vma);
		break;
	case OP_THREAD_NEW:
		write_number(w, "thread", outcome->thread);
		break;
	case OP_THREAD_EXIT:
	case OP_PROCESS_EXIT:
		write_number(w, "threads", process_nr_threads(call->process));
		break;
	case OP_FILE_OPEN:
	case OP_FILE_CLOSE:
		write_number(w, "fd", op->args[0]);
		break;
	case OP_FORK:
		/* The child's name is for its maker alone. */
		write_ret(w, outcome->ret < 0 ? outcome->ret : 0);
		break;
	default:
		write_call_ret(w, op->code, outcome->ret);
		break;
	}
	json_writer_object_end(w);
}

void event_write(struct json_writer *w, const struct call *call,
		 const struct operation *op, const struct outcome *outcome,
		 bool relative)
{
	write_number(w, "seq", outcome->seq);
	json_writer_key(w, "method");
	json_writer_text(w, call->method->name);
	if (relative) {
		json_writer_key(w, "relative");
		json_writer_bool(w, true);
	}
	write_number(w, "thread", op->thread);
	write_params(w, call);
	write_result(w, call, op, outcome);
}
