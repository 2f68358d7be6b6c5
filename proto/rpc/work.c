/* SPDX-License-Identifier: MIT */
#include "proto/rpc/work.h"

void *work_new(struct call *call, size_t size, bool (*go_on)(struct call *call),
	       void (*drop)(struct call *call), enum work_world world)
{
	struct memory *payer = &call->tenant->memory;
	struct call_work *work = memory_alloc(payer, size);

	if (!work)
		return NULL;
	*work = (struct call_work){
		.go_on = go_on,
		.drop = drop,
		.payer = payer,
		.size = size,
	};
	if (work_keep_world(call, work, world))
		return work;
	memory_free(payer, work, size);
	return NULL;
}

bool work_keep_world(const struct call *call, struct call_work *work,
		     enum work_world world)
{
	if (world == WORK_WORLD_GOES_ON)
		return true;
	work->wish = world == WORK_WORLD_CHANGES ? STILL_CHANGE
		     : call->is_guest            ? STILL_VISIT
						 : STILL_KEEP;
	if (!still_keep(call->world, work->wish)) {
		work->payer->refusal = REFUSAL_HOST_MEMORY;
		return false;
	}
	work->still = call->world;
	return true;
}

void work_let_world_go(struct call *call, struct call_work *work)
{
	if (work->still)
		still_release(call->service, work->still, work->wish);
	work->still = NULL;
}

void work_free(struct call *call, struct call_work *work)
{
	work_let_world_go(call, work);
	memory_free(work->payer, work, work->size);
}

bool work_waits(const struct call *call, struct call_work *work)
{
	if (!call->retry_key || work->is_ending)
		return false;
	work->is_ending = true;
	return true;
}
