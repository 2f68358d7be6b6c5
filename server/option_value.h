/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * How the values of options are written, and where they go
 *
 * Private to the options.
 */
#include "server/options.h"

enum option_kind {
	KIND_ADDRESS, /* struct address *, options->listen; parted by commas */
	KIND_TEXT,    /* char * */
	KIND_NAMES,   /* struct option_list, of hosts; commas part the items */
	KIND_ORIGINS, /* likewise; each as a browser's Origin field says it */
	KIND_FLAG,    /* bool */
	KIND_LEVEL,   /* enum log_level */
	KIND_FORM,    /* bool: text or json */
	KIND_MODE,    /* unsigned: octal digits */
	KIND_COUNT,   /* unsigned */
	KIND_QUOTA,   /* uint64_t; K, M and G are powers of 1024 */
	KIND_SIZE,    /* size_t; likewise */
	KIND_TIME,    /* unsigned, milliseconds; written 10s, 300ms or 2m */
};

enum {
	OPTION_PROBLEM_MAX = 64
};

struct option {
	const char *name;
	enum option_kind kind;
	size_t offset;
	const char *initial;
	uint64_t min, max;
	const char *help;
};

/**
 * option_set() - read @value into the field of @options that @option is for
 *
 * Lists take it in addition to what they hold, everything else instead.
 *
 * @problem: room for what has to be put together
 *
 * Return: NULL, or what the value should have been, to follow "should be";
 *         the field is then as it was.
 */
const char *option_set(struct options *options, const struct option *option,
		       const char *value, char problem[OPTION_PROBLEM_MAX]);
