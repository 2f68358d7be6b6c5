/* SPDX-License-Identifier: MIT */
#include "clients/cli/changes.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/cli.h"
#include "clients/cli/draw.h"
#include "clients/cli/foreign_text.h"
#include "clients/cli/json_number.h"

/* An area of either snapshot or of both. */
struct area {
	json_int_t id;
	uint64_t start;
	const json_t *before;
	const json_t *after;
};

static int by_id(const void *a, const void *b)
{
	json_int_t left = ((const struct area *)a)->id;
	json_int_t right = ((const struct area *)b)->id;

	return (left > right) - (left < right);
}

/* Of two areas at one address the one that was there first. */
static int by_address(const void *a, const void *b)
{
	const struct area *left = a, *right = b;

	if (left->start != right->start)
		return left->start < right->start ? -1 : 1;
	return (right->before != NULL) - (left->before != NULL);
}

static uint64_t area_start(const json_t *vma)
{
	uint64_t start = 0;

	json_u64(json_object_get(vma, "start"), &start);
	return start;
}

/* Pages coming and going are counted by rss in mm; they do not change an area. */
static bool area_changed(const json_t *before, const json_t *after)
{
	static const char *const keys[] = { "start", "end",    "perms",
					    "flags", "offset", "name" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const json_t *was = json_object_get(before, keys[i]);
		const json_t *is = json_object_get(after, keys[i]);

		if (was != is && !json_equal(was, is))
			return true;
	}
	return false;
}

static void area_was(const struct canvas *canvas, const json_t *vma)
{
	uint64_t end = 0;

	json_u64(json_object_get(vma, "end"), &end);
	fprintf(canvas->out, "%s  was %12" PRIx64 "-%-12" PRIx64 " ",
		paint(canvas, PAINT_DIM), area_start(vma), end);
	foreign_put_member(canvas->out, vma, "perms");
	fprintf(canvas->out, "%s\n", paint(canvas, PAINT_NONE));
}

static void area_draw(const struct canvas *canvas, const struct area *area)
{
	if (!area->before) {
		draw_area(canvas, '+', PAINT_GREEN, area->after);
	} else if (!area->after) {
		draw_area(canvas, '-', PAINT_RED, area->before);
	} else if (area_changed(area->before, area->after)) {
		draw_area(canvas, '~', PAINT_YELLOW, area->after);
		area_was(canvas, area->before);
	}
}

static size_t areas_gather(struct area *areas, const json_t *before,
			   const json_t *after)
{
	size_t was = json_array_size(before), count = was, i;
	json_t *vma;

	json_array_foreach(before, i, vma) {
		areas[i] = (struct area){
			.id = json_integer_value(json_object_get(vma, "id")),
			.start = area_start(vma),
			.before = vma,
		};
	}
	qsort(areas, was, sizeof(*areas), by_id);
	json_array_foreach(after, i, vma) {
		struct area area = {
			.id = json_integer_value(json_object_get(vma, "id")),
			.start = area_start(vma),
			.after = vma,
		};
		struct area *known =
			was ? bsearch(&area, areas, was, sizeof(area), by_id)
			    : NULL;

		if (!known) {
			areas[count++] = area;
			continue;
		}
		known->after = vma;
		known->start = area.start;
	}
	return count;
}

static void areas_draw(const struct canvas *canvas, const json_t *before,
		       const json_t *after)
{
	struct area *areas =
		calloc(json_array_size(before) + json_array_size(after) + 1,
		       sizeof(*areas));
	size_t count;

	if (!areas)
		cli_out_of_memory();
	count = areas_gather(areas, before, after);
	qsort(areas, count, sizeof(*areas), by_address);
	for (size_t i = 0; i < count; i++)
		area_draw(canvas, &areas[i]);
	free(areas);
}

static void value_print(FILE *out, const json_t *value)
{
	if (json_is_string(value))
		foreign_put(out, json_string_value(value));
	else
		foreign_put_json(out, value, JSON_ENCODE_ANY);
}

static void counters_draw(const struct canvas *canvas, const json_t *before,
			  json_t *after)
{
	const char *arrow = canvas->utf8 ? "→" : "->";
	const char *sep = "  ";
	const char *key;
	json_t *value;

	json_object_foreach(after, key, value) {
		const json_t *was = json_object_get(before, key);

		/* seq counts the calls, not what they changed. */
		if (!was || !strcmp(key, "seq") || json_equal(was, value))
			continue;
		fputs(sep, canvas->out);
		foreign_put(canvas->out, key);
		fputc(' ', canvas->out);
		value_print(canvas->out, was);
		fprintf(canvas->out, " %s ", arrow);
		value_print(canvas->out, value);
		sep = ", ";
	}
	if (*sep == ',')
		fputc('\n', canvas->out);
}

static void cache_draw(const struct canvas *canvas, const json_t *cache)
{
	json_int_t calls = json_integer_value(json_object_get(cache, "calls"));
	json_int_t hits = json_integer_value(json_object_get(cache, "hits"));

	if (calls)
		fprintf(canvas->out,
			"  vmacache: %" JSON_INTEGER_FORMAT
			" look-up%s, %" JSON_INTEGER_FORMAT " hit%s\n",
			calls, calls == 1 ? "" : "s", hits,
			hits == 1 ? "" : "s");
}

void changes_draw(const struct canvas *canvas, const json_t *before,
		  const json_t *after)
{
	areas_draw(canvas, json_object_get(before, "vmas"),
		   json_object_get(after, "vmas"));
	counters_draw(canvas, json_object_get(before, "mm"),
		      json_object_get(after, "mm"));
	cache_draw(canvas, json_object_get(after, "vmacache"));
}
