/* SPDX-License-Identifier: MIT */
#include "clients/cli/trace.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/foreign_text.h"

const char *const trace_status_names[TRACE_STATUS_COLUMNS] = {
	"VmPeak",   "VmSize", "VmLck", "VmHWM", "VmRSS", "RssAnon", "RssFile",
	"RssShmem", "VmData", "VmStk", "VmExe", "VmLib", "VmPTE",   "VmPMD",
};

int trace_load(struct trace *trace, const char *path, char *error,
	       size_t error_size)
{
	FILE *file = fopen(path, "re");
	int err;

	*trace = (struct trace){ 0 };
	if (!file) {
		snprintf(error, error_size, "%s", strerror(errno));
		return -1;
	}
	err = trace_read(trace, file, error, error_size);
	fclose(file);
	return err;
}

bool trace_usable(const struct trace *trace)
{
	return trace->header;
}

void trace_unload(struct trace *trace)
{
	json_decref(trace->lines);
	free(trace->steps);
	*trace = (struct trace){ 0 };
}

/* {"10": {...}} becomes [{"fd": 10, ...}]. */
static json_t *files_param(json_t *files)
{
	json_t *array = json_array();
	const char *fd;
	json_t *file;

	json_object_foreach(files, fd, file) {
		json_t *copy = json_copy(file);

		json_object_set_new(copy, "fd",
				    json_integer(strtol(fd, NULL, 10)));
		json_array_append_new(array, copy);
	}
	return array;
}

static void params_copy(json_t *params, const json_t *from,
			const char *const *names)
{
	for (; *names; names++) {
		json_t *value = json_object_get(from, *names);

		if (value)
			json_object_set(params, *names, value);
	}
}

json_t *trace_process_params(const struct trace *trace,
			     const struct trace_step *image,
			     const char *profile)
{
	static const char *const machine[] = { "sysctl", "mem_total_kb",
					       "committed_kb", NULL };
	static const char *const process[] = { "maps",     "mm",  "resident",
					       "vmacache", "uid", "rlimits",
					       NULL };
	const json_t *source = image ? image->source : trace->header;
	json_t *files = json_object_get(source, "files");
	json_t *params = json_object();
	char release[32];

	snprintf(release, sizeof(release), "%u.%u", trace->major, trace->minor);
	json_object_set_new(params, "profile",
			    json_string(profile ? profile : release));
	params_copy(params, trace->header, machine);
	params_copy(params, source, process);
	if (files)
		json_object_set_new(params, "files", files_param(files));
	return params;
}

static void spell_image(FILE *out, const json_t *line)
{
	const char *why = json_string_value(json_object_get(line, "why"));

	fputs(why ? "another image (" : "exec", out);
	if (why) {
		foreign_put(out, why);
		fputc(')', out);
	}
}

void trace_step_spell(FILE *out, const struct trace_step *step)
{
	switch (step->op) {
	case TRACE_CALL:
		call_spell(out, step->form, step->args);
		break;
	case TRACE_READ:
	case TRACE_WRITE:
		fprintf(out, "%s of one byte at 0x%" PRIx64,
			step->op == TRACE_READ ? "read" : "write",
			step->args[0]);
		break;
	case TRACE_CLONE:
		fprintf(out, "clone(CLONE_VM|CLONE_THREAD), thread %u",
			step->made);
		break;
	case TRACE_FORK:
		fprintf(out, "%s, process %u",
			step->shares ? "vfork()" : "fork()", step->made);
		break;
	case TRACE_OPEN:
		fputs("open of ", out);
		foreign_put(out, json_string_value(json_object_get(step->source,
								   "name")));
		fprintf(out, " as %u", (unsigned)step->args[0]);
		break;
	case TRACE_CLOSE:
		fprintf(out, "close of %u", (unsigned)step->args[0]);
		break;
	case TRACE_IMAGE:
		spell_image(out, step->source);
		break;
	case TRACE_EXIT:
		fprintf(out, "exit of %s %u",
			step->thread ? "thread" : "process",
			step->thread ? step->thread : step->process);
		break;
	}
}
