/* SPDX-License-Identifier: MIT */
/*
 * Any bytes, cut anywhere: the same requests and the same refusal as uncut
 *
 * The first eight bytes say how the rest is cut.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/http_transcript.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
	CUTS = 8
};

static const struct http_limits limits = {
	.head_bytes = 512,
	.target_bytes = 128,
	.body_bytes = 256,
	.fields = 10,
};

static struct buffer transcript_of(const char *bytes, size_t len,
				   struct http_cuts cuts)
{
	struct buffer out;

	buffer_init(&out, SIZE_MAX);
	http_transcript(&out, &limits, bytes, len, cuts);
	return out;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const size_t whole = SIZE_MAX;
	struct buffer a, b;
	size_t cuts[CUTS];
	const char *bytes;
	size_t i;

	if (size < CUTS)
		return 0;
	for (i = 0; i < CUTS; i++)
		cuts[i] = data[i] % 64 + 1u;
	bytes = (const char *)data + CUTS;
	a = transcript_of(bytes, size - CUTS, (struct http_cuts){ &whole, 1 });
	b = transcript_of(bytes, size - CUTS, (struct http_cuts){ cuts, CUTS });
	if (a.len != b.len || (a.len && memcmp(a.data, b.data, a.len))) {
		fprintf(stderr, "fuzz_http: whole <<%.*s>> cut <<%.*s>>\n",
			(int)a.len, a.data, (int)b.len, b.data);
		abort();
	}
	buffer_deinit(&a);
	buffer_deinit(&b);
	return 0;
}
