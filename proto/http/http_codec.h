/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * HTTP/1.1 requests from bytes, without a socket
 *
 * The caller feeds what it has read, cut anywhere, and is stopped twice per
 * request: when the head is complete, so that it can refuse before any body is
 * read, and when the body is.
 *
 *	http_codec_feed() -> HEAD -> http_codec_feed() -> REQUEST
 *	       ^                                             |
 *	       +------------- http_codec_next() <------------+
 *
 * Bytes of a request behind that one (pipelining) are left to the caller. The
 * outcome does not depend on how the bytes were cut: errors of syntax are
 * judged byte by byte, everything else over the complete head.
 *
 * The parsing is http-parser's, wrapped in http_parse.c alone. As packaged it
 * is lenient, so the following is refused on top: spaces in field names,
 * values that begin with a control character, folded lines, lines not ended by
 * CR LF, targets with anything but visible ASCII, a missing or repeated Host,
 * other versions than 1.0 and 1.1, repeated fields that must be single,
 * transfer codings other than chunked, and everything beyond the limits. What
 * Connection says and how bodies are framed (http_chunked.h) is read here.
 *
 * A request that arrives in one piece is not copied, and a codec between
 * requests holds no memory. Heads that repeat an earlier one are not parsed
 * again (http_heads.h); the outcome is the same.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "proto/http/http_chunked.h"
#include "proto/http/http_heads.h"
#include "proto/http/http_refusal.h"
#include "proto/http/http_text.h"
#include "proto/json/buffer.h"

struct http_limits {
	size_t head_bytes; /* request line and fields, at most 64 KiB */
	size_t target_bytes;
	size_t body_bytes;
	unsigned fields;
};

enum http_verb {
	HTTP_VERB_OTHER, /* a registered method we have no use for */
	HTTP_VERB_GET,
	HTTP_VERB_HEAD,
	HTTP_VERB_POST,
	HTTP_VERB_OPTIONS,
};

/* The fields that somebody reads. Each may be sent once, apart from the last
 * kinds, which say so. */
enum http_field {
	HTTP_FIELD_HOST,
	HTTP_FIELD_CONTENT_TYPE,
	HTTP_FIELD_CONTENT_LENGTH,
	HTTP_FIELD_TRANSFER_ENCODING,
	HTTP_FIELD_ORIGIN,
	HTTP_FIELD_EXPECT,
	HTTP_FIELD_AUTHORIZATION,
	HTTP_FIELD_VMARIUM_ROUTE,
	HTTP_FIELD_CONNECTION, /* may be repeated: all count, for keep_alive */
	HTTP_FIELD_UPGRADE,    /* may be repeated: the first counts */
	HTTP_FIELD_FORWARDED,  /* any field by which proxies mark requests, */
	HTTP_FIELD_FORWARDED_PROTO, /* but this: may be repeated, likewise */
	HTTP_FIELD_ACCEPT,          /* may be repeated: the first counts */
	HTTP_FIELD_REQUEST_ID,      /* X-Request-Id; likewise */
	HTTP_FIELD_TRACEPARENT,     /* likewise */
	HTTP_FIELD_ACCEPT_ENCODING, /* likewise */
	HTTP_FIELDS
};

enum http_codec_status {
	HTTP_CODEC_MORE,    /* every byte was taken; feed the next */
	HTTP_CODEC_HEAD,    /* judge the head, then feed the rest or none */
	HTTP_CODEC_REQUEST, /* body is complete; answer, then http_codec_next() */
	HTTP_CODEC_REFUSED, /* refusal says why; the connection is at its end */
};

/* A piece of the head, which has no more than 64 KiB. */
struct http_span {
	uint16_t at, len;
};

/*
 * From HEAD on: verb, minor, keep_alive, expects_continue, has_body, path,
 * authority and http_codec_field(). The slices point into the bytes fed last
 * or into the codec: they end with the next call for this codec. From REQUEST
 * on: body, which ends with http_codec_next() or, if the caller reuses the
 * memory it fed, with that.
 */
struct http_codec {
	const struct http_limits *limits;
	/* From HEAD on: heads of the same number say the same, but for the
	 * length of their body. 0: this one has none. */
	uint64_t head_number;
	enum http_refusal refusal;
	enum http_verb verb;
	uint8_t minor; /* of HTTP/1.x */
	bool keep_alive;
	bool expects_continue;
	bool has_body;     /* a length or chunks were announced */
	bool refused_head; /* REFUSED, but http_codec_field() may be asked */
	struct http_slice path;      /* without the query; "*" of OPTIONS */
	struct http_slice authority; /* of http://authority/path, else absent */
	struct http_slice body;

	/* private */
	uint8_t state;
	bool in_value;
	bool name_is_bad;
	bool method_known;
	bool head_complete;
	uint8_t field; /* whose value is being read */
	struct http_heads_hint hint;
	uint16_t fields;   /* seen so far */
	uint32_t sent;     /* one bit per enum http_field */
	uint32_t repeated; /* likewise */
	uint32_t parsed;   /* bytes of the head given to the parser */
	struct http_span name, target;
	const char *base; /* where the head's bytes are now */
	uint64_t body_left;
	struct http_chunked chunked;         /* of a body in chunks */
	struct http_span value[HTTP_FIELDS]; /* of those that were sent */
	struct buffer head_bytes; /* of a head that comes in pieces */
	struct buffer body_bytes; /* of a body that comes in pieces */
	struct http_heads *heads;
	uint64_t parser[4]; /* an http_parser */
};

/**
 * http_codec_init() - stand before the first request
 * @limits: kept
 * @heads:  kept: where heads are remembered, by limits as wide as these; NULL:
 *          each is parsed
 */
void http_codec_init(struct http_codec *codec, const struct http_limits *limits,
		     struct http_heads *heads);

/** http_codec_deinit() - free what an unfinished request holds */
void http_codec_deinit(struct http_codec *codec);

/**
 * http_codec_feed() - decode the next bytes
 * @bytes: @len bytes, the connection's next; @len may be 0 after HEAD
 * @usedp: receives how many of them were taken
 *
 * Return: see enum http_codec_status. Memory that the host refuses is an
 *         overload refusal (503). Not to be called after REQUEST without
 *         http_codec_next(), nor after REFUSED.
 * Cost:   O(@len).
 */
enum http_codec_status http_codec_feed(struct http_codec *codec,
				       const char *bytes, size_t len,
				       size_t *usedp);

/**
 * http_codec_keep_body() - make the body independent of the bytes fed
 *
 * After REQUEST, for a caller that needs the memory it fed before it can
 * answer. body then ends with http_codec_next() alone.
 *
 * Return: false if there is no memory for it.
 */
bool http_codec_keep_body(struct http_codec *codec);

/** http_codec_next() - forget the answered request, stand before the next */
void http_codec_next(struct http_codec *codec);

/** http_codec_is_idle() - has no byte of a next request arrived? */
bool http_codec_is_idle(const struct http_codec *codec);

/** http_codec_awaits_body() - is the head done and the body on its way? */
bool http_codec_awaits_body(const struct http_codec *codec);

/** http_codec_has() - was @field sent? */
static inline bool http_codec_has(const struct http_codec *codec,
				  enum http_field field)
{
	return codec->sent & 1u << field;
}

/** http_codec_field() - the value of @field, absent if it was not sent */
struct http_slice http_codec_field(const struct http_codec *codec,
				   enum http_field field);

/** http_codec_has_content() - at HTTP_CODEC_HEAD: is there a body to come, chunks
 * or at least a byte? */
static inline bool http_codec_has_content(const struct http_codec *codec)
{
	return codec->body_left ||
	       http_codec_has(codec, HTTP_FIELD_TRANSFER_ENCODING);
}

/**
 * http_codec_next_field() - the next field called @name, in any case
 * @codec: at HTTP_CODEC_HEAD
 * @name:  of any field, unlike with http_codec_field()
 * @value: in: the last one found, or absent; out: its value, without white
 *         space around it
 *
 * Return: false if there is no further one; @value is as it was.
 * Cost:   O(bytes of the head): for requests that are rare.
 */
bool http_codec_next_field(const struct http_codec *codec, const char *name,
			   struct http_slice *value);

/** http_codec_limit() - the limit that a refusal is about, for its hint */
uint64_t http_codec_limit(const struct http_limits *limits,
			  enum http_refusal refusal);
