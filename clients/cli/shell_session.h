/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A shell's session: one process on a server, and what commands do to it
 */
#include "clients/cli/canvas.h"
#include "clients/cli/cli.h"
#include "clients/cli/shell_parse.h"

/* The first thread of a process that was not made here: its number is not known. */
enum {
	SHELL_FIRST_THREAD = -1
};

/** struct shell_process - one that makes no calls at the moment */
struct shell_process {
	char *id;
	json_int_t thread;
	json_int_t first_thread;
	json_t *before;
	struct shell_names names;
};

/**
 * struct shell - a session
 * @names:  what `$` and `brk` stand for
 * @thread: makes the calls
 * @before: the snapshot that the next call's changes are told from
 * @ours:   the process was made here, and ends with the session
 * @processes: the first and those forked here, NULL as long as there is but one;
 *          of the current one the fields above hold
 * @json:   print results as they come, one a line
 * @done:   `quit` was said
 */
struct shell {
	struct rpc_client *client;
	struct canvas canvas;
	struct shell_names names;
	char *process;
	json_int_t thread;
	json_int_t first_thread;
	json_t *before;
	struct shell_process *processes;
	size_t nr_processes;
	size_t current;
	const char *why; /* language of the steps told, NULL: none */
	bool ours;
	bool json;
	bool done;
};

/**
 * shell_begin() - attach to a process, or make one
 * @shell:   with client, canvas and json set; to be released with shell_end()
 *           whatever the outcome
 * @process: its name, or NULL to make one
 * @params:  of process.create when one is made; taken
 *
 * Return: CLI_OK, or another status when the reason has been told.
 */
enum cli_status shell_begin(struct shell *shell, const char *process,
			    json_t *params);

/**
 * shell_run() - do what a command says, and tell what came of it
 *
 * Return: CLI_OK (also where the emulated kernel refuses), CLI_FAILED where the
 *         service does, CLI_UNUSABLE when the server is gone; both have been told.
 */
enum cli_status shell_run(struct shell *shell,
			  const struct shell_command *command);

/**
 * shell_end() - leave the process, ending it if it was made here
 * @keep: let it live
 */
void shell_end(struct shell *shell, bool keep);
