/* SPDX-License-Identifier: MIT */
/*
 * A job from its first byte to its last: batches, turns and limits
 *
 * The answer may take limits->answer_bytes. What has been done can grow only
 * so far that each call still to come can be told that it did not run:
 *
 *	| answers so far | this one ...... | ids and ENVELOPE_SHORT_MAX each |
 *	answer_start                                                    limit
 */
#include "proto/rpc/rpc.h"

#include <stdlib.h>
#include <string.h>

#include "proto/rpc/envelope.h"
#include "proto/rpc/service.h"

/* A turn also ends after an answer that took long to write, after calls that
 * allocated much, and after others that take long, at which it looks now and
 * then. */
#define ANSWER_PER_SLICE (256u << 10)
#define BYTES_PER_SLICE  (2u << 20)
#define NS_PER_SLICE     1000000u
#define CALLS_PER_LOOK   8
/* Memory worth keeping in the service's own buffers. */
#define BUFFER_KEEP (64u << 10)

/* ----------------------------------------------------------------- job */

enum job_state {
	JOB_NEW,
	JOB_SINGLE,
	JOB_BATCH,
	JOB_BATCH_FULL,      /* no room: the rest is refused */
	JOB_BATCH_NO_MEMORY, /* no memory for answers: the rest is refused */
	JOB_BATCH_CURTAILED, /* rpc_job_curtail(): likewise */
};

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

static size_t job_limit(const struct rpc_service *service,
			const struct rpc_job *job)
{
	size_t room = job->answer->max - job->answer_start;

	return room < service->limits.answer_bytes
		       ? room
		       : service->limits.answer_bytes;
}

/* What telling @calls calls, whose text is @text_len bytes, takes at most. */
static size_t refusals_len(size_t calls, size_t text_len)
{
	return calls * ENVELOPE_SHORT_MAX + text_len;
}

static void job_refuse(struct rpc_job *job, const struct rpc_error *error)
{
	struct json_writer w;

	json_writer_init(&w, job->answer);
	envelope_error(&w, NULL, error);
	job->calls = 0;
}

static bool judge_text(struct rpc_service *service, const struct rpc_job *job,
		       struct rpc_error *error)
{
	struct json_fault fault;
	char text[JSON_FAULT_TEXT_MAX];

	if (!json_index_judge(&service->index, job->body, job->body_len,
			      service->limits.depth, &fault))
		return true;
	json_fault_text(&fault, job->body, job->body_len, text, sizeof(text));
	return error_set(error, ERROR_PARSE, NULL, "%s", text);
}

static bool judge_batch(const struct rpc_service *service,
			const struct rpc_job *job, struct rpc_error *error)
{
	const size_t max = service->limits.batch_calls;
	const size_t calls = service->index.elements;

	if (!calls)
		return error_set(error, ERROR_REQUEST, NULL,
				 "the batch is empty; it must hold at least "
				 "one call");
	if (calls > max)
		return error_set(error, ERROR_REQUEST, NULL,
				 "the batch holds more than %zu calls, and "
				 "none has run; send it in parts",
				 max);
	if (refusals_len(calls, job->body_len) > job_limit(service, job))
		return error_set(error, ERROR_RESPONSE_TOO_LARGE, NULL,
				 "answers may have %zu bytes, which is too "
				 "little for %zu calls, and none has run; send "
				 "fewer in one batch",
				 job_limit(service, job), calls);
	return true;
}

static bool open_job(struct rpc_service *service, struct rpc_job *job,
		     struct rpc_error *error)
{
	const struct json_index *index = &service->index;

	if (!judge_text(service, job, error))
		return false;
	if (index->is_array && !judge_batch(service, job, error))
		return false;
	job->state = index->is_array ? JOB_BATCH : JOB_SINGLE;
	job->calls = index->is_array ? index->elements : 1;
	job->cursor = (size_t)(index->row->value.text - job->body);
	job->index = index->stamp;
	job->fetched = index->rows;
	return true;
}

/* --------------------------------------------------------- the next call */

/* The index is the service's: other jobs had their turn, the job has come from
 * another loop, or its calls did not all fit. Of what may be lost again not much
 * is fetched at a time. */
static const struct json_item *fetch_rows(struct rpc_service *service,
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

/* The calls of a job pass together or not at all, so that none runs behind one
 * that was refused. Any batch passes if its client was quiet before. */
static void judge_rate(const struct rpc_service *service, struct rpc_job *job)
{
	struct client *client =
		clients_at(service->tenants.clients, job->caller.client);
	const struct rpc_host *host = &service->host;
	uint64_t wait;

	if (!client_is_timed(client) || !host->now)
		return;
	wait = client_spend(client, job->calls, service->limits.batch_calls,
			    host->now(host->ctx));
	job->retry_after = (unsigned)((wait + 999) / 1000);
}

/* -------------------------------------------------------------- a call */

enum call_end {
	CALL_ANSWERED, /* or, a notification, done in silence */
	CALL_ELSEWHERE,
	CALL_HELD,      /* it goes on in the next turn */
	CALL_LOST_FULL, /* its answer did not fit; it says so */
	CALL_LOST_NO_MEMORY,
};

static const struct json_value *echo(const struct envelope *envelope)
{
	return envelope->has_id ? &envelope->id : NULL;
}

/* The comma or bracket before the next answer of a batch. */
static void begin_element(const struct rpc_job *job)
{
	if (job->state == JOB_SINGLE)
		return;
	buffer_append_byte(job->answer,
			   job->answer->len == job->answer_start ? '[' : ',');
}

static void begin_answer(const struct rpc_job *job, struct json_writer *w)
{
	begin_element(job);
	json_writer_init(w, job->answer);
}

static void answer_error(const struct rpc_job *job,
			 const struct envelope *envelope,
			 const struct rpc_error *error)
{
	struct json_writer w;

	begin_answer(job, &w);
	envelope_error(&w, echo(envelope), error);
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

/* Runs the handler, and keeps what it writes if a retry may ask for it.
 * @begin: of the result, where the writer stands in the first turn. */
static bool write_result(const struct rpc_job *job, struct call *call,
			 struct json_mark begin)
{
	bool has_result;

	if (call->repeated) {
		json_writer_rewind(&call->w, begin);
		json_writer_raw(&call->w, call->repeated->result,
				call->repeated->result_len);
		return true;
	}
	has_result =
		call->work ? call->work->go_on(call) : call->method->run(call);
	if (!call->record)
		return has_result;
	if (has_result && !call->work)
		retry_keep(call, job->answer, begin.len);
	else
		retry_forget(call);
	return has_result;
}

/* The result is complete, or there is none because of call->error.
 * @mark: where the answer begins. */
static void end_answer(const struct rpc_job *job, struct call *call,
		       const struct envelope *envelope, size_t mark,
		       bool has_result)
{
	if (has_result) {
		json_writer_object_end(&call->w);
		return;
	}
	buffer_rewind(job->answer, mark);
	answer_error(job, envelope, &call->error);
}

/* Whether the answer can stay: CALL_ANSWERED if so. */
static enum call_end judge_answer(const struct rpc_service *service,
				  const struct rpc_job *job)
{
	const struct buffer *answer = job->answer;
	size_t later = 0;

	/* The closing bracket, and a word to each that may not run. */
	if (job->state != JOB_SINGLE)
		later = 1 + refusals_len(job->calls - 1,
					 job->body_len - job->cursor);

	if (answer->failed == BUFFER_NO_MEMORY ||
	    service->scratch.failed == BUFFER_NO_MEMORY)
		return CALL_LOST_NO_MEMORY;
	if (answer->failed || service->scratch.failed ||
	    answer->len - job->answer_start + later > job_limit(service, job))
		return CALL_LOST_FULL;
	return CALL_ANSWERED;
}

static void describe_loss(const struct call *call, enum call_end end,
			  size_t limit, struct rpc_error *error)
{
	const char *effect = "nothing has changed; the";

	if (call->is_carried_out && call->is_process_created)
		effect = "what the call made has been ended again, as nobody "
			 "would learn its name; the";
	else if (call->is_carried_out)
		effect = "the call was carried out, but its";

	if (end == CALL_LOST_NO_MEMORY)
		error_set(error, ERROR_INTERNAL, NULL,
			  "%s answer found no memory in the server", effect);
	else
		error_set(error, ERROR_RESPONSE_TOO_LARGE, NULL,
			  "%s answer does not fit the %zu bytes that a "
			  "response may have; want fewer parts, or send fewer "
			  "calls in one batch",
			  effect, limit);
	error->is_lost_answer = true;
	error->carried_out = call->is_carried_out;
	error->seq = call->seq;
}

/* The answer was too much: take it back and say what became of the call. */
static void answer_loss(const struct rpc_service *service,
			const struct rpc_job *job, struct call *call,
			const struct envelope *envelope, enum call_end end)
{
	/* Nobody could ever name it. Of a creation nothing remains then; a fork
	 * stays an operation of its world. */
	if (call->is_process_created) {
		call_forget_process(call);
		call->is_carried_out = call->seq;
		if (call->record)
			retry_forget(call);
	}
	if (call->subscription)
		subscription_drop(call);
	describe_loss(call, end, job_limit(service, job), &call->error);
	answer_error(job, envelope, &call->error);
}

/* Its process, and what its key stands for; false: ask loop *ownerp. */
static bool find_what_is_meant(struct call *call, unsigned *ownerp)
{
	if (subscription_is_elsewhere(call, ownerp))
		return false;
	if (call_find_process(call, ownerp) == PROCESS_ELSEWHERE)
		return false;
	if (!call->retry_key)
		return true;
	if (retry_is_elsewhere(call, ownerp))
		return false;
	retry_begin(call);
	return true;
}

/* What there is to answer has been written from @mark on: can it stay? */
static enum call_end conclude(const struct rpc_service *service,
			      const struct rpc_job *job, struct call *call,
			      const struct envelope *envelope, size_t mark)
{
	enum call_end end;

	if (!envelope->has_id) {
		buffer_rewind(job->answer, mark);
		return CALL_ANSWERED;
	}
	end = judge_answer(service, job);
	if (end != CALL_ANSWERED) {
		buffer_rewind(job->answer, mark);
		answer_loss(service, job, call, envelope, end);
	}
	return end;
}

/* A call between two turns. */
struct held_call {
	struct call call;
	struct envelope envelope;
	size_t mark;            /* in the answer, where it begins */
	struct json_mark begin; /* and where its result does */
};

/* The key is one of the call's own values. */
static void move_call(struct call *to, const struct call *from)
{
	const ptrdiff_t at = (const char *)from->retry_key - (const char *)from;

	*to = *from;
	if (from->retry_key)
		to->retry_key = (const struct json_value *)((char *)to + at);
}

/* False: there is no memory, and the call has let go of its work. */
static bool hold_call(struct rpc_job *job, struct call *call,
		      const struct envelope *envelope, size_t mark,
		      struct json_mark begin)
{
	struct held_call *held = malloc(sizeof(*held));

	if (!held) {
		call->work->drop(call);
		return error_set(&call->error, ERROR_INTERNAL, NULL,
				 "the server found no memory to go on with the "
				 "call; nothing has changed");
	}
	move_call(&held->call, call);
	held->envelope = *envelope;
	held->mark = mark;
	held->begin = begin;
	job->held = held;
	return true;
}

static enum call_end run_call(const struct rpc_service *service,
			      struct rpc_job *job, struct envelope *envelope,
			      struct call *call, unsigned *ownerp)
{
	const size_t mark = buffer_mark(job->answer);
	struct json_mark begin;
	bool has_result;

	if (!call->error.key && !find_what_is_meant(call, ownerp))
		return CALL_ELSEWHERE;
	if (call->error.key) {
		answer_error(job, envelope, &call->error);
		return conclude(service, job, call, envelope, mark);
	}
	begin_answer(job, &call->w);
	envelope_result(&call->w, echo(envelope));
	begin = json_writer_mark(&call->w);
	has_result = write_result(job, call, begin);
	if (call->is_waiting) {
		buffer_rewind(job->answer, mark);
		return CALL_HELD;
	}
	if (call->work) {
		has_result = hold_call(job, call, envelope, mark, begin);
		if (has_result)
			return CALL_HELD;
	}
	end_answer(job, call, envelope, mark, has_result);
	return conclude(service, job, call, envelope, mark);
}

/* The next turn of a call that was held. */
static enum call_end go_on_with(const struct rpc_service *service,
				struct rpc_job *job, struct held_call *held)
{
	struct call *call = &held->call;
	bool has_result;

	if (call->retry_key && call->work->is_ending)
		retry_begin(call);
	if (call->error.key || call->repeated)
		call->work->drop(call);
	has_result = !call->error.key && write_result(job, call, held->begin);
	if (call->work)
		return CALL_HELD;
	end_answer(job, call, &held->envelope, held->mark, has_result);
	return conclude(service, job, call, &held->envelope, held->mark);
}

/* An id so long that not even a refusal with it would fit. */
static bool is_id_too_long(const struct rpc_service *service,
			   const struct rpc_job *job,
			   const struct envelope *envelope)
{
	return job->state == JOB_SINGLE && envelope->has_id &&
	       refusals_len(1, envelope->id.len) > job_limit(service, job);
}

/* Answers a call that does not run: its client calls too often, or an earlier
 * one used up the room. */
static enum error_key refuse_call(const struct rpc_job *job,
				  const struct envelope *envelope)
{
	struct rpc_error error;

	if (job->retry_after) {
		error_set(&error, ERROR_QUOTA_RATE, NULL,
			  "this client calls more often than it may, and no "
			  "call of this request has run; send it again in %u "
			  "s",
			  job->retry_after);
		error.retry_after = job->retry_after;
		if (envelope->has_id)
			answer_error(job, envelope, &error);
		return error.key;
	}
	if (job->state == JOB_BATCH_NO_MEMORY)
		error_set(&error, ERROR_INTERNAL, NULL,
			  "this call did not run: the server found no memory "
			  "for the answers to earlier calls of the batch");
	else if (job->state == JOB_BATCH_CURTAILED)
		error_set(&error, ERROR_INTERNAL, NULL,
			  "this call did not run: answers under way take all "
			  "memory that the server has for them; send it again "
			  "later");
	else
		error_set(&error, ERROR_RESPONSE_TOO_LARGE, NULL,
			  "this call did not run: the answers to earlier calls "
			  "of the batch are as much as a response may hold; "
			  "send it again in another batch");
	error.is_lost_answer = true;
	error.carried_out = false;
	if (envelope->has_id)
		answer_error(job, envelope, &error);
	return error.key;
}

/* What the call has changed may be less than has been leased for it. */
static void settle_with(struct rpc_service *service, struct tenant *tenant)
{
	service->slice_bytes += tenant->account.call_bytes;
	tenant->account.call_bytes = 0;
	tenants_settle(&service->tenants, tenant);
}

static void settle(struct rpc_service *service, const struct call *call)
{
	if (call->tenant)
		settle_with(service, call->tenant);
	if (call->keeper && call->keeper != call->tenant)
		settle_with(service, call->keeper);
}

/* Whoever keeps results may be gone in the next turn. */
static void end_turn(struct rpc_service *service, struct call *call)
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

/* Before the host has kept the body, nothing can point into it for long. */
static bool must_wait(const struct rpc_job *job, const struct call *call)
{
	return !job->had_turn && !call->error.key && call->method->takes_turns;
}

/* Works on the call that was held. */
static enum call_end work_on_held(struct rpc_service *service,
				  struct rpc_job *job,
				  const struct method_entry **entryp)
{
	struct held_call *held = job->held;
	enum call_end end = go_on_with(service, job, held);

	*entryp = held->call.entry;
	end_turn(service, &held->call);
	if (end == CALL_HELD)
		return end;
	count_call(service, job, &held->call);
	job->held = NULL;
	free(held);
	return end;
}

/* Works on the next call; CALL_ELSEWHERE: nothing has been done. */
static enum call_end work_on_call(struct rpc_service *service,
				  struct rpc_job *job, unsigned *ownerp,
				  const struct method_entry **entryp)
{
	struct envelope envelope;
	const struct json_item *row;
	struct call call;
	const size_t before = job->cursor;
	enum call_end end;

	if (job->held)
		return work_on_held(service, job, entryp);
	row = next_row(service, job);
	job->cursor = (size_t)(row->value.text + row->value.len - job->body);
	call.service = service;
	call.entry = NULL;
	call.method = NULL;
	call.is_supposed = false;
	call.is_drafted = false;
	call.work = NULL;
	call.has_fixed_body = job->had_turn;
	call.is_waiting = false;
	call.caller = job->caller;
	call.tenant = NULL;
	call.is_carried_out = false;
	call.is_process_created = false;
	call.is_world_created = false;
	call.seq = 0;
	call.subscriber = job->subscriber;
	call.subscription = NULL;
	call.repeated = NULL;
	call.record = NULL;
	call.keeper = NULL;
	call.snapshot_end = 0;
	call.error.key = ERROR_NONE;
	read_call(&call, &envelope, row);

	*entryp = call.entry;
	if (is_id_too_long(service, job, &envelope)) {
		error_set(&call.error, ERROR_RESPONSE_TOO_LARGE, NULL,
			  "answers may have %zu bytes, and the call's id does "
			  "not fit; nothing has run",
			  job_limit(service, job));
		job_refuse(job, &call.error);
		stats_call(service, job, call.entry, call.error.key);
		return CALL_ANSWERED;
	}
	if (job->state > JOB_BATCH || job->retry_after) {
		call.error.key = refuse_call(job, &envelope);
		end = CALL_ANSWERED;
	} else if (must_wait(job, &call)) {
		end = CALL_HELD;
	} else {
		end = run_call(service, job, &envelope, &call, ownerp);
		end_turn(service, &call);
	}
	if (end == CALL_ELSEWHERE || (end == CALL_HELD && !job->held)) {
		job->cursor = before;
		return end;
	}
	end_row(service, job);
	if (end != CALL_HELD)
		count_call(service, job, &call);
	return end;
}

/* As work_on_call(), timed now and then. A call that is alone is timed as its
 * job. */
static enum call_end next_call(struct rpc_service *service, struct rpc_job *job,
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
	    service->slice_bytes > BYTES_PER_SLICE)
		return true;
	return done % CALLS_PER_LOOK == 0 && done &&
	       stats_clock(service) - start > NS_PER_SLICE;
}

static enum rpc_status run_job(struct rpc_service *service, struct rpc_job *job,
			       unsigned *ownerp, uint64_t start)
{
	const size_t written = job->answer->len;
	struct rpc_error error;
	unsigned done;

	if (job->state == JOB_NEW) {
		if (!open_job(service, job, &error)) {
			job_refuse(job, &error);
			stats_body(service, job, error.key);
			return RPC_DONE;
		}
		judge_rate(service, job);
	}
	service->slice_bytes = 0;
	for (done = 0; job->calls; done++) {
		if (has_had_turn(service, job, done, written, start))
			return RPC_YIELD;
		switch (next_call(service, job, ownerp)) {
		case CALL_ANSWERED:
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

void rpc_job_curtail(struct rpc_job *job)
{
	if (job->state == JOB_BATCH)
		job->state = JOB_BATCH_CURTAILED;
}

enum rpc_status rpc_run(struct rpc_service *service, struct rpc_job *job,
			unsigned *ownerp)
{
	const uint64_t start = stats_clock(service);
	const enum rpc_status status = run_job(service, job, ownerp, start);

	job->had_turn = true;
	stats_turn(service, job, status, start);
	return status;
}
