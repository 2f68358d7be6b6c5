/* SPDX-License-Identifier: MIT */
#include "clients/cli/draw.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/foreign_text.h"
#include "clients/cli/json_number.h"

enum {
	PAGE_BYTES = 4096,
	FLAGS_WIDTH = 11
};

static uint64_t number(const json_t *object, const char *key)
{
	uint64_t value = 0;

	json_u64(json_object_get(object, key), &value);
	return value;
}

static const char *area_name(const json_t *vma)
{
	const char *name = json_string_value(json_object_get(vma, "name"));

	return name && *name ? name : NULL;
}

/* The flags that the permissions do not show already. */
static void flags_text(char *text, size_t size, const json_t *vma)
{
	static const char shown[] = "rd wr ex sh mr mw me ms";
	size_t i, len = 0;
	json_t *flag;

	*text = '\0';
	json_array_foreach(json_object_get(vma, "flags"), i, flag) {
		const char *code = json_string_value(flag);

		if (code && !strstr(shown, code) && len < size)
			len += (size_t)snprintf(text + len, size - len, "%s%s",
						len ? " " : "", code);
	}
}

void draw_area(const struct canvas *canvas, char mark, enum paint colour,
	       const json_t *vma)
{
	uint64_t start = number(vma, "start"), end = number(vma, "end");
	const char *perms = json_string_value(json_object_get(vma, "perms"));
	const char *name = area_name(vma);
	char size[SIZE_TEXT], rss[SIZE_TEXT], flags[64];

	flags_text(flags, sizeof(flags), vma);
	fprintf(canvas->out, "%s%c %12" PRIx64 "-%-12" PRIx64 " %10s  ",
		colour ? paint(canvas, colour) : "", mark, start, end,
		size_text(size, end - start));
	foreign_put_column(canvas->out, perms ? perms : "", 4);
	fputs("  ", canvas->out);
	foreign_put_column(canvas->out, flags, FLAGS_WIDTH);
	fprintf(canvas->out, " %10s  ",
		size_text(rss, number(vma, "rss") * PAGE_BYTES));
	if (name)
		foreign_put(canvas->out, name);
	else
		fprintf(canvas->out, "%sanonymous%s", paint(canvas, PAINT_DIM),
			paint(canvas, PAINT_NONE));
	fprintf(canvas->out, "%s\n", colour ? paint(canvas, PAINT_NONE) : "");
}

static void draw_gap(const struct canvas *canvas, uint64_t start, uint64_t end)
{
	char size[SIZE_TEXT];

	if (start < end)
		fprintf(canvas->out, "%s  %12s %12s %10s  free%s\n",
			paint(canvas, PAINT_DIM), ellipsis(canvas), "",
			size_text(size, end - start),
			paint(canvas, PAINT_NONE));
}

void draw_space(const struct canvas *canvas, const json_t *snapshot)
{
	const json_t *mm = json_object_get(snapshot, "mm");
	const json_t *vmas = json_object_get(snapshot, "vmas");
	char mapped[SIZE_TEXT], resident[SIZE_TEXT];
	uint64_t end = 0;
	size_t i;
	json_t *vma;

	fprintf(canvas->out,
		"%s%zu areas, %s mapped, %s resident; break 0x%" PRIx64
		", mmap base 0x%" PRIx64 "%s\n",
		paint(canvas, PAINT_BOLD), json_array_size(vmas),
		size_text(mapped, number(mm, "total_vm") * PAGE_BYTES),
		size_text(resident, number(mm, "rss") * PAGE_BYTES),
		number(mm, "brk"), number(mm, "mmap_base"),
		paint(canvas, PAINT_NONE));
	fprintf(canvas->out, "%s  %12s-%-12s %10s  %-4s  %-11s %10s  %s%s\n",
		paint(canvas, PAINT_DIM), "start", "end", "size", "perm",
		"flags", "resident", "name", paint(canvas, PAINT_NONE));
	json_array_foreach(vmas, i, vma) {
		draw_gap(canvas, end, number(vma, "start"));
		draw_area(canvas, ' ', PAINT_NONE, vma);
		end = number(vma, "end");
	}
	draw_gap(canvas, end, number(mm, "task_size"));
}

/* An area's addresses and name, as short as it can be told from others. */
static void draw_label(const struct canvas *canvas, const json_t *vma)
{
	const char *name = area_name(vma);

	fprintf(canvas->out, "%" PRIx64 "-%" PRIx64, number(vma, "start"),
		number(vma, "end"));
	if (name) {
		fputc(' ', canvas->out);
		foreign_put(canvas->out, name);
	}
}

struct tree_node {
	json_int_t id;
	const json_t *node;
	const json_t *vma;
};

struct tree {
	const struct canvas *canvas;
	struct tree_node *nodes;
	size_t count;
};

enum tree_side {
	SIDE_ROOT,
	SIDE_LEFT,
	SIDE_RIGHT
};

/* Twice what 2^32 nodes need; a tree that is no tree ends here. */
enum {
	TREE_DEPTH_MAX = 64,
	TREE_STEP_BYTES = 8
};

static int tree_node_order(const void *a, const void *b)
{
	json_int_t left = ((const struct tree_node *)a)->id;
	json_int_t right = ((const struct tree_node *)b)->id;

	return (left > right) - (left < right);
}

static struct tree_node *tree_find(const struct tree *tree, const json_t *id)
{
	struct tree_node key = { .id = json_integer_value(id) };

	if (!json_is_integer(id) || !tree->count)
		return NULL;
	return bsearch(&key, tree->nodes, tree->count, sizeof(key),
		       tree_node_order);
}

static void tree_draw_node(const struct tree *tree, const json_t *node,
			   const json_t *vma)
{
	const struct canvas *canvas = tree->canvas;
	const char *color = json_string_value(json_object_get(node, "color"));
	bool red = color && !strcmp(color, "red");
	char gap[SIZE_TEXT];

	fprintf(canvas->out, "%s%s%s ",
		paint(canvas, red ? PAINT_RED : PAINT_BOLD), red ? "R" : "B",
		paint(canvas, PAINT_NONE));
	draw_label(canvas, vma);
	fprintf(canvas->out, "%s  gap %s%s\n", paint(canvas, PAINT_DIM),
		size_text(gap, number(node, "subtree_gap")),
		paint(canvas, PAINT_NONE));
}

static void tree_draw(const struct tree *tree, const json_t *id,
		      enum tree_side side, const char *prefix, unsigned depth)
{
	static const char *const glyphs[2][5] = {
		{ "", ",-- ", "`-- ", "|   ", "    " },
		{ "", "┌── ", "└── ", "│   ", "    " },
	};
	const char *const *glyph = glyphs[tree->canvas->utf8];
	struct tree_node *node = tree_find(tree, id);
	const json_t *item = node ? node->node : NULL;
	char deeper[TREE_DEPTH_MAX * TREE_STEP_BYTES];

	if (!item || depth == TREE_DEPTH_MAX)
		return;
	/* Once: a tree that is no tree would not end. */
	node->node = NULL;
	/* A line leads from each node to its parent: through what is between. */
	snprintf(deeper, sizeof(deeper), "%s%s", prefix,
		 side == SIDE_ROOT ? "" : glyph[side == SIDE_RIGHT ? 3 : 4]);
	tree_draw(tree, json_object_get(item, "left"), SIDE_LEFT, deeper,
		  depth + 1);

	fprintf(tree->canvas->out, "  %s%s", prefix, glyph[side]);
	tree_draw_node(tree, item, node->vma);

	snprintf(deeper, sizeof(deeper), "%s%s", prefix,
		 side == SIDE_ROOT ? "" : glyph[side == SIDE_LEFT ? 3 : 4]);
	tree_draw(tree, json_object_get(item, "right"), SIDE_RIGHT, deeper,
		  depth + 1);
}

static const json_t *area_by_id(const json_t *snapshot, const json_t *id)
{
	size_t i;
	json_t *vma;

	json_array_foreach(json_object_get(snapshot, "vmas"), i, vma) {
		if (json_equal(json_object_get(vma, "id"), id))
			return vma;
	}
	return NULL;
}

static void tree_gather(struct tree *tree, const json_t *snapshot,
			const json_t *nodes)
{
	size_t i;
	json_t *item;

	json_array_foreach(json_object_get(snapshot, "vmas"), i, item)
		tree->nodes[i] = (struct tree_node){
			.id = json_integer_value(json_object_get(item, "id")),
			.vma = item,
		};
	tree->count = json_array_size(json_object_get(snapshot, "vmas"));
	qsort(tree->nodes, tree->count, sizeof(*tree->nodes), tree_node_order);
	json_array_foreach(nodes, i, item) {
		struct tree_node key = {
			.id = json_integer_value(json_object_get(item, "vma")),
		};
		struct tree_node *node = bsearch(&key, tree->nodes, tree->count,
						 sizeof(key), tree_node_order);

		if (node)
			node->node = item;
	}
}

void draw_tree(const struct canvas *canvas, const json_t *snapshot)
{
	const json_t *rbtree = json_object_get(snapshot, "rbtree");
	const json_t *nodes = json_object_get(rbtree, "nodes");
	struct tree tree = { .canvas = canvas };

	if (!json_is_object(rbtree)) {
		fprintf(canvas->out, "rbtree: this release keeps none\n");
		return;
	}
	fprintf(canvas->out,
		"%srbtree: %zu nodes, R red, B black; gap: the largest "
		"beneath%s\n",
		paint(canvas, PAINT_BOLD), json_array_size(nodes),
		paint(canvas, PAINT_NONE));
	tree.nodes =
		calloc(json_array_size(json_object_get(snapshot, "vmas")) + 1,
		       sizeof(*tree.nodes));
	if (!tree.nodes)
		return;
	tree_gather(&tree, snapshot, nodes);
	tree_draw(&tree, json_object_get(rbtree, "root"), SIDE_ROOT, "", 0);
	free(tree.nodes);
}

void draw_cache(const struct canvas *canvas, const json_t *snapshot)
{
	const json_t *cache = json_object_get(snapshot, "vmacache");
	uint64_t calls = number(cache, "find_calls"),
		 hits = number(cache, "find_hits");
	size_t i;
	json_t *slot;

	if (!json_is_object(cache)) {
		fprintf(canvas->out, "vmacache: this release keeps none\n");
		return;
	}
	fprintf(canvas->out,
		"%svmacache: sequence number %" PRIu64 ", %" PRIu64
		" look-ups, %" PRIu64 " hits (%" PRIu64 " %%), %" PRIu64
		" full flushes%s\n",
		paint(canvas, PAINT_BOLD), number(cache, "seqnum"), calls, hits,
		calls ? hits * 100 / calls : 0, number(cache, "full_flushes"),
		paint(canvas, PAINT_NONE));
	json_array_foreach(json_object_get(cache, "slots"), i, slot) {
		const json_t *vma = area_by_id(snapshot, slot);

		fprintf(canvas->out, "  slot %zu  ", i);
		if (vma)
			draw_label(canvas, vma);
		else
			fprintf(canvas->out, "%s%s%s", paint(canvas, PAINT_DIM),
				json_is_null(slot) ? "empty"
						   : "an area that is gone",
				paint(canvas, PAINT_NONE));
		fprintf(canvas->out, "\n");
	}
}

void draw_pagetable(const struct canvas *canvas, const json_t *snapshot)
{
	static const char *const levels[] = { "pgd", "p4d", "pud", "pmd",
					      "pte" };
	const json_t *table = json_object_get(snapshot, "pagetable");
	char size[SIZE_TEXT];
	size_t i;
	json_t *range;

	fprintf(canvas->out, "%spage tables:", paint(canvas, PAINT_BOLD));
	for (i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
		/* A level that is folded into the next has no tables. */
		if (number(table, levels[i]))
			fprintf(canvas->out, " %" PRIu64 " %s",
				number(table, levels[i]), levels[i]);
	}
	fprintf(canvas->out, "%s\n", paint(canvas, PAINT_NONE));
	json_array_foreach(json_object_get(table, "resident"), i, range) {
		uint64_t start = 0, end = 0;

		json_u64(json_array_get(range, 0), &start);
		json_u64(json_array_get(range, 1), &end);
		fprintf(canvas->out,
			"  %12" PRIx64 "-%-12" PRIx64 " %10s resident\n", start,
			end, size_text(size, end - start));
	}
}
