/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What a codec makes of a stream of bytes, as text
 *
 * Each request becomes a line of its verb, its path and what is remarkable
 * about it, then the body in brackets; the last line tells how it ended:
 *
 *	POST /rpc [{}]
 *	GET / close []
 *	400 http.host
 *
 * Other ends are "idle" (between requests), "head" and "body" (in the middle
 * of one). Two ways to cut the same bytes must give the same text.
 */
#include <stddef.h>
#include "proto/http/http_codec.h"
#include "proto/json/buffer.h"

/* How to cut: the sizes of the pieces, the last one repeated to the end. */
struct http_cuts {
	const size_t *sizes; /* each at least 1 */
	size_t len;          /* at least 1 */
};

/**
 * http_transcript() - feed @bytes in pieces and append the text to @out
 * @heads: where the codec remembers heads, or NULL
 *
 * Each piece lies in memory of its own that is gone before the next is fed,
 * so that whatever points into it is noticed.
 */
void http_transcript(struct buffer *out, const struct http_limits *limits,
		     struct http_heads *heads, const char *bytes, size_t len,
		     struct http_cuts cuts);
