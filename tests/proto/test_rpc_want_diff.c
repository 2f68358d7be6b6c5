/* SPDX-License-Identifier: MIT */
/*
 * The part diff: what one call changed
 */
#include <stdio.h>
#include <string.h>

#include "tests/proto/rpc_fixture.h"
#include "tests/support/suite.h"

#define DIFF ",'want':['diff']"

static const char *const profiles[] = { "4.0", "5.10", "6.1", "6.12" };

#define NR_PROFILES (sizeof(profiles) / sizeof(profiles[0]))

static struct account *account(const struct rpc_fixture *fx)
{
	return &fx->services[0]->tenants.all[0]->account;
}

/* The diff in the answer to a call, a new reference; NULL: none. */
static json_t *diff_of(struct rpc_fixture *fx, const char *method,
		       const char *params)
{
	json_t *result = fixture_result(fx, method, params);
	json_t *diff = json_incref(
		json_object_get(json_object_get(result, "snapshot"), "diff"));

	json_decref(result);
	return diff;
}

/* Its member @part; NULL: the whole. */
static bool diff_is(struct rpc_fixture *fx, const char *method,
		    const char *params, const char *part, const char *wanted)
{
	json_t *diff = diff_of(fx, method, params);
	const json_t *value = part ? json_object_get(diff, part) : diff;
	bool is = is_json(value, wanted);

	if (!is) {
		json_dumpf(value, stderr, JSON_ENCODE_ANY);
		fputc('\n', stderr);
	}
	json_decref(diff);
	return is;
}

/* How many areas became what, as "added removed changed moved". */
static const char *census(const json_t *diff)
{
	static const char *const changes[] = { "added", "removed", "changed",
					       "moved" };
	static char text[64];
	unsigned counts[4] = { 0 };
	const json_t *area;
	size_t i, j;

	json_array_foreach(json_object_get(diff, "areas"), i, area)
		for (j = 0; j < 4; j++)
			counts[j] += !strcmp(json_string_value(json_object_get(
						     area, "change")),
					     changes[j]);
	snprintf(text, sizeof(text), "%u %u %u %u", counts[0], counts[1],
		 counts[2], counts[3]);
	return text;
}

/* ------------------------------------------------------- the same as asked */

/* A call's own diff is what history.diff says of it. */
static bool is_told_alike(struct rpc_fixture *fx, const char *method,
			  const char *params)
{
	json_t *told = diff_of(fx, method, params), *asked, *result;
	const uint64_t seq = world_seq(fixture_world(fx, 0));
	char text[96];
	bool is;

	snprintf(text, sizeof(text), "{'process':'@','from':%llu,'to':%llu}",
		 (unsigned long long)seq - 1, (unsigned long long)seq);
	result = fixture_result(fx, "history.diff", text);
	asked = json_object_get(result, "diff");
	is = told && json_equal(told, asked);
	if (!is)
		fprintf(stderr, "%s %s is not told as history.diff tells it\n",
			method, params);
	json_decref(told);
	json_decref(result);
	return is;
}

static void a_call_tells_what_history_tells(void)
{
	static const struct {
		const char *method, *params;
	} calls[] = {
		{ "mm.mmap", "'addr':'0x10000000','length':65536,'prot':3,"
			     "'flags':'MAP_PRIVATE|MAP_ANONYMOUS'" },
		{ "mm.munmap", "'addr':'0x10004000','length':4096" },
		{ "mm.mprotect", "'addr':'0x10006000','length':4096,'prot':1" },
		{ "mm.mprotect", "'addr':'0x10006000','length':4096,'prot':3" },
		{ "mm.access", "'addr':'0x10000000','type':'write',"
			       "'length':8192" },
		{ "mm.find_vma", "'addr':'0x10000000'" },
		{ "mm.find_vma", "'addr':'0x10000000'" },
		{ "mm.mremap",
		  "'old_address':'0x10000000','old_size':8192,"
		  "'new_size':8192,'flags':3,'new_address':'0x20000000'" },
		{ "mm.mlock", "'addr':'0x20000000','length':4096" },
		{ "mm.mlock2", "'addr':'0x20000000','length':4096,'flags':1" },
		{ "mm.munlock", "'addr':'0x20000000','length':4096" },
		{ "mm.mlockall", "'flags':2" },
		{ "mm.munlockall", "" },
		{ "mm.madvise", "'addr':'0x20000000','length':4096,'advice':"
				"'MADV_DONTNEED'" },
		{ "mm.madvise", "'addr':'0x20000000','length':4096,'advice':"
				"'MADV_DONTFORK'" },
		{ "mm.mincore", "'addr':'0x20000000','length':4096" },
		{ "mm.msync", "'addr':'0x20000000','length':4096,'flags':4" },
		{ "mm.brk", "'addr':'0x700000'" },
		/* What the kernel refuses. */
		{ "mm.munmap", "'addr':1,'length':4096" },
		{ "mm.mprotect", "'addr':'0x300000','length':4096,'prot':1" },
		{ "mm.access", "'addr':'0x300000','type':'read'" },
		{ "mm.mmap", "'addr':0,'length':4096,'prot':3,'flags':1,"
			     "'fd':77" },
		{ "file.open", "'fd':5,'name':'data','size':16384" },
		{ "mm.mmap", "'addr':'0x30000000','length':16384,'prot':3,"
			     "'flags':1,'fd':5" },
		{ "mm.access", "'addr':'0x30000000','type':'write',"
			       "'length':16384" },
		{ "file.truncate", "'fd':5,'size':4096" },
		{ "file.close", "'fd':5" },
		{ "thread.create", "" },
	};
	struct rpc_fixture fx;
	char setup[64], params[256];
	uint64_t bytes;
	size_t i, j;

	for (i = 0; i < NR_PROFILES; i++) {
		snprintf(setup, sizeof(setup), "{'profile':'%s','seed':%zu}",
			 profiles[i], i);
		fixture_begin(&fx, setup);
		for (j = 0; j < sizeof(calls) / sizeof(calls[0]); j++) {
			snprintf(params, sizeof(params),
				 "{'process':'@'%s%s" DIFF "}",
				 *calls[j].params ? "," : "", calls[j].params);
			CU_ASSERT(is_told_alike(&fx, calls[j].method, params));
		}
		/* What copies took has been given back. */
		bytes = account(&fx)->bytes;
		json_decref(
			diff_of(&fx, "mm.snapshot", "{'process':'@'" DIFF "}"));
		CU_ASSERT_EQUAL(account(&fx)->bytes, bytes);
		CU_ASSERT_EQUAL(account(&fx)->processes, 1);
		CU_ASSERT_EQUAL(account(&fx)->worlds, 1);
		CU_ASSERT_FALSE(fx.services[0]->before.is_set);
		fixture_deinit(&fx);
	}
}

static void a_diff_stands_beside_other_parts(void)
{
	struct rpc_fixture fx;
	json_t *result, *parts;

	fixture_begin(&fx, "{}");
	result = fixture_result(&fx, "mm.brk",
				"{'process':'@','addr':'0x602000','want':["
				"'diff','steps','vmacache','mm']}");
	parts = json_object_get(result, "snapshot");
	CU_ASSERT_EQUAL(json_object_size(parts), 4);
	CU_ASSERT(is_json(
		json_object_get(
			json_object_get(json_object_get(parts, "diff"), "mm"),
			"brk"),
		"['0x601000','0x602000']"));
	CU_ASSERT(json_array_size(json_object_get(parts, "steps")) > 3);
	json_decref(result);
	fixture_deinit(&fx);
}

static void what_looks_changes_nothing(void)
{
	static const char *const methods[] = { "mm.snapshot", "mm.maps",
					       "mm.smaps", "mm.status" };
	struct rpc_fixture fx;
	size_t i;

	fixture_begin(&fx, "{'profile':'4.0'}");
	for (i = 0; i < 4; i++)
		CU_ASSERT(diff_is(&fx, methods[i], "{'process':'@'" DIFF "}",
				  NULL,
				  "{'areas':[],'mm':{},'vmacache':{},"
				  "'rbtree':{'nodes':[]}}"));
	json_decref(fixture_create(&fx, "{'profile':'6.12'}"));
	CU_ASSERT(diff_is(&fx, "mm.snapshot", "{'process':'@'" DIFF "}", NULL,
			  "{'areas':[],'mm':{},'vmacache':null,"
			  "'rbtree':null}"));
	fixture_deinit(&fx);
}

static void batches_tell_each_call_alone(void)
{
	struct rpc_fixture fx;
	json_t *answers, *diff;
	size_t i;

	fixture_begin(&fx, "{}");
	answers = fixture_ask(
		&fx, "[{'jsonrpc':'2.0','id':1,'method':'mm.brk','params':{"
		     "'process':'@','addr':'0x602000'" DIFF "}},"
		     "{'jsonrpc':'2.0','method':'mm.brk','params':{"
		     "'process':'@','addr':'0x603000'" DIFF "}},"
		     "{'jsonrpc':'2.0','id':2,'method':'mm.brk','params':{"
		     "'process':'@','addr':'0x604000'" DIFF "}}]");
	CU_ASSERT_EQUAL_FATAL(json_array_size(answers), 2);
	for (i = 0; i < 2; i++) {
		diff = json_object_get(
			result_member(json_array_get(answers, i), "snapshot"),
			"diff");
		CU_ASSERT(is_json(
			json_object_get(json_object_get(diff, "mm"), "brk"),
			i ? "['0x603000','0x604000']"
			  : "['0x601000','0x602000']"));
	}
	json_decref(answers);
	fixture_deinit(&fx);
}

/* ---------------------------------------------------------- whole processes */

static void a_creation_adds_all(void)
{
	struct rpc_fixture fx;
	json_t *diff;

	fixture_init(&fx, 1, NULL);
	diff = diff_of(&fx, "process.create", "{'want':['diff']}");
	CU_ASSERT_STRING_EQUAL(census(diff), "5 0 0 0");
	CU_ASSERT(json_is_null(json_object_get(diff, "mm")));
	CU_ASSERT(json_is_null(json_object_get(diff, "vmacache")));
	CU_ASSERT(json_is_null(json_object_get(diff, "rbtree")));
	json_decref(diff);
	fixture_deinit(&fx);
}

/* The child beside its parent. */
static void a_fork_tells_what_the_child_has_otherwise(void)
{
	struct rpc_fixture fx;
	json_t *diff;

	fixture_begin(&fx, "{'maps':'10000000-10001000 rw-p 0\\n"
			   "20000000-20001000 rw-p 0'}");
	json_decref(fixture_result(&fx, "mm.madvise",
				   "['@','0x20000000',4096,10]"));
	json_decref(fixture_result(&fx, "mm.mlock", "['@','0x10000000',4096]"));
	diff = diff_of(&fx, "process.fork", "{'process':'@'" DIFF "}");
	/* One is not inherited, the other no longer locked. */
	CU_ASSERT_STRING_EQUAL(census(diff), "0 1 1 0");
	CU_ASSERT(is_json(
		json_object_get(json_object_get(diff, "mm"), "locked_vm"),
		"[1,0]"));
	json_decref(diff);
	fixture_deinit(&fx);
}

static void a_fork_that_fails_tells_of_the_parent(void)
{
	struct rpc_fixture fx;

	fixture_begin(&fx,
		      "{'maps':'10000000-20000000 rw-p 0',"
		      "'sysctl':{'overcommit_memory':2,'overcommit_ratio':50},"
		      "'mem_total_kb':600000}");
	CU_ASSERT(diff_is(&fx, "process.fork", "{'process':'@'" DIFF "}", NULL,
			  "{'areas':[],'mm':{'seq':[0,1]},'vmacache':{},"
			  "'rbtree':{'nodes':[]}}"));
	CU_ASSERT_EQUAL(account(&fx)->processes, 1);
	fixture_deinit(&fx);
}

#define PROGRAM                                                                \
	"'program':{'path':'/bin/true','type':'exec','entry':'0x400000',"      \
	"'headers':[{'flags':'PF_R|PF_X','offset':0,'vaddr':'0x400000',"       \
	"'filesz':4096,'memsz':4096}]}"

/* Ids begin again: what has the same one is another area nevertheless. */
static void an_exec_leaves_no_area(void)
{
	struct rpc_fixture fx;
	json_t *diff, *result;

	fixture_begin(&fx, "{'profile':'4.0'}");
	diff = diff_of(&fx, "process.exec", "{'process':'@'," PROGRAM DIFF "}");
	CU_ASSERT_STRING_EQUAL(census(diff), "4 5 0 0");
	CU_ASSERT(is_json(
		json_object_get(json_object_get(diff, "mm"), "map_count"),
		"[5,4]"));
	json_decref(diff);
	result = fixture_result(&fx, "history.diff", "['@',0,1]");
	CU_ASSERT_STRING_EQUAL(census(json_object_get(result, "diff")),
			       "4 5 0 0");
	json_decref(result);
	/* Of one program they are the same again. */
	CU_ASSERT(is_told_alike(&fx, "mm.brk",
				"{'process':'@','addr':'0x900000'" DIFF "}"));
	diff = diff_of(&fx, "process.fork", "{'process':'@'" DIFF "}");
	/* But for the text's page, which the child has to fault in. */
	CU_ASSERT_STRING_EQUAL(census(diff), "0 0 1 0");
	json_decref(diff);
	fixture_deinit(&fx);
}

static void an_exit_removes_all(void)
{
	static const char *const ends[] = { "process.exit", "thread.exit",
					    "process.exit" };
	struct rpc_fixture fx;
	json_t *result, *parts, *diff;
	size_t i;

	fixture_begin(&fx, "{}");
	for (i = 0; i < 3; i++) {
		json_decref(fixture_create(&fx, "{}"));
		if (i == 2) /* the world goes on without it */
			json_decref(
				fixture_result(&fx, "process.fork", "['@']"));
		result = fixture_result(&fx, ends[i],
					i == 1 ? "{'process':'@','thread':1,"
						 "'want':['mm','diff','vmas']}"
					       : "{'process':'@',"
						 "'want':['mm','diff']}");
		CU_ASSERT(is_json(json_object_get(result, "threads"), "0"));
		parts = json_object_get(result, "snapshot");
		CU_ASSERT_EQUAL(json_object_size(parts), 1);
		diff = json_object_get(parts, "diff");
		CU_ASSERT_STRING_EQUAL(census(diff), "0 5 0 0");
		CU_ASSERT(json_is_null(json_object_get(diff, "mm")));
		json_decref(result);
	}
	fixture_deinit(&fx);
}

static void a_thread_that_ended_has_no_cache(void)
{
	struct rpc_fixture fx;
	json_t *result;

	fixture_begin(&fx, "{'profile':'4.0'}");
	json_decref(fixture_result(&fx, "thread.create", "['@']"));
	result = fixture_result(&fx, "thread.exit",
				"{'process':'@','thread':2,"
				"'want':['vmacache','diff']}");
	CU_ASSERT(is_json(json_object_get(result, "snapshot"),
			  "{'vmacache':null,'diff':{'areas':[],'mm':{"
			  "'seq':[1,2]},'vmacache':null,"
			  "'rbtree':{'nodes':[]}}}"));
	json_decref(result);
	/* As before: nothing unless it is wanted. */
	result = fixture_result(&fx, "thread.create", "['@']");
	CU_ASSERT(is_json(result, "{'thread':3}"));
	json_decref(result);
	fixture_deinit(&fx);
}

/* ------------------------------------------------------------- the past */

static void undoing_tells_what_it_undid(void)
{
	struct rpc_fixture fx;

	fixture_begin(&fx, "{}");
	json_decref(fixture_result(&fx, "mm.brk", "['@','0x602000']"));
	json_decref(fixture_result(&fx, "mm.brk", "['@','0x604000']"));
	CU_ASSERT(diff_is(&fx, "history.rewind",
			  "{'process':'@','seq':1" DIFF "}", "areas",
			  "[{'id':6,'change':'changed','fields':{'end':["
			  "'0x604000','0x602000']}}]"));
	/* Beside the world that goes on without it. */
	CU_ASSERT(diff_is(&fx, "world.branch",
			  "{'process':'@','seq':1" DIFF "}", "areas", "[]"));
	json_decref(fixture_result(&fx, "mm.brk", "['@','0x603000']"));
	CU_ASSERT(diff_is(&fx, "world.branch",
			  "{'process':'@','seq':1" DIFF "}", "areas",
			  "[{'id':6,'change':'changed','fields':{'end':["
			  "'0x603000','0x602000']}}]"));
	CU_ASSERT_EQUAL(account(&fx)->worlds, 3);
	fixture_deinit(&fx);
}

static void an_earlier_state_tells_what_led_to_it(void)
{
	char parent[PROCESS_NAME_LEN + 1];
	struct rpc_fixture fx;
	json_t *diff, *result;

	fixture_begin(&fx, "{'history':2000}");
	snprintf(parent, sizeof(parent), "%s", fx.process);
	json_decref(fixture_result(&fx, "mm.brk", "['@','0x602000']"));
	json_decref(fixture_result(&fx, "mm.brk", "['@','0x604000']"));
	json_decref(fixture_result(&fx, "mm.mlock", "['@','0x600000',4096]"));
	CU_ASSERT(diff_is(&fx, "history.at", "{'process':'@','seq':2" DIFF "}",
			  "areas",
			  "[{'id':6,'change':'changed','fields':{'end':["
			  "'0x602000','0x604000']}}]"));
	diff = diff_of(&fx, "history.at", "{'process':'@','seq':0" DIFF "}");
	CU_ASSERT_STRING_EQUAL(census(diff), "5 0 0 0");
	json_decref(diff);
	/* Of the operation that forked it, a child beside its parent. */
	result = fixture_result(&fx, "process.fork", "['@']");
	fixture_turn_to(&fx,
			json_string_value(json_object_get(result, "process")));
	json_decref(result);
	CU_ASSERT(diff_is(&fx, "history.at", "{'process':'@','seq':4" DIFF "}",
			  "mm",
			  "{'locked_vm':[1,0],'hiwater_rss':[3,2],"
			  "'rss':[3,2],'nr_ptes':[4,3],'seq':[3,4]}"));
	fixture_deinit(&fx);
}

static void what_was_folded_away_cannot_be_compared(void)
{
	struct rpc_fixture fx;
	json_t *answer;
	int i;

	fixture_begin(&fx, "{'history':0}");
	for (i = 0; i < 3; i++)
		json_decref(fixture_result(&fx, "mm.brk", "['@',0]"));
	answer = fixture_call(&fx, "history.at",
			      "{'process':'@','seq':3" DIFF "}");
	CU_ASSERT(is_error(answer, -32008, "history.folded", "want"));
	json_decref(answer);
	CU_ASSERT_FALSE(fx.services[0]->before.is_set);
	fixture_deinit(&fx);
}

static void an_explanation_tells_what_would_change(void)
{
	struct rpc_fixture fx;

	fixture_begin(&fx, "{}");
	CU_ASSERT(diff_is(&fx, "mm.explain",
			  "{'process':'@','method':'mm.mprotect','params':{"
			  "'addr':'0x600000','length':4096,'prot':1}" DIFF "}",
			  "areas",
			  "[{'id':3,'change':'changed','fields':{'perms':["
			  "'rw-p','r--p'],'flags':[['rd','wr','mr','mw','me',"
			  "'dw','ac','sd'],['rd','mr','mw','me','dw','ac',"
			  "'sd']]}}]"));
	CU_ASSERT_EQUAL(world_seq(fixture_world(&fx, 0)), 0);
	/* One that is refused leaves nothing for the next call. */
	json_decref(fixture_call(&fx, "mm.explain",
				 "{'process':'@','method':'mm.brk','params':{"
				 "'addr':0,'thread':7}" DIFF "}"));
	CU_ASSERT_FALSE(fx.services[0]->before.is_set);
	fixture_deinit(&fx);
}

/* ------------------------------------------------------------- refusals */

static bool refused(struct rpc_fixture *fx, const char *method,
		    const char *params, const char *key, const char *param)
{
	json_t *answer = fixture_call(fx, method, params);
	bool is = is_error(answer, -32003, key, param);

	json_decref(answer);
	return is;
}

/* Whoever cannot pay for the copy hears so, and may call without it. */
static void a_copy_beyond_the_quota_is_refused(void)
{
	const struct rpc_limits limits = { .bytes = 40000 };
	struct rpc_fixture fx;
	char addr[32], params[128];
	uint64_t seq;
	int i;

	fixture_init(&fx, 1, &limits);
	json_decref(fixture_create(&fx, "{'history':0}"));
	for (i = 0; i < 160; i++) {
		snprintf(addr, sizeof(addr), "0x%x", 0x10000000 + i * 8192);
		snprintf(params, sizeof(params), "['@','%s',4096,1,'0x32']",
			 addr);
		json_decref(fixture_result(&fx, "mm.mmap", params));
	}
	CU_ASSERT(account(&fx)->bytes > limits.bytes / 2);
	seq = world_seq(fixture_world(&fx, 0));
	CU_ASSERT(refused(&fx, "mm.brk",
			  "{'process':'@','addr':'0x602000'" DIFF "}",
			  "quota.bytes", "want"));
	CU_ASSERT(refused(&fx, "process.exit", "{'process':'@'" DIFF "}",
			  "quota.bytes", "want"));
	CU_ASSERT_EQUAL(world_seq(fixture_world(&fx, 0)), seq);
	CU_ASSERT_FALSE(fx.services[0]->before.is_set);
	json_decref(fixture_result(&fx, "mm.munmap",
				   "['@','0x10000000',67108864]"));
	CU_ASSERT(diff_is(&fx, "mm.brk",
			  "{'process':'@','addr':'0x601000'" DIFF "}", "areas",
			  "[]"));
	fixture_deinit(&fx);
}

/* A service that refuses the operation itself keeps no copy either. */
static void a_refused_operation_leaves_no_copy(void)
{
	struct rpc_fixture fx;
	json_t *answer;

	fixture_begin(&fx, "{}");
	answer = fixture_call(&fx, "mm.brk",
			      "{'process':'@','addr':0,'thread':9" DIFF "}");
	CU_ASSERT(is_error(answer, -32001, "thread.unknown", "thread"));
	json_decref(answer);
	CU_ASSERT_FALSE(fx.services[0]->before.is_set);
	CU_ASSERT_EQUAL(account(&fx)->worlds, 1);
	fixture_deinit(&fx);
}

CU_TestInfo test_rpc_want_diff[] = {
	{ "a call tells what history tells", a_call_tells_what_history_tells },
	{ "a diff stands beside other parts",
	  a_diff_stands_beside_other_parts },
	{ "what looks changes nothing", what_looks_changes_nothing },
	{ "batches tell each call alone", batches_tell_each_call_alone },
	{ "a creation adds all", a_creation_adds_all },
	{ "a fork tells what the child has otherwise",
	  a_fork_tells_what_the_child_has_otherwise },
	{ "a fork that fails tells of the parent",
	  a_fork_that_fails_tells_of_the_parent },
	{ "an exec leaves no area", an_exec_leaves_no_area },
	{ "an exit removes all", an_exit_removes_all },
	{ "a thread that ended has no cache",
	  a_thread_that_ended_has_no_cache },
	{ "undoing tells what it undid", undoing_tells_what_it_undid },
	{ "an earlier state tells what led to it",
	  an_earlier_state_tells_what_led_to_it },
	{ "what was folded away cannot be compared",
	  what_was_folded_away_cannot_be_compared },
	{ "an explanation tells what would change",
	  an_explanation_tells_what_would_change },
	{ "a copy beyond the quota is refused",
	  a_copy_beyond_the_quota_is_refused },
	{ "a refused operation leaves no copy",
	  a_refused_operation_leaves_no_copy },
	CU_TEST_INFO_NULL,
};
