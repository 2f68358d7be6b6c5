/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Metrics as Prometheus reads them: its text format 0.0.4, or OpenMetrics 1.0
 *
 *	metrics_family(&t, METRIC_COUNTER, "vmarium_calls", "Calls, ever.");
 *	metrics_value(&t, METRICS_LABELS({ "method", "mm.brk" }), 42);
 *	metrics_end(&t);
 *
 *	# HELP vmarium_calls_total Calls, ever.
 *	# TYPE vmarium_calls_total counter
 *	vmarium_calls_total{method="mm.brk"} 42
 *
 * All samples of a family follow it at once. Failures stay in the buffer.
 */
#include <stdbool.h>
#include <stdint.h>
#include "proto/json/buffer.h"
#include "proto/rpc/stats.h"

enum metric_type {
	METRIC_COUNTER, /* samples end in _total, which is added here */
	METRIC_GAUGE,
	METRIC_HISTOGRAM,
};

struct metrics_text {
	struct buffer *out; /* borrowed */
	bool open_metrics;
	const char *family;    /* private */
	enum metric_type type; /* private */
};

struct metrics_label {
	const char *name, *value;
};

/* An array of labels, for one sample; {} alone ends it. */
#define METRICS_LABELS(...) ((const struct metrics_label[]){ __VA_ARGS__, {} })

/** metrics_text_init() - begin to write to @out */
void metrics_text_init(struct metrics_text *text, struct buffer *out,
		       bool open_metrics);

/** metrics_text_type() - the Content-Type of what is written */
const char *metrics_text_type(bool open_metrics);

/** metrics_family() - begin a family
 * @family: its name, without _total; kept until the next
 * @help:   one sentence */
void metrics_family(struct metrics_text *text, enum metric_type type,
		    const char *family, const char *help);

/** metrics_value() - a counter's or gauge's sample; @labels: NULL: none */
void metrics_value(struct metrics_text *text,
		   const struct metrics_label *labels, uint64_t value);

/** metrics_seconds() - likewise, of @ns nanoseconds */
void metrics_seconds(struct metrics_text *text,
		     const struct metrics_label *labels, uint64_t ns);

/** metrics_histogram() - buckets, sum and count of a histogram, in seconds */
void metrics_histogram(struct metrics_text *text,
		       const struct metrics_label *labels,
		       const struct histogram *histogram);

/** metrics_end() - nothing follows */
void metrics_end(struct metrics_text *text);
