/* SPDX-License-Identifier: MIT */
#include "clients/cli/operation_text.h"

#include <inttypes.h>
#include <string.h>

#include "clients/cli/calls.h"
#include "clients/cli/foreign_text.h"
#include "clients/cli/json_number.h"

static const char *method_of(const json_t *operation)
{
	const char *method =
		json_string_value(json_object_get(operation, "method"));

	return method ? method : "?";
}

static const struct call_form *form_of(const char *method)
{
	return strncmp(method, "mm.", 3) ? NULL : call_find(method + 3);
}

static bool is_access(const json_t *operation)
{
	return !strcmp(method_of(operation), "mm.access");
}

static void spell_call(FILE *out, const struct call_form *form,
		       const json_t *params)
{
	uint64_t args[CALL_ARGS_MAX] = { 0 };

	for (unsigned i = 0; i < form->count; i++)
		json_u64(json_object_get(params, form->args[i].name), &args[i]);
	call_spell(out, form, args);
}

static void spell_access(FILE *out, const json_t *params)
{
	const char *type = json_string_value(json_object_get(params, "type"));
	uint64_t addr = 0, length = 1;

	json_u64(json_object_get(params, "addr"), &addr);
	json_u64(json_object_get(params, "length"), &length);
	foreign_put(out, type ? type : "access");
	fprintf(out, " 0x%" PRIx64, addr);
	if (length != 1)
		fprintf(out, ", %" PRIu64 " bytes", length);
}

static void spell_find_vma(FILE *out, const json_t *params)
{
	uint64_t addr = 0;

	json_u64(json_object_get(params, "addr"), &addr);
	fprintf(out, "find_vma(0x%" PRIx64 ")", addr);
}

static void spell_value(FILE *out, const json_t *value)
{
	if (json_is_string(value))
		foreign_put(out, json_string_value(value));
	else if (json_is_object(value) || json_is_array(value))
		fputs("...", out);
	else
		foreign_put_json(out, value, JSON_COMPACT | JSON_ENCODE_ANY);
}

static void spell_exec(FILE *out, const json_t *params)
{
	const char *path = json_string_value(
		json_object_get(json_object_get(params, "program"), "path"));

	fputs("execve(\"", out);
	foreign_put(out, path ? path : "");
	fputs("\")", out);
}

/* file.open(fd=5, size=0x1000, mode=rw, name=data) */
static void spell_method(FILE *out, const char *method, json_t *params)
{
	const char *name, *comma = "";
	json_t *value;

	foreign_put(out, strncmp(method, "mm.", 3) ? method : method + 3);
	fputc('(', out);
	json_object_foreach(params, name, value) {
		fputs(comma, out);
		foreign_put(out, name);
		fputc('=', out);
		spell_value(out, value);
		comma = ", ";
	}
	fputc(')', out);
}

void operation_spell(FILE *out, const json_t *operation)
{
	const char *method = method_of(operation);
	const struct call_form *form = form_of(method);
	json_t *params = json_object_get(operation, "params");

	if (form)
		spell_call(out, form, params);
	else if (is_access(operation))
		spell_access(out, params);
	else if (!strcmp(method, "mm.find_vma"))
		spell_find_vma(out, params);
	else if (!strcmp(method, "process.fork"))
		fputs(json_is_true(json_object_get(params, "vm")) ? "vfork()"
								  : "fork()",
		      out);
	else if (!strcmp(method, "process.exec"))
		spell_exec(out, params);
	else
		spell_method(out, method, params);
}

bool operation_failed(const json_t *operation)
{
	const json_t *answer = json_object_get(operation, "answer");
	const char *text = json_string_value(answer);

	return text ? !strncmp(text, "SIG", 3) : json_integer_value(answer) < 0;
}

static void spell_fault(FILE *out, const char *fault)
{
	if (!strcmp(fault, "none"))
		fputs("ok", out);
	else if (!strcmp(fault, "minor"))
		fputs("ok, after a page fault", out);
	else {
		fputs("--- ", out);
		foreign_put(out, fault);
		fputs(" ---", out);
	}
}

void operation_spell_answer(FILE *out, const json_t *operation)
{
	const char *method = method_of(operation);
	const json_t *answer = json_object_get(operation, "answer");
	const json_int_t number = json_integer_value(answer);

	if (is_access(operation) && json_is_string(answer))
		spell_fault(out, json_string_value(answer));
	else if (!strcmp(method, "mm.find_vma") && json_is_null(answer))
		fputs("NULL", out);
	/* Numbers begin at 0, and what fork answers at 1. */
	else if (!strcmp(method, "process.fork") && number > 0)
		fprintf(out, "process %" JSON_INTEGER_FORMAT, number - 1);
	else
		call_spell_result(out, answer);
}
