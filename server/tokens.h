/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The tokens that clients show, as a file tells them
 *
 * One line a token, # begins a comment:
 *
 *	NAME ROLE SHA256 [processes=N] [threads=N] [areas=N] [memory=N] [rate=N]
 *	     [connections=N] [expires=YYYY-MM-DD]
 *
 * NAME is the client: tokens of the same name belong to the same one, whose
 * quotas are those of its last line. ROLE is student, teacher or operator.
 * SHA256 is the token's, in hex: whoever reads the file cannot use it. There is
 * no salt, as tokens are made here of 256 random bits, which nobody can list.
 *
 * A table never changes; a changed file makes a new one. Each loop holds the
 * table it uses, and the last one to let go frees it.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include "proto/rpc/rpc.h"

enum {
	TOKENS_ERROR_MAX = 512
};

struct tokens;

/**
 * tokens_read() - read a file
 * @clients:  learn the names and quotas that are in it
 * @defaults: quotas of whoever has none of his own
 * @error:    TOKENS_ERROR_MAX bytes: the line and the reason
 *
 * Return: a table to be released with tokens_put(); NULL: the file cannot be
 *         read, a line is none of the above, or shows a token that another one
 *         has shown; no client has been told then. Or there is no memory for
 *         so many clients, or there have been RPC_CLIENTS_MAX: some of them
 *         may have been told.
 * Cost:   O(lines * log lines).
 */
struct tokens *tokens_read(const char *path, struct rpc_clients *clients,
			   const struct rpc_quotas *defaults, char *error);

/** tokens_get() - hold it once more; from any thread */
struct tokens *tokens_get(struct tokens *tokens);

/** tokens_put() - let go of it; NULL is fine; from any thread */
void tokens_put(struct tokens *tokens);

/**
 * tokens_find() - whose token it is
 * @now:    seconds since 1970
 * @untilp: out: when it expires, likewise; INT64_MAX: never
 *
 * Return: false: nobody's, or it has expired. O(log tokens), and one SHA-256.
 */
bool tokens_find(const struct tokens *tokens, const char *token, size_t len,
		 int64_t now, struct rpc_caller *caller, int64_t *untilp);

/**
 * tokens_make() - make a token and print it, and which line goes into the file
 * @name: 1 to 63 letters, digits, '.', '_', '@' or '-'
 *
 * Return: NULL, or what the two should have been, to follow "should be".
 */
const char *tokens_make(const char *name, const char *role, FILE *out);
