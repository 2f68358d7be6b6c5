/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * From the name of a method to its entry in the method table
 */
#include <stddef.h>
#include <stdint.h>

struct method;

enum {
	METHOD_INDEX_SIZE = 128
};

/* Methods by a hash of the name, at most half as many as slots. */
struct method_index {
	const struct method *slots[METHOD_INDEX_SIZE];
};

/** method_index_init() - index the whole method table; allocates nothing */
void method_index_init(struct method_index *index);

/** method_find() - the method of that name, or NULL. O(1) */
const struct method *method_find(const struct method_index *index,
				 const char *name, size_t len);

/** method_nearest() - the name that @name may be a misspelling of, or NULL */
const char *method_nearest(const char *name, size_t len);
