/* SPDX-License-Identifier: MIT */
/*
 * Calls that read much keep their world still; others look meanwhile, and who
 * would change it waits
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/proto/document_fixture.h"
#include "tests/proto/slow_job.h"
#include "tests/support/fail_malloc.h"
#include "tests/support/suite.h"

enum {
	AREAS = 100,
	BODY = 300
};

#define ALL                                                                    \
	",'want':['mm','vmas','maps','status','vmacache','rbtree','pagetable'" \
	"]"
#define LONG    FIXTURE_CALL("1", "mm.snapshot", ALL)
#define BRK(to) FIXTURE_CALL("2", "mm.brk", ",'addr':'" to "','want':[]")

static void begin_with(struct rpc_fixture *fx, const struct rpc_limits *limits)
{
	slow_areas_init(fx, limits, "{'want':[]}", AREAS);
}

static void begin(struct rpc_fixture *fx)
{
	begin_with(fx, &slow_reads);
}

/* ---------------------------------------------------------------- alone */

static void a_long_snapshot_takes_turns(void)
{
	static const char *const wants[] = {
		ALL,
		"",
		",'want':['vmas']",
		",'want':['pagetable']",
		",'want':['rbtree','maps','steps','diff']",
	};
	struct rpc_fixture fx, whole;
	char params[BODY];
	json_t *parts, *once;
	size_t i;

	begin(&fx);
	begin_with(&whole, NULL);
	for (i = 0; i < sizeof(wants) / sizeof(wants[0]); i++) {
		snprintf(params, sizeof(params), "{'process':'@'%s}", wants[i]);
		parts = fixture_call(&fx, "mm.snapshot", params);
		once = fixture_call(&whole, "mm.snapshot", params);
		CU_ASSERT_EQUAL(whole.yields, 0);
		CU_ASSERT_TRUE(i == 3 ? fx.yields >= 2
				      : fx.yields > AREAS / SLOW_READS);
		CU_ASSERT_PTR_NOT_NULL(result_member(parts, "snapshot"));
		CU_ASSERT_TRUE(json_equal(parts, once));
		json_decref(parts);
		json_decref(once);
	}
	fixture_deinit(&whole);
	fixture_deinit(&fx);
}

/* Of a tree of processes too, and whatever else is wanted. */
static void long_texts_take_turns(void)
{
	static const char *const methods[] = { "mm.maps", "mm.smaps" };
	static const char *const wants[] = { "", ",'want':['vmas','mm']" };
	struct rpc_fixture fx, whole;
	char params[BODY];
	json_t *parts, *once;
	size_t i;

	begin(&fx);
	begin_with(&whole, NULL);
	json_decref(fixture_result(&fx, "process.fork",
				   "{'process':'@','want':[]}"));
	json_decref(fixture_result(&whole, "process.fork",
				   "{'process':'@','want':[]}"));
	for (i = 0; i < 4; i++) {
		snprintf(params, sizeof(params), "{'process':'@'%s}",
			 wants[i / 2]);
		parts = fixture_call(&fx, methods[i % 2], params);
		once = fixture_call(&whole, methods[i % 2], params);
		CU_ASSERT_EQUAL(whole.yields, 0);
		CU_ASSERT_TRUE(fx.yields > AREAS / SLOW_READS);
		CU_ASSERT_TRUE(json_equal(parts, once));
		json_decref(parts);
		json_decref(once);
	}
	CU_ASSERT_TRUE(is_refused(&fx, "mm.smaps", "{'process':'@','thread':9}",
				  -32001, "thread.unknown", "thread"));
	CU_ASSERT_PTR_NULL(world_note(fixture_world(&fx, 0)));
	fixture_deinit(&whole);
	fixture_deinit(&fx);
}

/* The parts that are short, and processes that are. */
static void what_is_short_takes_one_turn(void)
{
	struct rpc_fixture fx;

	begin(&fx);
	json_decref(fixture_result(&fx, "mm.snapshot",
				   "{'process':'@','want':['mm','status',"
				   "'vmacache','steps','diff']}"));
	CU_ASSERT_EQUAL(fx.yields, 0);
	json_decref(fixture_result(&fx, "mm.brk",
				   "{'process':'@','addr':0,"
				   "'want':['mm']}"));
	CU_ASSERT_EQUAL(fx.yields, 0);
	fixture_deinit(&fx);

	fixture_init(&fx, 1, NULL);
	json_decref(fixture_create(&fx, "{}"));
	json_decref(
		fixture_result(&fx, "mm.snapshot", "{'process':'@'" ALL "}"));
	CU_ASSERT_EQUAL(fx.yields, 0);
	fixture_deinit(&fx);
}

/* The state right after it, whatever is called meanwhile. */
static void a_change_shows_what_it_made(void)
{
	struct rpc_fixture fx, whole;
	struct slow_job slow, other;
	json_t *parts, *once;

	begin(&fx);
	begin_with(&whole, NULL);
	slow_job_begin_held(
		&fx, &slow,
		FIXTURE_CALL("1", "mm.munmap",
			     ",'addr':'0x10002000','length':8192" ALL));
	slow_job_begin_waiting(&fx, &other, BRK("0x604000"));
	CU_ASSERT_EQUAL(fixture_seq(&fx), AREAS + 1);
	parts = slow_job_answer(&fx, &slow);
	once = fixture_ask(
		&whole, FIXTURE_CALL("1", "mm.munmap",
				     ",'addr':'0x10002000','length':8192" ALL));
	CU_ASSERT_TRUE(json_equal(parts, once));
	json_decref(parts);
	json_decref(once);
	json_decref(slow_job_answer(&fx, &other));
	CU_ASSERT_EQUAL(fixture_seq(&fx), AREAS + 2);
	fixture_deinit(&whole);
	fixture_deinit(&fx);
}

/* --------------------------------------------------------------- others */

static void who_looks_goes_on(void)
{
	static const char *const looks[] = { "mm.status", "mm.maps",
					     "process.get", "history.list" };
	struct rpc_fixture fx;
	struct slow_job slow, second;
	json_t *first, *answer;
	size_t i;

	begin(&fx);
	slow_job_begin_held(&fx, &slow, LONG);
	for (i = 0; i < sizeof(looks) / sizeof(looks[0]); i++) {
		json_decref(fixture_result(&fx, looks[i], "['@']"));
		CU_ASSERT_TRUE(slow_job_turn(&fx, &slow));
	}
	/* Also at length. */
	slow_job_begin_held(&fx, &second, LONG);
	first = slow_job_answer(&fx, &slow);
	answer = slow_job_answer(&fx, &second);
	CU_ASSERT_PTR_NOT_NULL(result_member(first, "snapshot"));
	CU_ASSERT_TRUE(json_equal(first, answer));
	json_decref(first);
	json_decref(answer);
	fixture_deinit(&fx);
}

static void who_would_change_it_waits(void)
{
	static const char *const changes[] = {
		BRK("0x604000"),
		FIXTURE_CALL("2", "process.fork", ""),
		FIXTURE_CALL("2", "process.exit", ""),
		FIXTURE_CALL("2", "thread.create", ""),
		FIXTURE_CALL("2", "process.share", ""),
		FIXTURE_CALL("2", "history.rewind", ",'seq':3"),
		FIXTURE_CALL("2", "script.run", ",'script':'brk(0)'"),
		FIXTURE_CALL("2", "mm.find_vma", ",'addr':0"),
	};
	struct rpc_fixture fx;
	struct slow_job slow, other;
	json_t *before, *answer;
	size_t i;

	for (i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		begin(&fx);
		before = fixture_ask(&fx, LONG);
		slow_job_begin_held(&fx, &slow, LONG);
		slow_job_begin_waiting(&fx, &other, changes[i]);
		CU_ASSERT_EQUAL(fixture_seq(&fx), AREAS);
		answer = slow_job_answer(&fx, &slow);
		CU_ASSERT_TRUE(json_equal(before, answer));
		json_decref(answer);
		answer = slow_job_answer(&fx, &other);
		CU_ASSERT_PTR_NOT_NULL(json_object_get(answer, "result"));
		json_decref(answer);
		json_decref(before);
		fixture_deinit(&fx);
	}
}

static void other_worlds_go_on(void)
{
	struct rpc_fixture fx;
	struct slow_job slow;

	begin(&fx);
	slow_job_begin_held(&fx, &slow, LONG);
	json_decref(fixture_create(&fx, "{}"));
	json_decref(fixture_result(&fx, "mm.brk", "['@','0x604000']"));
	CU_ASSERT_EQUAL(fx.yields, 0);
	json_decref(slow_job_answer(&fx, &slow));
	fixture_deinit(&fx);
}

/* As they came: a change behind a reader, a reader behind the change. */
static void the_line_keeps_its_order(void)
{
	struct rpc_fixture fx;
	struct slow_job reader, change, late_reader, late_change;

	begin(&fx);
	slow_job_begin_held(&fx, &reader, LONG);
	slow_job_begin_waiting(&fx, &change, BRK("0x604000"));
	slow_job_begin_waiting(&fx, &late_reader, LONG);
	slow_job_begin_waiting(&fx, &late_change, BRK("0x605000"));
	json_decref(slow_job_answer(&fx, &reader));

	CU_ASSERT_TRUE(slow_job_turn(&fx, &late_change));
	CU_ASSERT_TRUE(slow_job_turn(&fx, &late_reader));
	CU_ASSERT_PTR_NULL(late_reader.job.held);
	CU_ASSERT_EQUAL(fixture_seq(&fx), AREAS);
	json_decref(slow_job_answer(&fx, &change));
	CU_ASSERT_EQUAL(fixture_seq(&fx), AREAS + 1);

	CU_ASSERT_TRUE(slow_job_turn(&fx, &late_change));
	CU_ASSERT_TRUE(slow_job_turn(&fx, &late_reader));
	CU_ASSERT_PTR_NOT_NULL(late_reader.job.held);
	CU_ASSERT_TRUE(slow_job_turn(&fx, &late_change));
	CU_ASSERT_EQUAL(fixture_seq(&fx), AREAS + 1);
	json_decref(slow_job_answer(&fx, &late_reader));
	json_decref(slow_job_answer(&fx, &late_change));
	CU_ASSERT_EQUAL(fixture_seq(&fx), AREAS + 2);
	CU_ASSERT_PTR_NULL(world_note(fixture_world(&fx, 0)));
	fixture_deinit(&fx);
}

/* Its draft takes the world's place when nobody looks at length. */
static void a_script_waits_with_its_end(void)
{
	struct rpc_fixture fx;
	struct slow_job script, reader, late;
	json_t *before, *answer;

	begin(&fx);
	before = fixture_ask(&fx, LONG);
	slow_job_begin_held(
		&fx, &script,
		FIXTURE_CALL("2", "script.run",
			     ",'script':'repeat 300 {\\nbrk(0)\\n}'"));
	slow_job_begin_held(&fx, &reader, LONG);
	while (!script.job.place.line)
		CU_ASSERT_TRUE_FATAL(slow_job_turn(&fx, &script));
	slow_job_begin_waiting(&fx, &late, LONG);
	CU_ASSERT_TRUE(slow_job_turn(&fx, &script));
	answer = slow_job_answer(&fx, &reader);
	CU_ASSERT_TRUE(json_equal(before, answer));
	json_decref(answer);
	answer = slow_job_answer(&fx, &script);
	CU_ASSERT_EQUAL(json_integer_value(result_member(answer, "seq")),
			AREAS + 300);
	json_decref(answer);
	json_decref(slow_job_answer(&fx, &late));
	json_decref(before);
	CU_ASSERT_PTR_NULL(world_note(fixture_world(&fx, 0)));
	fixture_deinit(&fx);
}

/* Those behind an exit find the world gone, and it goes with the last of them. */
static void those_behind_an_exit_find_it_gone(void)
{
	struct rpc_fixture fx;
	struct slow_job reader, leaver, change, look;
	json_t *answer;

	begin(&fx);
	slow_job_begin_held(&fx, &reader, LONG);
	slow_job_begin_waiting(&fx, &leaver,
			       FIXTURE_CALL("2", "process.exit", ""));
	slow_job_begin_waiting(&fx, &change, BRK("0x604000"));
	slow_job_begin_waiting(&fx, &look, LONG);
	json_decref(slow_job_answer(&fx, &reader));
	json_decref(slow_job_answer(&fx, &leaver));
	answer = slow_job_answer(&fx, &change);
	CU_ASSERT_TRUE(is_error(answer, -32002, "process.gone", "process"));
	json_decref(answer);
	answer = slow_job_answer(&fx, &look);
	CU_ASSERT_TRUE(is_error(answer, -32002, "process.gone", "process"));
	json_decref(answer);
	CU_ASSERT_EQUAL(document_account(&fx).worlds, 0);
	CU_ASSERT_EQUAL(fx.services[0]->processes.live, 0);
	fixture_deinit(&fx);
}

/* ------------------------------------------------------------- endings */

static void a_batch_waits_for_nothing_of_its_own(void)
{
	struct rpc_fixture fx;
	json_t *answer;

	begin(&fx);
	answer = fixture_ask(
		&fx,
		"[" LONG "," BRK("0x604000") "," LONG "," LONG "," FIXTURE_CALL(
			"3", "mm.munmap",
			",'addr':'0x10000000','length':"
			"8192" ALL) "," FIXTURE_CALL("4", "process.exit",
						     "") "]");
	CU_ASSERT_EQUAL(json_array_size(answer), 6);
	CU_ASSERT_FALSE(json_equal(
		result_member(json_array_get(answer, 0), "snapshot"),
		result_member(json_array_get(answer, 2), "snapshot")));
	CU_ASSERT_PTR_NOT_NULL(
		json_object_get(json_array_get(answer, 5), "result"));
	CU_ASSERT_EQUAL(document_account(&fx).worlds, 0);
	json_decref(answer);
	fixture_deinit(&fx);
}

/* It does not run any more, and is in nobody's way. */
static void a_batch_that_is_cut_off_leaves_the_line(void)
{
	struct rpc_fixture fx;
	struct slow_job reader, batch;
	json_t *answer;

	begin(&fx);
	slow_job_begin_held(&fx, &reader, LONG);
	slow_job_begin_waiting(&fx, &batch, "[" BRK("0x604000") "]");
	rpc_job_curtail(&batch.job);
	answer = slow_job_answer(&fx, &batch);
	CU_ASSERT_TRUE(
		is_error(json_array_get(answer, 0), -32004, "overload", NULL));
	json_decref(answer);
	json_decref(slow_job_answer(&fx, &reader));
	CU_ASSERT_PTR_NULL(world_note(fixture_world(&fx, 0)));
	CU_ASSERT_EQUAL(fixture_seq(&fx), AREAS);
	fixture_deinit(&fx);
}

/* Whoever has begun loses the answer, whoever has not does not begin. */
static void calls_that_are_alone_are_cut_off(void)
{
	struct rpc_fixture fx;
	struct slow_job reader, change;
	json_t *answer;

	begin(&fx);
	slow_job_begin_held(&fx, &reader, LONG);
	slow_job_begin_waiting(&fx, &change, BRK("0x604000"));
	rpc_job_curtail(&change.job);
	answer = slow_job_answer(&fx, &change);
	CU_ASSERT_TRUE(is_error(answer, -32004, "overload", NULL));
	json_decref(answer);
	rpc_job_curtail(&reader.job);
	answer = slow_job_answer(&fx, &reader);
	CU_ASSERT_TRUE(is_error(answer, -32004, "overload", NULL));
	json_decref(answer);
	CU_ASSERT_PTR_NULL(world_note(fixture_world(&fx, 0)));
	CU_ASSERT_EQUAL(fixture_seq(&fx), AREAS);
	fixture_deinit(&fx);
}

/* Nothing has happened, so all of it may be sent again. */
static void a_batch_that_is_cut_off_amid_a_look_may_come_again(void)
{
	struct rpc_fixture fx;
	struct slow_job batch;
	json_t *answer, *data;
	size_t i;

	begin(&fx);
	slow_job_begin_held(&fx, &batch, "[" LONG "," BRK("0x604000") "]");
	rpc_job_curtail(&batch.job);
	answer = slow_job_answer(&fx, &batch);
	CU_ASSERT_EQUAL(json_array_size(answer), 2);
	for (i = 0; i < 2; i++) {
		CU_ASSERT_TRUE(is_error(json_array_get(answer, i), -32004,
					"overload", NULL));
		data = json_object_get(
			json_object_get(json_array_get(answer, i), "error"),
			"data");
		CU_ASSERT_EQUAL(json_integer_value(
					json_object_get(data, "retry_after")),
				1);
		CU_ASSERT_TRUE(
			json_is_false(json_object_get(data, "carried_out")));
	}
	json_decref(answer);
	CU_ASSERT_EQUAL(fixture_seq(&fx), AREAS);
	fixture_deinit(&fx);
}

static void it_does_not_expire_meanwhile(void)
{
	const struct rpc_limits minute = { .reads_per_slice = SLOW_READS,
					   .idle_ms = 60000 };
	struct rpc_fixture fx;
	struct slow_job slow;
	json_t *answer;

	begin_with(&fx, &minute);
	slow_job_begin_held(&fx, &slow, LONG);
	fx.now += 100000;
	CU_ASSERT_EQUAL(rpc_service_sweep(fx.services[0]), 0);
	CU_ASSERT_TRUE(slow_job_turn(&fx, &slow));
	answer = slow_job_answer(&fx, &slow);
	CU_ASSERT_PTR_NOT_NULL(result_member(answer, "snapshot"));
	json_decref(answer);
	/* From then on it is idle anew. */
	CU_ASSERT_EQUAL(rpc_service_sweep(fx.services[0]), 0);
	fx.now += 100000;
	CU_ASSERT_EQUAL(rpc_service_sweep(fx.services[0]), 1);
	fixture_deinit(&fx);
}

/* The state shown to whoever looks by a share is paid by him, and the owner's
 * exit waits for him. */
static void a_viewer_keeps_it_still_too(void)
{
	const struct rpc_quotas quotas = rpc_limits_quotas(NULL);
	struct rpc_fixture fx;
	struct slow_job viewer, owner;
	char name[PROCESS_NAME_LEN + 1];
	json_t *result, *answer;

	fixture_init_clients(&fx, 1, &quotas);
	fx.services[0]->limits.reads_per_slice = SLOW_READS;
	json_decref(fixture_create(&fx, "{'want':[]}"));
	slow_areas_make(&fx, AREAS);
	memcpy(name, fx.process, sizeof(name));
	result = fixture_result(&fx, "process.share", "['@']");
	memcpy(fx.process, json_string_value(json_object_get(result, "share")),
	       PROCESS_NAME_LEN);
	json_decref(result);
	slow_job_init(&fx, &viewer, LONG);
	viewer.job.caller = (struct rpc_caller){ 2, RPC_STUDENT };
	CU_ASSERT_TRUE(slow_job_turn(&fx, &viewer));
	CU_ASSERT_TRUE(slow_job_turn(&fx, &viewer));
	memcpy(fx.process, name, sizeof(name));
	slow_job_init(&fx, &owner, FIXTURE_CALL("2", "process.exit", ""));
	owner.job.caller = fx.caller;
	CU_ASSERT_TRUE(slow_job_turn(&fx, &owner));
	CU_ASSERT_TRUE(slow_job_turn(&fx, &owner));
	answer = slow_job_answer(&fx, &viewer);
	CU_ASSERT_PTR_NOT_NULL(result_member(answer, "snapshot"));
	json_decref(answer);
	CU_ASSERT_PTR_NULL(fx.services[0]->tenants.all[2]);
	json_decref(slow_job_answer(&fx, &owner));
	CU_ASSERT_PTR_NULL(fx.services[0]->tenants.all[1]);
	fixture_deinit(&fx);
}

/* Its result is recorded at once, without the snapshot. */
static void a_retry_does_not_run_twice(void)
{
#define KEYED                                                                  \
	FIXTURE_CALL("1", "mm.brk",                                            \
		     ",'addr':'0x604000','idempotency_key':'k'" ALL)
	struct rpc_fixture fx;
	struct slow_job slow;
	json_t *answer;

	begin(&fx);
	slow_job_begin_held(&fx, &slow, KEYED);
	answer = slow_job_answer(&fx, &slow);
	CU_ASSERT_PTR_NOT_NULL(result_member(answer, "snapshot"));
	json_decref(answer);
	answer = fixture_ask(&fx, KEYED);
	CU_ASSERT_PTR_NOT_NULL(result_member(answer, "ret"));
	CU_ASSERT_PTR_NULL(result_member(answer, "snapshot"));
	CU_ASSERT_EQUAL(fixture_seq(&fx), AREAS + 1);
	json_decref(answer);
	fixture_deinit(&fx);
}

/* It stops where the room ends, and says what has become of the call. */
static void an_answer_that_is_too_large_ends_early(void)
{
	const struct rpc_limits small = { .reads_per_slice = SLOW_READS,
					  .answer_bytes = 8000 };
	struct rpc_fixture fx;
	json_t *answer;

	begin_with(&fx, &small);
	answer = fixture_ask(&fx, LONG);
	CU_ASSERT_TRUE(is_error(answer, -32006, "response.too_large", NULL));
	CU_ASSERT_TRUE(fx.yields < 2 * AREAS / SLOW_READS);
	json_decref(answer);
	CU_ASSERT_PTR_NULL(world_note(fixture_world(&fx, 0)));
	answer = fixture_ask(&fx, FIXTURE_CALL("1", "mm.brk", ",'addr':0" ALL));
	CU_ASSERT_TRUE(is_error(answer, -32006, "response.too_large", NULL));
	CU_ASSERT_TRUE(json_is_true(json_object_get(
		json_object_get(json_object_get(answer, "error"), "data"),
		"carried_out")));
	json_decref(answer);
	fixture_deinit(&fx);
}

/* A change: it may have been, although there was no memory to tell of it. */
static bool was_done(const json_t *answer)
{
	const json_t *data =
		json_object_get(json_object_get(answer, "error"), "data");

	return result_member(answer, "ret") ||
	       json_is_true(json_object_get(data, "carried_out"));
}

/* Whatever is refused: an answer, right or an error, and nothing stays kept. */
static void without_memory_nothing_stays_kept(void)
{
	static const char *const calls[] = {
		LONG,
		FIXTURE_CALL("1", "mm.brk", ",'addr':0" ALL),
		FIXTURE_CALL("1", "mm.smaps", ALL),
	};
	struct rpc_fixture fx;
	struct slow_job slow;
	json_t *answer, *right;
	uint64_t n, seq;
	bool refused;
	size_t i;

	for (i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		begin(&fx);
		right = fixture_ask(&fx, LONG);
		seq = fixture_seq(&fx);
		for (n = 0, refused = true; refused; n++) {
			slow_job_init(&fx, &slow, calls[i]);
			fail_malloc_at(n, FAIL_ONCE | FAIL_HERE);
			while (slow_job_turn(&fx, &slow))
				;
			refused = fail_malloc_never();
			answer = json_loadb(slow.answer.data, slow.answer.len,
					    0, NULL);
			CU_ASSERT_TRUE(answer || slow.answer.failed);
			CU_ASSERT_PTR_NULL(world_note(fixture_world(&fx, 0)));
			CU_ASSERT_TRUE(!answer ||
				       was_done(answer) ==
					       (fixture_seq(&fx) != seq));
			seq = fixture_seq(&fx);
			if (result_member(answer, "snapshot") && !i)
				CU_ASSERT_TRUE(json_equal(answer, right));
			json_decref(answer);
			buffer_deinit(&slow.answer);
			free(slow.body);
		}
		CU_ASSERT_TRUE(n > 3);
		json_decref(right);
		fixture_deinit(&fx);
	}
}

CU_TestInfo test_rpc_still[] = {
	{ "a long snapshot takes turns", a_long_snapshot_takes_turns },
	{ "long texts take turns", long_texts_take_turns },
	{ "what is short takes one turn", what_is_short_takes_one_turn },
	{ "a change shows what it made", a_change_shows_what_it_made },
	{ "who looks goes on", who_looks_goes_on },
	{ "who would change it waits", who_would_change_it_waits },
	{ "other worlds go on", other_worlds_go_on },
	{ "the line keeps its order", the_line_keeps_its_order },
	{ "a script waits with its end", a_script_waits_with_its_end },
	{ "those behind an exit find it gone",
	  those_behind_an_exit_find_it_gone },
	{ "a batch waits for nothing of its own",
	  a_batch_waits_for_nothing_of_its_own },
	{ "a batch that is cut off leaves the line",
	  a_batch_that_is_cut_off_leaves_the_line },
	{ "a batch that is cut off amid a look may come again",
	  a_batch_that_is_cut_off_amid_a_look_may_come_again },
	{ "calls that are alone are cut off",
	  calls_that_are_alone_are_cut_off },
	{ "it does not expire meanwhile", it_does_not_expire_meanwhile },
	{ "a viewer keeps it still too", a_viewer_keeps_it_still_too },
	{ "a retry does not run twice", a_retry_does_not_run_twice },
	{ "an answer that is too large ends early",
	  an_answer_that_is_too_large_ends_early },
	{ "without memory nothing stays kept",
	  without_memory_nothing_stays_kept },
	CU_TEST_INFO_NULL,
};
