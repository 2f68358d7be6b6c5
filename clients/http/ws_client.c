/* SPDX-License-Identifier: MIT */
#include "clients/http/ws_client.h"

#include <curl/curl.h>
#include <openssl/evp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <wslay/wslay.h>

enum {
	CONNECT_SECONDS = 5,
	ANSWER_MS = 20000, /* for the handshake */
	HEAD_BYTES = 16384,
	MESSAGE_BYTES = 256 * 1024 * 1024,
	PONGS_MAX = 64, /* that wait to be sent */
	KEY_BYTES = 16,
	KEY_TEXT = 25,    /* of it in base64, with a NUL */
	ACCEPT_TEXT = 29, /* of a SHA-1, likewise */
};

struct message {
	struct message *next;
	size_t len;
	char text[];
};

struct ws_client {
	CURL *curl;
	wslay_event_context_ptr ctx;
	char *url;
	char *token;
	struct message *first, *last;
	char head[HEAD_BYTES + 1]; /* the handshake's answer, and beyond */
	size_t head_len, head_read;
	bool is_at_end;
	char trouble[CURL_ERROR_SIZE];
};

static int fail(struct ws_client *client, const char *why)
{
	snprintf(client->trouble, sizeof(client->trouble), "%s", why);
	return -1;
}

/* ----------------------------------------------- bytes, for wslay */

/* Of a server that sends without an end no more is taken than a message, or the
 * pings of one read: then whoever waits has it, and pongs are to go out. */
static bool has_enough(const struct ws_client *client)
{
	return client->first ||
	       wslay_event_get_queued_msg_count(client->ctx) > PONGS_MAX;
}

static ssize_t on_recv(wslay_event_context_ptr ctx, uint8_t *buf, size_t len,
		       int flags, void *data)
{
	struct ws_client *client = data;
	size_t n = client->head_len - client->head_read;
	CURLcode code;

	(void)flags;
	if (has_enough(client)) {
		wslay_event_set_error(ctx, WSLAY_ERR_WOULDBLOCK);
		return -1;
	}
	if (n) {
		n = n < len ? n : len;
		memcpy(buf, client->head + client->head_read, n);
		client->head_read += n;
		return (ssize_t)n;
	}
	code = curl_easy_recv(client->curl, buf, len, &n);
	if (code == CURLE_OK && n)
		return (ssize_t)n;
	client->is_at_end |= code != CURLE_AGAIN;
	wslay_event_set_error(ctx, WSLAY_ERR_WOULDBLOCK);
	return -1;
}

static ssize_t on_send(wslay_event_context_ptr ctx, const uint8_t *bytes,
		       size_t len, int flags, void *data)
{
	struct ws_client *client = data;
	CURLcode code;
	size_t n;

	(void)flags;
	code = curl_easy_send(client->curl, bytes, len, &n);
	if (code == CURLE_OK)
		return (ssize_t)n;
	client->is_at_end |= code != CURLE_AGAIN;
	wslay_event_set_error(ctx, WSLAY_ERR_WOULDBLOCK);
	return -1;
}

static int on_mask(wslay_event_context_ptr ctx, uint8_t *buf, size_t len,
		   void *data)
{
	(void)ctx;
	(void)data;
	return getrandom(buf, len, 0) == (ssize_t)len ? 0 : -1;
}

static void on_message(wslay_event_context_ptr ctx,
		       const struct wslay_event_on_msg_recv_arg *arg,
		       void *data)
{
	struct ws_client *client = data;
	struct message *message;

	if (arg->opcode != WSLAY_TEXT_FRAME)
		return;
	message = malloc(sizeof(*message) + arg->msg_length + 1);
	if (!message) {
		wslay_event_set_error(ctx, WSLAY_ERR_NOMEM);
		client->is_at_end = true;
		return;
	}
	message->next = NULL;
	message->len = arg->msg_length;
	memcpy(message->text, arg->msg, arg->msg_length);
	message->text[message->len] = '\0';
	if (client->first)
		client->last->next = message;
	else
		client->first = message;
	client->last = message;
}

/* ------------------------------------------------------ its lifetime */

struct ws_client *ws_client_new(const char *url, const char *token)
{
	const struct wslay_event_callbacks callbacks = {
		.recv_callback = on_recv,
		.send_callback = on_send,
		.genmask_callback = on_mask,
		.on_msg_recv_callback = on_message,
	};
	struct ws_client *client;

	if (curl_global_init(CURL_GLOBAL_DEFAULT))
		return NULL;
	client = calloc(1, sizeof(*client));
	if (!client)
		return NULL;
	client->curl = curl_easy_init();
	client->url = strdup(url);
	client->token = token ? strdup(token) : NULL;
	if (!client->curl || !client->url || (token && !client->token) ||
	    wslay_event_context_client_init(&client->ctx, &callbacks, client)) {
		ws_client_free(client);
		return NULL;
	}
	wslay_event_config_set_max_recv_msg_length(client->ctx, MESSAGE_BYTES);
	return client;
}

void ws_client_free(struct ws_client *client)
{
	if (!client)
		return;
	while (client->first) {
		struct message *message = client->first;

		client->first = message->next;
		free(message);
	}
	if (client->ctx)
		wslay_event_context_free(client->ctx);
	curl_easy_cleanup(client->curl);
	free(client->url);
	free(client->token);
	free(client);
}

const char *ws_client_trouble(const struct ws_client *client)
{
	return client->trouble;
}

/* --------------------------------------------------- shaking hands */

/* Waits until the socket is ready; false: not within @ms (-1: ever). */
static bool wait_for(const struct ws_client *client, short events, int ms)
{
	struct pollfd fd = { .events = events };
	curl_socket_t socket;

	if (curl_easy_getinfo(client->curl, CURLINFO_ACTIVESOCKET, &socket))
		return false;
	fd.fd = socket;
	return poll(&fd, 1, ms) > 0;
}

static int send_all(struct ws_client *client, const char *text)
{
	size_t len = strlen(text), n;

	while (len) {
		CURLcode code = curl_easy_send(client->curl, text, len, &n);

		if (code == CURLE_AGAIN) {
			if (!wait_for(client, POLLOUT, ANSWER_MS))
				return fail(client, "it takes no bytes");
			continue;
		}
		if (code)
			return fail(client, curl_easy_strerror(code));
		text += n;
		len -= n;
	}
	return 0;
}

/* Reads the head, and perhaps what comes behind it. */
static int hear_head(struct ws_client *client, size_t *lenp)
{
	const char *end = NULL;

	while (!end) {
		size_t n = 0;
		CURLcode code = curl_easy_recv(
			client->curl, client->head + client->head_len,
			HEAD_BYTES - client->head_len, &n);

		if (code == CURLE_AGAIN) {
			if (!wait_for(client, POLLIN, ANSWER_MS))
				return fail(client, "no answer came in time");
			continue;
		}
		if (code || !n)
			return fail(client, "it hung up instead of answering");
		client->head_len += n;
		client->head[client->head_len] = '\0';
		end = strstr(client->head, "\r\n\r\n");
	}
	*lenp = (size_t)(end + 4 - client->head);
	return 0;
}

static void hash_key(const char *key, char accept[ACCEPT_TEXT])
{
	unsigned char digest[EVP_MAX_MD_SIZE] = { 0 };
	char text[KEY_TEXT + 36];
	int len = snprintf(text, sizeof(text),
			   "%s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", key);

	EVP_Digest(text, (size_t)len, digest, NULL, EVP_sha1(), NULL);
	EVP_EncodeBlock((unsigned char *)accept, digest, 20);
}

/* Host and path of the URL, as the request has them. */
static char *compose_request(const struct ws_client *client, const char *key)
{
	char *host = NULL, *port = NULL, *path = NULL, *request = NULL;
	CURLU *url = curl_url();

	if (url && !curl_url_set(url, CURLUPART_URL, client->url, 0) &&
	    !curl_url_get(url, CURLUPART_HOST, &host, 0) &&
	    !curl_url_get(url, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) &&
	    !curl_url_get(url, CURLUPART_PATH, &path, 0) &&
	    asprintf(&request,
		     "GET %s%srpc HTTP/1.1\r\nHost: %s:%s\r\n"
		     "Upgrade: websocket\r\nConnection: Upgrade\r\n"
		     "Sec-WebSocket-Key: %s\r\nSec-WebSocket-Version: 13\r\n"
		     "%s%s%s\r\n",
		     path, path[strlen(path) - 1] == '/' ? "" : "/", host, port,
		     key, client->token ? "Authorization: Bearer " : "",
		     client->token ? client->token : "",
		     client->token ? "\r\n" : "") < 0)
		request = NULL;
	curl_free(host);
	curl_free(port);
	curl_free(path);
	curl_url_cleanup(url);
	return request;
}

/* The refusal's hint is for people: its text is behind the head. */
static int refuse(struct ws_client *client, size_t len)
{
	const char *hint = strstr(client->head + len, "\"hint\": \"");

	if (!hint)
		return fail(client, "it does not speak WebSocket");
	hint += strlen("\"hint\": \"");
	snprintf(client->trouble, sizeof(client->trouble), "%.*s",
		 (int)strcspn(hint, "\""), hint);
	return -1;
}

static int shake_hands(struct ws_client *client)
{
	unsigned char bytes[KEY_BYTES];
	char key[KEY_TEXT], accept[ACCEPT_TEXT], *request;
	size_t len = 0;
	int err;

	if (getrandom(bytes, sizeof(bytes), 0) != sizeof(bytes))
		return fail(client, "the kernel gives no random bytes");
	EVP_EncodeBlock((unsigned char *)key, bytes, KEY_BYTES);
	request = compose_request(client, key);
	if (!request)
		return fail(client, "the URL is not understood");
	err = send_all(client, request);
	free(request);
	if (err || hear_head(client, &len))
		return -1;
	if (strncmp(client->head, "HTTP/1.1 101 ", 13) != 0)
		return refuse(client, len);
	hash_key(key, accept);
	if (!memmem(client->head, len, accept, strlen(accept)))
		return fail(client, "it does not speak WebSocket");
	client->head_read = len;
	return 0;
}

int ws_client_open(struct ws_client *client)
{
	CURL *curl = client->curl;
	CURLcode code;

	curl_easy_setopt(curl, CURLOPT_URL, client->url);
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L);
	/* A proxy would choose HTTP/2, which has no upgrades, if it were offered. */
	curl_easy_setopt(curl, CURLOPT_HTTP_VERSION,
			 (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
	code = curl_easy_perform(curl);
	if (code)
		return fail(client, curl_easy_strerror(code));
	return shake_hands(client);
}

/* ----------------------------------------------------------- messages */

int ws_client_send(struct ws_client *client, const char *text, size_t len)
{
	const struct wslay_event_msg message = {
		.opcode = WSLAY_TEXT_FRAME,
		.msg = (const uint8_t *)text,
		.msg_length = len,
	};

	return wslay_event_queue_msg(client->ctx, &message)
		       ? fail(client, "memory is short")
		       : 0;
}

static char *take_message(struct ws_client *client, size_t *lenp)
{
	struct message *message = client->first;

	client->first = message->next;
	*lenp = message->len;
	/* The text moves to the front, with its NUL, so that free() fits. */
	return memmove(message, message->text, message->len + 1);
}

static void explain_end(struct ws_client *client)
{
	if (wslay_event_get_close_received(client->ctx))
		snprintf(client->trouble, sizeof(client->trouble),
			 "it closed the connection (%u)",
			 wslay_event_get_status_code_received(client->ctx));
	else
		fail(client, "it hung up");
}

static short what_to_wait_for(const struct ws_client *client)
{
	if (has_enough(client))
		return POLLOUT;
	return wslay_event_want_write(client->ctx) ? POLLIN | POLLOUT : POLLIN;
}

char *ws_client_next(struct ws_client *client, size_t *lenp)
{
	while (!client->first) {
		if (client->is_at_end || wslay_event_send(client->ctx) ||
		    wslay_event_recv(client->ctx) ||
		    wslay_event_get_close_received(client->ctx)) {
			explain_end(client);
			return NULL;
		}
		if (client->first || client->is_at_end)
			continue;
		if (!wait_for(client, what_to_wait_for(client), -1)) {
			fail(client, "waiting for it failed");
			return NULL;
		}
	}
	return take_message(client, lenp);
}
