/* SPDX-License-Identifier: MIT */
#include "proto/http/http_codec.h"

#include <http_parser.h>
#include <string.h>
#include "core/hot.h"
#include "proto/http/http_head.h"

enum codec_state {
	START, /* before a request; one empty line may stand there */
	START_LF,
	HEAD,
	BODY_LENGTH,
	BODY_CHUNKED,
	COMPLETE,
	REFUSED,
};

/* The longest registered method has 16 letters. */
enum {
	METHOD_MAX = 24
};

_Static_assert(sizeof(http_parser) <= sizeof(((struct http_codec *)0)->parser),
	       "an http_parser fits into its place");

/* As most clients write them, which compares best; case does not matter. */
#define FIELD_NAME(text, field)                                                \
	{                                                                      \
		text, sizeof(text) - 1, field                                  \
	}

static const struct {
	const char *text;
	size_t len;
	enum http_field field;
} field_names[] = {
	FIELD_NAME("Host", HTTP_FIELD_HOST),
	FIELD_NAME("Content-Type", HTTP_FIELD_CONTENT_TYPE),
	FIELD_NAME("Content-Length", HTTP_FIELD_CONTENT_LENGTH),
	FIELD_NAME("Transfer-Encoding", HTTP_FIELD_TRANSFER_ENCODING),
	FIELD_NAME("Origin", HTTP_FIELD_ORIGIN),
	FIELD_NAME("Expect", HTTP_FIELD_EXPECT),
	FIELD_NAME("Authorization", HTTP_FIELD_AUTHORIZATION),
	FIELD_NAME("Vmarium-Route", HTTP_FIELD_VMARIUM_ROUTE),
	FIELD_NAME("Connection", HTTP_FIELD_CONNECTION),
	FIELD_NAME("Upgrade", HTTP_FIELD_UPGRADE),
	FIELD_NAME("Accept", HTTP_FIELD_ACCEPT),
	FIELD_NAME("X-Request-Id", HTTP_FIELD_REQUEST_ID),
	FIELD_NAME("Traceparent", HTTP_FIELD_TRACEPARENT),
	FIELD_NAME("Forwarded", HTTP_FIELD_FORWARDED),
	FIELD_NAME("Via", HTTP_FIELD_FORWARDED),
	FIELD_NAME("X-Forwarded-For", HTTP_FIELD_FORWARDED),
	FIELD_NAME("X-Forwarded-Host", HTTP_FIELD_FORWARDED),
	FIELD_NAME("X-Forwarded-Proto", HTTP_FIELD_FORWARDED_PROTO),
	FIELD_NAME("X-Real-IP", HTTP_FIELD_FORWARDED),
	FIELD_NAME("Accept-Encoding", HTTP_FIELD_ACCEPT_ENCODING),
};

static const struct {
	const char *name;
	enum http_verb verb;
} verbs[] = {
	{ "POST", HTTP_VERB_POST },
	{ "GET", HTTP_VERB_GET },
	{ "HEAD", HTTP_VERB_HEAD },
	{ "OPTIONS", HTTP_VERB_OPTIONS },
};

static http_parser *parser_of(struct http_codec *codec)
{
	return (http_parser *)codec->parser;
}

static struct http_codec *codec_of(http_parser *parser)
{
	return parser->data;
}

/* What the parser reports; a string may come in several adjoining pieces. */

static int on_url(http_parser *parser, const char *at, size_t len)
{
	struct http_codec *codec = codec_of(parser);

	if (!codec->target.len)
		codec->target.at = (uint16_t)(at - codec->base);
	codec->target.len += (uint16_t)len;
	return 0;
}

static int on_field_name(http_parser *parser, const char *at, size_t len)
{
	struct http_codec *codec = codec_of(parser);

	if (codec->in_value || !codec->fields) {
		codec->in_value = false;
		codec->fields++;
		codec->name.at = (uint16_t)(at - codec->base);
		codec->name.len = 0;
	}
	codec->name.len += (uint16_t)len;
	return 0;
}

static uint8_t field_named(struct http_slice name)
{
	size_t i;

	for (i = 0; i < sizeof(field_names) / sizeof(*field_names); i++)
		if (name.len == field_names[i].len &&
		    http_slice_is(name, field_names[i].text))
			return (uint8_t)field_names[i].field;
	return HTTP_FIELDS;
}

/* The name of a field is complete when its value begins. */
static void begin_value(struct http_codec *codec, const char *at)
{
	struct http_slice name = { codec->base + codec->name.at,
				   codec->name.len };
	size_t i;

	codec->in_value = true;
	for (i = 0; i < name.len; i++)
		if (!http_is_token_byte((unsigned char)name.at[i]))
			codec->name_is_bad = true;
	codec->field = field_named(name);
	if (codec->field == HTTP_FIELDS)
		return;
	if (codec->sent & 1u << codec->field) {
		codec->repeated |= 1u << codec->field;
		codec->field = HTTP_FIELDS;
		return;
	}
	codec->sent |= 1u << codec->field;
	codec->value[codec->field] =
		(struct http_span){ (uint16_t)(at - codec->base), 0 };
}

static bool is_control(unsigned char byte)
{
	return byte < ' ' || byte == 0x7f;
}

static int on_field_value(http_parser *parser, const char *at, size_t len)
{
	struct http_codec *codec = codec_of(parser);

	if (!codec->in_value) {
		begin_value(codec, at);
		/* The one byte that the parser lets pass unseen. */
		if (len && is_control((unsigned char)*at))
			return -1;
	}
	if (codec->field != HTTP_FIELDS)
		codec->value[codec->field].len += (uint16_t)len;
	return 0;
}

static int on_head_complete(http_parser *parser)
{
	codec_of(parser)->head_complete = true;
	http_parser_pause(parser, 1);
	return 0;
}

static const http_parser_settings parser_settings = {
	.on_url = on_url,
	.on_header_field = on_field_name,
	.on_header_value = on_field_value,
	.on_headers_complete = on_head_complete,
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

static bool is_registered_method(const char *at, size_t len)
{
	unsigned i;

	for (i = 0; i <= HTTP_SOURCE; i++) {
		const char *name = http_method_str((enum http_method)i);

		if (strlen(name) == len && !memcmp(name, at, len))
			return true;
	}
	return false;
}

/*
 * The parser refuses an unknown method at the first letter that fits none,
 * too early to tell bad syntax (400) from a method we lack (501). So it gets
 * nothing before the method is complete.
 */
static enum http_refusal check_method(struct http_codec *codec, size_t len)
{
	size_t i, n = 0;

	while (n < len && http_is_token_byte((unsigned char)codec->base[n]))
		if (++n > METHOD_MAX)
			return HTTP_METHOD_UNKNOWN;
	if (n == len)
		return HTTP_REFUSAL_NONE;
	if (codec->base[n] != ' ' || !n)
		return HTTP_REQUEST_LINE;
	codec->method_known = true;
	for (i = 0; i < sizeof(verbs) / sizeof(*verbs); i++) {
		if (strlen(verbs[i].name) == n &&
		    !memcmp(verbs[i].name, codec->base, n)) {
			codec->verb = verbs[i].verb;
			return HTTP_REFUSAL_NONE;
		}
	}
	return is_registered_method(codec->base, n) ? HTTP_REFUSAL_NONE
						    : HTTP_METHOD_UNKNOWN;
}

static enum http_refusal refusal_of_parser(enum http_errno error)
{
	switch (error) {
	case HPE_INVALID_CONTENT_LENGTH:
	case HPE_UNEXPECTED_CONTENT_LENGTH:
		return HTTP_LENGTH_INVALID;
	case HPE_INVALID_TRANSFER_ENCODING:
		return HTTP_CODING_UNKNOWN;
	case HPE_HEADER_OVERFLOW:
		return HTTP_HEADER_TOO_LARGE;
	default:
		return HTTP_SYNTAX;
	}
}

/*
 * Run the parser over what the head has gained; it lies at base[parsed, len).
 * The parser stops on the last line's LF, before taking it.
 */
static enum http_codec_status parse_head(struct http_codec *codec, size_t len)
{
	http_parser *parser = parser_of(codec);
	enum http_refusal refusal;

	if (!codec->method_known) {
		refusal = check_method(codec, len);
		if (refusal)
			return refuse(codec, refusal);
		if (!codec->method_known)
			return HTTP_CODEC_MORE;
		http_parser_init(parser, HTTP_REQUEST);
		parser->data = codec;
	}
	codec->parsed += (uint32_t)http_parser_execute(
		parser, &parser_settings, codec->base + codec->parsed,
		len - codec->parsed);
	if (!codec->head_complete) {
		if (HTTP_PARSER_ERRNO(parser) == HPE_OK)
			return HTTP_CODEC_MORE;
		return refuse(codec,
			      refusal_of_parser(HTTP_PARSER_ERRNO(parser)));
	}
	if (codec->base[codec->parsed] != '\n')
		return refuse(codec, HTTP_LINE_END);
	codec->parsed++;
	if (parser->http_major != 1 || parser->http_minor > 1)
		return refuse(codec, HTTP_VERSION);
	codec->minor = (uint8_t)parser->http_minor;
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
