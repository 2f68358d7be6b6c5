/* SPDX-License-Identifier: MIT */
/*
 * A job's first look at its body: may its calls run?
 */
#include "proto/rpc/job.h"

void job_refuse(struct rpc_job *job, const struct rpc_error *error)
{
	struct json_writer w;

	json_writer_init(&w, job->answer);
	envelope_error(&w, NULL, error);
	job->calls = 0;
}

static bool judge_text(struct rpc_service *service, const struct rpc_job *job,
		       struct rpc_error *error)
{
	struct json_index *index = &service->index;
	struct json_fault fault;
	char text[JSON_FAULT_TEXT_MAX];

	if (!job->follows)
		json_index_forget(index);
	if (!json_index_judge(index, job->body, job->body_len,
			      service->limits.depth, &fault)) {
		if (job->follows && !index->is_array)
			json_index_keep(index);
		return true;
	}
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

bool job_open(struct rpc_service *service, struct rpc_job *job,
	      struct rpc_error *error)
{
	const struct json_index *index = &service->index;

	if (!judge_text(service, job, error))
		return false;
	if (index->is_array && !judge_batch(service, job, error))
		return false;
	job->state = index->is_array ? JOB_BATCH : JOB_SINGLE;
	job->calls = index->is_array ? index->elements : 1;
	job->cursor = index->row->at;
	job->index = index->stamp;
	job->fetched = index->rows;
	judge_rate(service, job);
	return true;
}
