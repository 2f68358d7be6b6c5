/* SPDX-License-Identifier: MIT */
#include "clients/bench/report.h"

#include <inttypes.h>

static const struct {
	const char *name;
	double percent;
} percentiles[] = {
	{ "p50", 50 },     { "p90", 90 },       { "p99", 99 },
	{ "p99.9", 99.9 }, { "p99.99", 99.99 },
};

enum {
	PERCENTILES = sizeof(percentiles) / sizeof(percentiles[0])
};

/* What JSON and CSV hold, and what the text is made of. */
struct figures {
	double seconds;
	double requests_per_second;
	double calls_per_second;
	double mean_us;
	double us[PERCENTILES];
	double max_us;
	double cpu_us_per_request;
	double cpu_us_per_call;
	double cpu_share;
};

static double per(double sum, double count)
{
	return count > 0 ? sum / count : 0;
}

static struct figures figures_of(const struct load *load)
{
	const struct tally *tally = &load->tally;
	double requests = (double)tally->requests;
	double calls = (double)tally->calls;
	double cpu_us = (double)load->cpu / 1e3;
	struct figures figures = {
		.seconds = (double)load->elapsed / 1e9,
		.mean_us = histogram_mean(&tally->latency) / 1e3,
		.max_us = (double)tally->latency.max / 1e3,
		.cpu_us_per_request = per(cpu_us, requests),
		.cpu_us_per_call = per(cpu_us, calls),
		.cpu_share = per((double)load->cpu, (double)load->elapsed),
	};

	figures.requests_per_second = per(requests, figures.seconds);
	figures.calls_per_second = per(calls, figures.seconds);
	for (unsigned i = 0; i < PERCENTILES; i++)
		figures.us[i] =
			(double)histogram_percentile(&tally->latency,
						     percentiles[i].percent) /
			1e3;
	return figures;
}

static void print_time(FILE *out, const char *name, double us)
{
	if (us < 1000)
		fprintf(out, "  %s %.0f us", name, us);
	else if (us < 1e6)
		fprintf(out, "  %s %.2f ms", name, us / 1e3);
	else
		fprintf(out, "  %s %.2f s", name, us / 1e6);
}

static void print_setup(FILE *out, const struct load *load)
{
	const struct options *options = load->options;

	fprintf(out, "%s on %s, %" PRIu64 " connections",
		options->scenario->name, options->server, options->connections);
	if (options->depth > 1)
		fprintf(out, ", %" PRIu64 " requests outstanding on each",
			options->depth);
	if (options->batch > 1)
		fprintf(out, ", batches of %" PRIu64 " calls", options->batch);
	if (options->rate)
		fprintf(out, ", %" PRIu64 " requests a second", options->rate);
	fputc('\n', out);
}

static void print_errors(FILE *out, const struct load *load)
{
	const struct tally *tally = &load->tally;

	if (!tally->error_count) {
		fputs(load->stage.unchecked ? "answers    not looked at\n"
					    : "answers    all right\n",
		      out);
		return;
	}
	fprintf(out, "errors     %" PRIu64 "\n", tally->error_count);
	for (unsigned i = 0; i < tally->kinds; i++) {
		const struct tally_error *error = &tally->errors[i];

		fprintf(out, "  %" PRIu64 "  %s%s%s\n", error->count,
			error->kind, error->example[0] ? ", the first: " : "",
			error->example);
	}
}

static void print_text(FILE *out, const struct load *load)
{
	const struct tally *tally = &load->tally;
	struct figures figures = figures_of(load);

	print_setup(out, load);
	fprintf(out,
		"requests   %" PRIu64 " in %.2f s: %.0f requests/s, "
		"%.0f calls/s\n",
		tally->requests, figures.seconds, figures.requests_per_second,
		figures.calls_per_second);
	fprintf(out, "bytes      %.1f MB sent, %.1f MB received\n",
		(double)tally->sent_bytes / 1e6,
		(double)tally->received_bytes / 1e6);
	fputs("latency  ", out);
	for (unsigned i = 0; i < PERCENTILES; i++)
		print_time(out, percentiles[i].name, figures.us[i]);
	print_time(out, "max", figures.max_us);
	fputc('\n', out);
	if (load->has_cpu)
		fprintf(out,
			"server CPU %.2f us per request, %.3f us per call, "
			"%.0f %% of a core\n",
			figures.cpu_us_per_request, figures.cpu_us_per_call,
			figures.cpu_share * 100);
	if (load->options->rate)
		fprintf(out,
			"pace       %" PRIu64 " sent more than 1 ms late, "
			"%" PRIu64 " never sent: no connection was free\n",
			tally->late, load->unsent);
	print_errors(out, load);
}

/* Servers and files are named by people, errors by servers. */
static void print_json_string(FILE *out, const char *text)
{
	fputc('"', out);
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '"' || c == '\\')
			fprintf(out, "\\%c", c);
		else if (c < 0x20 || c > 0x7e)
			fputc('?', out);
		else
			fputc(c, out);
	}
	fputc('"', out);
}

static void print_json_errors(FILE *out, const struct tally *tally)
{
	fprintf(out, "\"errors\":%" PRIu64 ",\"error_kinds\":[",
		tally->error_count);
	for (unsigned i = 0; i < tally->kinds; i++) {
		fprintf(out, "%s{\"kind\":", i ? "," : "");
		print_json_string(out, tally->errors[i].kind);
		fprintf(out, ",\"count\":%" PRIu64 ",\"example\":",
			tally->errors[i].count);
		print_json_string(out, tally->errors[i].example);
		fputc('}', out);
	}
	fputs("]}\n", out);
}

static void print_json(FILE *out, const struct load *load)
{
	const struct options *options = load->options;
	const struct tally *tally = &load->tally;
	struct figures figures = figures_of(load);

	fprintf(out,
		"{\"scenario\":\"%s\",\"server\":", options->scenario->name);
	print_json_string(out, options->server);
	fprintf(out,
		",\"connections\":%" PRIu64 ",\"pipeline\":%" PRIu64
		",\"batch\":%" PRIu64 ",\"rate\":%" PRIu64
		",\"checked\":%s,\"seconds\":%.6f,\"requests\":%" PRIu64
		",\"calls\":%" PRIu64 ",\"requests_per_second\":%.1f,"
		"\"calls_per_second\":%.1f,\"sent_bytes\":%" PRIu64
		",\"received_bytes\":%" PRIu64 ",\"latency_us\":{"
		"\"mean\":%.1f",
		options->connections, options->depth, options->batch,
		options->rate, load->stage.unchecked ? "false" : "true",
		figures.seconds, tally->requests, tally->calls,
		figures.requests_per_second, figures.calls_per_second,
		tally->sent_bytes, tally->received_bytes, figures.mean_us);
	for (unsigned i = 0; i < PERCENTILES; i++)
		fprintf(out, ",\"%s\":%.1f", percentiles[i].name,
			figures.us[i]);
	fprintf(out, ",\"max\":%.1f},", figures.max_us);
	if (load->has_cpu)
		fprintf(out,
			"\"server_cpu\":{\"us_per_request\":%.4f,"
			"\"us_per_call\":%.4f,\"cores\":%.4f},",
			figures.cpu_us_per_request, figures.cpu_us_per_call,
			figures.cpu_share);
	fprintf(out, "\"late\":%" PRIu64 ",\"unsent\":%" PRIu64 ",",
		tally->late, load->unsent);
	print_json_errors(out, tally);
}

static void print_csv(FILE *out, const struct load *load)
{
	const struct options *options = load->options;
	const struct tally *tally = &load->tally;
	struct figures figures = figures_of(load);

	fputs("scenario,connections,pipeline,batch,rate,seconds,requests,calls,"
	      "requests_per_second,calls_per_second,sent_bytes,received_bytes,"
	      "mean_us",
	      out);
	for (unsigned i = 0; i < PERCENTILES; i++)
		fprintf(out, ",%s_us", percentiles[i].name);
	fputs(",max_us,server_cpu_us_per_request,late,unsent,errors\n", out);
	fprintf(out,
		"%s,%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64
		",%.6f,%" PRIu64 ",%" PRIu64 ",%.1f,%.1f,%" PRIu64 ",%" PRIu64
		",%.1f",
		options->scenario->name, options->connections, options->depth,
		options->batch, options->rate, figures.seconds, tally->requests,
		tally->calls, figures.requests_per_second,
		figures.calls_per_second, tally->sent_bytes,
		tally->received_bytes, figures.mean_us);
	for (unsigned i = 0; i < PERCENTILES; i++)
		fprintf(out, ",%.1f", figures.us[i]);
	fprintf(out, ",%.1f,", figures.max_us);
	if (load->has_cpu)
		fprintf(out, "%.4f", figures.cpu_us_per_request);
	fprintf(out, ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 "\n", tally->late,
		load->unsent, tally->error_count);
}

void report_print(FILE *out, const struct load *load)
{
	switch (load->options->output) {
	case OUTPUT_TEXT:
		print_text(out, load);
		break;
	case OUTPUT_JSON:
		print_json(out, load);
		break;
	case OUTPUT_CSV:
		print_csv(out, load);
		break;
	}
}
