/* SPDX-License-Identifier: MIT */
/*
 * Commands of the shell that make and replace processes
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/changes.h"
#include "clients/cli/draw.h"
#include "clients/cli/elf_program.h"
#include "clients/cli/foreign_text.h"
#include "clients/cli/shell_parts.h"

static void process_put_aside(struct shell *shell)
{
	shell->processes[shell->current] = (struct shell_process){
		.id = shell->process,
		.thread = shell->thread,
		.first_thread = shell->first_thread,
		.before = shell->before,
		.names = shell->names,
	};
}

static void process_take_up(struct shell *shell, size_t number)
{
	const struct shell_process *process = &shell->processes[number];

	shell->current = number;
	shell->process = process->id;
	shell->thread = process->thread;
	shell->first_thread = process->first_thread;
	shell->before = process->before;
	shell->names = process->names;
}

/* Room for one more; the first is the one that the session began with. */
static struct shell_process *process_add(struct shell *shell)
{
	size_t count = shell->nr_processes ? shell->nr_processes : 1;

	shell->processes = reallocarray(shell->processes, count + 1,
					sizeof(*shell->processes));
	if (!shell->processes)
		cli_out_of_memory();
	shell->nr_processes = count + 1;
	return &shell->processes[count];
}

static void print_ret(const char *call, const json_t *result)
{
	printf("%s = ", call);
	call_spell_result(stdout, json_object_get(result, "ret"));
	putchar('\n');
}

static char *id_copy(const json_t *result)
{
	const char *id = json_string_value(json_object_get(result, "process"));
	char *copy = strdup(id ? id : "");

	if (!copy)
		cli_out_of_memory();
	return copy;
}

/* A process that was made makes the next calls. */
static void begin_process(struct shell *shell, const json_t *result)
{
	struct shell_process *process = process_add(shell);

	*process = (struct shell_process){
		.id = id_copy(result),
		.thread = json_integer_value(json_object_get(result, "thread")),
		.names = shell->names,
	};
	process->first_thread = process->thread;
	process_put_aside(shell);
	process_take_up(shell, shell->nr_processes - 1);
	shell_snapshot_keep(shell, json_object_get(result, "snapshot"));
	if (!shell->json)
		printf("process %zu makes the next calls\n", shell->current);
}

enum cli_status shell_fork(struct shell *shell,
			   const struct shell_command *command)
{
	bool share = command->count > 1;
	const char *call = share ? "vfork()" : "fork()";
	json_t *params = json_pack("{s:o}", "want", shell_want());
	enum cli_status status;
	json_t *result;

	shell_params_add_caller(shell, params);
	if (share)
		json_object_set_new(params, "vm", json_true());
	status = shell_call(shell, "process.fork", params, &result);
	if (status != CLI_OK)
		return status;
	if (!shell->json)
		print_ret(call, result);
	if (json_object_get(result, "process"))
		begin_process(shell, result);
	json_decref(result);
	return CLI_OK;
}

/* Another process of the branch, which can be switched to and ends with the
 * session. */
static void add_sibling(struct shell *shell, const json_t *named)
{
	struct shell_process *sibling = process_add(shell);

	*sibling = (struct shell_process){
		.id = id_copy(named),
		.thread = SHELL_FIRST_THREAD,
		.first_thread = SHELL_FIRST_THREAD,
		.names = shell->names,
	};
}

/* All of the branch's processes; the one that corresponds goes last. */
static void add_branch(struct shell *shell, json_t *result)
{
	const json_t *named, *own = json_object_get(result, "process");
	size_t i;

	json_array_foreach(json_object_get(result, "processes"), i, named)
		if (!json_equal(json_object_get(named, "process"), own))
			add_sibling(shell, named);
	begin_process(shell, result);
}

enum cli_status shell_branch(struct shell *shell,
			     const struct shell_command *command)
{
	json_t *params = json_pack("{s:o}", "want", shell_want());
	enum cli_status status;
	json_t *result;

	shell_params_add_caller(shell, params);
	if (command->count > 1)
		json_object_set_new(params, "seq",
				    json_integer((json_int_t)command->args[0]));
	status = shell_call(shell, "world.branch", params, &result);
	if (status != CLI_OK)
		return status;
	if (!shell->json)
		printf("a second world, after operation "
		       "%" JSON_INTEGER_FORMAT "\n",
		       json_integer_value(json_object_get(result, "seq")));
	add_branch(shell, result);
	json_decref(result);
	return CLI_OK;
}

enum cli_status shell_process(struct shell *shell,
			      const struct shell_command *command)
{
	size_t count = shell->nr_processes ? shell->nr_processes : 1;

	if (command->count > 1) {
		if (command->args[0] >= count) {
			fflush(stdout);
			fprintf(stderr,
				"vmarium: there is no process %" PRIu64
				"; there are 0 to %zu\n",
				command->args[0], count - 1);
			return CLI_FAILED;
		}
		if (shell->nr_processes) {
			process_put_aside(shell);
			process_take_up(shell, (size_t)command->args[0]);
		}
	}
	if (!shell->json) {
		printf("process %zu of %zu makes the calls: ", shell->current,
		       count);
		foreign_put(stdout, shell->process);
		putchar('\n');
	}
	return CLI_OK;
}

enum cli_status shell_exec(struct shell *shell,
			   const struct shell_command *command)
{
	json_t *params, *result, *snapshot;
	enum cli_status status;
	char error[512];

	params = elf_program_params(command->words + 1, error, sizeof(error));
	if (!params) {
		fflush(stdout);
		fprintf(stderr, "vmarium: %s\n", error);
		return CLI_FAILED;
	}
	shell_params_add_caller(shell, params);
	json_object_set_new(params, "want", shell_want());
	status = shell_call(shell, "process.exec", params, &result);
	if (status != CLI_OK)
		return status;
	snapshot = json_object_get(result, "snapshot");
	if (!shell->json) {
		printf("execve(\"%s\")", command->words[1]);
		print_ret("", result);
	}
	if (json_integer_value(json_object_get(result, "ret")) == 0) {
		shell->thread = shell->first_thread =
			json_integer_value(json_object_get(result, "thread"));
		if (!shell->json)
			draw_space(&shell->canvas, snapshot);
	}
	shell_snapshot_keep(shell, snapshot);
	json_decref(result);
	return CLI_OK;
}

enum cli_status shell_truncate(struct shell *shell,
			       const struct shell_command *command)
{
	json_t *params = json_pack("{s:s, s:I, s:I}", "process", shell->process,
				   "fd", (json_int_t)command->args[0], "size",
				   (json_int_t)command->args[1]);
	enum cli_status status;
	char call[64];
	json_t *result;

	status = shell_call(shell, "file.truncate", params, &result);
	if (status != CLI_OK)
		return status;
	snprintf(call, sizeof(call), "ftruncate(%" PRIu64 ", %" PRIu64 ")",
		 command->args[0], command->args[1]);
	if (!shell->json)
		print_ret(call, result);
	json_decref(result);
	return CLI_OK;
}

void shell_processes_end(struct shell *shell)
{
	if (!shell->nr_processes)
		return;
	process_put_aside(shell);
	for (size_t i = shell->nr_processes - 1; i > 0; i--) {
		struct shell_process *process = &shell->processes[i];
		json_t *answer;

		rpc_client_call(shell->client, "process.exit",
				json_pack("{s:s}", "process", process->id),
				&answer);
		json_decref(answer);
		free(process->id);
		json_decref(process->before);
	}
	process_take_up(shell, 0);
	free(shell->processes);
	shell->processes = NULL;
	shell->nr_processes = 0;
}
