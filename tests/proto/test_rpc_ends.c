/* SPDX-License-Identifier: MIT */
/*
 * Large worlds end in turns, and refuse their client nothing meanwhile
 */
#include <stdio.h>
#include <string.h>

#include "tests/proto/rpc_fixture.h"
#include "tests/proto/slow_job.h"
#include "tests/support/suite.h"

#define AREAS 6000

/* Of an address space of that many areas; every second one has a page. */
static const char *large(void)
{
	static char params[AREAS * 80];
	char *p = params;
	unsigned i;

	p += sprintf(p, "{'want':[],'maps':'");
	for (i = 0; i < AREAS; i++)
		p += sprintf(p, "%x-%x %s 0\\n", 0x10000000 + 8192 * i,
			     0x10001000 + 8192 * i, i % 2 ? "r--p" : "rw-p");
	p += sprintf(p, "','resident':[");
	for (i = 0; i < AREAS; i += 2)
		p += sprintf(p, "%s'0x%x'", i ? "," : "",
			     0x10000000 + 8192 * i);
	strcpy(p, "]}");
	return params;
}

static void make(struct rpc_fixture *fx)
{
	json_decref(fixture_create(fx, large()));
}

static const struct account *account_of(struct rpc_fixture *fx)
{
	return &fixture_tenant(fx, 0)->account;
}

static void it_goes_in_turns(void)
{
	struct rpc_fixture fx;
	uint64_t bytes, before, idle;
	unsigned turns = 0;
	bool more = true;

	fixture_init(&fx, 1, NULL);
	CU_ASSERT_FALSE(rpc_service_reap(fx.services[0]));
	make(&fx);
	bytes = account_of(&fx)->bytes;
	CU_ASSERT(bytes > AREAS * 120);
	json_decref(fixture_result(&fx, "process.exit", "['@']"));
	CU_ASSERT_EQUAL(fx.services[0]->processes.live, 0);
	CU_ASSERT_EQUAL(account_of(&fx)->processes, 0);
	CU_ASSERT_EQUAL(account_of(&fx)->worlds, 0);
	CU_ASSERT(account_of(&fx)->bytes > bytes / 2);
	while (more) {
		before = account_of(&fx)->bytes;
		idle = fixture_tenant(&fx, 0)->memory.nr_idle;
		more = rpc_service_reap(fx.services[0]);
		CU_ASSERT(account_of(&fx)->bytes < before ||
			  fixture_tenant(&fx, 0)->memory.nr_idle < idle);
		CU_ASSERT(before - account_of(&fx)->bytes < 600000);
		turns++;
	}
	CU_ASSERT(turns >= 3);
	CU_ASSERT(account_of(&fx)->bytes < 30000);
	CU_ASSERT_EQUAL(account_of(&fx)->areas, 0);
	CU_ASSERT_FALSE(rpc_service_reap(fx.services[0]));
	fixture_deinit(&fx);
}

/* What a small one took is back with the answer. */
static void small_worlds_need_no_turn(void)
{
	struct rpc_fixture fx;

	fixture_init(&fx, 1, NULL);
	json_decref(fixture_create(&fx, "{}"));
	json_decref(fixture_result(&fx, "process.exit", "['@']"));
	CU_ASSERT(account_of(&fx)->bytes < 20000);
	CU_ASSERT_FALSE(rpc_service_reap(fx.services[0]));
	fixture_deinit(&fx);
}

/* With room for one: whoever ends it may make the next at once. */
static void it_makes_room_on_demand(const struct rpc_limits *limits,
				    const char *key)
{
	struct rpc_fixture fx;
	int i;

	fixture_init(&fx, 1, limits);
	for (i = 0; i < 4; i++) {
		make(&fx);
		CU_ASSERT(is_refused(&fx, "process.create", large(), -32003,
				     key, NULL));
		json_decref(fixture_result(&fx, "process.exit", "['@']"));
	}
	CU_ASSERT_TRUE(rpc_service_reap(fx.services[0]));
	fixture_deinit(&fx);
}

static void bytes_are_there_at_once(void)
{
	const struct rpc_limits limits = { .bytes = AREAS * 250 };

	it_makes_room_on_demand(&limits, "quota.bytes");
}

static void areas_are_there_at_once(void)
{
	const struct rpc_limits limits = { .areas = AREAS + 100 };

	it_makes_room_on_demand(&limits, "quota.areas");
}

static void processes_are_there_at_once(void)
{
	const struct rpc_limits limits = { .processes = 1 };

	it_makes_room_on_demand(&limits, "quota.processes");
}

/* What is given back in between is not what another world gives back. */
static void others_count_as_before(void)
{
	const struct rpc_limits limits = { .bytes = AREAS * 450 };
	struct rpc_fixture fx;
	struct world *small;
	uint64_t held;

	fixture_init(&fx, 1, &limits);
	json_decref(fixture_create(&fx, "{'want':[]}"));
	small = fixture_world(&fx, 0);
	make(&fx);
	json_decref(fixture_result(&fx, "process.exit", "['@']"));
	held = world_held(small);
	make(&fx);
	CU_ASSERT_EQUAL(world_held(small), held);
	CU_ASSERT(world_held(fixture_world(&fx, 0)) > AREAS * 120);
	fixture_deinit(&fx);
}

#define MAPPED 1200
#define MUNMAP "{'process':'@','addr':'0x10000000','length':9830400,'want':[]}"

/* What a call gives up is its client's no more, but goes in turns. */
static void what_is_unmapped_goes_in_turns(void)
{
	struct rpc_limits limits = { .bytes = 0 };
	const struct memory *memory;
	struct rpc_fixture fx;
	uint64_t empty, full, bytes;
	int i;

	fixture_init(&fx, 1, NULL);
	json_decref(fixture_create(&fx, "{'history':0,'want':[]}"));
	memory = &fixture_tenant(&fx, 0)->memory;
	empty = account_of(&fx)->bytes;
	slow_areas_make(&fx, MAPPED);
	full = account_of(&fx)->bytes;
	json_decref(fixture_result(&fx, "mm.munmap", MUNMAP));
	CU_ASSERT(memory->nr_idle > 0);
	bytes = account_of(&fx)->bytes;
	CU_ASSERT(bytes < empty + (full - empty) / 4);
	while (rpc_service_reap(fx.services[0]))
		;
	CU_ASSERT_EQUAL(memory->nr_idle, 0);
	CU_ASSERT_EQUAL(account_of(&fx)->bytes, bytes);
	fixture_deinit(&fx);

	/* Nobody is refused for the sake of what waits. */
	limits.bytes = full + 4096;
	fixture_init(&fx, 1, &limits);
	json_decref(fixture_create(&fx, "{'history':0,'want':[]}"));
	for (i = 0; i < 3; i++) {
		slow_areas_make(&fx, MAPPED);
		json_decref(fixture_result(&fx, "mm.munmap", MUNMAP));
	}
	json_decref(fixture_result(&fx, "process.exit", "['@']"));
	CU_ASSERT(account_of(&fx)->bytes < 40000);
	while (rpc_service_reap(fx.services[0]))
		;
	fixture_deinit(&fx);
}

/* As much as the client may have, one object at a time; then all of it is given up
 * and nothing reaped. */
#define FILL_AND_GIVE_UP(fx, type, name, need_of_one)                          \
	do {                                                                   \
		struct tenant *tenant = fixture_tenant(fx, 0);                 \
		struct memory *memory = &tenant->memory;                       \
		const struct memory_need one = need_of_one;                    \
		static struct type *taken[SMALL_QUOTA / ANON_VMA_BYTES];       \
		uint64_t idle;                                                 \
		unsigned nr = 0;                                               \
                                                                               \
		for (idle = memory->nr_idle; !memory_reserve(memory, &one);    \
		     idle = memory->nr_idle) {                                 \
			taken[nr++] = memory_take_##name(memory);              \
			CU_ASSERT(idle - memory->nr_idle < 300);               \
		}                                                              \
		CU_ASSERT_EQUAL(memory->refusal, REFUSAL_BYTES);               \
		CU_ASSERT(nr > 1000);                                          \
		CU_ASSERT(memory->nr_idle <= SMALL_QUOTA / AREA_BYTES);        \
		while (nr)                                                     \
			memory_give_##name(memory, taken[--nr]);               \
		CU_ASSERT(memory->nr_idle > 1000);                             \
		tenant->account.call_bytes = 0;                                \
		tenants_settle(&(fx)->services[0]->tenants, tenant);           \
	} while (0)

/* Whoever gives up one kind after another makes no more wait; nor does one call
 * pay for all of it. */
static void what_waits_is_bounded(void)
{
	enum {
		SMALL_QUOTA = 300000
	};
	const struct rpc_limits limits = { .bytes = SMALL_QUOTA };
	struct rpc_fixture fx;

	fixture_init(&fx, 1, &limits);
	FILL_AND_GIVE_UP(&fx, vm_area_struct, area, { .areas = 1 });
	FILL_AND_GIVE_UP(&fx, page_node, page_node, { .page_nodes = 1 });
	FILL_AND_GIVE_UP(&fx, anon_vma, anon_vma, { .anon_vmas = 1 });
	FILL_AND_GIVE_UP(&fx, page_chunk, page_chunk, { .page_chunks = 1 });
	FILL_AND_GIVE_UP(&fx, cache_node, cache_node, { .cache_nodes = 1 });
	fixture_deinit(&fx);
}

CU_TestInfo test_rpc_ends[] = {
	{ "it_goes_in_turns", it_goes_in_turns },
	{ "small_worlds_need_no_turn", small_worlds_need_no_turn },
	{ "bytes_are_there_at_once", bytes_are_there_at_once },
	{ "areas_are_there_at_once", areas_are_there_at_once },
	{ "processes_are_there_at_once", processes_are_there_at_once },
	{ "others_count_as_before", others_count_as_before },
	{ "what is unmapped goes in turns", what_is_unmapped_goes_in_turns },
	{ "what waits is bounded", what_waits_is_bounded },
	CU_TEST_INFO_NULL,
};
