/* SPDX-License-Identifier: MIT */
#include "proto/rpc/params.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "proto/rpc/flag_names.h"
#include "proto/rpc/retry_store.h"
#include "proto/rpc/snapshot.h"

#define COLD __attribute__((noinline, cold))

/* Longer strings are no numbers and no flags. */
#define NUMBER_TEXT_MAX 512

/* Names joined for a message: "a, b, c", with "..." for what is too much. */
struct name_list {
	char text[384];
	size_t len;
	bool is_cut;
};

static void name_list_add(struct name_list *list, const char *name)
{
	static const char more[] = ", ...";
	size_t room = sizeof(list->text) - list->len;
	int n;

	if (list->is_cut)
		return;
	list->is_cut = strlen(name) + 2 + sizeof(more) > room;
	if (list->is_cut)
		n = snprintf(list->text + list->len, room, "%s", more);
	else
		n = snprintf(list->text + list->len, room, "%s%s",
			     list->len ? ", " : "", name);
	list->len += (size_t)n;
}

const char *param_quote(struct param_quote *quote,
			const struct json_value *string)
{
	size_t len = string->len - 2, max = sizeof(quote->text) - 1;

	if (len <= max) {
		memcpy(quote->text, string->text + 1, len);
		quote->text[len] = '\0';
		return quote->text;
	}
	/* Cut between two characters of UTF-8. */
	max -= 3;
	while (max && ((unsigned char)string->text[1 + max] & 0xc0) == 0x80)
		max--;
	memcpy(quote->text, string->text + 1, max);
	memcpy(quote->text + max, "...", 4);
	return quote->text;
}

bool param_kind_is(const char *name, const struct json_value *value,
		   enum json_kind kind, struct rpc_error *error)
{
	if (value->kind == kind)
		return true;
	return error_set(error, ERROR_PARAMS_TYPE, name,
			 "%s must be %s, but is %s", name, json_kind_name(kind),
			 json_kind_name(value->kind));
}

/* ------------------------------------------------------------- numbers */

static bool refuse_number(const char *name, const struct json_value *value,
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
	if (string->len > NUMBER_TEXT_MAX)
		return NULL;
	return json_string_text(string, scratch, NUMBER_TEXT_MAX, lenp);
}

static bool refuse_digits(const char *name, const struct json_value *value,
			  const char *text, size_t len, struct rpc_error *error)
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

static __attribute__((noinline)) bool
param_any_address(const char *name, const struct json_value *value,
		  uint64_t *out, struct rpc_error *error)
{
	char scratch[NUMBER_TEXT_MAX];
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

bool param_address(const char *name, const struct json_value *value,
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
	char scratch[NUMBER_TEXT_MAX];
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

static bool refuse_flags(const char *name, const struct flag_name *flags,
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
	char scratch[NUMBER_TEXT_MAX];
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

/* --------------------------------------------------------------- words */

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

static bool refuse_part(const char *name, const struct json_value *part,
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

static __attribute__((noinline)) bool
param_wanted(const char *name, const struct json_value *value, uint64_t *out,
	     struct rpc_error *error)
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

/* ----------------------------------------------------------- the table */

static __attribute__((noinline)) bool param_read(const struct param_def *def,
						 struct param_value *value,
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
		value->number += STEP_LANG_EN;
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

static uint32_t at_most(uint64_t number, uint32_t most)
{
	return number < most ? (uint32_t)number : most;
}

/* A non-negative int is itself as any integer, and however it is cut. */
static void plan_numbers(struct params_plan *plan, unsigned i)
{
	const struct param_def *def = &plan->defs[i];

	plan->least[i] = 0;
	plan->most[i] = INT32_MAX;
	switch (def->kind) {
	case PARAM_ADDRESS:
		if (!def->max)
			break;
		/* fall through */
	case PARAM_THREAD:
	case PARAM_COUNT:
		plan->least[i] = at_most(def->min, UINT32_MAX);
		plan->most[i] = at_most(def->max, INT32_MAX);
		break;
	case PARAM_FLAGS:
	case PARAM_INT_FLAGS:
	case PARAM_FD:
		break;
	default:
		plan->least[i] = 1;
		plan->most[i] = 0;
		break;
	}
}

void params_plan_init(struct params_plan *plan, const struct param_def *defs,
		      unsigned nr)
{
	unsigned i;

	*plan = (struct params_plan){ .defs = defs, .nr = nr };
	for (i = 0; i < nr; i++) {
		const size_t len = strlen(defs[i].name);

		plan->keys[i] = json_key(defs[i].name, len);
		plan->lens[i] = (uint8_t)len;
		plan->required |= (uint32_t)defs[i].required << i;
		plan->fallback[i] = defs[i].fallback;
		plan_numbers(plan, i);
	}
}

static void list_params(const struct params_plan *plan, struct name_list *list)
{
	unsigned i;

	*list = (struct name_list){ .len = 0 };
	for (i = 0; i < plan->nr; i++)
		name_list_add(list, plan->defs[i].name);
}

static inline bool is_named(const struct params_plan *plan, unsigned i,
			    const struct json_index *index,
			    const struct json_item *item)
{
	if (item->key != plan->keys[i])
		return false;
	/* Of a short name the key says it all. */
	return plan->lens[i] < 8 ||
	       json_item_named(index, item, plan->keys[i], plan->defs[i].name,
			       plan->lens[i]);
}

/* Which one it is, @next being tried already; plan->nr: none. */
static __attribute__((noinline)) unsigned
find_param(const struct params_plan *plan, unsigned next,
	   const struct json_index *index, const struct json_item *item)
{
	unsigned i;

	for (i = next + 1; i < plan->nr; i++)
		if (is_named(plan, i, index, item))
			return i;
	for (i = 0; i < next; i++)
		if (is_named(plan, i, index, item))
			return i;
	return plan->nr;
}

COLD static bool refuse_stranger(const char *method,
				 const struct params_plan *plan,
				 const struct json_index *index,
				 const struct json_item *item,
				 struct rpc_error *error)
{
	struct name_list list;
	struct param_quote quote;
	struct json_value name;

	list_params(plan, &list);
	json_item_name(index, item, &name);
	param_quote(&quote, &name);
	return error_set(error, ERROR_PARAMS_UNKNOWN, quote.text,
			 "%s has no parameter \"%s\"; %s%s", method, quote.text,
			 plan->nr ? "it takes " : "it takes none",
			 plan->nr ? list.text : "");
}

COLD static bool refuse_count(const char *method,
			      const struct params_plan *plan,
			      struct rpc_error *error)
{
	struct name_list list;

	list_params(plan, &list);
	return error_set(error, ERROR_PARAMS_COUNT, NULL,
			 "%s takes at most %u parameters by position%s%s",
			 method, plan->nr, plan->nr ? ": " : "", list.text);
}

COLD static bool refuse_missing(const char *method,
				const struct params_plan *plan, unsigned i,
				struct rpc_error *error)
{
	struct name_list list;

	list_params(plan, &list);
	return error_set(error, ERROR_PARAMS_MISSING, plan->defs[i].name,
			 "%s needs the parameter \"%s\"; it takes %s", method,
			 plan->defs[i].name, list.text);
}

/* Is it a few digits, and as a number within those bounds? */
static inline bool read_digits(const struct json_value *raw, uint32_t least,
			       uint32_t most, uint64_t *out)
{
	const char *p = raw->text, *end = p + raw->len;
	uint64_t number = 0;

	if (raw->kind != JSON_KIND_NUMBER || raw->len > 10)
		return false;
	do {
		const unsigned digit = (unsigned char)(*p - '0');

		if (digit > 9)
			return false;
		number = number * 10 + digit;
	} while (++p < end);
	*out = number;
	return number >= least && number <= most;
}

/* The value of the item is that of parameter @i. */
static inline bool take_param(const struct params_plan *plan, unsigned i,
			      const struct json_item *item,
			      struct param_value *values,
			      struct rpc_error *error)
{
	struct param_value *value = &values[i];

	value->given = true;
	value->raw = item->value;
	return read_digits(&item->value, plan->least[i], plan->most[i],
			   &value->number) ||
	       param_read(&plan->defs[i], value, error);
}

/* @givenp: out: bits by index. */
static bool read_by_name(const char *method, const struct params_plan *plan,
			 const struct json_index *index,
			 const struct json_item *params,
			 struct param_value *values, uint32_t *givenp,
			 struct rpc_error *error)
{
	const unsigned level = params->level + 1u;
	const struct json_item *item;
	uint32_t given = 0;
	unsigned i = 0;

	/* Clients mostly keep to the table's order. */
	for (item = params + 1; item->level == level;
	     item = json_item_next(item), i++) {
		if (i >= plan->nr || !is_named(plan, i, index, item)) {
			i = find_param(plan, i, index, item);
			if (i == plan->nr)
				return refuse_stranger(method, plan, index,
						       item, error);
		}
		given |= 1u << i;
		if (!take_param(plan, i, item, values, error))
			return false;
	}
	*givenp = given;
	return true;
}

static bool read_by_position(const char *method, const struct params_plan *plan,
			     const struct json_item *params,
			     struct param_value *values, uint32_t *givenp,
			     struct rpc_error *error)
{
	const unsigned level = params->level + 1u;
	const struct json_item *item;
	unsigned i = 0;

	for (item = params + 1; item->level == level;
	     item = json_item_next(item), i++) {
		if (i == plan->nr)
			return refuse_count(method, plan, error);
		if (!take_param(plan, i, item, values, error))
			return false;
	}
	*givenp = (uint32_t)((1ULL << i) - 1);
	return true;
}

bool params_read(const char *method, const struct params_plan *plan,
		 const struct json_index *index, const struct json_item *params,
		 struct param_value *values, struct rpc_error *error)
{
	uint32_t given = 0, missing;
	unsigned i;

	if (params && params->value.kind == JSON_KIND_OBJECT) {
		if (!read_by_name(method, plan, index, params, values, &given,
				  error))
			return false;
	} else if (params) {
		if (!read_by_position(method, plan, params, values, &given,
				      error))
			return false;
	}
	missing = ~given & (uint32_t)((1ULL << plan->nr) - 1);
	if (missing & plan->required)
		return refuse_missing(
			method, plan,
			(unsigned)__builtin_ctz(missing & plan->required),
			error);
	for (; missing; missing &= missing - 1) {
		i = (unsigned)__builtin_ctz(missing);
		values[i].given = false;
		values[i].number = plan->fallback[i];
	}
	return true;
}

bool params_read_text(const char *method, const struct params_plan *plan,
		      struct json_index *index, const struct json_value *params,
		      struct param_value *values, struct rpc_error *error)
{
	if (params->text)
		json_index_resume(index, params->text, params->len,
				  params->text, 1);
	return params_read(method, plan, index,
			   params->text ? json_index_row(index) : NULL, values,
			   error);
}
