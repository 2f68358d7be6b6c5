/* SPDX-License-Identifier: MIT */
#include "clients/cli/draw_diff.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/foreign_text.h"
#include "clients/cli/json_number.h"
#include "clients/cli/cli.h"
#include "clients/cli/draw.h"

enum {
	NODES_MAX = 12 /* of the tree; --json has all of them */
};

/* An entry of the diff, and the area to show for it. */
struct row {
	const json_t *entry;
	const json_t *vma; /* NULL: it is not known */
	uint64_t start;
};

struct drawing {
	const struct canvas *canvas;
	const json_t *vmas;
	bool is_empty; /* nothing has been drawn */
};

static const json_t *vma_of(const json_t *vmas, json_int_t id)
{
	const json_t *vma;
	size_t i;

	json_array_foreach(vmas, i, vma)
		if (json_integer_value(json_object_get(vma, "id")) == id)
			return vma;
	return NULL;
}

static const char *change_of(const json_t *entry)
{
	const char *change =
		json_string_value(json_object_get(entry, "change"));

	return change ? change : "";
}

static int by_start(const void *a, const void *b)
{
	const struct row *left = a, *right = b;

	return (left->start > right->start) - (left->start < right->start);
}

/* -------------------------------------------------------------- values */

static void print_value(FILE *out, const json_t *value)
{
	const json_t *one;
	size_t i;

	if (json_is_string(value)) {
		foreign_put(out, json_string_value(value));
	} else if (json_is_null(value)) {
		fputs("none", out);
	} else if (json_is_array(value)) {
		json_array_foreach(value, i, one) {
			if (i)
				fputc(' ', out);
			if (json_is_null(one))
				fputc('-', out);
			else
				print_value(out, one);
		}
	} else {
		foreign_put_json(out, value, JSON_ENCODE_ANY);
	}
}

/* "name was → is, ..." of each pair but @skip; whether there was one. */
static bool print_pairs(const struct canvas *canvas, const char *title,
			json_t *pairs, const char *skip)
{
	const char *name, *separator = title;
	json_t *pair;

	json_object_foreach(pairs, name, pair) {
		if (!json_is_array(pair) || !strcmp(name, skip))
			continue;
		fputs(separator, canvas->out);
		foreign_put(canvas->out, name);
		fputc(' ', canvas->out);
		print_value(canvas->out, json_array_get(pair, 0));
		fputs(canvas->utf8 ? " → " : " -> ", canvas->out);
		print_value(canvas->out, json_array_get(pair, 1));
		separator = ", ";
	}
	if (separator == title)
		return false;
	fputc('\n', canvas->out);
	return true;
}

/* --------------------------------------------------------------- areas */

static void print_area_name(const struct drawing *drawing, json_int_t id)
{
	const json_t *vma = vma_of(drawing->vmas, id);
	uint64_t start = 0, end = 0;

	json_u64(json_object_get(vma, "start"), &start);
	json_u64(json_object_get(vma, "end"), &end);
	if (vma)
		fprintf(drawing->canvas->out, "%" PRIx64 "-%" PRIx64, start,
			end);
	else
		fprintf(drawing->canvas->out, "area %" JSON_INTEGER_FORMAT, id);
}

static void print_relative(const struct drawing *drawing, const json_t *entry,
			   const char *member, const char *words)
{
	const struct canvas *canvas = drawing->canvas;
	const json_t *id = json_object_get(entry, member);

	if (!id)
		return;
	fprintf(canvas->out, "%s  %s ", paint(canvas, PAINT_DIM), words);
	print_area_name(drawing, json_integer_value(id));
	fprintf(canvas->out, "%s\n", paint(canvas, PAINT_NONE));
}

static void draw_row(const struct drawing *drawing, const struct row *row)
{
	const struct canvas *canvas = drawing->canvas;
	const char *change = change_of(row->entry);
	const bool is_added = !strcmp(change, "added");
	const bool is_removed = !strcmp(change, "removed");
	const char mark = is_added ? '+' : is_removed ? '-' : '~';
	const enum paint colour = is_added     ? PAINT_GREEN
				  : is_removed ? PAINT_RED
					       : PAINT_YELLOW;

	if (row->vma)
		draw_area(canvas, mark, colour, row->vma);
	else
		fprintf(canvas->out, "%s%c area %" JSON_INTEGER_FORMAT "%s\n",
			paint(canvas, colour), mark,
			json_integer_value(json_object_get(row->entry, "id")),
			paint(canvas, PAINT_NONE));
	print_relative(drawing, row->entry, "split_from", "split from");
	print_relative(drawing, row->entry, "merged_into", "merged into");
	print_pairs(canvas, !strcmp(change, "moved") ? "  moved: " : "  ",
		    json_object_get(row->entry, "fields"), "");
}

static struct row row_of(const struct drawing *drawing, const json_t *entry)
{
	struct row row = {
		.entry = entry,
		.vma = json_object_get(entry, "area"),
	};

	if (!row.vma)
		row.vma = vma_of(
			drawing->vmas,
			json_integer_value(json_object_get(entry, "id")));
	json_u64(json_object_get(row.vma, "start"), &row.start);
	return row;
}

static void draw_areas(struct drawing *drawing, const json_t *areas)
{
	const size_t nr = json_array_size(areas);
	struct row *rows = calloc(nr + 1, sizeof(*rows));
	const json_t *entry;
	size_t i;

	if (!rows)
		cli_out_of_memory();
	json_array_foreach(areas, i, entry)
		rows[i] = row_of(drawing, entry);
	qsort(rows, nr, sizeof(*rows), by_start);
	for (i = 0; i < nr; i++)
		draw_row(drawing, &rows[i]);
	drawing->is_empty = drawing->is_empty && !nr;
	free(rows);
}

/* ---------------------------------------------------------------- rest */

static void draw_pairs(struct drawing *drawing, const char *title,
		       json_t *pairs, const char *skip)
{
	if (print_pairs(drawing->canvas, title, pairs, skip))
		drawing->is_empty = false;
}

static void draw_nodes(struct drawing *drawing, const json_t *nodes)
{
	FILE *out = drawing->canvas->out;
	const size_t nr = json_array_size(nodes);
	json_t *node;
	char title[64];
	size_t i;

	for (i = 0; i < nr && i < NODES_MAX; i++) {
		node = json_array_get(nodes, i);
		snprintf(title, sizeof(title),
			 "  rbtree, area %" JSON_INTEGER_FORMAT ": ",
			 json_integer_value(json_object_get(node, "vma")));
		draw_pairs(drawing, title, node, "");
	}
	if (i < nr)
		fprintf(out, "  rbtree: %zu more nodes\n", nr - i);
}

void draw_diff(const struct canvas *canvas, const json_t *diff,
	       const json_t *vmas)
{
	json_t *rbtree = json_object_get(diff, "rbtree");
	struct drawing drawing = {
		.canvas = canvas,
		.vmas = vmas,
		.is_empty = true,
	};

	draw_areas(&drawing, json_object_get(diff, "areas"));
	/* seq counts the calls, not what they changed. */
	draw_pairs(&drawing, "  ", json_object_get(diff, "mm"), "seq");
	draw_pairs(&drawing, "  vmacache: ", json_object_get(diff, "vmacache"),
		   "");
	draw_pairs(&drawing, "  rbtree: ", rbtree, "nodes");
	draw_nodes(&drawing, json_object_get(rbtree, "nodes"));
	if (drawing.is_empty)
		fputs("  nothing differs\n", canvas->out);
}
