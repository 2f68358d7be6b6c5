/* SPDX-License-Identifier: MIT */
/*
 * Parameters in all their spellings, to the last number
 */
#include <stdlib.h>
#include <string.h>

#include "tests/proto/rpc_fixture.h"
#include "tests/support/suite.h"

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
	{ "creations take what is described",
	  creations_take_what_is_described },
	CU_TEST_INFO_NULL,
};
