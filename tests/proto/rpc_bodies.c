/* SPDX-License-Identifier: MIT */
#include "tests/proto/rpc_bodies.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/rpc/process_table.h"

enum {
	LINES_MAX = 8 /* as many as fuzz_rpc runs */
};

/* FNV-1a. */
static uint64_t hash(const char *text, size_t len)
{
	uint64_t value = 0xcbf29ce484222325;

	while (len--)
		value = (value ^ (unsigned char)*text++) * 0x100000001b3;
	return value;
}

void rpc_bodies_write(struct rpc_bodies *bodies)
{
	const char *folder = getenv("VMARIUM_BODIES");
	char path[4096];
	FILE *file;

	if (!folder || !bodies->len)
		return;
	snprintf(path, sizeof(path), "%s/%016" PRIx64, folder,
		 hash(bodies->text, bodies->len));
	file = fopen(path, "wb");
	if (!file || fwrite(bodies->text, 1, bodies->len, file) != bodies->len)
		perror(path);
	if (file)
		fclose(file);
	bodies->len = 0;
	bodies->lines = 0;
}

static bool is_process(const char *at, size_t left, const char *process)
{
	return *process && left >= PROCESS_NAME_LEN &&
	       !memcmp(at, process, PROCESS_NAME_LEN);
}

void rpc_bodies_add(struct rpc_bodies *bodies, const char *body, size_t len,
		    const char *process)
{
	size_t i;

	if (!getenv("VMARIUM_BODIES") || len >= sizeof(bodies->text) / 2)
		return;
	if (bodies->lines == LINES_MAX ||
	    bodies->len + len >= sizeof(bodies->text))
		rpc_bodies_write(bodies);
	for (i = 0; i < len; i++) {
		char *to = &bodies->text[bodies->len++];

		if (is_process(body + i, len - i, process)) {
			*to = '@';
			i += PROCESS_NAME_LEN - 1;
		} else {
			*to = body[i] == '\n' ? ' ' : body[i];
		}
	}
	bodies->text[bodies->len++] = '\n';
	bodies->lines++;
}
