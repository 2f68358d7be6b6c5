/* SPDX-License-Identifier: MIT */
#include "tests/conformance/walk/report.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static struct report_kind *find(struct report *report, const char *kind)
{
	size_t i;

	for (i = 0; i < report->nr; i++)
		if (!strcmp(report->kinds[i].kind, kind))
			return &report->kinds[i];
	if (report->nr == REPORT_MAX_KINDS)
		return &report->kinds[REPORT_MAX_KINDS - 1];
	snprintf(report->kinds[report->nr].kind, sizeof(report->kinds[0].kind),
		 "%s", kind);
	return &report->kinds[report->nr++];
}

static char *make_example(const struct walk *walk, struct call_list *list,
			  const char *kind)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	if (shrink(walk, list, kind))
		replay_print(out, walk, list);
	else
		fputs("    the same calls, made again, do not show it\n", out);
	fclose(out);
	return text;
}

void report_add(struct report *report, const struct walk *walk, uint64_t seed,
		struct call_list *list, const char *kind, const char *reason)
{
	struct report_kind *entry = find(report, kind);

	if (entry->count++)
		return;
	entry->reason = reason;
	entry->seed = seed;
	entry->mix = walk->mix->name;
	entry->example = make_example(walk, list, kind);
}

uint64_t report_count(const struct report *report, bool with_known)
{
	uint64_t count = 0;
	size_t i;

	for (i = 0; i < report->nr; i++)
		if (with_known || !report->kinds[i].reason)
			count += report->kinds[i].count;
	return count;
}

static void print_kind(FILE *out, const struct report_kind *kind)
{
	fprintf(out,
		"\n%s (%" PRIu64 " times; first: --mix %s --seed %" PRIu64
		")\n",
		kind->kind, kind->count, kind->mix, kind->seed);
	if (kind->reason)
		fprintf(out, "    known: %s\n", kind->reason);
	if (kind->example)
		fputs(kind->example, out);
}

void report_print(FILE *out, const struct report *report)
{
	size_t i;

	for (i = 0; i < report->nr; i++)
		if (!report->kinds[i].reason)
			print_kind(out, &report->kinds[i]);
	for (i = 0; i < report->nr; i++)
		if (report->kinds[i].reason)
			print_kind(out, &report->kinds[i]);
}

void report_free(struct report *report)
{
	size_t i;

	for (i = 0; i < report->nr; i++)
		free(report->kinds[i].example);
}
