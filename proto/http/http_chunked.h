/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The chunked transfer coding, strictly
 *
 * Our own rather than the parser library's, which is built to let chunk data
 * pass that no CR LF ends: what a proxy in front and we would then disagree
 * on is a smuggled request. Chunk extensions are refused for the same reason.
 * Trailer fields must be well formed; they are dropped.
 */
#include <stddef.h>
#include <stdint.h>
#include "proto/json/buffer.h"

struct http_chunked {
	uint64_t left; /* bytes of this chunk still to come */
	size_t trailer_bytes;
	uint8_t state;
	uint8_t digits; /* of the size line */
};

enum http_chunked_status {
	HTTP_CHUNKED_MORE,      /* all bytes taken, the body goes on */
	HTTP_CHUNKED_DONE,      /* the body is complete */
	HTTP_CHUNKED_BAD,       /* not the chunked coding as we accept it */
	HTTP_CHUNKED_TOO_LARGE, /* the body passes @body's maximum */
	HTTP_CHUNKED_NO_MEMORY,
};

/** http_chunked_init() - stand before the first size line */
void http_chunked_init(struct http_chunked *chunked);

/**
 * http_chunked_feed() - decode the next bytes
 * @bytes: @len bytes of the connection, in order
 * @body:  the decoded bytes are appended to it; its maximum is the body's
 * @usedp: receives how many bytes belong to this body
 *
 * The outcome and the decoded bytes do not depend on how the bytes were cut.
 * A body that will pass the maximum is refused at its size line. After
 * anything but MORE the decoder is finished.
 */
enum http_chunked_status http_chunked_feed(struct http_chunked *chunked,
					   const char *bytes, size_t len,
					   struct buffer *body, size_t *usedp);
