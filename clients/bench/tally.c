/* SPDX-License-Identifier: MIT */
#include "clients/bench/tally.h"

#include <stdio.h>
#include <string.h>

static struct tally_error *kind_find(struct tally *tally, const char *kind)
{
	for (unsigned i = 0; i < tally->kinds; i++) {
		if (!strcmp(tally->errors[i].kind, kind))
			return &tally->errors[i];
	}
	return NULL;
}

void tally_error(struct tally *tally, const char *kind, const char *example,
		 uint64_t count)
{
	struct tally_error *error = kind_find(tally, kind);

	if (!error && tally->kinds == TALLY_KINDS_MAX - 1) {
		kind = "other";
		error = kind_find(tally, kind);
	}
	if (!error && tally->kinds < TALLY_KINDS_MAX) {
		error = &tally->errors[tally->kinds++];
		snprintf(error->kind, sizeof(error->kind), "%s", kind);
		snprintf(error->example, sizeof(error->example), "%s", example);
	}
	if (!error)
		error = &tally->errors[TALLY_KINDS_MAX - 1];
	error->count += count;
	tally->error_count += count;
}
