/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A server's side of WebSocket (RFC 6455), without a socket
 *
 * The caller feeds what it has read, cut anywhere, and is stopped at each
 * complete text message; fragments are put together, pings are answered (unless
 * a close comes with them), and a close is answered with its code and ends it. What goes out
 * is appended to a buffer.
 *
 *	ws_codec_feed() -> WS_MESSAGE, as often as there is one
 *	                -> WS_MORE: everything was taken, feed the next bytes
 *	                -> WS_CLOSED: write what is in out, then hang up
 *
 * What breaks the rules is answered with a close frame: 1002 (protocol), 1003
 * (binary messages), 1007 (not UTF-8), 1009 (longer than the limit).
 *
 * The framing is wslay's, wrapped in ws_codec.c alone. It takes about 9 KB a
 * connection, and up to twice what has come of a message. Messages that go out
 * do not pass through it, so that a long answer can be written from where it
 * lies: ws_message_head() comes before it.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "proto/http/http_text.h"
#include "proto/json/buffer.h"

struct ws_codec;

enum ws_status {
	WS_MORE,
	WS_MESSAGE,
	WS_CLOSED, /* whoever began it; nothing further comes or goes */
	WS_FAILED, /* the host has no memory; hang up */
};

enum ws_close {
	WS_CLOSE_NORMAL = 1000,
	WS_CLOSE_GOING_AWAY = 1001,
	WS_CLOSE_PROTOCOL = 1002,
	WS_CLOSE_UNSUPPORTED = 1003,
	WS_CLOSE_NOT_UTF8 = 1007,
	WS_CLOSE_POLICY = 1008,
	WS_CLOSE_TOO_BIG = 1009,
	WS_CLOSE_INTERNAL = 1011,
	WS_CLOSE_TRY_AGAIN = 1013,
};

/** ws_codec_new() - a codec for messages of up to @message_bytes, to be
 * released with ws_codec_free(); NULL: no memory */
struct ws_codec *ws_codec_new(size_t message_bytes);

/** ws_codec_free() - @codec may be NULL */
void ws_codec_free(struct ws_codec *codec);

/**
 * ws_codec_feed() - decode the next bytes
 * @bytes: @len bytes, the connection's next; @len may be 0
 * @usedp: receives how many of them were taken
 * @out:   gets the answers to control frames; looked at by the caller for
 *         failure
 *
 * After WS_MESSAGE, ws_codec_message() is valid until the next call.
 *
 * Cost: O(@len).
 */
enum ws_status ws_codec_feed(struct ws_codec *codec, const char *bytes,
			     size_t len, size_t *usedp, struct buffer *out);

/** ws_codec_held() - bytes that messages take, complete or not */
size_t ws_codec_held(const struct ws_codec *codec);

/** ws_codec_arrived() - bytes there are of a message that is not complete */
size_t ws_codec_arrived(const struct ws_codec *codec);

/** ws_codec_message() - the message that WS_MESSAGE announced */
struct http_slice ws_codec_message(const struct ws_codec *codec);

/** ws_codec_close() - append a close frame with @code, unless one has gone
 * out; after it nothing may be sent
 * @reason: for people, up to 123 bytes of UTF-8; "": none */
void ws_codec_close(struct ws_codec *codec, enum ws_close code,
		    const char *reason, struct buffer *out);

/** ws_codec_ping() - append a ping, unless it has been closed */
void ws_codec_ping(struct ws_codec *codec, struct buffer *out);

/** ws_codec_awaits_pong() - has no pong come since the last ping? */
bool ws_codec_awaits_pong(const struct ws_codec *codec);

/** ws_message_head() - append what comes before a text message of @len bytes */
void ws_message_head(struct buffer *out, size_t len);
