/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What the service refuses, and how it says so
 *
 * Errors are for the service only: what the emulated kernel refuses is a
 * result. Each has a key that programs compare and a hint for people, which
 * names what is wrong and what to do.
 */
#include <stdbool.h>
#include <stdint.h>

#include "proto/json/writer.h"

enum error_key {
	ERROR_NONE,
	ERROR_PARSE,
	ERROR_REQUEST,
	ERROR_METHOD,
	ERROR_PARAMS_COUNT,
	ERROR_PARAMS_MISSING,
	ERROR_PARAMS_RANGE,
	ERROR_PARAMS_TYPE,
	ERROR_PARAMS_UNKNOWN,
	ERROR_PARAMS_VALUE,
	ERROR_INTERNAL,
	ERROR_PROCESS_UNKNOWN,
	ERROR_THREAD_UNKNOWN,
	ERROR_PROCESS_GONE,
	ERROR_QUOTA_PROCESSES,
	ERROR_QUOTA_THREADS,
	ERROR_QUOTA_AREAS,
	ERROR_QUOTA_BYTES,
	ERROR_QUOTA_MACHINE,
	ERROR_QUOTA_RATE,
	ERROR_QUOTA_CALL,
	ERROR_QUOTA_WORLD,
	ERROR_OVERLOAD,
	ERROR_SHUTDOWN,
	ERROR_RESPONSE_TOO_LARGE,
	ERROR_AUTH_REQUIRED,
	ERROR_AUTH_FORBIDDEN,
	ERROR_HISTORY_FULL,
	ERROR_HISTORY_FOLDED,
	ERROR_HISTORY_FUTURE,
	ERROR_IDEMPOTENCY_CONFLICT,
	ERROR_IDEMPOTENCY_LOST,
	ERROR_QUOTA_SUBSCRIPTIONS,
	ERROR_SUBSCRIPTION_TRANSPORT,
	ERROR_DOCUMENT_VERSION,
	ERROR_DOCUMENT_HASH,
	ERROR_SHARE_READONLY,
	ERROR_QUOTA_SHARES,
	ERROR_SCRIPT_SYNTAX,
	ERROR_SCRIPT_FAILED,
	ERROR_SCRIPT_LIMIT,
	ERROR_NR_KEYS,
};

struct error_kind {
	const char *key;
	int code;
	const char *message; /* short, the same for all of a code */
	const char *about;   /* when it is answered */
};

/* By enum error_key. */
extern const struct error_kind error_kinds[ERROR_NR_KEYS];

enum {
	ERROR_PARAM_MAX = 64,
	ERROR_HINT_MAX = 480,
	OVERLOAD_SECONDS = 1 /* after which to try again, as over HTTP */
};

/* One refusal. Only key is valid as long as it is ERROR_NONE. */
struct rpc_error {
	enum error_key key;
	unsigned retry_after; /* seconds; 0: waiting does not help */
	/* The call ran nevertheless, as operation seq (0: none was counted).
	 * Told when the answer was lost. */
	bool is_lost_answer, carried_out;
	uint64_t seq;
	unsigned line, column;       /* of a script, from 1; 0: of none */
	char param[ERROR_PARAM_MAX]; /* "" if it is not about one */
	char hint[ERROR_HINT_MAX];
};

/**
 * error_set() - state a refusal
 * @key:    why
 * @param:  name of the parameter that is to blame, "files[2].fd", or NULL
 * @format: the hint, as printf's; cut if it is too long
 *
 * Return: false, so that a judge can end with it.
 */
__attribute__((cold, format(printf, 4, 5))) bool
error_set(struct rpc_error *error, enum error_key key, const char *param,
	  const char *format, ...);

/** error_no_memory() - state that the host has none for the call, which has
 * changed nothing; false */
__attribute__((cold)) bool error_no_memory(struct rpc_error *error);

/** error_write() - write the error object: code, message, data */
void error_write(struct json_writer *w, const struct rpc_error *error);
