/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>

#include "clients/cli/cli.h"
#include "clients/cli/draw.h"

static const char help[] =
	"Usage: vmarium show PROCESS|SHARE [OPTIONS]\n"
	"\n"
	"Draws a process's address space: one line per area with its size, "
	"permissions,\n"
	"further flags (as smaps names them), resident memory and name; gaps "
	"are folded.\n"
	"\n"
	"Options:\n"
	"  --tree         draw the rbtree too, with colours and largest gaps\n"
	"  --cache        show the look-up cache of a thread too\n"
	"  --pagetable    show the page tables and what is resident too\n"
	"  --thread N     whose cache (default: the first "
	"thread's)\n" CLI_OPTIONS_HELP "\n"
	"With --json the snapshot is printed as the server gave it.\n"
	"\n"
	"Exit status: 0 shown; 1 the server refused; 2 wrong usage or no "
	"server.\n";

enum {
	OPT_TREE = 't',
	OPT_CACHE = 'c',
	OPT_PAGETABLE = 'p',
	OPT_THREAD = 'T'
};

/* A part of the snapshot beyond the areas, and how it is drawn. */
struct part {
	const char *name;
	void (*draw)(const struct canvas *canvas, const json_t *snapshot);
	bool wanted;
};

static void show(const struct part *parts, size_t count, const json_t *snapshot)
{
	struct canvas canvas;

	canvas_init(&canvas, stdout);
	draw_space(&canvas, snapshot);
	for (size_t i = 0; i < count; i++) {
		if (!parts[i].wanted)
			continue;
		putchar('\n');
		parts[i].draw(&canvas, snapshot);
	}
}

static enum cli_status fetch_and_show(const struct cli_options *options,
				      json_t *params, const struct part *parts,
				      size_t count)
{
	struct rpc_client *client = cli_connect(options);
	enum cli_status status = CLI_OK;
	enum rpc_outcome outcome;
	json_t *answer;

	outcome = rpc_client_call(client, "mm.snapshot", params, &answer);
	if (outcome != RPC_RESULT)
		status = cli_report(client, outcome, answer);
	else if (options->json)
		cli_print_json(json_object_get(answer, "snapshot"));
	else
		show(parts, count, json_object_get(answer, "snapshot"));
	json_decref(answer);
	rpc_client_free(client);
	return status;
}

static enum cli_status run(int argc, char **argv)
{
	static const struct option longs[] = {
		CLI_OPTIONS,
		{ "tree", no_argument, NULL, OPT_TREE },
		{ "cache", no_argument, NULL, OPT_CACHE },
		{ "pagetable", no_argument, NULL, OPT_PAGETABLE },
		{ "thread", required_argument, NULL, OPT_THREAD },
		{ 0 },
	};
	struct part parts[] = {
		{ "rbtree", draw_tree, false },
		{ "vmacache", draw_cache, false },
		{ "pagetable", draw_pagetable, false },
	};
	const size_t count = sizeof(parts) / sizeof(parts[0]);
	struct cli_options options = { 0 };
	const char *thread = NULL;
	json_t *params, *want;
	char *end;
	int opt;

	while ((opt = cli_next_option(&cmd_show, argc, argv, longs,
				      &options)) != -1) {
		switch (opt) {
		case OPT_TREE:
			parts[0].wanted = true;
			break;
		case OPT_CACHE:
			parts[1].wanted = true;
			break;
		case OPT_PAGETABLE:
			parts[2].wanted = true;
			break;
		case OPT_THREAD:
			thread = optarg;
			break;
		}
	}
	if (optind + 1 != argc)
		return cli_usage_error(&cmd_show,
				       "which PROCESS? One is shown at a time");
	want = json_pack("[s, s]", "mm", "vmas");
	for (size_t i = 0; i < count; i++) {
		if (parts[i].wanted)
			json_array_append_new(want, json_string(parts[i].name));
	}
	params = json_pack("{s:s, s:o}", "process", argv[optind], "want", want);
	if (thread) {
		json_object_set_new(params, "thread",
				    json_integer(strtol(thread, &end, 10)));
		if (end == thread || *end) {
			json_decref(params);
			return cli_usage_error(&cmd_show,
					       "--thread: '%s' is not a number",
					       thread);
		}
	}
	return fetch_and_show(&options, params, parts, count);
}

const struct cli_command cmd_show = {
	.name = "show",
	.summary = "draw a process's address space",
	.help = help,
	.run = run,
};
