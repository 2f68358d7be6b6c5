/* SPDX-License-Identifier: MIT */
#include "tests/support/random_bytes.h"

#include <stdint.h>

void random_bytes(void *state, void *out, size_t len)
{
	uint32_t *random = state;
	unsigned char *byte = out;

	while (len--) {
		*random = *random * 1103515245u + 12345u;
		*byte++ = (unsigned char)(*random >> 16);
	}
}
