/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Finding the end of an object or an array without reading what is in it
 */
#include <stddef.h>

/**
 * brackets_end() - where the value that begins with a bracket ends
 * @at:  its '{' or '['
 * @end: of the text
 *
 * Brackets in strings do not count. Of what is inside nothing is judged but
 * that strings end and that as many brackets close as open. Looks at 64 bytes
 * at a time.
 *
 * Return: what follows the closing bracket, or NULL if the text ends before.
 */
const char *brackets_end(const char *at, const char *end);
