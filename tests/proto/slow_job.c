/* SPDX-License-Identifier: MIT */
#include "tests/proto/slow_job.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/rpc/slice.h"
#include "tests/proto/document_fixture.h"
#include "tests/support/suite.h"

void slow_job_init(struct rpc_fixture *fx, struct slow_job *slow,
		   const char *body)
{
	slow->at = fx->at;
	slow->body = fixture_expand(fx, body);
	buffer_init(&slow->answer, 64u << 20);
	rpc_job_init(&slow->job, slow->body, strlen(slow->body), &slow->answer);
	slow->job.caller = fx->caller;
}

bool slow_job_turn(struct rpc_fixture *fx, struct slow_job *slow)
{
	return rpc_run(fx->services[slow->at], &slow->job, &slow->at) !=
	       RPC_DONE;
}

unsigned slow_job_end(struct rpc_fixture *fx, struct slow_job *slow,
		      json_t **answerp)
{
	unsigned turns = 1;

	while (slow_job_turn(fx, slow))
		turns++;
	*answerp = json_loadb(slow->answer.data, slow->answer.len, 0, NULL);
	slow_job_deinit(slow);
	return turns;
}

void slow_job_deinit(struct slow_job *slow)
{
	buffer_deinit(&slow->answer);
	free(slow->body);
}

json_t *slow_job_answer(struct rpc_fixture *fx, struct slow_job *slow)
{
	json_t *answer;

	slow_job_end(fx, slow, &answer);
	return answer;
}

void slow_job_begin_held(struct rpc_fixture *fx, struct slow_job *slow,
			 const char *body)
{
	slow_job_init(fx, slow, body);
	CU_ASSERT_TRUE(slow_job_turn(fx, slow));
	CU_ASSERT_TRUE(slow_job_turn(fx, slow));
	CU_ASSERT_PTR_NOT_NULL(slow->job.held);
}

void slow_job_begin_waiting(struct rpc_fixture *fx, struct slow_job *slow,
			    const char *body)
{
	slow_job_init(fx, slow, body);
	CU_ASSERT_TRUE(slow_job_turn(fx, slow));
	CU_ASSERT_TRUE(slow_job_turn(fx, slow));
	CU_ASSERT_TRUE(slow_job_turn(fx, slow));
	CU_ASSERT_PTR_NULL(slow->job.held);
	CU_ASSERT_PTR_NOT_NULL(slow->job.place.line);
}

void slow_areas_make(struct rpc_fixture *fx, unsigned areas)
{
	char params[300];
	unsigned i;

	for (i = 0; i < areas; i++) {
		snprintf(params, sizeof(params),
			 "{'process':'@','addr':'0x%llx','length':8192,"
			 "'prot':%d,'flags':'MAP_PRIVATE|MAP_ANONYMOUS|"
			 "MAP_FIXED|MAP_POPULATE','want':[]}",
			 0x10000000ULL + (i << 13), i % 2 ? 3 : 1);
		json_decref(fixture_result(fx, "mm.mmap", params));
	}
}

const struct rpc_limits slow_reads = { .reads_per_slice = SLOW_READS };

void slow_areas_init(struct rpc_fixture *fx, const struct rpc_limits *limits,
		     const char *params, unsigned areas)
{
	fixture_init(fx, 1, limits);
	json_decref(fixture_create(fx, params));
	slow_areas_make(fx, areas);
}

uint64_t slow_clock(void *ctx)
{
	static uint64_t ns;

	(void)ctx;
	return ns += 2 * SLICE_NS;
}

static void exercise(struct rpc_fixture *fx)
{
	json_decref(fixture_create(fx, "{'history':'all','want':[]}"));
	document_exercise(fx, SLOW_OPERATIONS);
}

void slow_world_init(struct rpc_fixture *fx)
{
	const struct rpc_limits limits = { .calls_per_slice = SLOW_SLICE };

	fixture_init(fx, 1, &limits);
	exercise(fx);
}

/* The first turn is the body's, the second one is the first slice. */
static void begin(struct rpc_fixture *fx, struct slow_job *slow,
		  const struct slow_call *call)
{
	slow_job_init(fx, slow, call->body);
	CU_ASSERT(slow_job_turn(fx, slow));
	CU_ASSERT(slow_job_turn(fx, slow));
}

static bool answers_alike(const struct slow_call *call, const json_t *one,
			  const json_t *other)
{
	size_t i;

	for (i = 0; i < 2 && call->members[i]; i++)
		if (!json_equal(result_member(one, call->members[i]),
				result_member(other, call->members[i])))
			return false;
	return result_member(one, call->members[0]) != NULL;
}

void slow_call_is_of_the_world_as_it_was(const struct slow_call *call)
{
	static const char *const meanwhile[][2] = {
		{ "mm.brk", "['@','0x604000']" },
		{ "history.rewind", "['@',3]" },
		{ "process.exit", "['@']" },
	};
	struct rpc_fixture fx;
	struct slow_job slow;
	json_t *before, *answer;
	size_t i;

	for (i = 0; i < sizeof(meanwhile) / sizeof(meanwhile[0]); i++) {
		slow_world_init(&fx);
		before = fixture_ask(&fx, call->body);
		begin(&fx, &slow, call);
		json_decref(
			fixture_result(&fx, meanwhile[i][0], meanwhile[i][1]));
		CU_ASSERT_EQUAL(slow_job_end(&fx, &slow, &answer),
				call->slices);
		CU_ASSERT(answers_alike(call, answer, before));
		json_decref(answer);
		json_decref(before);
		fixture_deinit(&fx);
	}
}

void slow_call_outlives_all_that_its_client_owns(const struct slow_call *call)
{
	const struct rpc_quotas quotas = rpc_limits_quotas(NULL);
	struct rpc_fixture fx;
	struct slow_job slow;
	json_t *answer;

	fixture_init_clients(&fx, 1, &quotas);
	exercise(&fx);
	begin(&fx, &slow, call);
	json_decref(fixture_result(&fx, "process.exit", "['@']"));
	CU_ASSERT_PTR_NOT_NULL(fx.services[0]->tenants.all[1]);
	slow_job_end(&fx, &slow, &answer);
	CU_ASSERT_PTR_NOT_NULL(result_member(answer, call->members[0]));
	CU_ASSERT_PTR_NULL(fx.services[0]->tenants.all[1]);
	json_decref(answer);
	fixture_deinit(&fx);
}
