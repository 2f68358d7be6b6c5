/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Inside proto/rpc: what one client owns on one loop
 *
 * A tenant's account holds what its worlds and its recorded results on this loop
 * take, and what of the client's quota has been leased for them
 * (proto/rpc/clients.h). It is made when the client first makes a process or
 * sends a key here, and goes with what it owned.
 */
#include "core/mm/memory.h"
#include "core/world/world_end.h"
#include "proto/rpc/clients.h"
#include "proto/rpc/retry_store.h"

struct tenant {
	struct account account; /* first: its lease() finds the rest */
	struct memory memory;
	struct client *client;
	uint32_t number;                 /* the client's */
	uint64_t hand_areas, hand_bytes; /* what may stay leased unused */
	struct retry_store retries;      /* what its calls were answered */
	bool is_listed;                  /* client_mark_owner() has been told */
	/* Its worlds that have ended, which it pays for until they are given
	 * back; see tenant_end_world(). */
	struct world_queue ended;
	struct tenant *next_reaped;
	bool is_reaped; /* in tenants->reaped, though perhaps with none left */
};

struct tenants {
	struct tenant **all; /* by the client's number; NULL: owns nothing */
	uint32_t room;
	unsigned owner, owners;
	uint64_t call_bytes;  /* that one call may allocate */
	uint64_t world_bytes; /* that one world may hold */
	const struct rpc_clients *clients;
	const struct allocator *allocator;
	struct tenant *reaped, *last_reaped; /* in the order of their turns */
};

/**
 * tenant_end_world() - end a world, or one owner's share of it
 * @world: whose memory a tenant of @tenants pays
 *
 * A small one is given back at once, of a large one a part. The rest goes in
 * tenants_reap(), or when the tenant would otherwise be refused areas or bytes;
 * processes and threads count no more in any case. What other loops have not yet
 * given back stays charged to the client.
 *
 * Return: whether tenants_reap() has something to do from now on.
 */
bool tenant_end_world(struct tenants *tenants, struct world *world);

/**
 * tenant_trim() - give back some of what the tenant's calls have given up
 *
 * When its memory has objects that wait (nr_idle of struct memory). Nobody pays for
 * them; while more waits than the client's quota of bytes, whatever bytes are leased
 * as many that wait are given back first.
 *
 * Return: whether tenants_reap() has something to do from now on.
 */
bool tenant_trim(struct tenants *tenants, struct tenant *tenant);

/**
 * tenants_reap() - give back a part of what ended worlds and tenant_trim() left
 *
 * Return: whether more is left.
 * Cost:   O(1): REAPED_PER_TURN objects of one tenant.
 */
bool tenants_reap(struct tenants *tenants);

/** tenants_deinit() - give back all leases; the worlds have ended */
void tenants_deinit(struct tenants *tenants);

/** tenants_get() - the tenant of that client, made if need be; NULL: the host
 * has no memory */
struct tenant *tenants_get(struct tenants *tenants, uint32_t number);

/** tenants_seek() - the tenant of that client; NULL: it owns nothing here */
static inline struct tenant *tenants_seek(const struct tenants *tenants,
					  uint32_t number)
{
	return number < tenants->room ? tenants->all[number] : NULL;
}

/** tenants_find() - the tenant that owns a process here */
static inline struct tenant *tenants_find(const struct tenants *tenants,
					  uint32_t number)
{
	return tenants->all[number];
}

/** tenant_of() - whose memory it is */
static inline struct tenant *tenant_of(struct memory *memory)
{
	return (struct tenant *)((char *)memory -
				 offsetof(struct tenant, memory));
}

/** tenant_return_surplus() - for tenants_settle() alone */
void tenant_return_surplus(struct tenants *tenants, struct tenant *tenant);

/**
 * tenants_settle() - give back what @tenant has leased and no longer needs
 *
 * To be called when a call has changed what it owns. The tenant may be gone
 * afterwards, if that is nothing.
 */
static inline void tenants_settle(struct tenants *tenants,
				  struct tenant *tenant)
{
	const struct account *a = &tenant->account;

	if (a->max_processes != a->processes || a->max_threads != a->threads ||
	    a->max_areas - a->areas > tenant->hand_areas ||
	    a->max_bytes - a->bytes > tenant->hand_bytes || !a->processes ||
	    !tenant->is_listed)
		tenant_return_surplus(tenants, tenant);
}
