/* SPDX-License-Identifier: MIT */
/*
 * Parameters by their kind: words, texts, parts that are wanted
 */
#include <inttypes.h>
#include <string.h>

#include "proto/rpc/param_parts.h"
#include "proto/rpc/retry_store.h"
#include "proto/rpc/snapshot.h"

bool param_word(const char *name, const char *const *words,
		const struct json_value *value, uint64_t *out,
		struct rpc_error *error)
{
	struct name_list list = { .len = 0 };
	struct param_quote quote;
	uint64_t i;

	if (!param_kind_is(name, value, JSON_KIND_STRING, error))
		return false;
	for (i = 0; words[i]; i++) {
		if (json_string_equals(value, words[i], strlen(words[i]))) {
			*out = i;
			return true;
		}
	}
	for (i = 0; words[i]; i++)
		name_list_add(&list, words[i]);
	return error_set(error, ERROR_PARAMS_VALUE, name,
			 "%s \"%s\" is not one of: %s", name,
			 param_quote(&quote, value), list.text);
}

static bool param_bool(const char *name, const struct json_value *value,
		       uint64_t *out, struct rpc_error *error)
{
	*out = value->kind == JSON_KIND_TRUE;
	if (*out || value->kind == JSON_KIND_FALSE)
		return true;
	return error_set(error, ERROR_PARAMS_TYPE, name,
			 "%s must be true or false, but is %s", name,
			 json_kind_name(value->kind));
}

static bool param_text(const struct param_def *def,
		       const struct json_value *value, struct rpc_error *error)
{
	/* Escapes only make it longer: a bound for the cheap judgement. */
	size_t len = value->len - 2;
	char scratch[4096];
	const char *text;

	if (!param_kind_is(def->name, value, JSON_KIND_STRING, error))
		return false;
	text = json_string_text(value, scratch, sizeof(scratch), &len);
	if (!text || len < def->min || len > def->max)
		return error_set(error, ERROR_PARAMS_RANGE, def->name,
				 "%s must have from %" PRIu64 " to %" PRIu64
				 " bytes",
				 def->name, def->min, def->max);
	if (memchr(text, '\0', len))
		return error_set(error, ERROR_PARAMS_VALUE, def->name,
				 "%s must not contain a NUL", def->name);
	return true;
}

static bool param_retry_key(const char *name, const struct json_value *value,
			    struct rpc_error *error)
{
	char scratch[RETRY_KEY_MAX];
	const char *text;
	size_t len = 0, i;

	if (!param_kind_is(name, value, JSON_KIND_STRING, error))
		return false;
	text = json_string_text(value, scratch, sizeof(scratch), &len);
	for (i = 0; text && i < len; i++)
		if (text[i] < '!' || text[i] > '~')
			text = NULL;
	if (text && len && len <= RETRY_KEY_MAX)
		return true;
	return error_set(error, ERROR_PARAMS_VALUE, name,
			 "%s must have 1 to %d visible ASCII characters; a "
			 "UUID is a good one",
			 name, RETRY_KEY_MAX);
}

static bool find_part(const struct json_value *name, unsigned *partp)
{
	unsigned part;

	for (part = 0; part < PART_NR; part++) {
		const char *known = snapshot_part_names[part];

		if (!json_string_equals(name, known, strlen(known)))
			continue;
		*partp = part;
		return true;
	}
	return false;
}

COLD static bool refuse_part(const char *name, const struct json_value *part,
			     struct rpc_error *error)
{
	struct name_list list = { .len = 0 };
	struct param_quote quote;
	unsigned i;

	for (i = 0; i < PART_NR; i++)
		name_list_add(&list, snapshot_part_names[i]);
	return error_set(error, ERROR_PARAMS_VALUE, name,
			 "%s: there is no part \"%s\"; the parts are %s", name,
			 param_quote(&quote, part), list.text);
}

HOT APART static bool param_wanted(const char *name,
				   const struct json_value *value,
				   uint64_t *out, struct rpc_error *error)
{
	struct json_reader r;
	struct json_value element;
	unsigned part;

	if (!param_kind_is(name, value, JSON_KIND_ARRAY, error))
		return false;
	*out = 0;
	json_reader_init(&r, value->text, value->len);
	json_reader_enter(&r);
	while (json_reader_element(&r)) {
		json_reader_value(&r, &element);
		if (element.kind != JSON_KIND_STRING)
			return error_set(
				error, ERROR_PARAMS_TYPE, name,
				"%s must be an array of strings; %s is "
				"in it",
				name, json_kind_name(element.kind));
		if (!find_part(&element, &part))
			return refuse_part(name, &element, error);
		*out |= 1u << part;
	}
	return true;
}

bool param_read(const struct param_def *def, struct param_value *value,
		struct rpc_error *error)
{
	const struct json_value *raw = &value->raw;

	switch (def->kind) {
	case PARAM_PROCESS:
		return param_kind_is(def->name, raw, JSON_KIND_STRING, error);
	case PARAM_WANT:
		/* Mostly nothing: []. */
		value->number = 0;
		return (raw->kind == JSON_KIND_ARRAY && raw->len == 2) ||
		       param_wanted(def->name, raw, &value->number, error);
	case PARAM_LANG:
		if (!param_word(def->name, def->words, raw, &value->number,
				error))
			return false;
		value->number += LANG_EN;
		return true;
	case PARAM_THREAD:
	case PARAM_COUNT:
		return param_count(def->name, raw, def->min, def->max,
				   &value->number, error);
	case PARAM_ADDRESS:
		if (!param_address(def->name, raw, &value->number, error))
			return false;
		if (def->max &&
		    (value->number < def->min || value->number > def->max))
			return error_set(error, ERROR_PARAMS_RANGE, def->name,
					 "%s must be from %" PRIu64
					 " to %" PRIu64 ", but is %" PRIu64,
					 def->name, def->min, def->max,
					 value->number);
		return true;
	case PARAM_FLAGS:
	case PARAM_INT_FLAGS:
		if (!param_flags(def->name, def->flags, raw, &value->number,
				 error))
			return false;
		if (def->kind == PARAM_INT_FLAGS)
			value->number &= UINT32_MAX;
		return true;
	case PARAM_BOOL:
		return param_bool(def->name, raw, &value->number, error);
	case PARAM_FD:
		return param_fd(def->name, raw, &value->number, error);
	case PARAM_WORD:
		return param_word(def->name, def->words, raw, &value->number,
				  error);
	case PARAM_TEXT:
		return param_text(def, raw, error);
	case PARAM_RETRY_KEY:
		return param_retry_key(def->name, raw, error);
	case PARAM_ANY:
		return true;
	}
	return true;
}
