/* SPDX-License-Identifier: MIT */
/*
 * Idempotency keys: a retry is answered alike and does not run again
 */
#include <stdlib.h>
#include <string.h>

#include "tests/proto/rpc_fixture.h"
#include "tests/support/suite.h"

/* The raw answer to a body written as in the fixture, to be freed. */
static char *ask(struct rpc_fixture *fx, const char *text)
{
	char *body = fixture_expand(fx, text);
	char *answer = fixture_bytes(fx, body, strlen(body));

	free(body);
	return answer;
}

static bool has(const char *answer, const char *part)
{
	bool found = answer && strstr(answer, part);

	if (!found)
		fprintf(stderr, "no %s in %s\n", part, answer ? answer : "-");
	return found;
}

static uint64_t operations(struct rpc_fixture *fx)
{
	uint64_t seq = 0;
	unsigned i;

	for (i = 0; i < fx->nr; i++)
		if (fixture_world(fx, i))
			seq = world_seq(fixture_world(fx, i));
	return seq;
}

#define CALL(id, method, params)                                               \
	"{'jsonrpc':'2.0','id':" id ",'method':'" method "','params':" params  \
	"}"
#define MAP(id, addr, key)                                                     \
	CALL(id, "mm.mmap",                                                    \
	     "{'process':'@','addr':'" addr "','length':4096,'prot':1,"        \
	     "'flags':34,'idempotency_key':'" key "'}")

static void retry_is_answered_byte_for_byte(void)
{
	struct rpc_fixture fx;
	char *first, *other, *again;

	fixture_init(&fx, 1, NULL);
	json_decref(fixture_create(&fx, "{}"));
	first = ask(&fx, MAP("7", "0x10000", "a"));
	CU_ASSERT(has(first, "\"result\":{\"ret\":\"0x10000\",\"snapshot\":"));
	other = ask(&fx, MAP("8", "0x20000", "b"));
	CU_ASSERT(has(other, "\"ret\":\"0x20000\""));
	again = ask(&fx, MAP("7", "0x10000", "a"));
	CU_ASSERT_STRING_EQUAL(again, first);
	free(again);
	/* With the retry's own id, and in any order of parameters. */
	again = ask(&fx, CALL("'x'", "mm.mmap",
			      "{'idempotency_key':'\\u0061','flags':34,"
			      "'prot':1,'length':4096,'addr':'0x10000',"
			      "'process':'@'}"));
	CU_ASSERT(has(again, "\"id\":\"x\""));
	CU_ASSERT(has(again, strstr(first, "\"result\"")));
	CU_ASSERT_EQUAL(operations(&fx), 2);
	free(first);
	free(other);
	free(again);
	fixture_deinit(&fx);
}

static void key_of_another_call_is_refused(void)
{
	struct rpc_fixture fx;

	fixture_init(&fx, 1, NULL);
	json_decref(fixture_create(&fx, "{}"));
	json_decref(fixture_result(&fx, "mm.brk", "['@',0,1,[],'en','k']"));
	CU_ASSERT(is_refused(&fx, "mm.brk", "['@','0x602000',1,[],'en','k']",
			     -32602, "idempotency.conflict",
			     "idempotency_key"));
	CU_ASSERT(is_refused(&fx, "thread.create", "['@',1,'k']", -32602,
			     "idempotency.conflict", "idempotency_key"));
	CU_ASSERT(is_refused(&fx, "mm.brk", "['@',0,1,['mm'],'en','k']", -32602,
			     "idempotency.conflict", "idempotency_key"));
	CU_ASSERT_EQUAL(operations(&fx), 1);
	/* Of another process it is another key. */
	json_decref(fixture_create(&fx, "{}"));
	json_decref(fixture_result(&fx, "mm.brk",
				   "['@','0x602000',1,[],'en','k']"));
	CU_ASSERT_EQUAL(operations(&fx), 1);
	fixture_deinit(&fx);
}

static void create_finds_its_loop_from_anywhere(void)
{
	static const char body[] =
		CALL("1", "process.create",
		     "{'profile':'5.10','want':[],'idempotency_key':'%c'}");
	char text[sizeof(body)], *first, *again;
	unsigned at[3] = { 0 }, i;
	struct rpc_fixture fx;
	char key;

	fixture_init(&fx, 3, NULL);
	for (key = 'a'; key <= 'z'; key++) {
		snprintf(text, sizeof(text), body, key);
		fx.at = 0;
		first = ask(&fx, text);
		CU_ASSERT(has(first, "\"process\""));
		for (fx.at = 1; fx.at < fx.nr; fx.at++) {
			again = ask(&fx, text);
			CU_ASSERT_STRING_EQUAL(again, first);
			free(again);
		}
		free(first);
	}
	for (i = 0; i < fx.nr; i++)
		at[i] = fx.services[i]->processes.live;
	CU_ASSERT_EQUAL(at[0] + at[1] + at[2], 26);
	CU_ASSERT(at[0] && at[1] && at[2]);
	fx.at = 0;
	CU_ASSERT(is_refused(&fx, "process.create", "{'idempotency_key':'a'}",
			     -32602, "idempotency.conflict",
			     "idempotency_key"));
	fixture_deinit(&fx);
}

static void exit_and_fork_are_retried(void)
{
	struct rpc_fixture fx;
	json_t *first, *again;

	fixture_init(&fx, 1, NULL);
	json_decref(fixture_create(&fx, "{}"));
	first = fixture_result(&fx, "process.fork",
			       "{'process':'@','idempotency_key':'f'}");
	again = fixture_result(&fx, "process.fork",
			       "{'process':'@','idempotency_key':'f'}");
	CU_ASSERT(json_equal(first, again));
	CU_ASSERT_EQUAL(fx.services[0]->processes.live, 2);
	json_decref(first);
	json_decref(again);
	first = fixture_result(&fx, "process.exit", "['@','e']");
	again = fixture_result(&fx, "process.exit", "['@','e']");
	CU_ASSERT(json_equal(first, again));
	json_decref(first);
	json_decref(again);
	CU_ASSERT(is_refused(&fx, "process.exit", "['@','other']", -32002,
			     "process.gone", "process"));
	CU_ASSERT(is_refused(&fx, "mm.brk", "['@',0,1,[],'en','e']", -32602,
			     "idempotency.conflict", "idempotency_key"));
	fixture_deinit(&fx);
}

static void errors_are_not_kept(void)
{
	struct rpc_fixture fx;

	fixture_init(&fx, 1, NULL);
	json_decref(fixture_create(&fx, "{}"));
	CU_ASSERT(is_refused(&fx, "file.close", "['@',3,'c']", -32602,
			     "params.value", "fd"));
	CU_ASSERT(is_refused(&fx, "mm.brk", "['@',0,9,[],'en','t']", -32001,
			     "thread.unknown", "thread"));
	CU_ASSERT_EQUAL(fixture_tenant(&fx, 0)->retries.count, 0);
	json_decref(fixture_result(&fx, "file.open", "['@',3,'f',0,'rw','o']"));
	json_decref(fixture_result(&fx, "file.close", "['@',3,'c']"));
	/* Of the emulated kernel they are results. */
	json_decref(
		fixture_result(&fx, "mm.munmap", "['@',1,1,1,[],'en','m']"));
	CU_ASSERT_EQUAL(fixture_tenant(&fx, 0)->retries.count, 3);
	fixture_deinit(&fx);
}

static void keys_are_judged(void)
{
	static const char *const bad[] = {
		"''",
		"'a b'",
		"'\\u00e9'",
		"'\\u0000'",
		("'0123456789abcdef0123456789abcdef0123456789abcdef"
		 "0123456789abcdef!'"),
	};
	struct rpc_fixture fx;
	char params[128];
	size_t i;

	fixture_init(&fx, 1, NULL);
	json_decref(fixture_create(&fx, "{}"));
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(params, sizeof(params), "['@',%s]", bad[i]);
		CU_ASSERT(is_refused(&fx, "process.exit", params, -32602,
				     "params.value", "idempotency_key"));
	}
	CU_ASSERT(is_refused(&fx, "process.exit", "['@',1]", -32602,
			     "params.type", "idempotency_key"));
	CU_ASSERT(is_refused(&fx, "mm.maps",
			     "{'process':'@','idempotency_key':1}", -32602,
			     "params.unknown", "idempotency_key"));
	fixture_deinit(&fx);
}

static void large_result_is_kept_without_its_snapshot(void)
{
	const struct rpc_limits limits = { .retry = { .result_bytes = 40 } };
	struct rpc_fixture fx;
	char *first, *again;

	fixture_init(&fx, 1, &limits);
	json_decref(fixture_create(&fx, "{}"));
	first = ask(&fx, MAP("1", "0x10000", "a"));
	CU_ASSERT(has(first, "\"snapshot\""));
	again = ask(&fx, MAP("1", "0x10000", "a"));
	CU_ASSERT_STRING_EQUAL(again, "{\"jsonrpc\":\"2.0\",\"id\":1,"
				      "\"result\":{\"ret\":\"0x10000\"}}");
	free(first);
	free(again);

	json_decref(fixture_result(
		&fx, "mm.mmap",
		"['@','0x100000',409600,1,34,-1,0,1,[],'en','m']"));
	json_decref(fixture_result(&fx, "mm.mincore",
				   "['@','0x100000',409600,1,[],'en','v']"));
	CU_ASSERT(is_refused(&fx, "mm.mincore",
			     "['@','0x100000',409600,1,[],'en','v']", -32006,
			     "idempotency.lost", "idempotency_key"));
	CU_ASSERT_EQUAL(operations(&fx), 3);
	fixture_deinit(&fx);
}

static void lost_answer_of_create_leaves_nothing(void)
{
	struct rpc_fixture fx;

	fixture_init(&fx, 1, NULL);
	fx.answer_max = 1200;
	CU_ASSERT(is_refused(&fx, "process.create", "{'idempotency_key':'a'}",
			     -32006, "response.too_large", NULL));
	CU_ASSERT_EQUAL(fixture_tenant(&fx, 0)->retries.count, 0);
	fx.answer_max = 1u << 20;
	json_decref(fixture_create(&fx, "{'idempotency_key':'a'}"));
	CU_ASSERT_EQUAL(fx.services[0]->processes.live, 1);
	fixture_deinit(&fx);
}

static void keep_calls(struct rpc_fixture *fx, unsigned from, unsigned to)
{
	char params[64];

	for (; from < to; from++) {
		snprintf(params, sizeof(params), "['@',0,1,[],'en','key-%u']",
			 from);
		json_decref(fixture_result(fx, "mm.brk", params));
	}
}

static void oldest_go_first(void)
{
	const struct rpc_limits limits = { .retry = { .keys = 100,
						      .age = 1000 } };
	const struct retry_store *store;
	struct rpc_fixture fx;

	fixture_init(&fx, 1, &limits);
	store = &fixture_tenant(&fx, 0)->retries;
	json_decref(fixture_create(&fx, "{}"));
	keep_calls(&fx, 0, 150);
	CU_ASSERT_EQUAL(store->count, 100);
	CU_ASSERT_EQUAL(operations(&fx), 150);
	/* Kept: not again. Dropped: again. */
	keep_calls(&fx, 50, 150);
	CU_ASSERT_EQUAL(operations(&fx), 150);
	keep_calls(&fx, 0, 1);
	CU_ASSERT_EQUAL(operations(&fx), 151);
	fx.now += 1000;
	keep_calls(&fx, 149, 150);
	CU_ASSERT_EQUAL(operations(&fx), 152);
	fixture_deinit(&fx);
}

static void bytes_are_bounded_and_charged(void)
{
	const struct rpc_limits limits = { .retry = { .bytes = 4000 } };
	uint64_t before, peak = 0;
	struct tenant *tenant;
	struct rpc_fixture fx;
	unsigned i;

	fixture_init(&fx, 1, &limits);
	tenant = fixture_tenant(&fx, 0);
	json_decref(fixture_create(&fx, "{'history':0}"));
	before = tenant->account.bytes;
	for (i = 0; i < 500; i++) {
		keep_calls(&fx, i, i + 1);
		CU_ASSERT(tenant->retries.bytes <= 4000);
		if (tenant->account.bytes > peak)
			peak = tenant->account.bytes;
	}
	CU_ASSERT(tenant->retries.count > 10);
	CU_ASSERT(peak > before + 2000 && peak < before + 6000);
	retry_store_deinit(&tenant->retries, &tenant->memory);
	CU_ASSERT_EQUAL(tenant->account.bytes, before);
	fixture_deinit(&fx);
}

static void batches_and_notifications(void)
{
	struct rpc_fixture fx;
	char *answer;

	fixture_init(&fx, 1, NULL);
	json_decref(fixture_create(&fx, "{}"));
	answer = ask(&fx, "[" MAP("1", "0x10000", "a") "," MAP("2", "0x10000",
							       "a") "]");
	CU_ASSERT(has(answer, "\"id\":2,\"result\":{\"ret\":\"0x10000\""));
	free(answer);
	CU_ASSERT_EQUAL(operations(&fx), 1);
	answer = ask(&fx, "{'jsonrpc':'2.0','method':'thread.create',"
			  "'params':['@',1,'n']}");
	CU_ASSERT_PTR_NULL(answer);
	answer = ask(&fx, CALL("3", "thread.create", "['@',1,'n']"));
	CU_ASSERT(has(answer, "\"thread\":2"));
	free(answer);
	CU_ASSERT_EQUAL(operations(&fx), 2);
	fixture_deinit(&fx);
}

static void created_does_not_tell_the_key(void)
{
	struct rpc_fixture fx;
	json_t *result;

	fixture_init(&fx, 1, NULL);
	json_decref(fixture_create(&fx, "{'uid':0,'idempotency_key':'a'}"));
	result = fixture_result(&fx, "process.get", "['@']");
	CU_ASSERT(is_json(json_object_get(result, "created"), "{'uid':0}"));
	json_decref(result);
	fixture_deinit(&fx);
}

/* Test vectors of the algorithm's authors: key 00 01 .. 0f, bytes 00 01 .. */
static void siphash_is_the_known_one(void)
{
	static const struct siphash_key key = { { 0x0706050403020100,
						  0x0f0e0d0c0b0a0908 } };
	unsigned char bytes[15];
	unsigned i;

	for (i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char)i;
	CU_ASSERT_EQUAL(siphash(&key, bytes, 0), 0x726fdb47dd0e0e31);
	CU_ASSERT_EQUAL(siphash(&key, bytes, 8), 0x93f5f5799a932462);
	CU_ASSERT_EQUAL(siphash(&key, bytes, 15), 0xa129ca6149be45e5);
}

CU_TestInfo test_rpc_retry[] = {
	{ "retry is answered byte for byte", retry_is_answered_byte_for_byte },
	{ "key of another call is refused", key_of_another_call_is_refused },
	{ "create finds its loop from anywhere",
	  create_finds_its_loop_from_anywhere },
	{ "exit and fork are retried", exit_and_fork_are_retried },
	{ "errors are not kept", errors_are_not_kept },
	{ "keys are judged", keys_are_judged },
	{ "large result is kept without its snapshot",
	  large_result_is_kept_without_its_snapshot },
	{ "lost answer of create leaves nothing",
	  lost_answer_of_create_leaves_nothing },
	{ "oldest go first", oldest_go_first },
	{ "bytes are bounded and charged", bytes_are_bounded_and_charged },
	{ "batches and notifications", batches_and_notifications },
	{ "created does not tell the key", created_does_not_tell_the_key },
	{ "siphash is the known one", siphash_is_the_known_one },
	CU_TEST_INFO_NULL,
};
