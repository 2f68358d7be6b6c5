/* SPDX-License-Identifier: MIT */
#include "proto/rpc/method_table.h"

#include "proto/rpc/method_parts.h"

static const struct method_family *const families[] = {
	&process_methods, &call_methods,   &reading_methods,
	&history_methods, &script_methods, &subscription_methods,
};

#define NR_FAMILIES (sizeof(families) / sizeof(families[0]))

const struct method *method_at(size_t index)
{
	size_t i;

	for (i = 0; i < NR_FAMILIES; i++) {
		if (index < families[i]->nr)
			return &families[i]->methods[index];
		index -= families[i]->nr;
	}
	return NULL;
}
