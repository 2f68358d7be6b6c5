/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Which known word a misspelt one may stand for
 */
#include <stddef.h>

enum {
	NEAREST_LEN_MAX = 24, /* longer words are never asked about */
};

/* The best so far; begins as { .distance = how near is near enough }. */
struct nearest {
	unsigned distance; /* the next one must be nearer */
	const char *known; /* NULL: none was near enough */
	size_t known_len;
};

/**
 * nearest_see() - is a known word nearer than the best so far?
 * @nearest: keeps @known if it is
 *
 * Nearness is the number of letters inserted, removed or changed. A word that is
 * no longer than the distance is near to nothing.
 */
void nearest_see(struct nearest *nearest, const char *word, size_t len,
		 const char *known, size_t known_len);
