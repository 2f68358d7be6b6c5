/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The shortest list of calls that still shows a difference
 */
#include <stddef.h>

#include "tests/conformance/walk/run.h"

struct call_list {
	struct call *calls;
	size_t nr;
};

/**
 * shrink() - leave out every call that a difference does not need
 * @walk: how the process is made
 * @list: calls of a run, the last of which showed the difference; made shorter
 * @kind: of the difference
 *
 * Each attempt is a process of its own, so addresses stay what they were.
 *
 * Return: false if the whole list does not show the difference again.
 */
bool shrink(const struct walk *walk, struct call_list *list, const char *kind);

/**
 * replay_print() - make the calls once more, and write each with its answer
 *
 * Then what run_print_difference() writes.
 */
void replay_print(FILE *out, const struct walk *walk,
		  const struct call_list *list);
