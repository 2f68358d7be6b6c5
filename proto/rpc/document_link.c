/* SPDX-License-Identifier: MIT */
#define ZLIB_CONST
#include "proto/rpc/document_link.h"

#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

#include "proto/rpc/base64.h"

#define PREFIX "v1."

enum {
	PREFIX_LEN = sizeof(PREFIX) - 1,
	ROOM_MIN = 4096, /* for output, offered to zlib at a time */
	MEMORY_LEVEL = 9,
};

/* ------------------------------------------------------------- writing */

static void append_encoded(struct buffer *out, const uint8_t *bytes, size_t len)
{
	const size_t room = base64url_room(len);
	char *text;

	buffer_append_literal(out, PREFIX);
	text = buffer_reserve(out, room);
	if (!text)
		return;
	base64url_encode(bytes, len, text);
	buffer_commit(out, room);
}

void document_link_write(struct buffer *out, const char *json, size_t len)
{
	z_stream z = { .next_in = (const Bytef *)json, .avail_in = (uInt)len };
	uint8_t *packed;
	size_t room;

	if (deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, MAX_WBITS,
			 MEMORY_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK) {
		out->failed = BUFFER_NO_MEMORY;
		return;
	}
	room = deflateBound(&z, (uLong)len);
	packed = malloc(room);
	if (packed) {
		z.next_out = packed;
		z.avail_out = (uInt)room;
		(void)deflate(&z, Z_FINISH);
		append_encoded(out, packed, z.total_out);
	} else {
		out->failed = BUFFER_NO_MEMORY;
	}
	deflateEnd(&z);
	free(packed);
}

/* ------------------------------------------------------------- reading */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "v2.": of a later version; whatever else is no link. */
static enum document_link_fault judge_prefix(const char *text, size_t len,
					     const char **wrong)
{
	size_t digits = 0;

	if (len >= PREFIX_LEN && !memcmp(text, PREFIX, PREFIX_LEN))
		return DOCUMENT_LINK_OK;
	while (digits + 1 < len && is_digit(text[digits + 1]))
		digits++;
	if (len > digits + 1 && digits && text[0] == 'v' && text[1] != '0' &&
	    text[digits + 1] == '.') {
		*wrong = "the link is of a later version, and this server "
			 "reads v1; a newer vmarium reads it";
		return DOCUMENT_LINK_NEWER;
	}
	*wrong = "it is no link of world.export, which begins with v1. and "
		 "stands behind the # of an address; a document is an object";
	return DOCUMENT_LINK_FOREIGN;
}

static enum document_link_fault inflate_all(z_stream *z, struct buffer *json,
					    const char **wrong)
{
	int status = Z_OK;
	char *room;

	*wrong = "the link is damaged: it does not unpack; copy it again";
	while (status == Z_OK) {
		room = buffer_reserve(json, 1);
		if (!room)
			break;
		z->next_out = (Bytef *)room;
		z->avail_out = (uInt)(json->end - json->len);
		status = inflate(z, Z_NO_FLUSH);
		buffer_commit(json, (size_t)((char *)z->next_out - room));
	}
	if (status == Z_MEM_ERROR || json->failed == BUFFER_NO_MEMORY)
		return DOCUMENT_LINK_NO_MEMORY;
	if (json->len > DOCUMENT_LINK_JSON_MAX)
		*wrong = "more is in the link than the 256 KiB that a link may "
			 "hold; export the world as a document";
	else if (status == Z_BUF_ERROR)
		*wrong = "the link is cut: its end is missing; copy it again, "
			 "whole";
	else if (status == Z_STREAM_END && z->avail_in)
		*wrong = "the link goes on behind its end; copy it again";
	else if (status == Z_STREAM_END)
		return DOCUMENT_LINK_OK;
	return DOCUMENT_LINK_DAMAGED;
}

static enum document_link_fault unpack(const uint8_t *packed, size_t len,
				       struct buffer *json, const char **wrong)
{
	z_stream z = { .next_in = packed, .avail_in = (uInt)len };
	enum document_link_fault fault;

	if (inflateInit(&z) != Z_OK)
		return DOCUMENT_LINK_NO_MEMORY;
	fault = inflate_all(&z, json, wrong);
	inflateEnd(&z);
	return fault;
}

enum document_link_fault document_link_read(const char *text, size_t len,
					    struct buffer *json,
					    const char **wrong)
{
	enum document_link_fault fault = judge_prefix(text, len, wrong);
	uint8_t *packed;
	size_t packed_len;

	/* One more, so that the end of the longest is seen. */
	buffer_init(json, DOCUMENT_LINK_JSON_MAX + 1);
	if (fault)
		return fault;
	*wrong = "the server found no memory to unpack the link";
	text += PREFIX_LEN;
	len -= PREFIX_LEN;
	if (len > UINT_MAX)
		return DOCUMENT_LINK_NO_MEMORY;
	packed = malloc(base64_room(len));
	if (!packed)
		return DOCUMENT_LINK_NO_MEMORY;
	if (base64url_decode(text, len, packed, &packed_len)) {
		fault = unpack(packed, packed_len, json, wrong);
	} else {
		*wrong = "the link is damaged or cut: behind v1. come letters, "
			 "digits, - and _ alone, and not every number of them; "
			 "copy it again, whole";
		fault = DOCUMENT_LINK_DAMAGED;
	}
	free(packed);
	return fault;
}
