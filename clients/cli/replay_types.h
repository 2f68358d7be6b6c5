/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What the files of a replay share
 */
#include "clients/cli/replay.h"

/* What a server calls a process of the trace, and what its maps should be now. */
struct replay_process {
	char *id;
	json_int_t thread;
	const json_t *maps;
};

/* What a server calls a thread that was cloned, and whose it is. */
struct replay_thread {
	json_int_t id;
	unsigned process;
	bool alive;
};

struct replay {
	struct rpc_client *client;
	const struct trace *trace;
	const struct replay_options *options;
	const struct replay_reporter *reporter;
	struct replay_result *result;
	struct replay_process *processes;
	struct replay_thread *threads;
	const char *profile;
	bool newer; /* the trace's kernel than the profile */
};

/**
 * replay_first_line() - make the process that the trace begins with
 * @comparison: what of it differs
 * @answerp:    the caller's to release: the result, the error object, or NULL
 *
 * Without a process->id there is nothing to go on with.
 */
enum rpc_outcome replay_first_line(struct replay *replay,
				   struct comparison *comparison,
				   json_t **answerp);

/** replay_step() - make the call of a step and compare; likewise */
enum rpc_outcome replay_step(struct replay *replay,
			     const struct trace_step *step,
			     struct comparison *comparison, json_t **answerp);

/** replay_process_end() - end a process on the server, and forget its name */
enum rpc_outcome replay_process_end(struct replay *replay,
				    struct replay_process *process);

/**
 * replay_reimport() - the world of the first process that lives, out and in again
 * @answerp: the caller's to release, may be NULL
 *
 * As a document and, if it is short enough for one, as a link. What comes in must
 * be what went out: else the outcome is RPC_REFUSED, with an error like the
 * server's.
 */
enum rpc_outcome replay_reimport(struct replay *replay, json_t **answerp);
