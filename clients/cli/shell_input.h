/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Where the shell's lines come from: a person at a terminal, with editing,
 * history and completion, or a script
 */
#include <stdbool.h>
#include <stddef.h>

/**
 * struct shell_completer - what may stand where the cursor is
 * @candidate: the @index'th word that may stand at the cursor, as a string
 *             that lasts until the next call, or NULL past the last; @line
 *             holds what stands before the word
 */
struct shell_completer {
	const char *(*candidate)(void *ctx, const char *line, size_t index);
	void *ctx;
};

/**
 * shell_input_open() - prepare to read lines from standard input
 * @completer: kept until shell_input_close()
 *
 * Return: whether a person is typing.
 */
bool shell_input_open(const struct shell_completer *completer);

/**
 * shell_input_line() - the next line
 * @prompt: NULL for none
 *
 * A person may abandon a line with Ctrl-C. A script's lines are echoed behind
 * the prompt if there is one, so that its output reads as a session does.
 *
 * Return: a string to be freed, or NULL at the end.
 */
char *shell_input_line(const char *prompt);

/** shell_input_close() - keep the history, restore the terminal */
void shell_input_close(void);
