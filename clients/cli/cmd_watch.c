/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/calls.h"
#include "clients/cli/changes.h"
#include "clients/cli/cli.h"
#include "clients/cli/draw.h"
#include "clients/cli/foreign_text.h"
#include "clients/http/ws_client.h"

static const char help[] =
	"Usage: vmarium watch PROCESS|SHARE [OPTIONS]\n"
	"\n"
	"Draws a process's address space, and then every operation on it as it "
	"happens,\n"
	"whoever carries it out: the call, its answer, and what it changed. "
	"Ends with the\n"
	"process.\n"
	"\n"
	"Options:\n"
	"  --count N      end after N operations\n" CLI_OPTIONS_HELP "\n"
	"With --json every notification is printed on a line, as the server "
	"sent it.\n"
	"\n"
	"Exit status: 0 done; 1 the server refused; 2 wrong usage, or no "
	"server.\n";

enum {
	OPT_COUNT = 'c'
};

struct watch {
	struct ws_client *client;
	struct canvas canvas;
	bool json;
	json_t *before; /* the snapshot shown last */
};

/* mmap(addr=0, length=4096): the parameters as the caller gave them. */
static void print_call(const json_t *note)
{
	const char *method = json_string_value(json_object_get(note, "method"));
	const char *name, *comma = "";
	json_t *value;

	if (!method)
		method = "?";
	foreign_put(stdout, strncmp(method, "mm.", 3) ? method : method + 3);
	putchar('(');
	json_object_foreach(json_object_get(note, "params"), name, value) {
		fputs(comma, stdout);
		foreign_put(stdout, name);
		putchar('=');
		if (json_is_string(value))
			foreign_put(stdout, json_string_value(value));
		else
			foreign_put_json(stdout, value,
					 JSON_COMPACT | JSON_ENCODE_ANY);
		comma = ", ";
	}
	putchar(')');
}

static void print_result(const json_t *note)
{
	const json_t *result = json_object_get(note, "result");
	const json_t *ret = json_object_get(result, "ret");

	fputs(" = ", stdout);
	if (ret)
		call_spell_result(stdout, ret);
	else
		foreign_put_json(stdout, result, JSON_COMPACT);
}

static void draw(struct watch *watch, json_t *note)
{
	const struct canvas *canvas = &watch->canvas;
	json_int_t missed = json_integer_value(json_object_get(note, "missed"));
	json_t *snapshot = json_object_get(note, "snapshot");

	if (missed)
		printf("%s%lld operations came too fast to be told; since "
		       "then:%s\n",
		       paint(canvas, PAINT_YELLOW), (long long)missed,
		       paint(canvas, PAINT_NONE));
	if (json_object_get(note, "method")) {
		printf("%s%lld%s ", paint(canvas, PAINT_DIM),
		       (long long)json_integer_value(
			       json_object_get(note, "seq")),
		       paint(canvas, PAINT_NONE));
		print_call(note);
		print_result(note);
		puts(json_object_get(note, "relative")
			     ? "  [by another process that shares the memory]"
			     : "");
	}
	if (json_is_object(snapshot)) {
		changes_draw(canvas, watch->before, snapshot);
		json_decref(watch->before);
		watch->before = json_incref(snapshot);
	}
	if (json_object_get(note, "ended"))
		puts(json_object_get(note, "method")
			     ? "the process has ended"
			     : "the process has ended, or its share is "
			       "revoked");
}

/* The next message; NULL: there will be none. */
static json_t *next_message(struct watch *watch)
{
	size_t len;
	char *text = ws_client_next(watch->client, &len);
	json_t *message;

	if (!text)
		return NULL;
	message = json_loadb(text, len, 0, NULL);
	free(text);
	return message;
}

static enum cli_status no_server(const struct watch *watch, const char *url)
{
	fprintf(stderr, "vmarium: watching at %s ended: ", url);
	foreign_put(stderr, ws_client_trouble(watch->client));
	fputc('\n', stderr);
	return CLI_UNUSABLE;
}

static enum cli_status refused(const json_t *error)
{
	const char *hint = json_string_value(
		json_object_get(json_object_get(error, "data"), "hint"));

	fputs("vmarium: ", stderr);
	foreign_put(stderr, hint ? hint : "the server refused");
	fputc('\n', stderr);
	return CLI_FAILED;
}

/* Draws what comes, until the end or @count operations (0: any number). */
static enum cli_status follow(struct watch *watch, const char *url,
			      unsigned long count)
{
	unsigned long seen = 0;
	bool ended = false;

	while (!ended && (!count || seen < count)) {
		json_t *message = next_message(watch);
		json_t *note = json_object_get(message, "params");

		if (!note) {
			json_decref(message);
			return no_server(watch, url);
		}
		if (watch->json)
			cli_print_json(note);
		else
			draw(watch, note);
		fflush(stdout);
		seen += json_object_get(note, "method") != NULL;
		ended = json_object_get(note, "ended") != NULL;
		json_decref(message);
	}
	return CLI_OK;
}

static int subscribe(struct watch *watch, const char *process)
{
	json_t *call =
		json_pack("{s:s, s:i, s:s, s:{s:s, s:[s, s]}}", "jsonrpc",
			  "2.0", "id", 1, "method", "subscribe", "params",
			  "process", process, "want", "mm", "vmas");
	char *text = json_dumps(call, JSON_COMPACT);
	int err;

	json_decref(call);
	if (!text)
		cli_out_of_memory();
	err = ws_client_send(watch->client, text, strlen(text));
	free(text);
	return err;
}

static enum cli_status begin(struct watch *watch, const char *url,
			     const char *process, unsigned long count)
{
	enum cli_status status;
	json_t *answer, *result;

	if (ws_client_open(watch->client) || subscribe(watch, process))
		return no_server(watch, url);
	answer = next_message(watch);
	if (!answer)
		return no_server(watch, url);
	result = json_object_get(answer, "result");
	if (!result) {
		status = refused(json_object_get(answer, "error"));
		json_decref(answer);
		return status;
	}
	watch->before = json_incref(json_object_get(result, "snapshot"));
	if (watch->json)
		cli_print_json(result);
	else
		draw_space(&watch->canvas, watch->before);
	fflush(stdout);
	json_decref(answer);
	return follow(watch, url, count);
}

static enum cli_status run(int argc, char **argv)
{
	static const struct option longs[] = {
		CLI_OPTIONS,
		{ "count", required_argument, NULL, OPT_COUNT },
		{ 0 },
	};
	struct cli_options options = { 0 };
	struct watch watch = { 0 };
	enum cli_status status;
	unsigned long count = 0;
	char *end;
	int opt;

	while ((opt = cli_next_option(&cmd_watch, argc, argv, longs,
				      &options)) != -1) {
		count = strtoul(optarg, &end, 10);
		if (end == optarg || *end || !count)
			return cli_usage_error(&cmd_watch,
					       "--count: '%s' is not a number "
					       "from 1 on",
					       optarg);
	}
	if (optind + 1 != argc)
		return cli_usage_error(&cmd_watch,
				       "which PROCESS? One is watched at a "
				       "time");
	watch.json = options.json;
	canvas_init(&watch.canvas, stdout);
	watch.client =
		ws_client_new(cli_server(&options), getenv("VMARIUM_TOKEN"));
	if (!watch.client)
		cli_out_of_memory();
	status = begin(&watch, cli_server(&options), argv[optind], count);
	json_decref(watch.before);
	ws_client_free(watch.client);
	return status;
}

const struct cli_command cmd_watch = {
	.name = "watch",
	.summary = "draw what happens to a process, as it happens",
	.help = help,
	.run = run,
};
