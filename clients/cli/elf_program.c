/* SPDX-License-Identifier: MIT */
#include "clients/cli/elf_program.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
	HEAD_BYTES = 8192,
	GROUP = 3, /* bytes that four letters of base64 hold */
};

struct head {
	uint8_t bytes[HEAD_BYTES];
	size_t len;
};

static bool head_read(const char *path, struct head *head)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, head->bytes, sizeof(head->bytes));
	int err = errno;

	if (fd >= 0)
		close(fd);
	errno = err;
	head->len = got < 0 ? 0 : (size_t)got;
	return got >= 0;
}

static json_t *base64(const uint8_t *bytes, size_t len)
{
	static const char letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		"0123456789+/";
	char text[(HEAD_BYTES + GROUP - 1) / GROUP * 4];
	size_t out = 0;

	for (size_t i = 0; i < len; i += GROUP) {
		uint32_t group = 0;

		for (size_t j = 0; j < GROUP; j++)
			group = group << 8 | (i + j < len ? bytes[i + j] : 0);
		for (size_t j = 0; j <= GROUP; j++)
			text[out++] =
				i + j > len
					? '='
					: letters[group >> (18 - 6 * j) & 63];
	}
	return json_stringn(text, out);
}

/* What PT_INTERP names; an empty path: nothing, as in a static program. */
static void interpreter_find(const struct head *head, char *path, size_t size)
{
	Elf64_Ehdr file;
	Elf64_Phdr header;

	*path = '\0';
	if (head->len < sizeof(file))
		return;
	memcpy(&file, head->bytes, sizeof(file));
	if (memcmp(file.e_ident, ELFMAG, SELFMAG) != 0 ||
	    file.e_ident[EI_CLASS] != ELFCLASS64)
		return;
	for (size_t i = 0; i < file.e_phnum; i++) {
		size_t at = file.e_phoff + i * sizeof(header);

		if (file.e_phoff > head->len || at + sizeof(header) > head->len)
			return;
		memcpy(&header, head->bytes + at, sizeof(header));
		if (header.p_type != PT_INTERP || header.p_offset > head->len ||
		    header.p_filesz > head->len - header.p_offset)
			continue;
		snprintf(path, size, "%.*s", (int)header.p_filesz,
			 (const char *)head->bytes + header.p_offset);
		return;
	}
}

static json_t *image(const char *path, const struct head *head)
{
	return json_pack("{s:s, s:o}", "path", path, "elf",
			 base64(head->bytes, head->len));
}

json_t *elf_program_params(char *const *argv, char *error, size_t error_size)
{
	char interpreter[PATH_MAX];
	json_t *params, *words;
	struct head head;

	if (!head_read(argv[0], &head)) {
		snprintf(error, error_size, "%s: %s", argv[0], strerror(errno));
		return NULL;
	}
	params = json_pack("{s:o}", "program", image(argv[0], &head));
	interpreter_find(&head, interpreter, sizeof(interpreter));
	if (*interpreter) {
		if (!head_read(interpreter, &head)) {
			snprintf(error, error_size,
				 "%s: its interpreter %s: %s", argv[0],
				 interpreter, strerror(errno));
			json_decref(params);
			return NULL;
		}
		json_object_set_new(params, "interpreter",
				    image(interpreter, &head));
	}
	words = json_array();
	for (; *argv; argv++)
		json_array_append_new(words, json_string(*argv));
	json_object_set_new(params, "argv", words);
	return params;
}
