/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Flags as strace spells them: "MAP_PRIVATE|MAP_ANONYMOUS|0x8"
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct flag_name {
	const char *name;
	uint64_t value;
};

/* Each ends with a NULL name. They hold what any release knows. */
extern const struct flag_name prot_names[];
extern const struct flag_name map_flag_names[];
extern const struct flag_name mremap_flag_names[];
extern const struct flag_name mlock2_flag_names[];
extern const struct flag_name mlockall_flag_names[];
extern const struct flag_name advice_names[];
extern const struct flag_name msync_flag_names[];
extern const struct flag_name mseal_flag_names[];
/* Of ELF program headers. */
extern const struct flag_name pt_names[];
extern const struct flag_name pf_names[];

/* A piece of a text that stands for nothing. */
struct flag_fault {
	const char *text;
	size_t len;
};

/**
 * flags_parse() - the value of names and numbers joined by '|'
 * @names: those that count; a number may stand for any
 * @fault: out: the piece that is neither
 *
 * Blanks around a piece are ignored, and so is a comment behind a number, as
 * strace writes one after bits without a name. "21<<MAP_HUGE_SHIFT" is a
 * number.
 *
 * Return: whether @valuep was set.
 */
bool flags_parse(const struct flag_name *names, const char *text, size_t len,
		 uint64_t *valuep, struct flag_fault *fault);

/**
 * number_parse() - a decimal or 0x number that fits 64 bits, and nothing else
 *
 * Return: whether @valuep was set. errno-like reasons are not told apart:
 * look with number_is_digits() whether it was only too large.
 */
bool number_parse(const char *text, size_t len, uint64_t *valuep);

/** number_is_digits() - is the text a number, however large? */
bool number_is_digits(const char *text, size_t len);
