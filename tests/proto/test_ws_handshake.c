/* SPDX-License-Identifier: MIT */
#include "proto/ws/ws_handshake.h"

#include <stdlib.h>
#include <string.h>
#include "tests/support/suite.h"

static const struct http_limits limits = {
	.head_bytes = 4096,
	.target_bytes = 1024,
	.body_bytes = 4096,
	.fields = 20,
};

static const char date[] = "Sun, 06 Nov 1994 08:49:37 GMT";

/* The head's bytes must outlive the codec's use of them. */
static bool read_head(struct http_codec *codec, const char *head)
{
	size_t used;

	http_codec_init(codec, &limits, NULL);
	return http_codec_feed(codec, head, strlen(head), &used) ==
	       HTTP_CODEC_HEAD;
}

#define LINE    "GET /rpc HTTP/1.1\r\nHost: localhost\r\n"
#define UPGRADE "Upgrade: websocket\r\n"
#define CONNECT "Connection: keep-alive, Upgrade\r\n"
#define KEY     "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
#define V13     "sec-websocket-version: 13\r\n"

static void the_answer_is_the_rfcs(void)
{
	struct http_codec codec;
	struct buffer out;
	char *text;
	size_t len;

	CU_ASSERT_FATAL(read_head(&codec, LINE UPGRADE CONNECT KEY V13 "\r\n"));
	CU_ASSERT_TRUE(ws_is_asked_for(&codec));
	CU_ASSERT_EQUAL(ws_handshake_check(&codec), HTTP_REFUSAL_NONE);
	buffer_init(&out, 4096);
	ws_handshake_answer(&out, &codec, date, NULL);
	buffer_append_byte(&out, '\0');
	text = buffer_take(&out, &len);
	CU_ASSERT_STRING_EQUAL(
		text, "HTTP/1.1 101 Switching Protocols\r\n"
		      "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
		      "Upgrade: websocket\r\nConnection: Upgrade\r\n"
		      "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
		      "\r\n");
	free(text);
	http_codec_deinit(&codec);
}

static void expect_check(const char *head, enum http_refusal refusal)
{
	struct http_codec codec;

	CU_ASSERT_FATAL(read_head(&codec, head));
	CU_ASSERT_EQUAL(ws_handshake_check(&codec), refusal);
	http_codec_deinit(&codec);
}

static void half_requests_are_refused(void)
{
	expect_check(LINE UPGRADE KEY V13 "\r\n", HTTP_WS_HANDSHAKE);
	expect_check(LINE UPGRADE "Connection: close\r\n" KEY V13 "\r\n",
		     HTTP_WS_HANDSHAKE);
	expect_check(LINE UPGRADE CONNECT V13 "\r\n", HTTP_WS_HANDSHAKE);
	expect_check(LINE UPGRADE CONNECT KEY KEY V13 "\r\n",
		     HTTP_WS_HANDSHAKE);
	expect_check(LINE UPGRADE CONNECT V13 "Sec-WebSocket-Key: abc\r\n\r\n",
		     HTTP_WS_HANDSHAKE);
	/* Bits that no byte holds. */
	expect_check(LINE UPGRADE CONNECT V13
		     "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZR==\r\n\r\n",
		     HTTP_WS_HANDSHAKE);
	expect_check(LINE UPGRADE CONNECT KEY V13 "Content-Length: 1\r\n\r\n",
		     HTTP_WS_HANDSHAKE);
	expect_check(LINE UPGRADE CONNECT KEY V13
		     "Transfer-Encoding: chunked\r\n\r\n",
		     HTTP_WS_HANDSHAKE);
	/* Which is no body. */
	expect_check(LINE UPGRADE CONNECT KEY V13 "Content-Length: 0\r\n\r\n",
		     HTTP_REFUSAL_NONE);
	expect_check("GET /rpc HTTP/1.0\r\nHost: a\r\n" UPGRADE CONNECT KEY V13
		     "\r\n",
		     HTTP_WS_HANDSHAKE);
	expect_check(LINE UPGRADE CONNECT KEY "\r\n", HTTP_WS_VERSION);
	expect_check(LINE UPGRADE CONNECT KEY
		     "Sec-WebSocket-Version: 8\r\n\r\n",
		     HTTP_WS_VERSION);
	expect_check(LINE UPGRADE CONNECT KEY V13 V13 "\r\n", HTTP_WS_VERSION);
}

static void expect_asked(const char *head, bool asked)
{
	struct http_codec codec;

	CU_ASSERT_FATAL(read_head(&codec, head));
	CU_ASSERT_EQUAL(ws_is_asked_for(&codec), asked);
	http_codec_deinit(&codec);
}

static void websocket_is_told_from_the_rest(void)
{
	expect_asked(LINE "\r\n", false);
	expect_asked(LINE "Upgrade: h2c\r\n\r\n", false);
	expect_asked(LINE "Upgrade: h2c\r\nUpgrade: WebSocket\r\n\r\n", true);
	expect_asked(LINE "Upgrade: h2c, websocket\r\n\r\n", true);
	expect_asked("POST /rpc HTTP/1.1\r\nHost: a\r\n" UPGRADE "\r\n", false);
}

/* The subprotocol in the answer, and the token; NULL: none. */
static void expect_protocol(const char *fields, bool named, const char *token)
{
	char head[512] = LINE UPGRADE CONNECT KEY V13;
	struct http_codec codec;
	struct http_slice found;
	struct buffer out;

	strcat(head, fields);
	strcat(head, "\r\n");
	CU_ASSERT_FATAL(read_head(&codec, head));
	found = ws_handshake_token(&codec);
	CU_ASSERT_EQUAL(found.at != NULL, token != NULL);
	CU_ASSERT(!token || http_slice_is(found, token));
	buffer_init(&out, 4096);
	ws_handshake_answer(&out, &codec, date, NULL);
	buffer_append_byte(&out, '\0');
	CU_ASSERT_EQUAL(strstr(out.data, "\r\nSec-WebSocket-Protocol: "
					 "vmarium\r\n") != NULL,
			named);
	CU_ASSERT(!strstr(out.data, "bearer"));
	buffer_deinit(&out);
	http_codec_deinit(&codec);
}

static void subprotocols_are_chosen(void)
{
#define PROTOCOL "Sec-WebSocket-Protocol: "
	expect_protocol("", false, NULL);
	expect_protocol(PROTOCOL "chat\r\n", false, NULL);
	expect_protocol(PROTOCOL "vmarium\r\n", true, NULL);
	expect_protocol(PROTOCOL "vmarium, bearer.abc_1-2\r\n", true,
			"abc_1-2");
	expect_protocol(PROTOCOL "chat\r\n" PROTOCOL "bearer.x ,vmarium\r\n",
			true, "x");
	expect_protocol(PROTOCOL "vmarium2,bearer\r\n", false, NULL);
}

CU_TestInfo test_ws_handshake[] = {
	{ "the answer is the RFC's", the_answer_is_the_rfcs },
	{ "half requests are refused", half_requests_are_refused },
	{ "WebSocket is told from the rest", websocket_is_told_from_the_rest },
	{ "subprotocols are chosen", subprotocols_are_chosen },
	CU_TEST_INFO_NULL,
};
