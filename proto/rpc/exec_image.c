/* SPDX-License-Identifier: MIT */
/*
 * A program as process.exec takes it: the beginning of its file, or its headers
 * one by one
 */
#include "proto/rpc/exec_image.h"

#include <stdio.h>
#include <string.h>

#include "proto/rpc/base64.h"
#include "proto/rpc/flag_names.h"

#define SEGMENT_ALIGN 4096

struct image_reading {
	struct setup_reading *from;
	struct elf_image *image;
	struct elf_traits *traits;
};

size_t exec_image_room(const struct json_value *value)
{
	return base64_room(value->len) + 2 * value->len;
}

/* The member of that name, among the names of an object's members. */
static bool find_member(const char *object, const char *const *members,
			const struct json_value *key, uint64_t *which,
			struct rpc_error *error)
{
	if (param_word(object, members, key, which, error))
		return true;
	error->key = ERROR_PARAMS_UNKNOWN;
	return false;
}

/* -------------------------------------------------------- program headers */

enum header_member {
	HEADER_TYPE,
	HEADER_FLAGS,
	HEADER_OFFSET,
	HEADER_VADDR,
	HEADER_FILESZ,
	HEADER_MEMSZ,
	HEADER_ALIGN,
};

static const char *const header_members[] = {
	"type", "flags", "offset", "vaddr", "filesz", "memsz", "align", NULL,
};

/* What a segment cannot do without. */
#define HEADER_NEEDED                                                          \
	(1u << HEADER_FLAGS | 1u << HEADER_OFFSET | 1u << HEADER_VADDR |       \
	 1u << HEADER_FILESZ | 1u << HEADER_MEMSZ)

static bool read_header_member(enum header_member member, const char *name,
			       const struct json_value *value,
			       struct elf_header *header,
			       struct rpc_error *error)
{
	struct elf_segment *segment = &header->segment;
	uint64_t number;

	switch (member) {
	case HEADER_TYPE:
		if (!param_flags(name, pt_names, value, &number, error))
			return false;
		header->type = (uint32_t)number;
		return true;
	case HEADER_FLAGS:
		if (!param_flags(name, pf_names, value, &number, error))
			return false;
		header->flags = (uint32_t)number;
		return true;
	case HEADER_OFFSET:
		return param_address(name, value, &segment->offset, error);
	case HEADER_VADDR:
		return param_address(name, value, &segment->vaddr, error);
	case HEADER_FILESZ:
		return param_address(name, value, &segment->filesz, error);
	case HEADER_MEMSZ:
		return param_address(name, value, &segment->memsz, error);
	case HEADER_ALIGN:
		return param_address(name, value, &segment->align, error);
	}
	return true;
}

static bool judge_header(const char *object, const struct elf_header *header,
			 uint32_t seen, struct rpc_error *error)
{
	char name[ERROR_PARAM_MAX + 40];
	unsigned member;

	if (header->type != ELF_PT_LOAD || !(~seen & HEADER_NEEDED))
		return true;
	member = (unsigned)__builtin_ctz(~seen & HEADER_NEEDED);
	snprintf(name, sizeof(name), "%s.%s", object, header_members[member]);
	return error_set(error, ERROR_PARAMS_MISSING, name,
			 "%s is missing; a PT_LOAD header needs flags, offset, "
			 "vaddr, filesz and memsz",
			 name);
}

static bool read_header(const char *object, const struct json_value *value,
			struct elf_header *header, struct rpc_error *error)
{
	char name[ERROR_PARAM_MAX + 40];
	struct json_value key, member;
	struct json_reader r;
	uint32_t seen = 0;
	uint64_t which;

	if (!param_kind_is(object, value, JSON_KIND_OBJECT, error))
		return false;
	*header = (struct elf_header){
		.type = ELF_PT_LOAD,
		.segment.align = SEGMENT_ALIGN,
	};
	json_reader_init(&r, value->text, value->len);
	json_reader_enter(&r);
	while (json_reader_member(&r, &key)) {
		if (!find_member(object, header_members, &key, &which, error))
			return false;
		snprintf(name, sizeof(name), "%s.%s", object,
			 header_members[which]);
		json_reader_value(&r, &member);
		if (!read_header_member((enum header_member)which, name,
					&member, header, error))
			return false;
		seen |= 1u << which;
	}
	return judge_header(object, header, seen, error);
}

static bool read_headers(struct image_reading *reading, const char *name,
			 const struct json_value *value)
{
	struct rpc_error *error = reading->from->error;
	char object[ERROR_PARAM_MAX + 24];
	struct elf_header header;
	struct json_value element;
	struct json_reader r;
	size_t i;

	if (!param_kind_is(name, value, JSON_KIND_ARRAY, error))
		return false;
	json_reader_init(&r, value->text, value->len);
	json_reader_enter(&r);
	for (i = 0; json_reader_element(&r); i++) {
		snprintf(object, sizeof(object), "%s[%zu]", name, i);
		json_reader_value(&r, &element);
		if (!read_header(object, &element, &header, error))
			return false;
		if (!elf_image_add(reading->image, reading->traits, &header))
			return error_set(error, ERROR_PARAMS_RANGE, object,
					 "%s may hold %d PT_LOAD headers, and "
					 "this is one too many",
					 name, ELF_SEGMENTS_MAX);
	}
	return true;
}

/* ------------------------------------------------------------- the image */

static bool read_elf(struct image_reading *reading, const char *name,
		     const struct json_value *value)
{
	struct setup_reading *from = reading->from;
	const char *text, *problem;
	uint8_t *bytes;
	size_t len = 0;

	if (!param_kind_is(name, value, JSON_KIND_STRING, from->error))
		return false;
	text = arena_text(from, value, &len);
	bytes = arena_take(from, base64_room(len));
	if (!base64_decode(text, len, bytes, &len))
		return error_set(from->error, ERROR_PARAMS_VALUE, name,
				 "%s must be the file's first bytes in base64, "
				 "without blanks",
				 name);
	problem = elf_headers_read(bytes, len, reading->image, reading->traits);
	if (!problem)
		return true;
	return error_set(from->error, ERROR_PARAMS_VALUE, name,
			 "%s is not the beginning of a program: %s", name,
			 problem);
}

static bool read_path(struct image_reading *reading, const char *name,
		      const struct json_value *value)
{
	struct setup_reading *from = reading->from;
	const char *path;
	size_t len = 0;

	if (!param_kind_is(name, value, JSON_KIND_STRING, from->error))
		return false;
	path = arena_text(from, value, &len);
	if (!len || len > FILE_PATH_MAX || memchr(path, '\0', len) ||
	    memchr(path, '\n', len))
		return error_set(from->error, ERROR_PARAMS_VALUE, name,
				 "%s must have from 1 to %d bytes, and neither "
				 "a NUL nor a newline among them",
				 name, FILE_PATH_MAX);
	reading->image->path = path;
	reading->image->path_len = (uint32_t)len;
	return true;
}

enum image_member {
	IMAGE_PATH,
	IMAGE_ELF,
	IMAGE_TYPE,
	IMAGE_ENTRY,
	IMAGE_HEADERS,
};

static const char *const image_members[] = {
	"path", "elf", "type", "entry", "headers", NULL,
};

static bool read_member(struct image_reading *reading, enum image_member member,
			const char *name, const struct json_value *value)
{
	static const char *const types[] = {
		[ELF_EXEC] = "exec",
		[ELF_DYN] = "dyn",
		NULL,
	};
	struct rpc_error *error = reading->from->error;
	uint64_t type;

	switch (member) {
	case IMAGE_PATH:
		return read_path(reading, name, value);
	case IMAGE_ELF:
		return read_elf(reading, name, value);
	case IMAGE_TYPE:
		if (!param_word(name, types, value, &type, error))
			return false;
		reading->image->type = (enum elf_type)type;
		return true;
	case IMAGE_ENTRY:
		return param_address(name, value, &reading->image->entry,
				     error);
	case IMAGE_HEADERS:
		return read_headers(reading, name, value);
	}
	return true;
}

/* Either the bytes of the file, or all that they would say. */
static bool judge_image(const char *name, uint32_t seen,
			struct rpc_error *error)
{
	const uint32_t described =
		1u << IMAGE_TYPE | 1u << IMAGE_ENTRY | 1u << IMAGE_HEADERS;
	const uint32_t has_elf = seen & 1u << IMAGE_ELF;

	if (!(seen & 1u << IMAGE_PATH))
		return error_set(error, ERROR_PARAMS_MISSING, name,
				 "%s.path is missing", name);
	if (has_elf && seen & described)
		return error_set(error, ERROR_PARAMS_VALUE, name,
				 "%s has elf, which says all that type, entry "
				 "and headers say; leave one or the other out",
				 name);
	if (!has_elf && (seen & described) != described)
		return error_set(error, ERROR_PARAMS_MISSING, name,
				 "%s needs elf, the file's first bytes in "
				 "base64, or type, entry and headers",
				 name);
	return true;
}

bool exec_image_read(struct setup_reading *reading, const char *name,
		     const struct json_value *value, struct elf_image *image,
		     struct elf_traits *traits)
{
	struct image_reading into = { reading, image, traits };
	struct json_value key, member;
	char path[ERROR_PARAM_MAX];
	struct json_reader r;
	uint32_t seen = 0;
	uint64_t which;

	if (!param_kind_is(name, value, JSON_KIND_OBJECT, reading->error))
		return false;
	json_reader_init(&r, value->text, value->len);
	json_reader_enter(&r);
	while (json_reader_member(&r, &key)) {
		if (!find_member(name, image_members, &key, &which,
				 reading->error))
			return false;
		snprintf(path, sizeof(path), "%s.%s", name,
			 image_members[which]);
		json_reader_value(&r, &member);
		if (!read_member(&into, (enum image_member)which, path,
				 &member))
			return false;
		seen |= 1u << which;
	}
	return judge_image(name, seen, reading->error);
}
