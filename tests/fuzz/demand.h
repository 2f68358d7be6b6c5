/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What every fuzz target is and says
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The target: 0, whatever the bytes, or the end of the program. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Say what went wrong, and abort. */
_Noreturn void fail(const char *what);

/* fail() unless it holds. */
void demand(bool holds, const char *what);

/* Likewise, and the text that it is about is told, too. */
void demand_of(bool holds, const char *what, const char *text, size_t len);
