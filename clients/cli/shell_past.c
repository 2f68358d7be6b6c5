/* SPDX-License-Identifier: MIT */
/*
 * Commands of the shell about what was called before
 */
#include "clients/cli/operation_list.h"
#include "clients/cli/shell_parts.h"
#include "clients/cli/state_diff.h"

enum {
	LISTED = 10 /* operations, unless another number is said */
};

enum cli_status shell_history(struct shell *shell,
			      const struct shell_command *command)
{
	const struct operation_list list = {
		.process = shell->process,
		.count = command->count > 1 ? command->args[0] : LISTED,
		.last = true,
	};

	if (!list.count)
		return CLI_OK;
	return operation_list_show(shell->client, list, &shell->canvas,
				   shell->json);
}

enum cli_status shell_diff(struct shell *shell,
			   const struct shell_command *command)
{
	const struct state_diff asked = {
		.process = shell->process,
		.from = command->args[0],
		.to = command->args[1],
		.thread = shell->thread == SHELL_FIRST_THREAD
				  ? 1
				  : (uint64_t)shell->thread,
		.is_from_given = command->count > 1,
		.is_to_given = command->count > 2,
	};

	return state_diff_show(shell->client, asked, &shell->canvas,
			       shell->json);
}

static enum cli_status rewind_to(struct shell *shell, uint64_t seq)
{
	json_t *params = json_pack("{s:I, s:o}", "seq", (json_int_t)seq, "want",
				   shell_want());
	enum cli_status status;
	json_t *result;

	shell_params_add_caller(shell, params);
	status = shell_call(shell, "history.rewind", params, &result);
	if (status != CLI_OK)
		return status;
	if (!shell->json)
		printf("back after operation %" JSON_INTEGER_FORMAT "\n",
		       json_integer_value(json_object_get(result, "seq")));
	shell_changes_tell(shell, result);
	json_decref(result);
	return CLI_OK;
}

enum cli_status shell_rewind(struct shell *shell,
			     const struct shell_command *command)
{
	return rewind_to(shell, command->args[0]);
}

enum cli_status shell_undo(struct shell *shell,
			   const struct shell_command *command)
{
	const uint64_t count = command->count > 1 ? command->args[0] : 1;
	struct cli_history history;
	enum cli_status status;

	status = cli_history(shell->client, shell->process, &history);
	if (status != CLI_OK)
		return status;
	if (count > history.last) {
		fflush(stdout);
		fprintf(stderr,
			"vmarium: there have been %llu operations, and no more "
			"can be undone\n",
			(unsigned long long)history.last);
		return CLI_FAILED;
	}
	return rewind_to(shell, history.last - count);
}
