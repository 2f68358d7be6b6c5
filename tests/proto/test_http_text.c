/* SPDX-License-Identifier: MIT */
#include "proto/http/http_text.h"

#include <string.h>
#include "tests/support/suite.h"

static struct http_slice slice(const char *text)
{
	return (struct http_slice){ text, strlen(text) };
}

static const struct http_slice absent = { NULL, 0 };

static void tokens_are_those_of_the_grammar(void)
{
	static const char token[] = "!#$%&'*+-.^_`|~0123456789"
				    "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	int byte;

	for (byte = 0; byte < 256; byte++)
		CU_ASSERT_EQUAL(http_is_token_byte((unsigned char)byte),
				byte && byte < 128 &&
					strchr(token, byte) != NULL);
}

static void slices_compare_without_case(void)
{
	CU_ASSERT(http_slice_is(slice("Host"), "hOST"));
	CU_ASSERT(!http_slice_is(slice("Hos"), "host"));
	CU_ASSERT(!http_slice_is(slice("H@st"), "h`st"));
	CU_ASSERT(http_slice_is(slice(""), ""));
	CU_ASSERT(!http_slice_is(absent, ""));
	CU_ASSERT(http_slice_equals(slice("a"), slice("A")));
	CU_ASSERT(!http_slice_equals(slice("a"), slice("ab")));
	CU_ASSERT(!http_slice_equals(absent, absent));
}

static void white_space_is_trimmed(void)
{
	CU_ASSERT(http_slice_is(http_slice_trim(slice(" \t a b\t ")), "a b"));
	CU_ASSERT(http_slice_is(http_slice_trim(slice(" \t")), ""));
	CU_ASSERT_PTR_NULL(http_slice_trim(absent).at);
}

static void media_types_may_have_parameters(void)
{
	static const char json[] = "application/json";

	CU_ASSERT(http_media_type_is(slice("application/json"), json));
	CU_ASSERT(http_media_type_is(slice("APPLICATION/Json"), json));
	CU_ASSERT(http_media_type_is(slice("application/json;charset=utf-8"),
				     json));
	CU_ASSERT(http_media_type_is(slice("application/json ; q"), json));
	CU_ASSERT(!http_media_type_is(slice("application/json, a/b"), json));
	CU_ASSERT(!http_media_type_is(slice("application/json-rpc"), json));
	CU_ASSERT(!http_media_type_is(slice("application/jso"), json));
	CU_ASSERT(!http_media_type_is(slice(";application/json"), json));
	CU_ASSERT(!http_media_type_is(slice(""), json));
	CU_ASSERT(!http_media_type_is(absent, json));
}

static void lists_come_apart(void)
{
	static const char *const elements[] = { "a", "", "b c", "", "d" };
	struct http_slice list = slice(" a ,,\tb c\t, ,d,"), element;
	size_t i;

	for (i = 0; i < sizeof(elements) / sizeof(*elements); i++) {
		CU_ASSERT_FATAL(http_list_next(&list, &element));
		CU_ASSERT(http_slice_is(element, elements[i]));
	}
	CU_ASSERT(!http_list_next(&list, &element));
	list = absent;
	CU_ASSERT(!http_list_next(&list, &element));
}

static void expect_authority(const char *text, const char *host, uint16_t port)
{
	struct http_authority authority;

	CU_ASSERT_FATAL(http_authority_parse(slice(text), &authority));
	CU_ASSERT(http_slice_is(authority.host, host));
	CU_ASSERT_EQUAL(authority.port, port);
}

static void authorities_come_apart(void)
{
	static const char *const bad[] = {
		"a b",   "a,b",     "a@b",    "a/b",
		"a:b",   "a:65536", "a:-1",   "a:+1",
		"a:1:2", "[::1",    "[::1]a", "[g]",
		"a\x80", "a\"",     "[::1]]", "a:999999999999999999999",
	};
	struct http_authority authority;
	size_t i;

	expect_authority("localhost", "localhost", 0);
	expect_authority("localhost:", "localhost", 0);
	expect_authority("localhost:7070", "localhost", 7070);
	expect_authority("a:0065535", "a", 65535);
	expect_authority("[::1]:8", "[::1]", 8);
	expect_authority("[::ffff:127.0.0.1]", "[::ffff:127.0.0.1]", 0);
	expect_authority("", "", 0);
	expect_authority(":80", "", 80);
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		CU_ASSERT(!http_authority_parse(slice(bad[i]), &authority));
	CU_ASSERT(!http_authority_parse(absent, &authority));
}

CU_TestInfo test_http_text[] = {
	{ "tokens are those of the grammar", tokens_are_those_of_the_grammar },
	{ "slices compare without case", slices_compare_without_case },
	{ "white space is trimmed", white_space_is_trimmed },
	{ "media types may have parameters", media_types_may_have_parameters },
	{ "lists come apart", lists_come_apart },
	{ "authorities come apart", authorities_come_apart },
	CU_TEST_INFO_NULL,
};
