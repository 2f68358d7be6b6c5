/* SPDX-License-Identifier: MIT */
#include "core/mm/step.h"

#include <string.h>

#include "core/mm/assert.h"
#include "core/mm/profile.h"

static const struct step_kind kinds[STEP_NR_KINDS] = {
#define STEP_ROW(name, key, nr, functions, values)                             \
	[STEP_##name] = { key, nr, functions, values },
	STEP_KINDS(STEP_ROW)
#undef STEP_ROW
};

const struct step_kind *step_kind_at(size_t index)
{
	return index < STEP_NR_KINDS ? &kinds[index] : NULL;
}

bool step_kind_value(const char **textp, struct step_value *out)
{
	const char *text = *textp, *colon;

	if (!*text)
		return false;
	out->role = STEP_ROLE_ARG;
	if (*text == '=' || *text == '#') {
		out->role = *text == '=' ? STEP_ROLE_RESULT : STEP_ROLE_COST;
		text++;
	}
	colon = strchr(text, ':');
	out->name = text;
	out->name_len = (size_t)(colon - text);
	out->type = (enum step_value_type)colon[1];
	*textp = colon[2] == ' ' ? colon + 3 : colon + 2;
	return true;
}

void step_tell(struct machine *machine, enum step_kind_id kind,
	       const uint64_t *values, size_t nr)
{
	struct step step = { .kind = kind };

	if (!kinds[kind].functions[machine->profile->kernel_release])
		return;
	mm_debug_assert(nr == kinds[kind].nr_values);
	memcpy(step.values, values, nr * sizeof(*values));
	machine->steps->tell(machine->steps->ctx, &step);
}
