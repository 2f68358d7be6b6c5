/* SPDX-License-Identifier: MIT */
#include "proto/rpc/reach.h"

#include "proto/rpc/work.h"

/* A state on its way. */
struct reaching {
	struct call_work work; /* first */
	struct way way;
	struct way trace; /* from there to the present */
	struct lineage lineage;
	const struct reach_end *end;
};

static bool is_traced(const struct call *call, uint64_t seq,
		      const struct reach_end *end)
{
	return end->traces && end->traces(call, seq);
}

bool reach_is_long(const struct call *call, uint64_t seq,
		   const struct reach_end *end)
{
	return seq != world_nearest(call->world, seq) ||
	       way_is_long(call, seq) || is_traced(call, seq, end);
}

/* Of what the state takes; of other errors the reason has been told. */
static bool refuse(struct call *call, const struct reach_end *end)
{
	return end->refuse ? end->refuse(call) : false;
}

static void let_go(struct call *call, struct reaching *reaching)
{
	way_end(&reaching->trace);
	way_end(&reaching->way);
	lineage_deinit(&reaching->lineage);
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
	const bool is_traced = reaching->trace.is_open;
	const struct reached reached = {
		.visit = &reaching->way.visit,
		.work = &reaching->work,
		.present = is_traced ? reaching->trace.visit.state : NULL,
		.lineage = is_traced ? &reaching->lineage : NULL,
	};
	bool ok;

	call->work = NULL;
	ok = reaching->end->finish(call, &reached);
	/* A diff that is written last needs the state. */
	if (!call->late_diff)
		let_go(call, reaching);
	return ok;
}

/* A turn; *morep: another one is needed. */
static bool draw_near(struct call *call, struct reaching *reaching, bool *morep)
{
	struct way *way = &reaching->way;
	const uint64_t seq = way->target;

	if (reaching->trace.is_open)
		return way_go_on(call, &reaching->trace, &reaching->lineage,
				 morep);
	if (!way_go_on(call, way, NULL, morep))
		return false;
	if (*morep || !is_traced(call, seq, reaching->end))
		return true;
	*morep = true;
	lineage_begin(&reaching->lineage, NULL);
	return way_fork(call, way, world_seq(call->world), &reaching->trace);
}

static bool go_on(struct call *call)
{
	struct reaching *reaching = (struct reaching *)call->work;
	const struct reach_end *end = reaching->end;
	bool more;

	if (!draw_near(call, reaching, &more)) {
		drop(call);
		return refuse(call, end);
	}
	return more || work_waits(call, &reaching->work) ||
	       arrive(call, reaching);
}

bool reach_in_turns(struct call *call, uint64_t seq,
		    const struct reach_end *end)
{
	const uint64_t last =
		is_traced(call, seq, end) ? world_seq(call->world) : seq;
	struct reaching *reaching =
		work_new(call, sizeof(*reaching), go_on, drop,
			 call->method->is_looking ? WORK_WORLD_IS_READ
						  : WORK_WORLD_CHANGES);

	if (!reaching) {
		refusal_error(call, &call->error);
		return refuse(call, end);
	}
	reaching->end = end;
	lineage_init(&reaching->lineage);
	call->work = &reaching->work;
	if (way_begin(call, seq, last, true, &reaching->way))
		return true;
	drop(call);
	return refuse(call, end);
}

bool reach_at_once(struct call *call, uint64_t seq, const struct reach_end *end)
{
	struct visit visit;
	const struct reached reached = { .visit = &visit };
	bool ok;

	ok = visit_set_out(call, seq, false, &visit) &&
	     end->finish(call, &reached);
	visit_end(&visit);
	return ok;
}
