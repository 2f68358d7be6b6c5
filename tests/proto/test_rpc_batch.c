/* SPDX-License-Identifier: MIT */
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

/* A batch of @n calls of mm.brk with ids from 0. */
static char *brk_batch(const struct rpc_fixture *fx, unsigned n,
		       const char *want)
{
	char *text = malloc(128 * (size_t)n + 16), *p = text, *body;
	unsigned i;

	*p++ = '[';
	for (i = 0; i < n; i++)
		p += sprintf(p,
			     "%s{'jsonrpc':'2.0','id':%u,'method':'mm.brk',"
			     "'params':{'process':'@','addr':%u,'want':%s}}",
			     i ? "," : "", i, 0x601000 + i, want);
	strcpy(p, "]");
	body = fixture_expand(fx, text);
	free(text);
	return body;
}

static json_t *ask(struct rpc_fixture *fx, const char *body)
{
	char *text = fixture_bytes(fx, body, strlen(body));
	json_t *value = text ? json_loads(text, 0, NULL) : NULL;

	free(text);
	return value;
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
	body = brk_batch(&fx, 100, "[]");
	answer = ask(&fx, body);
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
	body = brk_batch(&fx, 600, "[\"mm\",\"vmas\",\"maps\"]");
	answer = ask(&fx, body);
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
	body = brk_batch(&fx, 100, "[]");
	answer = ask(&fx, body);
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
	body = brk_batch(&fx, 11, "[]");
	answer = ask(&fx, body);
	CU_ASSERT(is_error(answer, -32600, "request", NULL));
	CU_ASSERT(json_is_null(json_object_get(answer, "id")));
	CU_ASSERT_EQUAL(world_seq(fixture_world(&fx, 0)), 0);
	json_decref(answer);
	free(body);

	body = brk_batch(&fx, 10, "[]");
	answer = ask(&fx, body);
	CU_ASSERT_EQUAL(json_array_size(answer), 10);
	json_decref(answer);
	free(body);
	fixture_deinit(&fx);
}

/* ---------------------------------------------------- answers too large */

static json_t *error_data(const json_t *answer)
{
	return json_object_get(json_object_get(answer, "error"), "data");
}

static void answer_too_large_says_that_the_call_ran(void)
{
	const struct rpc_limits limits = { .answer_bytes = 1024 };
	struct rpc_fixture fx;
	json_t *answer;

	fixture_init(&fx, 1, &limits);
	json_decref(fixture_create(&fx, "{'want':[]}"));
	answer = fixture_call(&fx, "mm.brk",
			      "{'process':'@','addr':'0x602000'}");
	CU_ASSERT(is_error(answer, -32006, "response.too_large", NULL));
	CU_ASSERT(json_is_true(
		json_object_get(error_data(answer), "carried_out")));
	CU_ASSERT(is_json(json_object_get(error_data(answer), "seq"), "1"));
	CU_ASSERT_EQUAL(world_seq(fixture_world(&fx, 0)), 1);
	json_decref(answer);

	/* What only looks has no seq. */
	answer = fixture_call(&fx, "mm.snapshot", "{'process':'@'}");
	CU_ASSERT(is_error(answer, -32006, "response.too_large", NULL));
	CU_ASSERT(json_is_false(
		json_object_get(error_data(answer), "carried_out")));
	CU_ASSERT_PTR_NULL(json_object_get(error_data(answer), "seq"));
	json_decref(answer);

	/* Texts go through a buffer of their own. */
	answer = fixture_call(&fx, "mm.maps", "{'process':'@'}");
	CU_ASSERT(is_error(answer, -32006, "response.too_large", NULL));
	json_decref(answer);
	fixture_deinit(&fx);
}

static void process_that_could_not_be_named_is_not_made(void)
{
	const struct rpc_limits limits = { .answer_bytes = 1024 };
	struct rpc_fixture fx;
	json_t *answer;

	fixture_init(&fx, 1, &limits);
	answer = fixture_call(&fx, "process.create", "{'seed':7}");
	CU_ASSERT(is_error(answer, -32006, "response.too_large", NULL));
	CU_ASSERT(json_is_false(
		json_object_get(error_data(answer), "carried_out")));
	json_decref(answer);
	CU_ASSERT_EQUAL(fx.services[0]->tenants.all[0]->account.processes, 0);
	CU_ASSERT_EQUAL(fx.services[0]->processes.live, 0);
	fixture_deinit(&fx);
}

static void batch_stops_when_the_answer_is_full(void)
{
	const struct rpc_limits limits = { .answer_bytes = 20000,
					   .calls_per_slice = 3 };
	struct rpc_fixture fx;
	json_t *answer;
	size_t i, ran = 0, lost = 0, refused = 0;
	char *body, *text;

	fixture_init(&fx, 1, &limits);
	json_decref(fixture_create(&fx, "{}"));
	body = brk_batch(&fx, 15, "[\"mm\",\"vmas\"]");
	text = fixture_bytes(&fx, body, strlen(body));
	CU_ASSERT(strlen(text) <= limits.answer_bytes);
	answer = json_loads(text, 0, NULL);
	CU_ASSERT_EQUAL_FATAL(json_array_size(answer), 15);

	/* Answers, then the one that did not fit, then those that did not
	 * run. */
	for (i = 0; i < 15; i++) {
		const json_t *one = json_array_get(answer, i);

		CU_ASSERT_EQUAL(json_integer_value(json_object_get(one, "id")),
				(json_int_t)i);
		if (json_object_get(one, "result")) {
			CU_ASSERT_EQUAL(lost + refused, 0);
			ran++;
			continue;
		}
		CU_ASSERT(is_error(one, -32006, "response.too_large", NULL));
		if (json_is_true(
			    json_object_get(error_data(one), "carried_out"))) {
			CU_ASSERT_EQUAL(refused, 0);
			lost++;
		} else {
			refused++;
		}
	}
	CU_ASSERT(ran >= 1);
	CU_ASSERT_EQUAL(lost, 1);
	CU_ASSERT(refused >= 1);
	CU_ASSERT_EQUAL(world_seq(fixture_world(&fx, 0)), ran + lost);
	json_decref(answer);
	free(text);
	free(body);
	fixture_deinit(&fx);
}

/* The answer's own maximum counts, too, and what stands before in it. */
static void no_answer_exceeds_its_maximum(void)
{
	size_t max;

	for (max = 1000; max < 24000; max += 619) {
		const struct rpc_limits limits = { .answer_bytes = max };
		struct rpc_fixture fx;
		char *body, *text;

		fixture_init(&fx, 1, &limits);
		json_decref(fixture_create(&fx, "{'want':[]}"));
		body = brk_batch(&fx, 10, "[\"vmas\"]");
		text = fixture_bytes(&fx, body, strlen(body));
		CU_ASSERT_PTR_NOT_NULL_FATAL(text);
		CU_ASSERT(strlen(text) <= max);
		free(text);

		fx.services[0]->limits.answer_bytes = 1u << 20;
		fx.answer_max = max + 4;
		text = fixture_bytes(&fx, body, strlen(body));
		CU_ASSERT_PTR_NOT_NULL_FATAL(text);
		CU_ASSERT(strlen(text) <= max);
		free(text);
		free(body);
		fixture_deinit(&fx);
	}
}

static void batch_whose_refusals_would_not_fit_does_not_begin(void)
{
	const struct rpc_limits limits = { .answer_bytes = 3000 };
	struct rpc_fixture fx;
	json_t *answer;
	char *body;

	fixture_init(&fx, 1, &limits);
	json_decref(fixture_create(&fx, "{'want':[]}"));
	body = brk_batch(&fx, 20, "[]");
	answer = ask(&fx, body);
	CU_ASSERT(is_error(answer, -32006, "response.too_large", NULL));
	CU_ASSERT_EQUAL(world_seq(fixture_world(&fx, 0)), 0);
	json_decref(answer);
	free(body);
	fixture_deinit(&fx);
}

static void id_too_long_for_any_answer(void)
{
	const struct rpc_limits limits = { .answer_bytes = 2000 };
	struct rpc_fixture fx;
	char text[4000] = "{'jsonrpc':'2.0','method':'process.create','id':'";
	json_t *answer;
	size_t len;

	fixture_init(&fx, 1, &limits);
	len = strlen(text);
	memset(text + len, 'x', 3000);
	strcpy(text + len + 3000, "'}");
	answer = fixture_ask(&fx, text);
	CU_ASSERT(is_error(answer, -32006, "response.too_large", NULL));
	CU_ASSERT_EQUAL(fx.services[0]->tenants.all[0]->account.processes, 0);
	json_decref(answer);
	fixture_deinit(&fx);
}

/* No memory for one answer: the call has run, the rest of the batch does not.
 * The service's own buffer of texts is made to have failed. */
static void no_memory_for_an_answer(void)
{
	struct rpc_fixture fx;
	json_t *answer;
	char *body;
	size_t i;

	fixture_init(&fx, 1, NULL);
	json_decref(fixture_create(&fx, "{}"));
	body = brk_batch(&fx, 3, "[]");
	fx.services[0]->scratch.failed = BUFFER_NO_MEMORY;
	answer = ask(&fx, body);
	CU_ASSERT_EQUAL_FATAL(json_array_size(answer), 3);
	for (i = 0; i < 3; i++) {
		const json_t *one = json_array_get(answer, i);

		CU_ASSERT(is_error(one, -32603, "internal", NULL));
		CU_ASSERT_EQUAL(json_is_true(json_object_get(error_data(one),
							     "carried_out")),
				i == 0);
	}
	json_decref(answer);
	CU_ASSERT_EQUAL(world_seq(fixture_world(&fx, 0)), 1);

	/* And all is well again. */
	answer = ask(&fx, body);
	CU_ASSERT_PTR_NOT_NULL(
		json_object_get(json_array_get(answer, 2), "result"));
	json_decref(answer);
	free(body);
	fixture_deinit(&fx);
}

/* ------------------------------------------------------- several loops */

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
		body = brk_batch(&fx, 20, "[\"mm\"]");
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

static void in_a_batch_calls_are_read_as_alone(void)
{
	json_t *alone[ALIKE], *answer;
	struct rpc_fixture fx;
	char body[4096];
	unsigned seed = 1, which[ALIKE_IN_BATCH], i, j;
	size_t len;

	fixture_init(&fx, 1, NULL);
	json_decref(fixture_create(&fx, "{'maps':[],'history':0}"));
	for (i = 0; i < ALIKE; i++) {
		snprintf(body, sizeof(body), "{'jsonrpc':'2.0','id':1,%s}",
			 alike_calls[i]);
		alone[i] = fixture_ask(&fx, body);
		CU_ASSERT_PTR_NOT_NULL_FATAL(alone[i]);
		forget_time(alone[i]);
	}
	for (i = 0; i < 4000; i++) {
		len = 0;
		for (j = 0; j < ALIKE_IN_BATCH; j++) {
			seed = seed * 1103515245 + 12345;
			/* Now and then the same once more. */
			which[j] = j && seed >> 30 == 0 ? which[j - 1]
							: (seed >> 16) % ALIKE;
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
	for (i = 0; i < ALIKE; i++)
		json_decref(alone[i]);
	fixture_deinit(&fx);
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
	{ "answer too large says that the call ran",
	  answer_too_large_says_that_the_call_ran },
	{ "process that could not be named is not made",
	  process_that_could_not_be_named_is_not_made },
	{ "batch stops when the answer is full",
	  batch_stops_when_the_answer_is_full },
	{ "no answer exceeds its maximum", no_answer_exceeds_its_maximum },
	{ "batch whose refusals would not fit does not begin",
	  batch_whose_refusals_would_not_fit_does_not_begin },
	{ "id too long for any answer", id_too_long_for_any_answer },
	{ "no memory for an answer", no_memory_for_an_answer },
	{ "calls move to the loop of their process",
	  calls_move_to_the_loop_of_their_process },
	{ "slices and hops change nothing", slices_and_hops_change_nothing },
	{ "batches that take turns do not meet",
	  batches_that_take_turns_do_not_meet },
	{ "in a batch calls are read as alone",
	  in_a_batch_calls_are_read_as_alone },
	{ "names of loops that do not exist",
	  names_of_loops_that_do_not_exist },
	CU_TEST_INFO_NULL,
};
