/* SPDX-License-Identifier: MIT */
#include "proto/ws/ws_codec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tests/support/suite.h"

enum {
	MESSAGE_MAX = 1000,
	TEXT = 1,
	BINARY = 2,
	CLOSE = 8,
	PING = 9,
	PONG = 10,
	FIN = 0x80,
};

/* A frame as clients send it, masked. */
static void add_frame(struct buffer *to, unsigned first, const void *payload,
		      size_t len)
{
	static const unsigned char mask[4] = { 0x12, 0xfe, 0x00, 0x7a };
	const unsigned char *bytes = payload;
	size_t i;

	buffer_append_byte(to, (char)first);
	if (len < 126) {
		buffer_append_byte(to, (char)(0x80 | len));
	} else {
		buffer_append_byte(to, (char)(0x80 | 126));
		buffer_append_byte(to, (char)(len >> 8));
		buffer_append_byte(to, (char)len);
	}
	buffer_append(to, mask, 4);
	for (i = 0; i < len; i++)
		buffer_append_byte(to, (char)(bytes[i] ^ mask[i % 4]));
}

static void add_text(struct buffer *to, unsigned first, const char *text)
{
	add_frame(to, first, text, strlen(text));
}

/* Feeds @len bytes; what happens is written as "[message]" and "<status>". */
static enum ws_status feed(struct ws_codec *codec, const char *bytes,
			   size_t len, struct buffer *events,
			   struct buffer *out)
{
	enum ws_status status;
	size_t used;

	do {
		status = ws_codec_feed(codec, bytes, len, &used, out);
		bytes += used;
		len -= used;
		if (status == WS_MESSAGE) {
			struct http_slice message = ws_codec_message(codec);

			buffer_append_byte(events, '[');
			buffer_append(events, message.at, message.len);
			buffer_append_byte(events, ']');
		}
	} while (status == WS_MESSAGE || (status == WS_MORE && len));
	CU_ASSERT_FALSE(out->failed);
	return status;
}

/* What comes of @input cut into pieces of @piece bytes, after a first one. */
static void run(const struct buffer *input, size_t first, size_t piece,
		struct buffer *events, struct buffer *out)
{
	struct ws_codec *codec = ws_codec_new(MESSAGE_MAX);
	enum ws_status status = WS_MORE;
	size_t done = 0;

	CU_ASSERT_FATAL(codec != NULL);
	buffer_init(events, SIZE_MAX);
	buffer_init(out, SIZE_MAX);
	while (status == WS_MORE && done < input->len) {
		size_t len = done ? piece : first;

		if (len > input->len - done)
			len = input->len - done;
		status = feed(codec, input->data + done, len, events, out);
		done += len;
	}
	buffer_append_literal(events, "<");
	buffer_append_u64(events, status);
	buffer_append_literal(events, ">");
	ws_codec_free(codec);
}

static bool buffers_equal(const struct buffer *a, const struct buffer *b)
{
	return a->len == b->len &&
	       (!a->len || !memcmp(a->data, b->data, a->len));
}

/* The outcome, which is the same wherever the bytes are cut. */
static void expect(struct buffer *input, const char *events, const char *out,
		   size_t out_len)
{
	struct buffer whole_events, whole_out, cut_events, cut_out;
	size_t i;

	run(input, input->len, 1, &whole_events, &whole_out);
	CU_ASSERT_EQUAL(whole_events.len, strlen(events));
	CU_ASSERT(!strncmp(whole_events.data, events, whole_events.len));
	CU_ASSERT_EQUAL(whole_out.len, out_len);
	CU_ASSERT(!out_len || !memcmp(whole_out.data, out, out_len));
	for (i = 0; i <= input->len; i++) {
		/* Cut once before byte i; and, for 0, before every byte. */
		run(input, i ? i : 1, i ? input->len : 1, &cut_events,
		    &cut_out);
		CU_ASSERT(buffers_equal(&cut_events, &whole_events));
		CU_ASSERT(buffers_equal(&cut_out, &whole_out));
		buffer_deinit(&cut_events);
		buffer_deinit(&cut_out);
	}
	buffer_deinit(&whole_events);
	buffer_deinit(&whole_out);
	buffer_deinit(input);
}

/* The close frame that a server sends. */
static void expect_close(struct buffer *input, const char *events,
			 unsigned code)
{
	const char frame[4] = { (char)(FIN | CLOSE), 2, (char)(code >> 8),
				(char)code };

	expect(input, events, frame, sizeof(frame));
}

static struct buffer nothing(void)
{
	struct buffer input;

	buffer_init(&input, SIZE_MAX);
	return input;
}

static void messages_are_put_together(void)
{
	struct buffer input = nothing();

	add_text(&input, FIN | TEXT, "one");
	add_text(&input, FIN | TEXT, "");
	add_text(&input, TEXT, "fr");
	add_text(&input, FIN | PING, "?");
	add_text(&input, 0, "ag\xc3");
	add_text(&input, FIN, "\xa4nts");
	add_text(&input, FIN | PONG, "unasked");
	add_text(&input, FIN | TEXT, "last");
	expect(&input, "[one][][frag\xc3\xa4nts][last]<0>", "\x8a\x01?", 3);
}

static void many_small_ones_come_one_by_one(void)
{
	struct buffer input = nothing(), events, out;
	int i;

	for (i = 0; i < 2000; i++)
		add_text(&input, FIN | TEXT, "");
	run(&input, input.len, input.len, &events, &out);
	CU_ASSERT_EQUAL(events.len, 2000 * 2 + 3);
	CU_ASSERT_EQUAL(out.len, 0);
	buffer_deinit(&events);
	buffer_deinit(&out);
	buffer_deinit(&input);
}

static void a_close_is_answered(void)
{
	struct buffer input = nothing();

	add_text(&input, FIN | TEXT, "a");
	add_frame(&input, FIN | CLOSE,
		  "\x03\xe8"
		  "bye",
		  5);
	add_text(&input, FIN | TEXT, "too late");
	expect(&input, "[a]<2>", "\x88\x02\x03\xe8", 4);
	/* A reason that is not UTF-8, which nobody reads. */
	add_frame(&input, FIN | CLOSE, "\x0f\xa0\xff", 3);
	expect(&input, "<2>", "\x88\x02\x0f\xa0", 4);

	add_frame(&input, FIN | CLOSE, "", 0);
	expect(&input, "<2>", "\x88\x00", 2);
}

static void what_breaks_the_rules_is_closed(void)
{
	static char longer[MESSAGE_MAX + 1];
	struct buffer input = nothing();

	memset(longer, 'x', sizeof(longer));
	add_text(&input, FIN | BINARY, "\x01");
	expect_close(&input, "<2>", WS_CLOSE_UNSUPPORTED);
	add_text(&input, FIN | TEXT, "ok");
	add_text(&input, FIN | TEXT, "\xc0\x80");
	expect_close(&input, "[ok]<2>", WS_CLOSE_NOT_UTF8);
	add_text(&input, TEXT, "\xc3");
	add_text(&input, FIN, "");
	expect_close(&input, "<2>", WS_CLOSE_NOT_UTF8);
	add_frame(&input, FIN | TEXT, longer, sizeof(longer));
	expect_close(&input, "<2>", WS_CLOSE_TOO_BIG);
	add_frame(&input, TEXT, longer, MESSAGE_MAX);
	add_text(&input, FIN, "y");
	expect_close(&input, "<2>", WS_CLOSE_TOO_BIG);
	add_text(&input, FIN, "goes on from nothing");
	expect_close(&input, "<2>", WS_CLOSE_PROTOCOL);
	add_text(&input, TEXT, "begun");
	add_text(&input, FIN | TEXT, "again");
	expect_close(&input, "<2>", WS_CLOSE_PROTOCOL);
	add_text(&input, FIN | 0x40 | TEXT, "reserved bit");
	expect_close(&input, "<2>", WS_CLOSE_PROTOCOL);
	add_text(&input, FIN | 3, "reserved opcode");
	expect_close(&input, "<2>", WS_CLOSE_PROTOCOL);
	add_text(&input, PING, "in pieces");
	expect_close(&input, "<2>", WS_CLOSE_PROTOCOL);
	add_frame(&input, FIN | CLOSE, "\x03", 1);
	expect_close(&input, "<2>", WS_CLOSE_PROTOCOL);
	add_frame(&input, FIN | CLOSE, "\x03\xed", 2);
	expect_close(&input, "<2>", WS_CLOSE_PROTOCOL);
	buffer_append_literal(&input, "\x81\x02hi"); /* without a mask */
	expect_close(&input, "<2>", WS_CLOSE_PROTOCOL);
}

static void lengths_are_written_as_they_must_be(void)
{
	static const char *const heads[] = {
		"\x81\xfe\x00\x02",
		"\x81\xfe\x00\x7d",
		"\x81\xff\x00\x00\x00\x00\x00\x00\x00\x02",
		"\x81\xff\x00\x00\x00\x00\x00\x00\xff\xff",
		"\x81\xff\x80\x00\x00\x00\x00\x00\x00\x02",
	};
	struct buffer input = nothing();
	size_t i;

	for (i = 0; i < sizeof(heads) / sizeof(*heads); i++) {
		buffer_append(&input, heads[i], i < 2 ? 4 : 10);
		buffer_append_literal(&input, "maskhi");
		expect_close(&input, "<2>", WS_CLOSE_PROTOCOL);
	}
}

static void the_longest_message_is_taken(void)
{
	static char longest[MESSAGE_MAX + 1], events[MESSAGE_MAX + 6];
	struct buffer input = nothing();

	memset(longest, 'x', MESSAGE_MAX);
	snprintf(events, sizeof(events), "[%s]<0>", longest);
	add_text(&input, FIN | TEXT, longest);
	expect(&input, events, NULL, 0);
}

static void the_server_can_close_and_ping(void)
{
	struct ws_codec *codec = ws_codec_new(MESSAGE_MAX);
	struct buffer input = nothing(), events = nothing(), out = nothing();

	CU_ASSERT_FATAL(codec != NULL);
	CU_ASSERT_FALSE(ws_codec_awaits_pong(codec));
	ws_codec_ping(codec, &out);
	CU_ASSERT_TRUE(ws_codec_awaits_pong(codec));
	CU_ASSERT_EQUAL(out.len, 2);
	CU_ASSERT(!memcmp(out.data, "\x89\x00", 2));
	add_text(&input, FIN | PONG, "");
	CU_ASSERT_EQUAL(feed(codec, input.data, input.len, &events, &out),
			WS_MORE);
	CU_ASSERT_FALSE(ws_codec_awaits_pong(codec));

	buffer_rewind(&out, 0);
	ws_codec_close(codec, WS_CLOSE_GOING_AWAY, "", &out);
	ws_codec_close(codec, WS_CLOSE_INTERNAL, "", &out);
	ws_codec_ping(codec, &out);
	CU_ASSERT_EQUAL(out.len, 4);
	CU_ASSERT(!memcmp(out.data, "\x88\x02\x03\xe9", 4));
	CU_ASSERT_EQUAL(feed(codec, input.data, input.len, &events, &out),
			WS_CLOSED);
	ws_codec_free(codec);
	buffer_deinit(&input);
	buffer_deinit(&events);
	buffer_deinit(&out);
}

static void expect_head(size_t len, const char *head, size_t head_len)
{
	struct buffer out = nothing();

	ws_message_head(&out, len);
	CU_ASSERT_EQUAL(out.len, head_len);
	CU_ASSERT(!memcmp(out.data, head, head_len));
	buffer_deinit(&out);
}

static void heads_are_as_short_as_they_can_be(void)
{
	expect_head(0, "\x81\x00", 2);
	expect_head(125, "\x81\x7d", 2);
	expect_head(126, "\x81\x7e\x00\x7e", 4);
	expect_head(65535, "\x81\x7e\xff\xff", 4);
	expect_head(65536, "\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00", 10);
	expect_head(33554432, "\x81\x7f\x00\x00\x00\x00\x02\x00\x00\x00", 10);
}

/* However a message is cut, what it takes is in proportion to what has come. */
static void what_has_come_is_all_that_is_held(void)
{
	struct ws_codec *codec = ws_codec_new(1 << 20);
	struct buffer input, events, out;
	size_t i, held;

	CU_ASSERT_FATAL(codec != NULL);
	buffer_init(&input, SIZE_MAX);
	buffer_init(&events, SIZE_MAX);
	buffer_init(&out, SIZE_MAX);
	/* A frame that announces 1 MiB, and ten bytes of it. */
	buffer_append(&input, "\x01\xff\0\0\0\0\0\x10\0\0\0\0\0\0", 14);
	buffer_append(&input, "0123456789", 10);
	CU_ASSERT_EQUAL(feed(codec, input.data, input.len, &events, &out),
			WS_MORE);
	CU_ASSERT_EQUAL(ws_codec_arrived(codec), 10);
	CU_ASSERT(ws_codec_held(codec) < 1000);
	ws_codec_free(codec);

	/* 100,000 fragments of a byte each. */
	codec = ws_codec_new(1 << 20);
	CU_ASSERT_FATAL(codec != NULL);
	buffer_reset(&input, 0);
	add_text(&input, TEXT, "x");
	for (i = 1; i < 100000; i++)
		add_text(&input, 0, "x");
	CU_ASSERT_EQUAL(feed(codec, input.data, input.len, &events, &out),
			WS_MORE);
	CU_ASSERT_EQUAL(ws_codec_arrived(codec), 100000);
	held = ws_codec_held(codec);
	CU_ASSERT(held >= 100000 && held < 300000);
	buffer_reset(&input, 0);
	add_text(&input, FIN, "!");
	feed(codec, input.data, input.len, &events, &out);
	CU_ASSERT_EQUAL(ws_codec_arrived(codec), 0);
	CU_ASSERT(ws_codec_held(codec) < 10000);
	CU_ASSERT_EQUAL(events.len, 100000 + 3);
	CU_ASSERT_EQUAL(out.len, 0);
	ws_codec_free(codec);
	buffer_deinit(&input);
	buffer_deinit(&events);
	buffer_deinit(&out);
}

CU_TestInfo test_ws_codec[] = {
	{ "messages are put together", messages_are_put_together },
	{ "many small ones come one by one", many_small_ones_come_one_by_one },
	{ "a close is answered", a_close_is_answered },
	{ "what breaks the rules is closed", what_breaks_the_rules_is_closed },
	{ "lengths are written as they must be",
	  lengths_are_written_as_they_must_be },
	{ "the longest message is taken", the_longest_message_is_taken },
	{ "the server can close and ping", the_server_can_close_and_ping },
	{ "what has come is all that is held",
	  what_has_come_is_all_that_is_held },
	{ "heads are as short as they can be",
	  heads_are_as_short_as_they_can_be },
	CU_TEST_INFO_NULL,
};
