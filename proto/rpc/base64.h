/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Bytes as text: RFC 4648, the standard alphabet
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
