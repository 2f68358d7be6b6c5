/* SPDX-License-Identifier: MIT */
/*
 * script.run: as if its calls had been sent one by one
 */
#include <string.h>

#include "tests/proto/script_fixture.h"
#include "tests/support/suite.h"

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

	script_fixture_init(&fx, NULL);
	script_fixture_init(&other, NULL);
	result = script_result(&fx, script, ON);
	CU_ASSERT_EQUAL(answer_count(result, "steps"), 8);
	CU_ASSERT_EQUAL(answer_count(result, "seq"), 8);
	CU_ASSERT_EQUAL(answer_count(result, "passed"), 1);
	CU_ASSERT_EQUAL(answer_count(result, "failed"), 0);
	CU_ASSERT_STRING_EQUAL(
		json_string_value(json_object_get(result, "process")),
		fx.process);
	for (i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		json_t *one = fixture_result(&other, calls[i][0], calls[i][1]);

		json_object_del(one, "snapshot");
		CU_ASSERT_TRUE(
			json_equal(answer_line(result, i, "result"), one));
		CU_ASSERT_STRING_EQUAL(
			json_string_value(answer_line(result, i, "call")),
			calls[i][0]);
		json_decref(one);
	}
	CU_ASSERT(digest_is(script_digest(&fx), script_digest(&other)));
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

	script_fixture_init(&fx, NULL);
	result = script_result(&fx,
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
	CU_ASSERT_EQUAL(answer_count(result, "failed"), 1);
	CU_ASSERT_EQUAL(world_seq(fixture_world(&fx, 0)), 1);
	json_decref(result);
	fixture_deinit(&fx);
}

static void parts_are_shown_where_they_are_wanted(void)
{
	struct rpc_fixture fx;
	json_t *result;

	script_fixture_init(&fx, NULL);
	result = script_result(
		&fx, "brk(0)\\nbrk(0, want=maps)\\nmaps()\\nsnapshot()",
		",'process':'@','each':['mm'],'want':['status']");
	CU_ASSERT_PTR_NOT_NULL(json_object_get(
		json_object_get(answer_line(result, 0, "result"), "snapshot"),
		"mm"));
	CU_ASSERT_PTR_NOT_NULL(json_object_get(
		json_object_get(answer_line(result, 1, "result"), "snapshot"),
		"maps"));
	CU_ASSERT_EQUAL(json_object_size(json_object_get(
				answer_line(result, 1, "result"), "snapshot")),
			1);
	CU_ASSERT_PTR_NOT_NULL(
		json_object_get(answer_line(result, 2, "result"), "text"));
	CU_ASSERT_PTR_NOT_NULL(json_object_get(
		json_object_get(answer_line(result, 3, "result"), "snapshot"),
		"vmas"));
	CU_ASSERT_PTR_NOT_NULL(
		json_object_get(json_object_get(result, "snapshot"), "status"));
	CU_ASSERT_EQUAL(json_object_size(json_object_get(result, "snapshot")),
			1);
	json_decref(result);
	result = script_result(&fx, "brk(0, want=steps, lang=zh)", ON);
	CU_ASSERT(json_array_size(json_object_get(
			  json_object_get(answer_line(result, 0, "result"),
					  "snapshot"),
			  "steps")) > 0);
	json_decref(result);
	fixture_deinit(&fx);
}

static void parts_of_calls_end_with_them(void)
{
	struct rpc_fixture fx;
	json_t *result;

	script_fixture_init(&fx, NULL);
	result = script_result(
		&fx,
		"file.open(3, \\\"a\\\", want=mm)\\nt = thread.create()\\n"
		"c = fork()\\nin c: exit()\\nbrk(0x602000)\\n"
		"thread.exit(t)",
		ON ",'each':['steps','diff']");
	CU_ASSERT_FALSE(fx.services[0]->before.is_set);
	CU_ASSERT_PTR_NULL(fx.services[0]->before.copy);
	CU_ASSERT(json_array_size(json_object_get(
			  json_object_get(answer_line(result, 4, "result"),
					  "snapshot"),
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
	result = script_result(&fx, "brk(0)", "");
	take_process(&fx, result);
	check_profile(&fx, "4.0");
	json_decref(result);
	result = script_result(&fx, "brk(0)", ",'create':{'profile':'6.1'}");
	take_process(&fx, result);
	check_profile(&fx, "6.1");
	json_decref(result);
	result = script_result(
		&fx,
		"me = create(\\\"5.10\\\", uid=0, "
		"files=[{\\\"fd\\\":3,\\\"name\\\":\\\"f\\\"}])\\n"
		"c = fork()\\nin c: brk(0)\\nin me: brk(0)",
		"");
	take_process(&fx, result);
	check_profile(&fx, "5.10");
	CU_ASSERT_TRUE(json_equal(
		json_object_get(answer_line(result, 0, "result"), "process"),
		json_object_get(result, "process")));
	CU_ASSERT_EQUAL(json_integer_value(answer_line(result, 2, "number")),
			1);
	CU_ASSERT_PTR_NULL(answer_line(result, 3, "number"));
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

	script_fixture_init(&fx, NULL);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		answer = script_answer(&fx, cases[i].script, cases[i].more);
		CU_ASSERT_TRUE(is_error(answer, -32602, "params.value",
					cases[i].param));
		json_decref(answer);
	}
	answer = script_answer(&fx, "brk(0)", ",'create':5");
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

	script_fixture_init(&fx, NULL);
	memcpy(parent, fx.process, sizeof(parent));
	result = script_result(&fx,
			       "p = mmap(0, 4K, rw, private)\\nc = fork()\\n"
			       "in c: munmap(p, 4K)\\n"
			       "in c: g = fork()\\nin g: exit()",
			       ON);
	CU_ASSERT_EQUAL(fx.services[0]->processes.live, 3);
	fixture_turn_to(&fx,
			json_string_value(json_object_get(
				answer_line(result, 1, "result"), "process")));
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

	script_fixture_init(&fx, NULL);
	result = script_result(&fx, "c = fork()\\nin c: exit()\\nexit()",
			       ",'process':'@'");
	CU_ASSERT_PTR_NOT_NULL(json_object_get(result, "lines"));
	CU_ASSERT_PTR_NULL(json_object_get(result, "snapshot"));
	json_decref(result);
	CU_ASSERT_EQUAL(fx.services[0]->processes.live, 0);
	answer = fixture_call(&fx, "mm.brk", "['@',0]");
	CU_ASSERT_TRUE(is_error(answer, -32002, "process.gone", "process"));
	json_decref(answer);
	json_decref(script_result(&fx, "exit()", ""));
	json_decref(script_result(&fx, "create()\\nexit()", ""));
	CU_ASSERT_EQUAL(fx.services[0]->processes.live, 0);
	CU_ASSERT_EQUAL(fx.services[0]->tenants.all[0]->account.worlds, 0);
	fixture_deinit(&fx);
}

static void history_that_keeps_all_may_be_full(void)
{
	struct rpc_fixture fx;
	json_t *result;

	fixture_init(&fx, 1, NULL);
	json_decref(fixture_create(&fx, "{'history':0}"));
	result = script_result(&fx, "brk(0)\\nbrk(0)", ON);
	CU_ASSERT_EQUAL(answer_count(result, "seq"), 2);
	json_decref(result);
	json_decref(fixture_create(&fx, "{'history':3}"));
	result = script_result(&fx, "repeat 9 {\\nbrk(0)\\n}", ON);
	CU_ASSERT_EQUAL(
		answer_count(json_object_get(result, "history"), "first"), 7);
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

	script_fixture_init(&fx, NULL);
	first = script_result(&fx, "brk(0)", ON ",'idempotency_key':'k'");
	again = script_result(&fx, "brk(0)", ON ",'idempotency_key':'k'");
	CU_ASSERT_TRUE(json_equal(first, again));
	CU_ASSERT_EQUAL(world_seq(fixture_world(&fx, 0)), 1);
	json_decref(first);
	json_decref(again);
	/* What failed may run. */
	json_decref(
		script_answer(&fx, "brk(1/0)", ON ",'idempotency_key':'l'"));
	json_decref(script_result(&fx, "brk(0)", ON ",'idempotency_key':'l'"));
	first = script_result(&fx, "brk(0)", ",'idempotency_key':'k'");
	again = script_result(&fx, "brk(0)", ",'idempotency_key':'k'");
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
	result = script_result(&fx, "fork()", ON);
	CU_ASSERT_EQUAL(fx.hops, 1);
	CU_ASSERT_EQUAL(answer_count(result, "seq"), 1);
	json_decref(result);
	fixture_deinit(&fx);
}

static void what_was_done_can_be_undone(void)
{
	struct world_digest before;
	struct rpc_fixture fx;
	json_t *result;

	script_fixture_init(&fx, NULL);
	json_decref(script_result(&fx, "brk(0x602000)", ON));
	before = script_digest(&fx);
	json_decref(
		script_result(&fx,
			      "repeat 100 {\\nmmap(0, 4K, rw, private)\\n}\\n"
			      "c = fork()\\nin c: munmap(0x600000, 4K)",
			      ON));
	CU_ASSERT_EQUAL(fx.services[0]->processes.live, 2);
	result = fixture_result(&fx, "history.rewind", "['@',1]");
	CU_ASSERT_PTR_NOT_NULL(result);
	json_decref(result);
	CU_ASSERT(digest_is(script_digest(&fx), before));
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
	{ "history that keeps all may be full",
	  history_that_keeps_all_may_be_full },
	{ "a retry does not run twice", a_retry_does_not_run_twice },
	{ "scripts find their loop", scripts_find_their_loop },
	{ "what was done can be undone", what_was_done_can_be_undone },
	CU_TEST_INFO_NULL,
};
