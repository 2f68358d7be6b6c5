/* SPDX-License-Identifier: MIT */
#include "clients/cli/run_report.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "clients/cli/foreign_text.h"

/* Where values begin, if the line is no longer. */
#define VALUE_COLUMN 48
#define JSON_SHOWN   120

/* The columns of a terminal that one character takes, and its bytes. */
static int char_width(const char *text, size_t *bytes)
{
	mbstate_t state = { 0 };
	wchar_t wide;
	size_t len = mbrtowc(&wide, text, strlen(text), &state);
	int width;

	if (len == 0 || len > 4) {
		*bytes = 1;
		return 1;
	}
	*bytes = len;
	width = wcwidth(wide);
	return width < 0 ? 1 : width;
}

static int text_width(const char *text)
{
	size_t bytes;
	int width = 0;

	while (*text) {
		width += char_width(text, &bytes);
		text += bytes;
	}
	return width;
}

/* ------------------------------------------------------------- values */

static void print_json(const struct canvas *canvas, const json_t *value)
{
	char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);

	const size_t len = text ? strlen(text) : 0;

	foreign_put_lines(canvas->out, text,
			  len < JSON_SHOWN ? len : JSON_SHOWN);
	if (len > JSON_SHOWN)
		fputs(ellipsis(canvas), canvas->out);
	free(text);
}

/* A text of several lines stands below its line. */
static void print_text(const struct canvas *canvas, const char *text)
{
	const char *end;

	if (!strchr(text, '\n')) {
		foreign_put(canvas->out, text);
		return;
	}
	for (; *text; text = *end ? end + 1 : end) {
		end = strchr(text, '\n');
		if (!end)
			end = text + strlen(text);
		fputs("\n      ", canvas->out);
		foreign_put_lines(canvas->out, text, (size_t)(end - text));
	}
}

static void print_value(const struct canvas *canvas, const json_t *value)
{
	if (json_is_string(value))
		print_text(canvas, json_string_value(value));
	else
		print_json(canvas, value);
}

static void print_area(const struct canvas *canvas, const json_t *vma)
{
	const char *name = json_string_value(json_object_get(vma, "name"));

	foreign_put_member(canvas->out, vma, "start");
	fputc('-', canvas->out);
	foreign_put_member(canvas->out, vma, "end");
	fputc(' ', canvas->out);
	foreign_put_member(canvas->out, vma, "perms");
	if (!name)
		return;
	fputc(' ', canvas->out);
	foreign_put(canvas->out, name);
}

/* Nobody reads one on a line: `print s.map_count` shows what is in it. */
static void print_snapshot(const struct canvas *canvas, json_t *snapshot)
{
	const char *part, *before = "a snapshot of ";
	json_t *value;

	json_object_foreach(snapshot, part, value) {
		fputs(before, canvas->out);
		foreign_put(canvas->out, part);
		before = ", ";
	}
}

/* An answer that is no simple value. */
static void print_answer(const struct canvas *canvas, const json_t *result)
{
	const json_t *vma = json_object_get(result, "vma");
	json_t *snapshot = json_object_get(result, "snapshot");

	if (json_is_object(vma))
		print_area(canvas, vma);
	else if (json_object_size(snapshot))
		print_snapshot(canvas, snapshot);
	else
		print_json(canvas, result);
}

/* -------------------------------------------------------------- lines */

static void print_verdict(const struct canvas *canvas, const json_t *line)
{
	const bool passed = json_is_true(json_object_get(line, "passed"));

	fprintf(canvas->out, "%s%s%s",
		paint(canvas, passed ? PAINT_GREEN : PAINT_RED),
		passed ? "holds" : "DOES NOT HOLD", paint(canvas, PAINT_NONE));
	if (passed)
		return;
	fputs(": expected ", canvas->out);
	foreign_put_member(canvas->out, line, "operator");
	fputc(' ', canvas->out);
	print_value(canvas, json_object_get(line, "wanted"));
	fputs(", got ", canvas->out);
	print_value(canvas, json_object_get(line, "value"));
}

/* What the kernel did, step by step. */
static void print_steps(const struct canvas *canvas, const json_t *line)
{
	const json_t *steps = json_object_get(
		json_object_get(json_object_get(line, "result"), "snapshot"),
		"steps");
	const json_t *step, *text;
	size_t i;

	json_array_foreach(steps, i, step) {
		text = json_object_get(step, "text");
		if (!json_is_string(text))
			continue;
		fprintf(canvas->out, "      %s", paint(canvas, PAINT_DIM));
		foreign_put(canvas->out, json_string_value(text));
		fprintf(canvas->out, "%s\n", paint(canvas, PAINT_NONE));
	}
}

static void print_outcome(const struct canvas *canvas, const json_t *line)
{
	const json_t *value = json_object_get(line, "value");
	const json_t *result = json_object_get(line, "result");
	const char *text = json_string_value(json_object_get(result, "text"));

	if (json_object_get(line, "passed")) {
		print_verdict(canvas, line);
	} else if (text) {
		print_text(canvas, text);
	} else if (json_object_get(result, "process")) {
		fputs("= process ", canvas->out);
		print_value(canvas, value);
	} else {
		fputs("= ", canvas->out);
		if (value)
			print_value(canvas, value);
		else
			print_answer(canvas, result);
	}
}

static void print_line(const struct canvas *canvas, const json_t *line)
{
	const char *text = json_string_value(json_object_get(line, "text"));
	int width;

	if (!text)
		return;
	width = text_width(text);
	fprintf(canvas->out, "%s%4" JSON_INTEGER_FORMAT "%s  ",
		paint(canvas, PAINT_DIM),
		json_integer_value(json_object_get(line, "line")),
		paint(canvas, PAINT_NONE));
	foreign_put_lines(canvas->out, text, strlen(text));
	fprintf(canvas->out, "%*s  ",
		width < VALUE_COLUMN ? VALUE_COLUMN - width : 0, "");
	print_outcome(canvas, line);
	putc('\n', canvas->out);
	print_steps(canvas, line);
}

void run_report(const struct canvas *canvas, const json_t *result)
{
	const json_t *lines = json_object_get(result, "lines");
	const json_int_t failed =
		json_integer_value(json_object_get(result, "failed"));
	const json_int_t passed =
		json_integer_value(json_object_get(result, "passed"));
	const json_t *line;
	json_int_t steps;
	size_t i;

	json_array_foreach(lines, i, line)
		print_line(canvas, line);
	steps = json_integer_value(json_object_get(result, "steps"));
	fprintf(canvas->out, "%" JSON_INTEGER_FORMAT " step%s", steps,
		steps == 1 ? "" : "s");
	if (failed + passed)
		fprintf(canvas->out,
			", %s%" JSON_INTEGER_FORMAT " of %" JSON_INTEGER_FORMAT
			" expectations hold%s",
			paint(canvas, failed ? PAINT_RED : PAINT_GREEN), passed,
			passed + failed, paint(canvas, PAINT_NONE));
	putc('\n', canvas->out);
}

/* -------------------------------------------------------------- errors */

static const char *find_line(const char *text, json_int_t line)
{
	while (--line && text) {
		text = strchr(text, '\n');
		if (text)
			text++;
	}
	return text;
}

/* Blanks as wide as the characters before the column. */
static void print_caret(const char *line, json_int_t column)
{
	size_t bytes;

	fputs("  ", stderr);
	for (; --column > 0 && *line && *line != '\n'; line += bytes) {
		const int width = char_width(line, &bytes);

		if (*line == '\t')
			putc('\t', stderr);
		else
			fprintf(stderr, "%*s", width, "");
	}
	fputs("^\n", stderr);
}

/* What stands behind the place, which has been said: "line 3, column 5: ", as the
 * server says it in either language. */
static const char *behind_place(const char *hint, json_int_t line,
				json_int_t column)
{
	char places[2][80];
	size_t i;

	snprintf(places[0], sizeof(places[0]),
		 "line %" JSON_INTEGER_FORMAT ", column %" JSON_INTEGER_FORMAT
		 ": ",
		 line, column);
	snprintf(places[1], sizeof(places[1]),
		 "第 %" JSON_INTEGER_FORMAT " 行第 %" JSON_INTEGER_FORMAT
		 " 列：",
		 line, column);
	for (i = 0; i < 2; i++)
		if (!strncmp(hint, places[i], strlen(places[i])))
			return hint + strlen(places[i]);
	return hint;
}

bool run_report_error(const char *path, const char *text, const json_t *error)
{
	const json_t *data = json_object_get(error, "data");
	const json_int_t line =
		json_integer_value(json_object_get(data, "line"));
	const json_int_t column =
		json_integer_value(json_object_get(data, "column"));
	const char *hint = json_string_value(json_object_get(data, "hint"));
	const char *place = line > 0 ? find_line(text, line) : NULL;

	if (!place || !hint)
		return false;
	fprintf(stderr,
		"%s:%" JSON_INTEGER_FORMAT ":%" JSON_INTEGER_FORMAT ": ",
		strcmp(path, "-") ? path : "script", line, column);
	foreign_put(stderr, behind_place(hint, line, column));
	fputs("\n  ", stderr);
	foreign_put_lines(stderr, place, strcspn(place, "\r\n"));
	fputc('\n', stderr);
	print_caret(place, column);
	return true;
}
