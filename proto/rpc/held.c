/* SPDX-License-Identifier: MIT */
#include "proto/rpc/held.h"

#include <stdlib.h>

#include "proto/rpc/answer.h"

/* The key is one of the call's own values. */
static void move_call(struct call *to, const struct call *from)
{
	const ptrdiff_t at = (const char *)from->retry_key - (const char *)from;

	*to = *from;
	if (from->retry_key)
		to->retry_key = (const struct json_value *)((char *)to + at);
}

/* What is written last may come after a change. */
static bool refuse_holding(struct call *call)
{
	struct rpc_error *error = &call->error;

	error_set(error, ERROR_INTERNAL, NULL,
		  "%s; the server found no memory to go on with the call",
		  call->is_carried_out ? "the call was carried out"
				       : "nothing has changed");
	error->is_lost_answer = call->is_carried_out;
	error->carried_out = call->is_carried_out;
	error->seq = call->seq;
	return false;
}

bool held_begin(struct rpc_job *job, struct call *call,
		const struct envelope *envelope, size_t mark,
		struct json_mark begin)
{
	struct held_call *held = malloc(sizeof(*held));

	if (!held) {
		call->work->drop(call);
		return refuse_holding(call);
	}
	move_call(&held->call, call);
	held->envelope = *envelope;
	held->mark = mark;
	held->begin = begin;
	job->held = held;
	return true;
}

/* From now on it is a call of this loop, which knows nothing of it. */
static void arrive(struct rpc_service *service, struct call *call)
{
	call->service = service;
	call->entry = &service->methods.entries[call->entry->number];
	call->tenant = NULL;
	call->world = NULL;
	call->process = NULL;
	call->work->is_leaving = false;
}

enum call_end held_go_on(struct rpc_service *service, const struct rpc_job *job)
{
	struct held_call *held = job->held;
	struct call *call = &held->call;
	bool has_result;

	if (call->work->is_leaving)
		arrive(service, call);
	if (call->retry_key && call->work->is_ending)
		retry_begin(call);
	if (call->error.key || call->repeated)
		call->work->drop(call);
	has_result = !call->error.key && answer_write(job, call, held->begin);
	if (call->work)
		return CALL_HELD;
	return answer_end(service, job, call, &held->envelope, held->mark,
			  has_result);
}

void held_drop(struct rpc_service *service, struct call *call)
{
	if (call->work->is_leaving)
		arrive(service, call);
	call->work->drop(call);
}

void held_end(struct rpc_job *job)
{
	free(job->held);
	job->held = NULL;
}
