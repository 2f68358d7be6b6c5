/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Inside proto/rpc: calls between two turns
 *
 * A call whose handler has set call->work (struct call_work) is held by its job
 * until the work is done. Meanwhile the job leaves its loop only if the work does.
 */
#include "proto/rpc/job.h"

struct held_call {
	struct call call;
	struct envelope envelope;
	size_t mark;            /* in the answer, where it begins */
	struct json_mark begin; /* and where its result does */
};

/** held_begin() - have @job hold a call, whose work it keeps from now on; @call is
 * of no more use
 * @mark, @begin: where its answer and its result begin
 *
 * Return: true; or false without memory, with call->error set, and the call has
 *         let go of its work.
 */
bool held_begin(struct rpc_job *job, struct call *call,
		const struct envelope *envelope, size_t mark,
		struct json_mark begin);

/** held_go_on() - the next turn of the call that @job holds: CALL_HELD, or it has
 * been answered
 * @service: of this loop; what the work has left another one for, it goes on with
 *           from now on */
enum call_end held_go_on(struct rpc_service *service,
			 const struct rpc_job *job);

/** held_drop() - have a call that is held let go of its work, between two turns
 * @service: as above */
void held_drop(struct rpc_service *service, struct call *call);

/** held_end() - forget the call, which has been answered */
void held_end(struct rpc_job *job);
