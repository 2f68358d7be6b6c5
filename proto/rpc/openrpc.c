/* SPDX-License-Identifier: MIT */
/*
 * rpc.discover: the method table as an OpenRPC document
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/mm/profile.h"
#include "core/mm/step.h"
#include "proto/rpc/flag_names.h"
#include "proto/rpc/method_table.h"
#include "proto/rpc/rpc.h"
#include "proto/rpc/schemas.h"
#include "proto/rpc/snapshot.h"

#define OPENRPC_VERSION "1.2.6"

static void write_member(struct json_writer *w, const char *name,
			 const char *text)
{
	json_writer_key_text(w, name, strlen(name));
	json_writer_text(w, text);
}

static void write_raw_member(struct json_writer *w, const char *name,
			     const char *json)
{
	json_writer_key_text(w, name, strlen(name));
	json_writer_raw(w, json, strlen(json));
}

static void write_ref(struct json_writer *w, const char *kind, const char *name)
{
	char path[96];

	snprintf(path, sizeof(path), "#/components/%s/%s", kind, name);
	json_writer_object(w);
	write_member(w, "$ref", path);
	json_writer_object_end(w);
}

/* ---------------------------------------------------------- parameters */

static void write_words(struct json_writer *w, const char *const *words)
{
	json_writer_key(w, "enum");
	json_writer_array(w);
	for (; *words; words++)
		json_writer_text(w, *words);
	json_writer_array_end(w);
}

static void write_bounds(struct json_writer *w, const struct param_def *def)
{
	json_writer_object(w);
	write_member(w, "type", "integer");
	json_writer_key(w, "minimum");
	json_writer_u64(w, def->min);
	json_writer_key(w, "maximum");
	json_writer_u64(w, def->max);
}

static void begin_schema(struct json_writer *w, const struct param_def *def)
{
	switch (def->kind) {
	case PARAM_COUNT:
	case PARAM_THREAD:
		write_bounds(w, def);
		return;
	case PARAM_LANG:
	case PARAM_WORD:
		json_writer_object(w);
		write_words(w, def->words);
		return;
	case PARAM_TEXT:
		json_writer_object(w);
		write_member(w, "type", "string");
		json_writer_key(w, "minLength");
		json_writer_u64(w, def->min);
		json_writer_key(w, "maxLength");
		json_writer_u64(w, def->max);
		return;
	default:
		json_writer_object(w);
		json_writer_key(w, "allOf");
		json_writer_array(w);
		if (def->kind == PARAM_ANY)
			json_writer_raw(w, def->schema, strlen(def->schema));
		else
			write_ref(w, "schemas", schema_of_kind(def->kind));
		json_writer_array_end(w);
		return;
	}
}

/* Where the names stand that a string of flags may hold. */
static const struct {
	const char *member; /* of components */
	const struct flag_name *names;
} flag_lists[] = {
	{ "x-prot-names", prot_names },
	{ "x-map-flag-names", map_flag_names },
	{ "x-mremap-flag-names", mremap_flag_names },
	{ "x-mlock2-flag-names", mlock2_flag_names },
	{ "x-mlockall-flag-names", mlockall_flag_names },
	{ "x-advice-names", advice_names },
	{ "x-msync-flag-names", msync_flag_names },
	{ "x-mseal-flag-names", mseal_flag_names },
	{ "x-pt-names", pt_names },
	{ "x-pf-names", pf_names },
};

#define NR_FLAG_LISTS (sizeof(flag_lists) / sizeof(flag_lists[0]))

static void write_flags_ref(struct json_writer *w,
			    const struct flag_name *names)
{
	char path[64];
	size_t i = 0;

	while (flag_lists[i].names != names)
		i++;
	snprintf(path, sizeof(path), "#/components/%s", flag_lists[i].member);
	write_member(w, "x-names", path);
}

static void write_param(struct json_writer *w, const struct param_def *def)
{
	json_writer_object(w);
	write_member(w, "name", def->name);
	write_member(w, "description", def->about);
	json_writer_key(w, "required");
	json_writer_bool(w, def->required);
	json_writer_key(w, "schema");
	begin_schema(w, def);
	if (def->flags)
		write_flags_ref(w, def->flags);
	if (def->preset)
		write_raw_member(w, "default", def->preset);
	json_writer_object_end(w);
	json_writer_object_end(w);
}

static void write_params(struct json_writer *w, const struct method *method)
{
	unsigned i;

	write_member(w, "paramStructure", "either");
	json_writer_key(w, "params");
	json_writer_array(w);
	for (i = 0; i < method->nr_params; i++)
		write_param(w, &method->params[i]);
	json_writer_array_end(w);
}

/* ------------------------------------------------------------- methods */

static void write_result(struct json_writer *w, const struct method *method)
{
	char name[64];

	snprintf(name, sizeof(name), "%s.result", method->name);
	json_writer_key(w, "result");
	json_writer_object(w);
	write_member(w, "name", name);
	write_raw_member(w, "schema", method->result);
	json_writer_object_end(w);
}

#define E(key) (1ULL << ERROR_##key)

/* What any call may be answered. */
#define ERRORS_COMMON                                                          \
	(E(PARSE) | E(REQUEST) | E(METHOD) | E(INTERNAL) | E(OVERLOAD) |       \
	 E(RESPONSE_TOO_LARGE))

/* What the method's parameters may be answered. */
static uint64_t params_errors(const struct method *method)
{
	uint64_t errors = E(PARAMS_COUNT) | E(PARAMS_UNKNOWN);
	unsigned i;

	for (i = 0; i < method->nr_params; i++) {
		errors |= E(PARAMS_TYPE) | E(PARAMS_RANGE) | E(PARAMS_VALUE);
		if (method->params[i].required)
			errors |= E(PARAMS_MISSING);
		if (method->params[i].kind == PARAM_PROCESS)
			errors |= E(PROCESS_UNKNOWN) | E(PROCESS_GONE) |
				  (method->is_looking ? 0 : E(SHARE_READONLY));
		if (method->params[i].kind == PARAM_THREAD)
			errors |= E(THREAD_UNKNOWN);
		if (method->params[i].kind == PARAM_RETRY_KEY)
			errors |= E(IDEMPOTENCY_CONFLICT) | E(IDEMPOTENCY_LOST);
	}
	return errors;
}

static void write_method_errors(struct json_writer *w,
				const struct method *method)
{
	uint64_t errors =
		ERRORS_COMMON | params_errors(method) | method->errors;
	int key;

	if (errors & E(QUOTA_BYTES))
		errors |= E(QUOTA_CALL);
	if (errors & E(QUOTA_MACHINE))
		errors |= E(QUOTA_WORLD);

	json_writer_key(w, "errors");
	json_writer_array(w);
	for (key = ERROR_NONE + 1; key < ERROR_NR_KEYS; key++)
		if (errors & 1ULL << key)
			write_ref(w, "errors", error_kinds[key].key);
	json_writer_array_end(w);
}

/* The table's object of parameters as a list of names and values. */
static void write_example_params(struct json_writer *w, const char *params)
{
	struct json_value key, value;
	struct json_reader r;

	json_writer_key(w, "params");
	json_writer_array(w);
	json_reader_init(&r, params, strlen(params));
	json_reader_enter(&r);
	while (json_reader_member(&r, &key)) {
		json_reader_value(&r, &value);
		json_writer_object(w);
		json_writer_key(w, "name");
		json_writer_raw(w, key.text, key.len);
		json_writer_key(w, "value");
		json_writer_raw(w, value.text, value.len);
		json_writer_object_end(w);
	}
	json_writer_array_end(w);
}

static void write_examples(struct json_writer *w, const struct method *method)
{
	json_writer_key(w, "examples");
	json_writer_array(w);
	if (method->example_params) {
		json_writer_object(w);
		write_member(w, "name", method->name);
		write_member(w, "summary", method->summary);
		write_example_params(w, method->example_params);
		json_writer_key(w, "result");
		json_writer_object(w);
		write_member(w, "name", "result");
		write_raw_member(w, "value", method->example_result);
		json_writer_object_end(w);
		json_writer_object_end(w);
	}
	json_writer_array_end(w);
}

static void write_methods(struct json_writer *w)
{
	const struct method *method;
	size_t i;

	json_writer_key(w, "methods");
	json_writer_array(w);
	for (i = 0; (method = method_at(i)); i++) {
		json_writer_object(w);
		write_member(w, "name", method->name);
		write_member(w, "summary", method->summary);
		write_params(w, method);
		write_result(w, method);
		write_method_errors(w, method);
		write_examples(w, method);
		if (method->is_looking)
			write_raw_member(w, "x-share", "true");
		json_writer_object_end(w);
	}
	json_writer_array_end(w);
}

/* ---------------------------------------------------------- components */

static void write_errors(struct json_writer *w)
{
	int key;

	json_writer_key(w, "errors");
	json_writer_object(w);
	for (key = ERROR_NONE + 1; key < ERROR_NR_KEYS; key++) {
		const struct error_kind *kind = &error_kinds[key];

		json_writer_key_text(w, kind->key, strlen(kind->key));
		json_writer_object(w);
		json_writer_key(w, "code");
		json_writer_i64(w, kind->code);
		write_member(w, "message", kind->message);
		json_writer_key(w, "data");
		json_writer_object(w);
		write_member(w, "key", kind->key);
		write_member(w, "hint", kind->about);
		json_writer_object_end(w);
		json_writer_object_end(w);
	}
	json_writer_object_end(w);
}

static void write_flag_names(struct json_writer *w, const char *name,
			     const struct flag_name *flags)
{
	json_writer_key_text(w, name, strlen(name));
	json_writer_object(w);
	for (; flags->name; flags++) {
		json_writer_key_text(w, flags->name, strlen(flags->name));
		json_writer_hex(w, flags->value);
	}
	json_writer_object_end(w);
}

static void write_want_schema(struct json_writer *w)
{
	int part;

	json_writer_key(w, "Want");
	json_writer_object(w);
	write_member(w, "type", "array");
	json_writer_key(w, "items");
	json_writer_object(w);
	json_writer_key(w, "enum");
	json_writer_array(w);
	for (part = 0; part < PART_NR; part++)
		json_writer_text(w, snapshot_part_names[part]);
	json_writer_array_end(w);
	json_writer_object_end(w);
	json_writer_object_end(w);
}

/* The kernel's function by release, null where it has no such step. */
static void write_step_functions(struct json_writer *w,
				 const struct step_kind *kind)
{
	const struct kernel_profile *profile;
	const char *function;
	size_t i;

	json_writer_key(w, "x-functions");
	json_writer_object(w);
	for (i = 0; (profile = kernel_profile_at(i)); i++) {
		function = kind->functions[profile->kernel_release];
		json_writer_key_text(w, profile->name, strlen(profile->name));
		if (function)
			json_writer_text(w, function);
		else
			json_writer_null(w);
	}
	json_writer_object_end(w);
}

/* The keys of steps, each with its sentences, functions and values. */
static void write_step_keys(struct json_writer *w)
{
	const struct step_kind *kind;
	size_t i;

	json_writer_key(w, "StepKey");
	json_writer_object(w);
	json_writer_key(w, "oneOf");
	json_writer_array(w);
	for (i = 0; (kind = step_kind_at(i)); i++) {
		json_writer_object(w);
		write_member(w, "const", kind->key);
		write_member(w, "description", step_text_at(i)->en);
		write_member(w, "x-chinese", step_text_at(i)->zh);
		write_member(w, "x-values", kind->values);
		write_step_functions(w, kind);
		json_writer_object_end(w);
	}
	json_writer_array_end(w);
	json_writer_object_end(w);
}

static void write_components(struct json_writer *w)
{
	const struct schema *schema;
	size_t i;

	json_writer_key(w, "components");
	json_writer_object(w);
	write_errors(w);
	json_writer_key(w, "schemas");
	json_writer_object(w);
	for (schema = schemas; schema->name; schema++)
		write_raw_member(w, schema->name, schema->json);
	write_want_schema(w);
	write_step_keys(w);
	json_writer_object_end(w);
	for (i = 0; i < NR_FLAG_LISTS; i++)
		write_flag_names(w, flag_lists[i].member, flag_lists[i].names);
	json_writer_object_end(w);
}

static void write_info(struct json_writer *w, const char *version)
{
	json_writer_key(w, "info");
	json_writer_object(w);
	write_member(w, "title", "vmarium");
	write_member(w, "version", version);
	write_member(w, "description",
		     "Linux address spaces behind glass: virtual processes on "
		     "which brk, mmap and their relatives, page faults and "
		     "fork do what a named kernel release would do. What the "
		     "emulated kernel "
		     "refuses is a result, with a negative ret and its errno; "
		     "errors are the service's own. Each example holds for a "
		     "process just made by the example of process.create: its "
		     "name goes where " EXAMPLE_PROCESS " stands.");
	json_writer_key(w, "license");
	json_writer_object(w);
	write_member(w, "name", "MIT");
	json_writer_object_end(w);
	json_writer_object_end(w);
}

void rpc_discover(struct buffer *out, const char *version)
{
	struct json_writer w;

	json_writer_init(&w, out);
	json_writer_object(&w);
	write_member(&w, "openrpc", OPENRPC_VERSION);
	write_info(&w, version);
	write_methods(&w);
	write_raw_member(&w, "x-notifications", subscription_notifications);
	write_components(&w);
	json_writer_object_end(&w);
}
