/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Looking at many bytes of text at once; private to this folder,
 * and to what its headers inline
 *
 * Eight on any machine, and sixteen before that where the machine has SSE2, as
 * every x86-64 does: names, words and numbers are mostly shorter than that, so
 * one look finds their end.
 *
 * The first byte in the text is a word's lowest, whatever the host's order.
 * The tests below subtract from all eight bytes together: a borrow may mark
 * bytes behind a match wrongly, but none before it, and so the lowest mark is
 * always right.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Keeps the registers and the branches of a rarer case out of the usual one. */
#define SCAN_APART __attribute__((noinline, unused))

#define SCAN_ALL(byte) (0x0101010101010101u * (uint64_t)(byte))

/** scan_order() - between the order of the host and that of the text */
static inline uint64_t scan_order(uint64_t word)
{
	if (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
		return __builtin_bswap64(word);
	return word;
}

/** scan_load() - the eight bytes at @p as one word */
static inline uint64_t scan_load(const char *p)
{
	uint64_t word;

	memcpy(&word, p, sizeof(word));
	return scan_order(word);
}

/** scan_store() - write a word's eight bytes to @p */
static inline void scan_store(char *p, uint64_t word)
{
	word = scan_order(word);
	memcpy(p, &word, sizeof(word));
}

#ifdef __SSE2__
/* Bit i: byte i of the sixteen at @p cannot stand in a string as it is. */
static inline unsigned scan_special16(const char *p)
{
	__m128i text = _mm_loadu_si128((const __m128i *)(const void *)p);
	__m128i backslash = _mm_cmpeq_epi8(text, _mm_set1_epi8('\\'));
	/* As signed bytes, those beyond ASCII are below zero. With this bit
	 * flipped '"' is 0x20, and what was below that still is. */
	__m128i other = _mm_cmplt_epi8(_mm_xor_si128(text, _mm_set1_epi8(2)),
				       _mm_set1_epi8(0x21));

	return (unsigned)_mm_movemask_epi8(_mm_or_si128(backslash, other));
}

/* Bit i: byte i of the sixteen at @p is '"' or '\'. */
static inline unsigned scan_quote16(const char *p)
{
	__m128i text = _mm_loadu_si128((const __m128i *)(const void *)p);
	__m128i quote = _mm_cmpeq_epi8(text, _mm_set1_epi8('"'));
	__m128i backslash = _mm_cmpeq_epi8(text, _mm_set1_epi8('\\'));

	return (unsigned)_mm_movemask_epi8(_mm_or_si128(quote, backslash));
}
#endif

/* The lowest bit that is set: eight times the number of plain bytes that the word
 * begins with, and seven; 0: all are. */
static inline uint64_t scan_marks(uint64_t word)
{
	const uint64_t quote = (word ^ SCAN_ALL('"')) - SCAN_ALL(1);
	const uint64_t backslash = (word ^ SCAN_ALL('\\')) - SCAN_ALL(1);
	const uint64_t control = word - SCAN_ALL(0x20);

	return (quote | backslash | control | word) & SCAN_ALL(0x80);
}

/* scan_plain() of what one look does not settle. */
SCAN_APART static const char *scan_plain_on(const char *p, const char *end)
{
#ifdef __SSE2__
	for (; end - p >= 16; p += 16) {
		unsigned bits = scan_special16(p);

		if (bits)
			return p + __builtin_ctz(bits);
	}
#endif
	while (end - p >= 8) {
		const uint64_t marks = scan_marks(scan_load(p));

		if (marks)
			return p + (__builtin_ctzll(marks) >> 3);
		p += 8;
	}
	while (p < end && (unsigned char)*p >= 0x20 &&
	       (unsigned char)*p < 0x80 && *p != '"' && *p != '\\')
		p++;
	return p;
}

/**
 * scan_plain() - the first byte of [p, end) that a string cannot hold as it is
 *
 * Plain is ASCII from 0x20 on, without '"' and '\'. Return: @end if all is.
 */
static inline const char *scan_plain(const char *p, const char *end)
{
#ifdef __SSE2__
	if (end - p >= 16) {
		unsigned bits = scan_special16(p);

		if (bits)
			return p + __builtin_ctz(bits);
		p += 16;
	}
#endif
	return scan_plain_on(p, end);
}

/* scan_quote() of what one look does not settle. */
SCAN_APART static const char *scan_quote_on(const char *p, const char *end)
{
#ifdef __SSE2__
	for (; end - p >= 16; p += 16) {
		unsigned bits = scan_quote16(p);

		if (bits)
			return p + __builtin_ctz(bits);
	}
#endif
	while (end - p >= 8) {
		uint64_t word = scan_load(p);
		uint64_t quote = word ^ SCAN_ALL('"');
		uint64_t backslash = word ^ SCAN_ALL('\\');
		uint64_t marks = ((quote - SCAN_ALL(1)) & ~quote) |
				 ((backslash - SCAN_ALL(1)) & ~backslash);

		marks &= SCAN_ALL(0x80);
		if (marks)
			return p + (__builtin_ctzll(marks) >> 3);
		p += 8;
	}
	while (*p != '"' && *p != '\\')
		p++;
	return p;
}

/** scan_quote() - the first '"' or '\' of [p, end), which holds one */
static inline const char *scan_quote(const char *p, const char *end)
{
#ifdef __SSE2__
	if (end - p >= 16) {
		unsigned bits = scan_quote16(p);

		if (bits)
			return p + __builtin_ctz(bits);
		p += 16;
	}
#endif
	return scan_quote_on(p, end);
}

/** scan_digits() - the first byte of [p, end) that is no decimal digit, or @end */
static inline const char *scan_digits(const char *p, const char *end)
{
	while (end - p >= 8) {
		/* Digits become 0 to 9, and only they stay below 0x80. */
		uint64_t word = scan_load(p) ^ SCAN_ALL('0');
		uint64_t marks = (word + SCAN_ALL(0x76)) | word;

		marks &= SCAN_ALL(0x80);
		if (marks)
			return p + (__builtin_ctzll(marks) >> 3);
		p += 8;
	}
	while (p < end && (unsigned char)(*p - '0') < 10)
		p++;
	return p;
}

#ifdef __SSE2__
/* Bit i: byte i of the sixteen at @p is another than that of those at @was. */
static inline unsigned scan_differ16(const char *p, const char *was)
{
	__m128i text = _mm_loadu_si128((const __m128i *)(const void *)p);
	__m128i other = _mm_loadu_si128((const __m128i *)(const void *)was);

	return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(text, other)) ^
	       0xffff;
}
#endif

/**
 * scan_same() - the first byte of [p, end) that differs from that at its place
 *               behind @was
 *
 * May stop before that where it cannot look at many at once.
 */
static inline const char *scan_same(const char *p, const char *was,
				    const char *end)
{
#ifdef __SSE2__
	const char *begin = p;
	unsigned bits;

	for (; end - p >= 16; p += 16, was += 16) {
		bits = scan_differ16(p, was);
		if (bits)
			return p + __builtin_ctz(bits);
	}
	/* The last sixteen, of which the first have been seen to be alike. */
	if (p > begin && p < end) {
		bits = scan_differ16(end - 16, was + (end - p) - 16);
		return bits ? end - 16 + __builtin_ctz(bits) : end;
	}
#else
	for (; end - p >= 8; p += 8, was += 8) {
		const uint64_t differ = scan_load(p) ^ scan_load(was);

		if (differ)
			return p + (__builtin_ctzll(differ) >> 3);
	}
#endif
	return p;
}

/** scan_utf8() - bytes of the well formed character at @p, which is before @end; 0 if it is none */
static inline unsigned scan_utf8(const char *p, const char *end)
{
	const unsigned char *c = (const unsigned char *)p;
	unsigned char low = 0x80, high = 0xbf; /* bounds of the second byte */
	unsigned len, i;

	if (c[0] < 0x80)
		return 1;
	if (c[0] < 0xc2 || c[0] > 0xf4)
		return 0;
	len = c[0] < 0xe0 ? 2 : c[0] < 0xf0 ? 3 : 4;
	if (end - p < (long)len)
		return 0;
	if (c[0] == 0xe0)
		low = 0xa0; /* not an overlong form */
	else if (c[0] == 0xed)
		high = 0x9f; /* not a surrogate */
	else if (c[0] == 0xf0)
		low = 0x90;
	else if (c[0] == 0xf4)
		high = 0x8f; /* not above U+10FFFF */
	if (c[1] < low || c[1] > high)
		return 0;
	for (i = 2; i < len; i++)
		if ((c[i] & 0xc0) != 0x80)
			return 0;
	return len;
}

/** scan_hex() - a hexadecimal digit's value, -1 if @c is none */
static inline int scan_hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
		return (c | 0x20) - 'a' + 10;
	return -1;
}
