/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The beginning of an ELF file: what its headers say about loading it
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/world/exec.h"

/* Types of program headers, and their flags. */
enum {
	ELF_PT_LOAD = 1,
	ELF_PT_INTERP = 3,
	ELF_PT_GNU_STACK = 0x6474e551,
	ELF_PF_X = 1,
	ELF_PF_W = 2,
	ELF_PF_R = 4,
};

/* One program header, and what all of them together say. */
struct elf_header {
	uint32_t type, flags;
	struct elf_segment segment; /* its prot is not set */
};

struct elf_traits {
	bool has_interpreter;  /* PT_INTERP */
	bool executable_stack; /* PT_GNU_STACK with PF_X */
};

/**
 * elf_image_add() - let one more header take part
 *
 * Return: false: it is a PT_LOAD, and the image has ELF_SEGMENTS_MAX already.
 */
bool elf_image_add(struct elf_image *image, struct elf_traits *traits,
		   const struct elf_header *header);

/**
 * elf_headers_read() - the headers of a 64-bit x86-64 file
 * @bytes: the file's first @len bytes, with all program headers
 * @image: out: type, entry and segments are added; the path is the caller's
 * @traits: out
 *
 * Return: NULL, or what is wrong, for people: no ELF file, one of another
 *         architecture, cut before the end of its headers, ...
 */
const char *elf_headers_read(const uint8_t *bytes, size_t len,
			     struct elf_image *image,
			     struct elf_traits *traits);
