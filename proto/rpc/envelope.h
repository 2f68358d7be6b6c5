/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The JSON-RPC 2.0 request object
 */
#include <stdbool.h>
#include <stddef.h>

#include "proto/json/reader.h"
#include "proto/json/writer.h"
#include "proto/rpc/errors.h"

struct envelope {
	bool has_id, has_params;
	struct json_value id; /* echoed byte for byte */
	struct json_value method;
	struct json_value params; /* an object or an array */

	/* private to envelope_begin() and envelope_end() */
	enum json_kind kind;
	struct json_value jsonrpc, stranger;
	bool has_jsonrpc, has_method, has_stranger, has_bad_id;
	bool is_open; /* members are left */
};

/**
 * envelope_begin() - take the value that comes next as a request, up to its
 *                    parameters
 * @r:        stands before the value
 * @envelope: out; slices of the body
 *
 * Clients mostly name the method first: then the parameters need not be
 * skipped here and read later.
 *
 * Return: true: @r stands before the parameters, an object or an array, and
 *         envelope->method is a string; the caller goes behind them before
 *         envelope_end(). false: they are in envelope->params, if there are any.
 */
bool envelope_begin(struct json_reader *r, struct envelope *envelope);

/**
 * envelope_end() - take the rest of the request
 * @r: afterwards behind the value
 *
 * Without an id it is a notification. Where the value is no request, has_id
 * still says whether it has an id that can be echoed.
 *
 * Return: true, or false with @error set.
 */
bool envelope_end(struct json_reader *r, struct envelope *envelope,
		  struct rpc_error *error);

/** envelope_set_null_id() - have it answered with the id null */
void envelope_set_null_id(struct envelope *envelope);

/**
 * envelope_answer() - begin an answer, up to where its result or error goes
 * @id:     NULL: none that could be echoed
 * @member: "result" or "error"
 *
 * To be ended with json_writer_object_end().
 */
void envelope_answer(struct json_writer *w, const struct json_value *id,
		     const char *member);

/** envelope_error() - a whole answer that is an error */
void envelope_error(struct json_writer *w, const struct json_value *id,
		    const struct rpc_error *error);

/* Bytes of an answer besides its id, if all it has is a short error. */
#define ENVELOPE_SHORT_MAX 640
