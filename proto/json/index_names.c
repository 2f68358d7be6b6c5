/* SPDX-License-Identifier: MIT */
#include "proto/json/index_names.h"

static void read_name(const struct judge *j, const char *p,
		      struct json_value *name)
{
	struct json_reader r;

	json_reader_init(&r, p, (size_t)(j->end - p));
	json_reader_value(&r, name);
}

/* Is the name of @item also one of those that stand before it? */
COLD static bool is_known(const struct judge *j, const struct names *names,
			  const struct json_item *item)
{
	char scratch[JSON_NAME_MAX];
	const struct json_item *known;
	struct json_value name, other;
	const char *text;
	size_t len;

	read_name(j, names->around + item->name, &name);
	text = json_string_text(&name, scratch, sizeof(scratch), &len);
	for (known = names->first; known < item;
	     known = json_item_next(known)) {
		if (known->key != item->key)
			continue;
		read_name(j, names->around + known->name, &other);
		if (json_string_equals(&other, text, len))
			return true;
	}
	return false;
}

COLD bool names_refuse(struct judge *j, const struct names *names,
		       const struct json_item *item)
{
	const char *at = names->around + item->name;

	if (is_known(j, names, item))
		judge_refuse(j, JSON_E_DUPLICATE, at);
	else if (!names->room)
		judge_refuse(j, JSON_E_MEMBERS, at);
	else
		return false;
	return true;
}

APART void names_count(struct names *names, const struct json_item *item)
{
	const struct json_item *known;

	names->are_known = false;
	for (known = names->first; known < item;
	     known = json_item_next(known)) {
		names->seen |= names_bit(known->key);
		names->room--;
	}
}

/* The name at @p, eight bytes before the end, if it is plain and of seven at most. The
 * last member of a call that comes alone has one mostly. Return: behind it; NULL:
 * look again. */
static const char *take_short_name(const char *p, struct json_item *item)
{
	const uint64_t word = scan_load(p + 1);
	const uint64_t marks = scan_marks(word);
	const unsigned bits = (unsigned)__builtin_ctzll(marks | 1ULL << 63) - 7;

	if (p[1 + bits / 8] != '"' || !marks)
		return NULL;
	item->key = (word & ((1ULL << bits) - 1)) | (uint64_t)bits / 8 << 56;
	return p + 2 + bits / 8;
}

HOT APART const char *take_any_name(struct judge *j, const char *p,
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
	item->head = 0;
	next = j->end - p > 8 ? take_short_name(p, item) : NULL;
	if (next)
		return next;
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
	return next;
}

#define SHORT(len)                                                             \
	{                                                                      \
		(1ULL << 8 * (len)) - 1, (uint64_t)(len) << 56                 \
	}
#define LONG                                                                   \
	{                                                                      \
		UINT64_MAX, 0                                                  \
	}

const struct key_shape key_shapes[16] = {
	SHORT(0), SHORT(1), SHORT(2), SHORT(3), SHORT(4), SHORT(5),
	SHORT(6), SHORT(7), LONG,     LONG,     LONG,     LONG,
	LONG,     LONG,     LONG,     LONG,
};
