/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Text that others have written, for a terminal
 *
 * The names of areas and files are up to whoever made the process, and who looks
 * at it may be somebody else. A terminal would obey the control characters in
 * them, so these are shown as JSON writes them: \u001B. Everything else goes out
 * as it is.
 */
#include <jansson.h>
#include <stdio.h>

/** foreign_put() - a text that has one line, or is to have */
void foreign_put(FILE *out, const char *text);

/** foreign_put_member() - likewise, a member of an object; "?" if it has no such
 * text */
void foreign_put_member(FILE *out, const json_t *object, const char *name);

/** foreign_put_column() - likewise, and blanks up to @width bytes */
void foreign_put_column(FILE *out, const char *text, int width);

/** foreign_put_lines() - @len bytes of a text whose line ends and tabs are meant */
void foreign_put_lines(FILE *out, const char *text, size_t len);

/**
 * foreign_put_json() - what json_dumpf() writes, and with the same @flags
 *
 * It says the same: which characters are escaped makes no difference in JSON.
 */
void foreign_put_json(FILE *out, const json_t *value, size_t flags);
