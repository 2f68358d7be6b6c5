/* SPDX-License-Identifier: MIT */
#include "clients/http/http_client.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	HTTP_CONNECT_SECONDS = 5,
	HTTP_ANSWER_SECONDS = 120,
	HTTP_ANSWER_BYTES = 256 * 1024 * 1024,
};

struct http_client {
	CURL *curl;
	struct curl_slist *headers;
	char *url;
	char *body;
	size_t len;
	size_t room;
	char trouble[CURL_ERROR_SIZE];
};

/* Called by curl with each piece of the body; fewer bytes than given end it. */
static size_t body_append(char *bytes, size_t size, size_t count, void *ctx)
{
	struct http_client *client = ctx;
	size_t len = size * count;

	if (len > HTTP_ANSWER_BYTES - client->len)
		return 0;
	if (client->len + len + 1 > client->room) {
		size_t room = (client->len + len + 1) * 2;
		char *body = realloc(client->body, room);

		if (!body)
			return 0;
		client->body = body;
		client->room = room;
	}
	memcpy(client->body + client->len, bytes, len);
	client->len += len;
	client->body[client->len] = '\0';
	return len;
}

static int headers_add(struct http_client *client, const char *header)
{
	struct curl_slist *longer = curl_slist_append(client->headers, header);

	if (!longer)
		return -1;
	client->headers = longer;
	return 0;
}

static int headers_build(struct http_client *client, const char *token)
{
	char *bearer;
	int err;

	/* Without the empty Expect, curl asks first before it sends a large body. */
	if (headers_add(client, "Content-Type: application/json") ||
	    headers_add(client, "Expect:"))
		return -1;
	if (!token)
		return 0;
	if (asprintf(&bearer, "Authorization: Bearer %s", token) < 0)
		return -1;
	err = headers_add(client, bearer);
	free(bearer);
	return err;
}

struct http_client *http_client_new(const char *url, const char *token)
{
	struct http_client *client;

	if (curl_global_init(CURL_GLOBAL_DEFAULT))
		return NULL;
	client = calloc(1, sizeof(*client));
	if (!client) {
		curl_global_cleanup();
		return NULL;
	}
	client->curl = curl_easy_init();
	client->url = strdup(url);
	if (!client->curl || !client->url || headers_build(client, token)) {
		http_client_free(client);
		return NULL;
	}
	/* "http://host/" and "http://host" name the same server. */
	while (strlen(client->url) &&
	       client->url[strlen(client->url) - 1] == '/')
		client->url[strlen(client->url) - 1] = '\0';

	curl_easy_setopt(client->curl, CURLOPT_ERRORBUFFER, client->trouble);
	curl_easy_setopt(client->curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(client->curl, CURLOPT_PROXY, "");
	curl_easy_setopt(client->curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(client->curl, CURLOPT_CONNECTTIMEOUT,
			 (long)HTTP_CONNECT_SECONDS);
	curl_easy_setopt(client->curl, CURLOPT_TIMEOUT,
			 (long)HTTP_ANSWER_SECONDS);
	curl_easy_setopt(client->curl, CURLOPT_HTTPHEADER, client->headers);
	curl_easy_setopt(client->curl, CURLOPT_WRITEFUNCTION, body_append);
	curl_easy_setopt(client->curl, CURLOPT_WRITEDATA, client);
	return client;
}

void http_client_free(struct http_client *client)
{
	if (!client)
		return;
	curl_easy_cleanup(client->curl);
	curl_slist_free_all(client->headers);
	free(client->url);
	free(client->body);
	free(client);
	curl_global_cleanup();
}

static int trouble_keep(struct http_client *client, CURLcode code)
{
	if (!client->trouble[0])
		snprintf(client->trouble, sizeof(client->trouble), "%s",
			 curl_easy_strerror(code));
	return -1;
}

int http_client_post(struct http_client *client, const char *path,
		     const char *body, size_t len, struct http_answer *answerp)
{
	CURLcode code;
	char *url;

	client->len = 0;
	client->trouble[0] = '\0';
	if (asprintf(&url, "%s%s", client->url, path) < 0)
		return trouble_keep(client, CURLE_OUT_OF_MEMORY);
	curl_easy_setopt(client->curl, CURLOPT_URL, url);
	curl_easy_setopt(client->curl, CURLOPT_POSTFIELDSIZE_LARGE,
			 (curl_off_t)len);
	curl_easy_setopt(client->curl, CURLOPT_POSTFIELDS, body);
	code = curl_easy_perform(client->curl);
	free(url);
	if (code != CURLE_OK)
		return trouble_keep(client, code);

	curl_easy_getinfo(client->curl, CURLINFO_RESPONSE_CODE,
			  &answerp->status);
	answerp->body = client->len ? client->body : "";
	answerp->len = client->len;
	return 0;
}

const char *http_client_url(const struct http_client *client)
{
	return client->url;
}

const char *http_client_trouble(const struct http_client *client)
{
	return client->trouble;
}
