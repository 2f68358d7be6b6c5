/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Hexadecimal digits, all sixteen at once
 *
 * For buffer.h, and for texts in which addresses are many.
 */
#include <stdint.h>

#include "proto/json/scan.h"

/* Eight hexadecimal digits as text, the highest first. */
static inline uint64_t hex_word(uint32_t value)
{
	uint64_t v = __builtin_bswap32(value), above_nine;

	v = (v | v << 16) & 0x0000ffff0000ffffu;
	v = (v | v << 8) & 0x00ff00ff00ff00ffu;
	v = (v >> 4 | v << 8) & SCAN_ALL(0x0f);
	above_nine = (v + SCAN_ALL(6)) >> 4 & SCAN_ALL(1);
	return v + SCAN_ALL('0') + above_nine * ('a' - '0' - 10);
}

/* All sixteen digits of @value. */
static inline void hex_store(char *p, uint64_t value)
{
#ifdef __SSE2__
	__m128i bytes = _mm_cvtsi64_si128((long long)__builtin_bswap64(value));
	__m128i low = _mm_set1_epi8(0x0f);
	__m128i digits =
		_mm_unpacklo_epi8(_mm_and_si128(_mm_srli_epi16(bytes, 4), low),
				  _mm_and_si128(bytes, low));
	__m128i letters =
		_mm_and_si128(_mm_cmpgt_epi8(digits, _mm_set1_epi8(9)),
			      _mm_set1_epi8('a' - '0' - 10));

	digits = _mm_add_epi8(digits, _mm_set1_epi8('0'));
	_mm_storeu_si128((__m128i *)(void *)p, _mm_add_epi8(digits, letters));
#else
	scan_store(p, hex_word((uint32_t)(value >> 32)));
	scan_store(p + 8, hex_word((uint32_t)value));
#endif
}

enum {
	HEX_MAX = 16
};

/**
 * hex_put() - write @value's digits at @p, without leading zeros or 0x
 * @p: HEX_MAX bytes; those behind the digits may be overwritten
 *
 * Return: the digits' end.
 */
static inline char *hex_put(char *p, uint64_t value)
{
	/* Whole zero digits before the first other one, but for the last. */
	const unsigned shift = (unsigned)__builtin_clzll(value | 1) & ~3u;

	hex_store(p, value << shift);
	return p + HEX_MAX - shift / 4;
}
