/* SPDX-License-Identifier: MIT */
/*
 * A recorder, and the lines that it writes
 */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/cli.h"
#include "clients/cli/maps.h"
#include "clients/cli/recorder_types.h"

void recorder_complain(struct recorder *recorder, const char *format, ...)
{
	va_list args;

	free(recorder->trouble);
	va_start(args, format);
	if (vasprintf(&recorder->trouble, format, args) < 0)
		cli_out_of_memory();
	va_end(args);
}

void recorder_write(struct recorder *recorder, json_t *line)
{
	if (json_dumpf(line, recorder->out, JSON_COMPACT) ||
	    fputc('\n', recorder->out) == EOF)
		recorder_complain(recorder, "the trace cannot be written: %s",
				  strerror(errno));
	recorder->counts.lines++;
	json_decref(line);
}

json_t *recorder_hex(uint64_t number)
{
	char text[32];

	snprintf(text, sizeof(text), "0x%" PRIx64, number);
	return json_string(text);
}

json_t *recorder_line(const char *op, const struct recorded_process *process,
		      unsigned thread)
{
	json_t *line = json_pack("{s:s}", "op", op);

	if (process->number)
		json_object_set_new(line, "p", json_integer(process->number));
	if (thread)
		json_object_set_new(line, "t", json_integer(thread));
	return line;
}

json_t *recorder_maps_lines(const char *maps, bool brief)
{
	json_t *lines = json_array();

	while (*maps) {
		size_t len = strcspn(maps, "\n");
		char *text = brief ? maps_shorten(maps) : NULL;

		/* A name need not be UTF-8; then nobody can compare it. */
		if (json_array_append_new(lines,
					  text ? json_string(text)
					       : json_stringn(maps, len)))
			json_array_append_new(lines, json_string("?"));
		free(text);
		maps += len + !!maps[len];
	}
	return lines;
}

void recorder_add_maps(struct recorded_process *process, json_t *line)
{
	if (process->told == process->space->changes)
		return;
	json_object_set_new(line, "m",
			    recorder_maps_lines(process->space->maps, true));
	process->told = process->space->changes;
}

struct recorder *recorder_new(FILE *out, const char *profile, char *const *argv)
{
	struct recorder *recorder = calloc(1, sizeof(*recorder));

	if (!recorder)
		cli_out_of_memory();
	recorder->out = out;
	recorder->profile = profile;
	recorder->argv = argv;
	return recorder;
}

void recorder_free(struct recorder *recorder)
{
	if (!recorder)
		return;
	free(recorder->trouble);
	free(recorder);
}

const struct recorder_counts *recorder_counts(const struct recorder *recorder)
{
	return &recorder->counts;
}

const char *recorder_trouble(const struct recorder *recorder)
{
	return recorder->trouble;
}
