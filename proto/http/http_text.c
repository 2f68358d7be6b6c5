/* SPDX-License-Identifier: MIT */
#include "proto/http/http_text.h"

#include <string.h>

static bool is_digit(unsigned char byte)
{
	return byte >= '0' && byte <= '9';
}

static unsigned char to_lower(unsigned char byte)
{
	return byte >= 'A' && byte <= 'Z' ? byte | 0x20 : byte;
}

static bool is_hex(unsigned char byte)
{
	return is_digit(byte) ||
	       (to_lower(byte) >= 'a' && to_lower(byte) <= 'f');
}

/* One bit per ASCII byte: letters, digits and !#$%&'*+-.^_`|~ */
static const uint32_t token_bytes[4] = { 0x00000000, 0x03ff6cfa, 0xc7fffffe,
					 0x57ffffff };

bool http_is_token_byte(unsigned char byte)
{
	return byte < 0x80 && (token_bytes[byte >> 5] >> (byte & 31) & 1);
}

static bool bytes_equal(const char *a, const char *b, size_t len)
{
	size_t i;

	/* Mostly they agree in case, too. */
	if (!memcmp(a, b, len))
		return true;
	for (i = 0; i < len; i++)
		if (to_lower((unsigned char)a[i]) !=
		    to_lower((unsigned char)b[i]))
			return false;
	return true;
}

bool http_slice_is(struct http_slice slice, const char *text)
{
	return slice.at && slice.len == strlen(text) &&
	       bytes_equal(slice.at, text, slice.len);
}

bool http_slice_equals(struct http_slice a, struct http_slice b)
{
	return a.at && b.at && a.len == b.len && bytes_equal(a.at, b.at, a.len);
}

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t';
}

struct http_slice http_slice_trim(struct http_slice slice)
{
	while (slice.len && is_blank(slice.at[slice.len - 1]))
		slice.len--;
	while (slice.len && is_blank(*slice.at)) {
		slice.at++;
		slice.len--;
	}
	return slice;
}

bool http_list_next(struct http_slice *list, struct http_slice *element)
{
	const char *comma;

	if (!list->len)
		return false;
	comma = memchr(list->at, ',', list->len);
	element->at = list->at;
	element->len = comma ? (size_t)(comma - list->at) : list->len;
	list->at += element->len + (comma != NULL);
	list->len -= element->len + (comma != NULL);
	*element = http_slice_trim(*element);
	return true;
}

bool http_media_type_is(struct http_slice value, const char *type)
{
	const char *parameters;

	if (!value.at)
		return false;
	parameters = memchr(value.at, ';', value.len);
	if (parameters)
		value.len = (size_t)(parameters - value.at);
	return http_slice_is(http_slice_trim(value), type);
}

/* One bit per ASCII byte: letters, digits and -._~%!$&'()*+;= */
static const uint32_t name_bytes[4] = { 0x00000000, 0x2bff6ff2, 0x87fffffe,
					0x47fffffe };

static bool is_name_byte(unsigned char byte)
{
	return byte < 0x80 && (name_bytes[byte >> 5] >> (byte & 31) & 1);
}

static bool is_address_byte(unsigned char byte)
{
	return is_hex(byte) || byte == ':' || byte == '.';
}

/* The length of the host at the start of @value, brackets included. */
static bool host_length(struct http_slice value, size_t *lenp)
{
	size_t i = 0;

	if (value.len && value.at[0] == '[') {
		for (i = 1; i < value.len && value.at[i] != ']'; i++)
			if (!is_address_byte((unsigned char)value.at[i]))
				return false;
		if (i == value.len)
			return false;
		*lenp = i + 1;
		return true;
	}
	while (i < value.len && is_name_byte((unsigned char)value.at[i]))
		i++;
	*lenp = i;
	return true;
}

static bool port_parse(struct http_slice digits, uint16_t *portp)
{
	unsigned long port = 0;
	size_t i;

	for (i = 0; i < digits.len; i++) {
		if (!is_digit((unsigned char)digits.at[i]))
			return false;
		port = port * 10 + (unsigned long)(digits.at[i] - '0');
		if (port > UINT16_MAX)
			return false;
	}
	if (digits.len)
		*portp = (uint16_t)port;
	return true;
}

bool http_authority_parse(struct http_slice value, struct http_authority *out)
{
	size_t len;

	if (!value.at || !host_length(value, &len))
		return false;
	out->host = (struct http_slice){ value.at, len };
	out->port = 0;
	if (len == value.len)
		return true;
	return value.at[len] == ':' &&
	       port_parse((struct http_slice){ value.at + len + 1,
					       value.len - len - 1 },
			  &out->port);
}
