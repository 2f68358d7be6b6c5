/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Inside proto/json: the names of members, and that none comes twice
 */
#include "core/hot.h"
#include "proto/json/index.h"
#include "proto/json/judge.h"

/* What may be read behind the place of a usual name, with its colon and a
 * space. */
#define NAME_LOOK 20

/* The members of one object so far. */
struct names {
	const char *around;            /* where the object begins, */
	const struct json_item *first; /* and its items */
	/* The member in the place of the next in the object before, which began
	 * there, up to its last. NULL: none is left, and they are counted. */
	const char *model_around;
	const struct json_item *model, *model_end;
	/* They are called as those of that object, which are no two alike. Else
	 * they are counted: */
	bool are_known;
	uint64_t seen; /* a bit of each, by its key */
	unsigned room;
};

/** names_begin() - of an object at @p, whose items begin at @first, and which stands
 * where @model began at @was in the row before; NULL: it did not */
static inline void names_begin(struct names *names, const char *p,
			       const struct json_item *first,
			       const struct json_item *model, const char *was)
{
	names->around = p;
	names->first = first;
	names->model_around = was;
	names->model = NULL;
	names->are_known = false;
	if (model && model->nr) {
		names->model = json_item_inside(model);
		names->model_end = json_item_end(model);
		names->are_known = true;
	}
	names->seen = 0;
	names->room = JSON_MEMBERS_MAX;
}

/* Which of 64 bits a name is. The multiplier leaves the members of a call and
 * the parameters of nearly all methods apart. */
static inline uint64_t names_bit(uint64_t key)
{
	return 1ULL << (key * 0x9e3779b97f4a7c15u >> 58);
}

/** names_count() - from @item on they are other ones: count those so far */
void names_count(struct names *names, const struct json_item *item);

/** names_next_model() - the member in the place of @item, the next, in the object
 * before; NULL: there is none, or none that could be repeated */
static inline const struct json_item *
names_next_model(struct names *names, const struct json_item *item)
{
	const struct json_item *model = names->model;

	if (__builtin_expect(model == names->model_end, 0)) {
		if (names->are_known)
			names_count(names, item);
		names->model = NULL;
		return NULL;
	}
	names->model += model->span;
	return model->head ? model : NULL;
}

/** names_differ() - @item is called otherwise than the one in its place */
static inline void names_differ(struct names *names,
				const struct json_item *item)
{
	if (names->are_known)
		names_count(names, item);
}

/** names_refuse() - is @item, of whose bit there is one, or which is one too many,
 * at fault? Then it is filled in */
bool names_refuse(struct judge *j, const struct names *names,
		  const struct json_item *item);

/** names_add() - add that of @item, unless there is a fault */
static inline bool names_add(struct judge *j, struct names *names,
			     const struct json_item *item)
{
	const uint64_t bit = names_bit(item->key);

	if (__builtin_expect((names->seen & bit) || !names->room, 0) &&
	    names_refuse(j, names, item))
		return false;
	names->room--;
	names->seen |= bit;
	return true;
}

/** names_go_on() - names_add(), where they may be known */
static inline bool names_go_on(struct judge *j, struct names *names,
			       const struct json_item *item)
{
	return __builtin_expect(names->are_known, 1) ||
	       names_add(j, names, item);
}

/** take_any_name() - one that is long, escaped, near the end or wrong; @p may be
 * the end */
const char *take_any_name(struct judge *j, const char *p,
			  struct json_item *item);

/* By length: what of the first eight bytes is the key, and the rest of it. */
struct key_shape {
	uint64_t mask, tag;
};

extern const struct key_shape key_shapes[16];

/**
 * take_usual_name() - the name at @p, if it is short and plain, and not near @end
 *
 * Return: behind its colon and the space behind that, or NULL: look again.
 */
static inline const char *take_usual_name(const char *p, const char *end,
					  struct json_item *item)
{
#ifdef __SSE2__
	unsigned bits, len;
	const char *next;

	if (end - p < NAME_LOOK)
		return NULL;
	bits = scan_special16(p + 1) | 1u << 16;
	len = (unsigned)__builtin_ctz(bits);
	next = p + len;
	if (__builtin_expect(*p == '"' && len < 14 && next[1] == '"' &&
				     next[2] == ':',
			     1)) {
		item->head = (uint8_t)(len + 3);
		item->key = (scan_load(p + 1) & key_shapes[len].mask) |
			    key_shapes[len].tag;
		return next + 3 + (next[3] == ' ');
	}
#else
	(void)p;
	(void)end;
	(void)item;
#endif
	return NULL;
}
