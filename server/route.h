/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Where a request goes, judged by its head alone
 *
 * Host and Origin are checked because the server usually runs on somebody's
 * own machine, where any web page may send it requests: a name that is not
 * ours means DNS rebinding, an origin that is not ours another site's script.
 */
#include "proto/http/http_codec.h"
#include "server/options.h"

enum route {
	ROUTE_RPC,     /* POST /rpc */
	ROUTE_SOCKET,  /* GET /rpc, for WebSocket */
	ROUTE_OPENRPC, /* GET /openrpc.json */
	ROUTE_HEALTH,  /* GET /healthz */
	ROUTE_READY,   /* GET /readyz */
	ROUTE_METRICS, /* GET /metrics */
	ROUTE_PAGE,    /* GET / */
	ROUTE_OPTIONS, /* OPTIONS of any of them, or * */
};

struct route_verdict {
	enum http_refusal refusal; /* HTTP_REFUSAL_NONE: route is valid */
	enum route route;
	const char *allow;  /* methods, with ROUTE_OPTIONS and 405 */
	const char *origin; /* of another site that is allowed, else NULL */
};

/**
 * route_judge() - refuse or place the request whose head @codec has read
 * @is_unix: it came through a unix socket, where no browser gets, so that Host
 *           may say anything; a proxy in between may pass on pages' requests,
 *           so Origin and what marks forwarded requests are judged as ever
 */
struct route_verdict route_judge(const struct http_codec *codec,
				 const struct options *options, bool is_unix);

/**
 * route_origin() - the allowed origin that @codec's request comes from
 *
 * For answers that its pages may read. @codec's head must be complete.
 *
 * Return: the item of --allow-origin, or NULL: there is no Origin field, it is
 *         the server's own, or not allowed.
 */
const char *route_origin(const struct http_codec *codec,
			 const struct options *options);

/** route_path() - the path that leads there, NULL for ROUTE_OPTIONS */
const char *route_path(enum route route);

/** route_host_is_loopback() - localhost, 127.0.0.0/8 or [::1]? */
bool route_host_is_loopback(struct http_slice host);
