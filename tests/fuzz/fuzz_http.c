/* SPDX-License-Identifier: MIT */
/*
 * Any bytes, cut anywhere: the same requests and the same refusal as uncut,
 * whether heads are parsed each time or remembered
 *
 * The first eight bytes say how the rest is cut. What heads are remembered is
 * what the bytes themselves brought before.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/demand.h"
#include "tests/support/http_transcript.h"

enum {
	CUTS = 8
};

static const struct http_limits limits = {
	.head_bytes = 512,
	.target_bytes = 128,
	.body_bytes = 256,
	.fields = 10,
};

static struct buffer transcript_of(struct http_heads *heads, const char *bytes,
				   size_t len, struct http_cuts cuts)
{
	struct buffer out;

	buffer_init(&out, SIZE_MAX);
	http_transcript(&out, &limits, heads, bytes, len, cuts);
	return out;
}

static void expect(const struct buffer *right, const char *how,
		   struct http_heads *heads, const char *bytes, size_t len,
		   struct http_cuts cuts)
{
	struct buffer text = transcript_of(heads, bytes, len, cuts);

	if (text.len != right->len ||
	    (text.len && memcmp(text.data, right->data, text.len))) {
		fprintf(stderr, "fuzz_http: whole <<%.*s>> %s <<%.*s>>\n",
			(int)right->len, right->data, how, (int)text.len,
			text.data);
		abort();
	}
	buffer_deinit(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const size_t whole = SIZE_MAX;
	const struct http_cuts uncut = { &whole, 1 };
	struct http_heads *heads;
	size_t cuts[CUTS], len;
	struct buffer right;
	const char *bytes;
	size_t i;

	if (size < CUTS)
		return 0;
	for (i = 0; i < CUTS; i++)
		cuts[i] = data[i] % 64 + 1u;
	bytes = (const char *)data + CUTS;
	len = size - CUTS;
	heads = http_heads_new();
	if (!heads)
		abort();
	right = transcript_of(NULL, bytes, len, uncut);
	expect(&right, "cut", NULL, bytes, len,
	       (struct http_cuts){ cuts, CUTS });
	expect(&right, "remembered", heads, bytes, len, uncut);
	expect(&right, "met again", heads, bytes, len, uncut);
	expect(&right, "met again and cut", heads, bytes, len,
	       (struct http_cuts){ cuts, CUTS });
	buffer_deinit(&right);
	http_heads_free(heads);
	return 0;
}
