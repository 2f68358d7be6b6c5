/* SPDX-License-Identifier: MIT */
/*
 * Numbers and flags, as they are typed in the shell
 */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clients/cli/shell_parser.h"

int shell_wrong(struct shell_parser *parser, size_t word, const char *format,
		...)
{
	int len = 0;
	va_list args;

	if (word < parser->command->count)
		len = snprintf(parser->error, parser->error_size,
			       "word %zu, '%.40s': ", word + 1,
			       parser->command->words[word]);
	va_start(args, format);
	vsnprintf(parser->error + len, parser->error_size - (size_t)len, format,
		  args);
	va_end(args);
	return -1;
}

static bool read_term(const struct shell_parser *parser, const char **textp,
		      uint64_t *numberp)
{
	static const char units[] = "kMGT";
	const char *text = *textp;
	const char *unit;
	char *end;

	if (*text == '$') {
		*numberp = parser->names->last;
		*textp = text + 1;
		return true;
	}
	if (!strncmp(text, "brk", 3)) {
		*numberp = parser->names->brk;
		*textp = text + 3;
		return true;
	}
	if (!isdigit((unsigned char)*text))
		return false;
	errno = 0;
	*numberp = strtoull(text, &end, !strncmp(text, "0x", 2) ? 16 : 10);
	if (errno)
		return false;
	unit = *end ? strchr(units, *end == 'K' ? 'k' : *end) : NULL;
	if (unit) {
		unsigned shift = 10 * (unsigned)(unit - units + 1);

		if (*numberp << shift >> shift != *numberp)
			return false;
		*numberp <<= shift;
		end++;
	}
	*textp = end;
	return true;
}

/* Sums and differences, from left to right, modulo 2^64 as addresses are. */
bool shell_read_number(const struct shell_parser *parser, const char *text,
		       uint64_t *numberp)
{
	uint64_t sum = 0, term;
	char sign = '+';

	if (*text == '-')
		sign = *text++;
	for (;;) {
		if (!read_term(parser, &text, &term))
			return false;
		sum += sign == '+' ? term : -term;
		if (!*text)
			break;
		sign = *text++;
		if (sign != '+' && sign != '-')
			return false;
	}
	*numberp = sum;
	return true;
}

int shell_read_number_word(struct shell_parser *parser, size_t word,
			   const char *text, uint64_t *valuep)
{
	if (shell_read_number(parser, text, valuep))
		return 0;
	return shell_wrong(
		parser, word,
		"a number is wanted, such as 8192, 8k or 0x7f0000000000, "
		"or $ or brk");
}

const char *shell_flag_word(const struct flag_name *flag, char *word,
			    size_t size)
{
	const char *name = strchr(flag->name, '_') + 1;
	size_t len = 0;

	for (; *name && len + 1 < size; name++)
		word[len++] = (char)tolower((unsigned char)*name);
	word[len] = '\0';
	return word;
}

static bool flag_matches(const struct flag_name *flag, const char *text,
			 bool *literalp)
{
	char word[32];

	if (!strcmp(flag->name, text)) {
		*literalp = true;
		return true;
	}
	return !strcmp(shell_flag_word(flag, word, sizeof(word)), text);
}

/* Words that are no flag names with a prefix of their own. */
static bool read_special_flag(enum arg_kind kind, const char *text,
			      uint64_t *valuep, bool *literalp)
{
	static const struct flag_name map_extra[] = {
		{ "MAP_SHARED_VALIDATE", MAP_SHARED_FLAG | MAP_PRIVATE_FLAG },
		{ "MAP_SHARED", MAP_SHARED_FLAG },
		{ "MAP_PRIVATE", MAP_PRIVATE_FLAG },
		{ "MAP_ANON", MAP_ANONYMOUS_FLAG },
	};

	if (kind == ARG_PROT) {
		*valuep = 0;
		if (!strcmp(text, "none") || !strcmp(text, "PROT_NONE"))
			return true;
		for (; *text && strchr("rwx", *text); text++)
			*valuep |= *text == 'r' ? 1u : *text == 'w' ? 2u : 4u;
		return !*text;
	}
	if (kind != ARG_MAP_FLAGS)
		return false;
	for (size_t i = 0; i < sizeof(map_extra) / sizeof(map_extra[0]); i++) {
		if (flag_matches(&map_extra[i], text, literalp)) {
			*valuep = map_extra[i].value;
			return true;
		}
	}
	return false;
}

static bool read_flag(const struct shell_parser *parser, enum arg_kind kind,
		      const char *text, uint64_t *valuep, bool *literalp)
{
	for (const struct flag_name *flag = call_flag_names(kind); flag->name;
	     flag++) {
		if (flag_matches(flag, text, literalp)) {
			*valuep = flag->value;
			return true;
		}
	}
	if (read_special_flag(kind, text, valuep, literalp))
		return true;
	if (!isdigit((unsigned char)*text) ||
	    !shell_read_number(parser, text, valuep))
		return false;
	*literalp = true;
	return true;
}

/* Adds one word of flags, joined by '|', to *@valuep; all of them or none. */
bool shell_read_flags(struct shell_parser *parser, enum arg_kind kind,
		      const char *word, uint64_t *valuep)
{
	char *copy = strdup(word);
	char *rest = copy, *part;
	bool good = copy && *copy, literal = false;
	uint64_t flags = 0;

	while (good && (part = strsep(&rest, "|"))) {
		uint64_t flag = 0;

		good = read_flag(parser, kind, part, &flag, &literal);
		flags |= flag;
	}
	free(copy);
	if (!good)
		return false;
	*valuep |= flags;
	if (kind == ARG_MAP_FLAGS)
		parser->literal_flags |= literal;
	return true;
}

int shell_wrong_flag(struct shell_parser *parser, size_t word,
		     enum arg_kind kind)
{
	char known[160] = "", name[32];
	size_t len = 0;

	if (kind == ARG_PROT)
		return shell_wrong(
			parser, word,
			"a protection is wanted: none, r, rw, rx, rwx");
	if (kind == ARG_MAP_FLAGS)
		len = (size_t)snprintf(known, sizeof(known),
				       "private, shared, ");
	for (const struct flag_name *flag = call_flag_names(kind);
	     flag->name && len < 100; flag++)
		len += (size_t)snprintf(
			known + len, sizeof(known) - len, "%s, ",
			shell_flag_word(flag, name, sizeof(name)));
	return shell_wrong(parser, word, "a flag is wanted: %s...", known);
}
