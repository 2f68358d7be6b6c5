/* SPDX-License-Identifier: MIT */
#include "proto/http/http_accept.h"

#include <string.h>

enum {
	Q_ONE = 1000,
	Q_BAD = -1,
};

/* Takes off what stands before @separator, or everything. */
static struct http_slice take_part(struct http_slice *rest, char separator)
{
	const char *end = memchr(rest->at, separator, rest->len);
	struct http_slice part = *rest;

	if (end)
		part.len = (size_t)(end - rest->at);
	rest->at += part.len + (end != NULL);
	rest->len -= part.len + (end != NULL);
	return http_slice_trim(part);
}

/* "0.75" as thousandths; a digit, and at most three more behind a point. */
static int q_parse(struct http_slice text)
{
	int q, digit = Q_ONE / 10;
	size_t i;

	if (!text.len || text.len > 5 || (*text.at != '0' && *text.at != '1'))
		return Q_BAD;
	q = *text.at == '1' ? Q_ONE : 0;
	if (text.len > 1 && text.at[1] != '.')
		return Q_BAD;
	for (i = 2; i < text.len; i++, digit /= 10) {
		if (text.at[i] < '0' || text.at[i] > '9')
			return Q_BAD;
		q += (text.at[i] - '0') * digit;
	}
	return q <= Q_ONE ? q : Q_BAD;
}

static int q_of(struct http_slice parameters)
{
	while (parameters.len) {
		struct http_slice part = take_part(&parameters, ';');

		if (part.len >= 2 && (*part.at == 'q' || *part.at == 'Q') &&
		    part.at[1] == '=')
			return q_parse((struct http_slice){ part.at + 2,
							    part.len - 2 });
	}
	return Q_ONE;
}

/* 3: the type itself, 2: "text/" and a star, 1: two stars, 0: another one. */
static unsigned fits(struct http_slice range, const char *type)
{
	const size_t major = (size_t)(strchr(type, '/') - type) + 1;

	if (http_slice_is(range, type))
		return 3;
	if (http_slice_is(range, "*/*"))
		return 1;
	if (range.len != major + 1 || range.at[major] != '*')
		return 0;
	for (size_t i = 0; i < major; i++)
		if ((range.at[i] | 0x20) != (type[i] | 0x20))
			return 0;
	return 2;
}

static int wanted(struct http_slice value, const char *type)
{
	unsigned best = 0;
	int best_q = 0;

	while (value.len) {
		struct http_slice parameters = take_part(&value, ',');
		struct http_slice range = take_part(&parameters, ';');
		unsigned fit = fits(range, type);
		int q = q_of(parameters);

		if (q == Q_BAD || !fit || fit < best)
			continue;
		/* Listed twice, in versions say: the better one counts. */
		if (fit > best || q > best_q)
			best_q = q;
		best = fit;
	}
	return best_q;
}

bool http_accept_prefers(struct http_slice value, const char *type,
			 const char *other)
{
	return value.at && wanted(value, type) > wanted(value, other);
}

bool http_accepts_gzip(struct http_slice value)
{
	int gzip = Q_BAD, identity = Q_BAD, any = Q_BAD;

	while (value.len) {
		struct http_slice parameters = take_part(&value, ',');
		struct http_slice coding = take_part(&parameters, ';');
		int q = q_of(parameters);

		if (q == Q_BAD)
			continue;
		if (http_slice_is(coding, "gzip") ||
		    http_slice_is(coding, "x-gzip"))
			gzip = q;
		else if (http_slice_is(coding, "identity"))
			identity = q;
		else if (http_slice_is(coding, "*"))
			any = q;
	}
	if (gzip == Q_BAD)
		gzip = any;
	return gzip > 0 && gzip >= identity;
}
