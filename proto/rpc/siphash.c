/* SPDX-License-Identifier: MIT */
#include "proto/rpc/siphash.h"

static uint64_t rotate(uint64_t value, int by)
{
	return value << by | value >> (64 - by);
}

static void mix(uint64_t v[4], int rounds)
{
	while (rounds--) {
		v[0] += v[1];
		v[2] += v[3];
		v[1] = rotate(v[1], 13) ^ v[0];
		v[3] = rotate(v[3], 16) ^ v[2];
		v[0] = rotate(v[0], 32) + v[3];
		v[2] += v[1];
		v[3] = rotate(v[3], 21) ^ v[0];
		v[1] = rotate(v[1], 17) ^ v[2];
		v[2] = rotate(v[2], 32);
	}
}

/* Up to eight bytes, the first one lowest. */
static uint64_t take_word(const uint8_t *bytes, size_t len)
{
	uint64_t word = 0;

	while (len--)
		word = word << 8 | bytes[len];
	return word;
}

static void absorb(uint64_t v[4], uint64_t word)
{
	v[3] ^= word;
	mix(v, 2);
	v[0] ^= word;
}

uint64_t siphash(const struct siphash_key *key, const void *bytes, size_t len)
{
	const uint8_t *at = bytes;
	size_t left = len;
	uint64_t v[4] = {
		key->half[0] ^ 0x736f6d6570736575,
		key->half[1] ^ 0x646f72616e646f6d,
		key->half[0] ^ 0x6c7967656e657261,
		key->half[1] ^ 0x7465646279746573,
	};

	for (; left >= 8; at += 8, left -= 8)
		absorb(v, take_word(at, 8));
	absorb(v, take_word(at, left) | (uint64_t)len << 56);
	v[2] ^= 0xff;
	mix(v, 4);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}
