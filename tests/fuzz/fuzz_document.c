/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a link, and any bytes inside a link, imported
 *
 * What a link is said to hold is never more than a link may hold, and makes a
 * link that holds the same. An import answers JSON; it has made one world or
 * none, and what it made can be exported and imported again.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/json/reader.h"
#include "proto/rpc/document_link.h"
#include "proto/rpc/rpc.h"
#include "proto/rpc/service.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
	BODY_MAX = 1u << 20,
	JSON_MAX = 4096 /* bytes of a document that is imported */
};

#define IMPORT                                                                 \
	"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"world.import\","           \
	"\"params\":"                                                          \
	"{\"want\":[],\"document\":\""
#define EXPORT                                                                 \
	"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"world.export\","           \
	"\"params\":"                                                          \
	"{\"form\":\"link\",\"process\":\""

static void check(int holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "%s\n", what);
	abort();
}

static void random_bytes(void *ctx, void *out, size_t len)
{
	uint32_t *state = ctx;
	unsigned char *byte = out;

	while (len--) {
		*state = *state * 1103515245u + 12345u;
		*byte++ = (unsigned char)(*state >> 16);
	}
}

static struct rpc_service *service_new(uint32_t *random)
{
	const struct rpc_limits limits = {
		.bytes = 8u << 20,
		.areas = 5000,
		.processes = 20,
		.calls_per_slice = 8,
	};
	const struct rpc_host host = {
		.random = random_bytes,
		.ctx = random,
		.version = "0",
	};

	return rpc_service_new(0, 1, &limits, &host);
}

/* The answer to @head, @text and the end of a request. */
static void ask(struct rpc_service *service, const char *head, const char *text,
		size_t len, struct buffer *answer)
{
	struct json_fault fault;
	struct buffer body;
	struct rpc_job job;
	unsigned owner;

	buffer_init(&body, BODY_MAX);
	buffer_append_text(&body, head);
	buffer_append(&body, text, len);
	buffer_append_text(&body, "\"}}");
	check(!body.failed, "a link takes more than its text");
	rpc_job_init(&job, body.data, body.len, answer);
	while (rpc_run(service, &job, &owner) == RPC_YIELD)
		continue;
	check(!answer->failed && answer->len, "no answer");
	check(!json_validate(answer->data, answer->len, 64, &fault),
	      "the answer is no JSON");
	buffer_deinit(&body);
}

static const char *find(const struct buffer *answer, const char *name)
{
	const char *at = memmem(answer->data, answer->len, name, strlen(name));

	return at ? at + strlen(name) : NULL;
}

static uint64_t worlds(const struct rpc_service *service)
{
	return service->tenants.all[0]->account.worlds;
}

/* What an import made can go out and come in again, as it is. */
static void again(struct rpc_service *service, const char *process)
{
	struct buffer exported, imported;
	const char *link;

	buffer_init(&exported, BODY_MAX);
	buffer_init(&imported, BODY_MAX);
	ask(service, EXPORT, process, 32, &exported);
	link = find(&exported, "\"link\":\"");
	if (link) {
		ask(service, IMPORT, link, strcspn(link, "\""), &imported);
		check(find(&imported, "\"verified\":true") ||
			      find(&imported, "\"key\":\"quota."),
		      "what was exported is not taken");
	}
	buffer_deinit(&exported);
	buffer_deinit(&imported);
}

static void import(const char *link, size_t len)
{
	uint32_t random = 1;
	struct rpc_service *service = service_new(&random);
	struct buffer answer;
	const char *process;

	buffer_init(&answer, BODY_MAX);
	ask(service, IMPORT, link, len, &answer);
	process = find(&answer, "\"process\":\"");
	check(worlds(service) == (process != NULL), "a world too many");
	if (process)
		again(service, process);
	buffer_deinit(&answer);
	rpc_service_free(service);
}

static void pack_and_import(const char *json, size_t len)
{
	struct buffer link, inside;
	const char *wrong;

	buffer_init(&link, BODY_MAX);
	document_link_write(&link, json, len);
	check(!link.failed, "no link");
	check(!document_link_read(link.data, link.len, &inside, &wrong),
	      "a link cannot be read");
	check(inside.len == len && (!len || !memcmp(inside.data, json, len)),
	      "a link holds something else");
	if (len <= JSON_MAX)
		import(link.data, link.len);
	buffer_deinit(&inside);
	buffer_deinit(&link);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct buffer json;
	const char *wrong = NULL;
	enum document_link_fault fault;

	fault = document_link_read(text, size, &json, &wrong);
	check(!fault || wrong, "wrong, but not told");
	check(fault || json.len <= DOCUMENT_LINK_JSON_MAX, "too much");
	if (!fault)
		pack_and_import(json.data, json.len);
	else if (size <= DOCUMENT_LINK_JSON_MAX)
		pack_and_import(text, size);
	buffer_deinit(&json);
	return 0;
}
