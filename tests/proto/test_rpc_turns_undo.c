/* SPDX-License-Identifier: MIT */
/*
 * Undoing, branching and listing where many operations lead: in turns, and the
 * world keeps still until it is done
 */
#include <stdlib.h>
#include <string.h>

#include "tests/proto/document_fixture.h"
#include "tests/proto/slow_job.h"
#include "tests/support/fail_malloc.h"
#include "tests/support/suite.h"

enum {
	OPERATIONS = 400,
	SLICE = 32, /* operations a turn */
	FAR = 300   /* the state that is gone to */
};

#define PARTS                                                                  \
	",'want':['mm','vmas','maps','status','vmacache','rbtree',"            \
	"'pagetable','diff']"
#define REWIND FIXTURE_CALL("1", "history.rewind", ",'seq':300" PARTS)
#define BRANCH FIXTURE_CALL("1", "world.branch", ",'seq':300" PARTS)
#define LIST                                                                   \
	FIXTURE_CALL("1", "history.list",                                      \
		     ",'from':200,'count':150,'answers':true")
#define BRK FIXTURE_CALL("2", "mm.brk", ",'addr':0")

static const struct rpc_limits sliced = { .calls_per_slice = SLICE };

static void begin(struct rpc_fixture *fx, const struct rpc_limits *limits)
{
	fixture_init(fx, 1, limits);
	json_decref(fixture_create(fx, "{'history':'all','seed':1,'want':[]}"));
	document_exercise(fx, OPERATIONS);
}

static void turns_change_nothing_of_the_answer(void)
{
	static const char *const calls[] = { LIST, BRANCH, REWIND };
	const struct rpc_limits one = { .calls_per_slice = 100000 };
	struct rpc_fixture fx, whole;
	json_t *parts, *once;
	size_t i;

	begin(&fx, &sliced);
	begin(&whole, &one);
	for (i = 0; i < 3; i++) {
		parts = fixture_ask(&fx, calls[i]);
		once = fixture_ask(&whole, calls[i]);
		CU_ASSERT_TRUE(whole.yields <= SLOW_STAGES);
		CU_ASSERT_TRUE(fx.yields > FAR / SLICE);
		CU_ASSERT_PTR_NOT_NULL(json_object_get(parts, "result"));
		CU_ASSERT_TRUE(json_equal(parts, once));
		json_decref(parts);
		json_decref(once);
		CU_ASSERT_PTR_NULL(world_note(fixture_world(&fx, 0)));
	}
	CU_ASSERT_EQUAL(fixture_seq(&fx), FAR);
	fixture_deinit(&whole);
	fixture_deinit(&fx);
}

/* One more for the body. */
static void what_is_near_takes_a_turn_or_two(void)
{
	struct rpc_fixture fx;

	begin(&fx, &sliced);
	json_decref(fixture_result(&fx, "history.list",
				   "{'process':'@','from':300,'answers':"
				   "false}"));
	CU_ASSERT_EQUAL(fx.yields, 0);
	json_decref(fixture_result(&fx, "world.branch", "{'process':'@'}"));
	CU_ASSERT_EQUAL(fx.yields, 0);
	json_decref(fixture_result(&fx, "world.branch",
				   "{'process':'@','seq':32}"));
	CU_ASSERT_EQUAL(fx.yields, 2);
	json_decref(fixture_result(&fx, "history.rewind",
				   "{'process':'@','seq':32}"));
	CU_ASSERT_EQUAL(fx.yields, 2);
	fixture_deinit(&fx);
}

/* Looks see the state before; changes come after, in their order. */
static void others_wait_for_an_undoing(void)
{
	struct rpc_fixture fx;
	struct slow_job undoing, change, second;
	json_t *answer;

	begin(&fx, &sliced);
	slow_job_begin_held(&fx, &undoing, REWIND);
	slow_job_begin_waiting(&fx, &change, BRK);
	slow_job_begin_waiting(&fx, &second, REWIND);
	answer = fixture_result(&fx, "mm.snapshot", "{'process':'@'}");
	CU_ASSERT_EQUAL(
		json_integer_value(json_object_get(
			json_object_get(json_object_get(answer, "snapshot"),
					"mm"),
			"seq")),
		OPERATIONS);
	json_decref(answer);
	CU_ASSERT_EQUAL(fixture_seq(&fx), OPERATIONS);
	json_decref(slow_job_answer(&fx, &undoing));
	CU_ASSERT_EQUAL(fixture_seq(&fx), FAR);
	CU_ASSERT_TRUE(slow_job_turn(&fx, &second));
	json_decref(slow_job_answer(&fx, &change));
	CU_ASSERT_EQUAL(fixture_seq(&fx), FAR + 1);
	answer = slow_job_answer(&fx, &second);
	CU_ASSERT_EQUAL(json_integer_value(result_member(answer, "seq")), FAR);
	json_decref(answer);
	CU_ASSERT_EQUAL(fixture_seq(&fx), FAR);
	fixture_deinit(&fx);
}

/* Also where one looks by it: two at once, and an undoing behind both. */
static void an_undoing_waits_for_who_looks(void)
{
	struct rpc_fixture fx;
	struct slow_job list, branch, undoing, late;
	json_t *answer;

	begin(&fx, &sliced);
	slow_job_begin_held(&fx, &list, LIST);
	slow_job_begin_held(&fx, &branch, BRANCH);
	slow_job_begin_waiting(&fx, &undoing, REWIND);
	slow_job_begin_waiting(&fx, &late, LIST);
	answer = slow_job_answer(&fx, &list);
	CU_ASSERT_EQUAL(json_array_size(result_member(answer, "operations")),
			150);
	json_decref(answer);
	CU_ASSERT_TRUE(slow_job_turn(&fx, &undoing));
	CU_ASSERT_PTR_NULL(undoing.job.held);
	answer = slow_job_answer(&fx, &branch);
	CU_ASSERT_EQUAL(json_integer_value(result_member(answer, "seq")), FAR);
	json_decref(answer);
	json_decref(slow_job_answer(&fx, &undoing));
	answer = slow_job_answer(&fx, &late);
	CU_ASSERT_EQUAL(json_array_size(result_member(answer, "operations")),
			FAR - 200 + 1);
	json_decref(answer);
	fixture_deinit(&fx);
}

/* Two with one key are one: behind each other, or side by side. */
static void a_retry_does_not_run_twice(void)
{
	static const char *const calls[] = {
		FIXTURE_CALL("1", "history.rewind",
			     ",'seq':300,'idempotency_key':'k'"),
		FIXTURE_CALL("1", "world.branch",
			     ",'seq':300,'idempotency_key':'k'"),
	};
	struct rpc_fixture fx;
	struct slow_job first, retry;
	json_t *answer, *again;
	size_t i;

	for (i = 0; i < 2; i++) {
		begin(&fx, &sliced);
		slow_job_begin_held(&fx, &first, calls[i]);
		slow_job_init(&fx, &retry, calls[i]);
		CU_ASSERT_TRUE(slow_job_turn(&fx, &retry));
		CU_ASSERT_TRUE(slow_job_turn(&fx, &retry));
		answer = slow_job_answer(&fx, &first);
		again = slow_job_answer(&fx, &retry);
		CU_ASSERT_PTR_NOT_NULL(json_object_get(answer, "result"));
		CU_ASSERT_TRUE(json_equal(answer, again));
		CU_ASSERT_EQUAL(document_account(&fx).worlds, 1 + i);
		json_decref(answer);
		json_decref(again);
		CU_ASSERT_PTR_NULL(world_note(fixture_world(&fx, 0)));
		fixture_deinit(&fx);
	}
}

static void what_is_in_vain_leaves_nothing(void)
{
	static const char *const methods[] = { "history.rewind",
					       "world.branch" };
	struct rpc_fixture fx;
	struct account before;
	size_t i;

	begin(&fx, &sliced);
	before = document_account(&fx);
	for (i = 0; i < 2; i++) {
		CU_ASSERT_TRUE(is_refused(
			&fx, methods[i], "{'process':'@','seq':300,'thread':7}",
			-32001, "thread.unknown", "thread"));
		CU_ASSERT_TRUE(is_refused(&fx, methods[i],
					  "{'process':'@','seq':9999}", -32008,
					  "history.future", "seq"));
		CU_ASSERT_PTR_NULL(world_note(fixture_world(&fx, 0)));
	}
	CU_ASSERT_EQUAL(document_account(&fx).bytes, before.bytes);
	CU_ASSERT_EQUAL(document_account(&fx).worlds, before.worlds);
	fixture_deinit(&fx);
}

/* It may have been, although there was no memory to tell of it. */
static bool was_done(const json_t *answer)
{
	return json_object_get(answer, "result") ||
	       json_is_true(error_member(answer, "carried_out"));
}

static void without_memory_nothing_changes(void)
{
	static const char *const calls[] = { LIST, BRANCH, REWIND };
	struct rpc_fixture fx;
	struct slow_job slow;
	json_t *answer;
	bool refused;
	uint64_t n;
	size_t i;

	for (i = 0; i < 3; i++) {
		begin(&fx, &sliced);
		for (n = 0, refused = true; refused; n++) {
			slow_job_init(&fx, &slow, calls[i]);
			fail_malloc_at(n, FAIL_ONCE | FAIL_HERE);
			while (slow_job_turn(&fx, &slow))
				;
			refused = fail_malloc_never();
			answer = json_loadb(slow.answer.data, slow.answer.len,
					    0, NULL);
			CU_ASSERT_PTR_NULL(world_note(fixture_world(&fx, 0)));
			CU_ASSERT_TRUE(!answer ||
				       fixture_seq(&fx) ==
					       (i == 2 && was_done(answer)
							? FAR
							: OPERATIONS));
			if (fixture_seq(&fx) == FAR)
				document_exercise(&fx, OPERATIONS - FAR);
			json_decref(answer);
			buffer_deinit(&slow.answer);
			free(slow.body);
			if (n > 400)
				n += 97;
		}
		CU_ASSERT_TRUE(n > 5);
		fixture_deinit(&fx);
	}
}

CU_TestInfo test_rpc_turns_undo[] = {
	{ "turns change nothing of the answer",
	  turns_change_nothing_of_the_answer },
	{ "what is near takes a turn or two",
	  what_is_near_takes_a_turn_or_two },
	{ "others wait for an undoing", others_wait_for_an_undoing },
	{ "an undoing waits for who looks", an_undoing_waits_for_who_looks },
	{ "a retry does not run twice", a_retry_does_not_run_twice },
	{ "what is in vain leaves nothing", what_is_in_vain_leaves_nothing },
	{ "without memory nothing changes", without_memory_nothing_changes },
	CU_TEST_INFO_NULL,
};
