/* SPDX-License-Identifier: MIT */
#include "proto/rpc/late.h"

#include <string.h>

#include "proto/rpc/late_diff.h"
#include "proto/rpc/work.h"

/* A gap that is being filled. */
struct filling {
	struct call_work work; /* first */
	struct snapshot snapshot;
	struct snapshot_writing writing;
	size_t start; /* of the gap in the answer */
	size_t tail_len;
	char tail[]; /* what comes behind the gap */
};

bool late_is_due(const struct call *call)
{
	return call->is_long && !call->work && !call->is_process_created &&
	       !call->is_world_created &&
	       (snapshot_is_long(call->process, call->want,
				 call->service->limits.reads_per_slice) ||
		late_diff_is_due(call));
}

void late_leave_gap(struct call *call, const struct snapshot *snapshot)
{
	struct json_writer *w = &call->w;
	unsigned others = call->want & ~PARTS_LONG;

	if (late_diff_is_due(call) && late_diff_take(call, snapshot))
		others &= ~(1u << PART_DIFF);
	snapshot_write(w, snapshot, others);
	call->late = call->want & ~others;
	/* Before the bracket. */
	call->late_at.len = w->out->len - 1;
	call->late_at.comma = others != 0;
}

static struct snapshot snapshot_of(const struct call *call)
{
	return (struct snapshot){
		.world = call->world,
		.process = call->process,
		.scratch = &call->service->scratch,
	};
}

static struct snapshot_writing writing_of(const struct call *call,
					  const struct snapshot *snapshot)
{
	return (struct snapshot_writing){
		.snapshot = snapshot,
		.want = call->late & PARTS_LONG,
	};
}

static void end_with_tail(struct json_writer *w, const char *tail, size_t len)
{
	buffer_append(w->out, tail, len);
	w->comma = true;
}

static void fill_at_once(struct call *call)
{
	const struct snapshot snapshot = snapshot_of(call);
	struct snapshot_writing writing = writing_of(call, &snapshot);
	struct buffer *tail = &call->service->arena;
	struct json_writer *w = &call->w;

	buffer_rewind(tail, 0);
	buffer_append(tail, w->out->data + call->late_at.len,
		      w->out->len - call->late_at.len);
	json_writer_rewind(w, call->late_at);
	snapshot_go_on(w, &writing, UINT64_MAX);
	while (call->late_diff && late_diff_go_on(call, SIZE_MAX))
		;
	if (tail->failed)
		call->service->scratch.failed = tail->failed;
	else
		end_with_tail(w, tail->data, tail->len);
}

/* --------------------------------------------------------------- turns */

static void drop(struct call *call)
{
	struct filling *filling = (struct filling *)call->work;

	call->work = NULL;
	late_diff_end(call);
	work_free(call, &filling->work);
}

/* Some of what goes there: whether there is more. */
static bool write_some(struct call *call, struct filling *filling)
{
	const unsigned units = call->service->limits.reads_per_slice;

	if (call->w.out->failed)
		return false;
	if (filling->writing.want)
		return snapshot_go_on(&call->w, &filling->writing, units) ||
		       call->late_diff;
	return call->late_diff && late_diff_go_on(call, units / 4);
}

static bool go_on(struct call *call)
{
	struct filling *filling = (struct filling *)call->work;
	struct json_writer *w = &call->w;
	const bool is_full = w->out->len - filling->start >
			     call->service->limits.answer_bytes;

	if (!is_full && write_some(call, filling))
		return true;
	end_with_tail(w, filling->tail, filling->tail_len);
	drop(call);
	return true;
}

static struct filling *filling_new(struct call *call, size_t tail_len)
{
	/* Whoever keeps the state before keeps the world, too. */
	struct filling *filling = work_new(
		call, sizeof(*filling) + tail_len, go_on, drop,
		call->late_diff ? WORK_WORLD_GOES_ON : WORK_WORLD_IS_READ);

	if (!filling)
		return NULL;
	filling->snapshot = snapshot_of(call);
	filling->writing = writing_of(call, &filling->snapshot);
	filling->start = call->late_at.len;
	filling->tail_len = tail_len;
	return filling;
}

static void fill(struct call *call)
{
	struct json_writer *w = &call->w;
	const size_t tail_len = w->out->len - call->late_at.len;
	struct filling *filling = filling_new(call, tail_len);

	if (!filling) {
		fill_at_once(call);
		late_diff_end(call);
		return;
	}
	memcpy(filling->tail, w->out->data + call->late_at.len, tail_len);
	json_writer_rewind(w, call->late_at);
	call->work = &filling->work;
}

void late_begin(struct call *call, bool has_result)
{
	if (has_result && !call->w.out->failed)
		fill(call);
	else
		late_diff_end(call);
	call->late = 0;
}
