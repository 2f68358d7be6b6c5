/* SPDX-License-Identifier: MIT */
/*
 * Request bodies, one a line, to a process that is there
 *
 * '@' stands for the name of a process made beforehand. Whatever comes in: the
 * job ends, its answer is JSON no longer than allowed, and it is the same
 * whether a loop runs the batch in one go or hands it on after every call.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/json/reader.h"
#include "proto/rpc/rpc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
	ANSWER_MAX = 20000,
	JOBS_MAX = 8
};

static void next_random(void *ctx, void *out, size_t len)
{
	uint32_t *state = ctx;
	unsigned char *byte = out;

	while (len--) {
		*state = *state * 1103515245u + 12345u;
		*byte++ = (unsigned char)(*state >> 16);
	}
}

struct host {
	uint32_t random;
	struct rpc_service *service;
	char process[33];
};

static void check(int holds, const char *what, const struct buffer *answer)
{
	if (holds)
		return;
	fprintf(stderr, "%s: %.*s\n", what, (int)answer->len, answer->data);
	abort();
}

/* Requests may have few members; an answer that lists behaviours has more. */
static int is_json(const struct buffer *answer)
{
	struct json_fault fault;

	return !json_validate(answer->data, answer->len, 64, &fault) ||
	       fault.code == JSON_E_MEMBERS;
}

static void run(const struct host *host, const char *body, size_t len,
		struct buffer *answer)
{
	struct rpc_job job;
	unsigned owner, turns = 0;

	rpc_job_init(&job, body, len, answer);
	while (rpc_run(host->service, &job, &owner) == RPC_YIELD)
		check(turns++ < 2000, "never ends", answer);
	check(!answer->failed, "failed", answer);
	check(answer->len <= ANSWER_MAX, "too long", answer);
	if (answer->len)
		check(is_json(answer), "no JSON", answer);
}

static void host_init(struct host *host, unsigned calls_per_slice)
{
	static const char create[] =
		"{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"process.create\","
		"\"params\":{\"want\":[],\"files\":[{\"fd\":3,\"name\":\"f\","
		"\"size\":9999}]}}";
	const struct rpc_limits limits = {
		.answer_bytes = ANSWER_MAX,
		.calls_per_slice = calls_per_slice,
		.bytes = 8u << 20,
		.areas = 5000,
	};
	const struct rpc_host callbacks = {
		.random = next_random,
		.ctx = &host->random,
		.version = "0",
	};
	struct buffer answer;
	const char *name;

	host->random = 1;
	host->service = rpc_service_new(0, 1, &limits, &callbacks);
	buffer_init(&answer, ANSWER_MAX);
	run(host, create, sizeof(create) - 1, &answer);
	name = memmem(answer.data, answer.len, "\"process\":\"", 11);
	check(name != NULL, "no process", &answer);
	memcpy(host->process, name + 11, 32);
	host->process[32] = '\0';
	buffer_deinit(&answer);
}

/* The body with the process's name for each '@'. */
static void expand(const struct host *host, const char *text, size_t len,
		   struct buffer *body)
{
	for (; len; text++, len--) {
		if (*text == '@')
			buffer_append(body, host->process, 32);
		else
			buffer_append_byte(body, *text);
	}
}

static void compare(const struct host *one, const struct host *other,
		    const char *text, size_t len)
{
	struct buffer body, a, b;

	buffer_init(&body, 1u << 20);
	buffer_init(&a, 2 * ANSWER_MAX);
	buffer_init(&b, 2 * ANSWER_MAX);
	expand(one, text, len, &body);
	run(one, body.data, body.len, &a);
	run(other, body.data, body.len, &b);
	check(a.len == b.len && (!a.len || !memcmp(a.data, b.data, a.len)),
	      "turns change the answer", &a);
	buffer_deinit(&body);
	buffer_deinit(&a);
	buffer_deinit(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct host one, other;
	int jobs;

	host_init(&one, 64);
	host_init(&other, 1);
	for (jobs = 0; size && jobs < JOBS_MAX; jobs++) {
		const char *nl = memchr(text, '\n', size);
		size_t len = nl ? (size_t)(nl - text) : size;

		compare(&one, &other, text, len);
		len += nl != NULL;
		text += len;
		size -= len;
	}
	rpc_service_free(one.service);
	rpc_service_free(other.service);
	return 0;
}
