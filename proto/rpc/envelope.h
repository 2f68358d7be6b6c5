/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The JSON-RPC 2.0 request object
 */
#include <stdbool.h>
#include <stddef.h>

#include "proto/json/index.h"
#include "proto/json/writer.h"
#include "proto/rpc/errors.h"

struct envelope {
	bool has_id;
	struct json_value id; /* echoed byte for byte */
	/* In the index, for as long as that holds the row. */
	const struct json_item *method; /* a string */
	const struct json_item *params; /* an object or an array; NULL: none */
};

/**
 * envelope_read() - take a row as a request
 * @envelope: out
 *
 * Without an id it is a notification. Where the row is no request, has_id
 * still says whether it has an id that can be echoed.
 *
 * Return: true, or false with @error set.
 */
bool envelope_read(const struct json_index *index, const struct json_item *row,
		   struct envelope *envelope, struct rpc_error *error);

/** envelope_set_null_id() - have it answered with the id null */
void envelope_set_null_id(struct envelope *envelope);

/**
 * envelope_result() - begin an answer, up to where its result goes
 * @id: NULL: none that could be echoed
 *
 * To be ended with json_writer_object_end().
 */
void envelope_result(struct json_writer *w, const struct json_value *id);

/** envelope_error() - a whole answer that is an error */
void envelope_error(struct json_writer *w, const struct json_value *id,
		    const struct rpc_error *error);

/* Bytes of an answer besides its id, if all it has is a short error. */
#define ENVELOPE_SHORT_MAX 640
