/* SPDX-License-Identifier: MIT */
/*
 * process.create's parameters: from JSON to a process_setup
 */
#include <stdio.h>
#include <string.h>

#include "core/world/history.h"
#include "proto/rpc/service.h"
#include "proto/rpc/setup_parts.h"

/* Each is at least one page of RESIDENT_PAGES_MAX. */
#define RESIDENT_ENTRIES_MAX (1u << 18)

/* --------------------------------------------------------------- arena */

static const size_t arena_align = _Alignof(max_align_t);

/* @size bytes of what arena_prepare() reserved. */
void *arena_take(struct setup_reading *reading, size_t size)
{
	struct buffer *arena = reading->arena;
	size_t padding = -arena->len % arena_align;

	buffer_commit(arena, padding);
	buffer_commit(arena, size);
	return arena->data + arena->len - size;
}

size_t array_len(const struct json_value *array)
{
	struct json_reader r;
	size_t n = 0;

	json_reader_init(&r, array->text, array->len);
	json_reader_enter(&r);
	for (; json_reader_element(&r); n++)
		json_reader_skip(&r);
	return n;
}

/* An upper bound: no text becomes longer by unpacking it. */
static size_t room_needed(const struct param_value *values)
{
	const struct param_value *resident = &values[CREATE_RESIDENT];
	const struct param_value *files = &values[CREATE_FILES];
	size_t room = 4 * arena_align;

	if (values[CREATE_MAPS].given)
		room += values[CREATE_MAPS].raw.len;
	if (resident->given && resident->raw.kind == JSON_KIND_ARRAY)
		room += array_len(&resident->raw) *
			sizeof(struct resident_setup);
	if (files->given && files->raw.kind == JSON_KIND_ARRAY)
		room += array_len(&files->raw) * sizeof(struct file_setup) +
			files->raw.len;
	return room;
}

static bool is_short_enough(const char *name, const struct param_value *list,
			    size_t max, struct rpc_error *error)
{
	if (!list->given || list->raw.kind != JSON_KIND_ARRAY ||
	    array_len(&list->raw) <= max)
		return true;
	return error_set(error, ERROR_PARAMS_RANGE, name,
			 "%s may have at most %zu entries", name, max);
}

static bool arena_prepare(struct setup_reading *reading,
			  const struct param_value *values)
{
	struct rpc_error *error = reading->error;

	if (!is_short_enough("resident", &values[CREATE_RESIDENT],
			     RESIDENT_ENTRIES_MAX, error) ||
	    !is_short_enough("files", &values[CREATE_FILES], DESCRIPTORS_MAX,
			     error))
		return false;
	buffer_rewind(reading->arena, 0);
	if (buffer_reserve(reading->arena, room_needed(values)))
		return true;
	return error_set(error, ERROR_INTERNAL, NULL,
			 "the server has no memory left for the parameters; "
			 "nothing has changed, so try again later");
}

/* The characters of a string; unpacked only if it has escapes. */
const char *arena_text(struct setup_reading *reading,
		       const struct json_value *string, size_t *lenp)
{
	struct buffer *arena = reading->arena;
	const char *text;

	text = json_string_text(string, arena->data + arena->len, string->len,
				lenp);
	if (string->escaped)
		buffer_commit(arena, *lenp);
	return text;
}

/* ------------------------------------------------------------- the rest */

static bool read_profile(struct setup_reading *reading,
			 const struct json_value *value)
{
	struct rpc_error *error = reading->error;
	char scratch[16], list[128] = "";
	const struct kernel_profile *profile = NULL;
	struct param_quote quote;
	const char *text;
	size_t i, len = 0;

	if (!param_kind_is("profile", value, JSON_KIND_STRING, error))
		return false;
	text = json_string_text(value, scratch, sizeof(scratch), &len);
	if (text)
		profile = kernel_profile_find(text, len);
	if (profile) {
		reading->setup->profile = profile;
		return true;
	}
	for (i = 0; (profile = kernel_profile_at(i)); i++) {
		len = strlen(list);
		snprintf(list + len, sizeof(list) - len, "%s%s", i ? ", " : "",
			 profile->name);
	}
	return error_set(error, ERROR_PARAMS_VALUE, "profile",
			 "this version does not emulate the release \"%s\"; "
			 "it emulates %s",
			 param_quote(&quote, value), list);
}

static bool read_history(struct setup_reading *reading,
			 const struct json_value *value)
{
	if (value->kind == JSON_KIND_STRING && json_string_is(value, "all")) {
		reading->setup->history = HISTORY_ALL;
		return true;
	}
	if (value->kind == JSON_KIND_STRING)
		return error_set(reading->error, ERROR_PARAMS_VALUE, "history",
				 "history must be an integer or \"all\"");
	return param_count("history", value, 0, HISTORY_MAX,
			   &reading->setup->history, reading->error);
}

/* What params_read() left to us, in the order of the table. */
static bool read_objects(struct setup_reading *reading,
			 const struct param_value *values)
{
	static const struct {
		enum process_create_param param;
		bool (*read)(struct setup_reading *, const struct json_value *);
	} readers[] = {
		{ CREATE_PROFILE, read_profile },
		{ CREATE_MAPS, setup_read_maps },
		{ CREATE_MM, setup_read_mm },
		{ CREATE_RESIDENT, setup_read_resident },
		{ CREATE_RLIMITS, setup_read_rlimits },
		{ CREATE_SYSCTL, setup_read_sysctl },
		{ CREATE_FILES, setup_read_files },
		{ CREATE_HISTORY, read_history },
	};
	size_t i;

	for (i = 0; i < sizeof(readers) / sizeof(readers[0]); i++) {
		const struct param_value *value = &values[readers[i].param];

		if (value->given && !readers[i].read(reading, &value->raw))
			return false;
	}
	return true;
}

bool process_setup_read(struct call *call, struct process_setup *setup)
{
	const struct param_value *values = call->values;
	struct setup_reading reading = {
		.setup = setup,
		.arena = &call->service->arena,
		.error = &call->error,
	};

	process_setup_init(setup);
	setup->vmacache_stale = values[CREATE_VMACACHE].number;
	setup->mem_total_kb = values[CREATE_MEM_TOTAL_KB].number;
	setup->committed_kb = values[CREATE_COMMITTED_KB].number;
	setup->committed_given = values[CREATE_COMMITTED_KB].given;
	setup->uid = (uint32_t)values[CREATE_UID].number;
	setup->seed = values[CREATE_SEED].number;
	return arena_prepare(&reading, values) &&
	       read_objects(&reading, values);
}
