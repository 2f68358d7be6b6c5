/* SPDX-License-Identifier: MIT */
/*
 * Families: many names, one world
 */
#include <stdlib.h>
#include <string.h>

#include "tests/proto/rpc_fixture.h"
#include "tests/support/suite.h"

/* Forks; the child's name goes to @name. */
static json_t *fork_child(struct rpc_fixture *fx, const char *params,
			  char name[PROCESS_NAME_LEN + 1])
{
	json_t *result = fixture_result(fx, "process.fork", params);
	const char *process =
		json_string_value(json_object_get(result, "process"));

	CU_ASSERT_PTR_NOT_NULL_FATAL(process);
	snprintf(name, PROCESS_NAME_LEN + 1, "%s", process);
	return result;
}

static uint64_t rss_at(struct rpc_fixture *fx, const char *start)
{
	json_t *result = fixture_result(fx, "mm.snapshot", "['@',1,['vmas']]");
	uint64_t rss = UINT64_MAX;
	json_t *vma;
	size_t i;

	json_array_foreach(
		json_object_get(json_object_get(result, "snapshot"), "vmas"), i,
		vma)
		if (!strcmp(json_string_value(json_object_get(vma, "start")),
			    start))
			rss = (uint64_t)json_integer_value(
				json_object_get(vma, "rss"));
	json_decref(result);
	return rss;
}

/* One page written at 0x10000000. */
static void begin(struct rpc_fixture *fx, unsigned nr)
{
	fixture_init(fx, nr, NULL);
	json_decref(fixture_create(
		fx, "{'files':[{'fd':3,'name':'data','size':8192}]}"));
	json_decref(fixture_result(fx, "mm.mmap",
				   "['@','0x10000000',8192,3,50,-1,0,1,[]]"));
	json_decref(
		fixture_result(fx, "mm.access", "['@','0x10000000','write']"));
}

static void fork_answers_the_child(void)
{
	char parent[PROCESS_NAME_LEN + 1], child[PROCESS_NAME_LEN + 1];
	struct rpc_fixture fx;
	json_t *result, *seen;

	begin(&fx, 1);
	fixture_turn_to(&fx, strcpy(parent, fx.process));
	result = fork_child(&fx, "['@']", child);
	CU_ASSERT_EQUAL(json_object_size(result), 4);
	CU_ASSERT(is_json(json_object_get(result, "ret"), "0"));
	CU_ASSERT(is_json(json_object_get(result, "thread"), "1"));
	CU_ASSERT_EQUAL(strlen(child), PROCESS_NAME_LEN);
	CU_ASSERT_STRING_NOT_EQUAL(child, parent);

	/* The snapshot is what the child itself shows. */
	fixture_turn_to(&fx, child);
	seen = fixture_result(&fx, "mm.snapshot", "['@']");
	CU_ASSERT(json_equal(json_object_get(result, "snapshot"),
			     json_object_get(seen, "snapshot")));
	json_decref(seen);
	json_decref(result);
	fixture_deinit(&fx);
}

static void parent_and_child_go_their_ways(void)
{
	char parent[PROCESS_NAME_LEN + 1], child[PROCESS_NAME_LEN + 1];
	struct rpc_fixture fx;

	begin(&fx, 1);
	strcpy(parent, fx.process);
	json_decref(fork_child(&fx, "['@',1,false,[]]", child));
	CU_ASSERT(result_is(&fx, "mm.munmap", "['@','0x10000000',4096,1,[]]",
			    "{'ret':0}"));
	CU_ASSERT_EQUAL(rss_at(&fx, "0x10000000"), UINT64_MAX);
	fixture_turn_to(&fx, child);
	CU_ASSERT_EQUAL(rss_at(&fx, "0x10000000"), 1);
	/* Descriptors are inherited; files are shared. */
	CU_ASSERT(result_is(&fx, "file.truncate", "['@',3,4096]", "{'ret':0}"));
	CU_ASSERT(result_is(&fx, "file.close", "['@',3]", "{'fd':3}"));
	fixture_turn_to(&fx, parent);
	CU_ASSERT(result_is(&fx, "file.close", "['@',3]", "{'fd':3}"));
	fixture_deinit(&fx);
}

static void vm_shares_the_address_space(void)
{
	char parent[PROCESS_NAME_LEN + 1], child[PROCESS_NAME_LEN + 1];
	struct rpc_fixture fx;

	begin(&fx, 1);
	strcpy(parent, fx.process);
	json_decref(fork_child(&fx, "{'process':'@','vm':true}", child));
	CU_ASSERT(result_is(&fx, "mm.munmap", "['@','0x10000000',8192,1,[]]",
			    "{'ret':0}"));
	fixture_turn_to(&fx, child);
	CU_ASSERT_EQUAL(rss_at(&fx, "0x10000000"), UINT64_MAX);
	/* The parent's end leaves it to the child. */
	fixture_turn_to(&fx, parent);
	json_decref(fixture_result(&fx, "process.exit", "['@']"));
	fixture_turn_to(&fx, child);
	CU_ASSERT(result_is(&fx, "mm.mmap",
			    "['@','0x10000000',4096,1,50,-1,0,1,[]]",
			    "{'ret':'0x10000000'}"));
	CU_ASSERT(is_refused(&fx, "process.fork", "['@',1,1]", -32602,
			     "params.type", "vm"));
	fixture_deinit(&fx);
}

/* Any order of ends leaves nothing behind, and only the last one the world. */
static void families_end_in_any_order(void)
{
	static const int orders[6][3] = {
		{ 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 },
		{ 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 },
	};
	char names[3][PROCESS_NAME_LEN + 1];
	struct rpc_fixture fx;
	size_t i;
	int j;

	for (i = 0; i < 6; i++) {
		begin(&fx, 1);
		strcpy(names[0], fx.process);
		json_decref(fork_child(&fx, "['@',1,false,[]]", names[1]));
		fixture_turn_to(&fx, names[1]);
		json_decref(fork_child(&fx, "['@',1,true,[]]", names[2]));
		CU_ASSERT_EQUAL(
			fx.services[0]->tenants.all[0]->account.processes, 3);
		CU_ASSERT_EQUAL(fx.services[0]->processes.live, 3);
		for (j = 0; j < 3; j++) {
			fixture_turn_to(&fx, names[orders[i][j]]);
			CU_ASSERT(result_is(
				&fx, j ? "process.exit" : "thread.exit",
				j ? "['@']" : "['@',1]", "{'threads':0}"));
			CU_ASSERT(is_refused(&fx, "mm.snapshot", "['@']",
					     -32002, "process.gone",
					     "process"));
		}
		CU_ASSERT_EQUAL(
			fx.services[0]->tenants.all[0]->account.processes, 0);
		CU_ASSERT_EQUAL(fx.services[0]->tenants.all[0]->account.areas,
				0);
		CU_ASSERT_EQUAL(fx.services[0]->processes.live, 0);
		fixture_deinit(&fx);
	}
}

/* Whoever is still alive at the end of the service goes with it. */
static void families_end_with_the_service(void)
{
	char child[PROCESS_NAME_LEN + 1];
	struct rpc_fixture fx;
	int i;

	begin(&fx, 1);
	for (i = 0; i < 5; i++)
		json_decref(fork_child(&fx, "['@',1,false,[]]", child));
	json_decref(fixture_result(&fx, "process.exit", "['@']"));
	CU_ASSERT_EQUAL(fx.services[0]->tenants.all[0]->account.processes, 5);
	/* The leak checker and the world's own assertions look on. */
	fixture_deinit(&fx);
}

static void get_of_a_child(void)
{
	char child[PROCESS_NAME_LEN + 1];
	struct rpc_fixture fx;
	json_t *result;

	begin(&fx, 1);
	fx.now += 3000;
	json_decref(fork_child(&fx, "['@',1,false,[]]", child));
	fixture_turn_to(&fx, child);
	fx.now += 2000;
	result = fixture_result(&fx, "process.get", "['@']");
	CU_ASSERT(is_json(json_object_get(result, "age"), "2"));
	CU_ASSERT(is_json(json_object_get(result, "created"), "{}"));
	CU_ASSERT(is_json(json_object_get(result, "profile"), "'4.0'"));
	CU_ASSERT(is_json(json_object_get(result, "history"),
			  "{'first':1,'last':3}"));
	json_decref(result);
	fixture_deinit(&fx);
}

static void any_thread_forks(void)
{
	char child[PROCESS_NAME_LEN + 1];
	struct rpc_fixture fx;

	begin(&fx, 1);
	json_decref(fixture_result(&fx, "thread.create", "['@']"));
	json_decref(fork_child(&fx, "['@',2,false,[]]", child));
	CU_ASSERT(is_refused(&fx, "process.fork", "['@',3]", -32001,
			     "thread.unknown", "thread"));
	CU_ASSERT_EQUAL(fx.services[0]->processes.live, 2);
	fixture_turn_to(&fx, child);
	/* Only the forking thread is there, as the first. */
	CU_ASSERT(is_refused(&fx, "mm.brk", "['@',0,2]", -32001,
			     "thread.unknown", "thread"));
	fixture_deinit(&fx);
}

static void fork_as_a_notification_is_refused(void)
{
	struct rpc_fixture fx;
	json_t *answer;

	begin(&fx, 1);
	answer = fixture_ask(&fx, "{'jsonrpc':'2.0','method':'process.fork',"
				  "'params':['@']}");
	CU_ASSERT(is_error(answer, -32600, "request", NULL));
	json_decref(answer);
	CU_ASSERT_EQUAL(fx.services[0]->processes.live, 1);
	CU_ASSERT_EQUAL(world_seq(fixture_world(&fx, 0)), 2);
	fixture_deinit(&fx);
}

/* The stack and memory that counts, on a machine that cannot have it twice. */
static void fork_beyond_the_commit_limit(void)
{
	struct rpc_fixture fx;
	json_t *result;

	fixture_init(&fx, 1, NULL);
	json_decref(fixture_create(
		&fx, "{'sysctl':{'overcommit_memory':2,'overcommit_kbytes':800,"
		     "'admin_reserve_kbytes':0,'user_reserve_kbytes':0},"
		     "'rlimits':{'stack':-1}}"));
	result = fixture_result(&fx, "mm.mmap",
				"['@','0x10000000',409600,3,50,-1,0,1,[]]");
	CU_ASSERT(is_json(result, "{'ret':'0x10000000'}"));
	json_decref(result);
	CU_ASSERT(result_is(&fx, "process.fork", "['@']",
			    "{'ret':-12,'errno':'ENOMEM'}"));
	/* It counts, but there is no child, and no name for one. */
	CU_ASSERT_EQUAL(world_seq(fixture_world(&fx, 0)), 2);
	CU_ASSERT_EQUAL(fx.services[0]->processes.live, 1);
	CU_ASSERT_EQUAL(fx.services[0]->tenants.all[0]->account.processes, 1);
	fixture_deinit(&fx);
}

static void fork_beyond_the_quota(void)
{
	const struct rpc_limits limits = { .processes = 2 };
	char child[PROCESS_NAME_LEN + 1];
	struct rpc_fixture fx;

	fixture_init(&fx, 1, &limits);
	json_decref(fixture_create(&fx, "{}"));
	json_decref(fork_child(&fx, "['@',1,false,[]]", child));
	CU_ASSERT(is_refused(&fx, "process.fork", "['@']", -32003,
			     "quota.processes", NULL));
	CU_ASSERT_EQUAL(world_seq(fixture_world(&fx, 0)), 1);
	CU_ASSERT_EQUAL(fx.services[0]->processes.live, 2);
	json_decref(fixture_result(&fx, "process.exit", "['@']"));
	fixture_turn_to(&fx, child);
	json_decref(fork_child(&fx, "['@',1,false,[]]", child));
	fixture_deinit(&fx);
}

/* Nobody learns the child's name, so there must be no child. */
static void lost_answer_ends_the_child(void)
{
	const struct rpc_limits limits = { .answer_bytes = 1200 };
	struct rpc_fixture fx;
	json_t *answer, *data;

	fixture_init(&fx, 1, &limits);
	json_decref(fixture_create(&fx, "{'want':[]}"));
	answer = fixture_call(&fx, "process.fork",
			      "['@',1,false,['mm','vmas','status']]");
	CU_ASSERT(is_error(answer, -32006, "response.too_large", NULL));
	data = json_object_get(json_object_get(answer, "error"), "data");
	CU_ASSERT(is_json(json_object_get(data, "carried_out"), "true"));
	CU_ASSERT(is_json(json_object_get(data, "seq"), "1"));
	CU_ASSERT(strstr(json_string_value(json_object_get(data, "hint")),
			 "ended") != NULL);
	json_decref(answer);
	CU_ASSERT_EQUAL(fx.services[0]->processes.live, 1);
	CU_ASSERT_EQUAL(fx.services[0]->tenants.all[0]->account.processes, 1);
	/* The fork, and the child's end. */
	CU_ASSERT_EQUAL(world_seq(fixture_world(&fx, 0)), 2);
	CU_ASSERT(result_is(&fx, "mm.brk", "['@','0x602000',1,[]]",
			    "{'ret':'0x602000'}"));
	fixture_deinit(&fx);
}

/* A child lives where its parent lives, whoever is asked. */
static void child_lives_where_its_parent_does(void)
{
	char child[PROCESS_NAME_LEN + 1];
	struct rpc_fixture fx;

	begin(&fx, 2);
	fx.at = 1;
	json_decref(fork_child(&fx, "['@',1,false,[]]", child));
	CU_ASSERT_EQUAL(fx.hops, 1);
	fixture_turn_to(&fx, child);
	CU_ASSERT(result_is(&fx, "mm.brk", "['@','0x602000',1,[]]",
			    "{'ret':'0x602000'}"));
	CU_ASSERT_EQUAL(fx.hops, 1);
	CU_ASSERT_PTR_NOT_NULL(fixture_world(&fx, 0));
	fixture_deinit(&fx);
}

CU_TestInfo test_rpc_fork[] = {
	{ "fork answers the child", fork_answers_the_child },
	{ "parent and child go their ways", parent_and_child_go_their_ways },
	{ "vm shares the address space", vm_shares_the_address_space },
	{ "families end in any order", families_end_in_any_order },
	{ "families end with the service", families_end_with_the_service },
	{ "get of a child", get_of_a_child },
	{ "any thread forks", any_thread_forks },
	{ "fork as a notification is refused",
	  fork_as_a_notification_is_refused },
	{ "fork beyond the commit limit", fork_beyond_the_commit_limit },
	{ "fork beyond the quota", fork_beyond_the_quota },
	{ "lost answer ends the child", lost_answer_ends_the_child },
	{ "child lives where its parent does",
	  child_lives_where_its_parent_does },
	CU_TEST_INFO_NULL,
};
