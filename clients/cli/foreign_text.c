/* SPDX-License-Identifier: MIT */
#include "clients/cli/foreign_text.h"

#include <string.h>

/* The bytes that a control character at @at takes in UTF-8; 0: it is another. Those
 * beyond ASCII are obeyed by some terminals as well. */
static size_t control_at(const char *at, const char *end, unsigned *codep)
{
	const unsigned char first = (unsigned char)*at;
	const unsigned char second = end - at > 1 ? (unsigned char)at[1] : 0;

	*codep = first == 0xc2 ? second : first;
	if (first == 0xc2)
		return second >= 0x80 && second < 0xa0 ? 2 : 0;
	return first < ' ' || first == 0x7f ? 1 : 0;
}

static void put(FILE *out, const char *text, size_t len, const char *meant)
{
	const char *at = text, *end = text + len;
	unsigned code;

	while (at < end) {
		const size_t control = control_at(at, end, &code);

		if (!control ||
		    (code && code < ' ' && strchr(meant, (int)code))) {
			at++;
			continue;
		}
		fwrite(text, 1, (size_t)(at - text), out);
		fprintf(out, "\\u%04X", code);
		text = at += control;
	}
	fwrite(text, 1, (size_t)(at - text), out);
}

void foreign_put(FILE *out, const char *text)
{
	put(out, text, strlen(text), "");
}

void foreign_put_member(FILE *out, const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	foreign_put(out, text ? text : "?");
}

void foreign_put_column(FILE *out, const char *text, int width)
{
	const int len = (int)strnlen(text, (size_t)width);

	foreign_put(out, text);
	fprintf(out, "%*s", width - len, "");
}

void foreign_put_lines(FILE *out, const char *text, size_t len)
{
	put(out, text, len, "\n\t");
}

/* A character comes whole; line ends come between values alone. */
static int on_json(const char *text, size_t len, void *out)
{
	put(out, text, len, "\n");
	return 0;
}

void foreign_put_json(FILE *out, const json_t *value, size_t flags)
{
	json_dump_callback(value, on_json, out, flags);
}
