/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "clients/cli/cli.h"

static const char help[] =
	"Usage: vmarium rewind PROCESS SEQ [OPTIONS]\n"
	"\n"
	"Undoes the operations of a process's world that came after operation "
	"SEQ;\n"
	"0 undoes all. They are forgotten. To keep them, go on in a branch.\n"
	"\n"
	"Options:\n" CLI_OPTIONS_HELP "\n"
	"With --json the result is printed as the server gave it.\n"
	"\n"
	"Exit status: 0 done; 1 the server refused; 2 wrong usage or no "
	"server.\n";

static void print(const struct cli_options *options, const json_t *answer)
{
	if (options->json)
		cli_print_json(answer);
	else
		printf("the last operation is %" JSON_INTEGER_FORMAT "\n",
		       json_integer_value(json_object_get(answer, "seq")));
}

static enum cli_status run(int argc, char **argv)
{
	static const struct option longs[] = { CLI_OPTIONS, { 0 } };
	struct cli_options options = { 0 };
	enum cli_status status;
	json_t *params, *answer;

	while (cli_next_option(&cmd_rewind, argc, argv, longs, &options) != -1)
		;
	params = cli_state_params(&cmd_rewind, argc, argv, 2,
				  "which PROCESS, and back to which SEQ?");
	if (!params)
		return CLI_UNUSABLE;
	status = cli_ask(&options, "history.rewind", params, &answer);
	if (status == CLI_OK)
		print(&options, answer);
	json_decref(answer);
	return status;
}

const struct cli_command cmd_rewind = {
	.name = "rewind",
	.summary = "undo what was called on a process",
	.help = help,
	.run = run,
};
