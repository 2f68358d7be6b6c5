/* SPDX-License-Identifier: MIT */
#include "clients/cli/cli.h"

static const char help[] =
	"Usage: vmarium branch PROCESS|SHARE [SEQ] [OPTIONS]\n"
	"\n"
	"Makes a second world with the past of a process's, up to operation "
	"SEQ\n"
	"(default: all of it), and prints the name that the process has there. "
	"From\n"
	"then on each goes its own way.\n"
	"\n"
	"Options:\n" CLI_OPTIONS_HELP "\n"
	"With --json the result is printed, with the names of the world's "
	"other processes.\n"
	"\n"
	"Exit status: 0 done; 1 the server refused; 2 wrong usage or no "
	"server.\n";

static enum cli_status run(int argc, char **argv)
{
	static const struct option longs[] = { CLI_OPTIONS, { 0 } };
	struct cli_options options = { 0 };
	enum cli_status status;
	json_t *params, *answer;

	while (cli_next_option(&cmd_branch, argc, argv, longs, &options) != -1)
		;
	params = cli_state_params(&cmd_branch, argc, argv, 1,
				  "which PROCESS, and from which SEQ on?");
	if (!params)
		return CLI_UNUSABLE;
	status = cli_ask(&options, "world.branch", params, &answer);
	if (status == CLI_OK)
		cli_print_process(&options, answer);
	json_decref(answer);
	return status;
}

const struct cli_command cmd_branch = {
	.name = "branch",
	.summary = "go on from an earlier state in a second world",
	.help = help,
	.run = run,
};
