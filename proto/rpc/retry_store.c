/* SPDX-License-Identifier: MIT */
#include "proto/rpc/retry_store.h"

#include <string.h>

#define TABLE_MIN 64

static size_t record_size(const struct retry_record *record)
{
	return sizeof(*record) + record->len;
}

/* --------------------------------------------------------------- table */

static struct retry_record **table_slot(const struct retry_store *store,
					uint64_t hash)
{
	return &store->table[hash & (store->table_len - 1)];
}

static void table_insert(struct retry_store *store, struct retry_record *record)
{
	struct retry_record **slot = table_slot(store, record->hash);

	record->chain = *slot;
	*slot = record;
}

static void table_remove(struct retry_store *store,
			 const struct retry_record *record)
{
	struct retry_record **slot = table_slot(store, record->hash);

	while (*slot != record)
		slot = &(*slot)->chain;
	*slot = record->chain;
}

/* A fuller table is only slower; having none at all is a refusal. */
static bool table_grow(struct retry_store *store, struct memory *memory)
{
	const size_t len = store->table_len;
	const size_t more = len ? 2 * len : TABLE_MIN;
	struct retry_record **old = store->table, **table;
	struct retry_record *record;

	if (store->count < len)
		return true;
	table = memory_alloc(memory, more * sizeof(struct retry_record *));
	if (!table)
		return len;
	store->table = table;
	store->table_len = more;
	for (record = store->first; record; record = record->next)
		table_insert(store, record);
	memory_free(memory, old, len * sizeof(struct retry_record *));
	return true;
}

/* --------------------------------------------------------------- queue */

static void queue_append(struct retry_store *store, struct retry_record *record)
{
	record->prev = store->last;
	record->next = NULL;
	if (store->last)
		store->last->next = record;
	else
		store->first = record;
	store->last = record;
	store->count++;
	store->bytes += record_size(record);
}

static void queue_remove(struct retry_store *store, struct retry_record *record)
{
	if (record->prev)
		record->prev->next = record->next;
	else
		store->first = record->next;
	if (record->next)
		record->next->prev = record->prev;
	else
		store->last = record->prev;
	store->count--;
	store->bytes -= record_size(record) + record->result_len;
}

void retry_store_drop(struct retry_store *store, struct memory *memory,
		      struct retry_record *record)
{
	table_remove(store, record);
	queue_remove(store, record);
	memory_free(memory, record->result, record->result_len);
	memory_free(memory, record, record_size(record));
}

void retry_store_deinit(struct retry_store *store, struct memory *memory)
{
	while (store->first)
		retry_store_drop(store, memory, store->first);
	memory_free(memory, store->table,
		    store->table_len * sizeof(struct retry_record *));
	*store = (struct retry_store){ 0 };
}

static bool is_old(const struct retry_record *record,
		   const struct retry_limits *limits, uint64_t now)
{
	return now - record->born >= limits->age;
}

bool retry_store_expire(struct retry_store *store, struct memory *memory,
			const struct retry_limits *limits, uint64_t now,
			unsigned max)
{
	while (store->first && is_old(store->first, limits, now)) {
		if (!max--)
			return true;
		retry_store_drop(store, memory, store->first);
	}
	return false;
}

/* ------------------------------------------------------------- records */

struct retry_record *retry_store_find(const struct retry_store *store,
				      const struct retry_request *request)
{
	struct retry_record *record;

	if (!store->table_len)
		return NULL;
	record = *table_slot(store, request->hash);
	while (record &&
	       (record->hash != request->hash || record->len != request->len ||
		memcmp(record->text, request->text, record->len) != 0))
		record = record->chain;
	return record;
}

/* Allocates, at the expense of records older than @keep. */
static void *alloc_for(struct retry_store *store, struct memory *memory,
		       const struct retry_record *keep, size_t size)
{
	void *bytes;

	while (!(bytes = memory_alloc(memory, size)) &&
	       memory->refusal == REFUSAL_BYTES && store->first != keep)
		retry_store_drop(store, memory, store->first);
	return bytes;
}

/* Makes room for @size bytes, at the expense of records older than @keep. */
static void make_room(struct retry_store *store, struct memory *memory,
		      const struct retry_limits *limits,
		      const struct retry_record *keep, size_t size)
{
	while (store->first != keep && store->bytes + size > limits->bytes)
		retry_store_drop(store, memory, store->first);
}

struct retry_record *retry_store_add(struct retry_store *store,
				     struct memory *memory,
				     const struct retry_limits *limits,
				     const struct retry_request *request,
				     uint64_t now)
{
	struct retry_record *record;

	while (store->first && (store->count >= limits->keys ||
				is_old(store->first, limits, now)))
		retry_store_drop(store, memory, store->first);
	make_room(store, memory, limits, NULL, sizeof(*record) + request->len);
	if (!table_grow(store, memory))
		return NULL;
	record = alloc_for(store, memory, NULL, sizeof(*record) + request->len);
	if (!record)
		return NULL;
	record->born = now;
	record->hash = request->hash;
	record->print = request->print;
	record->len = request->len;
	memcpy(record->text, request->text, request->len);
	table_insert(store, record);
	queue_append(store, record);
	return record;
}

bool retry_store_keep(struct retry_store *store, struct memory *memory,
		      const struct retry_limits *limits,
		      struct retry_record *record, const char *head,
		      size_t head_len, const char *tail, size_t tail_len)
{
	const size_t len = head_len + tail_len;
	char *result;

	if (len > limits->result_bytes)
		return false;
	make_room(store, memory, limits, record, len);
	result = alloc_for(store, memory, record, len);
	if (!result)
		return false;
	memcpy(result, head, head_len);
	memcpy(result + head_len, tail, tail_len);
	record->result = result;
	record->result_len = len;
	store->bytes += len;
	return true;
}
