/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Who sends a request, judged by its head alone
 *
 * Without a file of tokens everybody is the anonymous client. With one, calls
 * need a token: "Authorization: Bearer TOKEN", or, of a browser's WebSocket,
 * the subprotocol "bearer.TOKEN"; metrics need an operator's. What tells
 * nothing of clients stays open: health, readiness, the page, the document.
 */
#include "proto/http/http_codec.h"
#include "proto/rpc/rpc.h"
#include "server/route.h"
#include "server/tokens.h"

/**
 * auth_judge() - whose request is it, and may he send it?
 * @tokens: NULL: there is no file
 * @caller: out
 * @untilp: out: the answer holds that long, in seconds since 1970, if other
 *          tokens are not read before; INT64_MAX: for ever
 *
 * Return: HTTP_REFUSAL_NONE; HTTP_AUTH_REQUIRED (401): no token, or one that
 *         nobody has; HTTP_AUTH_FORBIDDEN (403): not an operator's.
 */
enum http_refusal auth_judge(const struct tokens *tokens,
			     const struct http_codec *codec, enum route route,
			     struct rpc_caller *caller, int64_t *untilp);
