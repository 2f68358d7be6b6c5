/* SPDX-License-Identifier: MIT */
/*
 * The journal of a world, for people and programs: what was called, in order
 */
#include <inttypes.h>

#include "core/world/history.h"
#include "proto/rpc/op_text.h"
#include "proto/rpc/visit.h"
#include "proto/rpc/work.h"

/* The caller's other processes have no names here: names are secrets. */
static void write_operation(struct json_writer *w, uint64_t seq,
			    const struct operation *op,
			    const struct outcome *outcome)
{
	json_writer_object(w);
	json_writer_key(w, "seq");
	json_writer_u64(w, seq);
	json_writer_key(w, "number");
	json_writer_u64(w, op->process);
	json_writer_key(w, "thread");
	json_writer_u64(w, op->thread);
	op_write(w, op);
	if (outcome) {
		json_writer_key(w, "answer");
		op_write_answer(w, op, outcome);
	}
	json_writer_object_end(w);
}

static bool judge_from(struct call *call, uint64_t from, uint64_t first,
		       uint64_t last)
{
	if (from < first)
		return error_set(&call->error, ERROR_HISTORY_FOLDED, "from",
				 "history begins with operation %" PRIu64
				 "; what came before has been folded away",
				 first);
	if (from > last + 1)
		return error_set(&call->error, ERROR_HISTORY_FUTURE, "from",
				 "the last operation so far is %" PRIu64, last);
	return true;
}

/* A page on its way. */
struct listing {
	struct call_work work; /* first; of one in turns */
	struct visit visit;    /* what answers; without a state: nothing does */
	struct journal_cursor cursor;
	uint64_t from, end, last;
};

static uint64_t first_wanted(const struct call *call)
{
	const struct param_value *from = &call->values[LIST_FROM];
	uint64_t first, last;

	world_history(call->world, &first, &last);
	return from->given ? from->number : first;
}

/* The state from which answers are made: the one before the page at the latest. */
static uint64_t origin_of(const struct call *call, uint64_t from)
{
	return world_nearest(call->world, from - 1);
}

bool list_is_long(const struct call *call)
{
	const uint64_t from = first_wanted(call);

	/* What is only read is short: LIST_COUNT has a maximum. */
	return call->values[LIST_ANSWERS].number && from &&
	       from - 1 <= world_seq(call->world) &&
	       from + call->values[LIST_COUNT].number - origin_of(call, from) >
		       call->service->limits.calls_per_slice;
}

/* The next operation of the world, to be written if it is on the page. */
static bool take(struct call *call, struct listing *listing,
		 const struct operation *op)
{
	struct world *state = listing->visit.state;
	struct outcome outcome = { .vec = NULL };

	if (state && !call_status(call, world_apply(state, op, &outcome)))
		return false;
	if (listing->cursor.seq >= listing->from)
		write_operation(&call->w, listing->cursor.seq, op,
				state ? &outcome : NULL);
	return true;
}

/* *morep: up to @nr have been taken, and there are more. */
static bool take_some(struct call *call, struct listing *listing, uint64_t nr,
		      bool *morep)
{
	struct operation op;

	*morep = false;
	while (listing->cursor.seq + 1 < listing->end && !call->w.out->failed) {
		if (!nr--) {
			*morep = true;
			return true;
		}
		if (!world_journal_next(call->world, &listing->cursor, &op))
			return true;
		if (!take(call, listing, &op))
			return false;
	}
	return true;
}

static void begin_result(struct call *call)
{
	json_writer_object(&call->w);
	json_writer_key(&call->w, "operations");
	json_writer_array(&call->w);
}

static void end_result(struct call *call, uint64_t end, uint64_t last)
{
	struct json_writer *w = &call->w;

	json_writer_array_end(w);
	json_writer_key(w, "next");
	if (end <= last)
		json_writer_u64(w, end);
	else
		json_writer_null(w);
	write_history(call, true);
	json_writer_object_end(w);
}

/* Answers are not kept: they are found by asking again. */
static bool open_page(struct call *call, struct listing *listing)
{
	uint64_t before = listing->from - 1;

	if (call->values[LIST_ANSWERS].number) {
		before = origin_of(call, listing->from);
		if (!visit_reach(call, before, &listing->visit))
			return false;
	}
	world_journal_seek(call->world, &listing->cursor, before + 1);
	return true;
}

static void close_page(struct listing *listing)
{
	if (listing->visit.state)
		visit_end(&listing->visit);
}

/* --------------------------------------------------------------- turns */

static void drop(struct call *call)
{
	struct listing *listing = (struct listing *)call->work;

	call->work = NULL;
	close_page(listing);
	work_free(call, &listing->work);
}

static bool go_on(struct call *call)
{
	struct listing *listing = (struct listing *)call->work;
	bool more, ok;

	ok = take_some(call, listing, call->service->limits.calls_per_slice,
		       &more);
	if (ok && more)
		return true;
	if (ok)
		end_result(call, listing->end, listing->last);
	drop(call);
	return ok;
}

static bool list_in_turns(struct call *call, const struct listing *page)
{
	struct listing *listing = work_new(call, sizeof(*listing), go_on, drop,
					   WORK_WORLD_IS_READ);

	if (!listing)
		return refusal_error(call, &call->error);
	listing->from = page->from;
	listing->end = page->end;
	listing->last = page->last;
	call->work = &listing->work;
	if (!open_page(call, listing)) {
		drop(call);
		return false;
	}
	begin_result(call);
	return true;
}

static bool list_at_once(struct call *call, struct listing *listing)
{
	bool more, ok;

	if (!open_page(call, listing))
		return false;
	begin_result(call);
	ok = take_some(call, listing, UINT64_MAX, &more);
	close_page(listing);
	if (ok)
		end_result(call, listing->end, listing->last);
	return ok;
}

bool run_history_list(struct call *call)
{
	struct listing listing = { .from = first_wanted(call) };
	uint64_t first;

	world_history(call->world, &first, &listing.last);
	if (!judge_from(call, listing.from, first, listing.last))
		return false;
	listing.end = listing.from + call->values[LIST_COUNT].number;
	if (listing.end > listing.last + 1)
		listing.end = listing.last + 1;
	if (call->is_long && list_is_long(call))
		return list_in_turns(call, &listing);
	return list_at_once(call, &listing);
}
