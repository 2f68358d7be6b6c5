/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What the files of a shell's session share
 */
#include "clients/cli/shell_session.h"

/**
 * shell_call() - call a method
 * @params: taken
 *
 * With --json the result is printed. On failure the reason has been told.
 */
enum cli_status shell_call(struct shell *shell, const char *method,
			   json_t *params, json_t **resultp);

/** shell_snapshot_fetch() - the @want parts of the current process's state; @want is
 * taken */
enum cli_status shell_snapshot_fetch(struct shell *shell, json_t *want,
				     json_t **resultp);

/** shell_params_add_caller() - the process and the thread that call */
void shell_params_add_caller(const struct shell *shell, json_t *params);

/** shell_want() - the parts of a snapshot that the next changes are told from */
json_t *shell_want(void);

/** shell_snapshot_keep() - what the next command's changes are told from, and what
 * `brk` stands for in it */
void shell_snapshot_keep(struct shell *shell, json_t *snapshot);

/** shell_system_call() - make a call, spelt as strace does */
enum cli_status shell_system_call(struct shell *shell,
				  const struct shell_command *command);

/** shell_touch() - read, write or execute an address */
enum cli_status shell_touch(struct shell *shell,
			    const struct shell_command *command);

/** shell_find_vma() - look an address up as the kernel does */
enum cli_status shell_find_vma(struct shell *shell,
			       const struct shell_command *command);

/** shell_method() - call any method with parameters as they are written */
enum cli_status shell_method(struct shell *shell,
			     const struct shell_command *command);

/** shell_fork() - make a process; it makes the next calls */
enum cli_status shell_fork(struct shell *shell,
			   const struct shell_command *command);

/** shell_process() - say which process makes the calls, or let another one */
enum cli_status shell_process(struct shell *shell,
			      const struct shell_command *command);

/** shell_branch() - make a second world; its process makes the next calls */
enum cli_status shell_branch(struct shell *shell,
			     const struct shell_command *command);

/** shell_changes_tell() - draw what a result's snapshot shows beside the one
 * before, and keep it */
void shell_changes_tell(struct shell *shell, const json_t *result);

/* The history of the world: shell_past.c. */
enum cli_status shell_history(struct shell *shell,
			      const struct shell_command *command);
enum cli_status shell_diff(struct shell *shell,
			   const struct shell_command *command);
enum cli_status shell_undo(struct shell *shell,
			   const struct shell_command *command);
enum cli_status shell_rewind(struct shell *shell,
			     const struct shell_command *command);

/** shell_exec() - let a file of this machine take over */
enum cli_status shell_exec(struct shell *shell,
			   const struct shell_command *command);

/** shell_truncate() - change the size of an open file */
enum cli_status shell_truncate(struct shell *shell,
			       const struct shell_command *command);

/** shell_processes_end() - end those that were forked here */
void shell_processes_end(struct shell *shell);
