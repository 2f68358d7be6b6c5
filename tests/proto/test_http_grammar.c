/* SPDX-License-Identifier: MIT */
/*
 * What the codec refuses, as RFC 9112 asks
 */
#include <stdlib.h>
#include <string.h>

#include "tests/proto/http_exchange.h"
#include "tests/support/suite.h"

static void request_lines_are_strict(void)
{
	static const struct http_exchange exchanges[] = {
		{ "\x16\x03\x01", "400 http.request_line" },
		{ " GET / HTTP/1.1\r\n", "400 http.request_line" },
		{ "G(T / HTTP/1.1\r\n", "400 http.request_line" },
		{ "GET\r\n", "400 http.request_line" },
		{ "\r\n\r\n" GET, "400 http.request_line" },
		{ "\rGET", "400 http.line_end" },
		{ "\nGET", "400 http.request_line" },
		{ "get / HTTP/1.1\r\n", "501 http.method_unknown" },
		{ "GETS / HTTP/1.1\r\n", "501 http.method_unknown" },
		{ "PRI * HTTP/2.0\r\n", "501 http.method_unknown" },
		{ "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "501 http.method_unknown" },
		{ "GET  / HTTP/1.1\r\n" HOST "\r\n", "400 http.request_line" },
		{ "GET /  HTTP/1.1\r\n" HOST "\r\n", "400 http.request_line" },
		{ "GET /\tHTTP/1.1\r\n" HOST "\r\n", "505 http.version" },
		{ "GET /\x80 HTTP/1.1\r\n" HOST "\r\n",
		  "400 http.request_line" },
		{ "GET /#a HTTP/1.1\r\n" HOST "\r\n", "400 http.request_line" },
		{ "GET * HTTP/1.1\r\n" HOST "\r\n", "400 http.request_line" },
		{ "SOURCE / ICE/1.0\r\n" HOST "\r\n", "400 http.request_line" },
		{ "GET rpc HTTP/1.1\r\n" HOST "\r\n", "400 http.syntax" },
		{ "GET / HTTP/1.1 \r\n", "400 http.syntax" },
		{ "GET / HTTQ/1.1\r\n" HOST "\r\n", "400 http.request_line" },
		{ NULL, NULL },
	};

	http_exchanges_check(exchanges);
}

static void versions_other_than_1_0_and_1_1_are_refused(void)
{
	static const struct http_exchange exchanges[] = {
		{ "GET /\r\n\r\n", "505 http.version" },
		{ "GET / HTTP/0.9\r\n" HOST "\r\n", "505 http.version" },
		{ "GET / HTTP/1.2\r\n" HOST "\r\n", "505 http.version" },
		{ "GET / HTTP/2.0\r\n" HOST "\r\n", "505 http.version" },
		{ "GET / HTTP/9.9\r\n" HOST "\r\n", "505 http.version" },
		{ "GET / HTTP/1.10\r\n", "400 http.syntax" },
		{ NULL, NULL },
	};

	http_exchanges_check(exchanges);
}

static void lines_end_in_cr_lf_alone(void)
{
	static const struct http_exchange exchanges[] = {
		{ "GET / HTTP/1.1\nHost: localhost\n\n", "400 http.line_end" },
		{ "GET / HTTP/1.1\nHost: localhost\r\n\r\n",
		  "400 http.line_end" },
		{ GET "A: b\n\r\n", "400 http.line_end" },
		{ GET "A: b\r\n\n", "400 http.line_end" },
		{ GET "\rX", "400 http.line_end" },
		{ GET "A: b\rc\r\n\r\n", "400 http.syntax" },
		{ GET "A: b\r\n c\r\n\r\n", "400 http.line_end" },
		{ GET "A: b\r\n\tc\r\n\r\n", "400 http.line_end" },
		{ GET "A:\r\n b\r\n\r\n", "400 http.line_end" },
		{ NULL, NULL },
	};

	http_exchanges_check(exchanges);
}

static void field_names_are_tokens(void)
{
	static const struct http_exchange exchanges[] = {
		{ POST "Content-Length : 40\r\n\r\n", "400 http.field_name" },
		{ GET "A b: c\r\n\r\n", "400 http.field_name" },
		{ GET "A : c\r\n\r\n", "400 http.field_name" },
		{ GET "A(b): c\r\n", "400 http.syntax" },
		{ GET "A\x80: c\r\n", "400 http.syntax" },
		{ GET ": c\r\n", "400 http.syntax" },
		{ GET "abc\r\n", "400 http.syntax" },
		{ NULL, NULL },
	};

	http_exchanges_check(exchanges);
}

static void field_values_have_no_control_characters(void)
{
	static const struct http_exchange exchanges[] = {
		{ GET "A: b\x01\r\n", "400 http.syntax" },
		{ GET "A: b\x7f\r\n", "400 http.syntax" },
		{ GET "A: \x01 b\r\n\r\n", "400 http.syntax" },
		{ GET "A:\x7f\r\n\r\n", "400 http.syntax" },
		{ GET "A: \t\x1f\r\n\r\n", "400 http.syntax" },
		{ GET "Upgrade: \x0bx\r\n\r\n", "400 http.syntax" },
		{ GET "Connection: \x08"
		      "close\r\n\r\n",
		  "400 http.syntax" },
		{ POST "Transfer-Encoding: \x0b"
		       "chunked\r\n\r\n",
		  "400 http.syntax" },
		{ GET "A: b\tc\r\n\r\n", "GET / []\nidle" },
		{ GET "A: \x80\xff\r\n\r\n", "GET / []\nidle" },
		{ NULL, NULL },
	};

	http_exchanges_check(exchanges);
}

static void nul_bytes_are_refused(void)
{
	static const char value[] = GET "A: b\0c\r\n\r\n";
	static const char first[] = GET "A: \0b\r\n\r\n";
	static const char name[] = GET "A\0: b\r\n\r\n";
	static const char target[] = "GET /\0 HTTP/1.1\r\n";
	size_t whole = SIZE_MAX, byte = 1;
	char *text;

	text = http_exchange_transcript(NULL, value, sizeof(value) - 1, &whole,
					1);
	CU_ASSERT_STRING_EQUAL(text, "400 http.syntax");
	free(text);
	text = http_exchange_transcript(NULL, first, sizeof(first) - 1, &whole,
					1);
	CU_ASSERT_STRING_EQUAL(text, "400 http.syntax");
	free(text);
	text = http_exchange_transcript(NULL, name, sizeof(name) - 1, &byte, 1);
	CU_ASSERT_STRING_EQUAL(text, "400 http.syntax");
	free(text);
	text = http_exchange_transcript(NULL, target, sizeof(target) - 1,
					&whole, 1);
	CU_ASSERT_STRING_EQUAL(text, "400 http.syntax");
	free(text);
}

static void host_stands_once(void)
{
	static const struct http_exchange exchanges[] = {
		{ "GET / HTTP/1.1\r\n\r\n", "400 http.host" },
		{ GET HOST "\r\n", "400 http.host" },
		{ "GET / HTTP/1.0\r\n" HOST HOST "\r\n", "400 http.host" },
		{ "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", "400 http.host" },
		{ "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", "400 http.host" },
		{ "GET / HTTP/1.1\r\nHost: a:b\r\n\r\n", "400 http.host" },
		{ "GET / HTTP/1.1\r\nHost: a:65536\r\n\r\n", "400 http.host" },
		{ "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", "400 http.host" },
		{ "GET / HTTP/1.1\r\nHost: [::1]x\r\n\r\n", "400 http.host" },
		{ "GET / HTTP/1.1\r\nHost: [x]\r\n\r\n", "400 http.host" },
		{ "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", "400 http.host" },
		{ NULL, NULL },
	};

	http_exchanges_check(exchanges);
}

static void single_fields_are_not_repeated(void)
{
	static const struct http_exchange exchanges[] = {
		{ POST "Content-Type: a\r\nContent-Type: a\r\n\r\n",
		  "400 http.field_repeated" },
		{ GET "Origin: a\r\nOrigin: a\r\n\r\n",
		  "400 http.field_repeated" },
		{ GET "Authorization: a\r\nAuthorization: a\r\n\r\n",
		  "400 http.field_repeated" },
		{ POST "Transfer-Encoding: chunked\r\n"
		       "Transfer-Encoding: chunked\r\n\r\n",
		  "400 http.field_repeated" },
		{ GET "Upgrade: a\r\nUpgrade: b\r\n\r\n", "GET / []\nidle" },
		{ NULL, NULL },
	};

	http_exchanges_check(exchanges);
}

static void lengths_are_unambiguous(void)
{
	static const struct http_exchange exchanges[] = {
		{ POST "Content-Length: +2\r\n\r\n{}", "400 http.length" },
		{ POST "Content-Length: -2\r\n\r\n{}", "400 http.length" },
		{ POST "Content-Length: 0x2\r\n\r\n{}", "400 http.length" },
		{ POST "Content-Length: 2, 2\r\n\r\n{}", "400 http.length" },
		{ POST "Content-Length: 2 2\r\n\r\n{}", "400 http.length" },
		{ POST "Content-Length:\r\n\r\n", "400 http.length" },
		{ POST "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
		  "400 http.length" },
		{ POST "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
		  "400 http.length" },
		{ POST "Content-Length: 2\r\n"
		       "Transfer-Encoding: chunked\r\n\r\n",
		  "400 http.length" },
		{ POST "Transfer-Encoding: chunked\r\n"
		       "Content-Length: 2\r\n\r\n",
		  "400 http.length" },
		{ "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
		  "400 http.length" },
		{ POST "Transfer-Encoding: gzip\r\n\r\n",
		  "501 http.transfer_encoding" },
		{ POST "Transfer-Encoding: gzip, chunked\r\n\r\n",
		  "501 http.transfer_encoding" },
		{ POST "Transfer-Encoding: chunked, gzip\r\n\r\n",
		  "501 http.transfer_encoding" },
		{ POST "Transfer-Encoding: xchunked\r\n\r\n",
		  "501 http.transfer_encoding" },
		{ POST "Transfer-Encoding: identity\r\n\r\n",
		  "501 http.transfer_encoding" },
		{ POST "Transfer-Encoding:\r\n\r\n",
		  "501 http.transfer_encoding" },
		{ NULL, NULL },
	};

	http_exchanges_check(exchanges);
}

static void chunk_framing_is_strict(void)
{
	static const struct http_exchange exchanges[] = {
		{ CHUNKED "2\r\n{}xx0\r\n\r\n", "POST /rpc400 http.body" },
		{ CHUNKED "2\r\n{}x\n0\r\n\r\n", "POST /rpc400 http.body" },
		{ CHUNKED "2\r\n{}\rx0\r\n\r\n", "POST /rpc400 http.body" },
		{ CHUNKED "2\r\n{}\n0\r\n\r\n", "POST /rpc400 http.body" },
		{ CHUNKED "2\n{}\r\n0\r\n\r\n", "POST /rpc400 http.body" },
		{ CHUNKED "2\rx", "POST /rpc400 http.body" },
		{ CHUNKED "2;a=b\r\n{}", "POST /rpc400 http.body" },
		{ CHUNKED "2;a\n", "POST /rpc400 http.body" },
		{ CHUNKED "2 \r\n{}", "POST /rpc400 http.body" },
		{ CHUNKED "0x2\r\n{}", "POST /rpc400 http.body" },
		{ CHUNKED "-1\r\n", "POST /rpc400 http.body" },
		{ CHUNKED "\r\n", "POST /rpc400 http.body" },
		{ CHUNKED "g\r\n", "POST /rpc400 http.body" },
		{ CHUNKED "00000000000000000\r\n", "POST /rpc400 http.body" },
		{ CHUNKED "0\r\n\rx", "POST /rpc400 http.body" },
		{ CHUNKED "0\r\n\n", "POST /rpc400 http.body" },
		{ CHUNKED "0\r\nA b: c\r\n", "POST /rpc400 http.body" },
		{ CHUNKED "0\r\n: c\r\n", "POST /rpc400 http.body" },
		{ CHUNKED "0\r\nA: \x01\r\n", "POST /rpc400 http.body" },
		{ CHUNKED "0\r\nA: b\n", "POST /rpc400 http.body" },
		{ CHUNKED "0\r\n b\r\n", "POST /rpc400 http.body" },
		{ NULL, NULL },
	};

	http_exchanges_check(exchanges);
}

CU_TestInfo test_http_grammar[] = {
	{ "request lines are strict", request_lines_are_strict },
	{ "versions other than 1.0 and 1.1 are refused",
	  versions_other_than_1_0_and_1_1_are_refused },
	{ "lines end in CR LF alone", lines_end_in_cr_lf_alone },
	{ "field names are tokens", field_names_are_tokens },
	{ "field values have no control characters",
	  field_values_have_no_control_characters },
	{ "NUL bytes are refused", nul_bytes_are_refused },
	{ "Host stands once", host_stands_once },
	{ "single fields are not repeated", single_fields_are_not_repeated },
	{ "lengths are unambiguous", lengths_are_unambiguous },
	{ "chunk framing is strict", chunk_framing_is_strict },
	CU_TEST_INFO_NULL,
};
