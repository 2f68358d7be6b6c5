/* SPDX-License-Identifier: MIT */
#include "tests/proto/script_stage.h"

#include <stdio.h>
#include <string.h>

#include "proto/rpc/method_table.h"
#include "tests/support/suite.h"

void script_stage_init(struct script_stage *stage)
{
	memset(stage, 0, sizeof(*stage));
	fail_alloc_init(&stage->host);
	stage->account.max_bytes = UINT64_MAX;
	memory_init(&stage->memory, &stage->host.allocator, &stage->account);
	buffer_init(&stage->log, 1 << 20);
	stage->reply = "{\"ret\":\"0x1000\"}";
	stage->stop_at = UINT32_MAX;
}

void script_stage_deinit(struct script_stage *stage)
{
	memory_deinit(&stage->memory);
	CU_ASSERT_EQUAL(stage->account.bytes, 0);
	buffer_deinit(&stage->log);
}

bool script_fault_is(const struct script_fault *fault, const char *wanted)
{
	char got[SCRIPT_FAULT_MAX + 40];

	snprintf(got, sizeof(got), "%u:%u %s", fault->line, fault->column,
		 fault->text);
	if (wanted && !strcmp(got, wanted))
		return true;
	fprintf(stderr, "\n  wanted %s\n  got    %s\n",
		wanted ? wanted : "a script", got);
	return false;
}

static bool call(void *ctx, const struct script_request *request,
		 struct script_reply *reply)
{
	struct script_stage *stage = ctx;
	const struct method *method = method_at(request->call);
	struct buffer params;

	if (stage->calls++ == stage->stop_at)
		return false;
	buffer_init(&params, 1 << 16);
	CU_ASSERT_TRUE(script_compose(&params, method, request));
	buffer_append_text(&stage->log, method->name);
	if (request->process != SCRIPT_OWN) {
		buffer_append_byte(&stage->log, '@');
		buffer_append_u64(&stage->log, request->process);
	}
	buffer_append(&stage->log, params.data, params.len);
	buffer_append_byte(&stage->log, '\n');
	buffer_deinit(&params);
	reply->json = stage->reply;
	if (!strcmp(method->name, "process.fork")) {
		reply->json = "{\"ret\":0}";
		reply->has_process = true;
		reply->process = ++stage->children;
	}
	reply->len = strlen(reply->json);
	return true;
}

static bool go_on(void *ctx)
{
	(void)ctx;
	return true;
}

/* Parts of any length. */
static bool admits(void *ctx)
{
	struct script_stage *stage = ctx;

	if (stage->left) {
		stage->left--;
		return true;
	}
	stage->left = 1 + stage->calls % 4;
	return false;
}

static void tell(void *ctx, const struct script_event *event)
{
	struct script_stage *stage = ctx;
	struct json_writer w;

	if (event->kind == SCRIPT_RAN)
		return;
	buffer_append_u64(&stage->log, event->line);
	buffer_append_literal(&stage->log, ": ");
	json_writer_init(&w, &stage->log);
	script_value_write(&w, &event->value);
	if (event->kind == SCRIPT_EXPECTED) {
		buffer_append_text(&stage->log,
				   event->passed ? " is " : " is not ");
		buffer_append_text(&stage->log, event->operator);
		buffer_append_byte(&stage->log, ' ');
		json_writer_init(&w, &stage->log);
		script_value_write(&w, &event->wanted);
	}
	buffer_append_byte(&stage->log, '\n');
}

uint64_t script_stage_run(struct script_stage *stage, const char *text,
			  uint64_t steps, struct script_fault *fault)
{
	const struct script_host host = { stage, call, go_on, admits, tell };
	struct script *script;
	uint64_t taken;

	buffer_rewind(&stage->log, 0);
	stage->calls = 0;
	stage->children = 0;
	stage->left = 1;
	script = script_parse(&stage->memory, &script_catalog, text,
			      strlen(text), fault);
	if (!script)
		return 0;
	script_begin(script, &host, steps);
	while (script_go_on(script, fault))
		;
	taken = script_steps(script);
	buffer_append_byte(&stage->log, '\0');
	script_free(script);
	return taken;
}
