/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A blocking WebSocket client for one server
 *
 * Messages are texts. Pings are answered whenever ws_client_next() waits.
 */
#include <stddef.h>

struct ws_client;

/**
 * ws_client_new() - prepare to talk to a server
 * @url:   scheme, host and port, such as "http://127.0.0.1:7070", as of
 *         http_client_new(); the socket is at /rpc behind it
 * @token: sent as "Authorization: Bearer", or NULL
 *
 * Nothing is sent yet. Both strings are copied.
 *
 * Return: the client, to be freed with ws_client_free(), or NULL when memory is
 *         short.
 */
struct ws_client *ws_client_new(const char *url, const char *token);

/** ws_client_free() - hang up and free the client; NULL is fine */
void ws_client_free(struct ws_client *client);

/**
 * ws_client_open() - connect and shake hands
 *
 * Return: 0, or -1: ws_client_trouble() says why.
 */
int ws_client_open(struct ws_client *client);

/** ws_client_send() - send a message of @len bytes when ws_client_next() is
 * called; 0, or -1 without memory */
int ws_client_send(struct ws_client *client, const char *text, size_t len);

/**
 * ws_client_next() - wait for the next message
 * @lenp: receives its length
 *
 * Return: the text, the caller's to free(), NUL terminated; NULL when the server
 *         has closed or is gone: ws_client_trouble() says why.
 */
char *ws_client_next(struct ws_client *client, size_t *lenp);

/** ws_client_trouble() - why the last call failed, as a phrase for people */
const char *ws_client_trouble(const struct ws_client *client);
