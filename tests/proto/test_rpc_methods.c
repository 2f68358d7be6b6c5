/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "core/world/history.h"
#include "tests/proto/rpc_fixture.h"
#include "tests/support/suite.h"

static json_t *at(json_t *value, const char *a, const char *b)
{
	return json_object_get(json_object_get(value, a), b);
}

/* ------------------------------------------------------------ processes */

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

/* -------------------------------------------------------------- threads */

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

/* ---------------------------------------------------------------- files */

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

/* ---------------------------------------------------------------- calls */

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

/* -------------------------------------------------------------- history */

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
	{ "create answers process, thread, route, snapshot",
	  create_answers_process_thread_route_snapshot },
	{ "create from a trace", create_from_a_trace },
	{ "maps as text or lines", maps_as_text_or_lines },
	{ "get tells what was given, age and counters",
	  get_tells_what_was_given_age_and_counters },
	{ "without a clock there is no age", without_a_clock_there_is_no_age },
	{ "exit ends the process", exit_ends_the_process },
	{ "unknown processes", unknown_processes },
	{ "list needs a token", list_needs_a_token },
	{ "draining refuses new processes only",
	  draining_refuses_new_processes_only },
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
