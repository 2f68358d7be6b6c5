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

static const char *const bys[STEP_NR_BYS][KERNEL_NR_RELEASES] = {
#define STEP_BY_ROW(name, functions) [STEP_BY_##name] = functions,
	STEP_BYS(STEP_BY_ROW)
#undef STEP_BY_ROW
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
	if (*text == '=')
		out->role = STEP_ROLE_RESULT;
	else if (*text == '#')
		out->role = STEP_ROLE_COST;
	else if (*text == '^')
		out->role = STEP_ROLE_FUNCTION;
	if (out->role != STEP_ROLE_ARG)
		text++;
	colon = strchr(text, ':');
	out->name = text;
	out->name_len = (size_t)(colon - text);
	out->type = (enum step_value_type)colon[1];
	*textp = colon[2] == ' ' ? colon + 3 : colon + 2;
	return true;
}

const char *step_function(const struct step *step, enum kernel_release release)
{
	const struct step_kind *kind = &kinds[step->kind];
	const char *text = kind->values;
	struct step_value value;
	unsigned int i;

	for (i = 0; step_kind_value(&text, &value); i++)
		if (value.role == STEP_ROLE_FUNCTION)
			return bys[step->values[i]][release];
	return kind->functions[release];
}

void step_tell(const struct machine *machine, enum step_kind_id kind,
	       const uint64_t *values, size_t nr)
{
	struct step step = { .kind = kind };

	if (!kinds[kind].functions[machine->profile->kernel_release])
		return;
	mm_debug_assert(nr == kinds[kind].nr_values);
	memcpy(step.values, values, nr * sizeof(*values));
	machine->steps->tell(machine->steps->ctx, &step);
}
