/* SPDX-License-Identifier: MIT */
#include "proto/rpc/tenants.h"

#include <stdlib.h>

#include "core/mm/assert.h"
#include "core/world/world.h"

/* Leased beside what is needed, so that not every call leases. */
#define HAND_AREAS 1024
#define HAND_BYTES (1u << 20)

/* Objects of ended worlds that are given back at a time. */
#define REAPED_AT_ONCE   512
#define REAPED_PER_TURN  2048
#define REAPED_ON_DEMAND 512

/* What is given back meanwhile is of no world that just takes something. */
static bool reap(struct tenant *tenant, uint64_t objects)
{
	struct memory *memory = &tenant->memory;
	const uint64_t taken = memory->taken;
	bool more;

	memory->defers = false;
	more = world_queue_reap(&tenant->ended, &objects);
	memory->defers = true;
	memory->taken = taken;
	return memory_reap(memory, &objects) || more;
}

/* False: neither has the client more, nor is there anything to give back. */
static bool lease_once(struct account *account, enum refusal which,
		       uint64_t more)
{
	struct tenant *tenant = (struct tenant *)account;
	enum client_resource resource;
	uint64_t used, *maxp, got, hand = 0;
	bool can_reap = false;

	switch (which) {
	case REFUSAL_PROCESSES:
		resource = CLIENT_PROCESSES;
		used = account->processes;
		maxp = &account->max_processes;
		break;
	case REFUSAL_THREADS:
		resource = CLIENT_THREADS;
		used = account->threads;
		maxp = &account->max_threads;
		break;
	case REFUSAL_AREAS:
		resource = CLIENT_AREAS;
		used = account->areas;
		maxp = &account->max_areas;
		hand = tenant->hand_areas / 2;
		can_reap = tenant->ended.first;
		break;
	default:
		resource = CLIENT_BYTES;
		used = account->bytes;
		maxp = &account->max_bytes;
		hand = tenant->hand_bytes / 2;
		can_reap = tenant->ended.first;
		break;
	}
	if (more > UINT64_MAX - used || used + more <= *maxp)
		return true;
	got = client_lease(tenant->client, resource, used + more - *maxp, hand);
	*maxp += got;
	if (got || !can_reap)
		return got;
	reap(tenant, REAPED_ON_DEMAND);
	return false;
}

/*
 * Calls can give up more than is reaped meanwhile, each time of another kind. What
 * goes for it is as many bytes as are leased: so both together grow no more, and
 * none pays for all at once.
 */
static void bound_idle(struct tenant *tenant, uint64_t more)
{
	const uint64_t leased = more + tenant->hand_bytes / 2;
	const uint64_t most =
		client_quota(tenant->client, CLIENT_BYTES) / AREA_BYTES;
	uint64_t surplus, left = leased / ANON_VMA_BYTES + 1;

	if (tenant->memory.nr_idle <= most)
		return;
	surplus = tenant->memory.nr_idle - most;
	if (left > surplus)
		left = surplus;
	memory_reap(&tenant->memory, &left);
}

static void lease(struct account *account, enum refusal which, uint64_t more)
{
	struct tenant *tenant = (struct tenant *)account;
	bool has_more;

	if (which == REFUSAL_BYTES)
		bound_idle(tenant, more);
	do
		has_more = tenant->ended.first;
	while (!lease_once(account, which, more) && has_more &&
	       (which == REFUSAL_AREAS || which == REFUSAL_BYTES));
}

static uint64_t hand_of(const struct tenants *tenants,
			const struct client *client, enum client_resource which,
			uint64_t most)
{
	const uint64_t share =
		client_quota(client, which) / 16 / tenants->owners;

	return share < most ? share : most;
}

static bool make_room(struct tenants *tenants, uint32_t number)
{
	uint32_t i, room = tenants->room ? tenants->room : 1;
	struct tenant **all;

	if (number < tenants->room)
		return true;
	while (room <= number)
		room *= 2;
	all = realloc(tenants->all, room * sizeof(struct tenant *));
	if (!all)
		return false;
	for (i = tenants->room; i < room; i++)
		all[i] = NULL;
	tenants->all = all;
	tenants->room = room;
	return true;
}

struct tenant *tenants_get(struct tenants *tenants, uint32_t number)
{
	struct tenant *tenant;

	if (!make_room(tenants, number))
		return NULL;
	if (tenants->all[number])
		return tenants->all[number];
	tenant = calloc(1, sizeof(*tenant));
	if (!tenant)
		return NULL;
	tenant->client = clients_at(tenants->clients, number);
	tenant->number = number;
	tenant->account.lease = lease;
	tenant->account.max_call_bytes = tenants->call_bytes;
	tenant->account.max_world_bytes = tenants->world_bytes;
	tenant->hand_areas =
		hand_of(tenants, tenant->client, CLIENT_AREAS, 2 * HAND_AREAS);
	tenant->hand_bytes =
		hand_of(tenants, tenant->client, CLIENT_BYTES, 2 * HAND_BYTES);
	memory_init(&tenant->memory, tenants->allocator, &tenant->account);
	tenant->memory.defers = true;
	tenants->all[number] = tenant;
	return tenant;
}

static void give_back(struct client *client, enum client_resource which,
		      uint64_t used, uint64_t *maxp, uint64_t hand)
{
	const uint64_t surplus = *maxp - used;

	if (surplus <= hand)
		return;
	client_return(client, which, surplus - hand / 2);
	*maxp -= surplus - hand / 2;
}

static void give_back_beyond(struct tenant *tenant, uint64_t hand_areas,
			     uint64_t hand_bytes)
{
	struct account *a = &tenant->account;

	give_back(tenant->client, CLIENT_PROCESSES, a->processes,
		  &a->max_processes, 0);
	give_back(tenant->client, CLIENT_THREADS, a->threads, &a->max_threads,
		  0);
	give_back(tenant->client, CLIENT_AREAS, a->areas, &a->max_areas,
		  hand_areas);
	give_back(tenant->client, CLIENT_BYTES, a->bytes, &a->max_bytes,
		  hand_bytes);
}

/* Does the loop have processes of the client, for whoever asks where? */
static void list(struct tenants *tenants, struct tenant *tenant, bool listed)
{
	if (tenant->is_listed == listed)
		return;
	tenant->is_listed = listed;
	client_mark_owner(tenant->client, tenants->owner, listed);
}

static void tenant_free(struct tenants *tenants, struct tenant *tenant)
{
	reap(tenant, UINT64_MAX);
	retry_store_deinit(&tenant->retries, &tenant->memory);
	memory_deinit(&tenant->memory);
	/* Whatever has been charged has been freed, to the byte. */
	mm_debug_assert(!tenant->account.bytes && !tenant->account.areas &&
			!tenant->account.threads &&
			!tenant->account.processes && !tenant->account.worlds &&
			!tenant->account.journal_bytes);
	give_back_beyond(tenant, 0, 0);
	list(tenants, tenant, false);
	tenants->all[tenant->number] = NULL;
	free(tenant);
}

void tenant_return_surplus(struct tenants *tenants, struct tenant *tenant)
{
	list(tenants, tenant, tenant->account.processes);
	if (!tenant->account.processes && tenant->number &&
	    !tenant->retries.count && !tenant->is_reaped) {
		retry_store_deinit(&tenant->retries, &tenant->memory);
		memory_deinit(&tenant->memory);
		if (!tenant->account.bytes) {
			tenant_free(tenants, tenant);
			return;
		}
	}
	give_back_beyond(tenant, tenant->hand_areas, tenant->hand_bytes);
}

void tenants_deinit(struct tenants *tenants)
{
	uint32_t i;

	for (i = 0; i < tenants->room; i++)
		if (tenants->all[i])
			tenant_free(tenants, tenants->all[i]);
	free(tenants->all);
}

/* ------------------------------------------------------- ends of worlds */

static void reap_later(struct tenants *tenants, struct tenant *tenant)
{
	tenant->is_reaped = true;
	tenant->next_reaped = NULL;
	if (tenants->reaped)
		tenants->last_reaped->next_reaped = tenant;
	else
		tenants->reaped = tenant;
	tenants->last_reaped = tenant;
}

bool tenant_trim(struct tenants *tenants, struct tenant *tenant)
{
	if (!reap(tenant, REAPED_AT_ONCE) || tenant->is_reaped)
		return false;
	reap_later(tenants, tenant);
	return true;
}

bool tenant_end_world(struct tenants *tenants, struct world *world)
{
	struct tenant *tenant;

	if (world_is_shared(world)) {
		world_free(world);
		return false;
	}
	tenant = tenant_of(world_memory(world));
	world_queue_add(&tenant->ended, world);
	return tenant_trim(tenants, tenant);
}

bool tenants_reap(struct tenants *tenants)
{
	struct tenant *tenant = tenants->reaped;

	if (!tenant)
		return false;
	tenants->reaped = tenant->next_reaped;
	tenant->is_reaped = false;
	if (reap(tenant, REAPED_PER_TURN))
		reap_later(tenants, tenant);
	tenants_settle(tenants, tenant);
	return tenants->reaped;
}
