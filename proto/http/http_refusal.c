/* SPDX-License-Identifier: MIT */
#include "proto/http/http_refusal.h"

static const struct http_refusal_text texts[HTTP_REFUSALS] = {
	[HTTP_SYNTAX] = { 400, "http.syntax",
			  "This is not a well formed HTTP/1.1 request: send a "
			  "request "
			  "line, one field a line as 'Name: value', and an "
			  "empty line, "
			  "each ended by CR LF." },
	[HTTP_REQUEST_LINE] = { 400, "http.request_line",
				"Write the request line as 'POST /rpc "
				"HTTP/1.1': one space "
				"between the parts, visible ASCII only, no "
				"fragment." },
	[HTTP_LINE_END] = { 400, "http.line_end",
			    "End every line with CR LF, and begin none with a "
			    "space." },
	[HTTP_FIELD_NAME] = { 400, "http.field_name",
			      "A field name has no spaces in it and none "
			      "before its "
			      "colon." },
	[HTTP_FIELD_REPEATED] = { 400, "http.field_repeated",
				  "Content-Type, Origin, Expect, "
				  "Authorization, "
				  "Transfer-Encoding and Vmarium-Route may "
				  "each be sent "
				  "once." },
	[HTTP_HOST_INVALID] = { 400, "http.host",
				"Send exactly one Host field, holding a host "
				"and perhaps a "
				"port." },
	[HTTP_LENGTH_INVALID] = { 400, "http.length",
				  "Send one Content-Length, a decimal number "
				  "of 64 bits, "
				  "or "
				  "Transfer-Encoding: chunked, but not both." },
	[HTTP_BODY_INVALID] = { 400, "http.body",
				"The body is not well formed chunks: each is a "
				"hexadecimal "
				"size, CR LF, the data, CR LF; extensions are "
				"not accepted." },
	[HTTP_ORIGIN_DENIED] = { 403, "origin.denied",
				 "Pages of this origin may not call this "
				 "server; start it with "
				 "--allow-origin ORIGIN to let them." },
	[HTTP_FORWARDED] = { 403, "origin.forwarded",
			     "A proxy forwarded this request, and without "
			     "tokens only this "
			     "machine is served; start the server with "
			     "--trust-proxy if "
			     "the proxy decides who may call." },
	[HTTP_PATH_UNKNOWN] = { 404, "http.path",
				"There is nothing here: calls go to POST /rpc, "
				"which "
				"GET /openrpc.json describes." },
	[HTTP_METHOD_DENIED] = { 405, "http.method",
				 "This path does not take that method; the "
				 "Allow field names "
				 "those it takes." },
	[HTTP_TIMEOUT] = { 408, "http.timeout",
			   "The request did not arrive in time; send it "
			   "without long "
			   "pauses." },
	[HTTP_LENGTH_REQUIRED] = { 411, "http.length_required",
				   "Send the body with Content-Length, or with "
				   "Transfer-Encoding: chunked." },
	[HTTP_BODY_TOO_LARGE] = { 413, "http.body_too_large",
				  "A body may have up to # bytes; split the "
				  "batch." },
	[HTTP_TARGET_TOO_LONG] = { 414, "http.target_too_long",
				   "The request target may have up to # bytes; "
				   "parameters belong "
				   "in the body." },
	[HTTP_CONTENT_TYPE] = { 415, "http.content_type",
				"Send the field Content-Type: "
				"application/json." },
	[HTTP_EXPECT_UNKNOWN] = { 417, "http.expect",
				  "The only expectation this server meets is "
				  "100-continue." },
	[HTTP_HOST_UNKNOWN] = { 421, "http.host_unknown",
				"This server does not go by that name: use "
				"localhost or "
				"127.0.0.1, or start it with --host NAME." },
	[HTTP_HEADER_TOO_LARGE] = { 431, "http.header_too_large",
				    "The request line and fields may have up "
				    "to # bytes "
				    "together; send fewer or shorter ones." },
	[HTTP_TOO_MANY_FIELDS] = { 431, "http.too_many_fields",
				   "A request may have up to # fields; send "
				   "fewer." },
	[HTTP_METHOD_UNKNOWN] = { 501, "http.method_unknown",
				  "This is no method known here; calls use "
				  "POST, over "
				  "HTTP/1.1." },
	[HTTP_CODING_UNKNOWN] = { 501, "http.transfer_encoding",
				  "The only transfer coding understood is "
				  "chunked, alone." },
	[HTTP_OVERLOAD] = { 503, "overload",
			    "The server has as much to do as it takes on; try "
			    "again in a "
			    "moment." },
	[HTTP_SHUTDOWN] = { 503, "shutdown",
			    "The server is about to stop and takes no new "
			    "requests." },
	[HTTP_VERSION] = { 505, "http.version", "Speak HTTP/1.1 or HTTP/1.0." },
};

const struct http_refusal_text *http_refusal_text(enum http_refusal refusal)
{
	return &texts[refusal];
}
