/* SPDX-License-Identifier: MIT */
/*
 * Turns end by the work that is done in them, not by the number of operations alone
 */
#include <stdio.h>
#include <stdlib.h>

#include "proto/rpc/slice.h"
#include "tests/proto/document_fixture.h"
#include "tests/proto/slow_job.h"
#include "tests/support/suite.h"

enum {
	FEW = 64,   /* areas, on which all operations are short */
	MANY = 800, /* and so many that one may take long, */
	LARGE = 600 /* as from here on */
};

/* Each area is an operation. */
static void begin(struct rpc_fixture *fx, unsigned areas)
{
	slow_areas_init(fx, NULL, "{'history':'all','want':[]}", areas);
	fx->services[0]->host.clock = slow_clock;
}

static void ask(struct rpc_fixture *fx, const char *body)
{
	json_t *answer = fixture_ask(fx, body);

	CU_ASSERT_PTR_NOT_NULL(json_object_get(answer, "result"));
	json_decref(answer);
}

/* All but the last of MANY, and FEW, operations are repeated; the world is changed
 * last. */
#define CALLS(nr, before)                                                      \
	{                                                                      \
		FIXTURE_CALL("1", "history.at",                                \
			     ",'seq':" before ",'want':['mm']"),               \
			FIXTURE_CALL("1", "history.at",                        \
				     ",'seq':" before ",'want':['diff']"),     \
			FIXTURE_CALL("1", "history.list",                      \
				     ",'count':" nr ",'answers':true"),        \
			FIXTURE_CALL("1", "history.diff",                      \
				     ",'from':0,'to':" before),                \
			FIXTURE_CALL("1", "history.diff",                      \
				     ",'from':" before ",'to':0"),             \
			FIXTURE_CALL("1", "world.export", ""),                 \
			FIXTURE_CALL("1", "world.branch",                      \
				     ",'seq':" before ",'want':[]"),           \
			FIXTURE_CALL("1", "history.rewind",                    \
				     ",'seq':" before ",'want':['diff']"),     \
	}

static void about_a_large_world_each_operation_may_be_the_last(void)
{
	static const char *const calls[] = CALLS("800", "799");
	struct rpc_fixture fx;
	size_t i;

	begin(&fx, MANY);
	for (i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		ask(&fx, calls[i]);
		CU_ASSERT(fx.yields >= MANY - 1 - LARGE + LARGE / SLICE_LOOK);
	}
	fixture_deinit(&fx);
}

static void about_a_small_one_there_is_a_look_now_and_then(void)
{
	static const char *const calls[] = CALLS("64", "63");
	struct rpc_fixture fx;
	size_t i;

	begin(&fx, FEW);
	for (i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		ask(&fx, calls[i]);
		CU_ASSERT(fx.yields >= FEW / SLICE_LOOK);
		CU_ASSERT(fx.yields <= FEW / SLICE_LOOK + SLOW_STAGES);
	}
	fixture_deinit(&fx);
}

/* What is undone far from there, and told, is listened to in turns as well. */
static void a_trace_takes_turns(void)
{
	struct rpc_fixture fx;

	begin(&fx, MANY);
	ask(&fx,
	    FIXTURE_CALL("1", "history.rewind", ",'seq':1,'want':['diff']"));
	CU_ASSERT(fx.yields >= MANY - 1 - LARGE + LARGE / SLICE_LOOK);
	CU_ASSERT_EQUAL(fixture_seq(&fx), 1);
	fixture_deinit(&fx);
}

static void an_import_takes_turns(void)
{
	struct rpc_fixture fx;
	json_t *document, *answer;

	begin(&fx, MANY);
	document = document_export(&fx, "['@']");
	answer = document_import(&fx, document, "");
	CU_ASSERT(json_is_true(result_member(answer, "verified")));
	CU_ASSERT(fx.yields >= MANY - LARGE + LARGE / SLICE_LOOK);
	json_decref(answer);
	json_decref(document);
	fixture_deinit(&fx);
}

static void ask_batch(struct rpc_fixture *fx, unsigned calls)
{
	char *body = fixture_brk_batch(fx, calls, "[]");
	json_t *answer = fixture_ask(fx, body);

	CU_ASSERT_EQUAL(json_array_size(answer), calls);
	json_decref(answer);
	free(body);
}

static void a_batch_does_so_too(void)
{
	struct rpc_fixture fx;

	begin(&fx, MANY);
	ask_batch(&fx, 40);
	CU_ASSERT_EQUAL(fx.yields, 39);
	fixture_deinit(&fx);

	begin(&fx, FEW);
	ask_batch(&fx, 40);
	CU_ASSERT_EQUAL(fx.yields, 40 / SLICE_LOOK - 1);
	fixture_deinit(&fx);
}

/* An area of a sparse world can have any number of page tables. */
static void a_copy_of_many_tables_takes_turns(void)
{
	struct rpc_fixture fx;
	char params[200];
	unsigned i;

	slow_areas_init(&fx, &slow_reads, "{'history':'all','want':[]}", 0);
	json_decref(fixture_result(
		&fx, "mm.mmap",
		"{'process':'@','addr':'0x100000000','length':'0x10000000',"
		"'prot':3,'flags':50,'want':[]}"));
	for (i = 0; i < 100; i++) {
		snprintf(params, sizeof(params),
			 "{'process':'@','addr':'0x%llx','type':'write',"
			 "'want':[]}",
			 0x100000000ULL + ((unsigned long long)i << 21));
		json_decref(fixture_result(&fx, "mm.access", params));
	}
	ask(&fx, FIXTURE_CALL("1", "mm.explain",
			      ",'method':'mm.brk','params':{'addr':0}"));
	CU_ASSERT(fx.yields > 100 / (2 * SLOW_READS));
	fixture_deinit(&fx);
}

CU_TestInfo test_rpc_slice[] = {
	{ "about a large world each operation may be the last",
	  about_a_large_world_each_operation_may_be_the_last },
	{ "about a small one there is a look now and then",
	  about_a_small_one_there_is_a_look_now_and_then },
	{ "a trace takes turns", a_trace_takes_turns },
	{ "an import takes turns", an_import_takes_turns },
	{ "a batch does so, too", a_batch_does_so_too },
	{ "a copy of many tables takes turns",
	  a_copy_of_many_tables_takes_turns },
	CU_TEST_INFO_NULL,
};
