/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "core/mm/mm.h"
#include "core/world/exec.h"
#include "core/world/file_new.h"
#include "core/world/maps_text.h"

/* ---------------------------------------------------------------- writing */

static size_t write_image(const char *word, const struct elf_image *image,
			  char *out, size_t room)
{
	size_t len;
	uint32_t i;

	len = (size_t)snprintf(out, room, "%s %s %llx %.*s\n", word,
			       image->type == ELF_DYN ? "dyn" : "exec",
			       (unsigned long long)image->entry,
			       (int)image->path_len, image->path);
	for (i = 0; i < image->nr_segments; i++) {
		const struct elf_segment *segment = &image->segments[i];

		len += (size_t)snprintf(out + len, room - len,
					"%c%c%c %llx %llx %llx %llx %llx\n",
					segment->prot & PROT_READ ? 'r' : '-',
					segment->prot & PROT_WRITE ? 'w' : '-',
					segment->prot & PROT_EXEC ? 'x' : '-',
					(unsigned long long)segment->offset,
					(unsigned long long)segment->vaddr,
					(unsigned long long)segment->filesz,
					(unsigned long long)segment->memsz,
					(unsigned long long)segment->align);
	}
	return len;
}

size_t exec_setup_write(const struct exec_setup *setup, char *out)
{
	const size_t room = EXEC_TEXT_MAX;
	size_t len;

	len = (size_t)snprintf(out, room, "args %llx %llx env %llx %llx%s\n",
			       (unsigned long long)setup->argc,
			       (unsigned long long)setup->arg_bytes,
			       (unsigned long long)setup->envc,
			       (unsigned long long)setup->env_bytes,
			       setup->executable_stack ? " stack rwx" : "");
	len += write_image("program", &setup->program, out + len, room - len);
	if (setup->has_interpreter)
		len += write_image("interpreter", &setup->interpreter,
				   out + len, room - len);
	return len;
}

/* ---------------------------------------------------------------- reading */

/* What is left of a line; bad: something in it was not as it must be. */
struct line {
	const char *at, *end;
	bool bad;
};

static bool take_word(struct line *line, const char *word)
{
	size_t len = strlen(word);

	if ((size_t)(line->end - line->at) < len || memcmp(line->at, word, len))
		return false;
	line->at += len;
	return true;
}

static void expect_word(struct line *line, const char *word)
{
	if (!take_word(line, word))
		line->bad = true;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static uint64_t take_number(struct line *line)
{
	uint64_t value = 0;
	int digits = 0, digit;

	while (line->at < line->end && (digit = hex_digit(*line->at)) >= 0) {
		value = value << 4 | (uint64_t)digit;
		line->at++;
		digits++;
	}
	if (!digits || digits > 16)
		line->bad = true;
	return value;
}

/* Another number, after a blank. */
static uint64_t next_number(struct line *line)
{
	expect_word(line, " ");
	return take_number(line);
}

static uint8_t take_flag(struct line *line, const char *letter, uint8_t flag)
{
	if (take_word(line, letter))
		return flag;
	expect_word(line, "-");
	return 0;
}

static const char *read_counts(struct line *line, struct exec_setup *setup)
{
	expect_word(line, "args");
	setup->argc = next_number(line);
	setup->arg_bytes = next_number(line);
	expect_word(line, " env");
	setup->envc = next_number(line);
	setup->env_bytes = next_number(line);
	setup->executable_stack = take_word(line, " stack rwx");
	if (line->bad || line->at != line->end)
		return "the first line must be: args COUNT BYTES env COUNT "
		       "BYTES";
	if (setup->argc > EXEC_COUNT_MAX || setup->envc > EXEC_COUNT_MAX ||
	    setup->arg_bytes > EXEC_STRINGS_MAX ||
	    setup->env_bytes > EXEC_STRINGS_MAX)
		return "there are too many arguments, or too long ones";
	if (setup->arg_bytes < setup->argc || setup->env_bytes < setup->envc)
		return "each argument takes one byte at least";
	return NULL;
}

static const char *read_image(struct line *line, struct elf_image *image)
{
	expect_word(line, " ");
	image->type = take_word(line, "dyn") ? ELF_DYN : ELF_EXEC;
	if (image->type == ELF_EXEC)
		expect_word(line, "exec");
	image->entry = next_number(line);
	expect_word(line, " ");
	if (line->bad)
		return "an image must be: dyn or exec, its entry, its path";
	image->path = line->at;
	image->path_len = (uint32_t)(line->end - line->at);
	if (!is_file_name(image->path, (size_t)(line->end - line->at)))
		return "a path must have 1 to 4095 bytes, none of them zero";
	return NULL;
}

static const char *read_segment(struct line *line, struct elf_image *image)
{
	struct elf_segment *segment;

	if (image->nr_segments == ELF_SEGMENTS_MAX)
		return "an image has 73 segments at most";
	segment = &image->segments[image->nr_segments++];
	segment->prot = take_flag(line, "r", PROT_READ);
	segment->prot |= take_flag(line, "w", PROT_WRITE);
	segment->prot |= take_flag(line, "x", PROT_EXEC);
	segment->offset = next_number(line);
	segment->vaddr = next_number(line);
	segment->filesz = next_number(line);
	segment->memsz = next_number(line);
	segment->align = next_number(line);
	if (line->bad || line->at != line->end)
		return "a segment must be: rwx, offset, vaddr, filesz, memsz, "
		       "align";
	return NULL;
}

const char *exec_setup_read(const char *text, size_t len,
			    struct exec_setup *setup)
{
	struct elf_image *image = NULL;
	const char *at, *problem = NULL;
	struct line line;
	size_t line_len;

	memset(setup, 0, sizeof(*setup));
	at = maps_text_next(&text, &len, &line_len);
	if (!at)
		return "the text is empty";
	line = (struct line){ .at = at, .end = at + line_len };
	problem = read_counts(&line, setup);
	while (!problem && (at = maps_text_next(&text, &len, &line_len))) {
		line = (struct line){ .at = at, .end = at + line_len };
		if (!image && take_word(&line, "program")) {
			image = &setup->program;
			problem = read_image(&line, image);
		} else if (image == &setup->program &&
			   take_word(&line, "interpreter")) {
			image = &setup->interpreter;
			setup->has_interpreter = true;
			problem = read_image(&line, image);
		} else if (image) {
			problem = read_segment(&line, image);
		} else {
			problem = "the second line must be the program's";
		}
	}
	if (!problem && !image)
		problem = "there is no program";
	return problem;
}
