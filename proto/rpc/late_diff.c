/* SPDX-License-Identifier: MIT */
#include "proto/rpc/late_diff.h"

#include "core/mm/mm_types.h"

struct late_diff {
	struct call_work *lender; /* owns the state before */
	struct memory *payer;
	struct snapshot before, after;
	struct lineage lineage;
	bool is_undoing;
	bool is_begun;
	struct diff diff;
};

static uint64_t areas_of(const struct process *process)
{
	return process && process_is_alive(process)
		       ? (uint64_t)process_mm(process)->map_count
		       : 0;
}

bool late_diff_is_due(const struct call *call)
{
	const struct before *before = &call->service->before;

	return call->want & 1u << PART_DIFF && before->is_set &&
	       before->lender &&
	       areas_of(before->snapshot.process) + areas_of(call->process) >
		       call->service->limits.reads_per_slice / 2;
}

bool late_diff_take(struct call *call, const struct snapshot *after)
{
	struct before *before = &call->service->before;
	struct memory *payer = &call->tenant->memory;
	struct late_diff *late = memory_alloc(payer, sizeof(*late));

	if (!late)
		return false;
	late->lender = before->lender;
	late->payer = payer;
	late->before = before->snapshot;
	late->after = *after;
	late->after.outcome = NULL; /* the handler's */
	late->is_undoing = before->is_undoing;
	lineage_move(&late->lineage, &before->lineage);
	call->late_diff = late;
	return true;
}

/* What has been carried out is not refused because nobody can pay for lists. */
static bool begin(struct call *call, struct late_diff *late)
{
	struct json_writer *w = &call->w;

	json_writer_key(w, "diff");
	if (!diff_begin(&late->diff, w, late->payer, &late->before,
			&late->after) &&
	    !diff_begin(&late->diff, w, NULL, &late->before, &late->after)) {
		call->w.out->failed = BUFFER_NO_MEMORY;
		return false;
	}
	late->diff.lineage = &late->lineage;
	late->diff.backwards = late->is_undoing;
	late->is_begun = true;
	return true;
}

bool late_diff_go_on(struct call *call, size_t nr)
{
	struct late_diff *late = call->late_diff;

	if (!late->is_begun && !begin(call, late))
		return false;
	return diff_go_on(&late->diff, &call->w, nr);
}

void late_diff_end(struct call *call)
{
	struct late_diff *late = call->late_diff;

	if (!late)
		return;
	call->late_diff = NULL;
	if (late->is_begun)
		diff_end(&late->diff);
	lineage_deinit(&late->lineage);
	call->work = late->lender;
	memory_free(late->payer, late, sizeof(*late));
	call->work->drop(call);
}
