/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The calls of a random walk, and what answers them
 *
 * A call is made twice: by a real process (tracee.h) and by its emulated twin
 * (twin.h). Addresses are absolute, so a list of calls can be repeated by any
 * process that began alike.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define CALL_MAX_ARGS 6

/* Processes, and threads of the first of them, that a walk has at most. */
#define WALK_MAX_PROCESSES 5
#define WALK_MAX_THREADS   3

/* The descriptors of the two data files. */
#define FD_RW 10
#define FD_RO 11

/* Where mincore writes to: in the page of the stack that exec filled. */
#define VECTOR_ADDRESS 0x7fffffffe000ULL
#define VECTOR_SIZE    64

/* Stack pointer while a byte is touched: below every stack. */
#define TOUCH_SP 0x10000

/* Signals that a touch may end with, as Linux numbers them. */
#define WALK_SIGBUS  7
#define WALK_SIGSEGV 11

enum call_kind {
	CALL_BRK,
	CALL_MMAP,
	CALL_MUNMAP,
	CALL_MPROTECT,
	CALL_MREMAP,
	CALL_MLOCK,
	CALL_MLOCK2,
	CALL_MUNLOCK,
	CALL_MLOCKALL,
	CALL_MUNLOCKALL,
	CALL_MADVISE,
	CALL_MSYNC,
	CALL_REMAP_FILE_PAGES,
	CALL_MSEAL,
	CALL_MINCORE, /* its vector goes to VECTOR_ADDRESS */
	CALL_FTRUNCATE,
	CALL_READ, /* one byte touched at args[0] */
	CALL_WRITE,
	CALL_CLONE, /* one more thread of the process */
	CALL_FORK,
	CALL_NR_KINDS,
};

struct call {
	enum call_kind kind;
	unsigned int process; /* that makes it, from 0 in order of making */
	unsigned int thread;  /* of the process, likewise */
	uint64_t args[CALL_MAX_ARGS];
};

/* What a call came to: a signal if @signal is not 0, else @ret. */
struct answer {
	int64_t ret; /* address, 0 or -errno; CALL_CLONE and CALL_FORK: 0 */
	int signal;
	int code;        /* si_code */
	uint64_t vector; /* CALL_MINCORE: a bit a page, 0 if it failed */
};

/* How a kind of call is spelled. */
struct call_form {
	const char *name;
	unsigned int nr_args;
	const char *args; /* one letter each: see call_spell() */
};

extern const struct call_form call_forms[CALL_NR_KINDS];

/* Whether the call is answered with an address. */
bool call_answers_address(enum call_kind kind);

bool answers_equal(const struct answer *a, const struct answer *b);

/* Write the call as strace would, without its answer. */
void call_spell(FILE *out, const struct call *call);

/* "0x7fff…", "0", "-1 ENOMEM", "SIGSEGV/SEGV_MAPERR". */
void answer_spell(FILE *out, const struct answer *answer);

/**
 * answer_class() - an answer without its numbers
 *
 * Return: "success", an errno's name or a signal's name, static.
 */
const char *answer_class(const struct answer *answer);
