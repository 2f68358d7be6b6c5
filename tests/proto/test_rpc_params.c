/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "tests/proto/rpc_fixture.h"
#include "tests/support/suite.h"

/* -------------------------------------------------------------- numbers */

/* Each spells an address; the fault's address gives it back. */
static void addresses(void)
{
	static const struct {
		const char *given;
		const char *wanted; /* NULL: refused */
		const char *key;
	} rows[] = {
		{ "0", "0x0", NULL },
		{ "-0", "0x0", NULL },
		{ "1", "0x1", NULL },
		{ "4294967296", "0x100000000", NULL },
		{ "9007199254740993", "0x20000000000001", NULL },
		{ "9223372036854775808", "0x8000000000000000", NULL },
		{ "18446744073709551614", "0xfffffffffffffffe", NULL },
		{ "'0'", "0x0", NULL },
		{ "'18446744073709551614'", "0xfffffffffffffffe", NULL },
		{ "'0xfffffffffffffffe'", "0xfffffffffffffffe", NULL },
		{ "'0XABCdef'", "0xabcdef", NULL },
		{ "'0x00000000000000000000001'", "0x1", NULL },
		{ "18446744073709551616", NULL, "params.range" },
		{ "'18446744073709551616'", NULL, "params.range" },
		{ "'0x10000000000000000'", NULL, "params.range" },
		{ "-1", NULL, "params.range" },
		{ "1.0", NULL, "params.type" },
		{ "1e3", NULL, "params.type" },
		{ "'-1'", NULL, "params.value" },
		{ "''", NULL, "params.value" },
		{ "'0x'", NULL, "params.value" },
		{ "' 1'", NULL, "params.value" },
		{ "'1 '", NULL, "params.value" },
		{ "'12ab'", NULL, "params.value" },
		{ "'0xg'", NULL, "params.value" },
		{ "'1_000'", NULL, "params.value" },
		{ "'1\\u0000'", NULL, "params.value" },
		{ "null", NULL, "params.type" },
		{ "true", NULL, "params.type" },
		{ "[1]", NULL, "params.type" },
		{ "{}", NULL, "params.type" },
	};
	struct rpc_fixture fx;
	char params[200];
	size_t i;

	fixture_init(&fx, 1, NULL);
	json_decref(fixture_create(&fx, "{'maps':[]}"));
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *answer, *result;

		snprintf(params, sizeof(params),
			 "{'process':'@','addr':%s,'type':'read','want':[]}",
			 rows[i].given);
		answer = fixture_call(&fx, "mm.access", params);
		result = json_object_get(answer, "result");
		if (rows[i].wanted) {
			CU_ASSERT_STRING_EQUAL(
				json_string_value(
					json_object_get(result, "si_addr")),
				rows[i].wanted);
		} else {
			CU_ASSERT(
				is_error(answer, -32602, rows[i].key, "addr"));
		}
		json_decref(answer);
	}
	fixture_deinit(&fx);
}

/* prot and flags, by what they make of a new area. */
static void flags_are_numbers_names_or_both(void)
{
	static const struct {
		const char *prot, *flags;
		const char *perms; /* NULL: refused */
		const char *param;
	} rows[] = {
		{ "3", "34", "rw-p", NULL },
		{ "'3'", "'0x22'", "rw-p", NULL },
		{ "'PROT_READ|PROT_WRITE'", "'MAP_PRIVATE|MAP_ANONYMOUS'",
		  "rw-p", NULL },
		{ "'PROT_READ|0x4'", "'MAP_SHARED|32'", "r-xs", NULL },
		{ "' PROT_NONE '", "'MAP_PRIVATE | MAP_ANON'", "---p", NULL },
		{ "'PROT_EXEC|0x40 /* PROT_??? */'",
		  "'MAP_PRIVATE|MAP_ANONYMOUS|21<<MAP_HUGE_SHIFT'", "--xp",
		  NULL },
		/* Cut to an int, as the system call does. */
		{ "'0xffffffff00000001'", "4294967330", "r--p", NULL },
		{ "-4294967295", "'0x100000022'", "r--p", NULL },
		{ "18446744073709551609", "34", "r--p", NULL },
		{ "'PROT_WROTE'", "34", NULL, "prot" },
		{ "''", "34", NULL, "prot" },
		{ "'PROT_READ|'", "34", NULL, "prot" },
		{ "'prot_read'", "34", NULL, "prot" },
		{ "'MAP_PRIVATE'", "34", NULL, "prot" },
		{ "'-1'", "34", NULL, "prot" },
		{ "1.5", "34", NULL, "prot" },
		{ "[3]", "34", NULL, "prot" },
		{ "18446744073709551616", "34", NULL, "prot" },
		{ "3", "'MAP_PRIVATE,MAP_ANONYMOUS'", NULL, "flags" },
		{ "3", "'64<<MAP_HUGE_SHIFT'", NULL, "flags" },
		{ "3", "null", NULL, "flags" },
	};
	char params[300];
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct rpc_fixture fx;
		json_t *answer;
		const char *perms = NULL;

		fixture_init(&fx, 1, NULL);
		json_decref(fixture_create(&fx, "{'maps':[]}"));
		snprintf(params, sizeof(params),
			 "{'process':'@','addr':0,'length':4096,'prot':%s,"
			 "'flags':%s,'want':['vmas']}",
			 rows[i].prot, rows[i].flags);
		answer = fixture_call(&fx, "mm.mmap", params);
		if (rows[i].perms) {
			json_unpack(answer, "{s{s{s[{ss}]}}}", "result",
				    "snapshot", "vmas", "perms", &perms);
			CU_ASSERT_PTR_NOT_NULL_FATAL(perms);
			CU_ASSERT_STRING_EQUAL(perms, rows[i].perms);
		} else {
			CU_ASSERT_PTR_NOT_NULL(
				json_object_get(answer, "error"));
			CU_ASSERT_STRING_EQUAL(
				json_string_value(json_object_get(
					json_object_get(
						json_object_get(answer,
								"error"),
						"data"),
					"param")),
				rows[i].param);
		}
		json_decref(answer);
		fixture_deinit(&fx);
	}
}

static void descriptors(void)
{
	static const char mapped[] = "{'ret':'0x10000'}";
	static const char refused[] = "{'ret':-9,'errno':'EBADF'}";
	static const struct {
		const char *fd, *result;
	} rows[] = {
		{ "5", mapped },
		{ "'5'", mapped },
		{ "'0x5'", mapped },
		/* Cut to an int. */
		{ "4294967301", mapped },
		{ "-4294967291", mapped },
		{ "-1", refused },
		{ "'-1'", refused },
		{ "4", refused },
		{ "18446744073709551615", refused },
	};
	char params[200];
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct rpc_fixture fx;
		json_t *result;

		fixture_init(&fx, 1, NULL);
		json_decref(fixture_create(
			&fx, "{'files':[{'fd':5,'name':'x','size':4096}]}"));
		snprintf(params, sizeof(params),
			 "{'process':'@','addr':'0x10000','length':4096,"
			 "'prot':1,'flags':18,'fd':%s,'want':[]}",
			 rows[i].fd);
		result = fixture_result(&fx, "mm.mmap", params);
		CU_ASSERT(is_json(result, rows[i].result));
		json_decref(result);
		fixture_deinit(&fx);
	}
}

/* --------------------------------------------------------------- errors */

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

/* What the description says a creation takes, it takes: to the last number. */
static void creations_take_what_is_described(void)
{
	static const struct {
		const char *name, *format;
		uint64_t max;
	} rows[] = {
		{ "mem_total_kb", "{'mem_total_kb':%llu}", 68719476736 },
		{ "committed_kb", "{'committed_kb':%llu}", 1ULL << 50 },
		{ "mm.hiwater_vm", "{'mm':{'hiwater_vm':%llu}}", 34359738367 },
		{ "mm.hiwater_rss", "{'mm':{'hiwater_rss':%llu}}",
		  34359738367 },
		{ "sysctl.max_map_count", "{'sysctl':{'max_map_count':%llu}}",
		  INT32_MAX },
		{ "sysctl.overcommit_ratio",
		  "{'sysctl':{'overcommit_ratio':%llu}}", INT32_MAX },
		{ "sysctl.overcommit_kbytes",
		  "{'sysctl':{'overcommit_kbytes':%llu}}", 1ULL << 50 },
		{ "sysctl.admin_reserve_kbytes",
		  "{'sysctl':{'admin_reserve_kbytes':%llu}}", 1ULL << 50 },
		{ "sysctl.user_reserve_kbytes",
		  "{'sysctl':{'user_reserve_kbytes':%llu}}", 1ULL << 50 },
		{ "sysctl.stack_guard_gap",
		  "{'sysctl':{'stack_guard_gap':%llu}}", 1048576 },
	};
	struct rpc_fixture fx;
	char params[80];
	json_t *answer;
	size_t i;

	fixture_init(&fx, 1, NULL);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(params, sizeof(params), rows[i].format,
			 (unsigned long long)rows[i].max);
		json_decref(fixture_create(&fx, params));
		snprintf(params, sizeof(params), rows[i].format,
			 (unsigned long long)rows[i].max + 1);
		answer = fixture_call(&fx, "process.create", params);
		CU_ASSERT(
			is_error(answer, -32602, "params.range", rows[i].name));
		json_decref(answer);
	}
	fixture_deinit(&fx);
}

CU_TestInfo test_rpc_params[] = {
	{ "addresses", addresses },
	{ "flags are numbers, names or both", flags_are_numbers_names_or_both },
	{ "descriptors", descriptors },
	{ "refused parameters", refused_parameters },
	{ "hints help", hints_help },
	{ "long texts are cut", long_texts_are_cut },
	{ "lists are bounded", lists_are_bounded },
	{ "creations take what is described",
	  creations_take_what_is_described },
	CU_TEST_INFO_NULL,
};
