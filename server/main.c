/* SPDX-License-Identifier: MIT */
/*
 * vmariumd: serve until SIGTERM or SIGINT, drain, exit with 0
 */
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "server/log.h"
#include "server/options.h"
#include "server/server.h"

/* Scripts wait for these lines, so they are exact, and flushed at once. */
static void announce(const struct server *server)
{
	char text[ADDRESS_TEXT_MAX];
	unsigned i;

	for (i = 0; i < server->listeners_len; i++) {
		address_print(&server->listeners[i].address, text);
		printf("listening on %s\n", text);
	}
	fflush(stdout);
}

/* The end has begun, and this is the only thread left. */
static void hold_back_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

/*
 * glibc puts small pieces that are freed aside, and joins all of them when it
 * next hands out a large one, which takes long after a large world has gone. So
 * each is joined as it comes.
 */
static void spread_work_of_malloc(void)
{
	mallopt(M_MXFAST, 0);
}

/* A limit that is misspelled is no limit. Variables are not only for us, so it is
 * no error either. */
static void warn_of_variables(void)
{
	static const char prefix[] = "VMARIUM_";
	char *const *variable;

	for (variable = environ; *variable; variable++)
		if (!strncmp(*variable, prefix, strlen(prefix)) &&
		    !options_know_variable(*variable))
			log_line(LOG_WARN,
				 "the variable %.*s means nothing: --help "
				 "lists the options",
				 (int)strcspn(*variable, "="), *variable);
}

static int serve(const struct options *options)
{
	struct server *server;

	spread_work_of_malloc();
	log_set_level(options->log_level);
	log_set_form(options->log_json, options->log_rate);
	warn_of_variables();
	server = server_new(options);
	if (!server)
		return EXIT_FAILURE;
	announce(server);
	server_run(server);
	hold_back_signals();
	server_free(server);
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	char error[OPTIONS_ERROR_MAX];
	struct options options;
	int status = EXIT_SUCCESS;

	switch (options_read(&options, argc, argv, stdout, error)) {
	case OPTIONS_RUN:
		status = serve(&options);
		break;
	case OPTIONS_BAD:
		fprintf(stderr, "vmariumd: %s\n", error);
		status = 2;
		break;
	case OPTIONS_SAID:
		break;
	}
	options_deinit(&options);
	return status;
}
