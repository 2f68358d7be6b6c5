/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "clients/cli/cli.h"

static const char help[] =
	"Usage: vmarium share PROCESS [OPTIONS]\n"
	"\n"
	"Makes a second name for a process and prints it. Whoever has it may "
	"show, watch,\n"
	"compare and export the process, and branch its world into one of "
	"their own, but\n"
	"not change it. It lasts as long as the process.\n"
	"\n"
	"  vmarium share PROCESS\n"
	"  vmarium watch SHARE\n"
	"\n"
	"Options:\n"
	"  --revoke SHARE  end a share of the process instead\n"
	"  --revoke-all    end all of its shares instead\n" CLI_OPTIONS_HELP
	"\n"
	"With --json the result is printed as the server gave it.\n"
	"\n"
	"Exit status: 0 done; 1 the server refused; 2 wrong usage or no "
	"server.\n";

enum {
	OPT_REVOKE = 'r',
	OPT_REVOKE_ALL = 'R'
};

static void print(const struct cli_options *options, const json_t *answer)
{
	const json_int_t revoked =
		json_integer_value(json_object_get(answer, "revoked"));

	if (options->json) {
		cli_print_json(answer);
	} else if (json_object_get(answer, "share")) {
		cli_print_member(answer, "share");
	} else {
		printf("%" JSON_INTEGER_FORMAT " share%s revoked\n", revoked,
		       revoked == 1 ? "" : "s");
	}
}

static enum cli_status run(int argc, char **argv)
{
	static const struct option longs[] = {
		CLI_OPTIONS,
		{ "revoke", required_argument, NULL, OPT_REVOKE },
		{ "revoke-all", no_argument, NULL, OPT_REVOKE_ALL },
		{ 0 },
	};
	struct cli_options options = { 0 };
	const char *share = NULL;
	enum cli_status status;
	bool revoke = false;
	json_t *params, *answer;
	int opt;

	while ((opt = cli_next_option(&cmd_share, argc, argv, longs,
				      &options)) != -1) {
		share = opt == OPT_REVOKE ? optarg : NULL;
		revoke = true;
	}
	if (optind + 1 != argc)
		return cli_usage_error(&cmd_share, "which PROCESS? One is "
						   "shared at a time");
	params = json_pack("{s:s}", "process", argv[optind]);
	if (share)
		json_object_set_new(params, "share", json_string(share));
	status = cli_ask(&options, revoke ? "process.unshare" : "process.share",
			 params, &answer);
	if (status == CLI_OK)
		print(&options, answer);
	json_decref(answer);
	return status;
}

const struct cli_command cmd_share = {
	.name = "share",
	.summary = "make a name with which others may look at a process",
	.help = help,
	.run = run,
};
