/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What a script may call: the method table, seen as a script sees it
 *
 * Callable is every method of one living process, and process.create. It is
 * called by its name, of which "mm." and "process." may be left out; arguments
 * by position come in the table's order, which is the system call's. So a new
 * method is callable by being in the table.
 */
#include "proto/script/script.h"

struct method;

/* Calls have the numbers that method_at() has them under. */
extern const struct script_catalog script_catalog;

/** script_params_from() - where in its table a method's arguments begin: behind
 * the process */
unsigned script_params_from(const struct method *method);

/** script_param_index() - where in its table one of a method's arguments stands:
 * the process and the key for retries are none */
unsigned script_param_index(const struct method *method, unsigned param);

/**
 * script_compose() - write a call's arguments as the method's parameters
 * @out: rewound; gets a JSON object
 *
 * An mmap whose flags are short words alone is anonymous if it has no fd.
 *
 * Return: whether @out holds all of it.
 */
bool script_compose(struct buffer *out, const struct method *method,
		    const struct script_request *request);
