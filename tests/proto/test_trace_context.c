/* SPDX-License-Identifier: MIT */
#include "proto/http/trace_context.h"

#include <stdio.h>
#include <string.h>
#include "tests/support/suite.h"

#define TRACE "4bf92f3577b34da6a3ce929d0e0e4736"
#define SPAN  "00f067aa0ba902b7"

static struct http_slice slice(const char *text)
{
	return (struct http_slice){ text, text ? strlen(text) : 0 };
}

static void valid_parents_are_taken_apart(void)
{
	static const char *const rows[] = {
		"00-" TRACE "-" SPAN "-01",       "00-" TRACE "-" SPAN "-00",
		"00-" TRACE "-" SPAN "-ff",       "cc-" TRACE "-" SPAN "-01",
		"01-" TRACE "-" SPAN "-01-later",
	};
	struct traceparent parent;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		CU_ASSERT_FATAL(traceparent_parse(slice(rows[i]), &parent));
		CU_ASSERT(http_slice_is(parent.trace_id, TRACE));
		CU_ASSERT(http_slice_is(parent.span_id, SPAN));
	}
}

static void others_are_ignored(void)
{
	static const char *const rows[] = {
		NULL,
		"",
		"00-" TRACE "-" SPAN,
		"00-" TRACE "-" SPAN "-0",
		"00-" TRACE "-" SPAN "-0g",
		"00-" TRACE "-" SPAN "-01-",
		"00-" TRACE "-" SPAN "-01x",
		"01-" TRACE "-" SPAN "-01x",
		"ff-" TRACE "-" SPAN "-01",
		"0-" TRACE "-" SPAN "-001",
		"00_" TRACE "-" SPAN "-01",
		"00-" TRACE "_" SPAN "-01",
		"00-" TRACE "-" SPAN "_01",
		"00-00000000000000000000000000000000-" SPAN "-01",
		"00-" TRACE "-0000000000000000-01",
		"00-4BF92F3577B34DA6A3CE929D0E0E4736-" SPAN "-01",
		"00-" TRACE "-00f067aa0ba902bZ-01",
		" 00-" TRACE "-" SPAN "-01",
	};
	struct traceparent parent;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		CU_ASSERT(!traceparent_parse(slice(rows[i]), &parent));
}

static void sane_ids_are_short_and_plain(void)
{
	char longest[REQUEST_ID_MAX + 2];

	CU_ASSERT(request_id_is_sane(slice("a")));
	CU_ASSERT(request_id_is_sane(slice("Az09-._~:/+=@")));
	CU_ASSERT(!request_id_is_sane(slice(NULL)));
	CU_ASSERT(!request_id_is_sane(slice("")));
	CU_ASSERT(!request_id_is_sane(slice("a b")));
	CU_ASSERT(!request_id_is_sane(slice("a\"")));
	CU_ASSERT(!request_id_is_sane(slice("\xc3\xa9")));
	CU_ASSERT(!request_id_is_sane((struct http_slice){ "a\0b", 3 }));
	memset(longest, 'x', sizeof(longest));
	longest[REQUEST_ID_MAX] = '\0';
	CU_ASSERT(request_id_is_sane(slice(longest)));
	longest[REQUEST_ID_MAX] = 'x';
	longest[REQUEST_ID_MAX + 1] = '\0';
	CU_ASSERT(!request_id_is_sane(slice(longest)));
}

CU_TestInfo test_trace_context[] = {
	{ "valid_parents_are_taken_apart", valid_parents_are_taken_apart },
	{ "others_are_ignored", others_are_ignored },
	{ "sane_ids_are_short_and_plain", sane_ids_are_short_and_plain },
	CU_TEST_INFO_NULL,
};
