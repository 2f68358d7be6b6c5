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
HOT APART static unsigned find_param(const struct params_plan *plan,
				     unsigned next,
				     const struct json_index *index,
				     const struct json_item *item)
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

/* Of how many items of @params the memo tells what they were in the call
 * before. Its index must be as it was, and its call that of the row before. */
static unsigned known_items(const struct params_memo *memo,
			    const struct params_plan *plan,
			    const struct json_index *index,
			    const struct json_item *params)
{
	return memo->plan == plan && memo->stamp == index->stamp &&
			       memo->params == params - index->row->name
		       ? memo->nr
		       : 0;
}

/* Which parameter the item is, @next in the table's order; plan->nr: none, and
 * @error says so. */
static inline unsigned which_param(const char *method,
				   const struct params_plan *plan,
				   const struct json_index *index,
				   const struct json_item *item, bool by_name,
				   unsigned next, struct rpc_error *error)
{
	/* Clients mostly keep to that order. */
	if (by_name &&
	    (next >= plan->nr || !is_named(plan, next, index, item))) {
		next = find_param(plan, next, index, item);
		if (next == plan->nr)
			refuse_stranger(method, plan, index, item, error);
	} else if (next == plan->nr) {
		refuse_count(method, plan, error);
	}
	return next;
}

/* @givenp: out: bits by index. */
static bool read_given(const char *method, const struct params_plan *plan,
		       const struct json_index *index,
		       const struct json_item *params, struct params_memo *memo,
		       struct param_value *values, uint32_t *givenp,
		       struct rpc_error *error)
{
	const unsigned known = known_items(memo, plan, index, params);
	const bool by_name = params->value.kind == JSON_KIND_OBJECT;
	const unsigned level = params->level + 1u;
	const struct json_item *item;
	uint32_t given = 0;
	unsigned i = 0, nr = 0;

	memo->plan = NULL;
	for (item = params + 1; item->level == level;
	     item = json_item_next(item), i++, nr++) {
		if (item->repeats && nr < known) {
			i = memo->which[nr];
			given |= 1u << i;
			values[i].given = true;
			values[i].number = memo->numbers[nr];
			values[i].raw = item->value;
			continue;
		}
		i = which_param(method, plan, index, item, by_name, i, error);
		if (i == plan->nr || !take_param(plan, i, item, values, error))
			return false;
		given |= 1u << i;
		memo->which[nr] = (uint8_t)i;
		memo->numbers[nr] = values[i].number;
	}
	memo->plan = plan;
	memo->stamp = index->stamp;
	memo->params = params;
	memo->nr = nr;
	*givenp = given;
	return true;
}

HOT bool params_read(const char *method, const struct params_plan *plan,
		     const struct json_index *index,
		     const struct json_item *params, struct params_memo *memo,
		     struct param_value *values, struct rpc_error *error)
{
	uint32_t given = 0, missing;
	unsigned i;

	if (params && !read_given(method, plan, index, params, memo, values,
				  &given, error))
		return false;
	missing = ~given & plan->all;
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
	struct params_memo memo;

	memo.plan = NULL;
	if (params->text)
		json_index_resume(index, params->text, params->len,
				  params->text, 1);
	return params_read(method, plan, index,
			   params->text ? json_index_row(index) : NULL, &memo,
			   values, error);
}
