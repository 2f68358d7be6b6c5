/* SPDX-License-Identifier: MIT */
/*
 * Calls that read much keep their world still; others look meanwhile, and who
 * would change it waits for its turn
 */
#include <string.h>

#include "tests/proto/document_fixture.h"
#include "tests/proto/still_calls.h"
#include "tests/support/suite.h"

static void who_looks_goes_on(void)
{
	static const char *const looks[] = { "mm.status", "mm.maps",
					     "process.get", "history.list" };
	struct rpc_fixture fx;
	struct slow_job slow, second;
	json_t *first, *answer;
	size_t i;

	still_begin(&fx);
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
		still_begin(&fx);
		before = fixture_ask(&fx, LONG);
		slow_job_begin_held(&fx, &slow, LONG);
		slow_job_begin_waiting(&fx, &other, changes[i]);
		CU_ASSERT_EQUAL(fixture_seq(&fx), STILL_AREAS);
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

	still_begin(&fx);
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

	still_begin(&fx);
	slow_job_begin_held(&fx, &reader, LONG);
	slow_job_begin_waiting(&fx, &change, BRK("0x604000"));
	slow_job_begin_waiting(&fx, &late_reader, LONG);
	slow_job_begin_waiting(&fx, &late_change, BRK("0x605000"));
	json_decref(slow_job_answer(&fx, &reader));

	CU_ASSERT_TRUE(slow_job_turn(&fx, &late_change));
	CU_ASSERT_TRUE(slow_job_turn(&fx, &late_reader));
	CU_ASSERT_PTR_NULL(late_reader.job.held);
	CU_ASSERT_EQUAL(fixture_seq(&fx), STILL_AREAS);
	json_decref(slow_job_answer(&fx, &change));
	CU_ASSERT_EQUAL(fixture_seq(&fx), STILL_AREAS + 1);

	CU_ASSERT_TRUE(slow_job_turn(&fx, &late_change));
	CU_ASSERT_TRUE(slow_job_turn(&fx, &late_reader));
	CU_ASSERT_PTR_NOT_NULL(late_reader.job.held);
	CU_ASSERT_TRUE(slow_job_turn(&fx, &late_change));
	CU_ASSERT_EQUAL(fixture_seq(&fx), STILL_AREAS + 1);
	json_decref(slow_job_answer(&fx, &late_reader));
	json_decref(slow_job_answer(&fx, &late_change));
	CU_ASSERT_EQUAL(fixture_seq(&fx), STILL_AREAS + 2);
	CU_ASSERT_PTR_NULL(world_note(fixture_world(&fx, 0)));
	fixture_deinit(&fx);
}

/* Its draft takes the world's place when nobody looks at length. */
static void a_script_waits_with_its_end(void)
{
	struct rpc_fixture fx;
	struct slow_job script, reader, late;
	json_t *before, *answer;

	still_begin(&fx);
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
			STILL_AREAS + 300);
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

	still_begin(&fx);
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

static void a_batch_waits_for_nothing_of_its_own(void)
{
	struct rpc_fixture fx;
	json_t *answer;

	still_begin(&fx);
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

static void it_does_not_expire_meanwhile(void)
{
	const struct rpc_limits minute = { .reads_per_slice = SLOW_READS,
					   .idle_ms = 60000 };
	struct rpc_fixture fx;
	struct slow_job slow;
	json_t *answer;

	slow_areas_init(&fx, &minute, "{'want':[]}", STILL_AREAS);
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
	slow_areas_make(&fx, STILL_AREAS);
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

CU_TestInfo test_rpc_still[] = {
	{ "who looks goes on", who_looks_goes_on },
	{ "who would change it waits", who_would_change_it_waits },
	{ "other worlds go on", other_worlds_go_on },
	{ "the line keeps its order", the_line_keeps_its_order },
	{ "a script waits with its end", a_script_waits_with_its_end },
	{ "those behind an exit find it gone",
	  those_behind_an_exit_find_it_gone },
	{ "a batch waits for nothing of its own",
	  a_batch_waits_for_nothing_of_its_own },
	{ "it does not expire meanwhile", it_does_not_expire_meanwhile },
	{ "a viewer keeps it still too", a_viewer_keeps_it_still_too },
	CU_TEST_INFO_NULL,
};
