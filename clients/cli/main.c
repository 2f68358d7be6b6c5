/* SPDX-License-Identifier: MIT */
/*
 * vmarium: the command line client
 */
#include <stdio.h>
#include <locale.h>
#include <string.h>

#include "clients/cli/cli.h"

static const struct cli_command *const commands[] = {
	&cmd_call,   &cmd_show,   &cmd_shell,  &cmd_run,    &cmd_history,
	&cmd_diff,   &cmd_rewind, &cmd_branch, &cmd_share,  &cmd_watch,
	&cmd_export, &cmd_import, &cmd_replay, &cmd_record, &cmd_profiles,
};

static void print_help(FILE *out)
{
	fputs("Usage: vmarium COMMAND [ARGUMENTS]\n"
	      "       vmarium --version\n"
	      "\n"
	      "Linux address spaces behind glass: runs memory calls on virtual "
	      "processes that a\n"
	      "vmarium server keeps, and shows what a real kernel would have "
	      "made of them.\n"
	      "\n"
	      "Commands:\n",
	      out);
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		fprintf(out, "  %-8s %s\n", commands[i]->name,
			commands[i]->summary);
	fputs("\n"
	      "'vmarium COMMAND --help' explains a command. All of them "
	      "take:\n" CLI_OPTIONS_HELP "\n"
	      "Colour is used on a terminal only, and not when $NO_COLOR is "
	      "set.\n"
	      "\n"
	      "Exit status: 0 done; 1 the server refused, or an answer "
	      "differed; 2 wrong usage,\n"
	      "unusable input, or no server.\n",
	      out);
}

int main(int argc, char **argv)
{
	setlocale(LC_CTYPE, "");
	if (argc < 2) {
		print_help(stderr);
		return CLI_UNUSABLE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") ||
	    !strcmp(argv[1], "help")) {
		print_help(stdout);
		return CLI_OK;
	}
	if (!strcmp(argv[1], "--version")) {
		puts("vmarium " VMARIUM_VERSION);
		return CLI_OK;
	}
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (!strcmp(argv[1], commands[i]->name))
			return commands[i]->run(argc - 1, argv + 1);
	}
	fprintf(stderr,
		"vmarium: there is no command '%s'\nTry 'vmarium --help'.\n",
		argv[1]);
	return CLI_UNUSABLE;
}
