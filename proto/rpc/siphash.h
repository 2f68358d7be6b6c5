/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * SipHash-2-4: a hash of bytes that nobody can steer without the key
 *
 * For tables whose keys clients choose, and to tell texts apart without keeping
 * them. By Aumasson and Bernstein, "SipHash: a fast short-input PRF".
 */
#include <stddef.h>
#include <stdint.h>

struct siphash_key {
	uint64_t half[2];
};

/** siphash() - the hash of @len bytes. O(len) */
uint64_t siphash(const struct siphash_key *key, const void *bytes, size_t len);
