/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/cli.h"
#include "clients/cli/draw.h"
#include "clients/cli/run_report.h"

static const char help[] =
	"Usage: vmarium run [OPTIONS] FILE\n"
	"\n"
	"Runs a script, a text of memory calls with names for their results, "
	"and shows what\n"
	"each line came to. FILE may be - for standard input. A script reads\n"
	"\n"
	"  p = mmap(0, 8192, rw, private)\n"
	"  munmap(p+4096, 4096)\n"
	"  expect access(p+4096, read) == SIGSEGV\n"
	"\n"
	"docs/SCRIPTS.md describes all of it. If anything in it is wrong, "
	"nothing of it\n"
	"happens. Without --process a new process is made for it, and ended "
	"behind it.\n"
	"\n"
	"Options:\n"
	"  --process NAME  run it on this process\n"
	"  --profile REL   make the process of this release, such as 6.1\n"
	"  --create JSON   make it with these parameters of process.create\n"
	"  --keep          do not end the process that was made, but print its "
	"name\n"
	"  --max-steps N   let it take no more than N steps\n"
	"  --steps         tell what the kernel does at each call, step by "
	"step\n"
	"  --lang LANG     tell them, and what is wrong with the script, in "
	"en (default) or zh\n"
	"  --show          draw the address space that it ends "
	"with\n" CLI_OPTIONS_HELP "\n"
	"With --json the result of script.run is printed as the server gave "
	"it.\n"
	"\n"
	"Exit status: 0 all expectations hold; 1 one does not, or the server "
	"refused; 2 the\n"
	"script has an error, wrong usage, or no server.\n";

enum {
	OPT_PROCESS = 'P',
	OPT_PROFILE = 'p',
	OPT_CREATE = 'c',
	OPT_KEEP = 'k',
	OPT_MAX_STEPS = 'm',
	OPT_STEPS = 'S',
	OPT_LANG = 'l',
	OPT_SHOW = 'd'
};

struct run {
	struct cli_options common;
	const char *path;
	const char *process;
	json_t *create; /* NULL: nothing was said */
	const char *lang;
	json_int_t max_steps; /* 0: the server's */
	bool keep, steps, show;
};

static char *read_script(const char *path)
{
	FILE *file = strcmp(path, "-") ? fopen(path, "re") : stdin;
	char *text = NULL;
	size_t room = 0;
	ssize_t len;

	if (!file) {
		fprintf(stderr, "vmarium: %s: %s\n", path, strerror(errno));
		return NULL;
	}
	len = getdelim(&text, &room, '\0', file);
	if (len < 0 && ferror(file)) {
		fprintf(stderr, "vmarium: %s: %s\n", path, strerror(errno));
		free(text);
		text = NULL;
	} else if (len < 0) {
		free(text);
		text = strdup("");
	}
	if (file != stdin)
		fclose(file);
	return text;
}

static json_t *request(const struct run *run, const char *text)
{
	json_t *params = json_object();
	json_t *script = json_string(text);

	if (!script) {
		fprintf(stderr, "vmarium: %s: the script is not UTF-8\n",
			run->path);
		json_decref(params);
		return NULL;
	}
	json_object_set_new(params, "script", script);
	if (run->process)
		json_object_set_new(params, "process",
				    json_string(run->process));
	if (run->create)
		json_object_set(params, "create", run->create);
	if (run->max_steps)
		json_object_set_new(params, "steps",
				    json_integer(run->max_steps));
	if (run->steps)
		json_object_set_new(params, "each", json_pack("[s]", "steps"));
	json_object_set_new(params, "lang", json_string(run->lang));
	json_object_set_new(params, "want",
			    run->show ? json_pack("[s, s]", "mm", "vmas")
				      : json_array());
	return params;
}

static void end_process(struct rpc_client *client, const json_t *name)
{
	json_t *answer;

	if (!json_is_string(name))
		return;
	/* It may have ended by itself. */
	rpc_client_call(client, "process.exit",
			json_pack("{s:s}", "process", json_string_value(name)),
			&answer);
	json_decref(answer);
}

/* What the script has made: its process, and what that forked. */
static void end_processes(struct rpc_client *client, const json_t *result)
{
	const json_t *lines = json_object_get(result, "lines");
	const json_t *line;
	size_t i;

	json_array_foreach(lines, i, line)
		end_process(client,
			    json_object_get(json_object_get(line, "result"),
					    "process"));
	end_process(client, json_object_get(result, "process"));
}

static void print_process(const json_t *result)
{
	fputs("process ", stdout);
	cli_print_member(result, "process");
}

static enum cli_status tell(const struct run *run, const json_t *result)
{
	struct canvas canvas;

	if (run->common.json) {
		cli_print_json(result);
	} else {
		canvas_init(&canvas, stdout);
		run_report(&canvas, result);
		if (run->show && json_object_get(result, "snapshot")) {
			putchar('\n');
			draw_space(&canvas,
				   json_object_get(result, "snapshot"));
		}
		if (run->keep && !run->process)
			print_process(result);
	}
	return json_integer_value(json_object_get(result, "failed"))
		       ? CLI_FAILED
		       : CLI_OK;
}

static enum cli_status run_text(const struct run *run, const char *text)
{
	struct rpc_client *client;
	enum cli_status status;
	enum rpc_outcome outcome;
	json_t *params, *answer;

	params = request(run, text);
	if (!params)
		return CLI_UNUSABLE;
	client = cli_connect(&run->common);
	outcome = rpc_client_call(client, "script.run", params, &answer);
	if (outcome == RPC_RESULT) {
		status = tell(run, answer);
		if (!run->process && !run->keep)
			end_processes(client, answer);
	} else if (outcome == RPC_REFUSED &&
		   run_report_error(run->path, text, answer)) {
		status = CLI_UNUSABLE;
	} else {
		status = cli_report(client, outcome, answer);
	}
	if (outcome == RPC_REFUSED && run->common.json)
		cli_print_json(answer);
	json_decref(answer);
	rpc_client_free(client);
	return status;
}

/* What the options say of the process that is to be made. */
static bool add_creation(struct run *run, const char *member, json_t *value)
{
	if (!run->create)
		run->create = json_object();
	if (member)
		return !json_object_set_new(run->create, member, value);
	if (!json_is_object(value)) {
		json_decref(value);
		return false;
	}
	json_object_update(run->create, value);
	json_decref(value);
	return true;
}

static enum cli_status take_option(struct run *run, int opt)
{
	char *end;

	switch (opt) {
	case OPT_PROCESS:
		run->process = optarg;
		break;
	case OPT_PROFILE:
		add_creation(run, "profile", json_string(optarg));
		break;
	case OPT_CREATE:
		if (!add_creation(
			    run, NULL,
			    json_loads(optarg, JSON_REJECT_DUPLICATES, NULL)))
			return cli_usage_error(&cmd_run,
					       "--create takes a JSON object, "
					       "such as '{\"uid\": 0}'");
		break;
	case OPT_KEEP:
		run->keep = true;
		break;
	case OPT_MAX_STEPS:
		errno = 0;
		run->max_steps = strtoll(optarg, &end, 10);
		if (errno || *end || run->max_steps < 1)
			return cli_usage_error(&cmd_run,
					       "--max-steps takes a number "
					       "from 1, not '%s'",
					       optarg);
		break;
	case OPT_STEPS:
		run->steps = true;
		break;
	case OPT_LANG:
		run->lang = optarg;
		if (strcmp(optarg, "en") != 0 && strcmp(optarg, "zh") != 0)
			return cli_usage_error(&cmd_run,
					       "there is no language '%s'; "
					       "there are en and zh",
					       optarg);
		break;
	case OPT_SHOW:
		run->show = true;
		break;
	}
	return CLI_OK;
}

static enum cli_status run_file(struct run *run, int argc, char **argv)
{
	enum cli_status status;
	char *text;

	if (optind + 1 != argc)
		return cli_usage_error(&cmd_run, optind == argc
							 ? "which FILE?"
							 : "one FILE at a "
							   "time");
	if (run->process && run->create)
		return cli_usage_error(&cmd_run,
				       "--process names a process; what one is "
				       "made with goes without it");
	run->path = argv[optind];
	text = read_script(run->path);
	status = text ? run_text(run, text) : CLI_UNUSABLE;
	free(text);
	return status;
}

static enum cli_status run(int argc, char **argv)
{
	static const struct option longs[] = {
		CLI_OPTIONS,
		{ "process", required_argument, NULL, OPT_PROCESS },
		{ "profile", required_argument, NULL, OPT_PROFILE },
		{ "create", required_argument, NULL, OPT_CREATE },
		{ "keep", no_argument, NULL, OPT_KEEP },
		{ "max-steps", required_argument, NULL, OPT_MAX_STEPS },
		{ "steps", no_argument, NULL, OPT_STEPS },
		{ "lang", required_argument, NULL, OPT_LANG },
		{ "show", no_argument, NULL, OPT_SHOW },
		{ 0 },
	};
	struct run run = { .lang = "en" };
	enum cli_status status = CLI_OK;
	int opt;

	while (status == CLI_OK &&
	       (opt = cli_next_option(&cmd_run, argc, argv, longs,
				      &run.common)) != -1)
		status = take_option(&run, opt);
	if (status == CLI_OK)
		status = run_file(&run, argc, argv);
	json_decref(run.create);
	return status;
}

const struct cli_command cmd_run = {
	.name = "run",
	.summary = "run a script of memory calls, and check what it expects",
	.help = help,
	.run = run,
};
