/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Making a trace of what other tools print: strace, /proc/PID/maps
 *
 * strace tells calls and answers but no maps. What a call that succeeded must
 * have found mapped, although no call before it mapped it, is taken to have
 * been there from the beginning: the program, its interpreter, its heap. So a
 * trace of strace's output supports the check ret alone.
 */
#include <jansson.h>
#include <stdbool.h>

struct importer;

/**
 * importer_new() - begin
 * @profile: the release that a replay should emulate, or NULL
 */
struct importer *importer_new(const char *profile);

/** importer_free() - end; NULL is fine */
void importer_free(struct importer *importer);

/**
 * importer_feed() - read the next line
 * @line: is written into
 *
 * Return: false if the input is of another architecture: there will be no trace.
 */
bool importer_feed(struct importer *importer, char *line);

/**
 * importer_end() - the trace, once all lines are read
 *
 * Return: a new array of the trace's lines; empty if there was nothing to read.
 */
json_t *importer_end(struct importer *importer);

/** importer_complaints() - what was left out, "line 7: ...", an array of strings */
const json_t *importer_complaints(const struct importer *importer);

/** importer_calls() - how many calls the trace holds */
size_t importer_calls(const struct importer *importer);
