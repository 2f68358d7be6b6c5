/* SPDX-License-Identifier: MIT */
/*
 * What becomes of calls whose answers are too large, or find no memory
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/proto/rpc_fixture.h"
#include "tests/support/suite.h"

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
	CU_ASSERT(json_is_true(error_member(answer, "carried_out")));
	CU_ASSERT(is_json(error_member(answer, "seq"), "1"));
	CU_ASSERT_EQUAL(world_seq(fixture_world(&fx, 0)), 1);
	json_decref(answer);

	/* What only looks has no seq. */
	answer = fixture_call(&fx, "mm.snapshot", "{'process':'@'}");
	CU_ASSERT(is_error(answer, -32006, "response.too_large", NULL));
	CU_ASSERT(json_is_false(error_member(answer, "carried_out")));
	CU_ASSERT_PTR_NULL(error_member(answer, "seq"));
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
	CU_ASSERT(json_is_false(error_member(answer, "carried_out")));
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
	body = fixture_brk_batch(&fx, 15, "[\"mm\",\"vmas\"]");
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
		if (json_is_true(error_member(one, "carried_out"))) {
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
		body = fixture_brk_batch(&fx, 10, "[\"vmas\"]");
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
	body = fixture_brk_batch(&fx, 20, "[]");
	answer = fixture_ask(&fx, body);
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
	body = fixture_brk_batch(&fx, 3, "[]");
	fx.services[0]->scratch.failed = BUFFER_NO_MEMORY;
	answer = fixture_ask(&fx, body);
	CU_ASSERT_EQUAL_FATAL(json_array_size(answer), 3);
	for (i = 0; i < 3; i++) {
		const json_t *one = json_array_get(answer, i);

		CU_ASSERT(is_error(one, -32603, "internal", NULL));
		CU_ASSERT_EQUAL(json_is_true(error_member(one, "carried_out")),
				i == 0);
	}
	json_decref(answer);
	CU_ASSERT_EQUAL(world_seq(fixture_world(&fx, 0)), 1);

	/* And all is well again. */
	answer = fixture_ask(&fx, body);
	CU_ASSERT_PTR_NOT_NULL(
		json_object_get(json_array_get(answer, 2), "result"));
	json_decref(answer);
	free(body);
	fixture_deinit(&fx);
}

CU_TestInfo test_rpc_room[] = {
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
	CU_TEST_INFO_NULL,
};
