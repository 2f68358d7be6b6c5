/* SPDX-License-Identifier: MIT */
/*
 * Looks that read much are written in turns, and say what one turn would
 */
#include <stdio.h>

#include "tests/proto/still_calls.h"
#include "tests/support/suite.h"

enum {
	BODY = 300
};

static void a_long_snapshot_takes_turns(void)
{
	static const char *const wants[] = {
		ALL,
		"",
		",'want':['vmas']",
		",'want':['pagetable']",
		",'want':['rbtree','maps','steps','diff']",
	};
	struct rpc_fixture fx, whole;
	char params[BODY];
	json_t *parts, *once;
	size_t i;

	still_begin(&fx);
	slow_areas_init(&whole, NULL, "{'want':[]}", STILL_AREAS);
	for (i = 0; i < sizeof(wants) / sizeof(wants[0]); i++) {
		snprintf(params, sizeof(params), "{'process':'@'%s}", wants[i]);
		parts = fixture_call(&fx, "mm.snapshot", params);
		once = fixture_call(&whole, "mm.snapshot", params);
		CU_ASSERT_EQUAL(whole.yields, 0);
		CU_ASSERT_TRUE(i == 3 ? fx.yields >= 2
				      : fx.yields > STILL_AREAS / SLOW_READS);
		CU_ASSERT_PTR_NOT_NULL(result_member(parts, "snapshot"));
		CU_ASSERT_TRUE(json_equal(parts, once));
		json_decref(parts);
		json_decref(once);
	}
	fixture_deinit(&whole);
	fixture_deinit(&fx);
}

/* Of a tree of processes too, and whatever else is wanted. */
static void long_texts_take_turns(void)
{
	static const char *const methods[] = { "mm.maps", "mm.smaps" };
	static const char *const wants[] = { "", ",'want':['vmas','mm']" };
	struct rpc_fixture fx, whole;
	char params[BODY];
	json_t *parts, *once;
	size_t i;

	still_begin(&fx);
	slow_areas_init(&whole, NULL, "{'want':[]}", STILL_AREAS);
	json_decref(fixture_result(&fx, "process.fork",
				   "{'process':'@','want':[]}"));
	json_decref(fixture_result(&whole, "process.fork",
				   "{'process':'@','want':[]}"));
	for (i = 0; i < 4; i++) {
		snprintf(params, sizeof(params), "{'process':'@'%s}",
			 wants[i / 2]);
		parts = fixture_call(&fx, methods[i % 2], params);
		once = fixture_call(&whole, methods[i % 2], params);
		CU_ASSERT_EQUAL(whole.yields, 0);
		CU_ASSERT_TRUE(fx.yields > STILL_AREAS / SLOW_READS);
		CU_ASSERT_TRUE(json_equal(parts, once));
		json_decref(parts);
		json_decref(once);
	}
	CU_ASSERT_TRUE(is_refused(&fx, "mm.smaps", "{'process':'@','thread':9}",
				  -32001, "thread.unknown", "thread"));
	CU_ASSERT_PTR_NULL(world_note(fixture_world(&fx, 0)));
	fixture_deinit(&whole);
	fixture_deinit(&fx);
}

/* The parts that are short, and processes that are. */
static void what_is_short_takes_one_turn(void)
{
	struct rpc_fixture fx;

	still_begin(&fx);
	json_decref(fixture_result(&fx, "mm.snapshot",
				   "{'process':'@','want':['mm','status',"
				   "'vmacache','steps','diff']}"));
	CU_ASSERT_EQUAL(fx.yields, 0);
	json_decref(fixture_result(&fx, "mm.brk",
				   "{'process':'@','addr':0,"
				   "'want':['mm']}"));
	CU_ASSERT_EQUAL(fx.yields, 0);
	fixture_deinit(&fx);

	fixture_init(&fx, 1, NULL);
	json_decref(fixture_create(&fx, "{}"));
	json_decref(
		fixture_result(&fx, "mm.snapshot", "{'process':'@'" ALL "}"));
	CU_ASSERT_EQUAL(fx.yields, 0);
	fixture_deinit(&fx);
}

/* The state right after it, whatever is called meanwhile. */
static void a_change_shows_what_it_made(void)
{
	struct rpc_fixture fx, whole;
	struct slow_job slow, other;
	json_t *parts, *once;

	still_begin(&fx);
	slow_areas_init(&whole, NULL, "{'want':[]}", STILL_AREAS);
	slow_job_begin_held(
		&fx, &slow,
		FIXTURE_CALL("1", "mm.munmap",
			     ",'addr':'0x10002000','length':8192" ALL));
	slow_job_begin_waiting(&fx, &other, BRK("0x604000"));
	CU_ASSERT_EQUAL(fixture_seq(&fx), STILL_AREAS + 1);
	parts = slow_job_answer(&fx, &slow);
	once = fixture_ask(
		&whole, FIXTURE_CALL("1", "mm.munmap",
				     ",'addr':'0x10002000','length':8192" ALL));
	CU_ASSERT_TRUE(json_equal(parts, once));
	json_decref(parts);
	json_decref(once);
	json_decref(slow_job_answer(&fx, &other));
	CU_ASSERT_EQUAL(fixture_seq(&fx), STILL_AREAS + 2);
	fixture_deinit(&whole);
	fixture_deinit(&fx);
}

/* Its result is recorded at once, without the snapshot. */
static void a_retry_does_not_run_twice(void)
{
#define KEYED                                                                  \
	FIXTURE_CALL("1", "mm.brk",                                            \
		     ",'addr':'0x604000','idempotency_key':'k'" ALL)
	struct rpc_fixture fx;
	struct slow_job slow;
	json_t *answer;

	still_begin(&fx);
	slow_job_begin_held(&fx, &slow, KEYED);
	answer = slow_job_answer(&fx, &slow);
	CU_ASSERT_PTR_NOT_NULL(result_member(answer, "snapshot"));
	json_decref(answer);
	answer = fixture_ask(&fx, KEYED);
	CU_ASSERT_PTR_NOT_NULL(result_member(answer, "ret"));
	CU_ASSERT_PTR_NULL(result_member(answer, "snapshot"));
	CU_ASSERT_EQUAL(fixture_seq(&fx), STILL_AREAS + 1);
	json_decref(answer);
	fixture_deinit(&fx);
}

CU_TestInfo test_rpc_turns_look[] = {
	{ "a long snapshot takes turns", a_long_snapshot_takes_turns },
	{ "long texts take turns", long_texts_take_turns },
	{ "what is short takes one turn", what_is_short_takes_one_turn },
	{ "a change shows what it made", a_change_shows_what_it_made },
	{ "a retry does not run twice", a_retry_does_not_run_twice },
	CU_TEST_INFO_NULL,
};
