/* SPDX-License-Identifier: MIT */
#include "clients/cli/canvas.h"

#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void canvas_init(struct canvas *canvas, FILE *out)
{
	const char *no_color = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	canvas->out = out;
	canvas->colour = isatty(fileno(out)) && (!no_color || !*no_color) &&
			 term && strcmp(term, "dumb") != 0;
	canvas->utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8");
}

const char *paint(const struct canvas *canvas, enum paint colour)
{
	static const char *const codes[] = {
		[PAINT_NONE] = "\033[0m",   [PAINT_DIM] = "\033[2m",
		[PAINT_BOLD] = "\033[1m",   [PAINT_RED] = "\033[31m",
		[PAINT_GREEN] = "\033[32m", [PAINT_YELLOW] = "\033[33m",
	};

	return canvas->colour ? codes[colour] : "";
}

const char *ellipsis(const struct canvas *canvas)
{
	return canvas->utf8 ? "…" : "...";
}

const char *size_text(char text[SIZE_TEXT], uint64_t bytes)
{
	static const char *const units[] = { "B",   "KiB", "MiB", "GiB",
					     "TiB", "PiB", "EiB" };
	unsigned unit = 0;
	uint64_t rest = 0;

	while (bytes >= 1024) {
		rest = bytes % 1024;
		bytes /= 1024;
		unit++;
	}
	if (rest * 10 / 1024)
		snprintf(text, SIZE_TEXT, "%u.%u %s", (unsigned)bytes,
			 (unsigned)(rest * 10 / 1024), units[unit]);
	else
		snprintf(text, SIZE_TEXT, "%u %s", (unsigned)bytes,
			 units[unit]);
	return text;
}
