/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Replaying one trace against a server
 *
 * Makes the process that the trace's first line describes, then one request
 * per step, each asking for what is to be compared; ends the processes when
 * done. What it finds it hands to a reporter, so that the same run serves
 * people and programs.
 */
#include "clients/cli/compare.h"
#include "clients/cli/rpc_client.h"
#include "clients/cli/trace.h"

/**
 * struct replay_reporter - who is told of the differences and the end
 * @differs: a step's answer is not the recorded one; @step is NULL where the
 *           process differs from the first line already
 * @ended:   a process as it is when the trace was replayed wholly, the
 *           snapshot holding `mm` and `vmas`; only with options.show
 */
struct replay_reporter {
	void (*differs)(void *ctx, const struct trace *trace,
			const struct trace_step *step,
			const struct comparison *comparison);
	void (*ended)(void *ctx, const json_t *snapshot);
	void *ctx;
};

struct replay_options {
	unsigned checks;     /* enum trace_check */
	const char *profile; /* NULL: the trace's kernel, or the nearest */
	bool show;           /* the reporter's `ended` is wanted */
	bool keep_going;     /* past differences */
	bool strict;         /* a difference between releases is one */
	bool reimport;       /* as a document the world comes back the same */
};

enum replay_outcome {
	REPLAY_AGREES,
	REPLAY_DIFFERS,
	REPLAY_REFUSED, /* the service refused a call */
	REPLAY_LOST,    /* no server, or not any more */
};

/**
 * struct replay_result - how far a replay came
 * @profile:   the release that a recording was replayed as, the caller's to
 *             free; NULL where the trace's own was asked for
 * @agreed:    steps that agreed
 * @differing: steps that did not; at most one without keep_going
 * @merged:    steps that agreed but for where the server merges neighbouring
 *             areas: not a difference where the releases are known to differ
 * @refused:   of REPLAY_REFUSED: the error object, the caller's to release
 * @at:        of REPLAY_REFUSED and REPLAY_LOST: the step, NULL for the first line
 */
struct replay_result {
	size_t agreed;
	size_t differing;
	size_t merged;
	json_t *refused;
	const struct trace_step *at;
	char *profile;
};

/** replay_run() - replay @trace; *@resultp is filled whatever the outcome */
enum replay_outcome replay_run(struct rpc_client *client,
			       const struct trace *trace,
			       const struct replay_options *options,
			       const struct replay_reporter *reporter,
			       struct replay_result *resultp);
