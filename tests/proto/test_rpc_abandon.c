/* SPDX-License-Identifier: MIT */
/*
 * Jobs for whose answers nobody waits any more: given up at any turn, they leave
 * nothing behind
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/rpc/held.h"
#include "tests/proto/document_fixture.h"
#include "tests/proto/still_calls.h"
#include "tests/support/suite.h"

enum {
	AREAS = 40,
	OPERATIONS = 160, /* all of them kept */
	SLICE = 16,
	BODY = 400
};

#define DIFF ",'want':['diff','vmas']"
#define KEY  ",'idempotency_key':'k'"
#define SCRIPT(more)                                                           \
	"{'jsonrpc':'2.0','id':1,'method':'script.run','params':{"             \
	"'script':'repeat 40 {\\nmmap(0, 4K, rw, private)\\n}\\n"              \
	"c = fork()\\nin c: exit()','want':[]" more "}}"

/* What becomes of a call that takes turns when its client has gone. */
enum about {
	ANSWERS, /* it is given up: nobody would see what it tells, or makes */
	CHANGES, /* it goes on until it has changed its world */
};

static const struct slow {
	const char *body;
	enum about about;
} slow_calls[] = {
	{ FIXTURE_CALL("1", "history.at", ",'seq':100" ALL), ANSWERS },
	{ FIXTURE_CALL("1", "history.at", ",'seq':100" DIFF), ANSWERS },
	{ FIXTURE_CALL("1", "history.list", ",'from':2,'answers':true"),
	  ANSWERS },
	{ FIXTURE_CALL("1", "history.diff", ",'from':50"), ANSWERS },
	{ FIXTURE_CALL("1", "history.diff", ",'from':160,'to':60"), ANSWERS },
	{ FIXTURE_CALL("1", "history.rewind", ",'seq':100" ALL), CHANGES },
	{ FIXTURE_CALL("1", "history.rewind", ",'seq':100" DIFF KEY), CHANGES },
	{ FIXTURE_CALL("1", "world.branch", ",'seq':100" DIFF), ANSWERS },
	{ FIXTURE_CALL("1", "world.branch", ",'seq':100" KEY), ANSWERS },
	{ FIXTURE_CALL("1", "world.export", ""), ANSWERS },
	{ FIXTURE_CALL("1", "world.export", ",'form':'link'"), ANSWERS },
	{ "import", ANSWERS },
	{ SCRIPT(""), ANSWERS },
	{ SCRIPT(",'process':'@'"), CHANGES },
	{ SCRIPT(",'process':'@'" KEY), CHANGES },
	{ SCRIPT(KEY), ANSWERS },
	{ FIXTURE_CALL("1", "mm.explain",
		       ",'method':'mm.brk','params':{'addr':'0x604000'},"
		       "'want':['diff','mm']"),
	  ANSWERS },
	{ FIXTURE_CALL("1", "mm.maps", ""), ANSWERS },
	{ FIXTURE_CALL("1", "mm.smaps", DIFF), ANSWERS },
	{ LONG, ANSWERS },
	{ FIXTURE_CALL("1", "mm.brk", ",'addr':'0x604000'" ALL), CHANGES },
	{ FIXTURE_CALL("1", "mm.brk", ",'addr':'0x604000'" DIFF), CHANGES },
	{ FIXTURE_CALL("1", "mm.brk", ",'addr':'0x604000'" DIFF KEY), CHANGES },
	{ FIXTURE_CALL("1", "process.fork", DIFF), CHANGES },
	{ FIXTURE_CALL("1", "process.exit", DIFF), CHANGES },
};

static const struct rpc_quotas ample = {
	.processes = 1000, .threads = 1000, .areas = 1 << 20, .bytes = 1 << 30
};

static void begin(struct rpc_fixture *fx)
{
	fixture_init_clients(fx, 1, &ample);
	fx->services[0]->limits.calls_per_slice = SLICE;
	fx->services[0]->limits.reads_per_slice = SLOW_READS;
	json_decref(fixture_create(fx, "{'history':'all','want':[]}"));
	slow_areas_make(fx, AREAS);
	document_exercise(fx, OPERATIONS - AREAS - 1);
	/* From now on keys are kept somewhere. */
	json_decref(fixture_ask(
		fx, FIXTURE_CALL("1", "mm.brk",
				 ",'addr':0,'idempotency_key':'other'")));
}

/* The import's text is the document of the world that there is. */
static void begin_job(struct rpc_fixture *fx, struct slow_job *slow,
		      const char *body)
{
	static const char format[] =
		"{'jsonrpc':'2.0','id':1,'method':'world.import','params':"
		"{'want':[],'document':%s}}";
	char *text, *import;
	json_t *document;
	size_t size;

	if (strcmp(body, "import") != 0) {
		slow_job_init(fx, slow, body);
		return;
	}
	document = document_export(fx, "['@']");
	text = json_dumps(document, JSON_COMPACT);
	size = sizeof(format) + strlen(text);
	import = malloc(size);
	snprintf(import, size, format, text);
	slow_job_init(fx, slow, import);
	free(import);
	free(text);
	json_decref(document);
}

/* All that may be left of a call: what its client owns, what its world is, who
 * keeps that still, and what the service has to do yet. */
struct traces {
	struct world_digest digest;
	struct account account;
	uint64_t live;
};

static struct traces traces_of(const struct rpc_fixture *fx)
{
	struct world *world = fixture_world(fx, 0);
	struct traces traces = { .live = fx->services[0]->processes.live };

	while (rpc_service_reap(fx->services[0]))
		;
	if (world) {
		CU_ASSERT_PTR_NULL(world_note(world));
		CU_ASSERT_EQUAL(
			world_hash(world_memory(world), world, &traces.digest),
			0);
	}
	traces.account = fixture_tenant(fx, 0)->account;
	return traces;
}

static bool nothing_is_left(const struct traces *before,
			    const struct traces *after)
{
	const struct account *was = &before->account, *is = &after->account;

	return !memcmp(&before->digest, &after->digest,
		       sizeof(before->digest)) &&
	       before->live == after->live && was->processes == is->processes &&
	       was->worlds == is->worlds && was->threads == is->threads &&
	       was->areas == is->areas &&
	       was->journal_bytes == is->journal_bytes;
}

/* Up to so many turns: false if the job is done by then. */
static bool take_turns(struct rpc_fixture *fx, struct slow_job *slow,
		       unsigned turns)
{
	while (turns--)
		if (!slow_job_turn(fx, slow))
			return false;
	return true;
}

static bool abandon(struct rpc_fixture *fx, struct slow_job *slow,
		    enum rpc_abandoning why)
{
	return rpc_job_abandon(fx->services[slow->at], &slow->job, why);
}

static bool is_carried_out(const struct slow_job *slow)
{
	return slow->job.held && slow->job.held->call.is_carried_out;
}

/* With its process all that the client is charged for goes. */
static void end_charged(struct rpc_fixture *fx)
{
	json_decref(fixture_call(fx, "process.exit", "['@']"));
	fx->now += 2 * 3600 * 1000;
	rpc_service_sweep(fx->services[0]);
	while (rpc_service_reap(fx->services[0]))
		;
	CU_ASSERT_PTR_NULL(fixture_tenant(fx, 0));
	fixture_deinit(fx);
}

static void end_abandoned(struct slow_job *slow)
{
	CU_ASSERT_PTR_NULL(slow->job.held);
	CU_ASSERT_PTR_NULL(slow->job.place.line);
	slow_job_deinit(slow);
}

/* ---------------------------------------------------------- at any turn */

/* False: there is no such turn any more. */
static bool ends_after(const char *body, unsigned turns)
{
	struct rpc_fixture fx;
	struct slow_job slow;
	struct traces before, after;
	bool had_changed = false, goes_on;

	begin(&fx);
	begin_job(&fx, &slow, body);
	before = traces_of(&fx);
	goes_on = take_turns(&fx, &slow, turns);
	if (goes_on) {
		had_changed = is_carried_out(&slow);
		CU_ASSERT_TRUE(abandon(&fx, &slow, RPC_HOST_ENDS));
		after = traces_of(&fx);
		CU_ASSERT_EQUAL(nothing_is_left(&before, &after), !had_changed);
		CU_ASSERT_EQUAL(fx.services[0]->stats.abandoned, 1);
	}
	end_abandoned(&slow);
	if (goes_on && !had_changed)
		end_charged(&fx);
	else
		fixture_deinit(&fx);
	return goes_on;
}

static void when_the_host_ends_no_turn_follows(void)
{
	unsigned turns;
	size_t i;

	for (i = 0; i < NR(slow_calls); i++) {
		for (turns = 1; ends_after(slow_calls[i].body, turns); turns++)
			;
		CU_ASSERT_TRUE(turns > 3);
	}
}

static bool goes_after(const struct slow *call, unsigned turns)
{
	struct rpc_fixture fx;
	struct slow_job slow;
	struct traces before, after;
	bool changes = call->about == CHANGES;
	bool had_changed, goes_on, is_over;

	begin(&fx);
	begin_job(&fx, &slow, call->body);
	before = traces_of(&fx);
	goes_on = take_turns(&fx, &slow, turns);
	if (goes_on) {
		had_changed = is_carried_out(&slow);
		do {
			is_over = abandon(&fx, &slow, RPC_CLIENT_GONE);
		} while (!is_over && slow_job_turn(&fx, &slow));
		/* What has not begun is not looked at before its turn. */
		CU_ASSERT_TRUE(is_over || changes || turns == 1);
		after = traces_of(&fx);
		CU_ASSERT_EQUAL(nothing_is_left(&before, &after), !changes);
		CU_ASSERT_EQUAL(fx.services[0]->stats.abandoned,
				!changes || had_changed || is_over);
	}
	end_abandoned(&slow);
	if (goes_on && !changes)
		end_charged(&fx);
	else
		fixture_deinit(&fx);
	return goes_on;
}

static void when_its_client_is_gone_a_change_is_made(void)
{
	unsigned turns;
	size_t i;

	for (i = 0; i < NR(slow_calls); i++) {
		for (turns = 1; goes_after(&slow_calls[i], turns); turns++)
			;
		CU_ASSERT_TRUE(turns > 3);
	}
}

/* Its client may ask what became of it. */
static void a_retry_is_answered_with_what_was_done(void)
{
	static const char *const bodies[] = {
		FIXTURE_CALL("1", "history.rewind", ",'seq':100" DIFF KEY),
		FIXTURE_CALL("1", "mm.brk", ",'addr':'0x604000'" DIFF KEY),
		SCRIPT(",'process':'@'" KEY),
	};
	struct rpc_fixture fx;
	struct slow_job slow;
	json_t *answer;
	uint64_t seq;
	size_t i;

	for (i = 0; i < NR(bodies); i++) {
		begin(&fx);
		slow_job_begin_held(&fx, &slow, bodies[i]);
		while (!abandon(&fx, &slow, RPC_CLIENT_GONE) &&
		       slow_job_turn(&fx, &slow))
			;
		end_abandoned(&slow);
		seq = fixture_seq(&fx);
		CU_ASSERT_NOT_EQUAL(seq, OPERATIONS);
		answer = fixture_ask(&fx, bodies[i]);
		CU_ASSERT_PTR_NOT_NULL(json_object_get(answer, "result"));
		CU_ASSERT_EQUAL(fixture_seq(&fx), seq);
		json_decref(answer);
		fixture_deinit(&fx);
	}
}

/* ------------------------------------------------------------- the line */

static void who_stands_in_line_leaves_it(void)
{
	static const enum rpc_abandoning whys[] = { RPC_HOST_ENDS,
						    RPC_CLIENT_GONE };
	struct rpc_fixture fx;
	struct slow_job reader, change, look;
	struct traces before, after;
	size_t i;

	for (i = 0; i < NR(whys); i++) {
		begin(&fx);
		before = traces_of(&fx);
		slow_job_begin_held(&fx, &reader, LONG);
		slow_job_begin_waiting(&fx, &change, BRK("0x604000"));
		slow_job_begin_waiting(&fx, &look, LONG);
		CU_ASSERT_TRUE(abandon(&fx, &change, RPC_HOST_ENDS));
		end_abandoned(&change);
		if (!abandon(&fx, &look, whys[i]))
			CU_ASSERT_FALSE(slow_job_turn(&fx, &look));
		end_abandoned(&look);
		CU_ASSERT_TRUE(abandon(&fx, &reader, whys[i]));
		end_abandoned(&reader);
		after = traces_of(&fx);
		CU_ASSERT_TRUE(nothing_is_left(&before, &after));
		fixture_deinit(&fx);
	}
}

/* Its client is gone, and it keeps its place. */
static void a_change_waits_in_line_all_the_same(void)
{
	struct rpc_fixture fx;
	struct slow_job reader, change;
	unsigned turns;

	begin(&fx);
	slow_job_begin_held(&fx, &reader, LONG);
	slow_job_begin_waiting(&fx, &change, BRK("0x604000"));
	for (turns = 0; turns < 3; turns++) {
		CU_ASSERT_FALSE(abandon(&fx, &change, RPC_CLIENT_GONE));
		CU_ASSERT_TRUE(slow_job_turn(&fx, &change));
		CU_ASSERT_PTR_NOT_NULL(change.job.place.line);
	}
	CU_ASSERT_EQUAL(fixture_seq(&fx), OPERATIONS);
	json_decref(slow_job_answer(&fx, &reader));
	CU_ASSERT_FALSE(slow_job_turn(&fx, &change));
	CU_ASSERT_EQUAL(fixture_seq(&fx), OPERATIONS + 1);
	end_abandoned(&change);
	CU_ASSERT_PTR_NULL(world_note(fixture_world(&fx, 0)));
	fixture_deinit(&fx);
}

/* ---------------------------------------------------------------- batches */

/* The third call is under way. */
static void begin_batch(struct rpc_fixture *fx, struct slow_job *slow)
{
	slow_job_init(fx, slow,
		      "[" BRK("0x604000") "," LONG "," BRK(
			      "0x605000") "," LONG ",{'jsonrpc':'2.0','id':1,"
					  "'method':'process.create'}]");
	while (slow->job.calls > 4 || !slow->job.held)
		CU_ASSERT_TRUE(slow_job_turn(fx, slow));
	CU_ASSERT_EQUAL(fixture_seq(fx), OPERATIONS + 1);
}

static void of_a_batch_only_changes_are_left(void)
{
	struct rpc_fixture fx;
	struct slow_job slow;
	struct traces traces;

	begin(&fx);
	begin_batch(&fx, &slow);
	CU_ASSERT_FALSE(abandon(&fx, &slow, RPC_CLIENT_GONE));
	CU_ASSERT_FALSE(slow_job_turn(&fx, &slow));
	traces = traces_of(&fx);
	CU_ASSERT_EQUAL(fixture_seq(&fx), OPERATIONS + 2);
	CU_ASSERT_EQUAL(traces.live, 1);
	CU_ASSERT_EQUAL(fx.services[0]->stats.abandoned, 3);
	end_abandoned(&slow);
	fixture_deinit(&fx);
}

static void of_a_batch_nothing_more_begins(void)
{
	struct rpc_fixture fx;
	struct slow_job slow;

	begin(&fx);
	begin_batch(&fx, &slow);
	CU_ASSERT_TRUE(abandon(&fx, &slow, RPC_HOST_ENDS));
	CU_ASSERT_EQUAL(fixture_seq(&fx), OPERATIONS + 1);
	CU_ASSERT_EQUAL(fx.services[0]->stats.abandoned, 4);
	end_abandoned(&slow);
	fixture_deinit(&fx);
}

/* Not even its text has been looked at. */
static void what_has_not_begun_is_no_trouble(void)
{
	struct rpc_fixture fx;
	struct slow_job slow;

	begin(&fx);
	slow_job_init(&fx, &slow, BRK("0x604000"));
	CU_ASSERT_TRUE(abandon(&fx, &slow, RPC_HOST_ENDS));
	CU_ASSERT_EQUAL(fixture_seq(&fx), OPERATIONS);
	end_abandoned(&slow);
	slow_job_init(&fx, &slow, BRK("0x604000"));
	CU_ASSERT_FALSE(abandon(&fx, &slow, RPC_CLIENT_GONE));
	CU_ASSERT_FALSE(slow_job_turn(&fx, &slow));
	CU_ASSERT_EQUAL(fixture_seq(&fx), OPERATIONS + 1);
	end_abandoned(&slow);
	fixture_deinit(&fx);
}

/* -------------------------------------------------------- two loops */

/* A comparison of a process here with one there; it is abandoned on either loop,
 * or between them. False: there is no such turn any more. */
static bool between_loops_ends_after(unsigned turns, enum rpc_abandoning why)
{
	char body[BODY], far[PROCESS_NAME_LEN + 1];
	struct rpc_fixture fx;
	struct slow_job slow;
	struct client *client;
	bool goes_on;

	fixture_init_clients(&fx, 2, &ample);
	client = clients_at(fx.clients, 1);
	fx.at = 1;
	json_decref(fixture_create(&fx, "{'want':[]}"));
	memcpy(far, fx.process, sizeof(far));
	fx.at = 0;
	json_decref(fixture_create(&fx, "{'history':'all','want':[]}"));
	document_exercise(&fx, OPERATIONS);
	snprintf(body, sizeof(body),
		 FIXTURE_CALL("1", "history.diff", ",'from':5,'other':'%s'"),
		 far);
	slow_job_init(&fx, &slow, body);
	goes_on = take_turns(&fx, &slow, turns);
	if (goes_on && !abandon(&fx, &slow, why))
		CU_ASSERT_FALSE(slow_job_turn(&fx, &slow));
	end_abandoned(&slow);
	json_decref(fixture_call(&fx, "process.exit", "['@']"));
	fixture_turn_to(&fx, far);
	fx.at = 1;
	json_decref(fixture_call(&fx, "process.exit", "['@']"));
	CU_ASSERT_EQUAL(client_leased(client, CLIENT_BYTES), 0);
	CU_ASSERT_EQUAL(client_leased(client, CLIENT_AREAS), 0);
	CU_ASSERT_EQUAL(client_leased(client, CLIENT_PROCESSES), 0);
	fixture_deinit(&fx);
	return goes_on;
}

static void between_loops_too(void)
{
	unsigned turns;

	for (turns = 1; between_loops_ends_after(turns, RPC_HOST_ENDS); turns++)
		CU_ASSERT_TRUE(
			between_loops_ends_after(turns, RPC_CLIENT_GONE));
	CU_ASSERT_TRUE(turns > 5);
}

CU_TestInfo test_rpc_abandon[] = {
	{ "when the host ends no turn follows",
	  when_the_host_ends_no_turn_follows },
	{ "when its client is gone a change is made",
	  when_its_client_is_gone_a_change_is_made },
	{ "a retry is answered with what was done",
	  a_retry_is_answered_with_what_was_done },
	{ "who stands in line leaves it", who_stands_in_line_leaves_it },
	{ "a change waits in line all the same",
	  a_change_waits_in_line_all_the_same },
	{ "of a batch only changes are left",
	  of_a_batch_only_changes_are_left },
	{ "of a batch nothing more begins", of_a_batch_nothing_more_begins },
	{ "what has not begun is no trouble",
	  what_has_not_begun_is_no_trouble },
	{ "between loops too", between_loops_too },
	CU_TEST_INFO_NULL,
};
