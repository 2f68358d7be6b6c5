/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Reading the text of /proc/PID/maps
 *
 *	00400000-00401000 r-xp 00000000 08:01 1234        /bin/program
 *	400000-401000 r-xp 0 program
 *
 * A line may leave device and inode out.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where every process has [vsyscall], beyond user space. */
#define VSYSCALL_START 0xffffffffff600000ULL
#define VSYSCALL_END   0xffffffffff601000ULL

enum maps_kind {
	MAPS_ANON,
	MAPS_FILE,
	MAPS_SHMEM, /* "/dev/zero (deleted)", shared; the folder is optional */
	MAPS_HEAP,
	MAPS_STACK,
	MAPS_VDSO,
	MAPS_VVAR,
	MAPS_VVAR_VCLOCK,
	MAPS_VSYSCALL,
};

struct maps_line {
	uint64_t start, end;
	uint64_t vm_flags; /* VM_READ, VM_WRITE, VM_EXEC; VM_SHARED for 's' */
	uint64_t offset;   /* bytes */
	bool has_inode;    /* device and inode are there */
	uint16_t dev_major, dev_minor;
	uint64_t inode;
	enum maps_kind kind;
	const char *name; /* of files, as written; newlines are still \012 */
	size_t name_len;
};

/**
 * maps_line_parse() - read one line
 * @text: the line without its newline
 * @len:  bytes
 * @line: out
 *
 * Return: NULL, or a sentence for people that says what is wrong.
 */
const char *maps_line_parse(const char *text, size_t len,
			    struct maps_line *line);

/**
 * maps_text_next() - cut the next line off a text
 * @textp: in: the rest; out: behind the line and its newline
 * @lenp:  bytes of the rest
 * @line_lenp: out: bytes of the line, without its newline
 *
 * A newline ends a line; the last line may lack it.
 *
 * Return: the line, or NULL: nothing is left.
 */
const char *maps_text_next(const char **textp, size_t *lenp, size_t *line_lenp);

/**
 * maps_unescape() - undo what maps does to newlines in names
 * @name: as written
 * @len:  bytes
 * @out:  at least @len bytes
 *
 * Return: bytes of @out.
 */
size_t maps_unescape(const char *name, size_t len, char *out);
