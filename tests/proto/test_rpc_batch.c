/* SPDX-License-Identifier: MIT */
/*
 * Batches: what is one, their order and their slices
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/proto/rpc_fixture.h"
#include "tests/support/suite.h"

/* The specification's mixed batch. */
static void mixed_batch_is_answered_in_order(void)
{
	struct rpc_fixture fx;
	json_t *answer;

	fixture_init(&fx, 1, NULL);
	json_decref(fixture_create(&fx, "{}"));
	answer = fixture_ask(
		&fx, "[{'jsonrpc':'2.0','method':'mm.brk','params':"
		     "['@','0x602000',1,[]],'id':'1'},"
		     "{'jsonrpc':'2.0','method':'mm.brk','params':"
		     "['@','0x603000']},"
		     "{'jsonrpc':'2.0','method':'mm.brk','params':"
		     "['@',0,1,[]],'id':'2'},"
		     "{'foo':'boo'},"
		     "{'jsonrpc':'2.0','method':'foo.get','params':"
		     "{'name':'myself'},'id':'5'},"
		     "{'jsonrpc':'2.0','method':'mm.munmap','params':"
		     "{'process':'@','addr':1,'length':1,'want':[]},'id':9}]");
	CU_ASSERT_EQUAL_FATAL(json_array_size(answer), 5);
	CU_ASSERT(is_json(json_array_get(answer, 0),
			  "{'jsonrpc':'2.0','id':'1','result':"
			  "{'ret':'0x602000'}}"));
	CU_ASSERT(is_json(json_array_get(answer, 1),
			  "{'jsonrpc':'2.0','id':'2','result':"
			  "{'ret':'0x603000'}}"));
	CU_ASSERT(is_error(json_array_get(answer, 2), -32600, "request", NULL));
	CU_ASSERT(is_json(json_object_get(json_array_get(answer, 2), "id"),
			  "null"));
	CU_ASSERT(is_error(json_array_get(answer, 3), -32601, "method", NULL));
	CU_ASSERT(is_json(json_array_get(answer, 4),
			  "{'jsonrpc':'2.0','id':9,'result':"
			  "{'ret':-22,'errno':'EINVAL'}}"));
	json_decref(answer);
	fixture_deinit(&fx);
}

static void batches_of_nonsense(void)
{
	struct rpc_fixture fx;
	json_t *answer;
	size_t i;

	fixture_init(&fx, 1, NULL);
	answer = fixture_ask(&fx, "[1]");
	CU_ASSERT_EQUAL(json_array_size(answer), 1);
	CU_ASSERT(is_error(json_array_get(answer, 0), -32600, "request", NULL));
	json_decref(answer);

	answer = fixture_ask(&fx, "[1,[],'x']");
	CU_ASSERT_EQUAL(json_array_size(answer), 3);
	for (i = 0; i < 3; i++)
		CU_ASSERT(is_error(json_array_get(answer, i), -32600, "request",
				   NULL));
	json_decref(answer);
	fixture_deinit(&fx);
}

static void notifications_only_say_nothing(void)
{
	struct rpc_fixture fx;

	fixture_init(&fx, 1, NULL);
	json_decref(fixture_create(&fx, "{}"));
	CU_ASSERT_PTR_NULL(fixture_ask(
		&fx, "[{'jsonrpc':'2.0','method':'mm.brk','params':"
		     "['@','0x602000']},"
		     "{'jsonrpc':'2.0','method':'thread.create','params':"
		     "['@']}]"));
	CU_ASSERT_EQUAL(world_seq(fixture_world(&fx, 0)), 2);
	fixture_deinit(&fx);
}

static void long_batches_run_in_slices(void)
{
	const struct rpc_limits limits = { .calls_per_slice = 7 };
	struct rpc_fixture fx;
	json_t *answer;
	char *body;
	size_t i;

	fixture_init(&fx, 1, &limits);
	json_decref(fixture_create(&fx, "{}"));
	body = fixture_brk_batch(&fx, 100, "[]");
	answer = fixture_ask(&fx, body);
	CU_ASSERT_EQUAL(fx.yields, 14);
	CU_ASSERT_EQUAL_FATAL(json_array_size(answer), 100);
	for (i = 0; i < 100; i++) {
		const json_t *one = json_array_get(answer, i);
		char ret[32];

		snprintf(ret, sizeof(ret), "{'ret':'%#zx'}", 0x601000 + i);
		CU_ASSERT_EQUAL(json_integer_value(json_object_get(one, "id")),
				(json_int_t)i);
		CU_ASSERT(is_json(json_object_get(one, "result"), ret));
	}
	json_decref(answer);
	free(body);
	fixture_deinit(&fx);
}

/* A slice also ends after much output, however few the calls are. */
static void large_answers_end_a_slice(void)
{
	const struct rpc_limits limits = { .calls_per_slice = 1000 };
	struct rpc_fixture fx;
	json_t *answer;
	char *body;

	fixture_init(&fx, 1, &limits);
	json_decref(fixture_create(&fx, "{}"));
	body = fixture_brk_batch(&fx, 600, "[\"mm\",\"vmas\",\"maps\"]");
	answer = fixture_ask(&fx, body);
	CU_ASSERT_EQUAL(json_array_size(answer), 600);
	CU_ASSERT(fx.yields >= 2 && fx.yields < 20);
	json_decref(answer);
	free(body);
	fixture_deinit(&fx);
}

static uint64_t slow_clock(void *ctx)
{
	static uint64_t ns;

	(void)ctx;
	return ns += 2000000;
}

/* And after calls that take long: it looks at every eighth. */
static void slow_calls_end_a_slice(void)
{
	struct rpc_fixture fx;
	json_t *answer;
	char *body;

	fixture_init(&fx, 1, NULL);
	json_decref(fixture_create(&fx, "{}"));
	fx.services[0]->host.clock = slow_clock;
	body = fixture_brk_batch(&fx, 100, "[]");
	answer = fixture_ask(&fx, body);
	CU_ASSERT_EQUAL(json_array_size(answer), 100);
	CU_ASSERT_EQUAL(fx.yields, 12);
	json_decref(answer);
	free(body);
	fixture_deinit(&fx);
}

static void too_many_calls_none_runs(void)
{
	const struct rpc_limits limits = { .batch_calls = 10 };
	struct rpc_fixture fx;
	json_t *answer;
	char *body;

	fixture_init(&fx, 1, &limits);
	json_decref(fixture_create(&fx, "{}"));
	body = fixture_brk_batch(&fx, 11, "[]");
	answer = fixture_ask(&fx, body);
	CU_ASSERT(is_error(answer, -32600, "request", NULL));
	CU_ASSERT(json_is_null(json_object_get(answer, "id")));
	CU_ASSERT_EQUAL(world_seq(fixture_world(&fx, 0)), 0);
	json_decref(answer);
	free(body);

	body = fixture_brk_batch(&fx, 10, "[]");
	answer = fixture_ask(&fx, body);
	CU_ASSERT_EQUAL(json_array_size(answer), 10);
	json_decref(answer);
	free(body);
	fixture_deinit(&fx);
}

/* What is known from the call before must never show: any batch of these is
 * answered as its calls are alone. */
static const char *const alike_calls[] = {
	"'method':'mm.access','params':{'process':'@','addr':4096,"
	"'type':'read','want':[]}",
	"'method':'mm.access','params':{'process':'@','addr':4096,"
	"'type':'write','want':[]}",
	"'method':'mm.access','params':{'process':'@','addr':8192,"
	"'type':'read','want':[]}",
	"'method':'mm.access','params':{'process':'@','addr':'8192',"
	"'type':'exec','want':[]}",
	"'method':'mm.access','params':{'process':'@','addr':8192,"
	"'type':'read','length':16,'want':[]}",
	"'method':'mm.access','params':{'addr':4096,'process':'@',"
	"'type':'read','want':[]}",
	"'method':'mm.access','params':{'process':'@','addr':8192,"
	"'type':'reed','want':[]}",
	"'method':'mm.access','params':{'process':'@','addr':8192,"
	"'want':['vmas'],'type':'read'}",
	"'method':'mm.access','params':{'process':'@','addr':8192,"
	"'want':['bogus'],'type':'read'}",
	"'method':'mm.access','params':{'process':'@','addr':8192}",
	"'method':'mm.access','params':{'process':'@','addr':8192,"
	"'type':'read','stranger':{'want':[]},'want':[]}",
	"'method':'mm.access','params':['@',4096,'read']",
	"'method':'mm.access','params':['@',8192]",
	"'method':'mm.find_vma','params':{'process':'@','addr':4096,"
	"'want':[]}",
	"'method':'mm.find_vma','params':{'process':'@','addr':4096,"
	"'type':'read','want':[]}",
	"'method':'mm.find_vma','params':['@',4096]",
	"'method':'mm.find_vma','params':['@',4096,1,[],1,1,1]",
	"'params':{'process':'@','addr':4096,'type':'read','want':[]},"
	"'method':'mm.access'",
	"'method':'mm.find_vma'",
	"'method':'mm.nothing','params':{'process':'@','addr':4096,"
	"'type':'read','want':[]}",
	"'method':'mm.access','stranger':{'process':'@'},'params':{}",
};

enum {
	ALIKE = sizeof(alike_calls) / sizeof(alike_calls[0]),
	ALIKE_IN_BATCH = 6
};

/* What tells only how many calls there were before. */
static void forget_time(json_t *answer)
{
	json_t *result = json_object_get(answer, "result");
	json_t *snapshot = json_object_get(result, "snapshot");

	json_object_del(result, "history");
	json_object_del(json_object_get(snapshot, "mm"), "seq");
}

/* Now and then the same once more. */
static unsigned pick_alike(unsigned *seed, unsigned before)
{
	*seed = *seed * 1103515245 + 12345;
	return *seed >> 30 == 0 ? before : (*seed >> 16) % ALIKE;
}

static json_t *ask_alike(struct rpc_fixture *fx, unsigned which)
{
	char body[256];
	json_t *answer;

	snprintf(body, sizeof(body), "{'jsonrpc':'2.0','id':1,%s}",
		 alike_calls[which]);
	answer = fixture_ask(fx, body);
	CU_ASSERT_PTR_NOT_NULL_FATAL(answer);
	forget_time(answer);
	return answer;
}

/* Each with nothing before that it could repeat. */
static void ask_alone(struct rpc_fixture *fx, json_t *alone[ALIKE])
{
	unsigned i;

	json_decref(fixture_create(fx, "{'maps':[],'history':0}"));
	for (i = 0; i < ALIKE; i++) {
		json_decref(fixture_ask(fx, "{}"));
		alone[i] = ask_alike(fx, i);
	}
}

static void forget_alone(struct rpc_fixture *fx, json_t *alone[ALIKE])
{
	unsigned i;

	for (i = 0; i < ALIKE; i++)
		json_decref(alone[i]);
	fixture_deinit(fx);
}

static void in_a_batch_calls_are_read_as_alone(void)
{
	json_t *alone[ALIKE], *answer;
	struct rpc_fixture fx;
	char body[4096];
	unsigned seed = 1, which[ALIKE_IN_BATCH], i, j;
	size_t len;

	fixture_init(&fx, 1, NULL);
	ask_alone(&fx, alone);
	for (i = 0; i < 4000; i++) {
		len = 0;
		for (j = 0; j < ALIKE_IN_BATCH; j++) {
			which[j] = pick_alike(&seed, j ? which[j - 1] : 0);
			len += (size_t)snprintf(body + len, sizeof(body) - len,
						"%c{'jsonrpc':'2.0','id':1,%s}",
						j ? ',' : '[',
						alike_calls[which[j]]);
		}
		snprintf(body + len, sizeof(body) - len, ",'the end of all']");
		answer = fixture_ask(&fx, body);
		CU_ASSERT_EQUAL_FATAL(json_array_size(answer),
				      ALIKE_IN_BATCH + 1);
		for (j = 0; j < ALIKE_IN_BATCH; j++) {
			json_t *one = json_array_get(answer, j);

			forget_time(one);
			CU_ASSERT(json_equal(one, alone[which[j]]));
		}
		json_decref(answer);
	}
	forget_alone(&fx, alone);
}

static void one_behind_the_other_calls_are_read_as_alone(void)
{
	json_t *alone[ALIKE], *answer;
	struct rpc_fixture fx;
	unsigned seed = 1, which = 0, i;

	fixture_init(&fx, 1, NULL);
	ask_alone(&fx, alone);
	for (i = 0; i < 10000; i++) {
		which = pick_alike(&seed, which);
		answer = ask_alike(&fx, which);
		CU_ASSERT(json_equal(answer, alone[which]));
		json_decref(answer);
		/* Other rows may come between. */
		if (i % 16 == 15)
			json_decref(fixture_ask(&fx, "[7]"));
	}
	forget_alone(&fx, alone);
}

CU_TestInfo test_rpc_batch[] = {
	{ "mixed batch is answered in order",
	  mixed_batch_is_answered_in_order },
	{ "batches of nonsense", batches_of_nonsense },
	{ "notifications only say nothing", notifications_only_say_nothing },
	{ "long batches run in slices", long_batches_run_in_slices },
	{ "large answers end a slice", large_answers_end_a_slice },
	{ "slow calls end a slice", slow_calls_end_a_slice },
	{ "too many calls: none runs", too_many_calls_none_runs },
	{ "in a batch calls are read as alone",
	  in_a_batch_calls_are_read_as_alone },
	{ "one behind the other calls are read as alone",
	  one_behind_the_other_calls_are_read_as_alone },
	CU_TEST_INFO_NULL,
};
