/* SPDX-License-Identifier: MIT */
#include "proto/http/http_refusal.h"

static const struct http_refusal_text texts[HTTP_REFUSALS] = {
	[HTTP_SYNTAX] = {
		.status = 400,
		.key = "http.syntax",
		.hint = "This is not a well formed HTTP/1.1 request: "
			"send a request line, one field a line as "
			"'Name: value', and an empty line, each ended "
			"by CR LF.",
	},
	[HTTP_REQUEST_LINE] = {
		.status = 400,
		.key = "http.request_line",
		.hint = "Write the request line as 'POST /rpc "
			"HTTP/1.1': one space between the parts, "
			"visible ASCII only, no fragment.",
	},
	[HTTP_LINE_END] = {
		.status = 400,
		.key = "http.line_end",
		.hint = "End every line with CR LF, and begin none "
			"with a space.",
	},
	[HTTP_FIELD_NAME] = {
		.status = 400,
		.key = "http.field_name",
		.hint = "A field name has no spaces in it and none "
			"before its colon.",
	},
	[HTTP_FIELD_REPEATED] = {
		.status = 400,
		.key = "http.field_repeated",
		.hint = "Content-Type, Origin, Expect, Authorization, "
			"Transfer-Encoding and Vmarium-Route may each "
			"be sent once.",
	},
	[HTTP_HOST_INVALID] = {
		.status = 400,
		.key = "http.host",
		.hint = "Send exactly one Host field, holding a host "
			"and perhaps a port.",
	},
	[HTTP_LENGTH_INVALID] = {
		.status = 400,
		.key = "http.length",
		.hint = "Send one Content-Length, a decimal number of "
			"64 bits, or Transfer-Encoding: chunked, but "
			"not both.",
	},
	[HTTP_BODY_INVALID] = {
		.status = 400,
		.key = "http.body",
		.hint = "The body is not well formed chunks: each is a "
			"hexadecimal size, CR LF, the data, CR LF; "
			"extensions are not accepted.",
	},
	[HTTP_WS_HANDSHAKE] = {
		.status = 400,
		.key = "http.websocket",
		.hint = "To speak WebSocket, send GET /rpc HTTP/1.1 "
			"without a body, with Upgrade: websocket, "
			"Connection: Upgrade and one Sec-WebSocket-Key "
			"of 16 bytes in base64.",
	},
	[HTTP_AUTH_REQUIRED] = {
		.status = 401,
		.key = "auth.required",
		.hint = "This server knows its clients by tokens: send a "
			"valid one as Authorization: Bearer TOKEN, or, of a "
			"browser's WebSocket, as the subprotocol "
			"bearer.TOKEN.",
	},
	[HTTP_ORIGIN_DENIED] = {
		.status = 403,
		.key = "origin.denied",
		.hint = "Pages of this origin may not call this server;"
			" start it with --allow-origin ORIGIN to let "
			"them.",
	},
	[HTTP_FORWARDED] = {
		.status = 403,
		.key = "origin.forwarded",
		.hint = "A proxy forwarded this request, and only this "
			"machine is served; start the server with "
			"--trust-proxy if the proxy decides who may "
			"call.",
	},
	[HTTP_AUTH_FORBIDDEN] = {
		.status = 403,
		.key = "auth.forbidden",
		.hint = "Metrics tell of all clients, so they need the token "
			"of an operator.",
	},
	[HTTP_PATH_UNKNOWN] = {
		.status = 404,
		.key = "http.path",
		.hint = "There is nothing here: calls go to POST /rpc, "
			"which GET /openrpc.json describes.",
	},
	[HTTP_METHOD_DENIED] = {
		.status = 405,
		.key = "http.method",
		.hint = "This path does not take that method; the Allow"
			" field names those it takes.",
	},
	[HTTP_TIMEOUT] = {
		.status = 408,
		.key = "http.timeout",
		.hint = "The request did not arrive in time; send it "
			"without long pauses.",
	},
	[HTTP_LENGTH_REQUIRED] = {
		.status = 411,
		.key = "http.length_required",
		.hint = "Send the body with Content-Length, or with "
			"Transfer-Encoding: chunked.",
	},
	[HTTP_BODY_TOO_LARGE] = {
		.status = 413,
		.key = "http.body_too_large",
		.hint = "A body may have up to # bytes; split the "
			"batch.",
	},
	[HTTP_TARGET_TOO_LONG] = {
		.status = 414,
		.key = "http.target_too_long",
		.hint = "The request target may have up to # bytes; "
			"parameters belong in the body.",
	},
	[HTTP_CONTENT_TYPE] = {
		.status = 415,
		.key = "http.content_type",
		.hint = "Send the field Content-Type: application/json.",
	},
	[HTTP_EXPECT_UNKNOWN] = {
		.status = 417,
		.key = "http.expect",
		.hint = "The only expectation this server meets is "
			"100-continue.",
	},
	[HTTP_HOST_UNKNOWN] = {
		.status = 421,
		.key = "http.host_unknown",
		.hint = "This server does not go by that name: use "
			"localhost or 127.0.0.1, or start it with "
			"--host NAME.",
	},
	[HTTP_WS_VERSION] = {
		.status = 426,
		.key = "http.websocket_version",
		.hint = "Speak version 13 of WebSocket: send one field "
			"Sec-WebSocket-Version: 13.",
	},
	[HTTP_CONNECTIONS] = {
		.status = 429,
		.key = "quota.connections",
		.hint = "One client may have # connections at a time: close "
			"some, or send several calls over one of them.",
	},
	[HTTP_HEADER_TOO_LARGE] = {
		.status = 431,
		.key = "http.header_too_large",
		.hint = "The request line and fields may have up to # "
			"bytes together; send fewer or shorter ones.",
	},
	[HTTP_TOO_MANY_FIELDS] = {
		.status = 431,
		.key = "http.too_many_fields",
		.hint = "A request may have up to # fields; send fewer.",
	},
	[HTTP_METHOD_UNKNOWN] = {
		.status = 501,
		.key = "http.method_unknown",
		.hint = "This is no method known here; calls use POST, "
			"over HTTP/1.1.",
	},
	[HTTP_CODING_UNKNOWN] = {
		.status = 501,
		.key = "http.transfer_encoding",
		.hint = "The only transfer coding understood is "
			"chunked, alone.",
	},
	[HTTP_OVERLOAD] = {
		.status = 503,
		.key = "overload",
		.hint = "The server has as much to do as it takes on; "
			"try again in a moment.",
	},
	[HTTP_SHUTDOWN] = {
		.status = 503,
		.key = "shutdown",
		.hint = "The server is about to stop and takes no new "
			"requests.",
	},
	[HTTP_VERSION] = {
		.status = 505,
		.key = "http.version",
		.hint = "Speak HTTP/1.1 or HTTP/1.0.",
	},
};

const struct http_refusal_text *http_refusal_text(enum http_refusal refusal)
{
	return &texts[refusal];
}
