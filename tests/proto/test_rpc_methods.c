/* SPDX-License-Identifier: MIT */
/*
 * What is in a process: texts, threads, files, calls, history
 */
#include <stdlib.h>
#include <string.h>

#include "core/world/history.h"
#include "tests/proto/rpc_fixture.h"
#include "tests/support/suite.h"

static json_t *at(json_t *value, const char *a, const char *b)
{
	return json_object_get(json_object_get(value, a), b);
}

static void maps_as_text_or_lines(void)
{
	static const char *const params[] = {
		"{'maps':'400000-401000 r-xp 00000000 00:01 5   /bin/a b\\n"
		"7ffffffde000-7ffffffff000 rw-p 00000000 00:00 0  [stack]\\n',"
		"'want':['maps']}",
		"{'maps':['400000-401000 r-xp 00000000 00:01 5   /bin/a b',"
		"'7ffffffde000-7ffffffff000 rw-p 0 [\\u0073tack]'],"
		"'want':['maps']}",
		"{'maps':'400000-401000 r-xp 00000000 00:01 5 /bin/a\\u0020b\\n"
		"7ffffffde000-7ffffffff000 rw-p 0 [stack]',"
		"'want':['maps']}",
	};
	struct rpc_fixture fx;
	size_t i;

	fixture_init(&fx, 1, NULL);
	for (i = 0; i < sizeof(params) / sizeof(params[0]); i++) {
		json_t *result = fixture_create(&fx, params[i]);

		CU_ASSERT(is_json(
			at(result, "snapshot", "maps"),
			"['00400000-00401000 r-xp 00000000 00:01 5            "
			"                      /bin/a b',"
			"'7ffffffde000-7ffffffff000 rw-p 00000000 00:00 0     "
			"                     [stack]']"));
		json_decref(result);
	}
	fixture_deinit(&fx);
}

static void threads_share_the_space_and_have_a_cache_each(void)
{
	struct rpc_fixture fx;
	json_t *result;

	fixture_init(&fx, 1, NULL);
	json_decref(fixture_create(&fx, "{}"));
	CU_ASSERT(result_is(&fx, "thread.create", "{'process':'@'}",
			    "{'thread':2}"));
	CU_ASSERT(result_is(&fx, "thread.create", "['@',2]", "{'thread':3}"));
	CU_ASSERT(is_refused(&fx, "thread.create", "['@',4]", -32001,
			     "thread.unknown", "thread"));
	json_decref(fixture_result(&fx, "mm.find_vma", "['@','0x400000',3]"));

	result = fixture_result(&fx, "mm.snapshot", "['@',3,['vmacache']]");
	CU_ASSERT(is_json(json_array_get(at(json_object_get(result, "snapshot"),
					    "vmacache", "slots"),
					 0),
			  "2"));
	json_decref(result);
	result = fixture_result(&fx, "mm.snapshot", "['@',1,['vmacache']]");
	CU_ASSERT(is_json(
		at(json_object_get(result, "snapshot"), "vmacache", "slots"),
		"[null,null,null,null]"));
	json_decref(result);

	CU_ASSERT(result_is(&fx, "thread.exit", "['@',3]", "{'threads':2}"));
	CU_ASSERT(is_refused(&fx, "mm.brk", "['@',0,3]", -32001,
			     "thread.unknown", "thread"));
	CU_ASSERT(is_refused(&fx, "mm.snapshot", "['@',3]", -32001,
			     "thread.unknown", "thread"));
	CU_ASSERT(is_refused(&fx, "mm.maps", "['@',3]", -32001,
			     "thread.unknown", "thread"));
	CU_ASSERT(is_refused(&fx, "mm.status", "['@',3]", -32001,
			     "thread.unknown", "thread"));
	CU_ASSERT(is_refused(&fx, "thread.exit", "['@']", -32602,
			     "params.missing", "thread"));
	/* Tids are not used again. */
	CU_ASSERT(result_is(&fx, "thread.create", "['@']", "{'thread':4}"));
	CU_ASSERT(result_is(&fx, "thread.exit", "['@',1]", "{'threads':2}"));
	CU_ASSERT(result_is(&fx, "thread.exit", "['@',4]", "{'threads':1}"));
	CU_ASSERT(result_is(&fx, "thread.exit", "['@',2]", "{'threads':0}"));
	CU_ASSERT(is_refused(&fx, "thread.create", "['@']", -32002,
			     "process.gone", "process"));
	fixture_deinit(&fx);
}

static void files_open_map_close(void)
{
	struct rpc_fixture fx;

	fixture_init(&fx, 1, NULL);
	json_decref(fixture_create(
		&fx, "{'files':[{'fd':3,'name':'a','path':'/tmp/a',"
		     "'dev':'fd:01','inode':99,'size':4096,'mode':'ro'}]}"));
	CU_ASSERT(result_is(&fx, "file.open",
			    "{'process':'@','fd':4,'name':'b','size':4096}",
			    "{'fd':4}"));
	CU_ASSERT(is_refused(&fx, "file.open", "['@',4,'c']", -32602,
			     "params.value", "fd"));
	CU_ASSERT(result_is(&fx, "mm.mmap",
			    "['@','0x10000','4096',1,'MAP_SHARED',3,0,1,[]]",
			    "{'ret':'0x10000'}"));
	CU_ASSERT(result_is(&fx, "mm.mmap",
			    "['@','0x11000',4096,3,'MAP_PRIVATE',4,0,1,[]]",
			    "{'ret':'0x11000'}"));
	/* A file opened to read only cannot be mapped to write. */
	CU_ASSERT(result_is(&fx, "mm.mmap",
			    "['@',0,4096,'PROT_WRITE','MAP_SHARED',3,0,1,[]]",
			    "{'ret':-13,'errno':'EACCES'}"));
	CU_ASSERT(result_is(&fx, "file.close", "['@',4]", "{'fd':4}"));
	CU_ASSERT(is_refused(&fx, "file.close", "['@',4]", -32602,
			     "params.value", "fd"));
	CU_ASSERT(result_is(&fx, "mm.mmap",
			    "['@',0,4096,1,'MAP_SHARED',4,0,1,[]]",
			    "{'ret':-9,'errno':'EBADF'}"));
	CU_ASSERT(result_is(&fx, "mm.access",
			    "{'process':'@','addr':'0x11fff','type':'write',"
			    "'length':1,'want':[]}",
			    "{'fault':'minor','si_code':null,"
			    "'si_addr':null}"));
	{
		json_t *result =
			fixture_result(&fx, "mm.snapshot", "['@',1,['maps']]");
		const json_t *maps = at(result, "snapshot", "maps");

		CU_ASSERT(is_json(json_array_get(maps, 0),
				  "'00010000-00011000 r--s 00000000 fd:01 99  "
				  "                               /tmp/a'"));
		json_decref(result);
	}
	fixture_deinit(&fx);
}

static void results_of_emulated_calls(void)
{
	struct rpc_fixture fx;

	fixture_init(&fx, 1, NULL);
	json_decref(fixture_create(&fx, "{}"));
	CU_ASSERT(result_is(&fx, "mm.brk", "['@','0x602000',1,[]]",
			    "{'ret':'0x602000'}"));
	/* brk has no errno: the break that holds. */
	CU_ASSERT(result_is(&fx, "mm.brk", "['@','0xffffffffffffffff',1,[]]",
			    "{'ret':'0x602000'}"));
	CU_ASSERT(result_is(&fx, "mm.mmap",
			    "['@',0,1,3,'MAP_PRIVATE|MAP_ANONYMOUS',-1,0,1,"
			    "[]]",
			    "{'ret':'0x7ffff7ffa000'}"));
	CU_ASSERT(result_is(&fx, "mm.mmap", "['@',0,0,3,34,-1,0,1,[]]",
			    "{'ret':-22,'errno':'EINVAL'}"));
	CU_ASSERT(result_is(&fx, "mm.mmap",
			    "['@',0,'0x800000000000',3,34,-1,0,1,[]]",
			    "{'ret':-12,'errno':'ENOMEM'}"));
	CU_ASSERT(result_is(&fx, "mm.mmap",
			    "['@',0,'0xffffffffffffffff',3,34,-1,0,1,[]]",
			    "{'ret':-12,'errno':'ENOMEM'}"));
	CU_ASSERT(result_is(&fx, "mm.munmap",
			    "['@','0x7ffff7ffa000',4096,1,[]]", "{'ret':0}"));
	CU_ASSERT(result_is(&fx, "mm.access",
			    "['@','0x7ffff7ffa000','exec',1,0,1,[]]",
			    "{'fault':'SIGSEGV','si_code':'SEGV_MAPERR',"
			    "'si_addr':'0x7ffff7ffa000'}"));
	CU_ASSERT(result_is(&fx, "mm.access",
			    "{'process':'@','addr':'0x400000','type':'write',"
			    "'want':[]}",
			    "{'fault':'SIGSEGV','si_code':'SEGV_ACCERR',"
			    "'si_addr':'0x400000'}"));
	CU_ASSERT(result_is(&fx, "mm.access",
			    "{'process':'@','addr':'0x400fff','type':'exec',"
			    "'want':[]}",
			    "{'fault':'none','si_code':null,"
			    "'si_addr':null}"));
	CU_ASSERT(result_is(&fx, "mm.find_vma",
			    "['@','0xffffffffffffffff',1,[]]", "{'vma':null}"));
	CU_ASSERT_EQUAL(world_seq(fixture_world(&fx, 0)), 11);
	fixture_deinit(&fx);
}

static void reads_do_not_count(void)
{
	struct rpc_fixture fx;

	fixture_init(&fx, 1, NULL);
	json_decref(fixture_create(&fx, "{}"));
	json_decref(fixture_result(&fx, "mm.snapshot", "['@']"));
	json_decref(fixture_result(&fx, "mm.maps", "['@']"));
	json_decref(fixture_result(&fx, "mm.status", "['@']"));
	json_decref(fixture_result(&fx, "process.get", "['@']"));
	CU_ASSERT_EQUAL(world_seq(fixture_world(&fx, 0)), 0);
	fixture_deinit(&fx);
}

static void mmap_at_address_zero_answers_hex(void)
{
	struct rpc_fixture fx;

	fixture_init(&fx, 1, NULL);
	json_decref(fixture_create(&fx, "{'uid':0,'maps':[],"
					"'sysctl':{'mmap_min_addr':0}}"));
	CU_ASSERT(result_is(&fx, "mm.mmap",
			    "['@',0,4096,3,"
			    "'MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED',-1,0,1,[]]",
			    "{'ret':'0x0'}"));
	fixture_deinit(&fx);
}

static void folded_history_is_told(void)
{
	struct rpc_fixture fx;
	json_t *result;
	int i;

	fixture_init(&fx, 1, NULL);
	json_decref(fixture_create(&fx, "{'history':2}"));
	for (i = 0; i < 2; i++) {
		result = fixture_result(&fx, "mm.brk", "['@',0,1,[]]");
		CU_ASSERT_PTR_NULL(json_object_get(result, "history"));
		json_decref(result);
	}
	for (i = 0; i < 2000; i++)
		json_decref(fixture_result(&fx, "mm.brk", "['@',0,1,[]]"));
	result = fixture_result(&fx, "mm.brk", "['@',0,1,[]]");
	CU_ASSERT(json_integer_value(at(result, "history", "first")) > 1);
	CU_ASSERT(is_json(at(result, "history", "last"), "2003"));
	json_decref(result);
	result = fixture_result(&fx, "mm.maps", "['@',1,[]]");
	CU_ASSERT(is_json(at(result, "history", "last"), "2003"));
	json_decref(result);

	json_decref(fixture_create(&fx, "{'history':0}"));
	result = fixture_result(&fx, "mm.brk", "['@',0,1,[]]");
	CU_ASSERT(is_json(json_object_get(result, "history"),
			  "{'first':2,'last':1}"));
	json_decref(result);
	fixture_deinit(&fx);
}

CU_TestInfo test_rpc_methods[] = {
	{ "maps as text or lines", maps_as_text_or_lines },
	{ "threads share the space and have a cache each",
	  threads_share_the_space_and_have_a_cache_each },
	{ "files open, map, close", files_open_map_close },
	{ "results of emulated calls", results_of_emulated_calls },
	{ "reads do not count", reads_do_not_count },
	{ "mmap at address zero answers hex",
	  mmap_at_address_zero_answers_hex },
	{ "folded history is told", folded_history_is_told },
	CU_TEST_INFO_NULL,
};
