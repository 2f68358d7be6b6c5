/* SPDX-License-Identifier: MIT */
/*
 * Walking a judged text
 *
 * Space needs no end check: in a judged text something follows wherever these
 * functions look for more. Only a number may be the last thing in the text.
 */
#include "proto/json/reader.h"

#include "core/hot.h"
#include "proto/json/scan.h"

const char *json_escaped_end(const char *p, const char *end)
{
	do
		p = scan_quote(p + 2, end);
	while (*p != '"');
	return p + 1;
}

/* Behind the array or object that begins at @p. */
static const char *nested_end(const char *p, const char *end)
{
	unsigned open = 0;
	bool escaped;

	for (;;) {
		switch (*p) {
		case '"':
			p = json_string_end(p, end, &escaped);
			continue;
		case '{':
		case '[':
			open++;
			break;
		case '}':
		case ']':
			if (!--open)
				return p + 1;
			break;
		default:
			break;
		}
		p++;
	}
}

static inline bool is_number_byte(char c)
{
	return (unsigned char)(c - '0') < 10 || c == '-' || c == '+' ||
	       c == '.' || (c | 0x20) == 'e';
}

/* Behind the fraction or exponent that begins at @p. */
SCAN_APART static const char *fraction_end(const char *p, const char *end)
{
	while (p < end && is_number_byte(*p))
		p++;
	return p;
}

/* Behind the number that begins at @p. */
static inline const char *number_end(const char *p, const char *end)
{
	p = scan_digits(p + 1, end);
	return p < end && is_number_byte(*p) ? fraction_end(p, end) : p;
}

/* What begins with that byte in a judged text; all others begin a number. */
static const uint8_t kinds[256] = {
	['{'] = JSON_KIND_OBJECT, ['['] = JSON_KIND_ARRAY,
	['"'] = JSON_KIND_STRING, ['t'] = JSON_KIND_TRUE,
	['f'] = JSON_KIND_FALSE,  ['n'] = JSON_KIND_NULL,
};

static inline enum json_kind kind_at(const char *p)
{
	return kinds[(unsigned char)*p];
}

const char *json_kind_name(enum json_kind kind)
{
	static const char *const names[] = {
		[JSON_KIND_NULL] = "null",
		[JSON_KIND_FALSE] = "false",
		[JSON_KIND_TRUE] = "true",
		[JSON_KIND_NUMBER] = "a number",
		[JSON_KIND_STRING] = "a string",
		[JSON_KIND_ARRAY] = "an array",
		[JSON_KIND_OBJECT] = "an object",
	};

	return names[kind];
}

enum json_kind json_reader_peek(struct json_reader *r)
{
	r->at = json_skip_space(r->at);
	return kind_at(r->at);
}

void json_reader_enter(struct json_reader *r)
{
	r->at = json_skip_space(r->at) + 1;
}

bool json_reader_element(struct json_reader *r)
{
	const char *p = json_skip_space(r->at);
	bool more = *p != ']';

	/* At the first element there is no comma to go behind. */
	r->at = p + (!more || *p == ',');
	return more;
}

HOT void json_reader_value(struct json_reader *r, struct json_value *value)
{
	const char *p = json_skip_space(r->at);

	value->text = p;
	value->kind = kind_at(p);
	value->escaped = false;
	switch (value->kind) {
	case JSON_KIND_NULL:
	case JSON_KIND_TRUE:
		p += 4;
		break;
	case JSON_KIND_FALSE:
		p += 5;
		break;
	case JSON_KIND_NUMBER:
		p = number_end(p, r->end);
		break;
	case JSON_KIND_STRING:
		p = json_string_end(p, r->end, &value->escaped);
		break;
	case JSON_KIND_ARRAY:
	case JSON_KIND_OBJECT:
		p = nested_end(p, r->end);
		break;
	}
	value->len = (uint32_t)(p - value->text);
	r->at = p;
}

void json_reader_skip(struct json_reader *r)
{
	struct json_value ignored;

	json_reader_value(r, &ignored);
}

static unsigned hex4(const char *p)
{
	const char *end = p + 4;
	unsigned unit = 0;

	while (p < end)
		unit = unit << 4 | (unsigned)scan_hex(*p++);
	return unit;
}

static unsigned put_utf8(char *out, unsigned c)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3f));
		out[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3f));
	out[2] = (char)(0x80 | (c >> 6 & 0x3f));
	out[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

/* Decodes the escape at *@pp into @out and goes behind it. Return: bytes written. */
static unsigned take_escape(const char **pp, char out[4])
{
	const char *p = *pp;
	unsigned unit;

	*pp = p + 2;
	switch (p[1]) {
	case 'b':
		out[0] = '\b';
		return 1;
	case 'f':
		out[0] = '\f';
		return 1;
	case 'n':
		out[0] = '\n';
		return 1;
	case 'r':
		out[0] = '\r';
		return 1;
	case 't':
		out[0] = '\t';
		return 1;
	case 'u':
		break;
	default:
		out[0] = p[1];
		return 1;
	}
	unit = hex4(p + 2);
	*pp = p + 6;
	if (unit >= 0xd800 && unit <= 0xdbff) {
		unit = 0x10000 + ((unit - 0xd800) << 10) +
		       (hex4(p + 8) - 0xdc00);
		*pp = p + 12;
	}
	return put_utf8(out, unit);
}

HOT bool json_string_equals(const struct json_value *string, const char *text,
			    size_t len)
{
	const char *p = string->text + 1, *end = string->text + string->len - 1;
	char bytes[4];
	unsigned n;

	if (!string->escaped)
		return (size_t)(end - p) == len && !memcmp(p, text, len);
	while (p < end) {
		if (*p == '\\') {
			n = take_escape(&p, bytes);
		} else {
			bytes[0] = *p++;
			n = 1;
		}
		if (n > len || memcmp(bytes, text, n) != 0)
			return false;
		text += n;
		len -= n;
	}
	return !len;
}

const char *json_unescape(const struct json_value *string, char *scratch,
			  size_t size, size_t *lenp)
{
	const char *p = string->text + 1, *end = string->text + string->len - 1;
	char bytes[4];
	size_t len = 0;
	unsigned n;

	while (p < end) {
		if (*p == '\\') {
			n = take_escape(&p, bytes);
		} else {
			bytes[0] = *p++;
			n = 1;
		}
		if (n > size - len) {
			*lenp = len;
			return NULL;
		}
		memcpy(scratch + len, bytes, n);
		len += n;
	}
	*lenp = len;
	return scratch;
}

/* The digits of an integer, its sign apart. */
static enum json_fit number_magnitude(const struct json_value *number,
				      bool *negative, uint64_t *out)
{
	const char *p = number->text, *end = p + number->len;
	bool over = false;
	uint64_t sum = 0;

	*negative = *p == '-';
	for (p += *negative; p < end; p++) {
		if (*p < '0' || *p > '9')
			return JSON_FIT_FRACTION;
		over |= __builtin_mul_overflow(sum, 10, &sum);
		over |= __builtin_add_overflow(sum, (uint64_t)(*p - '0'), &sum);
	}
	if (over)
		return *negative ? JSON_FIT_BELOW : JSON_FIT_ABOVE;
	*out = sum;
	return JSON_FIT_OK;
}

enum json_fit json_number_u64_any(const struct json_value *number,
				  uint64_t *out)
{
	uint64_t magnitude;
	bool negative;
	enum json_fit fit = number_magnitude(number, &negative, &magnitude);

	if (fit)
		return fit;
	if (negative && magnitude)
		return JSON_FIT_BELOW;
	*out = magnitude;
	return JSON_FIT_OK;
}

enum json_fit json_number_i64(const struct json_value *number, int64_t *out)
{
	uint64_t magnitude;
	bool negative;
	enum json_fit fit = number_magnitude(number, &negative, &magnitude);

	if (fit)
		return fit;
	if (negative && magnitude > (uint64_t)INT64_MAX + 1)
		return JSON_FIT_BELOW;
	if (!negative && magnitude > INT64_MAX)
		return JSON_FIT_ABOVE;
	/* -1 - (magnitude - 1), for -2^63 has no positive twin. */
	*out = negative && magnitude ? -1 - (int64_t)(magnitude - 1)
				     : (int64_t)magnitude;
	return JSON_FIT_OK;
}
