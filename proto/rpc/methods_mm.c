/* SPDX-License-Identifier: MIT */
/*
 * The emulated calls: parameters to an operation, its outcome to a result
 */
#include "core/hot.h"
#include "core/mm/mm.h"
#include "proto/rpc/errno_names.h"
#include "proto/rpc/service.h"

void write_ret(struct json_writer *w, int64_t ret)
{
	json_writer_key(w, "ret");
	json_writer_i64(w, ret);
	if (ret >= 0)
		return;
	json_writer_key(w, "errno");
	json_writer_text(w, errno_name((int)-ret));
}

/* With one look for room, as it is the whole of many results. */
static void write_address(struct json_writer *w, int64_t ret)
{
	char *p = json_writer_open(w, sizeof("\"ret\":") + JSON_HEX_MAX);

	if (!p)
		return;
	p = json_put_literal(p, "\"ret\":");
	json_writer_close(w, json_put_hex(p, (uint64_t)ret));
}

static void begin_result(struct call *call)
{
	json_writer_object(&call->w);
}

HOT static void end_result(struct call *call, const struct outcome *outcome)
{
	write_snapshot(call, outcome);
	write_history(call, false);
	json_writer_object_end(&call->w);
}

/* The parameters between the process and the thread, in the table's order. */
static void take_operation(const struct call *call, struct operation *op)
{
	const struct param_value *value = &call->values[1];
	const struct param_value *end = &call->values[call->entry->thread];
	uint64_t *arg = op->args;

	*op = (struct operation){ .code = call->method->op };
	for (; value < end; value++)
		*arg++ = value->number;
}

HOT void write_call_ret(struct json_writer *w, enum op_code code, int64_t ret)
{
	if (op_answers_address(code, ret))
		write_address(w, ret);
	else
		write_ret(w, ret);
}

HOT bool run_mm_call(struct call *call)
{
	struct operation op;
	struct outcome outcome;

	take_operation(call, &op);
	if (!call_apply(call, &op, &outcome))
		return false;
	begin_result(call);
	write_call_ret(&call->w, op.code, outcome.ret);
	end_result(call, &outcome);
	return true;
}

static uint64_t pages_of(uint64_t length)
{
	return (length >> PAGE_SHIFT) + !!(length & ~PAGE_MASK);
}

/* One byte a page, as long as an answer can be; false: no memory. */
static bool take_mincore_room(struct call *call, uint64_t pages,
			      struct outcome *outcome)
{
	struct buffer *vec = &call->service->scratch;

	outcome->vec = NULL;
	outcome->vec_size = 0;
	buffer_rewind(vec, 0);
	if (!pages || pages > vec->max)
		return true;
	outcome->vec = (uint8_t *)buffer_reserve(vec, (size_t)pages);
	outcome->vec_size = pages;
	return outcome->vec;
}

static void write_vec(struct json_writer *w, const struct outcome *outcome,
		      uint64_t pages)
{
	char *p;
	uint64_t i;

	json_writer_key(w, "vec");
	if (outcome->vec_size < pages) {
		/* No answer is as long: this one is lost. */
		buffer_reserve(w->out, SIZE_MAX);
		return;
	}
	p = json_writer_open(w, (size_t)pages + 2);
	if (!p)
		return;
	*p++ = '"';
	for (i = 0; i < pages; i++)
		*p++ = outcome->vec[i] ? '1' : '0';
	*p++ = '"';
	json_writer_close(w, p);
}

bool run_mm_mincore(struct call *call)
{
	struct operation op;
	struct outcome outcome;
	uint64_t pages;

	take_operation(call, &op);
	pages = pages_of(op.args[1]);
	if (!take_mincore_room(call, pages, &outcome)) {
		call->tenant->memory.refusal = REFUSAL_HOST_MEMORY;
		return refusal_error(call, &call->error);
	}
	if (!call_apply(call, &op, &outcome))
		return false;
	begin_result(call);
	write_ret(&call->w, outcome.ret);
	if (!outcome.ret)
		write_vec(&call->w, &outcome, pages);
	end_result(call, &outcome);
	return true;
}

const char *const fault_names[ACCESS_FAULTS] = {
	[ACCESS_FAULT_NONE] = "none",
	[ACCESS_FAULT_MINOR] = "minor",
	[ACCESS_FAULT_SIGSEGV] = "SIGSEGV",
	[ACCESS_FAULT_SIGBUS] = "SIGBUS",
};

const char *const fault_code_names[ACCESS_CODES] = {
	[ACCESS_CODE_NONE] = NULL,
	[SEGV_MAPERR] = "SEGV_MAPERR",
	[SEGV_ACCERR] = "SEGV_ACCERR",
	[BUS_ADRERR] = "BUS_ADRERR",
};

void write_fault(struct json_writer *w, const struct access_outcome *access)
{
	json_writer_key(w, "fault");
	json_writer_text(w, fault_names[access->fault]);
	json_writer_key(w, "si_code");
	json_writer_text(w, fault_code_names[access->code]);
	json_writer_key(w, "si_addr");
	if (access->code == ACCESS_CODE_NONE)
		json_writer_null(w);
	else
		json_writer_hex(w, access->address);
}

bool run_mm_access(struct call *call)
{
	const struct param_value *values = call->values;
	struct operation op = {
		.code = OP_ACCESS,
		.args = { values[ACCESS_ADDR].number,
			  values[ACCESS_LENGTH].number,
			  values[ACCESS_TYPE].number,
			  values[ACCESS_SP].number },
	};
	struct outcome outcome;

	if (!call_apply(call, &op, &outcome))
		return false;
	begin_result(call);
	write_fault(&call->w, &outcome.access);
	end_result(call, &outcome);
	return true;
}

bool run_mm_find_vma(struct call *call)
{
	struct operation op = {
		.code = OP_FIND_VMA,
		.args = { call->values[FIND_ADDR].number },
	};
	const struct snapshot snapshot = {
		.world = call->world,
		.process = call->process,
	};
	struct outcome outcome;

	if (!call_apply(call, &op, &outcome))
		return false;
	begin_result(call);
	json_writer_key(&call->w, "vma");
	snapshot_write_vma(&call->w, &snapshot, outcome.vma);
	end_result(call, &outcome);
	return true;
}
