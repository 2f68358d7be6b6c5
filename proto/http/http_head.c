/* SPDX-License-Identifier: MIT */
#include "proto/http/http_head.h"

#include <string.h>

#define FIELDS_SENT_ONCE ((1u << HTTP_FIELD_CONNECTION) - 1)

/* Every line ends with CR LF and none continues the one before it. */
static bool lines_are_clean(const char *head, size_t len)
{
	const char *end = head + len;
	const char *lf = head;

	while ((lf = memchr(lf, '\n', (size_t)(end - lf)))) {
		if (lf == head || lf[-1] != '\r')
			return false;
		lf++;
		if (lf < end && (*lf == ' ' || *lf == '\t'))
			return false;
	}
	return true;
}

/* "METHOD target HTTP/1.1": one space each, and a target of visible ASCII. */
static bool request_line_is_clean(const struct http_codec *codec)
{
	const char *target = codec->base + codec->target.at;
	const char *end = target + codec->target.len;
	const char *c;

	if (!codec->target.len || memcmp(end, " HTTP/", 6) != 0 ||
	    memcmp(end + 9, "\r\n", 2) != 0 ||
	    memchr(codec->base, ' ', codec->target.at) != target - 1)
		return false;
	for (c = target; c < end; c++) {
		unsigned char byte = (unsigned char)*c;

		if (byte <= ' ' || byte >= 0x7f || byte == '#')
			return false;
	}
	return true;
}

/* Finds path and authority in the target's four forms. */
static bool split_target(struct http_codec *codec)
{
	static const char scheme[] = "http://";
	struct http_slice target = { codec->base + codec->target.at,
				     codec->target.len };
	const size_t scheme_len = sizeof(scheme) - 1;
	const char *query;
	size_t host;

	if (target.len > scheme_len &&
	    http_slice_is((struct http_slice){ target.at, scheme_len },
			  scheme)) {
		target.at += scheme_len;
		target.len -= scheme_len;
		for (host = 0; host < target.len; host++)
			if (target.at[host] == '/' || target.at[host] == '?')
				break;
		codec->authority = (struct http_slice){ target.at, host };
		target.at += host;
		target.len -= host;
		if (!target.len || *target.at == '?')
			target = (struct http_slice){ "/", 1 };
	}
	query = memchr(target.at, '?', target.len);
	if (query)
		target.len = (size_t)(query - target.at);
	codec->path = target;
	return *target.at == '/' || codec->verb == HTTP_VERB_OTHER ||
	       (codec->verb == HTTP_VERB_OPTIONS && http_slice_is(target, "*"));
}

static enum http_refusal check_host(const struct http_codec *codec)
{
	struct http_slice host = http_codec_field(codec, HTTP_FIELD_HOST);
	struct http_authority authority;

	if (!host.at)
		return codec->minor ? HTTP_HOST_INVALID : HTTP_REFUSAL_NONE;
	return http_authority_parse(host, &authority) ? HTTP_REFUSAL_NONE
						      : HTTP_HOST_INVALID;
}

static enum http_refusal length_parse(struct http_slice digits, size_t max,
				      uint64_t *lengthp)
{
	uint64_t length = 0;
	size_t i;

	if (!digits.len)
		return HTTP_LENGTH_INVALID;
	for (i = 0; i < digits.len; i++) {
		if (digits.at[i] < '0' || digits.at[i] > '9')
			return HTTP_LENGTH_INVALID;
		length = length * 10 + (uint64_t)(digits.at[i] - '0');
		if (length > max)
			return HTTP_BODY_TOO_LARGE;
	}
	*lengthp = length;
	return HTTP_REFUSAL_NONE;
}

/* Content-Length or chunks: how the body is framed and how long it may be. */
static enum http_refusal check_framing(struct http_codec *codec)
{
	struct http_slice length =
		http_codec_field(codec, HTTP_FIELD_CONTENT_LENGTH);
	struct http_slice coding =
		http_codec_field(codec, HTTP_FIELD_TRANSFER_ENCODING);

	codec->has_body = length.at || coding.at;
	if (coding.at) {
		if (length.at || !codec->minor)
			return HTTP_LENGTH_INVALID;
		return http_slice_is(coding, "chunked") ? HTTP_REFUSAL_NONE
							: HTTP_CODING_UNKNOWN;
	}
	if (!length.at)
		return HTTP_REFUSAL_NONE;
	return length_parse(length, codec->limits->body_bytes,
			    &codec->body_left);
}

static enum http_refusal check_expectation(struct http_codec *codec)
{
	struct http_slice expect = http_codec_field(codec, HTTP_FIELD_EXPECT);

	if (expect.at && !http_slice_is(expect, "100-continue"))
		return HTTP_EXPECT_UNKNOWN;
	codec->expects_continue = expect.at && codec->minor;
	return HTTP_REFUSAL_NONE;
}

/* RFC 9112, 9.3, for what one Connection field lists. */
static void read_options(struct http_slice list, bool *closesp, bool *keepsp)
{
	struct http_slice option;

	while (http_list_next(&list, &option)) {
		*closesp |= http_slice_is(option, "close");
		*keepsp |= http_slice_is(option, "keep-alive");
	}
}

/* Judged here, as the parser overlooks options beside tabs and empty ones, and
 * takes Proxy-Connection for Connection. */
static bool keeps_alive(const struct http_codec *codec)
{
	struct http_slice list = http_codec_field(codec, HTTP_FIELD_CONNECTION);
	bool closes = false, keeps = codec->minor;

	read_options(list, &closes, &keeps);
	if (codec->repeated & 1u << HTTP_FIELD_CONNECTION)
		while (http_codec_next_field(codec, "connection", &list))
			read_options(list, &closes, &keeps);
	return keeps && !closes;
}

static enum http_refusal check_fields(struct http_codec *codec)
{
	if (codec->name_is_bad)
		return HTTP_FIELD_NAME;
	if (codec->fields > codec->limits->fields)
		return HTTP_TOO_MANY_FIELDS;
	if (codec->repeated & 1U << HTTP_FIELD_HOST)
		return HTTP_HOST_INVALID;
	if (codec->repeated & FIELDS_SENT_ONCE)
		return HTTP_FIELD_REPEATED;
	return check_host(codec);
}

enum http_refusal http_head_check(struct http_codec *codec, size_t len)
{
	enum http_refusal refusal;

	if (!lines_are_clean(codec->base, len))
		return HTTP_LINE_END;
	if (!request_line_is_clean(codec) || !split_target(codec))
		return HTTP_REQUEST_LINE;
	if (codec->target.len > codec->limits->target_bytes)
		return HTTP_TARGET_TOO_LONG;
	refusal = check_fields(codec);
	if (!refusal)
		refusal = check_framing(codec);
	if (!refusal)
		refusal = check_expectation(codec);
	codec->keep_alive = keeps_alive(codec);
	return refusal;
}
