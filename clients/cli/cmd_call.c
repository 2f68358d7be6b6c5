/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "clients/cli/cli.h"
#include "clients/cli/foreign_text.h"

static const char help[] =
	"Usage: vmarium call METHOD [NAME=VALUE]...\n"
	"\n"
	"Calls one method of the server and prints its result. A VALUE is JSON "
	"if it\n"
	"parses as JSON, the text of a file if it reads @FILE, and a string "
	"otherwise.\n"
	"Addresses and sizes may be written 0x7fff0000, flags "
	"MAP_PRIVATE|MAP_ANONYMOUS.\n"
	"\n"
	"  vmarium call process.create profile=4.0 maps=@/proc/self/maps\n"
	"  vmarium call mm.brk process=PROCESS addr=0x602000 "
	"'want=[\"maps\"]'\n"
	"  vmarium call rpc.discover --json\n"
	"\n"
	"What the emulated kernel refuses is a result ({\"ret\": -12, "
	"\"errno\": \"ENOMEM\"}).\n"
	"What the service refuses is told on stderr.\n"
	"\n"
	"Options:\n"
	"  -w, --want PARTS  the parts of the snapshot in the result, as "
	"mm,vmas,diff\n" CLI_OPTIONS_HELP "\n"
	"With --json the result, or the error object of a refusal, is printed "
	"on one line.\n"
	"\n"
	"Exit status: 0 there is a result; 1 the server refused; 2 wrong usage "
	"or no server.\n";

static void print_json(const json_t *value, bool raw)
{
	foreign_put_json(stdout, value,
			 JSON_ENCODE_ANY |
				 (raw ? JSON_COMPACT : JSON_INDENT(2)));
	putchar('\n');
}

static enum cli_status call(const struct cli_options *options,
			    const char *method, json_t *params)
{
	struct rpc_client *client = cli_connect(options);
	enum cli_status status = CLI_OK;
	enum rpc_outcome outcome;
	json_t *answer;

	outcome = rpc_client_call(client, method, params, &answer);
	if (outcome == RPC_RESULT || (outcome == RPC_REFUSED && options->json))
		print_json(answer, options->json);
	if (outcome != RPC_RESULT)
		status = cli_report(client, outcome, answer);
	json_decref(answer);
	rpc_client_free(client);
	return status;
}

enum {
	OPT_WANT = 'w'
};

/* The words between the commas. */
static json_t *parts(const char *list)
{
	json_t *names = json_array();
	size_t len;

	for (; *list; list += len + (list[len] == ',')) {
		len = strcspn(list, ",");
		if (len)
			json_array_append_new(names, json_stringn(list, len));
	}
	return names;
}

static enum cli_status run(int argc, char **argv)
{
	static const struct option longs[] = {
		CLI_OPTIONS,
		{ "want", required_argument, NULL, OPT_WANT },
		{ 0 },
	};
	struct cli_options options = { 0 };
	const char *method, *wrong;
	json_t *params = json_object();

	while (cli_next_option(&cmd_call, argc, argv, longs, &options) != -1)
		json_object_set_new(params, "want", parts(optarg));
	if (optind == argc) {
		json_decref(params);
		return cli_usage_error(&cmd_call, "which METHOD?");
	}
	method = argv[optind];
	for (int i = optind + 1; i < argc; i++) {
		wrong = cli_parameter(params, argv[i]);
		if (wrong) {
			json_decref(params);
			return cli_usage_error(&cmd_call, "%s", wrong);
		}
	}
	return call(&options, method, params);
}

const struct cli_command cmd_call = {
	.name = "call",
	.summary = "call a method of the server and print its result",
	.help = help,
	.shorts = "hw:",
	.run = run,
};
