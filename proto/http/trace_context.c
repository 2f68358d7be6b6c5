/* SPDX-License-Identifier: MIT */
#include "proto/http/trace_context.h"

#include <string.h>

enum {
	AT_TRACE_ID = 3,
	AT_SPAN_ID = 36,
	AT_FLAGS = 53,
};

/* Lower case hexadecimal digits only. */
static bool is_hex(const char *at, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (!at[i] || !strchr("0123456789abcdef", at[i]))
			return false;
	return true;
}

static bool is_zero(struct http_slice slice)
{
	size_t i;

	for (i = 0; i < slice.len; i++)
		if (slice.at[i] != '0')
			return false;
	return true;
}

bool traceparent_parse(struct http_slice value, struct traceparent *out)
{
	const char *at = value.at;

	if (!at || value.len < TRACEPARENT_LEN || !is_hex(at, 2) ||
	    !memcmp(at, "ff", 2) || at[AT_TRACE_ID - 1] != '-' ||
	    at[AT_SPAN_ID - 1] != '-' || at[AT_FLAGS - 1] != '-' ||
	    !is_hex(at + AT_FLAGS, 2))
		return false;
	if (value.len > TRACEPARENT_LEN &&
	    (!memcmp(at, "00", 2) || at[TRACEPARENT_LEN] != '-'))
		return false;
	out->trace_id = (struct http_slice){ at + AT_TRACE_ID, 32 };
	out->span_id = (struct http_slice){ at + AT_SPAN_ID, 16 };
	return is_hex(out->trace_id.at, out->trace_id.len) &&
	       is_hex(out->span_id.at, out->span_id.len) &&
	       !is_zero(out->trace_id) && !is_zero(out->span_id);
}

static bool is_id_byte(unsigned char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
	       (byte >= '0' && byte <= '9') ||
	       (byte && strchr("-._~:/+=@", byte));
}

bool request_id_is_sane(struct http_slice value)
{
	size_t i;

	if (!value.at || !value.len || value.len > REQUEST_ID_MAX)
		return false;
	for (i = 0; i < value.len; i++)
		if (!is_id_byte((unsigned char)value.at[i]))
			return false;
	return true;
}
