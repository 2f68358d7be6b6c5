/* SPDX-License-Identifier: MIT */
/*
 * process.share and process.unshare, and what becomes of shares
 */
#include "proto/rpc/shares.h"

#include "proto/rpc/service.h"

/* What the owner of the process pays for one. */
#define SHARE_BYTES sizeof(struct process_slot)

static struct process_slot *slot_of(const struct rpc_service *service,
				    uint32_t index)
{
	return process_table_slot(&service->processes, index);
}

/* The slot that the name of a share's process has. */
static struct process_slot *shared_slot(const struct rpc_service *service,
					const struct process_slot *share)
{
	const struct process *process =
		world_process(share->world, share->number);

	return slot_of(service, process_name(process) - 1);
}

unsigned shares_count(const struct rpc_service *service, uint32_t index)
{
	const struct process_slot *slot = slot_of(service, index);
	unsigned nr = 0;

	if (slot->is_share)
		slot = shared_slot(service, slot);
	for (; slot->shares; slot = slot_of(service, slot->shares - 1))
		nr++;
	return nr;
}

/* The one that comes behind the slot @before. */
static void drop_next(struct rpc_service *service, struct process_slot *before)
{
	const uint32_t share = before->shares - 1;
	const struct process_slot *slot = slot_of(service, share);
	struct world *world = slot->world;

	before->shares = slot->shares;
	subscriptions_end(service, share);
	process_table_remove(&service->processes, share);
	memory_credit(world_memory(world), SHARE_BYTES);
	service_end_world(service, world);
}

void share_drop(struct rpc_service *service, uint32_t share)
{
	struct process_slot *before =
		shared_slot(service, slot_of(service, share));

	while (before->shares != share + 1)
		before = slot_of(service, before->shares - 1);
	drop_next(service, before);
}

unsigned shares_drop(struct rpc_service *service, uint32_t index)
{
	struct process_slot *slot = slot_of(service, index);
	unsigned nr;

	/* Its process may be gone, so the way is by the list alone. */
	for (nr = 0; slot->shares; nr++)
		drop_next(service, slot);
	return nr;
}

/* ------------------------------------------------------------- methods */

static bool judge_count(struct call *call)
{
	const unsigned max = call->service->limits.shares;

	if (shares_count(call->service, call->slot) < max)
		return true;
	return error_set(&call->error, ERROR_QUOTA_SHARES, NULL,
			 "the process has %u shares, and no more may be; one "
			 "may be given to any number of people, and "
			 "process.unshare ends those that are not needed",
			 max);
}

/* The slot of a new share, or false. */
static bool make_share(struct call *call, uint32_t *sharep)
{
	struct memory *memory = &call->tenant->memory;
	struct process_slot *slot, *process;

	if (!memory_charge(memory, SHARE_BYTES))
		return refusal_error(call, &call->error);
	if (!name_reserve(call, sharep)) {
		memory_credit(memory, SHARE_BYTES);
		return refusal_error(call, &call->error);
	}
	process = slot_of(call->service, call->slot);
	slot = slot_of(call->service, *sharep);
	slot->world = world_share(process->world);
	slot->number = process->number;
	slot->born = process->born;
	slot->client = process->client;
	slot->is_share = true;
	slot->shares = process->shares;
	process->shares = *sharep + 1;
	return true;
}

bool run_process_share(struct call *call)
{
	struct json_writer *w = &call->w;
	uint32_t share;

	if (!judge_count(call) || !make_share(call, &share))
		return false;
	/* Without the answer nobody learns of it. */
	call->slot = share;
	call->is_process_created = true;
	call->is_carried_out = true;
	json_writer_object(w);
	json_writer_key(w, "share");
	name_write(call, w, share);
	json_writer_key(w, "route");
	json_writer_text(w, call->service->route);
	json_writer_object_end(w);
	return true;
}

/* The slot of the share that is named, if it is one of the process. */
static bool find_share(struct call *call, const struct json_value *raw,
		       uint32_t *sharep)
{
	const struct rpc_service *service = call->service;
	const struct process_slot *slot = slot_of(service, call->slot);
	char scratch[PROCESS_NAME_LEN];
	unsigned owner;
	size_t len = 0;
	const char *name =
		json_string_text(raw, scratch, sizeof(scratch), &len);

	if (!name ||
	    process_table_find(&service->processes, service->owners, name, len,
			       sharep, &owner) != PROCESS_FOUND)
		return false;
	for (; slot->shares; slot = slot_of(service, slot->shares - 1))
		if (slot->shares == *sharep + 1)
			return true;
	return false;
}

bool run_process_unshare(struct call *call)
{
	const struct param_value *value = &call->values[UNSHARE_SHARE];
	struct json_writer *w = &call->w;
	unsigned nr = 1;
	uint32_t share;

	if (value->given && !param_kind_is("share", &value->raw,
					   JSON_KIND_STRING, &call->error))
		return false;
	if (value->given && !find_share(call, &value->raw, &share))
		return error_set(&call->error, ERROR_PARAMS_VALUE, "share",
				 "the process has no such share; it may have "
				 "been revoked already");
	if (value->given)
		share_drop(call->service, share);
	else
		nr = shares_drop(call->service, call->slot);
	call->is_carried_out = true;
	json_writer_object(w);
	json_writer_key(w, "revoked");
	json_writer_u64(w, nr);
	json_writer_object_end(w);
	return true;
}
