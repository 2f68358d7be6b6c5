/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Inside the JSON of operations: how each method's arguments are called
 */
#include "proto/rpc/op_text.h"

/* How an argument is written, so that the call can be sent again as it is. */
enum arg_style {
	STYLE_HEX,
	STYLE_INT,    /* a descriptor or a number with a sign */
	STYLE_ACCESS, /* one of op_access_words */
	STYLE_MODE,   /* one of op_mode_words */
	STYLE_SP,     /* left out if nothing was given */
	STYLE_BOOL,
};

struct arg_row {
	const char *name; /* NULL ends them */
	enum arg_style style;
};

struct op_row {
	const char *method;
	struct arg_row args[OP_MAX_ARGS + 1];
};

/* By enum op_code. */
extern const struct op_row op_rows[OP_NR_CODES];

/* NULL ends them. */
extern const char *const op_access_words[], *const op_mode_words[];
