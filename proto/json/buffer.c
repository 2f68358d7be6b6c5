/* SPDX-License-Identifier: MIT */
#include "proto/json/buffer.h"

#include <stdlib.h>

#include "proto/json/hex.h"

enum {
	BUFFER_FIRST = 256
};

void buffer_init(struct buffer *b, size_t max)
{
	*b = (struct buffer){ .max = max };
}

void buffer_deinit(struct buffer *b)
{
	free(b->data);
	buffer_init(b, b->max);
}

char *buffer_take(struct buffer *b, size_t *lenp)
{
	char *data = b->data;

	*lenp = b->len;
	buffer_init(b, b->max);
	return data;
}

void buffer_reset(struct buffer *b, size_t keep)
{
	if (b->capacity > keep)
		buffer_deinit(b);
	else
		buffer_rewind(b, 0);
}

__attribute__((cold)) static char *buffer_fail(struct buffer *b,
					       enum buffer_failure failure)
{
	b->failed = failure;
	b->end = b->len;
	return NULL;
}

char *buffer_grow(struct buffer *b, size_t n)
{
	size_t needed, capacity;
	char *data;

	if (b->failed)
		return NULL;
	if (n > b->max - b->len)
		return buffer_fail(b, BUFFER_FULL);
	needed = b->len + n;
	capacity = b->capacity ? b->capacity : BUFFER_FIRST;
	while (capacity < needed && capacity <= b->max / 2)
		capacity *= 2;
	if (capacity < needed || capacity > b->max)
		capacity = b->max;

	/* No object is larger; realloc() need not be asked. */
	if (capacity > PTRDIFF_MAX)
		return buffer_fail(b, BUFFER_NO_MEMORY);
	data = realloc(b->data, capacity);
	if (!data)
		return buffer_fail(b, BUFFER_NO_MEMORY);
	b->data = data;
	b->capacity = capacity;
	b->end = capacity;
	return data + b->len;
}

void buffer_append_text(struct buffer *b, const char *text)
{
	buffer_append(b, text, strlen(text));
}

void buffer_append_u64(struct buffer *b, uint64_t value)
{
	char *p = buffer_reserve(b, BUFFER_U64_MAX);

	if (p)
		buffer_commit(b, (size_t)(buffer_put_u64(p, value) - p));
}

void buffer_append_hex(struct buffer *b, uint64_t value)
{
	char *p = buffer_reserve(b, BUFFER_HEX_MAX);

	if (p)
		buffer_commit(b, (size_t)(buffer_put_hex(p, value) - p));
}

static const char digit_pairs[] = "00010203040506070809"
				  "10111213141516171819"
				  "20212223242526272829"
				  "30313233343536373839"
				  "40414243444546474849"
				  "50515253545556575859"
				  "60616263646566676869"
				  "70717273747576777879"
				  "80818283848586878889"
				  "90919293949596979899";

static unsigned count_digits(uint64_t value)
{
	static const uint64_t powers[] = {
		1u,
		10u,
		100u,
		1000u,
		10000u,
		100000u,
		1000000u,
		10000000u,
		100000000u,
		1000000000u,
		10000000000u,
		100000000000u,
		1000000000000u,
		10000000000000u,
		100000000000000u,
		1000000000000000u,
		10000000000000000u,
		100000000000000000u,
		1000000000000000000u,
		10000000000000000000u,
	};
	/* 1233 / 4096 is log10(2) closely enough: at most one too many. */
	unsigned bits = 64 - (unsigned)__builtin_clzll(value | 1);
	unsigned guess = bits * 1233 >> 12;

	return guess + (value >= powers[guess]);
}

HOT char *buffer_put_digits(char *p, uint64_t value)
{
	char *end, *at;

	if (value < 100) {
		memcpy(p, digit_pairs + value * 2, 2);
		return p + 2;
	}
	end = p + count_digits(value);
	for (at = end; value >= 100; value /= 100)
		memcpy(at -= 2, digit_pairs + value % 100 * 2, 2);
	if (value >= 10)
		memcpy(p, digit_pairs + value * 2, 2);
	else
		*p = (char)('0' + value);
	return end;
}

char *buffer_put_hex(char *p, uint64_t value)
{
	memcpy(p, "0x", 2);
	return hex_put(p + 2, value);
}
