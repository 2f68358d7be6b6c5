/* SPDX-License-Identifier: MIT */
/*
 * What only looks: no operation, no seq
 */
#include "proto/rpc/service.h"

static bool thread_is_known(struct call *call)
{
	if (process_task(call->process, call->thread))
		return true;
	return call_status(call, WORLD_THREAD_UNKNOWN);
}

static void end_result(struct call *call)
{
	write_snapshot(call, NULL);
	write_history(call, false);
	json_writer_object_end(&call->w);
}

bool run_mm_snapshot(struct call *call)
{
	if (!thread_is_known(call))
		return false;
	json_writer_object(&call->w);
	end_result(call);
	return true;
}

bool run_mm_maps(struct call *call)
{
	const struct snapshot snapshot = {
		.world = call->world,
		.process = call->process,
		.scratch = &call->service->scratch,
	};

	if (!thread_is_known(call))
		return false;
	json_writer_object(&call->w);
	json_writer_key(&call->w, "text");
	snapshot_write_maps_text(&call->w, &snapshot);
	end_result(call);
	return true;
}

bool run_mm_status(struct call *call)
{
	char text[STATUS_TEXT_MAX];
	size_t len;

	if (!thread_is_known(call))
		return false;
	len = process_status_text(call->process, text);
	json_writer_object(&call->w);
	json_writer_key(&call->w, "text");
	json_writer_string(&call->w, text, len);
	end_result(call);
	return true;
}

bool run_discover(struct call *call)
{
	rpc_discover(call->w.out, call->service->host.version);
	return true;
}
