/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Heads of requests that have been accepted before
 *
 * A client sends the same head with each request, but for the digits of its
 * Content-Length. What repeats an accepted head byte for byte up to these
 * digits and from there on is accepted as that one was, without being parsed;
 * the digits are judged anew. So no byte is ever judged by two sets of rules:
 * whatever differs is the parser's.
 *
 *	POST /rpc HTTP/1.1\r\nHost: x\r\nContent-Length: 123\r\nAccept: y\r\n\r\n
 *	|-------------------- before -------------------|   |---- behind -------|
 *
 * One memory serves all codecs of a thread. Heads hold secrets of different
 * clients (Authorization), so how long a comparison takes does not depend on
 * where it finds a difference.
 *
 * Not remembered are heads without a length, longer ones than HTTP_HEADS_BYTES,
 * those that announce more than a body (Expect, Upgrade, chunks) and those that
 * differ each time by their nature (X-Request-Id, traceparent).
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http_codec;
struct http_heads;

enum {
	HTTP_HEADS_MAX = 256,   /* remembered; others take their places */
	HTTP_HEADS_BYTES = 768, /* of one head */
};

/** http_heads_new() - an empty memory, which grows to less than 300 KiB.
 * NULL: the host has none. */
struct http_heads *http_heads_new(void);

/** http_heads_free() - free it; no codec that uses it is fed any more */
void http_heads_free(struct http_heads *heads);

/**
 * http_heads_forget() - forget all heads, and wipe them out
 *
 * Their numbers (http_codec.head_number) are not given to others.
 */
void http_heads_forget(struct http_heads *heads);

/* For the codec. Where a codec's last heads are. */
struct http_heads_hint {
	uint8_t last, before;
	uint8_t in_vain; /* heads learnt here since one was met again */
};

/**
 * http_heads_match() - does @bytes begin with a head that is remembered?
 * @codec: before a request; on success as the parser would have left it,
 *         body_left included
 *
 * Return: the head's length; 0: it is not remembered, not complete, or its
 *         length is not within limits; @codec is as it was.
 * Cost:   O(bytes of the head), some 100 instructions.
 */
size_t http_heads_match(struct http_codec *codec, const char *bytes,
			size_t len);

/**
 * http_heads_learn() - remember the head that @codec has just accepted
 *
 * Sets head_number, unless the head is none to be remembered. A codec that
 * learns one head after the other, and meets none again, learns no more.
 */
void http_heads_learn(struct http_codec *codec);
