/* SPDX-License-Identifier: MIT */
#include "proto/rpc/copying.h"

#include "core/world/world_clone.h"
#include "proto/rpc/visit.h"
#include "proto/rpc/work.h"

/* A copy that is being made. */
struct copying {
	struct call_work work;         /* first */
	struct world_cloning *cloning; /* NULL: done */
	struct visit visit; /* its memory, and the copy when it is done */
};

/* An area is looked at some ten times until its copy is there. */
static bool is_large(const struct call *call)
{
	return before_areas(call) > call->service->limits.reads_per_slice / 4;
}

bool copying_is_long(const struct call *call)
{
	const struct method *method = call->method;

	return call->want & 1u << PART_DIFF && !method->is_looking &&
	       !method->is_long && !method->takes_turns && is_large(call);
}

bool copying_is_due(const struct call *call)
{
	return call->is_long && copying_is_long(call);
}

/* --------------------------------------------------------------- turns */

static void let_go(struct call *call, struct copying *copying)
{
	if (copying->cloning)
		world_cloning_drop(copying->cloning);
	visit_end(&copying->visit);
	work_free(call, &copying->work);
}

static void drop(struct call *call)
{
	struct copying *copying = (struct copying *)call->work;

	call->work = NULL;
	let_go(call, copying);
}

/* What the call writes last may take turns of its own. */
static bool run(struct call *call, struct copying *copying)
{
	bool ok;

	call->work = NULL;
	before_take(call, copying->visit.state, call->number, call->thread);
	ok = call->method->run(call);
	before_end(call->service);
	let_go(call, copying);
	return ok;
}

/* *morep: the copy is not there yet. */
static bool copy(struct call *call, struct copying *copying, bool *morep)
{
	const uint64_t units = 2ull * call->service->limits.reads_per_slice;

	*morep = false;
	if (!copying->cloning)
		return true;
	if (world_cloning_go_on(copying->cloning, units, morep) != WORLD_OK)
		return before_refuse(call);
	if (*morep)
		return true;
	copying->visit.state = world_cloning_end(copying->cloning);
	copying->cloning = NULL;
	return true;
}

static bool go_on(struct call *call)
{
	struct copying *copying = (struct copying *)call->work;
	bool more;

	if (!copy(call, copying, &more)) {
		drop(call);
		return false;
	}
	return more || work_waits(call, &copying->work) || run(call, copying);
}

/* NULL: nothing is kept, and who pays says why. */
static struct copying *copying_new(struct call *call)
{
	struct copying *copying = work_new(call, sizeof(*copying), go_on, drop,
					   WORK_WORLD_CHANGES);

	if (!copying)
		return NULL;
	side_memory_init(&copying->visit.side, copying->work.payer);
	copying->cloning =
		world_cloning_begin(&copying->visit.side.memory, call->world);
	if (copying->cloning)
		return copying;
	let_go(call, copying);
	return NULL;
}

bool copying_begin(struct call *call)
{
	struct copying *copying;

	if (!before_may_keep(call))
		return false;
	copying = copying_new(call);
	if (!copying)
		return before_refuse(call);
	call->work = &copying->work;
	return go_on(call);
}
