/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * One line of strace's output
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	STRACE_ARGS_MAX = 8
};

enum strace_kind {
	STRACE_CALL,       /* name, args, ret */
	STRACE_UNFINISHED, /* name, and text from the name on: its end comes later */
	STRACE_RESUMED, /* name, and text: what follows "resumed>" */
	STRACE_ENDED,   /* +++ exited with 0 +++ */
	STRACE_NOTHING, /* a signal, a remark, an empty line */
	STRACE_WRONG,   /* wrong says why */
};

/**
 * struct strace_line - a line, taken apart
 * @tid:   who made the call, 0 if the line does not say
 * @args:  as they are written, without blanks around them and comments
 * @ret:   what stands behind the "=", "0x7f0000", "-1 ENOMEM (...)"
 * @wrong: static
 */
struct strace_line {
	enum strace_kind kind;
	int64_t tid;
	char *name;
	char *args[STRACE_ARGS_MAX];
	size_t nr_args;
	char *ret;
	char *text;
	const char *wrong;
};

/**
 * strace_line_read() - take a line apart
 * @text: is written into, and pointed into by @line
 *
 * Understands the prefixes of -f, -o, -t, -tt, -ttt and -r, and the suffix of -T.
 */
void strace_line_read(char *text, struct strace_line *line);

/** strace_call_read() - the same from a call's name on, as joined by the caller */
void strace_call_read(char *text, struct strace_line *line);
