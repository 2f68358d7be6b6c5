/* SPDX-License-Identifier: MIT */
/*
 * Arguments and answers as strace spells them
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/cli.h"
#include "clients/cli/importer_types.h"

enum {
	HUGE_SHIFT = 26,
	ERRNO_MAX = 133
};

bool strace_number(const char *text, uint64_t *numberp)
{
	char *end;

	if (!strcmp(text, "NULL")) {
		*numberp = 0;
		return true;
	}
	if (!isdigit((unsigned char)text[*text == '-']))
		return false;
	errno = 0;
	*numberp = strtoull(text, &end, 0);
	if (!strcmp(end, "<<MAP_HUGE_SHIFT"))
		*numberp <<= HUGE_SHIFT;
	else if (*end && *end != '<')
		return false;
	return !errno;
}

static bool flag_value(const char *text, enum arg_kind kind, uint64_t *valuep)
{
	static const struct flag_name types[] = {
		{ "MAP_FILE", 0 },    { "MAP_SHARED", 1 },
		{ "MAP_PRIVATE", 2 }, { "MAP_SHARED_VALIDATE", 3 },
		{ "MAP_ANON", 0x20 }, { "PROT_NONE", 0 },
		{ NULL, 0 },
	};
	const struct flag_name *const tables[] = { call_flag_names(kind),
						   types };

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		const struct flag_name *flag = tables[i];

		for (; flag && flag->name; flag++) {
			if (!strcmp(flag->name, text)) {
				*valuep = flag->value;
				return true;
			}
		}
	}
	return strace_number(text, valuep);
}

bool strace_argument(const char *text, enum arg_kind kind, uint64_t *valuep)
{
	uint64_t flag;
	char *copy, *rest, *word;
	bool good = true;

	if (!call_flag_names(kind))
		return strace_number(text, valuep);
	copy = rest = strdup(text);
	if (!copy)
		cli_out_of_memory();
	*valuep = 0;
	while (good && (word = strsep(&rest, "|"))) {
		good = flag_value(word, kind, &flag);
		if (good)
			*valuep |= flag;
	}
	free(copy);
	return good;
}

bool strace_answer(const char *text, int64_t *retp)
{
	size_t len;
	char word[16];

	if (!strncmp(text, "-1 E", 4)) {
		len = strcspn(text + 3, " ");
		if (len >= sizeof(word))
			return false;
		memcpy(word, text + 3, len);
		word[len] = '\0';
		for (int err = 1; err <= ERRNO_MAX; err++) {
			const char *name = strerrorname_np(err);

			if (name && !strcmp(name, word)) {
				*retp = -err;
				return true;
			}
		}
		return false;
	}
	if (!isdigit((unsigned char)text[*text == '-']))
		return false;
	*retp = (int64_t)strtoull(text, NULL, 0);
	return true;
}
