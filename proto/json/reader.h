/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Reading JSON strictly: judge the whole text once, then walk it freely
 *
 * json_validate() is the only judge. It reads the text once, allocates
 * nothing and refuses whatever RFC 8259 does not allow, and also duplicate
 * members, lone surrogates and what exceeds the limits. All errors come from
 * it, and none can turn up later: a batch with a broken last call is known to
 * be broken before the first call runs.
 *
 * Who reads what is judged at once, and only its upper levels, has it judged by
 * proto/json/index.h, which keeps where the values stand.
 *
 * A json_reader then pulls values out of the judged text. As nothing can be
 * wrong any more its functions have no error, and they are cheap. A reader is
 * a place in the text: copy the struct to remember a place and come back.
 *
 *	int err = json_validate(body, len, 0, &fault);
 *	if (err)
 *		... json_fault_text(&fault, body, len, text, sizeof(text)) ...
 *
 *	json_reader_init(&r, body, len);
 *	if (json_reader_peek(&r) == JSON_KIND_OBJECT) {
 *		json_reader_enter(&r);
 *		while (json_reader_member(&r, &key)) {
 *			if (json_string_is(&key, "id"))
 *				json_reader_value(&r, &id);
 *			else
 *				json_reader_skip(&r);
 *		}
 *	}
 *
 * Nothing is copied: values are slices of the text, which must outlive them.
 * The names stay clear of jansson's, so that both headers may be included.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "proto/json/scan.h"

enum {
	JSON_DEPTH_DEFAULT = 32, /* arrays and objects inside one another */
	JSON_DEPTH_MAX = 64,
	JSON_MEMBERS_MAX = 64, /* of one object */
	JSON_NAME_MAX = 256,   /* bytes of a member's name, as written */
	JSON_FAULT_TEXT_MAX = 200,
};

#define JSON_TEXT_MAX UINT32_MAX /* bytes of a text */

/* Why a text is refused. */
enum json_fault_code {
	JSON_E_EMPTY = 1, /* nothing but white space */
	JSON_E_TRUNCATED, /* the text ends inside a value */
	JSON_E_VALUE,     /* no value begins here */
	JSON_E_NUMBER,    /* 01, 1., .5, 1e, -, +1 */
	JSON_E_KEY,       /* a member must begin with a string */
	JSON_E_COLON,     /* no ':' after a member's name */
	JSON_E_OBJECT,    /* neither ',' nor '}' after a member */
	JSON_E_ARRAY,     /* neither ',' nor ']' after an element */
	JSON_E_TRAILING,  /* more bytes after the one value */
	JSON_E_CONTROL,   /* a byte below 0x20 in a string */
	JSON_E_ESCAPE,    /* an unknown or incomplete escape */
	JSON_E_SURROGATE, /* an escaped surrogate without its other half */
	JSON_E_UTF8,      /* bytes that are not UTF-8, in a string */
	JSON_E_BOM,       /* a byte order mark at the start */
	JSON_E_DUPLICATE, /* a name twice in one object, escapes decoded */
	JSON_E_MEMBERS,   /* more than JSON_MEMBERS_MAX in one object */
	JSON_E_NAME,      /* a name longer than JSON_NAME_MAX */
	JSON_E_DEPTH,     /* nested deeper than allowed */
	JSON_E_SIZE,      /* more than JSON_TEXT_MAX bytes */
};

struct json_fault {
	enum json_fault_code code;
	size_t offset; /* of the first offending byte; the text's length if it
			  ends too early */
};

/**
 * json_validate() - judge a whole text
 * @text:  the bytes, which need no NUL at the end
 * @len:   their number; a NUL among them is a byte as any other, and refused
 * @depth: arrays and objects allowed inside one another, at most
 *         JSON_DEPTH_MAX; 0: JSON_DEPTH_DEFAULT
 * @fault: receives the first error; untouched without one
 *
 * Return: 0, or @fault's code (positive).
 * Cost:   O(len), no allocation; about 0.8 KiB of stack per open object.
 */
__attribute__((warn_unused_result)) int json_validate(const char *text,
						      size_t len,
						      unsigned depth,
						      struct json_fault *fault);

/**
 * json_fault_text() - one sentence for people
 * @text: what was judged, for line, column and the name that occurs twice
 * @out:  receives the sentence and a NUL; JSON_FAULT_TEXT_MAX bytes are
 *        enough, with less it is cut
 *
 * "expected ',' or '}' after a member at byte 17 (line 1, column 18)": bytes
 * from 0, lines and columns from 1, columns in characters.
 */
void json_fault_text(const struct json_fault *fault, const char *text,
		     size_t len, char *out, size_t size);

/* Scalars stand before what holds values. */
enum __attribute__((packed)) json_kind {
	JSON_KIND_NUMBER,
	JSON_KIND_NULL,
	JSON_KIND_FALSE,
	JSON_KIND_TRUE,
	JSON_KIND_STRING,
	JSON_KIND_ARRAY,
	JSON_KIND_OBJECT,
};

/* "a string", "an object"…: for messages to people. */
const char *json_kind_name(enum json_kind kind);

/*
 * One value as it stands in the text: @len bytes from @text, quotes and
 * brackets included. To echo a value byte for byte is to append those.
 */
struct json_value {
	const char *text;
	uint32_t len;
	enum json_kind kind;
	bool escaped; /* a string with at least one backslash */
};

/*
 * A place in a judged text. The fields may be read: at - text is the offset,
 * and a reader initialised with what lies behind an offset that stood before a
 * value goes on from there.
 */
struct json_reader {
	const char *at;
	const char *end;
};

/**
 * json_reader_init() - begin before the value in @text
 * @text: judged by json_validate(), or the slice of a value from such a text
 */
static inline void json_reader_init(struct json_reader *r, const char *text,
				    size_t len)
{
	r->at = text;
	r->end = text + len;
}

/** json_reader_peek() - the kind of the value that comes next */
enum json_kind json_reader_peek(struct json_reader *r);

/** json_reader_enter() - go inside the array or object that comes next */
void json_reader_enter(struct json_reader *r);

/**
 * json_reader_member() - the next member of the object the reader is inside
 * @key: receives the name, a string
 *
 * Return: true, and the reader stands before the member's value, which must be
 *         taken, skipped or entered and left before the next call; false at the
 *         object's end, and the reader stands behind it.
 */
static inline bool json_reader_member(struct json_reader *r,
				      struct json_value *key);

/**
 * json_reader_element() - the next element of the array the reader is inside
 *
 * Return: true, and the reader stands before the element, which must be taken,
 *         skipped or entered and left before the next call; false at the
 * array's end, and the reader stands behind it.
 */
bool json_reader_element(struct json_reader *r);

/** json_reader_value() - take the next value whole, arrays and objects too */
void json_reader_value(struct json_reader *r, struct json_value *value);

/** json_reader_skip() - go behind the value that comes next */
void json_reader_skip(struct json_reader *r);

/** json_string_equals() - is it, escapes decoded, the @len bytes at @text? */
bool json_string_equals(const struct json_value *string, const char *text,
			size_t len);

/** json_string_is() - is the string this constant? Mostly one comparison */
#define json_string_is(string, literal)                                        \
	json_string_equals_fast((string), "" literal, sizeof(literal) - 1)

/** json_string_equals_fast() - json_string_equals(), inline if not escaped */
static inline bool json_string_equals_fast(const struct json_value *string,
					   const char *text, size_t len)
{
	if (__builtin_expect(string->escaped, 0))
		return json_string_equals(string, text, len);
	return string->len == len + 2 && !memcmp(string->text + 1, text, len);
}

/**
 * json_string_text() - the characters a string stands for
 * @scratch: used when there are escapes; never more than @string->len - 2
 *           bytes are needed
 * @size:    bytes at @scratch
 * @lenp:    receives the length in bytes; a NUL may be among them
 *
 * Return: the characters, in the text itself if nothing is escaped, else in
 *         @scratch; without a NUL at the end. NULL if @size is too small;
 *         *@lenp then says how much of it was used.
 */
static inline const char *json_string_text(const struct json_value *string,
					   char *scratch, size_t size,
					   size_t *lenp);

/* How a number fits an integer type. */
enum json_fit {
	JSON_FIT_OK = 0,
	JSON_FIT_FRACTION, /* written with '.', 'e' or 'E', even if it is
			      whole: 1.0, 1e3 */
	JSON_FIT_BELOW,    /* below the type's least value */
	JSON_FIT_ABOVE,    /* above the type's greatest value */
};

/** json_number_u64() - a number as 0 to 2^64-1; -0 is 0. Sets *@out if it fits */
static inline enum json_fit json_number_u64(const struct json_value *number,
					    uint64_t *out);

/** json_number_i64() - a number as -2^63 to 2^63-1. Sets *@out if it fits */
enum json_fit json_number_i64(const struct json_value *number, int64_t *out);

/* --- private from here on: what is worth its place in every caller --- */

/* Behind the string whose first backslash is at @p. */
const char *json_escaped_end(const char *p, const char *end);

/* json_string_text() of a string with escapes. */
const char *json_unescape(const struct json_value *string, char *scratch,
			  size_t size, size_t *lenp);

/* json_number_u64() of any number. */
enum json_fit json_number_u64_any(const struct json_value *number,
				  uint64_t *out);

/* In a judged text something follows wherever more is looked for. */
static inline const char *json_skip_space(const char *p)
{
	while ((unsigned char)*p <= ' ')
		p++;
	return p;
}

/* Behind the string that begins at @p. */
static inline const char *json_string_end(const char *p, const char *end,
					  bool *escaped)
{
	p = scan_quote(p + 1, end);
	*escaped = *p != '"';
	return *escaped ? json_escaped_end(p, end) : p + 1;
}

static inline bool json_reader_member(struct json_reader *r,
				      struct json_value *key)
{
	const char *p = json_skip_space(r->at);

	if (*p == '}') {
		r->at = p + 1;
		return false;
	}
	if (*p == ',')
		p = json_skip_space(p + 1);
	key->text = p;
	key->kind = JSON_KIND_STRING;
	p = json_string_end(p, r->end, &key->escaped);
	key->len = (uint32_t)(p - key->text);
	r->at = json_skip_space(p) + 1; /* the colon */
	return true;
}

static inline const char *json_string_text(const struct json_value *string,
					   char *scratch, size_t size,
					   size_t *lenp)
{
	if (__builtin_expect(string->escaped, 0))
		return json_unescape(string, scratch, size, lenp);
	*lenp = string->len - 2;
	return string->text + 1;
}

/* Up to 19 digits and nothing else: mostly that is what it is. */
static inline enum json_fit json_number_u64(const struct json_value *number,
					    uint64_t *out)
{
	uint64_t sum = 0;
	size_t i;

	if (number->len > 19)
		return json_number_u64_any(number, out);
	for (i = 0; i < number->len; i++) {
		unsigned digit = (unsigned char)(number->text[i] - '0');

		if (digit > 9)
			return json_number_u64_any(number, out);
		sum = sum * 10 + digit;
	}
	*out = sum;
	return JSON_FIT_OK;
}
