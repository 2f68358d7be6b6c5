/* SPDX-License-Identifier: MIT */
/*
 * The lifetime of a service
 */
#include <stdio.h>
#include <stdlib.h>

#include "proto/rpc/service.h"

/* Of what process.create unpacks, far above what a body can hold. */
#define ARENA_MAX (64u << 20)

static struct rpc_limits limits_or_defaults(const struct rpc_limits *given)
{
	static const struct rpc_limits none;
	struct rpc_limits limits = given ? *given : none;

	if (!limits.batch_calls)
		limits.batch_calls = 1000;
	if (!limits.answer_bytes)
		limits.answer_bytes = 32u << 20;
	if (!limits.depth)
		limits.depth = JSON_DEPTH_DEFAULT;
	if (limits.depth > JSON_DEPTH_MAX)
		limits.depth = JSON_DEPTH_MAX;
	if (!limits.processes)
		limits.processes = 1100000;
	if (!limits.threads)
		limits.threads = 4u << 20;
	if (!limits.areas)
		limits.areas = 64u << 20;
	if (!limits.bytes)
		limits.bytes = 8ULL << 30;
	if (!limits.shares)
		limits.shares = 16;
	if (!limits.steps)
		limits.steps = 10000;
	if (!limits.copied_areas)
		limits.copied_areas = 200000;
	if (!limits.told_areas)
		limits.told_areas = 4000;
	if (!limits.watchers)
		limits.watchers = 4096;
	if (!limits.call_bytes)
		limits.call_bytes = 128u << 20;
	if (!limits.world_bytes)
		limits.world_bytes = 32u << 20;
	if (!limits.reads_per_slice)
		limits.reads_per_slice = 4096;
	if (!limits.calls_per_slice)
		limits.calls_per_slice = 128;
	if (!limits.script_steps)
		limits.script_steps = 10000;
	if (!limits.script_ms)
		limits.script_ms = 1000;
	if (!limits.retry.keys)
		limits.retry.keys = 10000;
	if (!limits.retry.bytes)
		limits.retry.bytes = 16u << 20;
	if (!limits.retry.result_bytes)
		limits.retry.result_bytes = 64u << 10;
	if (!limits.retry.age)
		limits.retry.age = 3600u * 1000;
	return limits;
}

struct rpc_quotas rpc_limits_quotas(const struct rpc_limits *given)
{
	const struct rpc_limits limits = limits_or_defaults(given);

	return (struct rpc_quotas){
		.processes = limits.processes,
		.threads = limits.threads,
		.areas = limits.areas,
		.bytes = limits.bytes,
		.rate = limits.rate,
	};
}

/* The clients that all services share, or some of its own. */
static bool find_clients(struct rpc_service *service)
{
	struct rpc_clients *clients = service->host.clients;
	const struct rpc_quotas quotas = rpc_limits_quotas(&service->limits);

	if (!clients)
		clients = service->own_clients = rpc_clients_new(&quotas, 1);
	service->tenants = (struct tenants){
		.owner = service->host.clients ? service->owner : 0,
		.owners = service->host.clients ? service->owners : 1,
		.call_bytes = service->limits.call_bytes,
		.world_bytes = service->limits.world_bytes,
		.clients = clients,
		.allocator = &service->allocator,
	};
	if (clients && tenants_get(&service->tenants, 0))
		return true;
	tenants_deinit(&service->tenants);
	rpc_clients_free(service->own_clients);
	return false;
}

struct rpc_service *rpc_service_new(unsigned owner, unsigned owners,
				    const struct rpc_limits *limits,
				    const struct rpc_host *host)
{
	struct rpc_service *service = calloc(1, sizeof(*service));

	if (!service)
		return NULL;
	service->owner = owner;
	service->owners = owners;
	service->limits = limits_or_defaults(limits);
	service->host = *host;
	service->untimed = 1;
	host->random(host->ctx, &service->hash_key, sizeof(service->hash_key));
	service->started = host->now ? host->now(host->ctx) : 0;
	snprintf(service->route, sizeof(service->route), "w%u", owner % 10000);
	slabs_init(&service->slabs, host->slabs);
	service->allocator = slabs_allocator(&service->slabs);
	if (!json_index_init(&service->index, (uint64_t)owner << 48) ||
	    !find_clients(service)) {
		json_index_deinit(&service->index);
		free(service);
		return NULL;
	}
	process_table_init(&service->processes, owner);
	method_index_init(&service->methods);
	buffer_init(&service->scratch, service->limits.answer_bytes);
	buffer_init(&service->arena, ARENA_MAX);
	step_list_init(&service->steps, service->limits.steps);
	lineage_init(&service->before.lineage);
	subscription_table_init(&service->subscriptions,
				service->limits.answer_bytes);
	return service;
}

void rpc_service_free(struct rpc_service *service)
{
	struct process_table *table;
	uint32_t i;

	if (!service)
		return;
	table = &service->processes;
	for (i = 0; i < table->used; i++) {
		struct process_slot *slot = process_table_slot(table, i);

		if (slot->shares && !slot->is_share)
			shares_drop(service, i);
	}
	for (i = 0; i < table->used; i++) {
		struct process_slot *slot = process_table_slot(table, i);

		world_free(slot->world);
	}
	process_table_deinit(table);
	json_index_deinit(&service->index);
	buffer_deinit(&service->scratch);
	buffer_deinit(&service->arena);
	step_list_deinit(&service->steps);
	lineage_deinit(&service->before.lineage);
	subscription_table_deinit(&service->subscriptions);
	tenants_deinit(&service->tenants);
	slabs_deinit(&service->slabs);
	rpc_clients_free(service->own_clients);
	free(service);
}

uint32_t service_age(const struct rpc_service *service)
{
	const struct rpc_host *host = &service->host;

	if (!host->now)
		return 0;
	return (uint32_t)((host->now(host->ctx) - service->started) / 1000);
}

void rpc_service_drain(struct rpc_service *service)
{
	service->draining = true;
}

static void ask_for_reaping(const struct rpc_service *service)
{
	const struct rpc_host *host = &service->host;

	if (host->wants_reaping)
		host->wants_reaping(host->ctx);
}

void service_end_world(struct rpc_service *service, struct world *world)
{
	if (world && tenant_end_world(&service->tenants, world))
		ask_for_reaping(service);
}

void service_trim(struct rpc_service *service, struct tenant *tenant)
{
	if (tenant_trim(&service->tenants, tenant))
		ask_for_reaping(service);
}

bool rpc_service_reap(struct rpc_service *service)
{
	return tenants_reap(&service->tenants);
}
