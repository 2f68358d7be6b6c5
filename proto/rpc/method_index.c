/* SPDX-License-Identifier: MIT */
#include "proto/rpc/method_index.h"

#include <string.h>

#include "proto/rpc/method_table.h"

/* Spreads the names of the table; any collision only costs a comparison. */
static unsigned method_hash(const char *name, size_t len)
{
	unsigned char first = (unsigned char)name[0];
	unsigned char middle = (unsigned char)name[len / 2];
	unsigned char last = (unsigned char)name[len - 1];

	return (first * 5u + middle * 3u + last * 29u + (unsigned)len * 17u) %
	       METHOD_INDEX_SIZE;
}

void method_index_init(struct method_index *index)
{
	const struct method *method;
	size_t i;

	memset(index, 0, sizeof(*index));
	for (i = 0; (method = method_at(i)); i++) {
		unsigned slot = method_hash(method->name, strlen(method->name));

		while (index->slots[slot])
			slot = (slot + 1) % METHOD_INDEX_SIZE;
		index->slots[slot] = method;
	}
}

const struct method *method_find(const struct method_index *index,
				 const char *name, size_t len)
{
	unsigned slot;

	if (!len)
		return NULL;
	for (slot = method_hash(name, len); index->slots[slot];
	     slot = (slot + 1) % METHOD_INDEX_SIZE) {
		const struct method *method = index->slots[slot];

		if (strlen(method->name) == len &&
		    !memcmp(method->name, name, len))
			return method;
	}
	return NULL;
}

#define NEAREST_LEN_MAX 24

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

const char *method_nearest(const char *name, size_t len)
{
	const char *nearest = NULL;
	unsigned best = 2;
	const struct method *method;
	size_t i;

	if (len > NEAREST_LEN_MAX)
		return NULL;
	for (i = 0; (method = method_at(i)); i++) {
		const char *known = method->name;
		const char *dot = strchr(known, '.');
		const char *bare = dot ? dot + 1 : known;
		unsigned distance;

		/* "mmap" means mm.mmap. */
		distance = min_u(edit_distance(name, len, known, strlen(known)),
				 edit_distance(name, len, bare, strlen(bare)));
		if (distance >= best)
			continue;
		best = distance;
		nearest = known;
	}
	return nearest;
}
