/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clients/cli/cli.h"
#include "clients/cli/tracer.h"

static const char help[] =
	"Usage: vmarium record [OPTIONS] [--] PROGRAM [ARGUMENT]...\n"
	"\n"
	"Runs a real program and writes a trace: how its address space stands "
	"behind execve,\n"
	"then every memory call of every thread and child, the kernel's "
	"answer, and the maps\n"
	"where they changed. 'vmarium replay' repeats it on a server.\n"
	"\n"
	"  vmarium record -o ls.jsonl /bin/ls\n"
	"  vmarium replay ls.jsonl\n"
	"\n"
	"The program runs as it would alone, but slower, one memory call at a "
	"time, without\n"
	"address space randomisation, and without what a setuid bit would "
	"give it.\n"
	"\n"
	"A recording supports the checks ret and maps. Page faults are not "
	"recorded one by\n"
	"one: the first write to an area, and what makes the stack grow, stand "
	"in it as\n"
	"'write'; so counters of resident pages and of look-ups cannot be "
	"compared. What no\n"
	"virtual kernel does (devices, huge pages, SysV segments) stands in it "
	"as 'image':\n"
	"the maps that it left, from which a replay goes on.\n"
	"\n"
	"Options:\n"
	"  -o, --output FILE  where to write it, - for standard output "
	"(default:\n"
	"                     PROGRAM.jsonl in the current folder)\n"
	"  --profile REL      the release that a replay emulates (default: the "
	"newest that the\n"
	"                     server has and that is not newer than this "
	"kernel)\n"
	"  --randomize        leave the addresses random, as the system has "
	"it\n"
	"  --json             print {file, lines, calls, processes, threads, "
	"exit, signal}\n"
	"  --help             print this text\n"
	"\n"
	"Exit status: 0 recorded, whatever the program's own status; 1 part "
	"of it could not be\n"
	"recorded; 2 wrong usage, or the program cannot be run or traced.\n";

enum {
	OPT_OUTPUT = 'o',
	OPT_PROFILE = 'p',
	OPT_RANDOMIZE = 'r'
};

struct recording {
	const char *path;
	const char *profile;
	bool randomise;
	bool json;
	char *const *argv;
};

static char *default_path(const char *program)
{
	const char *slash = strrchr(program, '/');
	char *path;

	if (asprintf(&path, "%s.jsonl", slash ? slash + 1 : program) < 0)
		cli_out_of_memory();
	return path;
}

/* A program that gains rights by being executed does not while it is traced. */
static void warn_of_setuid(const char *program)
{
	struct stat stat_buf;

	if (!stat(program, &stat_buf) && geteuid() &&
	    (stat_buf.st_mode & (S_ISUID | S_ISGID)))
		fprintf(stderr,
			"vmarium: %s is setuid or setgid: it runs without "
			"those rights while it is recorded, and may refuse\n",
			program);
}

static void tell(const struct recording *recording,
		 const struct recorder_counts *counts, int status)
{
	json_t *line;

	if (recording->json) {
		line = json_pack(
			"{s:s, s:I, s:I, s:I, s:I, s:o, s:o}", "file",
			recording->path, "lines", (json_int_t)counts->lines,
			"calls", (json_int_t)counts->calls, "processes",
			(json_int_t)counts->processes, "threads",
			(json_int_t)counts->threads, "exit",
			WIFEXITED(status) ? json_integer(WEXITSTATUS(status))
					  : json_null(),
			"signal",
			WIFSIGNALED(status) ? json_integer(WTERMSIG(status))
					    : json_null());
		cli_print_json(line);
		json_decref(line);
		return;
	}
	fprintf(stderr, "%s: %zu calls of %u process%s", recording->path,
		counts->calls, counts->processes,
		counts->processes == 1 ? "" : "es");
	if (counts->threads > 1)
		fprintf(stderr, " and %u more thread%s", counts->threads - 1,
			counts->threads == 2 ? "" : "s");
	if (WIFSIGNALED(status))
		fprintf(stderr, "; %s was killed by signal %d (%s)\n",
			recording->argv[0], WTERMSIG(status),
			strsignal(WTERMSIG(status)));
	else
		fprintf(stderr, "; %s exited with %d\n", recording->argv[0],
			WEXITSTATUS(status));
}

static enum cli_status record_to(FILE *out, const struct recording *recording)
{
	struct recorder *recorder =
		recorder_new(out, recording->profile, recording->argv);
	struct tracer_result result;
	enum cli_status status = CLI_OK;

	if (!tracer_run(recorder, recording->argv, recording->randomise,
			&result))
		status = CLI_UNUSABLE;
	else if (result.trouble)
		status = CLI_FAILED;
	if (result.trouble)
		fprintf(stderr, "vmarium: %s\n", result.trouble);
	if (status != CLI_UNUSABLE)
		tell(recording, recorder_counts(recorder), result.status);
	free(result.trouble);
	recorder_free(recorder);
	return status;
}

static enum cli_status record(const struct recording *recording)
{
	enum cli_status status;
	FILE *out;

	warn_of_setuid(recording->argv[0]);
	if (!strcmp(recording->path, "-"))
		return record_to(stdout, recording);
	out = fopen(recording->path, "we");
	if (!out) {
		fprintf(stderr, "vmarium: %s: %s\n", recording->path,
			strerror(errno));
		return CLI_UNUSABLE;
	}
	status = record_to(out, recording);
	if (fclose(out)) {
		fprintf(stderr, "vmarium: %s: %s\n", recording->path,
			strerror(errno));
		return CLI_UNUSABLE;
	}
	if (status == CLI_UNUSABLE)
		unlink(recording->path);
	return status;
}

static enum cli_status run(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "output", required_argument, NULL, OPT_OUTPUT },
		{ "profile", required_argument, NULL, OPT_PROFILE },
		{ "randomize", no_argument, NULL, OPT_RANDOMIZE },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	struct recording recording = { 0 };
	struct cli_options common = { 0 };
	enum cli_status status;
	char *path = NULL;
	int opt;

	while ((opt = cli_next_option(&cmd_record, argc, argv, longs,
				      &common)) != -1) {
		switch (opt) {
		case OPT_OUTPUT:
			recording.path = optarg;
			break;
		case OPT_PROFILE:
			recording.profile = optarg;
			break;
		case OPT_RANDOMIZE:
			recording.randomise = true;
			break;
		}
	}
	if (optind == argc)
		return cli_usage_error(&cmd_record, "which PROGRAM?");
	recording.argv = argv + optind;
	recording.json = common.json;
	if (!recording.path)
		recording.path = path = default_path(recording.argv[0]);
	if (recording.json && !strcmp(recording.path, "-"))
		return cli_usage_error(
			&cmd_record,
			"-o - writes the trace where --json would write");
	status = record(&recording);
	free(path);
	return status;
}

const struct cli_command cmd_record = {
	.name = "record",
	.summary = "run a real program and write a trace of its memory calls",
	.help = help,
	.shorts = "+ho:",
	.run = run,
};
