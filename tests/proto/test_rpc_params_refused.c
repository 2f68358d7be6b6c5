/* SPDX-License-Identifier: MIT */
/*
 * Parameters that are wrong, and what is said of them
 */
#include <stdlib.h>
#include <string.h>

#include "tests/proto/rpc_fixture.h"
#include "tests/support/suite.h"

static void refused_parameters(void)
{
	static const struct {
		const char *method, *params, *key, *param;
	} rows[] = {
		{ "mm.brk", "{}", "params.missing", "process" },
		{ "mm.brk", "[]", "params.missing", "process" },
		{ "mm.brk", "{'process':'@'}", "params.missing", "addr" },
		{ "mm.brk", "['@']", "params.missing", "addr" },
		{ "mm.brk", "{'process':1,'addr':0}", "params.type",
		  "process" },
		{ "mm.brk", "{'process':'@','address':0}", "params.unknown",
		  "address" },
		{ "mm.brk", "{'process':'@','addr':0,'Addr':0}",
		  "params.unknown", "Addr" },
		{ "mm.brk", "['@',0,1,[],'en','k',6]", "params.count", NULL },
		{ "mm.brk", "{'process':'@','addr':0,'lang':'de'}",
		  "params.value", "lang" },
		{ "mm.brk", "{'process':'@','addr':0,'thread':0}",
		  "params.range", "thread" },
		{ "mm.brk", "{'process':'@','addr':0,'thread':4294967296}",
		  "params.range", "thread" },
		{ "mm.brk", "{'process':'@','addr':0,'thread':'1'}",
		  "params.type", "thread" },
		{ "mm.brk", "{'process':'@','addr':0,'thread':1.0}",
		  "params.type", "thread" },
		{ "mm.brk", "{'process':'@','addr':0,'want':'mm'}",
		  "params.type", "want" },
		{ "mm.brk", "{'process':'@','addr':0,'want':[1]}",
		  "params.type", "want" },
		{ "mm.brk", "{'process':'@','addr':0,'want':['vma']}",
		  "params.value", "want" },
		{ "mm.brk", "{'process':'@','addr':0,'want':['mm','dif']}",
		  "params.value", "want" },
		{ "mm.access", "{'process':'@','addr':0,'type':'touch'}",
		  "params.value", "type" },
		{ "mm.access", "{'process':'@','addr':0,'type':1}",
		  "params.type", "type" },
		{ "mm.access",
		  "{'process':'@','addr':0,'type':'read','length':0}",
		  "params.range", "length" },
		{ "mm.access",
		  "{'process':'@','addr':0,'type':'read','length':1073741825}",
		  "params.range", "length" },
		{ "mm.mmap",
		  "{'process':'@','addr':0,'length':1,'prot':1,'flags':1,"
		  "'fd':true}",
		  "params.type", "fd" },
		{ "mm.mmap",
		  "{'process':'@','addr':0,'length':1,'prot':1,'flags':1,"
		  "'fd':'-2'}",
		  "params.value", "fd" },
		{ "file.open", "{'process':'@','fd':-1,'name':'x'}",
		  "params.range", "fd" },
		{ "file.open", "{'process':'@','fd':3,'name':''}",
		  "params.range", "name" },
		{ "file.open", "{'process':'@','fd':3,'name':'a\\u0000b'}",
		  "params.value", "name" },
		{ "file.open",
		  "{'process':'@','fd':3,'name':'x','size':'0x8000000000000000'"
		  "}",
		  "params.range", "size" },
		{ "file.open", "{'process':'@','fd':3,'name':'x','mode':'w'}",
		  "params.value", "mode" },
		{ "file.close", "{'process':'@','fd':3}", "params.value",
		  "fd" },
		{ "rpc.discover", "{'verbose':true}", "params.unknown",
		  "verbose" },
		{ "rpc.discover", "[1]", "params.count", NULL },
		{ "process.create", "{'profile':'2.4'}", "params.value",
		  "profile" },
		{ "process.create", "{'profile':4.0}", "params.type",
		  "profile" },
		{ "process.create", "{'process':'@'}", "params.unknown",
		  "process" },
		{ "process.create", "{'maps':5}", "params.type", "maps" },
		{ "process.create", "{'maps':['x',5]}", "params.type", "maps" },
		{ "process.create", "{'maps':'nonsense'}", "params.value",
		  "maps" },
		{ "process.create",
		  "{'maps':['1000-3000 rw-p 0','2000-4000 rw-p 0']}",
		  "params.value", "maps" },
		{ "process.create", "{'mm':[]}", "params.type", "mm" },
		{ "process.create", "{'mm':{'end_stack':1}}", "params.unknown",
		  "mm.end_stack" },
		{ "process.create", "{'mm':{'brk':'x'}}", "params.value",
		  "mm.brk" },
		{ "process.create", "{'mm':{'hiwater_vm':'1'}}", "params.type",
		  "mm.hiwater_vm" },
		{ "process.create", "{'resident':{}}", "params.type",
		  "resident" },
		{ "process.create", "{'resident':[true]}", "params.type",
		  "resident[0]" },
		{ "process.create", "{'resident':[4194304,[1]]}",
		  "params.value", "resident[1]" },
		{ "process.create", "{'resident':[[0,4096,'file',1]]}",
		  "params.value", "resident[0]" },
		{ "process.create",
		  "{'resident':[['0x400000','0x401000',"
		  "'swap']]}",
		  "params.value", "resident[0]" },
		{ "process.create", "{'resident':['0x1000']}", "params.value",
		  "resident" },
		{ "process.create", "{'vmacache':'full'}", "params.value",
		  "vmacache" },
		{ "process.create", "{'rlimits':{'as':-2}}", "params.range",
		  "rlimits.as" },
		{ "process.create", "{'rlimits':{'core':0}}", "params.unknown",
		  "rlimits.core" },
		{ "process.create", "{'sysctl':{'overcommit_memory':3}}",
		  "params.range", "sysctl.overcommit_memory" },
		{ "process.create", "{'sysctl':{'swappiness':3}}",
		  "params.unknown", "sysctl.swappiness" },
		{ "process.create", "{'mem_total_kb':'1024'}", "params.type",
		  "mem_total_kb" },
		{ "process.create", "{'mem_total_kb':0}", "params.range",
		  "mem_total_kb" },
		{ "process.create", "{'committed_kb':-1}", "params.range",
		  "committed_kb" },
		{ "process.create", "{'uid':4294967296}", "params.range",
		  "uid" },
		{ "process.create", "{'files':{}}", "params.type", "files" },
		{ "process.create", "{'files':[3]}", "params.type",
		  "files[0]" },
		{ "process.create", "{'files':[{'name':'x'}]}",
		  "params.missing", "files[0].fd" },
		{ "process.create", "{'files':[{'fd':3}]}", "params.missing",
		  "files[0].name" },
		{ "process.create",
		  "{'files':[{'fd':3,'name':'a'},{'fd':4,'nam':'b'}]}",
		  "params.unknown", "files[1]" },
		{ "process.create", "{'files':[{'fd':'3','name':'a'}]}",
		  "params.type", "files[0].fd" },
		{ "process.create",
		  "{'files':[{'fd':3,'name':'a','mode':'x'}]}", "params.value",
		  "files[0].mode" },
		{ "process.create", "{'files':[{'fd':3,'name':'a','dev':'5'}]}",
		  "params.value", "files[0].dev" },
		{ "process.create",
		  "{'files':[{'fd':3,'name':'a','dev':'0:0x1'}]}",
		  "params.value", "files[0].dev" },
		{ "process.create",
		  "{'files':[{'fd':3,'name':'a'},{'fd':3,'name':'b'}]}",
		  "params.value", "files" },
		{ "process.create", "{'files':[{'fd':3,'name':''}]}",
		  "params.value", "files[0].name" },
		{ "process.create",
		  "{'files':[{'fd':3,'name':'a','size':'0x8000000000000000'}]}",
		  "params.range", "files[0].size" },
		{ "process.create", "{'resident':[18446744073709551615]}",
		  "params.range", "resident[0]" },
		{ "process.create", "{'seed':-1}", "params.range", "seed" },
		{ "process.create", "{'history':'some'}", "params.value",
		  "history" },
		{ "process.create", "{'history':1000001}", "params.range",
		  "history" },
		{ "process.create", "{'history':true}", "params.type",
		  "history" },
		{ "process.create", "{'want':{}}", "params.type", "want" },
	};
	struct rpc_fixture fx;
	size_t i;

	fixture_init(&fx, 1, NULL);
	json_decref(fixture_create(&fx, "{}"));
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *answer =
			fixture_call(&fx, rows[i].method, rows[i].params);

		CU_ASSERT(is_error(answer, -32602, rows[i].key, rows[i].param));
		json_decref(answer);
	}
	/* And nothing has come of any of them. */
	CU_ASSERT_EQUAL(world_seq(fixture_world(&fx, 0)), 0);
	CU_ASSERT_EQUAL(fx.services[0]->tenants.all[0]->account.processes, 1);
	fixture_deinit(&fx);
}

/* Hints list what there is. */
static void hints_help(void)
{
	static const struct {
		const char *method, *params, *word;
	} rows[] = {
		{ "mm.munmap", "{'process':'@','len':1}", "length" },
		{ "mm.brk", "{'process':'@','addr':0,'want':['vma']}", "vmas" },
		{ "mm.brk", "{'process':'@','addr':0,'want':['diffs']}",
		  "there is no part" },
		{ "mm.access", "{'process':'@','addr':0,'type':'r'}",
		  "read, write, exec" },
		{ "process.create", "{'profile':'3.0'}", "4.0" },
		{ "process.create", "{'rlimits':{'x':1}}",
		  "as, data, stack, memlock" },
		{ "process.create", "{'mm':{'x':1}}", "hiwater_rss" },
	};
	struct rpc_fixture fx;
	size_t i;

	fixture_init(&fx, 1, NULL);
	json_decref(fixture_create(&fx, "{}"));
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *answer =
			fixture_call(&fx, rows[i].method, rows[i].params);
		const char *hint = NULL;

		json_unpack(answer, "{s{s{ss}}}", "error", "data", "hint",
			    &hint);
		CU_ASSERT(hint && strstr(hint, rows[i].word));
		json_decref(answer);
	}
	fixture_deinit(&fx);
}

/* What is too long to be quoted is cut between two characters. */
static void long_texts_are_cut(void)
{
	struct rpc_fixture fx;
	char text[4000], *p;
	json_t *answer;
	const char *hint = NULL;
	int i;

	fixture_init(&fx, 1, NULL);
	json_decref(fixture_create(&fx, "{}"));
	p = stpcpy(text, "{'process':'@','addr':0,'type':'");
	for (i = 0; i < 300; i++)
		p = stpcpy(p, "\xe2\x82\xac");
	strcpy(p, "'}");
	answer = fixture_call(&fx, "mm.access", text);
	CU_ASSERT(is_error(answer, -32602, "params.value", "type"));
	json_unpack(answer, "{s{s{ss}}}", "error", "data", "hint", &hint);
	CU_ASSERT(hint && strstr(hint, "\xe2\x82\xac..."));
	CU_ASSERT(hint && !strstr(hint, "\xef\xbf\xbd"));
	CU_ASSERT(hint && strlen(hint) < 200);
	json_decref(answer);

	p = stpcpy(text, "{'process':'@','addr':0,'length':1,'flags':2,"
			 "'prot':'0");
	for (i = 0; i < 300; i++)
		p = stpcpy(p, "|0");
	strcpy(p, "'}");
	answer = fixture_call(&fx, "mm.mmap", text);
	CU_ASSERT(is_error(answer, -32602, "params.value", "prot"));
	json_decref(answer);
	fixture_deinit(&fx);
}

static void lists_are_bounded(void)
{
	struct rpc_fixture fx;
	char *text = malloc(1u << 20), *p;
	json_t *answer;
	int i;

	fixture_init(&fx, 1, NULL);
	p = stpcpy(text, "{'resident':[0");
	for (i = 0; i < 1 << 18; i++)
		p = stpcpy(p, ",0");
	strcpy(p, "]}");
	answer = fixture_call(&fx, "process.create", text);
	CU_ASSERT(is_error(answer, -32602, "params.range", "resident"));
	json_decref(answer);

	p = stpcpy(text, "{'files':[{}");
	for (i = 0; i < 4096; i++)
		p = stpcpy(p, ",{}");
	strcpy(p, "]}");
	answer = fixture_call(&fx, "process.create", text);
	CU_ASSERT(is_error(answer, -32602, "params.range", "files"));
	json_decref(answer);
	free(text);
	fixture_deinit(&fx);
}

CU_TestInfo test_rpc_params_refused[] = {
	{ "refused parameters", refused_parameters },
	{ "hints help", hints_help },
	{ "long texts are cut", long_texts_are_cut },
	{ "lists are bounded", lists_are_bounded },
	CU_TEST_INFO_NULL,
};
