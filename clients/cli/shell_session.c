/* SPDX-License-Identifier: MIT */
#include "clients/cli/shell_session.h"

#include <stdlib.h>
#include <string.h>

#include "clients/cli/draw.h"
#include "clients/cli/foreign_text.h"
#include "clients/cli/shell_parts.h"

/* The server knows which threads there are: ask it for this one's cache. */
static enum cli_status thread_switch(struct shell *shell, json_int_t thread)
{
	json_int_t was = shell->thread;
	enum cli_status status;
	json_t *result;

	shell->thread = thread;
	status = shell_snapshot_fetch(shell, shell_want(), &result);
	if (status != CLI_OK)
		shell->thread = was;
	json_decref(result);
	return status;
}

static enum cli_status run_thread(struct shell *shell,
				  const struct shell_command *command)
{
	json_t *params = NULL, *result;
	enum cli_status status;

	if (command->count == 1) {
		if (shell->thread == SHELL_FIRST_THREAD)
			printf("the first thread makes the calls\n");
		else
			printf("thread %" JSON_INTEGER_FORMAT
			       " makes the calls\n",
			       shell->thread);
		return CLI_OK;
	}
	if (strcmp(command->words[1], "new") != 0)
		return thread_switch(shell, (json_int_t)command->args[0]);
	params = json_object();
	shell_params_add_caller(shell, params);
	status = shell_call(shell, "thread.create", params, &result);
	if (status != CLI_OK)
		return status;
	shell->thread = json_integer_value(json_object_get(result, "thread"));
	if (!shell->json)
		printf("thread %" JSON_INTEGER_FORMAT " makes the next calls\n",
		       shell->thread);
	json_decref(result);
	return CLI_OK;
}

static enum cli_status run_text(struct shell *shell, const char *method)
{
	json_t *params = json_pack("{s:s}", "process", shell->process);
	enum cli_status status;
	const json_t *text;
	json_t *result;

	status = shell_call(shell, method, params, &result);
	text = json_object_get(result, "text");
	if (status == CLI_OK && !shell->json)
		foreign_put_lines(stdout, json_string_value(text),
				  json_string_length(text));
	json_decref(result);
	return status;
}

static enum cli_status run_picture(struct shell *shell, const char *part,
				   void (*draw)(const struct canvas *,
						const json_t *))
{
	json_t *want = json_pack("[s, s]", "mm", "vmas");
	enum cli_status status;
	json_t *result;

	if (part)
		json_array_append_new(want, json_string(part));
	status = shell_snapshot_fetch(shell, want, &result);
	if (status == CLI_OK && !shell->json)
		draw(&shell->canvas, json_object_get(result, "snapshot"));
	json_decref(result);
	return status;
}

static enum cli_status run_why(struct shell *shell,
			       const struct shell_command *command)
{
	const char *word = command->count > 1 ? command->words[1] : "en";

	shell->why = !strcmp(word, "off")  ? NULL
		     : !strcmp(word, "zh") ? "zh"
					   : "en";
	return CLI_OK;
}

static enum cli_status run_help(void)
{
	for (const struct shell_word *word = shell_words(); word->name; word++)
		printf("  %-16s %-42s %s\n", word->name, word->usage,
		       word->summary);
	printf("\n  Numbers: 8192, 8k, 0x7f0000, $ (the last answer), brk, and "
	       "sums such as $+4k.\n"
	       "  PROT: none, r, rw, rx, rwx. FLAGS: private, shared, "
	       "anonymous, fixed, growsdown,\n"
	       "  locked, populate, noreserve, stack, 32bit, or as strace "
	       "spells them, or a number.\n");
	return CLI_OK;
}

enum cli_status shell_run(struct shell *shell,
			  const struct shell_command *command)
{
	switch (command->verb) {
	case SHELL_NOTHING:
		return CLI_OK;
	case SHELL_CALL:
		return shell_system_call(shell, command);
	case SHELL_TOUCH:
		return shell_touch(shell, command);
	case SHELL_FIND_VMA:
		return shell_find_vma(shell, command);
	case SHELL_METHOD:
		return shell_method(shell, command);
	case SHELL_WHY:
		return run_why(shell, command);
	case SHELL_THREAD:
		return run_thread(shell, command);
	case SHELL_FORK:
		return shell_fork(shell, command);
	case SHELL_PROCESS:
		return shell_process(shell, command);
	case SHELL_EXEC:
		return shell_exec(shell, command);
	case SHELL_TRUNCATE:
		return shell_truncate(shell, command);
	case SHELL_HISTORY:
		return shell_history(shell, command);
	case SHELL_DIFF:
		return shell_diff(shell, command);
	case SHELL_UNDO:
		return shell_undo(shell, command);
	case SHELL_REWIND:
		return shell_rewind(shell, command);
	case SHELL_BRANCH:
		return shell_branch(shell, command);
	case SHELL_SMAPS:
		return run_text(shell, "mm.smaps");
	case SHELL_MAPS:
		return run_text(shell, "mm.maps");
	case SHELL_STATUS:
		return run_text(shell, "mm.status");
	case SHELL_SHOW:
		return run_picture(shell, NULL, draw_space);
	case SHELL_TREE:
		return run_picture(shell, "rbtree", draw_tree);
	case SHELL_CACHE:
		return run_picture(shell, "vmacache", draw_cache);
	case SHELL_PAGETABLE:
		return run_picture(shell, "pagetable", draw_pagetable);
	case SHELL_HELP:
		return run_help();
	case SHELL_QUIT:
		shell->done = true;
		return CLI_OK;
	}
	return CLI_FAILED;
}

enum cli_status shell_begin(struct shell *shell, const char *process,
			    json_t *params)
{
	enum rpc_outcome outcome;
	json_t *answer;

	shell->ours = !process;
	json_object_set_new(params, "want", shell_want());
	if (process)
		json_object_set_new(params, "process", json_string(process));
	outcome = rpc_client_call(shell->client,
				  process ? "mm.snapshot" : "process.create",
				  params, &answer);
	if (outcome != RPC_RESULT) {
		enum cli_status status =
			cli_report(shell->client, outcome, answer);

		json_decref(answer);
		return status;
	}
	if (!process)
		process = json_string_value(json_object_get(answer, "process"));
	shell->process = strdup(process ? process : "");
	if (!shell->process)
		cli_out_of_memory();
	shell_snapshot_keep(shell, json_object_get(answer, "snapshot"));
	shell->thread = SHELL_FIRST_THREAD;
	if (json_is_integer(json_object_get(answer, "thread")))
		shell->thread =
			json_integer_value(json_object_get(answer, "thread"));
	shell->first_thread = shell->thread;
	json_decref(answer);
	return CLI_OK;
}

void shell_end(struct shell *shell, bool keep)
{
	json_t *answer;

	shell_processes_end(shell);
	if (shell->ours && shell->process && keep) {
		foreign_put(stdout, shell->process);
		putchar('\n');
	} else if (shell->ours && shell->process) {
		rpc_client_call(shell->client, "process.exit",
				json_pack("{s:s}", "process", shell->process),
				&answer);
		json_decref(answer);
	}
	free(shell->process);
	json_decref(shell->before);
}
