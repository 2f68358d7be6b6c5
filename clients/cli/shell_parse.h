/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The language of `vmarium shell`: one command a line
 *
 *	mmap 0 8k rw private fixed fd=3 offset=4k
 *	brk +64k
 *	write $+100
 *
 * Arguments come in the system call's order or as name=value. Numbers may be
 * decimal or 0x, may end in k, M, G or T, and may be added and subtracted;
 * `$` is the last address a call answered, `brk` the break. Flags are
 * strace's names, or what follows their prefix in small letters, joined by
 * '|' or blanks. A '#' begins a comment.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clients/cli/calls.h"

enum shell_verb {
	SHELL_NOTHING,  /* an empty line */
	SHELL_CALL,     /* a system call: form, args */
	SHELL_TOUCH,    /* touch, args[0] the address, args[1] the length */
	SHELL_FIND_VMA, /* args[0] */
	SHELL_METHOD,   /* words: a method and its parameters */
	SHELL_WHY,      /* words: none, or "en", "zh" or "off" */
	SHELL_THREAD,   /* words: none, "new", or a number in args[0] */
	SHELL_FORK,     /* words: none or "vm" */
	SHELL_PROCESS,  /* none, or a number in args[0] */
	SHELL_EXEC,     /* words: a file and its arguments */
	SHELL_TRUNCATE, /* args[0] the descriptor, args[1] the size */
	SHELL_HISTORY,  /* none, or how many in args[0] */
	SHELL_DIFF,     /* none, or one or two operations in args */
	SHELL_UNDO,     /* none, or how many in args[0] */
	SHELL_REWIND,   /* args[0] the last operation that stays */
	SHELL_BRANCH,   /* none, or likewise */
	SHELL_MAPS,
	SHELL_SMAPS,
	SHELL_STATUS,
	SHELL_SHOW,
	SHELL_TREE,
	SHELL_CACHE,
	SHELL_PAGETABLE,
	SHELL_HELP,
	SHELL_QUIT,
};

enum {
	SHELL_WORDS_MAX = 32
};

/** struct shell_names - what `$` and `brk` stand for */
struct shell_names {
	uint64_t last;
	uint64_t brk;
};

/**
 * struct shell_command - a line, understood
 * @touch: "read", "write" or "exec"
 * @words: the words of the line, the first being the command; they point into @text
 */
struct shell_command {
	enum shell_verb verb;
	const struct call_form *form;
	const char *touch;
	uint64_t args[CALL_ARGS_MAX];
	char *words[SHELL_WORDS_MAX + 1];
	size_t count;
	char *text;
};

/**
 * struct shell_word - a command word, for help and completion
 * @usage:   its arguments
 * @summary: what it does
 */
struct shell_word {
	const char *name;
	const char *usage;
	const char *summary;
	enum shell_verb verb;
};

/** shell_words() - all command words, ended by a NULL name */
const struct shell_word *shell_words(void);

/**
 * shell_parse() - understand a line
 * @names:   what `$` and `brk` stand for
 * @command: filled; to be released with shell_command_free() whatever the outcome
 * @error:   on failure one sentence that names the word and what would do
 *
 * Return: 0, or -1 if the line is not understood.
 */
int shell_parse(const char *line, const struct shell_names *names,
		struct shell_command *command, char *error, size_t error_size);

/** shell_command_free() - release what shell_parse() allocated */
void shell_command_free(struct shell_command *command);

/**
 * shell_flag_word() - a flag's short word: "anonymous" for MAP_ANONYMOUS
 *
 * Return: @word, cut to @size.
 */
const char *shell_flag_word(const struct flag_name *flag, char *word,
			    size_t size);
