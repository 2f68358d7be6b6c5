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

static bool accepts(const char *value)
{
	return http_accepts_gzip((struct http_slice){ value, strlen(value) });
}

static void expect_all(const char *const *values, bool expected)
{
	for (; *values; values++) {
		CU_ASSERT_EQUAL(accepts(*values), expected);
		if (accepts(*values) != expected)
			fprintf(stderr, "<<%s>>\n", *values);
	}
}

static void gzip_is_taken_where_it_is_welcome(void)
{
	static const char *const values[] = {
		"gzip",
		"GZip",
		"x-gzip",
		"gzip, deflate, br, zstd",
		"br;q=1.0,gzip;q=0.8,*;q=0.1",
		"deflate , gzip",
		"gzip;q=0.001",
		"gzip ; q=1",
		"gzip;Q=1.000",
		"*",
		"*;q=0.5",
		"identity;q=0.5, gzip",
		"identity;q=0.5, gzip;q=0.5",
		"identity;q=0, gzip;q=0.1",
		",,gzip,,",
		NULL,
	};

	expect_all(values, true);
}

static void gzip_is_left_where_it_is_not(void)
{
	static const char *const values[] = {
		"",
		",",
		"identity",
		"br",
		"gzip;q=0",
		"gzip;q=0.0",
		"gzip;q=0.000",
		"gzip;q=0, *",
		"*;q=0",
		"identity, gzip;q=0.5",
		"gzip2",
		"agzip",
		NULL,
	};

	expect_all(values, false);
	CU_ASSERT(!http_accepts_gzip((struct http_slice){ NULL, 0 }));
}

static void a_malformed_q_counts_as_unsaid(void)
{
	static const char *const values[] = {
		"gzip;q=",     "gzip;q=2",      "gzip;q=1.5", "gzip;q=-1",
		"gzip;q=.5",   "gzip;q=0.1234", "gzip;q=0,5", "gz ip",
		"gzip;q=0x.1", ";q=1",          NULL,
	};

	expect_all(values, false);
}

CU_TestInfo test_http_accept[] = {
	{ "types_are_wanted_by_their_q", types_are_wanted_by_their_q },
	{ "gzip_is_taken_where_it_is_welcome",
	  gzip_is_taken_where_it_is_welcome },
	{ "gzip_is_left_where_it_is_not", gzip_is_left_where_it_is_not },
	{ "a_malformed_q_counts_as_unsaid", a_malformed_q_counts_as_unsaid },
	CU_TEST_INFO_NULL,
};
