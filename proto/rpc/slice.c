/* SPDX-License-Identifier: MIT */
#include "proto/rpc/slice.h"

void slice_begin(struct slice *slice, const struct call *call)
{
	*slice = (struct slice){
		.service = call->service,
		.account = &call->tenant->account,
		.start = stats_clock(call->service),
	};
}

static bool is_over(const struct slice *slice, const struct world *world)
{
	const unsigned done = slice->done;

	if (!done)
		return false;
	if (done >= slice->service->limits.calls_per_slice ||
	    slice->account->call_bytes > SLICE_BYTES)
		return true;
	return slice_is_due(done, slice_world_is_large(world)) &&
	       stats_clock(slice->service) - slice->start > SLICE_NS;
}

bool slice_admits(struct slice *slice, const struct world *world)
{
	if (is_over(slice, world))
		return false;
	slice->done++;
	return true;
}
