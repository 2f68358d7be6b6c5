/* SPDX-License-Identifier: MIT */
/*
 * The journal of a world, for people and programs: what was called, in order
 */
#include <inttypes.h>

#include "core/world/history.h"
#include "proto/rpc/op_text.h"
#include "proto/rpc/service.h"
#include "proto/rpc/visit.h"

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

/* Answers are not kept: they are found by asking again. */
static bool write_operations(struct call *call, uint64_t from, uint64_t end,
			     struct world *state)
{
	struct journal_cursor cursor;
	struct outcome outcome;
	struct operation op;

	json_writer_key(&call->w, "operations");
	json_writer_array(&call->w);
	world_journal_seek(call->world, &cursor, from);
	while (cursor.seq + 1 < end &&
	       world_journal_next(call->world, &cursor, &op)) {
		outcome.vec = NULL;
		outcome.vec_size = 0;
		if (state &&
		    !call_status(call, world_apply(state, &op, &outcome)))
			return false;
		write_operation(&call->w, cursor.seq, &op,
				state ? &outcome : NULL);
	}
	json_writer_array_end(&call->w);
	return true;
}

static bool write_page(struct call *call, uint64_t from, uint64_t end)
{
	struct visit visit;
	bool ok;

	if (!call->values[LIST_ANSWERS].number)
		return write_operations(call, from, end, NULL);
	if (!visit_open(call, "from", from - 1, &visit))
		return false;
	ok = write_operations(call, from, end, visit.state);
	visit_end(&visit);
	return ok;
}

bool run_history_list(struct call *call)
{
	const struct param_value *values = call->values;
	struct json_writer *w = &call->w;
	uint64_t first, last, from, end;

	world_history(call->world, &first, &last);
	from = values[LIST_FROM].given ? values[LIST_FROM].number : first;
	if (!judge_from(call, from, first, last))
		return false;
	end = from + values[LIST_COUNT].number;

	json_writer_object(w);
	if (!write_page(call, from, end))
		return false;
	json_writer_key(w, "next");
	if (end <= last)
		json_writer_u64(w, end);
	else
		json_writer_null(w);
	write_history(call, true);
	json_writer_object_end(w);
	return true;
}
