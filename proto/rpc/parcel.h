/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Inside proto/rpc: the state of a world on its way from one loop to another
 *
 * Memory of worlds belongs to their loop. A parcel holds a state as bytes, and
 * the creation that they need to become a world again, in memory that belongs to
 * none; its client pays, with bytes leased for the parcel alone.
 */
#include "core/world/state_codec.h"
#include "proto/rpc/visit.h"

struct parcel {
	struct client *client; /* of all loops together */
	struct allocator allocator;
	struct account account;
	struct memory memory; /* pays for all that follows */
	struct state_text state;
	char *created; /* process.create's parameters, as world_origin() */
	size_t created_len;
};

/**
 * parcel_init() - how the call's world was created, and no state yet
 * @parcel: stays where it is until parcel_deinit()
 * @call:   its tenant's client pays
 *
 * Return: true; or false with call->error set, and nothing to deinit.
 */
bool parcel_init(struct parcel *parcel, struct call *call);

/**
 * parcel_pack() - put in a state
 * @call:  of the loop where the state is
 * @state: of the world of parcel_init(), at any time; not changed
 *
 * Return: true; or false with call->error set. Cost: world_state_write().
 */
bool parcel_pack(struct parcel *parcel, struct call *call,
		 const struct world *state);

/**
 * parcel_unpack() - make a world of it again
 * @call:  of any loop; its tenant pays
 * @visit: out, for visit_end(). What it shows is what the state showed; it has no
 *         history
 *
 * Return: true; or false with call->error set, and nothing to end.
 * Cost:   world_state_read(), and reading the creation.
 */
bool parcel_unpack(const struct parcel *parcel, struct call *call,
		   struct visit *visit);

/** parcel_deinit() - free it, on any loop */
void parcel_deinit(struct parcel *parcel);
