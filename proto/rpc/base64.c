/* SPDX-License-Identifier: MIT */
#include "proto/rpc/base64.h"

static int sextet(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+')
		return 62;
	return c == '/' ? 63 : -1;
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

bool base64_decode(const char *text, size_t len, uint8_t *out, size_t *lenp)
{
	uint32_t bits = 0;
	unsigned nr_bits = 0;
	uint8_t *at = out;
	size_t i;

	len = len_without_padding(text, len);
	for (i = 0; i < len; i++) {
		int value = sextet(text[i]);

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
