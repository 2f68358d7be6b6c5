/* SPDX-License-Identifier: MIT */
#include "clients/cli/shell_parse.h"

#include <stdlib.h>
#include <string.h>

#include "clients/cli/shell_parser.h"

/* Reads the words of one argument, @text being the first, perhaps behind "name=". */
static int read_arg(struct shell_parser *parser, unsigned index,
		    const char *text)
{
	struct shell_command *command = parser->command;
	enum arg_kind kind = command->form->args[index].kind;
	uint64_t *valuep = &command->args[index], next;
	size_t word = parser->next++;

	if (parser->given[index])
		return shell_wrong(parser, word, "'%s' is given twice",
				   command->form->args[index].name);
	parser->given[index] = true;
	*valuep = 0;
	if (!call_flag_names(kind))
		return shell_read_number_word(parser, word, text, valuep);
	if (!shell_read_flags(parser, kind, text, valuep))
		return shell_wrong_flag(parser, word, kind);
	/* More words may follow; a number then is the next argument. */
	while (parser->next < command->count && kind != ARG_ADVICE) {
		text = command->words[parser->next];
		if (shell_read_number(parser, text, &next) || strchr(text, '='))
			break;
		if (!shell_read_flags(parser, kind, text, valuep)) {
			if (index + 1 < command->form->required)
				break;
			return shell_wrong_flag(parser, parser->next, kind);
		}
		parser->next++;
	}
	return 0;
}

/* "name=value": returns which argument, or -1. */
static int named_arg(const struct call_form *form, const char *text)
{
	size_t len = strcspn(text, "=");

	for (unsigned i = 0; i < form->count && text[len]; i++) {
		if (strlen(form->args[i].name) == len &&
		    !strncmp(form->args[i].name, text, len))
			return (int)i;
	}
	return -1;
}

static int read_call_args(struct shell_parser *parser)
{
	struct shell_command *command = parser->command;
	const struct call_form *form = command->form;
	unsigned position = 0;

	while (parser->next < command->count) {
		const char *text = command->words[parser->next];
		int named = named_arg(form, text);

		if (named >= 0) {
			if (read_arg(parser, (unsigned)named,
				     strchr(text, '=') + 1))
				return -1;
			continue;
		}
		while (position < form->count && parser->given[position])
			position++;
		if (position == form->count)
			return shell_wrong(parser, parser->next,
					   "%s takes no more arguments",
					   form->name);
		if (read_arg(parser, position, text))
			return -1;
	}
	for (unsigned i = 0; i < form->required; i++) {
		if (!parser->given[i])
			return shell_wrong(parser, command->count,
					   "%s: '%s' is missing", form->name,
					   form->args[i].name);
	}
	return 0;
}

static int parse_call(struct shell_parser *parser)
{
	struct shell_command *command = parser->command;
	const char *first = command->words[1];

	command->form = call_find(command->words[0]);
	if (!strcmp(command->form->name, "brk") && first &&
	    strchr("+-", *first)) {
		uint64_t size = 0;

		if (command->count > 2)
			return shell_wrong(parser, 2,
					   "brk takes no more arguments");
		if (shell_read_number_word(parser, 1, first + 1, &size))
			return -1;
		command->args[0] =
			parser->names->brk + (*first == '+' ? size : -size);
		return 0;
	}
	if (read_call_args(parser))
		return -1;
	for (unsigned i = 0; i < command->form->count; i++) {
		if (command->form->args[i].kind != ARG_FD || parser->given[i])
			continue;
		command->args[i] = UINT64_MAX;
		if (!parser->literal_flags)
			command->args[i - 1] |= MAP_ANONYMOUS_FLAG;
	}
	return 0;
}

/* Commands of a fixed number of numbers. */
static int parse_numbers(struct shell_parser *parser, size_t required,
			 size_t most)
{
	struct shell_command *command = parser->command;

	if (command->count - 1 < required)
		return shell_wrong(parser, command->count, "%s: %s is missing",
				   command->words[0],
				   required > 1 ? "a number" : "an address");
	for (size_t i = 1; i < command->count; i++) {
		if (i > most)
			return shell_wrong(parser, i,
					   "%s takes no more arguments",
					   command->words[0]);
		if (shell_read_number_word(parser, i, command->words[i],
					   &command->args[i - 1]))
			return -1;
	}
	return 0;
}

static bool is_why(const char *word)
{
	return !strcmp(word, "en") || !strcmp(word, "zh") ||
	       !strcmp(word, "off");
}

static int parse_words(struct shell_parser *parser)
{
	struct shell_command *command = parser->command;

	switch (command->verb) {
	case SHELL_CALL:
		return parse_call(parser);
	case SHELL_TOUCH:
		if (!strcmp(command->words[0], "exec") && command->count > 1 &&
		    strchr(command->words[1], '/')) {
			command->verb = SHELL_EXEC;
			return 0;
		}
		command->args[1] = 1;
		command->touch = command->words[0];
		return parse_numbers(parser, 1, 2);
	case SHELL_FIND_VMA:
		return parse_numbers(parser, 1, 1);
	case SHELL_THREAD:
		if (command->count == 2 && !strcmp(command->words[1], "new"))
			return 0;
		return parse_numbers(parser, 0, 1);
	case SHELL_WHY:
		if (command->count > 2 ||
		    (command->count == 2 && !is_why(command->words[1])))
			return shell_wrong(
				parser, command->count - 1,
				"why takes 'en', 'zh', 'off' or nothing, "
				"which is 'en'");
		return 0;
	case SHELL_FORK:
		if (command->count > 2 ||
		    (command->count == 2 &&
		     strcmp(command->words[1], "vm") != 0))
			return shell_wrong(parser, command->count - 1,
					   "fork takes 'vm' or nothing");
		return 0;
	case SHELL_PROCESS:
		return parse_numbers(parser, 0, 1);
	case SHELL_TRUNCATE:
		return parse_numbers(parser, 2, 2);
	case SHELL_HISTORY:
	case SHELL_UNDO:
	case SHELL_BRANCH:
		return parse_numbers(parser, 0, 1);
	case SHELL_REWIND:
		return parse_numbers(parser, 1, 1);
	case SHELL_DIFF:
		return parse_numbers(parser, 0, 2);
	case SHELL_METHOD:
		if (command->count < 2)
			return shell_wrong(parser, command->count,
					   "call: which METHOD?");
		return 0;
	default:
		return parse_numbers(parser, 0, 0);
	}
}

static int split(struct shell_parser *parser)
{
	struct shell_command *command = parser->command;
	char *rest = command->text, *word;

	while ((word = strsep(&rest, " \t\r\n"))) {
		if (*word == '#')
			break;
		if (!*word)
			continue;
		if (command->count == SHELL_WORDS_MAX)
			return shell_wrong(parser, command->count,
					   "a line has at most %d words",
					   SHELL_WORDS_MAX);
		command->words[command->count++] = word;
	}
	return 0;
}

int shell_parse(const char *line, const struct shell_names *names,
		struct shell_command *command, char *error, size_t error_size)
{
	struct shell_parser parser = {
		.command = command,
		.names = names,
		.next = 1,
		.error = error,
		.error_size = error_size,
	};

	*command = (struct shell_command){ .verb = SHELL_NOTHING,
					   .text = strdup(line) };
	if (!command->text)
		return shell_wrong(&parser, 0, "memory is short");
	if (split(&parser))
		return -1;
	if (!command->count)
		return 0;
	for (const struct shell_word *word = shell_words(); word->name;
	     word++) {
		if (strcmp(word->name, command->words[0]) != 0)
			continue;
		command->verb = word->verb;
		return parse_words(&parser);
	}
	return shell_wrong(&parser, 0, "no such command; 'help' lists them");
}

void shell_command_free(struct shell_command *command)
{
	free(command->text);
	command->text = NULL;
}
