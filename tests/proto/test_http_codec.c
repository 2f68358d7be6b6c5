/* SPDX-License-Identifier: MIT */
/*
 * Requests as bytes, and what the codec makes of them however they are cut
 */
#include <string.h>

#include "tests/proto/http_exchange.h"
#include "tests/support/suite.h"

static void requests_are_decoded(void)
{
	static const struct http_exchange exchanges[] = {
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

	http_exchanges_check(exchanges);
}

static void pipelined_requests_are_told_apart(void)
{
	static const struct http_exchange exchanges[] = {
		{ GET "\r\n" POST "Content-Length: 3\r\n\r\n[1]" GET "\r\n",
		  "GET / []\nPOST /rpc [[1]]\nGET / []\nidle" },
		{ CHUNKED "2\r\n{}\r\n0\r\n\r\n" CHUNKED "0\r\n\r\n" GET "\r\n",
		  "POST /rpc [{}]\nPOST /rpc []\nGET / []\nidle" },
		{ GET "\r\nGET ", "GET / []\nhead" },
		{ GET "\r\n\r\n" GET "\r\n", "GET / []\nGET / []\nidle" },
		{ GET "\r\nGET / HTTP/1.1\r\n\r\n", "GET / []\n400 http.host" },
		{ NULL, NULL },
	};

	http_exchanges_check(exchanges);
}

static void unfinished_requests_wait(void)
{
	static const struct http_exchange exchanges[] = {
		{ "P", "head" },
		{ "GET / HTTP/1.1\r\n", "head" },
		{ GET, "head" },
		{ GET "\r", "head" },
		{ POST "Content-Length: 3\r\n\r\n{}", "POST /rpcbody" },
		{ CHUNKED "2\r\n{}\r\n0\r\n", "POST /rpcbody" },
		{ NULL, NULL },
	};

	http_exchanges_check(exchanges);
}

static void connections_are_kept_or_closed(void)
{
	static const struct http_exchange exchanges[] = {
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

	http_exchanges_check(exchanges);
}

static void expectations_are_seen(void)
{
	static const struct http_exchange exchanges[] = {
		{ POST "Expect: 100-Continue\r\nContent-Length: 1\r\n\r\n1",
		  "POST /rpc expects [1]\nidle" },
		{ "POST / HTTP/1.0\r\nExpect: 100-continue\r\n\r\n",
		  "POST / 1.0 close []\nidle" },
		{ POST "Expect: 200-ok\r\n\r\n", "417 http.expect" },
		{ POST "Expect:\r\n\r\n", "417 http.expect" },
		{ NULL, NULL },
	};

	http_exchanges_check(exchanges);
}

static void marks_of_proxies_are_seen(void)
{
	static const struct http_exchange exchanges[] = {
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

	http_exchanges_check(exchanges);
}

static void chunks_are_joined(void)
{
	static const struct http_exchange exchanges[] = {
		{ CHUNKED "0\r\n\r\n", "POST /rpc []\nidle" },
		{ CHUNKED "2\r\n{}\r\n0\r\n\r\n", "POST /rpc [{}]\nidle" },
		{ CHUNKED "1\r\n{\r\n1\r\n}\r\n0\r\n\r\n",
		  "POST /rpc [{}]\nidle" },
		{ CHUNKED "A\r\n0123456789\r\n0a\r\n0123456789\r\n00\r\n\r\n",
		  "POST /rpc [01234567890123456789]\nidle" },
		{ CHUNKED "0\r\nA: b\r\nC:\r\n\r\n", "POST /rpc []\nidle" },
		{ NULL, NULL },
	};

	http_exchanges_check(exchanges);
}

static void body_can_be_kept(void)
{
	char bytes[] = POST "Content-Length: 4\r\n\r\n1234";
	struct http_codec codec;
	size_t used, at = 0, len = sizeof(bytes) - 1;

	http_codec_init(&codec, &http_exchange_limits, NULL);
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
	{ "chunks are joined", chunks_are_joined },
	{ "body can be kept", body_can_be_kept },
	CU_TEST_INFO_NULL,
};
