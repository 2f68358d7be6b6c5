/* SPDX-License-Identifier: MIT */
/*
 * The OpenRPC document: whole, true to the table, and its examples work
 */
#include <stdlib.h>
#include <string.h>

#include "tests/proto/rpc_fixture.h"
#include "tests/support/suite.h"

static json_t *discover(void)
{
	struct buffer out;
	json_t *document;

	buffer_init(&out, 1u << 20);
	rpc_discover(&out, "1.2.3");
	CU_ASSERT_EQUAL(out.failed, BUFFER_OK);
	document = json_loadb(out.data, out.len, JSON_REJECT_DUPLICATES, NULL);
	buffer_deinit(&out);
	CU_ASSERT_PTR_NOT_NULL_FATAL(document);
	return document;
}

static void method_answers_the_document(void)
{
	json_t *document = discover(), *result;
	struct rpc_fixture fx;

	fixture_init(&fx, 1, NULL);
	result = fixture_result(&fx, "rpc.discover", "[]");
	CU_ASSERT(json_equal(result, document));
	json_decref(result);
	json_decref(document);
	fixture_deinit(&fx);
}

static void head_of_the_document(void)
{
	json_t *document = discover();
	const char *openrpc, *title, *version, *license;

	CU_ASSERT(!json_unpack(document, "{ss,s{ss,ss,s{ss}}}", "openrpc",
			       &openrpc, "info", "title", &title, "version",
			       &version, "license", "name", &license));
	CU_ASSERT_STRING_EQUAL(openrpc, "1.2.6");
	CU_ASSERT_STRING_EQUAL(title, "vmarium");
	CU_ASSERT_STRING_EQUAL(version, "1.2.3");
	CU_ASSERT_STRING_EQUAL(license, "MIT");
	json_decref(document);
}

static bool has_text(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text && *text;
}

static void methods_and_parameters_are_the_tables(void)
{
	json_t *document = discover();
	const json_t *methods = json_object_get(document, "methods");
	const struct method *method;
	size_t i;
	unsigned j;

	for (i = 0; (method = method_at(i)); i++) {
		const json_t *one = json_array_get(methods, i);
		const json_t *params = json_object_get(one, "params");
		bool optional = false;

		CU_ASSERT_STRING_EQUAL(
			json_string_value(json_object_get(one, "name")),
			method->name);
		CU_ASSERT(has_text(one, "summary"));
		CU_ASSERT(is_json(json_object_get(one, "paramStructure"),
				  "'either'"));
		CU_ASSERT(has_text(json_object_get(one, "result"), "name"));
		CU_ASSERT(json_is_object(result_member(one, "schema")));
		CU_ASSERT(json_array_size(json_object_get(one, "errors")) > 4);
		CU_ASSERT_EQUAL_FATAL(json_array_size(params),
				      method->nr_params);
		for (j = 0; j < method->nr_params; j++) {
			const json_t *param = json_array_get(params, j);

			CU_ASSERT_STRING_EQUAL(
				json_string_value(
					json_object_get(param, "name")),
				method->params[j].name);
			CU_ASSERT(has_text(param, "description"));
			CU_ASSERT(json_is_object(
				json_object_get(param, "schema")));
			/* By position, what is required cannot follow what is
			 * not. */
			if (method->params[j].required)
				CU_ASSERT(!optional);
			optional = !method->params[j].required;
		}
	}
	CU_ASSERT_EQUAL(json_array_size(methods), i);
	/* Fuller than that, looking methods up becomes slow. */
	CU_ASSERT(i <= METHOD_INDEX_SIZE / 2);
	json_decref(document);
}

/* Every method and parameter that the contract names and this version has. */
static void positions_are_the_contracts(void)
{
	static const struct {
		const char *method, *params;
	} rows[] = {
		{ "process.create",
		  "profile maps mm resident vmacache rlimits sysctl "
		  "mem_total_kb committed_kb uid files seed history want lang "
		  "idempotency_key" },
		{ "process.get", "process" },
		{ "process.share", "process idempotency_key" },
		{ "process.unshare", "process share idempotency_key" },
		{ "process.fork",
		  "process thread vm want lang idempotency_key" },
		{ "process.exec", "process program argv envp interpreter "
				  "thread want lang idempotency_key" },
		{ "process.exit", "process idempotency_key want lang" },
		{ "thread.create", "process thread idempotency_key want lang" },
		{ "thread.exit", "process thread idempotency_key want lang" },
		{ "file.open",
		  "process fd name size mode idempotency_key want lang" },
		{ "file.truncate",
		  "process fd size idempotency_key want lang" },
		{ "file.close", "process fd idempotency_key want lang" },
		{ "mm.brk", "process addr thread want lang idempotency_key" },
		{ "mm.mmap", "process addr length prot flags fd offset thread "
			     "want lang idempotency_key" },
		{ "mm.munmap",
		  "process addr length thread want lang idempotency_key" },
		{ "mm.mprotect",
		  "process addr length prot thread want lang idempotency_key" },
		{ "mm.mremap", "process old_address old_size new_size flags "
			       "new_address thread want lang idempotency_key" },
		{ "mm.mlock",
		  "process addr length thread want lang idempotency_key" },
		{ "mm.mlock2", "process addr length flags thread want lang "
			       "idempotency_key" },
		{ "mm.munlock",
		  "process addr length thread want lang idempotency_key" },
		{ "mm.mlockall",
		  "process flags thread want lang idempotency_key" },
		{ "mm.munlockall", "process thread want lang idempotency_key" },
		{ "mm.madvise", "process addr length advice thread want lang "
				"idempotency_key" },
		{ "mm.mincore",
		  "process addr length thread want lang idempotency_key" },
		{ "mm.msync", "process addr length flags thread want lang "
			      "idempotency_key" },
		{ "mm.remap_file_pages", "process addr size prot pgoff flags "
					 "thread want lang idempotency_key" },
		{ "mm.mseal", "process addr length flags thread want lang "
			      "idempotency_key" },
		{ "mm.access", "process addr type length sp thread want lang "
			       "idempotency_key" },
		{ "mm.find_vma",
		  "process addr thread want lang idempotency_key" },
		{ "mm.snapshot", "process thread want lang" },
		{ "mm.maps", "process thread want lang" },
		{ "mm.smaps", "process thread want lang" },
		{ "mm.status", "process thread want lang" },
		{ "mm.explain", "process method params thread want lang" },
		{ "history.list", "process from count answers" },
		{ "history.at", "process seq thread want lang" },
		{ "world.export", "process title notes positions form" },
		{ "world.import", "document want lang idempotency_key" },
		{ "history.diff", "process from to other thread" },
		{ "history.rewind",
		  "process seq thread want lang idempotency_key" },
		{ "world.branch",
		  "process seq thread want lang idempotency_key" },
		{ "profile.list", "" },
		{ "rpc.discover", "" },
	};
	struct method_index index;
	size_t i;
	unsigned j;

	method_index_init(&index);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct method_entry *entry = method_find(
			&index, rows[i].method, strlen(rows[i].method));
		const struct method *method;
		char names[256] = "";

		CU_ASSERT_PTR_NOT_NULL_FATAL(entry);
		method = entry->method;
		for (j = 0; j < method->nr_params; j++) {
			strcat(names, j ? " " : "");
			strcat(names, method->params[j].name);
		}
		CU_ASSERT_STRING_EQUAL(names, rows[i].params);
	}
}

/* A reference that leads nowhere is counted. */
static unsigned dangling(const json_t *document, json_t *value)
{
	const char *key, *path;
	const json_t *target = document;
	json_t *member;
	unsigned n = 0;
	char part[64];
	size_t i, len;

	json_array_foreach(value, i, member)
		n += dangling(document, member);
	json_object_foreach(value, key, member)
		n += dangling(document, member);
	path = json_string_value(json_object_get(value, "$ref"));
	if (!path)
		return n;
	for (path++; *path; path += len) {
		path++;
		len = strcspn(path, "/");
		snprintf(part, sizeof(part), "%.*s", (int)len, path);
		target = json_object_get(target, part);
	}
	return n + !target;
}

static void references_lead_somewhere(void)
{
	json_t *document = discover();
	json_t *broken =
		json_pack("{s{ss}}", "x", "$ref", "#/components/schemas/Nope");

	CU_ASSERT_EQUAL(dangling(document, document), 0);
	CU_ASSERT_EQUAL(dangling(document, broken), 1);
	json_decref(broken);
	json_decref(document);
}

static void errors_have_code_message_key_and_hint(void)
{
	json_t *document = discover();
	const json_t *errors = json_object_get(
		json_object_get(document, "components"), "errors");
	int key;

	CU_ASSERT_EQUAL(json_object_size(errors), ERROR_NR_KEYS - 1);
	for (key = ERROR_NONE + 1; key < ERROR_NR_KEYS; key++) {
		const json_t *one =
			json_object_get(errors, error_kinds[key].key);

		CU_ASSERT_EQUAL(
			json_integer_value(json_object_get(one, "code")),
			error_kinds[key].code);
		CU_ASSERT(has_text(one, "message"));
		CU_ASSERT(has_text(json_object_get(one, "data"), "hint"));
	}
	json_decref(document);
}

static bool names_error(const json_t *document, const char *method,
			const char *key)
{
	const json_t *one, *ref;
	size_t i, j;
	char path[96];

	snprintf(path, sizeof(path), "#/components/errors/%s", key);
	json_array_foreach(json_object_get(document, "methods"), i, one) {
		if (strcmp(json_string_value(json_object_get(one, "name")),
			   method) != 0)
			continue;
		json_array_foreach(json_object_get(one, "errors"), j, ref)
			if (!strcmp(json_string_value(
					    json_object_get(ref, "$ref")),
				    path))
				return true;
	}
	return false;
}

static void methods_name_the_errors_they_can_have(void)
{
	json_t *document = discover();

	CU_ASSERT(names_error(document, "mm.mmap", "process.gone"));
	CU_ASSERT(names_error(document, "mm.mmap", "thread.unknown"));
	CU_ASSERT(names_error(document, "mm.mmap", "quota.areas"));
	CU_ASSERT(names_error(document, "mm.mmap", "history.full"));
	CU_ASSERT(names_error(document, "mm.mmap", "share.readonly"));
	CU_ASSERT(!names_error(document, "mm.maps", "share.readonly"));
	CU_ASSERT(!names_error(document, "mm.mmap", "auth.required"));
	CU_ASSERT(!names_error(document, "mm.maps", "quota.areas"));
	CU_ASSERT(!names_error(document, "process.get", "thread.unknown"));
	CU_ASSERT(names_error(document, "process.create", "quota.processes"));
	CU_ASSERT(!names_error(document, "process.create", "params.missing"));
	CU_ASSERT(!names_error(document, "process.create", "process.unknown"));
	CU_ASSERT(names_error(document, "process.list", "auth.required"));
	CU_ASSERT(names_error(document, "process.list", "params.range"));
	CU_ASSERT(names_error(document, "rpc.discover", "params.unknown"));
	json_decref(document);
}

/* ------------------------------------------------------------- examples */

/* The example's parameters as an object, with the process that there is. */
static char *example_params(const json_t *example, const char *process)
{
	json_t *params = json_object();
	const json_t *one;
	size_t i;
	char *text;

	json_array_foreach(json_object_get(example, "params"), i, one) {
		const char *name =
			json_string_value(json_object_get(one, "name"));
		json_t *value = json_object_get(one, "value");

		if (!strcmp(name, "process"))
			json_object_set_new(params, name, json_string(process));
		else
			json_object_set(params, name, value);
	}
	text = json_dumps(params, JSON_COMPACT);
	json_decref(params);
	return text;
}

static const json_t *example_of(const json_t *document, const char *method)
{
	const json_t *one;
	size_t i;

	json_array_foreach(json_object_get(document, "methods"), i, one)
		if (!strcmp(json_string_value(json_object_get(one, "name")),
			    method))
			return json_array_get(json_object_get(one, "examples"),
					      0);
	return NULL;
}

/* Names are never the same twice. */
static void hide_names(json_t *value)
{
	const char *key;
	json_t *member;
	size_t i;

	json_array_foreach(value, i, member)
		hide_names(member);
	json_object_foreach(value, key, member)
		hide_names(member);
	if (json_object_get(value, "process"))
		json_object_set_new(value, "process",
				    json_string(EXAMPLE_PROCESS));
	if (json_object_get(value, "share"))
		json_object_set_new(value, "share",
				    json_string(EXAMPLE_PROCESS));
}

/* Each on a process just made by the example of process.create. */
static void run_example(const json_t *document, const char *method)
{
	const json_t *example = example_of(document, method);
	struct rpc_fixture fx;
	json_t *result;
	char *params;

	fixture_init(&fx, 1, NULL);
	fx.caller.role = RPC_STUDENT;
	params = example_params(example_of(document, "process.create"), "");
	result = fixture_create(&fx, params);
	free(params);
	if (strcmp(method, "process.create") != 0) {
		json_decref(result);
		params = example_params(example, fx.process);
		result = fixture_result(&fx, method, params);
		free(params);
	}
	hide_names(result);
	if (!json_equal(result,
			json_object_get(json_object_get(example, "result"),
					"value"))) {
		fprintf(stderr, "the example of %s answers ", method);
		json_dumpf(result, stderr, 0);
		fputc('\n', stderr);
		CU_FAIL("an example that is not so");
	}
	json_decref(result);
	fixture_deinit(&fx);
}

static void examples_work(void)
{
	json_t *document = discover();
	const json_t *one;
	size_t i, without = 0;

	json_array_foreach(json_object_get(document, "methods"), i, one) {
		const char *name =
			json_string_value(json_object_get(one, "name"));

		if (!example_of(document, name))
			without++;
		else if (!names_error(document, name, "subscription.transport"))
			run_example(document, name);
	}
	/* They answer whole documents, rpc.discover this one. */
	CU_ASSERT_EQUAL(without, 2);
	json_decref(document);
}

/* A document that does not fit is a failed buffer, not a cut one. */
static void document_that_does_not_fit(void)
{
	struct buffer out;

	buffer_init(&out, 1000);
	rpc_discover(&out, "1");
	CU_ASSERT_EQUAL(out.failed, BUFFER_FULL);
	buffer_deinit(&out);
}

CU_TestInfo test_rpc_discover[] = {
	{ "method answers the document", method_answers_the_document },
	{ "head of the document", head_of_the_document },
	{ "methods and parameters are the table's",
	  methods_and_parameters_are_the_tables },
	{ "positions are the contract's", positions_are_the_contracts },
	{ "references lead somewhere", references_lead_somewhere },
	{ "errors have code, message, key and hint",
	  errors_have_code_message_key_and_hint },
	{ "methods name the errors they can have",
	  methods_name_the_errors_they_can_have },
	{ "examples work", examples_work },
	{ "document that does not fit", document_that_does_not_fit },
	CU_TEST_INFO_NULL,
};
