/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/cli.h"
#include "clients/cli/importer.h"

static const char help[] =
	"Usage: vmarium import [OPTIONS] FILE\n"
	"\n"
	"Makes a trace of what other tools print, for 'vmarium replay'. FILE, "
	"or - for\n"
	"standard input, is either of\n"
	"\n"
	"  strace -f -e trace=memory,process,desc -o FILE PROGRAM\n"
	"  cat /proc/PID/maps > FILE\n"
	"\n"
	"strace's output may have process numbers and times or not, and calls "
	"that are\n"
	"unfinished and resumed. It has no maps: what calls must have found "
	"mapped is taken\n"
	"to have been there, so that a replay compares answers alone. A maps "
	"file becomes a\n"
	"trace of one line, or, with --create, a process on the server.\n"
	"\n"
	"A line that is cut or garbled is named with the reason and left "
	"out.\n"
	"\n"
	"Options:\n"
	"  -o, --output FILE  where to write the trace (default: standard "
	"output)\n"
	"  --create           make the process on the server and print its "
	"name\n"
	"  --profile REL      the release to emulate (default: the server's "
	"newest; with\n"
	"                     --create the server's default)\n" CLI_OPTIONS_HELP
	"\n"
	"With --json, --create prints the result of process.create.\n"
	"\n"
	"Exit status: 0 all was read; 1 lines were left out, or the server "
	"refused; 2 wrong\n"
	"usage, nothing to read, another architecture, or no server.\n";

enum {
	OPT_OUTPUT = 'o',
	OPT_CREATE = 'c',
	OPT_PROFILE = 'p'
};

/* False: there is no trace in it. */
static bool read_all(FILE *file, struct importer *importer)
{
	char *line = NULL;
	size_t room = 0;
	bool good = true;

	while (good && getline(&line, &room, file) >= 0)
		good = importer_feed(importer, line);
	free(line);
	return good;
}

static enum cli_status write_trace(const char *path, const json_t *lines)
{
	FILE *out = strcmp(path, "-") ? fopen(path, "we") : stdout;
	bool good = out;
	size_t i;
	json_t *line;

	json_array_foreach(lines, i, line) {
		good = good && !json_dumpf(line, out, JSON_COMPACT) &&
		       fputc('\n', out) != EOF;
	}
	if (out && out != stdout)
		good = !fclose(out) && good;
	if (good)
		return CLI_OK;
	fprintf(stderr, "vmarium: %s: %s\n", path, strerror(errno));
	return CLI_UNUSABLE;
}

static enum cli_status create(const struct cli_options *options,
			      const json_t *header, const char *profile)
{
	struct rpc_client *client = cli_connect(options);
	enum cli_status status = CLI_OK;
	enum rpc_outcome outcome;
	json_t *params, *answer;

	params = json_pack("{s:O}", "maps", json_object_get(header, "maps"));
	if (profile)
		json_object_set_new(params, "profile", json_string(profile));
	outcome = rpc_client_call(client, "process.create", params, &answer);
	if (outcome != RPC_RESULT) {
		status = cli_report(client, outcome, answer);
	} else if (options->json) {
		json_dumpf(answer, stdout, JSON_COMPACT);
		putchar('\n');
	} else {
		puts(json_string_value(json_object_get(answer, "process")));
	}
	json_decref(answer);
	rpc_client_free(client);
	return status;
}

static enum cli_status tell_complaints(const char *path,
				       const struct importer *importer)
{
	size_t i;
	json_t *complaint;

	json_array_foreach(importer_complaints(importer), i, complaint)
		fprintf(stderr, "vmarium: %s: %s\n", path,
			json_string_value(complaint));
	return i ? CLI_FAILED : CLI_OK;
}

struct import {
	const char *path;
	const char *output;
	const char *profile;
	bool create;
};

static enum cli_status import(const struct cli_options *options,
			      const struct import *import)
{
	FILE *file =
		strcmp(import->path, "-") ? fopen(import->path, "re") : stdin;
	struct importer *importer;
	enum cli_status read, done;
	json_t *lines;
	bool good;

	if (!file) {
		fprintf(stderr, "vmarium: %s: %s\n", import->path,
			strerror(errno));
		return CLI_UNUSABLE;
	}
	importer = importer_new(import->profile);
	good = read_all(file, importer);
	lines = importer_end(importer);
	read = tell_complaints(import->path, importer);
	if (!good) {
		done = CLI_UNUSABLE;
	} else if (!json_array_size(lines)) {
		fprintf(stderr,
			"vmarium: %s: neither a call of strace's nor a line "
			"of /proc/PID/maps\n",
			import->path);
		done = CLI_UNUSABLE;
	} else if (import->create && importer_calls(importer)) {
		fprintf(stderr,
			"vmarium: %s: --create takes maps; write a trace of "
			"strace's output and replay it\n",
			import->path);
		done = CLI_UNUSABLE;
	} else if (import->create) {
		done = create(options, json_array_get(lines, 0),
			      import->profile);
	} else {
		done = write_trace(import->output, lines);
	}
	json_decref(lines);
	importer_free(importer);
	if (file != stdin)
		fclose(file);
	return done > read ? done : read;
}

static enum cli_status run(int argc, char **argv)
{
	static const struct option longs[] = {
		CLI_OPTIONS,
		{ "output", required_argument, NULL, OPT_OUTPUT },
		{ "create", no_argument, NULL, OPT_CREATE },
		{ "profile", required_argument, NULL, OPT_PROFILE },
		{ 0 },
	};
	struct import what = { .output = "-" };
	struct cli_options options = { 0 };
	int opt;

	while ((opt = cli_next_option(&cmd_import, argc, argv, longs,
				      &options)) != -1) {
		switch (opt) {
		case OPT_OUTPUT:
			what.output = optarg;
			break;
		case OPT_CREATE:
			what.create = true;
			break;
		case OPT_PROFILE:
			what.profile = optarg;
			break;
		}
	}
	if (optind + 1 != argc)
		return cli_usage_error(&cmd_import,
				       optind == argc ? "which FILE?"
						      : "one FILE at a time");
	what.path = argv[optind];
	return import(&options, &what);
}

const struct cli_command cmd_import = {
	.name = "import",
	.summary = "make a trace of strace's output or of /proc/PID/maps",
	.help = help,
	.shorts = "ho:",
	.run = run,
};
