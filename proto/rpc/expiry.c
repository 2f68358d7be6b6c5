/* SPDX-License-Identifier: MIT */
#include "proto/rpc/expiry.h"

#include "proto/rpc/service.h"

enum {
	SWEEP_SLOTS = 16384, /* names looked at in one go */
	SWEEP_ENDS = 64,     /* of which these may end */
};

static uint32_t idle_seconds(const struct rpc_service *service)
{
	return service->limits.idle_ms / 1000 +
	       (service->limits.idle_ms % 1000 != 0);
}

void expiry_touch(const struct rpc_service *service, struct world *world)
{
	world_touch(world, service->seconds);
}

bool expiry_is_due(const struct rpc_service *service, const struct world *world)
{
	/* A mark may be nearly a second old when it is made: hence the 1. */
	return service->limits.idle_ms && !world_note(world) &&
	       service->seconds - world_touched(world) >
		       idle_seconds(service) + 1;
}

void expiry_write(const struct rpc_service *service, struct json_writer *w)
{
	if (!service->limits.idle_ms)
		return;
	json_writer_key(w, "expires_in");
	json_writer_u64(w, idle_seconds(service));
}

/* How many processes have ended. */
static unsigned end_if_idle(struct rpc_service *service, uint32_t index)
{
	const struct process_slot *slot =
		process_table_slot(&service->processes, index);
	const uint32_t client = slot->client;
	unsigned ended;

	if (!slot->world || !expiry_is_due(service, slot->world))
		return 0;
	ended = names_drop_all(service, slot->world);
	tenants_settle(&service->tenants,
		       tenants_find(&service->tenants, client));
	return ended;
}

/* All names of an idle world are idle: the first that the sweep comes by takes
 * the others along. */
unsigned rpc_service_sweep(struct rpc_service *service)
{
	struct process_table *table = &service->processes;
	unsigned looked, ended = 0;

	service->seconds = service_age(service);
	retry_sweep(service);
	if (!service->limits.idle_ms)
		return 0;
	for (looked = 0;
	     looked < SWEEP_SLOTS && looked < table->used && ended < SWEEP_ENDS;
	     looked++) {
		if (service->sweep_at >= table->used)
			service->sweep_at = 0;
		ended += end_if_idle(service, service->sweep_at++);
	}
	return ended;
}
