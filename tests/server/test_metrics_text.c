/* SPDX-License-Identifier: MIT */
#include "server/metrics_text.h"

#include <stdio.h>
#include <string.h>
#include "tests/support/suite.h"

static void write_all(struct metrics_text *text)
{
	struct histogram histogram = { 0 };

	metrics_family(text, METRIC_COUNTER, "calls", "Calls\\\nof \"all\".");
	metrics_value(
		text,
		METRICS_LABELS({ "method", "mm.brk" }, { "odd", "a\\b\"c\nd" }),
		18446744073709551615ULL);
	metrics_value(text, METRICS_LABELS({ "method", "" }), 0);
	metrics_family(text, METRIC_COUNTER, "cpu_seconds", "Time.");
	metrics_seconds(text, NULL, 1);
	metrics_family(text, METRIC_GAUGE, "level", "Now.");
	metrics_value(text, NULL, 7);
	metrics_family(text, METRIC_GAUGE, "since", "Then.");
	metrics_seconds(text, NULL, 61500000000);
	metrics_family(text, METRIC_HISTOGRAM, "took", "Time.");
	histogram_add(&histogram, 0);
	histogram_add(&histogram, 500);
	histogram_add(&histogram, 501);
	histogram_add(&histogram, 1000000000);
	histogram_add(&histogram, 1000000001);
	metrics_histogram(text, METRICS_LABELS({ "loop", "0" }), &histogram);
	metrics_end(text);
}

#define TOOK                                                                   \
	"# HELP took Time.\n"                                                  \
	"# TYPE took histogram\n"                                              \
	"took_bucket{loop=\"0\",le=\"5e-07\"} 2\n"                             \
	"took_bucket{loop=\"0\",le=\"1e-06\"} 3\n"                             \
	"took_bucket{loop=\"0\",le=\"2e-06\"} 3\n"                             \
	"took_bucket{loop=\"0\",le=\"5e-06\"} 3\n"                             \
	"took_bucket{loop=\"0\",le=\"1e-05\"} 3\n"                             \
	"took_bucket{loop=\"0\",le=\"2e-05\"} 3\n"                             \
	"took_bucket{loop=\"0\",le=\"5e-05\"} 3\n"                             \
	"took_bucket{loop=\"0\",le=\"0.0001\"} 3\n"                            \
	"took_bucket{loop=\"0\",le=\"0.0005\"} 3\n"                            \
	"took_bucket{loop=\"0\",le=\"0.001\"} 3\n"                             \
	"took_bucket{loop=\"0\",le=\"0.005\"} 3\n"                             \
	"took_bucket{loop=\"0\",le=\"0.01\"} 3\n"                              \
	"took_bucket{loop=\"0\",le=\"0.05\"} 3\n"                              \
	"took_bucket{loop=\"0\",le=\"0.1\"} 3\n"                               \
	"took_bucket{loop=\"0\",le=\"1.0\"} 4\n"                               \
	"took_bucket{loop=\"0\",le=\"+Inf\"} 5\n"                              \
	"took_sum{loop=\"0\"} 2.000001002\n"                                   \
	"took_count{loop=\"0\"} 5\n"

#define REST                                                                   \
	"calls_total{method=\"mm.brk\",odd=\"a\\\\b\\\"c\\nd\"} "              \
	"18446744073709551615\n"                                               \
	"calls_total{method=\"\"} 0\n"

#define GAUGES                                                                 \
	"cpu_seconds_total 0.000000001\n"                                      \
	"# HELP level Now.\n"                                                  \
	"# TYPE level gauge\n"                                                 \
	"level 7\n"                                                            \
	"# HELP since Then.\n"                                                 \
	"# TYPE since gauge\n"                                                 \
	"since 61.5\n"

static const char old_text[] =
	"# HELP calls_total Calls\\\\\\nof \"all\".\n"
	"# TYPE calls_total counter\n" REST "# HELP cpu_seconds_total Time.\n"
	"# TYPE cpu_seconds_total counter\n" GAUGES TOOK;

static const char new_text[] =
	"# HELP calls Calls\\\\\\nof \\\"all\\\".\n"
	"# TYPE calls counter\n" REST "# HELP cpu_seconds Time.\n"
	"# TYPE cpu_seconds counter\n" GAUGES TOOK "# EOF\n";

static void expect_text(bool open_metrics, const char *expected)
{
	struct metrics_text text;
	struct buffer out;

	buffer_init(&out, 1 << 16);
	metrics_text_init(&text, &out, open_metrics);
	write_all(&text);
	buffer_append_byte(&out, '\0');
	CU_ASSERT_STRING_EQUAL(out.data, expected);
	if (strcmp(out.data, expected) != 0)
		fprintf(stderr, "%s", out.data);
	buffer_deinit(&out);
}

static void text_is_what_prometheus_reads(void)
{
	expect_text(false, old_text);
}

static void open_metrics_name_the_family(void)
{
	expect_text(true, new_text);
}

static void a_full_buffer_only_fails(void)
{
	struct metrics_text text;
	struct buffer out;

	buffer_init(&out, 100);
	metrics_text_init(&text, &out, false);
	write_all(&text);
	CU_ASSERT_EQUAL(out.failed, BUFFER_FULL);
	buffer_deinit(&out);
}

CU_TestInfo test_metrics_text[] = {
	{ "text_is_what_prometheus_reads", text_is_what_prometheus_reads },
	{ "open_metrics_name_the_family", open_metrics_name_the_family },
	{ "a_full_buffer_only_fails", a_full_buffer_only_fails },
	CU_TEST_INFO_NULL,
};
