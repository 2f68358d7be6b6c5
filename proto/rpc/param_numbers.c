/* SPDX-License-Identifier: MIT */
/*
 * Parameters that are numbers, or flags by their names
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "proto/rpc/flag_names.h"
#include "proto/rpc/param_parts.h"

COLD static bool refuse_number(const char *name, const struct json_value *value,
			       enum json_fit fit, const char *wanted,
			       struct rpc_error *error)
{
	if (fit == JSON_FIT_FRACTION)
		return error_set(error, ERROR_PARAMS_TYPE, name,
				 "%s must be an integer, written without a "
				 "fraction or an exponent",
				 name);
	return error_set(error, ERROR_PARAMS_RANGE, name,
			 "%s must be %s, but is %.*s%s", name, wanted,
			 value->len > 40 ? 40 : (int)value->len, value->text,
			 value->len > 40 ? "..." : "");
}

/* The characters of a string that may hold a number or flags. */
static const char *short_text(const struct json_value *string, char *scratch,
			      size_t *lenp)
{
	if (string->len > PARAM_NUMBER_MAX)
		return NULL;
	return json_string_text(string, scratch, PARAM_NUMBER_MAX, lenp);
}

COLD static bool refuse_digits(const char *name, const struct json_value *value,
			       const char *text, size_t len,
			       struct rpc_error *error)
{
	struct param_quote quote;

	if (text && number_is_digits(text, len))
		return error_set(error, ERROR_PARAMS_RANGE, name,
				 "%s must fit 64 bits, but is %s", name,
				 param_quote(&quote, value));
	return error_set(error, ERROR_PARAMS_VALUE, name,
			 "%s must be an integer, or a string with a decimal or "
			 "0x number; \"%s\" is neither",
			 name, param_quote(&quote, value));
}

APART static bool param_any_address(const char *name,
				    const struct json_value *value,
				    uint64_t *out, struct rpc_error *error)
{
	char scratch[PARAM_NUMBER_MAX];
	const char *text;
	enum json_fit fit;
	size_t len = 0;

	if (value->kind == JSON_KIND_NUMBER) {
		fit = json_number_u64(value, out);
		return !fit || refuse_number(name, value, fit,
					     "from 0 to 2^64-1", error);
	}
	if (value->kind != JSON_KIND_STRING)
		return error_set(error, ERROR_PARAMS_TYPE, name,
				 "%s must be an integer, or a string with a "
				 "decimal or 0x number, but is %s",
				 name, json_kind_name(value->kind));
	text = short_text(value, scratch, &len);
	return (text && number_parse(text, len, out)) ||
	       refuse_digits(name, value, text, len, error);
}

HOT bool param_address(const char *name, const struct json_value *value,
		       uint64_t *out, struct rpc_error *error)
{
	/* Mostly that settles it. */
	if (value->kind == JSON_KIND_STRING && !value->escaped &&
	    number_parse(value->text + 1, value->len - 2, out))
		return true;
	return param_any_address(name, value, out, error);
}

bool param_count(const char *name, const struct json_value *value, uint64_t min,
		 uint64_t max, uint64_t *out, struct rpc_error *error)
{
	char wanted[64];
	enum json_fit fit;

	if (value->kind != JSON_KIND_NUMBER)
		return error_set(error, ERROR_PARAMS_TYPE, name,
				 "%s must be an integer, but is %s", name,
				 json_kind_name(value->kind));
	fit = json_number_u64(value, out);
	if (!fit && *out >= min && *out <= max)
		return true;
	snprintf(wanted, sizeof(wanted), "from %" PRIu64 " to %" PRIu64, min,
		 max);
	return refuse_number(name, value, fit, wanted, error);
}

/* An integer of up to 64 bits, with or without a sign. */
static bool param_bits(const char *name, const struct json_value *value,
		       uint64_t *out, struct rpc_error *error)
{
	enum json_fit fit = json_number_u64(value, out);
	int64_t negative;

	if (fit == JSON_FIT_BELOW) {
		fit = json_number_i64(value, &negative);
		*out = (uint64_t)negative;
	}
	if (fit)
		return refuse_number(name, value, fit, "from -2^63 to 2^64-1",
				     error);
	return true;
}

bool param_fd(const char *name, const struct json_value *value, uint64_t *out,
	      struct rpc_error *error)
{
	char scratch[PARAM_NUMBER_MAX];
	const char *text;
	size_t len;

	if (value->kind == JSON_KIND_STRING) {
		text = short_text(value, scratch, &len);
		if (text && len == 2 && !memcmp(text, "-1", 2))
			*out = UINT64_MAX;
		else if (!text || !number_parse(text, len, out))
			return refuse_digits(name, value, text, len, error);
	} else if (value->kind == JSON_KIND_NUMBER) {
		if (!param_bits(name, value, out, error))
			return false;
	} else {
		return error_set(error, ERROR_PARAMS_TYPE, name,
				 "%s must be an integer, -1 for none, but is "
				 "%s",
				 name, json_kind_name(value->kind));
	}
	*out = (uint64_t)(int64_t)(int32_t)*out;
	return true;
}

COLD static bool refuse_flags(const char *name, const struct flag_name *flags,
			      const struct flag_fault *fault,
			      struct rpc_error *error)
{
	struct name_list list = { .len = 0 };

	for (; flags->name; flags++)
		name_list_add(&list, flags->name);
	return error_set(
		error, ERROR_PARAMS_VALUE, name, "%s: \"%.*s\" is %s%s", name,
		fault->len > 40 ? 40 : (int)fault->len, fault->text,
		list.len ? "neither a number nor one of " : "no number",
		list.text);
}

bool param_flags(const char *name, const struct flag_name *flags,
		 const struct json_value *value, uint64_t *out,
		 struct rpc_error *error)
{
	char scratch[PARAM_NUMBER_MAX];
	struct flag_fault fault;
	const char *text;
	size_t len;

	if (value->kind == JSON_KIND_NUMBER)
		return param_bits(name, value, out, error);
	if (value->kind != JSON_KIND_STRING)
		return error_set(error, ERROR_PARAMS_TYPE, name,
				 "%s must be an integer, or a string of names "
				 "and numbers joined by '|', but is %s",
				 name, json_kind_name(value->kind));
	text = short_text(value, scratch, &len);
	if (!text)
		return error_set(error, ERROR_PARAMS_VALUE, name,
				 "%s is longer than any sum of flags", name);
	return flags_parse(flags, text, len, out, &fault) ||
	       refuse_flags(name, flags, &fault, error);
}
