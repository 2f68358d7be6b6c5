/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Operations as JSON: as history.list shows them and documents keep them
 */
#include <stdbool.h>

#include "core/world/operation.h"
#include "proto/json/buffer.h"
#include "proto/json/reader.h"
#include "proto/json/writer.h"
#include "proto/rpc/errors.h"

/** op_write() - write the members method and params, so that the call can be sent
 * again as it is */
void op_write(struct json_writer *w, const struct operation *op);

/** op_write_answer() - write what came of it, as one value that is the same
 * exactly if the answers are */
void op_write_answer(struct json_writer *w, const struct operation *op,
		     const struct outcome *outcome);

/**
 * op_read() - read what those two wrote, as members of one object
 * @value:  any value
 * @op:     out; its text points into @value or @arena
 * @answer: out: the member answer, with text NULL if there is none
 * @arena:  rewound
 *
 * A process.exec may instead have no params and its description as text.
 * Numbers outside what enum op_code says are world_apply()'s to refuse.
 *
 * Return: NULL, or what is wrong, for people.
 */
const char *op_read(const struct json_value *value, struct operation *op,
		    struct json_value *answer, struct buffer *arena);
