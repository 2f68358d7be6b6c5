/* SPDX-License-Identifier: MIT */
#include "tests/proto/http_exchange.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tests/support/http_transcript.h"
#include "tests/support/suite.h"

const struct http_limits http_exchange_limits = {
	.head_bytes = 600,
	.target_bytes = 200,
	.body_bytes = 64,
	.fields = 10,
};

char *http_exchange_transcript(struct http_heads *heads, const char *bytes,
			       size_t len, const size_t *sizes,
			       size_t sizes_len)
{
	struct buffer out;
	char *text;

	buffer_init(&out, 1 << 20);
	http_transcript(&out, &http_exchange_limits, heads, bytes, len,
			(struct http_cuts){ sizes, sizes_len });
	buffer_append_byte(&out, '\0');
	text = buffer_take(&out, &len);
	if (!text)
		abort();
	return text;
}

static void expect(struct http_heads *heads,
		   const struct http_exchange *exchange, const size_t *sizes,
		   size_t sizes_len)
{
	char *text = http_exchange_transcript(heads, exchange->bytes,
					      strlen(exchange->bytes), sizes,
					      sizes_len);

	CU_ASSERT_STRING_EQUAL(text, exchange->transcript);
	if (strcmp(text, exchange->transcript))
		fprintf(stderr, "of <<%s>>\ngot <<%s>>\nnot <<%s>>\n",
			exchange->bytes, text, exchange->transcript);
	free(text);
}

/* Whole, byte by byte, and in two pieces cut at every place. */
static void check_cuts(struct http_heads *heads,
		       const struct http_exchange *exchange)
{
	size_t whole = SIZE_MAX, byte = 1, cut;

	expect(heads, exchange, &whole, 1);
	expect(heads, exchange, &byte, 1);
	for (cut = 1; cut < strlen(exchange->bytes); cut++)
		expect(heads, exchange, (size_t[]){ cut, SIZE_MAX }, 2);
}

void http_exchanges_check(const struct http_exchange *exchange)
{
	struct http_heads *heads = http_heads_new();

	CU_ASSERT_PTR_NOT_NULL_FATAL(heads);
	for (; exchange->bytes; exchange++) {
		check_cuts(NULL, exchange);
		check_cuts(heads, exchange);
	}
	http_heads_free(heads);
}
