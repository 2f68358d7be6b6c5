/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Judging a text and keeping where its upper levels stand, in one walk
 *
 * A text is one row, or an array of rows: a call, or a batch of them. For a
 * row there is an item, for each of its members or elements another, and for
 * each of theirs; what is nested deeper is only judged, and read with a
 * json_reader where anybody wants to know.
 *
 *	{"method":"mm.brk","params":{"process":"a","want":["mm"]},"id":7}
 *
 *	level 0   the row
 *	      1     "method"   "mm.brk"
 *	      1     "params"   {...}
 *	      2       "process"  "a"
 *	      2       "want"     ["mm"]
 *	      1     "id"       7
 *	      0   ...
 *
 *	if (json_index_judge(&index, body, len, 0, &fault))
 *		... json_fault_text() ...
 *	row = json_index_row(&index);
 *	end = json_item_end(row);
 *	for (item = row + 1; item < end; item = json_item_next(item))
 *		if (json_item_is(item, "id"))
 *			... json_item_value(json_row_text(&index, row), item)
 *	json_index_advance(&index);
 *
 * An index is a piece of memory of one size. Where the rows of a text are more
 * than fit, the whole text is judged all the same, and json_index_resume()
 * fetches the others later.
 */
#include "proto/json/reader.h"

enum {
	JSON_ELEMENTS_MAX = 64, /* of an array inside a row; further ones are
				   judged, but have no items */
	/* Items of the largest row. */
	JSON_ROW_MAX = 1 + JSON_MEMBERS_MAX * (1 + JSON_MEMBERS_MAX),
	JSON_INDEX_ITEMS = 2 * JSON_ROW_MAX,
	/* Of a row that is kept. */
	JSON_KEPT_ITEMS = 32,
	JSON_KEPT_TEXT = 512,
};

/*
 * One member of an object, or one element of an array, which has no name.
 * Places count from where the value begins that it is in, or the text.
 */
struct json_item {
	uint64_t key;     /* json_key() of the name, escapes decoded */
	uint32_t name;    /* where it begins */
	uint32_t at, len; /* the value, as in struct json_value */
	int32_t inside;   /* the first item that is in it, from itself */
	uint16_t nr;      /* of these, and of all that are in them */
	uint16_t span;    /* items to the next one that is not in it */
	uint8_t head;     /* private to this folder: bytes of the name, with its
			      quotes and a colon at once; 0: it has none */
	enum json_kind kind;
	bool escaped;
	/* The item in its place in the row before, byte for byte; what is in
	 * it has its items there, or where those are. */
	bool repeats;
};

/* The only row of a text that may be gone. */
struct json_kept {
	uint64_t number; /* 0: there is none */
	char text[JSON_KEPT_TEXT];
	struct json_item *items; /* behind those of the index */
};

struct json_index {
	const char *text, *end;
	uint64_t stamp;    /* of what it holds: another one, other rows */
	uint64_t number;   /* of row, among all that it ever had, from 1 on */
	uint64_t before;   /* of the row that it may repeat; 0: of none */
	unsigned rows;     /* that are left */
	unsigned elements; /* of the text, if that is an array */
	bool is_array;
	struct json_item *row; /* the first that is left */
	struct json_item *items;
	struct json_kept kept[2]; /* one, and room for the next */
	unsigned last_kept;       /* which */
};

/**
 * json_index_init() - an index of nothing
 * @stamp: the first; apart from those of others that it shall not be mixed up
 *         with
 *
 * Return: false: no memory; about 260 KiB are asked for, and touched as far as
 *         they are needed.
 */
bool json_index_init(struct json_index *index, uint64_t stamp);

/** json_index_deinit() - free it; also one that is all zeros */
void json_index_deinit(struct json_index *index);

/**
 * json_index_judge() - json_validate(), and an index of the first rows
 * @text: must stay where it is as long as the rows are looked at
 *
 * With a fault the index holds nothing.
 */
__attribute__((warn_unused_result)) int
json_index_judge(struct json_index *index, const char *text, size_t len,
		 unsigned depth, struct json_fault *fault);

/**
 * json_index_keep() - let the row of the next text repeat this text's, unless that is
 *                     an array of them
 *
 * For texts that one sender sends one behind the other: how long it takes to judge a
 * text tells how much of it repeats the one before. To be called before the row
 * has been dealt with, of a text that is one row; a large one is not kept.
 */
void json_index_keep(struct json_index *index);

/** json_index_forget() - let the next text repeat none */
static inline void json_index_forget(struct json_index *index)
{
	index->kept[index->last_kept].number = 0;
}

/**
 * json_index_resume() - an index of further rows of a text judged before
 * @at:   before the text's value, or inside its array, before an element or
 *        behind one; or before any value inside a judged text, as a row
 * @rows: how many at most; at least one is fetched if one follows
 */
void json_index_resume(struct json_index *index, const char *text, size_t len,
		       const char *at, unsigned rows);

/** json_index_row() - the first row that is left; NULL: none in this index */
static inline const struct json_item *
json_index_row(const struct json_index *index)
{
	return index->rows ? index->row : NULL;
}

/** json_row_is_first() - is the first row that is left that of a text or a fetch? */
static inline bool json_row_is_first(const struct json_index *index)
{
	return index->row == index->items;
}

/** json_index_advance() - the first row that is left has been dealt with */
static inline void json_index_advance(struct json_index *index)
{
	index->row += index->row->span;
	index->rows--;
	index->before = index->number++;
}

/** json_item_next() - the next item that is in the same one, or behind the last */
static inline const struct json_item *
json_item_next(const struct json_item *item)
{
	return item + item->span;
}

/** json_item_inside() - the first item that is in it */
static inline const struct json_item *
json_item_inside(const struct json_item *item)
{
	return item + item->inside;
}

/** json_item_end() - behind the last item that is in it */
static inline const struct json_item *
json_item_end(const struct json_item *item)
{
	return json_item_inside(item) + item->nr;
}

/** json_item_behind() - where what follows the value begins, likewise */
static inline size_t json_item_behind(const struct json_item *item)
{
	return (size_t)item->at + item->len;
}

/** json_item_value() - the value; @around: of the row or item that it is in */
static inline struct json_value json_item_value(const char *around,
						const struct json_item *item)
{
	return (struct json_value){
		.text = around + item->at,
		.len = item->len,
		.kind = item->kind,
		.escaped = item->escaped,
	};
}

/** json_row_text() - where a row of the index begins */
static inline const char *json_row_text(const struct json_index *index,
					const struct json_item *row)
{
	return index->text + row->at;
}

/**
 * json_key() - a name as a number
 *
 * Names of up to seven bytes have a key each; longer ones share theirs with
 * those that begin with the same eight bytes, and with no shorter one.
 */
static inline uint64_t json_key(const char *name, size_t len)
{
	uint64_t key = 0;
	size_t i;

	if (len < 8) {
		for (i = 0; i < len; i++)
			key |= (uint64_t)(unsigned char)name[i] << 8 * i;
		return key | (uint64_t)len << 56;
	}
	key = scan_load(name);
	/* A NUL or the like, which must have been escaped. */
	return key >> 56 < 8 ? key | 1ULL << 63 : key;
}

/** json_item_name() - the name as it stands in the text; @around as above */
void json_item_name(const struct json_index *index, const char *around,
		    const struct json_item *item, struct json_value *name);

/* JSON_KEY() - json_key() of a string constant of up to seven bytes */
#define JSON_KEY(literal)                                                      \
	(JSON_KEY_BYTE(literal, 0) | JSON_KEY_BYTE(literal, 1) |               \
	 JSON_KEY_BYTE(literal, 2) | JSON_KEY_BYTE(literal, 3) |               \
	 JSON_KEY_BYTE(literal, 4) | JSON_KEY_BYTE(literal, 5) |               \
	 JSON_KEY_BYTE(literal, 6) |                                           \
	 (uint64_t)sizeof(char[8 - (int)sizeof(literal) + 1]) * 0 |            \
	 (uint64_t)(sizeof(literal) - 1) << 56)

/* Beyond its end a constant counts as zeros. */
#define JSON_KEY_BYTE(literal, i)                                              \
	((uint64_t)(unsigned char)("" literal)[(i) < sizeof(literal) ? (i)     \
								     : 0] *    \
		 ((i) < sizeof(literal))                                       \
	 << 8 * (i))

/** json_item_is() - is that its name? A constant of up to seven bytes */
#define json_item_is(item, literal) ((item)->key == JSON_KEY(literal))

/** json_item_named() - is that its name? @key is json_key(name, len) */
bool json_item_named(const struct json_index *index, const char *around,
		     const struct json_item *item, uint64_t key,
		     const char *name, size_t len);
