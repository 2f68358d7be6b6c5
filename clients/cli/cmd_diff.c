/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "clients/cli/cli.h"
#include "clients/cli/state_diff.h"

static const char help[] =
	"Usage: vmarium diff PROCESS|SHARE [SEQ [SEQ]]\n"
	"       vmarium diff PROCESS|SHARE OTHER [SEQ [SEQ]]\n"
	"\n"
	"Draws what differs between two states of a process: those after two\n"
	"operations, or after one and now. Without any it is what the last "
	"operation\n"
	"changed; 0 is the state at the creation. With OTHER the second state "
	"is that\n"
	"of another process, of the same world or of one that branched off.\n"
	"\n"
	"  vmarium diff PROCESS 3       since operation 3\n"
	"  vmarium diff PROCESS 3 4     what operation 4 changed\n"
	"  vmarium diff PROCESS BRANCH  the process, and its branch\n"
	"\n"
	"Areas that are new begin with +, those that are gone with -, those "
	"that\n"
	"changed with ~.\n"
	"\n"
	"Options:\n"
	"  --thread N     whose look-up cache (default: the first "
	"thread's)\n" CLI_OPTIONS_HELP "\n"
	"With --json the difference is printed as the server gave it.\n"
	"\n"
	"Exit status: 0 drawn, whether anything differs or not; 1 the server "
	"refused; 2 wrong\n"
	"usage or no server.\n";

enum {
	OPT_THREAD = 'T',
	NAME_LEN = 32
};

static bool is_name(const char *word)
{
	return strlen(word) == NAME_LEN;
}

static enum cli_status read_words(struct state_diff *asked, int nr,
				  char **words)
{
	if (!nr)
		return cli_usage_error(&cmd_diff, "which PROCESS?");
	asked->process = words[0];
	words++, nr--;
	if (nr && is_name(words[0])) {
		asked->other = words[0];
		words++, nr--;
	}
	if (nr > 2)
		return cli_usage_error(&cmd_diff,
				       "'%s': two states are "
				       "compared, so two SEQs",
				       words[2]);
	asked->is_from_given = nr > 0;
	asked->is_to_given = nr > 1;
	for (int i = 0; i < nr; i++)
		if (!cli_number(words[i], i ? &asked->to : &asked->from))
			return cli_usage_error(&cmd_diff,
					       "'%s' is neither the number of "
					       "an operation nor the name of a "
					       "process",
					       words[i]);
	return CLI_OK;
}

static enum cli_status show(const struct cli_options *options,
			    const struct state_diff *asked)
{
	struct rpc_client *client = cli_connect(options);
	enum cli_status status;
	struct canvas canvas;

	canvas_init(&canvas, stdout);
	status = state_diff_show(client, *asked, &canvas, options->json);
	rpc_client_free(client);
	return status;
}

static enum cli_status run(int argc, char **argv)
{
	static const struct option longs[] = {
		CLI_OPTIONS,
		{ "thread", required_argument, NULL, OPT_THREAD },
		{ 0 },
	};
	struct state_diff asked = { .thread = 1 };
	struct cli_options options = { 0 };
	enum cli_status status;

	while (cli_next_option(&cmd_diff, argc, argv, longs, &options) != -1)
		if (!cli_number(optarg, &asked.thread))
			return cli_usage_error(&cmd_diff,
					       "--thread: '%s' is not a number",
					       optarg);
	status = read_words(&asked, argc - optind, argv + optind);
	return status == CLI_OK ? show(&options, &asked) : status;
}

const struct cli_command cmd_diff = {
	.name = "diff",
	.summary = "draw what differs between two states or two processes",
	.help = help,
	.run = run,
};
