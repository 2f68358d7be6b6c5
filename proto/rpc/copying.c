/* SPDX-License-Identifier: MIT */
#include "proto/rpc/copying.h"

#include "core/hot.h"
#include "proto/rpc/reach.h"

HOT bool copying_is_long(const struct call *call)
{
	const struct method *method = call->method;

	return call->want & 1u << PART_DIFF && !method->is_looking &&
	       !method->is_long && !method->takes_turns &&
	       visit_copy_is_long(call, call->world);
}

bool copying_is_due(const struct call *call)
{
	return call->is_long && copying_is_long(call);
}

/* What the call writes last may take turns of its own. */
static bool run(struct call *call, const struct reached *copy)
{
	bool ok;

	before_lend(call, copy->visit->state, copy->work);
	ok = call->method->run(call);
	before_end(call->service);
	return ok;
}

APART bool copying_begin(struct call *call)
{
	static const struct reach_end end = { run, before_refuse, NULL };

	return before_may_keep(call) &&
	       reach_in_turns(call, world_seq(call->world), &end);
}
