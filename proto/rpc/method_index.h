/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * From the name of a method to its entry in the method table
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/rpc/params.h"
#include "proto/rpc/rpc.h"

struct method;

enum {
	METHOD_INDEX_SIZE = 256, /* a power of two */
	METHOD_PARAM_NONE = UINT8_MAX
};

/* The bytes of a name: its ends, which overlap in short names. */
struct method_name {
	uint64_t head, tail;
	size_t len;
};

/* A method, and what a call need not search for in its tables. */
struct method_entry {
	const struct method *method;
	struct method_name name;
	unsigned number; /* method_at() has it under that */
	/* Where parameters that many methods have stand; METHOD_PARAM_NONE */
	uint8_t thread, want, lang, retry_key;
	struct params_plan params;
};

/* Methods by a hash of the name. */
struct method_index {
	uint8_t slots[METHOD_INDEX_SIZE]; /* which entry, and one; 0: none */
	struct method_entry entries[RPC_METHODS_MAX]; /* by number */
};

/** method_index_init() - index the whole method table; allocates nothing */
void method_index_init(struct method_index *index);

/** method_find() - the method of that name, or NULL. O(1) */
const struct method_entry *method_find(const struct method_index *index,
				       const char *name, size_t len);

/** method_nearest() - the name that @name may be a misspelling of, or NULL */
const char *method_nearest(const char *name, size_t len);
