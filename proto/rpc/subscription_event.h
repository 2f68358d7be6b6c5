/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What is told of an operation: the members of a notification's params
 */
#include <stdbool.h>

#include "proto/json/writer.h"

struct call;
struct operation;
struct outcome;

/**
 * event_write() - write seq, method, thread, params and result of an operation
 * @w: inside an object
 * @relative: it was another process's
 *
 * The parameters are those that the caller gave, as it wrote them, but for the
 * process, which is a secret, and for long ones.
 */
void event_write(struct json_writer *w, const struct call *call,
		 const struct operation *op, const struct outcome *outcome,
		 bool relative);
