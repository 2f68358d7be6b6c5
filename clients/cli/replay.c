/* SPDX-License-Identifier: MIT */
#include "clients/cli/replay.h"

#include <stdlib.h>
#include <string.h>

#include "clients/cli/cli.h"
#include "clients/cli/profiles.h"
#include "clients/cli/replay_types.h"

/* Count the step, report a difference; whether to go on with the next. */
static bool step_judge(struct replay *replay, const struct trace_step *step,
		       struct comparison *comparison)
{
	bool differs = comparison->differing;

	if (differs) {
		replay->result->differing++;
		replay->reporter->differs(replay->reporter->ctx, replay->trace,
					  step, comparison);
	} else if (step) {
		replay->result->agreed++;
	}
	comparison_reset(comparison);
	return !differs || replay->options->keep_going;
}

static enum replay_outcome replay_stop(struct replay *replay,
				       enum rpc_outcome outcome,
				       const struct trace_step *step,
				       json_t *refusal)
{
	replay->result->at = step;
	replay->result->refused = refusal;
	return outcome == RPC_REFUSED ? REPLAY_REFUSED : REPLAY_LOST;
}

static enum replay_outcome replay_steps(struct replay *replay)
{
	struct comparison comparison = { 0 };
	enum rpc_outcome outcome;
	json_t *answer;

	outcome = replay_first_line(replay, &comparison, &answer);
	if (outcome != RPC_RESULT)
		return replay_stop(replay, outcome, NULL, answer);
	json_decref(answer);
	if (!step_judge(replay, NULL, &comparison) || !replay->processes[0].id)
		return REPLAY_DIFFERS;

	for (size_t i = 0; i < replay->trace->count; i++) {
		const struct trace_step *step = &replay->trace->steps[i];

		outcome = replay_step(replay, step, &comparison, &answer);
		if (outcome != RPC_RESULT) {
			comparison_reset(&comparison);
			return replay_stop(replay, outcome, step, answer);
		}
		json_decref(answer);
		if (!step_judge(replay, step, &comparison))
			return REPLAY_DIFFERS;
	}
	if (replay->result->differing)
		return REPLAY_DIFFERS;
	if (!replay->options->reimport)
		return REPLAY_AGREES;
	outcome = replay_reimport(replay, &answer);
	if (outcome != RPC_RESULT)
		return replay_stop(replay, outcome, NULL, answer);
	json_decref(answer);
	return REPLAY_AGREES;
}

/* Best effort: the server ends idle processes by itself. */
static void processes_end(struct replay *replay, bool report)
{
	enum rpc_outcome outcome;
	json_t *answer;

	for (unsigned i = 0; i < replay->trace->processes; i++) {
		const char *id = replay->processes[i].id;

		if (!id)
			continue;
		if (report && replay->options->show) {
			outcome = rpc_client_call(
				replay->client, "mm.snapshot",
				json_pack("{s:s, s:[s,s]}", "process", id,
					  "want", "mm", "vmas"),
				&answer);
			if (outcome == RPC_RESULT)
				replay->reporter->ended(
					replay->reporter->ctx,
					json_object_get(answer, "snapshot"));
			json_decref(answer);
		}
		replay_process_end(replay, &replay->processes[i]);
	}
}

static bool profile_is_older(const struct replay *replay)
{
	unsigned major, minor;

	if (!replay->profile ||
	    sscanf(replay->profile, "%u.%u", &major, &minor) != 2)
		return false;
	return major < replay->trace->major ||
	       (major == replay->trace->major && minor < replay->trace->minor);
}

enum replay_outcome replay_run(struct rpc_client *client,
			       const struct trace *trace,
			       const struct replay_options *options,
			       const struct replay_reporter *reporter,
			       struct replay_result *resultp)
{
	struct replay replay = {
		.client = client,
		.trace = trace,
		.options = options,
		.reporter = reporter,
		.result = resultp,
		.processes =
			calloc(trace->processes, sizeof(*replay.processes)),
		.threads = calloc(trace->threads, sizeof(*replay.threads)),
	};
	enum replay_outcome outcome;

	*resultp = (struct replay_result){ 0 };
	if (!replay.processes || !replay.threads)
		cli_out_of_memory();
	if (trace->recorded && !options->profile)
		resultp->profile = profiles_choose(replay.client, replay.trace);
	replay.profile = options->profile ? options->profile : resultp->profile;
	replay.newer = trace->recorded && profile_is_older(&replay);
	outcome = replay_steps(&replay);
	if (outcome != REPLAY_LOST)
		processes_end(&replay, outcome == REPLAY_AGREES);
	for (unsigned i = 0; i < trace->processes; i++)
		free(replay.processes[i].id);
	free(replay.processes);
	free(replay.threads);
	return outcome;
}
