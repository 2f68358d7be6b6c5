/* SPDX-License-Identifier: MIT */
/*
 * The emulated calls: parameters to an operation, its outcome to a result
 */
#include "core/mm/mm.h"
#include "proto/rpc/errno_names.h"
#include "proto/rpc/service.h"

static void write_refused(struct json_writer *w, int64_t ret)
{
	const char *name = errno_name((int)-ret);

	json_writer_key(w, "ret");
	json_writer_i64(w, ret);
	json_writer_key(w, "errno");
	json_writer_text(w, name);
}

static void begin_result(struct call *call)
{
	json_writer_object(&call->w);
}

static void end_result(struct call *call, const struct outcome *outcome)
{
	write_snapshot(call, outcome);
	write_history(call, false);
	json_writer_object_end(&call->w);
}

bool run_mm_brk(struct call *call)
{
	struct operation op = {
		.code = OP_BRK,
		.args = { call->values[BRK_ADDR].number },
	};
	struct outcome outcome;

	if (!call_apply(call, &op, &outcome))
		return false;
	begin_result(call);
	json_writer_key(&call->w, "ret");
	json_writer_hex(&call->w, (uint64_t)outcome.ret);
	end_result(call, &outcome);
	return true;
}

bool run_mm_mmap(struct call *call)
{
	const struct param_value *values = call->values;
	struct operation op = {
		.code = OP_MMAP,
		.args = { values[MMAP_ADDR].number, values[MMAP_LENGTH].number,
			  values[MMAP_PROT].number, values[MMAP_FLAGS].number,
			  values[MMAP_FD].number, values[MMAP_OFFSET].number },
	};
	struct outcome outcome;

	if (!call_apply(call, &op, &outcome))
		return false;
	begin_result(call);
	if (outcome.ret < 0) {
		write_refused(&call->w, outcome.ret);
	} else {
		json_writer_key(&call->w, "ret");
		json_writer_hex(&call->w, (uint64_t)outcome.ret);
	}
	end_result(call, &outcome);
	return true;
}

bool run_mm_munmap(struct call *call)
{
	struct operation op = {
		.code = OP_MUNMAP,
		.args = { call->values[MUNMAP_ADDR].number,
			  call->values[MUNMAP_LENGTH].number },
	};
	struct outcome outcome;

	if (!call_apply(call, &op, &outcome))
		return false;
	begin_result(call);
	if (outcome.ret < 0) {
		write_refused(&call->w, outcome.ret);
	} else {
		json_writer_key(&call->w, "ret");
		json_writer_u64(&call->w, 0);
	}
	end_result(call, &outcome);
	return true;
}

static void write_fault(struct json_writer *w,
			const struct access_outcome *access)
{
	static const char *const faults[] = {
		[ACCESS_FAULT_NONE] = "none",
		[ACCESS_FAULT_MINOR] = "minor",
		[ACCESS_FAULT_SIGSEGV] = "SIGSEGV",
		[ACCESS_FAULT_SIGBUS] = "SIGBUS",
	};
	static const char *const codes[] = {
		[ACCESS_CODE_NONE] = NULL,
		[SEGV_MAPERR] = "SEGV_MAPERR",
		[SEGV_ACCERR] = "SEGV_ACCERR",
		[BUS_ADRERR] = "BUS_ADRERR",
	};

	json_writer_key(w, "fault");
	json_writer_text(w, faults[access->fault]);
	json_writer_key(w, "si_code");
	json_writer_text(w, codes[access->code]);
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
