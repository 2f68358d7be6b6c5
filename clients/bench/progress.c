/* SPDX-License-Identifier: MIT */
#include "clients/bench/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "clients/bench/load.h"

static bool is_shown(const struct load *load)
{
	return !load->options->quiet && isatty(STDERR_FILENO);
}

void progress_show(const struct load *load)
{
	double seconds = (double)(load->now - load->started) / 1e9;

	if (!is_shown(load) || load->phase != PHASE_RUN)
		return;
	fprintf(stderr,
		"\r\033[K%.1f s  %" PRIu64 " requests  %.0f/s  p99 %.0f us  "
		"%" PRIu64 " errors",
		seconds, load->tally.requests,
		(double)load->tally.requests / seconds,
		(double)histogram_percentile(&load->tally.latency, 99) / 1e3,
		load->tally.error_count);
}

void progress_clear(const struct load *load)
{
	if (is_shown(load))
		fputs("\r\033[K", stderr);
}
