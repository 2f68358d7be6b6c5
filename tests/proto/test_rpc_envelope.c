/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "tests/proto/rpc_fixture.h"
#include "tests/support/suite.h"

/* The JSON-RPC specification's examples, with methods that exist here. */

static void positional_parameters(void)
{
	struct rpc_fixture fx;
	json_t *answer;

	fixture_init(&fx, 1, NULL);
	json_decref(fixture_create(&fx, "{}"));
	answer = fixture_ask(&fx, "{'jsonrpc': '2.0', 'method': 'mm.brk', "
				  "'params': ['@', '0x603000', 1, []], "
				  "'id': 1}");
	CU_ASSERT(is_json(answer, "{'jsonrpc':'2.0','id':1,"
				  "'result':{'ret':'0x603000'}}"));
	json_decref(answer);
	fixture_deinit(&fx);
}

static void named_parameters_in_any_order(void)
{
	struct rpc_fixture fx;
	json_t *answer;

	fixture_init(&fx, 1, NULL);
	json_decref(fixture_create(&fx, "{}"));
	answer = fixture_ask(&fx, "{'jsonrpc':'2.0','method':'mm.brk',"
				  "'params':{'want':[],'addr':'0x603000',"
				  "'process':'@'},'id':3}");
	CU_ASSERT(is_json(answer, "{'jsonrpc':'2.0','id':3,"
				  "'result':{'ret':'0x603000'}}"));
	json_decref(answer);
	fixture_deinit(&fx);
}

static void notifications_run_in_silence(void)
{
	struct rpc_fixture fx;
	json_t *result;

	fixture_init(&fx, 1, NULL);
	json_decref(fixture_create(&fx, "{}"));
	CU_ASSERT_PTR_NULL(fixture_ask(&fx,
				       "{'jsonrpc':'2.0','method':'mm.brk',"
				       "'params':{'process':'@','addr':"
				       "'0x605000'}}"));
	CU_ASSERT_PTR_NULL(
		fixture_ask(&fx, "{'jsonrpc':'2.0','method':'no.such.thing'}"));
	CU_ASSERT_PTR_NULL(fixture_ask(
		&fx, "{'jsonrpc':'2.0','method':'mm.brk','params':{}}"));

	result = fixture_result(&fx, "mm.snapshot",
				"{'process':'@','want':['mm']}");
	CU_ASSERT_STRING_EQUAL(
		json_string_value(json_object_get(
			json_object_get(json_object_get(result, "snapshot"),
					"mm"),
			"brk")),
		"0x605000");
	json_decref(result);
	fixture_deinit(&fx);
}

static void unknown_method(void)
{
	struct rpc_fixture fx;
	json_t *answer;

	fixture_init(&fx, 1, NULL);
	answer = fixture_ask(
		&fx, "{'jsonrpc': '2.0', 'method': 'foobar', 'id': '1'}");
	CU_ASSERT(is_error(answer, -32601, "method", NULL));
	CU_ASSERT(is_json(json_object_get(answer, "id"), "'1'"));
	json_decref(answer);
	fixture_deinit(&fx);
}

static void misspelt_methods_get_a_suggestion(void)
{
	static const char *const rows[][2] = {
		{ "mmap", "mm.mmap" },
		{ "mm.munmp", "mm.munmap" },
		{ "brk", "mm.brk" },
		{ "process.crate", "process.create" },
		{ "rpc.discovery", "rpc.discover" },
	};
	struct rpc_fixture fx;
	size_t i;

	fixture_init(&fx, 1, NULL);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *answer = fixture_call(&fx, rows[i][0], "{}");
		const char *hint = NULL;

		CU_ASSERT(is_error(answer, -32601, "method", NULL));
		json_unpack(answer, "{s{s{ss}}}", "error", "data", "hint",
			    &hint);
		CU_ASSERT(hint && strstr(hint, rows[i][1]));
		json_decref(answer);
	}
	fixture_deinit(&fx);
}

/* What is refused before any method is looked for; the id is null. */
static void broken_requests(void)
{
	static const struct {
		const char *body;
		int code;
		const char *key;
	} rows[] = {
		{ "{'jsonrpc': '2.0', 'method': 'foobar, 'params': 'bar'",
		  -32700, "parse" },
		{ "", -32700, "parse" },
		{ "  \n", -32700, "parse" },
		{ "{", -32700, "parse" },
		{ "{}x", -32700, "parse" },
		{ "[{'jsonrpc': '2.0', 'method': 'sum', 'id': '1'},"
		  "{'jsonrpc': '2.0', 'method'",
		  -32700, "parse" },
		{ "{'jsonrpc':'2.0','method':'rpc.discover','id':1,'id':2}",
		  -32700, "parse" },
		{ "{'jsonrpc':'2.0','method':'rpc.discover','id':01}", -32700,
		  "parse" },
		{ "{'jsonrpc':'2.0','method':'rpc.discover','id':'\xff'}",
		  -32700, "parse" },
		{ "{'jsonrpc': '2.0', 'method': 1, 'params': 'bar'}", -32600,
		  "request" },
		{ "[]", -32600, "request" },
		{ "1", -32600, "request" },
		{ "null", -32600, "request" },
		{ "'rpc.discover'", -32600, "request" },
		{ "{}", -32600, "request" },
		{ "{'method':'rpc.discover'}", -32600, "request" },
		{ "{'jsonrpc':'1.0','method':'rpc.discover'}", -32600,
		  "request" },
		{ "{'jsonrpc':2.0,'method':'rpc.discover'}", -32600,
		  "request" },
		{ "{'jsonrpc':'2.0'}", -32600, "request" },
		{ "{'jsonrpc':'2.0','method':null}", -32600, "request" },
		{ "{'jsonrpc':'2.0','method':'rpc.discover','id':true}", -32600,
		  "request" },
		{ "{'jsonrpc':'2.0','method':'rpc.discover','id':[1]}", -32600,
		  "request" },
		{ "{'jsonrpc':'2.0','method':'rpc.discover','id':{}}", -32600,
		  "request" },
		{ "{'jsonrpc':'2.0','method':'rpc.discover','params':1}",
		  -32600, "request" },
		{ "{'jsonrpc':'2.0','method':'rpc.discover','params':null}",
		  -32600, "request" },
		{ "{'jsonrpc':'2.0','method':'rpc.discover','extra':1}", -32600,
		  "request" },
		{ "{'jsonrpc':'2.0','method':'process.create'}", -32600,
		  "request" },
	};
	struct rpc_fixture fx;
	size_t i;

	fixture_init(&fx, 1, NULL);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *answer = fixture_ask(&fx, rows[i].body);

		CU_ASSERT(is_error(answer, rows[i].code, rows[i].key, NULL));
		CU_ASSERT(json_is_null(json_object_get(answer, "id")));
		json_decref(answer);
	}
	CU_ASSERT_EQUAL(fx.services[0]->tenants.all[0]->account.processes, 0);
	fixture_deinit(&fx);
}

/* An id that could be read comes back also from what is no request. */
static void invalid_requests_keep_their_id(void)
{
	struct rpc_fixture fx;
	json_t *answer;

	fixture_init(&fx, 1, NULL);
	answer = fixture_ask(&fx, "{'jsonrpc':'2.0','method':1,'id':'x'}");
	CU_ASSERT(is_error(answer, -32600, "request", NULL));
	CU_ASSERT(is_json(json_object_get(answer, "id"), "'x'"));
	json_decref(answer);
	fixture_deinit(&fx);
}

static void ids_come_back_byte_for_byte(void)
{
	static const char *const ids[] = {
		"null",
		"0",
		"-0",
		"1.0",
		"1e3",
		"1E+3",
		"-12.50",
		"9223372036854775808",
		"18446744073709551616",
		"123456789012345678901234567890",
		"\"\"",
		"\"1\"",
		"\"\\u0041\\/\\n\\u0000\"",
		"\"\xc3\xa4\xf0\x9f\x90\xa7\"",
		"\"\\ud83d\\udc27\"",
	};
	struct rpc_fixture fx;
	char body[256], wanted[256], *answer;
	size_t i;

	fixture_init(&fx, 1, NULL);
	for (i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		snprintf(body, sizeof(body),
			 "{\"jsonrpc\":\"2.0\",\"id\" : %s ,"
			 "\"method\":\"x\"}",
			 ids[i]);
		snprintf(wanted, sizeof(wanted),
			 "{\"jsonrpc\":\"2.0\",\"id\":%s,\"error\"", ids[i]);
		answer = fixture_bytes(&fx, body, strlen(body));
		CU_ASSERT_PTR_NOT_NULL_FATAL(answer);
		CU_ASSERT_NSTRING_EQUAL(answer, wanted, strlen(wanted));
		free(answer);
	}
	fixture_deinit(&fx);
}

static void nesting_is_limited(void)
{
	const struct rpc_limits limits = { .depth = 4 };
	struct rpc_fixture fx;
	json_t *answer;

	fixture_init(&fx, 1, &limits);
	answer = fixture_ask(&fx, "{'jsonrpc':'2.0','id':1,'method':'mm.brk',"
				  "'params':[[[1]]]}");
	CU_ASSERT(is_error(answer, -32602, "params.type", "process"));
	json_decref(answer);
	answer = fixture_ask(&fx, "{'jsonrpc':'2.0','id':1,'method':'mm.brk',"
				  "'params':[[[[1]]]]}");
	CU_ASSERT(is_error(answer, -32700, "parse", NULL));
	json_decref(answer);
	fixture_deinit(&fx);
}

static void truncated_anywhere_nothing_runs(void)
{
	struct rpc_fixture fx;
	char *body;
	size_t len;

	fixture_init(&fx, 1, NULL);
	json_decref(fixture_create(&fx, "{}"));
	body = fixture_expand(&fx, "[{'jsonrpc':'2.0','id':1,'method':'mm.brk',"
				   "'params':['@','0x604000']},"
				   "{'jsonrpc':'2.0','id':2,'method':"
				   "'process.exit','params':['@']}]");
	for (len = 0; len < strlen(body); len++) {
		char *answer = fixture_bytes(&fx, body, len);

		CU_ASSERT(answer && strstr(answer, "-32700"));
		free(answer);
	}
	CU_ASSERT_EQUAL(world_seq(fixture_world(&fx, 0)), 0);
	free(body);
	fixture_deinit(&fx);
}

/* Parameters are judged where they stand; what comes behind still counts. */
static void bad_parameters_hide_nothing_behind_them(void)
{
	static const char body[] =
		"[{'method':'mm.brk','params':{'a':[{'b':']}'}],'c':1},'id':1},"
		"{'jsonrpc':'2.0','method':'mm.brk',"
		"'params':{'a':[{'b':']}'}],'c':1},'id':2},"
		"{'jsonrpc':'2.0','method':'mm.nope','params':[[],{}],'id':3},"
		"{'jsonrpc':'2.0','method':'process.create',"
		"'params':{'uid':'x'}},"
		"{'jsonrpc':'2.0','method':'mm.brk','params':[7],'x':1,'id':5},"
		"{'jsonrpc':'2.0','method':'rpc.discover','params':{},'id':6}]";
	static const struct {
		int code;
		const char *key, *param, *id;
	} rows[] = {
		{ -32600, "request", NULL, "1" },
		{ -32602, "params.unknown", "a", "2" },
		{ -32601, "method", NULL, "3" },
		{ -32600, "request", NULL, "null" },
		{ -32600, "request", NULL, "5" },
	};
	struct rpc_fixture fx;
	json_t *answers;
	size_t i;

	fixture_init(&fx, 1, NULL);
	answers = fixture_ask(&fx, body);
	for (i = 0; i < 5; i++) {
		const json_t *one = json_array_get(answers, i);

		CU_ASSERT(is_error(one, rows[i].code, rows[i].key,
				   rows[i].param));
		CU_ASSERT(is_json(json_object_get(one, "id"), rows[i].id));
	}
	CU_ASSERT_PTR_NOT_NULL(
		json_object_get(json_array_get(answers, 5), "result"));
	CU_ASSERT_EQUAL(json_array_size(answers), 6);
	json_decref(answers);
	fixture_deinit(&fx);
}

CU_TestInfo test_rpc_envelope[] = {
	{ "positional parameters", positional_parameters },
	{ "named parameters in any order", named_parameters_in_any_order },
	{ "notifications run in silence", notifications_run_in_silence },
	{ "unknown method", unknown_method },
	{ "misspelt methods get a suggestion",
	  misspelt_methods_get_a_suggestion },
	{ "broken requests", broken_requests },
	{ "invalid requests keep their id", invalid_requests_keep_their_id },
	{ "ids come back byte for byte", ids_come_back_byte_for_byte },
	{ "nesting is limited", nesting_is_limited },
	{ "truncated anywhere nothing runs", truncated_anywhere_nothing_runs },
	{ "bad parameters hide nothing behind them",
	  bad_parameters_hide_nothing_behind_them },
	CU_TEST_INFO_NULL,
};
