/* SPDX-License-Identifier: MIT */
#include "server/options.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "server/option_value.h"
#include "server/tokens.h"
#include "server/version.h"

#define AT(field) offsetof(struct options, field)
#define AT_TIMEOUT(kind)                                                       \
	(AT(timeout_ms) + (kind) * sizeof(((struct options *)0)->timeout_ms[0]))

static const struct option table[] = {
	{ "listen", KIND_ADDRESS, AT(listen), "127.0.0.1:7070", 0, 0,
	  "where to serve: address:port, port 0 taking any free one, or "
	  "unix:/path; repeatable" },
	{ "socket-mode", KIND_MODE, AT(socket_mode), "0660", 0, 0,
	  "permissions of unix sockets, as chmod takes them" },
	{ "config", KIND_TEXT, AT(config), NULL, 0, 0,
	  "a file of lines 'option = value'; # begins a comment" },
	{ "loops", KIND_COUNT, AT(loops), "0", 0, 256,
	  "event loops, each a thread; 0: one per processor" },
	{ "host", KIND_NAMES, AT(hosts), NULL, 0, 0,
	  "a name the server goes by, beside the loopback ones; repeatable" },
	{ "allow-origin", KIND_ORIGINS, AT(origins), NULL, 0, 0,
	  "an origin whose pages may call, as https://name; repeatable" },
	{ "tokens", KIND_TEXT, AT(tokens), NULL, 0, 0,
	  "a file of the tokens that clients show, read again on SIGHUP" },
	{ "allow-anonymous", KIND_FLAG, AT(allow_anonymous), "no", 0, 0,
	  "serve other machines though nobody asks for tokens" },
	{ "trust-proxy", KIND_FLAG, AT(trust_proxy), "no", 0, 0,
	  "serve requests that a proxy marks as forwarded" },
	{ "log-level", KIND_LEVEL, AT(log_level), "info", 0, 0,
	  "error, warn, info or debug" },
	{ "log-format", KIND_FORM, AT(log_json), "text", 0, 0,
	  "text for people or json for programs" },
	{ "access-log", KIND_FLAG, AT(access_log), "no", 0, 0,
	  "log every request, as log-level debug does, at info" },
	{ "log-rate", KIND_COUNT, AT(log_rate), "1000", 0, 10000000,
	  "lines a second that requests may cause; 0: any number" },
	{ "slow-call", KIND_TIME, AT(slow_ms), "1s", 0, 86400000,
	  "log a warning when calls hold up a loop for longer; 0: never" },
	{ "max-connections", KIND_COUNT, AT(connections), "12000", 1, 1000000,
	  "connections held; further ones are answered 503, or, with tokens, "
	  "the client that has most makes room for them" },
	{ "soft-connections", KIND_COUNT, AT(soft_connections), "10000", 1,
	  1000000,
	  "connections from which on those idle longest are closed for new "
	  "ones, with tokens those of the client that has most; at most 7/8 of "
	  "max-connections" },
	{ "max-client-connections", KIND_COUNT, AT(client_connections), "0", 0,
	  1000000,
	  "connections of one client, known by its token; further ones are "
	  "answered 429; 0: any number" },
	{ "max-pending", KIND_SIZE, AT(pending_bytes), "256M", 65536,
	  1ULL << 40,
	  "bytes of unfinished requests and of answers not yet taken, per "
	  "loop, beyond which calls are answered 503; and of notifications, "
	  "in all. With tokens, a client that holds more than a sixteenth "
	  "makes way from half of it on" },
	{ "gzip-min", KIND_SIZE, AT(gzip_min), "8K", 0, 1ULL << 30,
	  "bytes from which on an answer is compressed for those who accept "
	  "gzip; 0: never" },
	{ "max-gzip", KIND_COUNT, AT(gzips), "16", 1, 1000,
	  "answers being compressed at a time, per loop; further ones go out "
	  "as they are" },
	{ "max-header", KIND_SIZE, AT(http.head_bytes), "16K", 256, 65536,
	  "bytes of a request line and its fields" },
	{ "max-fields", KIND_COUNT, AT(http.fields), "100", 1, 10000,
	  "fields of a request" },
	{ "max-target", KIND_SIZE, AT(http.target_bytes), "8K", 64, 65536,
	  "bytes of a request target" },
	{ "max-body", KIND_SIZE, AT(http.body_bytes), "4M", 64, 1ULL << 30,
	  "bytes of a request body; at most 7/8 of max-pending, with tokens "
	  "half of it" },
	{ "max-batch", KIND_SIZE, AT(rpc.batch_calls), "1000", 1, 1000000,
	  "calls in a batch" },
	{ "max-answer", KIND_SIZE, AT(rpc.answer_bytes), "32M", 1024,
	  1ULL << 30, "bytes of an answer" },
	{ "max-subscriptions", KIND_COUNT, AT(subscriptions), "256", 0, 100000,
	  "subscriptions of a WebSocket" },
	{ "max-watchers", KIND_COUNT, AT(rpc.watchers), "4096", 1, 1000000,
	  "subscriptions to a process and its relatives, of all WebSockets" },
	{ "max-events", KIND_COUNT, AT(events), "1024", 1, 1000000,
	  "notifications that wait for a client to read; it misses others" },
	{ "max-event-bytes", KIND_SIZE, AT(event_bytes), "4M", 1, 1ULL << 30,
	  "bytes of them" },
	{ "max-depth", KIND_COUNT, AT(rpc.depth), "32", 4, 60,
	  "levels of nesting in JSON" },
	{ "max-processes", KIND_QUOTA, AT(rpc.processes), "1100000", 1,
	  1ULL << 40,
	  "virtual processes of one client, on all loops together" },
	{ "max-threads", KIND_QUOTA, AT(rpc.threads), "4M", 1, 1ULL << 40,
	  "their threads, likewise" },
	{ "max-areas", KIND_QUOTA, AT(rpc.areas), "64M", 1, 1ULL << 40,
	  "their areas, likewise" },
	{ "max-memory", KIND_QUOTA, AT(rpc.bytes), "8G", 1024, 1ULL << 50,
	  "bytes that one client's worlds may take" },
	{ "max-shares", KIND_COUNT, AT(rpc.shares), "16", 1, 10000,
	  "shares of one process, names with which one may only look at it" },
	{ "max-steps", KIND_COUNT, AT(rpc.steps), "10000", 1, 10000000,
	  "steps in the answer of one call, which says how many more it took" },
	{ "max-copied-areas", KIND_COUNT, AT(rpc.copied_areas), "200000", 1,
	  1ULL << 30,
	  "areas of a world that is copied to explain a call or to show a "
	  "diff" },
	{ "max-rate", KIND_QUOTA, AT(rpc.rate), "0", 0, 1000000000,
	  "calls a second of one client, a full batch at once; 0: any number" },
	{ "max-call", KIND_SIZE, AT(rpc.call_bytes), "128M", 1 << 20,
	  1ULL << 50,
	  "bytes that one call may allocate, as nobody else has a turn while "
	  "it runs" },
	{ "max-world", KIND_SIZE, AT(rpc.world_bytes), "32M", 1 << 16,
	  1ULL << 50,
	  "bytes that one world may hold, history apart, as a call may have "
	  "to go through all of it" },
	{ "slice", KIND_COUNT, AT(rpc.calls_per_slice), "128", 1, 100000,
	  "calls of a connection in one go, before others have their turn" },
	{ "script-steps", KIND_QUOTA, AT(rpc.script_steps), "10000", 1, 1000000,
	  "steps of one script; each line that runs is one" },
	{ "script-time", KIND_TIME, AT(rpc.script_ms), "1s", 1, 60000,
	  "for one script, its turns added up" },
	{ "idempotency-keys", KIND_COUNT, AT(rpc.retry.keys), "10000", 1,
	  100000000, "results kept for retries, per client and loop" },
	{ "idempotency-bytes", KIND_SIZE, AT(rpc.retry.bytes), "16M", 1024,
	  1ULL << 40, "bytes of all of these results" },
	{ "idempotency-result", KIND_SIZE, AT(rpc.retry.result_bytes), "64K",
	  1024, 1ULL << 30,
	  "bytes of one result; larger ones are kept without their snapshot" },
	{ "idempotency-age", KIND_TIME, AT(rpc.retry.age), "1h", 1, 86400000,
	  "for a result to be kept" },
	{ "process-idle", KIND_TIME, AT(rpc.idle_ms), "24h", 0, 2592000000,
	  "for a world to end of which nobody names a process; 0: never" },
	{ "idle-timeout", KIND_TIME, AT_TIMEOUT(TIMEOUT_IDLE), "75s", 1,
	  86400000, "between two requests" },
	{ "header-timeout", KIND_TIME, AT_TIMEOUT(TIMEOUT_HEADER), "10s", 1,
	  86400000, "from a request's first byte to the end of its fields" },
	{ "body-timeout", KIND_TIME, AT_TIMEOUT(TIMEOUT_BODY), "10s", 1,
	  86400000, "between two reads of a body, or of a message" },
	{ "write-timeout", KIND_TIME, AT_TIMEOUT(TIMEOUT_WRITE), "30s", 1,
	  86400000,
	  "for a client to take of its answer what min-rate asks for" },
	{ "min-rate", KIND_COUNT, AT(min_rate), "1K", 0, 1U << 30,
	  "bytes a second that a client must send of a body and take of an "
	  "answer, averaged over the timeouts; 0: any progress will do" },
	{ "linger-timeout", KIND_TIME, AT_TIMEOUT(TIMEOUT_LINGER), "2s", 1,
	  86400000, "for a client that has taken its last answer to hang up" },
	{ "ping-interval", KIND_TIME, AT_TIMEOUT(TIMEOUT_PING), "30s", 1,
	  86400000, "between two pings to a WebSocket that is quiet" },
	{ "pong-timeout", KIND_TIME, AT_TIMEOUT(TIMEOUT_PONG), "20s", 1,
	  86400000, "for a WebSocket to answer a ping" },
	{ "drain-timeout", KIND_TIME, AT(drain_ms), "10s", 1, 86400000,
	  "for accepted requests to finish after SIGTERM or SIGINT" },
};

enum {
	OPTIONS = sizeof(table) / sizeof(*table),
	LINE_BYTES = 1024,
	WHERE_BYTES = 256
};

static const struct option *option_find(const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < OPTIONS; i++)
		if (strlen(table[i].name) == len &&
		    !memcmp(table[i].name, name, len))
			return &table[i];
	return NULL;
}

static bool complain(char *error, const char *where, const char *name,
		     const char *value, const char *problem)
{
	snprintf(error, OPTIONS_ERROR_MAX, "%s%s: '%s' should be %s", where,
		 name, value, problem);
	return false;
}

static bool set_defaults(struct options *options, char *error)
{
	char room[OPTION_PROBLEM_MAX];
	const char *problem;
	size_t i;

	for (i = 0; i < OPTIONS; i++) {
		if (!table[i].initial)
			continue;
		problem =
			option_set(options, &table[i], table[i].initial, room);
		if (problem)
			return complain(error, "default of ", table[i].name,
					table[i].initial, problem);
	}
	return true;
}

static void variable_name(const struct option *option, char *name, size_t size)
{
	size_t i, len;

	len = (size_t)snprintf(name, size, "VMARIUM_%s", option->name);
	for (i = 0; i < len; i++) {
		int upper = toupper((unsigned char)name[i]);

		name[i] = upper == '-' ? '_' : (char)upper;
	}
}

bool options_know_variable(const char *variable)
{
	static const char *const of_clients[] = { "VMARIUM_SERVER",
						  "VMARIUM_TOKEN" };
	const size_t len = strcspn(variable, "=");
	char name[64];
	size_t i;

	for (i = 0; i < sizeof(of_clients) / sizeof(*of_clients); i++)
		if (strlen(of_clients[i]) == len &&
		    !memcmp(of_clients[i], variable, len))
			return true;
	for (i = 0; i < OPTIONS; i++) {
		variable_name(&table[i], name, sizeof(name));
		if (strlen(name) == len && !memcmp(name, variable, len))
			return true;
	}
	return false;
}

static bool read_environment(struct options *options, char *error)
{
	char name[64], room[OPTION_PROBLEM_MAX];
	const char *value, *problem;
	size_t i;

	for (i = 0; i < OPTIONS; i++) {
		variable_name(&table[i], name, sizeof(name));
		value = getenv(name);
		if (!value)
			continue;
		problem = option_set(options, &table[i], value, room);
		if (problem)
			return complain(error, "", name, value, problem);
	}
	return true;
}

static char *trim(char *text)
{
	size_t len;

	while (isspace((unsigned char)*text))
		text++;
	len = strlen(text);
	while (len && isspace((unsigned char)text[len - 1]))
		text[--len] = '\0';
	return text;
}

static bool read_line(struct options *options, char *line, const char *where,
		      char *error)
{
	char room[OPTION_PROBLEM_MAX];
	const struct option *option;
	const char *problem;
	char *name, *value;

	if (strlen(line) == LINE_BYTES - 1 && line[LINE_BYTES - 2] != '\n')
		return complain(error, where, "line", "...",
				"of at most 1023 bytes");
	line[strcspn(line, "#")] = '\0';
	name = trim(line);
	if (!*name)
		return true;
	value = strchr(name, '=');
	if (!value)
		return complain(error, where, "line", name,
				"of the form 'option = value'");
	*value++ = '\0';
	name = trim(name);
	value = trim(value);
	option = option_find(name, strlen(name));
	if (!option || option->offset == AT(config))
		return complain(error, where, "option", name,
				"one of those that --help lists, but for "
				"config");
	problem = option_set(options, option, value, room);
	return !problem || complain(error, where, name, value, problem);
}

static bool read_file(struct options *options, const char *path, char *error)
{
	char line[LINE_BYTES], where[WHERE_BYTES];
	FILE *file = fopen(path, "re");
	unsigned number = 0;
	bool good = true;

	if (!file) {
		snprintf(error, OPTIONS_ERROR_MAX,
			 "config: '%.200s' should be a readable file: %s", path,
			 strerror(errno));
		return false;
	}
	while (good && fgets(line, sizeof(line), file)) {
		snprintf(where, sizeof(where), "%.200s:%u: ", path, ++number);
		good = read_line(options, line, where, error);
	}
	if (good && ferror(file))
		good = complain(error, "", "config", path,
				"a file that can be read to its end");
	fclose(file);
	return good;
}

/* The option named by --name or --name=value; *valuep is the latter's. */
static const struct option *argument_find(const char *argument,
					  const char **valuep)
{
	size_t len;

	if (strncmp(argument, "--", 2) != 0)
		return NULL;
	argument += 2;
	len = strcspn(argument, "=");
	*valuep = argument[len] ? argument + len + 1 : NULL;
	return option_find(argument, len);
}

/*
 * Go through the command line. The first pass (@only_config) looks for
 * --config, so that what stands in the file can be overridden.
 */
static bool read_arguments(struct options *options, int argc, char **argv,
			   bool only_config, char *error)
{
	char room[OPTION_PROBLEM_MAX];
	const struct option *option;
	const char *value, *problem;
	int i;

	for (i = 1; i < argc; i++) {
		option = argument_find(argv[i], &value);
		if (!option)
			return complain(error, "", "option", argv[i],
					"one of those that --help lists");
		if (!value && option->kind == KIND_FLAG)
			value = "yes";
		else if (!value && i + 1 < argc)
			value = argv[++i];
		if (!value)
			return complain(error, "", "option", argv[i],
					"followed by a value");
		if (only_config != (option->offset == AT(config)))
			continue;
		problem = option_set(options, option, value, room);
		if (problem)
			return complain(error, "--", option->name, value,
					problem);
	}
	return true;
}

static void print_help(FILE *out)
{
	char name[64];
	size_t i;

	fputs("usage: vmariumd [--OPTION VALUE]...\n\n"
	      "Serves emulated Linux address spaces over JSON-RPC 2.0, until "
	      "SIGTERM or SIGINT.\n\n"
	      "Each option is also a variable of the environment "
	      "(--max-body: VMARIUM_MAX_BODY)\nand a line of the config file "
	      "(max-body = 4M).\n\n",
	      out);
	for (i = 0; i < OPTIONS; i++) {
		snprintf(name, sizeof(name), "--%s", table[i].name);
		fprintf(out, "  %-18s %s", name, table[i].help);
		if (table[i].max)
			fprintf(out, " (%llu to %llu%s)",
				(unsigned long long)table[i].min,
				(unsigned long long)table[i].max,
				table[i].kind == KIND_TIME ? " ms" : "");
		if (table[i].initial)
			fprintf(out, " [%s]", table[i].initial);
		fputc('\n', out);
	}
	fputs("  --new-token        with a name and a role (student, teacher, "
	      "operator): make a token\n"
	      "  --help             print this, as -h does\n"
	      "  --version          print the version\n",
	      out);
}

static bool wants(int argc, char **argv, const char *flag)
{
	int i;

	for (i = 1; i < argc; i++)
		if (!strcmp(argv[i], flag))
			return true;
	return false;
}

/* Where other machines could come, there must be a word on who may. */
static bool judge_addresses(const struct options *options, char *error)
{
	char text[ADDRESS_TEXT_MAX];
	const char *problem;
	size_t i;

	for (i = 0; i < options->listen_len; i++) {
		problem = address_judge(&options->listen[i],
					options_are_open(options));
		if (!problem)
			continue;
		address_print(&options->listen[i], text);
		return complain(error, "--", "listen", text, problem);
	}
	return true;
}

/* A body that there can never be room for is too large, and to be told so,
 * rather than to try again in a moment. */
static void bound_body(struct options *options)
{
	const uint64_t pending = options->pending_bytes;
	const uint64_t most =
		options->tokens ? pending / 2 : pending - pending / 8;

	if (options->http.body_bytes > most)
		options->http.body_bytes = most;
}

static enum options_outcome make_token(int argc, char **argv, FILE *out,
				       char *error)
{
	const bool is_alone = argc == 4 && !strcmp(argv[1], "--new-token");
	const char *problem = tokens_make(is_alone ? argv[2] : NULL,
					  is_alone ? argv[3] : NULL, out);

	if (!problem)
		return OPTIONS_SAID;
	snprintf(error, OPTIONS_ERROR_MAX, "--new-token should be %s", problem);
	return OPTIONS_BAD;
}

enum options_outcome options_read(struct options *options, int argc,
				  char **argv, FILE *out, char *error)
{
	const char *config;

	*options = (struct options){ 0 };
	if (wants(argc, argv, "--help") || wants(argc, argv, "-h")) {
		print_help(out);
		return OPTIONS_SAID;
	}
	if (wants(argc, argv, "--version")) {
		fprintf(out, "vmariumd %s\n", VMARIUM_VERSION);
		return OPTIONS_SAID;
	}
	if (wants(argc, argv, "--new-token"))
		return make_token(argc, argv, out, error);
	if (!set_defaults(options, error) ||
	    !read_arguments(options, argc, argv, true, error))
		return OPTIONS_BAD;
	config = options->config ? options->config : getenv("VMARIUM_CONFIG");
	options->source++;
	if (config && !read_file(options, config, error))
		return OPTIONS_BAD;
	options->source++;
	if (!read_environment(options, error))
		return OPTIONS_BAD;
	options->source++;
	if (!read_arguments(options, argc, argv, false, error))
		return OPTIONS_BAD;
	options->listen_is_default = !options->listen_source;
	bound_body(options);
	if (!judge_addresses(options, error))
		return OPTIONS_BAD;
	return OPTIONS_RUN;
}

static void list_free(struct option_list *list)
{
	while (list->len)
		free(list->items[--list->len]);
	free(list->items);
}

void options_deinit(struct options *options)
{
	free(options->listen);
	free(options->config);
	free(options->tokens);
	list_free(&options->hosts);
	list_free(&options->origins);
}
