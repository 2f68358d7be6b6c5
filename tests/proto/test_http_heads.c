/* SPDX-License-Identifier: MIT */
/*
 * Heads that are met again: the same outcome as parsing them, bytes for bytes
 */
#include "proto/http/http_heads.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "proto/http/http_codec.h"
#include "tests/support/http_transcript.h"
#include "tests/support/suite.h"

static const struct http_limits limits = {
	.head_bytes = 600,
	.target_bytes = 60,
	.body_bytes = 1200,
	.fields = 10,
};

#define LINE   "POST /rpc?q HTTP/1.1\r\n"
#define HOST   "Host: localhost\r\n"
#define JSON   "Content-Type: application/json\r\n"
#define LENGTH "Content-Length: 2\r\n"
#define END    "\r\n{}"
#define USUAL  LINE HOST "Authorization: Bearer x\r\n" LENGTH JSON END

static const size_t whole = SIZE_MAX;

static bool is_parsed; /* the last head, rather than met again */

/* Feeds one request whole. Return: its head's number. */
static uint64_t number_of(struct http_codec *codec, const char *request)
{
	size_t len = strlen(request), used;
	uint64_t number;

	CU_ASSERT_EQUAL(http_codec_feed(codec, request, len, &used),
			HTTP_CODEC_HEAD);
	number = codec->head_number;
	is_parsed = codec->method_known;
	while (http_codec_feed(codec, request += used, len -= used, &used) ==
	       HTTP_CODEC_MORE)
		;
	http_codec_next(codec);
	return number;
}

static void same_heads_have_a_number(void)
{
	struct http_heads *heads = http_heads_new();
	struct http_codec a, b;
	uint64_t number, other;

	CU_ASSERT_PTR_NOT_NULL_FATAL(heads);
	http_codec_init(&a, &limits, heads);
	http_codec_init(&b, &limits, heads);
	number = number_of(&a, USUAL);
	CU_ASSERT_NOT_EQUAL(number, 0);
	CU_ASSERT(is_parsed);
	CU_ASSERT_EQUAL(number_of(&a, USUAL), number);
	CU_ASSERT_FALSE(is_parsed);
	CU_ASSERT_EQUAL(number_of(&b, USUAL), number);
	CU_ASSERT_FALSE(is_parsed);
	CU_ASSERT_EQUAL(number_of(&a,
				  LINE HOST "Authorization: Bearer x\r\n"
					    "Content-Length: 02\r\n" JSON END),
			number);
	CU_ASSERT_FALSE(is_parsed);
	other = number_of(&a, LINE HOST
			  "Authorization: Bearer y\r\n" LENGTH JSON END);
	CU_ASSERT_NOT_EQUAL(other, 0);
	CU_ASSERT_NOT_EQUAL(other, number);
	CU_ASSERT_EQUAL(number_of(&a, USUAL), number);
	http_codec_deinit(&a);
	http_codec_deinit(&b);
	http_heads_free(heads);
}

static void forgotten_numbers_are_not_given_again(void)
{
	struct http_heads *heads = http_heads_new();
	struct http_codec codec;
	uint64_t number;

	CU_ASSERT_PTR_NOT_NULL_FATAL(heads);
	http_codec_init(&codec, &limits, heads);
	number = number_of(&codec, USUAL);
	http_heads_forget(heads);
	CU_ASSERT(number_of(&codec, USUAL) > number);
	http_heads_free(heads);
	http_codec_init(&codec, &limits, NULL);
	CU_ASSERT_EQUAL(number_of(&codec, USUAL), 0);
	http_codec_deinit(&codec);
}

static void unusual_heads_have_no_number(void)
{
	static const char *const unusual[] = {
		"GET / HTTP/1.1\r\n" HOST "\r\n",
		LINE HOST "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		LINE HOST LENGTH "Expect: 100-continue\r\n" END,
		LINE HOST LENGTH "Upgrade: h2c\r\n" END,
		LINE HOST LENGTH "X-Request-Id: 1\r\n" END,
		LINE HOST LENGTH "traceparent: 1\r\n" END,
		LINE HOST "Content-Length: 00000000002\r\n" END,
		"POST http://localhost/rpc HTTP/1.1\r\n" HOST LENGTH END,
	};
	struct http_heads *heads = http_heads_new();
	struct http_codec codec;
	size_t i;

	CU_ASSERT_PTR_NOT_NULL_FATAL(heads);
	http_codec_init(&codec, &limits, heads);
	for (i = 0; i < sizeof(unusual) / sizeof(*unusual); i++) {
		CU_ASSERT_EQUAL(number_of(&codec, unusual[i]), 0);
		CU_ASSERT_EQUAL(number_of(&codec, unusual[i]), 0);
	}
	http_codec_deinit(&codec);
	http_heads_free(heads);
}

static const char *numbered_head(char *text, size_t size, unsigned number)
{
	snprintf(text, size, LINE HOST "A: %u\r\n" LENGTH END, number);
	return text;
}

/* More heads than places: each is itself, remembered or not. */
static void many_heads_share_the_places(void)
{
	struct http_heads *heads = http_heads_new();
	struct http_codec codec;
	char text[200];
	unsigned i, met = 0;
	uint64_t first;

	CU_ASSERT_PTR_NOT_NULL_FATAL(heads);
	for (i = 0; i < 2 * HTTP_HEADS_MAX; i++) {
		http_codec_init(&codec, &limits, heads);
		numbered_head(text, sizeof(text), i);
		first = number_of(&codec, text);
		CU_ASSERT_EQUAL(first, i + 1);
		CU_ASSERT_EQUAL(number_of(&codec, text), first);
	}
	for (i = 0; i < 2 * HTTP_HEADS_MAX; i++) {
		http_codec_init(&codec, &limits, heads);
		numbered_head(text, sizeof(text), i);
		met += number_of(&codec, text) == i + 1;
	}
	/* Those whose places the second half has left alone, at least. */
	CU_ASSERT(met > HTTP_HEADS_MAX / 4);
	http_heads_free(heads);
}

/* What never comes again is not remembered for ever, others' heads are kept. */
static void ever_new_heads_are_not_learnt(void)
{
	struct http_heads *heads = http_heads_new();
	struct http_codec codec, other;
	uint64_t number, last = 1;
	char text[200];
	unsigned i;

	CU_ASSERT_PTR_NOT_NULL_FATAL(heads);
	http_codec_init(&codec, &limits, heads);
	http_codec_init(&other, &limits, heads);
	number = number_of(&other, USUAL);
	for (i = 0; i < 100; i++)
		last = number_of(&codec, numbered_head(text, sizeof(text), i));
	CU_ASSERT_EQUAL(last, 0);
	CU_ASSERT_EQUAL(number_of(&other, USUAL), number);
	/* It may well meet others' again, and then learns anew. */
	CU_ASSERT_EQUAL(number_of(&codec, USUAL), number);
	CU_ASSERT_NOT_EQUAL(number_of(&codec, text), 0);
	http_heads_free(heads);
}

/* --------------------------------------------------- beside the parser */

static void expect_alike(struct http_heads *heads, const char *bytes,
			 size_t len, struct http_cuts cuts)
{
	struct buffer parsed, met;

	buffer_init(&parsed, SIZE_MAX);
	buffer_init(&met, SIZE_MAX);
	http_transcript(&parsed, &limits, NULL, bytes, len,
			(struct http_cuts){ &whole, 1 });
	http_transcript(&met, &limits, heads, bytes, len, cuts);
	if (parsed.len != met.len || memcmp(parsed.data, met.data, met.len)) {
		CU_FAIL("a head met again is judged otherwise");
		fprintf(stderr, "of <<%.*s>>\nparsed <<%.*s>>\nmet <<%.*s>>\n",
			(int)len, bytes, (int)parsed.len, parsed.data,
			(int)met.len, met.data);
	}
	buffer_deinit(&parsed);
	buffer_deinit(&met);
}

static void expect_alike_whole(const char *bytes, size_t len)
{
	struct http_heads *heads = http_heads_new();

	CU_ASSERT_PTR_NOT_NULL_FATAL(heads);
	expect_alike(heads, bytes, len, (struct http_cuts){ &whole, 1 });
	/* And with all of it remembered that can be. */
	expect_alike(heads, bytes, len, (struct http_cuts){ &whole, 1 });
	http_heads_free(heads);
}

/* The usual request twice, and then what a function makes of a third. */
#define TWICE (2 * (sizeof(USUAL) - 1))

static void every_changed_byte_is_judged_alike(void)
{
	static const char bytes[] = "\0\t\n\r !+-019:Aa\x7f\x80\xff";
	char text[] = USUAL USUAL USUAL;
	const size_t len = sizeof(text) - 1;
	size_t at, i;

	for (at = TWICE; at < len; at++) {
		const char before = text[at];

		for (i = 0; i < sizeof(bytes) - 1; i++) {
			text[at] = bytes[i];
			expect_alike_whole(text, len);
		}
		text[at] = (char)(before ^ 0x20);
		expect_alike_whole(text, len);
		text[at] = before;
	}
}

static void every_byte_more_or_less_is_judged_alike(void)
{
	static const char bytes[] = "\0\t\n\r 05:a\xff";
	static const char usual[] = USUAL USUAL USUAL;
	char text[sizeof(usual) + 1];
	const size_t len = sizeof(usual) - 1;
	size_t at, i;

	for (at = TWICE; at < len; at++) {
		memcpy(text, usual, at);
		memcpy(text + at, usual + at + 1, len - at - 1);
		expect_alike_whole(text, len - 1);
		memcpy(text + at + 1, usual + at, len - at);
		for (i = 0; i < sizeof(bytes) - 1; i++) {
			text[at] = bytes[i];
			expect_alike_whole(text, len + 1);
		}
	}
}

static void every_length_is_judged_alike(void)
{
	static const char *const lengths[] = {
		"",
		"0",
		"00",
		"2",
		"02",
		"9",
		"10",
		"0000000002",
		"00000000002",
		"1200",
		"1201",
		"9999999999",
		"18446744073709551618",
		"+1",
		"-1",
		" 2",
		"2 ",
		"\t2\t",
		"2,2",
		"2, 2",
		"0x2",
		"2a",
		"1e1",
		"2\r\nContent-Length: 2",
		"2\r\n 2",
		"2\n",
		"2\r",
		"2\r\nTransfer-Encoding: chunked",
	};
	char text[3000], body[1300];
	size_t i, j;
	int len;

	memset(body, 'b', sizeof(body));
	for (i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		for (j = 0; j < sizeof(body); j += 1 + j * 3) {
			len = snprintf(
				text, sizeof(text),
				USUAL LINE HOST
				"Content-Length: %s\r\n"
				"Accept-Encoding: gzip\r\n\r\n%.*s" USUAL LINE
					HOST "Content-Length: %s\r\n"
				"Accept-Encoding: gzip\r\n\r\n%.*s",
				lengths[i], (int)j, body, lengths[i], (int)j,
				body);
			expect_alike_whole(text, (size_t)len);
		}
	}
}

/* A head that was short enough, and is too long with more digits. */
static void limits_hold_for_heads_met_again(void)
{
	char text[3000], fill[600];
	int len, n;

	memset(fill, 'f', sizeof(fill));
	for (n = 480; n < 560; n++) {
		len = snprintf(
			text, sizeof(text),
			LINE HOST
			"A: %.*s\r\nContent-Length: 2\r\n\r\n{}" LINE HOST
			"A: %.*s\r\nContent-Length: 0002\r\n"
			"\r\n{}",
			n, fill, n, fill);
		expect_alike_whole(text, (size_t)len);
	}
}

static void every_cut_is_judged_alike(void)
{
	static const char text[] = USUAL USUAL
		"\r\n" USUAL "POST / HTTP/1.0\r\n" LENGTH END
		"GET /healthz HTTP/1.1\r\n" HOST "\r\n" USUAL
		"POST / HTTP/1.0\r\nConnection: keep-alive\r\n" LENGTH END LINE
			HOST
		"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n" LINE
			HOST
		"content-length: 11\r\n\r\n12345678901" USUAL LINE HOST
		"content-length: 2\r\n\r\n12" USUAL "POST";
	struct http_heads *heads = http_heads_new();
	size_t cut, byte = 1;

	CU_ASSERT_PTR_NOT_NULL_FATAL(heads);
	expect_alike(heads, text, sizeof(text) - 1,
		     (struct http_cuts){ &byte, 1 });
	for (cut = 1; cut < sizeof(text) - 1; cut++) {
		expect_alike(heads, text, sizeof(text) - 1,
			     (struct http_cuts){ &cut, 1 });
		expect_alike(
			heads, text, sizeof(text) - 1,
			(struct http_cuts){ (size_t[]){ cut, SIZE_MAX }, 2 });
	}
	http_heads_free(heads);
}

CU_TestInfo test_http_heads[] = {
	{ "same heads have a number", same_heads_have_a_number },
	{ "forgotten numbers are not given again",
	  forgotten_numbers_are_not_given_again },
	{ "unusual heads have no number", unusual_heads_have_no_number },
	{ "many heads share the places", many_heads_share_the_places },
	{ "ever new heads are not learnt", ever_new_heads_are_not_learnt },
	{ "every changed byte is judged alike",
	  every_changed_byte_is_judged_alike },
	{ "every byte more or less is judged alike",
	  every_byte_more_or_less_is_judged_alike },
	{ "every length is judged alike", every_length_is_judged_alike },
	{ "limits hold for heads met again", limits_hold_for_heads_met_again },
	{ "every cut is judged alike", every_cut_is_judged_alike },
	CU_TEST_INFO_NULL,
};
