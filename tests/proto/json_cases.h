/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Texts and what the judge must say of them
 */
#include <stddef.h>

#include "proto/json/reader.h"

struct json_case {
	const char *text;
	size_t len;
	int code;      /* 0: accepted */
	size_t offset; /* of the fault */
};

/* Ends with a text of NULL. */
extern const struct json_case json_cases[];
