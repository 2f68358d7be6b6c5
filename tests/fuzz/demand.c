/* SPDX-License-Identifier: MIT */
#include "tests/fuzz/demand.h"

#include <stdio.h>
#include <stdlib.h>

void fail(const char *what)
{
	fprintf(stderr, "%s\n", what);
	abort();
}

void demand(bool holds, const char *what)
{
	if (!holds)
		fail(what);
}

void demand_of(bool holds, const char *what, const char *text, size_t len)
{
	if (holds)
		return;
	fprintf(stderr, "%s: %.*s\n", what, (int)len, text);
	abort();
}
