/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Inside process.create: each parameter that is more than a number or a word
 *
 * What does not fit into the setup itself, because it is a list or has escapes,
 * is unpacked into the service's arena. Its room is reserved once, before the
 * first piece, so that pieces never move.
 */
#include <stdbool.h>
#include <stddef.h>

#include "core/world/process_setup.h"
#include "proto/json/buffer.h"
#include "proto/rpc/params.h"

struct setup_reading {
	struct process_setup *setup;
	struct buffer *arena;
	struct rpc_error *error;
};

/** arena_take() - @size bytes of what has been reserved, aligned for all */
void *arena_take(struct setup_reading *reading, size_t size);

/** arena_text() - the characters of a string; unpacked only if it has
 * escapes */
const char *arena_text(struct setup_reading *reading,
		       const struct json_value *string, size_t *lenp);

/** array_len() - how many elements the array has. O(bytes) */
size_t array_len(const struct json_value *array);

/* One each; false with reading->error set. */
bool setup_read_mm(struct setup_reading *reading,
		   const struct json_value *value); /* setup_numbers.c */
bool setup_read_rlimits(struct setup_reading *reading,
			const struct json_value *value);
bool setup_read_sysctl(struct setup_reading *reading,
		       const struct json_value *value);
bool setup_read_maps(struct setup_reading *reading,
		     const struct json_value *value); /* setup_pages.c */
bool setup_read_resident(struct setup_reading *reading,
			 const struct json_value *value);
bool setup_read_files(struct setup_reading *reading,
		      const struct json_value *value); /* setup_files.c */
