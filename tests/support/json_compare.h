/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Our JSON reader beside jansson
 */
#include <stddef.h>

/**
 * json_compare() - do both read @text alike?
 *
 * Both must accept or refuse it, and every value must be the same; walking into
 * an array or object must end where skipping it does. Where they may differ:
 *
 *   - we set limits to depth, members and names (json_validate());
 *   - jansson refuses integers outside of int64 and reals outside of double: we
 *     hand out the text and know integers up to 2^64-1;
 *   - jansson swallows a NUL that follows a number;
 *   - jansson cannot hold a name with a NUL.
 *
 * Return: NULL, or what differs: a constant.
 */
const char *json_compare(const char *text, size_t len);

/**
 * json_compare_index() - do both judges say the same of @text, and does an index
 *                        hold what a reader finds?
 * @depth: as for json_validate()
 *
 * json_compare() looks at that as well.
 *
 * Return: NULL, or what differs: a constant.
 */
const char *json_compare_index(const char *text, size_t len, unsigned depth);
