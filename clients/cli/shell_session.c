/* SPDX-License-Identifier: MIT */
#include "clients/cli/shell_session.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/changes.h"
#include "clients/cli/draw.h"
#include "clients/cli/draw_diff.h"
#include "clients/cli/shell_parts.h"

json_t *shell_want(void)
{
	return json_pack("[s, s, s]", "mm", "vmas", "vmacache");
}

/* What a snapshot tells the next command: what changed since, and the break. */
void shell_snapshot_keep(struct shell *shell, json_t *snapshot)
{
	if (!json_is_object(snapshot))
		return;
	json_decref(shell->before);
	shell->before = json_incref(snapshot);
	json_u64(json_object_get(json_object_get(snapshot, "mm"), "brk"),
		 &shell->names.brk);
}

/* The process and who calls. */
void shell_params_add_caller(const struct shell *shell, json_t *params)
{
	json_object_set_new(params, "process", json_string(shell->process));
	if (shell->thread != SHELL_FIRST_THREAD)
		json_object_set_new(params, "thread",
				    json_integer(shell->thread));
}

/* Calls a method; @params is taken. On failure the reason has been told. */
enum cli_status shell_call(struct shell *shell, const char *method,
			   json_t *params, json_t **resultp)
{
	enum rpc_outcome outcome;
	enum cli_status status;

	outcome = rpc_client_call(shell->client, method, params, resultp);
	if (outcome == RPC_RESULT) {
		if (shell->json) {
			json_dumpf(*resultp, stdout, JSON_COMPACT);
			putchar('\n');
		}
		return CLI_OK;
	}
	fflush(stdout);
	status = cli_report(shell->client, outcome, *resultp);
	json_decref(*resultp);
	*resultp = NULL;
	return status;
}

static enum cli_status snapshot_fetch(struct shell *shell, json_t *want,
				      json_t **resultp)
{
	json_t *params = json_pack("{s:o}", "want", want);

	shell_params_add_caller(shell, params);
	return shell_call(shell, "mm.snapshot", params, resultp);
}

static json_t *caller_params(const struct shell *shell, json_t *params)
{
	json_t *want = shell_want();

	shell_params_add_caller(shell, params);
	if (shell->why) {
		json_array_append_new(want, json_string("steps"));
		json_object_set_new(params, "lang", json_string(shell->why));
	}
	json_object_set_new(params, "want", want);
	return params;
}

/* The sentences of a call's steps, if they were wanted. */
static void steps_tell(const json_t *snapshot)
{
	const json_t *steps = json_object_get(snapshot, "steps"), *step, *text;
	size_t i;

	json_array_foreach(steps, i, step) {
		text = json_object_get(step, "text");
		if (json_is_string(text))
			printf("  %s\n", json_string_value(text));
		else
			printf("  ... and %" JSON_INTEGER_FORMAT " more\n",
			       json_integer_value(
				       json_object_get(step, "dropped")));
	}
}

void shell_changes_tell(struct shell *shell, const json_t *result)
{
	json_t *snapshot = json_object_get(result, "snapshot");

	if (!shell->json)
		steps_tell(snapshot);
	if (!shell->json)
		changes_draw(&shell->canvas, shell->before, snapshot);
	shell_snapshot_keep(shell, snapshot);
}

static enum cli_status run_call(struct shell *shell,
				const struct shell_command *command)
{
	json_t *params =
		caller_params(shell, call_params(command->form, command->args));
	json_t *result, *ret;
	enum cli_status status;

	status = shell_call(shell, command->form->method, params, &result);
	if (status != CLI_OK)
		return status;
	ret = json_object_get(result, "ret");
	if (!shell->json) {
		call_spell(stdout, command->form, command->args);
		printf(" = ");
		call_spell_result(stdout, ret);
		putchar('\n');
		if (json_is_string(json_object_get(result, "vec")))
			printf("  vec %s\n", json_string_value(json_object_get(
						     result, "vec")));
	}
	if (command->form->answers_address && json_is_string(ret))
		json_u64(ret, &shell->names.last);
	shell_changes_tell(shell, result);
	json_decref(result);
	return CLI_OK;
}

static void fault_print(const struct shell_command *command,
			const json_t *result)
{
	const char *fault = json_string_value(json_object_get(result, "fault"));
	const char *code =
		json_string_value(json_object_get(result, "si_code"));

	printf("%s 0x%" PRIx64, command->touch, command->args[0]);
	if (command->args[1] != 1)
		printf(", %" PRIu64 " bytes", command->args[1]);
	if (code)
		printf(" = --- %s {si_code=%s} ---\n", fault ? fault : "?",
		       code);
	else if (fault && !strcmp(fault, "minor"))
		printf(" = ok, after a page fault\n");
	else
		printf(" = ok\n");
}

static enum cli_status run_touch(struct shell *shell,
				 const struct shell_command *command)
{
	char addr[32], length[32];
	enum cli_status status;
	json_t *result;

	snprintf(addr, sizeof(addr), "0x%" PRIx64, command->args[0]);
	snprintf(length, sizeof(length), "%" PRIu64, command->args[1]);
	status = shell_call(
		shell, "mm.access",
		caller_params(shell,
			      json_pack("{s:s, s:s, s:s}", "addr", addr, "type",
					command->touch, "length", length)),
		&result);
	if (status != CLI_OK)
		return status;
	if (!shell->json)
		fault_print(command, result);
	shell_changes_tell(shell, result);
	json_decref(result);
	return CLI_OK;
}

static enum cli_status run_find_vma(struct shell *shell,
				    const struct shell_command *command)
{
	enum cli_status status;
	json_t *result;
	char addr[32];

	snprintf(addr, sizeof(addr), "0x%" PRIx64, command->args[0]);
	status = shell_call(
		shell, "mm.find_vma",
		caller_params(shell, json_pack("{s:s}", "addr", addr)),
		&result);
	if (status != CLI_OK)
		return status;
	if (!shell->json) {
		const json_t *vma = json_object_get(result, "vma");

		if (json_is_object(vma))
			draw_area(&shell->canvas, ' ', PAINT_NONE, vma);
		else
			printf("find_vma(%s) = NULL\n", addr);
	}
	shell_changes_tell(shell, result);
	json_decref(result);
	return CLI_OK;
}

/* The server knows which threads there are: ask it for this one's cache. */
static enum cli_status thread_switch(struct shell *shell, json_int_t thread)
{
	json_int_t was = shell->thread;
	enum cli_status status;
	json_t *result;

	shell->thread = thread;
	status = snapshot_fetch(shell, shell_want(), &result);
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

/* After a call whose own snapshot, if any, may be of other parts or processes.
 * What a diff has told is not told again. */
static void changes_fetch(struct shell *shell, const json_t *told)
{
	json_t *params = json_object();
	json_t *result;

	if (rpc_client_call(shell->client, "mm.snapshot",
			    caller_params(shell, params),
			    &result) != RPC_RESULT)
		;
	else if (json_object_get(told, "diff"))
		shell_snapshot_keep(shell, json_object_get(result, "snapshot"));
	else
		shell_changes_tell(shell, result);
	json_decref(result);
}

/* The result as JSON; a diff in it is drawn. */
static void method_tell(const struct shell *shell, json_t *result)
{
	json_t *snapshot = json_object_get(result, "snapshot");
	json_t *diff = json_incref(json_object_get(snapshot, "diff"));

	if (diff)
		json_object_del(snapshot, "diff");
	json_dumpf(result, stdout, JSON_INDENT(2) | JSON_ENCODE_ANY);
	putchar('\n');
	if (!diff)
		return;
	draw_diff(&shell->canvas, diff, json_object_get(snapshot, "vmas"));
	json_object_set_new(snapshot, "diff", diff);
}

static enum cli_status run_method(struct shell *shell,
				  const struct shell_command *command)
{
	json_t *params = json_object();
	enum cli_status status;
	const char *wrong;
	json_t *result;

	for (size_t i = 2; i < command->count; i++) {
		wrong = cli_parameter(params, command->words[i]);
		if (wrong) {
			fprintf(stderr, "vmarium: %s\n", wrong);
			json_decref(params);
			return CLI_FAILED;
		}
	}
	if (!json_object_get(params, "process"))
		json_object_set_new(params, "process",
				    json_string(shell->process));
	status = shell_call(shell, command->words[1], params, &result);
	if (status != CLI_OK)
		return status;
	if (!shell->json)
		method_tell(shell, result);
	changes_fetch(shell, json_object_get(result, "snapshot"));
	json_decref(result);
	return CLI_OK;
}

static enum cli_status run_text(struct shell *shell, const char *method)
{
	json_t *params = json_pack("{s:s}", "process", shell->process);
	enum cli_status status;
	json_t *result;

	status = shell_call(shell, method, params, &result);
	if (status == CLI_OK && !shell->json)
		fputs(json_string_value(json_object_get(result, "text")),
		      stdout);
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
	status = snapshot_fetch(shell, want, &result);
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
		return run_call(shell, command);
	case SHELL_TOUCH:
		return run_touch(shell, command);
	case SHELL_FIND_VMA:
		return run_find_vma(shell, command);
	case SHELL_METHOD:
		return run_method(shell, command);
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
		printf("%s\n", shell->process);
	} else if (shell->ours && shell->process) {
		rpc_client_call(shell->client, "process.exit",
				json_pack("{s:s}", "process", shell->process),
				&answer);
		json_decref(answer);
	}
	free(shell->process);
	json_decref(shell->before);
}
