/* SPDX-License-Identifier: MIT */
#include "proto/rpc/method_index.h"

#include <string.h>

#include "core/hot.h"
#include "proto/rpc/method_table.h"
#include "proto/script/nearest.h"

/* Of up to sixteen bytes that is the whole name. */
static inline struct method_name take_name(const char *name, size_t len)
{
	struct method_name taken = { .len = len };
	uint32_t first, last;

	if (len >= 8) {
		memcpy(&taken.head, name, 8);
		memcpy(&taken.tail, name + len - 8, 8);
	} else if (len >= 4) {
		memcpy(&first, name, 4);
		memcpy(&last, name + len - 4, 4);
		taken.head = first;
		taken.tail = last;
	} else {
		taken.head = json_key(name, len);
	}
	return taken;
}

/* Spreads the names of the table; any collision only costs a comparison. */
static inline unsigned hash_name(const struct method_name *name)
{
	uint64_t hash = (name->head + name->len) * 0x9e3779b97f4a7c15u;

	hash = (hash ^ name->tail) * 0xd6e8feb86659fd93u;
	return (unsigned)(hash >> 56) % METHOD_INDEX_SIZE;
}

static uint8_t find_kind(const struct method *method, enum param_kind kind)
{
	uint8_t i;

	for (i = 0; i < method->nr_params; i++)
		if (method->params[i].kind == kind)
			return i;
	return METHOD_PARAM_NONE;
}

static void add_method(struct method_index *index, const struct method *method,
		       unsigned number)
{
	struct method_entry *entry = &index->entries[number];
	unsigned slot;

	entry->method = method;
	entry->name = take_name(method->name, strlen(method->name));
	entry->number = number;
	entry->thread = find_kind(method, PARAM_THREAD);
	entry->want = find_kind(method, PARAM_WANT);
	entry->lang = find_kind(method, PARAM_LANG);
	entry->retry_key = find_kind(method, PARAM_RETRY_KEY);
	params_plan_init(&entry->params, method->params, method->nr_params);

	slot = hash_name(&entry->name);
	while (index->slots[slot])
		slot = (slot + 1) % METHOD_INDEX_SIZE;
	index->slots[slot] = (uint8_t)(number + 1);
}

void method_index_init(struct method_index *index)
{
	const struct method *method;
	unsigned i;

	memset(index, 0, sizeof(*index));
	for (i = 0; (method = method_at(i)); i++)
		add_method(index, method, i);
}

HOT const struct method_entry *method_find(const struct method_index *index,
					   const char *name, size_t len)
{
	const struct method_name taken = take_name(name, len);
	unsigned slot;

	for (slot = hash_name(&taken); index->slots[slot];
	     slot = (slot + 1) % METHOD_INDEX_SIZE) {
		const struct method_entry *entry =
			&index->entries[index->slots[slot] - 1];

		if (entry->name.head == taken.head &&
		    entry->name.tail == taken.tail && entry->name.len == len &&
		    (len <= 16 || !memcmp(entry->method->name, name, len)))
			return entry;
	}
	return NULL;
}

const char *method_nearest(const char *name, size_t len)
{
	struct nearest nearest = { .distance = 2 };
	const struct method *method;
	size_t i;

	for (i = 0; (method = method_at(i)); i++) {
		const char *known = method->name;
		const char *dot = strchr(known, '.');
		const char *before = nearest.known;

		/* "mmap" means mm.mmap. */
		nearest_see(&nearest, name, len, known, strlen(known));
		if (dot)
			nearest_see(&nearest, name, len, dot + 1,
				    strlen(dot + 1));
		if (nearest.known != before)
			nearest.known = known;
	}
	return nearest.known;
}
