/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Do the index and its naive reading, json_compare_index(), say the same?
 */
#include <stdbool.h>
#include <stddef.h>

/** agrees() - do they, of a text of @depth levels (0: the default)? If not, the
 * difference goes to stderr */
bool agrees(const char *text, size_t len, unsigned depth);

/** agrees_cut_anywhere() - do they, of each beginning of a text? */
bool agrees_cut_anywhere(const char *text, size_t len);
