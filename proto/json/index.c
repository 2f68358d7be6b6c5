/* SPDX-License-Identifier: MIT */
/*
 * The rows of a text: which are in the index, and where others are fetched from
 */
#include "proto/json/index.h"

#include <stdlib.h>

#include "core/hot.h"
#include "proto/json/judge.h"

struct rows {
	struct judge judge; /* first: judge_text() hands it on */
	struct json_index *index;
	const struct json_item *last; /* NULL: none yet */
	const char *last_text;        /* where it begins */
};

static bool has_room(const struct rows *rows)
{
	return rows->judge.items - rows->index->items <=
	       JSON_INDEX_ITEMS - JSON_ROW_MAX;
}

/* @p may be the end. */
HOT static const char *take_row(struct rows *rows, const char *p)
{
	struct json_item *row = rows->judge.items++;

	p = judge_row(&rows->judge, p, row, rows->last, rows->last_text);
	rows->last = row;
	rows->last_text = rows->judge.text + row->at;
	rows->judge.was_end = rows->judge.end;
	rows->index->rows++;
	return p;
}

static const char *take_array_of_rows(struct rows *rows, const char *p)
{
	struct judge *j = &rows->judge;

	rows->index->is_array = true;
	j->depth--;
	p = skip_space(p + 1, j->end);
	if (p < j->end && *p == ']')
		return p + 1;
	for (;;) {
		p = has_room(rows) ? take_row(rows, p) : judge_value(j, p);
		if (!p)
			return NULL;
		rows->index->elements++;
		p = skip_space(p, j->end);
		if (p == j->end)
			return judge_refuse_end(j);
		if (*p != ',')
			break;
		p = skip_space(p + 1, j->end);
	}
	return *p == ']' ? p + 1 : judge_refuse(j, JSON_E_ARRAY, p);
}

/* The one row of a text may repeat what is kept; those of a batch, in which it would
 * be nested one deeper, may not. */
static void begin_behind(struct rows *rows, const struct json_kept *kept)
{
	if (!kept->number)
		return;
	rows->index->before = kept->number;
	rows->last = kept->items;
	rows->last_text = kept->text;
	rows->judge.was_end = kept->text + kept->items->len;
}

HOT static const char *take_rows(struct judge *j, const char *p)
{
	struct rows *rows = (struct rows *)j;

	if (*p == '[')
		return take_array_of_rows(rows, p);
	begin_behind(rows, &rows->index->kept[rows->index->last_kept]);
	return take_row(rows, p);
}

static void clear(struct json_index *index, const char *text, size_t len)
{
	index->text = text;
	index->end = text + len;
	index->stamp++;
	index->number += index->rows;
	index->before = 0;
	index->rows = 0;
	index->elements = 0;
	index->is_array = false;
	index->row = index->items;
}

int json_index_judge(struct json_index *index, const char *text, size_t len,
		     unsigned depth, struct json_fault *fault)
{
	struct rows rows = { .index = index };

	clear(index, text, len);
	if (judge_begin(&rows.judge, text, len, depth, fault)) {
		rows.judge.items = index->items;
		if (judge_text(&rows.judge, take_rows))
			return 0;
	}
	index->rows = 0;
	return (int)fault->code;
}

HOT void json_index_resume(struct json_index *index, const char *text,
			   size_t len, const char *at, unsigned rows)
{
	struct json_fault fault; /* there can be none */
	struct rows state = { .index = index };
	struct judge *j = &state.judge;

	clear(index, text, len);
	(void)judge_begin(j, text, len, JSON_DEPTH_MAX, &fault);
	j->items = index->items;
	do {
		at = skip_space(at, j->end);
		if (at < j->end && *at == ',')
			at = skip_space(at + 1, j->end);
		if (at == j->end || *at == ']')
			return;
		at = take_row(&state, at);
	} while (--rows && has_room(&state));
}

/* ----------------------------------------------------------- a kept row */

/* Copies @item of a row to @copy, and what is in it behind that. Return: behind
 * both; NULL: that would be too many. */
static struct json_item *keep_item(const struct json_kept *kept,
				   struct json_item *copy,
				   const struct json_item *item)
{
	if (kept->items + JSON_KEPT_ITEMS - copy <= item->nr)
		return NULL;
	*copy = *item;
	copy->inside = 1;
	copy->span = item->nr + 1;
	if (item->nr)
		memcpy(copy + 1, json_item_inside(item),
		       item->nr * sizeof(*item));
	return copy + copy->span;
}

static bool keep_row(struct json_kept *kept, const struct json_item *row)
{
	const struct json_item *item, *end = json_item_end(row);
	struct json_item *copy = kept->items + 1;

	for (item = json_item_inside(row); item < end;
	     item = json_item_next(item)) {
		copy = keep_item(kept, copy, item);
		if (!copy)
			return false;
	}
	kept->items[0] = *row;
	kept->items[0].nr = (uint16_t)(copy - kept->items - 1);
	return true;
}

/* What is in an item that repeats one of the row kept before stands there: so it
 * takes two. */
HOT void json_index_keep(struct json_index *index)
{
	const struct json_item *row = index->row;
	struct json_kept *kept = &index->kept[!index->last_kept];

	if (row->len > sizeof(kept->text) || !keep_row(kept, row))
		return;
	memcpy(kept->text, json_row_text(index, row), row->len);
	kept->number = index->number;
	index->last_kept = !index->last_kept;
}

/* ---------------------------------------------------------------- index */

bool json_index_init(struct json_index *index, uint64_t stamp)
{
	*index = (struct json_index){ .stamp = stamp, .number = 1 };
	index->items = malloc((JSON_INDEX_ITEMS + 2 * JSON_KEPT_ITEMS) *
			      sizeof(*index->items));
	if (!index->items)
		return false;
	index->kept[0].items = index->items + JSON_INDEX_ITEMS;
	index->kept[1].items = index->kept[0].items + JSON_KEPT_ITEMS;
	return true;
}

void json_index_deinit(struct json_index *index)
{
	free(index->items);
	*index = (struct json_index){ .stamp = index->stamp };
}

void json_item_name(const struct json_index *index, const char *around,
		    const struct json_item *item, struct json_value *name)
{
	const char *text = around + item->name;
	struct json_reader r;

	json_reader_init(&r, text, (size_t)(index->end - text));
	json_reader_value(&r, name);
}

bool json_item_named(const struct json_index *index, const char *around,
		     const struct json_item *item, uint64_t key,
		     const char *name, size_t len)
{
	struct json_value written;

	if (item->key != key)
		return false;
	if (len < 8)
		return true;
	json_item_name(index, around, item, &written);
	return json_string_equals(&written, name, len);
}
