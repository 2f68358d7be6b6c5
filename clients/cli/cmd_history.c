/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "clients/cli/cli.h"
#include "clients/cli/operation_list.h"

static const char help[] =
	"Usage: vmarium history PROCESS|SHARE [OPTIONS]\n"
	"\n"
	"Lists the operations of a process's world in order: number, the "
	"process in\n"
	"its world and the thread that called, the call, and what it came to.\n"
	"\n"
	"Options:\n"
	"  --from SEQ     begin with this operation (default: the oldest that "
	"is kept)\n"
	"  --count N      list N at most\n"
	"  --last N       list the last N\n" CLI_OPTIONS_HELP "\n"
	"With --json each operation is printed on a line, as the server gave "
	"it.\n"
	"\n"
	"Exit status: 0 listed; 1 the server refused; 2 wrong usage or no "
	"server.\n";

enum {
	OPT_FROM = 'f',
	OPT_COUNT = 'c',
	OPT_LAST = 'l'
};

static enum cli_status show(const struct cli_options *options,
			    const struct operation_list *list)
{
	struct rpc_client *client = cli_connect(options);
	enum cli_status status;
	struct canvas canvas;

	canvas_init(&canvas, stdout);
	status = operation_list_show(client, *list, &canvas, options->json);
	rpc_client_free(client);
	return status;
}

static enum cli_status run(int argc, char **argv)
{
	static const struct option longs[] = {
		CLI_OPTIONS,
		{ "from", required_argument, NULL, OPT_FROM },
		{ "count", required_argument, NULL, OPT_COUNT },
		{ "last", required_argument, NULL, OPT_LAST },
		{ 0 },
	};
	struct operation_list list = { .count = UINT64_MAX };
	struct cli_options options = { 0 };
	uint64_t *numberp;
	int opt;

	while ((opt = cli_next_option(&cmd_history, argc, argv, longs,
				      &options)) != -1) {
		numberp = opt == OPT_FROM ? &list.from : &list.count;
		if (!cli_number(optarg, numberp) || !*numberp)
			return cli_usage_error(&cmd_history,
					       "'%s' is not a number from 1 on",
					       optarg);
		list.last |= opt == OPT_LAST;
	}
	if (optind + 1 != argc)
		return cli_usage_error(&cmd_history, "which PROCESS? One is "
						     "listed at a time");
	if (list.last && list.from)
		return cli_usage_error(&cmd_history,
				       "--last and --from: only one of them");
	list.process = argv[optind];
	return show(&options, &list);
}

const struct cli_command cmd_history = {
	.name = "history",
	.summary = "list what was called on a process, and what came of it",
	.help = help,
	.run = run,
};
