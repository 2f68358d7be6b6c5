/* SPDX-License-Identifier: MIT */
/*
 * history.at: a look at an earlier state
 *
 * Meanwhile the world may go on, or end. For a diff there is one more operation from
 * the state before, and what it does to areas is listened to.
 */
#include "proto/rpc/way.h"
#include "proto/rpc/work.h"

/* A look under way. */
struct looking {
	struct call_work work; /* first */
	uint64_t seq;          /* of the state that is shown */
	uint64_t first, last;  /* what history there was at first */
	struct way way; /* to it, or to the one before if there is a diff */
	struct way last_step; /* from there */
	struct lineage lineage;
	struct operation op; /* that it is */
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

/* A process that the last step forks is compared with its parent. */
static void take_earlier(struct call *call, struct looking *looking)
{
	const struct world *earlier = looking->way.visit.state;
	const struct operation *op = &looking->op;

	if (world_process(earlier, call->number))
		before_take(call, earlier, call->number, call->thread);
	else
		before_take(call, earlier, op->process, op->thread);
	lineage_move(&call->service->before.lineage, &looking->lineage);
}

static bool finish(struct call *call, struct looking *looking)
{
	const bool has_earlier = looking->last_step.is_open;
	struct world *state = has_earlier ? looking->last_step.visit.state
					  : looking->way.visit.state;

	if (!visit_judge(call, "seq", state))
		return false;
	if (has_earlier)
		take_earlier(call, looking);
	else
		before_take(call, NULL, 0, 0);
	show(call, state, looking->first, looking->last);
	return true;
}

/* --------------------------------------------------------------- turns */

static void drop(struct call *call)
{
	struct looking *looking = (struct looking *)call->work;

	call->work = NULL;
	way_end(&looking->last_step);
	way_end(&looking->way);
	lineage_deinit(&looking->lineage);
	work_free(call, &looking->work);
}

static bool begin_last_step(struct call *call, struct looking *looking)
{
	struct journal_copy next = looking->way.journal;

	journal_copy_next(&next, &looking->op);
	lineage_begin(&looking->lineage, NULL);
	return way_fork(call, &looking->way, looking->seq, &looking->last_step);
}

/* A turn; *morep: another one is needed. */
static bool draw_near(struct call *call, struct looking *looking, bool *morep)
{
	struct way *way = &looking->way;

	if (looking->last_step.is_open)
		return way_go_on(call, &looking->last_step, &looking->lineage,
				 morep);
	if (!way_go_on(call, way, NULL, morep))
		return false;
	if (way_has_set_out(way))
		work_let_world_go(call, &looking->work);
	if (*morep || way->target == looking->seq)
		return true;
	*morep = true;
	return begin_last_step(call, looking);
}

static bool go_on(struct call *call)
{
	struct looking *looking = (struct looking *)call->work;
	bool more, ok;

	ok = draw_near(call, looking, &more);
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
	       way_is_long(call, target);
}

static bool begin(struct call *call, uint64_t seq, uint64_t target)
{
	const bool is_long = call->is_long && at_is_long(call);
	struct looking *looking =
		work_new(call, sizeof(*looking), go_on, drop,
			 is_long ? WORK_WORLD_IS_READ : WORK_WORLD_GOES_ON);

	if (!looking)
		return refusal_error(call, &call->error);
	looking->seq = seq;
	lineage_init(&looking->lineage);
	call->work = &looking->work;
	world_history(call->world, &looking->first, &looking->last);
	return way_begin(call, target, seq, is_long, &looking->way);
}

bool run_history_at(struct call *call)
{
	const uint64_t seq = call->values[PAST_SEQ].number;
	const bool has_earlier = has_earlier_state(call);
	const bool is_present = seq == world_seq(call->world);
	const uint64_t target = seq - has_earlier;

	if ((is_present && !visit_judge(call, "seq", call->world)) ||
	    !visit_judge_seq(call, "seq", seq) ||
	    (has_earlier && !visit_judge_seq(call, "want", target)))
		return false;
	if (is_present && !has_earlier)
		return show_present(call);
	if (!call_can_be_held(call))
		return false;
	if (begin(call, seq, target))
		return go_on(call);
	if (call->work)
		drop(call);
	return false;
}
