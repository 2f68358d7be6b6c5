/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Comparing what a trace recorded with what a server answered
 *
 * A comparison is a list of rows, each with an expected and a got text, in
 * sections by what was checked. It is pure: no terminal, no network.
 */
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "clients/cli/trace.h"

/**
 * struct compare_row - one line of a side by side view
 * @label:    what the line is, static
 * @expected: NULL where only the server has such a line
 * @got:      NULL where only the trace has
 */
struct compare_row {
	enum trace_check check;
	const char *label;
	char *expected;
	char *got;
	bool differs;
};

struct comparison {
	struct compare_row *rows;
	size_t count;
	unsigned compared;  /* checks that were made, enum trace_check */
	unsigned differing; /* those of them that differ */
};

/** compare_check_name() - "ret", "maps", "status", "vmacache" */
const char *compare_check_name(enum trace_check check);

/**
 * compare_parse_checks() - read a list such as "ret,maps"
 *
 * Return: 0, or -1 with the first unknown word copied to @word.
 */
int compare_parse_checks(const char *list, unsigned *checksp, char *word,
			 size_t word_size);

/** compare_ret() - the answers of a call, or of a touch in their short forms */
void compare_ret(struct comparison *comparison, const struct trace_step *step,
		 const json_t *result);

/** compare_missing() - the answer should have held @what, but has only @ret, or nothing */
void compare_missing(struct comparison *comparison, const char *what,
		     const json_t *ret);

/**
 * compare_maps() - two lists of lines of /proc/PID/maps
 * @expected: in the traces' short form, or as /proc prints them
 * @got:      likewise
 *
 * They are compared in the short form, which has neither device nor inode.
 * Lines that begin at the same address share a row.
 */
void compare_maps(struct comparison *comparison, const json_t *expected,
		  const json_t *got);

/**
 * compare_maps_extents() - whether two lists of lines say the same of every page
 *
 * That is, they differ at most in where neighbouring areas of one kind are
 * merged.
 */
bool compare_maps_extents(const json_t *expected, const json_t *got);

/**
 * compare_status() - the counters of /proc/PID/status
 * @expected: TRACE_STATUS_COLUMNS integers
 * @got:      an object; what it lacks counts as 0
 *
 * Counters that the trace's release does not keep exactly are left out.
 */
void compare_status(struct comparison *comparison, const struct trace *trace,
		    const json_t *expected, const json_t *got);

/** compare_vmacache() - look-ups and hits that one call added */
void compare_vmacache(struct comparison *comparison, const json_t *expected,
		      const json_t *got);

/** comparison_reset() - free the rows and begin anew */
void comparison_reset(struct comparison *comparison);
