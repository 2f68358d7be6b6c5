/* SPDX-License-Identifier: MIT */
#include "proto/rpc/stats.h"

#include "core/hot.h"
#include "proto/rpc/service.h"

void rpc_stats_merge(struct rpc_stats *into, const struct rpc_service *service)
{
	const struct rpc_stats *from = &service->stats;
	unsigned i;

	for (i = 0; i <= RPC_METHODS_MAX; i++) {
		into->methods[i].results += from->methods[i].results;
		into->methods[i].errors += from->methods[i].errors;
		histogram_merge(&into->methods[i].time, &from->methods[i].time);
	}
	for (i = 0; i < ERROR_NR_KEYS; i++)
		into->errors[i] += from->errors[i];
	histogram_merge(&into->requests, &from->requests);
	into->abandoned += from->abandoned;
}

void rpc_levels_add(struct rpc_levels *into, const struct rpc_service *service)
{
	const struct tenants *tenants = &service->tenants;
	uint32_t i;

	into->subscriptions += service->subscriptions.nr;
	into->missed += service->subscriptions.missed;
	for (i = 0; i < tenants->room; i++) {
		const struct tenant *tenant = tenants->all[i];

		if (!tenant)
			continue;
		into->processes += tenant->account.processes;
		into->worlds += tenant->account.worlds;
		into->areas += tenant->account.areas;
		into->bytes += tenant->account.bytes;
		into->journal_bytes += tenant->account.journal_bytes;
	}
}

const char *rpc_method_name(unsigned number)
{
	const struct method *method;

	if (number == RPC_METHODS_MAX)
		return "unknown";
	method = method_at(number);
	return method ? method->name : NULL;
}

uint64_t stats_clock(const struct rpc_service *service)
{
	const struct rpc_host *host = &service->host;

	return host->clock ? host->clock(host->ctx) : 0;
}

static unsigned number_of(const struct method_entry *entry)
{
	return entry ? entry->number : RPC_METHODS_MAX;
}

HOT void stats_call(struct rpc_service *service, struct rpc_job *job,
		    const struct method_entry *entry, enum error_key key)
{
	const unsigned number = number_of(entry);
	struct rpc_method_stats *stats = &service->stats.methods[number];

	job->methods.bits[number / 64] |= 1ULL << number % 64;
	job->answered++;
	if (key == ERROR_NONE) {
		stats->results++;
		return;
	}
	job->errors++;
	stats->errors++;
	service->stats.errors[key]++;
}

void stats_body(struct rpc_service *service, struct rpc_job *job,
		enum error_key key)
{
	job->errors++;
	service->stats.errors[key]++;
}

/* 9 to 24, from a generator of Marsaglia's that takes three shifts. */
bool stats_wants_time(struct rpc_service *service)
{
	uint32_t dice = service->dice;

	if (--service->untimed)
		return false;
	dice = dice ? dice : 2463534242u;
	dice ^= dice << 13;
	dice ^= dice >> 17;
	dice ^= dice << 5;
	service->dice = dice;
	service->untimed = 9 + (dice >> 8) % 16;
	return service->host.clock != NULL;
}

void stats_time(struct rpc_service *service, const struct method_entry *entry,
		uint64_t ns)
{
	histogram_add(&service->stats.methods[number_of(entry)].time, ns);
}

/* The only method that a job with one call has called. */
static unsigned only_method(const struct rpc_job *job)
{
	if (job->methods.bits[0])
		return (unsigned)__builtin_ctzll(job->methods.bits[0]);
	return RPC_METHODS_MAX;
}

void stats_turn(struct rpc_service *service, struct rpc_job *job,
		enum rpc_status status, uint64_t start)
{
	struct rpc_stats *stats = &service->stats;

	if (!service->host.clock)
		return;
	job->ended = stats_clock(service);
	job->turn = job->ended - start;
	if (!job->began)
		job->began = start;
	if (status != RPC_DONE)
		return;
	histogram_add(&stats->requests, job->ended - job->began);
	if (job->answered == 1)
		histogram_add(&stats->methods[only_method(job)].time,
			      job->turn);
}
