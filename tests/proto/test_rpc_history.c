/* SPDX-License-Identifier: MIT */
/*
 * The journal of a world as a client reads it
 */
#include <stdio.h>

#include "tests/proto/rpc_fixture.h"
#include "tests/support/suite.h"

static void check_result(struct rpc_fixture *fx, const char *params,
			 const char *wanted)
{
	json_t *result = fixture_result(fx, "history.list", params);

	CU_ASSERT_TRUE(is_json(result, wanted));
	json_decref(result);
}

static void check_error(struct rpc_fixture *fx, const char *params,
			const char *key)
{
	json_t *answer = fixture_call(fx, "history.list", params);

	CU_ASSERT_TRUE(is_error(answer, -32008, key, "from"));
	json_decref(answer);
}

static void call(struct rpc_fixture *fx, const char *method, const char *params)
{
	json_t *result = fixture_result(fx, method, params);

	CU_ASSERT_PTR_NOT_NULL(result);
	json_decref(result);
}

static void begin(struct rpc_fixture *fx, const char *setup)
{
	fixture_init(fx, 1, NULL);
	json_decref(fixture_create(fx, setup));
}

static void calls_are_listed_as_they_can_be_sent(void)
{
	struct rpc_fixture fx;

	begin(&fx, "{}");
	call(&fx, "mm.mmap", "['@','0x10000000',4096,3,'0x32',-1,0]");
	call(&fx, "mm.access", "['@','0x10000000','write']");
	call(&fx, "file.open", "['@',5,'a',4096,'ro']");
	call(&fx, "process.fork", "['@']");
	call(&fx, "mm.madvise", "['@','0x10000000',4096,4]");
	check_result(
		&fx, "['@']",
		"{'operations':["
		"{'seq':1,'number':0,'thread':1,'method':'mm.mmap','params':{"
		"'addr':'0x10000000','length':'0x1000','prot':'0x3',"
		"'flags':'0x32','fd':-1,'offset':'0x0'}},"
		"{'seq':2,'number':0,'thread':1,'method':'mm.access','params':{"
		"'addr':'0x10000000','length':'0x1','type':'write'}},"
		"{'seq':3,'number':0,'thread':1,'method':'file.open','params':{"
		"'fd':5,'size':'0x1000','mode':'ro','name':'a'}},"
		"{'seq':4,'number':0,'thread':1,'method':'process.fork',"
		"'params':{'vm':false}},"
		"{'seq':5,'number':0,'thread':1,'method':'mm.madvise',"
		"'params':{'addr':'0x10000000','length':'0x1000',"
		"'advice':4}}],"
		"'next':null,'history':{'first':1,'last':5}}");
	fixture_deinit(&fx);
}

static json_t *answers_from(struct rpc_fixture *fx, unsigned from)
{
	json_t *answers = json_array(), *result, *one;
	char params[64];
	size_t i;

	snprintf(params, sizeof(params), "['@',%u,1000,true]", from);
	result = fixture_result(fx, "history.list", params);
	json_array_foreach(json_object_get(result, "operations"), i, one)
		json_array_append(answers, json_object_get(one, "answer"));
	json_decref(result);
	return answers;
}

/* They are not kept, but found again; also where history begins late. */
static void answers_come_if_they_are_wanted(void)
{
	struct rpc_fixture fx;
	json_t *answers;
	unsigned i;

	begin(&fx, "{'history':1000}");
	call(&fx, "mm.mmap", "['@',0,4096,3,'0x22',-1,0]");
	call(&fx, "mm.access", "['@','0x600000','write']");
	call(&fx, "mm.access", "['@',0,'write']");
	call(&fx, "process.fork", "['@']");
	call(&fx, "mm.munmap", "['@',1,1]");
	call(&fx, "mm.find_vma", "['@','0x400000']");
	call(&fx, "mm.mincore", "['@','0x400000',4096]");
	answers = answers_from(&fx, 1);
	CU_ASSERT(is_json(answers, "['0x7ffff7ffa000','minor','SIGSEGV',2,-22,"
				   "'0x400000',0]"));
	json_decref(answers);
	answers = answers_from(&fx, 5);
	CU_ASSERT(is_json(answers, "[-22,'0x400000',0]"));
	json_decref(answers);
	answers = answers_from(&fx, 8);
	CU_ASSERT(is_json(answers, "[]"));
	json_decref(answers);
	for (i = 0; i < 2500; i++)
		call(&fx, "mm.access", "['@',0,'read']");
	answers = answers_from(&fx, 2006);
	CU_ASSERT_EQUAL(json_array_size(answers), 502);
	CU_ASSERT(is_json(json_array_get(answers, 0), "'SIGSEGV'"));
	json_decref(answers);
	CU_ASSERT_EQUAL(fx.services[0]->tenants.all[0]->account.worlds, 1);
	fixture_deinit(&fx);
}

static void pages_follow_each_other(void)
{
	struct rpc_fixture fx;
	int i;

	begin(&fx, "{}");
	for (i = 0; i < 3; i++)
		call(&fx, "mm.brk", "['@',0]");
	check_result(&fx, "['@',1,2]",
		     "{'operations':["
		     "{'seq':1,'number':0,'thread':1,'method':'mm.brk',"
		     "'params':{'addr':'0x0'}},"
		     "{'seq':2,'number':0,'thread':1,'method':'mm.brk',"
		     "'params':{'addr':'0x0'}}],"
		     "'next':3,'history':{'first':1,'last':3}}");
	check_result(&fx, "['@',3,2]",
		     "{'operations':["
		     "{'seq':3,'number':0,'thread':1,'method':'mm.brk',"
		     "'params':{'addr':'0x0'}}],"
		     "'next':null,'history':{'first':1,'last':3}}");
	check_result(&fx, "['@',4]",
		     "{'operations':[],'next':null,"
		     "'history':{'first':1,'last':3}}");
	fixture_deinit(&fx);
}

static void past_and_future_are_refused(void)
{
	struct rpc_fixture fx;
	int i;

	begin(&fx, "{'history':2}");
	for (i = 0; i < 5; i++)
		call(&fx, "mm.brk", "['@',0]");
	check_error(&fx, "['@',3]", "history.folded");
	check_error(&fx, "['@',7]", "history.future");
	check_result(&fx, "['@',5]",
		     "{'operations':["
		     "{'seq':5,'number':0,'thread':1,'method':'mm.brk',"
		     "'params':{'addr':'0x0'}}],"
		     "'next':null,'history':{'first':4,'last':5}}");
	fixture_deinit(&fx);
}

/* ---------------------------------------------------------------- past */

static json_t *at(struct rpc_fixture *fx, const char *params)
{
	json_t *result = fixture_result(fx, "history.at", params);
	json_t *snapshot = json_incref(json_object_get(result, "snapshot"));

	json_decref(result);
	return snapshot;
}

static const char all_parts[] = "['mm','vmas','maps','status','vmacache',"
				"'rbtree','pagetable']";

static json_t *snapshot_now(struct rpc_fixture *fx)
{
	char params[128];
	json_t *result, *snapshot;

	snprintf(params, sizeof(params), "{'process':'@','want':%s}",
		 all_parts);
	result = fixture_result(fx, "mm.snapshot", params);
	snapshot = json_incref(json_object_get(result, "snapshot"));
	json_decref(result);
	return snapshot;
}

/* In a world made of parameters, which must be read again. */
static const char own_maps[] =
	"{'maps':['00400000-00401000 r-xp 00000000 /bin/x',"
	"'00601000-00603000 rw-p 00000000 [heap]'],'history':%d,"
	"'files':[{'fd':3,'name':'d','size':8192}],'seed':5,'want':[]}";

static void any_part_of_any_state_is_as_it_was(void)
{
	static const int limits[] = { 10000, 64, 100 };
	char params[256];
	struct rpc_fixture fx;
	json_t *then[200], *now;
	unsigned i, j, first;

	for (i = 0; i < 3; i++) {
		snprintf(params, sizeof(params), own_maps, limits[i]);
		begin(&fx, params);
		then[0] = snapshot_now(&fx);
		for (j = 1; j < 200; j++) {
			snprintf(params, sizeof(params),
				 j % 3 ? "['@','%u',4096,3,'0x32',-1,0]"
				       : "['@','%u','write']",
				 0x10000000 + j / 3 * 8192);
			call(&fx, j % 3 ? "mm.mmap" : "mm.access", params);
			then[j] = snapshot_now(&fx);
		}
		first = limits[i] < 199 ? 199 - (unsigned)limits[i] : 0;
		for (j = first; j < 200; j += 1 + j % 9) {
			snprintf(params, sizeof(params), "['@',%u,1,%s]", j,
				 all_parts);
			now = at(&fx, params);
			CU_ASSERT(json_equal(now, then[j]));
			json_decref(now);
		}
		now = snapshot_now(&fx);
		CU_ASSERT(json_equal(now, then[199]));
		json_decref(now);
		for (j = 0; j < 200; j++)
			json_decref(then[j]);
		fixture_deinit(&fx);
	}
}

static bool refused(struct rpc_fixture *fx, const char *method,
		    const char *params, int code, const char *key,
		    const char *param)
{
	json_t *answer = fixture_call(fx, method, params);
	bool is = is_error(answer, code, key, param);

	json_decref(answer);
	return is;
}

static void states_out_of_reach_are_refused(void)
{
	static const char *const methods[] = { "history.at", "history.rewind",
					       "world.branch" };
	struct rpc_fixture fx;
	uint64_t bytes;
	int i;

	begin(&fx, "{'history':64}");
	for (i = 0; i < 200; i++)
		call(&fx, "mm.brk", "['@',0]");
	bytes = fx.services[0]->tenants.all[0]->account.bytes;
	for (i = 0; i < 3; i++) {
		CU_ASSERT(refused(&fx, methods[i], "['@',135]", -32008,
				  "history.folded", "seq"));
		CU_ASSERT(refused(&fx, methods[i], "['@',201]", -32008,
				  "history.future", "seq"));
		CU_ASSERT(refused(&fx, methods[i], "['@',150,2]", -32001,
				  "thread.unknown", "thread"));
	}
	CU_ASSERT(fx.services[0]->tenants.all[0]->account.bytes <= bytes);
	call(&fx, "history.at", "['@',136]");
	CU_ASSERT_EQUAL(world_seq(fixture_world(&fx, 0)), 200);
	fixture_deinit(&fx);
}

static void rewinding_drops_what_came_later(void)
{
	struct rpc_fixture fx;
	json_t *result, *then, *now;

	begin(&fx, "{}");
	call(&fx, "mm.mmap", "['@','0x10000000',4096,3,'0x32',-1,0]");
	then = snapshot_now(&fx);
	call(&fx, "mm.munmap", "['@','0x10000000',4096]");
	call(&fx, "mm.brk", "['@','0x700000']");
	result = fixture_result(&fx, "history.rewind", "['@',1,1,[]]");
	CU_ASSERT(is_json(result, "{'seq':1,'history':{'first':1,'last':1}}"));
	json_decref(result);
	now = snapshot_now(&fx);
	CU_ASSERT(json_equal(now, then));
	json_decref(now);
	json_decref(then);
	call(&fx, "mm.brk", "['@','0x602000']");
	check_result(&fx, "['@',2]",
		     "{'operations':["
		     "{'seq':2,'number':0,'thread':1,'method':'mm.brk',"
		     "'params':{'addr':'0x602000'}}],"
		     "'next':null,'history':{'first':1,'last':2}}");
	fixture_deinit(&fx);
}

/* What was forked later is gone, what exited later is back. */
static void names_follow_the_rewinding(void)
{
	char parent[PROCESS_NAME_LEN + 1], child[2][PROCESS_NAME_LEN + 1];
	struct rpc_fixture fx;
	json_t *result;
	int i;

	begin(&fx, "{}");
	snprintf(parent, sizeof(parent), "%s", fx.process);
	for (i = 0; i < 2; i++) {
		result = fixture_result(&fx, "process.fork", "['@']");
		snprintf(child[i], sizeof(child[i]), "%s",
			 json_string_value(json_object_get(result, "process")));
		json_decref(result);
	}
	fixture_turn_to(&fx, child[0]);
	call(&fx, "process.exit", "['@']");
	CU_ASSERT(refused(&fx, "mm.snapshot", "['@']", -32002, "process.gone",
			  "process"));
	/* Its past can be seen by its name. */
	call(&fx, "history.at", "['@',2]");
	CU_ASSERT(refused(&fx, "history.at", "['@',3]", -32002, "process.gone",
			  "process"));
	CU_ASSERT(refused(&fx, "history.at", "['@',0]", -32602, "params.value",
			  "seq"));

	call(&fx, "history.rewind", "['@',1]");
	call(&fx, "mm.snapshot", "['@']");
	fixture_turn_to(&fx, child[1]);
	CU_ASSERT(refused(&fx, "mm.snapshot", "['@']", -32002, "process.gone",
			  "process"));
	fixture_turn_to(&fx, parent);
	call(&fx, "mm.snapshot", "['@']");
	CU_ASSERT_EQUAL(fx.services[0]->tenants.all[0]->account.processes, 2);
	CU_ASSERT_EQUAL(fx.services[0]->processes.live, 2);
	fixture_deinit(&fx);
}

static void a_branch_is_a_world_of_its_own(void)
{
	char parent[PROCESS_NAME_LEN + 1], branch[PROCESS_NAME_LEN + 1];
	struct rpc_fixture fx;
	json_t *result, *then, *now;

	begin(&fx, "{'seed':3}");
	snprintf(parent, sizeof(parent), "%s", fx.process);
	call(&fx, "process.fork", "['@']");
	call(&fx, "mm.mmap", "['@','0x10000000',4096,3,'0x32',-1,0]");
	then = snapshot_now(&fx);
	call(&fx, "mm.brk", "['@',0]");

	result = fixture_result(&fx, "world.branch", "['@',2,1,[]]");
	CU_ASSERT_EQUAL(json_array_size(json_object_get(result, "processes")),
			2);
	CU_ASSERT(is_json(json_object_get(result, "history"),
			  "{'first':1,'last':2}"));
	snprintf(branch, sizeof(branch), "%s",
		 json_string_value(json_object_get(result, "process")));
	json_decref(result);
	CU_ASSERT_STRING_NOT_EQUAL(branch, parent);
	CU_ASSERT_EQUAL(fx.services[0]->tenants.all[0]->account.processes, 4);

	fixture_turn_to(&fx, branch);
	now = snapshot_now(&fx);
	CU_ASSERT(json_equal(now, then));
	json_decref(now);
	call(&fx, "history.rewind", "['@',0]");
	result = fixture_result(&fx, "process.get", "['@']");
	CU_ASSERT(is_json(json_object_get(result, "created"), "{'seed':3}"));
	json_decref(result);
	call(&fx, "process.exit", "['@']");
	CU_ASSERT_EQUAL(fx.services[0]->processes.live, 2);

	fixture_turn_to(&fx, parent);
	CU_ASSERT_EQUAL(world_seq(fixture_world(&fx, 0)), 3);
	call(&fx, "history.rewind", "['@',2]");
	now = snapshot_now(&fx);
	CU_ASSERT(json_equal(now, then));
	json_decref(now);
	json_decref(then);
	fixture_deinit(&fx);
}

/* A world without history has its present all the same. */
static void the_present_needs_no_history(void)
{
	struct rpc_fixture fx;
	json_t *result;

	begin(&fx, "{'history':0}");
	call(&fx, "mm.brk", "['@','0x602000']");
	call(&fx, "mm.brk", "['@','0x603000']");
	call(&fx, "history.rewind", "['@',2]");
	CU_ASSERT(refused(&fx, "history.rewind", "['@',1]", -32008,
			  "history.folded", "seq"));
	result = fixture_result(&fx, "history.list", "['@',3,9,true]");
	CU_ASSERT(is_json(json_object_get(result, "operations"), "[]"));
	json_decref(result);
	result = fixture_result(&fx, "history.diff", "['@',2,2]");
	CU_ASSERT_PTR_NOT_NULL(result);
	json_decref(result);
	result = fixture_result(&fx, "world.branch", "['@']");
	CU_ASSERT(is_json(json_object_get(result, "seq"), "2"));
	fixture_turn_to(&fx,
			json_string_value(json_object_get(result, "process")));
	json_decref(result);
	result = fixture_result(&fx, "mm.brk", "['@',0]");
	CU_ASSERT(is_json(json_object_get(result, "ret"), "'0x603000'"));
	json_decref(result);
	fixture_deinit(&fx);
}

static void a_branch_that_nobody_learns_of_is_none(void)
{
	const struct rpc_limits limits = { .answer_bytes = 1200 };
	struct rpc_fixture fx;

	fixture_init(&fx, 1, &limits);
	json_decref(fixture_create(&fx, "{'want':[]}"));
	CU_ASSERT(refused(&fx, "world.branch", "['@',0]", -32006,
			  "response.too_large", NULL));
	CU_ASSERT_EQUAL(fx.services[0]->tenants.all[0]->account.processes, 1);
	CU_ASSERT_EQUAL(fx.services[0]->tenants.all[0]->account.worlds, 1);
	CU_ASSERT_EQUAL(fx.services[0]->processes.live, 1);
	fixture_deinit(&fx);
}

static void a_branch_beyond_the_quota_is_refused(void)
{
	const struct rpc_limits limits = { .processes = 1 };
	struct rpc_fixture fx;

	fixture_init(&fx, 1, &limits);
	json_decref(fixture_create(&fx, "{'want':[]}"));
	CU_ASSERT(refused(&fx, "world.branch", "['@']", -32003,
			  "quota.processes", NULL));
	rpc_service_drain(fx.services[0]);
	CU_ASSERT(refused(&fx, "world.branch", "['@']", -32005, "shutdown",
			  NULL));
	CU_ASSERT_EQUAL(fx.services[0]->tenants.all[0]->account.worlds, 1);
	fixture_deinit(&fx);
}

/* ---------------------------------------------------------------- diff */

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

	begin(&fx, "{'maps':'10000000-10004000 rw-p 0'}");
	call(&fx, "mm.munmap", "['@','0x10001000',4096]");
	call(&fx, "mm.mmap", "['@','0x10001000',4096,3,'0x32',-1,0]");
	call(&fx, "mm.mremap", "['@','0x10000000',4096,4096,3,'0x20000000']");
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

	begin(&fx, "{'history':0,'want':[]}");
	call(&fx, "mm.brk", "['@',0]");
	call(&fx, "mm.brk", "['@',0]");
	CU_ASSERT(refused(&fx, "history.at", "['@',1]", -32008,
			  "history.folded", "seq"));
	call(&fx, "history.at", "['@',2]");
	CU_ASSERT(areas_are(&fx, "['@',2]", "[]"));
	call(&fx, "history.rewind", "['@',2]");
	call(&fx, "world.branch", "['@']");
	CU_ASSERT(refused(&fx, "history.rewind", "['@',1]", -32008,
			  "history.folded", "seq"));
	CU_ASSERT(refused(&fx, "history.diff", "['@',1]", -32008,
			  "history.folded", "from"));
	call(&fx, "world.export", "['@']");
	fixture_deinit(&fx);
}

static void a_diff_names_fields_counters_cache_and_tree(void)
{
	struct rpc_fixture fx;

	begin(&fx, "{'maps':'10000000-10002000 rw-p 0'}");
	call(&fx, "mm.access", "['@','0x10000000','write']");
	call(&fx, "mm.mmap", "['@','0x20000000',4096,1,'0x32',-1,0]");
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

	begin(&fx, "{'maps':'10000000-10002000 rw-p 0'}");
	snprintf(parent, sizeof(parent), "%s", fx.process);
	result = fixture_result(&fx, "world.branch", "['@']");
	fixture_turn_to(&fx,
			json_string_value(json_object_get(result, "process")));
	json_decref(result);
	call(&fx, "mm.munmap", "['@','0x10001000',4096]");
	snprintf(params, sizeof(params), "['%s',0,1,'@']", parent);
	CU_ASSERT(areas_are(&fx, params,
			    "[{'id':1,'change':'changed','fields':{'end':["
			    "'0x10002000','0x10001000']}}]"));
	snprintf(params, sizeof(params), "['%s',0,2,'@']", parent);
	CU_ASSERT(refused(&fx, "history.diff", params, -32008, "history.future",
			  "to"));
	CU_ASSERT(refused(&fx, "history.diff", "['@',7]", -32008,
			  "history.future", "from"));
	CU_ASSERT(refused(&fx, "history.diff", "['@',0,0,'nobody']", -32001,
			  "process.unknown", "other"));
	CU_ASSERT(refused(&fx, "history.diff", "['@',0,0,5]", -32602,
			  "params.type", "other"));
	fixture_deinit(&fx);
}

CU_TestInfo test_rpc_history[] = {
	{ "a world may have no past", a_world_may_have_no_past },
	{ "a diff names what became of areas",
	  a_diff_names_what_became_of_areas },
	{ "a diff names fields, counters, cache and tree",
	  a_diff_names_fields_counters_cache_and_tree },
	{ "a diff compares two processes", a_diff_compares_two_processes },
	{ "any part of any state is as it was",
	  any_part_of_any_state_is_as_it_was },
	{ "states out of reach are refused", states_out_of_reach_are_refused },
	{ "rewinding drops what came later", rewinding_drops_what_came_later },
	{ "names follow the rewinding", names_follow_the_rewinding },
	{ "a branch is a world of its own", a_branch_is_a_world_of_its_own },
	{ "the present needs no history", the_present_needs_no_history },
	{ "a branch that nobody learns of is none",
	  a_branch_that_nobody_learns_of_is_none },
	{ "a branch beyond the quota is refused",
	  a_branch_beyond_the_quota_is_refused },
	{ "calls are listed as they can be sent",
	  calls_are_listed_as_they_can_be_sent },
	{ "answers come if they are wanted", answers_come_if_they_are_wanted },
	{ "pages follow each other", pages_follow_each_other },
	{ "past and future are refused", past_and_future_are_refused },
	CU_TEST_INFO_NULL,
};
