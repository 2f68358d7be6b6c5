/* SPDX-License-Identifier: MIT */
/*
 * The judge of what is read at once
 *
 * It judges as validate.c does, and is the same for anybody who sends a text,
 * but has to be quick where that one has to be small: the upper levels of a
 * text are nearly all of a call.
 */
#include "core/hot.h"
#include "proto/json/index_names.h"
#include "proto/json/index_repeat.h"

#define likely(x) __builtin_expect(!!(x), 1)

/* What may be read behind the place of a usual value. */
#define VALUE_LOOK 18

/* --------------------------------------------------------------- values */

/*
 * An item is filled in from its value on. What it is in begins at @around. @model
 * is the item of that name in its place in the row before, and began at @was;
 * NULL: there is none.
 */
static const char *take_members(struct judge *j, const char *p, unsigned level,
				const struct json_item *model, const char *was);
static const char *take_elements(struct judge *j, const char *p,
				 unsigned level);

/* The string at whose inside @p is, after what is plain so far. */
HOT static const char *take_string_on(struct judge *j, const char *p,
				      struct json_item *item)
{
	p = scan_plain(p, j->end);
	if (likely(p < j->end && *p == '"'))
		return p + 1;
	j->escaped = false;
	p = judge_string_rest(j, p);
	item->escaped = j->escaped;
	return p;
}

/* An array or object. */
HOT static const char *take_nested(struct judge *j, const char *p,
				   unsigned level, struct json_item *item,
				   const struct json_item *model,
				   const char *was)
{
	const bool is_array = *p == '[';

	item->kind = is_array ? JSON_KIND_ARRAY : JSON_KIND_OBJECT;
	if (!j->depth)
		return judge_refuse(j, JSON_E_DEPTH, p);
	/* Mostly an array that wants nothing. */
	if (is_array && j->end - p > 1 && p[1] == ']')
		return p + 2;
	if (level == LEVEL_LAST)
		return judge_value(j, p);
	j->depth--;
	p = is_array ? take_elements(j, p, level + 1)
		     : take_members(j, p, level + 1, model, was);
	j->depth++;
	item->nr = (uint16_t)(j->items - item - 1);
	item->span = item->nr + 1;
	return p;
}

static inline void begin_item(struct json_item *item, ptrdiff_t at)
{
	item->at = (uint32_t)at;
	item->inside = 1;
	item->nr = 0;
	item->span = 1;
	item->escaped = false;
	item->repeats = false;
}

/* Any value of an item of that level, and the space before it; @p may be the
 * end. */
HOT static const char *take_any_value(struct judge *j, const char *p,
				      unsigned level, const char *around,
				      struct json_item *item,
				      const struct json_item *model,
				      const char *was)
{
	static const uint8_t kinds[256] = {
		['{'] = JSON_KIND_OBJECT, ['['] = JSON_KIND_ARRAY,
		['"'] = JSON_KIND_STRING, ['t'] = JSON_KIND_TRUE,
		['f'] = JSON_KIND_FALSE,  ['n'] = JSON_KIND_NULL,
	};
	const char *next;

	p = skip_space(p, j->end);
	if (p == j->end)
		return judge_refuse_end(j);
	begin_item(item, p - around);
	item->kind = (enum json_kind)kinds[(unsigned char)*p];
	if (item->kind == JSON_KIND_STRING)
		next = take_string_on(j, p + 1, item);
	else if (item->kind >= JSON_KIND_ARRAY)
		next = take_nested(j, p, level, item, model, was);
	else
		next = judge_value(j, p);
	item->len = (uint32_t)(next - p);
	return next;
}

/* The lowest bit that is set: eight times the number of digits at @p, and seven;
 * none if there are eight. */
static inline uint64_t digit_marks(const char *p)
{
	/* Digits become 0 to 9, and only they stay below 0x80. */
	const uint64_t word = scan_load(p) ^ SCAN_ALL('0');

	return ((word + SCAN_ALL(0x76)) | word) & SCAN_ALL(0x80);
}

/* The number that begins at @p with a digit, if it is of up to fifteen and
 * nothing else; NULL: look again. */
static inline const char *take_digits(const char *p)
{
	uint64_t marks = digit_marks(p);
	const char *end = p;

	if (!marks) {
		end = p + 8;
		marks = digit_marks(end) | 1ULL << 63;
	}
	end += __builtin_ctzll(marks) >> 3;
	if (likely(*end == ',' || *end == '}' || *end == ']') &&
	    likely(*p != '0' || end == p + 1))
		return end;
	return NULL;
}

/* Behind the string at @p, VALUE_LOOK before the end. */
static inline const char *take_string(struct judge *j, const char *p,
				      struct json_item *item)
{
#ifdef __SSE2__
	const unsigned bits = scan_special16(p + 1) | 1u << 16;
	const char *next = p + 1 + __builtin_ctz(bits);

	if (likely(*next == '"'))
		return next + 1;
	return take_string_on(j, next, item);
#else
	return take_string_on(j, p + 1, item);
#endif
}

/* Any value of an item of that level, VALUE_LOOK before the end. */
static inline __attribute__((always_inline)) const char *
take_usual_value(struct judge *j, const char *p, unsigned level,
		 const char *around, struct json_item *item,
		 const struct json_item *model, const char *was)
{
	const char *next;

	begin_item(item, p - around);
	if (*p == '"') {
		item->kind = JSON_KIND_STRING;
		next = take_string(j, p, item);
	} else if (*p >= '0' && *p <= '9') {
		item->kind = JSON_KIND_NUMBER;
		next = take_digits(p);
		if (!next)
			next = judge_value(j, p);
	} else if (*p == '{' || *p == '[') {
		next = take_nested(j, p, level, item, model, was);
	} else {
		return take_any_value(j, p, level, around, item, model, was);
	}
	item->len = (uint32_t)(next - p);
	return next;
}

/* Any value of an item of that level, and the space before it; @p may be the
 * end. */
static inline __attribute__((always_inline)) const char *
take_value(struct judge *j, const char *p, const char *end, unsigned level,
	   const char *around, struct json_item *item,
	   const struct json_item *model, const char *was)
{
	if (likely(end - p >= VALUE_LOOK))
		return take_usual_value(j, p, level, around, item, model, was);
	return take_any_value(j, p, level, around, item, model, was);
}

/* ---------------------------------------------------- objects and arrays */

/* A member that is not as usual, or near the end; @p may be the end. */
static const char *take_any_member(struct judge *j, const char *p,
				   unsigned level, struct names *names,
				   struct json_item *item)
{
	const char *name = p;

	p = take_any_name(j, p, item);
	if (!p || !names_add(j, names, item))
		return NULL;
	if (p < j->end && *p == ':' && p - name < UINT8_MAX)
		item->head = (uint8_t)(p + 1 - name);
	p = skip_space(p, j->end);
	if (p == j->end)
		return judge_refuse_end(j);
	if (*p != ':')
		return judge_refuse(j, JSON_E_COLON, p);
	j->items++;
	return take_any_value(j, p + 1, level, names->around, item, NULL, NULL);
}

/* The member at @p, which may be the end. */
static inline const char *take_member(struct judge *j, const char *p,
				      const char *end, unsigned level,
				      struct names *names)
{
	struct json_item *item = j->items;
	const struct json_item *model = NULL;
	const char *next = NULL, *was = NULL;

	item->name = (uint32_t)(p - names->around);
	if (names->model)
		model = names_next_model(names, item);
	if (model) {
		repeat_look(j, p, names->model_around + model->name);
		next = repeat_member(j, p, model, item);
		if (next)
			return names_go_on(j, names, item) ? next : NULL;
		next = repeat_name(j, p, model, item);
		was = names->model_around + model->at;
	}
	if (!next) {
		model = NULL;
		names_differ(names, item);
		next = take_usual_name(p, end, item);
	}
	if (!next)
		return take_any_member(j, p, level, names, item);
	if (!names_go_on(j, names, item))
		return NULL;
	j->items = item + 1;
	return take_value(j, next, end, level, names->around, item, model, was);
}

static const char *take_members(struct judge *j, const char *p, unsigned level,
				const struct json_item *model, const char *was)
{
	struct names names;
	const char *const end = j->end;

	names_begin(&names, p, j->items, model, was);
	p = skip_space(p + 1, end);
	if (p < end && *p == '}')
		return p + 1;
	for (;;) {
		p = take_member(j, p, end, level, &names);
		if (!p)
			return NULL;
		if (likely(end - p > 1 && !memcmp(p, ",\"", 2))) {
			p++;
			continue;
		}
		p = skip_space(p, end);
		if (p == end)
			return judge_refuse_end(j);
		if (*p != ',')
			break;
		p = skip_space(p + 1, end);
	}
	return *p == '}' ? p + 1 : judge_refuse(j, JSON_E_OBJECT, p);
}

static const char *take_elements(struct judge *j, const char *p, unsigned level)
{
	const char *const around = p;
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
			item->name = (uint32_t)(p - around);
			item->head = 0;
			p = take_value(j, p, j->end, level, around, item, NULL,
				       NULL);
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

const char *judge_row(struct judge *j, const char *p, struct json_item *row,
		      const struct json_item *before, const char *was)
{
	row->head = 0;
	return take_value(j, p, j->end, LEVEL_ROW, j->text, row, before, was);
}
