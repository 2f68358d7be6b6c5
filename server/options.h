/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Everything that can be set, in one table
 *
 * Each option has one name: --max-body 8M on the command line, the variable
 * VMARIUM_MAX_BODY in the environment, max-body = 8M in the config file. The
 * command line wins over the environment, that over the file, and the file
 * over the defaults. Lists gather what all of them say, but for listen: what a
 * stronger one says stands instead of what weaker ones do.
 *
 * The table in options.c holds every maximum of the server with its default
 * and its bounds; --help prints it.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include "proto/http/http_codec.h"
#include "proto/rpc/rpc.h"
#include "server/address.h"
#include "server/log.h"
#include "server/timeouts.h"

struct option_list {
	char **items;
	size_t len;
};

struct options {
	struct address *listen;
	size_t listen_len;
	bool listen_is_default; /* nobody asked for it */
	unsigned socket_mode;   /* of unix sockets */
	char *config;
	unsigned loops;             /* 0: one per processor */
	struct option_list hosts;   /* names beside the loopback ones */
	struct option_list origins; /* beside the server's own */
	bool trust_proxy;
	char *tokens; /* the file of them; NULL: everybody is anonymous */
	bool allow_anonymous;
	enum log_level log_level;
	bool log_json;
	bool access_log;
	unsigned log_rate; /* lines a second, 0: any number */
	unsigned slow_ms;  /* 0: nothing is slow */
	unsigned connections;
	unsigned soft_connections;   /* from here on idle ones make room */
	unsigned client_connections; /* of one client; 0: any number */
	size_t pending_bytes;        /* of requests and answers, per loop */
	size_t gzip_min; /* bytes of an answer worth compressing; 0: none is */
	unsigned gzips;  /* answers being compressed, per loop */
	unsigned subscriptions; /* of a connection */
	unsigned events;        /* notifications that may wait, likewise */
	size_t event_bytes;     /* of them */
	struct http_limits http;
	struct rpc_limits rpc;
	unsigned timeout_ms[TIMEOUT_KINDS];
	unsigned min_rate; /* bytes a second, of bodies and of answers */
	unsigned drain_ms;

	/* private */
	unsigned source;        /* what is being read; 0: the defaults */
	unsigned listen_source; /* what listen is from */
};

enum options_outcome {
	OPTIONS_RUN,  /* go on and serve */
	OPTIONS_SAID, /* --help or --version: print nothing more, exit with 0 */
	OPTIONS_BAD,  /* error says what is wrong and what to do */
};

enum {
	OPTIONS_ERROR_MAX = 512
};

/**
 * options_read() - gather all options
 * @argv:  the command line; its texts are copied
 * @out:   where --help and --version are printed
 * @error: OPTIONS_ERROR_MAX bytes, set with OPTIONS_BAD
 *
 * Reads the environment and the config file. Whatever the outcome, release
 * @options with options_deinit().
 */
enum options_outcome options_read(struct options *options, int argc,
				  char **argv, FILE *out, char *error);

/**
 * options_know_variable() - does a variable of the environment mean something?
 * @variable: NAME=value
 *
 * Return: true: NAME is an option's, or one that clients look at.
 */
bool options_know_variable(const char *variable);

/** options_are_open() - may other machines reach the server? */
static inline bool options_are_open(const struct options *options)
{
	return options->tokens || options->allow_anonymous;
}

/** options_deinit() - free the texts and lists */
void options_deinit(struct options *options);
