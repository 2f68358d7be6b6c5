/* SPDX-License-Identifier: MIT */
/*
 * A call's parameters by its method's table
 */
#include "proto/rpc/params.h"

#include <string.h>

#include "proto/rpc/param_parts.h"

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

	*plan = (struct params_plan){
		.defs = defs,
		.nr = nr,
		.all = (uint32_t)((1ULL << nr) - 1),
	};
	for (i = 0; i < nr; i++) {
		const size_t len = strlen(defs[i].name);

		plan->keys[i] = json_key(defs[i].name, len);
		plan->lens[i] = (uint8_t)len;
		plan->required |= (uint32_t)defs[i].required << i;
		plan->fallback[i] = defs[i].fallback;
		plan_numbers(plan, i);
	}
}

/* The parameters of one call. */
struct reading {
	const char *method;
	const struct params_plan *plan;
	const struct json_index *index;
	const char *around; /* where what holds them begins */
	struct param_value *values;
	struct rpc_error *error;
};

static void list_params(const struct params_plan *plan, struct name_list *list)
{
	unsigned i;

	*list = (struct name_list){ .len = 0 };
	for (i = 0; i < plan->nr; i++)
		name_list_add(list, plan->defs[i].name);
}

static inline bool is_named(const struct reading *reading, unsigned i,
			    const struct json_item *item)
{
	const struct params_plan *plan = reading->plan;

	if (item->key != plan->keys[i])
		return false;
	/* Of a short name the key says it all. */
	return plan->lens[i] < 8 ||
	       json_item_named(reading->index, reading->around, item,
			       plan->keys[i], plan->defs[i].name,
			       plan->lens[i]);
}

/* Which one it is, @next being tried already; plan->nr: none. */
HOT APART static unsigned find_param(const struct reading *reading,
				     unsigned next,
				     const struct json_item *item)
{
	const unsigned nr = reading->plan->nr;
	unsigned i;

	for (i = next + 1; i < nr; i++)
		if (is_named(reading, i, item))
			return i;
	for (i = 0; i < next; i++)
		if (is_named(reading, i, item))
			return i;
	return nr;
}

COLD static bool refuse_stranger(const struct reading *reading,
				 const struct json_item *item)
{
	const struct params_plan *plan = reading->plan;
	struct name_list list;
	struct param_quote quote;
	struct json_value name;

	list_params(plan, &list);
	json_item_name(reading->index, reading->around, item, &name);
	param_quote(&quote, &name);
	return error_set(reading->error, ERROR_PARAMS_UNKNOWN, quote.text,
			 "%s has no parameter \"%s\"; %s%s", reading->method,
			 quote.text, plan->nr ? "it takes " : "it takes none",
			 plan->nr ? list.text : "");
}

COLD static bool refuse_count(const struct reading *reading)
{
	const unsigned nr = reading->plan->nr;
	struct name_list list;

	list_params(reading->plan, &list);
	return error_set(reading->error, ERROR_PARAMS_COUNT, NULL,
			 "%s takes at most %u parameters by position%s%s",
			 reading->method, nr, nr ? ": " : "", list.text);
}

COLD static bool refuse_missing(const struct reading *reading, unsigned i)
{
	const char *name = reading->plan->defs[i].name;
	struct name_list list;

	list_params(reading->plan, &list);
	return error_set(reading->error, ERROR_PARAMS_MISSING, name,
			 "%s needs the parameter \"%s\"; it takes %s",
			 reading->method, name, list.text);
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
static inline bool take_param(const struct reading *reading, unsigned i,
			      const struct json_item *item)
{
	const struct params_plan *plan = reading->plan;
	struct param_value *value = &reading->values[i];

	value->given = true;
	value->raw = json_item_value(reading->around, item);
	return read_digits(&value->raw, plan->least[i], plan->most[i],
			   &value->number) ||
	       param_read(&plan->defs[i], value, reading->error);
}

/* Which parameter the item is, @next in the table's order; plan->nr: none, and the
 * error says so. */
static inline unsigned which_param(const struct reading *reading,
				   const struct json_item *item, bool by_name,
				   unsigned next)
{
	const unsigned nr = reading->plan->nr;

	/* Clients mostly keep to that order. */
	if (by_name && (next >= nr || !is_named(reading, next, item))) {
		next = find_param(reading, next, item);
		if (next == nr)
			refuse_stranger(reading, item);
	} else if (next == nr) {
		refuse_count(reading);
	}
	return next;
}

/* @memo: knows so many items of the row before. @givenp: out: bits by index. */
static bool read_given(const struct reading *reading,
		       const struct json_item *params, struct params_memo *memo,
		       unsigned known, uint32_t *givenp)
{
	const bool by_name = params->kind == JSON_KIND_OBJECT;
	const struct json_item *item, *end = json_item_end(params);
	unsigned i = 0, nr = 0;

	for (item = json_item_inside(params); item < end;
	     item = json_item_next(item), i++, nr++) {
		if (item->repeats && nr < known) {
			i = memo->which[nr];
			reading->values[i].raw =
				json_item_value(reading->around, item);
		} else {
			i = which_param(reading, item, by_name, i);
			if (i == reading->plan->nr ||
			    !take_param(reading, i, item))
				return false;
			memo->which[nr] = (uint8_t)i;
		}
		*givenp |= 1u << i;
	}
	memo->nr = nr;
	return true;
}

static bool read_anew(const struct reading *reading,
		      const struct json_item *params, struct params_memo *memo,
		      unsigned known)
{
	const struct params_plan *plan = reading->plan;
	uint32_t given = 0, missing;
	unsigned i;

	memo->nr = 0;
	if (params && !read_given(reading, params, memo, known, &given))
		return false;
	missing = ~given & plan->all;
	if (missing & plan->required)
		return refuse_missing(
			reading,
			(unsigned)__builtin_ctz(missing & plan->required));
	for (; missing; missing &= missing - 1) {
		i = (unsigned)__builtin_ctz(missing);
		reading->values[i].given = false;
		reading->values[i].number = plan->fallback[i];
	}
	return true;
}

/* All values are what they were, and in the same text where they were read as well. */
static void know_all(const struct reading *reading,
		     const struct json_item *params,
		     const struct params_memo *memo)
{
	const struct json_item *item = json_item_inside(params);
	unsigned i;

	if (!json_row_is_first(reading->index))
		return;
	for (i = 0; i < memo->nr; i++, item = json_item_next(item))
		reading->values[memo->which[i]].raw =
			json_item_value(reading->around, item);
}

HOT bool params_read(const char *method, const struct params_plan *plan,
		     const struct json_index *index, const char *around,
		     const struct json_item *params, struct params_memo *memo,
		     struct param_value *values, struct rpc_error *error)
{
	const bool is_known = memo->plan == plan && memo->row == index->before;
	const struct reading reading = {
		.method = method,
		.plan = plan,
		.index = index,
		.around = params ? around + params->at : NULL,
		.values = values,
		.error = error,
	};

	memo->row = index->number;
	if (is_known && params && params->repeats) {
		know_all(&reading, params, memo);
		return true;
	}
	memo->plan = NULL;
	if (!read_anew(&reading, params, memo, is_known ? memo->nr : 0))
		return false;
	memo->plan = plan;
	return true;
}

bool params_read_text(const char *method, const struct params_plan *plan,
		      struct json_index *index, const struct json_value *params,
		      struct param_value *values, struct rpc_error *error)
{
	struct params_memo memo;

	memo.plan = NULL;
	if (params->text)
		json_index_resume(index, params->text, params->len,
				  params->text, 1);
	return params_read(method, plan, index, params->text,
			   params->text ? json_index_row(index) : NULL, &memo,
			   values, error);
}
