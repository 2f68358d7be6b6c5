/* SPDX-License-Identifier: MIT */
#include "proto/http/http_parse.h"

#include <http_parser.h>
#include <string.h>
#include "proto/http/http_text.h"

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

/* Begins with what lies at base[parsed, len). */
static void run_parser(struct http_codec *codec, size_t len)
{
	codec->parsed += (uint32_t)http_parser_execute(
		parser_of(codec), &parser_settings, codec->base + codec->parsed,
		len - codec->parsed);
}

/* The parser stops on the last line's LF, before taking it. */
static enum http_refusal end_head(struct http_codec *codec)
{
	const http_parser *parser = parser_of(codec);

	if (codec->base[codec->parsed] != '\n')
		return HTTP_LINE_END;
	codec->parsed++;
	if (parser->http_major != 1 || parser->http_minor > 1)
		return HTTP_VERSION;
	codec->minor = (uint8_t)parser->http_minor;
	return HTTP_REFUSAL_NONE;
}

enum http_refusal http_parse(struct http_codec *codec, size_t len)
{
	http_parser *parser = parser_of(codec);
	enum http_refusal refusal;

	if (!codec->method_known) {
		refusal = check_method(codec, len);
		if (refusal || !codec->method_known)
			return refusal;
		http_parser_init(parser, HTTP_REQUEST);
		parser->data = codec;
	}
	run_parser(codec, len);
	if (codec->head_complete)
		return end_head(codec);
	return HTTP_PARSER_ERRNO(parser) == HPE_OK
		       ? HTTP_REFUSAL_NONE
		       : refusal_of_parser(HTTP_PARSER_ERRNO(parser));
}
