/* SPDX-License-Identifier: MIT */
/*
 * A job from its first byte to its last: batches, turns and limits
 */
#include "proto/rpc/rpc.h"

#include "core/hot.h"
#include "proto/rpc/held.h"
#include "proto/rpc/job_call.h"
#include "proto/rpc/slice.h"

/* A turn also ends after an answer that took long to write; else as slice.h
 * says. */
#define ANSWER_PER_SLICE (256u << 10)

void rpc_job_init(struct rpc_job *job, const char *body, size_t body_len,
		  struct buffer *answer)
{
	*job = (struct rpc_job){
		.body = body ? body : "",
		.body_len = body_len,
		.answer = answer,
		.answer_start = buffer_mark(answer),
	};
}

static void close_job(const struct rpc_job *job)
{
	if (job->state > JOB_SINGLE && job->answer->len > job->answer_start)
		buffer_append_byte(job->answer, ']');
}

static bool has_had_turn(const struct rpc_service *service,
			 const struct rpc_job *job, unsigned done,
			 size_t written, uint64_t start)
{
	if (done == service->limits.calls_per_slice ||
	    job->answer->len - written > ANSWER_PER_SLICE ||
	    service->slice_bytes > SLICE_BYTES)
		return true;
	return done && slice_is_due(done, service->slice_is_heavy) &&
	       stats_clock(service) - start > SLICE_NS;
}

/* Its next call waits for a world, and would wait in this turn as well. */
static bool is_in_line(const struct rpc_job *job)
{
	return job->place.line && job->state <= JOB_BATCH && !job->cut &&
	       !still_is_due(&job->place);
}

HOT static enum rpc_status run_job(struct rpc_service *service,
				   struct rpc_job *job, unsigned *ownerp,
				   uint64_t start)
{
	const size_t written = job->answer->len;
	struct rpc_error error;
	enum call_end end;
	unsigned done;

	if (job->state == JOB_NEW) {
		if (!job_open(service, job, &error)) {
			job_refuse(job, &error);
			stats_body(service, job, error.key);
			return RPC_DONE;
		}
	}
	service->slice_bytes = 0;
	service->slice_is_heavy = false;
	if (is_in_line(job))
		return RPC_YIELD;
	for (done = 0; job->calls; done++) {
		if (has_had_turn(service, job, done, written, start))
			return RPC_YIELD;
		end = job_call_next(service, job, ownerp);
		if (end != CALL_HELD)
			still_leave(service, &job->place);
		switch (end) {
		case CALL_ANSWERED:
		case CALL_GIVEN_UP:
			break;
		case CALL_ELSEWHERE:
			return RPC_ELSEWHERE;
		case CALL_HELD:
			return RPC_YIELD;
		case CALL_LOST_FULL:
			if (job->state == JOB_BATCH)
				job->state = JOB_BATCH_FULL;
			break;
		case CALL_LOST_NO_MEMORY:
			if (job->state == JOB_BATCH)
				job->state = JOB_BATCH_NO_MEMORY;
			break;
		}
	}
	close_job(job);
	return RPC_DONE;
}

/* Nothing is left of the call but to tell. */
static bool may_lose_answer(const struct call *call)
{
	return call->is_carried_out || call->method->is_looking;
}

void rpc_job_curtail(struct rpc_job *job)
{
	if (job->state <= JOB_BATCH)
		job->cut = JOB_CURTAILED;
	if (job->held && may_lose_answer(&job->held->call))
		job->answer->failed = BUFFER_NO_MEMORY;
}

/* Between two turns. */
static void give_up_held(struct rpc_service *service, struct rpc_job *job)
{
	struct call *call = &job->held->call;

	held_drop(service, call);
	job_call_end_turn(service, call);
	held_end(job);
	still_leave(service, &job->place);
	job_call_give_up(service, job);
}

static void give_up_rest(struct rpc_service *service, struct rpc_job *job)
{
	still_leave(service, &job->place);
	while (job->calls)
		job_call_give_up(service, job);
}

bool rpc_job_abandon(struct rpc_service *service, struct rpc_job *job,
		     enum rpc_abandoning why)
{
	const struct held_call *held = job->held;

	if (!job->cut)
		job->cut = JOB_UNHEARD;
	if (held && (why == RPC_HOST_ENDS || held->call.is_carried_out ||
		     job_call_is_for_answer(&held->call)))
		give_up_held(service, job);
	if (why == RPC_CLIENT_GONE)
		return job->state != JOB_NEW && !job->calls;
	give_up_rest(service, job);
	return true;
}

HOT enum rpc_status rpc_run(struct rpc_service *service, struct rpc_job *job,
			    unsigned *ownerp)
{
	const uint64_t start = stats_clock(service);
	const enum rpc_status status = run_job(service, job, ownerp, start);

	job->had_turn = true;
	stats_turn(service, job, status, start);
	return status;
}
