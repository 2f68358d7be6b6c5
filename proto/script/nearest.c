/* SPDX-License-Identifier: MIT */
#include "proto/script/nearest.h"

static unsigned min_u(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Insertions, removals and changes of one letter that make b of a. */
static unsigned edit_distance(const char *a, size_t a_len, const char *b,
			      size_t b_len)
{
	unsigned row[NEAREST_LEN_MAX + 1];
	size_t i, j;

	for (j = 0; j <= b_len; j++)
		row[j] = (unsigned)j;
	for (i = 1; i <= a_len; i++) {
		unsigned diagonal = row[0];

		row[0] = (unsigned)i;
		for (j = 1; j <= b_len; j++) {
			unsigned change = diagonal + (a[i - 1] != b[j - 1]);

			diagonal = row[j];
			row[j] = min_u(change, min_u(row[j - 1], diagonal) + 1);
		}
	}
	return row[b_len];
}

void nearest_see(struct nearest *nearest, const char *word, size_t len,
		 const char *known, size_t known_len)
{
	unsigned distance;

	if (len > NEAREST_LEN_MAX || known_len > NEAREST_LEN_MAX)
		return;
	distance = edit_distance(word, len, known, known_len);
	if (distance >= nearest->distance || distance >= known_len)
		return;
	nearest->distance = distance;
	nearest->known = known;
	nearest->known_len = known_len;
}
