/* SPDX-License-Identifier: MIT */
/*
 * A job's next call: found, read, begun or left out, and counted
 */
#include "proto/rpc/job_call.h"

#include "core/hot.h"
#include "proto/rpc/answer.h"
#include "proto/rpc/copying.h"
#include "proto/rpc/held.h"
#include "proto/rpc/slice.h"

/* Memory worth keeping in the service's own buffers. */
#define BUFFER_KEEP (64u << 10)

/* The index is the service's: other jobs had their turn, the job has come from
 * another loop, or its calls did not all fit. Of what may be lost again not much
 * is fetched at a time. */
APART static const struct json_item *fetch_rows(struct rpc_service *service,
						struct rpc_job *job)
{
	const unsigned most = service->limits.calls_per_slice;
	unsigned ahead = job->fetched ? 1 : 2 * job->ahead;

	ahead = ahead < most ? ahead : most;
	ahead = ahead ? ahead : 1;
	json_index_resume(&service->index, job->body, job->body_len,
			  job->body + job->cursor, ahead);
	job->index = service->index.stamp;
	job->ahead = ahead;
	job->fetched = service->index.rows;
	return json_index_row(&service->index);
}

static const struct json_item *next_row(struct rpc_service *service,
					struct rpc_job *job)
{
	const struct json_index *index = &service->index;

	/* The host may have moved the body, once. */
	if (__builtin_expect(job->index == index->stamp && index->rows &&
				     index->text == job->body,
			     1))
		return index->row;
	return fetch_rows(service, job);
}

/* The row has been dealt with, and may have been overwritten by that. */
static void end_row(struct rpc_service *service, struct rpc_job *job)
{
	if (job->index == service->index.stamp)
		json_index_advance(&service->index);
	job->fetched--;
}

/* A call whose answer somebody must see is no notification. */
static void judge_answer_wanted(struct call *call, struct envelope *envelope)
{
	if (envelope->has_id || !call->method || !call->method->needs_answer)
		return;
	envelope_set_null_id(envelope);
	error_set(&call->error, ERROR_REQUEST, NULL,
		  "%s needs an id: without an answer nobody would learn the "
		  "name of what it makes, so nothing has been made",
		  call->method->name);
}

/* Takes a row as a call: call->error, or it may run. */
static void read_call(struct call *call, struct envelope *envelope,
		      const struct json_item *row)
{
	if (!envelope_read(&call->service->index, row, envelope,
			   &call->error)) {
		/* No notification, as it is no request. */
		if (!envelope->has_id)
			envelope_set_null_id(envelope);
		return;
	}
	if (call_find_method(call, envelope->method))
		call_read_params(call, envelope->params);
	judge_answer_wanted(call, envelope);
	/* Nobody sees what a notification answers. */
	if (!envelope->has_id)
		call->want = 0;
}

/* Its process, and where its key is kept; false: ask loop *ownerp. */
static bool find_what_is_meant(struct call *call, unsigned *ownerp)
{
	if (subscription_is_elsewhere(call, ownerp))
		return false;
	if (call_find_process(call, ownerp) == PROCESS_ELSEWHERE)
		return false;
	return !call->retry_key || !retry_is_elsewhere(call, ownerp);
}

/* Is it too much for a turn? */
static bool is_long(const struct call *call)
{
	return (call->method->is_long && call->method->is_long(call)) ||
	       copying_is_long(call) ||
	       snapshot_is_long(call->process, call->want,
				call->service->limits.reads_per_slice);
}

/* A call that is long, or whose world is kept still: may it begin? */
APART static bool may_enter(struct rpc_service *service, struct rpc_job *job,
			    const struct call *call)
{
	const bool looks = call->method->is_looking;

	if (looks && !call->is_long)
		return true;
	/* Before the host has kept the body, it can neither wait in line nor be
	 * held. */
	if (!job->had_turn)
		return false;
	if (call->is_guest)
		return still_visit(service, call->world, &job->place,
				   call->caller.client);
	return still_enter(service, call->world, &job->place,
			   looks ? STILL_KEEP : STILL_CHANGE);
}

static bool may_begin(struct rpc_service *service, struct rpc_job *job,
		      struct call *call)
{
	if (!call->world)
		return true;
	service->slice_is_heavy |= slice_world_is_large(call->world);
	call->is_long = is_long(call);
	if (__builtin_expect(!call->is_long && !world_note(call->world), 1))
		return true;
	return may_enter(service, job, call);
}

static enum call_end run_call(struct rpc_service *service, struct rpc_job *job,
			      struct envelope *envelope, struct call *call,
			      unsigned *ownerp)
{
	const size_t mark = buffer_mark(job->answer);
	struct json_mark begin;
	bool has_result;

	if (!call->error.key) {
		if (!find_what_is_meant(call, ownerp))
			return CALL_ELSEWHERE;
		if (!may_begin(service, job, call))
			return CALL_HELD;
		if (call->retry_key)
			retry_begin(call);
	}
	if (call->error.key)
		return answer_end(service, job, call, envelope, mark, false);
	begin = answer_begin(job, call, envelope);
	has_result = answer_write(job, call, begin);
	if (call->is_waiting) {
		buffer_rewind(job->answer, mark);
		return CALL_HELD;
	}
	if (call->work) {
		has_result = held_begin(job, call, envelope, mark, begin);
		if (has_result)
			return CALL_HELD;
	}
	return answer_end(service, job, call, envelope, mark, has_result);
}

/* An id so long that not even a refusal with it would fit. */
static bool is_id_too_long(const struct rpc_service *service,
			   const struct rpc_job *job,
			   const struct envelope *envelope)
{
	return job->state == JOB_SINGLE && envelope->has_id &&
	       refusals_len(1, envelope->id.len) > job_limit(service, job);
}

/* What the call has changed may be less than has been leased for it. */
static void settle_with(struct rpc_service *service, struct tenant *tenant)
{
	service->slice_bytes += tenant->account.call_bytes;
	tenant->account.call_bytes = 0;
	if (__builtin_expect(tenant->memory.nr_idle != 0, 0))
		service_trim(service, tenant);
	tenants_settle(&service->tenants, tenant);
}

static void settle(struct rpc_service *service, const struct call *call)
{
	if (call->tenant)
		settle_with(service, call->tenant);
	if (call->keeper && call->keeper != call->tenant)
		settle_with(service, call->keeper);
}

/* Whoever keeps results may be gone in the next. */
HOT void job_call_end_turn(struct rpc_service *service, struct call *call)
{
	settle(service, call);
	call->keeper = NULL;
	buffer_reset(&service->scratch, BUFFER_KEEP);
	buffer_reset(&service->arena, BUFFER_KEEP);
}

static void count_call(struct rpc_service *service, struct rpc_job *job,
		       const struct call *call)
{
	job->calls--;
	stats_call(service, job, call->entry, call->error.key);
}

/* Not all of its calls run, that have not begun. */
static bool is_cut(const struct rpc_job *job)
{
	return job->state > JOB_BATCH || job->cut || job->retry_after;
}

bool job_call_is_for_answer(const struct call *call)
{
	const struct method *method = call->method;

	return !method || method->is_looking ||
	       (method->needs_answer && !call_process_value(call));
}

static bool runs_unheard(const struct rpc_job *job, const struct call *call)
{
	return job->cut == JOB_UNHEARD && job->state <= JOB_BATCH &&
	       !job->retry_after && !job_call_is_for_answer(call);
}

/* It does not run, and whoever waits for its answer is told so. */
APART static enum call_end leave_out(const struct rpc_job *job,
				     struct call *call,
				     const struct envelope *envelope)
{
	if (job->cut == JOB_UNHEARD)
		return CALL_GIVEN_UP;
	call->error.key = answer_refusal(job, envelope);
	return CALL_ANSWERED;
}

/* Before the host has kept the body, nothing can point into it for long. */
static bool must_wait(const struct rpc_job *job, const struct call *call)
{
	return !job->had_turn && !call->error.key && call->method->takes_turns;
}

/* Works on the call that was held. */
APART static enum call_end work_on_held(struct rpc_service *service,
					struct rpc_job *job, unsigned *ownerp,
					const struct method_entry **entryp)
{
	struct call *call = &job->held->call;
	enum call_end end = held_go_on(service, job);

	*entryp = call->entry;
	job_call_end_turn(service, call);
	if (end == CALL_HELD && call->work->is_leaving) {
		*ownerp = call->work->owner;
		return CALL_ELSEWHERE;
	}
	if (end == CALL_HELD)
		return end;
	count_call(service, job, call);
	held_end(job);
	return end;
}

/* Works on the next call; CALL_ELSEWHERE: nothing has been done, or it is held. */
HOT static enum call_end work_on_call(struct rpc_service *service,
				      struct rpc_job *job, unsigned *ownerp,
				      const struct method_entry **entryp)
{
	struct envelope envelope;
	const struct json_item *row;
	struct call *call = &service->call;
	const size_t before = job->cursor;
	enum call_end end;

	if (job->held)
		return work_on_held(service, job, ownerp, entryp);
	row = next_row(service, job);
	job->cursor = json_item_behind(row);
	call->service = service;
	call->entry = NULL;
	call->method = NULL;
	call->is_supposed = false;
	call->is_drafted = false;
	call->work = NULL;
	call->is_long = false;
	call->is_guest = false;
	call->late = 0;
	call->late_diff = NULL;
	call->place = &job->place;
	call->has_fixed_body = job->had_turn;
	call->is_waiting = false;
	call->caller = job->caller;
	call->tenant = NULL;
	call->is_carried_out = false;
	call->is_process_created = false;
	call->is_world_created = false;
	call->seq = 0;
	call->subscriber = job->subscriber;
	call->subscription = NULL;
	call->repeated = NULL;
	call->record = NULL;
	call->keeper = NULL;
	call->snapshot_end = 0;
	call->error.key = ERROR_NONE;
	read_call(call, &envelope, row);

	*entryp = call->entry;
	if (is_id_too_long(service, job, &envelope)) {
		error_set(&call->error, ERROR_RESPONSE_TOO_LARGE, NULL,
			  "answers may have %zu bytes, and the call's id does "
			  "not fit; nothing has run",
			  job_limit(service, job));
		job_refuse(job, &call->error);
		stats_call(service, job, call->entry, call->error.key);
		return CALL_ANSWERED;
	}
	if (is_cut(job) && !runs_unheard(job, call)) {
		end = leave_out(job, call, &envelope);
	} else if (must_wait(job, call)) {
		end = CALL_HELD;
	} else {
		end = run_call(service, job, &envelope, call, ownerp);
		job_call_end_turn(service, call);
	}
	if (end == CALL_ELSEWHERE || (end == CALL_HELD && !job->held)) {
		job->cursor = before;
		return end;
	}
	end_row(service, job);
	if (end == CALL_GIVEN_UP)
		job_call_give_up(service, job);
	else if (end != CALL_HELD)
		count_call(service, job, call);
	return end;
}

/* As work_on_call(), timed now and then. A call that is alone is timed as its
 * job. */
enum call_end job_call_next(struct rpc_service *service, struct rpc_job *job,
			    unsigned *ownerp)
{
	const struct method_entry *entry;
	enum call_end end;
	uint64_t start;

	if (job->answered + job->calls == 1 || !stats_wants_time(service))
		return work_on_call(service, job, ownerp, &entry);
	start = stats_clock(service);
	end = work_on_call(service, job, ownerp, &entry);
	if (end != CALL_ELSEWHERE && end != CALL_HELD)
		stats_time(service, entry, stats_clock(service) - start);
	return end;
}
