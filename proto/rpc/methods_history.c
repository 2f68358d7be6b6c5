/* SPDX-License-Identifier: MIT */
/*
 * The journal of a world, for people and programs: what was called, in order
 */
#include <inttypes.h>

#include "core/world/history.h"
#include "proto/rpc/op_text.h"
#include "proto/rpc/slice.h"
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
	struct visit visit;    /* what answers; nothing does at once */
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

/* Answers are not kept: they are found by asking again. What is only read is
 * short: LIST_COUNT has a maximum. */
bool list_is_long(const struct call *call)
{
	const uint64_t from = first_wanted(call);

	return call->values[LIST_ANSWERS].number && from &&
	       from - 1 <= world_seq(call->world);
}

static void write_next(struct call *call, const struct listing *listing,
		       const struct operation *op,
		       const struct outcome *outcome)
{
	if (listing->cursor.seq >= listing->from)
		write_operation(&call->w, listing->cursor.seq, op, outcome);
}

/* The next operation of the page, or on the way there; false: there is none. */
static bool next(struct call *call, struct listing *listing,
		 struct operation *op)
{
	return listing->cursor.seq + 1 < listing->end && !call->w.out->failed &&
	       world_journal_next(call->world, &listing->cursor, op);
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

/* --------------------------------------------------------------- turns */

static void drop(struct call *call)
{
	struct listing *listing = (struct listing *)call->work;

	call->work = NULL;
	visit_end(&listing->visit);
	work_free(call, &listing->work);
}

/* Carries out and lists what fits in a turn. */
static bool ask_again(struct call *call, struct listing *listing, bool *morep)
{
	struct world *state = listing->visit.state;
	struct outcome outcome;
	struct slice slice;
	struct operation op;

	slice_begin(&slice, call);
	*morep = true;
	while (slice_admits(&slice, state)) {
		*morep = next(call, listing, &op);
		if (!*morep)
			break;
		outcome.vec = NULL;
		outcome.vec_size = 0;
		if (!call_status(call, world_apply(state, &op, &outcome)))
			return false;
		write_next(call, listing, &op, &outcome);
	}
	return true;
}

/* A turn: first what is nearest is copied. */
static bool do_part(struct call *call, struct listing *listing, bool *morep)
{
	bool is_copying;

	if (listing->visit.state)
		return ask_again(call, listing, morep);
	*morep = true;
	return visit_copy_some(call, &listing->visit, &is_copying);
}

static bool go_on(struct call *call)
{
	struct listing *listing = (struct listing *)call->work;
	bool more, ok;

	ok = do_part(call, listing, &more);
	if (ok && more)
		return true;
	if (ok)
		end_result(call, listing->end, listing->last);
	drop(call);
	return ok;
}

static bool list_in_turns(struct call *call, const struct listing *page)
{
	const uint64_t before = page->from - 1;
	struct listing *listing = work_new(call, sizeof(*listing), go_on, drop,
					   WORK_WORLD_IS_READ);

	if (!listing)
		return refusal_error(call, &call->error);
	listing->from = page->from;
	listing->end = page->end;
	listing->last = page->last;
	call->work = &listing->work;
	if (!visit_set_out(call, before, true, &listing->visit)) {
		drop(call);
		return false;
	}
	world_journal_seek(call->world, &listing->cursor,
			   world_nearest(call->world, before) + 1);
	begin_result(call);
	return true;
}

static bool list_at_once(struct call *call, struct listing *listing)
{
	struct operation op;

	world_journal_seek(call->world, &listing->cursor, listing->from);
	begin_result(call);
	while (next(call, listing, &op))
		write_next(call, listing, &op, NULL);
	end_result(call, listing->end, listing->last);
	return true;
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
