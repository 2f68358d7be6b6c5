/* SPDX-License-Identifier: MIT */
/*
 * Scripts, on a process that is there
 *
 * Whatever the text: it ends, the answer is JSON, an error says where in the
 * text, and has changed nothing; and in one go or turn by turn it comes to the
 * same.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/json/reader.h"
#include "proto/json/writer.h"
#include "proto/rpc/service.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
	ANSWER_MAX = 300000,
	STEPS_MAX = 300
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

static void run(const struct host *host, const struct buffer *body,
		struct buffer *answer)
{
	struct json_fault fault;
	struct rpc_job job;
	unsigned owner, turns = 0;

	rpc_job_init(&job, body->data, body->len, answer);
	while (rpc_run(host->service, &job, &owner) == RPC_YIELD)
		check(turns++ < 2000, "never ends", answer);
	check(!answer->failed, "failed", answer);
	check(!json_validate(answer->data, answer->len, 64, &fault) ||
		      fault.code == JSON_E_MEMBERS,
	      "no JSON", answer);
}

static void host_init(struct host *host, unsigned calls_per_slice)
{
	static const char create[] =
		"{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"process.create\","
		"\"params\":{\"want\":[],\"files\":[{\"fd\":3,\"name\":\"f\","
		"\"size\":9999}]}}";
	const struct rpc_limits limits = {
		.answer_bytes = ANSWER_MAX,
		.bytes = 16u << 20,
		.areas = 2000,
		.processes = 20,
		.script_steps = STEPS_MAX,
		.calls_per_slice = calls_per_slice,
	};
	const struct rpc_host callbacks = {
		.random = next_random,
		.ctx = &host->random,
		.version = "0",
	};
	struct buffer answer, body;
	const char *name;

	host->random = 1;
	host->service = rpc_service_new(0, 1, &limits, &callbacks);
	buffer_init(&answer, ANSWER_MAX);
	buffer_init(&body, 1 << 20);
	buffer_append(&body, create, sizeof(create) - 1);
	run(host, &body, &answer);
	name = memmem(answer.data, answer.len, "\"process\":\"", 11);
	check(name != NULL, "no process", &answer);
	memcpy(host->process, name + 11, 32);
	host->process[32] = '\0';
	buffer_deinit(&body);
	buffer_deinit(&answer);
}

static void write_body(const struct host *host, const char *text, size_t len,
		       struct buffer *body)
{
	struct json_writer w;

	buffer_append_literal(body,
			      "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":"
			      "\"script.run\",\"params\":{\"process\":\"");
	buffer_append_text(body, host->process);
	buffer_append_literal(body, "\",\"want\":[\"mm\"],\"script\":");
	json_writer_init(&w, body);
	json_writer_string(&w, text, len);
	buffer_append_literal(body, "}}");
}

/* One number for the world of the process; false: it has ended. */
static int digest(const struct host *host, struct world_digest *out)
{
	const struct process_table *table = &host->service->processes;
	uint32_t index;
	unsigned owner;

	if (process_table_find(table, 1, host->process, 32, &index, &owner) !=
	    PROCESS_FOUND)
		return 0;
	return !world_hash(&tenants_find(&host->service->tenants, 0)->memory,
			   process_table_slot(table, index)->world, out);
}

static int is_refused(const struct buffer *answer)
{
	return memmem(answer->data, answer->len < 60 ? answer->len : 60,
		      "\"error\":", 8) != NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct world_digest before, after, other;
	struct buffer body, answer, again;
	struct host host, twin;
	int lives;

	host_init(&host, STEPS_MAX);
	host_init(&twin, 1);
	buffer_init(&body, 16u << 20);
	buffer_init(&answer, ANSWER_MAX + 4096);
	buffer_init(&again, ANSWER_MAX + 4096);
	write_body(&host, (const char *)data, size, &body);
	digest(&host, &before);
	run(&host, &body, &answer);
	run(&twin, &body, &again);
	check(answer.len == again.len &&
		      !memcmp(answer.data, again.data, answer.len),
	      "another answer", &answer);
	lives = digest(&host, &after);
	if (is_refused(&answer)) {
		check(lives && !memcmp(&before, &after, sizeof(before)),
		      "an error that changed something", &answer);
		check(host.service->processes.live == 1,
		      "an error that left a process", &answer);
		check(!memmem(answer.data, answer.len, "\"script.", 8) ||
			      memmem(answer.data, answer.len, "\"line\":", 7),
		      "an error without a place", &answer);
	} else if (lives) {
		check(digest(&twin, &other) &&
			      !memcmp(&other, &after, sizeof(other)),
		      "another state", &answer);
	}
	rpc_service_free(host.service);
	rpc_service_free(twin.service);
	buffer_deinit(&again);
	buffer_deinit(&answer);
	buffer_deinit(&body);
	return 0;
}
