/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Programs, as the ELF loader sees them
 *
 * An exec_setup describes what execve() is given: the loadable segments of a
 * program and of its interpreter, and how much its arguments and environment
 * take. The journal keeps it as text, one item a line, numbers in hex:
 *
 *	args 2 c env 1 b [stack rwx]
 *	program dyn 6aa0 /bin/ls
 *	r-- 0 0 3510 3510 1000
 *	r-x 4000 4000 13111 13111 1000
 *	rw- 22fb0 23fb0 12f0 2630 1000
 *	interpreter dyn 1f540 /lib64/ld-linux-x86-64.so.2
 *	r-- 0 0 ff0 ff0 1000
 *	...
 *
 * A segment is: flags, p_offset, p_vaddr, p_filesz, p_memsz, p_align. Nothing
 * is read from a file: programs have a layout, not contents.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Program headers that fit into the page that the kernel reads. */
#define ELF_SEGMENTS_MAX 73

/* Bytes of arguments, or of environment, that a description may have. */
#define EXEC_STRINGS_MAX (1ULL << 25)
/* Arguments, or variables, that a description may have. */
#define EXEC_COUNT_MAX (1ULL << 20)

enum elf_type {
	ELF_EXEC, /* ET_EXEC: linked to fixed addresses */
	ELF_DYN,  /* ET_DYN: PIE, static PIE, interpreter */
};

/* One PT_LOAD header. */
struct elf_segment {
	uint8_t prot; /* PROT_READ, PROT_WRITE, PROT_EXEC */
	uint64_t offset, vaddr, filesz, memsz, align; /* bytes */
};

struct elf_image {
	const char *path; /* not NUL terminated, without newlines */
	uint32_t path_len;
	enum elf_type type;
	uint64_t entry;
	uint32_t nr_segments;
	struct elf_segment segments[ELF_SEGMENTS_MAX]; /* in the file's order */
};

struct exec_setup {
	struct elf_image program;
	bool has_interpreter; /* PT_INTERP */
	struct elf_image interpreter;
	bool executable_stack;    /* PT_GNU_STACK with PF_X */
	uint64_t argc, arg_bytes; /* argv, bytes with each one's NUL */
	uint64_t envc, env_bytes; /* environment, likewise */
};

/* Longest text of exec_setup_write(). */
#define EXEC_TEXT_MAX (2 * (ELF_SEGMENTS_MAX * 96 + 4096 + 64) + 128)

/**
 * exec_setup_write() - a description as text
 * @setup: to describe
 * @out:   EXEC_TEXT_MAX bytes
 *
 * Return: bytes written, no NUL.
 */
size_t exec_setup_write(const struct exec_setup *setup, char *out);

/**
 * exec_setup_read() - the description that a text has
 * @text:  as exec_setup_write() makes it
 * @len:   bytes
 * @setup: out; paths point into @text
 *
 * Return: NULL, or a sentence for people that says what is wrong: a line that
 *         is none of the above, a number beyond 64 bits, counts or paths beyond
 *         their limits, arguments that are shorter than their number.
 */
const char *exec_setup_read(const char *text, size_t len,
			    struct exec_setup *setup);
