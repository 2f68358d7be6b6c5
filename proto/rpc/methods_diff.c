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

#include "proto/rpc/diff.h"
#include "proto/rpc/parcel.h"
#include "proto/rpc/way.h"
#include "proto/rpc/work.h"

enum {
	AREAS_A_TURN = 512,
};

/* The way of a first state to the loop of the other process. */
struct journey {
	struct call_work work; /* first */
	struct parcel parcel;
	uint64_t from;
	uint32_t client, number; /* who pays, and the process in the state */
};

/* One of the two states. */
struct side {
	struct way way;
	uint64_t seq;
	uint32_t number; /* of the process in it */
	bool is_there;   /* and has the process */
};

/* A comparison under way. */
struct comparing {
	struct call_work work; /* first */
	struct side sides[2];  /* from and to; without a way: not known yet */
	uint64_t first, last;  /* what history there is */
	/* The sides are of one world, and one is made of the other. */
	bool is_traced;
	struct lineage lineage;
	struct snapshot before, after;
	struct diff diff;
	bool is_writing;
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

/* -------------------------------------------------------------- the ways */

static bool begin_way(struct call *call, struct side *side, const char *param,
		      uint64_t seq, uint64_t last)
{
	side->seq = seq;
	side->number = call->number;
	return visit_judge_seq(call, param, seq) &&
	       way_begin(call, seq, last, false, &side->way);
}

static bool is_backwards(const struct comparing *comparing)
{
	return comparing->sides[0].seq > comparing->sides[1].seq;
}

/* The later state begins as a copy of the earlier one. */
static bool fork_way(struct call *call, struct comparing *comparing)
{
	const bool backwards = is_backwards(comparing);
	struct side *later = &comparing->sides[!backwards];

	if (!comparing->is_traced || later->way.is_open)
		return true;
	lineage_begin(&comparing->lineage, NULL);
	return way_fork(call, &comparing->sides[backwards].way, later->seq,
			&later->way);
}

/* Who listens on the way to a side, if anybody does. */
static struct lineage *listener(struct comparing *comparing,
				const struct side *side)
{
	const bool backwards = is_backwards(comparing);

	return comparing->is_traced && side == &comparing->sides[!backwards]
		       ? &comparing->lineage
		       : NULL;
}

/* A turn of the way to a side. */
static bool go_to(struct call *call, struct comparing *comparing,
		  struct side *side)
{
	bool more;

	call->number = side->number;
	if (!way_go_on(call, &side->way, listener(comparing, side), &more))
		return false;
	if (more)
		return true;
	side->is_there = true;
	return visit_judge(call, side == comparing->sides ? "from" : "to",
			   side->way.visit.state) &&
	       fork_way(call, comparing);
}

/* The next side that is not there, the earlier one first; NULL: all are that are
 * known. */
static struct side *next_side(struct comparing *comparing)
{
	const bool first = comparing->is_traced && is_backwards(comparing);
	unsigned i;

	for (i = 0; i < 2; i++) {
		struct side *side = &comparing->sides[i ^ first];

		if (side->way.is_open && !side->is_there)
			return side;
	}
	return NULL;
}

/* ------------------------------------------------------------- writing */

static struct snapshot snapshot_of(const struct call *call,
				   const struct side *side)
{
	const struct world *state = side->way.visit.state;
	struct process *process = world_process(state, side->number);

	return (struct snapshot){
		.world = state,
		.process = process,
		.task = process_task(process, call->thread),
		.scratch = &call->service->scratch,
	};
}

static bool begin_writing(struct call *call, struct comparing *comparing)
{
	const struct side *from = &comparing->sides[0];
	const struct side *to = &comparing->sides[1];
	struct json_writer *w = &call->w;

	comparing->before = snapshot_of(call, from);
	comparing->after =
		to->is_there ? snapshot_of(call, to) : comparing->before;
	json_writer_object(w);
	json_writer_key(w, "from");
	json_writer_u64(w, from->seq);
	json_writer_key(w, "to");
	json_writer_u64(w, to->seq);
	json_writer_key(w, "diff");
	if (!diff_begin(&comparing->diff, w, comparing->work.payer,
			&comparing->before, &comparing->after))
		return refusal_error(call, &call->error);
	comparing->is_writing = true;
	comparing->diff.lineage = &comparing->lineage;
	comparing->diff.backwards = is_backwards(comparing);
	return true;
}

static void end_writing(struct json_writer *w,
			const struct comparing *comparing)
{
	write_history_kept(w, comparing->first, comparing->last);
	json_writer_object_end(w);
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
	const bool backwards = is_backwards(comparing);

	call->work = NULL;
	if (comparing->is_writing)
		diff_end(&comparing->diff);
	/* What may be under way as a copy of the other goes first. */
	way_end(&comparing->sides[!backwards].way);
	way_end(&comparing->sides[backwards].way);
	lineage_deinit(&comparing->lineage);
	if (comparing->journey)
		journey_free(comparing->journey);
	work_free(call, &comparing->work);
}

/* All but the journey stays behind. */
static bool leave(struct call *call, struct comparing *comparing)
{
	struct journey *journey = comparing->journey;

	if (!parcel_pack(&journey->parcel, call,
			 comparing->sides[0].way.visit.state))
		return false;
	comparing->journey = NULL;
	drop(call);
	call->work = &journey->work;
	return true;
}

/* A turn; *morep: another one is needed. */
static bool do_part(struct call *call, struct comparing *comparing, bool *morep)
{
	struct side *side = next_side(comparing);

	*morep = true;
	if (side)
		return go_to(call, comparing, side);
	if (comparing->journey)
		return leave(call, comparing);
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
static bool set_out_for_second(struct call *call, struct comparing *comparing)
{
	const struct param_value *to = &call->values[DIFF_TO];
	const uint64_t seq = to->given ? to->number : world_seq(call->world);

	world_history(call->world, &comparing->first, &comparing->last);
	return begin_way(call, &comparing->sides[1], "to", seq, seq);
}

/* Likewise; or the first one shall go where that process is. */
static bool seek_second(struct call *call, struct comparing *comparing)
{
	unsigned owner;

	switch (turn_to_other(call, &owner)) {
	case PROCESS_FOUND:
		return set_out_for_second(call, comparing);
	case PROCESS_ELSEWHERE:
		comparing->journey =
			journey_new(call, comparing->sides[0].seq, owner);
		return comparing->journey;
	default:
		return false;
	}
}

/* The way to one leads through the other. */
static bool begin_traced(struct call *call, struct comparing *comparing,
			 uint64_t from, uint64_t to)
{
	const bool backwards = from > to;
	struct side *later = &comparing->sides[!backwards];

	if (!visit_judge_seq(call, "from", from) ||
	    !visit_judge_seq(call, "to", to))
		return false;
	later->seq = backwards ? from : to;
	later->number = call->number;
	comparing->is_traced = true;
	return begin_way(call, &comparing->sides[backwards], "from",
			 backwards ? to : from, later->seq);
}

static bool begin(struct call *call, struct comparing *comparing)
{
	const struct param_value *to = &call->values[DIFF_TO];
	const uint64_t first = call->values[DIFF_FROM].number;
	const uint64_t second = to->given ? to->number : world_seq(call->world);
	const uint64_t apart = first > second ? first - second : second - first;

	world_history(call->world, &comparing->first, &comparing->last);
	if (call->values[DIFF_OTHER].given || apart > LINEAGE_MAX)
		return begin_way(call, &comparing->sides[0], "from", first,
				 first) &&
		       seek_second(call, comparing);
	if (apart)
		return begin_traced(call, comparing, first, second);
	comparing->sides[1].seq = second;
	return begin_way(call, &comparing->sides[0], "from", first, first);
}

bool run_history_diff(struct call *call)
{
	struct comparing *comparing = comparing_new(call);

	if (!comparing)
		return false;
	if (begin(call, comparing))
		return go_on(call);
	drop(call);
	return false;
}

/* Begins with the state that the journey brings. */
static bool resume(struct call *call, const struct journey *journey)
{
	struct comparing *comparing;
	struct side *side;

	call->tenant = tenants_get(&call->service->tenants, journey->client);
	if (!call->tenant)
		return error_no_memory(&call->error);
	comparing = comparing_new(call);
	if (!comparing)
		return false;
	side = &comparing->sides[0];
	side->seq = journey->from;
	side->number = journey->number;
	side->is_there = side->way.is_open =
		parcel_unpack(&journey->parcel, call, &side->way.visit);
	if (side->is_there && seek_second(call, comparing))
		return true;
	drop(call);
	return false;
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
