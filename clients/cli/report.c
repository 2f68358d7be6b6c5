/* SPDX-License-Identifier: MIT */
#include "clients/cli/report.h"

#include <stdlib.h>
#include <string.h>

#include "clients/cli/cli.h"
#include "clients/cli/draw.h"
#include "clients/cli/foreign_text.h"

void report_begin(struct report *report, bool json, FILE *out)
{
	report->json = json;
	canvas_init(&report->canvas, out);
}

void report_file_begin(struct report *report, const char *path,
		       const struct replay_options *options)
{
	report->path = path;
	report->options = options;
	report->differences = json_array();
	report->files++;
}

static char *step_text(const struct trace_step *step)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		cli_out_of_memory();
	trace_step_spell(out, step);
	if (fclose(out))
		cli_out_of_memory();
	return text;
}

/* "line 17, step 16 of 396: munmap(0x7f0000, 4096)" */
static void place_print(FILE *out, const struct trace *trace,
			const struct trace_step *step)
{
	if (!step) {
		fprintf(out, "line 1, before the first step");
		return;
	}
	fprintf(out, "line %u, step %zu of %zu: ", step->line,
		(size_t)(step - trace->steps) + 1, trace->count);
	trace_step_spell(out, step);
}

/* Rows that are shown around one that differs. */
enum {
	CONTEXT_ROWS = 3
};

static char row_mark(const struct compare_row *row)
{
	if (!row->differs)
		return ' ';
	if (!row->got)
		return '<';
	return row->expected ? '|' : '>';
}

static void row_print(const struct canvas *canvas,
		      const struct compare_row *row, const char *label,
		      int width)
{
	const char *expected = row->expected ? row->expected : "";
	const char *got = row->got ? row->got : "";
	char mark = row_mark(row);

	fprintf(canvas->out, "  %s%-9s%s ", paint(canvas, PAINT_DIM), label,
		paint(canvas, PAINT_NONE));
	fputs(row->differs ? paint(canvas, PAINT_GREEN) : "", canvas->out);
	foreign_put(canvas->out, expected);
	fprintf(canvas->out, "%*s", width - (int)strlen(expected), "");
	if (row->differs)
		fprintf(canvas->out, "%s %c %s", paint(canvas, PAINT_NONE),
			mark, paint(canvas, PAINT_RED));
	else
		fputs("   ", canvas->out);
	foreign_put(canvas->out, got);
	fprintf(canvas->out, "%s\n",
		row->differs ? paint(canvas, PAINT_NONE) : "");
}

/* Whether a row differs, or one close to it does. */
static bool row_is_near(const struct comparison *comparison, size_t index)
{
	size_t first = index < CONTEXT_ROWS ? 0 : index - CONTEXT_ROWS;

	for (size_t i = first;
	     i < comparison->count && i <= index + CONTEXT_ROWS; i++) {
		if (comparison->rows[i].differs &&
		    comparison->rows[i].check == comparison->rows[index].check)
			return true;
	}
	return false;
}

void report_side_by_side(const struct canvas *canvas,
			 const struct comparison *comparison)
{
	int width = (int)strlen("expected");
	const char *sep = "  the same: ", *begun = NULL;
	size_t folded = 0;

	for (size_t i = 0; i < comparison->count; i++) {
		const struct compare_row *row = &comparison->rows[i];
		int len = row->expected ? (int)strlen(row->expected) : 0;

		if ((comparison->differing & row->check) && len > width)
			width = len;
	}
	fprintf(canvas->out, "%s  %-9s %-*s   %s%s\n",
		paint(canvas, PAINT_BOLD), "", width, "expected", "got",
		paint(canvas, PAINT_NONE));
	for (size_t i = 0; i < comparison->count; i++) {
		const struct compare_row *row = &comparison->rows[i];

		if (!(comparison->differing & row->check))
			continue;
		if (row_is_near(comparison, i)) {
			row_print(canvas, row,
				  begun == row->label ? "" : row->label, width);
			begun = row->label;
			folded = 0;
		} else if (!folded++) {
			fprintf(canvas->out, "  %-9s ...\n", "");
		}
	}
	for (unsigned check = CHECK_RET; check <= CHECK_VMACACHE; check <<= 1) {
		if (!(comparison->compared & ~comparison->differing & check))
			continue;
		fprintf(canvas->out, "%s%s", sep, compare_check_name(check));
		sep = ", ";
	}
	if (sep[0] == ',')
		fprintf(canvas->out, "\n");
}

static json_t *rows_json(const struct comparison *comparison)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < comparison->count; i++) {
		const struct compare_row *row = &comparison->rows[i];

		if (comparison->differing & row->check)
			json_array_append_new(
				rows, json_pack("{s:s, s:s, s:s?, s:s?, s:b}",
						"check",
						compare_check_name(row->check),
						"label", row->label, "expected",
						row->expected, "got", row->got,
						"differs", row->differs));
	}
	return rows;
}

void report_difference(void *ctx, const struct trace *trace,
		       const struct trace_step *step,
		       const struct comparison *comparison)
{
	struct report *report = ctx;
	const struct canvas *canvas = &report->canvas;
	char *call;

	if (report->json) {
		call = step ? step_text(step) : NULL;
		json_array_append_new(
			report->differences,
			json_pack("{s:i, s:I, s:s?, s:o}", "line",
				  step ? (int)step->line : 1, "step",
				  (json_int_t)(step ? step - trace->steps + 1
						    : 0),
				  "call", call, "rows", rows_json(comparison)));
		free(call);
		return;
	}
	fprintf(canvas->out, "%s%s: differs at ", paint(canvas, PAINT_BOLD),
		report->path);
	place_print(canvas->out, trace, step);
	fprintf(canvas->out, "%s\n", paint(canvas, PAINT_NONE));
	report_side_by_side(canvas, comparison);
}

void report_space(void *ctx, const json_t *snapshot)
{
	struct report *report = ctx;

	fprintf(report->canvas.out, "%s ends with\n", report->path);
	draw_space(&report->canvas, snapshot);
}

static void checks_print(FILE *out, unsigned checks)
{
	const char *sep = "";

	for (unsigned check = CHECK_RET; check <= CHECK_VMACACHE; check <<= 1) {
		if (!(checks & check))
			continue;
		fprintf(out, "%s%s", sep, compare_check_name(check));
		sep = ", ";
	}
}

static json_t *checks_json(unsigned checks)
{
	json_t *names = json_array();

	for (unsigned check = CHECK_RET; check <= CHECK_VMACACHE; check <<= 1) {
		if (checks & check)
			json_array_append_new(
				names, json_string(compare_check_name(check)));
	}
	return names;
}

static void line_print(FILE *out, json_t *line)
{
	json_dumpf(line, out, JSON_COMPACT);
	fputc('\n', out);
	fflush(out);
	json_decref(line);
}

void report_unusable(struct report *report, const char *error)
{
	if (report->json)
		line_print(report->canvas.out,
			   json_pack("{s:s, s:s, s:s}", "file", report->path,
				     "outcome", "unusable", "error", error));
	fprintf(stderr, "vmarium: %s: ", report->path);
	foreign_put(stderr, error);
	fputc('\n', stderr);
	json_decref(report->differences);
}

static void file_end_json(struct report *report, const struct trace *trace,
			  enum replay_outcome outcome,
			  const struct replay_result *result, const char *wrong)
{
	static const char *const outcomes[] = { "agrees", "differs", "refused",
						"lost" };
	json_t *line;

	line = json_pack("{s:s, s:O, s:o, s:I, s:I, s:s, s:O}", "file",
			 report->path, "kernel",
			 json_object_get(trace->header, "kernel"), "checks",
			 checks_json(report->options->checks & trace->checks),
			 "steps", (json_int_t)trace->count, "agreed",
			 (json_int_t)result->agreed, "outcome",
			 outcomes[outcome], "differences", report->differences);
	if (result->refused)
		json_object_set(line, "refusal", result->refused);
	if (result->at)
		json_object_set_new(line, "line",
				    json_integer(result->at->line));
	if (result->profile)
		json_object_set_new(line, "profile",
				    json_string(result->profile));
	if (trace->recorded)
		json_object_set_new(line, "merged",
				    json_integer((json_int_t)result->merged));
	if (wrong)
		json_object_set_new(line, "error", json_string(wrong));
	line_print(report->canvas.out, line);
}

/* A difference may be the release's, and not a mistake of anyone. */
static void release_print(const struct report *report,
			  const struct trace *trace,
			  enum replay_outcome outcome,
			  const struct replay_result *result)
{
	const char *kernel =
		json_string_value(json_object_get(trace->header, "kernel"));
	const char *profile = report->options->profile
				      ? report->options->profile
				      : result->profile;
	unsigned major, minor;

	if (!trace->recorded || !profile || !kernel ||
	    (sscanf(profile, "%u.%u", &major, &minor) == 2 &&
	     major == trace->major && minor == trace->minor))
		return;
	fprintf(report->canvas.out,
		"  recorded on Linux %s, replayed as %s%s\n", kernel, profile,
		outcome == REPLAY_DIFFERS
			? ": the difference may be one between the releases"
			: "");
	if (result->merged)
		fprintf(report->canvas.out,
			"  in %zu steps neighbouring areas are merged "
			"otherwise: a newer release merges written with "
			"unwritten ones (--strict counts it)\n",
			result->merged);
}

static void file_end_words(struct report *report, const struct trace *trace,
			   enum replay_outcome outcome,
			   const struct replay_result *result)
{
	const struct canvas *canvas = &report->canvas;

	if (outcome == REPLAY_AGREES) {
		fprintf(canvas->out, "%s: %sall %zu steps agree%s (",
			report->path, paint(canvas, PAINT_GREEN), trace->count,
			paint(canvas, PAINT_NONE));
		checks_print(canvas->out,
			     report->options->checks & trace->checks);
		fprintf(canvas->out, ")\n");
	} else if (outcome == REPLAY_DIFFERS && report->options->keep_going) {
		fprintf(canvas->out, "%s: %s%zu of %zu steps differ%s\n",
			report->path, paint(canvas, PAINT_RED),
			result->differing, trace->count,
			paint(canvas, PAINT_NONE));
	} else {
		fprintf(canvas->out,
			"%s: %sstopped%s after %zu of %zu steps that agree\n",
			report->path, paint(canvas, PAINT_RED),
			paint(canvas, PAINT_NONE), result->agreed,
			trace->count);
	}
	fflush(canvas->out);
}

void report_file_end(struct report *report, const struct rpc_client *client,
		     const struct trace *trace, enum replay_outcome outcome,
		     const struct replay_result *result, const char *wrong)
{
	report->steps += trace->count;
	report->agreed += result->agreed;
	report->agreeing += outcome == REPLAY_AGREES && !wrong;
	report->lost = outcome == REPLAY_LOST;
	if (outcome == REPLAY_REFUSED || outcome == REPLAY_LOST) {
		fprintf(stderr, "%s: ", report->path);
		place_print(stderr, trace, result->at);
		fputc('\n', stderr);
		cli_report(client,
			   outcome == REPLAY_LOST ? RPC_LOST : RPC_REFUSED,
			   result->refused);
	}
	if (report->json) {
		file_end_json(report, trace, outcome, result, wrong);
	} else {
		file_end_words(report, trace, outcome, result);
		release_print(report, trace, outcome, result);
	}
	if (wrong) {
		fflush(report->canvas.out);
		fprintf(stderr,
			"vmarium: %s: %s; what stands before it was replayed\n",
			report->path, wrong);
	}
	json_decref(report->differences);
}

void report_end(struct report *report)
{
	if (report->json)
		line_print(report->canvas.out,
			   json_pack("{s:I, s:I, s:I, s:I}", "files",
				     (json_int_t)report->files, "agreeing",
				     (json_int_t)report->agreeing, "steps",
				     (json_int_t)report->steps, "agreed",
				     (json_int_t)report->agreed));
	else
		fprintf(report->canvas.out,
			"%zu of %zu traces agree, %zu of %zu steps\n",
			report->agreeing, report->files, report->agreed,
			report->steps);
}
