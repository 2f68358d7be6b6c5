/* SPDX-License-Identifier: MIT */
#include "tests/conformance/walk/view.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const counter_names[NR_COUNTERS] = {
	"VmPeak",   "VmSize", "VmLck", "VmHWM", "VmRSS", "RssAnon", "RssFile",
	"RssShmem", "VmData", "VmStk", "VmExe", "VmLib", "VmPTE",   "VmPMD",
};

static const char *take_hex(const char *at, const char *end, uint64_t *value)
{
	static const char digits[] = "0123456789abcdef";
	const char *digit;

	for (*value = 0; at < end; at++) {
		digit = memchr(digits, *at, sizeof(digits) - 1);
		if (!digit)
			break;
		*value = *value << 4 | (uint64_t)(digit - digits);
	}
	return at;
}

static const char *skip_word(const char *at, const char *end)
{
	while (at < end && *at == ' ')
		at++;
	while (at < end && *at != ' ')
		at++;
	return at;
}

static bool take_prefix(const char **atp, const char *end, const char *prefix)
{
	size_t len = strlen(prefix);

	if ((size_t)(end - *atp) < len || memcmp(*atp, prefix, len))
		return false;
	*atp += len;
	return true;
}

/*
 * The name without its folder. Files of a walk are memory files, whose names
 * are dressed up.
 */
static void take_name(struct area *area, const char *at, const char *end)
{
	static const char deleted[] = " (deleted)";
	const char *slash;

	while (at < end && *at == ' ')
		at++;
	slash = memrchr(at, '/', (size_t)(end - at));
	if (slash)
		at = slash + 1;
	if (take_prefix(&at, end, "memfd:"))
		end -= sizeof(deleted) - 1;
	snprintf(area->name, sizeof(area->name), "%.*s", (int)(end - at), at);
}

bool area_parse(const char *line, size_t len, struct area *area)
{
	const char *at = line, *end = line + len;

	at = take_hex(at, end, &area->start);
	if (at == end || *at++ != '-')
		return false;
	at = take_hex(at, end, &area->end);
	if (end - at < 6 || area->start >> 47)
		return false;
	memcpy(area->perms, at + 1, 4);
	area->perms[4] = '\0';
	at = take_hex(at + 6, end, &area->offset);
	at = skip_word(skip_word(at, end), end); /* device and inode */
	take_name(area, at, end);
	return true;
}

void view_parse_maps(struct view *view, const char *text, size_t len)
{
	const char *end = text + len, *newline;

	view->nr_areas = 0;
	for (; text < end && view->nr_areas < VIEW_MAX_AREAS;
	     text = newline + 1) {
		newline = memchr(text, '\n', (size_t)(end - text));
		if (!newline)
			break;
		if (area_parse(text, (size_t)(newline - text),
			       &view->areas[view->nr_areas]))
			view->nr_areas++;
	}
}

static int find_counter(const char *line, size_t len)
{
	int i;

	for (i = 0; i < NR_COUNTERS; i++)
		if (strlen(counter_names[i]) == len &&
		    !memcmp(counter_names[i], line, len))
			return i;
	return -1;
}

void view_parse_status(struct view *view, const char *text, size_t len)
{
	const char *end = text + len, *newline, *colon;
	int counter;

	memset(view->counters, 0, sizeof(view->counters));
	for (; text < end; text = newline + 1) {
		newline = memchr(text, '\n', (size_t)(end - text));
		if (!newline)
			break;
		if (*text != 'V' && *text != 'R')
			continue;
		colon = memchr(text, ':', (size_t)(newline - text));
		if (!colon)
			continue;
		counter = find_counter(text, (size_t)(colon - text));
		if (counter >= 0)
			view->counters[counter] = strtoull(colon + 1, NULL, 10);
	}
}

static uint64_t find_number(const char *text, const char *name)
{
	const char *at = strstr(text, name);

	return at ? strtoull(at + strlen(name), NULL, 10) : UINT64_MAX;
}

void view_parse_rollup(struct view *view, const char *text, size_t len)
{
	view->resident = len ? find_number(text, "\nRss:") : UINT64_MAX;
	view->anonymous = len ? find_number(text, "\nAnonymous:") : UINT64_MAX;
}

bool areas_equal(const struct area *a, const struct area *b)
{
	return a->start == b->start && a->end == b->end &&
	       a->offset == b->offset && !strcmp(a->perms, b->perms) &&
	       !strcmp(a->name, b->name);
}

bool view_maps_equal(const struct view *a, const struct view *b)
{
	size_t i;

	if (a->nr_areas != b->nr_areas)
		return false;
	for (i = 0; i < a->nr_areas; i++)
		if (!areas_equal(&a->areas[i], &b->areas[i]))
			return false;
	return true;
}

static bool is_anonymous(const struct area *area)
{
	return !area->name[0] || !strcmp(area->name, "[heap]") ||
	       !strcmp(area->name, "[stack]");
}

/* Labels of anonymous areas depend on where they are parted. */
static bool same_page(const struct area *a, const struct area *b, uint64_t at)
{
	if (strcmp(a->perms, b->perms))
		return false;
	if (is_anonymous(a) || is_anonymous(b))
		return is_anonymous(a) && is_anonymous(b);
	return !strcmp(a->name, b->name) &&
	       at - a->start + a->offset == at - b->start + b->offset;
}

bool view_maps_same_pages(const struct view *a, const struct view *b)
{
	const struct area *x = a->areas, *y = b->areas;
	const struct area *x_end = x + a->nr_areas, *y_end = y + b->nr_areas;
	uint64_t at = 0;

	while (x < x_end && y < y_end) {
		uint64_t x_at = x->start > at ? x->start : at;
		uint64_t y_at = y->start > at ? y->start : at;

		if (x_at != y_at || !same_page(x, y, x_at))
			return false;
		at = x->end < y->end ? x->end : y->end;
		x += x->end == at;
		y += y->end == at;
	}
	return x == x_end && y == y_end;
}

void area_print(FILE *out, const struct area *area)
{
	fprintf(out, "%" PRIx64 "-%" PRIx64 " %s %" PRIx64 "%s%s", area->start,
		area->end, area->perms, area->offset, area->name[0] ? " " : "",
		area->name);
}

static bool view_holds(const struct view *view, const struct area *area)
{
	size_t i;

	for (i = 0; i < view->nr_areas; i++)
		if (areas_equal(&view->areas[i], area))
			return true;
	return false;
}

static void print_missing(FILE *out, char sign, const struct view *of,
			  const struct view *in)
{
	size_t i;

	for (i = 0; i < of->nr_areas; i++) {
		if (view_holds(in, &of->areas[i]))
			continue;
		fprintf(out, "      %c ", sign);
		area_print(out, &of->areas[i]);
		fputc('\n', out);
	}
}

void view_print_maps_difference(FILE *out, const struct view *a,
				const struct view *b)
{
	print_missing(out, '-', a, b);
	print_missing(out, '+', b, a);
}
