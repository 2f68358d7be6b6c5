/* SPDX-License-Identifier: MIT */
/*
 * Calls that take several turns of their loop: others run in between
 */
#include <stdlib.h>

#include "tests/proto/document_fixture.h"
#include "tests/proto/slow_job.h"
#include "tests/support/suite.h"

static bool is_verified(const json_t *answer)
{
	return json_is_true(result_member(answer, "verified"));
}

/* One for the body, and one for each slice and the end; an export begins with one
 * for the oldest state. */
static void each_turn_takes_a_slice(void)
{
	struct rpc_fixture fx;
	json_t *document, *answer;

	slow_world_init(&fx);
	document = document_export(&fx, "['@']");
	CU_ASSERT_EQUAL(fx.yields, 1 + 1 + SLOW_OPERATIONS / SLOW_SLICE);
	answer = document_import(&fx, document, "");
	CU_ASSERT_EQUAL(fx.yields, 1 + SLOW_OPERATIONS / SLOW_SLICE);
	CU_ASSERT(is_verified(answer));
	json_decref(answer);
	answer = document_import(&fx, document, ",'idempotency_key':'k'");
	CU_ASSERT_EQUAL(fx.yields, 1 + SLOW_OPERATIONS / SLOW_SLICE + 1);
	CU_ASSERT(is_verified(answer));
	json_decref(answer);
	json_decref(document);
	fixture_deinit(&fx);
}

#define EXPORT "{'jsonrpc':'2.0','id':1,'method':'world.export','params':['@']}"

static const struct slow_call export = {
	.body = EXPORT,
	.members = { "document" },
	.slices = 1 + SLOW_OPERATIONS / SLOW_SLICE,
};

static void an_export_is_of_the_world_as_it_was(void)
{
	slow_call_is_of_the_world_as_it_was(&export);
}

static void an_export_outlives_all_that_its_client_owns(void)
{
	slow_call_outlives_all_that_its_client_owns(&export);
}

static char *import_body(const json_t *document, const char *key)
{
	json_t *call =
		json_pack("{s:s, s:i, s:s, s:{s:O, s:[], s:s}}", "jsonrpc",
			  "2.0", "id", 1, "method", "world.import", "params",
			  "document", document, "want", "idempotency_key", key);
	char *text = json_dumps(call, JSON_COMPACT);

	json_decref(call);
	return text;
}

/* The same import twice at a time: the second one's world is not needed. */
static void a_retry_that_overtakes_is_answered_alike(void)
{
	struct slow_job first, second;
	struct rpc_fixture fx;
	json_t *document, *one, *other;
	uint64_t worlds;
	char *body;

	slow_world_init(&fx);
	document = document_export(&fx, "['@']");
	body = import_body(document, "k");
	worlds = document_account(&fx).worlds;
	slow_job_init(&fx, &first, body);
	slow_job_init(&fx, &second, body);
	CU_ASSERT(slow_job_turn(&fx, &first));
	CU_ASSERT(slow_job_turn(&fx, &first));
	slow_job_end(&fx, &second, &other);
	slow_job_end(&fx, &first, &one);
	CU_ASSERT(is_verified(one));
	CU_ASSERT(json_equal(one, other));
	CU_ASSERT_EQUAL(document_account(&fx).worlds, worlds + 1);
	json_decref(one);
	json_decref(other);
	json_decref(document);
	free(body);
	fixture_deinit(&fx);
}

/* Another import with the same key has made its world meanwhile. */
static void a_key_that_was_taken_meanwhile_is_a_conflict(void)
{
	struct rpc_fixture fx;
	struct slow_job slow;
	json_t *document, *answer;
	uint64_t worlds;
	char *body;

	slow_world_init(&fx);
	document = document_export(&fx, "['@']");
	body = import_body(document, "k");
	slow_job_init(&fx, &slow, body);
	CU_ASSERT(slow_job_turn(&fx, &slow));
	CU_ASSERT(slow_job_turn(&fx, &slow));
	json_decref(fixture_result(&fx, "process.create",
				   "{'idempotency_key':'k','want':[]}"));
	worlds = document_account(&fx).worlds;
	slow_job_end(&fx, &slow, &answer);
	CU_ASSERT(is_error(answer, -32602, "idempotency.conflict",
			   "idempotency_key"));
	/* The one under way was counted, too. */
	CU_ASSERT_EQUAL(document_account(&fx).worlds, worlds - 1);
	json_decref(answer);
	json_decref(document);
	free(body);
	fixture_deinit(&fx);
}

static void a_wrong_end_takes_all_of_it_back(void)
{
	struct rpc_fixture fx;
	struct account before;
	json_t *document, *operations, *answer;
	unsigned i;

	slow_world_init(&fx);
	document = document_export(&fx, "['@']");
	operations = json_object_get(document, "operations");
	json_object_set_new(json_array_get(operations, SLOW_OPERATIONS - 1),
			    "thread", json_integer(9));
	for (i = 0; i < 2; i++) {
		before = document_account(&fx);
		answer = document_import(&fx, document, "");
		CU_ASSERT(is_error(answer, -32602, "params.value", "document"));
		json_decref(answer);
	}
	CU_ASSERT_EQUAL(document_account(&fx).bytes, before.bytes);
	CU_ASSERT_EQUAL(document_account(&fx).worlds, before.worlds);
	json_decref(document);
	fixture_deinit(&fx);
}

/* The calls behind it wait for their turn. */
static void a_batch_keeps_its_order(void)
{
	struct rpc_fixture fx;
	json_t *answer, *document;

	slow_world_init(&fx);
	answer = fixture_ask(&fx, "[{'jsonrpc':'2.0','id':1,'method':'mm.brk',"
				  "'params':['@','0x605000']}," EXPORT
				  ",{'jsonrpc':'2.0','method':'world.export',"
				  "'params':['@']},"
				  "{'jsonrpc':'2.0','id':3,'method':'mm.brk',"
				  "'params':['@','0x606000']}]");
	CU_ASSERT_EQUAL(json_array_size(answer), 3);
	document = result_member(json_array_get(answer, 1), "document");
	CU_ASSERT_EQUAL(
		json_array_size(json_object_get(document, "operations")),
		SLOW_OPERATIONS + 1);
	CU_ASSERT(
		is_json(json_object_get(json_array_get(answer, 2), "id"), "3"));
	json_decref(answer);
	fixture_deinit(&fx);
}

/* An answer that does not fit is given up, and said to be. */
static void an_answer_that_is_too_large_ends_early(void)
{
	const struct rpc_limits limits = { .answer_bytes = 20000 };
	struct rpc_fixture fx;
	json_t *answer;

	fixture_init(&fx, 1, &limits);
	fx.answer_max = 24000;
	json_decref(fixture_create(&fx, "{'want':[]}"));
	document_exercise(&fx, SLOW_OPERATIONS);
	answer = fixture_call(&fx, "world.export", "['@']");
	CU_ASSERT(is_error(answer, -32006, "response.too_large", NULL));
	CU_ASSERT(fx.yields < 8);
	json_decref(answer);
	fixture_deinit(&fx);
}

CU_TestInfo test_rpc_turns[] = {
	{ "each turn takes a slice", each_turn_takes_a_slice },
	{ "an export is of the world as it was",
	  an_export_is_of_the_world_as_it_was },
	{ "an export outlives all that its client owns",
	  an_export_outlives_all_that_its_client_owns },
	{ "a retry that overtakes is answered alike",
	  a_retry_that_overtakes_is_answered_alike },
	{ "a key that was taken meanwhile is a conflict",
	  a_key_that_was_taken_meanwhile_is_a_conflict },
	{ "a wrong end takes all of it back",
	  a_wrong_end_takes_all_of_it_back },
	{ "a batch keeps its order", a_batch_keeps_its_order },
	{ "an answer that is too large ends early",
	  an_answer_that_is_too_large_ends_early },
	CU_TEST_INFO_NULL,
};
