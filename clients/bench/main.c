/* SPDX-License-Identifier: MIT */
/*
 * vmarium-bench: the load generator
 */
#include <signal.h>
#include <stdio.h>

#include "clients/bench/load.h"
#include "clients/bench/options.h"
#include "clients/bench/report.h"

/* The second one ends the program at once. */
static void on_signal(int number)
{
	load_interrupted = 1;
	signal(number, SIG_DFL);
}

int main(int argc, char **argv)
{
	/* Its histogram alone is larger than a stack frame should be. */
	static struct load load;
	struct options options;
	char error[512];
	int status;

	options_read(&options, argc, argv);
	signal(SIGINT, on_signal);
	signal(SIGTERM, on_signal);
	if (load_open(&load, &options, error, sizeof(error))) {
		fprintf(stderr, "vmarium-bench: %s\n", error);
		load_close(&load);
		return EXIT_UNUSABLE;
	}
	load_run(&load);
	report_print(stdout, &load);
	status = load.tally.error_count ? EXIT_WRONG : EXIT_RIGHT;
	load_close(&load);
	return status;
}
