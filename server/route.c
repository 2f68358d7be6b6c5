/* SPDX-License-Identifier: MIT */
#include "server/route.h"

#include <arpa/inet.h>
#include <string.h>
#include "proto/ws/ws_handshake.h"

static const struct {
	const char *path;
	enum route route;
	const char *allow;
} places[] = {
	{ "/rpc", ROUTE_RPC, "POST, OPTIONS" },
	{ "/openrpc.json", ROUTE_OPENRPC, "GET, HEAD, OPTIONS" },
	{ "/healthz", ROUTE_HEALTH, "GET, HEAD, OPTIONS" },
	{ "/readyz", ROUTE_READY, "GET, HEAD, OPTIONS" },
	{ "/metrics", ROUTE_METRICS, "GET, HEAD, OPTIONS" },
	{ "/", ROUTE_PAGE, "GET, HEAD, OPTIONS" },
};

const char *route_path(enum route route)
{
	size_t i;

	for (i = 0; i < sizeof(places) / sizeof(*places); i++)
		if (places[i].route == route)
			return places[i].path;
	return NULL;
}

bool route_host_is_loopback(struct http_slice host)
{
	char text[INET_ADDRSTRLEN];
	struct in_addr address;

	if (http_slice_is(host, "127.0.0.1") ||
	    http_slice_is(host, "localhost") || http_slice_is(host, "[::1]"))
		return true;
	if (host.len >= sizeof(text))
		return false;
	memcpy(text, host.at, host.len);
	text[host.len] = '\0';
	return inet_pton(AF_INET, text, &address) == 1 &&
	       ntohl(address.s_addr) >> 24 == 127;
}

static bool host_is_ours(struct http_slice value, const struct options *options)
{
	struct http_authority authority;
	size_t i;

	if (!http_authority_parse(value, &authority))
		return false;
	for (i = 0; i < options->hosts.len; i++)
		if (http_slice_is(authority.host, options->hosts.items[i]))
			return true;
	return route_host_is_loopback(authority.host);
}

/* Both names must be ours: the target's, which counts, and the field's. */
static bool names_are_ours(const struct http_codec *codec,
			   const struct options *options)
{
	struct http_slice host = http_codec_field(codec, HTTP_FIELD_HOST);

	/* Only HTTP/1.0 may leave it out, and no browser speaks that. */
	if (host.at && !host_is_ours(host, options))
		return false;
	return !codec->authority.at || host_is_ours(codec->authority, options);
}

/*
 * "http://host:port" is the server's own if the Host field says the same, or
 * "https://host:port" if the proxy in front says that it speaks so. No page of
 * another site can: with such a field the browser would ask first.
 */
static bool origin_is_own(struct http_slice origin, struct http_slice host,
			  struct http_slice proto)
{
	const bool is_tls = http_slice_is(proto, "https");
	const char *scheme = is_tls ? "https://" : "http://";
	const uint16_t implied = is_tls ? 443 : 80;
	const size_t len = strlen(scheme);
	struct http_authority a, b;

	if (origin.len <= len ||
	    !http_slice_is((struct http_slice){ origin.at, len }, scheme))
		return false;
	origin.at += len;
	origin.len -= len;
	return http_authority_parse(origin, &a) &&
	       http_authority_parse(host, &b) &&
	       http_slice_equals(a.host, b.host) &&
	       (a.port ? a.port : implied) == (b.port ? b.port : implied);
}

const char *route_origin(const struct http_codec *codec,
			 const struct options *options)
{
	struct http_slice origin = http_codec_field(codec, HTTP_FIELD_ORIGIN);
	size_t i;

	for (i = 0; origin.at && i < options->origins.len; i++)
		if (http_slice_is(origin, options->origins.items[i]))
			return options->origins.items[i];
	return NULL;
}

/* A name that is not ours vouches for no origin. */
static bool origin_is_own_or_absent(const struct http_codec *codec,
				    const struct options *options)
{
	struct http_slice origin = http_codec_field(codec, HTTP_FIELD_ORIGIN);

	return !origin.at ||
	       (origin_is_own(
			origin, http_codec_field(codec, HTTP_FIELD_HOST),
			http_codec_field(codec, HTTP_FIELD_FORWARDED_PROTO)) &&
		names_are_ours(codec, options));
}

static struct route_verdict refuse(enum http_refusal refusal)
{
	return (struct route_verdict){ .refusal = refusal };
}

static struct route_verdict judge_rpc(const struct http_codec *codec)
{
	if (!http_media_type_is(
		    http_codec_field(codec, HTTP_FIELD_CONTENT_TYPE),
		    "application/json"))
		return refuse(HTTP_CONTENT_TYPE);
	if (!codec->has_body)
		return refuse(HTTP_LENGTH_REQUIRED);
	return (struct route_verdict){ .route = ROUTE_RPC };
}

static struct route_verdict judge_socket(const struct http_codec *codec)
{
	return (struct route_verdict){ .refusal = ws_handshake_check(codec),
				       .route = ROUTE_SOCKET };
}

static struct route_verdict judge_place(const struct http_codec *codec,
					enum route route, const char *allow)
{
	if (codec->verb == HTTP_VERB_OPTIONS)
		return (struct route_verdict){ .route = ROUTE_OPTIONS,
					       .allow = allow };
	if (route == ROUTE_RPC && codec->verb == HTTP_VERB_POST)
		return judge_rpc(codec);
	if (route == ROUTE_RPC && ws_is_asked_for(codec))
		return judge_socket(codec);
	if (route != ROUTE_RPC &&
	    (codec->verb == HTTP_VERB_GET || codec->verb == HTTP_VERB_HEAD))
		return (struct route_verdict){ .route = route };
	return (struct route_verdict){ .refusal = HTTP_METHOD_DENIED,
				       .allow = allow };
}

static bool is_forwarded(const struct http_codec *codec)
{
	return http_codec_has(codec, HTTP_FIELD_FORWARDED) ||
	       http_codec_has(codec, HTTP_FIELD_FORWARDED_PROTO);
}

static struct route_verdict judge(const struct http_codec *codec,
				  const struct options *options,
				  const char *origin, bool is_unix)
{
	size_t i;

	if (!options->trust_proxy && !options->tokens && is_forwarded(codec))
		return refuse(HTTP_FORWARDED);
	if (!is_unix && !names_are_ours(codec, options))
		return refuse(HTTP_HOST_UNKNOWN);
	if (!origin && !origin_is_own_or_absent(codec, options))
		return refuse(HTTP_ORIGIN_DENIED);
	if (http_slice_is(codec->path, "*"))
		return judge_place(codec, ROUTE_PAGE,
				   "GET, HEAD, POST, OPTIONS");
	for (i = 0; i < sizeof(places) / sizeof(*places); i++) {
		/* Paths are told apart by case, unlike everything else. */
		if (codec->path.len == strlen(places[i].path) &&
		    !memcmp(codec->path.at, places[i].path, codec->path.len))
			return judge_place(codec, places[i].route,
					   places[i].allow);
	}
	return refuse(HTTP_PATH_UNKNOWN);
}

struct route_verdict route_judge(const struct http_codec *codec,
				 const struct options *options, bool is_unix)
{
	const char *origin = route_origin(codec, options);
	struct route_verdict verdict = judge(codec, options, origin, is_unix);

	verdict.origin = origin;
	return verdict;
}
