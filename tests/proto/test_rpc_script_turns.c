/* SPDX-License-Identifier: MIT */
/*
 * Scripts take turns with other calls
 */
#include "proto/rpc/slice.h"
#include "tests/proto/slow_job.h"
#include "tests/support/suite.h"

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

/* -------------------------------------------------------------- slices */

enum {
	FEW = 64,         /* areas, on which all calls are short */
	MANY = 800,       /* and so many that one may take long */
	TIMES = 20,       /* that it is called, */
	STEPS = 2 * TIMES /* by such a script */
};

static unsigned yields_of_a_script(unsigned areas)
{
	struct rpc_fixture fx;
	json_t *answer;

	slow_areas_init(&fx, NULL, "{'want':[]}", areas);
	fx.services[0]->host.clock = slow_clock;
	answer = fixture_ask(&fx, FIXTURE_CALL("1", "script.run",
					       ",'want':[],'script':"
					       "'repeat 20 {\\nbrk(0)\\n}'"));
	CU_ASSERT_EQUAL(result_count(answer, "steps"), STEPS);
	CU_ASSERT_EQUAL(result_count(answer, "seq"), areas + TIMES);
	json_decref(answer);
	fixture_deinit(&fx);
	return fx.yields;
}

static void its_turns_end_by_the_work_that_is_done(void)
{
	CU_ASSERT_EQUAL(yields_of_a_script(MANY), 1 + STEPS);
	CU_ASSERT_EQUAL(yields_of_a_script(FEW), 1 + STEPS / SLICE_LOOK);
}

CU_TestInfo test_rpc_script_turns[] = {
	{ "a script takes turns", a_script_takes_turns },
	{ "a script that was disturbed runs anew",
	  a_script_that_was_disturbed_runs_anew },
	{ "a script whose process has gone leaves nothing",
	  a_script_whose_process_has_gone_leaves_nothing },
	{ "a retry of a script does not run twice",
	  a_retry_of_a_script_does_not_run_twice },
	{ "its turns end by the work that is done",
	  its_turns_end_by_the_work_that_is_done },
	CU_TEST_INFO_NULL,
};
