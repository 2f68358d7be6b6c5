/* SPDX-License-Identifier: MIT */
#include "proto/rpc/reach.h"

#include "proto/rpc/work.h"

/* A state on its way. */
struct reaching {
	struct call_work work; /* first */
	struct visit visit;
	struct journal_cursor cursor;
	uint64_t seq;
	const struct reach_end *end;
};

bool reach_is_long(const struct call *call, uint64_t seq)
{
	const struct world *world = call->world;

	return seq - world_nearest(world, seq) >
		       call->service->limits.calls_per_slice ||
	       visit_copy_is_long(call, world_base(world, seq));
}

static bool refuse(struct call *call, const struct reach_end *end)
{
	return end->refuse ? end->refuse(call) : false;
}

static void let_go(struct call *call, struct reaching *reaching)
{
	visit_end(&reaching->visit);
	work_free(call, &reaching->work);
}

static void drop(struct call *call)
{
	struct reaching *reaching = (struct reaching *)call->work;

	call->work = NULL;
	let_go(call, reaching);
}

/* What is left of the call may take turns of its own. */
static bool arrive(struct call *call, struct reaching *reaching)
{
	bool ok;

	call->work = NULL;
	reaching->visit.work = &reaching->work;
	ok = reaching->end->finish(call, &reaching->visit);
	/* A diff that is written last needs the state. */
	if (!call->late_diff)
		let_go(call, reaching);
	return ok;
}

/* A turn; *morep: the state is not there yet. */
static bool draw_near(struct call *call, struct reaching *reaching, bool *morep)
{
	struct visit *visit = &reaching->visit;

	if (!visit->state) {
		if (!visit_copy_some(call, visit, morep))
			return refuse(call, reaching->end);
		if (!*morep)
			*morep = world_seq(visit->state) < reaching->seq;
		return true;
	}
	return visit_repeat(call, visit->state, &reaching->cursor,
			    reaching->seq,
			    call->service->limits.calls_per_slice, morep);
}

static bool go_on(struct call *call)
{
	struct reaching *reaching = (struct reaching *)call->work;
	bool more;

	if (!draw_near(call, reaching, &more)) {
		drop(call);
		return false;
	}
	return more || work_waits(call, &reaching->work) ||
	       arrive(call, reaching);
}

bool reach_in_turns(struct call *call, uint64_t seq,
		    const struct reach_end *end)
{
	struct reaching *reaching =
		work_new(call, sizeof(*reaching), go_on, drop,
			 call->method->is_looking ? WORK_WORLD_IS_READ
						  : WORK_WORLD_CHANGES);

	if (!reaching) {
		refusal_error(call, &call->error);
		return refuse(call, end);
	}
	reaching->seq = seq;
	reaching->end = end;
	call->work = &reaching->work;
	if (!visit_set_out(call, seq, &reaching->visit)) {
		drop(call);
		return refuse(call, end);
	}
	world_journal_seek(call->world, &reaching->cursor,
			   world_nearest(call->world, seq) + 1);
	return true;
}
