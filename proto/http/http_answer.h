/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * HTTP/1.1 answers as bytes
 *
 * Everything is appended to a struct buffer; one that cannot take it is marked
 * failed, as buffer.h describes. There is no clock here: the caller brings the
 * date.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "proto/http/http_codec.h"
#include "proto/http/http_refusal.h"
#include "proto/json/buffer.h"

enum {
	HTTP_DATE_LEN = 29
}; /* "Sun, 06 Nov 1994 08:49:37 GMT" */

/* What the answer says about the connection. */
enum http_after {
	HTTP_AFTER_KEEP,     /* as HTTP/1.1 understands silence */
	HTTP_AFTER_KEEP_1_0, /* as HTTP/1.0 must be told */
	HTTP_AFTER_CLOSE,
};

struct http_answer {
	unsigned status;
	enum http_after after;
	const char *type;   /* Content-Type; NULL: there is no content */
	const char *coding; /* Content-Encoding; NULL: none */
	bool varies;        /* with what the client accepts as a coding */
	const char *origin; /* whose pages may read it (CORS); NULL: none */
	size_t length;      /* of the content, sent or (HEAD) not */
	const char *fields; /* further lines, each with CR LF; may be NULL */
	const char *more_fields; /* likewise */
	const char *date;        /* HTTP_DATE_LEN bytes */
};

/*
 * The usual answer's head: 200, JSON, nothing remarkable. Only the date and the
 * length differ from one to the next.
 */
struct http_answer_start {
	size_t len;
	char bytes[128]; /* up to the length's digits */
};

/** http_answer_prepare() - make the usual head
 * @date: HTTP_DATE_LEN bytes */
void http_answer_prepare(struct http_answer_start *start, const char *date);

/**
 * http_answer_usual() - append the usual head and the content behind it
 *
 * The same bytes as http_answer_head() makes of a struct http_answer with that
 * status, type, length and date and HTTP_AFTER_KEEP, all else being 0.
 */
void http_answer_usual(struct buffer *out,
		       const struct http_answer_start *start,
		       const char *content, size_t len);

/** http_answer_head() - append status line, fields and the empty line */
void http_answer_head(struct buffer *out, const struct http_answer *answer);

/** http_answer_continue() - append the interim answer to an expectation */
void http_answer_continue(struct buffer *out);

/* A refusal in full; it always announces the end of the connection. */
struct http_refusal_answer {
	enum http_refusal refusal;
	uint64_t limit;     /* for the hints that name one */
	const char *allow;  /* methods, for HTTP_METHOD_DENIED */
	const char *origin; /* as in struct http_answer */
	const char *fields; /* further lines, as in struct http_answer */
	const char *date;   /* HTTP_DATE_LEN bytes */
	bool without_body;  /* the request was HEAD */
};

/** http_answer_refusal() - append head and {"error": {"key", "hint"}} */
void http_answer_refusal(struct buffer *out,
			 const struct http_refusal_answer *answer);
