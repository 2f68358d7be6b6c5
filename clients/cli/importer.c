/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/cli.h"
#include "clients/cli/importer_types.h"
#include "clients/cli/maps.h"

enum {
	COMPLAINTS_MAX = 100
};

#define USER_SPACE_END 0x7ffffffff000ULL

void importer_complain(struct importer *importer, const char *format, ...)
{
	char text[256];
	va_list args;
	int len;

	if (json_array_size(importer->complaints) > COMPLAINTS_MAX)
		return;
	if (json_array_size(importer->complaints) == COMPLAINTS_MAX)
		format = "and so on";
	len = snprintf(text, sizeof(text), "line %u: ", importer->line);
	va_start(args, format);
	vsnprintf(text + len, sizeof(text) - (size_t)len, format, args);
	va_end(args);
	json_array_append_new(importer->complaints, json_string(text));
}

/* -------------------------------------------------------------- lines */

static void read_joined(struct importer *importer, struct imported_task *task,
			const struct strace_line *line)
{
	struct strace_line whole = { .kind = STRACE_CALL };
	char *text;

	if (!task->unfinished) {
		importer_complain(importer,
				  "%s is resumed, but nothing was unfinished",
				  line->name);
		return;
	}
	if (asprintf(&text, "%s%s", task->unfinished, line->text) < 0)
		cli_out_of_memory();
	free(task->unfinished);
	task->unfinished = NULL;
	task->child_known = false;
	strace_call_read(text, &whole);
	if (whole.kind == STRACE_WRONG)
		importer_complain(importer, "%s", whole.wrong);
	else if (task->process)
		importer_call(importer, task, &whole);
	free(text);
}

static void read_end(struct importer *importer, struct imported_task *task)
{
	if (task->process)
		json_array_append_new(importer->lines,
				      importer_line("exit", task));
	/* The number may be given again. */
	task->process = NULL;
	task->tid = -1;
}

static bool is_of_another_kind(struct importer *importer, const char *text)
{
	static const char *const words[] = {
		"runs in 32 bit mode", "runs in x32 mode", "mmap2(",
		"old_mmap(",           "ld-linux-aarch64", "ld-linux-armhf",
		"/ld-linux.so.2"
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!strstr(text, words[i]))
			continue;
		importer_complain(importer,
				  "'%s' is of another architecture (%s); only "
				  "x86-64 is emulated",
				  words[i], i == 4 ? "arm64" : "32 bit");
		return true;
	}
	return false;
}

/* strace's own remarks go into the middle of lines; the rest is on the next one. */
static bool is_interrupted(struct importer *importer, char *text)
{
	char *remark = strstr(text, "strace: Process ");

	if (!remark || remark == text || remark[-1] == '"')
		return false;
	*remark = '\0';
	free(importer->interrupted);
	importer->interrupted = strdup(text);
	if (!importer->interrupted)
		cli_out_of_memory();
	return true;
}

static bool read_strace(struct importer *importer, char *text)
{
	struct imported_task *task;
	struct strace_line line;

	if (is_of_another_kind(importer, text))
		return false;
	strace_line_read(text, &line);
	if (line.kind == STRACE_NOTHING)
		return true;
	if (line.kind == STRACE_WRONG) {
		importer_complain(importer, "%s", line.wrong);
		return true;
	}
	importer->reads_strace = true;
	task = importer_task(importer, line.tid);
	switch (line.kind) {
	case STRACE_UNFINISHED:
		free(task->unfinished);
		task->unfinished = strdup(line.text);
		if (!task->unfinished)
			cli_out_of_memory();
		break;
	case STRACE_RESUMED:
		read_joined(importer, task, &line);
		break;
	case STRACE_ENDED:
		read_end(importer, task);
		break;
	default:
		if (task->process)
			importer_call(importer, task, &line);
	}
	return true;
}

static bool feed_strace(struct importer *importer, char *text)
{
	char *whole;
	bool good;

	if (is_interrupted(importer, text))
		return true;
	if (!importer->interrupted)
		return read_strace(importer, text);
	if (asprintf(&whole, "%s%s", importer->interrupted, text) < 0)
		cli_out_of_memory();
	free(importer->interrupted);
	importer->interrupted = NULL;
	good = read_strace(importer, whole);
	free(whole);
	return good;
}

static bool feed_maps(struct importer *importer, const char *text)
{
	struct maps_line line;

	if (!*text)
		return true;
	if (!maps_line_read(text, &line)) {
		importer_complain(importer,
				  "cut or garbled: no line of /proc/PID/maps");
		return true;
	}
	if (is_of_another_kind(importer, text))
		return false;
	if (line.end > USER_SPACE_END && line.start < 0xffffffffff600000ULL) {
		importer_complain(importer,
				  "addresses beyond 7ffffffff000 are of "
				  "another architecture (arm64?); only x86-64 "
				  "is emulated");
		return false;
	}
	if ((maps_name_is(&line, "[stack]") && line.end <= 1ULL << 32) ||
	    maps_name_is(&line, "[vectors]")) {
		importer_complain(importer,
				  "%s: a 32 bit process; only x86-64 "
				  "is emulated",
				  line.name[1] == 's' ? "[stack] below 4 GiB"
						      : "[vectors]");
		return false;
	}
	if (json_array_append_new(importer->maps, json_string(text)))
		importer_complain(importer, "the name is not UTF-8");
	return true;
}

bool importer_feed(struct importer *importer, char *text)
{
	struct maps_line line;

	importer->line++;
	text[strcspn(text, "\r\n")] = '\0';
	if (!importer->reads_strace && !importer->reads_maps)
		importer->reads_maps = maps_line_read(text, &line);
	return importer->reads_maps ? feed_maps(importer, text)
				    : feed_strace(importer, text);
}

/* ----------------------------------------------------------- the trace */

static void hex_set(json_t *object, const char *name, uint64_t number)
{
	char text[32];

	snprintf(text, sizeof(text), "0x%" PRIx64, number);
	json_object_set_new(object, name, json_string(text));
}

static void image_complete(const struct image *image)
{
	json_t *maps = json_array(), *mm = json_object();
	char text[64];

	for (size_t i = 0; i < image->found.count; i++) {
		const struct range *range = &image->found.list[i];

		snprintf(text, sizeof(text), "%" PRIx64 "-%" PRIx64 " rw-p 0",
			 range->start, range->end);
		json_array_append_new(maps, json_string(text));
	}
	if (image->mmap_base)
		hex_set(mm, "mmap_base", image->mmap_base);
	if (image->start_brk) {
		hex_set(mm, "start_brk", image->start_brk);
		hex_set(mm, "brk", image->start_brk);
	}
	json_object_set_new(image->line, "maps", maps);
	json_object_set_new(image->line, "mm", mm);
}

json_t *importer_end(struct importer *importer)
{
	json_t *header;

	for (struct imported_task *task = importer->tasks; task;
	     task = task->next) {
		if (task->unfinished && task->process && task->tid >= 0)
			importer_complain(importer,
					  "cut: a call of process %" PRId64
					  " has no end: %.40s",
					  task->tid, task->unfinished);
	}
	for (struct image *image = importer->images; image; image = image->next)
		image_complete(image);
	if (importer->reads_maps && json_array_size(importer->maps)) {
		header = json_pack("{s:s, s:b, s:O}", "mix", "maps", "faults",
				   0, "maps", importer->maps);
		if (importer->profile)
			json_object_set_new(header, "profile",
					    json_string(importer->profile));
		json_array_append_new(importer->lines, header);
	}
	return json_incref(importer->lines);
}

const json_t *importer_complaints(const struct importer *importer)
{
	return importer->complaints;
}

size_t importer_calls(const struct importer *importer)
{
	return importer->calls;
}

struct importer *importer_new(const char *profile)
{
	struct importer *importer = calloc(1, sizeof(*importer));

	if (!importer)
		cli_out_of_memory();
	importer->profile = profile;
	importer->lines = json_array();
	importer->complaints = json_array();
	importer->maps = json_array();
	return importer;
}

void importer_free(struct importer *importer)
{
	if (!importer)
		return;
	while (importer->tasks) {
		struct imported_task *task = importer->tasks;

		importer->tasks = task->next;
		free(task->unfinished);
		free(task);
	}
	while (importer->processes) {
		struct imported_process *process = importer->processes;

		importer->processes = process->next;
		ranges_reset(&process->mapped);
		json_decref(process->files);
		json_decref(process->told);
		free(process);
	}
	while (importer->images) {
		struct image *image = importer->images;

		importer->images = image->next;
		ranges_reset(&image->found);
		free(image);
	}
	free(importer->interrupted);
	json_decref(importer->lines);
	json_decref(importer->complaints);
	json_decref(importer->maps);
	free(importer);
}
