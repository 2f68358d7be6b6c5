/* SPDX-License-Identifier: MIT */
#include "tests/server/fake_rpc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "proto/rpc/rpc.h"
#include "proto/rpc/stats.h"

struct rpc_service {
	unsigned owner;
	unsigned owners;
};

struct rpc_quotas rpc_limits_quotas(const struct rpc_limits *limits)
{
	return (struct rpc_quotas){ .processes = limits->processes };
}

struct rpc_service *rpc_service_new(unsigned owner, unsigned owners,
				    const struct rpc_limits *limits,
				    const struct rpc_host *host)
{
	struct rpc_service *service = malloc(sizeof(*service));

	(void)limits;
	(void)host;
	if (service)
		*service = (struct rpc_service){ owner, owners };
	return service;
}

void rpc_service_free(struct rpc_service *service)
{
	free(service);
}

void rpc_service_drain(struct rpc_service *service)
{
	(void)service;
}

unsigned rpc_service_sweep(struct rpc_service *service)
{
	(void)service;
	return 0;
}

bool rpc_service_reap(struct rpc_service *service)
{
	(void)service;
	return false;
}

void rpc_discover(struct buffer *out, const char *version)
{
	buffer_append_text(out, "{\"openrpc\": \"");
	buffer_append_text(out, version);
	buffer_append_text(out, "\"}");
}

bool rpc_subscriber_init(struct rpc_subscriber *subscriber, unsigned owners,
			 unsigned max)
{
	(void)owners;
	*subscriber = (struct rpc_subscriber){ .max = max };
	return true;
}

void rpc_subscriber_deinit(struct rpc_subscriber *subscriber)
{
	(void)subscriber;
}

void rpc_subscriber_gone(struct rpc_service *service,
			 struct rpc_subscriber *subscriber)
{
	(void)service;
	(void)subscriber;
}

void rpc_subscriber_catch_up(struct rpc_service *service,
			     struct rpc_subscriber *subscriber)
{
	(void)service;
	(void)subscriber;
}

void rpc_note_put(struct rpc_note *note)
{
	if (atomic_fetch_sub(&note->holders, 1) == 1)
		free(note);
}

void rpc_job_init(struct rpc_job *job, const char *body, size_t body_len,
		  struct buffer *answer)
{
	*job = (struct rpc_job){
		.body = body,
		.body_len = body_len,
		.answer = answer,
	};
}

void rpc_job_curtail(struct rpc_job *job)
{
	(void)job;
}

bool rpc_job_abandon(struct rpc_service *service, struct rpc_job *job,
		     enum rpc_abandoning why)
{
	(void)service;
	(void)job;
	return why == RPC_HOST_ENDS;
}

static void say(struct rpc_job *job, const char *word, unsigned number)
{
	char text[32];

	snprintf(text, sizeof(text), "%s %u", word, number);
	buffer_append_text(job->answer, text);
}

/* Is the body "word:number"? */
static int asks(const struct rpc_job *job, const char *word, unsigned *numberp)
{
	size_t len = strlen(word);
	char digits[16] = "";

	if (job->body_len <= len || job->body_len - len >= sizeof(digits) ||
	    memcmp(job->body, word, len))
		return 0;
	memcpy(digits, job->body + len, job->body_len - len);
	*numberp = (unsigned)strtoul(digits, NULL, 10);
	return 1;
}

static void append_large(struct rpc_job *job, unsigned size)
{
	char *p = size ? buffer_reserve(job->answer, size) : NULL;

	if (p) {
		memset(p, 'x', size);
		buffer_commit(job->answer, size);
	}
}

enum rpc_status rpc_run(struct rpc_service *service, struct rpc_job *job,
			unsigned *ownerp)
{
	unsigned number;

	if (asks(job, "on:", &number)) {
		*ownerp = number % service->owners;
		if (*ownerp != service->owner)
			return RPC_ELSEWHERE;
		say(job, "loop", service->owner);
	} else if (asks(job, "ring:", &number)) {
		if (job->calls++ < number) {
			*ownerp = (service->owner + 1) % service->owners;
			return RPC_ELSEWHERE;
		}
		say(job, "loop", service->owner);
	} else if (asks(job, "yield:", &number)) {
		if (job->calls++ < number)
			return RPC_YIELD;
		say(job, "turn", number);
	} else if (asks(job, "large:", &number)) {
		append_large(job, number);
	} else if (job->body_len != 7 || memcmp(job->body, "nothing", 7)) {
		buffer_append(job->answer, job->body, job->body_len);
	}
	return RPC_DONE;
}

/* Nothing is counted here: metrics show what the server itself counts. */

void rpc_stats_merge(struct rpc_stats *into, const struct rpc_service *service)
{
	(void)into;
	(void)service;
}

void rpc_levels_add(struct rpc_levels *into, const struct rpc_service *service)
{
	into->worlds += service->owner + 1;
}

const char *rpc_method_name(unsigned number)
{
	return number == RPC_METHODS_MAX ? "unknown" : NULL;
}
