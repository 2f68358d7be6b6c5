/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A document as a text that fits behind the # of a URL
 *
 *	v1.eJyrVipLzE0sylSyMtRRykvMTVWyUkpUqgUAXjgHFg
 *	|   `- base64url, without padding, of the document in zlib's format
 *	`- the version of this form
 *
 * All characters are letters, digits, '.', '-' and '_'. In a browser
 * CompressionStream("deflate") makes what is encoded here, and
 * DecompressionStream("deflate") undoes it. The document inside is the one of
 * world.export, and has a version of its own.
 */
#include <stddef.h>

#include "proto/json/buffer.h"

enum {
	/* Bytes of the JSON in a link: what is more is no link any more, and a
	 * hostile one cannot ask for more. */
	DOCUMENT_LINK_JSON_MAX = 256u << 10,
};

/** document_link_write() - append @json, a document, as a link
 * @len: DOCUMENT_LINK_JSON_MAX at most
 *
 * Failures stay in @out. Cost: O(len), about 10 ms for the longest. */
void document_link_write(struct buffer *out, const char *json, size_t len);

enum document_link_fault {
	DOCUMENT_LINK_OK,
	DOCUMENT_LINK_FOREIGN, /* no link at all */
	DOCUMENT_LINK_NEWER,   /* of a later version */
	DOCUMENT_LINK_DAMAGED,
	DOCUMENT_LINK_NO_MEMORY,
};

/**
 * document_link_read() - what a link holds
 * @text:  any bytes
 * @json:  out: initialised here; the text inside, judged by nobody yet. To be
 *         freed with buffer_deinit() in any case
 * @wrong: out, with a fault: what is wrong and what to do, for people; static
 *
 * Cost: O(what is inside), DOCUMENT_LINK_JSON_MAX at most.
 */
enum document_link_fault document_link_read(const char *text, size_t len,
					    struct buffer *json,
					    const char **wrong);
