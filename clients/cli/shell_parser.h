/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What the files of the shell's parser share
 */
#include "clients/cli/shell_parse.h"

enum {
	MAP_SHARED_FLAG = 0x1,
	MAP_PRIVATE_FLAG = 0x2,
	MAP_ANONYMOUS_FLAG = 0x20,
};

/* A command line under the parser's finger. */
struct shell_parser {
	struct shell_command *command;
	const struct shell_names *names;
	size_t next; /* word to be read */
	bool given[CALL_ARGS_MAX];
	bool literal_flags; /* of mmap, numbers or strace's names: nothing is implied */
	char *error;
	size_t error_size;
};

/**
 * shell_wrong() - say what is wrong, beginning with the word
 * @word: its index; of one behind the last only the sentence is told
 *
 * Return: -1.
 */
int shell_wrong(struct shell_parser *parser, size_t word, const char *format,
		...) __attribute__((format(printf, 3, 4)));

/** shell_read_number() - whether @text is a number, a name, or a sum of them */
bool shell_read_number(const struct shell_parser *parser, const char *text,
		       uint64_t *numberp);

/** shell_read_number_word() - likewise; -1: what is wrong has been said */
int shell_read_number_word(struct shell_parser *parser, size_t word,
			   const char *text, uint64_t *valuep);

/** shell_read_flags() - add the flags of a word, joined by '|', to *@valuep; all
 * of them or, if one is unknown, none */
bool shell_read_flags(struct shell_parser *parser, enum arg_kind kind,
		      const char *word, uint64_t *valuep);

/** shell_wrong_flag() - say which flags there are; -1 */
int shell_wrong_flag(struct shell_parser *parser, size_t word,
		     enum arg_kind kind);
