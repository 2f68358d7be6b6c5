/* SPDX-License-Identifier: MIT */
#include "clients/cli/shell_parse.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum {
	MAP_SHARED_FLAG = 0x1,
	MAP_PRIVATE_FLAG = 0x2,
	MAP_ANONYMOUS_FLAG = 0x20,
};

static const struct shell_word words[] = {
	{ "brk", "ADDR | +SIZE | -SIZE", "move the break", SHELL_CALL },
	{ "mmap", "ADDR LENGTH PROT FLAGS [fd=N] [offset=N]",
	  "map memory; anonymous, unless fd= or literal flags are given",
	  SHELL_CALL },
	{ "munmap", "ADDR LENGTH", "remove mappings", SHELL_CALL },
	{ "mprotect", "ADDR LENGTH PROT", "change the protection", SHELL_CALL },
	{ "mremap", "OLD OLDSIZE NEWSIZE FLAGS [NEW]",
	  "resize or move a mapping", SHELL_CALL },
	{ "mlock", "ADDR LENGTH", "lock memory", SHELL_CALL },
	{ "mlock2", "ADDR LENGTH FLAGS", "lock memory, maybe when touched",
	  SHELL_CALL },
	{ "munlock", "ADDR LENGTH", "unlock memory", SHELL_CALL },
	{ "mlockall", "FLAGS", "lock all of the address space", SHELL_CALL },
	{ "mseal", "ADDR LENGTH [FLAGS]", "forbid changes for good",
	  SHELL_CALL },
	{ "munlockall", "", "unlock all of it", SHELL_CALL },
	{ "madvise", "ADDR LENGTH ADVICE", "tell how memory will be used",
	  SHELL_CALL },
	{ "mincore", "ADDR LENGTH", "ask which pages are resident",
	  SHELL_CALL },
	{ "msync", "ADDR LENGTH FLAGS", "write a file mapping back",
	  SHELL_CALL },
	{ "remap_file_pages", "ADDR SIZE PROT PGOFF FLAGS",
	  "map a file out of order", SHELL_CALL },
	{ "read", "ADDR [LENGTH]", "read memory, as a program does",
	  SHELL_TOUCH },
	{ "write", "ADDR [LENGTH]", "write memory", SHELL_TOUCH },
	{ "exec", "ADDR [LENGTH] | FILE [ARGUMENT]...",
	  "execute memory, or another program: a path with a '/'",
	  SHELL_TOUCH },
	{ "find_vma", "ADDR", "look an area up as the kernel does, cache first",
	  SHELL_FIND_VMA },
	{ "thread", "[new | N]",
	  "clone a thread, or make the next calls from thread N",
	  SHELL_THREAD },
	{ "fork", "[vm]", "fork a process; with vm it shares the address space",
	  SHELL_FORK },
	{ "process", "[N]", "make the next calls from process N",
	  SHELL_PROCESS },
	{ "truncate", "FD SIZE", "change the size of an open file",
	  SHELL_TRUNCATE },
	{ "history", "[N]", "list the last N operations, or 10",
	  SHELL_HISTORY },
	{ "diff", "[SEQ [SEQ]]",
	  "draw what changed since an operation, or the last one did",
	  SHELL_DIFF },
	{ "undo", "[N]", "undo the last operation, or N", SHELL_UNDO },
	{ "rewind", "SEQ", "undo all that came after an operation",
	  SHELL_REWIND },
	{ "branch", "[SEQ]", "go on from an operation in a second world",
	  SHELL_BRANCH },
	{ "maps", "", "print /proc/PID/maps", SHELL_MAPS },
	{ "smaps", "", "print /proc/PID/smaps", SHELL_SMAPS },
	{ "status", "", "print /proc/PID/status", SHELL_STATUS },
	{ "show", "", "draw the address space", SHELL_SHOW },
	{ "tree", "", "draw the rbtree", SHELL_TREE },
	{ "cache", "", "show the thread's look-up cache", SHELL_CACHE },
	{ "pagetable", "", "show the page tables", SHELL_PAGETABLE },
	{ "why", "[en | zh | off]",
	  "tell what the kernel does at each call, step by step", SHELL_WHY },
	{ "call", "METHOD [NAME=VALUE]...", "call any method on this process",
	  SHELL_METHOD },
	{ "help", "", "print this list", SHELL_HELP },
	{ "quit", "", "leave; Ctrl-D does too", SHELL_QUIT },
	{ NULL, NULL, NULL, SHELL_NOTHING },
};

const struct shell_word *shell_words(void)
{
	return words;
}

/* A command line under the parser's finger. */
struct parser {
	struct shell_command *command;
	const struct shell_names *names;
	size_t next; /* word to be read */
	bool given[CALL_ARGS_MAX];
	bool literal_flags; /* of mmap, numbers or strace's names: nothing is implied */
	char *error;
	size_t error_size;
};

__attribute__((format(printf, 3, 4))) static int
wrong(struct parser *parser, size_t word, const char *format, ...)
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

static bool read_term(const struct parser *parser, const char **textp,
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
static bool read_number(const struct parser *parser, const char *text,
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

static bool read_flag(const struct parser *parser, enum arg_kind kind,
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
	    !read_number(parser, text, valuep))
		return false;
	*literalp = true;
	return true;
}

/* Adds one word of flags, joined by '|', to *@valuep; all of them or none. */
static bool read_flags(struct parser *parser, enum arg_kind kind,
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

static int wrong_flag(struct parser *parser, size_t word, enum arg_kind kind)
{
	char known[160] = "", name[32];
	size_t len = 0;

	if (kind == ARG_PROT)
		return wrong(parser, word,
			     "a protection is wanted: none, r, rw, rx, rwx");
	if (kind == ARG_MAP_FLAGS)
		len = (size_t)snprintf(known, sizeof(known),
				       "private, shared, ");
	for (const struct flag_name *flag = call_flag_names(kind);
	     flag->name && len < 100; flag++)
		len += (size_t)snprintf(
			known + len, sizeof(known) - len, "%s, ",
			shell_flag_word(flag, name, sizeof(name)));
	return wrong(parser, word, "a flag is wanted: %s...", known);
}

static int read_number_word(struct parser *parser, size_t word,
			    const char *text, uint64_t *valuep)
{
	if (read_number(parser, text, valuep))
		return 0;
	return wrong(parser, word,
		     "a number is wanted, such as 8192, 8k or 0x7f0000000000, "
		     "or $ or brk");
}

/* Reads the words of one argument, @text being the first, perhaps behind "name=". */
static int read_arg(struct parser *parser, unsigned index, const char *text)
{
	struct shell_command *command = parser->command;
	enum arg_kind kind = command->form->args[index].kind;
	uint64_t *valuep = &command->args[index], next;
	size_t word = parser->next++;

	if (parser->given[index])
		return wrong(parser, word, "'%s' is given twice",
			     command->form->args[index].name);
	parser->given[index] = true;
	*valuep = 0;
	if (!call_flag_names(kind))
		return read_number_word(parser, word, text, valuep);
	if (!read_flags(parser, kind, text, valuep))
		return wrong_flag(parser, word, kind);
	/* More words may follow; a number then is the next argument. */
	while (parser->next < command->count && kind != ARG_ADVICE) {
		text = command->words[parser->next];
		if (read_number(parser, text, &next) || strchr(text, '='))
			break;
		if (!read_flags(parser, kind, text, valuep)) {
			if (index + 1 < command->form->required)
				break;
			return wrong_flag(parser, parser->next, kind);
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

static int read_call_args(struct parser *parser)
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
			return wrong(parser, parser->next,
				     "%s takes no more arguments", form->name);
		if (read_arg(parser, position, text))
			return -1;
	}
	for (unsigned i = 0; i < form->required; i++) {
		if (!parser->given[i])
			return wrong(parser, command->count,
				     "%s: '%s' is missing", form->name,
				     form->args[i].name);
	}
	return 0;
}

static int parse_call(struct parser *parser)
{
	struct shell_command *command = parser->command;
	const char *first = command->words[1];

	command->form = call_find(command->words[0]);
	if (!strcmp(command->form->name, "brk") && first &&
	    strchr("+-", *first)) {
		uint64_t size = 0;

		if (command->count > 2)
			return wrong(parser, 2, "brk takes no more arguments");
		if (read_number_word(parser, 1, first + 1, &size))
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
static int parse_numbers(struct parser *parser, size_t required, size_t most)
{
	struct shell_command *command = parser->command;

	if (command->count - 1 < required)
		return wrong(parser, command->count, "%s: %s is missing",
			     command->words[0],
			     required > 1 ? "a number" : "an address");
	for (size_t i = 1; i < command->count; i++) {
		if (i > most)
			return wrong(parser, i, "%s takes no more arguments",
				     command->words[0]);
		if (read_number_word(parser, i, command->words[i],
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

static int parse_words(struct parser *parser)
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
			return wrong(parser, command->count - 1,
				     "why takes 'en', 'zh', 'off' or nothing, "
				     "which is 'en'");
		return 0;
	case SHELL_FORK:
		if (command->count > 2 ||
		    (command->count == 2 &&
		     strcmp(command->words[1], "vm") != 0))
			return wrong(parser, command->count - 1,
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
			return wrong(parser, command->count,
				     "call: which METHOD?");
		return 0;
	default:
		return parse_numbers(parser, 0, 0);
	}
}

static int split(struct parser *parser)
{
	struct shell_command *command = parser->command;
	char *rest = command->text, *word;

	while ((word = strsep(&rest, " \t\r\n"))) {
		if (*word == '#')
			break;
		if (!*word)
			continue;
		if (command->count == SHELL_WORDS_MAX)
			return wrong(parser, command->count,
				     "a line has at most %d words",
				     SHELL_WORDS_MAX);
		command->words[command->count++] = word;
	}
	return 0;
}

int shell_parse(const char *line, const struct shell_names *names,
		struct shell_command *command, char *error, size_t error_size)
{
	struct parser parser = {
		.command = command,
		.names = names,
		.next = 1,
		.error = error,
		.error_size = error_size,
	};

	*command = (struct shell_command){ .verb = SHELL_NOTHING,
					   .text = strdup(line) };
	if (!command->text)
		return wrong(&parser, 0, "memory is short");
	if (split(&parser))
		return -1;
	if (!command->count)
		return 0;
	for (const struct shell_word *word = words; word->name; word++) {
		if (strcmp(word->name, command->words[0]) != 0)
			continue;
		command->verb = word->verb;
		return parse_words(&parser);
	}
	return wrong(&parser, 0, "no such command; 'help' lists them");
}

void shell_command_free(struct shell_command *command)
{
	free(command->text);
	command->text = NULL;
}
