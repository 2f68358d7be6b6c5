/* SPDX-License-Identifier: MIT */
/*
 * What clients may own and do, over all loops, and that they do not meet
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/proto/rpc_fixture.h"
#include "tests/support/suite.h"

static void processes_are_counted_over_all_loops(void)
{
	struct rpc_quotas quotas = fixture_ample;
	struct rpc_fixture fx;
	int i;

	quotas.processes = 5;
	fixture_init_clients(&fx, 3, &quotas);
	for (i = 0; i < 5; i++, fx.at = (fx.at + 1) % 3)
		json_decref(fixture_create(&fx, "{}"));
	for (i = 0; i < 3; i++, fx.at = (fx.at + 1) % 3)
		CU_ASSERT(is_refused(&fx, "process.create", "{}", -32003,
				     "quota.processes", NULL));
	CU_ASSERT(is_refused(&fx, "process.fork", "['@']", -32003,
			     "quota.processes", NULL));
	/* Another client has a quota of its own. */
	fx.caller.client = 2;
	json_decref(fixture_result(&fx, "process.create", "{}"));
	/* Whoever ends it, the owner's quota has room again, on any loop. */
	json_decref(fixture_result(&fx, "process.exit", "['@']"));
	fx.caller.client = 1;
	json_decref(fixture_create(&fx, "{}"));
	CU_ASSERT(is_refused(&fx, "process.create", "{}", -32003,
			     "quota.processes", NULL));
	fixture_deinit(&fx);
}

static void threads_have_a_quota(void)
{
	struct rpc_quotas quotas = fixture_ample;
	struct rpc_fixture fx;

	quotas.threads = 3;
	fixture_init_clients(&fx, 2, &quotas);
	json_decref(fixture_create(&fx, "{}"));
	json_decref(fixture_result(&fx, "thread.create", "['@']"));
	fx.at = 1;
	json_decref(fixture_result(&fx, "process.create", "{}"));
	CU_ASSERT(is_refused(&fx, "thread.create", "['@']", -32003,
			     "quota.threads", NULL));
	CU_ASSERT(is_refused(&fx, "process.fork", "['@']", -32003,
			     "quota.threads", NULL));
	json_decref(fixture_result(&fx, "thread.exit", "['@',2]"));
	json_decref(fixture_result(&fx, "thread.create", "['@']"));
	fixture_deinit(&fx);
}

/* A world is its maker's, whoever calls on it. */
static void the_maker_pays(void)
{
	struct rpc_quotas quotas = fixture_ample;
	struct rpc_fixture fx;

	quotas.areas = 6;
	fixture_init_clients(&fx, 1, &quotas);
	json_decref(fixture_create(&fx, "{}"));
	fx.caller.client = 2;
	json_decref(fixture_result(&fx, "mm.mmap",
				   "['@','0x10000',4096,1,34,-1,0,1,[]]"));
	CU_ASSERT(is_refused(&fx, "mm.mmap",
			     "['@','0x20000',4096,1,34,-1,0,1,[]]", -32003,
			     "quota.areas", NULL));
	json_decref(fixture_create(&fx, "{}"));
	fixture_deinit(&fx);
}

/* Leases never add up to more than the quota, and all come back. */
static void leases_never_pass_the_quota(void)
{
	struct rpc_quotas quotas = fixture_ample;
	struct rpc_fixture fx;
	struct client *client;
	unsigned made = 0, i;

	quotas.areas = 100;
	quotas.bytes = 400000;
	fixture_init_clients(&fx, 3, &quotas);
	client = clients_at(fx.clients, 1);
	for (i = 0; i < 200; i++, fx.at = (fx.at + 1) % 3) {
		json_t *answer = fixture_call(&fx, "process.create", "{}");

		made += json_object_get(answer, "result") != NULL;
		json_decref(answer);
		CU_ASSERT(client_leased(client, CLIENT_AREAS) <= 100);
		CU_ASSERT(client_leased(client, CLIENT_BYTES) <= 400000);
		CU_ASSERT_EQUAL(client_leased(client, CLIENT_PROCESSES), made);
		CU_ASSERT_EQUAL(client_leased(client, CLIENT_THREADS), made);
	}
	/* Of areas that 20 processes take, an eighth may be in hand. */
	CU_ASSERT(made >= 17 && made <= 20);
	for (i = 0; i < fx.nr; i++)
		rpc_service_free(fx.services[i]);
	CU_ASSERT_EQUAL(client_leased(client, CLIENT_PROCESSES), 0);
	CU_ASSERT_EQUAL(client_leased(client, CLIENT_THREADS), 0);
	CU_ASSERT_EQUAL(client_leased(client, CLIENT_AREAS), 0);
	CU_ASSERT_EQUAL(client_leased(client, CLIENT_BYTES), 0);
	fx.nr = 0;
	fixture_deinit(&fx);
}

static void a_tenant_goes_with_its_last_process(void)
{
	struct rpc_fixture fx;

	fixture_init_clients(&fx, 1, &fixture_ample);
	json_decref(fixture_create(&fx, "{}"));
	CU_ASSERT_PTR_NOT_NULL(fx.services[0]->tenants.all[1]);
	json_decref(fixture_result(&fx, "process.exit", "['@']"));
	CU_ASSERT_PTR_NULL(fx.services[0]->tenants.all[1]);
	CU_ASSERT_EQUAL(client_leased(clients_at(fx.clients, 1), CLIENT_BYTES),
			0);
	fixture_deinit(&fx);
}

static void a_smaller_quota_keeps_what_there_is(void)
{
	struct rpc_quotas quotas = fixture_ample;
	struct rpc_fixture fx;
	uint32_t number;

	fixture_init_clients(&fx, 2, &quotas);
	json_decref(fixture_create(&fx, "{}"));
	json_decref(fixture_create(&fx, "{}"));
	quotas.processes = 1;
	CU_ASSERT(rpc_clients_add(fx.clients, "ada", &quotas, &number));
	CU_ASSERT_EQUAL(number, 1);
	CU_ASSERT(is_refused(&fx, "process.create", "{}", -32003,
			     "quota.processes", NULL));
	json_decref(fixture_result(&fx, "mm.brk", "['@',0]"));
	fixture_deinit(&fx);
}

static void each_name_has_its_number_up_to_the_limit(void)
{
	struct rpc_clients *clients = rpc_clients_new(&fixture_ample, 1);
	uint32_t i, wrong = 0, number = 0;
	char name[16];

	CU_ASSERT_PTR_NOT_NULL_FATAL(clients);
	for (i = 0; i < 2 * (RPC_CLIENTS_MAX - 1); i++) {
		const uint32_t wanted = 1 + i % (RPC_CLIENTS_MAX - 1);

		snprintf(name, sizeof(name), "client%u", wanted);
		wrong += !rpc_clients_add(clients, name, &fixture_ample,
					  &number) ||
			 number != wanted ||
			 strcmp(rpc_clients_name(clients, number), name) != 0;
	}
	CU_ASSERT_EQUAL(wrong, 0);
	CU_ASSERT_FALSE(
		rpc_clients_add(clients, "another", &fixture_ample, &number));
	CU_ASSERT(rpc_clients_add(clients, "client7", &fixture_ample, &number));
	CU_ASSERT_EQUAL(number, 7);
	rpc_clients_free(clients);
}

static void calls_a_second_pass_together_or_not_at_all(void)
{
	static const char batch[] =
		"[{'jsonrpc':'2.0','id':'a','method':'mm.brk','params':['@',0]}"
		",{'jsonrpc':'2.0','id':'b','method':'nonsense'}]";
	struct rpc_quotas quotas = fixture_ample;
	struct rpc_fixture fx;
	json_t *answer, *first;
	int i;

	quotas.rate = 2; /* and 1,000 at once */
	fixture_init_clients(&fx, 2, &quotas);
	json_decref(fixture_create(&fx, "{'want':[]}"));
	for (i = 1; i < 999; i++, fx.at = i % 2)
		json_decref(fixture_result(&fx, "mm.brk", "['@',0,1,[]]"));
	answer = fixture_ask(&fx, batch);
	CU_ASSERT_EQUAL(json_array_size(answer), 2);
	first = json_array_get(answer, 0);
	CU_ASSERT(is_error(first, -32003, "quota.rate", NULL));
	CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(first, "id")),
			       "a");
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(
				json_object_get(json_object_get(first, "error"),
						"data"),
				"retry_after")),
			1);
	CU_ASSERT(is_error(json_array_get(answer, 1), -32003, "quota.rate",
			   NULL));
	json_decref(answer);
	CU_ASSERT_EQUAL(world_seq(fixture_world(&fx, 0)), 998);

	/* One call still passes, others pay for themselves. */
	json_decref(fixture_result(&fx, "mm.brk", "['@',0,1,[]]"));
	CU_ASSERT(is_refused(&fx, "mm.brk", "['@',0,1,[]]", -32003,
			     "quota.rate", NULL));
	fx.caller.client = 2;
	json_decref(fixture_result(&fx, "mm.brk", "['@',0,1,[]]"));
	fx.caller.client = 1;
	fx.now += 1001;
	answer = fixture_ask(&fx, batch);
	CU_ASSERT_PTR_NOT_NULL(
		json_object_get(json_array_get(answer, 0), "result"));
	json_decref(answer);
	fixture_deinit(&fx);
}

/* All names that process.list shows, and how many pages that took. */
static json_t *list_all(struct rpc_fixture *fx, int limit, int *pages)
{
	json_t *names = json_object(), *page, *row;
	json_int_t cursor = 0;
	char params[80];
	size_t i;

	for (*pages = 1;; (*pages)++) {
		snprintf(params, sizeof(params), "{'cursor':%lld,'limit':%d}",
			 (long long)cursor, limit);
		page = fixture_result(fx, "process.list", params);
		CU_ASSERT(json_array_size(json_object_get(page, "processes")) <=
			  (size_t)limit);
		json_array_foreach(json_object_get(page, "processes"), i, row) {
			const char *name = json_string_value(
				json_object_get(row, "process"));

			CU_ASSERT_PTR_NULL(json_object_get(names, name));
			json_object_set(names, name, row);
		}
		row = json_object_get(page, "cursor");
		cursor = json_integer_value(row);
		json_decref(page);
		if (!row || *pages > 100)
			return names;
	}
}

static void a_list_shows_ones_own_on_all_loops(void)
{
	struct rpc_fixture fx;
	char *mine[2] = { NULL, NULL };
	json_t *names, *row;
	int i, pages;

	fixture_init_clients(&fx, 3, &fixture_ample);
	names = list_all(&fx, 10, &pages);
	CU_ASSERT_EQUAL(json_object_size(names), 0);
	CU_ASSERT_EQUAL(pages, 1);
	json_decref(names);

	for (i = 0; i < 7; i++) {
		fx.at = i % 2 ? 2 : 1; /* nothing on loop 0 */
		fx.caller.client = i == 3 ? 2 : 1;
		json_decref(fixture_create(&fx, "{'profile':'6.1'}"));
		if (i == 3 || i == 4)
			mine[i - 3] = strdup(fx.process);
	}
	fx.caller.client = 1;
	fx.now += 3000;
	fx.at = 0;
	names = list_all(&fx, 2, &pages);
	CU_ASSERT_EQUAL(json_object_size(names), 6);
	CU_ASSERT(pages >= 3 && pages <= 5);
	CU_ASSERT_PTR_NULL(json_object_get(names, mine[0]));
	row = json_object_get(names, mine[1]);
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(row, "age")), 3);
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(row, "threads")), 1);
	CU_ASSERT_STRING_EQUAL(
		json_string_value(json_object_get(row, "profile")), "6.1");
	json_decref(names);

	fx.caller.client = 2;
	names = list_all(&fx, 2, &pages);
	CU_ASSERT_EQUAL(json_object_size(names), 1);
	CU_ASSERT_PTR_NOT_NULL(json_object_get(names, mine[0]));
	json_decref(names);
	free(mine[0]);
	free(mine[1]);

	/* Nonsense leads nowhere. */
	json_decref(fixture_result(&fx, "process.list",
				   "{'cursor':1099511627776}"));
	fx.caller = (struct rpc_caller){ 0, RPC_ANONYMOUS };
	CU_ASSERT(is_refused(&fx, "process.list", "{}", -32007, "auth.required",
			     NULL));
	fixture_deinit(&fx);
}

/* And the maker of the world it came from does not. */
static void whoever_branches_pays_for_the_branch(void)
{
	struct rpc_quotas quotas = fixture_ample;
	struct rpc_fixture fx;
	struct account *owner, *other;
	json_t *names, *result;
	int pages;
	uint64_t bytes;

	quotas.processes = 2;
	fixture_init_clients(&fx, 1, &quotas);
	json_decref(fixture_create(&fx, "{'history':'all'}"));
	json_decref(fixture_result(&fx, "mm.brk", "['@','0x603000']"));
	json_decref(fixture_result(&fx, "process.fork", "['@']"));
	owner = &fx.services[0]->tenants.all[1]->account;
	bytes = owner->bytes;

	/* Its own quota is full, that of the other not. */
	CU_ASSERT(is_refused(&fx, "world.branch", "['@']", -32003,
			     "quota.processes", NULL));
	fx.caller.client = 2;
	result = fixture_result(&fx, "world.branch", "['@',2,1,[]]");
	CU_ASSERT_EQUAL(json_array_size(json_object_get(result, "processes")),
			2);
	json_decref(result);
	other = &fx.services[0]->tenants.all[2]->account;
	CU_ASSERT_EQUAL(owner->bytes, bytes);
	CU_ASSERT_EQUAL(owner->processes, 2);
	CU_ASSERT_EQUAL(owner->worlds, 1);
	CU_ASSERT_EQUAL(other->processes, 2);
	CU_ASSERT_EQUAL(other->worlds, 1);
	CU_ASSERT(other->bytes > 1000);
	names = list_all(&fx, 100, &pages);
	CU_ASSERT_EQUAL(json_object_size(names), 2);
	json_decref(names);
	/* Now its is full as well, and what is refused leaves nothing. */
	bytes = other->bytes;
	CU_ASSERT(is_refused(&fx, "world.branch", "['@',1]", -32003,
			     "quota.processes", NULL));
	CU_ASSERT_EQUAL(other->bytes, bytes);
	CU_ASSERT_EQUAL(other->worlds, 1);
	fixture_deinit(&fx);
}

CU_TestInfo test_rpc_clients[] = {
	{ "processes are counted over all loops",
	  processes_are_counted_over_all_loops },
	{ "threads have a quota", threads_have_a_quota },
	{ "the maker pays", the_maker_pays },
	{ "leases never pass the quota", leases_never_pass_the_quota },
	{ "a tenant goes with its last process",
	  a_tenant_goes_with_its_last_process },
	{ "a smaller quota keeps what there is",
	  a_smaller_quota_keeps_what_there_is },
	{ "each name has its number up to the limit",
	  each_name_has_its_number_up_to_the_limit },
	{ "calls a second pass together or not at all",
	  calls_a_second_pass_together_or_not_at_all },
	{ "a list shows ones own on all loops",
	  a_list_shows_ones_own_on_all_loops },
	{ "whoever branches pays for the branch",
	  whoever_branches_pays_for_the_branch },
	CU_TEST_INFO_NULL,
};
