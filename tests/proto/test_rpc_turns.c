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

/* ------------------------------------------------------------- scripts */

#define SCRIPT(more)                                                           \
	"{'jsonrpc':'2.0','id':1,'method':'script.run','params':{"             \
	"'script':'c = fork()\\n"                                              \
	"repeat 300 {\\nmmap(0, 4K, rw, private)\\n}\\n"                       \
	"expect brk(0) == 0x601000\\nin c: exit()','want':[]" more "}}"

static json_int_t result_count(const json_t *answer, const char *key)
{
	return json_integer_value(result_member(answer, key));
}

/* Until the script has come to its end nothing of it is to be seen. */
static void a_script_takes_turns(void)
{
	const struct rpc_limits sliced = { .calls_per_slice = SLOW_SLICE };
	struct rpc_fixture fx;
	struct slow_job slow;
	json_t *answer;

	fixture_init(&fx, 1, &sliced);
	json_decref(fixture_create(&fx, "{}"));
	slow_job_init(&fx, &slow, SCRIPT(",'process':'@'"));
	CU_ASSERT(slow_job_turn(&fx, &slow));
	CU_ASSERT(slow_job_turn(&fx, &slow));
	CU_ASSERT(slow_job_turn(&fx, &slow));
	CU_ASSERT_EQUAL(world_seq(fixture_world(&fx, 0)), 0);
	/* Who only looks does not disturb. */
	json_decref(fixture_result(&fx, "mm.snapshot", "['@']"));
	CU_ASSERT_EQUAL(slow_job_end(&fx, &slow, &answer), 8);
	CU_ASSERT_EQUAL(result_count(answer, "steps"), 603);
	CU_ASSERT_EQUAL(result_count(answer, "passed"), 1);
	CU_ASSERT_EQUAL(result_count(answer, "seq"), 303);
	CU_ASSERT_EQUAL(world_seq(fixture_world(&fx, 0)), 303);
	json_decref(answer);
	fixture_deinit(&fx);
}

/* What others did comes first, and then the whole script. */
static void a_script_that_was_disturbed_runs_anew(void)
{
	static const char *const meanwhile[][2] = {
		{ "mm.brk", "['@','0x601800']" },
		{ "process.fork", "['@']" },
		{ "history.rewind", "['@',1]" },
		{ "script.run", "{'script':'brk(0)\\nbrk(0)','process':'@'}" },
	};
	static const unsigned before[] = { 3, 3, 1, 4 };
	struct rpc_fixture fx;
	struct slow_job slow;
	json_t *answer;
	size_t i;

	for (i = 0; i < sizeof(before) / sizeof(before[0]); i++) {
		fixture_init(&fx, 1, NULL);
		json_decref(fixture_create(&fx, "{}"));
		json_decref(fixture_result(&fx, "mm.brk", "['@',0]"));
		json_decref(fixture_result(&fx, "mm.brk", "['@',1]"));
		slow_job_init(&fx, &slow, SCRIPT(",'process':'@'"));
		CU_ASSERT(slow_job_turn(&fx, &slow));
		CU_ASSERT(slow_job_turn(&fx, &slow));
		CU_ASSERT(slow_job_turn(&fx, &slow));
		json_decref(
			fixture_result(&fx, meanwhile[i][0], meanwhile[i][1]));
		slow_job_end(&fx, &slow, &answer);
		CU_ASSERT_EQUAL(result_count(answer, "steps"), 603);
		CU_ASSERT_EQUAL(result_count(answer, "passed"), i != 0);
		CU_ASSERT_EQUAL(result_count(answer, "seq"), before[i] + 303);
		CU_ASSERT_EQUAL(json_array_size(result_member(answer, "lines")),
				303);
		json_decref(answer);
		fixture_deinit(&fx);
	}
}

static void a_script_whose_process_has_gone_leaves_nothing(void)
{
	struct rpc_fixture fx;
	struct slow_job slow;
	json_t *answer;

	fixture_init(&fx, 1, NULL);
	json_decref(fixture_create(&fx, "{}"));
	slow_job_init(&fx, &slow, SCRIPT(",'process':'@'"));
	CU_ASSERT(slow_job_turn(&fx, &slow));
	CU_ASSERT(slow_job_turn(&fx, &slow));
	json_decref(fixture_result(&fx, "process.exit", "['@']"));
	slow_job_end(&fx, &slow, &answer);
	CU_ASSERT(is_error(answer, -32002, "process.gone", "process"));
	CU_ASSERT_EQUAL(fx.services[0]->processes.live, 0);
	CU_ASSERT_EQUAL(fx.services[0]->tenants.all[0]->account.worlds, 0);
	json_decref(answer);
	fixture_deinit(&fx);
}

/* Of a process of its own, and sent again before the end. */
static void a_retry_of_a_script_does_not_run_twice(void)
{
	struct rpc_fixture fx;
	struct slow_job slow, retry;
	json_t *answer, *again;

	fixture_init(&fx, 1, NULL);
	slow_job_init(&fx, &slow, SCRIPT(",'idempotency_key':'k'"));
	slow_job_init(&fx, &retry, SCRIPT(",'idempotency_key':'k'"));
	CU_ASSERT(slow_job_turn(&fx, &slow));
	CU_ASSERT(slow_job_turn(&fx, &slow));
	CU_ASSERT(slow_job_turn(&fx, &retry));
	CU_ASSERT(slow_job_turn(&fx, &retry));
	slow_job_end(&fx, &retry, &again);
	slow_job_end(&fx, &slow, &answer);
	CU_ASSERT(json_equal(answer, again));
	CU_ASSERT_EQUAL(fx.services[0]->processes.live, 2);
	CU_ASSERT_EQUAL(fx.services[0]->tenants.all[0]->account.worlds, 1);
	json_decref(answer);
	json_decref(again);
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
	{ "a script takes turns", a_script_takes_turns },
	{ "a script that was disturbed runs anew",
	  a_script_that_was_disturbed_runs_anew },
	{ "a script whose process has gone leaves nothing",
	  a_script_whose_process_has_gone_leaves_nothing },
	{ "a retry of a script does not run twice",
	  a_retry_of_a_script_does_not_run_twice },
	CU_TEST_INFO_NULL,
};
