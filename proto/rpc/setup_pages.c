/* SPDX-License-Identifier: MIT */
/*
 * What is mapped and what is present: maps, resident
 */
#include <stdio.h>
#include <string.h>

#include "proto/rpc/setup_parts.h"

bool setup_read_maps(struct setup_reading *reading,
		     const struct json_value *value)
{
	struct buffer *arena = reading->arena;
	struct process_setup *setup = reading->setup;
	struct json_value line;
	struct json_reader r;

	if (value->kind == JSON_KIND_STRING) {
		setup->maps = arena_text(reading, value, &setup->maps_len);
		return true;
	}
	if (value->kind != JSON_KIND_ARRAY)
		return error_set(reading->error, ERROR_PARAMS_TYPE, "maps",
				 "maps must be an array of lines or one text, "
				 "but is %s",
				 json_kind_name(value->kind));
	setup->maps = arena_take(reading, 0);
	json_reader_init(&r, value->text, value->len);
	json_reader_enter(&r);
	while (json_reader_element(&r)) {
		char *at = arena->data + arena->len;
		const char *text;
		size_t len;

		json_reader_value(&r, &line);
		if (!param_kind_is("maps", &line, JSON_KIND_STRING,
				   reading->error))
			return false;
		/* At most as long as its quotes and comma leave room for. */
		text = json_string_text(&line, at, line.len, &len);
		if (text != at)
			memcpy(at, text, len);
		at[len] = '\n';
		buffer_commit(arena, len + 1);
	}
	setup->maps_len = (size_t)(arena->data + arena->len - setup->maps);
	return true;
}

static bool read_resident_kind(const char *name, const struct json_value *value,
			       enum resident_kind *kindp,
			       struct rpc_error *error)
{
	static const char *const words[] = { "anon", "file", "zero", "pfn",
					     NULL };
	static const enum resident_kind kinds[] = {
		RESIDENT_ANON, RESIDENT_FILE, RESIDENT_ZERO, RESIDENT_PFN
	};
	uint64_t word;

	if (!param_word(name, words, value, &word, error))
		return false;
	*kindp = kinds[word];
	return true;
}

/* [start, end] or [start, end, kind] */
static bool read_range(const char *name, const struct json_value *range,
		       struct resident_setup *out, struct rpc_error *error)
{
	struct json_value pieces[3];
	struct json_reader r;
	unsigned nr = 0;

	json_reader_init(&r, range->text, range->len);
	json_reader_enter(&r);
	while (json_reader_element(&r)) {
		if (nr < 3)
			json_reader_value(&r, &pieces[nr]);
		else
			json_reader_skip(&r);
		nr++;
	}
	if (nr != 2 && nr != 3)
		return error_set(error, ERROR_PARAMS_VALUE, name,
				 "%s must be an address, [start, end] or "
				 "[start, end, kind]",
				 name);
	out->kind = RESIDENT_DEFAULT;
	return param_address(name, &pieces[0], &out->start, error) &&
	       param_address(name, &pieces[1], &out->end, error) &&
	       (nr == 2 ||
		read_resident_kind(name, &pieces[2], &out->kind, error));
}

static bool read_page(const char *name, const struct json_value *value,
		      struct resident_setup *out, struct rpc_error *error)
{
	if (!param_address(name, value, &out->start, error))
		return false;
	if (out->start > UINT64_MAX - PAGE_SIZE)
		return error_set(error, ERROR_PARAMS_RANGE, name,
				 "%s is no address of user space", name);
	out->start &= PAGE_MASK;
	out->end = out->start + PAGE_SIZE;
	out->kind = RESIDENT_DEFAULT;
	return true;
}

bool setup_read_resident(struct setup_reading *reading,
			 const struct json_value *value)
{
	struct process_setup *setup = reading->setup;
	struct resident_setup *entry;
	char name[ERROR_PARAM_MAX];
	struct json_value element;
	struct json_reader r;
	bool ok = true;
	size_t nr;

	if (!param_kind_is("resident", value, JSON_KIND_ARRAY, reading->error))
		return false;
	nr = array_len(value);
	entry = arena_take(reading, nr * sizeof(*entry));
	setup->resident = entry;
	setup->nr_resident = nr;

	json_reader_init(&r, value->text, value->len);
	json_reader_enter(&r);
	for (nr = 0; ok && json_reader_element(&r); nr++, entry++) {
		json_reader_value(&r, &element);
		snprintf(name, sizeof(name), "resident[%zu]", nr);
		if (element.kind == JSON_KIND_ARRAY)
			ok = read_range(name, &element, entry, reading->error);
		else
			ok = read_page(name, &element, entry, reading->error);
	}
	return ok;
}
