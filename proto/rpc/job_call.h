/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Inside proto/rpc: the next of a job's calls
 */
#include "proto/rpc/job.h"

/**
 * job_call_next() - work on the next call, or on the one that is held
 * @ownerp: out, with CALL_ELSEWHERE: the loop to go on with; nothing has been done,
 *          or the call is held
 *
 * With CALL_HELD it is held, or it waits and has not begun.
 */
enum call_end job_call_next(struct rpc_service *service, struct rpc_job *job,
			    unsigned *ownerp);

/** job_call_end_turn() - settle what the call's turn has changed */
void job_call_end_turn(struct rpc_service *service, struct call *call);

/** job_call_is_for_answer() - does the call serve its answer alone, which may have
 * the names of a new world? */
bool job_call_is_for_answer(const struct call *call);

/** job_call_give_up() - count a call for whose answer nobody waits as done */
static inline void job_call_give_up(struct rpc_service *service,
				    struct rpc_job *job)
{
	job->calls--;
	service->stats.abandoned++;
}
