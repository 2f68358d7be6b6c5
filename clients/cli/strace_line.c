/* SPDX-License-Identifier: MIT */
#include "clients/cli/strace_line.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static char *skip_blanks(char *text)
{
	return text + strspn(text, " \t");
}

static void cut_blanks(char *text)
{
	size_t len = strlen(text);

	while (len && isspace((unsigned char)text[len - 1]))
		text[--len] = '\0';
}

static bool is_number(const char *text, const char *end)
{
	if (text == end || !isdigit((unsigned char)*text))
		return false;
	while (text < end &&
	       (isdigit((unsigned char)*text) || *text == '.' || *text == ':'))
		text++;
	return text == end;
}

/* "[pid  12] ", "12  ", "12:34:56.789 ", "+0.000123 ": whatever stands before the call. */
static char *read_prefixes(char *text, struct strace_line *line)
{
	for (;;) {
		char *end;

		text = skip_blanks(text);
		if (!strncmp(text, "[pid ", 5)) {
			line->tid = strtoll(text + 5, &end, 10);
			if (*end != ']')
				return text;
			text = end + 1;
			continue;
		}
		end = text + strcspn(text, " \t");
		if (!*end || !is_number(text + (*text == '+'), end))
			return text;
		/* A number alone is a process, with a point or a colon a time. */
		if (!memchr(text, '.', (size_t)(end - text)) &&
		    !memchr(text, ':', (size_t)(end - text)))
			line->tid = strtoll(text, NULL, 10);
		text = end;
	}
}

/* The end of a quoted text, or NULL: it has none. */
static char *skip_quoted(char *text)
{
	for (text++; *text && *text != '"'; text++) {
		if (*text == '\\' && text[1])
			text++;
	}
	return *text ? text : NULL;
}

/* Blanks a comment out; returns its last character, or NULL: it has no end. */
static char *skip_comment(char *text)
{
	char *end = strstr(text + 2, "*/");

	if (!end)
		return NULL;
	memset(text, ' ', (size_t)(end + 2 - text));
	return end + 1;
}

static bool add_arg(struct strace_line *line, char *start, char *end)
{
	*end = '\0';
	start = skip_blanks(start);
	cut_blanks(start);
	if (!*start && !line->nr_args)
		return true;
	if (line->nr_args == STRACE_ARGS_MAX)
		return false;
	line->args[line->nr_args++] = start;
	return true;
}

static void go_wrong(struct strace_line *line, const char *why)
{
	line->kind = STRACE_WRONG;
	line->wrong = why;
}

/* Splits what stands between the parentheses; returns what follows, or NULL. */
static char *read_args(char *text, struct strace_line *line)
{
	char *start = text;
	int depth = 0;

	for (; *text; text++) {
		if (*text == '"') {
			text = skip_quoted(text);
			if (!text)
				break;
		} else if (text[0] == '/' && text[1] == '*') {
			text = skip_comment(text);
			if (!text)
				break;
		} else if (strchr("([{", *text)) {
			depth++;
		} else if (depth && strchr(")]}", *text)) {
			depth--;
		} else if (!depth && (*text == ',' || *text == ')')) {
			bool last = *text == ')';

			if (!add_arg(line, start, text)) {
				go_wrong(line, "too many arguments");
				return NULL;
			}
			start = text + 1;
			if (last)
				return start;
		}
	}
	go_wrong(line, "cut: the arguments have no end");
	return NULL;
}

void strace_call_read(char *text, struct strace_line *line)
{
	size_t len = strspn(text, "abcdefghijklmnopqrstuvwxyz_0123456789");
	char *rest;

	if (!len || text[len] != '(') {
		go_wrong(line, "no call, no remark and no line of maps");
		return;
	}
	text[len] = '\0';
	line->kind = STRACE_CALL;
	line->name = text;
	rest = read_args(text + len + 1, line);
	if (!rest)
		return;
	rest = skip_blanks(rest);
	if (*rest != '=') {
		go_wrong(line, "cut: there is no '=' and no answer");
		return;
	}
	line->ret = skip_blanks(rest + 1);
	cut_blanks(line->ret);
	if (!*line->ret)
		go_wrong(line, "cut: there is no answer behind '='");
}

/* "<... mmap resumed>) = 0x7f0000" */
static void read_resumed(char *text, struct strace_line *line)
{
	char *end = strstr(text, " resumed>");

	if (!end) {
		go_wrong(line, "cut: 'resumed>' is missing");
		return;
	}
	*end = '\0';
	line->kind = STRACE_RESUMED;
	line->name = text + strlen("<... ");
	line->text = end + strlen(" resumed>");
}

void strace_line_read(char *text, struct strace_line *line)
{
	static const char unfinished[] = "<unfinished ...>";
	char *end;

	*line = (struct strace_line){ .kind = STRACE_NOTHING };
	text = read_prefixes(text, line);
	cut_blanks(text);
	if (!*text || !strncmp(text, "strace: ", 8) ||
	    !strncmp(text, "---", 3) || *text == '[')
		return;
	if (!strncmp(text, "+++", 3)) {
		line->kind = STRACE_ENDED;
	} else if (!strncmp(text, "<... ", 5)) {
		read_resumed(text, line);
	} else if ((end = strstr(text, unfinished))) {
		*end = '\0';
		line->kind = STRACE_UNFINISHED;
		line->text = text;
	} else {
		strace_call_read(text, line);
	}
}
