/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Bytes as text: RFC 4648, the standard alphabet and that of URLs
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** base64_room() - bytes that @len characters stand for at most */
static inline size_t base64_room(size_t len)
{
	return len / 4 * 3 + 3;
}

/**
 * base64_decode() - the bytes that a text stands for
 * @out:  base64_room(@len) bytes
 * @lenp: out: the bytes
 *
 * The padding at the end may be left out. Nothing else is forgiven: no blanks,
 * no bits behind the last byte.
 *
 * Return: false if it is no such text.
 */
bool base64_decode(const char *text, size_t len, uint8_t *out, size_t *lenp);

/** base64url_room() - characters that @len bytes take, exactly */
static inline size_t base64url_room(size_t len)
{
	return len / 3 * 4 + (len % 3 ? len % 3 + 1 : 0);
}

/**
 * base64url_encode() - bytes as a text of A-Z, a-z, 0-9, - and _ alone
 * @out: base64url_room(@len) bytes; no padding, no NUL
 */
void base64url_encode(const uint8_t *bytes, size_t len, char *out);

/** base64url_decode() - as base64_decode(), of what base64url_encode() wrote:
 * there is no padding */
bool base64url_decode(const char *text, size_t len, uint8_t *out, size_t *lenp);
