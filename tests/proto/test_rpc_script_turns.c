/* SPDX-License-Identifier: MIT */
/*
 * Scripts take turns with other calls
 */
#include "proto/rpc/slice.h"
#include "tests/proto/still_calls.h"
#include "tests/support/fail_malloc.h"
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

/* ---------------------------------------------------------- once more */

#define ON_IT ",'process':'@'"

enum {
	STEPS_OF_IT = 603,
	CALLS_OF_IT = 303
};

static void begin(struct rpc_fixture *fx)
{
	const struct rpc_limits sliced = { .calls_per_slice = SLOW_SLICE };

	fixture_init(fx, 1, &sliced);
	json_decref(fixture_create(fx, "{}"));
}

static bool is_kept(const struct rpc_fixture *fx)
{
	return world_note(fixture_world(fx, 0));
}

/* A script that has been disturbed by one call, and has begun once more. */
static void begin_anew(struct rpc_fixture *fx, struct slow_job *slow,
		       const char *body)
{
	begin(fx);
	slow_job_begin_held(fx, slow, body);
	json_decref(fixture_result(fx, "mm.brk", "['@','0x601800']"));
	while (!is_kept(fx))
		CU_ASSERT_TRUE_FATAL(slow_job_turn(fx, slow));
}

/* Who looks goes on, who would change it waits, and it takes turns all the same. */
static void it_keeps_the_world_still_then(void)
{
	struct rpc_fixture fx;
	struct slow_job slow, other;
	json_t *answer;

	begin_anew(&fx, &slow, SCRIPT(ON_IT));
	slow_job_begin_waiting(&fx, &other, BRK("0x604000"));
	json_decref(fixture_result(&fx, "mm.snapshot", "['@']"));
	CU_ASSERT_EQUAL(fx.yields, 0);
	CU_ASSERT_EQUAL(fixture_seq(&fx), 1);
	CU_ASSERT_EQUAL(slow_job_end(&fx, &slow, &answer),
			1 + STEPS_OF_IT / SLOW_SLICE);
	CU_ASSERT_EQUAL(result_count(answer, "steps"), STEPS_OF_IT);
	CU_ASSERT_EQUAL(result_count(answer, "passed"), 0);
	CU_ASSERT_EQUAL(result_count(answer, "seq"), 1 + CALLS_OF_IT);
	json_decref(answer);
	json_decref(slow_job_answer(&fx, &other));
	CU_ASSERT_EQUAL(fixture_seq(&fx), 1 + CALLS_OF_IT + 1);
	CU_ASSERT_FALSE(is_kept(&fx));
	fixture_deinit(&fx);
}

/* However often others change the world. */
static void it_does_not_lose_twice(void)
{
	struct rpc_fixture fx;
	struct slow_job slow, other;
	bool waits = false;
	unsigned turns, changes = 0;
	json_t *answer;

	begin(&fx);
	slow_job_begin_held(&fx, &slow, SCRIPT(ON_IT));
	for (turns = 0; slow_job_turn(&fx, &slow); turns++) {
		if (!waits)
			slow_job_init(&fx, &other, BRK("0x604000"));
		waits = slow_job_turn(&fx, &other) &&
			slow_job_turn(&fx, &other);
		if (!waits)
			slow_job_deinit(&other);
		changes += !waits;
	}
	CU_ASSERT(turns <= 2 * (1 + STEPS_OF_IT / SLOW_SLICE));
	/* One behind each turn of the first run but the last. */
	CU_ASSERT_EQUAL(changes, STEPS_OF_IT / SLOW_SLICE - 1);
	CU_ASSERT_TRUE(waits);
	answer = json_loadb(slow.answer.data, slow.answer.len, 0, NULL);
	CU_ASSERT_EQUAL(result_count(answer, "seq"), changes + CALLS_OF_IT);
	json_decref(answer);
	slow_job_deinit(&slow);
	if (waits)
		json_decref(slow_job_answer(&fx, &other));
	CU_ASSERT_EQUAL(fixture_seq(&fx), changes + CALLS_OF_IT + 1);
	CU_ASSERT_FALSE(is_kept(&fx));
	fixture_deinit(&fx);
}

/* It waits for its second run behind those who read at length. */
static void before_it_runs_anew_it_waits_in_line(void)
{
	struct rpc_fixture fx;
	struct slow_job script, reader, late;
	json_t *answer;

	slow_areas_init(&fx, &slow_reads, "{'want':[]}", 100);
	slow_job_begin_held(&fx, &script, SCRIPT(ON_IT));
	json_decref(fixture_result(&fx, "mm.brk",
				   "{'process':'@','addr':'0x601800',"
				   "'want':[]}"));
	slow_job_begin_held(&fx, &reader, FIXTURE_CALL("3", "mm.snapshot", ""));
	while (!script.job.place.line)
		CU_ASSERT_TRUE_FATAL(slow_job_turn(&fx, &script));
	slow_job_begin_waiting(&fx, &late, BRK("0x604000"));
	json_decref(slow_job_answer(&fx, &reader));
	answer = slow_job_answer(&fx, &script);
	CU_ASSERT_EQUAL(result_count(answer, "seq"), 101 + CALLS_OF_IT);
	json_decref(answer);
	json_decref(slow_job_answer(&fx, &late));
	CU_ASSERT_FALSE(is_kept(&fx));
	fixture_deinit(&fx);
}

#define ENDING(end)                                                            \
	FIXTURE_CALL("1", "script.run",                                        \
		     ",'want':[],'script':'x = brk(0)\\n"                      \
		     "repeat 100 {\\nbrk(0)\\n}\\n" end "'")

/* It may end the world that it keeps; who waits finds it gone. */
static void it_may_end_the_world_then(void)
{
	struct rpc_fixture fx;
	struct slow_job slow, other;
	json_t *answer;

	begin_anew(&fx, &slow, ENDING("exit()"));
	slow_job_begin_waiting(&fx, &other, BRK("0x604000"));
	answer = slow_job_answer(&fx, &slow);
	CU_ASSERT_EQUAL(result_count(answer, "seq"), 103);
	json_decref(answer);
	answer = slow_job_answer(&fx, &other);
	CU_ASSERT(is_error(answer, -32002, "process.gone", "process"));
	json_decref(answer);
	CU_ASSERT_EQUAL(fx.services[0]->processes.live, 0);
	CU_ASSERT_EQUAL(fx.services[0]->tenants.all[0]->account.worlds, 0);
	fixture_deinit(&fx);
}

static void a_failure_lets_the_world_go(void)
{
	struct rpc_fixture fx;
	struct slow_job slow;
	json_t *answer;

	begin_anew(&fx, &slow, ENDING("brk(1 / (x - 0x601800))"));
	answer = slow_job_answer(&fx, &slow);
	CU_ASSERT(is_error(answer, -32011, "script.failed", "script"));
	json_decref(answer);
	CU_ASSERT_FALSE(is_kept(&fx));
	CU_ASSERT_EQUAL(fixture_seq(&fx), 1);
	fixture_deinit(&fx);
}

static void a_retry_does_not_run_it_twice(void)
{
#define KEYED SCRIPT(ON_IT ",'idempotency_key':'k'")
	struct rpc_fixture fx;
	struct slow_job slow, retry;
	json_t *answer, *again;

	begin_anew(&fx, &slow, KEYED);
	slow_job_begin_waiting(&fx, &retry, KEYED);
	answer = slow_job_answer(&fx, &slow);
	again = slow_job_answer(&fx, &retry);
	CU_ASSERT_EQUAL(result_count(answer, "seq"), 1 + CALLS_OF_IT);
	CU_ASSERT(json_equal(answer, again));
	CU_ASSERT_EQUAL(fixture_seq(&fx), 1 + CALLS_OF_IT);
	CU_ASSERT_FALSE(is_kept(&fx));
	json_decref(answer);
	json_decref(again);
	fixture_deinit(&fx);
}

/* Whatever is refused, all of it happens or nothing, and nothing stays kept. */
static void without_memory_nothing_stays_kept(void)
{
	struct rpc_fixture fx;
	struct slow_job slow;
	json_t *answer;
	bool refused = true;
	unsigned n;

	for (n = 0; refused; n++) {
		begin(&fx);
		slow_job_begin_held(&fx, &slow, ENDING("fork()"));
		json_decref(fixture_result(&fx, "mm.brk", "['@','0x601800']"));
		fail_malloc_at(n, FAIL_ONCE | FAIL_HERE);
		while (slow_job_turn(&fx, &slow))
			;
		refused = fail_malloc_never();
		answer = json_loadb(slow.answer.data, slow.answer.len, 0, NULL);
		CU_ASSERT_FALSE(is_kept(&fx));
		CU_ASSERT_EQUAL(fixture_seq(&fx),
				result_member(answer, "seq") ? 103 : 1);
		CU_ASSERT_EQUAL(fx.services[0]->processes.live,
				result_member(answer, "seq") ? 2 : 1);
		json_decref(answer);
		slow_job_deinit(&slow);
		fixture_deinit(&fx);
	}
	CU_ASSERT(n > 3);
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
	{ "it keeps the world still then", it_keeps_the_world_still_then },
	{ "it does not lose twice", it_does_not_lose_twice },
	{ "before it runs anew it waits in line",
	  before_it_runs_anew_it_waits_in_line },
	{ "it may end the world then", it_may_end_the_world_then },
	{ "a failure lets the world go", a_failure_lets_the_world_go },
	{ "a retry does not run it twice", a_retry_does_not_run_it_twice },
	{ "without memory nothing stays kept",
	  without_memory_nothing_stays_kept },
	{ "its turns end by the work that is done",
	  its_turns_end_by_the_work_that_is_done },
	CU_TEST_INFO_NULL,
};
