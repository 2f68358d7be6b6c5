/* SPDX-License-Identifier: MIT */
#include "proto/rpc/way.h"

#include "proto/rpc/slice.h"

bool way_is_long(const struct call *call, uint64_t seq)
{
	return visit_copy_is_long(call, world_base(call->world, seq));
}

bool way_begin(struct call *call, uint64_t seq, uint64_t last, bool is_long,
	       struct way *way)
{
	const uint64_t nearest = world_nearest(call->world, seq);

	way->target = seq;
	way->is_open = true;
	if (!visit_set_out(call, seq, is_long, &way->visit))
		return false;
	if (nearest < last &&
	    world_journal_copy(&call->tenant->memory, call->world, nearest + 1,
			       last, &way->journal))
		return refusal_error(call, &call->error);
	return true;
}

bool way_fork(struct call *call, struct way *way, uint64_t seq,
	      struct way *further)
{
	further->target = seq;
	further->is_open = true;
	further->journal = way->journal;
	way->journal = (struct journal_copy){ .memory = NULL };
	return visit_copy_begin(call, way->visit.state, &further->visit);
}

/* As much as fits in a turn. */
static bool repeat(struct call *call, struct way *way, struct lineage *lineage)
{
	struct world *state = way->visit.state;
	enum world_status status = WORLD_OK;
	struct slice slice;
	struct operation op;
	struct outcome out;

	slice_begin(&slice, call);
	while (status == WORLD_OK && world_seq(state) < way->target &&
	       slice_admits(&slice, state) &&
	       journal_copy_next(&way->journal, &op)) {
		out.vec = NULL;
		out.vec_size = 0;
		status = lineage ? lineage_apply(lineage, state, call->number,
						 &op)
				 : world_apply(state, &op, &out);
	}
	return call_status(call, status);
}

bool way_go_on(struct call *call, struct way *way, struct lineage *lineage,
	       bool *morep)
{
	if (way_has_set_out(way) ? !repeat(call, way, lineage)
				 : !visit_copy_some(call, &way->visit, morep))
		return false;
	*morep = !way_has_set_out(way) ||
		 world_seq(way->visit.state) < way->target;
	return true;
}

void way_end(struct way *way)
{
	if (!way->is_open)
		return;
	way->is_open = false;
	visit_end(&way->visit);
	journal_copy_free(&way->journal);
}
