/* SPDX-License-Identifier: MIT */
/*
 * A call that wants diff copies a large world in turns before it begins
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/proto/document_fixture.h"
#include "tests/proto/still_calls.h"
#include "tests/support/fail_malloc.h"
#include "tests/support/suite.h"

enum {
	AREAS = 60,
	BODY = 300
};

#define DIFF ",'want':['diff','mm']"
#define GROW FIXTURE_CALL("1", "mm.brk", ",'addr':'0x604000'" DIFF)

static void begin_with(struct rpc_fixture *fx, const struct rpc_limits *limits)
{
	slow_areas_init(fx, limits, "{'want':[]}", AREAS);
}

static void begin(struct rpc_fixture *fx)
{
	begin_with(fx, &slow_reads);
}

/* The copy is on its way, and the call has not begun. */
static void begin_copying(struct rpc_fixture *fx, struct slow_job *slow,
			  const char *body)
{
	slow_job_begin_held(fx, slow, body);
	CU_ASSERT_EQUAL(fixture_seq(fx), AREAS);
}

static const json_t *diff_of(const json_t *answer)
{
	return json_object_get(result_member(answer, "snapshot"), "diff");
}

static void the_answer_is_the_same(void)
{
	static const char *const calls[] = {
		GROW,
		FIXTURE_CALL("1", "mm.munmap",
			     ",'addr':'0x10002000','length':8192" DIFF),
		FIXTURE_CALL("1", "mm.mprotect",
			     ",'addr':'0x10004000','length':4096,'prot':5,"
			     "'want':['diff','steps','vmas']"),
		FIXTURE_CALL("1", "process.fork", DIFF),
		FIXTURE_CALL("1", "mm.munmap", ",'addr':1,'length':1" DIFF),
		FIXTURE_CALL("1", "process.exit", ",'want':['diff','vmas']"),
	};
	struct rpc_fixture fx, whole;
	json_t *parts, *once;
	size_t i;

	for (i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		begin(&fx);
		begin_with(&whole, NULL);
		parts = fixture_ask(&fx, calls[i]);
		once = fixture_ask(&whole, calls[i]);
		CU_ASSERT_EQUAL(whole.yields, 0);
		CU_ASSERT_TRUE(fx.yields > 2 * AREAS / SLOW_READS);
		if (i != 3) /* which has a name of its own */
			CU_ASSERT_TRUE(json_equal(parts, once));
		CU_ASSERT_PTR_NOT_NULL(json_object_get(parts, "result"));
		json_decref(parts);
		json_decref(once);
		fixture_deinit(&whole);
		fixture_deinit(&fx);
	}
}

static void without_diff_it_takes_one_turn(void)
{
	struct rpc_fixture fx;

	begin(&fx);
	json_decref(fixture_ask(&fx, BRK("0x604000")));
	CU_ASSERT_EQUAL(fx.yields, 0);
	fixture_deinit(&fx);
}

static void a_small_world_takes_one_turn(void)
{
	struct rpc_fixture fx;
	json_t *answer;

	fixture_init(&fx, 1, NULL);
	json_decref(fixture_create(&fx, "{'want':[]}"));
	answer = fixture_ask(&fx, GROW);
	CU_ASSERT_EQUAL(fx.yields, 0);
	CU_ASSERT_PTR_NOT_NULL(diff_of(answer));
	json_decref(answer);
	fixture_deinit(&fx);
}

static void who_would_change_it_waits(void)
{
	struct rpc_fixture fx;
	struct slow_job slow, other;
	json_t *answer;

	begin(&fx);
	begin_copying(&fx, &slow, GROW);
	slow_job_init(&fx, &other, BRK("0x602000"));
	CU_ASSERT_TRUE(slow_job_turn(&fx, &other));
	CU_ASSERT_TRUE(slow_job_turn(&fx, &other));
	CU_ASSERT_PTR_NOT_NULL(other.job.place.line);
	json_decref(
		fixture_result(&fx, "mm.status", "{'process':'@','want':[]}"));
	CU_ASSERT_EQUAL(fx.yields, 0);
	answer = slow_job_answer(&fx, &slow);
	CU_ASSERT_PTR_NOT_NULL(diff_of(answer));
	CU_ASSERT_EQUAL(fixture_seq(&fx), AREAS + 1);
	json_decref(answer);
	json_decref(slow_job_answer(&fx, &other));
	CU_ASSERT_EQUAL(fixture_seq(&fx), AREAS + 2);
	CU_ASSERT_PTR_NULL(world_note(fixture_world(&fx, 0)));
	fixture_deinit(&fx);
}

/* Behind the copy and the call, which is carried out in one turn. */
static void the_diff_takes_turns_too(void)
{
	static const char *const calls[] = {
		GROW,
		FIXTURE_CALL("1", "process.exit", ",'want':['diff']"),
	};
	struct rpc_fixture fx;
	struct slow_job slow, other;
	json_t *answer;
	unsigned turns;
	size_t i;

	for (i = 0; i < 2; i++) {
		begin(&fx);
		begin_copying(&fx, &slow, calls[i]);
		slow_job_begin_waiting(&fx, &other, BRK("0x602000"));
		while (fx.services[0]->processes.live &&
		       fixture_seq(&fx) == AREAS)
			CU_ASSERT_TRUE_FATAL(slow_job_turn(&fx, &slow));
		for (turns = 0; slow_job_turn(&fx, &slow); turns++) {
			CU_ASSERT_TRUE(slow_job_turn(&fx, &other));
			CU_ASSERT_PTR_NOT_NULL(other.job.place.line);
			if (!i)
				json_decref(fixture_result(
					&fx, "mm.status",
					"{'process':'@','want':[]}"));
		}
		CU_ASSERT_TRUE(turns > AREAS / (SLOW_READS / 4));
		answer = json_loadb(slow.answer.data, slow.answer.len, 0, NULL);
		CU_ASSERT_PTR_NOT_NULL(diff_of(answer));
		json_decref(answer);
		slow_job_deinit(&slow);
		answer = slow_job_answer(&fx, &other);
		CU_ASSERT_TRUE(
			i ? is_error(answer, -32002, "process.gone", "process")
			  : fixture_seq(&fx) == AREAS + 2);
		json_decref(answer);
		CU_ASSERT_EQUAL(document_account(&fx).worlds, 1 - i);
		fixture_deinit(&fx);
	}
}

static void a_call_that_is_cut_off_changes_nothing(void)
{
	struct rpc_fixture fx;
	struct slow_job slow;
	unsigned turns;

	for (turns = 0; turns < 8; turns++) {
		unsigned i;

		begin(&fx);
		begin_copying(&fx, &slow, GROW);
		for (i = 0; i < 5 * turns; i++)
			slow_job_turn(&fx, &slow);
		rpc_job_curtail(&slow.job);
		json_decref(slow_job_answer(&fx, &slow));
		CU_ASSERT_PTR_NULL(world_note(fixture_world(&fx, 0)));
		CU_ASSERT_EQUAL(document_account(&fx).worlds, 1);
		fixture_deinit(&fx);
	}
}

#define KEYED                                                                  \
	FIXTURE_CALL("1", "mm.brk",                                            \
		     ",'addr':'0x604000','idempotency_key':'k'" DIFF)

/* Two at once: one of them runs. */
static void a_retry_does_not_run_twice(void)
{
	struct rpc_fixture fx;
	struct slow_job slow, retry;
	json_t *first, *second;

	begin(&fx);
	begin_copying(&fx, &slow, KEYED);
	slow_job_init(&fx, &retry, KEYED);
	CU_ASSERT_TRUE(slow_job_turn(&fx, &retry));
	first = slow_job_answer(&fx, &slow);
	second = slow_job_answer(&fx, &retry);
	CU_ASSERT_EQUAL(fixture_seq(&fx), AREAS + 1);
	CU_ASSERT_PTR_NOT_NULL(diff_of(first));
	CU_ASSERT_TRUE(json_equal(result_member(first, "ret"),
				  result_member(second, "ret")));
	json_decref(first);
	json_decref(second);
	fixture_deinit(&fx);
}

static void too_many_areas_are_refused_at_once(void)
{
	const struct rpc_limits limits = { .reads_per_slice = SLOW_READS,
					   .copied_areas = AREAS / 2 };
	struct rpc_fixture fx;
	json_t *answer;

	begin_with(&fx, &limits);
	answer = fixture_ask(&fx, GROW);
	CU_ASSERT_TRUE(is_error(answer, -32003, "quota.areas", "want"));
	CU_ASSERT_PTR_NULL(world_note(fixture_world(&fx, 0)));
	CU_ASSERT_EQUAL(fixture_seq(&fx), AREAS);
	json_decref(answer);
	fixture_deinit(&fx);
}

/* Whatever is refused: nothing stays kept, and a refusal has changed nothing. */
static void without_memory_nothing_stays_kept(void)
{
	struct rpc_fixture fx;
	struct slow_job slow;
	json_t *answer;
	uint64_t n, seq;
	bool refused;

	begin(&fx);
	seq = fixture_seq(&fx);
	for (n = 0, refused = true; refused; n++) {
		slow_job_init(&fx, &slow,
			      FIXTURE_CALL("1", "mm.brk", ",'addr':0" DIFF));
		fail_malloc_at(n, FAIL_ONCE | FAIL_HERE);
		while (slow_job_turn(&fx, &slow))
			;
		refused = fail_malloc_never();
		answer = json_loadb(slow.answer.data, slow.answer.len, 0, NULL);
		CU_ASSERT_TRUE(answer || slow.answer.failed);
		CU_ASSERT_PTR_NULL(world_note(fixture_world(&fx, 0)));
		CU_ASSERT_EQUAL(document_account(&fx).worlds, 1);
		if (result_member(answer, "ret"))
			CU_ASSERT_EQUAL(fixture_seq(&fx), seq + 1);
		seq = fixture_seq(&fx);
		json_decref(answer);
		buffer_deinit(&slow.answer);
		free(slow.body);
	}
	CU_ASSERT_TRUE(n > 10);
	fixture_deinit(&fx);
}

CU_TestInfo test_rpc_copying[] = {
	{ "the answer is the same", the_answer_is_the_same },
	{ "without diff it takes one turn", without_diff_it_takes_one_turn },
	{ "a small world takes one turn", a_small_world_takes_one_turn },
	{ "who would change it waits", who_would_change_it_waits },
	{ "the diff takes turns, too", the_diff_takes_turns_too },
	{ "a call that is cut off changes nothing",
	  a_call_that_is_cut_off_changes_nothing },
	{ "a retry does not run twice", a_retry_does_not_run_twice },
	{ "too many areas are refused at once",
	  too_many_areas_are_refused_at_once },
	{ "without memory nothing stays kept",
	  without_memory_nothing_stays_kept },
	CU_TEST_INFO_NULL,
};
