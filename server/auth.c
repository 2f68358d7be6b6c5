/* SPDX-License-Identifier: MIT */
#include "server/auth.h"

#include <string.h>
#include <strings.h>
#include <time.h>
#include "proto/ws/ws_handshake.h"

/* The token of "Bearer TOKEN"; absent if it is another scheme. */
static struct http_slice bearer_token(struct http_slice value)
{
	static const char scheme[] = "bearer ";
	const size_t len = sizeof(scheme) - 1;

	if (value.len <= len || strncasecmp(value.at, scheme, len) != 0)
		return (struct http_slice){ 0 };
	value.at += len;
	value.len -= len;
	while (value.len && *value.at == ' ') {
		value.at++;
		value.len--;
	}
	return value;
}

static struct http_slice find_token(const struct http_codec *codec,
				    enum route route)
{
	struct http_slice field =
		http_codec_field(codec, HTTP_FIELD_AUTHORIZATION);

	if (field.at || route != ROUTE_SOCKET)
		return bearer_token(field);
	return ws_handshake_token(codec);
}

enum http_refusal auth_judge(const struct tokens *tokens,
			     const struct http_codec *codec, enum route route,
			     struct rpc_caller *caller, int64_t *untilp)
{
	struct http_slice token;

	*caller = (struct rpc_caller){ 0 };
	*untilp = INT64_MAX;
	if (!tokens || (route != ROUTE_RPC && route != ROUTE_SOCKET &&
			route != ROUTE_METRICS))
		return HTTP_REFUSAL_NONE;
	token = find_token(codec, route);
	if (!token.len || !tokens_find(tokens, token.at, token.len, time(NULL),
				       caller, untilp))
		return HTTP_AUTH_REQUIRED;
	if (route == ROUTE_METRICS && caller->role != RPC_OPERATOR)
		return HTTP_AUTH_FORBIDDEN;
	return HTTP_REFUSAL_NONE;
}
