/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What the commands of `vmarium` have in common
 *
 * A command is one file: its help text, its options, its run function. The
 * dispatch table in main.c names them all.
 */
#include <getopt.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clients/cli/rpc_client.h"

/* Exit statuses, as every --help states them. */
enum cli_status {
	CLI_OK = 0,
	CLI_FAILED =
		1, /* the server refused, an answer differed, a script stopped */
	CLI_UNUSABLE = 2, /* wrong usage, unusable input, no server */
};

/**
 * struct cli_command - one command
 * @shorts: its options of one letter as getopt() wants them; NULL: -h alone
 */
struct cli_command {
	const char *name;
	const char *summary;
	const char *help;
	const char *shorts;
	enum cli_status (*run)(int argc, char **argv);
};

extern const struct cli_command cmd_branch;
extern const struct cli_command cmd_call;
extern const struct cli_command cmd_diff;
extern const struct cli_command cmd_export;
extern const struct cli_command cmd_history;
extern const struct cli_command cmd_import;
extern const struct cli_command cmd_profiles;
extern const struct cli_command cmd_record;
extern const struct cli_command cmd_replay;
extern const struct cli_command cmd_rewind;
extern const struct cli_command cmd_share;
extern const struct cli_command cmd_run;
extern const struct cli_command cmd_shell;
extern const struct cli_command cmd_show;
extern const struct cli_command cmd_watch;

/* The options every command takes; a command's own ones use other letters. */
#define CLI_OPTIONS                                                            \
	{ "server", required_argument, NULL, 's' },                            \
		{ "json", no_argument, NULL, 'j' },                            \
	{                                                                      \
		"help", no_argument, NULL, 'h'                                 \
	}

#define CLI_OPTIONS_HELP                                                       \
	"  --server URL   the server (default: $VMARIUM_SERVER, or "           \
	"http://127.0.0.1:7070);\n"                                            \
	"                 $VMARIUM_TOKEN is sent as its bearer token\n"        \
	"  --json         print JSON, for programs\n"                          \
	"  --help         print this text\n"

struct cli_options {
	const char *server;
	bool json;
};

/**
 * cli_next_option() - getopt_long() that handles the common options itself
 * @command: for the help text and the messages
 * @options: filled with the common options
 *
 * Prints the help text and exits 0 on --help; says what is wrong and exits
 * CLI_UNUSABLE on an unknown option or one without its argument.
 *
 * Return: the letter of one of the command's own options, or -1 at the end.
 */
int cli_next_option(const struct cli_command *command, int argc, char **argv,
		    const struct option *longs, struct cli_options *options);

/**
 * cli_usage_error() - say what is wrong with the command line
 *
 * Return: CLI_UNUSABLE, so that a caller can end with it.
 */
enum cli_status cli_usage_error(const struct cli_command *command,
				const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** cli_server() - the URL of the server of @options */
const char *cli_server(const struct cli_options *options);

/** cli_connect() - a client for the server of @options; never NULL */
struct rpc_client *cli_connect(const struct cli_options *options);

/**
 * cli_report() - print on stderr why a call brought no result
 * @outcome: RPC_REFUSED or RPC_LOST
 * @refusal: the error object of RPC_REFUSED
 *
 * Return: CLI_FAILED for a refusal, CLI_UNUSABLE when there is no server.
 */
enum cli_status cli_report(const struct rpc_client *client,
			   enum rpc_outcome outcome, const json_t *refusal);

/** cli_lacks() - say that an answer has no such member, which is none of those
 * that all answers of its method have (answer_shape.h); CLI_UNUSABLE */
enum cli_status cli_lacks(const char *member);

/**
 * cli_call() - call one method
 * @params:  taken
 * @answerp: the caller's to release: the result, or NULL
 *
 * Return: CLI_OK, or another status when the reason has been told.
 */
enum cli_status cli_call(struct rpc_client *client, const char *method,
			 json_t *params, json_t **answerp);

/** cli_ask() - likewise, over a connection of its own */
enum cli_status cli_ask(const struct cli_options *options, const char *method,
			json_t *params, json_t **answerp);

/** struct cli_history - the operations that a world keeps; none: first > last */
struct cli_history {
	uint64_t first, last;
};

/** cli_history() - which operations the process's world keeps; as cli_call() */
enum cli_status cli_history(struct rpc_client *client, const char *process,
			    struct cli_history *history);

/** cli_number() - whether @word is a decimal number, then *@numberp */
bool cli_number(const char *word, uint64_t *numberp);

/**
 * cli_state_params() - the words PROCESS SEQ of a command line, as parameters
 * @argv:     from optind on
 * @least:    words that must be there: 2, or 1 where SEQ may be left out
 * @question: what is asked if there are fewer, or more than 2
 *
 * Return: process, seq where it is given, and a want of nothing, as a new
 *         reference; NULL: what is wrong has been said, as cli_usage_error() does.
 */
json_t *cli_state_params(const struct cli_command *command, int argc,
			 char **argv, int least, const char *question);

/** cli_print_json() - @value as one line on standard output */
void cli_print_json(const json_t *value);

/** cli_print_member() - a text in an answer as one line on standard output */
void cli_print_member(const json_t *answer, const char *name);

/** cli_print_process() - the name in an answer about a new process; with --json
 * all of the answer */
void cli_print_process(const struct cli_options *options, const json_t *answer);

/** cli_assignment() - whether @word reads name=value, name being a parameter's name */
bool cli_assignment(const char *word);

/**
 * cli_parameter() - add the parameter that a word name=value states
 *
 * The value is JSON if it parses as JSON, what the file holds if it reads
 * \@FILE, and a string otherwise.
 *
 * Return: NULL, or a message for people, valid until the next call.
 */
const char *cli_parameter(json_t *params, const char *word);

/** cli_out_of_memory() - say so and exit: a command has nothing to save */
_Noreturn void cli_out_of_memory(void);
