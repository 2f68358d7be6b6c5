/* SPDX-License-Identifier: MIT */
/*
 * Worlds as documents: out and in again, and what is refused on the way
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/proto/document_fixture.h"
#include "tests/support/random_operation.h"
#include "tests/support/suite.h"

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
		document = document_export(&fx, "['@']");
		answer = document_import(&fx, document, "");
		CU_ASSERT(json_is_true(result_member(answer, "verified")));
		document_turn_to(&fx, answer);
		json_decref(answer);
		after = digest_of(&fx);
		CU_ASSERT(!memcmp(&before, &after, sizeof(before)));
		again = document_export(&fx, "['@']");
		CU_ASSERT(json_equal(document, again));
		json_decref(document);
		json_decref(again);
		fixture_deinit(&fx);
	}
}

static void a_document_can_be_read(void)
{
	struct rpc_fixture fx;
	json_t *document = document_small(&fx), *answer, *result;

	json_object_del(document, "hash");
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(document, "engine")),
			ENGINE_BEHAVIOUR);
	json_object_del(document, "engine");
	CU_ASSERT(
		is_json(document,
			"{'vmarium':1,'title':'A heap','notes':'grows',"
			"'positions':{'x':1},'created':{'uid':0},'operations':["
			"{'method':'mm.brk','params':{'addr':'0x603000'},"
			"'answer':'0x603000'},"
			"{'method':'mm.access','params':{'addr':'0x602000',"
			"'length':'0x1','type':'write'},'answer':'minor'},"
			"{'method':'file.open','params':{'fd':3,'size':'0x0',"
			"'mode':'rw','name':'a\\u00e4\\n'},'answer':0},"
			"{'method':'mm.find_vma','params':{'addr':'0x602000'},"
			"'answer':'0x601000'}]}"));
	json_decref(document);
	document = document_export(&fx, "['@','A heap','grows',{'x':1}]");
	answer = document_import(&fx, document, "");
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

/* As engines told some of them before the sixth. */
static void addresses_that_were_numbers_are_the_same(void)
{
	struct rpc_fixture fx;
	json_t *document = document_small(&fx), *operation, *answer;

	operation = json_array_get(json_object_get(document, "operations"), 0);
	json_object_set_new(document, "engine", json_integer(5));
	json_object_set_new(operation, "answer", json_integer(0x603000));
	answer = document_import(&fx, document, "");
	CU_ASSERT(json_is_true(result_member(answer, "verified")));
	CU_ASSERT_PTR_NULL(result_member(answer, "difference"));
	json_decref(answer);
	json_object_set_new(operation, "answer", json_integer(0x604000));
	answer = document_import(&fx, document, "");
	CU_ASSERT(json_is_false(result_member(answer, "verified")));
	CU_ASSERT(is_json(result_member(answer, "difference"),
			  "{'seq':1,'recorded':6307840,'answered':6303744}"));
	json_decref(answer);
	json_object_set_new(document, "engine", json_integer(6));
	json_object_set_new(operation, "answer", json_integer(0x603000));
	answer = document_import(&fx, document, "");
	CU_ASSERT(is_error(answer, -32009, "document.hash", "document"));
	json_decref(answer);
	json_decref(document);
	fixture_deinit(&fx);
}

/* With @member of the document, or of its operation @index, as @text says. */
static bool refused(const char *member, int index, const char *text, int code,
		    const char *key)
{
	struct rpc_fixture fx;
	json_t *document = document_small(&fx), *at = document, *answer;
	struct account before;
	char *expanded = fixture_expand(&fx, text);
	bool is;

	if (index >= 0)
		at = json_array_get(json_object_get(document, "operations"),
				    (size_t)index);
	json_object_set_new(at, member,
			    json_loads(expanded, JSON_DECODE_ANY, NULL));
	/* The first one fills the stocks of small objects. */
	json_decref(document_import(&fx, document, ""));
	before = document_account(&fx);
	answer = document_import(&fx, document, "");
	is = is_error(answer, code, key, "document") &&
	     document_account(&fx).worlds == before.worlds &&
	     document_account(&fx).processes == before.processes &&
	     document_account(&fx).bytes == before.bytes &&
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
	json_t *document = document_small(&fx), *answer, *result;

	json_object_set_new(document, "engine", json_integer(77));
	json_object_set_new(
		json_array_get(json_object_get(document, "operations"), 1),
		"answer", json_string("none"));
	answer = document_import(&fx, document, "");
	result = json_object_get(answer, "result");
	CU_ASSERT(json_is_false(json_object_get(result, "verified")));
	CU_ASSERT(is_json(json_object_get(result, "difference"),
			  "{'seq':2,'recorded':'none','answered':'minor'}"));
	json_decref(answer);
	json_decref(document);
	fixture_deinit(&fx);
}

/* What it begins with is a state, which is the oldest one afterwards, too. */
static void a_folded_world_comes_back_from_a_state(void)
{
	static const char *const created[] = {
		"{'history':2,'want':[]}",
		"{'history':100,'profile':'6.12','seed':3,'want':[]}",
		"{'history':0,'want':[]}",
	};
	struct world_digest before, after;
	struct random_walk walk;
	struct rpc_fixture fx;
	json_t *document, *again, *answer, *history;
	size_t i;

	for (i = 0; i < 3; i++) {
		fixture_init(&fx, 1, NULL);
		json_decref(fixture_create(&fx, created[i]));
		random_walk_init(&walk, i + 40);
		CU_ASSERT_EQUAL(
			random_walk_run(&walk, fixture_world(&fx, 0), 350), 0);
		before = digest_of(&fx);
		document = document_export(&fx, "['@']");
		CU_ASSERT_PTR_NOT_NULL(json_object_get(document, "begins"));
		answer = document_import(&fx, document, "");
		CU_ASSERT(json_is_true(result_member(answer, "verified")));
		history = json_incref(result_member(answer, "history"));
		document_turn_to(&fx, answer);
		json_decref(answer);
		after = digest_of(&fx);
		CU_ASSERT(!memcmp(&before, &after, sizeof(before)));
		again = document_export(&fx, "['@']");
		CU_ASSERT(json_equal(document, again));
		json_decref(again);
		/* Back to its beginning, and out of it as a link. */
		json_decref(fixture_result(&fx, "history.list", "['@']"));
		again = document_export(&fx, "{'process':'@','form':'link'}");
		answer = document_import(&fx, again, "");
		CU_ASSERT(
			json_equal(history, result_member(answer, "history")));
		json_decref(answer);
		json_decref(again);
		json_decref(history);
		json_decref(document);
		fixture_deinit(&fx);
	}
}

/* With begins as @text says; '#' stands for its own state. */
static bool beginning_refused(const char *text, const char *key,
			      const char *param)
{
	json_t *document, *answer, *begins;
	struct rpc_fixture fx;
	const char *state;
	char *expanded;
	bool is;
	int i;

	fixture_init(&fx, 1, NULL);
	json_decref(fixture_create(&fx, "{'history':2,'want':[]}"));
	for (i = 0; i < 3; i++)
		json_decref(fixture_result(&fx, "mm.brk", "['@',0]"));
	document = document_export(&fx, "['@']");
	state = json_string_value(
		json_object_get(json_object_get(document, "begins"), "state"));
	expanded = fixture_expand(&fx, text);
	begins = json_loads(expanded, JSON_DECODE_ANY, NULL);
	if (json_object_get(begins, "own"))
		json_object_set_new(begins, "state", json_string(state));
	json_object_del(begins, "own");
	json_object_set_new(document, "begins", begins);
	answer = document_import(&fx, document, "");
	is = is_error(answer,
		      strcmp(key, "document.hash") != 0 ? -32602 : -32009, key,
		      param) &&
	     document_account(&fx).worlds == 1;
	json_decref(answer);
	json_decref(document);
	free(expanded);
	fixture_deinit(&fx);
	return is;
}

static void a_beginning_that_is_wrong_is_refused(void)
{
	CU_ASSERT(beginning_refused("7", "params.type", "document"));
	CU_ASSERT(beginning_refused("{}", "params.value", "document"));
	CU_ASSERT(beginning_refused("{'seq':1}", "params.value", "document"));
	CU_ASSERT(beginning_refused("{'seq':-1,'own':1}", "params.range",
				    "document"));
	CU_ASSERT(beginning_refused("{'seq':2,'own':1}", "params.value",
				    "document"));
	CU_ASSERT(beginning_refused("{'seq':1,'own':1,'more':1}",
				    "params.value", "document"));
	CU_ASSERT(beginning_refused("{'seq':1,'state':1}", "params.type",
				    "document"));
	CU_ASSERT(beginning_refused("{'seq':1,'state':'*'}", "params.value",
				    "document"));
	CU_ASSERT(beginning_refused("{'seq':1,'state':''}", "params.value",
				    "document"));
	CU_ASSERT(beginning_refused("{'seq':1,'state':'AAAA'}", "params.value",
				    "document"));
}

#define PROGRAM                                                                \
	"'program':{'path':'/bin/x','type':'dyn','entry':'0x40','headers':["   \
	"{'flags':'PF_R|PF_X','offset':'0x0','vaddr':'0x0','filesz':'0x1000'," \
	"'memsz':'0x1000','align':'0x1000'},{'flags':'0x0','offset':'0x1000'," \
	"'vaddr':'0x2000','filesz':'0x0','memsz':'0x2000','align':'0x1000'},"  \
	"{'type':'PT_GNU_STACK','flags':'PF_R|PF_W|PF_X'}]}"
#define LINKER                                                                 \
	"'interpreter':{'path':'/ld \\u00e4','type':'exec','entry':'0x0',"     \
	"'headers':[{'flags':'PF_R|PF_W','offset':'0x0','vaddr':'0x7000000',"  \
	"'filesz':'0x1000','memsz':'0x1000','align':'0x1000'}]}"
#define STRINGS "'argv':{'count':2,'bytes':9},'envp':{'count':3,'bytes':99}"

/* The operation is the call as it can be sent, and comes back as it was. */
static void an_exec_is_a_call_like_others(void)
{
	struct rpc_fixture fx;
	json_t *document, *answer, *result, *operations;

	fixture_init(&fx, 1, NULL);
	json_decref(fixture_create(&fx, "{'want':[]}"));
	json_decref(fixture_result(&fx, "process.exec",
				   "{'process':'@'," PROGRAM "," LINKER
				   ",'argv':['/bin/x','y'],'envp':{'count':3,"
				   "'bytes':99},'want':[]}"));
	result = fixture_result(&fx, "history.list", "['@']");
	operations = json_object_get(result, "operations");
	CU_ASSERT(is_json(
		json_object_get(json_array_get(operations, 0), "params"),
		"{" PROGRAM "," LINKER "," STRINGS "}"));
	json_decref(result);
	document = document_export(&fx, "['@']");
	CU_ASSERT(is_json(json_object_get(document, "operations"),
			  "[{'method':'process.exec','params':{" PROGRAM
			  "," LINKER "," STRINGS "},'answer':0}]"));
	answer = document_import(&fx, document, "");
	CU_ASSERT(json_is_true(result_member(answer, "verified")));
	json_decref(answer);
	json_decref(document);
	fixture_deinit(&fx);
}

static json_t *exec_document(struct rpc_fixture *fx, const char *operation)
{
	json_t *document, *operations;
	char *text;

	fixture_init(fx, 1, NULL);
	json_decref(fixture_create(fx, "{'want':[]}"));
	json_decref(fixture_result(fx, "process.exec",
				   "{'process':'@'," PROGRAM ",'want':[]}"));
	document = document_export(fx, "['@']");
	text = fixture_expand(fx, operation);
	operations = json_loads(text, JSON_DECODE_ANY, NULL);
	CU_ASSERT_PTR_NOT_NULL(operations);
	json_object_set_new(document, "operations", operations);
	free(text);
	return document;
}

#define EXEC(members) "[{'method':'process.exec'," members ",'answer':0}]"

/* As documents had it that were written before. */
static void an_exec_may_be_the_text_of_the_journal(void)
{
	struct rpc_fixture fx;
	json_t *document, *answer;

	document = exec_document(
		&fx, EXEC("'params':{},'text':'args 1 7 env 0 0 stack rwx\\n"
			  "program dyn 40 /bin/x\\nr-x 0 0 1000 1000 1000\\n"
			  "--- 1000 2000 0 2000 1000\\n'"));
	answer = document_import(&fx, document, "");
	CU_ASSERT(json_is_true(result_member(answer, "verified")));
	json_decref(answer);
	json_decref(document);
	fixture_deinit(&fx);
}

static void an_exec_that_is_wrong_is_refused(void)
{
	static const char *const operations[] = {
		EXEC("'params':{}"),
		EXEC("'params':{'program':1}"),
		EXEC("'params':{'program':{'path':'x'}}"),
		EXEC("'params':{" PROGRAM ",'want':[]}"),
		EXEC("'params':{" PROGRAM ",'argv':{'count':9,'bytes':1}}"),
		EXEC("'params':{" PROGRAM "},'text':'x'"),
		EXEC("'params':{},'text':'x'"),
		EXEC("'params':{},'text':1"),
	};
	struct rpc_fixture fx;
	json_t *document, *answer;
	size_t i;

	for (i = 0; i < sizeof(operations) / sizeof(operations[0]); i++) {
		document = exec_document(&fx, operations[i]);
		answer = document_import(&fx, document, "");
		CU_ASSERT(is_error(answer, -32602, "params.value", "document"));
		json_decref(answer);
		json_decref(document);
		fixture_deinit(&fx);
	}
}

/* As many calls, but no more than a batch may hold. */
static void operations_count_for_the_rate(void)
{
	struct rpc_quotas quotas = rpc_limits_quotas(NULL);
	struct rpc_fixture fx;
	json_t *document, *answer, *data;
	unsigned i;

	quotas.rate = 100;
	fixture_init_clients(&fx, 1, &quotas);
	json_decref(fixture_create(&fx, "{'want':[]}"));
	for (i = 0; i < 12; i++) {
		fx.now += 60000;
		document_exercise(&fx, 100);
	}
	document = document_export(&fx, "['@']");
	fx.now += 60000;
	answer = document_import(&fx, document, "");
	CU_ASSERT(json_is_true(result_member(answer, "verified")));
	json_decref(answer);
	fx.now += 100;
	answer = document_import(&fx, document, "");
	CU_ASSERT(is_error(answer, -32003, "quota.rate", NULL));
	data = json_object_get(json_object_get(answer, "error"), "data");
	CU_ASSERT_EQUAL(
		json_integer_value(json_object_get(data, "retry_after")), 10);
	json_decref(answer);
	CU_ASSERT_EQUAL(fx.services[0]->processes.live, 2);
	/* What was refused has not been counted. */
	fx.now += 10000;
	answer = document_import(&fx, document, "");
	CU_ASSERT(json_is_true(result_member(answer, "verified")));
	json_decref(answer);
	json_decref(document);
	fixture_deinit(&fx);
}

CU_TestInfo test_rpc_document[] = {
	{ "operations count for the rate", operations_count_for_the_rate },
	{ "any world comes back as it was", any_world_comes_back_as_it_was },
	{ "a document can be read", a_document_can_be_read },
	{ "documents that are wrong are refused",
	  documents_that_are_wrong_are_refused },
	{ "addresses that were numbers are the same",
	  addresses_that_were_numbers_are_the_same },
	{ "another engine is shown where it differs",
	  another_engine_is_shown_where_it_differs },
	{ "an exec is a call like others", an_exec_is_a_call_like_others },
	{ "an exec may be the text of the journal",
	  an_exec_may_be_the_text_of_the_journal },
	{ "an exec that is wrong is refused",
	  an_exec_that_is_wrong_is_refused },
	{ "a folded world comes back from a state",
	  a_folded_world_comes_back_from_a_state },
	{ "a beginning that is wrong is refused",
	  a_beginning_that_is_wrong_is_refused },
	CU_TEST_INFO_NULL,
};
