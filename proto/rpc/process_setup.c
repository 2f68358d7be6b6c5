/* SPDX-License-Identifier: MIT */
/*
 * process.create's parameters: from JSON to a process_setup
 *
 * What does not fit into the setup itself, because it is a list or has escapes,
 * is unpacked into the service's arena. Its room is reserved once, before the
 * first piece, so that pieces never move.
 */
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "proto/rpc/flag_names.h"
#include "proto/rpc/service.h"

/* Entries of resident: each is at least one page of RESIDENT_PAGES_MAX. */
#define RESIDENT_ENTRIES_MAX (1u << 18)
/* dev is "MAJOR:MINOR" in hex, as maps prints it. */
#define DEV_TEXT_MAX 16

struct reading {
	struct process_setup *setup;
	struct buffer *arena;
	struct rpc_error *error;
};

static const size_t arena_align = _Alignof(max_align_t);

/* @size bytes of what arena_prepare() reserved. */
static void *arena_take(struct reading *reading, size_t size)
{
	struct buffer *arena = reading->arena;
	size_t padding = -arena->len % arena_align;

	buffer_commit(arena, padding);
	buffer_commit(arena, size);
	return arena->data + arena->len - size;
}

static size_t count_elements(const struct json_value *array)
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
		room += count_elements(&resident->raw) *
			sizeof(struct resident_setup);
	if (files->given && files->raw.kind == JSON_KIND_ARRAY)
		room += count_elements(&files->raw) *
				sizeof(struct file_setup) +
			files->raw.len;
	return room;
}

static bool is_short_enough(const char *name, const struct param_value *list,
			    size_t max, struct rpc_error *error)
{
	if (!list->given || list->raw.kind != JSON_KIND_ARRAY ||
	    count_elements(&list->raw) <= max)
		return true;
	return error_set(error, ERROR_PARAMS_RANGE, name,
			 "%s may have at most %zu entries", name, max);
}

static bool arena_prepare(struct reading *reading,
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
static const char *text_take(struct reading *reading,
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

/* ------------------------------------------------- objects of numbers */

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

#define PAGES_MAX (1ULL << 52)

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

static bool read_mm(struct reading *reading, const struct json_value *value)
{
	struct process_setup *setup = reading->setup;

	return read_numbers("mm", mm_fields, MM_NR_FIELDS, value, setup->mm,
			    &setup->mm_given, reading->error);
}

static bool read_rlimits(struct reading *reading,
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

static bool read_sysctl(struct reading *reading, const struct json_value *value)
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
					       NUMBER_COUNT, UINT64_MAX },
		[SYSCTL_ADMIN_RESERVE_KBYTES] = { "admin_reserve_kbytes",
						  NUMBER_COUNT, UINT64_MAX },
		[SYSCTL_USER_RESERVE_KBYTES] = { "user_reserve_kbytes",
						 NUMBER_COUNT, UINT64_MAX },
		[SYSCTL_LEGACY_VA_LAYOUT] = { "legacy_va_layout", NUMBER_COUNT,
					      1 },
		[SYSCTL_STACK_GUARD_GAP] = { "stack_guard_gap", NUMBER_COUNT,
					     INT_MAX },
	};
	enum {
		NR = sizeof(fields) / sizeof(fields[0])
	};
	struct process_setup *setup = reading->setup;
	struct sysctl *sysctl = &setup->sysctl;
	uint64_t *const targets[NR] = {
		[SYSCTL_MAX_MAP_COUNT] = &sysctl->max_map_count,
		[SYSCTL_MMAP_MIN_ADDR] = &sysctl->mmap_min_addr,
		[SYSCTL_OVERCOMMIT_MEMORY] = &sysctl->overcommit_memory,
		[SYSCTL_OVERCOMMIT_RATIO] = &sysctl->overcommit_ratio,
		[SYSCTL_OVERCOMMIT_KBYTES] = &sysctl->overcommit_kbytes,
		[SYSCTL_ADMIN_RESERVE_KBYTES] = &sysctl->admin_reserve_kbytes,
		[SYSCTL_USER_RESERVE_KBYTES] = &sysctl->user_reserve_kbytes,
		[SYSCTL_LEGACY_VA_LAYOUT] = &sysctl->legacy_va_layout,
		[SYSCTL_STACK_GUARD_GAP] = &sysctl->stack_guard_gap,
	};
	uint64_t numbers[NR];
	int i;

	if (!read_numbers("sysctl", fields, NR, value, numbers,
			  &setup->sysctl_given, reading->error))
		return false;
	for (i = 0; i < NR; i++)
		if (setup->sysctl_given & 1u << i)
			*targets[i] = numbers[i];
	return true;
}

/* --------------------------------------------------------- maps, pages */

static bool read_maps(struct reading *reading, const struct json_value *value)
{
	struct buffer *arena = reading->arena;
	struct process_setup *setup = reading->setup;
	struct json_value line;
	struct json_reader r;

	if (value->kind == JSON_KIND_STRING) {
		setup->maps = text_take(reading, value, &setup->maps_len);
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

static bool read_resident(struct reading *reading,
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
	nr = count_elements(value);
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

/* --------------------------------------------------------------- files */

static bool read_file_text(struct reading *reading, const char *name,
			   const struct json_value *value, const char **textp,
			   uint32_t *lenp)
{
	size_t len = 0;

	if (!param_kind_is(name, value, JSON_KIND_STRING, reading->error))
		return false;
	*textp = text_take(reading, value, &len);
	if (!len || len > FILE_PATH_MAX || memchr(*textp, '\0', len))
		return error_set(reading->error, ERROR_PARAMS_VALUE, name,
				 "%s must have from 1 to %d bytes, and no NUL "
				 "among them",
				 name, FILE_PATH_MAX);
	*lenp = (uint32_t)len;
	return true;
}

/* One half of a device number: 1 to 4 hex digits. */
static bool parse_dev_half(const char *text, size_t len, uint16_t *out)
{
	char digits[8] = "0x";
	uint64_t number;

	if (!len || len > 4)
		return false;
	memcpy(digits + 2, text, len);
	if (!number_parse(digits, 2 + len, &number))
		return false;
	*out = (uint16_t)number;
	return true;
}

static bool read_dev(const char *name, const struct json_value *value,
		     struct file_setup *file, struct rpc_error *error)
{
	char scratch[DEV_TEXT_MAX];
	const char *text, *colon;
	size_t len = 0;

	if (!param_kind_is(name, value, JSON_KIND_STRING, error))
		return false;
	text = json_string_text(value, scratch, sizeof(scratch), &len);
	colon = text ? memchr(text, ':', len) : NULL;
	if (!colon ||
	    !parse_dev_half(text, (size_t)(colon - text), &file->dev_major) ||
	    !parse_dev_half(colon + 1, len - (size_t)(colon + 1 - text),
			    &file->dev_minor))
		return error_set(error, ERROR_PARAMS_VALUE, name,
				 "%s must be two hex numbers as maps prints "
				 "them, \"00:01\"",
				 name);
	file->dev_given = true;
	return true;
}

enum file_member {
	MEMBER_FD,
	MEMBER_NAME,
	MEMBER_SIZE,
	MEMBER_MODE,
	MEMBER_PATH,
	MEMBER_DEV,
	MEMBER_INODE,
};

static const char *const file_members[] = {
	"fd", "name", "size", "mode", "path", "dev", "inode", NULL,
};

static bool read_file_member(struct reading *reading, enum file_member member,
			     const char *name, const struct json_value *value,
			     struct file_setup *file)
{
	static const char *const modes[] = { "ro", "rw", "wo", NULL };
	struct rpc_error *error = reading->error;
	uint64_t number;

	switch (member) {
	case MEMBER_FD:
		if (!param_count(name, value, 0, INT32_MAX, &number, error))
			return false;
		file->fd = (int32_t)number;
		return true;
	case MEMBER_NAME:
		return read_file_text(reading, name, value, &file->name,
				      &file->name_len);
	case MEMBER_SIZE:
		if (!param_address(name, value, &file->size, error))
			return false;
		if (file->size > INT64_MAX)
			return error_set(error, ERROR_PARAMS_RANGE, name,
					 "%s must be below 2^63", name);
		return true;
	case MEMBER_MODE:
		if (!param_word(name, modes, value, &number, error))
			return false;
		file->mode = (enum file_mode)number;
		return true;
	case MEMBER_PATH:
		return read_file_text(reading, name, value, &file->path,
				      &file->path_len);
	case MEMBER_DEV:
		return read_dev(name, value, file, error);
	case MEMBER_INODE:
		file->inode_given = true;
		return param_count(name, value, 0, UINT64_MAX, &file->inode,
				   error);
	}
	return true;
}

static bool read_file(struct reading *reading, size_t index,
		      const struct json_value *value, struct file_setup *file)
{
	struct rpc_error *error = reading->error;
	char name[ERROR_PARAM_MAX];
	struct json_value key, member;
	struct json_reader r;
	uint64_t which;
	uint32_t seen = 0;

	snprintf(name, sizeof(name), "files[%zu]", index);
	if (!param_kind_is(name, value, JSON_KIND_OBJECT, error))
		return false;
	*file = (struct file_setup){ .mode = FILE_RW };
	json_reader_init(&r, value->text, value->len);
	json_reader_enter(&r);
	while (json_reader_member(&r, &key)) {
		snprintf(name, sizeof(name), "files[%zu]", index);
		if (!param_word(name, file_members, &key, &which, error)) {
			error->key = ERROR_PARAMS_UNKNOWN;
			return false;
		}
		snprintf(name, sizeof(name), "files[%zu].%s", index,
			 file_members[which]);
		json_reader_value(&r, &member);
		if (!read_file_member(reading, (enum file_member)which, name,
				      &member, file))
			return false;
		seen |= 1u << which;
	}
	if (!(seen & 1u << MEMBER_FD) || !(seen & 1u << MEMBER_NAME)) {
		snprintf(name, sizeof(name), "files[%zu].%s", index,
			 seen & 1u << MEMBER_FD ? "name" : "fd");
		return error_set(error, ERROR_PARAMS_MISSING, name,
				 "%s is missing; a file needs fd and name",
				 name);
	}
	return true;
}

static bool read_files(struct reading *reading, const struct json_value *value)
{
	struct process_setup *setup = reading->setup;
	struct json_value element;
	struct file_setup *file;
	struct json_reader r;
	size_t nr;

	if (!param_kind_is("files", value, JSON_KIND_ARRAY, reading->error))
		return false;
	nr = count_elements(value);
	file = arena_take(reading, nr * sizeof(*file));
	setup->files = file;
	setup->nr_files = nr;

	json_reader_init(&r, value->text, value->len);
	json_reader_enter(&r);
	for (nr = 0; json_reader_element(&r); nr++) {
		json_reader_value(&r, &element);
		if (!read_file(reading, nr, &element, &file[nr]))
			return false;
	}
	return true;
}

/* ------------------------------------------------------------- the rest */

static bool read_profile(struct reading *reading,
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

static bool read_history(struct reading *reading,
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
static bool read_objects(struct reading *reading,
			 const struct param_value *values)
{
	static const struct {
		enum process_create_param param;
		bool (*read)(struct reading *, const struct json_value *);
	} readers[] = {
		{ CREATE_PROFILE, read_profile },
		{ CREATE_MAPS, read_maps },
		{ CREATE_MM, read_mm },
		{ CREATE_RESIDENT, read_resident },
		{ CREATE_RLIMITS, read_rlimits },
		{ CREATE_SYSCTL, read_sysctl },
		{ CREATE_FILES, read_files },
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
	struct reading reading = {
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
