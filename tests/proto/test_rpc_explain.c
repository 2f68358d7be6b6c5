/* SPDX-License-Identifier: MIT */
/* mm.explain: every operation, answered as it will be, and nothing changed. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "core/world/history.h"
#include "proto/rpc/method_parts.h"
#include "proto/rpc/op_rows.h"
#include "tests/proto/rpc_fixture.h"
#include "tests/support/random_operation.h"
#include "tests/support/suite.h"

static struct world_digest digest_of(struct rpc_fixture *fx)
{
	struct world_digest digest = { { 0, 0 } };

	CU_ASSERT_EQUAL_FATAL(world_hash(&fixture_tenant(fx, 0)->memory,
					 fixture_world(fx, 0), &digest),
			      0);
	return digest;
}

/* Every call that can be explained, answered as the call itself is. */
static void explained_calls_answer_and_change_nothing(void)
{
	static const char *const rows[][2] = {
		{ "mm.brk", "'addr':'0x700000'" },
		{ "mm.mmap", "'addr':0,'length':8192,'prot':3,'flags':34" },
		{ "mm.access", "'addr':'0x600000','type':'write'" },
		{ "mm.mprotect", "'addr':'0x600000','length':4096,'prot':1" },
		{ "mm.find_vma", "'addr':'0x400000'" },
		{ "mm.mremap", "'old_address':'0x600000','old_size':4096,"
			       "'new_size':8192,'flags':1" },
		{ "mm.mincore", "'addr':'0x600000','length':4096" },
		{ "mm.munmap", "'addr':'0x600000','length':4096" },
		{ "mm.mlock", "'addr':'0x400000','length':4096" },
	};
	struct world_digest before, after;
	struct rpc_fixture fx;
	char params[400];
	json_t *told, *done;
	uint64_t bytes, areas;
	size_t i;

	fixture_init(&fx, 1, NULL);
	json_decref(fixture_create(&fx, "{}"));
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		before = digest_of(&fx);
		bytes = world_journal_bytes(fixture_world(&fx, 0));
		areas = fx.services[0]->tenants.all[0]->account.areas;
		snprintf(params, sizeof(params),
			 "{'process':'@','method':'%s','params':{%s},"
			 "'want':['steps','vmas','mm'],'lang':'zh'}",
			 rows[i][0], rows[i][1]);
		told = fixture_result(&fx, "mm.explain", params);
		after = digest_of(&fx);
		CU_ASSERT_EQUAL(memcmp(&before, &after, sizeof(after)), 0);
		CU_ASSERT_EQUAL(world_seq(fixture_world(&fx, 0)), i);
		CU_ASSERT_EQUAL(world_journal_bytes(fixture_world(&fx, 0)),
				bytes);
		CU_ASSERT_EQUAL(fx.services[0]->tenants.all[0]->account.areas,
				areas);

		snprintf(params, sizeof(params),
			 "{'process':'@',%s,'want':['steps','vmas','mm'],"
			 "'lang':'zh'}",
			 rows[i][1]);
		done = fixture_result(&fx, rows[i][0], params);
		CU_ASSERT_PTR_NOT_NULL_FATAL(told);
		CU_ASSERT_TRUE(json_equal(told, done));
		json_decref(told);
		json_decref(done);
	}
	fixture_deinit(&fx);
}

static void what_cannot_be_explained_is_refused(void)
{
	static const struct {
		const char *params, *key;
	} rows[] = {
		{ "{'process':'@','method':'process.create'}", "params.value" },
		{ "{'process':'@','method':'mm.explain'}", "params.value" },
		{ "{'process':'@','method':'mm.brk'}", "params.missing" },
		{ "{'process':'@','method':'mm.brk','params':5}",
		  "params.type" },
		{ "{'process':'@','method':'mm.brk','params':{'adr':5}}",
		  "params.unknown" },
		{ "{'process':'@','method':'mm.brk','params':[1],'thread':9}",
		  "thread.unknown" },
	};
	struct rpc_fixture fx;
	json_t *answer;
	const char *key;
	size_t i;

	fixture_init(&fx, 1, NULL);
	json_decref(fixture_create(&fx, "{}"));
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		answer = fixture_call(&fx, "mm.explain", rows[i].params);
		key = json_string_value(json_object_get(
			json_object_get(json_object_get(answer, "error"),
					"data"),
			"key"));
		CU_ASSERT_PTR_NOT_NULL_FATAL(key);
		CU_ASSERT_STRING_EQUAL(key, rows[i].key);
		json_decref(answer);
	}
	CU_ASSERT_EQUAL(world_seq(fixture_world(&fx, 0)), 0);
	fixture_deinit(&fx);
}

/* -------------------------------------------------------- at random */

#define ROUNDS        250
#define PROCESSES_MAX 64

struct names {
	char of[PROCESSES_MAX][PROCESS_NAME_LEN + 1]; /* by number */
};

/* What a call must leave as it is unless it is made. */
struct state {
	struct world_digest digest;
	uint64_t seq, journal, areas, processes, threads;
};

static struct state state_of(struct rpc_fixture *fx)
{
	const struct account *account =
		&fx->services[0]->tenants.all[0]->account;
	struct state state;

	memset(&state, 0, sizeof(state));
	state.digest = digest_of(fx);
	state.seq = world_seq(fixture_world(fx, 0));
	state.journal = world_journal_bytes(fixture_world(fx, 0));
	state.areas = account->areas;
	state.processes = account->processes;
	state.threads = account->threads;
	return state;
}

/* What is done to a whole process has no calling thread. */
static bool takes_thread(enum op_code code)
{
	return code != OP_PROCESS_EXIT && code != OP_FILE_OPEN &&
	       code != OP_FILE_TRUNCATE && code != OP_FILE_CLOSE;
}

/* {"method": ..., "params": {...}}, as history.list shows it. */
static json_t *spell(const struct operation *op)
{
	struct json_writer w;
	struct buffer out;
	json_t *call;

	buffer_init(&out, 1u << 20);
	json_writer_init(&w, &out);
	json_writer_object(&w);
	op_write(&w, op);
	json_writer_object_end(&w);
	call = json_loadb(out.data, out.len, 0, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(call);
	buffer_deinit(&out);
	if (takes_thread(op->code))
		json_object_set_new(json_object_get(call, "params"), "thread",
				    json_integer(op->thread));
	return call;
}

static json_t *ask(struct rpc_fixture *fx, const char *method,
		   const json_t *params, const char *process)
{
	json_t *all = json_deep_copy(params), *answer;
	char *text;

	json_object_set_new(all, "process", json_string(process));
	json_object_set_new(all, "want",
			    json_pack("[s,s,s]", "steps", "vmas", "mm"));
	json_object_set_new(all, "lang", json_string("en"));
	text = json_dumps(all, 0);
	answer = fixture_call(fx, method, text);
	free(text);
	json_decref(all);
	return answer;
}

static json_t *ask_to_explain(struct rpc_fixture *fx, const json_t *call,
			      const char *process)
{
	json_t *params = json_object(), *answer;

	json_object_set(params, "method", json_object_get(call, "method"));
	json_object_set(params, "params", json_object_get(call, "params"));
	answer = ask(fx, "mm.explain", params, process);
	json_decref(params);
	return answer;
}

/* The child of a fork that was made has a name, which is kept. */
static void take_name(json_t *answer, struct names *names, uint32_t number)
{
	json_t *result = json_object_get(answer, "result");
	const char *name =
		json_string_value(json_object_get(result, "process"));

	if (name && number < PROCESSES_MAX)
		snprintf(names->of[number], sizeof(names->of[number]), "%s",
			 name);
	json_object_del(result, "process");
}

static bool same_answer(json_t *told, json_t *done)
{
	json_object_del(json_object_get(done, "result"), "history");
	return json_equal(told, done);
}

static void show_difference(const char *method, json_t *told, json_t *done)
{
	char *one = json_dumps(told, JSON_SORT_KEYS);
	char *other = json_dumps(done, JSON_SORT_KEYS);

	fprintf(stderr, "%s told\n %.900s\nbut answered\n %.900s\n", method,
		one, other);
	free(one);
	free(other);
}

/* Explain an operation, then make the call; false: the world is over. */
static bool one_operation(struct rpc_fixture *fx, struct names *names,
			  const struct operation *op)
{
	const char *process = names->of[op->process], *method;
	struct state before = state_of(fx), after;
	uint32_t next = 0;
	json_t *call, *told, *done;
	bool alive;

	while (world_process(fixture_world(fx, 0), next))
		next++;
	call = spell(op);
	method = json_string_value(json_object_get(call, "method"));
	told = ask_to_explain(fx, call, process);
	after = state_of(fx);
	CU_ASSERT_EQUAL(memcmp(&before, &after, sizeof(after)), 0);
	done = ask(fx, method, json_object_get(call, "params"), process);
	take_name(done, names, next);
	if (!same_answer(told, done))
		show_difference(method, told, done);
	CU_ASSERT_TRUE(same_answer(told, done));
	alive = fixture_world(fx, 0) != NULL;
	json_decref(told);
	json_decref(done);
	json_decref(call);
	return alive;
}

static void walk_through(const char *profile, uint64_t seed)
{
	struct rpc_fixture fx;
	struct random_walk walk;
	struct operation op;
	struct names names;
	char params[64];
	int i;

	fixture_init(&fx, 1, NULL);
	snprintf(params, sizeof(params), "{'profile':'%s','seed':%d}", profile,
		 (int)seed);
	json_decref(fixture_create(&fx, params));
	memset(&names, 0, sizeof(names));
	memcpy(names.of[0], fx.process, sizeof(fx.process));
	random_walk_init(&walk, seed);
	for (i = 0; i < ROUNDS; i++) {
		random_operation(&walk, fixture_world(&fx, 0), &op);
		if (op.process < PROCESSES_MAX && names.of[op.process][0] &&
		    !one_operation(&fx, &names, &op))
			break;
	}
	fixture_deinit(&fx);
}

static void any_operation_is_explained_as_it_happens(void)
{
	static const char *const profiles[] = { "4.0", "5.10", "6.1", "6.12" };
	size_t i;

	for (i = 0; i < sizeof(profiles) / sizeof(*profiles); i++)
		walk_through(profiles[i], 11 + i);
}

/* Whatever changes a world can be explained. */
static void every_operation_can_be_explained(void)
{
	int code, i;

	for (code = 0; code < OP_NR_CODES; code++) {
		const char *method = op_rows[code].method;

		/* A number in between may be nobody's. */
		if (!method)
			continue;
		for (i = 0; explain_methods[i]; i++)
			if (!strcmp(explain_methods[i], method))
				break;
		if (!explain_methods[i])
			fprintf(stderr, "%s cannot be explained\n", method);
		CU_ASSERT_PTR_NOT_NULL(explain_methods[i]);
	}
}

CU_TestInfo test_rpc_explain[] = {
	{ "explained calls answer and change nothing",
	  explained_calls_answer_and_change_nothing },
	{ "what cannot be explained is refused",
	  what_cannot_be_explained_is_refused },
	{ "every operation can be explained",
	  every_operation_can_be_explained },
	{ "any operation is explained as it happens",
	  any_operation_is_explained_as_it_happens },
	CU_TEST_INFO_NULL,
};
