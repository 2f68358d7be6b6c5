/* SPDX-License-Identifier: MIT */
#include <stdio.h>

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
	uint64_t seq;

	while (cli_next_option(&cmd_branch, argc, argv, longs, &options) != -1)
		;
	if (optind == argc || optind + 2 < argc)
		return cli_usage_error(&cmd_branch,
				       "which PROCESS, and from which SEQ on?");
	if (optind + 1 < argc && !cli_number(argv[optind + 1], &seq))
		return cli_usage_error(&cmd_branch,
				       "'%s' is not the number of an operation",
				       argv[optind + 1]);
	params = json_pack("{s:s, s:[]}", "process", argv[optind], "want");
	if (optind + 1 < argc)
		json_object_set_new(params, "seq",
				    json_integer((json_int_t)seq));
	status = cli_ask(&options, "world.branch", params, &answer);
	if (status != CLI_OK)
		return status;
	if (options.json) {
		json_dumpf(answer, stdout, JSON_COMPACT);
		putchar('\n');
	} else {
		puts(json_string_value(json_object_get(answer, "process")));
	}
	json_decref(answer);
	return CLI_OK;
}

const struct cli_command cmd_branch = {
	.name = "branch",
	.summary = "go on from an earlier state in a second world",
	.help = help,
	.run = run,
};
