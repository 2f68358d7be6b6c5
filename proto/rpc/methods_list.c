/* SPDX-License-Identifier: MIT */
/*
 * The processes of one client, page by page
 *
 * A cursor is a loop's number and a slot's in its table: the page looks through
 * the slots from there on, up to a bound, whoever they belong to. What lives
 * throughout is so listed exactly once, whatever comes and goes meanwhile. A
 * page is of one loop; the next one's cursor leads to the next loop that has
 * processes of the client.
 */
#include "proto/rpc/service.h"

#define CURSOR_SHIFT 28

/* Slots that one page looks at: a fraction of a millisecond. */
#define SCAN_MAX 65536u

static unsigned cursor_owner(const struct call *call)
{
	return (unsigned)(call->values[LIST_CURSOR].number >> CURSOR_SHIFT);
}

static const struct client *caller_client(const struct call *call)
{
	return clients_at(call->service->tenants.clients, call->caller.client);
}

enum process_lookup place_process_list(struct call *call, unsigned *ownerp)
{
	const unsigned owners = call->service->tenants.owners;
	const unsigned owner = client_next_owner(caller_client(call),
						 cursor_owner(call), owners);

	/* With none left, any loop can say so. */
	if (owner >= owners || owner == call->service->tenants.owner)
		return PROCESS_FOUND;
	*ownerp = owner;
	return PROCESS_ELSEWHERE;
}

static void write_process(struct call *call, uint32_t index,
			  const struct process_slot *slot)
{
	const struct rpc_service *service = call->service;
	const struct process *process =
		world_process(slot->world, slot->number);
	struct json_writer *w = &call->w;
	char name[PROCESS_NAME_LEN];

	process_table_name(&service->processes, index, name);
	json_writer_object(w);
	json_writer_key(w, "process");
	json_writer_string(w, name, sizeof(name));
	json_writer_key(w, "profile");
	json_writer_text(w, world_machine(slot->world)->profile->name);
	json_writer_key(w, "age");
	if (service->host.now)
		json_writer_u64(w, service_age(service) - slot->born);
	else
		json_writer_null(w);
	json_writer_key(w, "areas");
	json_writer_u64(w, process_is_alive(process)
				   ? process_mm(process)->map_count
				   : 0);
	json_writer_key(w, "threads");
	json_writer_u64(w, process_nr_threads(process));
	json_writer_object_end(w);
}

/* Writes what the table holds from *slotp on; true if it has been seen all. */
static bool write_page(struct call *call, uint32_t *slotp)
{
	const struct process_table *table = &call->service->processes;
	uint64_t left = call->values[LIST_LIMIT].number;
	uint32_t i, scan;

	for (i = *slotp, scan = 0; i < table->used; i++, scan++) {
		const struct process_slot *slot = process_table_slot(table, i);

		if (scan == SCAN_MAX || !left)
			break;
		if (!slot->world || slot->is_share ||
		    slot->client != call->caller.client)
			continue;
		write_process(call, i, slot);
		left--;
	}
	*slotp = i;
	return i >= table->used;
}

bool run_process_list(struct call *call)
{
	const struct tenants *tenants = &call->service->tenants;
	const uint64_t cursor = call->values[LIST_CURSOR].number;
	unsigned owner = tenants->owner;
	struct json_writer *w = &call->w;
	uint32_t slot = 0;

	/* A cursor of a loop that has none left begins the next one's table. */
	if (cursor_owner(call) == owner)
		slot = (uint32_t)(cursor & ((1u << CURSOR_SHIFT) - 1));
	json_writer_object(w);
	json_writer_key(w, "processes");
	json_writer_array(w);
	if (cursor_owner(call) > owner) {
		owner = tenants->owners;
	} else if (write_page(call, &slot)) {
		owner = client_next_owner(caller_client(call), owner + 1,
					  tenants->owners);
		slot = 0;
	}
	json_writer_array_end(w);
	if (owner < tenants->owners) {
		json_writer_key(w, "cursor");
		json_writer_u64(w, (uint64_t)owner << CURSOR_SHIFT | slot);
	}
	json_writer_object_end(w);
	return true;
}
