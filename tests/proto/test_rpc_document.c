/* SPDX-License-Identifier: MIT */
/*
 * Worlds as documents: out and in again, and what is refused on the way
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/proto/rpc_fixture.h"
#include "tests/support/random_operation.h"
#include "tests/support/suite.h"

static json_t *export(struct rpc_fixture *fx, const char *params)
{
	json_t *result = fixture_result(fx, "world.export", params);
	json_t *document = json_incref(json_object_get(result, "document"));

	json_decref(result);
	CU_ASSERT_PTR_NOT_NULL_FATAL(document);
	return document;
}

/* The whole answer to the import of @document, without a snapshot. */
static json_t *import(struct rpc_fixture *fx, const json_t *document)
{
	char *text = json_dumps(document, JSON_COMPACT);
	static const char format[] =
		"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"world.import\","
		"\"params\":{\"want\":[],\"document\":%s}}";
	size_t size = sizeof(format) + strlen(text);
	char *body = malloc(size), *answer;
	json_t *value;

	snprintf(body, size, format, text);
	answer = fixture_bytes(fx, body, strlen(body));
	value = json_loads(answer, JSON_REJECT_DUPLICATES, NULL);
	free(answer);
	free(body);
	free(text);
	return value;
}

static void turn_to(struct rpc_fixture *fx, const json_t *result)
{
	snprintf(fx->process, sizeof(fx->process), "%s",
		 json_string_value(json_object_get(result, "process")));
}

static struct world_digest digest_of(struct rpc_fixture *fx)
{
	struct world_digest digest = { { 0, 0 } };

	CU_ASSERT_EQUAL(world_hash(&fx->services[0]->tenants.all[0]->memory,
				   fixture_world(fx, 0), &digest),
			0);
	return digest;
}

/* Random walks of calls, forks, threads and files on every release. */
static void any_world_comes_back_as_it_was(void)
{
	static const char *const profiles[] = { "4.0", "5.10", "6.1", "6.12" };
	struct world_digest before, after;
	struct random_walk walk;
	struct rpc_fixture fx;
	json_t *document, *again, *answer;
	char params[200];
	unsigned i;

	for (i = 0; i < 12; i++) {
		fixture_init(&fx, 1, NULL);
		snprintf(params, sizeof(params),
			 "{'profile':'%s','seed':%u,'want':[]}",
			 profiles[i % 4], i % 3);
		json_decref(fixture_create(&fx, params));
		random_walk_init(&walk, i + 1);
		CU_ASSERT_EQUAL(
			random_walk_run(&walk, fixture_world(&fx, 0), 250), 0);
		before = digest_of(&fx);
		/* The walk may have ended the process that has the name. */
		document = export(&fx, "['@']");
		answer = import(&fx, document);
		CU_ASSERT(json_is_true(json_object_get(
			json_object_get(answer, "result"), "verified")));
		turn_to(&fx, json_object_get(answer, "result"));
		json_decref(answer);
		after = digest_of(&fx);
		CU_ASSERT(!memcmp(&before, &after, sizeof(before)));
		again = export(&fx, "['@']");
		CU_ASSERT(json_equal(document, again));
		json_decref(document);
		json_decref(again);
		fixture_deinit(&fx);
	}
}

static json_t *small_document(struct rpc_fixture *fx)
{
	fixture_init(fx, 1, NULL);
	json_decref(fixture_create(fx, "{'uid':0,'want':[]}"));
	json_decref(fixture_result(fx, "mm.brk", "['@','0x603000']"));
	json_decref(
		fixture_result(fx, "mm.access", "['@','0x602000','write']"));
	json_decref(fixture_result(fx, "file.open", "['@',3,'a\\u00e4\\n']"));
	json_decref(fixture_result(fx, "mm.find_vma", "['@','0x602000']"));
	return export(fx, "['@','A heap','grows',{'x':1}]");
}

static void a_document_can_be_read(void)
{
	struct rpc_fixture fx;
	json_t *document = small_document(&fx), *answer, *result;

	json_object_del(document, "hash");
	CU_ASSERT(is_json(
		document,
		"{'vmarium':1,'engine':1,'title':'A heap','notes':'grows',"
		"'positions':{'x':1},'created':{'uid':0},'operations':["
		"{'method':'mm.brk','params':{'addr':'0x603000'},"
		"'answer':6303744},"
		"{'method':'mm.access','params':{'addr':'0x602000',"
		"'length':'0x1','type':'write'},'answer':'minor'},"
		"{'method':'file.open','params':{'fd':3,'size':'0x0',"
		"'mode':'rw','name':'a\\u00e4\\n'},'answer':0},"
		"{'method':'mm.find_vma','params':{'addr':'0x602000'},"
		"'answer':'0x601000'}]}"));
	json_decref(document);
	document = export(&fx, "['@','A heap','grows',{'x':1}]");
	answer = import(&fx, document);
	result = json_object_get(answer, "result");
	CU_ASSERT(is_json(json_object_get(result, "title"), "'A heap'"));
	CU_ASSERT(is_json(json_object_get(result, "notes"), "'grows'"));
	CU_ASSERT(is_json(json_object_get(result, "positions"), "{'x':1}"));
	CU_ASSERT(is_json(json_object_get(result, "seq"), "4"));
	CU_ASSERT(is_json(json_object_get(result, "history"),
			  "{'first':1,'last':4}"));
	CU_ASSERT_PTR_NULL(json_object_get(result, "difference"));
	json_decref(answer);
	json_decref(document);
	fixture_deinit(&fx);
}

/* With @member of the document, or of its operation @index, as @text says. */
static bool refused(const char *member, int index, const char *text, int code,
		    const char *key)
{
	struct rpc_fixture fx;
	json_t *document = small_document(&fx), *at = document, *answer;
	struct account before = fx.services[0]->tenants.all[0]->account;
	char *expanded = fixture_expand(&fx, text);
	bool is;

	if (index >= 0)
		at = json_array_get(json_object_get(document, "operations"),
				    (size_t)index);
	json_object_set_new(at, member,
			    json_loads(expanded, JSON_DECODE_ANY, NULL));
	answer = import(&fx, document);
	is = is_error(answer, code, key, "document") &&
	     fx.services[0]->tenants.all[0]->account.worlds == before.worlds &&
	     fx.services[0]->tenants.all[0]->account.processes ==
		     before.processes &&
	     fx.services[0]->processes.live == 1;
	json_decref(answer);
	json_decref(document);
	free(expanded);
	fixture_deinit(&fx);
	return is;
}

static void documents_that_are_wrong_are_refused(void)
{
	CU_ASSERT(refused("vmarium", -1, "2", -32009, "document.version"));
	CU_ASSERT(refused("vmarium", -1, "0", -32602, "params.range"));
	CU_ASSERT(refused("more", -1, "2", -32602, "params.value"));
	CU_ASSERT(refused("title", -1, "1", -32602, "params.type"));
	CU_ASSERT(refused("positions", -1, "[]", -32602, "params.type"));
	CU_ASSERT(refused("operations", -1, "{}", -32602, "params.type"));
	CU_ASSERT(refused("hash", -1, "'0123'", -32009, "document.hash"));
	CU_ASSERT(refused("operations", -1, "[]", -32009, "document.hash"));
	CU_ASSERT(refused("answer", 0, "7", -32009, "document.hash"));
	CU_ASSERT(refused("answer", 1, "'none'", -32009, "document.hash"));
	CU_ASSERT(
		refused("method", 0, "'mm.snapshot'", -32602, "params.value"));
	CU_ASSERT(refused("params", 0, "{}", -32602, "params.value"));
	CU_ASSERT(refused("params", 0, "{'addr':0,'x':0}", -32602,
			  "params.value"));
	CU_ASSERT(refused("params", 2, "{'fd':-2147483649}", -32602,
			  "params.value"));
	CU_ASSERT(refused("thread", 0, "9", -32602, "params.value"));
	CU_ASSERT(refused("number", 0, "1", -32602, "params.value"));
	CU_ASSERT(refused("text", 0, "'x'", -32602, "params.value"));
	CU_ASSERT(refused("more", 0, "1", -32602, "params.value"));
	CU_ASSERT(refused("operations", -1,
			  "[{'method':'process.exit','params':{},'answer':0}]",
			  -32009, "document.hash"));
}

/* An older or newer engine may have answered otherwise: it is shown. */
static void another_engine_is_shown_where_it_differs(void)
{
	struct rpc_fixture fx;
	json_t *document = small_document(&fx), *answer, *result;

	json_object_set_new(document, "engine", json_integer(77));
	json_object_set_new(
		json_array_get(json_object_get(document, "operations"), 1),
		"answer", json_string("none"));
	answer = import(&fx, document);
	result = json_object_get(answer, "result");
	CU_ASSERT(json_is_false(json_object_get(result, "verified")));
	CU_ASSERT(is_json(json_object_get(result, "difference"),
			  "{'seq':2,'recorded':'none','answered':'minor'}"));
	json_decref(answer);
	json_decref(document);
	fixture_deinit(&fx);
}

static void folded_history_cannot_be_exported(void)
{
	struct rpc_fixture fx;
	json_t *answer;
	int i;

	fixture_init(&fx, 1, NULL);
	json_decref(fixture_create(&fx, "{'history':2,'want':[]}"));
	for (i = 0; i < 3; i++)
		json_decref(fixture_result(&fx, "mm.brk", "['@',0]"));
	answer = fixture_call(&fx, "world.export", "['@']");
	CU_ASSERT(is_error(answer, -32008, "history.folded", NULL));
	json_decref(answer);
	fixture_deinit(&fx);
}

CU_TestInfo test_rpc_document[] = {
	{ "any world comes back as it was", any_world_comes_back_as_it_was },
	{ "a document can be read", a_document_can_be_read },
	{ "documents that are wrong are refused",
	  documents_that_are_wrong_are_refused },
	{ "another engine is shown where it differs",
	  another_engine_is_shown_where_it_differs },
	{ "folded history cannot be exported",
	  folded_history_cannot_be_exported },
	CU_TEST_INFO_NULL,
};
