/* SPDX-License-Identifier: MIT */
#include "clients/cli/shell_input.h"

#include <editline/readline.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

enum {
	HISTORY_LINES = 1000
};

/* The line editor calls back without a context: there is one input. */
static struct {
	const struct shell_completer *completer;
	size_t next_candidate;
	char *history;
	volatile sig_atomic_t interrupted;
	sigset_t unblocked; /* signals, while waiting for a key */
	bool interactive;
} input;

static char *next_match(const char *word, int state)
{
	const struct shell_completer *completer = input.completer;
	size_t len = strlen(word);
	const char *candidate;
	char *line;

	if (!state)
		input.next_candidate = 0;
	line = strndup(rl_line_buffer, (size_t)rl_point - len);
	if (!line)
		return NULL;
	do {
		candidate = completer->candidate(completer->ctx, line,
						 input.next_candidate++);
	} while (candidate && strncmp(candidate, word, len) != 0);
	free(line);
	return candidate ? strdup(candidate) : NULL;
}

/*
 * Behind the interrupt that it sends, a terminal throws away what it has yet to
 * show: the next prompt, if that came quickly. The line editor knows no setting
 * against it, and has its own ones for each line.
 */
static void keep_output(void)
{
	struct termios mode;

	if (tcgetattr(STDIN_FILENO, &mode) || mode.c_lflag & NOFLSH)
		return;
	mode.c_lflag |= NOFLSH;
	tcsetattr(STDIN_FILENO, TCSANOW, &mode);
}

/* The next byte typed; -1: none is to come, or an interrupt came. */
static int next_byte(void)
{
	unsigned char byte;
	fd_set typed;

	keep_output();
	FD_ZERO(&typed);
	FD_SET(STDIN_FILENO, &typed);
	if (pselect(STDIN_FILENO + 1, &typed, NULL, NULL, NULL,
		    &input.unblocked) < 0 ||
	    read(STDIN_FILENO, &byte, 1) != 1)
		return -1;
	return byte;
}

/* The line editor wants characters, of however many bytes. */
static int next_character(FILE *file)
{
	mbstate_t state = { 0 };
	wchar_t character;
	size_t done;
	char byte;
	int next;

	(void)file;
	do {
		next = next_byte();
		if (next < 0)
			return -1;
		byte = (char)next;
		done = mbrtowc(&character, &byte, 1, &state);
	} while (done == (size_t)-2);
	return done == (size_t)-1 ? next : (int)character;
}

static char **complete(const char *word, int start, int end)
{
	(void)start;
	(void)end;
	/* Without a match of ours, file names are no help. */
	rl_attempted_completion_over = 1;
	return rl_completion_matches(word, next_match);
}

static void history_open(void)
{
	const char *home = getenv("HOME");

	using_history();
	stifle_history(HISTORY_LINES);
	if (!home || asprintf(&input.history, "%s/.vmarium_history", home) < 0)
		input.history = NULL;
	else
		read_history(input.history);
}

bool shell_input_open(const struct shell_completer *completer)
{
	input.completer = completer;
	input.interactive = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
	if (input.interactive) {
		rl_readline_name = "vmarium";
		rl_catch_signals = 0;
		rl_getc_function = next_character;
		rl_initialize();
		rl_attempted_completion_function = complete;
		history_open();
	}
	return input.interactive;
}

static char *script_line(const char *prompt)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t len = getline(&line, &room, stdin);

	if (len < 0) {
		free(line);
		return NULL;
	}
	if (len && line[len - 1] == '\n')
		line[len - 1] = '\0';
	if (prompt)
		printf("%s%s\n", prompt, line);
	return line;
}

static void interrupt(int signal)
{
	(void)signal;
	input.interrupted = 1;
}

/*
 * An interrupt ends the line editor's read, and with it this line alone. It is
 * let through only where nothing can be missed: while waiting for a key.
 */
static char *typed_line(const char *prompt)
{
	const struct sigaction catch = { .sa_handler = interrupt };
	struct sigaction before;
	sigset_t blocked;
	char *line;

	sigemptyset(&blocked);
	sigaddset(&blocked, SIGINT);
	sigaction(SIGINT, &catch, &before);
	sigprocmask(SIG_BLOCK, &blocked, &input.unblocked);
	do {
		input.interrupted = 0;
		line = readline(prompt);
		if (!line)
			putchar('\n');
	} while (!line && input.interrupted);
	sigprocmask(SIG_SETMASK, &input.unblocked, NULL);
	sigaction(SIGINT, &before, NULL);
	if (line && *line)
		add_history(line);
	return line;
}

char *shell_input_line(const char *prompt)
{
	return input.interactive ? typed_line(prompt) : script_line(prompt);
}

void shell_input_close(void)
{
	if (input.history) {
		write_history(input.history);
		free(input.history);
		input.history = NULL;
	}
}
