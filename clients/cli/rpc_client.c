/* SPDX-License-Identifier: MIT */
#include "clients/cli/rpc_client.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/answer_shape.h"
#include "clients/http/http_client.h"

struct rpc_client {
	struct http_client *http;
	json_int_t last_id;
	char trouble[512];
};

struct rpc_client *rpc_client_new(const char *url, const char *token)
{
	struct rpc_client *client = calloc(1, sizeof(*client));

	if (!client)
		return NULL;
	client->http = http_client_new(url, token);
	if (!client->http) {
		free(client);
		return NULL;
	}
	return client;
}

void rpc_client_free(struct rpc_client *client)
{
	if (!client)
		return;
	http_client_free(client->http);
	free(client);
}

__attribute__((format(printf, 2, 3))) static enum rpc_outcome
lost(struct rpc_client *client, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(client->trouble, sizeof(client->trouble), format, args);
	va_end(args);
	return RPC_LOST;
}

static enum rpc_outcome not_vmarium(struct rpc_client *client, long status)
{
	return lost(client,
		    "%s answered (HTTP %ld), but not as a vmarium server does; "
		    "check --server",
		    http_client_url(client->http), status);
}

/* What HTTP refuses has a key and a hint only: dress it as an error object. */
static enum rpc_outcome http_refusal(struct rpc_client *client, long status,
				     json_t *data, json_t **answerp)
{
	char message[32];

	if (!json_is_string(json_object_get(data, "key")))
		return not_vmarium(client, status);
	snprintf(message, sizeof(message), "HTTP status %ld", status);
	*answerp = json_pack("{s:I, s:s, s:O}", "code", (json_int_t)status,
			     "message", message, "data", data);
	return *answerp ? RPC_REFUSED : lost(client, "memory is short");
}

static enum rpc_outcome answer_judge(struct rpc_client *client,
				     const char *method, long status,
				     json_t *root, json_t **answerp)
{
	json_t *result = json_object_get(root, "result");
	json_t *error = json_object_get(root, "error");
	const json_t *id = json_object_get(root, "id");
	const char *lack;

	if (status != 200)
		return http_refusal(client, status, error, answerp);
	/* A request that could not be read is answered with the id null. */
	if (!json_is_null(id) && json_integer_value(id) != client->last_id)
		return not_vmarium(client, status);
	if (json_is_object(error)) {
		*answerp = json_incref(error);
		return RPC_REFUSED;
	}
	if (!result)
		return not_vmarium(client, status);
	lack = answer_lack(method, result);
	if (lack)
		return lost(client,
			    "the server's answer to %s has no valid %s; check "
			    "--server",
			    method, lack);
	*answerp = json_incref(result);
	return RPC_RESULT;
}

enum rpc_outcome rpc_client_call(struct rpc_client *client, const char *method,
				 json_t *params, json_t **answerp)
{
	struct http_answer answer;
	enum rpc_outcome outcome;
	json_t *request, *root;
	char *body;
	int err;

	*answerp = NULL;
	request = json_pack("{s:s, s:I, s:s, s:o}", "jsonrpc", "2.0", "id",
			    ++client->last_id, "method", method, "params",
			    params);
	body = json_dumps(request, JSON_COMPACT);
	json_decref(request);
	if (!body)
		return lost(client, "%s cannot be sent: it is not UTF-8",
			    method);

	err = http_client_post(client->http, "/rpc", body, strlen(body),
			       &answer);
	free(body);
	if (err)
		return lost(client, "no answer from %s: %s",
			    http_client_url(client->http),
			    http_client_trouble(client->http));

	root = json_loadb(answer.body, answer.len, JSON_ALLOW_NUL, NULL);
	outcome = answer_judge(client, method, answer.status, root, answerp);
	json_decref(root);
	return outcome;
}

const char *rpc_client_trouble(const struct rpc_client *client)
{
	return client->trouble;
}
