/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/cli.h"
#include "clients/cli/draw.h"
#include "clients/cli/shell_input.h"
#include "clients/cli/shell_session.h"

static const char help[] =
	"Usage: vmarium shell [PROCESS | NAME=VALUE...]\n"
	"\n"
	"A prompt on one virtual process: makes memory calls, prints the "
	"kernel's answers as\n"
	"strace does, and draws what changed. Without PROCESS a new process is "
	"made, with the\n"
	"parameters NAME=VALUE of process.create if there are any (values as "
	"'vmarium call'\n"
	"takes them), and ended on leaving.\n"
	"\n"
	"  vmarium shell\n"
	"  vmarium shell uid=0 "
	"'files=[{\"fd\":3,\"name\":\"data\",\"size\":20480,\"mode\":\"rw\"}]'"
	"\n"
	"\n"
	"  brk +8k                          mmap 0 8192 rw private\n"
	"  munmap 0x7ffff7ff9000 4k         mmap 0 8k rw private fd=3 "
	"offset=0\n"
	"  write $                          mmap $ 4k none private fixed\n"
	"\n"
	"'help' at the prompt lists all commands. Numbers may be 0x or "
	"decimal, end in k, M, G\n"
	"or T, and be added up; $ is the last address a call answered, brk the "
	"break; flags\n"
	"are small words, or as strace spells them. # begins a comment.\n"
	"\n"
	"Standard input may be a script: its lines are echoed, and the first "
	"that is not\n"
	"understood, or that the server refuses, ends it.\n"
	"\n"
	"Options:\n"
	"  --keep         do not end the process that was made; print its name "
	"on leaving\n" CLI_OPTIONS_HELP "\n"
	"With --json the results are printed as the server gives them, one a "
	"line.\n"
	"\n"
	"Exit status: 0 all done; 1 a script was stopped, or the process "
	"refused; 2 wrong usage\n"
	"or no server.\n";

enum {
	OPT_KEEP = 'k'
};

/* A session and where its lines come from. */
struct dialogue {
	struct shell shell;
	bool interactive;
	unsigned line;
};

static enum cli_status run_line(struct dialogue *dialogue, const char *line)
{
	struct shell *shell = &dialogue->shell;
	struct shell_command command;
	enum cli_status status = CLI_FAILED;
	char error[256];

	dialogue->line++;
	if (!shell_parse(line, &shell->names, &command, error, sizeof(error))) {
		status = shell_run(shell, &command);
	} else {
		fflush(stdout);
		if (dialogue->interactive)
			fprintf(stderr, "%s\n", error);
		else
			fprintf(stderr, "vmarium: line %u, %s\n",
				dialogue->line, error);
	}
	shell_command_free(&command);
	return status;
}

/* NULL: no prompt and no echo, the output is for a program. */
static const char *prompt(const struct dialogue *dialogue, char *text,
			  size_t size)
{
	const struct shell *shell = &dialogue->shell;

	if (shell->json && !dialogue->interactive)
		return NULL;
	if (shell->thread == shell->first_thread && !shell->current)
		return "vmarium> ";
	if (shell->thread == shell->first_thread)
		snprintf(text, size, "vmarium (process %zu)> ", shell->current);
	else if (!shell->current)
		snprintf(text, size,
			 "vmarium (thread %" JSON_INTEGER_FORMAT ")> ",
			 shell->thread);
	else
		snprintf(text, size,
			 "vmarium (process %zu, thread %" JSON_INTEGER_FORMAT
			 ")> ",
			 shell->current, shell->thread);
	return text;
}

/* A person goes on after a mistake, a script does not; no server ends both. */
static enum cli_status run_lines(struct dialogue *dialogue)
{
	enum cli_status status = CLI_OK;
	char text[64];
	char *line;

	while (!dialogue->shell.done &&
	       (line = shell_input_line(
			prompt(dialogue, text, sizeof(text))))) {
		status = run_line(dialogue, line);
		free(line);
		if (status == CLI_UNUSABLE ||
		    (status != CLI_OK && !dialogue->interactive))
			return status;
	}
	return CLI_OK;
}

/* The *@indexp'th flag word of a call, or NULL with how many too far that is. */
static const char *flag_candidate(const struct call_form *form, size_t *indexp)
{
	static const char *const types[] = { "private", "shared" };
	static char word[32];

	for (unsigned i = 0; i < form->count; i++) {
		enum arg_kind kind = form->args[i].kind;
		const struct flag_name *flag = call_flag_names(kind);

		/* A protection is quicker written than completed. */
		if (!flag || kind == ARG_PROT)
			continue;
		for (size_t type = 0; kind == ARG_MAP_FLAGS && type < 2;
		     type++) {
			if (!(*indexp)--)
				return types[type];
		}
		for (; flag->name; flag++) {
			if (!(*indexp)--)
				return shell_flag_word(flag, word,
						       sizeof(word));
		}
	}
	return NULL;
}

/* A command, or a flag of the command on the line, or where an area begins. */
static const char *candidate(void *ctx, const char *line, size_t index)
{
	const struct shell *shell = ctx;
	const struct call_form *form;
	const char *flag;
	char name[32];

	line += strspn(line, " \t");
	if (!*line)
		return shell_words()[index].name;
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(line, " \t"), line);
	form = call_find(name);
	flag = form ? flag_candidate(form, &index) : NULL;
	if (flag)
		return flag;
	return json_string_value(json_object_get(
		json_array_get(json_object_get(shell->before, "vmas"), index),
		"start"));
}

static enum cli_status hold_dialogue(struct dialogue *dialogue)
{
	const struct shell *shell = &dialogue->shell;
	const struct shell_completer completer = { candidate,
						   &dialogue->shell };
	enum cli_status status;

	dialogue->interactive = shell_input_open(&completer);
	if (dialogue->interactive && !shell->json)
		draw_space(&shell->canvas, shell->before);
	status = run_lines(dialogue);
	shell_input_close();
	return status;
}

static enum cli_status run(int argc, char **argv)
{
	static const struct option longs[] = {
		CLI_OPTIONS,
		{ "keep", no_argument, NULL, OPT_KEEP },
		{ 0 },
	};
	struct cli_options options = { 0 };
	struct dialogue dialogue = { 0 };
	const char *process = NULL, *wrong;
	enum cli_status status;
	bool keep = false;
	json_t *params;

	while (cli_next_option(&cmd_shell, argc, argv, longs, &options) ==
	       OPT_KEEP)
		keep = true;
	params = json_object();
	for (int i = optind; i < argc; i++) {
		if (!cli_assignment(argv[i]) && argc == optind + 1) {
			process = argv[i];
			continue;
		}
		wrong = cli_parameter(params, argv[i]);
		if (wrong) {
			json_decref(params);
			return cli_usage_error(&cmd_shell, "%s", wrong);
		}
	}
	dialogue.shell.json = options.json;
	dialogue.shell.client = cli_connect(&options);
	canvas_init(&dialogue.shell.canvas, stdout);
	status = shell_begin(&dialogue.shell, process, params);
	if (status == CLI_OK)
		status = hold_dialogue(&dialogue);
	shell_end(&dialogue.shell, keep);
	rpc_client_free(dialogue.shell.client);
	return status;
}

const struct cli_command cmd_shell = {
	.name = "shell",
	.summary = "a prompt that makes memory calls and draws what changed",
	.help = help,
	.run = run,
};
