/* SPDX-License-Identifier: MIT */
#include "tests/proto/json_agrees.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/json_compare.h"
#include "tests/support/suite.h"

bool agrees(const char *text, size_t len, unsigned depth)
{
	/* Without a byte more, so that the sanitizer sees reading on. */
	char *copy = malloc(len ? len : 1);
	const char *difference;

	CU_ASSERT_PTR_NOT_NULL_FATAL(copy);
	memcpy(copy, text, len);
	difference = json_compare_index(copy, len, depth);
	free(copy);
	if (difference)
		fprintf(stderr, "%.*s: %s\n", (int)len, text, difference);
	return !difference;
}

bool agrees_cut_anywhere(const char *text, size_t len)
{
	bool ok = true;
	size_t cut;

	for (cut = 0; cut <= len; cut++)
		ok &= agrees(text, cut, 0);
	return ok;
}
