/* SPDX-License-Identifier: MIT */
/*
 * The judge of what is read at once
 *
 * It judges as validate.c does, and is the same for anybody who sends a text,
 * but has to be quick where that one has to be small: the upper levels of a
 * text are nearly all of a call.
 */
#include "proto/json/index.h"

#include <stdlib.h>

#include "proto/json/judge.h"

#define APART     __attribute__((noinline, cold))
#define likely(x) __builtin_expect(!!(x), 1)

enum {
	LEVEL_ROW,
	LEVEL_MEMBER,
	LEVEL_LAST
};

/* One of 64 bits. The multiplier leaves the members of a call and the
 * parameters of all methods that there are apart. */
static inline uint64_t key_bit(uint64_t key)
{
	return 1ULL << (key * 0x9e3779b97f4a7c15u >> 58);
}

/* ---------------------------------------------------------------- names */

APART static bool has_name(const struct judge *j, const struct json_item *item,
			   const char *name, size_t len)
{
	struct json_reader r;
	struct json_value known;

	json_reader_init(&r, j->text + item->name,
			 (size_t)(j->end - j->text) - item->name);
	json_reader_value(&r, &known);
	return json_string_equals(&known, name, len);
}

/* Is the name of @item also one of those that stand from @first on? @name: its
 * bytes if they are not in its key. */
APART static bool is_known(const struct judge *j, const struct json_item *first,
			   const struct json_item *item)
{
	char scratch[JSON_NAME_MAX];
	const struct json_item *known;
	struct json_reader r;
	struct json_value name;
	const char *text;
	size_t len;

	json_reader_init(&r, j->text + item->name,
			 (size_t)(j->end - j->text) - item->name);
	json_reader_value(&r, &name);
	text = json_string_text(&name, scratch, sizeof(scratch), &len);
	for (known = first; known < item; known = json_item_next(known))
		if (known->key == item->key &&
		    known->name_len == item->name_len &&
		    has_name(j, known, text, len))
			return true;
	return false;
}

/* A name that is long, escaped or wrong. */
APART static const char *take_any_name(struct judge *j, const char *p,
				       struct json_item *item)
{
	char scratch[JSON_NAME_MAX];
	struct json_value name = { .text = p, .kind = JSON_KIND_STRING };
	const char *next, *text;
	size_t len;

	j->escaped = false;
	next = judge_string(j, p);
	if (!next)
		return NULL;
	if (next - p > JSON_NAME_MAX + 2)
		return judge_refuse(j, JSON_E_NAME, p);
	name.len = (uint32_t)(next - p);
	name.escaped = j->escaped;
	text = json_string_text(&name, scratch, sizeof(scratch), &len);
	item->key = json_key(text, len);
	item->name_len = (uint16_t)len;
	return next;
}

/* The name that begins at @p. */
static inline const char *take_name(struct judge *j, const char *p,
				    struct json_item *item)
{
#ifdef __SSE2__
	if (likely(j->end - p > 16)) {
		const unsigned bits = scan_special16(p + 1);
		const unsigned len = (unsigned)__builtin_ctz(bits | 1u << 16);

		if (likely(len < 16 && p[1 + len] == '"')) {
			const uint64_t word = scan_load(p + 1);

			item->name_len = (uint16_t)len;
			item->key = len < 8 ? word << (63 - 8 * len) << 1 | len
					    : word;
			return p + len + 2;
		}
	}
#endif
	return take_any_name(j, p, item);
}

/* --------------------------------------------------------------- values */

/* The string at @p, whose first special byte is no quote or is far. */
static const char *take_any_string(struct judge *j, const char *p,
				   struct json_value *value)
{
	p = scan_plain(p, j->end);
	if (likely(p < j->end && *p == '"'))
		return p + 1;
	j->escaped = false;
	p = judge_string_rest(j, p);
	value->escaped = j->escaped;
	return p;
}

static inline const char *take_string(struct judge *j, const char *p,
				      struct json_value *value)
{
	value->kind = JSON_KIND_STRING;
	value->escaped = false;
	p++;
#ifdef __SSE2__
	if (likely(j->end - p >= 16)) {
		const unsigned bits = scan_special16(p);

		if (!bits)
			return take_any_string(j, p + 16, value);
		p += __builtin_ctz(bits);
		if (likely(*p == '"'))
			return p + 1;
	}
#endif
	return take_any_string(j, p, value);
}

APART static const char *take_any_scalar(struct judge *j, const char *p,
					 struct json_value *value)
{
	value->escaped = false;
	value->kind = *p == 't'   ? JSON_KIND_TRUE
		      : *p == 'f' ? JSON_KIND_FALSE
		      : *p == 'n' ? JSON_KIND_NULL
				  : JSON_KIND_NUMBER;
	return judge_value(j, p);
}

static const char *take_members(struct judge *j, const char *p, unsigned level);
static const char *take_elements(struct judge *j, const char *p,
				 unsigned level);

/* An array or object whose parts are of that level. */
static const char *take_nested(struct judge *j, const char *p, unsigned level,
			       struct json_value *value)
{
	const bool is_array = *p == '[';

	value->kind = is_array ? JSON_KIND_ARRAY : JSON_KIND_OBJECT;
	value->escaped = false;
	if (!j->depth)
		return judge_refuse(j, JSON_E_DEPTH, p);
	/* Mostly an array that wants nothing. */
	if (is_array && j->end - p > 1 && p[1] == ']')
		return p + 2;
	if (level > LEVEL_LAST)
		return judge_value(j, p);
	j->depth--;
	p = is_array ? take_elements(j, p, level) : take_members(j, p, level);
	j->depth++;
	return p;
}

/* Any value, of an item of that level; @p may be the end. */
static inline const char *take_value(struct judge *j, const char *p,
				     unsigned level, struct json_value *value)
{
	const char *next;

	if (p == j->end)
		return judge_refuse_end(j);
	value->text = p;
	if (*p == '"') {
		next = take_string(j, p, value);
	} else if (*p >= '0' && *p <= '9') {
		value->kind = JSON_KIND_NUMBER;
		value->escaped = false;
		next = judge_number(j, p);
	} else if (*p == '{' || *p == '[') {
		next = take_nested(j, p, level + 1, value);
	} else {
		next = take_any_scalar(j, p, value);
	}
	value->len = (uint32_t)(next - p);
	return next;
}

/* ---------------------------------------------------- objects and arrays */

/* Where something other than a colon stands: space, or what is wrong. */
APART static const char *find_colon(struct judge *j, const char *p)
{
	p = skip_space(p, j->end);
	if (p == j->end)
		return judge_refuse_end(j);
	return *p == ':' ? p : judge_refuse(j, JSON_E_COLON, p);
}

static const char *take_members(struct judge *j, const char *p, unsigned level)
{
	const struct json_item *first = j->items;
	unsigned room = JSON_MEMBERS_MAX;
	uint64_t seen = 0, bit;
	struct json_item *item;

	p = skip_space(p + 1, j->end);
	if (p < j->end && *p == '}')
		return p + 1;
	for (;;) {
		if (p == j->end)
			return judge_refuse_end(j);
		if (*p != '"')
			return judge_refuse(j, JSON_E_KEY, p);
		item = j->items;
		item->name = (uint32_t)(p - j->text);
		item->level = (uint8_t)level;
		p = take_name(j, p, item);
		if (!p)
			return NULL;
		bit = key_bit(item->key);
		if ((seen & bit) && is_known(j, first, item))
			return judge_refuse(j, JSON_E_DUPLICATE,
					    j->text + item->name);
		seen |= bit;
		if (!room--)
			return judge_refuse(j, JSON_E_MEMBERS,
					    j->text + item->name);
		j->items++;
		if (p == j->end || *p != ':') {
			p = find_colon(j, p);
			if (!p)
				return NULL;
		}
		p = take_value(j, skip_space(p + 1, j->end), level,
			       &item->value);
		if (!p)
			return NULL;
		p = skip_space(p, j->end);
		if (p == j->end)
			return judge_refuse_end(j);
		if (*p != ',')
			break;
		p = skip_space(p + 1, j->end);
	}
	return *p == '}' ? p + 1 : judge_refuse(j, JSON_E_OBJECT, p);
}

static const char *take_elements(struct judge *j, const char *p, unsigned level)
{
	unsigned room = JSON_ELEMENTS_MAX;
	struct json_item *item;

	p = skip_space(p + 1, j->end);
	if (p < j->end && *p == ']')
		return p + 1;
	for (;;) {
		if (room) {
			room--;
			item = j->items++;
			item->key = 0;
			item->name = 0;
			item->name_len = 0;
			item->level = (uint8_t)level;
			p = take_value(j, p, level, &item->value);
		} else {
			p = judge_value(j, p);
		}
		if (!p)
			return NULL;
		p = skip_space(p, j->end);
		if (p == j->end)
			return judge_refuse_end(j);
		if (*p != ',')
			break;
		p = skip_space(p + 1, j->end);
	}
	return *p == ']' ? p + 1 : judge_refuse(j, JSON_E_ARRAY, p);
}

/* ----------------------------------------------------------------- rows */

struct rows {
	struct judge judge; /* first: judge_text() hands it on */
	struct json_index *index;
};

static bool has_room(const struct rows *rows)
{
	return rows->judge.items - rows->index->items <=
	       JSON_INDEX_ITEMS - JSON_ROW_MAX;
}

/* @p may be the end. */
static const char *take_row(struct rows *rows, const char *p)
{
	struct json_item *row = rows->judge.items++;

	row->name = 0;
	row->name_len = 0;
	row->level = LEVEL_ROW;
	p = take_value(&rows->judge, p, LEVEL_ROW, &row->value);
	row->key = (uint64_t)(rows->judge.items - row);
	rows->judge.items->level = LEVEL_ROW;
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

static const char *take_rows(struct judge *j, const char *p)
{
	struct rows *rows = (struct rows *)j;

	return *p == '[' ? take_array_of_rows(rows, p) : take_row(rows, p);
}

static void clear(struct json_index *index, const char *text, size_t len)
{
	index->text = text;
	index->end = text + len;
	index->stamp++;
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

void json_index_resume(struct json_index *index, const char *text, size_t len,
		       const char *at, unsigned rows)
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

/* ---------------------------------------------------------------- index */

bool json_index_init(struct json_index *index, uint64_t stamp)
{
	*index = (struct json_index){ .stamp = stamp };
	index->items = malloc(JSON_INDEX_ITEMS * sizeof(*index->items));
	return index->items;
}

void json_index_deinit(struct json_index *index)
{
	free(index->items);
	*index = (struct json_index){ .stamp = index->stamp };
}

void json_item_name(const struct json_index *index,
		    const struct json_item *item, struct json_value *name)
{
	struct json_reader r;

	json_reader_init(&r, index->text + item->name,
			 (size_t)(index->end - index->text) - item->name);
	json_reader_value(&r, name);
}

bool json_item_named(const struct json_index *index,
		     const struct json_item *item, uint64_t key,
		     const char *name, size_t len)
{
	struct json_value written;

	if (item->key != key || item->name_len != len)
		return false;
	if (len < 8)
		return true;
	json_item_name(index, item, &written);
	return json_string_equals(&written, name, len);
}
