/* SPDX-License-Identifier: MIT */
#include "clients/bench/brackets.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum {
	BLOCK = 64
};

/* Of the bytes of a block, the first being the lowest bit. */
struct marks {
	uint64_t quotes;
	uint64_t backslashes;
	uint64_t openings;
	uint64_t closings;
};

#ifdef __SSE2__
static uint64_t find16(__m128i text, char byte, unsigned at)
{
	const __m128i found = _mm_cmpeq_epi8(text, _mm_set1_epi8(byte));

	return (uint64_t)(unsigned)_mm_movemask_epi8(found) << at;
}

static struct marks mark(const char block[BLOCK])
{
	struct marks marks = { 0 };

	for (unsigned at = 0; at < BLOCK; at += 16) {
		const __m128i text = _mm_loadu_si128(
			(const __m128i *)(const void *)(block + at));
		/* Of each kind of bracket, both become the curly one. */
		const __m128i curly =
			_mm_or_si128(text, _mm_set1_epi8('{' ^ '['));

		marks.quotes |= find16(text, '"', at);
		marks.backslashes |= find16(text, '\\', at);
		marks.openings |= find16(curly, '{', at);
		marks.closings |= find16(curly, '}', at);
	}
	return marks;
}
#else
static struct marks mark(const char block[BLOCK])
{
	struct marks marks = { 0 };

	for (unsigned at = 0; at < BLOCK; at++) {
		const char c = block[at];

		marks.quotes |= (uint64_t)(c == '"') << at;
		marks.backslashes |= (uint64_t)(c == '\\') << at;
		marks.openings |= (uint64_t)(c == '{' || c == '[') << at;
		marks.closings |= (uint64_t)(c == '}' || c == ']') << at;
	}
	return marks;
}
#endif

/*
 * A backslash escapes the next byte, unless it is escaped itself. *@carriedp
 * tells whether the block before ended with one that escapes.
 */
static uint64_t find_escaped(uint64_t backslashes, bool *carriedp)
{
	uint64_t escaped = *carriedp;

	*carriedp = false;
	backslashes &= ~escaped;
	while (backslashes) {
		const uint64_t bit = backslashes & -backslashes;

		*carriedp = bit >> (BLOCK - 1);
		escaped |= bit << 1;
		backslashes &= ~(bit | bit << 1);
	}
	return escaped;
}

/* Bit i: an odd number of bits up to i are set in @quotes. */
static uint64_t find_inside(uint64_t quotes)
{
	for (unsigned shift = 1; shift < BLOCK; shift <<= 1)
		quotes ^= quotes << shift;
	return quotes;
}

static unsigned count(uint64_t bits)
{
	return (unsigned)__builtin_popcountll(bits);
}

/* Which byte closes the last bracket that is open, or BLOCK. */
static unsigned find_last(const struct marks *marks, size_t depth)
{
	uint64_t closings = marks->closings;

	for (size_t closed = 1; closings; closed++) {
		const uint64_t bit = closings & -closings;

		if (closed == depth + count(marks->openings & (bit - 1)))
			return (unsigned)__builtin_ctzll(bit);
		closings ^= bit;
	}
	return BLOCK;
}

const char *brackets_end(const char *at, const char *end)
{
	char rest[BLOCK];
	uint64_t in_string = 0; /* all bits or none */
	bool escapes = false;
	size_t depth = 0;

	for (; at < end; at += BLOCK) {
		const size_t len = (size_t)(end - at);
		struct marks marks;
		uint64_t inside;
		unsigned last;

		if (len < BLOCK) {
			memset(rest, ' ', sizeof(rest));
			memcpy(rest, at, len);
		}
		marks = mark(len < BLOCK ? rest : at);
		if (marks.backslashes || escapes)
			marks.quotes &=
				~find_escaped(marks.backslashes, &escapes);
		inside = find_inside(marks.quotes) ^ in_string;
		in_string = -(inside >> (BLOCK - 1));
		marks.openings &= ~inside;
		marks.closings &= ~inside;
		if (count(marks.closings) >= depth) {
			last = find_last(&marks, depth);
			if (last < BLOCK)
				return at + last + 1;
		}
		depth += count(marks.openings);
		depth -= count(marks.closings);
	}
	return NULL;
}
