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

static enum cli_status run(int argc, char **argv)
{
	static const struct option longs[] = { CLI_OPTIONS, { 0 } };
	struct cli_options options = { 0 };
	enum cli_status status;
	json_t *answer;
	uint64_t seq;

	while (cli_next_option(&cmd_rewind, argc, argv, longs, &options) != -1)
		;
	if (optind + 2 != argc)
		return cli_usage_error(&cmd_rewind,
				       "which PROCESS, and back to which SEQ?");
	if (!cli_number(argv[optind + 1], &seq))
		return cli_usage_error(&cmd_rewind,
				       "'%s' is not the number of an operation",
				       argv[optind + 1]);
	status = cli_ask(&options, "history.rewind",
			 json_pack("{s:s, s:I, s:[]}", "process", argv[optind],
				   "seq", (json_int_t)seq, "want"),
			 &answer);
	if (status != CLI_OK)
		return status;
	if (options.json) {
		json_dumpf(answer, stdout, JSON_COMPACT);
		putchar('\n');
	} else {
		printf("the last operation is %" JSON_INTEGER_FORMAT "\n",
		       json_integer_value(json_object_get(answer, "seq")));
	}
	json_decref(answer);
	return CLI_OK;
}

const struct cli_command cmd_rewind = {
	.name = "rewind",
	.summary = "undo what was called on a process",
	.help = help,
	.run = run,
};
