/* SPDX-License-Identifier: MIT */
/*
 * Requests as bytes, and what the codec makes of them however they are cut
 */
#include "proto/http/http_codec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tests/support/http_transcript.h"
#include "tests/support/suite.h"

static const struct http_limits limits = {
	.head_bytes = 600,
	.target_bytes = 200,
	.body_bytes = 64,
	.fields = 10,
};

struct exchange {
	const char *bytes;
	const char *transcript;
};

#define HOST    "Host: localhost\r\n"
#define GET     "GET / HTTP/1.1\r\n" HOST
#define POST    "POST /rpc HTTP/1.1\r\n" HOST
#define CHUNKED POST "Transfer-Encoding: chunked\r\n\r\n"

static char *transcript_of(struct http_heads *heads, const char *bytes,
			   size_t len, const size_t *sizes, size_t sizes_len)
{
	struct buffer out;
	char *text;

	buffer_init(&out, 1 << 20);
	http_transcript(&out, &limits, heads, bytes, len,
			(struct http_cuts){ sizes, sizes_len });
	buffer_append_byte(&out, '\0');
	text = buffer_take(&out, &len);
	if (!text)
		abort();
	return text;
}

static void expect(struct http_heads *heads, const struct exchange *exchange,
		   const size_t *sizes, size_t sizes_len)
{
	char *text = transcript_of(heads, exchange->bytes,
				   strlen(exchange->bytes), sizes, sizes_len);

	CU_ASSERT_STRING_EQUAL(text, exchange->transcript);
	if (strcmp(text, exchange->transcript))
		fprintf(stderr, "of <<%s>>\ngot <<%s>>\nnot <<%s>>\n",
			exchange->bytes, text, exchange->transcript);
	free(text);
}

/* Whole, byte by byte, and in two pieces cut at every place. */
static void check_cuts(struct http_heads *heads,
		       const struct exchange *exchange)
{
	size_t whole = SIZE_MAX, byte = 1, cut;

	expect(heads, exchange, &whole, 1);
	expect(heads, exchange, &byte, 1);
	for (cut = 1; cut < strlen(exchange->bytes); cut++)
		expect(heads, exchange, (size_t[]){ cut, SIZE_MAX }, 2);
}

/* With each head parsed, and with all heads so far remembered. */
static void check(const struct exchange *exchange)
{
	struct http_heads *heads = http_heads_new();

	CU_ASSERT_PTR_NOT_NULL_FATAL(heads);
	for (; exchange->bytes; exchange++) {
		check_cuts(NULL, exchange);
		check_cuts(heads, exchange);
	}
	http_heads_free(heads);
}

static void requests_are_decoded(void)
{
	static const struct exchange exchanges[] = {
		{ "", "idle" },
		{ GET "\r\n", "GET / []\nidle" },
		{ "HEAD /healthz HTTP/1.1\r\n" HOST "\r\n",
		  "HEAD /healthz []\nidle" },
		{ "DELETE /x HTTP/1.1\r\n" HOST "\r\n", "OTHER /x []\nidle" },
		{ POST "Content-Length: 2\r\n\r\n{}", "POST /rpc [{}]\nidle" },
		{ POST "Content-Length: 0\r\n\r\n", "POST /rpc []\nidle" },
		{ POST "Content-Length: 007\r\n\r\n1234567",
		  "POST /rpc [1234567]\nidle" },
		{ POST "Content-Type:application/json\r\n\r\n",
		  "POST /rpc type application/json []\nidle" },
		{ POST "content-TYPE:  \t a; b=c \t \r\n\r\n",
		  "POST /rpc type a; b=c []\nidle" },
		{ POST "Content-Type:\r\n\r\n", "POST /rpc type  []\nidle" },
		{ GET "Origin: null\r\nVmarium-Route: r7\r\n\r\n",
		  "GET / origin null route r7 []\nidle" },
		{ GET "X-Other: \x80\xff\r\n\r\n", "GET / []\nidle" },
		{ "GET /?a=b HTTP/1.1\r\n" HOST "\r\n", "GET / []\nidle" },
		{ "GET http://localhost:7/a?b HTTP/1.1\r\n" HOST "\r\n",
		  "GET /a at localhost:7 []\nidle" },
		{ "GET HTTP://localhost HTTP/1.1\r\n" HOST "\r\n",
		  "GET / at localhost []\nidle" },
		{ "GET http://localhost?b HTTP/1.1\r\n" HOST "\r\n",
		  "GET / at localhost []\nidle" },
		{ "OPTIONS * HTTP/1.1\r\n" HOST "\r\n", "OPTIONS * []\nidle" },
		{ "CONNECT localhost:80 HTTP/1.1\r\n" HOST "\r\n",
		  "OTHER localhost:80 []\nidle" },
		{ "\r\n" GET "\r\n", "GET / []\nidle" },
		{ GET "\r\n\r\n", "GET / []\nidle" },
		{ "GET / HTTP/1.1\r\nHost: [::1]:7070\r\n\r\n",
		  "GET / []\nidle" },
		{ "GET / HTTP/1.1\r\nHost:\r\n\r\n", "GET / []\nidle" },
		{ NULL, NULL },
	};

	check(exchanges);
}

static void pipelined_requests_are_told_apart(void)
{
	static const struct exchange exchanges[] = {
		{ GET "\r\n" POST "Content-Length: 3\r\n\r\n[1]" GET "\r\n",
		  "GET / []\nPOST /rpc [[1]]\nGET / []\nidle" },
		{ CHUNKED "2\r\n{}\r\n0\r\n\r\n" CHUNKED "0\r\n\r\n" GET "\r\n",
		  "POST /rpc [{}]\nPOST /rpc []\nGET / []\nidle" },
		{ GET "\r\nGET ", "GET / []\nhead" },
		{ GET "\r\n\r\n" GET "\r\n", "GET / []\nGET / []\nidle" },
		{ GET "\r\nGET / HTTP/1.1\r\n\r\n", "GET / []\n400 http.host" },
		{ NULL, NULL },
	};

	check(exchanges);
}

static void unfinished_requests_wait(void)
{
	static const struct exchange exchanges[] = {
		{ "P", "head" },
		{ "GET / HTTP/1.1\r\n", "head" },
		{ GET, "head" },
		{ GET "\r", "head" },
		{ POST "Content-Length: 3\r\n\r\n{}", "POST /rpcbody" },
		{ CHUNKED "2\r\n{}\r\n0\r\n", "POST /rpcbody" },
		{ NULL, NULL },
	};

	check(exchanges);
}

static void connections_are_kept_or_closed(void)
{
	static const struct exchange exchanges[] = {
		{ GET "Connection: close\r\n\r\n", "GET / close []\nidle" },
		{ GET "Connection: keep-alive\r\n\r\n", "GET / []\nidle" },
		{ GET "Connection: x, Close\r\n\r\n", "GET / close []\nidle" },
		{ GET "Connection:\tclose\t\r\n\r\n", "GET / close []\nidle" },
		{ GET "Connection: ,, close,\r\n\r\n", "GET / close []\nidle" },
		{ GET "Connection: x\t,\tclose\t,\ty\r\n\r\n",
		  "GET / close []\nidle" },
		{ GET "Connection: x\r\nA: b\r\nConnection: y, close\r\n\r\n",
		  "GET / close []\nidle" },
		{ GET "Connection: close\r\nConnection: keep-alive\r\n\r\n",
		  "GET / close []\nidle" },
		{ GET "Connection: closed, x close\r\n\r\n", "GET / []\nidle" },
		{ GET "Proxy-Connection: close\r\n\r\n", "GET / []\nidle" },
		{ "GET / HTTP/1.0\r\n\r\n", "GET / 1.0 close []\nidle" },
		{ "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
		  "GET / 1.0 []\nidle" },
		{ "GET / HTTP/1.0\r\nConnection: x\r\n"
		  "Connection: Keep-Alive\r\n\r\n",
		  "GET / 1.0 []\nidle" },
		{ "GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n",
		  "GET / 1.0 close []\nidle" },
		{ "GET / HTTP/1.0\r\nProxy-Connection: keep-alive\r\n\r\n",
		  "GET / 1.0 close []\nidle" },
		{ NULL, NULL },
	};

	check(exchanges);
}

static void expectations_are_seen(void)
{
	static const struct exchange exchanges[] = {
		{ POST "Expect: 100-Continue\r\nContent-Length: 1\r\n\r\n1",
		  "POST /rpc expects [1]\nidle" },
		{ "POST / HTTP/1.0\r\nExpect: 100-continue\r\n\r\n",
		  "POST / 1.0 close []\nidle" },
		{ POST "Expect: 200-ok\r\n\r\n", "417 http.expect" },
		{ POST "Expect:\r\n\r\n", "417 http.expect" },
		{ NULL, NULL },
	};

	check(exchanges);
}

static void marks_of_proxies_are_seen(void)
{
	static const struct exchange exchanges[] = {
		{ GET "Via: 1.1 x\r\n\r\n", "GET / forwarded []\nidle" },
		{ GET "forwarded: for=x\r\n\r\n", "GET / forwarded []\nidle" },
		{ GET "X-Forwarded-For: a\r\nX-Forwarded-For: b\r\n\r\n",
		  "GET / forwarded []\nidle" },
		{ GET "X-Forwarded-Host: a\r\n\r\n",
		  "GET / forwarded []\nidle" },
		{ GET "X-Forwarded-Proto: a\r\n\r\n",
		  "GET / forwarded []\nidle" },
		{ GET "X-Real-IP: a\r\n\r\n", "GET / forwarded []\nidle" },
		{ NULL, NULL },
	};

	check(exchanges);
}

static void request_lines_are_strict(void)
{
	static const struct exchange exchanges[] = {
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

	check(exchanges);
}

static void versions_other_than_1_0_and_1_1_are_refused(void)
{
	static const struct exchange exchanges[] = {
		{ "GET /\r\n\r\n", "505 http.version" },
		{ "GET / HTTP/0.9\r\n" HOST "\r\n", "505 http.version" },
		{ "GET / HTTP/1.2\r\n" HOST "\r\n", "505 http.version" },
		{ "GET / HTTP/2.0\r\n" HOST "\r\n", "505 http.version" },
		{ "GET / HTTP/9.9\r\n" HOST "\r\n", "505 http.version" },
		{ "GET / HTTP/1.10\r\n", "400 http.syntax" },
		{ NULL, NULL },
	};

	check(exchanges);
}

static void lines_end_in_cr_lf_alone(void)
{
	static const struct exchange exchanges[] = {
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

	check(exchanges);
}

static void field_names_are_tokens(void)
{
	static const struct exchange exchanges[] = {
		{ POST "Content-Length : 40\r\n\r\n", "400 http.field_name" },
		{ GET "A b: c\r\n\r\n", "400 http.field_name" },
		{ GET "A : c\r\n\r\n", "400 http.field_name" },
		{ GET "A(b): c\r\n", "400 http.syntax" },
		{ GET "A\x80: c\r\n", "400 http.syntax" },
		{ GET ": c\r\n", "400 http.syntax" },
		{ GET "abc\r\n", "400 http.syntax" },
		{ NULL, NULL },
	};

	check(exchanges);
}

static void field_values_have_no_control_characters(void)
{
	static const struct exchange exchanges[] = {
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

	check(exchanges);
}

static void nul_bytes_are_refused(void)
{
	static const char value[] = GET "A: b\0c\r\n\r\n";
	static const char first[] = GET "A: \0b\r\n\r\n";
	static const char name[] = GET "A\0: b\r\n\r\n";
	static const char target[] = "GET /\0 HTTP/1.1\r\n";
	size_t whole = SIZE_MAX, byte = 1;
	char *text;

	text = transcript_of(NULL, value, sizeof(value) - 1, &whole, 1);
	CU_ASSERT_STRING_EQUAL(text, "400 http.syntax");
	free(text);
	text = transcript_of(NULL, first, sizeof(first) - 1, &whole, 1);
	CU_ASSERT_STRING_EQUAL(text, "400 http.syntax");
	free(text);
	text = transcript_of(NULL, name, sizeof(name) - 1, &byte, 1);
	CU_ASSERT_STRING_EQUAL(text, "400 http.syntax");
	free(text);
	text = transcript_of(NULL, target, sizeof(target) - 1, &whole, 1);
	CU_ASSERT_STRING_EQUAL(text, "400 http.syntax");
	free(text);
}

static void host_stands_once(void)
{
	static const struct exchange exchanges[] = {
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

	check(exchanges);
}

static void single_fields_are_not_repeated(void)
{
	static const struct exchange exchanges[] = {
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

	check(exchanges);
}

static void lengths_are_unambiguous(void)
{
	static const struct exchange exchanges[] = {
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

	check(exchanges);
}

static void chunks_are_joined(void)
{
	static const struct exchange exchanges[] = {
		{ CHUNKED "0\r\n\r\n", "POST /rpc []\nidle" },
		{ CHUNKED "2\r\n{}\r\n0\r\n\r\n", "POST /rpc [{}]\nidle" },
		{ CHUNKED "1\r\n{\r\n1\r\n}\r\n0\r\n\r\n",
		  "POST /rpc [{}]\nidle" },
		{ CHUNKED "A\r\n0123456789\r\n0a\r\n0123456789\r\n00\r\n\r\n",
		  "POST /rpc [01234567890123456789]\nidle" },
		{ CHUNKED "0\r\nA: b\r\nC:\r\n\r\n", "POST /rpc []\nidle" },
		{ NULL, NULL },
	};

	check(exchanges);
}

static void chunk_framing_is_strict(void)
{
	static const struct exchange exchanges[] = {
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

	check(exchanges);
}

static void bodies_beyond_the_limit_are_refused_unread(void)
{
	static const struct exchange exchanges[] = {
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

	check(exchanges);
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
	const struct exchange exchanges[] = {
		{ bytes, transcript },
		{ NULL, NULL },
	};

	check(exchanges);
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
	CU_ASSERT_EQUAL(http_codec_limit(&limits, HTTP_HEADER_TOO_LARGE), 600);
	CU_ASSERT_EQUAL(http_codec_limit(&limits, HTTP_TARGET_TOO_LONG), 200);
	CU_ASSERT_EQUAL(http_codec_limit(&limits, HTTP_BODY_TOO_LARGE), 64);
	CU_ASSERT_EQUAL(http_codec_limit(&limits, HTTP_TOO_MANY_FIELDS), 10);
}

static void body_can_be_kept(void)
{
	char bytes[] = POST "Content-Length: 4\r\n\r\n1234";
	struct http_codec codec;
	size_t used, at = 0, len = sizeof(bytes) - 1;

	http_codec_init(&codec, &limits, NULL);
	CU_ASSERT_EQUAL(http_codec_feed(&codec, bytes, len, &used),
			HTTP_CODEC_HEAD);
	at += used;
	CU_ASSERT_EQUAL(http_codec_feed(&codec, bytes + at, len - at, &used),
			HTTP_CODEC_REQUEST);
	CU_ASSERT_PTR_EQUAL(codec.body.at, bytes + at);
	CU_ASSERT(http_codec_keep_body(&codec));
	memset(bytes, 'x', sizeof(bytes));
	CU_ASSERT_EQUAL(codec.body.len, 4);
	CU_ASSERT_NSTRING_EQUAL(codec.body.at, "1234", 4);
	http_codec_next(&codec);
	CU_ASSERT(http_codec_is_idle(&codec));
	CU_ASSERT_PTR_NULL(codec.body_bytes.data);
	http_codec_deinit(&codec);
}

CU_TestInfo test_http_codec[] = {
	{ "requests are decoded", requests_are_decoded },
	{ "pipelined requests are told apart",
	  pipelined_requests_are_told_apart },
	{ "unfinished requests wait", unfinished_requests_wait },
	{ "connections are kept or closed", connections_are_kept_or_closed },
	{ "expectations are seen", expectations_are_seen },
	{ "marks of proxies are seen", marks_of_proxies_are_seen },
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
	{ "chunks are joined", chunks_are_joined },
	{ "chunk framing is strict", chunk_framing_is_strict },
	{ "bodies beyond the limit are refused unread",
	  bodies_beyond_the_limit_are_refused_unread },
	{ "heads have limits", heads_have_limits },
	{ "largest heads are read to their end",
	  largest_heads_are_read_to_their_end },
	{ "limits stand in the hints", limits_stand_in_the_hints },
	{ "body can be kept", body_can_be_kept },
	CU_TEST_INFO_NULL,
};
