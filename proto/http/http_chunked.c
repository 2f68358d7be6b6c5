/* SPDX-License-Identifier: MIT */
#include "proto/http/http_chunked.h"

#include "proto/http/http_text.h"

enum chunked_state {
	SIZE,
	SIZE_LF,
	DATA,
	DATA_CR,
	DATA_LF,
	TRAILER_START,
	TRAILER_NAME,
	TRAILER_VALUE,
	TRAILER_LF,
	END_LF,
};

enum {
	SIZE_DIGITS_MAX = 16,
	TRAILER_BYTES_MAX = 8192,
};

void http_chunked_init(struct http_chunked *chunked)
{
	*chunked = (struct http_chunked){ .state = SIZE };
}

static int hex_value(unsigned char byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	byte |= 0x20;
	return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* One byte of the size line; the limit is judged before the line ends. */
static enum http_chunked_status take_size(struct http_chunked *chunked,
					  unsigned char byte,
					  const struct buffer *body)
{
	int digit = hex_value(byte);

	if (byte == '\r' && chunked->digits) {
		chunked->state = SIZE_LF;
		return HTTP_CHUNKED_MORE;
	}
	if (digit < 0 || chunked->digits == SIZE_DIGITS_MAX)
		return HTTP_CHUNKED_BAD;
	chunked->digits++;
	chunked->left = chunked->left << 4 | (unsigned)digit;
	if (chunked->left > body->max - body->len)
		return HTTP_CHUNKED_TOO_LARGE;
	return HTTP_CHUNKED_MORE;
}

/* One byte behind the last chunk: trailer fields and the empty line. */
static enum http_chunked_status take_trailer(struct http_chunked *chunked,
					     unsigned char byte)
{
	if (++chunked->trailer_bytes > TRAILER_BYTES_MAX)
		return HTTP_CHUNKED_BAD;
	switch (chunked->state) {
	case TRAILER_START:
		if (byte == '\r') {
			chunked->state = END_LF;
			return HTTP_CHUNKED_MORE;
		}
		chunked->state = TRAILER_NAME;
		return http_is_token_byte(byte) ? HTTP_CHUNKED_MORE
						: HTTP_CHUNKED_BAD;
	case TRAILER_NAME:
		if (byte == ':')
			chunked->state = TRAILER_VALUE;
		else if (!http_is_token_byte(byte))
			return HTTP_CHUNKED_BAD;
		return HTTP_CHUNKED_MORE;
	case TRAILER_VALUE:
		if (byte == '\r')
			chunked->state = TRAILER_LF;
		else if ((byte < ' ' && byte != '\t') || byte == 0x7f)
			return HTTP_CHUNKED_BAD;
		return HTTP_CHUNKED_MORE;
	case TRAILER_LF:
		chunked->state = TRAILER_START;
		return byte == '\n' ? HTTP_CHUNKED_MORE : HTTP_CHUNKED_BAD;
	default:
		return byte == '\n' ? HTTP_CHUNKED_DONE : HTTP_CHUNKED_BAD;
	}
}

/* One byte of anything but chunk data. */
static enum http_chunked_status take_framing(struct http_chunked *chunked,
					     unsigned char byte,
					     const struct buffer *body)
{
	switch (chunked->state) {
	case SIZE:
		return take_size(chunked, byte, body);
	case SIZE_LF:
		chunked->state = chunked->left ? DATA : TRAILER_START;
		chunked->digits = 0;
		return byte == '\n' ? HTTP_CHUNKED_MORE : HTTP_CHUNKED_BAD;
	case DATA_CR:
		chunked->state = DATA_LF;
		return byte == '\r' ? HTTP_CHUNKED_MORE : HTTP_CHUNKED_BAD;
	case DATA_LF:
		chunked->state = SIZE;
		return byte == '\n' ? HTTP_CHUNKED_MORE : HTTP_CHUNKED_BAD;
	default:
		return take_trailer(chunked, byte);
	}
}

static size_t take_data(struct http_chunked *chunked, const char *bytes,
			size_t len, struct buffer *body)
{
	size_t n = len < chunked->left ? len : (size_t)chunked->left;

	buffer_append(body, bytes, n);
	chunked->left -= n;
	if (!chunked->left)
		chunked->state = DATA_CR;
	return n;
}

enum http_chunked_status http_chunked_feed(struct http_chunked *chunked,
					   const char *bytes, size_t len,
					   struct buffer *body, size_t *usedp)
{
	enum http_chunked_status status = HTTP_CHUNKED_MORE;
	size_t i = 0;

	while (i < len && status == HTTP_CHUNKED_MORE) {
		if (chunked->state == DATA)
			i += take_data(chunked, bytes + i, len - i, body);
		else
			status = take_framing(chunked,
					      (unsigned char)bytes[i++], body);
		if (body->failed)
			status = HTTP_CHUNKED_NO_MEMORY;
	}
	*usedp = i;
	return status;
}
