/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Reading HTTP/1.1 responses as a load generator needs them
 *
 * The status, the length of the body, and whether the server will hang up:
 * nothing else. What has no Content-Length (chunked, until close) is refused,
 * because vmarium always gives one.
 */
#include <stdbool.h>
#include <stddef.h>

enum response_state {
	RESPONSE_PARTIAL,  /* more bytes are needed */
	RESPONSE_COMPLETE, /* head and body are all there */
	RESPONSE_BROKEN,   /* not a response that can be read; see trouble */
};

/**
 * struct response - how far one response was read; all zero before the first byte
 * @scanned:  bytes of the head already looked at
 * @head_len: length of the head with its empty line, 0 while it is partial
 * @body_len: from Content-Length; known when head_len is
 * @closes:   the server said "Connection: close"
 * @trouble:  of RESPONSE_BROKEN: what is wrong, static
 */
struct response {
	size_t scanned;
	size_t head_len;
	size_t body_len;
	int status;
	bool closes;
	const char *trouble;
};

/**
 * response_read() - go on reading a response
 * @data: everything received since its first byte, also what earlier calls saw
 *
 * With RESPONSE_COMPLETE the response takes head_len + body_len bytes of @data
 * and what follows belongs to the next one.
 * Cost: O(bytes not seen before).
 */
enum response_state response_read(struct response *response, const char *data,
				  size_t len);
