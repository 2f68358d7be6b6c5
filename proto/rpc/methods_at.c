/* SPDX-License-Identifier: MIT */
/*
 * history.at: a look at an earlier state
 *
 * It is made of the nearest state before it by repeating operations. If these are
 * many, a slice of them is repeated a turn, by a copy of that part of the journal:
 * meanwhile the world may go on, or end. Only until a large nearest state has been
 * copied, in turns as well, it is kept still. For a diff the state is copied where only
 * the last operation is left.
 */
#include "core/world/history.h"
#include "proto/rpc/visit.h"
#include "proto/rpc/work.h"

/* A look under way. */
struct looking {
	struct call_work work; /* first */
	uint64_t seq;          /* of the state that is shown */
	uint64_t target;       /* and of the one before, if there is a diff */
	uint64_t first, last;  /* what history there was at first */
	struct visit visit;    /* the state on its way; NULL: not yet */
	struct journal_copy journal;
};

/* ------------------------------------------------------------- showing */

static void show(struct call *call, struct world *state, uint64_t first,
		 uint64_t last)
{
	struct json_writer *w = &call->w;

	json_writer_object(w);
	json_writer_key(w, "seq");
	json_writer_u64(w, world_seq(state));
	/* The last thing that the call does with a world. */
	call->world = state;
	call->process = world_process(state, call->number);
	write_snapshot(call, NULL);
	write_history_kept(w, first, last);
	json_writer_object_end(w);
}

/* What there is to see without a step back. */
static bool show_present(struct call *call)
{
	uint64_t first, last;

	world_history(call->world, &first, &last);
	before_take(call, NULL, 0, 0);
	show(call, call->world, first, last);
	return true;
}

/* --------------------------------------------------------------- moving */

/* *morep: up to @nr operations have been repeated, and there are more. */
static bool move_on(struct call *call, struct looking *looking, unsigned nr,
		    bool *morep)
{
	struct world *state = looking->visit.state;
	enum world_status status = WORLD_OK;
	struct operation op;
	struct outcome out;

	while (nr-- && status == WORLD_OK &&
	       world_seq(state) < looking->target &&
	       journal_copy_next(&looking->journal, &op)) {
		out.vec = NULL;
		out.vec_size = 0;
		status = world_apply(state, &op, &out);
	}
	*morep = world_seq(state) < looking->target;
	return call_status(call, status);
}

/* The last operation, and what it does to areas. A process that it forks is
 * compared with its parent. */
static bool take_last_step(struct call *call, struct looking *looking,
			   const struct world *earlier)
{
	struct lineage *lineage = &call->service->before.lineage;
	struct world *state = looking->visit.state;
	struct operation op;

	if (!journal_copy_next(&looking->journal, &op))
		return true;
	lineage_begin(lineage, NULL);
	if (!call_status(call,
			 lineage_apply(lineage, state, call->number, &op)))
		return false;
	if (world_process(earlier, call->number))
		before_take(call, earlier, call->number, call->thread);
	else
		before_take(call, earlier, op.process, op.thread);
	return true;
}

static bool show_it(struct call *call, const struct looking *looking)
{
	if (!visit_judge(call, "seq", looking->visit.state))
		return false;
	show(call, looking->visit.state, looking->first, looking->last);
	return true;
}

static bool show_with_earlier(struct call *call, struct looking *looking)
{
	struct visit earlier;
	bool ok;

	if (!visit_copy(call, looking->visit.state, &earlier))
		return false;
	ok = take_last_step(call, looking, earlier.state) &&
	     show_it(call, looking);
	if (!ok)
		before_end(call->service);
	visit_end(&earlier);
	return ok;
}

static bool finish(struct call *call, struct looking *looking)
{
	if (looking->target < looking->seq)
		return show_with_earlier(call, looking);
	before_take(call, NULL, 0, 0);
	if (show_it(call, looking))
		return true;
	before_end(call->service);
	return false;
}

/* --------------------------------------------------------------- turns */

static void drop(struct call *call)
{
	struct looking *looking = (struct looking *)call->work;

	call->work = NULL;
	visit_end(&looking->visit);
	journal_copy_free(&looking->journal);
	work_free(call, &looking->work);
}

/* What is nearest; from then on the world may go on. */
static bool copy_some(struct call *call, struct looking *looking)
{
	bool more;

	if (!visit_copy_some(call, &looking->visit, &more)) {
		drop(call);
		return false;
	}
	if (!more)
		work_let_world_go(call, &looking->work);
	return true;
}

static bool go_on(struct call *call)
{
	struct looking *looking = (struct looking *)call->work;
	bool more, ok;

	if (looking->visit.cloning)
		return copy_some(call, looking);
	ok = move_on(call, looking, call->service->limits.calls_per_slice,
		     &more);
	if (ok && more)
		return true;
	ok = ok && finish(call, looking);
	drop(call);
	return ok;
}

/* A diff is to the state before that one. */
static bool has_earlier_state(const struct call *call)
{
	return call->values[PAST_SEQ].number && call->want & 1u << PART_DIFF;
}

bool at_is_long(const struct call *call)
{
	const uint64_t target =
		call->values[PAST_SEQ].number - has_earlier_state(call);

	/* The present is shown as it is. */
	return (target != world_seq(call->world) || has_earlier_state(call)) &&
	       visit_copy_is_long(call, world_base(call->world, target));
}

static bool begin(struct call *call, uint64_t seq, uint64_t target,
		  uint64_t nearest)
{
	const bool is_large = call->is_long && at_is_long(call);
	struct looking *looking =
		work_new(call, sizeof(*looking), go_on, drop,
			 is_large ? WORK_WORLD_IS_READ : WORK_WORLD_GOES_ON);

	if (!looking)
		return refusal_error(call, &call->error);
	looking->seq = seq;
	looking->target = target;
	call->work = &looking->work;
	world_history(call->world, &looking->first, &looking->last);
	if (!(is_large ? visit_set_out(call, nearest, &looking->visit)
		       : visit_reach(call, nearest, &looking->visit)))
		return false;
	if (world_journal_copy(looking->work.payer, call->world, nearest + 1,
			       seq, &looking->journal))
		return refusal_error(call, &call->error);
	return true;
}

bool run_history_at(struct call *call)
{
	const uint64_t seq = call->values[PAST_SEQ].number;
	const bool has_earlier = has_earlier_state(call);
	const bool is_present = seq == world_seq(call->world);
	const uint64_t target = seq - has_earlier;
	uint64_t nearest;

	if ((is_present && !visit_judge(call, "seq", call->world)) ||
	    !visit_judge_seq(call, "seq", seq) ||
	    (has_earlier && !visit_judge_seq(call, "want", target)))
		return false;
	if (is_present && !has_earlier)
		return show_present(call);
	nearest = world_nearest(call->world, target);
	if (target - nearest > call->service->limits.calls_per_slice &&
	    !call_can_be_held(call))
		return false;
	if (begin(call, seq, target, nearest))
		return go_on(call);
	if (call->work)
		drop(call);
	return false;
}
