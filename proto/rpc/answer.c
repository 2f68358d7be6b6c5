/* SPDX-License-Identifier: MIT */
/*
 * Answers: what a call says at last, also where it says that it was too much
 */
#include "proto/rpc/answer.h"

#include "core/hot.h"
#include "proto/rpc/copying.h"
#include "proto/rpc/late.h"

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

struct json_mark answer_begin(const struct rpc_job *job, struct call *call,
			      const struct envelope *envelope)
{
	begin_answer(job, &call->w);
	envelope_result(&call->w, echo(envelope));
	return json_writer_mark(&call->w);
}

static void write_error(const struct rpc_job *job,
			const struct envelope *envelope,
			const struct rpc_error *error)
{
	struct json_writer w;

	begin_answer(job, &w);
	envelope_error(&w, echo(envelope), error);
}

static bool run_or_go_on(struct call *call)
{
	if (call->work)
		return call->work->go_on(call);
	if (__builtin_expect(call->is_long, 0) && copying_is_due(call))
		return copying_begin(call);
	return call->method->run(call);
}

HOT bool answer_write(const struct rpc_job *job, struct call *call,
		      struct json_mark begin)
{
	bool has_result;

	if (call->repeated) {
		json_writer_rewind(&call->w, begin);
		json_writer_raw(&call->w, call->repeated->result,
				call->repeated->result_len);
		return true;
	}
	has_result = run_or_go_on(call);
	if (call->record) {
		if (has_result && !call->work)
			retry_keep(call, job->answer, begin.len);
		else
			retry_forget(call);
	}
	if (__builtin_expect(call->late != 0, 0)) {
		/* What a retry is answered with is recorded by now. */
		call->record = NULL;
		late_begin(call, has_result);
	}
	return has_result;
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

/* Of what has been carried out nothing comes of trying again. */
static void describe_overload(const struct call *call, const char *effect,
			      struct rpc_error *error)
{
	error_set(error, ERROR_OVERLOAD, NULL,
		  "%s answer was given up, as answers under way take all "
		  "memory that the server has for them; %s",
		  effect,
		  call->is_carried_out ? "want fewer parts"
				       : "send the call again later");
	if (!call->is_carried_out)
		error->retry_after = OVERLOAD_SECONDS;
}

static void describe_loss(const struct call *call, enum call_end end,
			  size_t limit, bool is_curtailed,
			  struct rpc_error *error)
{
	const char *effect = "nothing has changed; the";

	if (call->is_carried_out && call->is_process_created)
		effect = "what the call made has been ended again, as nobody "
			 "would learn its name; the";
	else if (call->is_carried_out)
		effect = "the call was carried out, but its";

	if (is_curtailed)
		describe_overload(call, effect, error);
	else if (end == CALL_LOST_NO_MEMORY)
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
	describe_loss(call, end, job_limit(service, job),
		      job->cut == JOB_CURTAILED && end == CALL_LOST_NO_MEMORY,
		      &call->error);
	write_error(job, envelope, &call->error);
}

HOT enum call_end answer_end(const struct rpc_service *service,
			     const struct rpc_job *job, struct call *call,
			     const struct envelope *envelope, size_t mark,
			     bool has_result)
{
	enum call_end end;

	if (!envelope->has_id) {
		buffer_rewind(job->answer, mark);
		return CALL_ANSWERED;
	}
	if (has_result) {
		json_writer_object_end(&call->w);
	} else {
		buffer_rewind(job->answer, mark);
		write_error(job, envelope, &call->error);
	}
	end = judge_answer(service, job);
	if (end != CALL_ANSWERED) {
		buffer_rewind(job->answer, mark);
		answer_loss(service, job, call, envelope, end);
	}
	return end;
}

enum error_key answer_refusal(const struct rpc_job *job,
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
			write_error(job, envelope, &error);
		return error.key;
	}
	if (job->cut == JOB_CURTAILED)
		error_set(&error, ERROR_OVERLOAD, NULL,
			  "this call did not run: answers under way take all "
			  "memory that the server has for them; send it again "
			  "later");
	else if (job->state == JOB_BATCH_NO_MEMORY)
		error_set(&error, ERROR_INTERNAL, NULL,
			  "this call did not run: the server found no memory "
			  "for the answers to earlier calls of the batch");
	else
		error_set(&error, ERROR_RESPONSE_TOO_LARGE, NULL,
			  "this call did not run: the answers to earlier calls "
			  "of the batch are as much as a response may hold; "
			  "send it again in another batch");
	error.is_lost_answer = true;
	error.carried_out = false;
	if (error.key == ERROR_OVERLOAD)
		error.retry_after = OVERLOAD_SECONDS;
	if (envelope->has_id)
		write_error(job, envelope, &error);
	return error.key;
}
