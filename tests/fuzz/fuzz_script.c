/* SPDX-License-Identifier: MIT */
/*
 * Scripts, on a process that is there
 *
 * Whatever the text: it ends, the answer is JSON, an error says where in the
 * text, and has changed nothing; and in one go or turn by turn it comes to the
 * same. Texts of odd lengths are answered in Chinese.
 */
#include <string.h>

#include "proto/json/writer.h"
#include "tests/fuzz/host.h"

enum {
	ANSWER_MAX = 300000,
	STEPS_MAX = 300
};

static void begin(struct host *host, unsigned calls_per_slice)
{
	const struct rpc_limits limits = {
		.answer_bytes = ANSWER_MAX,
		.bytes = 16u << 20,
		.areas = 2000,
		.processes = 20,
		.script_steps = STEPS_MAX,
		.calls_per_slice = calls_per_slice,
	};

	host_init(host, &limits);
	host_create(host);
}

static void write_body(const struct host *host, const char *text, size_t len,
		       struct buffer *body)
{
	struct json_writer w;

	buffer_append_literal(body,
			      "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":"
			      "\"script.run\",\"params\":{\"process\":\"");
	buffer_append_text(body, host->process);
	buffer_append_literal(body, "\",\"want\":[\"mm\"],\"lang\":\"");
	buffer_append_text(body, len % 2 ? "zh" : "en");
	buffer_append_literal(body, "\",\"script\":");
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

	begin(&host, STEPS_MAX);
	begin(&twin, 1);
	buffer_init(&body, 16u << 20);
	buffer_init(&answer, ANSWER_MAX + 4096);
	buffer_init(&again, ANSWER_MAX + 4096);
	write_body(&host, (const char *)data, size, &body);
	digest(&host, &before);
	host_run(&host, body.data, body.len, &answer);
	host_run(&twin, body.data, body.len, &again);
	demand_of_answer(answer.len > 0, "no answer", &body);
	demand_of_answer(answer.len == again.len &&
				 !memcmp(answer.data, again.data, answer.len),
			 "another answer", &answer);
	lives = digest(&host, &after);
	if (is_refused(&answer)) {
		demand_of_answer(
			lives && !memcmp(&before, &after, sizeof(before)),
			"an error that changed something", &answer);
		demand_of_answer(host.service->processes.live == 1,
				 "an error that left a process", &answer);
		demand_of_answer(
			!memmem(answer.data, answer.len, "\"script.", 8) ||
				memmem(answer.data, answer.len, "\"line\":", 7),
			"an error without a place", &answer);
	} else if (lives) {
		demand_of_answer(digest(&twin, &other) &&
					 !memcmp(&other, &after, sizeof(other)),
				 "another state", &answer);
	}
	host_deinit(&host);
	host_deinit(&twin);
	buffer_deinit(&again);
	buffer_deinit(&answer);
	buffer_deinit(&body);
	return 0;
}
