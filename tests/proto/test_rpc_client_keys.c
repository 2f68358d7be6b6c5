/* SPDX-License-Identifier: MIT */
/*
 * Idempotency keys are a client's own, kept and paid apart from any other's
 */
#include <stdio.h>

#include "tests/proto/rpc_fixture.h"
#include "tests/support/suite.h"

static void idempotency_keys_are_a_clients_own(void)
{
	static const char params[] = "{'idempotency_key':'k','want':[]}";
	struct rpc_fixture fx;
	json_t *a, *b, *again;

	fixture_init_clients(&fx, 2, &fixture_ample);
	a = fixture_result(&fx, "process.create", params);
	again = fixture_result(&fx, "process.create", params);
	CU_ASSERT(json_equal(a, again));
	fx.caller.client = 2;
	b = fixture_result(&fx, "process.create", params);
	CU_ASSERT(!json_equal(a, b));
	json_decref(a);
	json_decref(b);
	json_decref(again);
	fixture_deinit(&fx);
}

static void keep_ten(struct rpc_fixture *fx)
{
	unsigned i;

	for (i = 0; i < fx->nr; i++)
		fx->services[i]->limits.retry.keys = 10;
}

/* What the caller sees of a call with a key that it sends again. */
static bool is_repeated(struct rpc_fixture *fx, const char *method,
			const char *params, const json_t *first)
{
	json_t *again = fixture_result(fx, method, params);
	bool is = json_equal(again, first);

	json_decref(again);
	return is;
}

/* More keys than are kept, on the process made last and on none, on each loop;
 * by a client that then goes back to 2. */
static void flood(struct rpc_fixture *fx, uint32_t client)
{
	char params[80];
	unsigned i;

	fx->caller.client = client;
	for (i = 0; i < 50; i++) {
		fx->at = i % fx->nr;
		snprintf(params, sizeof(params),
			 "{'want':[],'idempotency_key':'c%u'}", i);
		json_decref(fixture_result(fx, "process.create", params));
		snprintf(params, sizeof(params), "['@',0,1,[],'en','flood-%u']",
			 i);
		json_decref(fixture_result(fx, "mm.brk", params));
	}
	fx->caller.client = 2;
}

static void a_flood_of_keys_pushes_out_ones_own_alone(void)
{
	static const char create[] = "{'want':[],'idempotency_key':'mine'}";
	static const char map[] =
		"['@','0x10000',4096,1,34,-1,0,1,[],'en','mine']";
	struct rpc_fixture fx;
	json_t *created, *mapped;
	uint64_t seq;

	fixture_init_clients(&fx, 3, &fixture_ample);
	keep_ten(&fx);
	fx.caller.client = 2;
	json_decref(fixture_create(&fx, "{'want':[]}"));
	created = fixture_result(&fx, "process.create", create);
	mapped = fixture_result(&fx, "mm.mmap", map);
	flood(&fx, 1);
	flood(&fx, 0); /* the anonymous client has keys of its own, too */
	seq = world_seq(fixture_world(&fx, 0));
	for (fx.at = 0; fx.at < fx.nr; fx.at++) {
		CU_ASSERT(is_repeated(&fx, "process.create", create, created));
		CU_ASSERT(is_repeated(&fx, "mm.mmap", map, mapped));
	}
	CU_ASSERT_EQUAL(world_seq(fixture_world(&fx, 0)), seq);
	fx.at = 0;
	flood(&fx, 2);
	seq = world_seq(fixture_world(&fx, 0));
	CU_ASSERT(!is_repeated(&fx, "process.create", create, created));
	json_decref(fixture_result(&fx, "mm.mmap", map));
	CU_ASSERT_EQUAL(world_seq(fixture_world(&fx, 0)), seq + 1);
	json_decref(created);
	json_decref(mapped);
	fixture_deinit(&fx);
}

/* On one process, two clients' keys do not meet. */
static void who_sends_a_key_pays_for_it(void)
{
	static const char params[] = "['@',0,1,[],'en','k']";
	uint64_t owners, anonymous;
	struct rpc_fixture fx;

	fixture_init_clients(&fx, 1, &fixture_ample);
	json_decref(fixture_create(&fx, "{'history':0}"));
	anonymous = tenants_find(&fx.services[0]->tenants, 0)->account.bytes;
	owners = fixture_tenant(&fx, 0)->account.bytes;
	fx.caller.client = 2;
	CU_ASSERT_PTR_NULL(fixture_tenant(&fx, 0));
	json_decref(fixture_result(&fx, "mm.brk", params));
	CU_ASSERT(fixture_tenant(&fx, 0)->account.bytes > 0);
	CU_ASSERT_EQUAL(client_leased(clients_at(fx.clients, 2), CLIENT_BYTES),
			fixture_tenant(&fx, 0)->account.max_bytes);
	fx.caller.client = 1;
	CU_ASSERT_EQUAL(fixture_tenant(&fx, 0)->account.bytes, owners);
	CU_ASSERT_EQUAL(
		tenants_find(&fx.services[0]->tenants, 0)->account.bytes,
		anonymous);
	json_decref(fixture_result(&fx, "mm.brk", params));
	CU_ASSERT(fixture_tenant(&fx, 0)->account.bytes > owners);
	CU_ASSERT_EQUAL(world_seq(fixture_world(&fx, 0)), 2);
	fixture_deinit(&fx);
}

static void a_full_quota_leaves_no_room_for_keys(void)
{
	static const char params[] = "['@','0x602000',1,[],'en','%c']";
	struct rpc_quotas quotas = fixture_ample;
	char text[sizeof(params)];
	struct rpc_fixture fx;
	uint32_t number;

	fixture_init_clients(&fx, 1, &fixture_ample);
	json_decref(fixture_create(&fx, "{}"));
	quotas.bytes = 100;
	rpc_clients_add(fx.clients, "bob", &quotas, &number);
	fx.caller.client = 2;
	snprintf(text, sizeof(text), params, 'a');
	CU_ASSERT(is_refused(&fx, "mm.brk", text, -32003, "quota.bytes", NULL));
	CU_ASSERT_PTR_NULL(fixture_tenant(&fx, 0));
	CU_ASSERT_EQUAL(world_seq(fixture_world(&fx, 0)), 0);
	json_decref(fixture_result(&fx, "mm.brk", "['@',0]"));
	fx.caller.client = 1;
	json_decref(fixture_result(&fx, "mm.brk", text));
	fixture_deinit(&fx);
}

/* Whether or not their client ever comes again. */
static void old_records_go_by_themselves(void)
{
	struct rpc_fixture fx;
	char params[80];
	int i;

	fixture_init_clients(&fx, 1, &fixture_ample);
	json_decref(fixture_create(&fx, "{'want':[]}"));
	fx.caller.client = 2;
	for (i = 0; i < 1500; i++) {
		snprintf(params, sizeof(params), "['@',0,1,[],'en','k%d']", i);
		json_decref(fixture_result(&fx, "mm.brk", params));
	}
	/* Who has records alone has no processes to be listed. */
	CU_ASSERT_EQUAL(client_next_owner(clients_at(fx.clients, 2), 0, 1), 1);
	CU_ASSERT(result_is(&fx, "process.list", "{}", "{'processes':[]}"));
	rpc_service_sweep(fx.services[0]);
	CU_ASSERT_EQUAL(fixture_tenant(&fx, 0)->retries.count, 1500);
	fx.now += 3600 * 1000;
	rpc_service_sweep(fx.services[0]);
	CU_ASSERT_EQUAL(fixture_tenant(&fx, 0)->retries.count,
			1500 - RETRY_SWEEP_RECORDS);
	rpc_service_sweep(fx.services[0]);
	CU_ASSERT_PTR_NULL(fixture_tenant(&fx, 0));
	CU_ASSERT_EQUAL(client_leased(clients_at(fx.clients, 2), CLIENT_BYTES),
			0);
	fixture_deinit(&fx);
}

CU_TestInfo test_rpc_client_keys[] = {
	{ "idempotency keys are a clients own",
	  idempotency_keys_are_a_clients_own },
	{ "a flood of keys pushes out ones own alone",
	  a_flood_of_keys_pushes_out_ones_own_alone },
	{ "who sends a key pays for it", who_sends_a_key_pays_for_it },
	{ "a full quota leaves no room for keys",
	  a_full_quota_leaves_no_room_for_keys },
	{ "old records go by themselves", old_records_go_by_themselves },
	CU_TEST_INFO_NULL,
};
