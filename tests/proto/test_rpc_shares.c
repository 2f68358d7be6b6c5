/* SPDX-License-Identifier: MIT */
/*
 * Shares: names with which one may look at a process, and no more
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/proto/rpc_fixture.h"
#include "tests/support/suite.h"

static const struct rpc_quotas ample = {
	.processes = 1000, .threads = 1000, .areas = 1 << 20, .bytes = 1 << 30
};

static struct account *account(const struct rpc_fixture *fx)
{
	return &fx->services[0]->tenants.all[0]->account;
}

/* A share of the process that @ is; false: refused. */
static bool share(struct rpc_fixture *fx, char to[PROCESS_NAME_LEN + 1])
{
	json_t *result = fixture_result(fx, "process.share", "['@']");
	const char *text = json_string_value(json_object_get(result, "share"));

	snprintf(to, PROCESS_NAME_LEN + 1, "%s", text ? text : "");
	json_decref(result);
	return text;
}

static void begin(struct rpc_fixture *fx, char process[], char shared[])
{
	fixture_init(fx, 1, NULL);
	json_decref(fixture_create(fx, "{}"));
	snprintf(process, PROCESS_NAME_LEN + 1, "%s", fx->process);
	CU_ASSERT_FATAL(share(fx, shared));
}

/* --------------------------------------------------------- what it is for */

/* The method's example, but of another process. */
static json_t *call_example(struct rpc_fixture *fx, const struct method *method,
			    const char *process)
{
	char params[512];

	snprintf(params, sizeof(params), "%s", method->example_params);
	memcpy(strstr(params, EXAMPLE_PROCESS), process, PROCESS_NAME_LEN);
	return fixture_call(fx, method->name, params);
}

/* Every method of the table says which of the two it is. */
static void what_looks_works_and_what_changes_does_not(void)
{
	char process[PROCESS_NAME_LEN + 1], shared[PROCESS_NAME_LEN + 1];
	const struct method *method;
	struct rpc_fixture fx;
	unsigned looking = 0, changing = 0;
	json_t *answer;
	size_t i;

	begin(&fx, process, shared);
	for (i = 0; (method = method_at(i)); i++) {
		if (!method->nr_params ||
		    method->params[0].kind != PARAM_PROCESS ||
		    !method->example_params)
			continue;
		answer = call_example(&fx, method, shared);
		if (method->run == run_subscribe) {
			/* It is not the share that it fails for. */
			CU_ASSERT(is_error(answer, -32600,
					   "subscription.transport", NULL));
		} else if (method->is_looking) {
			looking++;
			CU_ASSERT_PTR_NOT_NULL(
				json_object_get(answer, "result"));
		} else {
			changing++;
			CU_ASSERT(is_error(answer, -32010, "share.readonly",
					   "process"));
		}
		json_decref(answer);
	}
	CU_ASSERT_EQUAL(looking, 11);
	CU_ASSERT(changing > 25);
	/* Nothing of all that has changed the process. */
	fixture_turn_to(&fx, process);
	CU_ASSERT_EQUAL(world_seq(fixture_world(&fx, 0)), 0);
	fixture_deinit(&fx);
}

static void it_shows_what_the_process_shows(void)
{
	static const char *const looks[][2] = {
		{ "mm.snapshot", "{'process':'@','want':['mm','vmas']}" },
		{ "mm.smaps", "{'process':'@','want':[]}" },
		{ "history.list", "['@']" },
		{ "history.at", "{'process':'@','seq':1,'want':['maps']}" },
		{ "history.diff", "['@',0]" },
		{ "world.export", "['@']" },
		{ "mm.explain", "['@','mm.brk',{'addr':'0x700000'}]" },
	};
	char process[PROCESS_NAME_LEN + 1], shared[PROCESS_NAME_LEN + 1];
	struct rpc_fixture fx;
	json_t *by_name, *by_share;
	char *text;
	size_t i;

	begin(&fx, process, shared);
	json_decref(fixture_result(&fx, "mm.brk", "['@','0x604000']"));
	json_decref(fixture_result(&fx, "process.fork", "['@']"));
	for (i = 0; i < sizeof(looks) / sizeof(looks[0]); i++) {
		fixture_turn_to(&fx, process);
		by_name = fixture_result(&fx, looks[i][0], looks[i][1]);
		fixture_turn_to(&fx, shared);
		by_share = fixture_result(&fx, looks[i][0], looks[i][1]);
		CU_ASSERT_PTR_NOT_NULL(by_name);
		CU_ASSERT(json_equal(by_name, by_share));
		text = json_dumps(by_share, 0);
		CU_ASSERT_PTR_NULL(strstr(text, process));
		free(text);
		json_decref(by_name);
		json_decref(by_share);
	}
	by_share = fixture_result(&fx, "process.get", "['@']");
	CU_ASSERT(json_is_true(json_object_get(by_share, "readonly")));
	CU_ASSERT(is_json(json_object_get(by_share, "shares"), "1"));
	json_decref(by_share);
	fixture_turn_to(&fx, process);
	by_name = fixture_result(&fx, "process.get", "['@']");
	CU_ASSERT_PTR_NULL(json_object_get(by_name, "readonly"));
	json_decref(by_name);
	fixture_deinit(&fx);
}

/* Nor can one be shared on. */
static void a_share_leads_to_no_other_name(void)
{
	char process[PROCESS_NAME_LEN + 1], shared[PROCESS_NAME_LEN + 1];
	struct rpc_fixture fx;
	unsigned same = 0, i;

	begin(&fx, process, shared);
	for (i = 0; i < PROCESS_NAME_LEN; i++)
		same += process[i] == shared[i];
	/* The loop is the same, and what is random is not. */
	CU_ASSERT_STRING_NOT_EQUAL(process + 12, shared + 12);
	CU_ASSERT(same < 20);
	fixture_turn_to(&fx, shared);
	CU_ASSERT(is_refused(&fx, "process.share", "['@']", -32010,
			     "share.readonly", "process"));
	CU_ASSERT(is_refused(&fx, "process.unshare", "['@']", -32010,
			     "share.readonly", "process"));
	CU_ASSERT(is_refused(&fx, "history.rewind", "['@',0]", -32010,
			     "share.readonly", "process"));
	fixture_deinit(&fx);
}

static void what_is_compared_may_be_a_share(void)
{
	char process[PROCESS_NAME_LEN + 1], shared[PROCESS_NAME_LEN + 1];
	struct rpc_fixture fx;
	json_t *result;
	char params[128];

	begin(&fx, process, shared);
	json_decref(fixture_create(&fx, "{}"));
	snprintf(params, sizeof(params), "['@',0,0,'%s']", shared);
	result = fixture_result(&fx, "history.diff", params);
	CU_ASSERT_PTR_NOT_NULL(result);
	json_decref(result);
	fixture_deinit(&fx);
}

/* ----------------------------------------------------------- how long */

static void it_lasts_as_long_as_its_process(void)
{
	char process[PROCESS_NAME_LEN + 1], shared[PROCESS_NAME_LEN + 1];
	struct rpc_fixture fx;
	uint32_t live;

	begin(&fx, process, shared);
	live = fx.services[0]->processes.live;
	CU_ASSERT_EQUAL(live, 2);
	CU_ASSERT_EQUAL(account(&fx)->processes, 1);
	json_decref(fixture_result(&fx, "process.exit", "['@']"));
	CU_ASSERT_EQUAL(fx.services[0]->processes.live, 0);
	CU_ASSERT_EQUAL(account(&fx)->worlds, 0);
	fixture_turn_to(&fx, shared);
	CU_ASSERT(is_refused(&fx, "mm.maps", "['@']", -32002, "process.gone",
			     "process"));
	CU_ASSERT(is_refused(&fx, "mm.brk", "['@',0]", -32002, "process.gone",
			     "process"));
	fixture_deinit(&fx);
}

/* While others of its world live, its past can be seen. */
static void it_outlives_an_exit_as_the_name_does(void)
{
	char process[PROCESS_NAME_LEN + 1], shared[PROCESS_NAME_LEN + 1];
	struct rpc_fixture fx;
	json_t *result;

	begin(&fx, process, shared);
	json_decref(fixture_result(&fx, "process.fork", "['@']"));
	json_decref(fixture_result(&fx, "process.exit", "['@']"));
	fixture_turn_to(&fx, shared);
	CU_ASSERT(is_refused(&fx, "mm.maps", "['@']", -32002, "process.gone",
			     "process"));
	result = fixture_result(&fx, "history.list", "['@']");
	CU_ASSERT_EQUAL(json_array_size(json_object_get(result, "operations")),
			2);
	json_decref(result);
	/* Undone, it can be looked at again. */
	fixture_turn_to(&fx, process);
	json_decref(fixture_result(&fx, "history.rewind", "['@',1]"));
	fixture_turn_to(&fx, shared);
	result = fixture_result(&fx, "mm.maps", "['@']");
	CU_ASSERT_PTR_NOT_NULL(result);
	json_decref(result);
	fixture_deinit(&fx);
}

/* Its process, made by what is undone, is gone. */
static void a_rewind_takes_shares_of_what_it_unmakes(void)
{
	char process[PROCESS_NAME_LEN + 1], shared[PROCESS_NAME_LEN + 1];
	char other[PROCESS_NAME_LEN + 1];
	struct rpc_fixture fx;
	json_t *result;

	begin(&fx, process, shared);
	result = fixture_result(&fx, "process.fork", "['@']");
	fixture_turn_to(&fx,
			json_string_value(json_object_get(result, "process")));
	json_decref(result);
	CU_ASSERT(share(&fx, other));
	CU_ASSERT(share(&fx, other));
	CU_ASSERT_EQUAL(fx.services[0]->processes.live, 5);
	fixture_turn_to(&fx, process);
	json_decref(fixture_result(&fx, "history.rewind", "['@',0,1,[]]"));
	CU_ASSERT_EQUAL(fx.services[0]->processes.live, 2);
	fixture_turn_to(&fx, other);
	CU_ASSERT(is_refused(&fx, "history.list", "['@']", -32002,
			     "process.gone", "process"));
	fixture_turn_to(&fx, shared);
	result = fixture_result(&fx, "mm.maps", "['@']");
	CU_ASSERT_PTR_NOT_NULL(result);
	json_decref(result);
	fixture_turn_to(&fx, process);
	result = fixture_result(&fx, "process.unshare", "['@']");
	CU_ASSERT(is_json(result, "{'revoked':1}"));
	json_decref(result);
	fixture_deinit(&fx);
}

static void a_branch_has_no_shares(void)
{
	char process[PROCESS_NAME_LEN + 1], shared[PROCESS_NAME_LEN + 1];
	struct rpc_fixture fx;
	json_t *result;

	begin(&fx, process, shared);
	fixture_turn_to(&fx, shared);
	result = fixture_result(&fx, "world.branch", "['@']");
	CU_ASSERT_PTR_NOT_NULL(result);
	fixture_turn_to(&fx,
			json_string_value(json_object_get(result, "process")));
	json_decref(result);
	CU_ASSERT_STRING_NOT_EQUAL(fx.process, process);
	/* It is one's own: anything goes. */
	result = fixture_result(&fx, "mm.brk", "['@',0]");
	CU_ASSERT_PTR_NOT_NULL(result);
	json_decref(result);
	result = fixture_result(&fx, "process.unshare", "['@']");
	CU_ASSERT(is_json(result, "{'revoked':0}"));
	json_decref(result);
	fixture_deinit(&fx);
}

static void shares_are_revoked_one_by_one_or_all(void)
{
	char names[4][PROCESS_NAME_LEN + 1], process[PROCESS_NAME_LEN + 1];
	struct rpc_fixture fx;
	json_t *result;
	char params[128];
	int i;

	begin(&fx, process, names[0]);
	for (i = 1; i < 4; i++)
		CU_ASSERT(share(&fx, names[i]));
	snprintf(params, sizeof(params), "['@','%s']", names[1]);
	result = fixture_result(&fx, "process.unshare", params);
	CU_ASSERT(is_json(result, "{'revoked':1}"));
	json_decref(result);
	CU_ASSERT(is_refused(&fx, "process.unshare", params, -32602,
			     "params.value", "share"));
	CU_ASSERT(is_refused(&fx, "process.unshare", "['@','@']", -32602,
			     "params.value", "share"));
	CU_ASSERT(is_refused(&fx, "process.unshare", "['@',1]", -32602,
			     "params.type", "share"));
	for (i = 0; i < 4; i++) {
		fixture_turn_to(&fx, names[i]);
		result = fixture_call(&fx, "mm.maps", "['@']");
		CU_ASSERT_EQUAL(json_object_get(result, "error") != NULL,
				i == 1);
		json_decref(result);
	}
	/* Those of another are not among one's own. */
	json_decref(fixture_create(&fx, "{}"));
	snprintf(params, sizeof(params), "['@','%s']", names[0]);
	CU_ASSERT(is_refused(&fx, "process.unshare", params, -32602,
			     "params.value", "share"));
	fixture_turn_to(&fx, process);
	result = fixture_result(&fx, "process.unshare", "['@']");
	CU_ASSERT(is_json(result, "{'revoked':3}"));
	json_decref(result);
	CU_ASSERT_EQUAL(fx.services[0]->processes.live, 2);
	fixture_deinit(&fx);
}

static void it_ends_with_a_world_that_is_idle(void)
{
	const struct rpc_limits limits = { .idle_ms = 10000 };
	char shared[PROCESS_NAME_LEN + 1];
	struct rpc_fixture fx;
	int i;

	fixture_init(&fx, 1, &limits);
	json_decref(fixture_create(&fx, "{}"));
	CU_ASSERT(share(&fx, shared));
	fixture_turn_to(&fx, shared);
	/* To look is to use. */
	for (i = 0; i < 5; i++) {
		fx.now += 8000;
		rpc_service_sweep(fx.services[0]);
		json_decref(fixture_result(&fx, "mm.maps", "['@']"));
	}
	fx.now += 14000;
	CU_ASSERT_EQUAL(rpc_service_sweep(fx.services[0]), 1);
	CU_ASSERT_EQUAL(fx.services[0]->processes.live, 0);
	CU_ASSERT_EQUAL(account(&fx)->worlds, 0);
	fixture_deinit(&fx);
}

/* --------------------------------------------------------------- bounds */

static void a_process_has_so_many_and_their_owner_pays(void)
{
	const struct rpc_limits limits = { .shares = 3 };
	char shared[PROCESS_NAME_LEN + 1];
	struct rpc_fixture fx;
	uint64_t bytes;
	int i;

	fixture_init(&fx, 1, &limits);
	json_decref(fixture_create(&fx, "{}"));
	bytes = account(&fx)->bytes;
	for (i = 0; i < 3; i++)
		CU_ASSERT(share(&fx, shared));
	CU_ASSERT(account(&fx)->bytes > bytes);
	CU_ASSERT(is_refused(&fx, "process.share", "['@']", -32003,
			     "quota.shares", NULL));
	json_decref(fixture_result(&fx, "process.unshare", "['@']"));
	CU_ASSERT_EQUAL(account(&fx)->bytes, bytes);
	CU_ASSERT(share(&fx, shared));
	fixture_deinit(&fx);
}

/* What viewers take is not the owner's to lack. */
static void who_looks_by_a_share_pays(void)
{
	struct rpc_quotas quotas = ample;
	char shared[PROCESS_NAME_LEN + 1], params[96];
	struct rpc_fixture fx;
	struct account *owner;
	json_t *result;
	uint64_t bytes;
	unsigned i;

	quotas.bytes = 100000;
	fixture_init_clients(&fx, 1, &quotas);
	json_decref(fixture_create(&fx, "{'history':'all'}"));
	owner = &fx.services[0]->tenants.all[1]->account;
	CU_ASSERT(share(&fx, shared));
	for (i = 0; owner->bytes < 60000; i++) {
		snprintf(params, sizeof(params),
			 "['@','0x%x',4096,1,'0x32',-1,0,1,[]]",
			 0x10000000 + i * 8192);
		json_decref(fixture_result(&fx, "mm.mmap", params));
	}
	snprintf(params, sizeof(params), "['@',%u,1,[]]", i - 1);
	CU_ASSERT(is_refused(&fx, "history.at", params, -32003, "quota.bytes",
			     NULL));
	bytes = owner->bytes;
	fx.caller.client = 2;
	fixture_turn_to(&fx, shared);
	result = fixture_result(&fx, "history.at", params);
	CU_ASSERT_PTR_NOT_NULL(result);
	json_decref(result);
	result = fixture_result(&fx, "world.export", "['@']");
	CU_ASSERT_PTR_NOT_NULL(result);
	json_decref(result);
	CU_ASSERT(owner->bytes <= bytes);
	/* And it has all of it back. */
	CU_ASSERT_PTR_NULL(fx.services[0]->tenants.all[2]);
	CU_ASSERT_EQUAL(client_leased(clients_at(fx.clients, 2), CLIENT_BYTES),
			0);
	fixture_deinit(&fx);
}

static void shares_work_on_all_loops(void)
{
	char shared[PROCESS_NAME_LEN + 1];
	struct rpc_fixture fx;
	struct client *owner;
	json_t *result;

	fixture_init_clients(&fx, 3, &ample);
	fx.at = 1;
	json_decref(fixture_create(&fx, "{}"));
	owner = clients_at(fx.clients, 1);
	CU_ASSERT(share(&fx, shared));
	/* From any loop, as any client. */
	fx.caller.client = 2;
	fx.at = 2;
	fixture_turn_to(&fx, shared);
	result = fixture_result(&fx, "mm.maps", "['@']");
	CU_ASSERT_PTR_NOT_NULL(result);
	json_decref(result);
	CU_ASSERT_PTR_NULL(fx.services[1]->tenants.all[2]);
	/* A branch is the one's who made it, and no list shows shares. */
	result = fixture_result(&fx, "world.branch", "['@']");
	CU_ASSERT_PTR_NOT_NULL(result);
	json_decref(result);
	CU_ASSERT_EQUAL(client_leased(owner, CLIENT_PROCESSES), 1);
	CU_ASSERT_EQUAL(
		client_leased(clients_at(fx.clients, 2), CLIENT_PROCESSES), 1);
	fx.caller = (struct rpc_caller){ 1, RPC_STUDENT };
	result = fixture_result(&fx, "process.list", "{}");
	CU_ASSERT_EQUAL(json_array_size(json_object_get(result, "processes")),
			1);
	json_decref(result);
	/* What is charged for shares is returned with the service, too. */
	while (fx.nr)
		rpc_service_free(fx.services[--fx.nr]);
	CU_ASSERT_EQUAL(client_leased(owner, CLIENT_BYTES), 0);
	fixture_deinit(&fx);
}

static void a_share_that_is_asked_for_again_is_the_same(void)
{
	static const char params[] = "['@','key']";
	char process[PROCESS_NAME_LEN + 1], shared[PROCESS_NAME_LEN + 1];
	struct rpc_fixture fx;
	json_t *first, *again;

	begin(&fx, process, shared);
	first = fixture_result(&fx, "process.share", params);
	again = fixture_result(&fx, "process.share", params);
	CU_ASSERT(json_equal(first, again));
	CU_ASSERT_EQUAL(fx.services[0]->processes.live, 3);
	json_decref(first);
	json_decref(again);
	fixture_deinit(&fx);
}

CU_TestInfo test_rpc_shares[] = {
	{ "what looks works and what changes does not",
	  what_looks_works_and_what_changes_does_not },
	{ "it shows what the process shows", it_shows_what_the_process_shows },
	{ "a share leads to no other name", a_share_leads_to_no_other_name },
	{ "what is compared may be a share", what_is_compared_may_be_a_share },
	{ "it lasts as long as its process", it_lasts_as_long_as_its_process },
	{ "it outlives an exit as the name does",
	  it_outlives_an_exit_as_the_name_does },
	{ "a rewind takes shares of what it unmakes",
	  a_rewind_takes_shares_of_what_it_unmakes },
	{ "a branch has no shares", a_branch_has_no_shares },
	{ "shares are revoked one by one or all",
	  shares_are_revoked_one_by_one_or_all },
	{ "it ends with a world that is idle",
	  it_ends_with_a_world_that_is_idle },
	{ "a process has so many and their owner pays",
	  a_process_has_so_many_and_their_owner_pays },
	{ "who looks by a share pays", who_looks_by_a_share_pays },
	{ "shares work on all loops", shares_work_on_all_loops },
	{ "a share that is asked for again is the same",
	  a_share_that_is_asked_for_again_is_the_same },
	CU_TEST_INFO_NULL,
};
