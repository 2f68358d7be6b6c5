/* SPDX-License-Identifier: MIT */
#include "proto/rpc/op_text.h"

#include <string.h>

#include "core/mm/mm_types.h"
#include "proto/rpc/exec_params.h"
#include "proto/rpc/op_rows.h"
#include "proto/rpc/service.h"

const char *const op_access_words[] = { "read", "write", "exec", NULL };
const char *const op_mode_words[] = { "ro", "rw", "wo", NULL };

#define HEX(text)                                                              \
	{                                                                      \
		text, STYLE_HEX                                                \
	}
#define RANGE HEX("addr"), HEX("length")

const struct op_row op_rows[OP_NR_CODES] = {
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
	if (row->style == STYLE_SP && value == UINT64_MAX)
		return;
	json_writer_key_text(w, row->name, strlen(row->name));
	switch (row->style) {
	case STYLE_INT:
		json_writer_i64(w, (int32_t)value);
		break;
	case STYLE_ACCESS:
		json_writer_text(w, op_access_words[value]);
		break;
	case STYLE_MODE:
		json_writer_text(w, op_mode_words[value]);
		break;
	case STYLE_BOOL:
		json_writer_bool(w, value);
		break;
	default:
		json_writer_hex(w, value);
		break;
	}
}

/* The journal holds none that cannot be read. */
static void write_exec(struct json_writer *w, const struct operation *op)
{
	struct exec_setup setup;

	(void)exec_setup_read(op->text, op->text_len, &setup);
	exec_params_write(w, &setup);
}

void op_write(struct json_writer *w, const struct operation *op)
{
	const struct op_row *row = &op_rows[op->code];
	int i;

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
	if (op->code == OP_EXEC)
		write_exec(w, op);
	json_writer_object_end(w);
}

void op_write_answer(struct json_writer *w, const struct operation *op,
		     const struct outcome *outcome)
{
	if (op->code == OP_ACCESS)
		json_writer_text(w, fault_names[outcome->access.fault]);
	else if (op->code == OP_FIND_VMA && outcome->vma)
		json_writer_hex(w, outcome->vma->vm_start);
	else if (op->code == OP_FIND_VMA)
		json_writer_null(w);
	else if (op_answers_address(op->code, outcome->ret))
		json_writer_hex(w, (uint64_t)outcome->ret);
	else
		json_writer_i64(w, outcome->ret);
}
