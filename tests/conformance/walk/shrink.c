/* SPDX-License-Identifier: MIT */
#include "tests/conformance/walk/shrink.h"

#include <string.h>

/*
 * Make the calls of @list outside [from, to), but those of processes that are
 * not there, as the fork that made them was left out. Answers how many calls
 * were looked at when the difference of that kind showed, 0 if it did not.
 */
static size_t replay(const struct walk *walk, const struct call_list *list,
		     size_t from, size_t to, const char *kind)
{
	enum run_status status;
	struct run run;
	size_t i;

	status = run_begin(&run, walk);
	for (i = 0; i < list->nr && status == RUN_SAME; i++)
		if ((i < from || i >= to) &&
		    run_can_make(&run, &list->calls[i]))
			status = run_step(&run, walk, &list->calls[i]);
	if (status != RUN_DIFFERENT || strcmp(run.difference.kind, kind))
		i = 0;
	run_end(&run);
	return i;
}

static void leave_out(struct call_list *list, size_t from, size_t to)
{
	memmove(list->calls + from, list->calls + to,
		(list->nr - to) * sizeof(*list->calls));
	list->nr -= to - from;
}

/* One pass with pieces of @size calls, from the end; did it help? */
static bool shrink_by(const struct walk *walk, struct call_list *list,
		      size_t size, const char *kind)
{
	size_t to = list->nr, from, seen;
	bool helped = false;

	while (to) {
		from = to > size ? to - size : 0;
		seen = replay(walk, list, from, to, kind);
		if (seen) {
			list->nr = seen;
			leave_out(list, from, to < seen ? to : seen);
			helped = true;
		}
		to = from < list->nr ? from : list->nr;
	}
	return helped;
}

bool shrink(const struct walk *walk, struct call_list *list, const char *kind)
{
	size_t size = replay(walk, list, 0, 0, kind);

	if (!size)
		return false;
	list->nr = size;
	for (size = list->nr / 2; size > 1; size /= 2)
		shrink_by(walk, list, size, kind);
	while (shrink_by(walk, list, 1, kind))
		;
	return true;
}

void replay_print(FILE *out, const struct walk *walk,
		  const struct call_list *list)
{
	enum run_status status;
	struct run run;
	size_t i;

	status = run_begin(&run, walk);
	for (i = 0; i < list->nr && status == RUN_SAME; i++) {
		if (!run_can_make(&run, &list->calls[i]))
			continue;
		status = run_step(&run, walk, &list->calls[i]);
		fputs("    ", out);
		call_spell(out, &list->calls[i]);
		fputs(" = ", out);
		answer_spell(out, &run.answer);
		fputc('\n', out);
	}
	if (status == RUN_DIFFERENT)
		run_print_difference(out, &run);
	run_end(&run);
}
