/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a link, and any bytes inside a link, imported
 *
 * What a link is said to hold is never more than a link may hold, and makes a
 * link that holds the same. An import answers JSON; it has made one world or
 * none, and what it made can be exported and imported again.
 */
#include <string.h>

#include "proto/rpc/document_link.h"
#include "tests/fuzz/host.h"

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

/* The answer to @head, @text and the end of a request. */
static void ask(const struct host *host, const char *head, const char *text,
		size_t len, struct buffer *answer)
{
	struct buffer body;

	buffer_init(&body, BODY_MAX);
	buffer_append_text(&body, head);
	buffer_append(&body, text, len);
	buffer_append_text(&body, "\"}}");
	demand(!body.failed, "a link takes more than its text");
	host_run(host, body.data, body.len, answer);
	demand(answer->len > 0, "no answer");
	buffer_deinit(&body);
}

static const char *find(const struct buffer *answer, const char *name)
{
	const char *at = memmem(answer->data, answer->len, name, strlen(name));

	return at ? at + strlen(name) : NULL;
}

static uint64_t worlds(const struct host *host)
{
	return host->service->tenants.all[0]->account.worlds;
}

/* What an import made can go out and come in again, as it is. */
static void again(const struct host *host, const char *process)
{
	struct buffer exported, imported;
	const char *link;

	buffer_init(&exported, BODY_MAX);
	buffer_init(&imported, BODY_MAX);
	ask(host, EXPORT, process, PROCESS_NAME_LEN, &exported);
	link = find(&exported, "\"link\":\"");
	if (link) {
		ask(host, IMPORT, link, strcspn(link, "\""), &imported);
		demand(find(&imported, "\"verified\":true") ||
			       find(&imported, "\"key\":\"quota."),
		       "what was exported is not taken");
	}
	buffer_deinit(&exported);
	buffer_deinit(&imported);
}

static void import(const char *link, size_t len)
{
	const struct rpc_limits limits = {
		.bytes = 8u << 20,
		.areas = 5000,
		.processes = 20,
		.calls_per_slice = 8,
	};
	struct host host;
	struct buffer answer;
	const char *process;

	host_init(&host, &limits);
	buffer_init(&answer, BODY_MAX);
	ask(&host, IMPORT, link, len, &answer);
	process = find(&answer, "\"process\":\"");
	demand(worlds(&host) == (process != NULL), "a world too many");
	if (process)
		again(&host, process);
	buffer_deinit(&answer);
	host_deinit(&host);
}

static void pack_and_import(const char *json, size_t len)
{
	struct buffer link, inside;
	const char *wrong;

	buffer_init(&link, BODY_MAX);
	document_link_write(&link, json, len);
	demand(!link.failed, "no link");
	demand(!document_link_read(link.data, link.len, &inside, &wrong),
	       "a link cannot be read");
	demand(inside.len == len && (!len || !memcmp(inside.data, json, len)),
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
	demand(!fault || wrong, "wrong, but not told");
	demand(fault || json.len <= DOCUMENT_LINK_JSON_MAX, "too much");
	if (!fault)
		pack_and_import(json.data, json.len);
	else if (size <= DOCUMENT_LINK_JSON_MAX)
		pack_and_import(text, size);
	buffer_deinit(&json);
	return 0;
}
