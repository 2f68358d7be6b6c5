/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "clients/cli/cli.h"
#include "clients/cli/foreign_text.h"

static const char help[] =
	"Usage: vmarium export PROCESS|SHARE [OPTIONS]\n"
	"\n"
	"Writes a process's world as one document: how it was created, every "
	"operation\n"
	"with its answer, and a hash of the state. 'vmarium import' makes it "
	"anew, here\n"
	"or on another server.\n"
	"\n"
	"  vmarium export PROCESS -o heap.json --title 'A heap that grows'\n"
	"  vmarium import heap.json\n"
	"\n"
	"Options:\n"
	"  -o, --output FILE  where to write it (default: standard output)\n"
	"  --link             as one line for the fragment of a URL instead\n"
	"  --title TEXT       a title in the document\n"
	"  --notes TEXT       notes in the document\n" CLI_OPTIONS_HELP "\n"
	"A document is JSON anyway; with --json it is on one line.\n"
	"\n"
	"Exit status: 0 written; 1 the server refused; 2 wrong usage, a file "
	"that cannot be\n"
	"written, or no server.\n";

enum {
	OPT_OUTPUT = 'o',
	OPT_LINK = 'l',
	OPT_TITLE = 't',
	OPT_NOTES = 'n'
};

static bool put(FILE *out, const json_t *answer, bool json)
{
	const char *link = json_string_value(json_object_get(answer, "link"));
	const json_t *document = json_object_get(answer, "document");

	if (link)
		foreign_put(out, link);
	else
		foreign_put_json(out, document,
				 json ? JSON_COMPACT : JSON_INDENT(1));
	return fputc('\n', out) != EOF && !ferror(out);
}

static enum cli_status write_file(const char *path, const json_t *answer,
				  bool json)
{
	FILE *out = strcmp(path, "-") ? fopen(path, "we") : stdout;
	bool good = out && put(out, answer, json);

	if (out == stdout)
		good = !fflush(out) && good;
	else if (out)
		good = !fclose(out) && good;
	if (good)
		return CLI_OK;
	fprintf(stderr, "vmarium: %s: %s\n", path, strerror(errno));
	return CLI_UNUSABLE;
}

static enum cli_status run(int argc, char **argv)
{
	static const struct option longs[] = {
		CLI_OPTIONS,
		{ "output", required_argument, NULL, OPT_OUTPUT },
		{ "link", no_argument, NULL, OPT_LINK },
		{ "title", required_argument, NULL, OPT_TITLE },
		{ "notes", required_argument, NULL, OPT_NOTES },
		{ 0 },
	};
	struct cli_options options = { 0 };
	json_t *params = json_object(), *answer;
	const char *output = "-";
	enum cli_status status;
	int opt;

	while ((opt = cli_next_option(&cmd_export, argc, argv, longs,
				      &options)) != -1) {
		if (opt == OPT_OUTPUT)
			output = optarg;
		else if (opt == OPT_LINK)
			json_object_set_new(params, "form",
					    json_string("link"));
		else
			json_object_set_new(
				params, opt == OPT_TITLE ? "title" : "notes",
				json_string(optarg));
	}
	if (optind + 1 != argc) {
		json_decref(params);
		return cli_usage_error(&cmd_export, "which PROCESS? One world "
						    "is exported at a time");
	}
	json_object_set_new(params, "process", json_string(argv[optind]));
	status = cli_ask(&options, "world.export", params, &answer);
	if (status == CLI_OK &&
	    !json_is_string(json_object_get(answer, "link")) &&
	    !json_is_object(json_object_get(answer, "document")))
		status = cli_lacks("document");
	if (status == CLI_OK)
		status = write_file(output, answer, options.json);
	json_decref(answer);
	return status;
}

const struct cli_command cmd_export = {
	.name = "export",
	.summary = "write a process's world as a document, or as a link",
	.help = help,
	.shorts = "ho:",
	.run = run,
};
