/* SPDX-License-Identifier: MIT */
/*
 * The parameter files: descriptors that are open at the start
 */
#include <stdio.h>
#include <string.h>

#include "proto/rpc/flag_names.h"
#include "proto/rpc/setup_parts.h"

/* dev is "MAJOR:MINOR" in hex, as maps prints it. */
#define DEV_TEXT_MAX 16

static bool read_file_text(struct setup_reading *reading, const char *name,
			   const struct json_value *value, const char **textp,
			   uint32_t *lenp)
{
	size_t len = 0;

	if (!param_kind_is(name, value, JSON_KIND_STRING, reading->error))
		return false;
	*textp = arena_text(reading, value, &len);
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

static bool read_file_member(struct setup_reading *reading,
			     enum file_member member, const char *name,
			     const struct json_value *value,
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

static bool read_file(struct setup_reading *reading, size_t index,
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

bool setup_read_files(struct setup_reading *reading,
		      const struct json_value *value)
{
	struct process_setup *setup = reading->setup;
	struct json_value element;
	struct file_setup *file;
	struct json_reader r;
	size_t nr;

	if (!param_kind_is("files", value, JSON_KIND_ARRAY, reading->error))
		return false;
	nr = array_len(value);
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
