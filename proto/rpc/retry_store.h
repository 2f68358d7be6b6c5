/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What calls with an idempotency key were answered, so that a retry is
 * answered alike and does not run again
 *
 * A client has one store per loop: a queue from the oldest record to the newest,
 * and a table to find one by what the client sent. It is bounded by records, by
 * bytes and by age; whatever has to go, the oldest goes first. All of it is
 * charged to the client's account, so whatever others send, a record stays.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/mm/memory.h"

enum {
	RETRY_KEY_MAX = 64,   /* characters of a client's key */
	RETRY_SCOPE_MAX = 33, /* of what it counts for */
};

/* A call as its retry looks as well. */
struct retry_request {
	char text[RETRY_SCOPE_MAX + RETRY_KEY_MAX]; /* the scope, the key */
	size_t len;
	uint64_t hash;  /* of text */
	uint64_t print; /* of the method and its parameters */
};

struct retry_record {
	struct retry_record *chain;       /* of the table */
	struct retry_record *prev, *next; /* by age */
	uint64_t born;                    /* milliseconds */
	uint64_t hash, print;
	uint64_t seq; /* of the operation; 0: none was counted */
	char *result; /* JSON; NULL: it could not be kept */
	size_t result_len;
	size_t len;
	char text[];
};

/* All maxima of a store. */
struct retry_limits {
	unsigned keys;       /* records */
	size_t bytes;        /* of all of them */
	size_t result_bytes; /* of one result that is kept whole */
	unsigned age;        /* milliseconds until a record is dropped */
};

struct retry_store {
	struct retry_record **table;
	size_t table_len; /* 0, or a power of two */
	struct retry_record *first, *last;
	size_t count, bytes;
};

/** retry_store_deinit() - drop all records; as if zeroed afterwards */
void retry_store_deinit(struct retry_store *store, struct memory *memory);

/**
 * retry_store_find() - the record of the same scope and key, or NULL
 *
 * Its print says whether it is the same request. Cost: O(1) on average.
 */
struct retry_record *retry_store_find(const struct retry_store *store,
				      const struct retry_request *request);

/**
 * retry_store_add() - a record without a result, before the call runs
 * @request: retry_store_find() knows none like it
 * @now:     milliseconds
 *
 * Older records go if there are too many of them, or if the client's account
 * has no room otherwise.
 *
 * Return: the record, owned by @store; NULL with memory->refusal set.
 * Cost:   O(1) and the records that go.
 */
struct retry_record *retry_store_add(struct retry_store *store,
				     struct memory *memory,
				     const struct retry_limits *limits,
				     const struct retry_request *request,
				     uint64_t now);

/**
 * retry_store_keep() - the result of the newest record
 * @record: the one that retry_store_add() has just returned
 * @head:   the result, in two pieces
 *
 * Older records go to make room.
 *
 * Return: false: no memory, and the record stays without a result.
 */
bool retry_store_keep(struct retry_store *store, struct memory *memory,
		      const struct retry_limits *limits,
		      struct retry_record *record, const char *head,
		      size_t head_len, const char *tail, size_t tail_len);

/** retry_store_drop() - forget a record */
void retry_store_drop(struct retry_store *store, struct memory *memory,
		      struct retry_record *record);

/** retry_store_expire() - drop up to @max records that are too old; whether
 * more of them are left */
bool retry_store_expire(struct retry_store *store, struct memory *memory,
			const struct retry_limits *limits, uint64_t now,
			unsigned max);
