/* SPDX-License-Identifier: MIT */
#include "clients/bench/bytes.h"

#include <stdio.h>
#include <stdlib.h>

void out_of_memory(void)
{
	fputs("vmarium-bench: out of memory; fewer connections, or smaller "
	      "batches, need less\n",
	      stderr);
	exit(2);
}

void bytes_reserve(struct bytes *bytes, size_t more)
{
	size_t room = bytes->room ? bytes->room : 256;
	char *data;

	if (bytes->room - bytes->len >= more)
		return;
	while (room - bytes->len < more)
		room *= 2;
	data = realloc(bytes->data, room);
	if (!data)
		out_of_memory();
	bytes->data = data;
	bytes->room = room;
}

void bytes_drop(struct bytes *bytes, size_t count)
{
	bytes->len -= count;
	if (bytes->len && count)
		memmove(bytes->data, bytes->data + count, bytes->len);
}

void bytes_deinit(struct bytes *bytes)
{
	free(bytes->data);
	*bytes = (struct bytes){ 0 };
}

void bytes_put_number(struct bytes *bytes, uint64_t number)
{
	char digits[20];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	bytes_put(bytes, digits + at, sizeof(digits) - at);
}

void bytes_put_hex(struct bytes *bytes, uint64_t number)
{
	char digits[20];
	size_t at = sizeof(digits);

	digits[--at] = '"';
	do {
		digits[--at] = "0123456789abcdef"[number & 15];
		number >>= 4;
	} while (number);
	digits[--at] = 'x';
	digits[--at] = '0';
	digits[--at] = '"';
	bytes_put(bytes, digits + at, sizeof(digits) - at);
}
