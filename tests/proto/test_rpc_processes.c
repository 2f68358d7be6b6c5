/* SPDX-License-Identifier: MIT */
/*
 * Processes from their creation to their end
 */
#include <stdlib.h>
#include <string.h>

#include "tests/proto/rpc_fixture.h"
#include "tests/support/suite.h"

static json_t *at(json_t *value, const char *a, const char *b)
{
	return json_object_get(json_object_get(value, a), b);
}

static void create_answers_process_thread_route_snapshot(void)
{
	struct rpc_fixture fx;
	json_t *result, *snapshot;

	fixture_init(&fx, 1, NULL);
	result = fixture_create(&fx, "{}");
	CU_ASSERT_EQUAL(json_object_size(result), 4);
	CU_ASSERT_EQUAL(strlen(fx.process), PROCESS_NAME_LEN);
	CU_ASSERT(is_json(json_object_get(result, "thread"), "1"));
	CU_ASSERT(is_json(json_object_get(result, "route"), "'w0'"));
	snapshot = json_object_get(result, "snapshot");
	CU_ASSERT_EQUAL(json_object_size(snapshot), 2);
	CU_ASSERT(is_json(at(snapshot, "mm", "seq"), "0"));
	CU_ASSERT_EQUAL(json_array_size(json_object_get(snapshot, "vmas")), 5);
	json_decref(result);

	result = fixture_create(&fx, "{'want':[]}");
	CU_ASSERT_PTR_NULL(json_object_get(result, "snapshot"));
	json_decref(result);
	result = fixture_create(&fx, "{'want':['status','maps']}");
	CU_ASSERT_EQUAL(json_object_size(json_object_get(result, "snapshot")),
			2);
	json_decref(result);
	CU_ASSERT_EQUAL(fx.services[0]->tenants.all[0]->account.processes, 3);
	fixture_deinit(&fx);
}

/* The first line of a trace of a real 4.0 kernel. */
static const char trace[] =
	"{'profile':'4.0','maps':['400000-401000 r-xp 0 tracee',"
	"'7ffff7ffb000-7ffff7ffd000 r--p 0 [vvar]',"
	"'7ffff7ffd000-7ffff7fff000 r-xp 0 [vdso]',"
	"'7ffffffde000-7ffffffff000 rw-p 0 [stack]'],"
	"'resident':[['0x400000','0x401000','file'],"
	"['0x7fffffffe000','0x7ffffffff000','anon'],"
	"['0x7ffff7ffb000','0x7ffff7ffd000','pfn']],"
	"'mm':{'start_code':'0x400000','end_code':'0x4000bb',"
	"'start_stack':'0x7fffffffee70','start_data':'0x400000',"
	"'end_data':'0x4000bb','start_brk':'0x401000','brk':'0x401000',"
	"'mmap_base':'0x7ffff7fff000','hiwater_vm':40,'hiwater_rss':2},"
	"'vmacache':'stale','committed_kb':18480,'uid':65534,"
	"'sysctl':{'max_map_count':65530,'overcommit_memory':0,"
	"'admin_reserve_kbytes':8192,'user_reserve_kbytes':31999},"
	"'mem_total_kb':1026840,"
	"'rlimits':{'as':-1,'data':-1,'memlock':8388608,'stack':8388608},"
	"'files':[{'fd':10,'name':'data.rw','size':20580,'mode':'rw'},"
	"{'fd':11,'name':'data.ro','size':24576,'mode':'ro'}],"
	"'seed':'0','history':'all',"
	"'want':['status','maps','vmacache','mm']}";

static void create_from_a_trace(void)
{
	static const char status[] =
		"{'VmPeak':160,'VmSize':156,'VmLck':0,'VmHWM':8,'VmRSS':8,"
		"'VmData':16,'VmStk':136,'VmExe':4,'VmLib':0,'VmPTE':12,"
		"'VmPMD':8}";
	struct rpc_fixture fx;
	const struct world *world;
	const struct mm_struct *mm;
	json_t *result, *snapshot;

	fixture_init(&fx, 1, NULL);
	result = fixture_create(&fx, trace);
	snapshot = json_object_get(result, "snapshot");
	CU_ASSERT(is_json(json_object_get(snapshot, "status"), status));
	CU_ASSERT_EQUAL(json_array_size(json_object_get(snapshot, "maps")), 4);
	json_decref(result);

	/* What does not show in the snapshot. */
	world = fixture_world(&fx, 0);
	mm = process_mm(world_process(world, 0));
	CU_ASSERT_EQUAL(mm->uid, 65534);
	CU_ASSERT_EQUAL(mm->rlimits.as, RLIM_INFINITY);
	CU_ASSERT_EQUAL(mm->rlimits.memlock, 8388608);
	CU_ASSERT_EQUAL(mm->end_code, 0x4000bb);
	CU_ASSERT_EQUAL(world_machine(world)->totalram_pages, 1026840 / 4);
	CU_ASSERT_EQUAL(world_machine(world)->committed_as, 18480 / 4);
	CU_ASSERT_EQUAL(world_machine(world)->sysctl.user_reserve_kbytes,
			31999);
	CU_ASSERT_EQUAL(world_history_limit(world), HISTORY_ALL);

	/* Its first calls, with the answers and cache of the real kernel. */
	CU_ASSERT(result_is(&fx, "mm.munmap",
			    "['@','0x7ffff7fc2000','0x20000',1,[]]",
			    "{'ret':0}"));
	result = fixture_result(&fx, "mm.brk",
				"['@','0x5b0ac5',1,['vmacache']]");
	CU_ASSERT(is_json(json_object_get(result, "ret"), "'0x5b0ac5'"));
	CU_ASSERT(is_json(
		at(json_object_get(result, "snapshot"), "vmacache", "calls"),
		"1"));
	CU_ASSERT(is_json(
		at(json_object_get(result, "snapshot"), "vmacache", "hits"),
		"0"));
	json_decref(result);
	CU_ASSERT(result_is(&fx, "mm.access",
			    "['@','0x7ffff7fd1fb7','write',1,'0x10000',1,[]]",
			    "{'fault':'SIGSEGV','si_code':'SEGV_MAPERR',"
			    "'si_addr':'0x7ffff7fd1fb7'}"));
	fixture_deinit(&fx);
}

static void get_tells_what_was_given_age_and_counters(void)
{
	struct rpc_fixture fx;
	json_t *result, *counters;

	fixture_init(&fx, 1, NULL);
	json_decref(fixture_create(
		&fx,
		"{'want':[],'seed':0,'uid' : 0,'mm':{ 'brk' :'0x601000'}}"));
	fx.now += 61999;
	CU_ASSERT(
		result_is(&fx, "mm.brk", "['@',0,1,[]]", "{'ret':'0x601000'}"));
	CU_ASSERT(result_is(&fx, "thread.create", "['@']", "{'thread':2}"));
	result = fixture_result(&fx, "process.get", "['@']");
	counters = json_object_get(result, "counters");
	CU_ASSERT_EQUAL((uint64_t)json_integer_value(
				json_object_get(counters, "journal_bytes")),
			world_journal_bytes(fixture_world(&fx, 0)));
	json_object_del(counters, "journal_bytes");
	CU_ASSERT_EQUAL((uint64_t)json_integer_value(json_object_get(
				json_object_get(result, "world"), "held")),
			world_held(fixture_world(&fx, 0)));
	CU_ASSERT_EQUAL((uint64_t)json_integer_value(json_object_get(
				json_object_get(result, "world"), "limit")),
			32 << 20);
	json_object_del(result, "world");
	CU_ASSERT(is_json(
		result, "{'profile':'4.0','route':'w0','age':61,"
			"'created':{'mm':{'brk':'0x601000'},'uid':0,'seed':0},"
			"'counters':{'operations':2,'threads':2,'areas':5,"
			"'resident_pages':2},'history':{'first':1,'last':2}}"));
	json_decref(result);
	fixture_deinit(&fx);
}

static void without_a_clock_there_is_no_age(void)
{
	struct rpc_fixture fx;
	json_t *result;

	fixture_init(&fx, 1, NULL);
	fx.services[0]->host.now = NULL;
	json_decref(fixture_create(&fx, "{}"));
	result = fixture_result(&fx, "process.get", "['@']");
	CU_ASSERT(json_is_null(json_object_get(result, "age")));
	json_decref(result);
	fixture_deinit(&fx);
}

static void exit_ends_the_process(void)
{
	struct rpc_fixture fx;
	const struct account *account;
	uint64_t spare;

	fixture_init(&fx, 1, NULL);
	json_decref(fixture_create(&fx, "{'uid':0}"));
	CU_ASSERT(result_is(&fx, "process.exit", "{'process':'@'}",
			    "{'threads':0}"));
	CU_ASSERT(is_refused(&fx, "process.exit", "['@']", -32002,
			     "process.gone", "process"));
	CU_ASSERT(is_refused(&fx, "mm.brk", "['@',0]", -32002, "process.gone",
			     "process"));
	account = &fx.services[0]->tenants.all[0]->account;
	CU_ASSERT_EQUAL(account->processes, 0);
	CU_ASSERT_EQUAL(account->areas, 0);
	spare = account->bytes;

	/* The name stays gone when its slot is used again. */
	json_decref(fixture_result(&fx, "process.create", "{}"));
	CU_ASSERT(is_refused(&fx, "mm.brk", "['@',0]", -32002, "process.gone",
			     "process"));

	/* And nothing stays behind but the objects kept for the next one. */
	json_decref(fixture_create(&fx, "{'uid':0}"));
	json_decref(fixture_result(&fx, "process.exit", "['@']"));
	json_decref(fixture_create(&fx, "{'uid':0}"));
	json_decref(fixture_result(&fx, "process.exit", "['@']"));
	CU_ASSERT_EQUAL(account->processes, 1);
	CU_ASSERT(spare < 2000);
	fixture_deinit(&fx);
}

static void unknown_processes(void)
{
	static const char *const names[] = {
		"",
		"x",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		"77777777777777777777777777777777",
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		"\\u0000aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	};
	struct rpc_fixture fx;
	char params[300];
	size_t i;

	fixture_init(&fx, 1, NULL);
	json_decref(fixture_create(&fx, "{}"));
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(params, sizeof(params), "['%s',0]", names[i]);
		CU_ASSERT(is_refused(&fx, "mm.brk", params, -32001,
				     "process.unknown", "process"));
	}
	fixture_deinit(&fx);
}

static void list_needs_a_token(void)
{
	struct rpc_fixture fx;

	fixture_init(&fx, 1, NULL);
	CU_ASSERT(is_refused(&fx, "process.list", "{}", -32007, "auth.required",
			     NULL));
	CU_ASSERT(is_refused(&fx, "process.list", "{'limit':5}", -32007,
			     "auth.required", NULL));
	fixture_deinit(&fx);
}

static void draining_refuses_new_processes_only(void)
{
	struct rpc_fixture fx;
	json_t *answer;

	fixture_init(&fx, 1, NULL);
	json_decref(fixture_create(&fx, "{}"));
	rpc_service_drain(fx.services[0]);
	answer = fixture_call(&fx, "process.create", "{}");
	CU_ASSERT(is_error(answer, -32005, "shutdown", NULL));
	CU_ASSERT(json_is_integer(
		json_object_get(at(answer, "error", "data"), "retry_after")));
	json_decref(answer);
	CU_ASSERT(
		result_is(&fx, "mm.brk", "['@',0,1,[]]", "{'ret':'0x601000'}"));
	fixture_deinit(&fx);
}

CU_TestInfo test_rpc_processes[] = {
	{ "create answers process, thread, route, snapshot",
	  create_answers_process_thread_route_snapshot },
	{ "create from a trace", create_from_a_trace },
	{ "get tells what was given, age and counters",
	  get_tells_what_was_given_age_and_counters },
	{ "without a clock there is no age", without_a_clock_there_is_no_age },
	{ "exit ends the process", exit_ends_the_process },
	{ "unknown processes", unknown_processes },
	{ "list needs a token", list_needs_a_token },
	{ "draining refuses new processes only",
	  draining_refuses_new_processes_only },
	CU_TEST_INFO_NULL,
};
