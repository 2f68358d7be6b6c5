/* SPDX-License-Identifier: MIT */
/*
 * process.exec: another program takes the process over
 */
#include <stdio.h>
#include <string.h>

#include "proto/rpc/exec_image.h"
#include "proto/rpc/service.h"

/* Arguments or environment: how many strings, and their bytes with the NULs. */
struct exec_strings {
	uint64_t count, bytes;
};

static bool add_string(struct setup_reading *reading, const char *name,
		       const struct json_value *value,
		       struct exec_strings *strings)
{
	const char *text;
	size_t len = 0;

	if (!param_kind_is(name, value, JSON_KIND_STRING, reading->error))
		return false;
	text = arena_text(reading, value, &len);
	if (memchr(text, '\0', len))
		return error_set(reading->error, ERROR_PARAMS_VALUE, name,
				 "%s must not contain a NUL", name);
	strings->count++;
	strings->bytes += len + 1;
	return true;
}

static bool read_list(struct setup_reading *reading, const char *name,
		      const struct json_value *value,
		      struct exec_strings *strings)
{
	char element_name[ERROR_PARAM_MAX];
	struct json_value element;
	struct json_reader r;

	json_reader_init(&r, value->text, value->len);
	json_reader_enter(&r);
	while (json_reader_element(&r)) {
		snprintf(element_name, sizeof(element_name), "%s[%llu]", name,
			 (unsigned long long)strings->count);
		json_reader_value(&r, &element);
		if (!add_string(reading, element_name, &element, strings))
			return false;
	}
	return true;
}

static bool read_sizes(const char *name, const struct json_value *value,
		       struct exec_strings *strings, struct rpc_error *error)
{
	static const char *const members[] = { "count", "bytes", NULL };
	char path[ERROR_PARAM_MAX];
	struct json_value key, number;
	struct json_reader r;
	uint64_t which;
	bool ok = true;

	json_reader_init(&r, value->text, value->len);
	json_reader_enter(&r);
	while (ok && json_reader_member(&r, &key)) {
		if (!param_word(name, members, &key, &which, error)) {
			error->key = ERROR_PARAMS_UNKNOWN;
			return false;
		}
		snprintf(path, sizeof(path), "%s.%s", name, members[which]);
		json_reader_value(&r, &number);
		ok = param_count(path, &number, 0,
				 which ? EXEC_STRINGS_MAX : EXEC_COUNT_MAX,
				 which ? &strings->bytes : &strings->count,
				 error);
	}
	return ok;
}

static bool read_strings(struct setup_reading *reading, const char *name,
			 const struct param_value *value,
			 struct exec_strings *strings)
{
	struct rpc_error *error = reading->error;

	if (!value->given)
		return true;
	*strings = (struct exec_strings){ .count = 0 };
	switch (value->raw.kind) {
	case JSON_KIND_ARRAY:
		if (!read_list(reading, name, &value->raw, strings))
			return false;
		break;
	case JSON_KIND_OBJECT:
		if (!read_sizes(name, &value->raw, strings, error))
			return false;
		break;
	default:
		return error_set(error, ERROR_PARAMS_TYPE, name,
				 "%s must be an array of strings, or an object "
				 "with count and bytes, but is %s",
				 name, json_kind_name(value->raw.kind));
	}
	if (strings->count <= EXEC_COUNT_MAX &&
	    strings->bytes <= EXEC_STRINGS_MAX &&
	    strings->bytes >= strings->count)
		return true;
	return error_set(error, ERROR_PARAMS_RANGE, name,
			 "%s may be %llu strings of %llu bytes together, and "
			 "each has one byte at least, its NUL",
			 name, (unsigned long long)EXEC_COUNT_MAX,
			 (unsigned long long)EXEC_STRINGS_MAX);
}

static bool read_images(struct setup_reading *reading,
			const struct param_value *values,
			struct exec_setup *setup)
{
	const struct param_value *interpreter = &values[EXEC_INTERPRETER];
	struct elf_traits traits = { .has_interpreter = false }, others;

	setup->has_interpreter = interpreter->given;
	if (!exec_image_read(reading, "program", &values[EXEC_PROGRAM].raw,
			     &setup->program, &traits))
		return false;
	setup->executable_stack = traits.executable_stack;
	if (traits.has_interpreter && !interpreter->given)
		return error_set(reading->error, ERROR_PARAMS_MISSING,
				 "interpreter",
				 "the program has a PT_INTERP header, so its "
				 "interpreter, which is the dynamic linker, is "
				 "needed");
	return !interpreter->given ||
	       exec_image_read(reading, "interpreter", &interpreter->raw,
			       &setup->interpreter, &others);
}

static size_t room_needed(const struct param_value *values)
{
	size_t room = EXEC_TEXT_MAX + 8 * _Alignof(max_align_t);
	unsigned i;

	room += exec_image_room(&values[EXEC_PROGRAM].raw);
	if (values[EXEC_INTERPRETER].given)
		room += exec_image_room(&values[EXEC_INTERPRETER].raw);
	for (i = EXEC_ARGV; i <= EXEC_ENVP; i++)
		if (values[i].given)
			room += values[i].raw.len;
	return room;
}

static bool read_setup(struct setup_reading *reading,
		       const struct param_value *values,
		       struct exec_setup *setup)
{
	struct exec_strings args, env = { .count = 0 };

	if (!read_images(reading, values, setup))
		return false;
	args = (struct exec_strings){ 1, setup->program.path_len + 1 };
	if (!read_strings(reading, "argv", &values[EXEC_ARGV], &args) ||
	    !read_strings(reading, "envp", &values[EXEC_ENVP], &env))
		return false;
	setup->argc = args.count;
	setup->arg_bytes = args.bytes;
	setup->envc = env.count;
	setup->env_bytes = env.bytes;
	return true;
}

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

bool run_process_exec(struct call *call)
{
	struct buffer *arena = &call->service->arena;
	struct setup_reading reading = {
		.arena = arena,
		.error = &call->error,
	};
	struct operation op = { .code = OP_EXEC };
	struct exec_setup setup = { .argc = 0 };
	struct outcome outcome;
	char *text;

	buffer_rewind(arena, 0);
	if (!buffer_reserve(arena, room_needed(call->values))) {
		call->tenant->memory.refusal = REFUSAL_HOST_MEMORY;
		return refusal_error(call, &call->error);
	}
	if (!read_setup(&reading, call->values, &setup))
		return false;
	text = arena_take(&reading, EXEC_TEXT_MAX);
	op.text = text;
	op.text_len = (uint32_t)exec_setup_write(&setup, text);
	if (!call_apply(call, &op, &outcome))
		return false;
	write_exec(call, &outcome);
	return true;
}
