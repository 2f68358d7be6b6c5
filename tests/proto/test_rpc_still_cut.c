/* SPDX-License-Identifier: MIT */
/*
 * What becomes of calls that keep a world still, or wait for one, when they are
 * cut off, find no room or no memory
 */
#include <stdlib.h>

#include "tests/proto/still_calls.h"
#include "tests/support/fail_malloc.h"
#include "tests/support/suite.h"

/* It does not run any more, and is in nobody's way. */
static void a_batch_that_is_cut_off_leaves_the_line(void)
{
	struct rpc_fixture fx;
	struct slow_job reader, batch;
	json_t *answer;

	still_begin(&fx);
	slow_job_begin_held(&fx, &reader, LONG);
	slow_job_begin_waiting(&fx, &batch, "[" BRK("0x604000") "]");
	rpc_job_curtail(&batch.job);
	answer = slow_job_answer(&fx, &batch);
	CU_ASSERT_TRUE(
		is_error(json_array_get(answer, 0), -32004, "overload", NULL));
	json_decref(answer);
	json_decref(slow_job_answer(&fx, &reader));
	CU_ASSERT_PTR_NULL(world_note(fixture_world(&fx, 0)));
	CU_ASSERT_EQUAL(fixture_seq(&fx), STILL_AREAS);
	fixture_deinit(&fx);
}

/* Whoever has begun loses the answer, whoever has not does not begin. */
static void calls_that_are_alone_are_cut_off(void)
{
	struct rpc_fixture fx;
	struct slow_job reader, change;
	json_t *answer;

	still_begin(&fx);
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
	CU_ASSERT_EQUAL(fixture_seq(&fx), STILL_AREAS);
	fixture_deinit(&fx);
}

/* Nothing has happened, so all of it may be sent again. */
static void a_batch_that_is_cut_off_amid_a_look_may_come_again(void)
{
	struct rpc_fixture fx;
	struct slow_job batch;
	json_t *answer, *data;
	size_t i;

	still_begin(&fx);
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
	CU_ASSERT_EQUAL(fixture_seq(&fx), STILL_AREAS);
	fixture_deinit(&fx);
}

/* It stops where the room ends, and says what has become of the call. */
static void an_answer_that_is_too_large_ends_early(void)
{
	const struct rpc_limits small = { .reads_per_slice = SLOW_READS,
					  .answer_bytes = 8000 };
	struct rpc_fixture fx;
	json_t *answer;

	slow_areas_init(&fx, &small, "{'want':[]}", STILL_AREAS);
	answer = fixture_ask(&fx, LONG);
	CU_ASSERT_TRUE(is_error(answer, -32006, "response.too_large", NULL));
	CU_ASSERT_TRUE(fx.yields < 2 * STILL_AREAS / SLOW_READS);
	json_decref(answer);
	CU_ASSERT_PTR_NULL(world_note(fixture_world(&fx, 0)));
	answer = fixture_ask(&fx, FIXTURE_CALL("1", "mm.brk", ",'addr':0" ALL));
	CU_ASSERT_TRUE(is_error(answer, -32006, "response.too_large", NULL));
	CU_ASSERT_TRUE(json_is_true(error_member(answer, "carried_out")));
	json_decref(answer);
	fixture_deinit(&fx);
}

/* A change: it may have been, although there was no memory to tell of it. */
static bool was_done(const json_t *answer)
{
	return result_member(answer, "ret") ||
	       json_is_true(error_member(answer, "carried_out"));
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
		still_begin(&fx);
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

CU_TestInfo test_rpc_still_cut[] = {
	{ "a batch that is cut off leaves the line",
	  a_batch_that_is_cut_off_leaves_the_line },
	{ "a batch that is cut off amid a look may come again",
	  a_batch_that_is_cut_off_amid_a_look_may_come_again },
	{ "calls that are alone are cut off",
	  calls_that_are_alone_are_cut_off },
	{ "an answer that is too large ends early",
	  an_answer_that_is_too_large_ends_early },
	{ "without memory nothing stays kept",
	  without_memory_nothing_stays_kept },
	CU_TEST_INFO_NULL,
};
