/* SPDX-License-Identifier: MIT */
/*
 * history.at, history.rewind, world.branch: earlier states
 */
#include <stdio.h>

#include "tests/proto/rpc_fixture.h"
#include "tests/support/suite.h"

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
		fixture_begin(&fx, params);
		then[0] = snapshot_now(&fx);
		for (j = 1; j < 200; j++) {
			snprintf(params, sizeof(params),
				 j % 3 ? "['@','%u',4096,3,'0x32',-1,0]"
				       : "['@','%u','write']",
				 0x10000000 + j / 3 * 8192);
			fixture_do(&fx, j % 3 ? "mm.mmap" : "mm.access",
				   params);
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

static void states_out_of_reach_are_refused(void)
{
	static const char *const methods[] = { "history.at", "history.rewind",
					       "world.branch" };
	struct rpc_fixture fx;
	uint64_t bytes;
	int i;

	fixture_begin(&fx, "{'history':64}");
	for (i = 0; i < 200; i++)
		fixture_do(&fx, "mm.brk", "['@',0]");
	bytes = fx.services[0]->tenants.all[0]->account.bytes;
	for (i = 0; i < 3; i++) {
		CU_ASSERT(is_refused(&fx, methods[i], "['@',135]", -32008,
				     "history.folded", "seq"));
		CU_ASSERT(is_refused(&fx, methods[i], "['@',201]", -32008,
				     "history.future", "seq"));
		CU_ASSERT(is_refused(&fx, methods[i], "['@',150,2]", -32001,
				     "thread.unknown", "thread"));
	}
	CU_ASSERT(fx.services[0]->tenants.all[0]->account.bytes <= bytes);
	fixture_do(&fx, "history.at", "['@',136]");
	CU_ASSERT_EQUAL(world_seq(fixture_world(&fx, 0)), 200);
	fixture_deinit(&fx);
}

static void rewinding_drops_what_came_later(void)
{
	struct rpc_fixture fx;
	json_t *result, *then, *now;

	fixture_begin(&fx, "{}");
	fixture_do(&fx, "mm.mmap", "['@','0x10000000',4096,3,'0x32',-1,0]");
	then = snapshot_now(&fx);
	fixture_do(&fx, "mm.munmap", "['@','0x10000000',4096]");
	fixture_do(&fx, "mm.brk", "['@','0x700000']");
	result = fixture_result(&fx, "history.rewind", "['@',1,1,[]]");
	CU_ASSERT(is_json(result, "{'seq':1,'history':{'first':1,'last':1}}"));
	json_decref(result);
	now = snapshot_now(&fx);
	CU_ASSERT(json_equal(now, then));
	json_decref(now);
	json_decref(then);
	fixture_do(&fx, "mm.brk", "['@','0x602000']");
	CU_ASSERT(result_is(&fx, "history.list", "['@',2]",
			    "{'operations':["
			    "{'seq':2,'number':0,'thread':1,'method':'mm.brk',"
			    "'params':{'addr':'0x602000'}}],"
			    "'next':null,'history':{'first':1,'last':2}}"));
	fixture_deinit(&fx);
}

/* What was forked later is gone, what exited later is back. */
static void names_follow_the_rewinding(void)
{
	char parent[PROCESS_NAME_LEN + 1], child[2][PROCESS_NAME_LEN + 1];
	struct rpc_fixture fx;
	json_t *result;
	int i;

	fixture_begin(&fx, "{}");
	snprintf(parent, sizeof(parent), "%s", fx.process);
	for (i = 0; i < 2; i++) {
		result = fixture_result(&fx, "process.fork", "['@']");
		snprintf(child[i], sizeof(child[i]), "%s",
			 json_string_value(json_object_get(result, "process")));
		json_decref(result);
	}
	fixture_turn_to(&fx, child[0]);
	fixture_do(&fx, "process.exit", "['@']");
	CU_ASSERT(is_refused(&fx, "mm.snapshot", "['@']", -32002,
			     "process.gone", "process"));
	/* Its past can be seen by its name. */
	fixture_do(&fx, "history.at", "['@',2]");
	CU_ASSERT(is_refused(&fx, "history.at", "['@',3]", -32002,
			     "process.gone", "process"));
	CU_ASSERT(is_refused(&fx, "history.at", "['@',0]", -32602,
			     "params.value", "seq"));

	fixture_do(&fx, "history.rewind", "['@',1]");
	fixture_do(&fx, "mm.snapshot", "['@']");
	fixture_turn_to(&fx, child[1]);
	CU_ASSERT(is_refused(&fx, "mm.snapshot", "['@']", -32002,
			     "process.gone", "process"));
	fixture_turn_to(&fx, parent);
	fixture_do(&fx, "mm.snapshot", "['@']");
	CU_ASSERT_EQUAL(fx.services[0]->tenants.all[0]->account.processes, 2);
	CU_ASSERT_EQUAL(fx.services[0]->processes.live, 2);
	fixture_deinit(&fx);
}

static void a_branch_is_a_world_of_its_own(void)
{
	char parent[PROCESS_NAME_LEN + 1], branch[PROCESS_NAME_LEN + 1];
	struct rpc_fixture fx;
	json_t *result, *then, *now;

	fixture_begin(&fx, "{'seed':3}");
	snprintf(parent, sizeof(parent), "%s", fx.process);
	fixture_do(&fx, "process.fork", "['@']");
	fixture_do(&fx, "mm.mmap", "['@','0x10000000',4096,3,'0x32',-1,0]");
	then = snapshot_now(&fx);
	fixture_do(&fx, "mm.brk", "['@',0]");

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
	fixture_do(&fx, "history.rewind", "['@',0]");
	result = fixture_result(&fx, "process.get", "['@']");
	CU_ASSERT(is_json(json_object_get(result, "created"), "{'seed':3}"));
	json_decref(result);
	fixture_do(&fx, "process.exit", "['@']");
	CU_ASSERT_EQUAL(fx.services[0]->processes.live, 2);

	fixture_turn_to(&fx, parent);
	CU_ASSERT_EQUAL(world_seq(fixture_world(&fx, 0)), 3);
	fixture_do(&fx, "history.rewind", "['@',2]");
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

	fixture_begin(&fx, "{'history':0}");
	fixture_do(&fx, "mm.brk", "['@','0x602000']");
	fixture_do(&fx, "mm.brk", "['@','0x603000']");
	fixture_do(&fx, "history.rewind", "['@',2]");
	CU_ASSERT(is_refused(&fx, "history.rewind", "['@',1]", -32008,
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
	CU_ASSERT(is_refused(&fx, "world.branch", "['@',0]", -32006,
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
	CU_ASSERT(is_refused(&fx, "world.branch", "['@']", -32003,
			     "quota.processes", NULL));
	rpc_service_drain(fx.services[0]);
	CU_ASSERT(is_refused(&fx, "world.branch", "['@']", -32005, "shutdown",
			     NULL));
	CU_ASSERT_EQUAL(fx.services[0]->tenants.all[0]->account.worlds, 1);
	fixture_deinit(&fx);
}

CU_TestInfo test_rpc_past[] = {
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
	CU_TEST_INFO_NULL,
};
