/* SPDX-License-Identifier: MIT */
#include "proto/rpc/exec_params.h"

#include <stdio.h>
#include <string.h>

#include "proto/rpc/exec_image.h"

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
			 const struct json_value *value,
			 struct exec_strings *strings)
{
	struct rpc_error *error = reading->error;

	if (!value->text)
		return true;
	*strings = (struct exec_strings){ .count = 0 };
	switch (value->kind) {
	case JSON_KIND_ARRAY:
		if (!read_list(reading, name, value, strings))
			return false;
		break;
	case JSON_KIND_OBJECT:
		if (!read_sizes(name, value, strings, error))
			return false;
		break;
	default:
		return error_set(error, ERROR_PARAMS_TYPE, name,
				 "%s must be an array of strings, or an object "
				 "with count and bytes, but is %s",
				 name, json_kind_name(value->kind));
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
			const struct exec_params *params,
			struct exec_setup *setup)
{
	const struct json_value *interpreter = &params->interpreter;
	struct elf_traits traits = { .has_interpreter = false }, others;

	setup->has_interpreter = interpreter->text;
	if (!exec_image_read(reading, "program", &params->program,
			     &setup->program, &traits))
		return false;
	setup->executable_stack = traits.executable_stack;
	if (traits.has_interpreter && !interpreter->text)
		return error_set(reading->error, ERROR_PARAMS_MISSING,
				 "interpreter",
				 "the program has a PT_INTERP header, so its "
				 "interpreter, which is the dynamic linker, is "
				 "needed");
	return !interpreter->text ||
	       exec_image_read(reading, "interpreter", interpreter,
			       &setup->interpreter, &others);
}

size_t exec_params_room(const struct exec_params *params)
{
	size_t room = EXEC_TEXT_MAX + 8 * _Alignof(max_align_t);

	room += exec_image_room(&params->program);
	if (params->interpreter.text)
		room += exec_image_room(&params->interpreter);
	if (params->argv.text)
		room += params->argv.len;
	if (params->envp.text)
		room += params->envp.len;
	return room;
}

bool exec_params_read(struct setup_reading *reading,
		      const struct exec_params *params,
		      struct exec_setup *setup)
{
	struct exec_strings args, env = { .count = 0 };

	*setup = (struct exec_setup){ .argc = 0 };
	if (!read_images(reading, params, setup))
		return false;
	args = (struct exec_strings){ 1, setup->program.path_len + 1 };
	if (!read_strings(reading, "argv", &params->argv, &args) ||
	    !read_strings(reading, "envp", &params->envp, &env))
		return false;
	setup->argc = args.count;
	setup->arg_bytes = args.bytes;
	setup->envc = env.count;
	setup->env_bytes = env.bytes;
	return true;
}

char *exec_params_text(struct setup_reading *reading,
		       const struct exec_setup *setup, uint32_t *lenp)
{
	char *text = arena_take(reading, EXEC_TEXT_MAX);

	*lenp = (uint32_t)exec_setup_write(setup, text);
	return text;
}
