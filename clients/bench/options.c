/* SPDX-License-Identifier: MIT */
#include "clients/bench/options.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/bench/pace.h"

enum {
	CONNECTIONS_MAX = 60000,
	DEPTH_MAX = 1024,
	BATCH_MAX = 100000,
	OUTSTANDING_MAX = 1 << 24,
};

static const uint64_t second = 1000000000;

static const char help_head[] =
	"Usage: vmarium-bench [OPTIONS] [SCENARIO]\n"
	"\n"
	"Puts load on a vmarium server, checks every answer, and says how fast "
	"they came.\n"
	"\n"
	"Scenarios:\n";

static const char help_options[] =
	"\n"
	"Load:\n"
	"  --connections N  connections, each with one player (default: 64)\n"
	"  --pipeline N     requests outstanding on each connection (default: "
	"1)\n"
	"  --batch N        calls in each request, as a JSON-RPC batch "
	"(default: 1)\n"
	"  --rate N         open loop: N requests a second, whatever the "
	"server "
	"does, and\n"
	"                   latencies count from the time a request was due\n"
	"                   (default: closed loop, the next request after the "
	"answer)\n"
	"  --duration S     seconds (default: 10)\n"
	"  --requests N     end after N requests, however long they take\n"
	"  --timeout S      an answer that takes longer is an error (default: "
	"10)\n"
	"\n"
	"Scenario:\n"
	"  --want LIST      call: the snapshot asked for, such as mm,vmas "
	"(default: none)\n"
	"  --areas N        call: give each process N areas more (default: 0)\n"
	"  --trace FILE     replay: the trace, of 'vmarium record' for "
	"example\n"
	"  --keep           create: leave the processes on the server\n"
	"  --seed N         of the random numbers (default: 1)\n"
	"  --unchecked      call: look at HTTP statuses only, for other "
	"servers\n"
	"\n"
	"Server and output:\n"
	"  --server URL     default: $VMARIUM_SERVER, or "
	"http://127.0.0.1:7070;\n"
	"                   $VMARIUM_TOKEN is sent as its bearer token\n"
	"  --allow-remote   the server may be another machine\n"
	"  --pid PID        the server's process, to count its CPU time\n"
	"  --json, --csv    print the result for programs\n"
	"  --quiet          no progress line\n"
	"  --help           print this text\n"
	"  --version        print the version\n"
	"\n"
	"A connection that fails is not opened again, and a player whose "
	"process stands\n"
	"otherwise than it believes stops: both are counted as errors.\n"
	"\n"
	"Exit status: 0 every answer was right; 1 one was wrong, refused or "
	"missing;\n"
	"2 wrong usage, or no server.\n";

static _Noreturn void print_help(void)
{
	fputs(help_head, stdout);
	for (size_t i = 0; scenarios[i]; i++)
		printf("  %-8s %s%s\n", scenarios[i]->name,
		       scenarios[i]->summary, i ? "" : " (default)");
	fputs(help_options, stdout);
	exit(EXIT_RIGHT);
}

__attribute__((format(printf, 1, 2))) static _Noreturn void
usage_error(const char *format, ...)
{
	va_list args;

	fputs("vmarium-bench: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputs("\nTry 'vmarium-bench --help'.\n", stderr);
	exit(EXIT_UNUSABLE);
}

static uint64_t read_count(const char *name, const char *text, uint64_t min,
			   uint64_t max)
{
	unsigned long long number;
	char *end;

	number = strtoull(text, &end, 10);
	if (text[0] < '0' || text[0] > '9' || *end || strlen(text) > 18 ||
	    number < min || number > max)
		usage_error("--%s takes a number from %llu to %llu, not '%s'",
			    name, (unsigned long long)min,
			    (unsigned long long)max, text);
	return number;
}

static uint64_t read_seconds(const char *name, const char *text)
{
	char *end;
	double seconds = strtod(text, &end);

	if (end == text || *end || !(seconds >= 0.001 && seconds <= 86400))
		usage_error("--%s takes seconds, from 0.001 to 86400, not '%s'",
			    name, text);
	return (uint64_t)(seconds * (double)second);
}

/* mm,vmas becomes ["mm","vmas"]; kept to the end of the program. */
static const char *read_want(const char *list)
{
	struct bytes json = { 0 };

	if (!*list)
		return "[]";
	if (list[strspn(list, "abcdefghijklmnopqrstuvwxyz,")])
		usage_error("--want takes parts with commas between, such as "
			    "mm,vmas, not '%s'",
			    list);
	bytes_put_text(&json, "[\"");
	for (; *list; list++) {
		if (*list == ',')
			bytes_put_text(&json, "\",\"");
		else
			bytes_put(&json, list, 1);
	}
	bytes_put(&json, "\"]", 3);
	return json.data;
}

enum option_id {
	OPT_CONNECTIONS = 1,
	OPT_PIPELINE,
	OPT_BATCH,
	OPT_RATE,
	OPT_DURATION,
	OPT_REQUESTS,
	OPT_TIMEOUT,
	OPT_WANT,
	OPT_AREAS,
	OPT_TRACE,
	OPT_KEEP,
	OPT_SEED,
	OPT_UNCHECKED,
	OPT_SERVER,
	OPT_ALLOW_REMOTE,
	OPT_PID,
	OPT_JSON,
	OPT_CSV,
	OPT_QUIET,
	OPT_HELP,
	OPT_VERSION,
};

static const struct option longs[] = {
	{ "connections", required_argument, NULL, OPT_CONNECTIONS },
	{ "pipeline", required_argument, NULL, OPT_PIPELINE },
	{ "batch", required_argument, NULL, OPT_BATCH },
	{ "rate", required_argument, NULL, OPT_RATE },
	{ "duration", required_argument, NULL, OPT_DURATION },
	{ "requests", required_argument, NULL, OPT_REQUESTS },
	{ "timeout", required_argument, NULL, OPT_TIMEOUT },
	{ "want", required_argument, NULL, OPT_WANT },
	{ "areas", required_argument, NULL, OPT_AREAS },
	{ "trace", required_argument, NULL, OPT_TRACE },
	{ "keep", no_argument, NULL, OPT_KEEP },
	{ "seed", required_argument, NULL, OPT_SEED },
	{ "unchecked", no_argument, NULL, OPT_UNCHECKED },
	{ "server", required_argument, NULL, OPT_SERVER },
	{ "allow-remote", no_argument, NULL, OPT_ALLOW_REMOTE },
	{ "pid", required_argument, NULL, OPT_PID },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "csv", no_argument, NULL, OPT_CSV },
	{ "quiet", no_argument, NULL, OPT_QUIET },
	{ "help", no_argument, NULL, OPT_HELP },
	{ "version", no_argument, NULL, OPT_VERSION },
	{ 0 },
};

static void option_apply(struct options *options, enum option_id option,
			 const char *name)
{
	switch (option) {
	case OPT_CONNECTIONS:
		options->connections =
			read_count(name, optarg, 1, CONNECTIONS_MAX);
		break;
	case OPT_PIPELINE:
		options->depth = read_count(name, optarg, 1, DEPTH_MAX);
		break;
	case OPT_BATCH:
		options->batch = read_count(name, optarg, 1, BATCH_MAX);
		break;
	case OPT_RATE:
		options->rate = read_count(name, optarg, 1, PACE_RATE_MAX);
		break;
	case OPT_DURATION:
		options->duration = read_seconds(name, optarg);
		break;
	case OPT_REQUESTS:
		options->requests = read_count(name, optarg, 1, INT64_MAX);
		break;
	case OPT_TIMEOUT:
		options->timeout = read_seconds(name, optarg);
		break;
	case OPT_WANT:
		options->stage.want = read_want(optarg);
		options->stage.wants = *optarg;
		break;
	case OPT_AREAS:
		options->stage.areas = read_count(name, optarg, 0, 65000);
		break;
	case OPT_TRACE:
		options->stage.trace_path = optarg;
		break;
	case OPT_KEEP:
		options->stage.keep = true;
		break;
	case OPT_SEED:
		options->stage.seed = read_count(name, optarg, 0, INT64_MAX);
		break;
	case OPT_UNCHECKED:
		options->stage.unchecked = true;
		break;
	case OPT_SERVER:
		options->server = optarg;
		break;
	case OPT_ALLOW_REMOTE:
		options->allow_remote = true;
		break;
	case OPT_PID:
		options->pid = (pid_t)read_count(name, optarg, 1, INT32_MAX);
		break;
	case OPT_JSON:
		options->output = OUTPUT_JSON;
		break;
	case OPT_CSV:
		options->output = OUTPUT_CSV;
		break;
	case OPT_QUIET:
		options->quiet = true;
		break;
	case OPT_HELP:
		print_help();
	case OPT_VERSION:
		puts("vmarium-bench " VMARIUM_VERSION);
		exit(EXIT_RIGHT);
	}
}

static void scenario_apply(struct options *options, const char *name)
{
	options->scenario = scenario_find(name);
	if (options->scenario)
		return;
	fprintf(stderr, "vmarium-bench: there is no scenario '%s'; there are",
		name);
	for (size_t i = 0; scenarios[i]; i++)
		fprintf(stderr, "%s %s", i ? "," : "", scenarios[i]->name);
	fputs("\nTry 'vmarium-bench --help'.\n", stderr);
	exit(EXIT_UNUSABLE);
}

/* An option that would do nothing is a misunderstanding. */
static void check_sense(const struct options *options)
{
	const struct scenario *scenario = options->scenario;
	const struct stage *stage = &options->stage;

	if ((stage->wants || stage->areas || stage->unchecked) &&
	    scenario != &scenario_call)
		usage_error("--want, --areas and --unchecked are for the "
			    "scenario call");
	if (stage->trace_path && scenario != &scenario_replay)
		usage_error("--trace is for the scenario replay");
	if (stage->keep && scenario != &scenario_create)
		usage_error("--keep is for the scenario create");
	if (options->connections * options->depth * options->batch >
	    OUTSTANDING_MAX)
		usage_error("--connections times --pipeline times --batch may "
			    "not exceed %d",
			    OUTSTANDING_MAX);
}

void options_read(struct options *options, int argc, char **argv)
{
	const char *server = getenv("VMARIUM_SERVER");
	int opt, at;

	*options = (struct options){
		.server = server && *server ? server : "http://127.0.0.1:7070",
		.token = getenv("VMARIUM_TOKEN"),
		.scenario = &scenario_call,
		.stage = { .want = "[]", .seed = 1 },
		.connections = 64,
		.depth = 1,
		.batch = 1,
		.timeout = 10 * second,
	};
	while ((opt = getopt_long(argc, argv, "h", longs, &at)) != -1) {
		if (opt == 'h')
			print_help();
		/* getopt has said what is wrong. */
		if (opt == '?') {
			fputs("Try 'vmarium-bench --help'.\n", stderr);
			exit(EXIT_UNUSABLE);
		}
		option_apply(options, (enum option_id)opt, longs[at].name);
	}
	if (optind < argc)
		scenario_apply(options, argv[optind++]);
	if (optind < argc)
		usage_error("'%s' is one scenario too many", argv[optind]);
	if (!options->duration)
		options->duration =
			options->requests ? 86400 * second : 10 * second;
	options->stage.players = options->connections;
	options->stage.server = options->server;
	options->stage.token = options->token;
	check_sense(options);
}
