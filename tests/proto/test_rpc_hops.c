/* SPDX-License-Identifier: MIT */
/*
 * Batches that go from loop to loop, and share one with others
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/proto/rpc_fixture.h"
#include "tests/support/suite.h"

static void calls_move_to_the_loop_of_their_process(void)
{
	char names[3][PROCESS_NAME_LEN + 1], text[1024];
	struct rpc_fixture fx;
	json_t *answer;
	unsigned i;

	fixture_init(&fx, 3, NULL);
	for (i = 0; i < 3; i++) {
		char route[8];
		json_t *result;

		fx.at = i;
		result = fixture_create(&fx, "{}");
		snprintf(route, sizeof(route), "'w%u'", i);
		CU_ASSERT(is_json(json_object_get(result, "route"), route));
		strcpy(names[i], fx.process);
		json_decref(result);
	}

	/* One call, sent to each loop. */
	for (i = 0; i < 3; i++) {
		fx.at = i;
		answer = fixture_call(&fx, "mm.brk",
				      "{'process':'@','addr':0,'want':[]}");
		CU_ASSERT(is_json(json_object_get(answer, "result"),
				  "{'ret':'0x601000'}"));
		CU_ASSERT_EQUAL(fx.hops, i != 2);
		json_decref(answer);
	}
	CU_ASSERT_EQUAL(world_seq(fixture_world(&fx, 2)), 3);

	/* A batch that visits all of them, and one twice. */
	snprintf(text, sizeof(text),
		 "[{'jsonrpc':'2.0','id':0,'method':'mm.brk','params':"
		 "['%s','0x602000',1,[]]},"
		 "{'jsonrpc':'2.0','id':1,'method':'mm.brk','params':"
		 "['%s','0x603000',1,[]]},"
		 "{'jsonrpc':'2.0','method':'mm.brk','params':"
		 "['%s','0x604000',1,[]]},"
		 "{'jsonrpc':'2.0','id':3,'method':'mm.brk','params':"
		 "['%s',0,1,[]]}]",
		 names[0], names[1], names[2], names[0]);
	fx.at = 1;
	answer = fixture_ask(&fx, text);
	CU_ASSERT_EQUAL(fx.hops, 4);
	CU_ASSERT_EQUAL_FATAL(json_array_size(answer), 3);
	CU_ASSERT(is_json(json_array_get(answer, 2),
			  "{'jsonrpc':'2.0','id':3,'result':"
			  "{'ret':'0x602000'}}"));
	json_decref(answer);
	CU_ASSERT_EQUAL(world_seq(fixture_world(&fx, 2)), 4);
	fixture_deinit(&fx);
}

/* Slices, loops and limits together change no byte of the answer. */
static void slices_and_hops_change_nothing(void)
{
	char *wanted = NULL;
	unsigned slice;

	for (slice = 1; slice < 12; slice += 5) {
		const struct rpc_limits limits = { .calls_per_slice = slice };
		struct rpc_fixture fx;
		char *body, *answer;

		fixture_init(&fx, 2, &limits);
		fx.at = 1;
		json_decref(fixture_create(&fx, "{}"));
		fx.at = slice % 2;
		body = fixture_brk_batch(&fx, 20, "[\"mm\"]");
		answer = fixture_bytes(&fx, body, strlen(body));
		if (wanted) {
			CU_ASSERT_STRING_EQUAL(answer, wanted);
			free(answer);
		} else {
			wanted = answer;
		}
		free(body);
		fixture_deinit(&fx);
	}
	free(wanted);
}

static void names_of_loops_that_do_not_exist(void)
{
	struct rpc_fixture many, one;
	json_t *answer;

	fixture_init(&many, 3, NULL);
	many.at = 2;
	json_decref(fixture_create(&many, "{}"));
	fixture_init(&one, 1, NULL);
	strcpy(one.process, many.process);
	answer = fixture_call(&one, "mm.snapshot", "['@']");
	CU_ASSERT(is_error(answer, -32001, "process.unknown", "process"));
	json_decref(answer);
	fixture_deinit(&one);
	fixture_deinit(&many);
}

/* The calls of one process: @nr, some of which look into the index of calls for
 * parameters of their own. */
static char *calls_of(const struct rpc_fixture *fx, int nr)
{
	static const char *const calls[] = {
		"{'jsonrpc':'2.0','id':%d,'method':'mm.brk','params':"
		"{'process':'@','addr':'0x60%d000','want':[]}}",
		"{'jsonrpc':'2.0','id':%d,'method':'mm.explain','params':"
		"{'process':'@','method':'mm.brk','params':"
		"{'addr':'0x60%d000','want':['mm']}}}",
		"{'params':['@','0x60%2$d000',1,['mm']],'id':%1$d,"
		"'method':'mm.brk','jsonrpc':'2.0'}",
	};
	char text[200 * 60] = "[", *end = text + 1;
	int i;

	for (i = 0; i < nr; i++) {
		end += sprintf(end, i ? "," : "");
		end += sprintf(end, calls[i / 2 % 3], i, 2 + i % 8);
	}
	strcpy(end, "]");
	return fixture_expand(fx, text);
}

/* All jobs in turn, a slice each, on one loop. */
static void run_in_turn(struct rpc_fixture *fx, char *const bodies[],
			struct buffer answers[], unsigned nr)
{
	struct rpc_job jobs[4];
	unsigned left = nr, owner, i;
	bool done[4] = { false };

	for (i = 0; i < nr; i++) {
		buffer_init(&answers[i], 1 << 20);
		rpc_job_init(&jobs[i], bodies[i], strlen(bodies[i]),
			     &answers[i]);
	}
	while (left) {
		for (i = 0; i < nr; i++) {
			if (done[i])
				continue;
			done[i] = rpc_run(fx->services[0], &jobs[i], &owner) ==
				  RPC_DONE;
			left -= done[i];
		}
	}
}

static void batches_that_take_turns_do_not_meet(void)
{
	const struct rpc_limits limits = { .calls_per_slice = 7 };
	struct buffer answers[4];
	struct rpc_fixture fx, alone;
	char *bodies[4], *expected;
	unsigned i;

	fixture_init(&fx, 1, &limits);
	fixture_init(&alone, 1, NULL);
	for (i = 0; i < 4; i++) {
		json_decref(fixture_create(&fx, "{}"));
		bodies[i] = calls_of(&fx, 25 + 10 * (int)i);
	}
	run_in_turn(&fx, bodies, answers, 4);
	for (i = 0; i < 4; i++) {
		json_decref(fixture_create(&alone, "{}"));
		expected = fixture_bytes(&alone, bodies[i], strlen(bodies[i]));
		CU_ASSERT_PTR_NOT_NULL_FATAL(expected);
		CU_ASSERT_EQUAL(strlen(expected), answers[i].len);
		CU_ASSERT(!memcmp(expected, answers[i].data, answers[i].len));
		CU_ASSERT_PTR_NULL(strstr(expected, "error"));
		free(expected);
		free(bodies[i]);
		buffer_deinit(&answers[i]);
	}
	fixture_deinit(&alone);
	fixture_deinit(&fx);
}

CU_TestInfo test_rpc_hops[] = {
	{ "calls move to the loop of their process",
	  calls_move_to_the_loop_of_their_process },
	{ "slices and hops change nothing", slices_and_hops_change_nothing },
	{ "batches that take turns do not meet",
	  batches_that_take_turns_do_not_meet },
	{ "names of loops that do not exist",
	  names_of_loops_that_do_not_exist },
	CU_TEST_INFO_NULL,
};
