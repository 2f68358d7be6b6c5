/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * From HTTP to WebSocket: RFC 6455, section 4
 *
 * A client asks with a GET whose fields say so; we agree with the status 101
 * and a hash of its key. No extensions are agreed to. The one subprotocol there
 * is goes by the name "vmarium"; a browser, which cannot send Authorization,
 * may put its token beside it: "vmarium, bearer.TOKEN".
 */
#include <stdbool.h>
#include "proto/http/http_codec.h"
#include "proto/json/buffer.h"

/** ws_is_asked_for() - does the head @codec has read ask for WebSocket?
 * Judges nothing else: see ws_handshake_check(). */
bool ws_is_asked_for(const struct http_codec *codec);

/**
 * ws_handshake_check() - may the head that asks be agreed to?
 *
 * Return: HTTP_REFUSAL_NONE; HTTP_WS_VERSION: another version than 13 (426);
 *         HTTP_WS_HANDSHAKE: HTTP/1.0, a body, no Connection: Upgrade, or not
 *         one Sec-WebSocket-Key of 16 bytes (400).
 */
enum http_refusal ws_handshake_check(const struct http_codec *codec);

/**
 * ws_handshake_token() - the token among the subprotocols, absent if there is
 * none; points into the head
 */
struct http_slice ws_handshake_token(const struct http_codec *codec);

/**
 * ws_handshake_answer() - append the whole answer 101
 * @codec: at HTTP_CODEC_HEAD, ws_handshake_check() having found nothing
 * @date:  HTTP_DATE_LEN bytes
 * @more_fields: further lines, each with CR LF; may be NULL
 */
void ws_handshake_answer(struct buffer *out, const struct http_codec *codec,
			 const char *date, const char *more_fields);
