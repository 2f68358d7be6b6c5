/* SPDX-License-Identifier: MIT */
/*
 * The journal of a world, for people and programs: what was called, in order
 */
#include <inttypes.h>
#include <string.h>

#include "proto/rpc/service.h"

/* How an argument is written, so that the call can be sent again as it is. */
enum arg_style {
	STYLE_HEX,
	STYLE_INT,    /* a descriptor or a number with a sign */
	STYLE_ACCESS, /* read, write or exec */
	STYLE_MODE,   /* ro, rw or wo */
	STYLE_SP,     /* left out if nothing was given */
	STYLE_BOOL,
};

struct arg_row {
	const char *name; /* NULL ends them */
	enum arg_style style;
};

struct op_row {
	const char *method;
	struct arg_row args[OP_MAX_ARGS + 1];
};

#define HEX(text)                                                              \
	{                                                                      \
		text, STYLE_HEX                                                \
	}
#define RANGE HEX("addr"), HEX("length")

static const struct op_row op_rows[OP_NR_CODES] = {
	[OP_BRK] = { "mm.brk", { HEX("addr") } },
	[OP_MMAP] = { "mm.mmap",
		      { RANGE,
			HEX("prot"),
			HEX("flags"),
			{ "fd", STYLE_INT },
			HEX("offset") } },
	[OP_MUNMAP] = { "mm.munmap", { RANGE } },
	[OP_ACCESS] = { "mm.access",
			{ RANGE,
			  { "type", STYLE_ACCESS },
			  { "sp", STYLE_SP } } },
	[OP_FIND_VMA] = { "mm.find_vma", { HEX("addr") } },
	[OP_THREAD_NEW] = { "thread.create", { { NULL, STYLE_HEX } } },
	[OP_THREAD_EXIT] = { "thread.exit", { { NULL, STYLE_HEX } } },
	[OP_PROCESS_EXIT] = { "process.exit", { { NULL, STYLE_HEX } } },
	[OP_FILE_OPEN] = { "file.open",
			   { { "fd", STYLE_INT },
			     HEX("size"),
			     { "mode", STYLE_MODE } } },
	[OP_FILE_CLOSE] = { "file.close", { { "fd", STYLE_INT } } },
	[OP_MPROTECT] = { "mm.mprotect", { RANGE, HEX("prot") } },
	[OP_MREMAP] = { "mm.mremap",
			{ HEX("old_address"), HEX("old_size"), HEX("new_size"),
			  HEX("flags"), HEX("new_address") } },
	[OP_MLOCK] = { "mm.mlock", { RANGE } },
	[OP_MLOCK2] = { "mm.mlock2", { RANGE, { "flags", STYLE_INT } } },
	[OP_MUNLOCK] = { "mm.munlock", { RANGE } },
	[OP_MLOCKALL] = { "mm.mlockall", { { "flags", STYLE_INT } } },
	[OP_MUNLOCKALL] = { "mm.munlockall", { { NULL, STYLE_HEX } } },
	[OP_MADVISE] = { "mm.madvise", { RANGE, { "advice", STYLE_INT } } },
	[OP_MINCORE] = { "mm.mincore", { RANGE } },
	[OP_MSYNC] = { "mm.msync", { RANGE, { "flags", STYLE_INT } } },
	[OP_REMAP_FILE_PAGES] = { "mm.remap_file_pages",
				  { HEX("addr"), HEX("size"), HEX("prot"),
				    HEX("pgoff"), HEX("flags") } },
	[OP_MSEAL] = { "mm.mseal", { RANGE, HEX("flags") } },
	[OP_FORK] = { "process.fork", { { "vm", STYLE_BOOL } } },
	[OP_FILE_TRUNCATE] = { "file.truncate",
			       { { "fd", STYLE_INT }, HEX("size") } },
	[OP_EXEC] = { "process.exec", { { NULL, STYLE_HEX } } },
};

static void write_arg(struct json_writer *w, const struct arg_row *row,
		      uint64_t value)
{
	static const char *const access[] = { "read", "write", "exec" };
	static const char *const modes[] = { "ro", "rw", "wo" };

	if (row->style == STYLE_SP && value == UINT64_MAX)
		return;
	json_writer_key_text(w, row->name, strlen(row->name));
	switch (row->style) {
	case STYLE_INT:
		json_writer_i64(w, (int32_t)value);
		break;
	case STYLE_ACCESS:
		json_writer_text(w, access[value]);
		break;
	case STYLE_MODE:
		json_writer_text(w, modes[value]);
		break;
	case STYLE_BOOL:
		json_writer_bool(w, value);
		break;
	default:
		json_writer_hex(w, value);
		break;
	}
}

/* The caller's other processes have no names here: names are secrets. */
static void write_operation(struct json_writer *w, uint64_t seq,
			    const struct operation *op)
{
	const struct op_row *row = &op_rows[op->code];
	int i;

	json_writer_object(w);
	json_writer_key(w, "seq");
	json_writer_u64(w, seq);
	json_writer_key(w, "number");
	json_writer_u64(w, op->process);
	json_writer_key(w, "thread");
	json_writer_u64(w, op->thread);
	json_writer_key(w, "method");
	json_writer_text(w, row->method);
	json_writer_key(w, "params");
	json_writer_object(w);
	for (i = 0; row->args[i].name; i++)
		write_arg(w, &row->args[i], op->args[i]);
	if (op->code == OP_FILE_OPEN) {
		json_writer_key(w, "name");
		json_writer_string(w, op->text, op->text_len);
	}
	json_writer_object_end(w);
	json_writer_object_end(w);
}

static bool judge_from(struct call *call, uint64_t from, uint64_t first,
		       uint64_t last)
{
	if (from < first)
		return error_set(&call->error, ERROR_HISTORY_FOLDED, "from",
				 "history begins with operation %" PRIu64
				 "; what came before has been folded away",
				 first);
	if (from > last + 1)
		return error_set(&call->error, ERROR_HISTORY_FUTURE, "from",
				 "the last operation so far is %" PRIu64, last);
	return true;
}

bool run_history_list(struct call *call)
{
	const struct param_value *values = call->values;
	struct journal_cursor cursor;
	struct json_writer *w = &call->w;
	struct operation op;
	uint64_t first, last, from, end;

	world_history(call->world, &first, &last);
	from = values[LIST_FROM].given ? values[LIST_FROM].number : first;
	if (!judge_from(call, from, first, last))
		return false;
	end = from + values[LIST_COUNT].number;
	world_journal_seek(call->world, &cursor, from);

	json_writer_object(w);
	json_writer_key(w, "operations");
	json_writer_array(w);
	while (cursor.seq + 1 < end &&
	       world_journal_next(call->world, &cursor, &op))
		write_operation(w, cursor.seq, &op);
	json_writer_array_end(w);
	json_writer_key(w, "next");
	if (end <= last)
		json_writer_u64(w, end);
	else
		json_writer_null(w);
	write_history(call, true);
	json_writer_object_end(w);
	return true;
}
