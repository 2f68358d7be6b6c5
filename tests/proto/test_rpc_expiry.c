/* SPDX-License-Identifier: MIT */
/*
 * Idle worlds end, used ones do not
 */
#include "tests/proto/rpc_fixture.h"
#include "tests/support/suite.h"

static const struct rpc_limits hour = { .idle_ms = 3600000 };

/* Lets @seconds go by, with a sweep each. */
static unsigned wait(struct rpc_fixture *fx, unsigned seconds)
{
	unsigned ended = 0;

	while (seconds--) {
		fx->now += 1000;
		ended += rpc_service_sweep(fx->services[0]);
	}
	return ended;
}

static bool lives(struct rpc_fixture *fx)
{
	json_t *answer = fixture_call(fx, "mm.brk",
				      "{'process':'@','addr':0,'want':[]}");
	bool is_gone = is_error(answer, -32002, "process.gone", "process");

	json_decref(answer);
	return !is_gone;
}

static void told_in_advance(void)
{
	struct rpc_fixture fx;
	json_t *result;

	fixture_init(&fx, 1, &hour);
	result = fixture_create(&fx, "{'want':[]}");
	CU_ASSERT_EQUAL(
		json_integer_value(json_object_get(result, "expires_in")),
		3600);
	json_decref(result);
	result = fixture_result(&fx, "process.get", "{'process':'@'}");
	CU_ASSERT_EQUAL(
		json_integer_value(json_object_get(result, "expires_in")),
		3600);
	json_decref(result);
	fixture_deinit(&fx);

	fixture_init(&fx, 1, NULL);
	result = fixture_create(&fx, "{'want':[]}");
	CU_ASSERT_PTR_NULL(json_object_get(result, "expires_in"));
	json_decref(result);
	CU_ASSERT_EQUAL(wait(&fx, 100000), 0);
	CU_ASSERT_TRUE(lives(&fx));
	fixture_deinit(&fx);
}

static void idle_world_ends_and_gives_all_back(void)
{
	struct rpc_fixture fx;

	fixture_init(&fx, 1, &hour);
	json_decref(fixture_create(&fx, "{'want':[],'profile':'5.10'}"));
	CU_ASSERT_EQUAL(wait(&fx, 3600), 0);
	CU_ASSERT_EQUAL(wait(&fx, 3), 1);
	CU_ASSERT_FALSE(lives(&fx));
	CU_ASSERT_EQUAL(fx.services[0]->tenants.all[0]->account.processes, 0);
	CU_ASSERT_EQUAL(fx.services[0]->tenants.all[0]->account.areas, 0);
	fixture_deinit(&fx);
}

static void due_world_is_gone_before_the_sweep_comes_by(void)
{
	struct rpc_fixture fx;

	fixture_init(&fx, 1, &hour);
	json_decref(fixture_create(&fx, "{'want':[]}"));
	wait(&fx, 3600);
	CU_ASSERT_TRUE(lives(&fx));
	fx.services[0]->seconds += 3602;
	CU_ASSERT_FALSE(lives(&fx));
	CU_ASSERT_FALSE(lives(&fx));
	fixture_deinit(&fx);
}

static void use_of_one_process_keeps_its_family(void)
{
	struct rpc_fixture fx;
	char parent[PROCESS_NAME_LEN + 1];
	json_t *result;

	fixture_init(&fx, 1, &hour);
	json_decref(fixture_create(&fx, "{'want':[]}"));
	memcpy(parent, fx.process, sizeof(parent));
	result = fixture_result(&fx, "process.fork",
				"{'process':'@','want':[]}");
	strcpy(fx.process,
	       json_string_value(json_object_get(result, "process")));
	json_decref(result);
	wait(&fx, 3000);
	CU_ASSERT_TRUE(lives(&fx)); /* the child */
	CU_ASSERT_EQUAL(wait(&fx, 3000), 0);
	memcpy(fx.process, parent, sizeof(parent));
	CU_ASSERT_TRUE(lives(&fx));
	CU_ASSERT_EQUAL(wait(&fx, 3605), 2);
	CU_ASSERT_FALSE(lives(&fx));
	fixture_deinit(&fx);
}

static void sweeps_are_bounded(void)
{
	struct rpc_fixture fx;
	unsigned i, ended;

	fixture_init(&fx, 1, &hour);
	for (i = 0; i < 200; i++)
		json_decref(fixture_create(&fx, "{'want':[]}"));
	fx.now += 4000000;
	ended = rpc_service_sweep(fx.services[0]);
	CU_ASSERT(ended > 0 && ended < 200);
	CU_ASSERT_EQUAL(ended + wait(&fx, 10), 200);
	CU_ASSERT_EQUAL(fx.services[0]->tenants.all[0]->account.processes, 0);
	fixture_deinit(&fx);
}

CU_TestInfo test_rpc_expiry[] = {
	{ "told in advance", told_in_advance },
	{ "idle world ends and gives all back",
	  idle_world_ends_and_gives_all_back },
	{ "due world is gone before the sweep comes by",
	  due_world_is_gone_before_the_sweep_comes_by },
	{ "use of one process keeps its family",
	  use_of_one_process_keeps_its_family },
	{ "sweeps are bounded", sweeps_are_bounded },
	CU_TEST_INFO_NULL,
};
