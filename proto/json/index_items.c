/* SPDX-License-Identifier: MIT */
/*
 * The judge of what is read at once
 *
 * It judges as validate.c does, and is the same for anybody who sends a text,
 * but has to be quick where that one has to be small: the upper levels of a
 * text are nearly all of a call.
 */
#include "core/hot.h"
#include "proto/json/index.h"
#include "proto/json/judge.h"

#define likely(x) __builtin_expect(!!(x), 1)

/* How far a text is compared with that of the row before, at most. */
#define SAME_LOOK 256

/* What may be read behind the place of a usual name, with its colon and a space,
 * and of a usual value. */
#define NAME_LOOK  20
#define VALUE_LOOK 18

/* Which of 64 bits a name is. The multiplier leaves the members of a call and
 * the parameters of nearly all methods apart. */
static inline unsigned key_bit(uint64_t key)
{
	return (unsigned)(key * 0x9e3779b97f4a7c15u >> 58);
}

/* ---------------------------------------------------------------- names */

COLD static bool has_name(const struct judge *j, const struct json_item *item,
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
COLD static bool is_known(const struct judge *j, const struct json_item *first,
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
		if (known->key == item->key && has_name(j, known, text, len))
			return true;
	return false;
}

/* A name that is long, escaped, near the end or wrong; @p may be the end. */
HOT APART static const char *take_any_name(struct judge *j, const char *p,
					   struct json_item *item)
{
	char scratch[JSON_NAME_MAX];
	struct json_value name = { .text = p, .kind = JSON_KIND_STRING };
	const char *next, *text;
	size_t len;

	if (p == j->end)
		return judge_refuse_end(j);
	if (*p != '"')
		return judge_refuse(j, JSON_E_KEY, p);
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
	item->head = 0;
	item->repeats = false;
	return next;
}

#ifdef __SSE2__
/* By length: what of the first eight bytes is the key, and the rest of it. */
#define SHORT(len)                                                             \
	{                                                                      \
		(1ULL << 8 * (len)) - 1, (uint64_t)(len) << 56                 \
	}
#define LONG                                                                   \
	{                                                                      \
		UINT64_MAX, 0                                                  \
	}
static const struct {
	uint64_t mask, tag;
} key_shapes[16] = {
	SHORT(0), SHORT(1), SHORT(2), SHORT(3), SHORT(4), SHORT(5),
	SHORT(6), SHORT(7), LONG,     LONG,     LONG,     LONG,
	LONG,     LONG,     LONG,     LONG,
};
#endif

#ifdef __SSE2__
/*
 * The usual name that begins at @p, NAME_LOOK before the end: short and plain,
 * with a colon behind it. Return: behind the colon, or NULL: look again.
 */
static inline const char *take_usual_name(const char *p, struct json_item *item)
{
	const unsigned bits = scan_special16(p + 1) | 1u << 16;
	const unsigned len = (unsigned)__builtin_ctz(bits);
	const char *next = p + len;

	if (likely(*p == '"' && len < 14 && next[1] == '"' && next[2] == ':')) {
		item->head = (uint8_t)(len + 3);
		item->key = (scan_load(p + 1) & key_shapes[len].mask) |
			    key_shapes[len].tag;
		item->repeats = false;
		return next + 3;
	}
	return NULL;
}
#endif

/* --------------------------------------------------------------- values */

static const char *take_members(struct judge *j, const char *p, unsigned level);
static const char *take_elements(struct judge *j, const char *p,
				 unsigned level);

/* The string at whose inside @p is, after what is plain so far. */
HOT static const char *take_string_on(struct judge *j, const char *p,
				      struct json_value *value)
{
	value->kind = JSON_KIND_STRING;
	p = scan_plain(p, j->end);
	if (likely(p < j->end && *p == '"')) {
		value->escaped = false;
		return p + 1;
	}
	j->escaped = false;
	p = judge_string_rest(j, p);
	value->escaped = j->escaped;
	return p;
}

/* An array or object, of an item of that level. */
HOT static const char *take_nested(struct judge *j, const char *p,
				   unsigned level, struct json_value *value)
{
	const bool is_array = *p == '[';

	value->kind = is_array ? JSON_KIND_ARRAY : JSON_KIND_OBJECT;
	value->escaped = false;
	if (!j->depth)
		return judge_refuse(j, JSON_E_DEPTH, p);
	/* Mostly an array that wants nothing. */
	if (is_array && j->end - p > 1 && p[1] == ']')
		return p + 2;
	if (level == LEVEL_LAST)
		return judge_value(j, p);
	j->depth--;
	p = is_array ? take_elements(j, p, level + 1)
		     : take_members(j, p, level + 1);
	j->depth++;
	return p;
}

/* Any value of an item of that level, and the space before it; @p may be the
 * end. */
HOT static const char *take_any_value(struct judge *j, const char *p,
				      unsigned level, struct json_value *value)
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
	value->text = p;
	value->kind = (enum json_kind)kinds[(unsigned char)*p];
	value->escaped = false;
	if (value->kind == JSON_KIND_STRING)
		next = take_string_on(j, p + 1, value);
	else if (value->kind >= JSON_KIND_ARRAY)
		next = take_nested(j, p, level, value);
	else
		next = judge_value(j, p);
	value->len = (uint32_t)(next - p);
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

/* Any value of an item of that level, VALUE_LOOK before the end. */
static inline __attribute__((always_inline)) const char *
take_usual_value(struct judge *j, const char *p, unsigned level,
		 struct json_value *value)
{
	const char *next;

	value->text = p;
	if (*p == '"') {
#ifdef __SSE2__
		const unsigned bits = scan_special16(p + 1) | 1u << 16;

		next = p + 1 + __builtin_ctz(bits);
		if (likely(*next == '"')) {
			value->kind = JSON_KIND_STRING;
			value->escaped = false;
			next++;
		} else {
			next = take_string_on(j, next, value);
		}
#else
		next = take_string_on(j, p + 1, value);
#endif
	} else if (*p >= '0' && *p <= '9') {
		value->kind = JSON_KIND_NUMBER;
		value->escaped = false;
		next = take_digits(p);
		if (!next)
			next = judge_value(j, p);
	} else if (*p == '{' || *p == '[') {
		next = take_nested(j, p, level, value);
	} else {
		return take_any_value(j, p, level, value);
	}
	value->len = (uint32_t)(next - p);
	return next;
}

/* Any value of an item of that level, and the space before it; @p may be the
 * end. */
static inline __attribute__((always_inline)) const char *
take_value(struct judge *j, const char *p, const char *end, unsigned level,
	   struct json_value *value)
{
	if (likely(end - p >= VALUE_LOOK))
		return take_usual_value(j, p, level, value);
	return take_any_value(j, p, level, value);
}

/* ---------------------------------------------------- objects and arrays */

/* The members of one object so far. */
struct names {
	const struct json_item *first;
	uint64_t seen; /* key_bit() of each */
	unsigned room;
};

/* Adds the name of @item, unless there is a fault. */
static inline bool add_name(struct judge *j, struct names *names,
			    const struct json_item *item)
{
	const unsigned bit = key_bit(item->key);

	if ((names->seen >> bit & 1) && is_known(j, names->first, item))
		return judge_refuse(j, JSON_E_DUPLICATE, j->text + item->name);
	if (!names->room--)
		return judge_refuse(j, JSON_E_MEMBERS, j->text + item->name);
	names->seen |= 1ULL << bit;
	return true;
}

/* A member that is not as usual, or near the end; @p may be the end. */
static const char *take_any_member(struct judge *j, const char *p,
				   struct names *names, struct json_item *item)
{
	p = take_any_name(j, p, item);
	if (!p || !add_name(j, names, item))
		return NULL;
	p = skip_space(p, j->end);
	if (p == j->end)
		return judge_refuse_end(j);
	if (*p != ':')
		return judge_refuse(j, JSON_E_COLON, p);
	j->items++;
	return take_any_value(j, p + 1, item->level, &item->value);
}

/*
 * The calls of a batch resemble each other: mostly the members stand in the same
 * order, and many have the same value. What repeats the row before byte for byte
 * has been judged with it.
 *
 *	"id":41,"method":"mm.brk","params":{"process":"a","addr":4096}   before
 *	"id":42,"method":"mm.brk","params":{"process":"a","addr":8192}   @p's
 *	        ^ p                                            ^ j->same_end
 */

/* Looks how far the text at @p repeats that of @model. */
static inline void compare(struct judge *j, const char *p,
			   const struct json_item *model)
{
	const char *was = j->text + model->name;

	if (p - was == j->shift && p < j->same_end)
		return;
	j->shift = p - was;
	j->same_end = scan_same(
		p, was, j->end - p < SAME_LOOK ? j->end : p + SAME_LOOK);
}

/* Copies an item that repeats @model. */
static inline void copy_item(const struct judge *j, struct json_item *item,
			     const struct json_item *model)
{
	*item = *model;
	item->name += (uint32_t)j->shift;
	item->value.text += j->shift;
	item->repeats = true;
}

/* The member in the place of @item in the row before; NULL: there is none, or
 * none whose text could be repeated here. */
static inline const struct json_item *model_of(const struct judge *j,
					       const struct json_item *item)
{
	const struct json_item *model = item - j->row_items;

	return likely(j->row_items) && likely(model->level == item->level) &&
			       likely(model->head)
		       ? model
		       : NULL;
}

/* The member that repeats @model, if it does, and all that is in it. What ends
 * it is compared too, or a number could go on. NULL: look at it. */
static inline const char *take_repeated(struct judge *j,
					const struct json_item *model,
					struct json_item *item)
{
	const unsigned level = model->level;
	const char *next = model->value.text + model->value.len + j->shift;

	if (next >= j->same_end)
		return NULL;
	do
		copy_item(j, item++, model++);
	while (model->level > level);
	j->items = item;
	return next;
}

/* A usual name and the space behind its colon; NULL: look again. */
static inline const char *take_name(const char *p, const char *end,
				    struct json_item *item)
{
#ifdef __SSE2__
	const char *next;

	if (likely(end - p >= NAME_LOOK)) {
		next = take_usual_name(p, item);
		return next ? next + (*next == ' ') : NULL;
	}
#else
	(void)p;
	(void)end;
	(void)item;
#endif
	return NULL;
}

/* The name of @model, if that is repeated at @p, and the space behind its
 * colon; NULL: look again. */
static inline const char *take_same_name(const struct judge *j, const char *p,
					 const struct json_item *model,
					 struct json_item *item)
{
	const char *next = p + model->head;

	if (next >= j->same_end)
		return NULL;
	item->key = model->key;
	item->head = model->head;
	item->repeats = false;
	return next + (*next == ' ');
}

/* The member at @p, which may be the end. */
static inline const char *take_member(struct judge *j, const char *p,
				      const char *end, unsigned level,
				      struct names *names)
{
	struct json_item *item = j->items;
	const struct json_item *model;
	const char *next = NULL;

	item->name = (uint32_t)(p - j->text);
	item->level = (uint8_t)level;
	model = model_of(j, item);
	if (likely(model)) {
		compare(j, p, model);
		next = take_repeated(j, model, item);
		if (next)
			return add_name(j, names, item) ? next : NULL;
		next = take_same_name(j, p, model, item);
	}
	if (!next)
		next = take_name(p, end, item);
	if (!next)
		return take_any_member(j, p, names, item);
	if (!add_name(j, names, item))
		return NULL;
	j->items = item + 1;
	return take_value(j, next, end, level, &item->value);
}

static const char *take_members(struct judge *j, const char *p, unsigned level)
{
	struct names names = { j->items, 0, JSON_MEMBERS_MAX };
	const char *const end = j->end;

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
			item->name = (uint32_t)(p - j->text);
			item->head = 0;
			item->repeats = false;
			item->level = (uint8_t)level;
			p = take_value(j, p, j->end, level, &item->value);
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

const char *judge_row(struct judge *j, const char *p, struct json_value *value)
{
	return take_value(j, p, j->end, LEVEL_ROW, value);
}
