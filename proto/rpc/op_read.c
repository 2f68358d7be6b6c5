/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "proto/rpc/exec_params.h"
#include "proto/rpc/op_rows.h"

/* What stands in the object, still as text. */
struct op_members {
	struct json_value method, params, number, thread, text, answer;
};

static struct json_value *member_of(struct op_members *members,
				    const struct json_value *key)
{
	static const char *const names[] = { "method", "params", "number",
					     "thread", "text",   "answer" };
	struct json_value *const places[] = {
		&members->method, &members->params, &members->number,
		&members->thread, &members->text,   &members->answer,
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (json_string_equals(key, names[i], strlen(names[i])))
			return places[i];
	return NULL;
}

static const char *read_members(const struct json_value *value,
				struct op_members *members)
{
	struct json_value key, *place;
	struct json_reader r;

	memset(members, 0, sizeof(*members));
	if (value->kind != JSON_KIND_OBJECT)
		return "it is no object";
	json_reader_init(&r, value->text, value->len);
	json_reader_enter(&r);
	while (json_reader_member(&r, &key)) {
		place = member_of(members, &key);
		if (!place)
			return "it has a member that this version does not "
			       "know";
		json_reader_value(&r, place);
	}
	if (!members->method.text || members->method.kind != JSON_KIND_STRING)
		return "its method is missing";
	if (!members->params.text || members->params.kind != JSON_KIND_OBJECT)
		return "its params are missing";
	return NULL;
}

static enum op_code code_of(const struct json_value *method)
{
	int code;

	for (code = 1; code < OP_NR_CODES; code++)
		if (json_string_equals(method, op_rows[code].method,
				       strlen(op_rows[code].method)))
			return (enum op_code)code;
	return OP_NR_CODES;
}

/* An int as json_writer_i64() writes it. */
static bool read_int(const struct json_value *value, uint64_t *out)
{
	char text[16] = "";
	long long number;
	char *end;

	if (value->kind != JSON_KIND_NUMBER || value->len >= sizeof(text))
		return false;
	memcpy(text, value->text, value->len);
	number = strtoll(text, &end, 10);
	*out = (uint64_t)number;
	return !*end && number >= INT32_MIN && number <= INT32_MAX;
}

static bool read_arg(const struct arg_row *row, const struct json_value *value,
		     uint64_t *out)
{
	struct rpc_error error;

	switch (row->style) {
	case STYLE_INT:
		return read_int(value, out);
	case STYLE_ACCESS:
		return param_word(row->name, op_access_words, value, out,
				  &error);
	case STYLE_MODE:
		return param_word(row->name, op_mode_words, value, out, &error);
	case STYLE_BOOL:
		*out = value->kind == JSON_KIND_TRUE;
		return *out || value->kind == JSON_KIND_FALSE;
	default:
		return param_address(row->name, value, out, &error);
	}
}

static const char *read_args(const struct json_value *params,
			     struct operation *op, struct json_value *name)
{
	const struct arg_row *rows = op_rows[op->code].args;
	unsigned given = 0, wanted = 0, i;
	struct json_value key, value;
	struct json_reader r;

	json_reader_init(&r, params->text, params->len);
	json_reader_enter(&r);
	while (json_reader_member(&r, &key)) {
		json_reader_value(&r, &value);
		if (op->code == OP_FILE_OPEN && json_string_is(&key, "name")) {
			*name = value;
			continue;
		}
		for (i = 0; rows[i].name; i++)
			if (json_string_equals(&key, rows[i].name,
					       strlen(rows[i].name)))
				break;
		if (!rows[i].name)
			return "it has a parameter that its method does not "
			       "take";
		if (!read_arg(&rows[i], &value, &op->args[i]))
			return "one of its parameters has no fitting value";
		given |= 1u << i;
	}
	for (i = 0; rows[i].name; i++) {
		wanted |= 1u << i;
		if (rows[i].style != STYLE_SP || given & 1u << i)
			continue;
		op->args[i] = UINT64_MAX;
		given |= 1u << i;
	}
	return given == wanted ? NULL : "one of its parameters is missing";
}

static bool read_exec_members(const struct json_value *value,
			      struct exec_params *params)
{
	struct json_value key, *place;
	struct json_reader r;

	json_reader_init(&r, value->text, value->len);
	json_reader_enter(&r);
	while (json_reader_member(&r, &key)) {
		place = json_string_is(&key, "program") ? &params->program
			: json_string_is(&key, "interpreter")
				? &params->interpreter
			: json_string_is(&key, "argv") ? &params->argv
			: json_string_is(&key, "envp") ? &params->envp
						       : NULL;
		if (!place)
			return false;
		json_reader_value(&r, place);
	}
	return true;
}

/* What op_write() made of an exec_setup. */
static const char *read_exec(const struct json_value *value,
			     struct operation *op, struct buffer *arena)
{
	struct exec_params params = { .program.text = NULL };
	struct rpc_error error;
	struct setup_reading reading = { .arena = arena, .error = &error };
	struct exec_setup setup;

	if (!read_exec_members(value, &params))
		return "it has a parameter that its method does not take";
	if (!params.program.text)
		return "its program is missing";
	buffer_rewind(arena, 0);
	if (!buffer_reserve(arena, exec_params_room(&params)))
		return "the server has no memory for its program";
	if (!exec_params_read(&reading, &params, &setup))
		return "one of its parameters has no fitting value";
	op->text = exec_params_text(&reading, &setup, &op->text_len);
	return NULL;
}

static const char *read_text(const struct json_value *value,
			     struct operation *op, struct buffer *arena)
{
	size_t len = 0;
	char *room;

	if (op->code != OP_FILE_OPEN && op->code != OP_EXEC)
		return value->text ? "its method takes no text" : NULL;
	if (!value->text || value->kind != JSON_KIND_STRING)
		return "its text is missing";
	buffer_rewind(arena, 0);
	room = buffer_reserve(arena, value->len);
	if (!room)
		return "the server has no memory for its text";
	op->text = json_string_text(value, room, value->len, &len);
	op->text_len = (uint32_t)len;
	return NULL;
}

static bool read_number(const struct json_value *value, uint64_t min,
			uint32_t fallback, uint32_t *out)
{
	struct rpc_error error;
	uint64_t number = fallback;

	if (value->text &&
	    !param_count("", value, min, UINT32_MAX, &number, &error))
		return false;
	*out = (uint32_t)number;
	return true;
}

const char *op_read(const struct json_value *value, struct operation *op,
		    struct json_value *answer, struct buffer *arena)
{
	struct op_members members;
	const char *wrong;

	*op = (struct operation){ .thread = 1 };
	wrong = read_members(value, &members);
	if (wrong)
		return wrong;
	op->code = code_of(&members.method);
	if (op->code == OP_NR_CODES)
		return "its method is none that changes a world";
	if (!read_number(&members.number, 0, 0, &op->process) ||
	    !read_number(&members.thread, 1, 1, &op->thread))
		return "its number or thread is none";
	*answer = members.answer;
	if (op->code == OP_EXEC && !members.text.text)
		return read_exec(&members.params, op, arena);
	wrong = read_args(&members.params, op, &members.text);
	return wrong ? wrong : read_text(&members.text, op, arena);
}
