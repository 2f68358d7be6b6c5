/* SPDX-License-Identifier: MIT */
/*
 * Parameters that are objects of numbers: mm, rlimits, sysctl
 */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "proto/rpc/setup_parts.h"

enum number_form {
	NUMBER_ADDRESS, /* an integer or a string */
	NUMBER_COUNT,   /* an integer */
	NUMBER_LIMIT,   /* as an address, or -1 for infinity */
};

struct number_field {
	const char *name;
	enum number_form form;
	uint64_t max; /* of counts */
};

static bool read_number(const struct number_field *field, const char *name,
			const struct json_value *value, uint64_t *out,
			struct rpc_error *error)
{
	int64_t negative;

	if (field->form == NUMBER_COUNT)
		return param_count(name, value, 0, field->max, out, error);
	if (field->form == NUMBER_LIMIT && value->kind == JSON_KIND_NUMBER &&
	    !json_number_i64(value, &negative) && negative == -1) {
		*out = RLIM_INFINITY;
		return true;
	}
	return param_address(name, value, out, error);
}

static bool refuse_field(const char *object, const struct number_field *fields,
			 size_t nr, const struct json_value *key,
			 struct rpc_error *error)
{
	char name[ERROR_PARAM_MAX], list[256];
	struct param_quote quote;
	size_t i, len = 0;

	for (i = 0; i < nr; i++)
		len += (size_t)snprintf(list + len, sizeof(list) - len, "%s%s",
					i ? ", " : "", fields[i].name);
	snprintf(name, sizeof(name), "%s.%s", object, param_quote(&quote, key));
	return error_set(error, ERROR_PARAMS_UNKNOWN, name,
			 "%s has no member \"%s\"; it has %s", object,
			 quote.text, list);
}

/* An object of numbers: out[i] and bit i of *givenp, by the index in fields. */
static bool read_numbers(const char *object, const struct number_field *fields,
			 size_t nr, const struct json_value *value,
			 uint64_t *out, uint32_t *givenp,
			 struct rpc_error *error)
{
	char name[ERROR_PARAM_MAX];
	struct json_value key, number;
	struct json_reader r;
	size_t i;

	if (!param_kind_is(object, value, JSON_KIND_OBJECT, error))
		return false;
	json_reader_init(&r, value->text, value->len);
	json_reader_enter(&r);
	while (json_reader_member(&r, &key)) {
		for (i = 0; i < nr; i++)
			if (json_string_equals(&key, fields[i].name,
					       strlen(fields[i].name)))
				break;
		if (i == nr)
			return refuse_field(object, fields, nr, &key, error);
		json_reader_value(&r, &number);
		snprintf(name, sizeof(name), "%s.%s", object, fields[i].name);
		if (!read_number(&fields[i], name, &number, &out[i], error))
			return false;
		*givenp |= 1u << i;
	}
	return true;
}

/* What core/world takes: a number beyond it is refused by its name. */
#define PAGES_MAX (TASK_SIZE >> PAGE_SHIFT)
#define KB_MAX    (1ULL << 50)
#define GAP_MAX   (1ULL << 20)

static const struct number_field mm_fields[MM_NR_FIELDS] = {
	[MM_START_CODE] = { "start_code", NUMBER_ADDRESS, 0 },
	[MM_END_CODE] = { "end_code", NUMBER_ADDRESS, 0 },
	[MM_START_DATA] = { "start_data", NUMBER_ADDRESS, 0 },
	[MM_END_DATA] = { "end_data", NUMBER_ADDRESS, 0 },
	[MM_START_BRK] = { "start_brk", NUMBER_ADDRESS, 0 },
	[MM_BRK] = { "brk", NUMBER_ADDRESS, 0 },
	[MM_START_STACK] = { "start_stack", NUMBER_ADDRESS, 0 },
	[MM_MMAP_BASE] = { "mmap_base", NUMBER_ADDRESS, 0 },
	[MM_ARG_START] = { "arg_start", NUMBER_ADDRESS, 0 },
	[MM_ARG_END] = { "arg_end", NUMBER_ADDRESS, 0 },
	[MM_ENV_START] = { "env_start", NUMBER_ADDRESS, 0 },
	[MM_ENV_END] = { "env_end", NUMBER_ADDRESS, 0 },
	[MM_HIWATER_VM] = { "hiwater_vm", NUMBER_COUNT, PAGES_MAX },
	[MM_HIWATER_RSS] = { "hiwater_rss", NUMBER_COUNT, PAGES_MAX },
};

bool setup_read_mm(struct setup_reading *reading,
		   const struct json_value *value)
{
	struct process_setup *setup = reading->setup;

	return read_numbers("mm", mm_fields, MM_NR_FIELDS, value, setup->mm,
			    &setup->mm_given, reading->error);
}

bool setup_read_rlimits(struct setup_reading *reading,
			const struct json_value *value)
{
	static const struct number_field fields[] = {
		[RLIMIT_AS] = { "as", NUMBER_LIMIT, 0 },
		[RLIMIT_DATA] = { "data", NUMBER_LIMIT, 0 },
		[RLIMIT_STACK] = { "stack", NUMBER_LIMIT, 0 },
		[RLIMIT_MEMLOCK] = { "memlock", NUMBER_LIMIT, 0 },
	};
	struct process_setup *setup = reading->setup;
	struct rlimits *limits = &setup->rlimits;
	uint64_t numbers[4];

	if (!read_numbers("rlimits", fields, 4, value, numbers,
			  &setup->rlimits_given, reading->error))
		return false;
	if (setup->rlimits_given & 1u << RLIMIT_AS)
		limits->as = numbers[RLIMIT_AS];
	if (setup->rlimits_given & 1u << RLIMIT_DATA)
		limits->data = numbers[RLIMIT_DATA];
	if (setup->rlimits_given & 1u << RLIMIT_STACK)
		limits->stack = numbers[RLIMIT_STACK];
	if (setup->rlimits_given & 1u << RLIMIT_MEMLOCK)
		limits->memlock = numbers[RLIMIT_MEMLOCK];
	return true;
}

bool setup_read_sysctl(struct setup_reading *reading,
		       const struct json_value *value)
{
	static const struct number_field fields[] = {
		[SYSCTL_MAX_MAP_COUNT] = { "max_map_count", NUMBER_COUNT,
					   INT_MAX },
		[SYSCTL_MMAP_MIN_ADDR] = { "mmap_min_addr", NUMBER_ADDRESS, 0 },
		[SYSCTL_OVERCOMMIT_MEMORY] = { "overcommit_memory",
					       NUMBER_COUNT, 2 },
		[SYSCTL_OVERCOMMIT_RATIO] = { "overcommit_ratio", NUMBER_COUNT,
					      INT_MAX },
		[SYSCTL_OVERCOMMIT_KBYTES] = { "overcommit_kbytes",
					       NUMBER_COUNT, KB_MAX },
		[SYSCTL_ADMIN_RESERVE_KBYTES] = { "admin_reserve_kbytes",
						  NUMBER_COUNT, KB_MAX },
		[SYSCTL_USER_RESERVE_KBYTES] = { "user_reserve_kbytes",
						 NUMBER_COUNT, KB_MAX },
		[SYSCTL_LEGACY_VA_LAYOUT] = { "legacy_va_layout", NUMBER_COUNT,
					      1 },
		[SYSCTL_STACK_GUARD_GAP] = { "stack_guard_gap", NUMBER_COUNT,
					     GAP_MAX },
	};
	enum {
		NR = sizeof(fields) / sizeof(fields[0])
	};
	struct process_setup *setup = reading->setup;
	uint64_t numbers[NR];
	int i;

	if (!read_numbers("sysctl", fields, NR, value, numbers,
			  &setup->sysctl_given, reading->error))
		return false;
	for (i = 0; i < NR; i++)
		if (setup->sysctl_given & 1u << i)
			sysctl_set(&setup->sysctl, i, numbers[i]);
	return true;
}
