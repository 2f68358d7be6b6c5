/* SPDX-License-Identifier: MIT */
/*
 * Calls that need a copy of a large world, of the present or of a checkpoint, make
 * it in turns
 */
#include <stdlib.h>

#include "tests/proto/document_fixture.h"
#include "tests/proto/still_calls.h"
#include "tests/support/fail_malloc.h"
#include "tests/support/suite.h"

enum {
	AREAS = 100,
	CHECKPOINT = 64 /* PAST_NEAREST */
};

#define EXPLAIN(method, params)                                                \
	FIXTURE_CALL("1", "mm.explain",                                        \
		     ",'method':'" method "','params':{" params                \
		     "},'want':['mm','diff','steps']")
#define MUNMAP EXPLAIN("mm.munmap", "'addr':'0x10002000','length':8192")
#define BRANCH FIXTURE_CALL("1", "world.branch", ",'want':['mm','vmas']")
#define REWIND                                                                 \
	FIXTURE_CALL("1", "history.rewind", ",'seq':70,'want':['vmas','diff']")

/* Its history has a checkpoint of CHECKPOINT areas. */
static void begin_with(struct rpc_fixture *fx, const struct rpc_limits *limits)
{
	slow_areas_init(fx, limits, "{'history':64,'seed':1,'want':[]}", AREAS);
}

static void begin(struct rpc_fixture *fx)
{
	begin_with(fx, &slow_reads);
}

/* All of these, the one that changes the world last. */
static const char *const calls[] = {
	FIXTURE_CALL("1", "history.at", ",'seq':70,'want':['mm','vmas']"),
	FIXTURE_CALL("1", "history.at", ",'seq':70,'want':['diff']"),
	MUNMAP,
	EXPLAIN("mm.brk", "'addr':0"),
	EXPLAIN("process.fork", ""),
	EXPLAIN("process.exit", ""),
	BRANCH,
	FIXTURE_CALL("1", "world.branch", ",'seq':70,'want':['mm','vmas']"),
	REWIND,
};
enum {
	CALLS = sizeof(calls) / sizeof(calls[0]),
	LOOKS = 6 /* that change nothing */
};

static void the_answer_is_the_same(void)
{
	struct rpc_fixture fx, whole;
	json_t *parts, *once;
	size_t i;

	begin(&fx);
	begin_with(&whole, NULL);
	for (i = 0; i < CALLS; i++) {
		parts = fixture_ask(&fx, calls[i]);
		once = fixture_ask(&whole, calls[i]);
		CU_ASSERT_TRUE(whole.yields <= SLOW_STAGES);
		CU_ASSERT_TRUE(fx.yields > 2 * CHECKPOINT / SLOW_READS);
		CU_ASSERT_TRUE(json_equal(result_member(parts, "snapshot"),
					  result_member(once, "snapshot")));
		CU_ASSERT_PTR_NOT_NULL(result_member(parts, "snapshot"));
		CU_ASSERT_PTR_NULL(world_note(fixture_world(&fx, 0)));
		json_decref(parts);
		json_decref(once);
	}
	fixture_deinit(&whole);
	fixture_deinit(&fx);
}

/* Before there is a checkpoint the way begins with the creation, although history
 * does not reach there any more. */
static void the_way_begins_before_history(void)
{
	static const char *const asked[] = {
		FIXTURE_CALL("1", "history.list",
			     ",'from':40,'count':5,'answers':true"),
		FIXTURE_CALL("1", "world.branch", ",'seq':40,'want':['vmas']"),
		FIXTURE_CALL("1", "history.rewind",
			     ",'seq':40,'want':['vmas']"),
	};
	const struct rpc_limits slow = { .calls_per_slice = 8 };
	static const char *const members[] = { "operations", "snapshot",
					       "snapshot" };
	struct rpc_fixture fx, whole;
	json_t *parts, *once;
	size_t i;

	slow_areas_init(&fx, &slow, "{'history':30,'want':[]}", CHECKPOINT - 1);
	slow_areas_init(&whole, NULL, "{'history':'all','want':[]}",
			CHECKPOINT - 1);
	for (i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
		parts = fixture_ask(&fx, asked[i]);
		once = fixture_ask(&whole, asked[i]);
		CU_ASSERT_PTR_NOT_NULL(result_member(once, members[i]));
		CU_ASSERT_TRUE(json_equal(result_member(parts, members[i]),
					  result_member(once, members[i])));
		json_decref(parts);
		json_decref(once);
	}
	fixture_deinit(&whole);
	fixture_deinit(&fx);
}

static void what_is_wrong_is_said_at_once(void)
{
	static const char *const wrong[] = {
		EXPLAIN("mm.munmap", "'addr':0"),
		EXPLAIN("mm.munmap", "'addr':0,'length':1,'more':1"),
		FIXTURE_CALL("1", "history.rewind", ",'seq':1000"),
	};
	const struct rpc_limits few = { .reads_per_slice = SLOW_READS,
					.copied_areas = AREAS - 1 };
	struct rpc_fixture fx;
	json_t *answer;
	size_t i;

	begin(&fx);
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		answer = fixture_ask(&fx, wrong[i]);
		CU_ASSERT_PTR_NOT_NULL(json_object_get(answer, "error"));
		CU_ASSERT_TRUE(fx.yields <= 1);
		CU_ASSERT_PTR_NULL(world_note(fixture_world(&fx, 0)));
		json_decref(answer);
	}
	/* What only shows when it is tried. */
	answer = fixture_ask(&fx, EXPLAIN("mm.brk", "'addr':0,'thread':9"));
	CU_ASSERT_TRUE(is_error(answer, -32001, "thread.unknown", "thread"));
	CU_ASSERT_PTR_NULL(world_note(fixture_world(&fx, 0)));
	json_decref(answer);
	fixture_deinit(&fx);

	begin_with(&fx, &few);
	answer = fixture_ask(&fx, MUNMAP);
	CU_ASSERT_TRUE(is_error(answer, -32003, "quota.areas", NULL));
	CU_ASSERT_TRUE(fx.yields <= 1);
	json_decref(answer);
	fixture_deinit(&fx);
}

/* What is explained counts as no area or process of the client's. */
static void the_copy_is_no_area_of_the_clients(void)
{
	struct rpc_quotas quotas = rpc_limits_quotas(NULL);
	struct rpc_fixture fx;
	json_t *answer;

	quotas.areas = AREAS + 20;
	quotas.processes = 1;
	fixture_init_clients(&fx, 1, &quotas);
	json_decref(fixture_create(&fx, "{'want':[]}"));
	slow_areas_make(&fx, AREAS);
	answer = fixture_ask(&fx, MUNMAP);
	CU_ASSERT_PTR_NOT_NULL(result_member(answer, "ret"));
	json_decref(answer);
	fixture_deinit(&fx);
}

/* Others look meanwhile, and who would change the world waits. */
static void the_world_is_kept_still(void)
{
	struct rpc_fixture fx;
	struct slow_job slow, other;
	json_t *answer, *before;
	size_t i;

	for (i = 0; i < CALLS; i++) {
		begin(&fx);
		before = i < LOOKS ? fixture_ask(&fx, calls[i]) : NULL;
		slow_job_begin_held(&fx, &slow, calls[i]);
		slow_job_begin_waiting(&fx, &other, BRK("0x604000"));
		json_decref(fixture_result(&fx, "mm.status",
					   "{'process':'@','want':[]}"));
		CU_ASSERT_EQUAL(fx.yields, 0);
		CU_ASSERT_EQUAL(fixture_seq(&fx), AREAS);
		answer = slow_job_answer(&fx, &slow);
		CU_ASSERT_PTR_NOT_NULL(json_object_get(answer, "result"));
		if (before)
			CU_ASSERT_TRUE(json_equal(answer, before));
		json_decref(answer);
		json_decref(before);
		answer = slow_job_answer(&fx, &other);
		CU_ASSERT_PTR_NOT_NULL(json_object_get(answer, "result"));
		json_decref(answer);
		CU_ASSERT_PTR_NULL(world_note(fixture_world(&fx, 0)));
		fixture_deinit(&fx);
	}
}

static void cut_off_it_leaves_nothing(void)
{
	struct rpc_fixture fx;
	struct slow_job slow;
	unsigned turns, i;
	size_t call;

	for (call = 0; call < CALLS; call++) {
		for (turns = 0; turns < 6; turns++) {
			begin(&fx);
			slow_job_begin_held(&fx, &slow, calls[call]);
			for (i = 0; i < 5 * turns; i++)
				slow_job_turn(&fx, &slow);
			rpc_job_curtail(&slow.job);
			json_decref(slow_job_answer(&fx, &slow));
			CU_ASSERT_PTR_NULL(world_note(fixture_world(&fx, 0)));
			fixture_deinit(&fx);
		}
	}
}

/* Whatever is refused: an answer or an error, and nothing stays kept. */
static void without_memory_nothing_stays_kept(void)
{
	struct rpc_fixture fx;
	struct slow_job slow;
	json_t *answer;
	bool refused;
	uint64_t n;

	begin(&fx);
	for (n = 0, refused = true; refused; n++) {
		slow_job_init(&fx, &slow, MUNMAP);
		fail_malloc_at(n, FAIL_ONCE | FAIL_HERE);
		while (slow_job_turn(&fx, &slow))
			;
		refused = fail_malloc_never();
		answer = json_loadb(slow.answer.data, slow.answer.len, 0, NULL);
		CU_ASSERT_TRUE(answer || slow.answer.failed);
		CU_ASSERT_PTR_NULL(world_note(fixture_world(&fx, 0)));
		CU_ASSERT_EQUAL(document_account(&fx).worlds, 1);
		CU_ASSERT_EQUAL(fixture_seq(&fx), AREAS);
		json_decref(answer);
		slow_job_deinit(&slow);
	}
	CU_ASSERT_TRUE(n > 10);
	fixture_deinit(&fx);
}

CU_TestInfo test_rpc_reach[] = {
	{ "the answer is the same", the_answer_is_the_same },
	{ "the way begins before history", the_way_begins_before_history },
	{ "what is wrong is said at once", what_is_wrong_is_said_at_once },
	{ "the copy is no area of the client's",
	  the_copy_is_no_area_of_the_clients },
	{ "the world is kept still", the_world_is_kept_still },
	{ "cut off it leaves nothing", cut_off_it_leaves_nothing },
	{ "without memory nothing stays kept",
	  without_memory_nothing_stays_kept },
	CU_TEST_INFO_NULL,
};
