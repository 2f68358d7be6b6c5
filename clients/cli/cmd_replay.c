/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/cli.h"
#include "clients/cli/draw.h"
#include "clients/cli/report.h"

static const char help[] =
	"Usage: vmarium replay [OPTIONS] FILE...\n"
	"\n"
	"Replays traces, runs of memory calls recorded on a real kernel, "
	"against a server\n"
	"and compares every answer with the kernel's. A trace stops at its "
	"first\n"
	"difference, which is shown side by side; the next file follows.\n"
	"\n"
	"Recordings of 'vmarium record' are replayed with the newest release "
	"that the server\n"
	"has and that is not newer than the recording's kernel. They hold "
	"answers and maps.\n"
	"\n"
	"A trace that is cut or garbled is replayed up to the line that is "
	"wrong.\n"
	"\n"
	"Options:\n"
	"  --check LIST   what to compare, of ret,maps,status,vmacache "
	"(default: all)\n"
	"  --profile REL  emulate this release instead of the trace's own, "
	"such as 4.0\n"
	"  --keep-going   show every difference of a trace, not the first "
	"alone\n"
	"  --strict       of a recording from a newer kernel than the release: "
	"count it as a\n"
	"                 difference, too, that neighbouring areas are merged "
	"otherwise\n"
	"  --reimport     export the world that an agreeing trace ends with, "
	"import the\n"
	"                 document, and see that it makes the same world; "
	"likewise as\n"
	"                 a link, if it is short enough for one\n"
	"  --show         draw the address space that an agreeing trace ends "
	"with\n" CLI_OPTIONS_HELP "\n"
	"With --json each file is one line: {file, kernel, checks, steps, "
	"agreed, outcome,\n"
	"differences: [{line, step, call, rows: [{check, label, expected, got, "
	"differs}]}]},\n"
	"the outcome being agrees, differs, refused, lost or unusable; "
	"`profile` says what a\n"
	"recording was replayed as, `error` why a trace ends before its file "
	"does; a last\n"
	"line sums up:\n"
	"{files, agreeing, steps, agreed}.\n"
	"\n"
	"Exit status: 0 all traces agree; 1 one differs, or the server refused "
	"a call;\n"
	"2 wrong usage, a file that is no trace, or no server.\n";

enum {
	OPT_CHECK = 'c',
	OPT_PROFILE = 'p',
	OPT_KEEP_GOING = 'k',
	OPT_SHOW = 'S',
	OPT_STRICT = 't',
	OPT_REIMPORT = 'r'
};

static enum cli_status replay_file(struct rpc_client *client, const char *path,
				   const struct replay_options *options,
				   struct report *report)
{
	const struct replay_reporter reporter = {
		.differs = report_difference,
		.ended = report_space,
		.ctx = report,
	};
	struct replay_result result = { 0 };
	enum replay_outcome outcome;
	char *wrong = NULL;
	struct trace trace;
	char error[256];

	report_file_begin(report, path, options);
	if (trace_load(&trace, path, error, sizeof(error)))
		wrong = error;
	if (!trace_usable(&trace)) {
		report_unusable(report, wrong);
		trace_unload(&trace);
		return CLI_UNUSABLE;
	}
	/* What could be read is replayed all the same. */
	outcome = replay_run(client, &trace, options, &reporter, &result);
	report_file_end(report, client, &trace, outcome, &result, wrong);
	json_decref(result.refused);
	free(result.profile);
	trace_unload(&trace);
	if (outcome == REPLAY_LOST || wrong)
		return CLI_UNUSABLE;
	return outcome == REPLAY_AGREES ? CLI_OK : CLI_FAILED;
}

static enum cli_status replay_files(const struct cli_options *common,
				    char **paths,
				    const struct replay_options *options,
				    struct report *report)
{
	struct rpc_client *client = cli_connect(common);
	enum cli_status worst = CLI_OK;

	for (; *paths; paths++) {
		enum cli_status status =
			replay_file(client, *paths, options, report);

		if (status > worst)
			worst = status;
		/* Without a server the other files would say the same. */
		if (report->lost)
			break;
	}
	report_end(report);
	rpc_client_free(client);
	return worst;
}

static enum cli_status run(int argc, char **argv)
{
	static const struct option longs[] = {
		CLI_OPTIONS,
		{ "check", required_argument, NULL, OPT_CHECK },
		{ "profile", required_argument, NULL, OPT_PROFILE },
		{ "keep-going", no_argument, NULL, OPT_KEEP_GOING },
		{ "show", no_argument, NULL, OPT_SHOW },
		{ "strict", no_argument, NULL, OPT_STRICT },
		{ "reimport", no_argument, NULL, OPT_REIMPORT },
		{ 0 },
	};
	struct replay_options options = { .checks = CHECK_ALL };
	struct cli_options common = { 0 };
	struct report report = { 0 };
	char word[64];
	int opt;

	while ((opt = cli_next_option(&cmd_replay, argc, argv, longs,
				      &common)) != -1) {
		switch (opt) {
		case OPT_CHECK:
			if (compare_parse_checks(optarg, &options.checks, word,
						 sizeof(word)))
				return cli_usage_error(
					&cmd_replay,
					"there is no check '%s'; there are "
					"ret, "
					"maps, status and vmacache",
					word);
			break;
		case OPT_PROFILE:
			options.profile = optarg;
			break;
		case OPT_KEEP_GOING:
			options.keep_going = true;
			break;
		case OPT_STRICT:
			options.strict = true;
			break;
		case OPT_REIMPORT:
			options.reimport = true;
			break;
		case OPT_SHOW:
			report.show = options.show = true;
			break;
		}
	}
	if (optind == argc)
		return cli_usage_error(&cmd_replay, "which FILE?");
	if (report.show && common.json)
		return cli_usage_error(
			&cmd_replay,
			"--show draws for people, --json does not");
	report_begin(&report, common.json, stdout);
	return replay_files(&common, argv + optind, &options, &report);
}

const struct cli_command cmd_replay = {
	.name = "replay",
	.summary = "replay a real kernel's traces and compare every answer",
	.help = help,
	.run = run,
};
