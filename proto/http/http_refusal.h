/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What HTTP refuses, and how it says so
 *
 * One table holds every refusal: its status, the key that programs read and
 * the hint that people read. Refusals are for what is wrong with a request as
 * HTTP; once a body has been read, JSON-RPC answers.
 */
#include <stdint.h>

enum http_refusal {
	HTTP_REFUSAL_NONE,
	HTTP_SYNTAX,           /* 400: what the parser makes nothing of */
	HTTP_REQUEST_LINE,     /* 400 */
	HTTP_LINE_END,         /* 400: no CR LF, or a folded line */
	HTTP_FIELD_NAME,       /* 400 */
	HTTP_FIELD_REPEATED,   /* 400 */
	HTTP_HOST_INVALID,     /* 400: none, several, or no host at all */
	HTTP_LENGTH_INVALID,   /* 400 */
	HTTP_BODY_INVALID,     /* 400: chunk framing */
	HTTP_WS_HANDSHAKE,     /* 400: no complete request for WebSocket */
	HTTP_AUTH_REQUIRED,    /* 401 */
	HTTP_ORIGIN_DENIED,    /* 403 */
	HTTP_FORWARDED,        /* 403 */
	HTTP_AUTH_FORBIDDEN,   /* 403 */
	HTTP_PATH_UNKNOWN,     /* 404 */
	HTTP_METHOD_DENIED,    /* 405 */
	HTTP_TIMEOUT,          /* 408 */
	HTTP_LENGTH_REQUIRED,  /* 411 */
	HTTP_BODY_TOO_LARGE,   /* 413 */
	HTTP_TARGET_TOO_LONG,  /* 414 */
	HTTP_CONTENT_TYPE,     /* 415 */
	HTTP_EXPECT_UNKNOWN,   /* 417 */
	HTTP_HOST_UNKNOWN,     /* 421 */
	HTTP_WS_VERSION,       /* 426 */
	HTTP_CONNECTIONS,      /* 429: of one client */
	HTTP_HEADER_TOO_LARGE, /* 431: bytes */
	HTTP_TOO_MANY_FIELDS,  /* 431: number */
	HTTP_METHOD_UNKNOWN,   /* 501 */
	HTTP_CODING_UNKNOWN,   /* 501 */
	HTTP_OVERLOAD,         /* 503 */
	HTTP_SHUTDOWN,         /* 503 */
	HTTP_VERSION,          /* 505 */
	HTTP_REFUSALS
};

struct http_refusal_text {
	uint16_t status;
	const char *key;
	const char *hint; /* one # stands for the limit that was passed */
};

/** http_refusal_text() - the table's row for @refusal, which is not NONE */
const struct http_refusal_text *http_refusal_text(enum http_refusal refusal);
