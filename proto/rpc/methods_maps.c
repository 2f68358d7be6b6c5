/* SPDX-License-Identifier: MIT */
/*
 * mm.maps and mm.smaps: long ones in turns, with the world kept still
 */
#include "core/mm/mm_types.h"
#include "core/world/proc.h"
#include "core/world/process.h"
#include "proto/rpc/work.h"

/* A text that is being written. */
struct reading {
	struct call_work work; /* first */
	struct snapshot_text text;
	struct smaps smaps;
};

/* Both are asked before it is known whether the thread is there. */
bool maps_is_long(const struct call *call)
{
	return (unsigned)process_mm(call->process)->map_count >
	       call->service->limits.reads_per_slice;
}

bool smaps_is_long(const struct call *call)
{
	const struct mm_struct *mm = process_mm(call->process);

	return (unsigned)mm->map_count + mm->nr_ptes >
	       call->service->limits.reads_per_slice;
}

static struct snapshot_text text_of(const struct call *call,
				    struct smaps *smaps)
{
	return (struct snapshot_text){
		.snapshot = {
			.world = call->world,
			.process = call->process,
			.scratch = &call->service->scratch,
		},
		.smaps = smaps,
	};
}

/* --------------------------------------------------------------- turns */

static void drop(struct call *call)
{
	struct reading *reading = (struct reading *)call->work;

	call->work = NULL;
	if (reading->text.smaps)
		smaps_end(&reading->smaps);
	work_free(call, &reading->work);
}

static bool go_on(struct call *call)
{
	struct reading *reading = (struct reading *)call->work;
	const struct rpc_limits *limits = &call->service->limits;

	if (snapshot_write_text(&call->w, &reading->text,
				limits->reads_per_slice) &&
	    call->w.out->len <= limits->answer_bytes)
		return true;
	drop(call);
	call_end_look(call);
	return true;
}

/* Lets it be @smaps, or maps if that is NULL. False: no memory, nothing kept. */
static bool begin_turns(struct call *call, const struct smaps *smaps)
{
	struct reading *reading = work_new(call, sizeof(*reading), go_on, drop,
					   WORK_WORLD_IS_READ);

	if (!reading)
		return false;
	reading->text = text_of(call, smaps ? &reading->smaps : NULL);
	if (smaps)
		reading->smaps = *smaps;
	call->work = &reading->work;
	return true;
}

static void write_at_once(struct call *call, struct smaps *smaps)
{
	struct snapshot_text text = text_of(call, smaps);

	snapshot_write_text(&call->w, &text, UINT64_MAX);
}

static void begin_text(struct call *call)
{
	json_writer_object(&call->w);
	json_writer_key(&call->w, "text");
}

bool run_mm_maps(struct call *call)
{
	if (!call_knows_thread(call))
		return false;
	begin_text(call);
	if (call->is_long && maps_is_long(call))
		return begin_turns(call, NULL) ||
		       refusal_error(call, &call->error);
	write_at_once(call, NULL);
	call_end_look(call);
	return true;
}

/* Its owner lends the memory. */
static bool begin_smaps(struct call *call, struct smaps *smaps)
{
	if (!smaps_begin(call->process, smaps))
		return true;
	call->tenant = tenant_of(world_memory(call->world));
	return refusal_error(call, &call->error);
}

bool run_mm_smaps(struct call *call)
{
	struct smaps smaps;

	if (!call_knows_thread(call) || !begin_smaps(call, &smaps))
		return false;
	begin_text(call);
	if (call->is_long && smaps_is_long(call)) {
		if (begin_turns(call, &smaps))
			return true;
		smaps_end(&smaps);
		return refusal_error(call, &call->error);
	}
	write_at_once(call, &smaps);
	smaps_end(&smaps);
	call_end_look(call);
	return true;
}
