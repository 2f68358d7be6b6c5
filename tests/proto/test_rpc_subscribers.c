/* SPDX-License-Identifier: MIT */
/*
 * Many subscriptions to one world: what they cost others, and how they end
 */
#include <stdlib.h>
#include <string.h>

#include "tests/proto/rpc_fixture.h"
#include "tests/support/suite.h"

enum {
	SUBSCRIBERS = 3,
	EACH = 3000,
};

/* A process, and subscribers whose subscriptions to it take turns in all lists. */
struct audience {
	struct rpc_fixture fx;
	struct rpc_subscriber all[SUBSCRIBERS];
};

static void subscribe_all(struct audience *audience, unsigned each)
{
	struct rpc_fixture *fx = &audience->fx;
	unsigned i;

	for (i = 0; i < each * SUBSCRIBERS; i++) {
		fx->subscriber = &audience->all[i % SUBSCRIBERS];
		fixture_do(fx, "subscribe", "{'process':'@','want':[]}");
	}
}

static void begin(struct audience *audience)
{
	unsigned i;

	fixture_begin(&audience->fx, "{'want':[]}");
	audience->fx.services[0]->limits.watchers = SUBSCRIBERS * EACH;
	for (i = 0; i < SUBSCRIBERS; i++)
		CU_ASSERT_FATAL(
			rpc_subscriber_init(&audience->all[i], 1, EACH));
}

static unsigned left(const struct audience *audience)
{
	return audience->fx.services[0]->subscriptions.nr;
}

static void end(struct audience *audience)
{
	unsigned i;

	for (i = 0; i < SUBSCRIBERS; i++) {
		rpc_subscriber_gone(audience->fx.services[0],
				    &audience->all[i]);
		rpc_subscriber_deinit(&audience->all[i]);
	}
	CU_ASSERT_EQUAL(left(audience), 0);
	json_decref(audience->fx.notes);
	fixture_deinit(&audience->fx);
}

/* How many hear of a call, which comes to a result. */
static size_t hear_of(struct audience *audience, const char *method,
		      const char *params)
{
	size_t told;

	audience->fx.notes = json_array();
	audience->fx.written = 0;
	fixture_do(&audience->fx, method, params);
	told = json_array_size(audience->fx.notes);
	json_decref(audience->fx.notes);
	audience->fx.notes = NULL;
	return told;
}

static size_t hear(struct audience *audience, const char *method)
{
	return hear_of(audience, method, "{'process':'@'}");
}

/* What is told takes memory and time that no call has asked for. */
static void a_batch_that_tells_many_takes_turns(void)
{
	struct audience audience;
	char *batch;

	begin(&audience);
	subscribe_all(&audience, EACH);
	batch = fixture_brk_batch(&audience.fx, 4, "[]");
	free(fixture_bytes(&audience.fx, batch, strlen(batch)));
	CU_ASSERT_EQUAL(audience.fx.yields, 3);
	free(batch);
	end(&audience);
}

/* Whenever they came, and whatever there is to be told. */
static void what_is_the_same_for_several_is_written_once(void)
{
	static const char *const wants[] = {
		"{'process':'@','want':['mm']}",
		"{'process':'@','want':['mm','vmacache']}",
		"{'process':'@','want':['mm','vmacache'],'thread':2}",
		"{'process':'@','want':['diff']}",
	};
	static const char *const events[][2] = {
		{ "mm.brk", "{'process':'@','addr':0}" },
		{ "mm.brk", "{'process':'@','addr':'0x604000','thread':2}" },
		{ "script.run", "{'process':'@','script':'brk(0)'}" },
		{ "history.rewind", "{'process':'@','seq':2}" },
		{ "process.exit", "{'process':'@'}" },
	};
	struct audience audience;
	unsigned i;

	begin(&audience);
	fixture_do(&audience.fx, "thread.create", "{'process':'@'}");
	for (i = 0; i < 12; i++) {
		audience.fx.subscriber = &audience.all[i % SUBSCRIBERS];
		fixture_do(&audience.fx, "subscribe", wants[i % 4]);
	}
	for (i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
		CU_ASSERT_EQUAL(hear_of(&audience, events[i][0], events[i][1]),
				12);
		CU_ASSERT_EQUAL(audience.fx.written, 4);
	}
	end(&audience);
}

/* All of them are told in one turn. */
static void a_world_has_so_many_watchers(void)
{
	struct audience audience;
	json_t *fork;

	begin(&audience);
	fork = fixture_result(&audience.fx, "process.fork",
			      "{'process':'@','want':[]}");
	subscribe_all(&audience, 1);
	fixture_turn_to(&audience.fx,
			json_string_value(json_object_get(fork, "process")));
	json_decref(fork);
	subscribe_all(&audience, 1);
	audience.fx.services[0]->limits.watchers = 6;
	CU_ASSERT(is_refused(&audience.fx, "subscribe",
			     "{'process':'@','want':[]}", -32003,
			     "quota.subscriptions", NULL));
	CU_ASSERT_EQUAL(left(&audience), 6);
	json_decref(fixture_create(&audience.fx, "{'want':[]}"));
	subscribe_all(&audience, 1);
	end(&audience);
}

/* They leave half of them to the owner. */
static void guests_do_not_take_all_places(void)
{
	struct audience audience;
	struct rpc_fixture *fx = &audience.fx;
	json_t *share, *name;
	unsigned i;

	begin(&audience);
	fx->services[0]->limits.watchers = 7;
	name = json_string(fx->process);
	share = fixture_result(fx, "process.share", "['@']");
	fixture_turn_to(fx, json_string_value(json_object_get(share, "share")));
	fx->subscriber = &audience.all[0];
	for (i = 0; i < 4; i++)
		fixture_do(fx, "subscribe", "{'process':'@','want':[]}");
	CU_ASSERT(is_refused(fx, "subscribe", "{'process':'@','want':[]}",
			     -32003, "quota.subscriptions", NULL));
	fixture_turn_to(fx, json_string_value(name));
	for (i = 0; i < 3; i++)
		fixture_do(fx, "subscribe", "{'process':'@','want':[]}");
	CU_ASSERT_EQUAL(left(&audience), 7);
	json_decref(share);
	json_decref(name);
	end(&audience);
}

static void whoever_goes_the_others_are_told(void)
{
	struct audience audience;
	json_t *fork;

	begin(&audience);
	subscribe_all(&audience, 4);
	audience.fx.subscriber = &audience.all[0];
	fixture_do(&audience.fx, "unsubscribe", "{'subscription':'0.7'}");
	CU_ASSERT_EQUAL(left(&audience), 11);
	rpc_subscriber_gone(audience.fx.services[0], &audience.all[1]);
	CU_ASSERT_EQUAL(left(&audience), 7);
	CU_ASSERT_EQUAL(hear(&audience, "thread.create"), 7);

	fork = fixture_result(&audience.fx, "process.fork",
			      "{'process':'@','want':[]}");
	fixture_turn_to(&audience.fx,
			json_string_value(json_object_get(fork, "process")));
	subscribe_all(&audience, 1);
	CU_ASSERT_EQUAL(left(&audience), 10);
	CU_ASSERT_EQUAL(hear(&audience, "process.exit"), 3);
	CU_ASSERT_EQUAL(left(&audience), 7);
	json_decref(fork);
	end(&audience);
}

static void all_names_of_a_world_end_for_all(void)
{
	struct audience audience;

	begin(&audience);
	json_decref(fixture_create(&audience.fx, "{'want':[]}"));
	subscribe_all(&audience, 2);
	fixture_turn_to(&audience.fx, NULL);
	json_decref(fixture_create(&audience.fx, "{'want':[]}"));
	subscribe_all(&audience, 3);
	CU_ASSERT_EQUAL(hear(&audience, "process.exit"), 9);
	CU_ASSERT_EQUAL(left(&audience), 6);
	end(&audience);
}

CU_TestInfo test_rpc_subscribers[] = {
	{ "a batch that tells many takes turns",
	  a_batch_that_tells_many_takes_turns },
	{ "what is the same for several is written once",
	  what_is_the_same_for_several_is_written_once },
	{ "a world has so many watchers", a_world_has_so_many_watchers },
	{ "guests do not take all places", guests_do_not_take_all_places },
	{ "whoever goes, the others are told",
	  whoever_goes_the_others_are_told },
	{ "all names of a world end for all",
	  all_names_of_a_world_end_for_all },
	CU_TEST_INFO_NULL,
};
