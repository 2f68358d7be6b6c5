/* SPDX-License-Identifier: MIT */
#include "tests/conformance/walk/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mm/profile.h"

static const char help[] =
	"Usage: vmarium-walk [OPTION...]\n"
	"Random memory calls, made by a real process on this kernel and by\n"
	"the engine, compared step by step.\n"
	"\n"
	"  --seed N          seed of the first run, each later one adds 1 (1)\n"
	"  --steps N         calls to make in all (20000)\n"
	"  --run-steps N     calls that one process makes (300)\n"
	"  --mix NAME        core, flags, threads, full, fork, big, limits or\n"
	"                    commit; without it the first seven in turn\n"
	"  --profile NAME    release to compare with; without it the kernel's\n"
	"                    own, else the newest\n"
	"  --record FILE     write the first run as a trace that `vmarium\n"
	"                    replay` reads\n"
	"  --strict          stop at the first difference, known or not, and\n"
	"                    exit 1\n"
	"  --help            print this\n"
	"\n"
	"The first difference of each kind is shrunk to the shortest list of\n"
	"calls that still shows it. Exit status: 0; 1 if a difference counts:\n"
	"one that is not known, on a release that a profile covers, or any\n"
	"with --strict; 2 if the walk could not be made; 77 if it cannot be\n"
	"made here, as ptrace is forbidden or the release is too different.\n";

enum option_key {
	KEY_SEED = 1,
	KEY_STEPS,
	KEY_RUN_STEPS,
	KEY_MIX,
	KEY_PROFILE,
	KEY_RECORD,
	KEY_STRICT,
	KEY_HELP,
};

static const struct option long_options[] = {
	{ "seed", required_argument, NULL, KEY_SEED },
	{ "steps", required_argument, NULL, KEY_STEPS },
	{ "run-steps", required_argument, NULL, KEY_RUN_STEPS },
	{ "mix", required_argument, NULL, KEY_MIX },
	{ "profile", required_argument, NULL, KEY_PROFILE },
	{ "record", required_argument, NULL, KEY_RECORD },
	{ "strict", no_argument, NULL, KEY_STRICT },
	{ "help", no_argument, NULL, KEY_HELP },
	{ NULL, 0, NULL, 0 },
};

static bool parse_number(const char *name, uint64_t *value)
{
	char *end;

	errno = 0;
	*value = strtoull(optarg, &end, 10);
	if (!errno && *optarg >= '0' && *optarg <= '9' && !*end)
		return true;
	fprintf(stderr, "vmarium-walk: %s wants a number, not '%s'\n", name,
		optarg);
	return false;
}

static bool parse_mix(struct options *options)
{
	options->mix = mix_find(optarg);
	if (!options->mix)
		fprintf(stderr,
			"vmarium-walk: there is no mix '%s'; see --help\n",
			optarg);
	return options->mix;
}

static bool parse_profile(struct options *options)
{
	size_t i;

	options->profile = kernel_profile_find(optarg, strlen(optarg));
	if (options->profile)
		return true;
	fprintf(stderr, "vmarium-walk: there is no profile '%s'; there are",
		optarg);
	for (i = 0; kernel_profile_at(i); i++)
		fprintf(stderr, " %s", kernel_profile_at(i)->name);
	fputc('\n', stderr);
	return false;
}

static bool parse_option(struct options *options, int key)
{
	switch (key) {
	case KEY_SEED:
		return parse_number("--seed", &options->seed);
	case KEY_STEPS:
		return parse_number("--steps", &options->steps);
	case KEY_RUN_STEPS:
		return parse_number("--run-steps", &options->steps_per_run) &&
		       options->steps_per_run;
	case KEY_MIX:
		return parse_mix(options);
	case KEY_PROFILE:
		return parse_profile(options);
	case KEY_RECORD:
		options->record = optarg;
		return true;
	case KEY_STRICT:
		options->strict = true;
		return true;
	default:
		return false;
	}
}

enum options_outcome options_parse(struct options *options, int argc,
				   char **argv)
{
	int key;

	*options = (struct options){
		.seed = 1,
		.steps = 20000,
		.steps_per_run = 300,
	};
	while ((key = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		if (key == KEY_HELP) {
			fputs(help, stdout);
			return OPTIONS_DONE;
		}
		if (!parse_option(options, key))
			return OPTIONS_WRONG;
	}
	if (optind < argc) {
		fprintf(stderr, "vmarium-walk: '%s' is no option\n",
			argv[optind]);
		return OPTIONS_WRONG;
	}
	return OPTIONS_RUN;
}
