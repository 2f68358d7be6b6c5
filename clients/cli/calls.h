/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The emulated system calls: their methods, their arguments, and how strace
 * spells them
 *
 * One table serves the shell, which reads calls, and the replay, which makes
 * them from arrays of arguments. Numbers are x86-64's.
 */
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum {
	CALL_ARGS_MAX = 6
};

enum arg_kind {
	ARG_ADDR,
	ARG_LENGTH,
	ARG_OFFSET,
	ARG_COUNT,
	ARG_FD,
	ARG_PROT,
	ARG_MAP_FLAGS,
	ARG_MREMAP_FLAGS,
	ARG_MLOCK_FLAGS,
	ARG_MLOCKALL_FLAGS,
	ARG_MSYNC_FLAGS,
	ARG_ADVICE,
};

struct call_arg {
	const char *name; /* as the method's parameter */
	enum arg_kind kind;
};

struct call_form {
	const char *name; /* as the system call */
	const char *method;
	bool answers_address;
	unsigned required; /* how many arguments must be given */
	unsigned count;
	struct call_arg args[CALL_ARGS_MAX];
};

struct flag_name {
	const char *name;
	uint64_t value;
};

/** call_is_errno() - is what a call answered an errno, negated? What is below
 * those is an address */
static inline bool call_is_errno(int64_t ret)
{
	return ret < 0 && ret >= -4095;
}

/** call_find() - the call of that name, or NULL */
const struct call_form *call_find(const char *name);

/** call_table() - all calls; *@countp is set to how many */
const struct call_form *call_table(size_t *countp);

/** call_flag_names() - the names a kind of argument knows, ended by a NULL name; NULL if none */
const struct flag_name *call_flag_names(enum arg_kind kind);

/** call_params() - a new object with the call's arguments under their parameters' names */
json_t *call_params(const struct call_form *form, const uint64_t *args);

/** call_spell() - write the call as strace does: brk(NULL), munmap(0x7f0000, 8192) */
void call_spell(FILE *out, const struct call_form *form, const uint64_t *args);

/**
 * call_spell_result() - write an answer as strace does: 0x7f0000, -1 ENOMEM (...)
 * @ret: as the service answers: a hex string, 0 or a negative errno
 */
void call_spell_result(FILE *out, const json_t *ret);

/**
 * call_file_system_chose() - whether an mmap's place may be its file system's choice
 *
 * Some place large mappings where huge pages fit. Emulated files lie on one
 * that does not, so a trace has to tell the place.
 */
bool call_file_system_chose(const struct call_form *form, const uint64_t *args,
			    int64_t ret);

/** call_fault_signal() - the short form of a fault: "0" or "SIGSEGV/1"; static storage */
const char *call_fault_signal(const json_t *result);
