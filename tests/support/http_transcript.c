/* SPDX-License-Identifier: MIT */
#include "tests/support/http_transcript.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const verbs[] = {
	[HTTP_VERB_OTHER] = "OTHER",     [HTTP_VERB_GET] = "GET",
	[HTTP_VERB_HEAD] = "HEAD",       [HTTP_VERB_POST] = "POST",
	[HTTP_VERB_OPTIONS] = "OPTIONS",
};

static void tell_slice(struct buffer *out, const char *word,
		       struct http_slice slice)
{
	if (!slice.at)
		return;
	buffer_append_text(out, word);
	buffer_append(out, slice.at, slice.len);
}

static void tell_head(struct buffer *out, const struct http_codec *codec)
{
	buffer_append_text(out, verbs[codec->verb]);
	tell_slice(out, " ", codec->path);
	tell_slice(out, " at ", codec->authority);
	tell_slice(out, " type ",
		   http_codec_field(codec, HTTP_FIELD_CONTENT_TYPE));
	tell_slice(out, " origin ", http_codec_field(codec, HTTP_FIELD_ORIGIN));
	tell_slice(out, " route ",
		   http_codec_field(codec, HTTP_FIELD_VMARIUM_ROUTE));
	tell_slice(out, " token ",
		   http_codec_field(codec, HTTP_FIELD_AUTHORIZATION));
	tell_slice(out, " accepts ",
		   http_codec_field(codec, HTTP_FIELD_ACCEPT_ENCODING));
	tell_slice(out, " id ", http_codec_field(codec, HTTP_FIELD_REQUEST_ID));
	if (http_codec_field(codec, HTTP_FIELD_FORWARDED).at ||
	    http_codec_field(codec, HTTP_FIELD_FORWARDED_PROTO).at)
		buffer_append_text(out, " forwarded");
	if (!codec->minor)
		buffer_append_text(out, " 1.0");
	if (!codec->keep_alive)
		buffer_append_text(out, " close");
	if (codec->expects_continue)
		buffer_append_text(out, " expects");
}

static void tell_body(struct buffer *out, const struct http_codec *codec)
{
	buffer_append_text(out, " [");
	buffer_append(out, codec->body.at, codec->body.len);
	buffer_append_text(out, "]\n");
}

static void tell_refusal(struct buffer *out, enum http_refusal refusal)
{
	const struct http_refusal_text *text = http_refusal_text(refusal);

	buffer_append_u64(out, text->status);
	buffer_append_text(out, " ");
	buffer_append_text(out, text->key);
}

static void tell_end(struct buffer *out, const struct http_codec *codec)
{
	if (http_codec_is_idle(codec))
		buffer_append_text(out, "idle");
	else if (http_codec_awaits_body(codec))
		buffer_append_text(out, "body");
	else
		buffer_append_text(out, "head");
}

/* Feeds one piece to its end; false once the codec refuses. */
static bool feed_piece(struct http_codec *codec, struct buffer *out,
		       const char *piece, size_t len)
{
	enum http_codec_status status;
	size_t used;

	for (;;) {
		status = http_codec_feed(codec, piece, len, &used);
		if (used > len)
			abort();
		piece += used;
		len -= used;
		switch (status) {
		case HTTP_CODEC_HEAD:
			tell_head(out, codec);
			break;
		case HTTP_CODEC_REQUEST:
			tell_body(out, codec);
			http_codec_next(codec);
			break;
		case HTTP_CODEC_REFUSED:
			tell_refusal(out, codec->refusal);
			return false;
		case HTTP_CODEC_MORE:
			if (len)
				abort();
			return true;
		}
	}
}

void http_transcript(struct buffer *out, const struct http_limits *limits,
		     struct http_heads *heads, const char *bytes, size_t len,
		     struct http_cuts cuts)
{
	struct http_codec codec;
	size_t at = 0, i = 0;
	bool goes_on = true;

	http_codec_init(&codec, limits, heads);
	while (goes_on && at < len) {
		size_t want = cuts.sizes[i];
		size_t n = want < len - at ? want : len - at;
		char *piece = malloc(n);

		if (!piece)
			abort();
		memcpy(piece, bytes + at, n);
		goes_on = feed_piece(&codec, out, piece, n);
		free(piece);
		at += n;
		if (i + 1 < cuts.len)
			i++;
	}
	if (goes_on)
		tell_end(out, &codec);
	http_codec_deinit(&codec);
}
