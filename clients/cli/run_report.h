/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What a script came to, for people
 */
#include <jansson.h>

#include "clients/cli/canvas.h"

/** run_report() - every line that ran with its value, and the sum of what was
 * expected; @result is script.run's */
void run_report(const struct canvas *canvas, const json_t *result);

/**
 * run_report_error() - print on stderr which line is wrong and why, with a caret
 * below the place
 * @path:  of the script, as it was named
 * @error: the error object
 *
 * Return: false, with nothing printed: the error is about no line.
 */
bool run_report_error(const char *path, const char *text, const json_t *error);
