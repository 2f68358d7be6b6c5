/* SPDX-License-Identifier: MIT */
#include "proto/rpc/base64.h"

/* @last: the two characters behind letters and digits. */
static int sextet(char c, const char *last)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == last[0])
		return 62;
	return c == last[1] ? 63 : -1;
}

/* Two at most, and only to a multiple of four. */
static size_t len_without_padding(const char *text, size_t len)
{
	size_t padding;

	if (len % 4)
		return len;
	for (padding = 0; padding < 2 && len && text[len - 1] == '='; padding++)
		len--;
	return len;
}

static bool decode(const char *text, size_t len, const char *last, uint8_t *out,
		   size_t *lenp)
{
	uint32_t bits = 0;
	unsigned nr_bits = 0;
	uint8_t *at = out;
	size_t i;

	for (i = 0; i < len; i++) {
		int value = sextet(text[i], last);

		if (value < 0)
			return false;
		bits = bits << 6 | (uint32_t)value;
		nr_bits += 6;
		if (nr_bits < 8)
			continue;
		nr_bits -= 8;
		*at++ = (uint8_t)(bits >> nr_bits);
	}
	*lenp = (size_t)(at - out);
	return nr_bits < 6 && !(bits & ((1u << nr_bits) - 1));
}

bool base64_decode(const char *text, size_t len, uint8_t *out, size_t *lenp)
{
	return decode(text, len_without_padding(text, len), "+/", out, lenp);
}

bool base64url_decode(const char *text, size_t len, uint8_t *out, size_t *lenp)
{
	return decode(text, len, "-_", out, lenp);
}

void base64url_encode(const uint8_t *bytes, size_t len, char *out)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklm"
				      "nopqrstuvwxyz0123456789-_";
	uint32_t bits = 0;
	unsigned nr_bits = 0;
	size_t i;

	for (i = 0; i < len; i++) {
		bits = bits << 8 | bytes[i];
		for (nr_bits += 8; nr_bits >= 6; nr_bits -= 6)
			*out++ = letters[bits >> (nr_bits - 6) & 63];
	}
	if (nr_bits)
		*out = letters[bits << (6 - nr_bits) & 63];
}
