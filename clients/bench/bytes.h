/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A growing run of bytes, for requests to send and answers cut by the network
 *
 * Memory that is short ends the program: a load generator has nothing to save.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct bytes {
	char *data;
	size_t len;
	size_t room;
};

/** bytes_reserve() - make room for @more bytes behind the last one */
void bytes_reserve(struct bytes *bytes, size_t more);

/** bytes_drop() - take the first @count bytes away */
void bytes_drop(struct bytes *bytes, size_t count);

/** bytes_deinit() - free the memory and be empty */
void bytes_deinit(struct bytes *bytes);

/** bytes_put_number() - append @number in decimal */
void bytes_put_number(struct bytes *bytes, uint64_t number);

/** bytes_put_hex() - append @number as a JSON string, "0x7f0000" */
void bytes_put_hex(struct bytes *bytes, uint64_t number);

/** out_of_memory() - say so and exit with status 2 */
_Noreturn void out_of_memory(void);

/** bytes_put() - append @len bytes */
static inline void bytes_put(struct bytes *bytes, const char *data, size_t len)
{
	if (!len)
		return; /* there may be no room at all yet, nor data */
	if (bytes->room - bytes->len < len)
		bytes_reserve(bytes, len);
	memcpy(bytes->data + bytes->len, data, len);
	bytes->len += len;
}

/** bytes_put_text() - append a string; its length is known when compiled */
static inline void bytes_put_text(struct bytes *bytes, const char *text)
{
	bytes_put(bytes, text, strlen(text));
}
