/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/cli.h"
#include "clients/cli/document_file.h"
#include "clients/cli/foreign_text.h"
#include "clients/cli/importer.h"

static const char help[] =
	"Usage: vmarium import [OPTIONS] FILE\n"
	"\n"
	"Makes the world of a document that 'vmarium export' wrote, on the "
	"server, and\n"
	"prints the name of its first process; every answer and the state are "
	"compared with\n"
	"what the document recorded. The link that --link wrote will do, "
	"alone or in a URL.\n"
	"\n"
	"Or makes a trace of what other tools print, for 'vmarium replay'. "
	"Then FILE, or - for\n"
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
	"With --json the result of world.import or, with --create, of "
	"process.create is\n"
	"printed.\n"
	"\n"
	"Exit status: 0 all was read; 1 lines were left out, an answer "
	"differed, or the server\n"
	"refused; 2 wrong usage, nothing to read, another architecture, or "
	"no server.\n";

enum {
	OPT_OUTPUT = 'o',
	OPT_CREATE = 'c',
	OPT_PROFILE = 'p'
};

/* All of a file, with a NUL behind it; NULL: errno says why not. */
static char *read_text(const char *path, size_t *lenp)
{
	FILE *file = strcmp(path, "-") ? fopen(path, "re") : stdin;
	size_t room = 32768, len = 0;
	char *text = NULL;
	int err;

	if (!file)
		return NULL;
	do {
		if (!text || room - len < 4096)
			text = realloc(text, room *= 2);
		if (!text)
			cli_out_of_memory();
		len += fread(text + len, 1, room - len - 1, file);
	} while (!feof(file) && !ferror(file));
	err = ferror(file) ? errno : 0;
	if (file != stdin)
		fclose(file);
	text[len] = '\0';
	*lenp = len;
	if (!err)
		return text;
	free(text);
	errno = err;
	return NULL;
}

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
	if (outcome == RPC_RESULT)
		cli_print_process(options, answer);
	else
		status = cli_report(client, outcome, answer);
	json_decref(answer);
	rpc_client_free(client);
	return status;
}

static enum cli_status tell_complaints(const char *path,
				       const struct importer *importer)
{
	size_t i;
	json_t *complaint;

	json_array_foreach(importer_complaints(importer), i, complaint) {
		fprintf(stderr, "vmarium: %s: ", path);
		foreign_put(stderr, json_string_value(complaint));
		fputc('\n', stderr);
	}
	return i ? CLI_FAILED : CLI_OK;
}

struct import {
	const char *path;
	const char *output;
	const char *profile;
	bool create;
};

/* ----------------------------------------------------------- documents */

static void put_answer(const json_t *answer)
{
	if (answer)
		foreign_put_json(stderr, answer, JSON_ENCODE_ANY);
	else
		fputc('?', stderr);
}

/* Of another engine: the first operation that it answered otherwise. */
static enum cli_status tell_difference(const char *path, const json_t *answer)
{
	const json_t *difference = json_object_get(answer, "difference");

	if (json_is_true(json_object_get(answer, "verified")))
		return CLI_OK;
	fprintf(stderr, "vmarium: %s: another engine wrote it", path);
	if (!difference) {
		fputs(", and the state that it led to is another one now\n",
		      stderr);
		return CLI_FAILED;
	}
	fprintf(stderr, ": operation %" JSON_INTEGER_FORMAT " was answered ",
		json_integer_value(json_object_get(difference, "seq")));
	put_answer(json_object_get(difference, "recorded"));
	fputs(", and is answered ", stderr);
	put_answer(json_object_get(difference, "answered"));
	fputs(" now\n", stderr);
	return CLI_FAILED;
}

static enum cli_status import_document(const struct cli_options *options,
				       const struct import *import,
				       json_t *document)
{
	enum cli_status status;
	json_t *answer;

	if (import->create || import->profile || strcmp(import->output, "-")) {
		json_decref(document);
		return cli_usage_error(&cmd_import,
				       "%s is a document, whose world is made "
				       "on the server as it was: --create, "
				       "--profile and --output are for traces",
				       import->path);
	}
	status = cli_ask(options, "world.import",
			 json_pack("{s:o, s:[]}", "document", document, "want"),
			 &answer);
	if (status == CLI_FAILED)
		fprintf(stderr, "vmarium: %s has not been imported\n",
			import->path);
	if (status != CLI_OK)
		return status;
	cli_print_process(options, answer);
	status = tell_difference(import->path, answer);
	json_decref(answer);
	return status;
}

/* -------------------------------------------------------------- traces */

static enum cli_status import_lines(const struct cli_options *options,
				    const struct import *import, FILE *file)
{
	struct importer *importer = importer_new(import->profile);
	enum cli_status read, done;
	json_t *lines;
	bool good;

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
	return done > read ? done : read;
}

static enum cli_status import_text(const struct cli_options *options,
				   const struct import *import, char *text,
				   size_t len)
{
	char error[DOCUMENT_ERROR_MAX];
	enum cli_status status;
	json_t *document;
	FILE *file;

	switch (document_find(import->path, text, len, &document, error)) {
	case DOCUMENT_FOUND:
		return import_document(options, import, document);
	case DOCUMENT_BROKEN:
		fputs("vmarium: ", stderr);
		foreign_put(stderr, error);
		fputc('\n', stderr);
		return CLI_UNUSABLE;
	case DOCUMENT_NONE:
		break;
	}
	file = fmemopen(text, len ? len : 1, "r");
	if (!file)
		cli_out_of_memory();
	status = import_lines(options, import, file);
	fclose(file);
	return status;
}

static enum cli_status import(const struct cli_options *options,
			      const struct import *import)
{
	enum cli_status status = CLI_UNUSABLE;
	size_t len;
	char *text;

	text = read_text(import->path, &len);
	if (text)
		status = import_text(options, import, text, len);
	else
		fprintf(stderr, "vmarium: %s: %s\n", import->path,
			strerror(errno));
	free(text);
	return status;
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
	.summary = "make a world of a document, or a trace of strace's output",
	.help = help,
	.shorts = "ho:",
	.run = run,
};
