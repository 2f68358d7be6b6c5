/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Writing JSON straight into a buffer
 *
 *	json_writer_init(&w, out);
 *	json_writer_object(&w);
 *	json_writer_key(&w, "start");
 *	json_writer_hex(&w, vma->vm_start);        "0x400000"
 *	json_writer_key(&w, "flags");
 *	json_writer_array(&w);
 *	json_writer_string(&w, "rd", 2);
 *	json_writer_array_end(&w);
 *	json_writer_object_end(&w); {"start":"0x400000","flags":["rd"]}
 *
 * Commas come by themselves. Whoever nests wrongly gets wrong JSON: the
 * writer keeps no stack, only whether a comma is due. Failures stay in the
 * buffer (buffer.h) and are looked at once, at the end.
 *
 * For the thousands of alike objects in a snapshot there is a faster way that
 * pays for the room once per object:
 *
 *	p = json_writer_open(&w, BYTES_AT_MOST);   comma included
 *	if (!p)
 *		return;
 *	p = json_put_literal(p, "{\"id\":");
 *	p = buffer_put_u64(p, vma->id);
 *	p = json_put_literal(p, ",\"start\":");
 *	p = json_put_hex(p, vma->vm_start);
 *	p = json_put_literal(p, "}");
 *	json_writer_close(&w, p);
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "proto/json/buffer.h"

struct json_writer {
	struct buffer *out; /* borrowed */
	bool comma;         /* the next key or value needs one before it */
};

/** json_writer_init() - begin a value at the end of @out, which is kept */
static inline void json_writer_init(struct json_writer *w, struct buffer *out)
{
	w->out = out;
	w->comma = false;
}

/* A point to return to: the buffer's mark and the comma due there. */
struct json_mark {
	size_t len;
	bool comma;
};

/** json_writer_mark() - where the writer stands; taken while not failed */
static inline struct json_mark json_writer_mark(const struct json_writer *w)
{
	return (struct json_mark){ buffer_mark(w->out), w->comma };
}

/** json_writer_rewind() - undo what came after @mark, a failure included */
static inline void json_writer_rewind(struct json_writer *w,
				      struct json_mark mark)
{
	buffer_rewind(w->out, mark.len);
	w->comma = mark.comma;
}

/**
 * json_writer_open() - room for the next value, to be put there by the caller
 * @n: bytes at most, without the comma, which is written here if one is due
 *
 * Return: where to put it, to be ended with json_writer_close(); NULL if the
 *         buffer has failed.
 */
static inline char *json_writer_open(struct json_writer *w, size_t n)
{
	char *p = buffer_reserve(w->out, n + 1);

	if (!p)
		return NULL;
	*p = ',';
	return p + w->comma;
}

/** json_writer_close() - the value put after json_writer_open() ends at @p */
static inline void json_writer_close(struct json_writer *w, const char *p)
{
	w->out->len = (size_t)(p - w->out->data);
	w->comma = true;
}

/** json_put_literal() - put a string constant at @p. Return: its end */
#define json_put_literal(p, literal)                                           \
	((char *)memcpy((p), "" literal, sizeof(literal) - 1) +                \
	 (sizeof(literal) - 1))

enum {
	JSON_HEX_MAX = BUFFER_HEX_MAX + 2, /* with its quotes */
};

/**
 * json_put_hex() - put an address as "0x…", in quotes, at @p
 * @p: JSON_HEX_MAX bytes, reserved by the caller
 *
 * Return: its end.
 */
static inline char *json_put_hex(char *p, uint64_t value)
{
	*p = '"';
	p = buffer_put_hex(p + 1, value);
	*p = '"';
	return p + 1;
}

/**
 * json_put_plain() - put a string that needs no escapes, with its quotes, at @p
 * @p: @len + 2 bytes, reserved by the caller
 *
 * Return: its end; NULL: it is not ASCII, or has something to be escaped, and
 *         the bytes at @p are undefined.
 */
char *json_put_plain(char *p, const char *text, size_t len);

/** json_writer_open_bracket() - the comma if one is due, and '{' or '[' */
static inline void json_writer_open_bracket(struct json_writer *w, char bracket)
{
	char *p = json_writer_open(w, 1);

	if (p) {
		*p = bracket;
		json_writer_close(w, p + 1);
	}
	w->comma = false;
}

/** json_writer_close_bracket() - '}' or ']' */
static inline void json_writer_close_bracket(struct json_writer *w,
					     char bracket)
{
	buffer_append_byte(w->out, bracket);
	w->comma = true;
}

/** json_writer_object() - begin an object: keys and values follow in turn */
static inline void json_writer_object(struct json_writer *w)
{
	json_writer_open_bracket(w, '{');
}

/** json_writer_object_end() - end the innermost object */
static inline void json_writer_object_end(struct json_writer *w)
{
	json_writer_close_bracket(w, '}');
}

/** json_writer_array() - begin an array: values follow */
static inline void json_writer_array(struct json_writer *w)
{
	json_writer_open_bracket(w, '[');
}

/** json_writer_array_end() - end the innermost array */
static inline void json_writer_array_end(struct json_writer *w)
{
	json_writer_close_bracket(w, ']');
}

/**
 * json_writer_key() - a member's name, given as a string constant that needs
 *                     no escapes; its value follows
 */
#define json_writer_key(w, literal)                                            \
	json_writer_key_quoted(                                                \
		(w), ",\"" literal "\":", sizeof(",\"" literal "\":") - 1)

/* @quoted begins with the comma, which is left out if none is due. */
static inline void json_writer_key_quoted(struct json_writer *w,
					  const char *quoted, size_t len)
{
	size_t without = !w->comma;
	char *p = buffer_reserve(w->out, len);

	if (p) {
		/* A copy of constant length is a few moves; without the comma
		 * it takes the NUL too. */
		memcpy(p, quoted + without, len);
		buffer_commit(w->out, len - without);
	}
	w->comma = false;
}

/** json_writer_key_text() - any member's name, escaped as a string is */
void json_writer_key_text(struct json_writer *w, const char *text, size_t len);

/**
 * json_writer_string() - a string
 *
 * '"', '\' and bytes below 0x20 are escaped; UTF-8 passes through; each byte
 * that is not part of well formed UTF-8 becomes U+FFFD, so that the output is
 * valid whatever comes in.
 */
void json_writer_string(struct json_writer *w, const char *text, size_t len);

/** json_writer_string_begin() - a string that comes in parts, each of which ends
 * where a character does: json_writer_string_part() and json_writer_string_end()
 * follow, and nothing else until then */
void json_writer_string_begin(struct json_writer *w);
void json_writer_string_part(struct json_writer *w, const char *text,
			     size_t len);
void json_writer_string_end(struct json_writer *w);

/** json_writer_text() - a string from a C string; NULL writes null */
void json_writer_text(struct json_writer *w, const char *text);

/** json_writer_u64() - an integer */
void json_writer_u64(struct json_writer *w, uint64_t value);

/** json_writer_i64() - an integer */
void json_writer_i64(struct json_writer *w, int64_t value);

/** json_writer_hex() - an address as the string "0x…" */
void json_writer_hex(struct json_writer *w, uint64_t value);

/** json_writer_bool() - true or false */
void json_writer_bool(struct json_writer *w, bool value);

/** json_writer_null() - null */
void json_writer_null(struct json_writer *w);

/** json_writer_raw() - a value that is JSON already: an id to echo; unchecked */
void json_writer_raw(struct json_writer *w, const char *text, size_t len);
