/* SPDX-License-Identifier: MIT */
#include "proto/http/http_codec.h"

#include <string.h>
#include "core/hot.h"
#include "proto/http/http_head.h"
#include "proto/http/http_parse.h"

enum codec_state {
	START, /* before a request; one empty line may stand there */
	START_LF,
	HEAD,
	BODY_LENGTH,
	BODY_CHUNKED,
	COMPLETE,
	REFUSED,
};

/* Two groups of members need not be cleared: what the parser is told to be when
 * it is needed, and values, which are looked at if they were sent. */
static void stand_before_request(struct http_codec *codec)
{
	codec->head_number = 0;
	codec->refusal = HTTP_REFUSAL_NONE;
	codec->verb = HTTP_VERB_OTHER;
	codec->minor = 0;
	codec->keep_alive = false;
	codec->expects_continue = false;
	codec->has_body = false;
	codec->refused_head = false;
	codec->path = (struct http_slice){ NULL, 0 };
	codec->authority = (struct http_slice){ NULL, 0 };
	codec->body = (struct http_slice){ NULL, 0 };
	codec->state = START;
	codec->in_value = false;
	codec->name_is_bad = false;
	codec->method_known = false;
	codec->head_complete = false;
	codec->field = 0;
	codec->sent = 0;
	codec->repeated = 0;
	codec->fields = 0;
	codec->parsed = 0;
	codec->name = (struct http_span){ 0, 0 };
	codec->target = (struct http_span){ 0, 0 };
	codec->base = NULL;
	codec->body_left = 0;
}

void http_codec_init(struct http_codec *codec, const struct http_limits *limits,
		     struct http_heads *heads)
{
	codec->limits = limits;
	codec->heads = heads;
	codec->hint = (struct http_heads_hint){ 0 };
	buffer_init(&codec->head_bytes, limits->head_bytes);
	buffer_init(&codec->body_bytes, limits->body_bytes);
	stand_before_request(codec);
}

void http_codec_deinit(struct http_codec *codec)
{
	if (codec->head_bytes.capacity)
		buffer_deinit(&codec->head_bytes);
	if (codec->body_bytes.capacity)
		buffer_deinit(&codec->body_bytes);
}

HOT void http_codec_next(struct http_codec *codec)
{
	http_codec_deinit(codec);
	stand_before_request(codec);
}

bool http_codec_keep_body(struct http_codec *codec)
{
	if (codec->body_bytes.len)
		return true;
	buffer_append(&codec->body_bytes, codec->body.at, codec->body.len);
	codec->body.at = codec->body_bytes.data;
	return !codec->body_bytes.failed;
}

bool http_codec_is_idle(const struct http_codec *codec)
{
	return codec->state <= START_LF ||
	       (codec->state == HEAD && !codec->head_bytes.len);
}

bool http_codec_awaits_body(const struct http_codec *codec)
{
	return codec->state == BODY_LENGTH || codec->state == BODY_CHUNKED;
}

struct http_slice http_codec_field(const struct http_codec *codec,
				   enum http_field field)
{
	struct http_slice value = { NULL, 0 };

	if (codec->sent & 1u << field) {
		value.at = codec->base + codec->value[field].at;
		value.len = codec->value[field].len;
	}
	return http_slice_trim(value);
}

bool http_codec_next_field(const struct http_codec *codec, const char *name,
			   struct http_slice *value)
{
	const char *end = codec->base + codec->parsed;
	const char *at = value->at ? value->at + value->len : codec->base;
	const size_t len = strlen(name);
	const char *lf;

	/* Lines end with CR LF and are not folded: the head has been judged. */
	while ((lf = memchr(at, '\n', (size_t)(end - at))) && ++lf < end) {
		struct http_slice line = { lf, len };

		at = lf;
		if ((size_t)(end - lf) <= len || lf[len] != ':' ||
		    !http_slice_is(line, name))
			continue;
		at += len + 1;
		lf = memchr(at, '\r', (size_t)(end - at));
		*value = http_slice_trim(
			(struct http_slice){ at, (size_t)(lf - at) });
		return true;
	}
	return false;
}

uint64_t http_codec_limit(const struct http_limits *limits,
			  enum http_refusal refusal)
{
	switch (refusal) {
	case HTTP_HEADER_TOO_LARGE:
		return limits->head_bytes;
	case HTTP_TOO_MANY_FIELDS:
		return limits->fields;
	case HTTP_TARGET_TOO_LONG:
		return limits->target_bytes;
	case HTTP_BODY_TOO_LARGE:
		return limits->body_bytes;
	default:
		return 0;
	}
}

__attribute__((cold)) static enum http_codec_status
refuse(struct http_codec *codec, enum http_refusal refusal)
{
	codec->refusal = refusal;
	codec->state = REFUSED;
	return HTTP_CODEC_REFUSED;
}

/* The head lies at base[0, len); some of it may have been parsed before. */
static enum http_codec_status parse_head(struct http_codec *codec, size_t len)
{
	enum http_refusal refusal = http_parse(codec, len);

	if (refusal)
		return refuse(codec, refusal);
	if (!codec->head_complete)
		return HTTP_CODEC_MORE;
	refusal = http_head_check(codec, codec->parsed);
	if (refusal) {
		codec->refused_head = true;
		return refuse(codec, refusal);
	}
	if (http_codec_field(codec, HTTP_FIELD_TRANSFER_ENCODING).at) {
		codec->state = BODY_CHUNKED;
		http_chunked_init(&codec->chunked);
	} else {
		codec->state = BODY_LENGTH;
		if (codec->heads)
			http_heads_learn(codec);
	}
	return HTTP_CODEC_HEAD;
}

APART static enum http_codec_status feed_head(struct http_codec *codec,
					      const char *bytes, size_t len,
					      size_t *usedp)
{
	const size_t before = codec->head_bytes.len;
	const size_t room = codec->limits->head_bytes - before;
	const size_t n = len < room ? len : room;
	enum http_codec_status status;

	codec->base = bytes;
	if (before) {
		buffer_append(&codec->head_bytes, bytes, n);
		codec->base = codec->head_bytes.data;
	}
	if (codec->head_bytes.failed)
		return refuse(codec, HTTP_OVERLOAD);
	status = parse_head(codec, before + n);
	if (status == HTTP_CODEC_HEAD)
		*usedp = codec->parsed - before;
	if (status != HTTP_CODEC_MORE)
		return status;
	*usedp = n;
	if (before + n == codec->limits->head_bytes)
		return refuse(codec,
			      codec->target.len > codec->limits->target_bytes
				      ? HTTP_TARGET_TOO_LONG
				      : HTTP_HEADER_TOO_LARGE);
	if (!before)
		buffer_append(&codec->head_bytes, bytes, n);
	return codec->head_bytes.failed ? refuse(codec, HTTP_OVERLOAD)
					: HTTP_CODEC_MORE;
}

static enum http_codec_status complete(struct http_codec *codec,
				       const char *body, size_t len)
{
	codec->body = (struct http_slice){ body, len };
	codec->state = COMPLETE;
	return HTTP_CODEC_REQUEST;
}

static enum http_codec_status feed_length(struct http_codec *codec,
					  const char *bytes, size_t len,
					  size_t *usedp)
{
	size_t n = len < codec->body_left ? len : (size_t)codec->body_left;

	*usedp = n;
	codec->body_left -= n;
	if (!codec->body_left && !codec->body_bytes.len)
		return complete(codec, bytes, n);
	buffer_append(&codec->body_bytes, bytes, n);
	if (codec->body_bytes.failed)
		return refuse(codec, HTTP_OVERLOAD);
	if (codec->body_left)
		return HTTP_CODEC_MORE;
	return complete(codec, codec->body_bytes.data, codec->body_bytes.len);
}

APART static enum http_codec_status feed_chunked(struct http_codec *codec,
						 const char *bytes, size_t len,
						 size_t *usedp)
{
	switch (http_chunked_feed(&codec->chunked, bytes, len,
				  &codec->body_bytes, usedp)) {
	case HTTP_CHUNKED_MORE:
		return HTTP_CODEC_MORE;
	case HTTP_CHUNKED_DONE:
		return complete(codec, codec->body_bytes.data,
				codec->body_bytes.len);
	case HTTP_CHUNKED_TOO_LARGE:
		return refuse(codec, HTTP_BODY_TOO_LARGE);
	case HTTP_CHUNKED_NO_MEMORY:
		return refuse(codec, HTTP_OVERLOAD);
	default:
		return refuse(codec, HTTP_BODY_INVALID);
	}
}

/* RFC 9112 asks servers to overlook an empty line before a request: one. */
static size_t skip_empty_line(struct http_codec *codec, const char *bytes,
			      size_t len)
{
	size_t n = 0;

	if (codec->state == START && n < len) {
		codec->state = bytes[n] == '\r' ? START_LF : HEAD;
		n += codec->state == START_LF;
	}
	if (codec->state == START_LF && n < len) {
		codec->state = HEAD;
		if (bytes[n++] != '\n')
			refuse(codec, HTTP_LINE_END);
	}
	return n;
}

/* Anything but a body of known length. */
HOT APART static enum http_codec_status feed_other(struct http_codec *codec,
						   const char *bytes,
						   size_t len, size_t *usedp)
{
	enum http_codec_status status = HTTP_CODEC_MORE;
	size_t skipped = 0;

	*usedp = 0;
	if (codec->state <= START_LF) {
		skipped = skip_empty_line(codec, bytes, len);
		bytes += skipped;
		len -= skipped;
	}
	switch (codec->state) {
	case HEAD:
		if (len)
			status = feed_head(codec, bytes, len, usedp);
		break;
	case BODY_CHUNKED:
		status = feed_chunked(codec, bytes, len, usedp);
		break;
	case REFUSED:
		status = HTTP_CODEC_REFUSED;
		break;
	default:
		break;
	}
	*usedp += skipped;
	return status;
}

enum http_codec_status http_codec_feed(struct http_codec *codec,
				       const char *bytes, size_t len,
				       size_t *usedp)
{
	if (codec->state == BODY_LENGTH)
		return feed_length(codec, bytes, len, usedp);
	if (codec->state == START && codec->heads) {
		*usedp = http_heads_match(codec, bytes, len);
		if (*usedp) {
			codec->state = BODY_LENGTH;
			return HTTP_CODEC_HEAD;
		}
	}
	return feed_other(codec, bytes, len, usedp);
}
