/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Where a request stands in its caller's trace: W3C's traceparent
 */
#include <stdbool.h>
#include "proto/http/http_text.h"

enum {
	TRACEPARENT_LEN = 55,
	REQUEST_ID_MAX = 64,
};

struct traceparent {
	struct http_slice trace_id, span_id; /* 32 and 16 digits */
};

/**
 * traceparent_parse() - take a traceparent field's value apart
 *
 * Of version 00 exactly its 55 bytes are taken; later versions may go on
 * behind them with another dash.
 *
 * Return: false if it is not valid, and to be ignored as a whole.
 */
bool traceparent_parse(struct http_slice value, struct traceparent *out);

/** request_id_is_sane() - may an X-Request-Id be logged and sent back?
 * 1 to REQUEST_ID_MAX letters, digits and any of "-._~:/+=@" */
bool request_id_is_sane(struct http_slice value);
