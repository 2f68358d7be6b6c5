/* SPDX-License-Identifier: MIT */
/*
 * Any bytes are strace's output, or maps: what import writes, replay reads
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/importer.h"
#include "clients/cli/trace.h"
#include "tests/fuzz/demand.h"

/* The trace's text, or NULL: there is none. */
static char *trace_text(const json_t *lines)
{
	char *text = NULL;
	size_t len, i;
	json_t *line;
	FILE *out;

	if (!json_array_size(lines))
		return NULL;
	out = open_memstream(&text, &len);
	if (!out)
		abort();
	json_array_foreach(lines, i, line) {
		json_dumpf(line, out, JSON_COMPACT);
		fputc('\n', out);
	}
	fclose(out);
	return text;
}

static void check_trace(char *text, size_t lines)
{
	FILE *file = fmemopen(text, strlen(text), "r");
	char error[256] = "";
	struct trace trace;

	if (!file)
		abort();
	if (trace_read(&trace, file, error, sizeof(error)) ||
	    trace.count + 1 != lines) {
		fprintf(stderr, "%s\n%s\n", error, text);
		abort();
	}
	trace_unload(&trace);
	fclose(file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct importer *importer = importer_new(NULL);
	char *text = malloc(size + 1), *rest = text, *line, *trace;
	bool good = true;
	json_t *lines;

	if (!text)
		abort();
	memcpy(text, data, size);
	text[size] = '\0';
	while (good && (line = strsep(&rest, "\n")))
		good = importer_feed(importer, line);
	if (!good && !json_array_size(importer_complaints(importer)))
		abort();
	lines = importer_end(importer);
	trace = good ? trace_text(lines) : NULL;
	if (trace)
		check_trace(trace, json_array_size(lines));
	free(trace);
	free(text);
	json_decref(lines);
	importer_free(importer);
	return 0;
}
