/* SPDX-License-Identifier: MIT */
/*
 * script.run: what is refused, which changes nothing, and what limits there are
 */
#include <stdio.h>
#include <string.h>

#include "tests/proto/script_fixture.h"
#include "tests/support/suite.h"

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

	script_fixture_init(&fx, NULL);
	json_decref(script_result(&fx, "mmap(0, 8K, rw, private)", ON));
	before = script_digest(&fx);
	memory_deinit(&tenants_find(&fx.services[0]->tenants, 0)->memory);
	bytes = fx.services[0]->tenants.all[0]->account.bytes;
	for (i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		answer = script_answer(&fx, refusals[i].script,
				       refusals[i].more);
		if (!is_error(answer, refusals[i].code, refusals[i].key,
			      refusals[i].param)) {
			fprintf(stderr, "%s: %s\n", refusals[i].script,
				json_dumps(answer, 0));
			CU_FAIL("another error");
		}
		data = json_object_get(json_object_get(answer, "error"),
				       "data");
		CU_ASSERT_EQUAL(answer_count(data, "line"), refusals[i].line);
		CU_ASSERT_EQUAL(answer_count(data, "column"),
				refusals[i].column);
		json_decref(answer);
		CU_ASSERT(digest_is(script_digest(&fx), before));
		CU_ASSERT_EQUAL(world_seq(fixture_world(&fx, 0)), 1);
		CU_ASSERT_EQUAL(fx.services[0]->processes.live, 1);
		memory_deinit(
			&tenants_find(&fx.services[0]->tenants, 0)->memory);
		CU_ASSERT_EQUAL(fx.services[0]->tenants.all[0]->account.bytes,
				bytes);
	}
	fixture_deinit(&fx);
}

static const char *hint_of(const json_t *answer)
{
	return json_string_value(json_object_get(
		json_object_get(json_object_get(answer, "error"), "data"),
		"hint"));
}

static void the_hint_says_where(void)
{
	struct rpc_fixture fx;
	json_t *answer;

	script_fixture_init(&fx, NULL);
	answer = script_answer(&fx, "brk(0)\\n munmap(0, 4K, thread=7)", ON);
	CU_ASSERT_STRING_EQUAL(
		hint_of(answer),
		"line 2, column 16: the process has no thread 7; "
		"thread.create makes one and answers its number");
	json_decref(answer);
	fixture_deinit(&fx);
}

static void hints_speak_chinese_if_that_is_wanted(void)
{
	struct rpc_fixture fx;
	json_t *answer;

	script_fixture_init(&fx, NULL);
	answer = script_answer(&fx, "brk(0)\\nbrk(1/0)", ON ",'lang':'zh'");
	CU_ASSERT_STRING_EQUAL(hint_of(answer), "第 2 行第 6 列：除数为零");
	json_decref(answer);
	answer = script_answer(&fx, "brk(1/0", ON ",'lang':'zh'");
	CU_ASSERT_STRING_EQUAL(hint_of(answer),
			       "第 1 行第 8 列：这里应为参数后面的 , 或 )，"
			       "却遇到脚本末尾");
	json_decref(answer);
	/* What a call is refused with is the call's to say. */
	answer = script_answer(&fx, "brk(0, thread=7)", ON ",'lang':'zh'");
	CU_ASSERT_STRING_EQUAL(hint_of(answer),
			       "第 1 行第 8 列：the process has no thread 7; "
			       "thread.create makes one and answers its "
			       "number");
	json_decref(answer);
	fx.tick = 10;
	answer = script_answer(&fx, "repeat 1000 {\\nbrk(0)\\n}",
			       ON ",'lang':'zh'");
	CU_ASSERT_PTR_NOT_NULL(
		strstr(hint_of(answer), "毫秒，到了上限；什么都没有改变"));
	json_decref(answer);
	fixture_deinit(&fx);
}

static void time_is_limited(void)
{
	struct world_digest before;
	struct rpc_fixture fx;
	json_t *answer;

	script_fixture_init(&fx, NULL);
	before = script_digest(&fx);
	fx.tick = 10;
	answer = script_answer(&fx, "repeat 1000 {\\nbrk(0x602000)\\n}", ON);
	CU_ASSERT_TRUE(is_error(answer, -32011, "script.limit", "script"));
	json_decref(answer);
	CU_ASSERT(digest_is(script_digest(&fx), before));
	json_decref(script_result(&fx, "repeat 40 {\\nbrk(0x602000)\\n}", ON));
	CU_ASSERT_EQUAL(world_seq(fixture_world(&fx, 0)), 40);
	fixture_deinit(&fx);
}

static void the_server_limits_steps(void)
{
	const struct rpc_limits limits = { .script_steps = 5 };
	struct rpc_fixture fx;
	json_t *answer;

	script_fixture_init(&fx, &limits);
	json_decref(script_result(&fx, "repeat 2 {\\nbrk(0)\\n}\\nbrk(0)", ON));
	answer = script_answer(&fx, "repeat 3 {\\nbrk(0)\\n}\\nbrk(0)",
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

	script_fixture_init(&fx, &limits);
	before = script_digest(&fx);
	answer = script_answer(&fx,
			       "p = 0x10000000\\nrepeat 40 {\\n"
			       "mmap(p, 4K, rw, private)\\np = p + 8K\\n}",
			       ON);
	CU_ASSERT_TRUE(is_error(answer, -32003, "quota.areas", NULL));
	json_decref(answer);
	answer = script_answer(&fx, "repeat 4 {\\nfork()\\n}", ON);
	CU_ASSERT_TRUE(is_error(answer, -32003, "quota.processes", NULL));
	json_decref(answer);
	CU_ASSERT(digest_is(script_digest(&fx), before));
	CU_ASSERT_EQUAL(fx.services[0]->processes.live, 1);
	/* Only what remains counts. */
	json_decref(script_result(&fx,
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
	answer = script_answer(&fx,
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
	json_decref(script_result(&fx, "repeat 900 {\\nbrk(0)\\n}", ON));
	answer = script_answer(&fx, "repeat 900 {\\nbrk(0)\\n}", ON);
	CU_ASSERT_TRUE(is_error(answer, -32003, "quota.rate", NULL));
	CU_ASSERT(answer_count(json_object_get(json_object_get(answer, "error"),
					       "data"),
			       "retry_after") > 0);
	json_decref(answer);
	CU_ASSERT_EQUAL(world_seq(fixture_world(&fx, 0)), 900);
	/* More than a batch may hold passes, if nothing was before it. */
	fx.now += 60000;
	json_decref(script_result(&fx, "repeat 3000 {\\nbrk(0)\\n}", ON));
	fixture_deinit(&fx);
}

static void answers_have_an_end(void)
{
	const struct rpc_limits limits = { .answer_bytes = 20000 };
	struct rpc_fixture fx;
	json_t *answer;

	script_fixture_init(&fx, &limits);
	answer = script_answer(&fx, "repeat 300 {\\nmaps()\\n}", ON);
	CU_ASSERT_TRUE(is_error(answer, -32006, "response.too_large", NULL));
	json_decref(answer);
	CU_ASSERT_EQUAL(world_seq(fixture_world(&fx, 0)), 0);
	fixture_deinit(&fx);
}

CU_TestInfo test_rpc_script_refused[] = {
	{ "an error changes nothing", an_error_changes_nothing },
	{ "the hint says where", the_hint_says_where },
	{ "hints speak Chinese if that is wanted",
	  hints_speak_chinese_if_that_is_wanted },
	{ "time is limited", time_is_limited },
	{ "the server limits steps", the_server_limits_steps },
	{ "quotas hold at the end", quotas_hold_at_the_end },
	{ "the machine may be full", the_machine_may_be_full },
	{ "calls count for the rate", calls_count_for_the_rate },
	{ "answers have an end", answers_have_an_end },
	CU_TEST_INFO_NULL,
};
