/* SPDX-License-Identifier: MIT */
/*
 * history.diff: what differs between two states
 */
#include <stdio.h>

#include "tests/proto/rpc_fixture.h"
#include "tests/support/suite.h"

/* The member @part of the diff. */
static bool diff_is(struct rpc_fixture *fx, const char *params,
		    const char *part, const char *wanted)
{
	json_t *result = fixture_result(fx, "history.diff", params);
	bool is = is_json(
		json_object_get(json_object_get(result, "diff"), part), wanted);

	json_decref(result);
	return is;
}

/* Areas without the members that their texts have anyway. */
static bool areas_are(struct rpc_fixture *fx, const char *params,
		      const char *wanted)
{
	json_t *result = fixture_result(fx, "history.diff", params);
	json_t *areas =
		json_object_get(json_object_get(result, "diff"), "areas");
	json_t *area;
	size_t i;
	bool is;

	json_array_foreach(areas, i, area)
		json_object_del(area, "area");
	is = is_json(areas, wanted);
	json_decref(result);
	return is;
}

static void a_diff_names_what_became_of_areas(void)
{
	struct rpc_fixture fx;

	fixture_begin(&fx, "{'maps':'10000000-10004000 rw-p 0'}");
	fixture_do(&fx, "mm.munmap", "['@','0x10001000',4096]");
	fixture_do(&fx, "mm.mmap", "['@','0x10001000',4096,3,'0x32',-1,0]");
	fixture_do(&fx, "mm.mremap",
		   "['@','0x10000000',4096,4096,3,'0x20000000']");
	/* A hole in the middle: what is above is an area of its own. */
	CU_ASSERT(areas_are(&fx, "['@',0,1]",
			    "[{'id':1,'change':'changed','fields':{'end':["
			    "'0x10004000','0x10001000']}},"
			    "{'id':2,'change':'added','split_from':1}]"));
	/* Filled, all three are one again. */
	CU_ASSERT(areas_are(&fx, "['@',1,2]",
			    "[{'id':1,'change':'changed','fields':{'end':["
			    "'0x10001000','0x10004000']}},"
			    "{'id':2,'change':'removed','merged_into':1}]"));
	CU_ASSERT(areas_are(&fx, "['@',0,2]", "[]"));
	/* And backwards. */
	CU_ASSERT(areas_are(&fx, "['@',2,1]",
			    "[{'id':1,'change':'changed','fields':{'end':["
			    "'0x10004000','0x10001000']}},"
			    "{'id':2,'change':'added','split_from':1}]"));
	CU_ASSERT(areas_are(&fx, "['@',0,0]", "[]"));
	fixture_deinit(&fx);
}

/* Without history there is the present, and nothing else. */
static void a_world_may_have_no_past(void)
{
	struct rpc_fixture fx;

	fixture_begin(&fx, "{'history':0,'want':[]}");
	fixture_do(&fx, "mm.brk", "['@',0]");
	fixture_do(&fx, "mm.brk", "['@',0]");
	CU_ASSERT(is_refused(&fx, "history.at", "['@',1]", -32008,
			     "history.folded", "seq"));
	fixture_do(&fx, "history.at", "['@',2]");
	CU_ASSERT(areas_are(&fx, "['@',2]", "[]"));
	fixture_do(&fx, "history.rewind", "['@',2]");
	fixture_do(&fx, "world.branch", "['@']");
	CU_ASSERT(is_refused(&fx, "history.rewind", "['@',1]", -32008,
			     "history.folded", "seq"));
	CU_ASSERT(is_refused(&fx, "history.diff", "['@',1]", -32008,
			     "history.folded", "from"));
	fixture_do(&fx, "world.export", "['@']");
	fixture_deinit(&fx);
}

static void a_diff_names_fields_counters_cache_and_tree(void)
{
	struct rpc_fixture fx;

	fixture_begin(&fx, "{'maps':'10000000-10002000 rw-p 0'}");
	fixture_do(&fx, "mm.access", "['@','0x10000000','write']");
	fixture_do(&fx, "mm.mmap", "['@','0x20000000',4096,1,'0x32',-1,0]");
	CU_ASSERT(areas_are(&fx, "['@',0,1]",
			    "[{'id':1,'change':'changed','fields':{"
			    "'anon_vma':[null,1],'rss':[0,1]}}]"));
	CU_ASSERT(diff_is(&fx, "['@',0,1]", "vmacache",
			  "{'find_calls':[0,1],'slots':[[null,null,null,null],"
			  "[1,null,null,null]]}"));
	CU_ASSERT(diff_is(&fx, "['@',1,2]", "mm",
			  "{'map_count':[1,2],'total_vm':[2,3],"
			  "'hiwater_vm':[2,3],'seq':[1,2]}"));
	CU_ASSERT(diff_is(&fx, "['@',1,2]", "rbtree",
			  "{'nodes':[{'vma':1,'right':[null,2]}]}"));
	CU_ASSERT(diff_is(&fx, "['@',1]", "rbtree",
			  "{'nodes':[{'vma':1,'right':[null,2]}]}"));
	fixture_deinit(&fx);
}

static void a_diff_compares_two_processes(void)
{
	char parent[PROCESS_NAME_LEN + 1], params[128];
	struct rpc_fixture fx;
	json_t *result;

	fixture_begin(&fx, "{'maps':'10000000-10002000 rw-p 0'}");
	snprintf(parent, sizeof(parent), "%s", fx.process);
	result = fixture_result(&fx, "world.branch", "['@']");
	fixture_turn_to(&fx,
			json_string_value(json_object_get(result, "process")));
	json_decref(result);
	fixture_do(&fx, "mm.munmap", "['@','0x10001000',4096]");
	snprintf(params, sizeof(params), "['%s',0,1,'@']", parent);
	CU_ASSERT(areas_are(&fx, params,
			    "[{'id':1,'change':'changed','fields':{'end':["
			    "'0x10002000','0x10001000']}}]"));
	snprintf(params, sizeof(params), "['%s',0,2,'@']", parent);
	CU_ASSERT(is_refused(&fx, "history.diff", params, -32008,
			     "history.future", "to"));
	CU_ASSERT(is_refused(&fx, "history.diff", "['@',7]", -32008,
			     "history.future", "from"));
	CU_ASSERT(is_refused(&fx, "history.diff", "['@',0,0,'nobody']", -32001,
			     "process.unknown", "other"));
	CU_ASSERT(is_refused(&fx, "history.diff", "['@',0,0,5]", -32602,
			     "params.type", "other"));
	fixture_deinit(&fx);
}

CU_TestInfo test_rpc_diff[] = {
	{ "a world may have no past", a_world_may_have_no_past },
	{ "a diff names what became of areas",
	  a_diff_names_what_became_of_areas },
	{ "a diff names fields, counters, cache and tree",
	  a_diff_names_fields_counters_cache_and_tree },
	{ "a diff compares two processes", a_diff_compares_two_processes },
	CU_TEST_INFO_NULL,
};
