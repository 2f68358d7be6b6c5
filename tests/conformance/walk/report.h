/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Differences, grouped by kind
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "tests/conformance/walk/shrink.h"

#define REPORT_MAX_KINDS 128

struct report_kind {
	char kind[sizeof(((struct difference *)0)->kind)];
	const char *reason; /* NULL: not known */
	uint64_t count;
	uint64_t seed; /* of the first example */
	const char *mix;
	char *example; /* shrunk calls, answers, what differs */
};

struct report {
	struct report_kind kinds[REPORT_MAX_KINDS];
	size_t nr;
};

/**
 * report_add() - count a difference, and shrink the first of its kind
 * @report: zeroed at first
 * @walk:   that showed it
 * @seed:   of the run
 * @list:   its calls, used up
 * @kind:   of the difference
 * @reason: why it is known, or NULL
 */
void report_add(struct report *report, const struct walk *walk, uint64_t seed,
		struct call_list *list, const char *kind, const char *reason);

/* Differences that no reason is known for, or all. */
uint64_t report_count(const struct report *report, bool with_known);

/* Write every kind with its count and example, the unknown ones first. */
void report_print(FILE *out, const struct report *report);

void report_free(struct report *report);
