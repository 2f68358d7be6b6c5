/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * JSON-RPC 2.0 over HTTP, one call at a time
 */
#include <jansson.h>

struct rpc_client;

enum rpc_outcome {
	RPC_RESULT,  /* the call has a result, be it an emulated errno, with all
			that answer_shape.h says */
	RPC_REFUSED, /* the service refused: an error object */
	RPC_LOST,    /* no answer, or none that a vmarium server gives */
};

/**
 * rpc_client_new() - prepare to call a server's methods
 * @url:   the server, without "/rpc"
 * @token: bearer token, or NULL
 *
 * Return: the client, or NULL when memory is short.
 */
struct rpc_client *rpc_client_new(const char *url, const char *token);

/** rpc_client_free() - close the connection and free the client; NULL is fine */
void rpc_client_free(struct rpc_client *client);

/**
 * rpc_client_call() - call a method and wait for its answer
 * @params:  an object; the reference is taken
 * @answerp: the caller's to release: the result of RPC_RESULT, the error
 *           object of RPC_REFUSED (what HTTP itself refuses has the HTTP
 *           status as its code), NULL for RPC_LOST
 */
enum rpc_outcome rpc_client_call(struct rpc_client *client, const char *method,
				 json_t *params, json_t **answerp);

/** rpc_client_trouble() - why the last call was lost, as one sentence for people */
const char *rpc_client_trouble(const struct rpc_client *client);
