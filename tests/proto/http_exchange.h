/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Requests as bytes, and the codec's transcript of them
 */
#include "proto/http/http_codec.h"

/* 600 bytes of head, 200 of target, 64 of body, 10 fields. */
extern const struct http_limits http_exchange_limits;

struct http_exchange {
	const char *bytes;
	const char *transcript; /* as http_transcript() writes it */
};

#define HOST    "Host: localhost\r\n"
#define GET     "GET / HTTP/1.1\r\n" HOST
#define POST    "POST /rpc HTTP/1.1\r\n" HOST
#define CHUNKED POST "Transfer-Encoding: chunked\r\n\r\n"

/* Asserts each transcript, up to one without bytes: of them whole, byte by byte and
 * cut in two at every place; with each head parsed, and with all heads so far
 * remembered. */
void http_exchanges_check(const struct http_exchange *exchange);

/* The transcript of bytes that come in pieces of these sizes; to be freed. */
char *http_exchange_transcript(struct http_heads *heads, const char *bytes,
			       size_t len, const size_t *sizes,
			       size_t sizes_len);
