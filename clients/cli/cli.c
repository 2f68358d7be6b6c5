/* SPDX-License-Identifier: MIT */
#include "clients/cli/cli.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/foreign_text.h"

#define CLI_DEFAULT_SERVER "http://127.0.0.1:7070"

void cli_out_of_memory(void)
{
	fprintf(stderr, "vmarium: memory is short\n");
	exit(CLI_UNUSABLE);
}

int cli_next_option(const struct cli_command *command, int argc, char **argv,
		    const struct option *longs, struct cli_options *options)
{
	/* getopt_long() begins its messages with the first word. */
	char name[32];
	int opt;

	snprintf(name, sizeof(name), "vmarium %s", command->name);
	argv[0] = name;
	while ((opt = getopt_long(argc, argv,
				  command->shorts ? command->shorts : "h",
				  longs, NULL)) != -1) {
		switch (opt) {
		case 's':
			options->server = optarg;
			break;
		case 'j':
			options->json = true;
			break;
		case 'h':
			fputs(command->help, stdout);
			exit(CLI_OK);
		case '?':
			fprintf(stderr, "Try 'vmarium %s --help'.\n",
				command->name);
			exit(CLI_UNUSABLE);
		default:
			return opt;
		}
	}
	return -1;
}

enum cli_status cli_usage_error(const struct cli_command *command,
				const char *format, ...)
{
	va_list args;

	fprintf(stderr, "vmarium %s: ", command->name);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "\nTry 'vmarium %s --help'.\n", command->name);
	return CLI_UNUSABLE;
}

const char *cli_server(const struct cli_options *options)
{
	const char *url =
		options->server ? options->server : getenv("VMARIUM_SERVER");

	return url && *url ? url : CLI_DEFAULT_SERVER;
}

struct rpc_client *cli_connect(const struct cli_options *options)
{
	struct rpc_client *client;

	client = rpc_client_new(cli_server(options), getenv("VMARIUM_TOKEN"));
	if (!client)
		cli_out_of_memory();
	return client;
}

static void report_field(const json_t *data, const char *name)
{
	json_t *value = json_object_get(data, name);

	if (!value)
		return;
	fprintf(stderr, "  %-12s ", name);
	if (json_is_string(value))
		foreign_put(stderr, json_string_value(value));
	else
		foreign_put_json(stderr, value, JSON_ENCODE_ANY | JSON_COMPACT);
	fputc('\n', stderr);
}

enum cli_status cli_report(const struct rpc_client *client,
			   enum rpc_outcome outcome, const json_t *refusal)
{
	static const char *const fields[] = { "key", "param", "hint",
					      "retry_after" };
	const json_t *data = json_object_get(refusal, "data");
	const char *message =
		json_string_value(json_object_get(refusal, "message"));

	if (outcome == RPC_LOST) {
		fputs("vmarium: ", stderr);
		foreign_put(stderr, rpc_client_trouble(client));
		fputc('\n', stderr);
		return CLI_UNUSABLE;
	}
	fputs("vmarium: the server refuses: ", stderr);
	foreign_put(stderr, message ? message : "without a word");
	fprintf(stderr, " (%" JSON_INTEGER_FORMAT ")\n",
		json_integer_value(json_object_get(refusal, "code")));
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		report_field(data, fields[i]);
	return CLI_FAILED;
}

enum cli_status cli_lacks(const char *member)
{
	fprintf(stderr,
		"vmarium: the server's answer has no valid %s; check "
		"--server\n",
		member);
	return CLI_UNUSABLE;
}

enum cli_status cli_call(struct rpc_client *client, const char *method,
			 json_t *params, json_t **answerp)
{
	enum rpc_outcome outcome;
	enum cli_status status;

	outcome = rpc_client_call(client, method, params, answerp);
	if (outcome == RPC_RESULT)
		return CLI_OK;
	status = cli_report(client, outcome, *answerp);
	json_decref(*answerp);
	*answerp = NULL;
	return status;
}

enum cli_status cli_ask(const struct cli_options *options, const char *method,
			json_t *params, json_t **answerp)
{
	struct rpc_client *client = cli_connect(options);
	const enum cli_status status =
		cli_call(client, method, params, answerp);

	rpc_client_free(client);
	return status;
}

enum cli_status cli_history(struct rpc_client *client, const char *process,
			    struct cli_history *history)
{
	enum cli_status status;
	const json_t *kept;
	json_t *answer;

	status = cli_call(
		client, "history.list",
		json_pack("{s:s, s:i}", "process", process, "count", 1),
		&answer);
	kept = json_object_get(answer, "history");
	history->first =
		(uint64_t)json_integer_value(json_object_get(kept, "first"));
	history->last =
		(uint64_t)json_integer_value(json_object_get(kept, "last"));
	json_decref(answer);
	return status;
}

bool cli_number(const char *word, uint64_t *numberp)
{
	char *end;

	errno = 0;
	*numberp = strtoull(word, &end, 10);
	return !errno && *word >= '0' && *word <= '9' && !*end &&
	       *numberp <= INT64_MAX;
}

json_t *cli_state_params(const struct cli_command *command, int argc,
			 char **argv, int least, const char *question)
{
	const int nr = argc - optind;
	json_t *params;
	uint64_t seq;

	if (nr < least || nr > 2) {
		cli_usage_error(command, "%s", question);
		return NULL;
	}
	if (nr > 1 && !cli_number(argv[optind + 1], &seq)) {
		cli_usage_error(command,
				"'%s' is not the number of an operation",
				argv[optind + 1]);
		return NULL;
	}
	params = json_pack("{s:s, s:[]}", "process", argv[optind], "want");
	if (nr > 1)
		json_object_set_new(params, "seq",
				    json_integer((json_int_t)seq));
	return params;
}

void cli_print_json(const json_t *value)
{
	foreign_put_json(stdout, value, JSON_COMPACT);
	putchar('\n');
}

void cli_print_member(const json_t *answer, const char *name)
{
	foreign_put_member(stdout, answer, name);
	putchar('\n');
}

void cli_print_process(const struct cli_options *options, const json_t *answer)
{
	if (options->json)
		cli_print_json(answer);
	else
		cli_print_member(answer, "process");
}

bool cli_assignment(const char *word)
{
	size_t name = strspn(word, "abcdefghijklmnopqrstuvwxyz_0123456789");

	return name && word[name] == '=';
}

static json_t *read_file(const char *path)
{
	char *text = NULL;
	size_t room = 0;
	ssize_t len = -1;
	json_t *value = NULL;
	FILE *file = fopen(path, "re");

	if (!file)
		return NULL;
	len = getdelim(&text, &room, '\0', file);
	if (len >= 0)
		value = json_stringn(text, (size_t)len);
	else if (feof(file))
		value = json_string("");
	free(text);
	fclose(file);
	return value;
}

const char *cli_parameter(json_t *params, const char *word)
{
	static char message[256];
	const char *equals = strchr(word, '=');
	char name[64];
	json_t *value;

	if (!cli_assignment(word)) {
		snprintf(message, sizeof(message),
			 "'%s' is not a parameter: write name=value, the name "
			 "in small letters",
			 word);
		return message;
	}
	snprintf(name, sizeof(name), "%.*s", (int)(equals - word), word);
	if (json_object_get(params, name)) {
		snprintf(message, sizeof(message), "'%s' is given twice", name);
		return message;
	}
	if (equals[1] == '@') {
		value = read_file(equals + 2);
		if (!value) {
			snprintf(message, sizeof(message),
				 "%s: cannot read '%s' as text", name,
				 equals + 2);
			return message;
		}
	} else {
		value = json_loads(equals + 1,
				   JSON_DECODE_ANY | JSON_REJECT_DUPLICATES,
				   NULL);
		/* No parameter is a fraction; 6.12 is a release. */
		if (!value || json_is_real(value)) {
			json_decref(value);
			value = json_string(equals + 1);
		}
		if (!value) {
			snprintf(message, sizeof(message),
				 "%s: the value is not UTF-8", name);
			return message;
		}
	}
	if (json_object_set_new(params, name, value))
		cli_out_of_memory();
	return NULL;
}
