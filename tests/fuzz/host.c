/* SPDX-License-Identifier: MIT */
#include "tests/fuzz/host.h"

#include <string.h>

#include "proto/json/reader.h"
#include "tests/support/random_bytes.h"

enum {
	TURNS_MAX = 2000,
	CREATED_MAX = 20000,  /* bytes of the answer */
	ABANDONED_MAX = 40000 /* likewise */
};

void host_init(struct host *host, const struct rpc_limits *limits)
{
	const struct rpc_host callbacks = {
		.random = random_bytes,
		.ctx = &host->random,
		.version = "0",
	};

	host->random = 1;
	host->is_one_sender = true;
	host->service = rpc_service_new(0, 1, limits, &callbacks);
	demand(host->service != NULL, "no service");
}

void host_deinit(struct host *host)
{
	rpc_service_free(host->service);
}

void host_create(struct host *host)
{
	static const char create[] =
		"{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"process.create\","
		"\"params\":{\"want\":[],\"files\":[{\"fd\":3,\"name\":\"f\","
		"\"size\":9999}]}}";
	static const char key[] = "\"process\":\"";
	struct buffer answer;
	const char *name;

	buffer_init(&answer, CREATED_MAX);
	host_run(host, create, sizeof(create) - 1, &answer);
	name = memmem(answer.data, answer.len, key, sizeof(key) - 1);
	demand_of_answer(name != NULL, "no process", &answer);
	memcpy(host->process, name + sizeof(key) - 1, PROCESS_NAME_LEN);
	host->process[PROCESS_NAME_LEN] = '\0';
	buffer_deinit(&answer);
}

/* Requests may have few members; an answer that lists behaviours has more. */
static bool is_json(const struct buffer *answer)
{
	struct json_fault fault;

	return !json_validate(answer->data, answer->len, 64, &fault) ||
	       fault.code == JSON_E_MEMBERS;
}

void host_run(const struct host *host, const char *body, size_t len,
	      struct buffer *answer)
{
	struct rpc_job job;
	unsigned owner, turns = 0;

	rpc_job_init(&job, body, len, answer);
	job.follows = host->is_one_sender;
	while (rpc_run(host->service, &job, &owner) == RPC_YIELD)
		demand_of_answer(turns++ < TURNS_MAX, "never ends", answer);
	demand_of_answer(!answer->failed, "failed", answer);
	demand_of_answer(!answer->len || is_json(answer), "no JSON", answer);
}

void host_abandon(const struct host *host, const char *body, size_t len,
		  unsigned turns, enum rpc_abandoning why)
{
	struct buffer answer;
	struct rpc_job job;
	unsigned owner, left = TURNS_MAX;

	buffer_init(&answer, ABANDONED_MAX);
	rpc_job_init(&job, body, len, &answer);
	while (turns || !rpc_job_abandon(host->service, &job, why)) {
		turns -= turns > 0;
		demand(left-- > 0, "never ends");
		if (rpc_run(host->service, &job, &owner) != RPC_YIELD)
			break;
	}
	demand(!job.held && !job.place.line, "holds something yet");
	buffer_deinit(&answer);
}

void demand_of_answer(bool holds, const char *what, const struct buffer *answer)
{
	demand_of(holds, what, answer->data, answer->len);
}
