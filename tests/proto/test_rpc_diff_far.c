/* SPDX-License-Identifier: MIT */
/*
 * history.diff between processes of different loops: as if there were one
 *
 * Each test has two processes, of worlds of their own: @ and another one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/proto/document_fixture.h"
#include "tests/proto/slow_job.h"
#include "tests/support/fail_malloc.h"
#include "tests/support/random_operation.h"
#include "tests/support/suite.h"

enum {
	LOOPS = 2,
	REFUSALS_MAX = 2000,
	BODY_MAX = 400
};

struct pair {
	struct rpc_fixture fx;
	char names[2][PROCESS_NAME_LEN + 1];
};

/* ------------------------------------------------------------- two worlds */

/* From now on @ is that process, and requests come in where it lives. */
static void turn_to(struct pair *pair, unsigned which)
{
	memcpy(pair->fx.process, pair->names[which], PROCESS_NAME_LEN + 1);
	pair->fx.at = which % pair->fx.nr;
}

static void create(struct pair *pair, unsigned which, const char *setup)
{
	pair->fx.at = which % pair->fx.nr;
	json_decref(fixture_create(&pair->fx, setup));
	memcpy(pair->names[which], pair->fx.process, PROCESS_NAME_LEN + 1);
}

/* On as many loops, with clients that they share. */
static void begin(struct pair *pair, unsigned loops, const char *setup)
{
	fixture_init_clients(&pair->fx, loops, &fixture_ample);
	create(pair, 0, setup);
	create(pair, 1, setup);
}

static void exercise(struct pair *pair, unsigned which, unsigned nr)
{
	turn_to(pair, which);
	document_exercise(&pair->fx, nr);
}

static struct world *world_of(struct pair *pair, unsigned which)
{
	turn_to(pair, which);
	return fixture_world(&pair->fx, pair->fx.at);
}

static char *params_of(const struct pair *pair, unsigned which,
		       const char *more)
{
	static char text[256];

	snprintf(text, sizeof(text), "{'process':'%s','other':'%s'%s}",
		 pair->names[which], pair->names[1 - which], more);
	return text;
}

/* What differs between one and the other one. */
static json_t *diff(struct pair *pair, unsigned which, const char *more)
{
	return fixture_call(&pair->fx, "history.diff",
			    params_of(pair, which, more));
}

static json_t *diff_at(struct pair *pair, unsigned which, uint64_t from,
		       uint64_t to)
{
	char more[80];

	snprintf(more, sizeof(more), ",'from':%u,'to':%u", (unsigned)from,
		 (unsigned)to);
	return diff(pair, which, more);
}

static void write_call(const struct pair *pair, char body[BODY_MAX])
{
	snprintf(body, BODY_MAX,
		 "{'jsonrpc':'2.0','id':1,'method':'history.diff',"
		 "'params':%s}",
		 params_of(pair, 0, ",'from':5"));
}

static bool is_refused_with(struct pair *pair, const char *more, int code,
			    const char *key, const char *param)
{
	json_t *answer = diff(pair, 0, more);
	const bool is = is_error(answer, code, key, param);

	json_decref(answer);
	return is;
}

/* All that calls hold is given back: what clients own is in worlds. */
static void end(struct pair *pair)
{
	struct client *client = clients_at(pair->fx.clients, 1);
	unsigned i;

	for (i = 0; i < 2; i++) {
		turn_to(pair, i);
		json_decref(fixture_call(&pair->fx, "process.exit", "['@']"));
	}
	CU_ASSERT_EQUAL(client_leased(client, CLIENT_BYTES), 0);
	CU_ASSERT_EQUAL(client_leased(client, CLIENT_AREAS), 0);
	CU_ASSERT_EQUAL(client_leased(client, CLIENT_PROCESSES), 0);
	fixture_deinit(&pair->fx);
}

/* ------------------------------------------------------------ the answers */

/* Of any two states, in both directions. */
static void two_loops_answer_as_one(void)
{
	static const char *const setups[] = {
		"{'seed':3,'history':'all','want':[]}",
		"{'profile':'6.12','history':'all','want':[]}",
		("{'vmacache':'stale','history':50,'seed':9,'want':[],"
		 "'rlimits':{'stack':1048576},'uid':7}"),
	};
	struct pair one, two;
	json_t *a, *b;
	unsigned from, to, which, hops = 0;
	size_t i;

	for (i = 0; i < sizeof(setups) / sizeof(setups[0]); i++) {
		begin(&one, 1, setups[i]);
		begin(&two, LOOPS, setups[i]);
		exercise(&one, 0, 150);
		exercise(&two, 0, 150);
		exercise(&one, 1, 90);
		exercise(&two, 1, 90);
		for (from = 0; from < 150; from += 13) {
			for (to = 3; to < 90; to += 17) {
				which = (from + to) % 2;
				a = diff_at(&one, which, from, to);
				CU_ASSERT_EQUAL(one.fx.hops, 0);
				b = diff_at(&two, which, from, to);
				CU_ASSERT(json_equal(a, b));
				hops += two.fx.hops;
				json_decref(a);
				json_decref(b);
			}
		}
		end(&one);
		end(&two);
	}
	CU_ASSERT(hops > 100);
}

/* Where there is no such part, it is null. */
static bool is_empty(const json_t *diff, const char *part)
{
	const json_t *value = json_object_get(diff, part);

	return value && !json_object_size(value);
}

static bool says_nothing(const json_t *answer)
{
	const json_t *diff = result_member(answer, "diff");
	const json_t *tree = json_object_get(diff, "rbtree");
	const bool nothing =
		json_is_array(json_object_get(diff, "areas")) &&
		!json_array_size(json_object_get(diff, "areas")) &&
		json_is_object(json_object_get(diff, "mm")) &&
		is_empty(diff, "mm") && is_empty(diff, "vmacache") &&
		(json_is_null(tree) ||
		 (json_object_size(tree) == 1 &&
		  !json_array_size(json_object_get(tree, "nodes"))));

	if (!nothing) {
		json_dumpf(answer, stderr, 0);
		fputc('\n', stderr);
	}
	return nothing;
}

/* Both walk alike; false: the process or the thread is not there any more. */
static bool walk_and_compare(struct pair *pair, struct random_walk walks[2],
			     unsigned thread)
{
	char more[80];
	json_t *answer;
	unsigned i;
	bool there;

	for (i = 0; i < 2; i++)
		CU_ASSERT_EQUAL(
			random_walk_run(&walks[i], world_of(pair, i), 10), 0);
	snprintf(more, sizeof(more), ",'thread':%u,'from':%u", thread,
		 (unsigned)world_seq(world_of(pair, 0)));
	answer = diff(pair, thread % 2, more);
	there = !json_object_get(answer, "error");
	if (there)
		CU_ASSERT(says_nothing(answer));
	json_decref(answer);
	return there;
}

/* Threads, forks and files: all that a diff compares comes along, as no state
 * differs from that of a twin. */
static void twins_on_two_loops_never_differ(void)
{
	struct random_walk walks[2];
	unsigned seed, step, compared = 0;
	struct pair pair;
	char setup[100];

	for (seed = 0; seed < 40; seed++) {
		snprintf(setup, sizeof(setup),
			 "{'history':'all','seed':%u,'profile':'%s'%s}", seed,
			 kernel_profile_at(seed % 4)->name,
			 seed % 3 ? "" : ",'vmacache':'stale'");
		begin(&pair, LOOPS, setup);
		random_walk_init(&walks[0], seed + 1);
		walks[1] = walks[0];
		for (step = 0; step < 12; step++)
			compared +=
				walk_and_compare(&pair, walks, 1 + step % 3);
		/* Children without names are left. */
		fixture_deinit(&pair.fx);
	}
	CU_ASSERT(compared > 100);
}

/* What people have may be a share, of either; who looks pays. */
static void shares_will_do(void)
{
	struct pair pair;
	json_t *answer, *again, *share;
	unsigned i;

	begin(&pair, LOOPS, "{'history':'all','want':[]}");
	exercise(&pair, 0, 30);
	answer = diff(&pair, 0, ",'from':9");
	for (i = 0; i < 2; i++) {
		turn_to(&pair, i);
		share = fixture_result(&pair.fx, "process.share", "['@']");
		snprintf(pair.names[i], sizeof(pair.names[i]), "%s",
			 json_string_value(json_object_get(share, "share")));
		json_decref(share);
		pair.fx.caller.client = 2;
		again = diff(&pair, 0, ",'from':9");
		pair.fx.caller.client = 1;
		CU_ASSERT(json_equal(answer, again));
		json_decref(again);
	}
	CU_ASSERT_EQUAL(
		client_leased(clients_at(pair.fx.clients, 2), CLIENT_BYTES), 0);
	for (i = 0; i < LOOPS; i++)
		CU_ASSERT_PTR_NULL(
			tenants_seek(&pair.fx.services[i]->tenants, 2));
	json_decref(answer);
	fixture_deinit(&pair.fx);
}

/* ------------------------------------------------------------- in vain */

static void errors_are_those_of_one_loop(void)
{
	struct pair pair;
	unsigned loops;

	for (loops = 1; loops <= LOOPS; loops++) {
		begin(&pair, loops, "{'history':10,'want':[]}");
		exercise(&pair, 0, 9);
		exercise(&pair, 1, 500);
		CU_ASSERT(is_refused_with(&pair, ",'from':10", -32008,
					  "history.future", "from"));
		CU_ASSERT(is_refused_with(&pair, ",'from':9,'to':501", -32008,
					  "history.future", "to"));
		CU_ASSERT(is_refused_with(&pair, ",'from':9,'to':5", -32008,
					  "history.folded", "to"));
		CU_ASSERT(is_refused_with(&pair, ",'from':9,'thread':2", -32001,
					  "thread.unknown", "thread"));
		turn_to(&pair, 0);
		json_decref(fixture_result(&pair.fx, "thread.create", "['@']"));
		CU_ASSERT(is_refused_with(&pair, ",'from':10,'thread':2",
					  -32001, "thread.unknown", "thread"));
		CU_ASSERT_EQUAL(pair.fx.hops, loops - 1);
		pair.names[1][PROCESS_NAME_LEN - 1] ^= 1;
		CU_ASSERT(is_refused_with(&pair, ",'from':9", -32001,
					  "process.unknown", "other"));
		pair.names[1][PROCESS_NAME_LEN - 1] ^= 1;
		turn_to(&pair, 1);
		json_decref(fixture_result(&pair.fx, "process.exit", "['@']"));
		CU_ASSERT(is_refused_with(&pair, ",'from':9", -32002,
					  "process.gone", "other"));
		end(&pair);
	}
}

static void begin_job(struct pair *pair, struct slow_job *slow)
{
	char body[BODY_MAX];

	begin(pair, LOOPS, "{'history':'all','want':[]}");
	exercise(pair, 0, 20);
	turn_to(pair, 0);
	write_call(pair, body);
	slow_job_init(&pair->fx, slow, body);
}

/* The answer if a process exits after so many turns. */
static json_t *answer_if(unsigned exiting, unsigned turns)
{
	struct pair pair;
	struct slow_job slow;
	json_t *answer;

	begin_job(&pair, &slow);
	while (turns--)
		CU_ASSERT(slow_job_turn(&pair.fx, &slow));
	turn_to(&pair, exiting);
	json_decref(fixture_result(&pair.fx, "process.exit", "['@']"));
	slow_job_end(&pair.fx, &slow, &answer);
	end(&pair);
	return answer;
}

/* What counts is whether it is there when its state is made. */
static void who_exits_on_the_way_was_seen_or_is_gone(void)
{
	/* Turns for the body; its state; packing it; and unpacking, where the
	 * other one is. */
	static const unsigned seen_after[] = { 2, 4 };
	static const char *const names[] = { "process", "other" };
	unsigned all, exiting, turns;
	struct pair pair;
	struct slow_job slow;
	json_t *whole, *answer;

	begin_job(&pair, &slow);
	all = slow_job_end(&pair.fx, &slow, &whole);
	end(&pair);
	CU_ASSERT(all > 5);
	for (turns = 1; turns < all; turns++) {
		for (exiting = 0; exiting < 2; exiting++) {
			answer = answer_if(exiting, turns);
			if (turns >= seen_after[exiting])
				CU_ASSERT(json_equal(answer, whole))
			else
				CU_ASSERT(is_error(answer, -32002,
						   "process.gone",
						   names[exiting]));
			json_decref(answer);
		}
	}
	json_decref(whole);
}

/* Who looks has few bytes, here and there together: then nothing is left. */
static void a_quota_holds_on_the_way(void)
{
	struct rpc_quotas few = fixture_ample;
	struct client *client;
	unsigned refused = 0;
	struct pair pair;
	json_t *answer, *share;
	uint32_t number;

	begin(&pair, LOOPS, "{'history':'all','want':[]}");
	exercise(&pair, 0, 100);
	turn_to(&pair, 0);
	share = fixture_result(&pair.fx, "process.share", "['@']");
	snprintf(pair.names[0], sizeof(pair.names[0]), "%s",
		 json_string_value(json_object_get(share, "share")));
	json_decref(share);
	client = clients_at(pair.fx.clients, 2);
	pair.fx.caller.client = 2;
	for (few.bytes = 1;; few.bytes += 256) {
		rpc_clients_add(pair.fx.clients, "bob", &few, &number);
		answer = diff(&pair, 0, ",'from':5");
		CU_ASSERT_EQUAL(client_leased(client, CLIENT_BYTES), 0);
		if (!json_object_get(answer, "error"))
			break;
		CU_ASSERT(is_error(answer, -32003, "quota.bytes", NULL));
		refused++;
		json_decref(answer);
	}
	CU_ASSERT(refused > 10);
	json_decref(answer);
	fixture_deinit(&pair.fx);
}

/* A long batch between two loops is answered in its order. */
static void a_batch_goes_on_where_the_diff_ends(void)
{
	struct pair pair;
	char body[1200];
	json_t *answer, *value;
	size_t i;

	begin(&pair, LOOPS, "{'history':'all','want':[]}");
	exercise(&pair, 0, 20);
	turn_to(&pair, 1);
	i = (size_t)snprintf(body, sizeof(body), "[");
	i += (size_t)snprintf(
		body + i, sizeof(body) - i,
		"{'jsonrpc':'2.0','id':0,'method':'mm.brk','params':"
		"['@','0x605000']},{'jsonrpc':'2.0','id':1,'method':"
		"'history.diff','params':%s},{'jsonrpc':'2.0','method':"
		"'history.diff','params':%s}",
		params_of(&pair, 0, ",'from':20"), "{'process':'@','from':0}");
	snprintf(body + i, sizeof(body) - i,
		 ",{'jsonrpc':'2.0','id':2,'method':'mm.brk','params':"
		 "['@','0x606000']},{'jsonrpc':'2.0','id':3,'method':"
		 "'history.diff','params':%s},{'jsonrpc':'2.0','id':4,"
		 "'method':'mm.brk','params':['%s','0x607000']}]",
		 params_of(&pair, 1, ",'from':2"), pair.names[0]);
	answer = fixture_ask(&pair.fx, body);
	CU_ASSERT_EQUAL(json_array_size(answer), 5);
	json_array_foreach(answer, i, value) {
		CU_ASSERT_EQUAL(
			json_integer_value(json_object_get(value, "id")), i);
		CU_ASSERT_PTR_NOT_NULL(json_object_get(value, "result"));
	}
	json_decref(answer);
	CU_ASSERT_EQUAL(world_seq(world_of(&pair, 0)), 21);
	CU_ASSERT_EQUAL(world_seq(world_of(&pair, 1)), 2);
	end(&pair);
}

/* A loop that makes no more processes goes on comparing them. */
static void a_server_that_shuts_down_still_answers(void)
{
	struct pair pair;
	json_t *answer;
	unsigned i;

	begin(&pair, LOOPS, "{'want':[]}");
	for (i = 0; i < LOOPS; i++)
		rpc_service_drain(pair.fx.services[i]);
	answer = diff(&pair, 0, ",'from':0");
	CU_ASSERT(says_nothing(answer));
	json_decref(answer);
	end(&pair);
}

/* -------------------------------------------------------- without memory */

static json_t *diff_without_memory(struct pair *pair, const char *body,
				   uint64_t n, unsigned mode, bool *refusedp)
{
	struct slow_job slow;
	json_t *answer = NULL;

	slow_job_init(&pair->fx, &slow, body);
	fail_malloc_at(n, mode | FAIL_HERE);
	while (slow_job_turn(&pair->fx, &slow))
		;
	*refusedp = fail_malloc_never();
	if (!slow.answer.failed)
		answer = json_loadb(slow.answer.data, slow.answer.len, 0, NULL);
	slow_job_deinit(&slow);
	return answer;
}

/* Each request for memory in turn, on either loop. */
static void whatever_lacks_memory_is_an_error(void)
{
	static const unsigned modes[] = { FAIL_ONCE, FAIL_ALL };
	struct client *client;
	json_t *answer, *whole;
	struct pair pair;
	uint64_t n, taken;
	bool refused;
	char body[BODY_MAX];
	size_t i;

	begin(&pair, LOOPS, "{'history':'all','seed':4,'want':[]}");
	exercise(&pair, 0, 20);
	turn_to(&pair, 0);
	write_call(&pair, body);
	client = clients_at(pair.fx.clients, 1);
	whole = diff(&pair, 0, ",'from':5");
	for (i = 0; i < 2; i++) {
		refused = true;
		for (n = 0; refused && n < REFUSALS_MAX; n++) {
			taken = client_leased(client, CLIENT_BYTES);
			answer = diff_without_memory(&pair, body, n, modes[i],
						     &refused);
			if (!refused)
				CU_ASSERT(json_equal(answer, whole))
			else if (answer || modes[i] == FAIL_ONCE)
				CU_ASSERT(is_error(answer, -32603, "internal",
						   NULL));
			CU_ASSERT_EQUAL(client_leased(client, CLIENT_BYTES),
					taken);
			json_decref(answer);
		}
		CU_ASSERT(n > 20 && n < REFUSALS_MAX);
	}
	json_decref(whole);
	end(&pair);
}

CU_TestInfo test_rpc_diff_far[] = {
	{ "two loops answer as one", two_loops_answer_as_one },
	{ "twins on two loops never differ", twins_on_two_loops_never_differ },
	{ "shares will do", shares_will_do },
	{ "errors are those of one loop", errors_are_those_of_one_loop },
	{ "who exits on the way was seen, or is gone",
	  who_exits_on_the_way_was_seen_or_is_gone },
	{ "a quota holds on the way", a_quota_holds_on_the_way },
	{ "a batch goes on where the diff ends",
	  a_batch_goes_on_where_the_diff_ends },
	{ "a server that shuts down still answers",
	  a_server_that_shuts_down_still_answers },
	{ "whatever lacks memory is an error",
	  whatever_lacks_memory_is_an_error },
	CU_TEST_INFO_NULL,
};
