/* SPDX-License-Identifier: MIT */
#include "clients/cli/json_number.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool json_u64(const json_t *value, uint64_t *numberp)
{
	const char *text = json_string_value(value);
	char *end;

	if (json_is_integer(value)) {
		*numberp = (uint64_t)json_integer_value(value);
		return true;
	}
	if (!text || text[0] < '0' || text[0] > '9')
		return false;
	errno = 0;
	*numberp = strtoull(text, &end, !strncmp(text, "0x", 2) ? 16 : 10);
	return !errno && !*end;
}
