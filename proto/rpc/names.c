/* SPDX-License-Identifier: MIT */
/*
 * Which names a world has: one for every process that it ever had
 */
#include "proto/rpc/service.h"

/* What process_name() holds: 0 is none. */
static uint32_t tag_of(uint32_t index)
{
	return index + 1;
}

bool name_reserve(struct call *call, uint32_t *indexp)
{
	struct rpc_service *service = call->service;
	uint32_t random[PROCESS_RANDOM_WORDS];
	struct process_slot *slot;

	service->host.random(service->host.ctx, random, sizeof(random));
	slot = process_table_add(&service->processes, random, indexp);
	if (slot) {
		slot->born = service_age(service);
		return true;
	}
	call->tenant->memory.refusal = REFUSAL_HOST_MEMORY;
	return false;
}

_Static_assert(RPC_CLIENTS_MAX <= UINT16_MAX + 1,
	       "a slot has 16 bits for a client's number");

void name_give(struct rpc_service *service, uint32_t index, struct world *world,
	       uint32_t number)
{
	struct process_slot *slot =
		process_table_slot(&service->processes, index);

	expiry_touch(service, world);
	world_ends_unseen(world);
	slot->world = world;
	slot->number = number;
	slot->client = (uint16_t)tenant_of(world_memory(world))->number;
	process_set_name(world_process(world, number), tag_of(index));
}

void name_drop(struct rpc_service *service, uint32_t index)
{
	const struct process_slot *slot =
		process_table_slot(&service->processes, index);

	shares_drop(service, index);
	if (slot->world)
		subscriptions_end(service, index);
	service_end_world(service, slot->world);
	process_table_remove(&service->processes, index);
}

unsigned names_drop_all(struct rpc_service *service, struct world *world)
{
	const struct process *process;
	unsigned living = 0;
	uint32_t i, tag;

	world_share(world);
	subscriptions_end_all(service, world);
	for (i = 0; (process = world_process(world, i)); i++) {
		living += process_is_alive(process);
		tag = process_name(process);
		if (tag)
			name_drop(service, tag - 1);
	}
	service_end_world(service, world);
	return living;
}

void name_write(const struct call *call, struct json_writer *w, uint32_t index)
{
	char name[PROCESS_NAME_LEN];

	process_table_name(&call->service->processes, index, name);
	json_writer_string(w, name, sizeof(name));
}

void call_process_ended(struct call *call)
{
	/* What is only supposed to end keeps its names, and its copy's owner. */
	if (call->is_supposed || call->is_drafted ||
	    !world_is_over(call->world))
		return;
	names_drop_all(call->service, call->world);
	call->world = NULL;
	call->process = NULL;
}

static void forget_one(struct call *call)
{
	struct operation op = {
		.code = OP_PROCESS_EXIT,
		.process = call->number,
	};
	struct outcome outcome;

	/* Of the world's others it must not be one. If the host refuses even
	 * that, it lives on without a name until the world ends. */
	(void)world_apply(call->world, &op, &outcome);
	if (world_is_over(call->world)) {
		call_process_ended(call);
		return;
	}
	process_set_name(call->process, 0);
	name_drop(call->service, call->slot);
	call->process = NULL;
}

void call_forget_process(struct call *call)
{
	if (process_table_slot(&call->service->processes, call->slot)
		    ->is_share) {
		share_drop(call->service, call->slot);
		return;
	}
	if (!call->is_world_created) {
		forget_one(call);
		return;
	}
	names_drop_all(call->service, call->world);
	call->world = NULL;
	call->process = NULL;
}
