/* SPDX-License-Identifier: MIT */
/*
 * Heads and bodies as large as they may be, and larger
 */
#include <stdlib.h>
#include <string.h>

#include "tests/proto/http_exchange.h"
#include "tests/support/http_transcript.h"
#include "tests/support/suite.h"

static void bodies_beyond_the_limit_are_refused_unread(void)
{
	static const struct http_exchange exchanges[] = {
		{ POST "Content-Length: 65\r\n\r\n",
		  "413 http.body_too_large" },
		{ POST "Content-Length: 9223372036854775807\r\n\r\n",
		  "413 http.body_too_large" },
		{ CHUNKED "41", "POST /rpc413 http.body_too_large" },
		{ CHUNKED "ffffffffffffffff",
		  "POST /rpc413 http.body_too_large" },
		{ CHUNKED "1\r\n1\r\n40", "POST /rpc413 http.body_too_large" },
		{ NULL, NULL },
	};

	http_exchanges_check(exchanges);
}

static char *repeat(const char *before, const char *text, size_t times,
		    const char *after)
{
	struct buffer out;
	size_t len;

	buffer_init(&out, 1 << 20);
	buffer_append_text(&out, before);
	while (times--)
		buffer_append_text(&out, text);
	buffer_append_text(&out, after);
	buffer_append_byte(&out, '\0');
	return buffer_take(&out, &len);
}

static void expect_repeated(const char *before, const char *text, size_t times,
			    const char *after, const char *transcript)
{
	char *bytes = repeat(before, text, times, after);
	const struct http_exchange exchanges[] = {
		{ bytes, transcript },
		{ NULL, NULL },
	};

	http_exchanges_check(exchanges);
	free(bytes);
}

static void heads_have_limits(void)
{
	/* Ten fields, Host among them. */
	expect_repeated(GET, "A: b\r\n", 9, "\r\n", "GET / []\nidle");
	expect_repeated(GET, "A: b\r\n", 10, "\r\n",
			"431 http.too_many_fields");
	/* 200 bytes of target. */
	expect_repeated(
		"DELETE /", "a", 199, " HTTP/1.0\r\n\r\n",
		"OTHER /aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 1.0 close "
		"[]\nidle");
	expect_repeated("DELETE /", "a", 200, " HTTP/1.0\r\n\r\n",
			"414 http.target_too_long");
	expect_repeated("GET /", "a", 2000, "", "414 http.target_too_long");
	/* 600 bytes in all: 18 + 3 + n + 4. */
	expect_repeated("GET / HTTP/1.0\r\nA: ", "a", 577, "\r\n\r\n",
			"GET / 1.0 close []\nidle");
	expect_repeated("GET / HTTP/1.0\r\nA: ", "a", 578, "\r\n\r\n",
			"431 http.header_too_large");
	expect_repeated("GET / HTTP/1.0\r\nA: ", "a", 2000, "",
			"431 http.header_too_large");
}

/* As large as heads may be at all: the last field's place still counts. */
static void largest_heads_are_read_to_their_end(void)
{
	static const char begin[] = "GET /", behind[] = " HTTP/1.1\r\n" HOST;
	static const char last[] = "Authorization: x\r\n\r\n";
	static const char told[] = " token x []\nidle";
	const struct http_limits largest = { 65536, 65536, 64, 10 };
	const size_t whole = SIZE_MAX, len = 65536;
	const size_t parts =
		sizeof(begin) - 1 + sizeof(behind) - 1 + sizeof(last) - 1;
	char *head = malloc(len), *p = head;
	struct buffer out;

	CU_ASSERT_PTR_NOT_NULL_FATAL(head);
	memcpy(p, begin, sizeof(begin) - 1);
	p += sizeof(begin) - 1;
	memset(p, 'a', len - parts);
	p += len - parts;
	memcpy(p, behind, sizeof(behind) - 1);
	memcpy(p + sizeof(behind) - 1, last, sizeof(last) - 1);
	buffer_init(&out, 1 << 20);
	http_transcript(&out, &largest, NULL, head, len,
			(struct http_cuts){ &whole, 1 });
	CU_ASSERT_EQUAL_FATAL(out.len, sizeof("GET /") - 1 + len - parts +
					       sizeof(told) - 1);
	CU_ASSERT_NSTRING_EQUAL(out.data + out.len - (sizeof(told) - 1), told,
				sizeof(told) - 1);
	buffer_deinit(&out);
	free(head);
}

static void limits_stand_in_the_hints(void)
{
	CU_ASSERT_EQUAL(
		http_codec_limit(&http_exchange_limits, HTTP_HEADER_TOO_LARGE),
		600);
	CU_ASSERT_EQUAL(
		http_codec_limit(&http_exchange_limits, HTTP_TARGET_TOO_LONG),
		200);
	CU_ASSERT_EQUAL(
		http_codec_limit(&http_exchange_limits, HTTP_BODY_TOO_LARGE),
		64);
	CU_ASSERT_EQUAL(
		http_codec_limit(&http_exchange_limits, HTTP_TOO_MANY_FIELDS),
		10);
}

CU_TestInfo test_http_limits[] = {
	{ "bodies beyond the limit are refused unread",
	  bodies_beyond_the_limit_are_refused_unread },
	{ "heads have limits", heads_have_limits },
	{ "largest heads are read to their end",
	  largest_heads_are_read_to_their_end },
	{ "limits stand in the hints", limits_stand_in_the_hints },
	CU_TEST_INFO_NULL,
};
