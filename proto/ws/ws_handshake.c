/* SPDX-License-Identifier: MIT */
#include "proto/ws/ws_handshake.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>
#include "proto/http/http_answer.h"

enum {
	KEY_BYTES = 16,
	KEY_LEN = 24, /* of it in base64 */
	SHA1_BYTES = 20,
	ACCEPT_LEN = 28, /* of that in base64 */
};

static const char subprotocol[] = "vmarium";
static const char bearer[] = "bearer.";

/*
 * The first element that begins with @prefix (or, @whole, is it) in the lists
 * of all fields of that name.
 */
static struct http_slice find_element(const struct http_codec *codec,
				      const char *field, const char *prefix,
				      bool whole)
{
	const size_t len = strlen(prefix);
	struct http_slice list = { NULL, 0 }, element;

	while (http_codec_next_field(codec, field, &list)) {
		struct http_slice rest = list;

		while (http_list_next(&rest, &element)) {
			struct http_slice head = { element.at, len };

			if (element.len >= len && http_slice_is(head, prefix) &&
			    (!whole || element.len == len))
				return element;
		}
	}
	return (struct http_slice){ NULL, 0 };
}

/* The value of a field that must be sent once; absent otherwise. */
static struct http_slice single_field(const struct http_codec *codec,
				      const char *field)
{
	const struct http_slice absent = { NULL, 0 };
	struct http_slice value = absent, further;

	if (!http_codec_next_field(codec, field, &value))
		return absent;
	further = value;
	return http_codec_next_field(codec, field, &further) ? absent : value;
}

bool ws_is_asked_for(const struct http_codec *codec)
{
	return codec->verb == HTTP_VERB_GET &&
	       http_codec_field(codec, HTTP_FIELD_UPGRADE).at &&
	       find_element(codec, "upgrade", "websocket", true).at;
}

/* Is it 16 bytes in base64, as it must be written? */
static bool is_key(struct http_slice key)
{
	unsigned char bytes[KEY_LEN], text[KEY_LEN + 1];

	if (key.len != KEY_LEN ||
	    EVP_DecodeBlock(bytes, (const unsigned char *)key.at, KEY_LEN) !=
		    KEY_BYTES + 2)
		return false;
	EVP_EncodeBlock(text, bytes, KEY_BYTES);
	return !memcmp(text, key.at, KEY_LEN);
}

enum http_refusal ws_handshake_check(const struct http_codec *codec)
{
	struct http_slice version =
		single_field(codec, "sec-websocket-version");

	if (!codec->minor || http_codec_has_content(codec) ||
	    !find_element(codec, "connection", "upgrade", true).at)
		return HTTP_WS_HANDSHAKE;
	if (!version.at || !http_slice_is(version, "13"))
		return HTTP_WS_VERSION;
	return is_key(single_field(codec, "sec-websocket-key"))
		       ? HTTP_REFUSAL_NONE
		       : HTTP_WS_HANDSHAKE;
}

struct http_slice ws_handshake_token(const struct http_codec *codec)
{
	struct http_slice token =
		find_element(codec, "sec-websocket-protocol", bearer, false);

	if (!token.at)
		return token;
	token.at += sizeof(bearer) - 1;
	token.len -= sizeof(bearer) - 1;
	return token;
}

/* Base64 of the SHA-1 of the key and the text that the RFC prescribes. */
static void hash_key(struct http_slice key,
		     unsigned char accept[ACCEPT_LEN + 1])
{
	static const char suffix[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
	unsigned char digest[EVP_MAX_MD_SIZE] = { 0 };
	char text[KEY_LEN + sizeof(suffix)];
	int len;

	len = snprintf(text, sizeof(text), "%.*s%s", KEY_LEN, key.at, suffix);
	EVP_Digest(text, (size_t)len, digest, NULL, EVP_sha1(), NULL);
	EVP_EncodeBlock(accept, digest, SHA1_BYTES);
}

void ws_handshake_answer(struct buffer *out, const struct http_codec *codec,
			 const char *date, const char *more_fields)
{
	const bool named =
		find_element(codec, "sec-websocket-protocol", subprotocol, true)
			.at;
	unsigned char accept[ACCEPT_LEN + 1];
	char fields[256];
	const struct http_answer answer = {
		.status = 101,
		.after = HTTP_AFTER_KEEP,
		.fields = fields,
		.more_fields = more_fields,
		.date = date,
	};

	hash_key(single_field(codec, "sec-websocket-key"), accept);
	snprintf(fields, sizeof(fields),
		 "Upgrade: websocket\r\nConnection: Upgrade\r\n"
		 "Sec-WebSocket-Accept: %s\r\n%s",
		 (const char *)accept,
		 named ? "Sec-WebSocket-Protocol: vmarium\r\n" : "");
	http_answer_head(out, &answer);
}
