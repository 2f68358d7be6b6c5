/* SPDX-License-Identifier: MIT */
#include "proto/http/http_accept.h"

#include <stdio.h>
#include <string.h>
#include "tests/support/suite.h"

static bool prefers(const char *value)
{
	struct http_slice slice = { value, value ? strlen(value) : 0 };

	return http_accept_prefers(slice, "application/new", "text/plain");
}

static void types_are_wanted_by_their_q(void)
{
	static const struct {
		const char *value;
		bool prefers;
	} rows[] = {
		{ NULL, false },
		{ "", false },
		{ "*/*", false },
		{ "application/new", true },
		{ "APPLICATION/New", true },
		{ "application/newer", false },
		{ "application/*", true },
		{ "application/new;q=0", false },
		{ "application/new, text/plain", false },
		{ "application/new, text/plain;q=0.9", true },
		{ "application/new;q=0.5,text/plain;q=0.501", false },
		{ "application/new;q=0.502 , text/plain ; q=0.501", true },
		{ "application/new;q=0.1, */*;q=0.2", false },
		{ "*/*;q=0.1, application/*;q=0.3", true },
		{ "application/*;q=1, application/new;q=0.1, text/*;q=0.2",
		  false },
		{ "application/new;version=1;q=0.2,application/new;v=0;q=0.6,"
		  "text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
		  true },
		/* Not well formed: as if it were not there. */
		{ "application/new;q=2", false },
		{ "application/new;q=1.001", false },
		{ "application/new;q=0.1234", false },
		{ "application/new;q=", false },
		{ "application/new;q=x, application/*;q=0.4", true },
		{ ",,;,application/new,;q=1", true },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		CU_ASSERT_EQUAL(prefers(rows[i].value), rows[i].prefers);
		if (prefers(rows[i].value) != rows[i].prefers)
			fprintf(stderr, "<<%s>>\n", rows[i].value);
	}
}

CU_TestInfo test_http_accept[] = {
	{ "types_are_wanted_by_their_q", types_are_wanted_by_their_q },
	CU_TEST_INFO_NULL,
};
