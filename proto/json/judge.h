/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Inside proto/json: what the judges of validate.c and index_items.c share
 *
 * A judge's function takes the place where its production begins, which is
 * before the end unless said otherwise, and returns the place behind it, or
 * NULL with the fault filled in.
 */
#include "proto/json/reader.h"
#include "proto/json/scan.h"

struct judge {
	const char *text;
	const char *end;
	unsigned depth; /* arrays and objects that may still be opened */
	bool escaped; /* an escape was seen; cleared by whoever wants to know */
	struct json_item *items; /* of the index: the next free one */
	/* Up to where the text repeats what stands so many bytes before it, and
	 * where the row before ends. */
	const char *same_end;
	uintptr_t shift;
	const char *was_end;
	struct json_fault *fault;
};

/* Of the items of an index. What is nested in the last has none. */
enum {
	LEVEL_ROW,
	LEVEL_MEMBER,
	LEVEL_LAST
};

static inline bool is_space(char c)
{
	/* Mostly there is none: one comparison says so. */
	return (unsigned char)c <= ' ' &&
	       (c == ' ' || c == '\n' || c == '\r' || c == '\t');
}

static inline const char *skip_space(const char *p, const char *end)
{
	while (p < end && is_space(*p))
		p++;
	return p;
}

/** judge_refuse() - fill in the fault. Return: NULL */
const char *judge_refuse(struct judge *j, enum json_fault_code code,
			 const char *at);

/** judge_refuse_end() - the text ends too early. Return: NULL */
const char *judge_refuse_end(struct judge *j);

/** judge_any_number() - any number */
const char *judge_any_number(struct judge *j, const char *p);

/** judge_string_rest() - from behind a string's plain beginning; @p may be the
 * end */
const char *judge_string_rest(struct judge *j, const char *p);

/** judge_value() - any value; @p may be the end */
const char *judge_value(struct judge *j, const char *p);

/** judge_row() - any value as a row, with items for what is in it, which may repeat
 * the row @before, at @was; NULL: there is none. @p may be the end */
const char *judge_row(struct judge *j, const char *p, struct json_item *row,
		      const struct json_item *before, const char *was);

/** judge_begin() - init @j for a text of @depth levels, 0: the default; false:
 * refused for its size */
bool judge_begin(struct judge *j, const char *text, size_t len, unsigned depth,
		 struct json_fault *fault);

/** judge_text() - what surrounds the one @value of a text, and it. Return: the
 * text's end, or NULL */
const char *judge_text(struct judge *j,
		       const char *(*value)(struct judge *j, const char *p));

static inline const char *judge_number(struct judge *j, const char *p)
{
	const char *end = scan_digits(p + 1, j->end);

	/* Mostly digits, and a comma or bracket behind them. */
	if (*p > '0' && *p <= '9' && end < j->end &&
	    (*end == ',' || *end == '}'))
		return end;
	return judge_any_number(j, p);
}

static inline const char *judge_string(struct judge *j, const char *p)
{
	p = scan_plain(p + 1, j->end);
	if (p < j->end && *p == '"')
		return p + 1;
	return judge_string_rest(j, p);
}
