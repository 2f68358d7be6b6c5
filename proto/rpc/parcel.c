/* SPDX-License-Identifier: MIT */
#include "proto/rpc/parcel.h"

#include <string.h>

#include "proto/rpc/slabs.h"

/* As a tenant's, but with nothing in hand. */
static void lease(struct account *account, enum refusal which, uint64_t more)
{
	struct parcel *parcel =
		(struct parcel *)((char *)account -
				  offsetof(struct parcel, account));
	const uint64_t used = account->bytes;

	if (which != REFUSAL_BYTES || more > UINT64_MAX - used ||
	    used + more <= account->max_bytes)
		return;
	account->max_bytes += client_lease(parcel->client, CLIENT_BYTES,
					   used + more - account->max_bytes, 0);
}

static void return_surplus(struct parcel *parcel)
{
	struct account *account = &parcel->account;

	client_return(parcel->client, CLIENT_BYTES,
		      account->max_bytes - account->bytes);
	account->max_bytes = account->bytes;
}

/* The hint is about the call's tenant, whose client this is. */
static bool refuse(struct call *call, const struct parcel *parcel)
{
	call->tenant->memory.refusal = parcel->memory.refusal;
	return refusal_error(call, &call->error);
}

bool parcel_init(struct parcel *parcel, struct call *call)
{
	const char *created = world_origin(call->world, &parcel->created_len);

	*parcel = (struct parcel){
		.client = call->tenant->client,
		.allocator = plain_allocator(),
		.account = { .max_call_bytes = call->service->limits.call_bytes,
			     .lease = lease },
		.created_len = parcel->created_len,
	};
	memory_init(&parcel->memory, &parcel->allocator, &parcel->account);
	if (!parcel->created_len)
		return true;
	parcel->created = memory_alloc(&parcel->memory, parcel->created_len);
	if (!parcel->created) {
		refuse(call, parcel);
		return_surplus(parcel);
		return false;
	}
	memcpy(parcel->created, created, parcel->created_len);
	return true;
}

bool parcel_pack(struct parcel *parcel, struct call *call,
		 const struct world *state)
{
	if (world_state_write(&parcel->memory, state, &parcel->state))
		return refuse(call, parcel);
	return_surplus(parcel);
	return true;
}

bool parcel_unpack(const struct parcel *parcel, struct call *call,
		   struct visit *visit)
{
	const struct json_value created = {
		.kind = JSON_KIND_OBJECT,
		.text = parcel->created,
		.len = (uint32_t)parcel->created_len,
	};

	visit->state = NULL;
	side_memory_init(&visit->side, &call->tenant->memory);
	if (call_restore(call, &visit->side.memory, &created,
			 parcel->state.bytes, parcel->state.len, &visit->state))
		return true;
	side_memory_deinit(&visit->side);
	return false;
}

void parcel_deinit(struct parcel *parcel)
{
	state_text_free(&parcel->state);
	memory_free(&parcel->memory, parcel->created, parcel->created_len);
	memory_deinit(&parcel->memory);
	return_surplus(parcel);
}
