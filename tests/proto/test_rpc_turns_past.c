/* SPDX-License-Identifier: MIT */
/*
 * Looks at states that many operations lead to: others have their turn meanwhile
 */
#include <stdio.h>
#include <stdlib.h>

#include "tests/proto/document_fixture.h"
#include "tests/proto/slow_job.h"
#include "tests/support/suite.h"

enum {
	FAR = 600, /* the state that is looked at */
	DIFF = 2   /* turns more that a diff takes */
};

/* All that a snapshot has. */
#define PARTS                                                                  \
	"'mm','vmas','maps','status','vmacache','rbtree','pagetable','diff'"
#define LOOK                                                                   \
	"{'jsonrpc':'2.0','id':1,'method':'history.at','params':"              \
	"{'process':'@','seq':600,'want':[" PARTS "]}}"

static void begin(struct rpc_fixture *fx, const struct rpc_limits *limits,
		  const char *setup, unsigned nr)
{
	fixture_init(fx, 1, limits);
	json_decref(fixture_create(fx, setup));
	document_exercise(fx, nr);
}

static json_t *look(struct rpc_fixture *fx, unsigned seq, const char *want)
{
	char params[200];

	snprintf(params, sizeof(params), "{'process':'@','seq':%u,'want':[%s]}",
		 seq, want);
	return fixture_call(fx, "history.at", params);
}

static unsigned yields_of(struct rpc_fixture *fx, unsigned seq,
			  const char *want)
{
	json_t *answer = look(fx, seq, want);

	CU_ASSERT_EQUAL(json_integer_value(result_member(answer, "seq")), seq);
	json_decref(answer);
	return fx->yields;
}

/* One for the body, and one for each slice but the last; for a diff the state
 * before is copied and the last operation carried out. */
static void a_far_look_takes_turns(void)
{
	struct rpc_fixture fx;

	slow_world_init(&fx);
	CU_ASSERT_EQUAL(yields_of(&fx, 0, PARTS), 1);
	CU_ASSERT_EQUAL(yields_of(&fx, 1, PARTS), 1 + DIFF);
	CU_ASSERT_EQUAL(yields_of(&fx, SLOW_SLICE, "'mm'"), 1);
	CU_ASSERT_EQUAL(yields_of(&fx, SLOW_SLICE + 1, "'mm'"), 1 + 1);
	CU_ASSERT_EQUAL(yields_of(&fx, SLOW_SLICE + 1, PARTS), 1 + DIFF);
	CU_ASSERT_EQUAL(yields_of(&fx, FAR, "'mm'"), 1 + FAR / SLOW_SLICE);
	CU_ASSERT_EQUAL(yields_of(&fx, SLOW_OPERATIONS, "'mm'"), 0);
	CU_ASSERT_EQUAL(yields_of(&fx, SLOW_OPERATIONS, PARTS),
			1 + (SLOW_OPERATIONS - 1) / SLOW_SLICE + DIFF);
	fixture_deinit(&fx);
}

/* Nearer to a checkpoint there is less to do. */
static void a_checkpoint_spares_turns(void)
{
	const struct rpc_limits sliced = { .calls_per_slice = SLOW_SLICE };
	struct rpc_fixture fx;

	begin(&fx, &sliced, "{'history':200,'want':[]}", SLOW_OPERATIONS);
	CU_ASSERT(yields_of(&fx, SLOW_OPERATIONS - 1, "'mm'") <=
		  1 + 200 / SLOW_SLICE);
	CU_ASSERT(yields_of(&fx, SLOW_OPERATIONS - 200, "'mm'") <=
		  1 + 200 / SLOW_SLICE);
	fixture_deinit(&fx);
}

/* What was there when the state was the present, and what one turn answers. */
static void turns_change_nothing_of_the_answer(void)
{
	const struct rpc_limits one = { .calls_per_slice = 100000 };
	const struct rpc_limits tiny = { .calls_per_slice = 3 };
	json_t *then, *now, *others;
	struct rpc_fixture fx, whole;
	unsigned seq;

	begin(&fx, &tiny, "{'history':400,'seed':1,'want':[]}", FAR);
	then = fixture_call(&fx, "mm.snapshot",
			    "{'process':'@','want':['mm','vmas','maps',"
			    "'status','vmacache','rbtree','pagetable']}");
	document_exercise(&fx, 250);
	now = look(&fx, FAR,
		   "'mm','vmas','maps','status','vmacache','rbtree',"
		   "'pagetable'");
	CU_ASSERT(fx.yields > 10);
	CU_ASSERT(json_equal(result_member(then, "snapshot"),
			     result_member(now, "snapshot")));
	json_decref(then);
	json_decref(now);

	begin(&whole, &one, "{'history':400,'seed':1,'want':[]}", FAR);
	document_exercise(&whole, 250);
	for (seq = 540; seq <= 851; seq += 13) {
		now = look(&fx, seq, PARTS);
		others = look(&whole, seq, PARTS);
		CU_ASSERT(whole.yields <= SLOW_STAGES);
		CU_ASSERT(json_equal(now, others));
		json_decref(now);
		json_decref(others);
	}
	fixture_deinit(&whole);
	fixture_deinit(&fx);
}

static const struct slow_call far_look = {
	.body = LOOK,
	.members = { "snapshot", "history" },
	.slices = FAR / SLOW_SLICE + DIFF,
};

static void a_look_is_at_the_world_as_it_was(void)
{
	slow_call_is_of_the_world_as_it_was(&far_look);
}

/* Nothing has been done before the second turn, nor is anything left. */
static void a_world_that_ends_before_the_look_is_gone(void)
{
	struct rpc_fixture fx;
	struct slow_job slow;
	json_t *answer;

	slow_world_init(&fx);
	slow_job_init(&fx, &slow, LOOK);
	CU_ASSERT(slow_job_turn(&fx, &slow));
	json_decref(fixture_result(&fx, "process.exit", "['@']"));
	CU_ASSERT_EQUAL(slow_job_end(&fx, &slow, &answer), 1);
	CU_ASSERT(is_error(answer, -32002, "process.gone", "process"));
	CU_ASSERT_EQUAL(document_account(&fx).worlds, 0);
	json_decref(answer);
	fixture_deinit(&fx);
}

static void a_look_outlives_all_that_its_client_owns(void)
{
	slow_call_outlives_all_that_its_client_owns(&far_look);
}

/* The calls before it do not run once more, those behind it wait. */
static void a_batch_keeps_its_order(void)
{
	struct rpc_fixture fx;
	json_t *answer;

	slow_world_init(&fx);
	answer = fixture_ask(&fx, "[{'jsonrpc':'2.0','id':0,'method':'mm.brk',"
				  "'params':['@','0x605000']}," LOOK
				  ",{'jsonrpc':'2.0','method':'history.at',"
				  "'params':['@',500]},"
				  "{'jsonrpc':'2.0','id':3,'method':'mm.brk',"
				  "'params':['@','0x606000']}]");
	CU_ASSERT_EQUAL(json_array_size(answer), 3);
	CU_ASSERT_PTR_NOT_NULL(
		result_member(json_array_get(answer, 1), "snapshot"));
	CU_ASSERT_EQUAL(
		json_integer_value(json_object_get(
			result_member(json_array_get(answer, 1), "history"),
			"last")),
		SLOW_OPERATIONS + 1);
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(
				json_array_get(answer, 2), "id")),
			3);
	CU_ASSERT_EQUAL(world_seq(fixture_world(&fx, 0)), SLOW_OPERATIONS + 2);
	json_decref(answer);
	fixture_deinit(&fx);
}

/* Only at the end it turns out that there was no such thread, or process. */
static void a_look_in_vain_leaves_nothing(void)
{
	static const char params[] =
		"{'process':'@','seq':600,'thread':7,'want':[" PARTS "]}";
	struct rpc_fixture fx;
	struct account before;
	json_t *answer, *result;
	unsigned i;

	slow_world_init(&fx);
	for (i = 0; i < 2; i++) {
		before = document_account(&fx);
		answer = fixture_call(&fx, "history.at", params);
		CU_ASSERT(is_error(answer, -32001, "thread.unknown", "thread"));
		CU_ASSERT_EQUAL(fx.yields, 1 + (FAR - 1) / SLOW_SLICE + DIFF);
		json_decref(answer);
	}
	CU_ASSERT_EQUAL(document_account(&fx).bytes, before.bytes);
	result = fixture_result(&fx, "process.fork", "['@']");
	fixture_turn_to(&fx,
			json_string_value(json_object_get(result, "process")));
	json_decref(result);
	answer = look(&fx, FAR, "'mm'");
	CU_ASSERT(is_error(answer, -32602, "params.value", "seq"));
	json_decref(answer);
	fixture_deinit(&fx);
}

CU_TestInfo test_rpc_turns_past[] = {
	{ "a far look takes turns", a_far_look_takes_turns },
	{ "a checkpoint spares turns", a_checkpoint_spares_turns },
	{ "turns change nothing of the answer",
	  turns_change_nothing_of_the_answer },
	{ "a look is at the world as it was",
	  a_look_is_at_the_world_as_it_was },
	{ "a world that ends before the look is gone",
	  a_world_that_ends_before_the_look_is_gone },
	{ "a look outlives all that its client owns",
	  a_look_outlives_all_that_its_client_owns },
	{ "a batch keeps its order", a_batch_keeps_its_order },
	{ "a look in vain leaves nothing", a_look_in_vain_leaves_nothing },
	CU_TEST_INFO_NULL,
};
