/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A growable byte buffer with a hard maximum
 *
 * Answers are written here, straight from the structures they describe. A
 * failed append is remembered, so that a writer makes a hundred appends and
 * looks once, at the end:
 *
 *	mark = buffer_mark(b);
 *	... append, append, append ...
 *	if (b->failed) {
 *		too_large = b->failed == BUFFER_FULL;
 *		buffer_rewind(b, mark);      undoes it all, clears the failure
 *		... append the short refusal instead ...
 *	}
 *
 * Once failed, a buffer takes nothing more until it is rewound or reset:
 * what it holds is always a prefix of what was to be written, cut between
 * two appends.
 *
 * The bytes are not terminated by a NUL. Nothing here is shared: one thread.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "core/hot.h"

enum buffer_failure {
	BUFFER_OK = 0,
	BUFFER_FULL,      /* the maximum given to buffer_init() was reached */
	BUFFER_NO_MEMORY, /* the host refused the memory */
};

/*
 * data, len and failed may be read at any time; nothing is written by hand.
 *
 *	data                len              end          capacity     max
 *	 |---- the bytes ----|---- room ------|             |            |
 *
 * end is capacity, or len once the buffer has failed: that keeps the sticky
 * failure out of the fast path.
 */
struct buffer {
	char *data;
	size_t len;
	size_t end;
	size_t capacity;
	size_t max;
	enum buffer_failure failed;
};

/* Bytes that any number needs at most, written in full by the put functions. */
enum {
	BUFFER_U64_MAX = 20, /* 18446744073709551615 */
	BUFFER_HEX_MAX = 18, /* 0xffffffffffffffff */
};

/**
 * buffer_init() - an empty buffer that will hold at most @max bytes
 *
 * Allocates nothing. Release with buffer_deinit().
 */
void buffer_init(struct buffer *b, size_t max);

/** buffer_init_in() - an empty buffer in memory of the caller's, of which it takes
 * no more than @size bytes; there is nothing to release */
static inline void buffer_init_in(struct buffer *b, char *memory, size_t size)
{
	*b = (struct buffer){
		.data = memory, .end = size, .capacity = size, .max = size
	};
}

/** buffer_deinit() - free the bytes; the buffer is as after buffer_init() */
void buffer_deinit(struct buffer *b);

/**
 * buffer_take() - move the bytes out
 * @lenp: receives their number
 *
 * Return: the bytes, which now belong to the caller, who calls free(); NULL
 *         if nothing was ever written. The buffer is as after buffer_init().
 */
char *buffer_take(struct buffer *b, size_t *lenp);

/**
 * buffer_reset() - forget the bytes and the failure, for reuse
 * @keep: memory worth keeping for the next use; more than that is freed
 */
void buffer_reset(struct buffer *b, size_t keep);

/**
 * buffer_grow() - make room; the slow path of buffer_reserve()
 *
 * The memory at least doubles, up to the maximum, so that n appended bytes
 * cost O(n) together. On failure @b is marked failed and otherwise as it was.
 */
APART char *buffer_grow(struct buffer *b, size_t n);

/**
 * buffer_reserve() - room for @n more bytes, to be written by the caller
 * @n: at least 1
 *
 * The pointer is good until the next call for @b. Nothing is added before
 * buffer_commit().
 *
 * Return: where to write, or NULL with @b marked failed.
 */
static inline char *buffer_reserve(struct buffer *b, size_t n)
{
	if (__builtin_expect(n > b->end - b->len, 0))
		return buffer_grow(b, n);
	return b->data + b->len;
}

/** buffer_commit() - keep @n bytes written into what was reserved */
static inline void buffer_commit(struct buffer *b, size_t n)
{
	b->len += n;
}

/** buffer_append() - add a copy of @n bytes: all, or nothing and @b fails */
static inline void buffer_append(struct buffer *b, const void *bytes, size_t n)
{
	char *p;

	if (!n)
		return;
	p = buffer_reserve(b, n);
	if (p) {
		memcpy(p, bytes, n);
		b->len += n;
	}
}

/** buffer_append_literal() - add a string constant, without its NUL */
#define buffer_append_literal(b, literal)                                      \
	buffer_append((b), "" literal, sizeof(literal) - 1)

/** buffer_append_text() - add a C string, without its NUL */
void buffer_append_text(struct buffer *b, const char *text);

/** buffer_append_byte() - add one byte */
static inline void buffer_append_byte(struct buffer *b, char byte)
{
	char *p = buffer_reserve(b, 1);

	if (p) {
		*p = byte;
		b->len++;
	}
}

/**
 * buffer_append_u64() - add @value in decimal
 *
 * Reserves BUFFER_U64_MAX bytes, and so may find the maximum reached a few
 * bytes early.
 */
void buffer_append_u64(struct buffer *b, uint64_t value);

/** buffer_append_hex() - add @value as 0x2a is written: 0x0 for 0 */
void buffer_append_hex(struct buffer *b, uint64_t value);

/* buffer_put_u64() of more than one digit. */
APART char *buffer_put_digits(char *p, uint64_t value);

/**
 * buffer_put_u64() - write @value in decimal at @p, unchecked
 * @p: BUFFER_U64_MAX bytes, reserved by the caller; bytes behind the number,
 *     within those, may be overwritten
 *
 * Return: the end of the number.
 */
static inline char *buffer_put_u64(char *p, uint64_t value)
{
	if (value > 9)
		return buffer_put_digits(p, value);
	*p = (char)('0' + value);
	return p + 1;
}

/**
 * buffer_put_hex() - write @value as buffer_append_hex() does at @p, unchecked
 * @p: BUFFER_HEX_MAX bytes, reserved by the caller; bytes behind the number,
 *     within those, may be overwritten
 *
 * Return: the end of the number.
 */
char *buffer_put_hex(char *p, uint64_t value);

/** buffer_mark() - a point to return to; taken while @b has not failed */
static inline size_t buffer_mark(const struct buffer *b)
{
	return b->len;
}

/** buffer_rewind() - drop what was added since @mark and clear a failure since
 */
static inline void buffer_rewind(struct buffer *b, size_t mark)
{
	b->len = mark;
	b->end = b->capacity;
	b->failed = BUFFER_OK;
}
