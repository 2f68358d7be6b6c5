/* SPDX-License-Identifier: MIT */
#include "server/metrics_text.h"

static const char *const type_names[] = {
	[METRIC_COUNTER] = "counter",
	[METRIC_GAUGE] = "gauge",
	[METRIC_HISTOGRAM] = "histogram",
};

void metrics_text_init(struct metrics_text *text, struct buffer *out,
		       bool open_metrics)
{
	*text = (struct metrics_text){ .out = out,
				       .open_metrics = open_metrics };
}

const char *metrics_text_type(bool open_metrics)
{
	return open_metrics ? "application/openmetrics-text; version=1.0.0; "
			      "charset=utf-8"
			    : "text/plain; version=0.0.4; charset=utf-8";
}

static void append_escaped(struct buffer *out, const char *from, bool quotes)
{
	for (; *from; from++) {
		if (*from == '\\')
			buffer_append_literal(out, "\\\\");
		else if (*from == '\n')
			buffer_append_literal(out, "\\n");
		else if (*from == '"' && quotes)
			buffer_append_literal(out, "\\\"");
		else
			buffer_append_byte(out, *from);
	}
}

/* OpenMetrics names the family; the older format what its samples begin with,
 * which differs for counters only. */
static void append_family(struct metrics_text *text)
{
	buffer_append_text(text->out, text->family);
	if (text->type == METRIC_COUNTER && !text->open_metrics)
		buffer_append_literal(text->out, "_total");
}

void metrics_family(struct metrics_text *text, enum metric_type type,
		    const char *family, const char *help)
{
	text->family = family;
	text->type = type;
	buffer_append_literal(text->out, "# HELP ");
	append_family(text);
	buffer_append_byte(text->out, ' ');
	append_escaped(text->out, help, text->open_metrics);
	buffer_append_literal(text->out, "\n# TYPE ");
	append_family(text);
	buffer_append_byte(text->out, ' ');
	buffer_append_text(text->out, type_names[type]);
	buffer_append_byte(text->out, '\n');
}

static void append_label(struct buffer *out, char before, const char *name,
			 const char *value)
{
	buffer_append_byte(out, before);
	buffer_append_text(out, name);
	buffer_append_literal(out, "=\"");
	append_escaped(out, value, true);
	buffer_append_byte(out, '"');
}

/* Name and labels, and a bucket's bound if @bound is given. */
static void begin_sample(struct metrics_text *text, const char *suffix,
			 const struct metrics_label *labels, const char *bound)
{
	struct buffer *out = text->out;
	char before = '{';

	buffer_append_text(out, text->family);
	buffer_append_text(out, suffix);
	for (; labels && labels->name; labels++) {
		append_label(out, before, labels->name, labels->value);
		before = ',';
	}
	if (bound) {
		append_label(out, before, "le", bound);
		before = ',';
	}
	if (before == ',')
		buffer_append_byte(out, '}');
	buffer_append_byte(out, ' ');
}

static const char *suffix_of(const struct metrics_text *text)
{
	return text->type == METRIC_COUNTER ? "_total" : "";
}

/* Nanoseconds as a decimal fraction of seconds: "1.5", "0.000000001". */
static void append_seconds(struct buffer *out, uint64_t ns)
{
	uint64_t rest = ns % 1000000000;
	uint64_t digit = 100000000;

	buffer_append_u64(out, ns / 1000000000);
	buffer_append_byte(out, '.');
	do {
		buffer_append_byte(out, (char)('0' + rest / digit));
		rest %= digit;
		digit /= 10;
	} while (rest);
}

void metrics_value(struct metrics_text *text,
		   const struct metrics_label *labels, uint64_t value)
{
	begin_sample(text, suffix_of(text), labels, NULL);
	buffer_append_u64(text->out, value);
	buffer_append_byte(text->out, '\n');
}

void metrics_seconds(struct metrics_text *text,
		     const struct metrics_label *labels, uint64_t ns)
{
	begin_sample(text, suffix_of(text), labels, NULL);
	append_seconds(text->out, ns);
	buffer_append_byte(text->out, '\n');
}

void metrics_histogram(struct metrics_text *text,
		       const struct metrics_label *labels,
		       const struct histogram *histogram)
{
	uint64_t count = 0;
	unsigned i;

	for (i = 0; i <= HISTOGRAM_BOUNDS; i++) {
		count += histogram->counts[i];
		begin_sample(text, "_bucket", labels,
			     i < HISTOGRAM_BOUNDS ? histogram_bounds[i].seconds
						  : "+Inf");
		buffer_append_u64(text->out, count);
		buffer_append_byte(text->out, '\n');
	}
	begin_sample(text, "_sum", labels, NULL);
	append_seconds(text->out, histogram->sum);
	buffer_append_byte(text->out, '\n');
	begin_sample(text, "_count", labels, NULL);
	buffer_append_u64(text->out, count);
	buffer_append_byte(text->out, '\n');
}

void metrics_end(struct metrics_text *text)
{
	if (text->open_metrics)
		buffer_append_literal(text->out, "# EOF\n");
}
