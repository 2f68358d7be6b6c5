/* SPDX-License-Identifier: MIT */
/*
 * script.run: as if its calls had been sent one by one, or as if not at all
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/proto/rpc_fixture.h"
#include "tests/support/digest.h"
#include "tests/support/suite.h"

static struct world_digest digest_now(const struct rpc_fixture *fx)
{
	const struct world *world = fixture_world(fx, 0);

	CU_ASSERT_PTR_NOT_NULL_FATAL(world);
	return digest_of(world_memory(world), world);
}

static void begin(struct rpc_fixture *fx, const struct rpc_limits *limits)
{
	fixture_init(fx, 1, limits);
	json_decref(fixture_create(fx, "{}"));
}

/* The answer; @more: members, with a comma before them. */
static json_t *answer_to(struct rpc_fixture *fx, const char *script,
			 const char *more)
{
	char *params = malloc(strlen(script) + strlen(more) + 64);
	json_t *answer;

	sprintf(params, "{'script':'%s'%s}", script, more);
	answer = fixture_call(fx, "script.run", params);
	free(params);
	return answer;
}

static json_t *result_of(struct rpc_fixture *fx, const char *script,
			 const char *more)
{
	json_t *answer = answer_to(fx, script, more);
	json_t *result = json_incref(json_object_get(answer, "result"));

	if (!result)
		fprintf(stderr, "%s\n", json_dumps(answer, 0));
	json_decref(answer);
	return result;
}

static json_int_t count(const json_t *result, const char *key)
{
	return json_integer_value(json_object_get(result, key));
}

static const json_t *line(const json_t *result, size_t i, const char *key)
{
	return json_object_get(
		json_array_get(json_object_get(result, "lines"), i), key);
}

#define ON ",'process':'@','want':[]"

static void a_script_does_what_its_calls_do(void)
{
	static const char *const calls[][2] = {
		{ "mm.mmap", "['@',0,8192,3,'0x22']" },
		{ "mm.munmap", "['@','0x7ffff7ffa000',4096]" },
		{ "mm.munmap", "['@','0x7ffff7ff9001',4096]" },
		{ "mm.access", "['@','0x7ffff7ff9000','write']" },
		{ "thread.create", "['@']" },
		{ "mm.find_vma", "{'process':'@','addr':0,'thread':2}" },
		{ "file.open", "['@',3,'a',8192,'rw']" },
		{ "mm.mmap", "['@',0,8192,1,1,3,0]" },
	};
	static const char script[] = "p = mmap(0, 8192, rw, private)\\n"
				     "munmap(p+4096, 4096)\\n"
				     "expect munmap(p+1, 4096) == EINVAL\\n"
				     "access(p, write)\\n"
				     "t = thread.create()\\n"
				     "find_vma(0, thread=t)\\n"
				     "file.open(3, \\\"a\\\", 8K, rw)\\n"
				     "mmap(0, 8K, r, shared, 3)\\n";
	json_t *result, *list, *other_list;
	struct rpc_fixture fx, other;
	size_t i;

	begin(&fx, NULL);
	begin(&other, NULL);
	result = result_of(&fx, script, ON);
	CU_ASSERT_EQUAL(count(result, "steps"), 8);
	CU_ASSERT_EQUAL(count(result, "seq"), 8);
	CU_ASSERT_EQUAL(count(result, "passed"), 1);
	CU_ASSERT_EQUAL(count(result, "failed"), 0);
	CU_ASSERT_STRING_EQUAL(
		json_string_value(json_object_get(result, "process")),
		fx.process);
	for (i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		json_t *one = fixture_result(&other, calls[i][0], calls[i][1]);

		json_object_del(one, "snapshot");
		CU_ASSERT_TRUE(json_equal(line(result, i, "result"), one));
		CU_ASSERT_STRING_EQUAL(
			json_string_value(line(result, i, "call")),
			calls[i][0]);
		json_decref(one);
	}
	CU_ASSERT(digest_is(digest_now(&fx), digest_now(&other)));
	list = fixture_result(&fx, "history.list", "['@']");
	other_list = fixture_result(&other, "history.list", "['@']");
	CU_ASSERT_TRUE(json_equal(list, other_list));
	json_decref(list);
	json_decref(other_list);
	json_decref(result);
	fixture_deinit(&fx);
	fixture_deinit(&other);
}

static void lines_say_what_ran(void)
{
	struct rpc_fixture fx;
	json_t *result;

	begin(&fx, NULL);
	result = result_of(&fx,
			   "\\n  p = mmap(0, 4K, rw, private) # here\\n"
			   "expect p == ENOMEM\\nprint p - 4K\\nq = 7",
			   ON);
	CU_ASSERT_TRUE(is_json(
		json_object_get(result, "lines"),
		"[{'line':2,'text':'p = mmap(0, 4K, rw, private)',"
		"'call':'mm.mmap','params':{'addr':0,'length':4096,"
		"'prot':'0x3','flags':'0x22'},"
		"'result':{'ret':'0x7ffff7ffa000'},'name':'p',"
		"'value':'0x7ffff7ffa000'},"
		"{'line':3,'text':'expect p == ENOMEM',"
		"'value':'0x7ffff7ffa000','passed':false,'operator':'==',"
		"'wanted':'ENOMEM'},"
		"{'line':4,'text':'print p - 4K','value':'0x7ffff7ff9000',"
		"'printed':true},"
		"{'line':5,'text':'q = 7','name':'q','value':7}]"));
	/* What did not hold is a result, and what was done stays. */
	CU_ASSERT_EQUAL(count(result, "failed"), 1);
	CU_ASSERT_EQUAL(world_seq(fixture_world(&fx, 0)), 1);
	json_decref(result);
	fixture_deinit(&fx);
}

static void parts_are_shown_where_they_are_wanted(void)
{
	struct rpc_fixture fx;
	json_t *result;

	begin(&fx, NULL);
	result = result_of(&fx,
			   "brk(0)\\nbrk(0, want=maps)\\nmaps()\\nsnapshot()",
			   ",'process':'@','each':['mm'],'want':['status']");
	CU_ASSERT_PTR_NOT_NULL(json_object_get(
		json_object_get(line(result, 0, "result"), "snapshot"), "mm"));
	CU_ASSERT_PTR_NOT_NULL(json_object_get(
		json_object_get(line(result, 1, "result"), "snapshot"),
		"maps"));
	CU_ASSERT_EQUAL(json_object_size(json_object_get(
				line(result, 1, "result"), "snapshot")),
			1);
	CU_ASSERT_PTR_NOT_NULL(
		json_object_get(line(result, 2, "result"), "text"));
	CU_ASSERT_PTR_NOT_NULL(json_object_get(
		json_object_get(line(result, 3, "result"), "snapshot"),
		"vmas"));
	CU_ASSERT_PTR_NOT_NULL(
		json_object_get(json_object_get(result, "snapshot"), "status"));
	CU_ASSERT_EQUAL(json_object_size(json_object_get(result, "snapshot")),
			1);
	json_decref(result);
	result = result_of(&fx, "brk(0, want=steps, lang=zh)", ON);
	CU_ASSERT(
		json_array_size(json_object_get(
			json_object_get(line(result, 0, "result"), "snapshot"),
			"steps")) > 0);
	json_decref(result);
	fixture_deinit(&fx);
}

static void parts_of_calls_end_with_them(void)
{
	struct rpc_fixture fx;
	json_t *result;

	begin(&fx, NULL);
	result = result_of(
		&fx,
		"file.open(3, \\\"a\\\", want=mm)\\nt = thread.create()\\n"
		"c = fork()\\nin c: exit()\\nbrk(0x602000)\\n"
		"thread.exit(t)",
		ON ",'each':['steps','diff']");
	CU_ASSERT_FALSE(fx.services[0]->before.is_set);
	CU_ASSERT_PTR_NULL(fx.services[0]->before.copy);
	CU_ASSERT(
		json_array_size(json_object_get(
			json_object_get(line(result, 4, "result"), "snapshot"),
			"steps")) > 0);
	json_decref(result);
	fixture_deinit(&fx);
}

/* ---------------------------------------------------------- processes */

static void take_process(struct rpc_fixture *fx, const json_t *result)
{
	const char *name =
		json_string_value(json_object_get(result, "process"));

	fixture_turn_to(fx, name);
}

static void check_profile(struct rpc_fixture *fx, const char *profile)
{
	json_t *got = fixture_result(fx, "process.get", "['@']");

	CU_ASSERT_STRING_EQUAL(
		json_string_value(json_object_get(got, "profile")), profile);
	json_decref(got);
}

static void without_a_process_one_is_made(void)
{
	struct rpc_fixture fx;
	json_t *result;

	fixture_init(&fx, 1, NULL);
	result = result_of(&fx, "brk(0)", "");
	take_process(&fx, result);
	check_profile(&fx, "4.0");
	json_decref(result);
	result = result_of(&fx, "brk(0)", ",'create':{'profile':'6.1'}");
	take_process(&fx, result);
	check_profile(&fx, "6.1");
	json_decref(result);
	result = result_of(&fx,
			   "me = create(\\\"5.10\\\", uid=0, "
			   "files=[{\\\"fd\\\":3,\\\"name\\\":\\\"f\\\"}])\\n"
			   "c = fork()\\nin c: brk(0)\\nin me: brk(0)",
			   "");
	take_process(&fx, result);
	check_profile(&fx, "5.10");
	CU_ASSERT_TRUE(json_equal(
		json_object_get(line(result, 0, "result"), "process"),
		json_object_get(result, "process")));
	CU_ASSERT_EQUAL(json_integer_value(line(result, 2, "number")), 1);
	CU_ASSERT_PTR_NULL(line(result, 3, "number"));
	json_decref(result);
	CU_ASSERT_EQUAL(fx.services[0]->processes.live, 4);
	fixture_deinit(&fx);
}

static void who_is_meant_is_said_once(void)
{
	static const struct {
		const char *script, *more, *param;
	} cases[] = {
		{ "brk(0)", ",'process':'@','create':{'uid':0}", "create" },
		{ "create()", ",'process':'@'", "process" },
		{ "create()", ",'create':{'uid':0}", "create" },
	};
	struct rpc_fixture fx;
	json_t *answer;
	size_t i;

	begin(&fx, NULL);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		answer = answer_to(&fx, cases[i].script, cases[i].more);
		CU_ASSERT_TRUE(is_error(answer, -32602, "params.value",
					cases[i].param));
		json_decref(answer);
	}
	answer = answer_to(&fx, "brk(0)", ",'create':5");
	CU_ASSERT_TRUE(is_error(answer, -32602, "params.type", "create"));
	json_decref(answer);
	answer = fixture_call(&fx, "script.run", "{'script':5}");
	CU_ASSERT_TRUE(is_error(answer, -32602, "params.type", "script"));
	json_decref(answer);
	answer = fixture_ask(&fx, "{'jsonrpc':'2.0','method':'script.run',"
				  "'params':{'script':'brk(0)'}}");
	CU_ASSERT_TRUE(is_error(answer, -32600, "request", NULL));
	json_decref(answer);
	CU_ASSERT_EQUAL(fx.services[0]->processes.live, 1);
	fixture_deinit(&fx);
}

static void forked_processes_have_names(void)
{
	char parent[PROCESS_NAME_LEN + 1];
	struct rpc_fixture fx;
	json_t *result, *got;

	begin(&fx, NULL);
	memcpy(parent, fx.process, sizeof(parent));
	result = result_of(&fx,
			   "p = mmap(0, 4K, rw, private)\\nc = fork()\\n"
			   "in c: munmap(p, 4K)\\n"
			   "in c: g = fork()\\nin g: exit()",
			   ON);
	CU_ASSERT_EQUAL(fx.services[0]->processes.live, 3);
	fixture_turn_to(&fx, json_string_value(json_object_get(
				     line(result, 1, "result"), "process")));
	got = fixture_result(&fx, "mm.access", "['@','0x7ffff7ffa000','read']");
	CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(got, "fault")),
			       "SIGSEGV");
	json_decref(got);
	memcpy(fx.process, parent, sizeof(parent));
	got = fixture_result(&fx, "mm.access", "['@','0x7ffff7ffa000','read']");
	CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(got, "fault")),
			       "minor");
	json_decref(got);
	json_decref(result);
	fixture_deinit(&fx);
}

static void a_script_may_end_its_world(void)
{
	struct rpc_fixture fx;
	json_t *result, *answer;

	begin(&fx, NULL);
	result = result_of(&fx, "c = fork()\\nin c: exit()\\nexit()",
			   ",'process':'@'");
	CU_ASSERT_PTR_NOT_NULL(json_object_get(result, "lines"));
	CU_ASSERT_PTR_NULL(json_object_get(result, "snapshot"));
	json_decref(result);
	CU_ASSERT_EQUAL(fx.services[0]->processes.live, 0);
	answer = fixture_call(&fx, "mm.brk", "['@',0]");
	CU_ASSERT_TRUE(is_error(answer, -32002, "process.gone", "process"));
	json_decref(answer);
	json_decref(result_of(&fx, "exit()", ""));
	json_decref(result_of(&fx, "create()\\nexit()", ""));
	CU_ASSERT_EQUAL(fx.services[0]->processes.live, 0);
	CU_ASSERT_EQUAL(fx.services[0]->tenants.all[0]->account.worlds, 0);
	fixture_deinit(&fx);
}

/* -------------------------------------------------------------- errors */

static const struct {
	const char *script, *more;
	int code;
	const char *key, *param;
	int line, column;
} refusals[] = {
	{ "brk(0x610000)\\nbrk(", ON, -32011, "script.syntax", "script", 2, 5 },
	{ "brk(0x610000)\\nbrk(1/0)", ON, -32011, "script.failed", "script", 2,
	  6 },
	{ "c = fork()\\nbrk(c)", ON, -32011, "script.failed", "script", 2, 5 },
	{ "brk(0x610000)\\nrepeat 1G {\\nbrk(0)\\n}", ON, -32011,
	  "script.limit", "script", 3, 1 },
	{ "repeat 90 {\\nfork()\\n}", ON ",'steps':50", -32011, "script.limit",
	  "script", 1, 1 },
	{ "brk(0x610000)\\nbrk(-1)", ON, -32602, "params.range", "addr", 2, 5 },
	{ "brk(0x610000)\\n  brk(0, thread=3)", ON, -32001, "thread.unknown",
	  "thread", 2, 10 },
	{ "file.open(3, \\\"a\\\")\\nfile.open(3, \\\"b\\\")", ON, -32602,
	  "params.value", "fd", 2, 11 },
	{ "c = fork()\\nin c: exit()\\nin c: brk(0)", ON, -32002,
	  "process.gone", NULL, 3, 7 },
	{ "exec(5)", ON, -32602, "params.type", "program", 1, 6 },
	{ "access(0, read, 0)", ON, -32602, "params.range", "length", 1, 17 },
	{ "repeat 200 {\\nmaps()\\n}", ON ",'steps':100", -32011,
	  "script.limit", "script", 1, 1 },
	{ "create(\\\"9.9\\\")", "", -32602, "params.value", "profile", 1, 8 },
	{ "fork()\\nbrk(1/0)", "", -32011, "script.failed", "script", 2, 6 },
	{ "create()\\nfork()\\nbrk(1/0)", "", -32011, "script.failed", "script",
	  3, 6 },
};

static void an_error_changes_nothing(void)
{
	struct world_digest before;
	struct rpc_fixture fx;
	json_t *answer, *data;
	uint64_t bytes;
	size_t i;

	begin(&fx, NULL);
	json_decref(result_of(&fx, "mmap(0, 8K, rw, private)", ON));
	before = digest_now(&fx);
	memory_deinit(&tenants_find(&fx.services[0]->tenants, 0)->memory);
	bytes = fx.services[0]->tenants.all[0]->account.bytes;
	for (i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		answer = answer_to(&fx, refusals[i].script, refusals[i].more);
		if (!is_error(answer, refusals[i].code, refusals[i].key,
			      refusals[i].param)) {
			fprintf(stderr, "%s: %s\n", refusals[i].script,
				json_dumps(answer, 0));
			CU_FAIL("another error");
		}
		data = json_object_get(json_object_get(answer, "error"),
				       "data");
		CU_ASSERT_EQUAL(count(data, "line"), refusals[i].line);
		CU_ASSERT_EQUAL(count(data, "column"), refusals[i].column);
		json_decref(answer);
		CU_ASSERT(digest_is(digest_now(&fx), before));
		CU_ASSERT_EQUAL(world_seq(fixture_world(&fx, 0)), 1);
		CU_ASSERT_EQUAL(fx.services[0]->processes.live, 1);
		memory_deinit(
			&tenants_find(&fx.services[0]->tenants, 0)->memory);
		CU_ASSERT_EQUAL(fx.services[0]->tenants.all[0]->account.bytes,
				bytes);
	}
	fixture_deinit(&fx);
}

static void the_hint_says_where(void)
{
	struct rpc_fixture fx;
	json_t *answer;

	begin(&fx, NULL);
	answer = answer_to(&fx, "brk(0)\\n munmap(0, 4K, thread=7)", ON);
	CU_ASSERT_STRING_EQUAL(
		json_string_value(json_object_get(
			json_object_get(json_object_get(answer, "error"),
					"data"),
			"hint")),
		"line 2, column 16: the process has no thread 7; "
		"thread.create makes one and answers its number");
	json_decref(answer);
	fixture_deinit(&fx);
}

static void time_is_limited(void)
{
	struct world_digest before;
	struct rpc_fixture fx;
	json_t *answer;

	begin(&fx, NULL);
	before = digest_now(&fx);
	fx.tick = 10;
	answer = answer_to(&fx, "repeat 1000 {\\nbrk(0x602000)\\n}", ON);
	CU_ASSERT_TRUE(is_error(answer, -32011, "script.limit", "script"));
	json_decref(answer);
	CU_ASSERT(digest_is(digest_now(&fx), before));
	json_decref(result_of(&fx, "repeat 40 {\\nbrk(0x602000)\\n}", ON));
	CU_ASSERT_EQUAL(world_seq(fixture_world(&fx, 0)), 40);
	fixture_deinit(&fx);
}

static void the_server_limits_steps(void)
{
	const struct rpc_limits limits = { .script_steps = 5 };
	struct rpc_fixture fx;
	json_t *answer;

	begin(&fx, &limits);
	json_decref(result_of(&fx, "repeat 2 {\\nbrk(0)\\n}\\nbrk(0)", ON));
	answer = answer_to(&fx, "repeat 3 {\\nbrk(0)\\n}\\nbrk(0)",
			   ON ",'steps':1000");
	CU_ASSERT_TRUE(is_error(answer, -32011, "script.limit", "script"));
	json_decref(answer);
	CU_ASSERT_EQUAL(world_seq(fixture_world(&fx, 0)), 3);
	fixture_deinit(&fx);
}

static void quotas_hold_at_the_end(void)
{
	const struct rpc_limits limits = { .areas = 40, .processes = 4 };
	struct world_digest before;
	struct rpc_fixture fx;
	json_t *answer;

	begin(&fx, &limits);
	before = digest_now(&fx);
	answer = answer_to(&fx,
			   "p = 0x10000000\\nrepeat 40 {\\n"
			   "mmap(p, 4K, rw, private)\\np = p + 8K\\n}",
			   ON);
	CU_ASSERT_TRUE(is_error(answer, -32003, "quota.areas", NULL));
	json_decref(answer);
	answer = answer_to(&fx, "repeat 4 {\\nfork()\\n}", ON);
	CU_ASSERT_TRUE(is_error(answer, -32003, "quota.processes", NULL));
	json_decref(answer);
	CU_ASSERT(digest_is(digest_now(&fx), before));
	CU_ASSERT_EQUAL(fx.services[0]->processes.live, 1);
	/* Only what remains counts. */
	json_decref(result_of(&fx,
			      "p = 0x10000000\\nrepeat 40 {\\n"
			      "mmap(p, 4K, rw, private)\\np = p + 8K\\n}\\n"
			      "munmap(0x10000000, p - 0x10000000)",
			      ON));
	CU_ASSERT_EQUAL(world_seq(fixture_world(&fx, 0)), 41);
	fixture_deinit(&fx);
}

static void the_machine_may_be_full(void)
{
	struct rpc_fixture fx;
	json_t *answer;

	fixture_init(&fx, 1, NULL);
	json_decref(fixture_create(&fx, "{'mem_total_kb':1024,"
					"'sysctl':{'overcommit_memory':1}}"));
	answer = answer_to(&fx,
			   "p = mmap(0, 2M, rw, private)\\n"
			   "access(p, write, 2M)",
			   ON);
	CU_ASSERT_TRUE(is_error(answer, -32003, "quota.machine", NULL));
	json_decref(answer);
	CU_ASSERT_EQUAL(world_seq(fixture_world(&fx, 0)), 0);
	fixture_deinit(&fx);
}

static void calls_count_for_the_rate(void)
{
	const struct rpc_quotas quotas = { .processes = 9,
					   .threads = 99,
					   .areas = 999,
					   .bytes = 9u << 20,
					   .rate = 100 };
	struct rpc_fixture fx;
	json_t *answer;

	fixture_init_clients(&fx, 1, &quotas);
	json_decref(fixture_create(&fx, "{}"));
	json_decref(result_of(&fx, "repeat 900 {\\nbrk(0)\\n}", ON));
	answer = answer_to(&fx, "repeat 900 {\\nbrk(0)\\n}", ON);
	CU_ASSERT_TRUE(is_error(answer, -32003, "quota.rate", NULL));
	CU_ASSERT(
		count(json_object_get(json_object_get(answer, "error"), "data"),
		      "retry_after") > 0);
	json_decref(answer);
	CU_ASSERT_EQUAL(world_seq(fixture_world(&fx, 0)), 900);
	/* More than a batch may hold passes, if nothing was before it. */
	fx.now += 60000;
	json_decref(result_of(&fx, "repeat 3000 {\\nbrk(0)\\n}", ON));
	fixture_deinit(&fx);
}

static void answers_have_an_end(void)
{
	const struct rpc_limits limits = { .answer_bytes = 20000 };
	struct rpc_fixture fx;
	json_t *answer;

	begin(&fx, &limits);
	answer = answer_to(&fx, "repeat 300 {\\nmaps()\\n}", ON);
	CU_ASSERT_TRUE(is_error(answer, -32006, "response.too_large", NULL));
	json_decref(answer);
	CU_ASSERT_EQUAL(world_seq(fixture_world(&fx, 0)), 0);
	fixture_deinit(&fx);
}

static void history_that_keeps_all_may_be_full(void)
{
	struct rpc_fixture fx;
	json_t *result;

	fixture_init(&fx, 1, NULL);
	json_decref(fixture_create(&fx, "{'history':0}"));
	result = result_of(&fx, "brk(0)\\nbrk(0)", ON);
	CU_ASSERT_EQUAL(count(result, "seq"), 2);
	json_decref(result);
	json_decref(fixture_create(&fx, "{'history':3}"));
	result = result_of(&fx, "repeat 9 {\\nbrk(0)\\n}", ON);
	CU_ASSERT_EQUAL(count(json_object_get(result, "history"), "first"), 7);
	json_decref(result);
	result = fixture_result(&fx, "history.at", "['@',6]");
	CU_ASSERT_PTR_NOT_NULL(result);
	json_decref(result);
	fixture_deinit(&fx);
}

/* ------------------------------------------------------------- retries */

static void a_retry_does_not_run_twice(void)
{
	struct rpc_fixture fx;
	json_t *first, *again;

	begin(&fx, NULL);
	first = result_of(&fx, "brk(0)", ON ",'idempotency_key':'k'");
	again = result_of(&fx, "brk(0)", ON ",'idempotency_key':'k'");
	CU_ASSERT_TRUE(json_equal(first, again));
	CU_ASSERT_EQUAL(world_seq(fixture_world(&fx, 0)), 1);
	json_decref(first);
	json_decref(again);
	/* What failed may run. */
	json_decref(answer_to(&fx, "brk(1/0)", ON ",'idempotency_key':'l'"));
	json_decref(result_of(&fx, "brk(0)", ON ",'idempotency_key':'l'"));
	first = result_of(&fx, "brk(0)", ",'idempotency_key':'k'");
	again = result_of(&fx, "brk(0)", ",'idempotency_key':'k'");
	CU_ASSERT_TRUE(json_equal(first, again));
	CU_ASSERT_EQUAL(fx.services[0]->processes.live, 2);
	json_decref(first);
	json_decref(again);
	fixture_deinit(&fx);
}

static void scripts_find_their_loop(void)
{
	struct rpc_fixture fx;
	json_t *result;

	fixture_init(&fx, 3, NULL);
	json_decref(fixture_create(&fx, "{}"));
	fx.at = 2;
	result = result_of(&fx, "fork()", ON);
	CU_ASSERT_EQUAL(fx.hops, 1);
	CU_ASSERT_EQUAL(count(result, "seq"), 1);
	json_decref(result);
	fixture_deinit(&fx);
}

static void what_was_done_can_be_undone(void)
{
	struct world_digest before;
	struct rpc_fixture fx;
	json_t *result;

	begin(&fx, NULL);
	json_decref(result_of(&fx, "brk(0x602000)", ON));
	before = digest_now(&fx);
	json_decref(result_of(&fx,
			      "repeat 100 {\\nmmap(0, 4K, rw, private)\\n}\\n"
			      "c = fork()\\nin c: munmap(0x600000, 4K)",
			      ON));
	CU_ASSERT_EQUAL(fx.services[0]->processes.live, 2);
	result = fixture_result(&fx, "history.rewind", "['@',1]");
	CU_ASSERT_PTR_NOT_NULL(result);
	json_decref(result);
	CU_ASSERT(digest_is(digest_now(&fx), before));
	CU_ASSERT_EQUAL(fx.services[0]->processes.live, 1);
	fixture_deinit(&fx);
}

CU_TestInfo test_rpc_script[] = {
	{ "a script does what its calls do", a_script_does_what_its_calls_do },
	{ "lines say what ran", lines_say_what_ran },
	{ "parts are shown where they are wanted",
	  parts_are_shown_where_they_are_wanted },
	{ "parts of calls end with them", parts_of_calls_end_with_them },
	{ "without a process one is made", without_a_process_one_is_made },
	{ "who is meant is said once", who_is_meant_is_said_once },
	{ "forked processes have names", forked_processes_have_names },
	{ "a script may end its world", a_script_may_end_its_world },
	{ "an error changes nothing", an_error_changes_nothing },
	{ "the hint says where", the_hint_says_where },
	{ "time is limited", time_is_limited },
	{ "the server limits steps", the_server_limits_steps },
	{ "quotas hold at the end", quotas_hold_at_the_end },
	{ "the machine may be full", the_machine_may_be_full },
	{ "calls count for the rate", calls_count_for_the_rate },
	{ "answers have an end", answers_have_an_end },
	{ "history that keeps all may be full",
	  history_that_keeps_all_may_be_full },
	{ "a retry does not run twice", a_retry_does_not_run_twice },
	{ "scripts find their loop", scripts_find_their_loop },
	{ "what was done can be undone", what_was_done_can_be_undone },
	CU_TEST_INFO_NULL,
};
