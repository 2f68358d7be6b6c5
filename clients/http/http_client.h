/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A blocking HTTP/1.1 client for one server
 *
 * Keeps its connection open between requests, so that a program that makes
 * thousands of small calls pays for one handshake. Proxies named in the
 * environment are not used: the server is normally on the same machine.
 */
#include <stddef.h>

struct http_client;

/**
 * struct http_answer - what the server said to one request
 * @status: the HTTP status
 * @body:   the body, NUL terminated; the client's, until its next request
 * @len:    length of @body without the NUL
 */
struct http_answer {
	long status;
	const char *body;
	size_t len;
};

/**
 * http_client_new() - prepare to talk to a server
 * @url:   scheme, host and port, such as "http://127.0.0.1:7070"; a path in
 *         it is kept as a prefix
 * @token: sent as "Authorization: Bearer", or NULL
 *
 * Nothing is sent yet. Both strings are copied.
 *
 * Return: the client, to be freed with http_client_free(), or NULL when
 *         memory is short.
 */
struct http_client *http_client_new(const char *url, const char *token);

/** http_client_free() - close the connection and free the client; NULL is fine */
void http_client_free(struct http_client *client);

/**
 * http_client_post() - post a JSON text and wait for the answer
 * @path:    begins with a slash
 * @body:    @len bytes, sent as application/json
 * @answerp: filled on success
 *
 * Any HTTP status is a success here: the caller judges it.
 *
 * Return: 0, or -1 when no complete answer came (refused, reset, timed out,
 *         longer than 256 MiB, malformed URL); http_client_trouble() says why.
 */
int http_client_post(struct http_client *client, const char *path,
		     const char *body, size_t len, struct http_answer *answerp);

/** http_client_url() - the URL the client was made with */
const char *http_client_url(const struct http_client *client);

/** http_client_trouble() - why the last request failed, as a phrase for people */
const char *http_client_trouble(const struct http_client *client);
