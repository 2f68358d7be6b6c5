/* SPDX-License-Identifier: MIT */
/*
 * What a shell's session asks the server, and how it tells what came of it
 */
#include <inttypes.h>
#include <string.h>

#include "clients/cli/changes.h"
#include "clients/cli/draw.h"
#include "clients/cli/draw_diff.h"
#include "clients/cli/foreign_text.h"
#include "clients/cli/json_number.h"
#include "clients/cli/shell_parts.h"

json_t *shell_want(void)
{
	return json_pack("[s, s, s]", "mm", "vmas", "vmacache");
}

void shell_snapshot_keep(struct shell *shell, json_t *snapshot)
{
	if (!json_is_object(snapshot))
		return;
	json_decref(shell->before);
	shell->before = json_incref(snapshot);
	json_u64(json_object_get(json_object_get(snapshot, "mm"), "brk"),
		 &shell->names.brk);
}

void shell_params_add_caller(const struct shell *shell, json_t *params)
{
	json_object_set_new(params, "process", json_string(shell->process));
	if (shell->thread != SHELL_FIRST_THREAD)
		json_object_set_new(params, "thread",
				    json_integer(shell->thread));
}

enum cli_status shell_call(struct shell *shell, const char *method,
			   json_t *params, json_t **resultp)
{
	enum rpc_outcome outcome;
	enum cli_status status;

	outcome = rpc_client_call(shell->client, method, params, resultp);
	if (outcome == RPC_RESULT) {
		if (shell->json) {
			foreign_put_json(stdout, *resultp, JSON_COMPACT);
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

enum cli_status shell_snapshot_fetch(struct shell *shell, json_t *want,
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

static void print_text(const char *title, const json_t *object,
		       const char *member)
{
	fputs(title, stdout);
	cli_print_member(object, member);
}

/* The sentences of a call's steps, if they were wanted. */
static void steps_tell(const json_t *snapshot)
{
	const json_t *steps = json_object_get(snapshot, "steps"), *step, *text;
	size_t i;

	json_array_foreach(steps, i, step) {
		text = json_object_get(step, "text");
		if (json_is_string(text))
			print_text("  ", step, "text");
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

enum cli_status shell_system_call(struct shell *shell,
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
			print_text("  vec ", result, "vec");
	}
	if (command->form->answers_address && json_is_string(ret))
		json_u64(ret, &shell->names.last);
	shell_changes_tell(shell, result);
	json_decref(result);
	return CLI_OK;
}

static void print_signal(const json_t *result)
{
	fputs(" = --- ", stdout);
	foreign_put_member(stdout, result, "fault");
	fputs(" {si_code=", stdout);
	foreign_put_member(stdout, result, "si_code");
	puts("} ---");
}

static void fault_print(const struct shell_command *command,
			const json_t *result)
{
	const char *fault = json_string_value(json_object_get(result, "fault"));

	printf("%s 0x%" PRIx64, command->touch, command->args[0]);
	if (command->args[1] != 1)
		printf(", %" PRIu64 " bytes", command->args[1]);
	if (json_is_string(json_object_get(result, "si_code")))
		print_signal(result);
	else if (!fault)
		printf(" = ?\n");
	else if (!strcmp(fault, "minor"))
		printf(" = ok, after a page fault\n");
	else
		printf(" = ok\n");
}

enum cli_status shell_touch(struct shell *shell,
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

enum cli_status shell_find_vma(struct shell *shell,
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
	foreign_put_json(stdout, result, JSON_INDENT(2) | JSON_ENCODE_ANY);
	putchar('\n');
	if (!diff)
		return;
	draw_diff(&shell->canvas, diff, json_object_get(snapshot, "vmas"));
	json_object_set_new(snapshot, "diff", diff);
}

enum cli_status shell_method(struct shell *shell,
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
