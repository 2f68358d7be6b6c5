/* SPDX-License-Identifier: MIT */
#include "proto/http/http_answer.h"

#include "core/hot.h"

#include <stdio.h>
#include <string.h>

enum {
	REFUSAL_MAX = 512,
	RETRY_AFTER_SECONDS = 1,
};

static const char *reason_phrase(unsigned status)
{
	switch (status) {
	case 101:
		return "Switching Protocols";
	case 200:
		return "OK";
	case 204:
		return "No Content";
	case 400:
		return "Bad Request";
	case 401:
		return "Unauthorized";
	case 403:
		return "Forbidden";
	case 404:
		return "Not Found";
	case 405:
		return "Method Not Allowed";
	case 408:
		return "Request Timeout";
	case 411:
		return "Length Required";
	case 413:
		return "Content Too Large";
	case 414:
		return "URI Too Long";
	case 415:
		return "Unsupported Media Type";
	case 417:
		return "Expectation Failed";
	case 421:
		return "Misdirected Request";
	case 426:
		return "Upgrade Required";
	case 429:
		return "Too Many Requests";
	case 431:
		return "Request Header Fields Too Large";
	case 501:
		return "Not Implemented";
	case 503:
		return "Service Unavailable";
	case 505:
		return "HTTP Version Not Supported";
	default:
		return "Unknown"; /* the phrase means nothing to programs */
	}
}

/* Caches must not give one client what another's fields have chosen. */
static void answer_choices(struct buffer *out, const struct http_answer *answer)
{
	if (answer->coding) {
		buffer_append_literal(out, "Content-Encoding: ");
		buffer_append_text(out, answer->coding);
		buffer_append_literal(out, "\r\n");
	}
	if (answer->varies && answer->origin)
		buffer_append_literal(out, "Vary: Origin, Accept-Encoding\r\n");
	else if (answer->varies)
		buffer_append_literal(out, "Vary: Accept-Encoding\r\n");
	else
		buffer_append_literal(out, "Vary: Origin\r\n");
	if (answer->origin) {
		buffer_append_literal(out, "Access-Control-Allow-Origin: ");
		buffer_append_text(out, answer->origin);
		buffer_append_literal(out, "\r\nAccess-Control-Expose-Headers: "
					   "Retry-After, Traceparent, "
					   "X-Request-Id\r\n");
	}
}

HOT void http_answer_head(struct buffer *out, const struct http_answer *answer)
{
	buffer_append_literal(out, "HTTP/1.1 ");
	buffer_append_u64(out, answer->status);
	buffer_append_byte(out, ' ');
	buffer_append_text(out, reason_phrase(answer->status));
	buffer_append_literal(out, "\r\nDate: ");
	buffer_append(out, answer->date, HTTP_DATE_LEN);
	if (answer->type) {
		buffer_append_literal(out, "\r\nContent-Type: ");
		buffer_append_text(out, answer->type);
		buffer_append_literal(out, "\r\nContent-Length: ");
		buffer_append_u64(out, answer->length);
	}
	buffer_append_literal(out, "\r\n");
	if (answer->after == HTTP_AFTER_CLOSE)
		buffer_append_literal(out, "Connection: close\r\n");
	else if (answer->after == HTTP_AFTER_KEEP_1_0)
		buffer_append_literal(out, "Connection: keep-alive\r\n");
	if (answer->coding || answer->varies || answer->origin)
		answer_choices(out, answer);
	if (answer->fields)
		buffer_append_text(out, answer->fields);
	if (answer->more_fields)
		buffer_append_text(out, answer->more_fields);
	buffer_append_literal(out, "\r\n");
}

void http_answer_prepare(struct http_answer_start *start, const char *date)
{
	start->len = (size_t)snprintf(start->bytes, sizeof(start->bytes),
				      "HTTP/1.1 200 OK\r\n"
				      "Date: %.*s\r\n"
				      "Content-Type: application/json\r\n"
				      "Content-Length: ",
				      HTTP_DATE_LEN, date);
}

void http_answer_usual(struct buffer *out,
		       const struct http_answer_start *start,
		       const char *content, size_t len)
{
	char *p = buffer_reserve(out, sizeof(start->bytes) + BUFFER_U64_MAX +
					      4 + len);
	char *begin = p;

	if (!p)
		return;
	/* All of it, as a copy of constant length is a few moves. */
	memcpy(p, start->bytes, sizeof(start->bytes));
	p = buffer_put_u64(p + start->len, len);
	memcpy(p, "\r\n\r\n", 4);
	memcpy(p + 4, content, len);
	buffer_commit(out, (size_t)(p + 4 + len - begin));
}

void http_answer_continue(struct buffer *out)
{
	buffer_append_literal(out, "HTTP/1.1 100 Continue\r\n\r\n");
}

/* The fields that some statuses owe: what is allowed, when to try again. */
static const char *refusal_fields(char *line, size_t size, unsigned status,
				  const char *allow)
{
	if (status == 405)
		snprintf(line, size, "Allow: %s\r\n", allow);
	else if (status == 401)
		snprintf(line, size,
			 "WWW-Authenticate: Bearer realm=\"vmarium\"\r\n");
	else if (status == 426)
		snprintf(line, size,
			 "Upgrade: websocket\r\n"
			 "Connection: Upgrade\r\n"
			 "Sec-WebSocket-Version: 13\r\n");
	else if (status == 503 || status == 429)
		snprintf(line, size, "Retry-After: %d\r\n",
			 RETRY_AFTER_SECONDS);
	else
		return NULL;
	return line;
}

/* Keys and hints are our own words: they hold nothing that JSON escapes. */
static size_t refusal_body(char *body, size_t size,
			   const struct http_refusal_text *text, uint64_t limit)
{
	const char *number = strchr(text->hint, '#');
	int before = (int)(number ? (size_t)(number - text->hint)
				  : strlen(text->hint));
	char digits[BUFFER_U64_MAX + 1] = "";

	if (number)
		*buffer_put_u64(digits, limit) = '\0';
	return (size_t)snprintf(
		body, size,
		"{\"error\": {\"key\": \"%s\", \"hint\": \"%.*s%s%s\"}}\n",
		text->key, before, text->hint, digits,
		number ? number + 1 : "");
}

void http_answer_refusal(struct buffer *out,
			 const struct http_refusal_answer *answer)
{
	const struct http_refusal_text *text =
		http_refusal_text(answer->refusal);
	char body[REFUSAL_MAX];
	char line[96];
	struct http_answer head = {
		.status = text->status,
		.after = HTTP_AFTER_CLOSE,
		.type = "application/json",
		.length = refusal_body(body, sizeof(body), text, answer->limit),
		.fields = refusal_fields(line, sizeof(line), text->status,
					 answer->allow),
		.origin = answer->origin,
		.more_fields = answer->fields,
		.date = answer->date,
	};

	http_answer_head(out, &head);
	if (!answer->without_body)
		buffer_append(out, body, head.length);
}
