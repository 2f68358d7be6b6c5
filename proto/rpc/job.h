/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Inside proto/rpc: what a job is between its first turn and its last
 *
 * The answer may take limits->answer_bytes. What has been done can grow only
 * so far that each call still to come can be told that it did not run:
 *
 *	| answers so far | this one ...... | ids and ENVELOPE_SHORT_MAX each |
 *	answer_start                                                    limit
 */
#include "proto/rpc/envelope.h"
#include "proto/rpc/service.h"

enum job_state {
	JOB_NEW,
	JOB_SINGLE,
	JOB_BATCH,
	JOB_BATCH_FULL,      /* no room: the rest is refused */
	JOB_BATCH_NO_MEMORY, /* no memory for answers: the rest is refused */
};

/* Which of a job's calls that have not begun still do. */
enum job_cut {
	JOB_WHOLE,
	JOB_UNHEARD,   /* those that change something: nobody waits for the
			  answer */
	JOB_CURTAILED, /* none */
};

/* What became of a call in its turn. */
enum call_end {
	CALL_ANSWERED, /* or, a notification, done in silence */
	CALL_ELSEWHERE,
	CALL_HELD,      /* it goes on in the next turn */
	CALL_GIVEN_UP,  /* nobody waits for what it would answer */
	CALL_LOST_FULL, /* its answer did not fit; it says so */
	CALL_LOST_NO_MEMORY,
};

/** job_open() - judge the whole body, and begin with its first call
 *
 * Return: true; or false with @error set, and the job is to be refused. */
bool job_open(struct rpc_service *service, struct rpc_job *job,
	      struct rpc_error *error);

/** job_refuse() - answer a job with one error, and be done with it */
void job_refuse(struct rpc_job *job, const struct rpc_error *error);

/** job_limit() - bytes that the job's answer may have */
static inline size_t job_limit(const struct rpc_service *service,
			       const struct rpc_job *job)
{
	size_t room = job->answer->max - job->answer_start;

	return room < service->limits.answer_bytes
		       ? room
		       : service->limits.answer_bytes;
}

/** refusals_len() - what telling @calls calls, whose text is @text_len bytes,
 * takes at most */
static inline size_t refusals_len(size_t calls, size_t text_len)
{
	return calls * ENVELOPE_SHORT_MAX + text_len;
}
