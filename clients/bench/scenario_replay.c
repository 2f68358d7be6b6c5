/* SPDX-License-Identifier: MIT */
/*
 * replay: every connection replays the same trace, over and over
 *
 * The answers must be those that the trace recorded. Names of processes and
 * threads are the server's, so a player waits where it needs one.
 */
#include <stdio.h>
#include <stdlib.h>

#include "clients/bench/bench_trace.h"
#include "clients/bench/scenario.h"
#include "clients/cli/rpc_client.h"

/* What the server calls a process of the trace. */
struct actor {
	char process[PROCESS_NAME_MAX];
	uint64_t thread;
};

/**
 * struct actors - where one replay stands
 * @waits: the answer to the last call is needed before the next one
 */
struct actors {
	struct actor *processes;
	uint64_t *threads;
	bool waits;
};

static int open_trace(struct stage *stage, char *error, size_t error_size)
{
	struct rpc_client *client;
	char why[256];

	if (!stage->trace_path) {
		snprintf(error, error_size,
			 "replay needs a trace: --trace FILE");
		return -1;
	}
	client = rpc_client_new(stage->server, stage->token);
	if (!client)
		out_of_memory();
	stage->trace =
		bench_trace_load(stage->trace_path, client, why, sizeof(why));
	rpc_client_free(client);
	if (stage->trace)
		return 0;
	snprintf(error, error_size, "%s: %s", stage->trace_path, why);
	return -1;
}

static void close_trace(struct stage *stage)
{
	bench_trace_free(stage->trace);
	stage->trace = NULL;
}

static void init(struct player *player)
{
	const struct bench_trace *trace = player->stage->trace;
	struct actors *actors = player->state;

	actors->processes =
		calloc(trace->processes, sizeof(*actors->processes));
	actors->threads = calloc(trace->threads, sizeof(*actors->threads));
	if (!actors->processes || !actors->threads)
		out_of_memory();
}

static void deinit(struct player *player)
{
	struct actors *actors = player->state;

	free(actors->processes);
	free(actors->threads);
}

/* player->step is 0 before the process is made, then 1 + the step to be said. */
static void say_step(struct player *player, const struct bench_step *step,
		     struct bytes *text, struct expectation *expect)
{
	struct actors *actors = player->state;
	struct actor *actor = &actors->processes[step->process];

	*expect = step->expect;
	bytes_put(text, step->text.data, step->text.len);
	if (text->data[text->len - 1] != '{')
		bytes_put(text, ",", 1);
	bytes_put_text(text, "\"process\":\"");
	bytes_put_text(text, actor->process);
	bytes_put(text, "\"", 1);
	if (!step->no_thread)
		say_thread(text, step->thread ? actors->threads[step->thread]
					      : actor->thread);
	bytes_put(text, "}", 1);
	expect->tag = (uint32_t)player->step;
	actors->waits =
		step->makes == MAKES_THREAD || step->makes == MAKES_PROCESS;
	if (step->makes == ENDS_PROCESS)
		actor->process[0] = '\0';
}

/* One call after the other until no process is left. */
static bool end_one(struct player *player, struct bytes *text,
		    struct expectation *expect)
{
	struct actors *actors = player->state;

	for (unsigned i = 0; i < player->stage->trace->processes; i++) {
		char *process = actors->processes[i].process;

		if (!process[0])
			continue;
		say_exit(text, process, expect);
		expect->tag = UINT32_MAX;
		process[0] = '\0';
		return true;
	}
	return false;
}

static bool next(struct player *player, enum phase phase, struct bytes *text,
		 struct expectation *expect)
{
	const struct bench_trace *trace = player->stage->trace;
	struct actors *actors = player->state;

	if (phase == PHASE_SETTLE)
		return false;
	if (phase == PHASE_LEAVE)
		return end_one(player, text, expect);
	if (actors->waits)
		return false;
	if (player->step > trace->count) {
		if (end_one(player, text, expect))
			return true;
		player->step = 0;
	}
	if (player->step) {
		say_step(player, &trace->steps[player->step - 1], text, expect);
	} else {
		bytes_put(text, trace->create.data, trace->create.len);
		expect->kind = EXPECT_PROCESS;
		expect->tag = 0;
		actors->waits = true;
	}
	player->step++;
	return true;
}

static void learn_process(struct actor *actor, const struct answer *answer)
{
	process_name_set(actor->process, answer->process);
	actor->thread = answer->thread;
}

static void learn(struct player *player, const struct expectation *expect,
		  const struct answer *answer)
{
	struct actors *actors = player->state;
	const struct bench_step *step;

	if (expect->kind != EXPECT_PROCESS && expect->kind != EXPECT_THREAD)
		return;
	actors->waits = false;
	if (!expect->tag) {
		learn_process(&actors->processes[0], answer);
		return;
	}
	step = &player->stage->trace->steps[expect->tag - 1];
	if (step->makes == MAKES_PROCESS)
		learn_process(&actors->processes[step->made], answer);
	else
		actors->threads[step->made] = answer->thread;
}

const struct scenario scenario_replay = {
	.name = "replay",
	.summary = "a trace (--trace FILE), a replay on each connection",
	.fragile = true,
	.state_size = sizeof(struct actors),
	.open = open_trace,
	.close = close_trace,
	.init = init,
	.next = next,
	.learn = learn,
	.deinit = deinit,
};
