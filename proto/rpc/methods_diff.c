/* SPDX-License-Identifier: MIT */
/*
 * history.diff: what differs between two states, of a process or of two
 *
 * Both states are worlds of their own, so that others may have their turn. Of two
 * states of one world the later one is made of the earlier one, operation by
 * operation, and what becomes of areas is listened to on the way.
 *
 * Where the other process lives on another loop, the first state goes there as
 * bytes, and the call with it: the rest is done there.
 */
#include <stdlib.h>
#include <string.h>

#include "core/world/history.h"
#include "proto/rpc/diff.h"
#include "proto/rpc/parcel.h"
#include "proto/rpc/visit.h"
#include "proto/rpc/work.h"

enum {
	AREAS_A_TURN = 512,
	/* Between states that are farther apart addresses must do. */
	LINEAGE_MAX = HISTORY_DEFAULT,
};

/* The way of a first state to the loop of the other process. */
struct journey {
	struct call_work work; /* first */
	struct parcel parcel;
	uint64_t from;
	uint32_t client, number; /* who pays, and the process in the state */
};

/* A comparison under way. */
struct comparing {
	struct call_work work; /* first */
	uint64_t from, to;     /* seqs */
	struct visit sides[2]; /* of from and to; without a state: not yet */
	struct snapshot before, after;
	uint64_t first, last; /* what history there is */
	struct lineage lineage;
	struct journal_copy journal;
	struct world *moving; /* the later state, made of the earlier one */
	uint64_t target;      /* its seq at last */
	struct diff diff;
	bool is_writing;
	bool is_half;            /* the second state is still to be found */
	struct journey *journey; /* the next thing to do; NULL: none */
};

/* The other process, PROCESS_FOUND, or the loop where it lives; else with an
 * error. From now on the call is about the other one. */
static enum process_lookup turn_to_other(struct call *call, unsigned *ownerp)
{
	const struct param_value *value = &call->values[DIFF_OTHER];
	struct rpc_service *service = call->service;
	const struct process_slot *slot;
	char scratch[PROCESS_NAME_LEN];
	enum process_lookup found;
	const char *name = NULL;
	size_t len = 0;

	if (!value->given)
		return PROCESS_FOUND;
	if (!param_kind_is("other", &value->raw, JSON_KIND_STRING,
			   &call->error))
		return PROCESS_UNKNOWN;
	name = json_string_text(&value->raw, scratch, sizeof(scratch), &len);
	found = process_table_find(&service->processes, service->owners,
				   name ? name : "", name ? len : 0,
				   &call->slot, ownerp);
	switch (found) {
	case PROCESS_FOUND:
		slot = process_table_slot(&service->processes, call->slot);
		call->world = slot->world;
		call->number = slot->number;
		break;
	case PROCESS_ELSEWHERE:
		break;
	case PROCESS_GONE:
		error_set(&call->error, ERROR_PROCESS_GONE, "other",
			  "there is no such process any more");
		break;
	default:
		error_set(&call->error, ERROR_PROCESS_UNKNOWN, "other",
			  "there is no such process");
		break;
	}
	return found;
}

static struct snapshot snapshot_of(const struct call *call,
				   const struct visit *side)
{
	struct process *process = world_process(side->state, call->number);

	return (struct snapshot){
		.world = side->state,
		.process = process,
		.task = process_task(process, call->thread),
		.scratch = &call->service->scratch,
	};
}

/* A state by itself. */
static bool take_side(struct call *call, const char *param, uint64_t seq,
		      struct visit *side, struct snapshot *snapshot)
{
	if (seq != world_seq(call->world)) {
		if (!visit_begin(call, param, seq, side))
			return false;
	} else if (!visit_judge(call, param, call->world) ||
		   !visit_copy(call, call->world, side)) {
		return false;
	}
	*snapshot = snapshot_of(call, side);
	return true;
}

/* ------------------------------------------------------------- writing */

static bool begin_writing(struct call *call, struct comparing *comparing)
{
	const bool same = !comparing->sides[1].state;
	struct json_writer *w = &call->w;

	json_writer_object(w);
	json_writer_key(w, "from");
	json_writer_u64(w, comparing->from);
	json_writer_key(w, "to");
	json_writer_u64(w, comparing->to);
	json_writer_key(w, "diff");
	if (!diff_begin(&comparing->diff, w, comparing->work.payer,
			&comparing->before,
			same ? &comparing->before : &comparing->after))
		return refusal_error(call, &call->error);
	comparing->is_writing = true;
	comparing->diff.lineage = &comparing->lineage;
	comparing->diff.backwards = comparing->from > comparing->to;
	return true;
}

static void end_writing(struct json_writer *w,
			const struct comparing *comparing)
{
	write_history_kept(w, comparing->first, comparing->last);
	json_writer_object_end(w);
}

/* --------------------------------------------------------------- moving */

/* The later state begins as a copy of the earlier one. */
static bool begin_moving(struct call *call, struct comparing *comparing,
			 bool backwards)
{
	const uint64_t earlier = backwards ? comparing->to : comparing->from;
	const uint64_t later = backwards ? comparing->from : comparing->to;
	struct visit *base = &comparing->sides[backwards];
	struct visit *moving = &comparing->sides[!backwards];

	if (!visit_judge_seq(call, "from", comparing->from) ||
	    !visit_judge_seq(call, "to", comparing->to) ||
	    !visit_begin(call, backwards ? "to" : "from", earlier, base) ||
	    !visit_copy(call, base->state, moving))
		return false;
	if (world_journal_copy(comparing->work.payer, call->world, earlier + 1,
			       later, &comparing->journal))
		return refusal_error(call, &call->error);
	lineage_begin(&comparing->lineage, NULL);
	comparing->moving = moving->state;
	comparing->target = later;
	return true;
}

/* *morep: up to @nr operations have been carried out, and there are more. */
static bool move_on(struct call *call, struct comparing *comparing, unsigned nr,
		    bool *morep)
{
	enum world_status status = WORLD_OK;
	struct operation op;

	while (nr-- && status == WORLD_OK &&
	       world_seq(comparing->moving) < comparing->target &&
	       journal_copy_next(&comparing->journal, &op))
		status = lineage_apply(&comparing->lineage, comparing->moving,
				       call->number, &op);
	*morep = world_seq(comparing->moving) < comparing->target;
	return call_status(call, status);
}

static bool end_moving(struct call *call, struct comparing *comparing)
{
	const bool backwards = comparing->from > comparing->to;

	comparing->moving = NULL;
	if (!visit_judge(call, backwards ? "from" : "to",
			 comparing->sides[!backwards].state))
		return false;
	comparing->before = snapshot_of(call, &comparing->sides[0]);
	comparing->after = snapshot_of(call, &comparing->sides[1]);
	return true;
}

/* ------------------------------------------------------------- journeys */

static void journey_free(struct journey *journey)
{
	parcel_deinit(&journey->parcel);
	free(journey);
}

static void drop_journey(struct call *call)
{
	journey_free((struct journey *)call->work);
	call->work = NULL;
}

static bool arrive(struct call *call);
static bool seek_second(struct call *call, struct comparing *comparing);

/* For the state of the call's process; NULL: with the error set. It is no loop's,
 * and so small that nobody pays for it. */
static struct journey *journey_new(struct call *call, uint64_t from,
				   unsigned owner)
{
	struct journey *journey = malloc(sizeof(*journey));

	if (!journey) {
		error_no_memory(&call->error);
		return NULL;
	}
	*journey = (struct journey){
		.work = { .go_on = arrive,
			  .drop = drop_journey,
			  .is_leaving = true,
			  .owner = owner },
		.from = from,
		.client = call->tenant->number,
		.number = call->number,
	};
	if (parcel_init(&journey->parcel, call))
		return journey;
	free(journey);
	return NULL;
}

/* --------------------------------------------------------------- turns */

static void drop(struct call *call)
{
	struct comparing *comparing = (struct comparing *)call->work;
	int i;

	call->work = NULL;
	if (comparing->is_writing)
		diff_end(&comparing->diff);
	for (i = 0; i < 2; i++)
		if (comparing->sides[i].state)
			visit_end(&comparing->sides[i]);
	lineage_deinit(&comparing->lineage);
	journal_copy_free(&comparing->journal);
	if (comparing->journey)
		journey_free(comparing->journey);
	work_free(call, &comparing->work);
}

/* All but the journey stays behind. */
static bool leave(struct call *call, struct comparing *comparing)
{
	struct journey *journey = comparing->journey;
	const bool ok =
		parcel_pack(&journey->parcel, call, comparing->sides[0].state);

	if (ok)
		comparing->journey = NULL;
	drop(call);
	if (ok)
		call->work = &journey->work;
	return ok;
}

/* A turn; *morep: another one is needed. */
static bool do_part(struct call *call, struct comparing *comparing, bool *morep)
{
	*morep = true;
	if (comparing->is_half)
		return seek_second(call, comparing);
	if (comparing->moving) {
		if (!move_on(call, comparing,
			     call->service->limits.calls_per_slice, morep))
			return false;
		if (*morep)
			return true;
		if (!end_moving(call, comparing))
			return false;
	}
	if (!comparing->is_writing && !begin_writing(call, comparing))
		return false;
	*morep = diff_go_on(&comparing->diff, &call->w, AREAS_A_TURN);
	if (!*morep)
		end_writing(&call->w, comparing);
	return true;
}

static bool go_on(struct call *call)
{
	struct comparing *comparing = (struct comparing *)call->work;
	bool more, ok;

	if (comparing->journey)
		return leave(call, comparing);
	ok = do_part(call, comparing, &more);
	if (!ok || !more)
		drop(call);
	return ok;
}

static struct comparing *comparing_new(struct call *call)
{
	struct comparing *comparing = work_new(call, sizeof(*comparing), go_on,
					       drop, WORK_WORLD_GOES_ON);

	if (!comparing) {
		refusal_error(call, &call->error);
		return NULL;
	}
	lineage_init(&comparing->lineage);
	call->work = &comparing->work;
	return comparing;
}

/* ------------------------------------------------------------- two states */

/* The second one, of the process that the call is about by now. */
static bool take_second(struct call *call, struct comparing *comparing)
{
	const struct param_value *to = &call->values[DIFF_TO];

	comparing->to = to->given ? to->number : world_seq(call->world);
	world_history(call->world, &comparing->first, &comparing->last);
	return take_side(call, "to", comparing->to, &comparing->sides[1],
			 &comparing->after);
}

/* Likewise; or the first one shall go where that process is. */
static bool seek_second(struct call *call, struct comparing *comparing)
{
	unsigned owner;

	comparing->is_half = false;
	switch (turn_to_other(call, &owner)) {
	case PROCESS_FOUND:
		return take_second(call, comparing);
	case PROCESS_ELSEWHERE:
		comparing->journey = journey_new(call, comparing->from, owner);
		return comparing->journey;
	default:
		return false;
	}
}

static bool begin(struct call *call, struct comparing *comparing)
{
	const struct param_value *to = &call->values[DIFF_TO];
	uint64_t apart;

	comparing->from = call->values[DIFF_FROM].number;
	comparing->to = to->given ? to->number : world_seq(call->world);
	apart = comparing->from > comparing->to
			? comparing->from - comparing->to
			: comparing->to - comparing->from;
	/* Of two processes, or far apart. */
	if (call->values[DIFF_OTHER].given || apart > LINEAGE_MAX)
		return take_side(call, "from", comparing->from,
				 &comparing->sides[0], &comparing->before) &&
		       seek_second(call, comparing);
	world_history(call->world, &comparing->first, &comparing->last);
	if (!apart)
		return take_side(call, "from", comparing->from,
				 &comparing->sides[0], &comparing->before);
	return begin_moving(call, comparing, comparing->from > comparing->to);
}

bool run_history_diff(struct call *call)
{
	struct comparing *comparing = comparing_new(call);

	if (!comparing)
		return false;
	if (begin(call, comparing))
		return comparing->journey || go_on(call);
	drop(call);
	return false;
}

/* Begins with the state that the journey brings. */
static bool resume(struct call *call, const struct journey *journey)
{
	struct comparing *comparing;

	call->tenant = tenants_get(&call->service->tenants, journey->client);
	if (!call->tenant)
		return error_no_memory(&call->error);
	comparing = comparing_new(call);
	if (!comparing)
		return false;
	if (!parcel_unpack(&journey->parcel, call, &comparing->sides[0])) {
		drop(call);
		return false;
	}
	comparing->from = journey->from;
	comparing->is_half = true;
	call->number = journey->number;
	comparing->before = snapshot_of(call, &comparing->sides[0]);
	return true;
}

/* A turn where the other process lives. */
static bool arrive(struct call *call)
{
	struct journey *journey = (struct journey *)call->work;
	bool ok;

	call->work = NULL;
	ok = resume(call, journey);
	journey_free(journey);
	return ok;
}
